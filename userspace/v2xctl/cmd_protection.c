// SPDX-License-Identifier: Apache-2.0
/* protection: show table and limits, load a table, put the default back, set limits. */
#include <errno.h>
#include <string.h>

#include "cmd.h"
#include "keyval.h"

#define TEXT_MAX 16384

/* A limit of struct v2x_protection: how it is shown, and set if it has a key. */
static const struct limit {
	const char *name;
	const char *key;
	const char *label;
	const char *unit;
	double per_unit;
	size_t offset;
	enum quantity kind;
} limits[] = {
#define ROW(field, key, kind, label, unit, per)                                                    \
	{ #field, key, label, unit, per, offsetof(struct v2x_protection, field), kind }
	ROW(i_trip_ma, "i", QUANTITY_I, "phase current, peak", "A", 1e3),
	ROW(v_dc_link_over_mv, "v_dc_over", QUANTITY_V, "DC link, highest", "V", 1e3),
	ROW(v_dc_link_under_mv, "v_dc_under", QUANTITY_V, "DC link, lowest", "V", 1e3),
	ROW(i_ev_trip_ma, "i_ev", QUANTITY_I, "vehicle current, either way", "A", 1e3),
	ROW(r_iso_min_ohm, NULL, QUANTITY_V, "insulation, lowest", "ohm", 1),
	ROW(temp_trip_mc, "temp", QUANTITY_CELSIUS, "heat sink, highest", "degC", 1e3),
	ROW(temp_derate_mc, "derate", QUANTITY_CELSIUS, "heat sink, power falls from", "degC", 1e3),
	ROW(residual_dc_ma, "residual_dc", QUANTITY_I, "residual current, DC", "A", 1e3),
	ROW(residual_ac_ma, "residual_ac", QUANTITY_I, "residual current, AC", "A", 1e3),
#undef ROW
};

#define LIMIT_COUNT (sizeof(limits) / sizeof(limits[0]))

static json_t *table_json(const struct v2x_prot_table *t)
{
	json_t *stages = json_array();
	char hash[20];

	snprintf(hash, sizeof(hash), "%016llx", (unsigned long long)t->hash);
	for (uint32_t i = 0; i < t->count && i < V2X_PROT_ENTRIES; i++) {
		const struct v2x_prot_entry *e = &t->entry[i];

		json_array_append_new(stages, json_pack("{s:s,s:s,s:s,s:i,s:s,s:I,s:I}",
			"quantity", v2x_prot_quantity_name(e->quantity),
			"side", v2x_prot_side_name(e->side),
			"action", v2x_prot_action_name(e->action),
			"threshold", e->threshold,
			"unit", v2x_prot_quantity_unit(e->quantity),
			"time_ms", (json_int_t)e->time_ms, "window_ms", (json_int_t)e->window_ms));
	}
	return json_pack("{s:b,s:s,s:I,s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:o}", "ok", 1, "name", t->name,
			 "version", (json_int_t)t->version, "hash", hash,
			 "return_ms", (json_int_t)t->return_ms,
			 "recover_ms", (json_int_t)t->recover_ms,
			 "k_permille", (json_int_t)t->k_permille,
			 "k_band_permille", (json_int_t)t->k_band_permille,
			 "lom_gain_permille", (json_int_t)t->lom_gain_permille,
			 "lom_q_permille", (json_int_t)t->lom_q_permille,
			 "q_first_permille", (json_int_t)t->q_first_permille,
			 "k_jump_permille", (json_int_t)t->k_jump_permille, "stages", stages);
}

static int show(const struct cli *cli, struct v2x_device *dev)
{
	struct v2x_protection prot;
	struct v2x_prot_table table;
	char text[TEXT_MAX];
	json_t *o = NULL;
	int ret = v2x_get_protection(dev, &prot);

	if (ret < 0)
		return report_errno(cli, "protection", V2X_IOC_GET_PROTECTION, ret);
	ret = v2x_get_prot_table(dev, &table);
	if (ret < 0)
		return report_errno(cli, "protection table", V2X_IOC_GET_PROT_TABLE, ret);
	if (cli->json) {
		o = table_json(&table);
	} else {
		v2x_prot_table_format(&table, text, sizeof(text));
		printf("# hash %016llx; this can be loaded again\n%s\n",
		       (unsigned long long)table.hash, text);
	}
	for (size_t i = 0; i < LIMIT_COUNT; i++) {
		const int32_t value = *(const int32_t *)(const void *)((const char *)&prot +
								       limits[i].offset);

		if (cli->json)
			json_object_set_new(o, limits[i].name, json_integer(value));
		else
			printf("# %-28s %10.3f %s\n", limits[i].label, value / limits[i].per_unit,
			       limits[i].unit);
	}
	return cli->json ? report_json(o) : EX_OK_;
}

static int read_table(const struct cli *cli, const char *path, struct v2x_prot_table *table)
{
	char text[TEXT_MAX + 1];
	char error[256];
	FILE *file = fopen(path, "re");
	size_t n;
	bool failed;

	if (!file)
		return report_error(cli, EX_BAD_USE, "%s: %s", path, strerror(errno));
	n = fread(text, 1, sizeof(text), file);
	failed = ferror(file);
	fclose(file);
	if (failed || n > TEXT_MAX)
		return report_error(cli, EX_BAD_USE, "%s: cannot be read, or is longer than %d bytes",
				    path, TEXT_MAX);
	if (v2x_prot_table_parse(text, n, table, error, sizeof(error)) < 0)
		return report_error(cli, EX_BAD_USE, "%s: %s", path, error);
	return EX_OK_;
}

static int refused(const struct cli *cli, const struct v2x_prot_table *t, int error)
{
	const struct v2x_prot_entry *e;

	if ((error != -EINVAL && error != -ERANGE) || t->why == V2X_PROT_FINE)
		return report_errno(cli, "protection table", V2X_IOC_SET_PROT_TABLE, error);
	if (t->refused >= t->count)
		return report_error(cli, EX_REFUSED, "refused, nothing was changed: %s",
				    v2x_prot_why_text(t->why));
	e = &t->entry[t->refused];
	return report_error(cli, EX_REFUSED, "stage %u (%s %s %s) refused, nothing was changed: %s",
			    t->refused + 1, v2x_prot_quantity_name(e->quantity),
			    v2x_prot_side_name(e->side), v2x_prot_action_name(e->action),
			    v2x_prot_why_text(t->why));
}

/* @table: NULL for the default */
static int put_in_force(const struct cli *cli, struct v2x_prot_table *table)
{
	struct v2x_device *dev;
	int ret = report_claim(cli, REPORT_LEASE_MS, &dev);

	if (ret)
		return ret;
	ret = table ? v2x_set_prot_table(dev, table) : v2x_default_prot_table(dev);
	if (ret < 0)
		ret = table ? refused(cli, table, ret) :
			      report_errno(cli, "protection table", V2X_IOC_SET_PROT_TABLE, ret);
	else
		ret = show(cli, dev);
	v2x_close(dev);
	return ret;
}

/* Those that were given; the kernel checks all of them, against each other too. */
static int put_limits(const struct cli *cli, const struct keyval *keys)
{
	struct v2x_protection prot;
	struct v2x_device *dev;
	int ret = report_claim(cli, REPORT_LEASE_MS, &dev);

	if (ret)
		return ret;
	ret = v2x_get_protection(dev, &prot);
	for (size_t i = 0, k = 0; i < LIMIT_COUNT && ret == 0; i++) {
		int32_t *value = (int32_t *)(void *)((char *)&prot + limits[i].offset);

		if (!limits[i].key)
			continue;
		if (keys[k].given)
			*value = (int32_t)keys[k].milli;
		k++;
	}
	if (ret == 0)
		ret = v2x_set_protection(dev, &prot);
	ret = ret < 0 ? report_errno(cli, "protection", V2X_IOC_SET_PROTECTION, ret) :
			show(cli, dev);
	v2x_close(dev);
	return ret;
}

static int set_limits(struct cli *cli)
{
	struct keyval keys[LIMIT_COUNT + 1] = { 0 };
	char error[256];
	size_t n = 0;

	for (size_t i = 0; i < LIMIT_COUNT; i++) {
		if (limits[i].key)
			keys[n++] = (struct keyval){ .key = limits[i].key, .kind = limits[i].kind,
						     .max = INT32_MAX };
	}
	if (keyval_parse(keys, cli->argc - 1, cli->argv + 1, error, sizeof(error)) < 0)
		return report_error(cli, EX_BAD_USE, "%s", error);
	return put_limits(cli, keys);
}

int cmd_protection(struct cli *cli)
{
	const char *what = cli->argc ? cli->argv[0] : "show";
	struct v2x_prot_table table;
	struct v2x_device *dev;
	int ret;

	if (strcmp(what, "load") == 0 && cli->argc == 2) {
		ret = read_table(cli, cli->argv[1], &table);
		return ret ? ret : put_in_force(cli, &table);
	}
	if (strcmp(what, "default") == 0 && cli->argc == 1)
		return put_in_force(cli, NULL);
	if (strcmp(what, "set") == 0 && cli->argc > 1)
		return set_limits(cli);
	if (strcmp(what, "show") != 0 || cli->argc > 1)
		return report_error(cli, EX_BAD_USE,
				    "expected show, load FILE, default or set KEY=VALUE...");
	ret = report_open(cli, V2X_OPEN_READ, &dev);
	if (ret)
		return ret;
	ret = show(cli, dev);
	v2x_close(dev);
	return ret;
}
