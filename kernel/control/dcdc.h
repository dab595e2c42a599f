/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Power of the DC/DC stage, so that the power at the grid terminals is the
 * reference: it is told the reference plus a trim that integrates the error
 * (losses of the stage, 5 Hz). The trim may change the amount, never the
 * direction: with a reference of zero the DC/DC power is zero and the losses
 * come from the grid.
 *
 * Load dump. A vehicle that lets go leaves the stage's current to the output
 * capacitor: 27.5 A of 11 kW at 400 V into 50 uF are 27.5 V in every 50 us.
 * It is known in one of two ways, and the stage stops in the same tick:
 *   - the current measured is less than a quarter of what was asked for with
 *     both of the last two commands, and the output has left its last good
 *     voltage in the direction of the power, or this is the second such tick.
 *     After a reversal the stage is still on its way: what was asked for counts
 *     only as far as a lag of two commands agrees with it;
 *   - the output is farther from its last good voltage than a battery lets it
 *     be: i_ev_max on 0.3 ohm (192 cells at 0.8 mohm, cable, contacts) and 2 %
 *     of the range; the last good voltage follows with 64 ticks.
 * Every eighth tick a guard says which voltages and currents of the output
 * cannot be either: with a tenth of the rating asked for, less than 5/16 of the
 * current there is has to be judged. The protection holds every sample against
 * that along with its own limits, so that the tick does not pay for a product it
 * does not need.
 * So the output moves by I T / C in the period in which it happens and at most
 * once more before the gates are off: 55 V of 400 V at rated power. The stage's
 * own limit stays behind it.
 */
#ifndef _V2X_DCDC_H
#define _V2X_DCDC_H

#include <v2x/stage_desc.h>
#include "ctl_set.h"
#include "fixed.h"
#include "protection.h"
#include "schedule.h"
#include "setpoint.h"

/**
 * struct v2x_dcdc_k - constants
 * @lag_q30: T / 14 T, the lag of the current loop (see dc_link.h)
 * @lag_told_q30: the same lag for V2X_OUTER_TICKS at once
 * @lag_step_q30: likewise, of the reference that the power measured is held against
 * @trim_q30: gain of the trim a step, 2 pi 5 Hz * V2X_OUTER_TICKS * T
 * @mean_q30: low-pass of 10 ms, a step
 * @trim_lo_q10: losses of 8 % of the rating, mW Q10
 * @trim_hi_q10: sensor errors of 1 %
 * @dump_mw: power asked for below which the current is not judged, 5 %
 * @dump_q8: how far a battery lets the output move
 */
struct v2x_dcdc_k {
	s32 lag_q30;
	s32 lag_told_q30;
	s32 lag_step_q30;
	s32 trim_q30;
	s32 mean_q30;
	s64 trim_lo_q10;
	s64 trim_hi_q10;
	s32 dump_mw;
	s32 dump_q8;
};

/**
 * struct v2x_dcdc - state
 * @trim_q10: mW Q10
 * @feed_mw: power fed forward to the AC side now
 * @p_mw: power asked of the stage, follows @feed_mw
 * @ref_mw: the reference as the grid side can have followed it
 * @mean: what the limits of current and voltage are held by
 * @good_q24: last good output voltage, mV Q24
 * @told_mw: power asked for last; what of it was asked for before as well, as
 *	far as a lag agrees: after a reversal it is still on its way
 * @way_mw: through that lag
 * @gone: ticks in a row without the current that was asked for
 */
struct v2x_dcdc {
	s64 trim_q10;
	long feed_mw;
	long p_mw;
	long ref_mw;
	struct v2x_dc_mean mean;
	s64 good_q24;
	s32 told_mw[2];
	s32 way_mw;
	u32 gone;
};

void v2x_dcdc_init(struct v2x_dcdc_k *k, const struct v2x_stage_desc *desc);

/**
 * v2x_dcdc_mean() - keep the means; every V2X_SLOW_TICKS samples
 * @k: constants
 * @d: state
 * @p_mw: power measured at the grid terminals
 * @m: measurements
 */
static v2x_part void v2x_dcdc_mean(const struct v2x_dcdc_k *k, struct v2x_dcdc *d, long p_mw,
				   const struct v2x_meas *m)
{
	struct v2x_dc_mean *mean = &d->mean;
	s64 ev_mw = v2x_micro_to_milli(((s64)m->vev_q8 * m->iev_q8) >> 16);

	mean->p_q10 += v2x_shr((p_mw - (mean->p_q10 >> 10)) * k->mean_q30, 20);
	mean->loss_q10 += v2x_shr((p_mw - ev_mw - (mean->loss_q10 >> 10)) * k->mean_q30, 20);
	mean->v_q18 += v2x_shr((m->vev_q8 - (mean->v_q18 >> 10)) * k->mean_q30, 20);
}

/*
 * The bound of the power in the tick, for what a reference bounded by the means
 * does not see: 1/16 more than the limit, so that the mean may be the limit.
 */
static __always_inline s64 v2x_dcdc_most(s64 v_mv, s64 i_ma)
{
	return v2x_micro_to_milli(v_mv * (i_ma + (i_ma >> 4)));
}

/**
 * v2x_dcdc_step() - one step, every V2X_OUTER_TICKS samples
 * @k: constants
 * @d: state
 * @set: current limits of the vehicle
 * @p_ref_mw: reference at the grid terminals
 * @p_mw: power measured there
 * @vev_mv: output voltage
 */
