// SPDX-License-Identifier: Apache-2.0
/* limits: show them, change them through v2xd or directly. */
#include "cmd.h"
#include "daemon.h"
#include "keyval.h"

#define U32_MILLI 4294967295LL

/* A key of limits, and where it lies in the kernel's structure. */
struct limit_key {
	struct keyval k;
	const char *label;
	const char *unit;
	size_t offset;
};

#define LIMIT(key_, kind_, field_, member, label_, unit_)                                        \
	{                                                                                        \
		.k = { .key = (key_), .kind = (kind_), .field = (field_), .min = 0,              \
		       .max = U32_MILLI },                                                       \
		.label = (label_), .unit = (unit_), .offset = offsetof(struct v2x_limits, member)    \
	}

/* Those without a field of the control protocol can be set with --direct only. */
static const struct limit_key limit_keys[] = {
	LIMIT("import", QUANTITY_P, "p_import_max_mw", p_import_max_mw, "charging power", "W"),
	LIMIT("export", QUANTITY_P, "p_export_max_mw", p_export_max_mw, "discharging power", "W"),
	LIMIT("q", QUANTITY_Q, "q_max_mvar", q_max_mvar, "reactive power", "var"),
	LIMIT("i", QUANTITY_I, NULL, i_max_ma, "phase current", "A"),
	LIMIT("ev_charge", QUANTITY_I, NULL, i_ev_charge_max_ma, "current into the vehicle", "A"),
	LIMIT("ev_discharge", QUANTITY_I, NULL, i_ev_discharge_max_ma,
	      "current out of the vehicle", "A"),
	LIMIT("ev_min", QUANTITY_V, NULL, v_ev_min_mv, "vehicle voltage, lowest", "V"),
	LIMIT("ev_max", QUANTITY_V, NULL, v_ev_max_mv, "vehicle voltage, highest", "V"),
};

#define LIMIT_COUNT (sizeof(limit_keys) / sizeof(limit_keys[0]))

static uint32_t *member(struct v2x_limits *limits, size_t offset)
{
	return (uint32_t *)(void *)((char *)limits + offset);
}

static int show_limits(const struct cli *cli, struct v2x_device *dev)
{
	struct v2x_limits limits;
	json_t *o = NULL;
	const int ret = v2x_get_limits(dev, &limits);

	if (ret < 0)
		return report_errno(cli, "limits", V2X_IOC_GET_LIMITS, ret);
	if (cli->json)
		o = json_pack("{s:b}", "ok", 1);
	for (size_t i = 0; i < LIMIT_COUNT; i++) {
		const struct limit_key *key = &limit_keys[i];
		const uint32_t value = *member(&limits, key->offset);

		if (cli->json)
			json_object_set_new(o, key->k.key, json_integer(value));
		else
			printf("%-13s %12.3f %-4s %s\n", key->k.key, value / 1e3, key->unit,
			       key->label);
	}
	return cli->json ? report_json(o) : EX_OK_;
}

static int limits_by_daemon(const struct cli *cli, const struct keyval *keys)
{
	json_t *request = json_pack("{s:s}", "cmd", "limits");
	long for_s = 0;
	int ret = report_number(cli, "for", 1, 2678400, &for_s);

	for (const struct keyval *k = keys; k->key && ret == 0; k++) {
		if (k->given && !k->field)
			ret = report_error(cli, EX_BAD_USE,
					   "%s can only be set with --direct; v2xd takes import, "
					   "export and q", k->key);
		else if (k->given)
			json_object_set_new(request, k->field, json_integer(k->milli));
	}
	if (ret) {
		json_decref(request);
		return ret;
	}
	if (for_s)
		json_object_set_new(request, "for_s", json_integer(for_s));
	return daemon_tell(cli, request, "accepted; v2xctl why shows what comes of it");
}

static int limits_directly(const struct cli *cli, const struct keyval *keys)
{
	struct v2x_limits limits;
	struct v2x_device *dev;
	int ret = report_claim(cli, REPORT_LEASE_MS, &dev);

	if (ret)
		return ret;
	ret = v2x_get_limits(dev, &limits);
	for (size_t i = 0; i < LIMIT_COUNT && ret == 0; i++) {
		if (keys[i].given)
			*member(&limits, limit_keys[i].offset) = (uint32_t)keys[i].milli;
	}
	if (ret == 0)
		ret = v2x_set_limits(dev, &limits);
	ret = ret < 0 ? report_errno(cli, "limits", V2X_IOC_SET_LIMITS, ret) :
			show_limits(cli, dev);
	v2x_close(dev);
	return ret;
}

int cmd_limits(struct cli *cli)
{
	struct keyval keys[LIMIT_COUNT + 1] = { 0 };
	struct v2x_device *dev;
	char error[256];
	int ret;

	for (size_t i = 0; i < LIMIT_COUNT; i++)
		keys[i] = limit_keys[i].k;
	if (keyval_parse(keys, cli->argc, cli->argv, error, sizeof(error)) < 0)
		return report_error(cli, EX_BAD_USE, "%s", error);
	if (cli->argc > 0)
		return cli_has(cli, "direct") ? limits_directly(cli, keys) :
						limits_by_daemon(cli, keys);
	ret = report_open(cli, V2X_OPEN_READ, &dev);
	if (ret)
		return ret;
	ret = show_limits(cli, dev);
	v2x_close(dev);
	return ret;
}
