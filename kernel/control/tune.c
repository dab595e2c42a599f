// SPDX-License-Identifier: GPL-2.0-only
#include <linux/errno.h>
#include <linux/string.h>
#include "ctl_priv.h"
#include "tune.h"

/**
 * struct tune_range - values of a parameter
 * @min: smallest
 * @max: largest
 * @initial: default
 */
struct tune_range {
	s32 min;
	s32 max;
	s32 initial;
};

/**
 * struct tune_row - one parameter
 * @name: as v2xctl has it
 * @unit: of the values
 * @three: with three phases
 * @swing: with one or two, whose link swings at 2 f
 */
struct tune_row {
	const char *name;
	const char *unit;
	struct tune_range three;
	struct tune_range swing;
};

static const struct tune_row rows[V2X_TUNE_COUNT] = {
	[V2X_TUNE_CURRENT_BANDWIDTH] = {
		"current_bandwidth", "1/1000",
		{ 60, 90, V2X_CURRENT_WCT }, { 60, 90, V2X_CURRENT_WCT },
	},
	[V2X_TUNE_HARMONICS_SETTLING] = {
		"harmonics_settling", "ms",
		{ 20, 1000, V2X_HARMONICS_MS }, { 20, 1000, V2X_HARMONICS_MS },
	},
	[V2X_TUNE_TRACKER_BANDWIDTH] = {
		"tracker_bandwidth", "mHz",
		{ 5000, 30000, V2X_TRACKER_WN_MHZ }, { 5000, 30000, V2X_TRACKER_WN_MHZ },
	},
	[V2X_TUNE_TRACKER_DAMPING] = {
		"tracker_damping", "1/1000",
		{ 700, 1500, V2X_TRACKER_ZETA }, { 700, 1500, V2X_TRACKER_ZETA },
	},
	[V2X_TUNE_LINK_BANDWIDTH] = {
		"link_bandwidth", "mHz",
		{ 10000, 40000, V2X_LINK_WN_MHZ }, { 5000, 15000, V2X_LINK_SWING_WN_MHZ },
	},
	[V2X_TUNE_LINK_DAMPING] = {
		"link_damping", "1/1000",
		{ 600, 1500, V2X_LINK_ZETA }, { 600, 1500, V2X_LINK_SWING_ZETA },
	},
	[V2X_TUNE_DEAD_TIME] = {
		"dead_time", "1/1000", { 0, 1200, V2X_DEAD_WHOLE }, { 0, 1200, V2X_DEAD_WHOLE },
	},
};

static const struct tune_range *range_of(const struct v2x_stage_desc *desc, u32 index)
{
	return desc->phases == 3 ? &rows[index].three : &rows[index].swing;
}

void v2x_tune_default(const struct v2x_stage_desc *desc, struct v2x_tune_user *user)
{
	u32 i;

	user->version = 1;
	for (i = 0; i < V2X_TUNE_COUNT; i++)
		user->value[i] = range_of(desc, i)->initial;
}

int v2x_tune_describe(const struct v2x_stage_desc *desc, const struct v2x_tune_user *user,
		      struct v2x_tuning *t)
{
	const struct tune_range *range;

	if (t->index >= V2X_TUNE_COUNT)
		return -EINVAL;
	range = range_of(desc, t->index);
	t->count = V2X_TUNE_COUNT;
	t->value = user->value[t->index];
	t->min = range->min;
	t->max = range->max;
	t->initial = range->initial;
	strscpy(t->name, rows[t->index].name, sizeof(t->name));
	strscpy(t->unit, rows[t->index].unit, sizeof(t->unit));
	return 0;
}

int v2x_tune_set(const struct v2x_stage_desc *desc, struct v2x_tune_user *user, u32 index,
		 s32 value)
{
	struct v2x_tuning t = { .index = index };
	int ret = v2x_tune_describe(desc, user, &t);

	if (ret)
		return ret;
	if (value < t.min || value > t.max)
		return -ERANGE;
	user->value[index] = value;
	/* 0 is that of constants that were never derived */
	if (!++user->version)
		user->version = 1;
	return 0;
}

void v2x_tune_derive(const struct v2x_stage_desc *desc, const struct v2x_tune_user *user,
		     struct v2x_tuned *t)
{
	const s32 *v = user->value;
	struct v2x_tracker state;
	u32 tau = (u32)v[V2X_TUNE_HARMONICS_SETTLING];

	if (t->version == user->version)
		return;
	v2x_tracker_init(&t->tracker, &state, desc->tick_hz, desc->f_nominal_mhz,
			 desc->v_nominal_mv);
	v2x_tracker_loop(&t->tracker, desc->tick_hz, (u32)v[V2X_TUNE_TRACKER_BANDWIDTH],
			 (u32)v[V2X_TUNE_TRACKER_DAMPING]);
	if (desc->phases != 3)
		v2x_tracker_init_single(&t->tracker);
	v2x_current_gains(&t->cc, desc, (u32)v[V2X_TUNE_CURRENT_BANDWIDTH]);
	v2x_clean_gains(&t->clean, desc, &t->cc, tau);
	v2x_single_gains(&t->single, desc, &t->cc, tau);
	v2x_link_gains(&t->link, desc, (u32)v[V2X_TUNE_LINK_BANDWIDTH],
		       (u32)v[V2X_TUNE_LINK_DAMPING]);
	v2x_dead_gains(&t->dead, desc, (u32)v[V2X_TUNE_DEAD_TIME]);
	v2x_form_init(&t->form, desc, t->cc.kp_q16);
	t->version = user->version;
}

/* In the tick, between two of them: all states are outputs, nothing jumps. */
void v2x_tune_take(struct v2x_ctl *c, const struct v2x_tuned *t)
{
	c->k.tracker = t->tracker;
	c->k.cc = t->cc;
	c->k.clean = t->clean;
	c->k.link = t->link;
	c->k.single = t->single;
	c->k.dead = t->dead;
	c->k.form = t->form;
	c->tuned = t->version;
}
