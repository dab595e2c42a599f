// SPDX-License-Identifier: GPL-2.0-only
#include <linux/math64.h>
#include "setpoint.h"

void v2x_setpoint_init(struct v2x_setpoint_k *k, const struct v2x_stage_desc *desc)
{
	u32 rated = max(desc->p_import_max_mw, desc->p_export_max_mw);

	k->fast_q16 = (s64)div_u64(((u64)rated << 16) * 100 * V2X_OUTER_TICKS, desc->tick_hz);
	/* a swing is taken off the mean, which makes what follows it later */
	k->far_q16 = k->fast_q16 + (k->fast_q16 >> (desc->phases == 3 ? 2 : 1));
	k->far_mw = (s32)(rated / 8 * 9);
	k->stop_q16 = (s64)div_u64(((u64)rated << 16) * 5 * V2X_OUTER_TICKS, desc->tick_hz);
	k->s_rated_mva = (s32)desc->s_rated_mva;
	k->va_q16 = (s32)(33554 * desc->phases);
	k->vev_mw_per_mv = (s32)(rated / (desc->v_ev_max_mv / 100) + 1);
}

static void bound(struct v2x_bound *b, s64 mw, u32 why)
{
	if (mw < b->mw) {
		b->mw = (s32)max_t(s64, mw, 0);
		b->why = why;
	}
}

/* What a current makes of the present voltage: n/2 vd i. */
static s64 volt_ampere(const struct v2x_setpoint_k *k, s32 i_ma, long vd_q8)
{
	/* mV * mA * n/2 / 1000 = product / 2^10 * 1.024 n/2 */
	return (((s64)max(vd_q8 >> 8, 0L) * i_ma >> 10) * k->va_q16) >> 16;
}

static s64 apparent(const struct v2x_setpoint_k *k, const struct v2x_ctl_set *set, long vd_q8)
{
	return volt_ampere(k, set->i_peak_ma, vd_q8);
}

/* What reactive power that goes first leaves of @s. */
static s64 beside(s64 s, s64 q)
{
	s >>= 4;
	q >>= 4;
	return s > q ? (s64)v2x_sqrt((u64)(s * s - q * q)) << 4 : 0;
}

/* The same of what reactive current for support and reactive power that goes first leave. */
static s64 active(const struct v2x_setpoint_k *k, const struct v2x_ctl_set *set,
		  const struct v2x_ref *r, long vd_q8)
{
	s64 most = apparent(k, set, vd_q8);
	s64 q = min_t(s64, v2x_abs((long)(r->q_q16 >> 16)), set->table.q_first_mvar);

	if (likely(!(r->i_support_ma | q)))
		return most;
	q += volt_ampere(k, r->i_support_ma, vd_q8);
	return beside(set->table.q_first_mvar ? min_t(s64, most, k->s_rated_mva) : most, q);
}

/* No current is no power: its losses come from the grid by themselves. */
static s64 constant_current(s64 v_mv, s64 i_ma, s64 loss_mw)
{
	return i_ma ? v2x_micro_to_milli(v_mv * i_ma) + loss_mw : 0;
}

void v2x_setpoint_bounds(const struct v2x_setpoint_k *k, struct v2x_ref *r,
			 const struct v2x_ctl_set *set, const struct v2x_meas *m,
			 const struct v2x_dc_mean *dc, long vd_q8, bool derate)
{
	s64 vev = dc->v_q18 >> 18, p = dc->p_q10 >> 10, loss = dc->loss_q10 >> 10;
	s64 ac = active(k, set, r, vd_q8);

	r->import = (struct v2x_bound){ .mw = k->s_rated_mva, .why = V2X_LIMITED_RATING };
	r->export = r->import;
	bound(&r->import, ac, V2X_LIMITED_I_AC);
	bound(&r->export, ac, V2X_LIMITED_I_AC);
	/* mV * mA / 1000 */
	bound(&r->import, constant_current(vev, set->i_ev_charge_max_ma, loss), V2X_LIMITED_I_EV);
	bound(&r->export, constant_current(vev, set->i_ev_discharge_max_ma, -loss),
	      V2X_LIMITED_I_EV);
	bound(&r->import, p + (set->v_ev_max_mv - vev) * k->vev_mw_per_mv, V2X_LIMITED_V_EV);
	bound(&r->export, -p + (vev - set->v_ev_min_mv) * k->vev_mw_per_mv, V2X_LIMITED_V_EV);
	if (derate) {
		s64 left = v2x_derate_mw(&r->derate, set, m->temp_mc);

		bound(&r->import, left, V2X_LIMITED_TEMPERATURE);
		bound(&r->export, left, V2X_LIMITED_TEMPERATURE);
	}
}

