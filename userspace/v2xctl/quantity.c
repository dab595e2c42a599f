// SPDX-License-Identifier: Apache-2.0
#include "quantity.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DECIMAL_MAX 63
#define MILLI_MAX 1e15

static size_t digits(const char *text, size_t len)
{
	size_t n = 0;

	while (n < len && isdigit((unsigned char)text[n]))
		n++;
	return n;
}

/* Length of the number at the start of @text, 0 if there is none. */
static size_t decimal_span(const char *text, size_t len)
{
	size_t at = 0;
	size_t whole;
	size_t part = 0;

	if (at < len && (text[at] == '+' || text[at] == '-'))
		at++;
	whole = digits(text + at, len - at);
	at += whole;
	if (at < len && text[at] == '.') {
		part = digits(text + at + 1, len - at - 1);
		at += 1 + part;
	}
	if (whole + part == 0)
		return 0;
	if (at < len && (text[at] == 'e' || text[at] == 'E')) {
		size_t exp = at + 1;
		size_t n;

		if (exp < len && (text[exp] == '+' || text[exp] == '-'))
			exp++;
		n = digits(text + exp, len - exp);
		if (n > 0)
			at = exp + n;
	}
	return at;
}

int decimal_parse(const char *text, size_t len, double *number)
{
	char copy[DECIMAL_MAX + 1];
	double value;

	if (len == 0 || len > DECIMAL_MAX || decimal_span(text, len) != len)
		return -1;
	memcpy(copy, text, len);
	copy[len] = '\0';
	value = strtod(copy, NULL);
	if (!isfinite(value))
		return -1;
	*number = value;
	return 0;
}

static const struct {
	enum quantity kind;
	const char *unit;
	double milli; /* thousandths of the base unit */
} units[] = {
	{ QUANTITY_P, "", 1e3 },	{ QUANTITY_P, "mW", 1 },
	{ QUANTITY_P, "W", 1e3 },	{ QUANTITY_P, "kW", 1e6 },
	{ QUANTITY_P, "MW", 1e9 },	{ QUANTITY_Q, "", 1e3 },
	{ QUANTITY_Q, "mvar", 1 },	{ QUANTITY_Q, "var", 1e3 },
	{ QUANTITY_Q, "kvar", 1e6 },	{ QUANTITY_RAMP, "", 1e3 },
	{ QUANTITY_RAMP, "W/s", 1e3 },	{ QUANTITY_RAMP, "kW/s", 1e6 },
	{ QUANTITY_RAMP, "MW/s", 1e9 }, { QUANTITY_I, "", 1e3 },
	{ QUANTITY_I, "mA", 1 },	{ QUANTITY_I, "A", 1e3 },
	{ QUANTITY_V, "", 1e3 },	{ QUANTITY_V, "mV", 1 },
	{ QUANTITY_V, "V", 1e3 },	{ QUANTITY_V, "kV", 1e6 },
	{ QUANTITY_F, "", 1e3 },	{ QUANTITY_F, "mHz", 1 },
	{ QUANTITY_F, "Hz", 1e3 },	{ QUANTITY_DURATION, "", 1e3 },
	{ QUANTITY_DURATION, "ms", 1 }, { QUANTITY_DURATION, "s", 1e3 },
	{ QUANTITY_DURATION, "min", 6e4 }, { QUANTITY_DURATION, "h", 3.6e6 },
	{ QUANTITY_SHARE, "%", 10 },	{ QUANTITY_ANGLE, "", 1e3 },
	{ QUANTITY_ANGLE, "deg", 1e3 },	{ QUANTITY_NUMBER, "", 1 },
	{ QUANTITY_CELSIUS, "", 1e3 },	{ QUANTITY_CELSIUS, "degC", 1e3 },
};

int quantity_parse(enum quantity kind, const char *text, int64_t *milli)
{
	const size_t n = decimal_span(text, strlen(text));
	double number;

	if (decimal_parse(text, n, &number) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (units[i].kind != kind || strcmp(units[i].unit, text + n) != 0)
			continue;
		number = round(number * units[i].milli);
		if (fabs(number) > MILLI_MAX)
			return -1;
		*milli = (int64_t)number;
		return 0;
	}
	return -1;
}

const char *quantity_units(enum quantity kind)
{
	static const char *const names[QUANTITY_COUNT_] = {
		[QUANTITY_P] = "W, kW or MW",	      [QUANTITY_Q] = "var or kvar",
		[QUANTITY_RAMP] = "W/s or kW/s",      [QUANTITY_I] = "A or mA",
		[QUANTITY_V] = "V or mV",	      [QUANTITY_F] = "Hz or mHz",
		[QUANTITY_DURATION] = "ms, s, min or h", [QUANTITY_SHARE] = "%",
		[QUANTITY_ANGLE] = "deg",	      [QUANTITY_NUMBER] = "no unit",
		[QUANTITY_CELSIUS] = "degC",
	};

	return names[kind];
}
