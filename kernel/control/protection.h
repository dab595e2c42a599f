/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * First protection layer: what opens the gates in the same period, and what
 * trips after a cycle and a delay.
 */
#ifndef _V2X_PROTECTION_H
#define _V2X_PROTECTION_H

#include <linux/v2x.h>
#include "ctl_set.h"
#include "grid_tracker.h"
#include "sample.h"
#include "stages.h"

/* Why to trip, with what was measured and what it was held against. */
struct v2x_trip {
	u32 reason;
	s64 value;
	s64 limit;
};

/**
 * struct v2x_prot_k - constants
 * @phases: 1, 2 (split) or 3
 * @i_sum_max_q8: phase currents may add up to this, a tenth of the rating
 * @i_move_q8: reference above which a current must move, likewise
 * @v_move_q8: grid voltage above which its samples must move (0.5 of nominal)
 * @v_zero_q8: a sample this near to zero may rest there (0.05 of nominal)
 * @v_zero_seq_q8: three times 0.15 of nominal: so far the phases add up to zero
 * @vev_over_q8: 2 % above the highest output voltage
 * @vev_under_q8: 10 % below the lowest
 * @i_look_q8: phase currents up to this are within the range of their sensors,
 *	less the offset that may be learned at standstill
 * @v_look_q8: grid voltages, likewise
 * @vdc_look: the link's
 * @vev_look: the output's, within @vev_over_q8
 * @vev_run_lo_q8: least of it with a vehicle, above @vev_under_q8
 * @iev_look: of the output's current
 * @vev_ticks: time below it
 * @v_absent_mv: no phase above this: no grid (0.1 of nominal)
 * @v_lost_mv: a phase below this ... (0.3)
 * @v_whole_mv: ... while another is above that is lost (0.7)
 * @absent_ticks: time without grid before the trip, 300 ms: longer than the
 *	250 ms of 5 % that EN 50549-1 wants ridden through
 * @lost_ticks: time before a lost phase trips that carries no current, 100 ms
 * @i_carried_ma: current of a phase that shows that the others carry some, RMS
 * @halves: of the measurements
 */
struct v2x_prot_k {
	u32 phases;
	s32 i_sum_max_q8;
	s32 i_move_q8;
	s32 v_move_q8;
	s32 v_zero_q8;
	s32 v_zero_seq_q8;
	s32 vev_over_q8;
	s32 vev_under_q8;
	s32 i_look_q8;
	s32 v_look_q8;
	struct v2x_span vdc_look;
	struct v2x_span vev_look;
	s32 vev_run_lo_q8;
	struct v2x_span iev_look;
	u32 vev_ticks;
	s32 v_absent_mv;
	s32 v_lost_mv;
	s32 v_whole_mv;
	u32 absent_ticks;
	u32 lost_ticks;
	s32 i_carried_ma;
	struct v2x_halves_k halves;
};

enum v2x_watch_id {
	V2X_WATCH_ABSENT,
	V2X_WATCH_LOST,
	V2X_WATCH_BROKEN,
	V2X_WATCH_ORDER,
	V2X_WATCH_ISLAND,
	V2X_WATCHES
};

/**
 * struct v2x_watch - a condition that trips when it stands long enough
 * @due: tick at which it trips; U64_MAX: the condition does not stand
 * @value: measured last
 * @limit: held against
 */
struct v2x_watch {
	u64 due;
	s64 value;
	s64 limit;
};

/**
 * struct v2x_window - values of a channel that need no judging
 * @lo: the least of them
 * @span: the greatest less the least
 */
struct v2x_window {
	s32 lo;
	u32 span;
};

/**
 * struct v2x_prot - state
 * @watch: conditions of the grid
 * @due: earliest @due of them
 * @now: enum v2x_reason of the worst condition that stands, 0: grid is fine
 * @bad: channels out of range in the last sample
 * @bad_slow: likewise, slow channels
 * @last_raw: counts, to see whether they move
 * @same: comparisons in a row without a change
 * @sum_count: samples in a row whose currents do not add up
 * @sum_raw: counts of the currents in the first of them
 * @vev_low: likewise with too low an output voltage
 * @surge_count: likewise with a grid voltage beyond the peak allowed
 * @pending: a count of the above runs, or somebody wants the next sample judged
 * @vdc: link voltages that need no judging; this and the next two are renewed
 *	by v2x_prot_windows() every V2X_WINDOW_TICKS samples
 * @vev: output voltages
 * @iev: output currents
 * @halves: measurements of half cycles
 * @stages: the protection table
 */