static v2x_part void v2x_dcdc_step(const struct v2x_dcdc_k *k, struct v2x_dcdc *d,
				   const struct v2x_ctl_set *set, long p_ref_mw, long p_mw,
				   long vev_mv)
{
	s64 want = p_ref_mw + (d->trim_q10 >> 10);
	s64 v = max(vev_mv, 0L);
	s64 off = d->ref_mw - p_mw, p = 0;

	if (p_ref_mw > 0)
		p = clamp_t(s64, want, 0, v2x_dcdc_most(v, set->i_ev_charge_max_ma));
	else if (p_ref_mw < 0)
		p = clamp_t(s64, want, -v2x_dcdc_most(v, set->i_ev_discharge_max_ma), 0);
	/* what was cut off is not integrated further */
	if (p_ref_mw && (p == want || (off ^ (want - p)) < 0))
		d->trim_q10 = clamp(d->trim_q10 +
				    v2x_shr(off * k->trim_q30, 20),
				    k->trim_lo_q10, k->trim_hi_q10);
	d->feed_mw = (long)p;
	d->ref_mw += v2x_mul(p_ref_mw - d->ref_mw, k->lag_step_q30, 30);
}

/**
 * v2x_dcdc_hold() - carry a power that is given, at once; the vehicle's limits hold
 * @d: state
 * @set: current limits of the vehicle
 * @p_mw: into the vehicle
 * @vev_mv: output voltage
 */
static inline void v2x_dcdc_hold(struct v2x_dcdc *d, const struct v2x_ctl_set *set, long p_mw,
				 long vev_mv)
{
	s64 v = max(vev_mv, 0L);

	d->p_mw = (long)clamp_t(s64, p_mw, -v2x_micro_to_milli(v * set->i_ev_discharge_max_ma),
				v2x_micro_to_milli(v * set->i_ev_charge_max_ma));
	d->feed_mw = d->p_mw;
}

/**
 * v2x_dcdc_lag() - let the stage follow as the grid side does; every V2X_OUTER_TICKS
 * @k: constants
 * @d: state
 */
static v2x_part void v2x_dcdc_lag(const struct v2x_dcdc_k *k, struct v2x_dcdc *d)
{
	d->p_mw += v2x_mul(d->feed_mw - d->p_mw, k->lag_told_q30, 30);
}

/* The stage rests, or makes the output's voltage: whatever that is, is good. */
static __always_inline void v2x_dcdc_rest(struct v2x_dcdc *d, s32 vev_q8)
{
	d->good_q24 = (s64)vev_q8 * 65536;
	d->way_mw = 0;
	d->gone = 0;
}

/* Power to ask of the stage: nothing when nothing is wanted and the lag is over. */
static __always_inline s32 v2x_dcdc_power(const struct v2x_dcdc *d)
{
	return d->feed_mw || v2x_abs(d->p_mw) >= 16 ? (s32)d->p_mw : 0;
}

/*
 * What is asked of the stage now, and what must have come: what was asked for
 * before, goes on to be, and is not on its way any more. Every V2X_OUTER_TICKS.
 */
static __always_inline void v2x_dcdc_tell(struct v2x_dcdc *d, s32 p_mw)
{
	s32 told = d->told_mw[0];
	s32 come = told > 0 ? min(d->way_mw, p_mw) : max(d->way_mw, p_mw);

	d->told_mw[1] = told > 0 ? clamp(come, 0, told) : clamp(come, told, 0);
	d->way_mw += (told - d->way_mw) >> 1;
	d->told_mw[0] = p_mw;
}

/* Is the power judged, and less than a quarter of what was asked for? */
static inline bool v2x_dcdc_missing(const struct v2x_dcdc_k *k, const struct v2x_dcdc *d,
				    s32 vev_q8, s32 iev_q8)
{
	s64 told = (s64)d->told_mw[1] * 1000;
	/* four times the power there is, uW, beyond what was asked for */
	s64 more = (((s64)vev_q8 * iev_q8) >> 14) - told;

	return (more ^ told) < 0 && v2x_abs(d->told_mw[1]) >= k->dump_mw;
}

/**
 * v2x_dcdc_guard() - which outputs are no load dump; every V2X_WINDOW_TICKS with power
 * @k: constants
 * @d: state
 * @o: as wide as the protection allows on entry; no wider on return
 * @vev_q8: output voltage
 * @iev_q8: output current
 *
 * Return: true when the next sample is to be judged whatever it is.
 */
static v2x_part bool v2x_dcdc_guard(const struct v2x_dcdc_k *k, struct v2x_dcdc *d,
				    struct v2x_output *o, s32 vev_q8, s32 iev_q8)
{
	s32 good = (s32)(d->good_q24 >> 16);
	s32 told = d->told_mw[1];

	d->good_q24 += ((s64)vev_q8 - good) * 1024 * V2X_WINDOW_TICKS; /* 2^16 / 64 */
	o->vev_hi = min(o->vev_hi, good + k->dump_q8);
	if (told >= 2 * k->dump_mw)
		o->iev_lo = max((iev_q8 >> 2) + (iev_q8 >> 4), 0);
	else if (told <= -2 * k->dump_mw)
		o->iev_hi = min((iev_q8 >> 2) + (iev_q8 >> 4), 0);
	return v2x_dcdc_missing(k, d, vev_q8, iev_q8);
}

/**
 * v2x_dcdc_dumped() - has the vehicle let go?
 * @k: constants
 * @d: state
 * @vev_q8: output voltage
 * @iev_q8: output current
 *
 * Every tick with power that the guard does not answer for.
 *
 * Return: true to stop the stage in this tick.
 */
bool v2x_dcdc_dumped(const struct v2x_dcdc_k *k, struct v2x_dcdc *d, s32 vev_q8, s32 iev_q8);

#endif /* _V2X_DCDC_H */
