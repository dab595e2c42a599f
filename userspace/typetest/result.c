// SPDX-License-Identifier: Apache-2.0
#include "result.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void result_init(struct result *r)
{
	memset(r, 0, sizeof(*r));
}

void result_free(struct result *r)
{
	free(r->lines);
	free(r->rows);
	r->lines = NULL;
	r->rows = NULL;
}

static void no_memory(struct result *r)
{
	snprintf(r->error, sizeof(r->error), "no memory for what is measured");
}

void result_row(void *result, const struct lab_row *row)
{
	struct result *r = result;

	if (r->row_count == r->row_room) {
		const size_t room = r->row_room ? r->row_room * 2 : 1024;
		struct lab_row *rows = realloc(r->rows, room * sizeof(*rows));

		if (!rows) {
			no_memory(r);
			return;
		}
		r->rows = rows;
		r->row_room = room;
	}
	r->rows[r->row_count++] = *row;
}

void result_add(struct result *r, const struct result_line *line)
{
	struct result_line *lines = realloc(r->lines, (r->line_count + 1) * sizeof(*lines));
	struct result_line *l;

	if (!lines) {
		no_memory(r);
		return;
	}
	r->lines = lines;
	l = &lines[r->line_count++];
	*l = *line;
	/* What is not a number is not within anything. */
	l->pass = isfinite(l->measured) && !(l->measured < l->lo) && !(l->measured > l->hi);
	r->failed = r->failed || !l->pass;
}

bool result_pass(const struct result *r)
{
	return r->line_count > 0 && !r->failed && !r->error[0];
}
