// SPDX-License-Identifier: Apache-2.0
/* list, info, channels: what there is. */
#include <errno.h>

#include "cmd.h"

#define NODES_MAX 64

static json_t *list_row(const struct v2x_node *node, bool human)
{
	struct v2x_status s = { 0 };
	struct v2x_device *dev;
	const struct v2x_info *info;
	json_t *row;
	const int ret = v2x_open(node->path, V2X_OPEN_READ, &dev);

	if (ret < 0) {
		if (human)
			printf("%-6s %-16s %s\n", node->dev, "-", v2x_error_text(0, ret));
		return json_pack("{s:s,s:s,s:s}", "dev", node->dev, "path", node->path, "error",
				 v2x_error_text(0, ret));
	}
	info = v2x_device_info(dev);
	v2x_get_status(dev, &s);
	if (human)
		printf("%-6s %-16s %-8s %6.1f kW  %-10s %s\n", node->dev, info->name,
		       info->driver, info->p_import_max_mw / 1e6, v2x_state_name(s.state),
		       s.claimed ? "claimed" : "free");
	row = json_pack("{s:s,s:s,s:s,s:s,s:s,s:b,s:I}", "dev", node->dev, "path", node->path,
			"name", info->name, "driver", info->driver, "state",
			v2x_state_name(s.state), "claimed", s.claimed, "p_import_max_mw",
			(json_int_t)info->p_import_max_mw);
	v2x_close(dev);
	return row;
}

int cmd_list(struct cli *cli)
{
	struct v2x_node nodes[NODES_MAX];
	const int count = v2x_list(nodes, NODES_MAX);
	json_t *rows = json_array();

	if (count < 0)
		return report_errno(cli, "list", 0, count);
	if (!cli->json && count > 0)
		printf("%-6s %-16s %-8s %9s  %-10s %s\n", "DEVICE", "NAME", "DRIVER", "RATING",
		       "STATE", "CLAIM");
	for (int i = 0; i < count && i < NODES_MAX; i++)
		json_array_append_new(rows, list_row(&nodes[i], !cli->json));
	if (cli->json)
		return report_json(json_pack("{s:b,s:o}", "ok", 1, "chargers", rows));
	json_decref(rows);
	if (count == 0)
		puts("no charger");
	return EX_OK_;
}

