// SPDX-License-Identifier: Apache-2.0
#include "table.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <v2x.h>

static int read_header(char *line, struct table *t)
{
	char *save = NULL;

	for (char *name = strtok_r(line, ",\r\n", &save); name; name = strtok_r(NULL, ",\r\n", &save)) {
		if (t->columns == TABLE_COLUMNS_MAX)
			return -E2BIG;
		t->names[t->columns] = strdup(name);
		if (!t->names[t->columns])
			return -ENOMEM;
		t->columns++;
	}
	return t->columns ? 0 : -EINVAL;
}

static void read_row(char *line, struct table *t)
{
	double *row = t->cell + t->rows * t->columns;
	char *rest = line;

	for (size_t c = 0; c < t->columns; c++) {
		char *word = strsep(&rest, ",\r\n");
		char *end = word;
		double value = word ? strtod(word, &end) : NAN;

		int state = word && end == word ? v2x_state_from_name(word) : -1;

		row[c] = word && end != word ? value : state >= 0 ? (double)state : (double)NAN;
	}
	t->rows++;
}

static int read_lines(FILE *file, struct table *t)
{
	size_t room = 0;
	size_t size = 0;
	char *line = NULL;
	int ret = 0;

	while (!ret && getline(&line, &size, file) > 0) {
		if (line[0] == '#' || line[0] == '\n')
			continue;
		if (!t->columns) {
			ret = read_header(line, t);
			continue;
		}
		if (t->rows == room) {
			room = room ? 2 * room : 1024;
			double *cell = reallocarray(t->cell, room * t->columns, sizeof(*cell));

			if (!cell) {
				ret = -ENOMEM;
				break;
			}
			t->cell = cell;
		}
		read_row(line, t);
	}
	free(line);
	return ret;
}

int table_read(const char *path, struct table *t)
{
	FILE *file = fopen(path, "re");
	int ret;

	*t = (struct table){ 0 };
	if (!file) {
		ret = -errno;
		(void)fprintf(stderr, "%s: %s\n", path, strerror(-ret));
		return ret;
	}
	ret = read_lines(file, t);
	(void)fclose(file);
	if (!ret && !t->rows)
		ret = -ENODATA;
	if (ret) {
		(void)fprintf(stderr, "%s: after %zu rows: %s\n", path, t->rows, strerror(-ret));
		table_free(t);
	}
	return ret;
}

void table_free(struct table *t)
{
	for (size_t c = 0; c < t->columns; c++)
		free(t->names[c]);
	free(t->cell);
	*t = (struct table){ 0 };
}

int table_column(const struct table *t, const char *name)
{
	for (size_t c = 0; c < t->columns; c++)
		if (strcmp(t->names[c], name) == 0)
			return (int)c;
	return -1;
}

double table_at(const struct table *t, size_t row, int column)
{
	if (column < 0 || (size_t)column >= t->columns || row >= t->rows)
		return NAN;
	return t->cell[row * t->columns + (size_t)column];
}
