// SPDX-License-Identifier: GPL-2.0-only
/* Is a setting within the ratings, and does it agree with itself? */
#include <linux/errno.h>
#include <linux/limits.h>
#include "ctl_priv.h"

#define TIME_MAX_MS	600000

struct range {
	const char *field;
	s64 value;
	s64 lo;
	s64 hi;
};

static const char *first_outside(const struct range *r, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (r[i].value < r[i].lo || r[i].value > r[i].hi)
			return r[i].field;
	return NULL;
}

static const char *setpoint(const struct v2x_stage_desc *d, const struct v2x_setpoint *s)
{
	bool dc = s->flags & V2X_SETPOINT_DC;
	const struct range r[] = {
		{ "p_mw", s->p_mw, -(s64)d->p_export_max_mw, d->p_import_max_mw },
		{ "q_mvar", s->q_mvar, dc ? 0 : -(s64)d->q_max_mvar, dc ? 0 : d->q_max_mvar },
	};

	return first_outside(r, ARRAY_SIZE(r));
}

static const char *limits(const struct v2x_stage_desc *d, const struct v2x_limits *l)
{
	const struct range r[] = {
		{ "p_import_max_mw", l->p_import_max_mw, 0, d->p_import_max_mw },
		{ "p_export_max_mw", l->p_export_max_mw, 0, d->p_export_max_mw },
		{ "q_max_mvar", l->q_max_mvar, 0, d->q_max_mvar },
		{ "i_max_ma", l->i_max_ma, 0, d->i_rated_ma },
		{ "i_ev_charge_max_ma", l->i_ev_charge_max_ma, 0, d->i_ev_max_ma },
		{ "i_ev_discharge_max_ma", l->i_ev_discharge_max_ma, 0, d->i_ev_max_ma },
		{ "v_ev_min_mv", l->v_ev_min_mv, 0, (s64)l->v_ev_max_mv - 1 },
		{ "v_ev_max_mv", l->v_ev_max_mv, 1, d->v_ev_max_mv },
	};

	return first_outside(r, ARRAY_SIZE(r));
}

static const char *protection(const struct v2x_stage_desc *d, const struct v2x_protection *p)
{
	s64 vn = d->v_nominal_mv, fn = d->f_nominal_mhz;
	s64 i_peak = (s64)d->i_rated_ma * 1414 / 1000;
	const struct range r[] = {
		{ "v_over_mv", p->v_over_mv, vn, vn * 3 / 2 },
		{ "v_under_mv", p->v_under_mv, 0, vn },
		{ "f_over_mhz", p->f_over_mhz, fn, 66000 },
		{ "f_under_mhz", p->f_under_mhz, 45000, fn },
		{ "v_over_ms", p->v_over_ms, 0, TIME_MAX_MS },
		{ "v_under_ms", p->v_under_ms, 0, TIME_MAX_MS },
		{ "f_over_ms", p->f_over_ms, 0, TIME_MAX_MS },
		{ "f_under_ms", p->f_under_ms, 0, TIME_MAX_MS },
		{ "i_trip_ma", p->i_trip_ma, i_peak, i_peak * 3 },
		{ "v_dc_link_over_mv", p->v_dc_link_over_mv, d->v_dc_link_nominal_mv,
		  d->v_dc_link_max_mv },
		{ "v_dc_link_under_mv", p->v_dc_link_under_mv, 0, d->v_dc_link_nominal_mv },
		{ "i_ev_trip_ma", p->i_ev_trip_ma, 1, (s64)d->i_ev_max_ma * 2 },
		{ "r_iso_min_ohm", p->r_iso_min_ohm, 0, 100000000 },
		{ "temp_trip_mc", p->temp_trip_mc, 0, 150000 },
		{ "temp_derate_mc", p->temp_derate_mc, 0,
		  max(p->temp_trip_mc - V2X_DERATE_LEAST_MC, 0) },
		/* a person's protection may be made finer, not coarser */
		{ "residual_dc_ma", p->residual_dc_ma, 0, 6 },
		{ "residual_ac_ma", p->residual_ac_ma, 0, 30 },
	};

	return first_outside(r, ARRAY_SIZE(r));
}