/* Ratings: one row a number, for both kinds of output. */
static const struct rating {
	const char *label;
	const char *field;
	const char *unit;
	double per_unit;
	size_t offset;
} ratings[] = {
#define RATING(label, field, unit, per_unit) \
	{ label, #field, unit, per_unit, offsetof(struct v2x_info, field) }
	RATING("phases", phases, "", 1),
	RATING("control rate", tick_hz, "Hz", 1),
	RATING("nominal frequency", f_nominal_mhz, "Hz", 1e3),
	RATING("nominal voltage", v_nominal_mv, "V", 1e3),
	RATING("phase current", i_rated_ma, "A", 1e3),
	RATING("apparent power", s_rated_mva, "kVA", 1e6),
	RATING("charging power", p_import_max_mw, "kW", 1e6),
	RATING("discharging power", p_export_max_mw, "kW", 1e6),
	RATING("reactive power", q_max_mvar, "kvar", 1e6),
	RATING("DC link, working", v_dc_link_nominal_mv, "V", 1e3),
	RATING("DC link, trip", v_dc_link_max_mv, "V", 1e3),
	RATING("vehicle voltage, lowest", v_ev_min_mv, "V", 1e3),
	RATING("vehicle voltage, highest", v_ev_max_mv, "V", 1e3),
	RATING("vehicle current", i_ev_max_ma, "A", 1e3),
	RATING("ADC channels", adc_count, "", 1),
	RATING("PWM outputs", pwm_count, "", 1),
	RATING("fault lines", fault_count, "", 1),
#undef RATING
};

static uint32_t rating_value(const struct v2x_info *info, const struct rating *r)
{
	return *(const uint32_t *)(const void *)((const char *)info + r->offset);
}

static json_t *info_json(const struct v2x_info *info)
{
	json_t *o = json_pack("{s:b,s:s,s:s,s:s,s:i}", "ok", 1, "name", info->name, "driver",
			      info->driver, "serial", info->serial, "api_version",
			      (int)info->api_version);
	json_t *features = json_array();

	for (size_t i = 0; i < sizeof(ratings) / sizeof(ratings[0]); i++)
		json_object_set_new(o, ratings[i].field,
				    json_integer(rating_value(info, &ratings[i])));
	for (uint64_t bit = 1; bit && bit <= info->features; bit <<= 1) {
		if (info->features & bit)
			json_array_append_new(features, json_string(v2x_feature_name(bit)));
	}
	json_object_set_new(o, "features", features);
	return o;
}

int cmd_info(struct cli *cli)
{
	struct v2x_device *dev;
	const struct v2x_info *info;
	int ret = report_open(cli, V2X_OPEN_READ, &dev);

	if (ret)
		return ret;
	info = v2x_device_info(dev);
	if (cli->json) {
		ret = report_json(info_json(info));
		v2x_close(dev);
		return ret;
	}
	printf("%-26s %s\n%-26s %s\n%-26s %s\n%-26s %s\n%-26s", "name", info->name, "device",
	       v2x_path(dev), "driver", info->driver, "serial number",
	       info->serial[0] ? info->serial : "-", "features");
	for (uint64_t bit = 1; bit && bit <= info->features; bit <<= 1) {
		if (info->features & bit)
			printf(" %s", v2x_feature_name(bit));
	}
	putchar('\n');
	for (size_t i = 0; i < sizeof(ratings) / sizeof(ratings[0]); i++)
		printf("%-26s %g %s\n", ratings[i].label,
		       rating_value(info, &ratings[i]) / ratings[i].per_unit, ratings[i].unit);
	v2x_close(dev);
	return EX_OK_;
}

static const char *const kinds[] = { [V2X_CHANNEL_ADC] = "adc",
				     [V2X_CHANNEL_PWM] = "pwm",
				     [V2X_CHANNEL_FAULT] = "fault" };

static json_t *channel_row(const struct v2x_channel *c, bool human)
{
	const double value = ((double)c->raw * (double)c->scale_n + (double)c->offset_n) / 1e9;

	if (human)
		printf("%-6s %3u  %-16s %10d %14.4f %-4s %8d..%d\n", kinds[c->kind], c->index,
		       c->name, c->raw, value, c->unit, c->raw_min, c->raw_max);
	return json_pack("{s:s,s:i,s:s,s:s,s:I,s:I,s:i,s:i,s:i,s:f}", "kind", kinds[c->kind],
			 "index", (int)c->index, "name", c->name, "unit", c->unit, "scale_n",
			 (json_int_t)c->scale_n, "offset_n", (json_int_t)c->offset_n, "raw_min",
			 (int)c->raw_min, "raw_max", (int)c->raw_max, "raw", (int)c->raw, "value",
			 value);
}

int cmd_channels(struct cli *cli)
{
	struct v2x_device *dev;
	json_t *rows;
	int ret = report_open(cli, V2X_OPEN_READ, &dev);
	int err = 0;

	if (ret)
		return ret;
	rows = json_array();
	if (!cli->json)
		printf("%-6s %3s  %-16s %10s %14s %-4s %s\n", "KIND", "NO", "NAME", "RAW", "VALUE",
		       "UNIT", "    RANGE");
	for (uint32_t kind = 0; kind <= V2X_CHANNEL_FAULT; kind++) {
		struct v2x_channel c;

		for (uint32_t i = 0; (err = v2x_get_channel(dev, kind, i, &c)) == 0; i++)
			json_array_append_new(rows, channel_row(&c, !cli->json));
		if (err != -ENOENT)
			break;
	}
	v2x_close(dev);
	if (err != -ENOENT) {
		json_decref(rows);
		return report_errno(cli, "channels", V2X_IOC_CHANNEL, err);
	}
	if (cli->json)
		return report_json(json_pack("{s:b,s:o}", "ok", 1, "channels", rows));
	json_decref(rows);
	return EX_OK_;
}
