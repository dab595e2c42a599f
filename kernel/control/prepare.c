// SPDX-License-Identifier: GPL-2.0-only
/* From a checked request in uapi terms to a setting in the tick's units. */
#include <linux/math64.h>
#include <linux/string.h>
#include "ctl_priv.h"
#include "prot_table.h"

static s32 q8(u32 milli)
{
	return (s32)min_t(u64, (u64)milli << 8, S32_MAX);
}

static s64 ramp(u32 mw_per_s, u32 tick_hz)
{
	if (mw_per_s == V2X_RAMP_FASTEST)
		return S64_MAX >> 1;
	/* at least one count of Q16 a step, or 1 mW/s would never arrive */
	return (s64)max_t(u64, div_u64(((u64)mw_per_s << 16) * V2X_OUTER_TICKS, tick_hz), 1);
}

static void setpoint(const struct v2x_ctl_user *u, struct v2x_ctl_set *set, u32 tick_hz)
{
	set->valid_until_tick = u->valid_until_tick;
	set->lease_until_tick = u->lease_until_tick;
	set->p_sp_mw = u->setpoint.p_mw;
	set->q_sp_mvar = u->setpoint.q_mvar;
	set->ramp_q16 = ramp(u->setpoint.ramp_mw_per_s, tick_hz);
	set->cause = u->setpoint.cause;
	set->dc = u->setpoint.flags & V2X_SETPOINT_DC;
	set->bus_form = set->dc && u->setpoint.flags & V2X_SETPOINT_FORM;
	set->form = !set->dc && u->setpoint.flags & (V2X_SETPOINT_FORM | V2X_SETPOINT_VSM);
	set->vsm = u->setpoint.flags & V2X_SETPOINT_VSM;
	set->island = u->setpoint.flags & V2X_SETPOINT_ISLAND;
	set->wait = u->setpoint.flags & V2X_SETPOINT_WAIT;
	set->pilot_permille = u->pilot_permille;
}

static void limits(const struct v2x_limits *l, struct v2x_ctl_set *set)
{
	set->p_import_max_mw = (s32)l->p_import_max_mw;
	set->p_export_max_mw = (s32)l->p_export_max_mw;
	set->q_max_mvar = (s32)l->q_max_mvar;
	set->i_peak_ma = (s32)div_u64((u64)l->i_max_ma * 1414214, 1000000);
	set->i_ev_charge_max_ma = (s32)l->i_ev_charge_max_ma;
	set->i_ev_discharge_max_ma = (s32)l->i_ev_discharge_max_ma;
	set->v_ev_min_mv = (s32)l->v_ev_min_mv;
	set->v_ev_max_mv = (s32)l->v_ev_max_mv;
}

/* Rated power over the way from the start of derating to the trip, rounded up. */
static s32 derate_q16(const struct v2x_stage_desc *desc, const struct v2x_protection *p)
{
	u32 rated = max(desc->p_import_max_mw, desc->p_export_max_mw);
	s32 span = p->temp_derate_mc ? p->temp_trip_mc - p->temp_derate_mc : V2X_DERATE_SPAN_MC;

	return (s32)min_t(u64, div_u64(((u64)rated << 16) + (u32)span - 1, (u32)span), S32_MAX);
}

static void protection(const struct v2x_protection *p, struct v2x_ctl_set *set)
{
	set->i_trip_q8 = q8(p->i_trip_ma);
	set->vdc_over_q8 = q8(p->v_dc_link_over_mv);
	set->vdc_under_q8 = q8(p->v_dc_link_under_mv);
	set->i_ev_trip_q8 = q8(p->i_ev_trip_ma);
	set->r_iso_min_ohm = (s32)p->r_iso_min_ohm;
	set->temp_trip_mc = p->temp_trip_mc;
}

void v2x_ctl_prepare(const struct v2x_ctl *c, const struct v2x_ctl_user *user,
		     struct v2x_ctl_set *set)
{
	memset(set, 0, offsetof(struct v2x_ctl_set, tuned));
	v2x_tune_derive(c->desc, &user->tune, &set->tuned);
	setpoint(user, set, c->desc->tick_hz);
	limits(&user->limits, set);
	protection(&user->protection, set);
	set->derate_q16 = derate_q16(c->desc, &user->protection);
	v2x_residual_prepare(c->desc, &user->protection, set);
	v2x_form_prepare(c->desc, &user->forming, &set->forming);
	v2x_bus_prepare(c->desc, &user->forming, &set->bus);
	if (user->table.count) {
		v2x_prot_table_prepare(c->desc, &user->table, &set->table);
	} else {
		struct v2x_prot_table t;

		v2x_prot_table_default(c->desc, &user->protection, &t);
		v2x_prot_table_prepare(c->desc, &t, &set->table);
	}
	v2x_prot_prepare(&c->k.prot, set);
}
