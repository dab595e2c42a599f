/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is measured over a mains cycle: RMS, power, frequency, energy.
 *
 * Every tick adds to sums. At the end of a cycle the sums are set aside and
 * worked off one small step a tick, so that no tick pays for all the roots.
 * A finished record comes some 2 V2X_MEASURE_STEPS ticks after the cycle it is about.
 *
 * A cycle is no whole number of samples. The one at its end is shared out by angle
 * between it and the next: the squares of a window of 267 samples in place of 266.7
 * would be up to 0.2 % off, with another sign each cycle and phase.
 */
#ifndef _V2X_MEASURE_H
#define _V2X_MEASURE_H

#include <linux/string.h>
#include <linux/v2x.h>
#include "grid_tracker.h"
#include "sample.h"
#include "schedule.h"

#define V2X_MEASURE_STEPS	12	/* one a tick, in the turns of schedule.h */
#define V2X_F_HISTORY		32

/**
 * struct v2x_sums - sums over the samples of one cycle
 * @v2: mV^2
 * @i2: mA^2 Q8
 * @p: uW Q4
 * @q: uvar Q4, without the factor 3/2, of the converter alone; this and the rest in
 *	every fourth tick only
 * @w: angle a sample, Q12
 * @vdc: mV
 * @vev: mV
 * @iev: mA
 * @n: samples that ended in it
 * @len_q8: what belongs to it of them and of the one before; while it runs, of the latter
 * @n_slow: samples of the rest
 */
struct v2x_sums {
	u64 v2[3];
	u64 i2[3];
	s64 p;
	s64 q;
	s64 w;
	s64 vdc;
	s64 vev;
	s64 iev;
	u32 n;
	u32 len_q8;
	u32 n_slow;
};

/**
 * struct v2x_measure_k - constants
 * @phases: 1, 2 or 3
 * @n_min: shortest cycle (70 Hz)
 * @n_max: longest cycle (43 Hz)
 * @n_dead: length of a cycle when there is no voltage
 * @n_seed: 2^32 / @n_dead
 * @fs_mhz: samples in 1000 s
 * @e_recip: 2^52 / (16000 fs): uW Q4 samples to mJ
 * @e_unit: 16000 fs
 * @yc_q30: admittance of the filter capacitor at nominal frequency, siemens
 * @history: cycles in 500 ms
 * @rocof_q32: 2^32 / (1000 history)
 */
struct v2x_measure_k {
	s32 phases;
	u32 n_min;
	u32 n_max;
	u32 n_dead;
	u32 n_seed;
	u32 fs_mhz;
	u32 e_recip;
	u32 e_unit;
	s32 yc_q30;
	u32 history;
	s32 rocof_q32;
};

/**
 * struct v2x_edge - the sample at a boundary
 * @v_q8: @i_q8: of the phases, as sampled
 * @past_q8: what of it lies behind the boundary
 * @open: it waits to be shared out
 */
struct v2x_edge {
	s32 v_q8[3];
	s32 i_q8[3];
	u32 past_q8;
	bool open;
};

/**
 * struct v2x_measure - state
 * @now: sums of the cycle that runs
 * @done: sums of the cycle that ended
 * @edge: the sample that ended it, or half of it
 * @record: two records: the last complete one and the one being made
 * @last: index of the former
 * @seq: number of the last record
 * @e_rest: energy not yet a whole mJ: import, export
 * @e_mj: registers: import, export
 * @f_mhz: history for the rate of change
 * @f_at: place of the next in it
 * @step: of the work on @done, 0: none
 * @recip_q32: 2^32 / samples of @done
 * @slow_q32: 2^32 / its n_slow
 * @theta: of the last sample
 * @p_uw_q4: instantaneous power
 * @q_uvar: of the converter, mean of @done, without the factor 3/2
 * @live: the voltage was tracked in the cycle that runs
 * @on_grid: the filter is connected to the terminals
 * @done_live: likewise for @done
 */
struct v2x_measure {
	struct v2x_sums now;
	struct v2x_sums done;
	struct v2x_edge edge;
	struct v2x_cycle record[2];
	u32 last;
	u64 seq;
	u64 e_rest[2];
	s64 e_mj[2];
	s32 f_mhz[V2X_F_HISTORY];
	u32 f_at;
	u32 step;
	u32 recip_q32;
	u32 slow_q32;
	u32 theta;
	s64 p_uw_q4;
	s64 q_uvar;
	bool live;
	bool on_grid;
	bool done_live;
};

void v2x_measure_init(struct v2x_measure_k *k, struct v2x_measure *me,
		      const struct v2x_stage_desc *desc);

/* One phase's share of v2x_measure_add(); its power, uW Q4. */
static __always_inline s64 v2x_measure_phase(struct v2x_sums *s, const struct v2x_meas *m,
					     struct v2x_sample *to, unsigned int ph)
{
	s64 v = m->v_q8[ph] >> 8, i = m->i_q8[ph] >> 4;

	to->v_mv[ph] = (s32)v;
	to->i_ma[ph] = (s32)(i >> 4);
	s->v2[ph] += (u64)(v * v);
	s->i2[ph] += (u64)(i * i);
	return v * i;
}

