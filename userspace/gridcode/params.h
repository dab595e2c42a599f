/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one table of parameters: profiles, site overrides, --set, the mapping to
 * other protocols and the documentation go by it.
 */
#ifndef GRIDCODE_PARAMS_H
#define GRIDCODE_PARAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "settings.h"

enum gc_type {
	GC_REAL,	/* double */
	GC_SWITCH,	/* int: no, yes */
	GC_CHOICE,	/* int: place in choices */
};

/* What a number counts; every kind has the spellings of gc_units. */
enum gc_unit {
	GC_UNIT_NONE,
	GC_UNIT_VOLTAGE,	/* pu of nominal */
	GC_UNIT_VOLT,
	GC_UNIT_HZ,
	GC_UNIT_S,
	GC_UNIT_SHARE,		/* pu of a rating */
	GC_UNIT_DROOP,		/* pu of frequency a pu of power */
	GC_UNIT_HZ_PER_S,
	GC_UNIT_DEG,
	GC_UNIT_PER_MIN,	/* pu a minute */
	GC_UNIT_PER_S,		/* pu a second */
	GC_UNIT_PF,
	GC_UNIT_GAIN,
	GC_UNIT_KVA,
	GC_UNIT_COUNT,
};

/**
 * struct gc_param - one row
 * @section: the function
 * @key: name within it
 * @type: how it is kept
 * @unit: what it counts
 * @fallback: value when nobody says one; NaN: not there
 * @min: least that makes sense to the engine; a code's own range is narrower
 * @max: greatest
 * @choices: "a|b" of GC_CHOICE
 * @with: key of the same section that makes this one obligatory when it is
 *	given (or yes); "*": always; NULL: optional
 * @offset: in struct gc_settings
 * @clause: where IEEE 1547-2018 (or the code the function comes from) defines it
 * @help: one line
 */
struct gc_param {
	const char *section;
	const char *key;
	enum gc_type type;
	enum gc_unit unit;
	double fallback;
	double min;
	double max;
	const char *choices;
	const char *with;
	size_t offset;
	const char *clause;
	const char *help;
};

extern const struct gc_param gc_params[];
extern const size_t gc_param_count;

/** gc_param_find - row of "section", "key"; NULL if there is none */
const struct gc_param *gc_param_find(const char *section, const char *key);

/** gc_param_named - row of "section.key"; NULL if there is none */
const struct gc_param *gc_param_named(const char *name);

double gc_param_get(const struct gc_settings *settings, const struct gc_param *param);
void gc_param_put(struct gc_settings *settings, const struct gc_param *param, double value);

/** gc_settings_default - the fallbacks of the table: every function off, no limit */
void gc_settings_default(struct gc_settings *settings);

/** gc_unit_name - canonical spelling, "" for none */
const char *gc_unit_name(enum gc_unit unit);

/**
 * gc_param_parse - "0.8 pu", "3 s", "yes", "off"
 * @nominal_v: what "V" is divided by
 * @unit_required: a number without its unit is an error; else it is canonical
 * @value: result in canonical unit; NaN for "off"
 *
 * Return: NULL, or what is wrong.
 */
const char *gc_param_parse(const struct gc_param *param, const char *text, double nominal_v,
			   bool unit_required, double *value);

/** gc_param_unit - how "265 V" spells its unit; NULL for what has none */
const char *gc_param_unit(const struct gc_param *param, const char *text);

/**
 * gc_param_format_in - a canonical value as "265 V"
 * @unit: of gc_param_unit(); NULL: the canonical one
 * @nominal_v: what "V" is multiplied by
 *
 * Return: @buf.
 */
const char *gc_param_format_in(const struct gc_param *param, double value, const char *unit,
			       double nominal_v, char *buf, size_t len);

/** gc_param_format - value with its canonical unit; returns @buf */
const char *gc_param_format(const struct gc_param *param, double value, char *buf, size_t len);

#endif
