// SPDX-License-Identifier: Apache-2.0
/* gridcode: profiles, and the engine on recorded or reference input. */
#include <dirent.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "gridcode/mapping.h"
#include "gridcode_replay.h"

static int not_found(const struct cli *cli, const char *name)
{
	char dir[PATH_MAX];

	if (!gc_profile_dir(cli_value(cli, "profiles"), dir, sizeof(dir)))
		return report_error(cli, EX_BAD_USE, "no folder of profiles; say --profiles DIR");
	return report_error(cli, EX_BAD_USE, "no profile \"%s\" in %s; v2xctl gridcode list", name,
			    dir);
}

static int take_sets(const struct cli *cli, struct gc_profile *profile)
{
	char error[GC_ERROR_LEN];
	const char *set;
	int at = 0;

	while ((set = cli_next(cli, "set", &at))) {
		const int ret = gc_profile_set(profile, set, false, error);

		if (ret < 0)
			return report_error(cli, EX_BAD_USE, "--set %s", error);
		if (ret > 0)
			fprintf(stderr, "v2xctl: --set %s\n", error);
	}
	if (at && gc_profile_check(profile, profile->file, error))
		return report_error(cli, EX_BAD_USE, "with --set: %s", error);
	return EX_OK_;
}

int gridcode_open(const struct cli *cli, const char *name, struct gc_profile **profile)
{
	const char *site = cli_value(cli, "site");
	char path[PATH_MAX], error[GC_ERROR_LEN];
	int ret = EX_OK_;

	*profile = NULL;
	if (!gc_profile_path(name, cli_value(cli, "profiles"), path, sizeof(path)))
		return not_found(cli, name);
	*profile = malloc(sizeof(**profile));
	if (!*profile)
		return report_error(cli, EX_SYSTEM, "no memory");
	if (gc_profile_load(*profile, path, error) < 0 ||
	    (site && gc_profile_override(*profile, site, error) < 0))
		ret = report_error(cli, EX_BAD_USE, "%s", error);
	if (ret == EX_OK_)
		ret = take_sets(cli, *profile);
	if (ret) {
		free(*profile);
		*profile = NULL;
	}
	return ret;
}

static int is_profile(const struct dirent *entry)
{
	const size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > 5 && !strcmp(entry->d_name + len - 5, ".conf");
}

static const char *state_of(const struct gc_profile *p)
{
	return gc_profile_released(p) ? "released" : "draft";
}

static int list_one(const struct cli *cli, const struct gc_profile *p)
{
	if (cli->json)
		return report_json(json_pack("{s:s,s:s,s:s,s:s,s:I,s:I,s:I,s:s}", "id", p->id,
					     "name", p->name, "region", p->region, "state",
					     state_of(p), "values", (json_int_t)p->count, "single",
					     (json_int_t)gc_profile_count(p, GC_SINGLE),
					     "unverified",
					     (json_int_t)gc_profile_count(p, GC_UNVERIFIED),
					     "sha256", p->sha256));
	printf("%-28s %-8s %3zu %3zu %3zu  %.12s  %s\n", p->id, state_of(p),
	       gc_profile_count(p, GC_VERIFIED), gc_profile_count(p, GC_SINGLE),
	       gc_profile_count(p, GC_UNVERIFIED), p->sha256, p->name);
	return EX_OK_;
}

int cmd_gridcode_list(struct cli *cli)
{
	char dir[PATH_MAX];
	struct dirent **entries = NULL;
	int count, ret = EX_OK_;

	if (!gc_profile_dir(cli_value(cli, "profiles"), dir, sizeof(dir)))
		return report_error(cli, EX_BAD_USE, "no folder of profiles; say --profiles DIR");
	count = scandir(dir, &entries, is_profile, alphasort);
	if (count < 0)
		return report_error(cli, EX_BAD_USE, "%s: cannot be read", dir);
	if (!cli->json)
		printf("%-28s %-8s %s  %-12s  %s\n", "profile", "state", "ver sgl unv", "sha256",
		       "name");
	for (int i = 0; i < count; i++) {
		struct gc_profile *profile;

		entries[i]->d_name[strlen(entries[i]->d_name) - 5] = '\0';
		if (ret == EX_OK_)
			ret = gridcode_open(cli, entries[i]->d_name, &profile);
		if (ret == EX_OK_) {
			ret = list_one(cli, profile);
			free(profile);
		}
		free(entries[i]);
	}
	free(entries);
	return ret;
}

/* "244..258 V", as a profile writes it. */
static const char *format_range(const struct gc_profile *p, const struct gc_value *v, char *buf,
				size_t len)
{
	char low[40], high[40];

	if (isnan(v->min)) {
		snprintf(buf, len, "-");
	} else {
		gc_profile_format(p, v->param, v->min, low, sizeof(low));
		gc_profile_format(p, v->param, v->max, high, sizeof(high));
		snprintf(buf, len, "%.*s..%s", (int)strcspn(low, " "), low, high);
	}
	return buf;
}

static json_t *number_or_null(double value)
{
	return isnan(value) ? json_null() : json_real(value);
}

static int show_json(const struct gc_profile *p)
{
	json_t *values = json_array();
	char text[40];

	for (size_t i = 0; i < p->count; i++) {
		const struct gc_value *v = &p->values[i];

		json_array_append_new(values, json_pack(
			"{s:s,s:s,s:s,s:o,s:o,s:s,s:s,s:b}", "section", v->param->section, "key",
			v->param->key, "value", gc_param_format(v->param, v->value, text, sizeof(text)),
			"min", number_or_null(v->min), "max", number_or_null(v->max), "clause",
			v->clause, "confidence", gc_confidence_name(v->confidence), "site",
			v->site));
	}
	return report_json(json_pack("{s:s,s:s,s:s,s:s,s:b,s:s,s:s,s:o}", "id", p->id, "name",
				     p->name, "region", p->region, "state", state_of(p), "locked",
				     p->locked, "sha256", p->sha256, "site_sha256", p->site_sha256,
				     "values", values));
}