/* A phase that there is not. */
static __always_inline void v2x_measure_none(struct v2x_sample *to, unsigned int ph)
{
	to->v_mv[ph] = 0;
	to->i_ma[ph] = 0;
}

/**
 * v2x_measure_add() - add one sample, and write it out in millivolts and milliamperes
 * @k: constants
 * @me: state
 * @m: samples
 * @to: voltages and currents of the phases written
 */
static v2x_part void v2x_measure_add(const struct v2x_measure_k *k, struct v2x_measure *me,
				     const struct v2x_meas *m, struct v2x_sample *to)
{
	struct v2x_sums *s = &me->now;
	s64 p;

	p = v2x_measure_phase(s, m, to, 0);
	if (likely(k->phases > 1))
		p += v2x_measure_phase(s, m, to, 1);
	else
		v2x_measure_none(to, 1);
	if (likely(k->phases > 2))
		p += v2x_measure_phase(s, m, to, 2);
	else
		v2x_measure_none(to, 2);
	me->p_uw_q4 = p;
	s->p += p;
	s->n++;
}

/**
 * v2x_measure_add_slow() - add what moves slowly, every V2X_OUTER_TICKS
 * @me: state
 * @m: samples
 * @t: grid tracker
 * @iq_q8: reactive current of the converter
 */
static v2x_part void v2x_measure_add_slow(struct v2x_measure *me, const struct v2x_meas *m,
					  const struct v2x_tracker *t, long iq_q8)
{
	struct v2x_sums *s = &me->now;

	s->q -= (s64)(t->vd_q8 >> 8) * (iq_q8 >> 4);
	s->w += t->w_q12;
	s->vdc += m->vdc_q8 >> 8;
	s->vev += m->vev_q8 >> 8;
	s->iev += m->iev_q8 >> 8;
	s->n_slow++;
	me->live &= t->live;
}

/* The last complete record; all zero before the first. */
static inline const struct v2x_cycle *v2x_measure_last(const struct v2x_measure *me)
{
	return &me->record[me->last];
}

/* Has the cycle that runs, or half of it, perhaps ended with this sample? */
static __always_inline bool v2x_measure_marks(const struct v2x_measure_k *k,
					      const struct v2x_measure *me, u32 theta)
{
	/* n_dead is the least of what ends a cycle whose angle does not pass zero */
	return (s32)(me->theta ^ theta) < 0 || me->now.n >= k->n_dead;
}

/* Has the cycle that runs ended with this sample, the one before it at angle @last? */
static inline bool v2x_measure_ended(const struct v2x_measure_k *k, const struct v2x_measure *me,
				     u32 last)
{
	u32 n = me->now.n;

	if (unlikely(!me->live))
		return n >= k->n_dead;
	/* theta passed zero upwards, or never does */
	return last > me->theta ? n >= k->n_min : n >= k->n_max;
}

/**
 * v2x_measure_past() - how much of the last sample lies behind a boundary
 * @n: samples in a cycle
 * @past: its angle beyond it, 2^32 a turn
 *
 * A sample counts from its angle back to that of the one before, so that a share is
 * never of more than one. Return: Q8 of a sample, 0 when the boundary was not passed
 * by this sample.
 */
static inline u32 v2x_measure_past(u32 n, u32 past)
{
	u64 share_q8 = ((u64)past * n) >> 24;

	return share_q8 <= 256 ? (u32)share_q8 : 0;
}

/**
 * v2x_measure_edge() - keep the sample at a boundary
 * @me: state
 * @m: the sample
 * @past_q8: what of it lies behind
 */
static inline void v2x_measure_edge(struct v2x_measure *me, const struct v2x_meas *m, u32 past_q8)
{
	struct v2x_edge *e = &me->edge;

	memcpy(e->v_q8, m->v_q8, sizeof(e->v_q8));
	memcpy(e->i_q8, m->i_q8, sizeof(e->i_q8));
	e->past_q8 = past_q8;
	e->open = true;
}

/* What lies behind the boundary of a product. */
static inline s64 v2x_measure_behind(const struct v2x_edge *e, s64 x, s64 y)
{
	return (x * y * e->past_q8) >> 8;
}

/**
 * v2x_measure_share() - what of the last sample belongs to the cycle that began with it
 * @k: constants
 * @me: state, within a few ticks of v2x_measure_end()
 */
void v2x_measure_share(const struct v2x_measure_k *k, struct v2x_measure *me);

/**
 * v2x_measure_end() - set the cycle that ended aside and begin the next
 * @me: state
 * @m: the last sample
 * @t: grid tracker
 * @tick: number of the last tick of the cycle
 * @t_ns: its time
 * @on_grid: the grid contactor is closed
 */
void v2x_measure_end(struct v2x_measure *me, const struct v2x_meas *m,
		     const struct v2x_tracker *t, u64 tick, u64 t_ns, bool on_grid);

/**
 * v2x_measure_work() - one step of the work on the cycle that ended
 * @k: constants
 * @me: state with @me->step not zero
 *
 * Return: true when a record has just become complete and is
 * v2x_measure_last() (without the fields that the control fills in:
 * references, state, limits).
 */
bool v2x_measure_work(const struct v2x_measure_k *k, struct v2x_measure *me);

#endif /* _V2X_MEASURE_H */
