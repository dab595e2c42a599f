/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From the set-point to the power reference: limits, then the ramp.
 *
 * Limits only ever pull a reference towards zero: the upper one is never
 * negative, the lower one never positive. So nothing but a set-point of the
 * other sign moves power into the other direction.
 */
#ifndef _V2X_SETPOINT_H
#define _V2X_SETPOINT_H

#include <v2x/stage_desc.h>
#include "angle.h"
#include "ctl_set.h"
#include "derate.h"
#include "sample.h"
#include "schedule.h"

/**
 * struct v2x_setpoint_k - constants
 * @fast_q16: step of the fastest ramp, the rating in 10 ms; mW Q16 a step
 * @far_mw: so far from its end, 9/8 of the rating, the fastest ramp is ...
 * @far_q16: ... this: the rating in 8 ms, in 6.7 with one or two phases
 * @stop_q16: step of a ramp-down, the rating in 200 ms
 * @s_rated_mva: apparent power
 * @va_q16: 2^16 * 1.024 * phases / 2
 * @vev_mw_per_mv: of the constant-voltage bounds: the rating for a percent of the
 *	highest output voltage, some 0.3 ohm; batteries and cables have less
 */
struct v2x_setpoint_k {
	s64 fast_q16;
	s64 stop_q16;
	s64 far_q16;
	s32 far_mw;
	s32 s_rated_mva;
	s32 va_q16;
	s32 vev_mw_per_mv;
};

/* The bound in force and what sets it (V2X_LIMITED_*). */
struct v2x_bound {
	s32 mw;
	u32 why;
};

/**
 * struct v2x_ref - state
 * @p_q16: active power reference, mW Q16
 * @q_q16: reactive power reference, mvar Q16
 * @import: most import that currents, voltages and temperature allow
 * @export: most export, positive
 * @q_room_mvar: what the apparent power leaves
 * @i_support_ma: peak of the current that supports the voltage and goes first
 * @limited_by: V2X_LIMITED_*
 * @p_to_q16: where @p_q16 goes to by set-point and limits
 * @q_to_q16: likewise
 * @step_q16: how fast
 * @up_mw: most import
 * @down_mw: most export, not positive
 * @why: V2X_LIMITED_* of them
 * @derate: by temperature
 */
struct v2x_ref {
	s64 p_q16;
	s64 q_q16;
	struct v2x_bound import;
	struct v2x_bound export;
	s32 q_room_mvar;
	s32 i_support_ma;
	u32 limited_by;
	s64 p_to_q16;
	s64 q_to_q16;
	s64 step_q16;
	s32 up_mw;
	s32 down_mw;
	u32 why;
	struct v2x_derate derate;
};

/**
 * struct v2x_dc_mean - the DC side and what goes into it, low-passed with 10 ms
 * @p_q10: power at the grid terminals, mW Q10
 * @loss_q10: the part of it that does not arrive in the vehicle, mW Q10
 * @v_q18: output voltage, mV Q18
 */
struct v2x_dc_mean {
	s64 p_q10;
	s64 loss_q10;
	s64 v_q18;
};

/* What the reference is to do in this state. */
enum v2x_ref_mode {
	V2X_REF_ZERO,	/* be zero */
	V2X_REF_FOLLOW,	/* go to the set-point */
	V2X_REF_CEASED,	/* be zero, and say so */
	V2X_REF_REACTIVE, /* to the set-point's Q, without P: the link comes back */
	V2X_REF_RECOVER, /* go to the set-point as after momentary cessation */
	V2X_REF_STOP,	/* go to zero in 200 ms at most */
	V2X_REF_STOP_FAST, /* go to zero in 10 ms at most */
};

void v2x_setpoint_init(struct v2x_setpoint_k *k, const struct v2x_stage_desc *desc);

/**
 * v2x_setpoint_bounds() - the bounds that follow from measurements
 * @k: constants
 * @r: bounds written
 * @set: limits in force
 * @m: measurements
 * @dc: of the DC side
 * @vd_q8: positive-sequence peak voltage
 * @derate: there is a temperature to derate by
 *
 * Constant current: the limit's power into the vehicle and the losses on the way
 * there, so that it is the vehicle's current that is held. Constant voltage:
 * the power there is and 1 / @vev_mw_per_mv of what the voltage is off by; as that
 * power follows with 10 ms it integrates, and the voltage arrives at its limit.
 * Both hold in either direction, and neither has a state of its own to wind up.
 *
 * Called every V2X_SLOW_TICKS samples.
 */
void v2x_setpoint_bounds(const struct v2x_setpoint_k *k, struct v2x_ref *r,
			 const struct v2x_ctl_set *set, const struct v2x_meas *m,
			 const struct v2x_dc_mean *dc, long vd_q8, bool derate);

/**
 * v2x_setpoint_room() - how much reactive power the apparent power leaves
 * @k: constants
 * @r: q_room_mvar written
 * @set: limits in force
 * @vd_q8: positive-sequence peak voltage
 *
 * Called every V2X_SLOW_TICKS samples.
 */
void v2x_setpoint_room(const struct v2x_setpoint_k *k, struct v2x_ref *r,
		       const struct v2x_ctl_set *set, long vd_q8);

/**
 * v2x_setpoint_target() - where the reference goes to, every V2X_SLOW_TICKS samples
 * @k: constants
 * @r: state with bounds
 * @set: in force
 * @tick: now
 */
void v2x_setpoint_target(const struct v2x_setpoint_k *k, struct v2x_ref *r,
			 const struct v2x_ctl_set *set, u64 tick);

/**
 * v2x_setpoint_step() - one step of the way there, every V2X_OUTER_TICKS samples
 * @k: constants
 * @r: state
 * @set: in force
 * @mode: what to do
 */
void v2x_setpoint_step(const struct v2x_setpoint_k *k, struct v2x_ref *r,
		       const struct v2x_ctl_set *set, enum v2x_ref_mode mode);

#endif /* _V2X_SETPOINT_H */
