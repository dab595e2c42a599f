// SPDX-License-Identifier: Apache-2.0
/* Cases and settings of a folder of reference vectors. */
#include "vectors_case.h"

#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gridcode.h"

int vectors_fail(struct vectors_result *result, int code, const char *text)
{
	snprintf(result->error, sizeof(result->error), "%s", text);
	return code;
}

/* vectors_MODEL_ in "DIR/vectors_MODEL_cases.csv" */
static int find_prefix(const char *dir, char *prefix, size_t len, struct vectors_result *result)
{
	char pattern[PATH_MAX];
	glob_t found;
	int n;

	snprintf(pattern, sizeof(pattern), "%s/vectors_*_cases.csv", dir);
	if (glob(pattern, 0, NULL, &found) || found.gl_pathc != 1) {
		snprintf(result->error, sizeof(result->error),
			 "%.200s: expected one file vectors_*_cases.csv in it", dir);
		return -ENOENT;
	}
	n = snprintf(prefix, len, "%.*s", (int)(strlen(found.gl_pathv[0]) - strlen("cases.csv")),
		     found.gl_pathv[0]);
	globfree(&found);
	return n < (int)len ? 0 : vectors_fail(result, -ENAMETOOLONG, "path too long");
}

int vectors_columns(struct csv *csv, const char *const *names, int *at, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		at[i] = csv_column(csv, names[i]);
		if (at[i] < 0)
			return csv_fail(csv, -EINVAL, "no column %s", names[i]);
	}
	return 0;
}

struct vector_case *vectors_find(struct vector_case *cases, size_t count, const char *id)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(cases[i].id, id))
			return &cases[i];
	return NULL;
}

static int load_cases(struct csv *csv, struct vector_case **cases, size_t *count)
{
	static const char *const names[] = { "case_id", "group", "dt_s" };
	int at[3] = { 0 }, ret = vectors_columns(csv, names, at, 3);

	while (ret == 0 && (ret = csv_next(csv)) > 0) {
		struct vector_case *more = realloc(*cases, (*count + 1) * sizeof(**cases));
		struct vector_case *c;

		if (!more)
			return csv_fail(csv, -ENOMEM, "no memory");
		*cases = more;
		c = &more[*count];
		memset(c, 0, sizeof(*c));
		snprintf(c->id, NAME_LEN, "%s", csv->fields[at[0]]);
		snprintf(c->group, NAME_LEN, "%s", csv->fields[at[1]]);
		ret = csv_number(csv, at[2], &c->dt_s);
		if (ret == 0 && c->dt_s <= 0)
			ret = csv_fail(csv, -EINVAL, "dt_s must be above zero");
		(*count)++;
	}
	return ret;
}

static int load_settings(struct csv *csv, struct vector_case *cases, size_t count)
{
	static const char *const names[] = { "case_id", "t_s", "parameter", "value" };
	int at[4] = { 0 }, ret = vectors_columns(csv, names, at, 4);

	while (ret == 0 && (ret = csv_next(csv)) > 0) {
		struct vector_case *c = vectors_find(cases, count, csv->fields[at[0]]);
		struct change *more, *s;

		if (!c)
			return csv_fail(csv, -EINVAL, "unknown case %s", csv->fields[at[0]]);
		more = realloc(c->settings, (c->setting_count + 1) * sizeof(*more));
		if (!more)
			return csv_fail(csv, -ENOMEM, "no memory");
		c->settings = more;
		s = &more[c->setting_count++];
		ret = csv_number(csv, at[1], &s->t_s);
		snprintf(s->name, NAME_LEN, "%s", csv->fields[at[2]]);
		snprintf(s->value, NAME_LEN, "%s", csv->fields[at[3]]);
	}
	return ret;
}

typedef int (*loader)(struct csv *csv, struct vector_case **cases, size_t *count);

/* NOLINTNEXTLINE(readability-non-const-parameter): the type of a loader */
static int settings_loader(struct csv *csv, struct vector_case **cases, size_t *count)
{
	return load_settings(csv, *cases, *count);
}

static int load(const char *prefix, const char *name, loader take, struct vector_case **cases,
		size_t *count, struct vectors_result *result)
{
	struct csv *csv = malloc(sizeof(*csv));
	char path[PATH_MAX];
	int ret;

	if (!csv)
		return vectors_fail(result, -ENOMEM, "no memory");
	if (snprintf(path, sizeof(path), "%s%s", prefix, name) >= (int)sizeof(path)) {
		free(csv);
		return vectors_fail(result, -ENAMETOOLONG, "path too long");
	}
	ret = csv_open(csv, path);
	if (ret == 0) {
		ret = take(csv, cases, count);
		csv_close(csv);
	}
	if (ret < 0)
		vectors_fail(result, ret, csv->error);
	free(csv);
	return ret;
}

int vectors_load(const char *dir, char *prefix, size_t len, struct vector_case **cases,
		 size_t *count, struct vectors_result *result)
{
	int ret = find_prefix(dir, prefix, len, result);

	if (ret == 0)
		ret = load(prefix, "cases.csv", load_cases, cases, count, result);
	if (ret == 0)
		ret = load(prefix, "settings.csv", settings_loader, cases, count, result);
	return ret;
}

void vectors_free(struct vector_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(cases[i].settings);
	free(cases);
}

static const char *setting(const struct vector_case *c, const char *name)
{
	for (size_t i = 0; i < c->setting_count; i++)
		if (!strcmp(c->settings[i].name, name))
			return c->settings[i].value;
	return "";
}

static int abnormal_category(const struct vector_case *c)
{
	const char *name = setting(c, "NP_ABNORMAL_OP_CAT");

	return !strcmp(name, "CAT_III") ? 3 : !strcmp(name, "CAT_II") ? 2 : 1;
}

/* Settings of time 0; the later ones wait in order. */
int vectors_prepare(struct vector_case *c, struct vectors_result *result)
{
	size_t later = 0;

	model_defaults(&c->model, abnormal_category(c),
		       !strcmp(setting(c, "NP_NORMAL_OP_CAT"), "CAT_B"));
	for (size_t i = 0; i < c->setting_count; i++) {
		const char *wrong;

		if (c->settings[i].t_s > 0) {
			c->settings[later++] = c->settings[i];
			continue;
		}
		wrong = model_set(&c->model, c->settings[i].name, c->settings[i].value);
		if (wrong) {
			snprintf(result->error, sizeof(result->error),
				 "case %s: %s \"%.40s\": %s", c->id, c->settings[i].name,
				 c->settings[i].value, wrong);
			return -EINVAL;
		}
	}
	c->setting_count = later;
	model_finish(&c->model);
	return 0;
}
