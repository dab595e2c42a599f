// SPDX-License-Identifier: Apache-2.0
/* tune: the parameters of the control, and changing them while it runs. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

#define TUNE_MOST 32 /* parameters, and words of one command */

struct change {
	uint32_t index;
	int32_t value;
};

static int show(const struct cli *cli, const struct v2x_tuning *all, size_t count)
{
	json_t *list = json_array();

	if (!cli->json) {
		json_decref(list);
		printf("%-22s %10s %10s %10s %10s  %s\n", "parameter", "value", "default", "min", "max",
		       "unit");
		for (const struct v2x_tuning *t = all; t < all + count; t++)
			printf("%-22s %10d %10d %10d %10d  %s\n", t->name, t->value, t->initial, t->min,
			       t->max, t->unit);
		return EX_OK_;
	}
	for (const struct v2x_tuning *t = all; t < all + count; t++)
		json_array_append_new(list, json_pack("{s:s,s:i,s:i,s:i,s:i,s:s}", "name", t->name,
						      "value", t->value, "default", t->initial,
						      "min", t->min, "max", t->max, "unit", t->unit));
	return report_json(json_pack("{s:b,s:o}", "ok", 1, "parameters", list));
}

/* All of them: 0, or an exit status, told */
static int read_all(const struct cli *cli, struct v2x_device *dev, struct v2x_tuning *all,
		    size_t *count)
{
	for (*count = 0; *count < TUNE_MOST; (*count)++) {
		const int ret = v2x_get_tuning(dev, (uint32_t)*count, &all[*count]);

		if (ret == -EINVAL && *count > 0)
			break;
		if (ret < 0)
			return report_errno(cli, "tune", V2X_IOC_GET_TUNING, ret);
	}
	return 0;
}

static int parse(const struct cli *cli, const char *word, const struct v2x_tuning *all, size_t count,
		 struct change *c)
{
	const char *equals = strchr(word, '=');
	const size_t len = equals ? (size_t)(equals - word) : 0;
	char *end;
	long n;

	for (const struct v2x_tuning *t = all; equals && t < all + count; t++) {
		if (strlen(t->name) != len || strncmp(t->name, word, len) != 0)
			continue;
		c->index = t->index;
		c->value = t->initial;
		if (strcmp(equals + 1, "default") == 0)
			return 0;
		errno = 0;
		n = strtol(equals + 1, &end, 10);
		if (errno || end == equals + 1 || *end || n < t->min || n > t->max)
			return report_error(cli, EX_BAD_USE,
					    "%s: expected a whole number from %d to %d (%s), or "
					    "default, which is %d", word, t->min, t->max, t->unit,
					    t->initial);
		c->value = (int32_t)n;
		return 0;
	}
	return report_error(cli, EX_BAD_USE, "%s: expected NAME=NUMBER or NAME=default; v2xctl tune "
			    "lists the names", word);
}

static int change_all(const struct cli *cli, struct v2x_device *dev, const struct v2x_tuning *all,
		      size_t count)
{
	struct change changes[TUNE_MOST] = { 0 };
	int ret = EX_OK_;

	for (int i = 0; i < cli->argc && ret == EX_OK_; i++)
		ret = parse(cli, cli->argv[i], all, count, &changes[i]);
	for (int i = 0; i < cli->argc && ret == EX_OK_; i++) {
		const int err = v2x_set_tuning(dev, changes[i].index, changes[i].value);

		if (err < 0)
			ret = report_errno(cli, cli->argv[i], V2X_IOC_SET_TUNING, err);
	}
	return ret;
}

int cmd_tune(struct cli *cli)
{
	struct v2x_tuning all[TUNE_MOST];
	struct v2x_device *dev;
	size_t count = 0;
	int ret = report_open(cli, cli->argc ? V2X_OPEN_WRITE : 0, &dev);

	if (ret)
		return ret;
	ret = read_all(cli, dev, all, &count);
	if (ret == EX_OK_ && cli->argc) {
		ret = change_all(cli, dev, all, count);
		if (ret == EX_OK_)
			ret = read_all(cli, dev, all, &count);
	}
	if (ret == EX_OK_)
		ret = show(cli, all, count);
	v2x_close(dev);
	return ret;
}
