/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers with units, tolerances and moments, as scenarios write them. */
#ifndef V2XSIM_VALUE_H
#define V2XSIM_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum value_kind {
	VALUE_NUMBER,	   /* no unit */
	VALUE_POWER,	   /* W, var, VA */
	VALUE_VOLTAGE,	   /* V */
	VALUE_CURRENT,	   /* A */
	VALUE_FREQUENCY,   /* Hz */
	VALUE_ROCOF,	   /* Hz/s */
	VALUE_TIME,	   /* s */
	VALUE_ENERGY,	   /* Wh */
	VALUE_TEMPERATURE, /* C */
	VALUE_SHARE,	   /* % */
	VALUE_RESISTANCE,  /* ohm */
	VALUE_INDUCTANCE,  /* H */
	VALUE_CAPACITANCE, /* F */
	VALUE_KINDS,
};

/**
 * struct value_range - what a value is held against
 * @lo: least that is good, in the kind's base unit
 * @hi: most
 */
struct value_range {
	double lo;
	double hi;
};

/** value_parse() - "-5kW" in the base unit of its kind; 0 or -1 */
int value_parse(enum value_kind kind, const char *text, double *value);

/**
 * value_range() - "-5kW+-100W", "5kW+-2%", "49.9Hz..50.1Hz" or "16A"
 *
 * Return: 0, or -1 when it is none of these.
 */
int value_range(enum value_kind kind, const char *text, struct value_range *range);

/** value_units() - "W, kW or MW", for messages; "" where there is none */
const char *value_units(enum value_kind kind);

/** value_unit() - the base unit, for printing */
const char *value_unit(enum value_kind kind);

/** value_time() - "1.5s", "250ms" or "+20ms" after @last_ns; 0 or -1 */
int value_time(const char *text, uint64_t last_ns, uint64_t *t_ns);

#endif
