// SPDX-License-Identifier: Apache-2.0
#include "record.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quantity.h"

#define COLUMNS_MAX 64
#define STEPS_TO_TRUST 8 /* equal steps after which a longer one is a hole */

struct field {
	const char *text;
	size_t len;
};

struct parser {
	const struct record_options *o;
	struct record *record;
	char *error;
	const char *at;
	const char *end;
	unsigned long line;
	struct field fields[COLUMNS_MAX];
	int count;	      /* fields of the present line */
	int columns;	      /* fields of the header */
	int t, f, v;	      /* their columns; v may be -1 */
	char t_name[64];
	char f_name[64];
	char v_name[64];
	double last_t;	      /* of any row */
	double last_used_t;   /* of the last row that gave a point */
	double first_t;	      /* of the first point */
	double step_s;	      /* 0: not known to be regular */
	unsigned int steps;   /* equal steps seen */
	bool any_row;
	bool hole;	      /* empty rows since the last point */
	size_t room;
};

static int refuse(struct parser *p, const char *column, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int refuse(struct parser *p, const char *column, const char *format, ...)
{
	va_list ap;
	int n = snprintf(p->error, RECORD_ERROR_LEN, "line %lu%s%s: ", p->line,
			 column ? ", column " : "", column ? column : "");

	if (n > 0 && n < RECORD_ERROR_LEN) {
		va_start(ap, format);
		vsnprintf(p->error + n, RECORD_ERROR_LEN - (size_t)n, format, ap);
		va_end(ap);
	}
	return -1;
}

/* The next line without its end; false at the end of the text. */
static bool next_line(struct parser *p, struct field *line)
{
	const char *nl;

	if (p->at == p->end)
		return false;
	nl = memchr(p->at, '\n', (size_t)(p->end - p->at));
	line->text = p->at;
	line->len = (size_t)((nl ? nl : p->end) - p->at);
	if (line->len > 0 && line->text[line->len - 1] == '\r')
		line->len--;
	p->at = nl ? nl + 1 : p->end;
	p->line++;
	return true;
}

static struct field trimmed(struct field f)
{
	while (f.len > 0 && (f.text[0] == ' ' || f.text[0] == '\t')) {
		f.text++;
		f.len--;
	}
	while (f.len > 0 && (f.text[f.len - 1] == ' ' || f.text[f.len - 1] == '\t'))
		f.len--;
	return f;
}

static int split(struct parser *p, struct field line)
{
	const char *at = line.text;
	const char *end = line.text + line.len;

	p->count = 0;
	if (memchr(line.text, '"', line.len))
		return refuse(p, NULL, "has quotes; expected plain fields between commas");
	for (;;) {
		const char *comma = memchr(at, ',', (size_t)(end - at));

		if (p->count == COLUMNS_MAX)
			return refuse(p, NULL, "more than %d fields", COLUMNS_MAX);
		p->fields[p->count++] =
			trimmed((struct field){ at, (size_t)((comma ? comma : end) - at) });
		if (!comma)
			return 0;
		at = comma + 1;
	}
}

/* Index of a column; -1 when there is none, -2 when there are two. */
static int column_of(const struct parser *p, const char *name)
{
	int found = -1;

	for (int i = 0; i < p->count; i++) {
		if (p->fields[i].len != strlen(name) ||
		    strncasecmp(p->fields[i].text, name, p->fields[i].len) != 0)
			continue;
		if (found >= 0)
			return -2;
		found = i;
	}
	return found;
}

static int need_column(struct parser *p, const char *name, const char *option, int *index)
{
	*index = column_of(p, name);
	if (*index >= 0)
		return 0;
	return refuse(p, NULL, "%s column \"%s\"; expected a header line with t_s,f_hz[,v_pu], "
		      "or name yours with --columns %s=NAME",
		      *index == -2 ? "more than one" : "no", name, option);
}

static int parse_header(struct parser *p)
{
	const struct record_options *o = p->o;
	struct field line;

	do {
		if (!next_line(p, &line))
			return refuse(p, NULL, "no header; expected column names t_s,f_hz[,v_pu]");
		if (p->line == 1 && line.len >= 3 && memcmp(line.text, "\xef\xbb\xbf", 3) == 0) {
			line.text += 3;
			line.len -= 3;
		}
	} while (line.len > 0 && line.text[0] == '#');
	if (split(p, line) < 0)
		return -1;
	p->columns = p->count;
	snprintf(p->t_name, sizeof(p->t_name), "%s", o->t_column ? o->t_column : "t_s");
	snprintf(p->f_name, sizeof(p->f_name), "%s", o->f_column ? o->f_column : "f_hz");
	snprintf(p->v_name, sizeof(p->v_name), "%s", o->v_column ? o->v_column : "v_pu");
	if (need_column(p, p->t_name, "t_s", &p->t) < 0 ||
	    need_column(p, p->f_name, "f_hz", &p->f) < 0)
		return -1;
	p->v = column_of(p, p->v_name);
	if (p->v == -2 || (p->v == -1 && o->v_column))
		return need_column(p, p->v_name, "v", &p->v);
	return 0;
}

static int number(struct parser *p, int column, const char *name, const char *expected,
		  double *value)
{
	const struct field *f = &p->fields[column];

	if (decimal_parse(f->text, f->len, value) == 0)
		return 0;
	if (f->len == 0)
		return refuse(p, name, "empty; expected %s", expected);
	return refuse(p, name, "\"%.*s\"; expected %s", (int)(f->len > 32 ? 32 : f->len), f->text,
		      expected);
}

static int parse_time(struct parser *p, double *t)
{
	if (number(p, p->t, p->t_name, "a time in seconds", t) < 0)
		return -1;
	if (fabs(*t) > 1e9)
		return refuse(p, p->t_name, "%g; expected a time within 10^9 s", *t);
	if (p->any_row && *t <= p->last_t)
		return refuse(p, p->t_name,
			      "%.9g after %.9g: time does not go forward; expected a later time", *t,
			      p->last_t);
	p->any_row = true;
	p->last_t = *t;
	return 0;
}

/* A step much longer than all before it, in a record of equal steps, is a hole. */
static int check_step(struct parser *p, double t)
{
	const double step = t - p->last_used_t;
	const bool longer = p->steps >= STEPS_TO_TRUST && step > 1.5 * p->step_s;

	if ((longer || p->hole) && step > p->o->bridge_s)
		return refuse(p, p->t_name,
			      "a hole of %.9g s before it%s; expected none, or bridge it with "
			      "--bridge %.9g", step, p->hole ? " (empty fields)" : "", ceil(step));
	if (longer || p->hole)
		return 0;
	if (p->steps == 0 || fabs(step - p->step_s) <= 0.01 * p->step_s) {
		if (p->steps == 0)
			p->step_s = step;
		if (p->steps < STEPS_TO_TRUST)
			p->steps++;
	} else if (p->steps < STEPS_TO_TRUST) {
		p->steps = 0; /* not a record of equal steps, or not yet */
	}
	return 0;
}

static int add_point(struct parser *p, double t, double f, double v)
{
	struct record *r = p->record;
	struct record_point *last = r->count ? &r->points[r->count - 1] : NULL;
	double t_ms;

	if (!last)
		p->first_t = t;
	else if (check_step(p, t) < 0)
		return -1;
	t_ms = round((t - p->first_t) * 1e3);
	if (t_ms > 4e9)
		return refuse(p, p->t_name, "more than 46 days after the first; split the file");
	if (last && t_ms <= last->t_ms)
		return refuse(p, p->t_name, "less than a millisecond after the row before; "
			      "expected at most 1000 rows a second");
	if (r->count == RECORD_POINTS_MAX)
		return refuse(p, NULL, "more than %u rows; use --from and --to",
			      RECORD_POINTS_MAX);
	if (!r->points || r->count == p->room) {
		const size_t room = p->room ? p->room * 2 : 1024;
		void *grown = realloc(r->points, room * sizeof(*r->points));

		if (!grown)
			return refuse(p, NULL, "out of memory");
		r->points = grown;
		p->room = room;
	}
	r->points[r->count++] = (struct record_point){
		.t_ms = (uint32_t)t_ms,
		.f_mhz = (int32_t)lround(f * 1e3),
		.v_mpu = (int32_t)lround(v * 1e3),
	};
	p->last_used_t = t;
	p->hole = false;
	return 0;
}

static bool row_is_empty(const struct parser *p)
{
	return p->fields[p->f].len == 0 || (p->v >= 0 && p->fields[p->v].len == 0);
}

static int parse_values(struct parser *p, double *f, double *v)
{
	if (number(p, p->f, p->f_name, "a frequency in Hz", f) < 0)
		return -1;
	if (*f < RECORD_F_MIN_HZ || *f > RECORD_F_MAX_HZ)
		return refuse(p, p->f_name, "%g; expected %g to %g Hz", *f, RECORD_F_MIN_HZ,
			      RECORD_F_MAX_HZ);
	*v = 1.0;
	if (p->v < 0)
		return 0;
	if (number(p, p->v, p->v_name, "a voltage", v) < 0)
		return -1;
	if (p->o->v_base > 0)
		*v /= p->o->v_base;
	if (*v < 0 || *v > RECORD_V_MAX_PU)
		return refuse(p, p->v_name, "%g pu; expected 0 to %g pu%s", *v, RECORD_V_MAX_PU,
			      p->o->v_base > 0 ? "" : " (is it in volts? give --v-base)");
	return 0;
}

static bool wanted(const struct record_options *o, double t)
{
	if (o->from_s == 0 && o->to_s == 0)
		return true;
	return t >= o->from_s && (o->to_s == 0 || t <= o->to_s);
}

static int parse_row(struct parser *p, struct field line)
{
	double t = 0;
	double f = 0;
	double v = 1;

	if (split(p, line) < 0)
		return -1;
	if (p->count != p->columns)
		return refuse(p, NULL, "%d field%s; expected %d as in the header", p->count,
			      p->count == 1 ? "" : "s", p->columns);
	if (parse_time(p, &t) < 0)
		return -1;
	if (!wanted(p->o, t))
		return 0;
	if (p->o->bridge_s > 0 && row_is_empty(p) && p->record->count > 0) {
		p->hole = true;
		return 0;
	}
	if (parse_values(p, &f, &v) < 0)
		return -1;
	return add_point(p, t, f, v);
}

int record_parse(const char *text, size_t len, const struct record_options *options,
		 struct record *record, char *error)
{
	struct parser p = { .o = options, .record = record, .at = text, .end = text + len };
	struct field line = { 0 };
	int ret;

	p.error = error;
	*record = (struct record){ 0 };
	ret = parse_header(&p);
	while (ret == 0 && next_line(&p, &line))
		ret = parse_row(&p, line);
	if (ret == 0 && p.hole)
		ret = refuse(&p, p.f_name, "empty up to the end; expected a value in the last row");
	if (ret == 0 && record->count < 2)
		ret = refuse(&p, NULL, "%zu usable rows; expected two or more%s", record->count,
			     options->from_s != 0 || options->to_s != 0 ?
				     " between --from and --to" : "");
	if (ret < 0)
		record_free(record);
	return ret;
}

static char *read_file(const char *path, size_t *len, char *error)
{
	FILE *file = fopen(path, "rb");
	char *text = NULL;
	size_t room = 0;
	int saved;

	if (!file) {
		snprintf(error, RECORD_ERROR_LEN, "%s", strerror(errno));
		return NULL;
	}
	*len = 0;
	do {
		if (*len == room) {
			char *grown = room < RECORD_FILE_MAX ? realloc(text, room + 1048576) : NULL;

			if (!grown) {
				snprintf(error, RECORD_ERROR_LEN, "larger than %u MB",
					 RECORD_FILE_MAX / 1048576);
				goto fail;
			}
			text = grown;
			room += 1048576;
		}
		*len += fread(text + *len, 1, room - *len, file);
	} while (!feof(file) && !ferror(file));
	if (!ferror(file)) {
		fclose(file);
		return text;
	}
	saved = errno;
	snprintf(error, RECORD_ERROR_LEN, "%s", strerror(saved));
fail:
	fclose(file);
	free(text);
	return NULL;
}

int record_load(const char *path, const struct record_options *options, struct record *record,
		char *error)
{
	size_t len;
	char *text = read_file(path, &len, error);
	int ret;

	if (!text)
		return -1;
	ret = record_parse(text, len, options, record, error);
	free(text);
	return ret;
}

int record_columns(char *text, struct record_options *options, char *error)
{
	char *save = NULL;

	for (char *word = strtok_r(text, ",", &save); word; word = strtok_r(NULL, ",", &save)) {
		char *equals = strchr(word, '=');

		if (equals)
			*equals = '\0';
		if (!equals || equals[1] == '\0')
			;
		else if (strcmp(word, "t_s") == 0)
			options->t_column = equals + 1;
		else if (strcmp(word, "f_hz") == 0)
			options->f_column = equals + 1;
		else if (strcmp(word, "v") == 0 || strcmp(word, "v_pu") == 0)
			options->v_column = equals + 1;
		else
			equals = NULL;
		if (equals && equals[1] != '\0')
			continue;
		snprintf(error, RECORD_ERROR_LEN,
			 "\"%s\": expected t_s=NAME,f_hz=NAME,v=NAME, each optional", word);
		return -1;
	}
	return 0;
}

void record_free(struct record *record)
{
	free(record->points);
	*record = (struct record){ 0 };
}
