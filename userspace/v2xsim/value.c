// SPDX-License-Identifier: Apache-2.0
#include "value.h"

#include <math.h>
#include <string.h>

#include "quantity.h"

#define WORD_MAX 63

/* The first row of a kind is its base unit. */
static const struct {
	enum value_kind kind;
	const char *unit;
	double factor;
} units[] = {
	{ VALUE_POWER, "W", 1 },	  { VALUE_POWER, "kW", 1e3 },
	{ VALUE_POWER, "MW", 1e6 },	  { VALUE_POWER, "mW", 1e-3 },
	{ VALUE_POWER, "var", 1 },	  { VALUE_POWER, "kvar", 1e3 },
	{ VALUE_POWER, "VA", 1 },	  { VALUE_POWER, "kVA", 1e3 },
	{ VALUE_VOLTAGE, "V", 1 },	  { VALUE_VOLTAGE, "mV", 1e-3 },
	{ VALUE_VOLTAGE, "kV", 1e3 },	  { VALUE_CURRENT, "A", 1 },
	{ VALUE_CURRENT, "mA", 1e-3 },	  { VALUE_FREQUENCY, "Hz", 1 },
	{ VALUE_FREQUENCY, "mHz", 1e-3 }, { VALUE_ROCOF, "Hz/s", 1 },
	{ VALUE_ROCOF, "mHz/s", 1e-3 },	  { VALUE_TIME, "s", 1 },
	{ VALUE_TIME, "ms", 1e-3 },	  { VALUE_TIME, "us", 1e-6 },
	{ VALUE_TIME, "min", 60 },	  { VALUE_TIME, "h", 3600 },
	{ VALUE_ENERGY, "Wh", 1 },	  { VALUE_ENERGY, "kWh", 1e3 },
	{ VALUE_ENERGY, "J", 1 / 3600.0 }, { VALUE_ENERGY, "kJ", 1 / 3.6 },
	{ VALUE_TEMPERATURE, "C", 1 },	  { VALUE_SHARE, "%", 1 },
	{ VALUE_RESISTANCE, "ohm", 1 },	  { VALUE_RESISTANCE, "mohm", 1e-3 },
	{ VALUE_RESISTANCE, "kohm", 1e3 }, { VALUE_INDUCTANCE, "H", 1 },
	{ VALUE_INDUCTANCE, "mH", 1e-3 }, { VALUE_INDUCTANCE, "uH", 1e-6 },
	{ VALUE_CAPACITANCE, "F", 1 },	  { VALUE_CAPACITANCE, "mF", 1e-3 },
	{ VALUE_CAPACITANCE, "uF", 1e-6 }, { VALUE_CAPACITANCE, "nF", 1e-9 },
};

#define UNITS (sizeof(units) / sizeof(units[0]))

/* Length of the number that begins @text: the longest start that is one. */
static size_t number_len(const char *text, size_t len, double *number)
{
	for (size_t n = len; n > 0; n--) {
		if (decimal_parse(text, n, number) == 0)
			return n;
	}
	return 0;
}

static int parse_part(enum value_kind kind, const char *text, size_t len, double *value)
{
	double number;
	const size_t n = number_len(text, len, &number);

	if (n == 0 || len > WORD_MAX)
		return -1;
	if (n == len) {
		*value = number;
		return 0;
	}
	for (size_t i = 0; i < UNITS; i++) {
		if (units[i].kind == kind && strlen(units[i].unit) == len - n &&
		    strncmp(units[i].unit, text + n, len - n) == 0) {
			*value = number * units[i].factor;
			return 0;
		}
	}
	return -1;
}

int value_parse(enum value_kind kind, const char *text, double *value)
{
	return parse_part(kind, text, strlen(text), value);
}

/* What stands behind "+-": a width in the kind's unit, or a share of the value. */
static int parse_width(enum value_kind kind, const char *text, double middle, double *width)
{
	if (kind != VALUE_SHARE && text[0] && text[strlen(text) - 1] == '%') {
		if (value_parse(VALUE_SHARE, text, width) < 0)
			return -1;
		*width *= fabs(middle) / 100;
	} else if (value_parse(kind, text, width) < 0) {
		return -1;
	}
	return *width >= 0 ? 0 : -1;
}

int value_range(enum value_kind kind, const char *text, struct value_range *range)
{
	const char *width = strstr(text, "+-");
	const char *dots = strstr(text, "..");
	double w = 0;

	if (width) {
		if (parse_part(kind, text, (size_t)(width - text), &range->lo) < 0 ||
		    parse_width(kind, width + 2, range->lo, &w) < 0)
			return -1;
		range->hi = range->lo + w;
		range->lo -= w;
		return 0;
	}
	if (dots) {
		if (parse_part(kind, text, (size_t)(dots - text), &range->lo) < 0 ||
		    value_parse(kind, dots + 2, &range->hi) < 0)
			return -1;
		return range->lo <= range->hi ? 0 : -1;
	}
	if (value_parse(kind, text, &range->lo) < 0)
		return -1;
	range->hi = range->lo;
	return 0;
}

const char *value_units(enum value_kind kind)
{
	static const char *const names[VALUE_KINDS] = {
		[VALUE_NUMBER] = "none",
		[VALUE_POWER] = "W, kW, MW, var, kvar, VA or kVA",
		[VALUE_VOLTAGE] = "V, mV or kV",
		[VALUE_CURRENT] = "A or mA",
		[VALUE_FREQUENCY] = "Hz or mHz",
		[VALUE_ROCOF] = "Hz/s or mHz/s",
		[VALUE_TIME] = "s, ms, us, min or h",
		[VALUE_ENERGY] = "Wh, kWh, J or kJ",
		[VALUE_TEMPERATURE] = "C",
		[VALUE_SHARE] = "%",
		[VALUE_RESISTANCE] = "ohm, mohm or kohm",
		[VALUE_INDUCTANCE] = "H, mH or uH",
		[VALUE_CAPACITANCE] = "F, mF, uF or nF",
	};

	return names[kind];
}

const char *value_unit(enum value_kind kind)
{
	for (size_t i = 0; i < UNITS; i++) {
		if (units[i].kind == kind)
			return units[i].unit;
	}
	return "";
}

int value_time(const char *text, uint64_t last_ns, uint64_t *t_ns)
{
	const bool after = text[0] == '+';
	double s;

	if (value_parse(VALUE_TIME, text + after, &s) < 0 || !(s >= 0) || s > 1e7)
		return -1;
	*t_ns = (uint64_t)llround(s * 1e9) + (after ? last_ns : 0);
	return 0;
}
