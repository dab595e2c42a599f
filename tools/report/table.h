/* SPDX-License-Identifier: Apache-2.0 */
/* A CSV file of numbers with a header line, columns found by name. */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include <stddef.h>

#define TABLE_COLUMNS_MAX 48

struct table {
	char *names[TABLE_COLUMNS_MAX];
	size_t columns;
	size_t rows;
	double *cell; /* rows x columns */
};

/**
 * table_read() - read a whole file
 * @path: CSV; lines that begin with '#' are passed over
 * @t: filled in; table_free() gives it back
 *
 * A cell that is not a number reads as NaN, the name of a state (enum
 * v2x_state) as its number. Return: 0, or -errno with a
 * message on standard error that names file and line.
 */
int table_read(const char *path, struct table *t);
void table_free(struct table *t);

/** table_column() - index of a column, -1 if there is none of that name */
int table_column(const struct table *t, const char *name);

/** table_at() - one cell, NaN outside the table */
double table_at(const struct table *t, size_t row, int column);

#endif
