// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/class/v2x/v2xN: what the charger is, what it does, how well the tick
 * keeps its time. Read-only, one value a file (the histograms: one array).
 */
#include <linux/device.h>
#include <linux/sysfs.h>

#include "core.h"

enum v2x_value_kind {
	V2X_VALUE_U32,
	V2X_VALUE_S32,
	V2X_VALUE_U64,
	V2X_VALUE_S64,
	V2X_VALUE_TEXT,
	V2X_VALUE_STATE,
	V2X_VALUE_REASON,
	V2X_VALUE_HIST,
};

/**
 * struct v2x_value - one file
 * @attr: for sysfs
 * @kind: how to print
 * @status: in struct v2x_status, else in struct v2x_info
 * @offset: where
 */
struct v2x_value {
	struct device_attribute attr;
	enum v2x_value_kind kind;
	bool status;
	size_t offset;
};

static ssize_t v2x_hist_show(char *buf, const u64 *hist)
{
	int len = 0;
	int i;

	for (i = 0; i < V2X_HIST_BINS; i++)
		len += sysfs_emit_at(buf, len, "%llu%c", READ_ONCE(hist[i]),
				     i < V2X_HIST_BINS - 1 ? ' ' : '\n');
	return len;
}

static ssize_t v2x_value_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	const struct v2x_core *core = container_of(dev, struct v2x_core, dev);
	const struct v2x_value *value = container_of(attr, struct v2x_value, attr);
	const void *at = value->status ? (void *)core->status : (void *)&core->info;

	at += value->offset;
	switch (value->kind) {
	case V2X_VALUE_U32:
		return sysfs_emit(buf, "%u\n", READ_ONCE(*(u32 *)at));
	case V2X_VALUE_S32:
		return sysfs_emit(buf, "%d\n", READ_ONCE(*(s32 *)at));
	case V2X_VALUE_U64:
		return sysfs_emit(buf, "%llu\n", READ_ONCE(*(u64 *)at));
	case V2X_VALUE_S64:
		return sysfs_emit(buf, "%lld\n", READ_ONCE(*(s64 *)at));
	case V2X_VALUE_TEXT:
		return sysfs_emit(buf, "%s\n", (const char *)at);
	case V2X_VALUE_STATE:
		return sysfs_emit(buf, "%s\n", v2x_state_name(READ_ONCE(*(u32 *)at)));
	case V2X_VALUE_REASON:
		return sysfs_emit(buf, "%s\n", v2x_reason_name(READ_ONCE(*(u32 *)at)));
	case V2X_VALUE_HIST:
		return v2x_hist_show(buf, at);
	}
	return -EIO;
}

