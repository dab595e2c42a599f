// SPDX-License-Identifier: Apache-2.0
/* forming: how a voltage is formed and an island left; show it, change it. */
#include "cmd.h"
#include "forming.h"

/* The base unit of a value and how many of its thousandths are in one of it. */
static const char *unit_of(enum quantity kind, double *factor)
{
	*factor = 1e-3;
	switch (kind) {
	case QUANTITY_V:
		return "V";
	case QUANTITY_F:
		return "Hz";
	case QUANTITY_DURATION:
		return "s";
	case QUANTITY_ANGLE:
		return "deg";
	case QUANTITY_SHARE:
		*factor = 0.1;
		return "%";
	default:
		*factor = 1;
		return "";
	}
}

static uint32_t *member(struct v2x_forming *forming, size_t at)
{
	return (uint32_t *)(void *)((char *)forming + at);
}

static int show_forming(const struct cli *cli, struct v2x_device *dev)
{
	struct v2x_forming forming;
	json_t *o = NULL;
	const int ret = v2x_get_forming(dev, &forming);

	if (ret < 0)
		return report_errno(cli, "forming", V2X_IOC_GET_FORMING, ret);
	if (cli->json)
		o = json_pack("{s:b}", "ok", 1);
	for (const struct forming_key *k = forming_keys; k->key; k++) {
		const uint32_t value = *member(&forming, k->at);
		double factor;
		const char *unit = unit_of(k->kind, &factor);

		if (cli->json)
			json_object_set_new(o, k->key, json_integer(value));
		else
			printf("%-12s %10.3f %s\n", k->key, value * factor, unit);
	}
	return cli->json ? report_json(o) : EX_OK_;
}

static int change(const struct cli *cli, struct v2x_device *dev)
{
	struct v2x_forming forming;
	int ret = v2x_get_forming(dev, &forming);

	if (ret < 0)
		return report_errno(cli, "forming", V2X_IOC_GET_FORMING, ret);
	for (int i = 0; i < cli->argc; i++) {
		char error[320];
		uint32_t value;
		size_t at;

		if (forming_word(cli->argv[i], &at, &value, error, sizeof(error)) < 0)
			return report_error(cli, EX_BAD_USE, "%s", error);
		*member(&forming, at) = value;
	}
	ret = v2x_set_forming(dev, &forming);
	return ret < 0 ? report_errno(cli, "forming", V2X_IOC_SET_FORMING, ret) :
			 show_forming(cli, dev);
}

int cmd_forming(struct cli *cli)
{
	struct v2x_device *dev;
	int ret;

	ret = cli->argc > 0 ? report_claim(cli, REPORT_LEASE_MS, &dev) :
			      report_open(cli, V2X_OPEN_READ, &dev);
	if (ret)
		return ret;
	ret = cli->argc > 0 ? change(cli, dev) : show_forming(cli, dev);
	v2x_close(dev);
	return ret;
}