struct v2x_prot {
	struct v2x_watch watch[V2X_WATCHES];
	u64 due;
	u32 now;
	u32 bad;
	u32 bad_slow;
	s32 last_raw[6];
	u32 same[6];
	u32 sum_count;
	s32 sum_raw[3];
	u32 vev_low;
	u32 surge_count;
	bool pending;
	struct v2x_window vdc;
	struct v2x_window vev;
	struct v2x_window iev;
	struct v2x_halves halves;
	struct v2x_stages stages;
};

/**
 * struct v2x_prot_in - one period as the protection sees it
 * @raw: counts
 * @m: the same in units
 * @scale: of the channels
 * @bad: BIT(enum v2x_adc) of the fast channels out of range
 * @lines: V2X_FAULT_*
 * @gating: the bridge switches
 * @ev_on: the vehicle is connected
 * @bus: the link is a DC bus with power
 */
struct v2x_prot_in {
	const s32 *raw;
	const struct v2x_meas *m;
	const struct v2x_scale *scale;
	u32 bad;
	u32 lines;
	bool gating;
	bool ev_on;
	bool bus;
};

void v2x_prot_init(struct v2x_prot_k *k, struct v2x_prot *p, const struct v2x_stage_desc *desc);

/**
 * v2x_prot_looks() - what the sensors can tell
 * @k: from v2x_prot_init(); members *_look written
 * @s: V2X_ADC_COUNT scales, as described
 * @desc: of the stage
 * @offset_max_q8: most that is learned of a current's offset at standstill
 */
void v2x_prot_looks(struct v2x_prot_k *k, const struct v2x_scale *s,
		    const struct v2x_stage_desc *desc, s32 offset_max_q8);

/**
 * v2x_prot_prepare() - from the limits to what v2x_prot_suspects() holds samples against
 * @k: constants
 * @set: with limits and table; members *_look written
 */
void v2x_prot_prepare(const struct v2x_prot_k *k, struct v2x_ctl_set *set);

/* |x| > limit */
static __always_inline bool v2x_beyond(s32 x, s32 limit)
{
	return (u32)x + (u32)limit > 2U * (u32)limit;
}

/**
 * struct v2x_output - what of the output needs no judging, mV and mA Q8
 * @vev_hi: voltages up to this
 * @iev_lo: currents from this ...
 * @iev_hi: ... to this
 */
struct v2x_output {
	s32 vev_hi;
	s32 iev_lo;
	s32 iev_hi;
};

/**
 * v2x_prot_windows() - what v2x_prot_suspects() holds link and output against
 * @k: constants
 * @p: state
 * @set: limits in force
 * @gating: the bridge switches, or the link is a DC bus with power
 * @ev_on: the vehicle is connected
 * @o: what needs no judging of the output, within the limits in force
 *
 * Every V2X_WINDOW_TICKS samples. Until the next time a window may be too
 * narrow, which costs a look at the limits themselves, or as wide as the limits
 * were eight samples ago.
 */
static inline void v2x_prot_windows(const struct v2x_prot_k *k, struct v2x_prot *p,
				    const struct v2x_ctl_set *set, bool gating, bool ev_on,
				    const struct v2x_output *o)
{
	p->vdc.lo = gating ? set->vdc_look.lo : k->vdc_look.lo;
	p->vdc.span = (u32)set->vdc_look.hi - (u32)p->vdc.lo;
	p->vev.lo = ev_on ? k->vev_run_lo_q8 : k->vev_look.lo;
	p->vev.span = (u32)o->vev_hi - (u32)p->vev.lo;
	p->iev.lo = o->iev_lo;
	p->iev.span = (u32)o->iev_hi - (u32)o->iev_lo;
}

static __always_inline bool v2x_outside(const struct v2x_window *w, s32 x)
{
	return (u32)x - (u32)w->lo > w->span;
}

/**
 * v2x_prot_suspects() - is there anything to judge in this period?
 * @k: constants
 * @p: state
 * @set: limits in force
 * @m: measurements
 *
 * Return: false in all but a few periods of a lifetime, and then every sample is
 *	within the range of its sensor.
 */