void v2x_setpoint_room(const struct v2x_setpoint_k *k, struct v2x_ref *r,
		       const struct v2x_ctl_set *set, long vd_q8)
{
	/* Q^2 = S^2 - P^2; P first unless the table says otherwise: power is what was sold */
	s64 s = min_t(s64, apparent(k, set, vd_q8), k->s_rated_mva) >> 4;
	s64 p = r->p_q16 >> 20;
	s64 room = s * s - p * p;

	r->q_room_mvar = room > 0 ? (s32)(v2x_sqrt((u64)room) << 4) : 0;
	/* what goes first has all the room there is, and active power gives way to it */
	if (set->table.q_first_mvar)
		r->q_room_mvar = max(r->q_room_mvar,
				     (s32)min_t(s64, s << 4, set->table.q_first_mvar));
	/* and support goes before both */
	if (unlikely(r->i_support_ma))
		r->q_room_mvar = (s32)clamp_t(s64, (s << 4) -
					      volt_ampere(k, r->i_support_ma, vd_q8),
					      0, r->q_room_mvar);
}

/* One step from ref towards the target, never past it. */
static __always_inline s64 approach(s64 ref, s64 target, s64 step)
{
	return ref + clamp(target - ref, -step, step);
}

/* A power, within what may be imported (@up) and exported (@down, not positive). */
static s32 limited(s32 want, s32 up, s32 down, const struct v2x_ref *r,
		   const struct v2x_ctl_set *set, u32 *why)
{
	if (want > up) {
		*why = up == set->p_import_max_mw ? V2X_LIMITED_P_IMPORT : r->import.why;
		return up;
	}
	if (want < down) {
		*why = down == -set->p_export_max_mw ? V2X_LIMITED_P_EXPORT : r->export.why;
		return down;
	}
	return want;
}

void v2x_setpoint_target(const struct v2x_setpoint_k *k, struct v2x_ref *r,
			 const struct v2x_ctl_set *set, u64 tick)
{
	s32 q, q_max = min(set->q_max_mvar, r->q_room_mvar);
	u32 why = 0;

	r->up_mw = min(set->p_import_max_mw, r->import.mw);
	r->down_mw = -min(set->p_export_max_mw, r->export.mw);
	if (unlikely(tick > set->valid_until_tick)) {
		r->p_to_q16 = 0;
		r->q_to_q16 = 0;
		r->step_q16 = k->stop_q16;
		r->why = V2X_LIMITED_EXPIRED;
		return;
	}
	r->p_to_q16 = limited(set->p_sp_mw, r->up_mw, r->down_mw, r, set, &why) * 65536LL;
	q = clamp(set->q_sp_mvar, -q_max, q_max);
	if (q != set->q_sp_mvar)
		why |= V2X_LIMITED_Q;
	r->q_to_q16 = q * 65536LL;
	r->step_q16 = min(set->ramp_q16, k->fast_q16);
	/* a reversal begins faster than it ends */
	if (r->step_q16 == k->fast_q16 &&
	    v2x_abs((long)((r->p_to_q16 - r->p_q16) >> 16)) > k->far_mw)
		r->step_q16 = k->far_q16;
	r->why = why;
}

/* To be zero at once. */
static void nothing(struct v2x_ref *r, u32 why)
{
	r->p_q16 = 0;
	r->q_q16 = 0;
	r->limited_by = why;
}

void v2x_setpoint_step(const struct v2x_setpoint_k *k, struct v2x_ref *r,
		       const struct v2x_ctl_set *set, enum v2x_ref_mode mode)
{
	s64 p = 0, q = 0, step = k->stop_q16, q_step = 0;
	u32 why = 0;
	s32 now;

	/* there already, and it is within the bounds: nothing moves */
	if (mode == V2X_REF_FOLLOW && likely(r->p_q16 == r->p_to_q16 && r->q_q16 == r->q_to_q16)) {
		r->limited_by = r->why | (r->i_support_ma ? V2X_LIMITED_SUPPORT : 0);
		return;
	}
	switch (mode) {
	case V2X_REF_FOLLOW:
	case V2X_REF_RECOVER:
		p = r->p_to_q16;
		q = r->q_to_q16;
		why = r->why;
		step = r->step_q16;
		q_step = step;
		/* after a cessation active power has a slope of its own, reactive has none */
		if (mode == V2X_REF_RECOVER && !(why & V2X_LIMITED_EXPIRED))
			step = set->table.recover_q16;
		break;
	case V2X_REF_REACTIVE:
		r->p_q16 = 0;
		q = r->q_to_q16;
		q_step = r->step_q16;
		why = V2X_LIMITED_CEASED;
		break;
	case V2X_REF_ZERO:
		nothing(r, 0);
		return;
	case V2X_REF_CEASED:
		nothing(r, V2X_LIMITED_CEASED);
		return;
	case V2X_REF_STOP_FAST:
		step = k->fast_q16;
		break;
	case V2X_REF_STOP:
		break;
	}

	/* A reference beyond its limits comes back as fast as the stage can. */
	now = (s32)(r->p_q16 >> 16);
	if (unlikely(now > r->up_mw || now < r->down_mw))
		r->p_q16 = approach(r->p_q16, p, max(step, k->fast_q16));
	else
		r->p_q16 = approach(r->p_q16, p, step);
	r->q_q16 = approach(r->q_q16, q, q_step ? q_step : step);
	if (r->i_support_ma)
		why |= V2X_LIMITED_SUPPORT;
	if (r->p_q16 != p || r->q_q16 != q)
		why |= V2X_LIMITED_RAMP;
	r->limited_by = why;
}
