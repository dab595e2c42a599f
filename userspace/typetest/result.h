/* SPDX-License-Identifier: Apache-2.0 */
/* What a type test leaves: a table of steps, a curve, a time series, a verdict. */
#ifndef TYPETEST_RESULT_H
#define TYPETEST_RESULT_H

#include <stdbool.h>
#include <stddef.h>

#include "lab.h"

#define RESULT_TEXT 96
#define RESULT_CURVE 128

/**
 * struct result_line - one judged value
 * @step: what was done
 * @x: the value that was varied, NaN: none
 * @measured: NaN: nothing was (which fails)
 * @expected: NaN: only the limits hold
 * @lo: least good value, NaN: none
 * @hi: greatest
 * @what: name and unit of what was measured
 */
struct result_line {
	double x;
	double measured;
	double expected;
	double lo;
	double hi;
	const char *what;
	char step[RESULT_TEXT];
	bool pass;
};

/* A point of the standard's curve with its tolerance band. */
struct result_point {
	double x;
	double y;
	double lo;
	double hi;
};

/**
 * struct result - of one test
 * @lines: judged values, in order
 * @curve: what the code asks for, for the plot; none: no such plot
 * @x_name: of the curve and of result_line.x, with unit
 * @y_name: likewise
 * @rows: the analyser's record
 * @error: why there is no verdict, "" otherwise
 * @simulated_s: time at the charger
 */
struct result {
	struct result_line *lines;
	struct lab_row *rows;
	size_t line_count;
	size_t row_count;
	size_t row_room;
	size_t curve_count;
	double simulated_s;
	struct result_point curve[RESULT_CURVE];
	char x_name[RESULT_TEXT / 4];
	char y_name[RESULT_TEXT / 4];
	char error[LAB_ERROR_LEN];
	bool failed;
};

void result_init(struct result *r);
void result_free(struct result *r);

/** result_row() - a row of the analyser; a lab_row_fn with a struct result */
void result_row(void *result, const struct lab_row *row);

/** result_add() - a line; judged here: @measured within @lo and @hi */
void result_add(struct result *r, const struct result_line *line);

/** result_pass() - there are lines, and all are good */
bool result_pass(const struct result *r);

#endif
