// SPDX-License-Identifier: Apache-2.0
#include "csv.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

int csv_fail(struct csv *csv, int code, const char *format, ...)
{
	char what[CSV_ERROR_LEN / 2];
	va_list ap;

	va_start(ap, format);
	vsnprintf(what, sizeof(what), format, ap);
	va_end(ap);
	snprintf(csv->error, sizeof(csv->error), "%.100s:%u: %s", csv->path, csv->line, what);
	return code;
}

/* A field that begins with a quote ends with one; "" within is one. */
static char *quoted(char **at)
{
	char *const start = *at + 1;
	char *to = start, *from = start;

	for (; *from; from++) {
		if (*from == '"') {
			if (from[1] != '"')
				break;
			from++;
		}
		*to++ = *from;
	}
	if (*from != '"')
		return NULL;
	from++;
	*to = '\0';
	*at = from;
	return *from == ',' || *from == '\0' ? start : NULL;
}

int csv_split(char *line, char **fields, unsigned int max)
{
	unsigned int n = 0;
	char *at = line;

	for (;;) {
		if (n == max)
			return -1;
		if (*at == '"') {
			fields[n] = quoted(&at);
			if (!fields[n])
				return -1;
		} else {
			fields[n] = at;
			at += strcspn(at, ",");
		}
		n++;
		if (*at == '\0')
			return (int)n;
		*at++ = '\0';
	}
}

/* One line without its end; 1, 0 at the end of the file, or -errno. */
static int read_line(struct csv *csv, char *text)
{
	const z_off_t at = gztell(csv->file);
	size_t len;
	int code;

	if (!gzgets(csv->file, text, CSV_LINE_MAX)) {
		gzerror(csv->file, &code);
		return code == Z_OK || code == Z_STREAM_END ?
			0 : csv_fail(csv, -EIO, "cannot be read, or is damaged");
	}
	csv->line++;
	len = strlen(text);
	if (len + 1 == CSV_LINE_MAX && text[len - 1] != '\n')
		return csv_fail(csv, -EINVAL, "line longer than %d bytes", CSV_LINE_MAX - 2);
	/* What follows a zero byte would not be seen. */
	if (gztell(csv->file) - at != (z_off_t)len)
		return csv_fail(csv, -EINVAL, "a zero byte");
	while (len && (text[len - 1] == '\n' || text[len - 1] == '\r'))
		text[--len] = '\0';
	return 1;
}

/* Each name once; a byte order mark before the first is passed over. */
static int take_names(struct csv *csv)
{
	const size_t mark = strncmp(csv->header, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	const int count = csv_split(csv->header + mark, csv->names, CSV_FIELDS_MAX);

	if (count < 0)
		return csv_fail(csv, -EINVAL, "header not understood");
	csv->name_count = (unsigned int)count;
	for (int i = 0; i < count; i++)
		if (csv_column(csv, csv->names[i]) != i)
			return csv_fail(csv, -EINVAL, "column %.40s stands twice", csv->names[i]);
	return 0;
}

int csv_open(struct csv *csv, const char *path)
{
	int ret;

	memset(csv, 0, sizeof(*csv));
	csv->path = path;
	errno = 0;
	csv->file = gzopen(path, "rbe");
	if (!csv->file)
		return csv_fail(csv, errno ? -errno : -ENOMEM, "cannot be opened: %s",
				strerror(errno ? errno : ENOMEM));
	ret = read_line(csv, csv->header);
	if (ret > 0)
		ret = take_names(csv);
	else if (ret == 0)
		ret = csv_fail(csv, -EINVAL, "empty; expected a line of column names");
	if (ret < 0) {
		csv_close(csv);
		return ret;
	}
	return 0;
}

void csv_close(struct csv *csv)
{
	if (csv->file)
		gzclose(csv->file);
	csv->file = NULL;
}

int csv_next(struct csv *csv)
{
	int ret;

	do {
		ret = read_line(csv, csv->text);
		if (ret <= 0)
			return ret;
	} while (csv->text[0] == '\0' || csv->text[0] == '#');
	ret = csv_split(csv->text, csv->fields, CSV_FIELDS_MAX);
	if (ret < 0)
		return csv_fail(csv, -EINVAL, "not understood as comma-separated values");
	csv->count = (unsigned int)ret;
	if (csv->count != csv->name_count)
		return csv_fail(csv, -EINVAL, "%u fields; expected %u as in the header",
				csv->count, csv->name_count);
	return 1;
}

int csv_column(const struct csv *csv, const char *name)
{
	for (unsigned int i = 0; i < csv->name_count; i++)
		if (!strcmp(csv->names[i], name))
			return (int)i;
	return -1;
}

int csv_number_or_none(struct csv *csv, int column, double *value)
{
	const char *text = csv->fields[column];

	if (*text && strcmp(text, "nan") != 0 && strcmp(text, "NaN") != 0)
		return csv_number(csv, column, value);
	*value = (double)NAN;
	return 0;
}

int csv_number(struct csv *csv, int column, double *value)
{
	const char *text = csv->fields[column];
	char *end;

	errno = 0;
	*value = strtod(text, &end);
	if (end == text || *end || errno == ERANGE || !isfinite(*value) || strpbrk(text, "xX"))
		return csv_fail(csv, -EINVAL, "%.40s \"%.30s\": expected a number",
				csv->names[column], text);
	return 0;
}
