/* SPDX-License-Identifier: Apache-2.0 */
/* Comma-separated values, plain or gzip, a row at a time. */
#ifndef GRIDCODE_CSV_H
#define GRIDCODE_CSV_H

#include <stddef.h>

#define CSV_FIELDS_MAX 96
#define CSV_LINE_MAX 4096
#define CSV_ERROR_LEN 256

/**
 * struct csv - an open file
 * @fields: of the present row, unquoted, always terminated
 * @count: how many
 * @line: number of the present row's line, from 1
 * @names: the header's columns
 * @error: what went wrong, "file:line: ..."
 */
struct csv {
	void *file;
	const char *path;
	unsigned int line;
	unsigned int count;
	unsigned int name_count;
	char *fields[CSV_FIELDS_MAX];
	char *names[CSV_FIELDS_MAX];
	char text[CSV_LINE_MAX];
	char header[CSV_LINE_MAX];
	char error[CSV_ERROR_LEN];
};

/**
 * csv_open - open a file and read its header
 * @path: kept as a pointer
 * Return: 0, or -errno with @error filled in.
 */
int csv_open(struct csv *csv, const char *path);
void csv_close(struct csv *csv);

/** csv_next - the next row; 1, 0 at the end, or -errno with @error filled in */
int csv_next(struct csv *csv);

/** csv_column - place of a column, -1 if there is none */
int csv_column(const struct csv *csv, const char *name);

/**
 * csv_number - a field of the present row as a number
 * Return: 0, or -EINVAL with @error filled in when missing or not a finite number.
 */
int csv_number(struct csv *csv, int column, double *value);

/** csv_number_or_none - likewise, but an empty field or "nan" is NaN */
int csv_number_or_none(struct csv *csv, int column, double *value);

/** csv_fail - fill in @error with the place; returns @code */
int csv_fail(struct csv *csv, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * csv_split - cut a line in place
 * @fields: room for @max pointers
 * Return: how many fields; -1: too many, or a quote that does not end.
 */
int csv_split(char *line, char **fields, unsigned int max);

#endif