static void show_text(const struct gc_profile *p)
{
	const char *section = "";
	char value[40], range[80];

	printf("%s\n%s, %s\n", p->name, p->region, state_of(p));
	if (p->note[0])
		printf("note: %s\n", p->note);
	printf("sha256 %s\n", p->sha256);
	if (p->site_sha256[0])
		printf("site   %s\n", p->site_sha256);
	for (size_t i = 0; i < p->count; i++) {
		const struct gc_value *v = &p->values[i];

		if (strcmp(section, v->param->section) != 0)
			printf("\n[%s]\n", v->param->section);
		section = v->param->section;
		printf("%-20s %-14s %-18s %-10s %s%s\n", v->param->key,
		       gc_profile_format(p, v->param, v->value, value, sizeof(value)),
		       format_range(p, v, range, sizeof(range)), gc_confidence_name(v->confidence),
		       v->clause, v->site ? " (site)" : "");
	}
}

int cmd_gridcode_show(struct cli *cli)
{
	struct gc_profile *profile;
	int ret = gridcode_open(cli, cli->argv[0], &profile);

	if (ret)
		return ret;
	if (cli->json)
		ret = show_json(profile);
	else
		show_text(profile);
	free(profile);
	return ret;
}

/* One parameter of two profiles; "-": not named there. */
static const char *side(const struct gc_profile *p, const struct gc_param *param, char *buf,
			size_t len)
{
	const struct gc_value *v = gc_profile_value(p, param);

	return v ? gc_profile_format(p, param, v->value, buf, len) : "-";
}

/* Whatever unit each of them is written in. */
static bool same(const struct gc_profile *a, const struct gc_profile *b,
		 const struct gc_param *param)
{
	const struct gc_value *x = gc_profile_value(a, param), *y = gc_profile_value(b, param);

	if (!x || !y)
		return x == y;
	return fabs(x->value - y->value) < 1e-9 || (isnan(x->value) && isnan(y->value));
}

static int diff(const struct cli *cli, const struct gc_profile *a, const struct gc_profile *b)
{
	char left[40], right[40], name[64];
	unsigned int n = 0;

	if (!cli->json)
		printf("%-32s %-20s %s\n", "", a->id, b->id);
	for (size_t i = 0; i < gc_param_count; i++) {
		const struct gc_param *param = &gc_params[i];
		const char *x = side(a, param, left, sizeof(left));
		const char *y = side(b, param, right, sizeof(right));

		if (same(a, b, param))
			continue;
		n++;
		snprintf(name, sizeof(name), "%s.%s", param->section, param->key);
		if (cli->json)
			report_json(json_pack("{s:s,s:s,s:s}", "key", name, "a", x, "b", y));
		else
			printf("%-32s %-20s %s\n", name, x, y);
	}
	if (!cli->json)
		printf("%u values differ\n", n);
	return EX_OK_;
}

int cmd_gridcode_diff(struct cli *cli)
{
	struct gc_profile *a, *b;
	int ret = gridcode_open(cli, cli->argv[0], &a);

	if (ret)
		return ret;
	ret = gridcode_open(cli, cli->argv[1], &b);
	if (ret == EX_OK_)
		ret = diff(cli, a, b);
	free(a);
	free(b);
	return ret;
}

int cmd_gridcode_check(struct cli *cli)
{
	char error[GC_ERROR_LEN];
	struct gc_profile *p = malloc(sizeof(*p));
	const char *site = cli_value(cli, "site");
	int ret = EX_OK_;

	if (!p)
		return report_error(cli, EX_SYSTEM, "no memory");
	if (gc_profile_load(p, cli->argv[0], error) < 0 ||
	    (site && gc_profile_override(p, site, error) < 0)) {
		ret = report_error(cli, EX_BAD_USE, "%s", error);
	} else if (cli->json) {
		ret = list_one(cli, p);
	} else {
		printf("%s: %s, %zu values, %s: %zu found in one place, %zu not verified\n",
		       cli->argv[0], p->name, p->count, state_of(p), gc_profile_count(p, GC_SINGLE),
		       gc_profile_count(p, GC_UNVERIFIED));
	}
	free(p);
	return ret;
}

int cmd_gridcode_map(struct cli *cli)
{
	if (!cli->json)
		printf("%-28s %-34s %-30s %s\n", "setting", "OCPP 2.1", "SunSpec", "ISO 15118-20");
	for (size_t i = 0; i < gc_param_count; i++) {
		struct gc_mapping m;
		char name[64];

		snprintf(name, sizeof(name), "%s.%s", gc_params[i].section, gc_params[i].key);
		m = gc_mapping_of(name);
		if (cli->json)
			report_json(json_pack("{s:s,s:s,s:s,s:s}", "setting", m.param, "ocpp",
					      m.ocpp, "sunspec", m.sunspec, "iso15118_20",
					      m.iso15118));
		else
			printf("%-28s %-34s %-30s %s\n", m.param, m.ocpp, m.sunspec, m.iso15118);
	}
	return EX_OK_;
}

int cmd_gridcode_replay(struct cli *cli)
{
	const char *vectors = cli_value(cli, "vectors");

	return vectors ? gridcode_replay_vectors(cli, vectors) : gridcode_replay_trace(cli);
}