#define V2X_VALUE(table, field, how)						\
	static struct v2x_value v2x_##table##_##field = {			\
		.attr = {							\
			.attr = { .name = #field, .mode = 0444 },		\
			.show = v2x_value_show,					\
		},								\
		.kind = V2X_VALUE_##how,					\
		.status = __builtin_types_compatible_p(struct v2x_##table,	\
						       struct v2x_status),	\
		.offset = offsetof(struct v2x_##table, field),			\
	}

V2X_VALUE(info, driver, TEXT);
V2X_VALUE(info, name, TEXT);
V2X_VALUE(info, serial, TEXT);
V2X_VALUE(status, state, STATE);
V2X_VALUE(status, reason, REASON);
V2X_VALUE(status, fault, REASON);
V2X_VALUE(status, claimed, U32);

static struct attribute *v2x_main_attrs[] = {
	&v2x_info_driver.attr.attr,
	&v2x_info_name.attr.attr,
	&v2x_info_serial.attr.attr,
	&v2x_status_state.attr.attr,
	&v2x_status_reason.attr.attr,
	&v2x_status_fault.attr.attr,
	&v2x_status_claimed.attr.attr,
	NULL
};

V2X_VALUE(info, phases, U32);
V2X_VALUE(info, tick_hz, U32);
V2X_VALUE(info, f_nominal_mhz, U32);
V2X_VALUE(info, v_nominal_mv, U32);
V2X_VALUE(info, i_rated_ma, U32);
V2X_VALUE(info, s_rated_mva, U32);
V2X_VALUE(info, p_import_max_mw, U32);
V2X_VALUE(info, p_export_max_mw, U32);
V2X_VALUE(info, q_max_mvar, U32);
V2X_VALUE(info, v_dc_link_nominal_mv, U32);
V2X_VALUE(info, v_dc_link_max_mv, U32);
V2X_VALUE(info, v_ev_min_mv, U32);
V2X_VALUE(info, v_ev_max_mv, U32);
V2X_VALUE(info, i_ev_max_ma, U32);

static struct attribute *v2x_rating_attrs[] = {
	&v2x_info_phases.attr.attr,
	&v2x_info_tick_hz.attr.attr,
	&v2x_info_f_nominal_mhz.attr.attr,
	&v2x_info_v_nominal_mv.attr.attr,
	&v2x_info_i_rated_ma.attr.attr,
	&v2x_info_s_rated_mva.attr.attr,
	&v2x_info_p_import_max_mw.attr.attr,
	&v2x_info_p_export_max_mw.attr.attr,
	&v2x_info_q_max_mvar.attr.attr,
	&v2x_info_v_dc_link_nominal_mv.attr.attr,
	&v2x_info_v_dc_link_max_mv.attr.attr,
	&v2x_info_v_ev_min_mv.attr.attr,
	&v2x_info_v_ev_max_mv.attr.attr,
	&v2x_info_i_ev_max_ma.attr.attr,
	NULL
};

V2X_VALUE(status, tick, U64);
V2X_VALUE(status, cycle_seq, U64);
V2X_VALUE(status, event_seq, U64);
V2X_VALUE(status, record_seq, U64);
V2X_VALUE(status, ticks_missed, U64);
V2X_VALUE(status, start_worst_ns, U64);
V2X_VALUE(status, duration_worst_ns, U64);
V2X_VALUE(status, duration_sum_ns, U64);
V2X_VALUE(status, fault_to_inhibit_worst_ns, U64);
V2X_VALUE(status, start_hist, HIST);
V2X_VALUE(status, duration_hist, HIST);

static struct attribute *v2x_counter_attrs[] = {
	&v2x_status_tick.attr.attr,
	&v2x_status_cycle_seq.attr.attr,
	&v2x_status_event_seq.attr.attr,
	&v2x_status_record_seq.attr.attr,
	&v2x_status_ticks_missed.attr.attr,
	&v2x_status_start_worst_ns.attr.attr,
	&v2x_status_duration_worst_ns.attr.attr,
	&v2x_status_duration_sum_ns.attr.attr,
	&v2x_status_fault_to_inhibit_worst_ns.attr.attr,
	&v2x_status_start_hist.attr.attr,
	&v2x_status_duration_hist.attr.attr,
	NULL
};

V2X_VALUE(status, p_mw, S32);
V2X_VALUE(status, q_mvar, S32);
V2X_VALUE(status, f_mhz, S32);
V2X_VALUE(status, v_dc_link_mv, S32);
V2X_VALUE(status, v_ev_mv, S32);
V2X_VALUE(status, i_ev_ma, S32);
V2X_VALUE(status, temp_mc, S32);
V2X_VALUE(status, e_import_mj, S64);
V2X_VALUE(status, e_export_mj, S64);

static struct attribute *v2x_measured_attrs[] = {
	&v2x_status_p_mw.attr.attr,
	&v2x_status_q_mvar.attr.attr,
	&v2x_status_f_mhz.attr.attr,
	&v2x_status_v_dc_link_mv.attr.attr,
	&v2x_status_v_ev_mv.attr.attr,
	&v2x_status_i_ev_ma.attr.attr,
	&v2x_status_temp_mc.attr.attr,
	&v2x_status_e_import_mj.attr.attr,
	&v2x_status_e_export_mj.attr.attr,
	NULL
};

static const struct attribute_group v2x_main_group = { .attrs = v2x_main_attrs };

static const struct attribute_group v2x_rating_group = {
	.name = "ratings",
	.attrs = v2x_rating_attrs,
};

static const struct attribute_group v2x_counter_group = {
	.name = "counters",
	.attrs = v2x_counter_attrs,
};

static const struct attribute_group v2x_measured_group = {
	.name = "measured",
	.attrs = v2x_measured_attrs,
};

const struct attribute_group *v2x_groups[] = {
	&v2x_main_group,
	&v2x_rating_group,
	&v2x_counter_group,
	&v2x_measured_group,
	NULL
};
