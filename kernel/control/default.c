// SPDX-License-Identifier: GPL-2.0-only
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/string.h>
#include "ctl_priv.h"

static void limits(const struct v2x_stage_desc *d, struct v2x_limits *l)
{
	l->size = sizeof(*l);
	l->p_import_max_mw = d->p_import_max_mw;
	l->p_export_max_mw = d->p_export_max_mw;
	l->q_max_mvar = d->q_max_mvar;
	l->i_max_ma = d->i_rated_ma;
	l->i_ev_charge_max_ma = d->i_ev_max_ma;
	l->i_ev_discharge_max_ma = d->i_ev_max_ma;
	l->v_ev_min_mv = d->v_ev_min_mv;
	l->v_ev_max_mv = d->v_ev_max_mv;
}

/*
 * Wider than what EN 50549-1 wants ridden through: 1.25 Un for 100 ms,
 * 0.85 Un for 1.5 s and a dip to 0.05 Un for 250 ms that recovers in it,
 * 47.0 Hz to 52.0 Hz. A grid code puts its own values here.
 */
static void protection(const struct v2x_stage_desc *d, struct v2x_protection *p)
{
	/* 0.8 of the peak that a rectified grid leaves in the link, permille */
	static const u32 left[] = { 0, 1131, 2263, 1960 };
	u32 v = d->v_nominal_mv;

	p->size = sizeof(*p);
	p->v_over_mv = (u32)div_u64((u64)v * 125, 100);
	p->v_over_ms = 200;
	p->v_under_mv = (u32)div_u64((u64)v * 80, 100);
	p->v_under_ms = 2000;
	p->f_over_mhz = d->f_nominal_mhz + 2000;
	p->f_over_ms = 200;
	p->f_under_mhz = d->f_nominal_mhz - 3000;
	p->f_under_ms = 200;
	/* 1.8 of rated peak: ripple and a step of the grid pass, a short does not */
	p->i_trip_ma = (u32)div_u64((u64)d->i_rated_ma * 2546, 1000);
	p->v_dc_link_over_mv = d->v_dc_link_max_mv;
	p->v_dc_link_under_mv = min(d->v_dc_link_nominal_mv / 2, v / 1000 * left[d->phases]);
	p->i_ev_trip_ma = d->i_ev_max_ma + d->i_ev_max_ma / 4;
	p->r_iso_min_ohm = d->v_ev_max_mv / 10;	/* 100 ohm a volt, IEC 61851-23 */
	p->temp_trip_mc = 95000;
	p->temp_derate_mc = p->temp_trip_mc - V2X_DERATE_SPAN_MC;
	p->residual_dc_ma = 6;	/* IEC 62955 */
	p->residual_ac_ma = 30;	/* IEC 61008-1, IEC 61851-1 8.5 */
}

/* Where the values come from: Documentation/control.rst. */
static void forming(const struct v2x_stage_desc *d, struct v2x_forming *f)
{
	f->size = sizeof(*f);
	f->v_mv = d->v_nominal_mv;
	f->f_mhz = d->f_nominal_mhz;
	f->p_droop_permille = 10;
	f->q_droop_permille = 50;
	f->leave_low_permille = 850;
	f->leave_high_permille = 1200;
	f->leave_ms = 3;
	f->join_low_permille = 900;
	f->join_high_permille = 1100;
	f->join_f_low_mhz = d->f_nominal_mhz - 500;
	f->join_f_high_mhz = d->f_nominal_mhz + 100;
	f->join_wait_ms = 60000;
	f->join_v_permille = 30;
	f->join_df_mhz = 100;
	f->join_angle_mdeg = 2000;
	f->ramp_ms = 1000;
	f->inertia_ms = 2000;
	f->damping = 200;
	f->dc_v_mv = d->v_dc_link_nominal_mv;
	f->dc_droop_permille = v2x_bus_droop_least(d);
}

void v2x_ctl_default(const struct v2x_stage_desc *desc, struct v2x_ctl_user *user)
{
	memset(user, 0, sizeof(*user));
	user->setpoint.size = sizeof(user->setpoint);
	user->setpoint.ramp_mw_per_s = V2X_RAMP_FASTEST;
	limits(desc, &user->limits);
	protection(desc, &user->protection);
	forming(desc, &user->forming);
	user->valid_until_tick = U64_MAX;
	user->lease_until_tick = U64_MAX;
	user->pilot_permille = V2X_PILOT_DUTY_STEADY;
	v2x_tune_default(desc, &user->tune);
}