static const char *forming(const struct v2x_stage_desc *d, const struct v2x_forming *f)
{
	s64 vn = d->v_nominal_mv, fn = d->f_nominal_mhz, link = d->v_dc_link_nominal_mv;
	s64 droop = v2x_bus_droop_least(d);
	const struct range r[] = {
		{ "v_mv", f->v_mv, vn * 9 / 10, vn * 11 / 10 },
		{ "f_mhz", f->f_mhz, fn - 1000, fn + 1000 },
		{ "p_droop_permille", f->p_droop_permille, 0, 50 },
		{ "q_droop_permille", f->q_droop_permille, 0, 100 },
		{ "leave_low_permille", f->leave_low_permille, 500, 950 },
		{ "leave_high_permille", f->leave_high_permille, 1100, 1350 },
		{ "leave_ms", f->leave_ms, 1, 20 },
		{ "join_low_permille", f->join_low_permille, 800, 1000 },
		{ "join_high_permille", f->join_high_permille, 1000, 1150 },
		{ "join_f_low_mhz", f->join_f_low_mhz, fn - 3000, fn },
		{ "join_f_high_mhz", f->join_f_high_mhz, fn, fn + 3000 },
		{ "join_wait_ms", f->join_wait_ms, 100, TIME_MAX_MS },
		{ "join_v_permille", f->join_v_permille, 10, 100 },
		{ "join_df_mhz", f->join_df_mhz, 10, 300 },
		{ "join_angle_mdeg", f->join_angle_mdeg, 500, 20000 },
		{ "ramp_ms", f->ramp_ms, 50, 60000 },
		{ "inertia_ms", f->inertia_ms, 100, 20000 },
		{ "damping", f->damping, 0, 1000 },
		{ "r_virtual_permille", f->r_virtual_permille, 0, 300 },
		{ "x_virtual_permille", f->x_virtual_permille, 0, 300 },
		{ "dc_v_mv", f->dc_v_mv ? f->dc_v_mv : link, link * 9 / 10, link * 21 / 20 },
		{ "dc_droop_permille", f->dc_droop_permille ? f->dc_droop_permille : droop, droop,
		  max(droop, 50LL) },
	};

	return first_outside(r, ARRAY_SIZE(r));
}

/* Does the table in force, or the default, look for an island? */
static bool looks_for_island(const struct v2x_prot_table *t)
{
	return !t->count || (t->lom_gain_permille && t->lom_q_permille);
}

/* Between bus and vehicle there is neither a grid nor an island of one. */
static bool bus_flags_allowed(const struct v2x_stage_desc *d, u32 flags)
{
	return d->features & V2X_FEATURE_DC_BUS &&
	       !(flags & ~(V2X_SETPOINT_DC | V2X_SETPOINT_FORM));
}

/*
 * To form on a grid, and not in an island of one's own, is to hold up whatever
 * is left of it; nothing here would find out.
 */
static bool flags_allowed(const struct v2x_stage_desc *d, const struct v2x_ctl_user *u)
{
	u32 flags = u->setpoint.flags;
	const u32 known = V2X_SETPOINT_FORM | V2X_SETPOINT_ISLAND | V2X_SETPOINT_VSM |
			  V2X_SETPOINT_WAIT | V2X_SETPOINT_DC;

	if (flags & ~known)
		return false;
	if (flags & V2X_SETPOINT_DC)
		return bus_flags_allowed(d, flags);
	if (flags & (V2X_SETPOINT_FORM | V2X_SETPOINT_VSM) && !(flags & V2X_SETPOINT_ISLAND) &&
	    looks_for_island(&u->table))
		return false;
	return !(flags & V2X_SETPOINT_ISLAND) || d->features & V2X_FEATURE_ISLAND_SWITCH;
}

static bool duty_allowed(u32 permille)
{
	return permille == V2X_PILOT_DUTY_OFF || permille == V2X_PILOT_DUTY_STEADY ||
	       (permille >= 30 && permille <= 970);
}

static int refuse(const char **field, const char *name, int err)
{
	if (field)
		*field = name;
	return err;
}

int v2x_ctl_check(const struct v2x_stage_desc *desc, const struct v2x_ctl_user *user,
		  const char **field)
{
	const char *bad;

	if (!flags_allowed(desc, user))
		return refuse(field, "setpoint.flags", -EINVAL);
	if (!user->setpoint.ramp_mw_per_s)
		return refuse(field, "ramp_mw_per_s", -EINVAL);
	if (user->limits.flags)
		return refuse(field, "limits.flags", -EINVAL);
	if (user->protection.flags)
		return refuse(field, "protection.flags", -EINVAL);
	if (user->forming.flags)
		return refuse(field, "forming.flags", -EINVAL);
	if (!duty_allowed(user->pilot_permille))
		return refuse(field, "duty_permille", -EINVAL);
	bad = setpoint(desc, &user->setpoint);
	if (!bad)
		bad = limits(desc, &user->limits);
	if (!bad)
		bad = protection(desc, &user->protection);
	if (!bad)
		bad = forming(desc, &user->forming);
	return bad ? refuse(field, bad, -ERANGE) : 0;
}
