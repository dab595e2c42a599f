/* SPDX-License-Identifier: Apache-2.0 */
/* Decimal numbers and quantities with units, as people and files write them. */
#ifndef V2XCTL_QUANTITY_H
#define V2XCTL_QUANTITY_H

#include <stddef.h>
#include <stdint.h>

enum quantity {
	QUANTITY_P,	   /* W: result in mW */
	QUANTITY_Q,	   /* var: mvar */
	QUANTITY_RAMP,	   /* W/s: mW/s */
	QUANTITY_I,	   /* A: mA */
	QUANTITY_V,	   /* V: mV */
	QUANTITY_F,	   /* Hz: mHz */
	QUANTITY_DURATION, /* s: ms */
	QUANTITY_SHARE,	   /* %: permille */
	QUANTITY_ANGLE,	   /* degrees: thousandths */
	QUANTITY_NUMBER,   /* a whole number, as it is */
	QUANTITY_CELSIUS,  /* degC: thousandths */
	QUANTITY_COUNT_,
};

/**
 * decimal_parse() - a plain decimal number: [+-]digits[.digits][e[+-]digits]
 * @len: characters of @text it must take up entirely
 *
 * No infinity, no hexadecimal, no blanks, no locale. Return: 0 or -1.
 */
int decimal_parse(const char *text, size_t len, double *number);

/**
 * quantity_parse() - a number with an optional unit of that kind, "-5kW"
 * @milli: in thousandths of the base unit (mW, mA, ms, ...), rounded
 *
 * Return: 0; -1 when it is no number, the unit is of another kind, or it is
 * beyond 10^15.
 */
int quantity_parse(enum quantity kind, const char *text, int64_t *milli);

/** quantity_units() - the units of a kind for messages, "W, kW or MW" */
const char *quantity_units(enum quantity kind);

#endif
