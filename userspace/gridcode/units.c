// SPDX-License-Identifier: Apache-2.0
/* Values as text: numbers with units in, canonical text out. */
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "params.h"

struct spelling {
	enum gc_unit unit;
	const char *name;
	double factor;	/* to canonical; 0: divided by nominal voltage */
};

/* The canonical one of each kind first. */
static const struct spelling spellings[] = {
	{ GC_UNIT_VOLTAGE, "pu", 1 },	  { GC_UNIT_VOLTAGE, "%", 0.01 },
	{ GC_UNIT_VOLTAGE, "V", 0 },	  { GC_UNIT_VOLT, "V", 1 },
	{ GC_UNIT_HZ, "Hz", 1 },	  { GC_UNIT_HZ, "mHz", 1e-3 },
	{ GC_UNIT_S, "s", 1 },		  { GC_UNIT_S, "ms", 1e-3 },
	{ GC_UNIT_S, "min", 60 },	  { GC_UNIT_SHARE, "pu", 1 },
	{ GC_UNIT_SHARE, "%", 0.01 },	  { GC_UNIT_DROOP, "pu", 1 },
	{ GC_UNIT_DROOP, "%", 0.01 },	  { GC_UNIT_HZ_PER_S, "Hz/s", 1 },
	{ GC_UNIT_DEG, "deg", 1 },	  { GC_UNIT_PER_MIN, "pu/min", 1 },
	{ GC_UNIT_PER_MIN, "%/min", 0.01 }, { GC_UNIT_PER_MIN, "%/s", 0.6 },
	{ GC_UNIT_PER_S, "pu/s", 1 },	  { GC_UNIT_PER_S, "%/s", 0.01 },
	{ GC_UNIT_PF, "pf", 1 },	  { GC_UNIT_GAIN, "pu/pu", 1 },
	{ GC_UNIT_KVA, "kVA", 1 },	  { GC_UNIT_KVA, "VA", 1e-3 },
	{ GC_UNIT_NONE, "", 1 },
};

#define COUNT (sizeof(spellings) / sizeof(spellings[0]))

const char *gc_unit_name(enum gc_unit unit)
{
	for (size_t i = 0; i < COUNT; i++)
		if (spellings[i].unit == unit)
			return spellings[i].name;
	return "";
}

static const struct spelling *spelling_of(enum gc_unit unit, const char *name)
{
	const struct spelling *canonical = NULL;

	for (size_t i = COUNT; i-- > 0;) {
		if (spellings[i].unit != unit)
			continue;
		if (name && !strcmp(spellings[i].name, name))
			return &spellings[i];
		canonical = &spellings[i];
	}
	return canonical;
}

const char *gc_param_unit(const struct gc_param *param, const char *text)
{
	char *unit;

	strtod(text, &unit);
	while (*unit == ' ' || *unit == '\t')
		unit++;
	return unit == text || param->type != GC_REAL ? NULL : spelling_of(param->unit, unit)->name;
}

static const char *wrong_unit(enum gc_unit unit)
{
	static const char *const expected[GC_UNIT_COUNT] = {
		[GC_UNIT_NONE] = "expected a number", [GC_UNIT_VOLTAGE] = "expected a unit: pu, % or V",
		[GC_UNIT_VOLT] = "expected a unit: V", [GC_UNIT_HZ] = "expected a unit: Hz or mHz",
		[GC_UNIT_S] = "expected a unit: s, ms or min",
		[GC_UNIT_SHARE] = "expected a unit: pu or %", [GC_UNIT_DROOP] = "expected a unit: pu or %",
		[GC_UNIT_HZ_PER_S] = "expected a unit: Hz/s", [GC_UNIT_DEG] = "expected a unit: deg",
		[GC_UNIT_PER_MIN] = "expected a unit: pu/min, %/min or %/s",
		[GC_UNIT_PER_S] = "expected a unit: pu/s or %/s", [GC_UNIT_PF] = "expected a unit: pf",
		[GC_UNIT_GAIN] = "expected a unit: pu/pu",
		[GC_UNIT_KVA] = "expected a unit: kVA or VA",
	};

	return expected[unit];
}

static const char *parse_real(const struct gc_param *param, const char *text, double nominal_v,
			      bool unit_required, double *value)
{
	char *unit;

	if (!strcmp(text, "off")) {
		*value = (double)NAN;
		return isnan(param->fallback) ? NULL : "cannot be off; expected a number";
	}
	errno = 0;
	*value = strtod(text, &unit);
	/* 0x10 is a number to the library, but to nobody who reads a standard. */
	if (unit == text || errno || !isfinite(*value) || strcspn(text, "xX") < (size_t)(unit - text))
		return "expected a number and its unit";
	while (*unit == ' ' || *unit == '\t')
		unit++;
	if (!*unit && !unit_required)
		return NULL;
	for (size_t i = 0; i < COUNT; i++) {
		const struct spelling *s = &spellings[i];

		if (s->unit == param->unit && !strcmp(s->name, unit)) {
			*value = s->factor > 0 ? *value * s->factor : *value / nominal_v;
			return NULL;
		}
	}
	return wrong_unit(param->unit);
}

static const char *parse_choice(const char *choices, const char *text, double *value)
{
	const size_t len = strlen(text);
	int place = 0;

	for (const char *at = choices; at; place++) {
		const char *bar = strchr(at, '|');
		const size_t n = bar ? (size_t)(bar - at) : strlen(at);

		if (n == len && !strncmp(at, text, n)) {
			*value = place;
			return NULL;
		}
		at = bar ? bar + 1 : NULL;
	}
	return "not one of its choices";
}

const char *gc_param_parse(const struct gc_param *param, const char *text, double nominal_v,
			   bool unit_required, double *value)
{
	const char *wrong;

	if (param->type == GC_SWITCH)
		return parse_choice("no|yes", text, value) ? "expected yes or no" : NULL;
	if (param->type == GC_CHOICE)
		return parse_choice(param->choices, text, value);
	wrong = parse_real(param, text, nominal_v, unit_required, value);
	if (!wrong && (*value < param->min || *value > param->max))
		return "outside what the engine can do";
	return wrong;
}

static const char *format_choice(const char *choices, int place, char *buf, size_t len)
{
	const char *at = choices;

	for (int i = 0; i < place && at; i++) {
		at = strchr(at, '|');
		at = at ? at + 1 : NULL;
	}
	snprintf(buf, len, "%.*s", at ? (int)strcspn(at, "|") : 1, at ? at : "?");
	return buf;
}

const char *gc_param_format_in(const struct gc_param *param, double value, const char *unit,
			       double nominal_v, char *buf, size_t len)
{
	const struct spelling *s;

	if (param->type == GC_SWITCH)
		return format_choice("no|yes", (int)value, buf, len);
	if (param->type == GC_CHOICE)
		return format_choice(param->choices, (int)value, buf, len);
	s = spelling_of(param->unit, unit);
	if (isnan(value))
		snprintf(buf, len, "off");
	else
		snprintf(buf, len, "%.10g%s%s", s->factor > 0 ? value / s->factor : value * nominal_v,
			 *s->name ? " " : "", s->name);
	return buf;
}

const char *gc_param_format(const struct gc_param *param, double value, char *buf, size_t len)
{
	return gc_param_format_in(param, value, NULL, 1, buf, len);
}