static v2x_part bool v2x_prot_suspects(const struct v2x_prot_k *k, const struct v2x_prot *p,
				       const struct v2x_ctl_set *set, const struct v2x_meas *m)
{
	return p->pending ||
	       v2x_beyond(m->i_q8[0], set->i_look_q8) ||
	       v2x_beyond(m->i_q8[1], set->i_look_q8) ||
	       v2x_beyond(m->i_q8[2], set->i_look_q8) ||
	       v2x_beyond(m->i_q8[0] + m->i_q8[1] + m->i_q8[2], k->i_sum_max_q8) ||
	       v2x_outside(&p->iev, m->iev_q8) ||
	       v2x_beyond(m->v_q8[0], set->v_look_q8) ||
	       v2x_beyond(m->v_q8[1], set->v_look_q8) ||
	       v2x_beyond(m->v_q8[2], set->v_look_q8) ||
	       v2x_outside(&p->vdc, m->vdc_q8) || v2x_outside(&p->vev, m->vev_q8);
}

/**
 * v2x_prot_fast() - fault lines, plausibility, instantaneous limits
 * @k: constants
 * @p: state
 * @set: limits in force
 * @in: this period; v2x_prot_suspects() has found something in it
 * @trip: filled in when true is returned
 *
 * Return: true to open the gates now.
 */
bool v2x_prot_fast(const struct v2x_prot_k *k, struct v2x_prot *p,
		   const struct v2x_ctl_set *set, const struct v2x_prot_in *in,
		   struct v2x_trip *trip);

/**
 * v2x_prot_stuck() - do the samples move that must? Every V2X_SLOW_TICKS
 * @k: constants
 * @p: state
 * @raw: counts
 * @m: the same in units
 * @amp_q8: peak of the grid voltage
 * @i_ref_q8: magnitude of the current wanted, 0 without gates
 * @trip: filled in when true is returned
 */
bool v2x_prot_stuck(const struct v2x_prot_k *k, struct v2x_prot *p, const s32 *raw,
		    const struct v2x_meas *m, long amp_q8, long i_ref_q8,
		    struct v2x_trip *trip);

/**
 * v2x_prot_slow() - what is looked at every 16 samples: slow channels
 * @p: state
 * @set: limits in force
 * @m: measurements
 * @bad: slow channels out of range
 * @temp: there is a temperature
 * @trip: filled in when true is returned
 */
bool v2x_prot_slow(struct v2x_prot *p, const struct v2x_ctl_set *set, const struct v2x_meas *m,
		   u32 bad, bool temp, struct v2x_trip *trip);

/**
 * v2x_prot_cycle() - judge the grid by a finished cycle
 *
 * A phase that is hardly there while another is, is either short-circuited or
 * lost. The current tells: a bridge drives it into a short circuit, but none into
 * a conductor that is broken. A short circuit is a dip, and borne for as long as
 * the table bears the voltage; a broken conductor trips after 100 ms. Without a
 * current nothing tells them apart, and the table decides. Behind a transformer
 * or a motor a lost phase still has a voltage: that is for a stage of unbalance.
 * @k: constants
 * @p: state
 * @set: limits in force
 * @c: record of the cycle
 * @reversed: the negative sequence is the larger
 * @tick: now
 */
void v2x_prot_cycle(const struct v2x_prot_k *k, struct v2x_prot *p,
		    const struct v2x_ctl_set *set, const struct v2x_cycle *c,
		    bool reversed, u64 tick);

/**
 * v2x_prot_half() - one step of the work on a half cycle
 * @k: constants
 * @p: state
 * @set: table in force
 *
 * Return: true while there is more to be done.
 */
bool v2x_prot_half(const struct v2x_prot_k *k, struct v2x_prot *p, const struct v2x_ctl_set *set);

/**
 * v2x_prot_island() - the grid has gone: trip with the sequencer's next step
 * @p: state
 * @tick: now
 * @f_mhz: frequency
 * @f_drift_mhz: as far as it had drifted before the proof
 */
void v2x_prot_island(struct v2x_prot *p, u64 tick, s32 f_mhz, s32 f_drift_mhz);

/* protection.c: which condition of the grid trips, if any does */
bool v2x_prot_due(const struct v2x_prot *p, const struct v2x_ctl_set *set, u64 tick,
		  struct v2x_trip *trip);

/**
 * v2x_prot_grid() - has a condition of the grid stood long enough?
 * @p: state
 * @set: table in force
 * @tick: now
 * @trip: filled in when true is returned
 */
static inline bool v2x_prot_grid(const struct v2x_prot *p, const struct v2x_ctl_set *set,
				 u64 tick, struct v2x_trip *trip)
{
	return unlikely(tick >= p->due || tick >= p->stages.first) &&
	       v2x_prot_due(p, set, tick, trip);
}

/**
 * v2x_prot_lines() - reason that goes with fault lines
 * @lines: V2X_FAULT_*, not zero
 */
u32 v2x_prot_lines(u32 lines);

#endif /* _V2X_PROTECTION_H */
