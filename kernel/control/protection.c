// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bits.h>
#include <linux/math64.h>
#include <linux/string.h>
#include "protection.h"

#define STUCK_TIMES	3	/* comparisons, V2X_SLOW_TICKS apart: 3.2 ms at 20 kHz */
#define SUM_SAMPLES	4

void v2x_prot_init(struct v2x_prot_k *k, struct v2x_prot *p, const struct v2x_stage_desc *desc)
{
	s32 v_peak_q8 = (s32)div_u64((u64)desc->v_nominal_mv * 362039, 1000);
	s32 i_peak_q8 = (s32)div_u64((u64)desc->i_rated_ma * 362039, 1000);
	u32 i;

	k->phases = desc->phases;
	/* without a neutral the currents add up to nothing */
	k->i_sum_max_q8 = desc->phases == 3 ? i_peak_q8 / 10 : S32_MAX / 2;
	k->i_move_q8 = i_peak_q8 / 10;
	k->v_move_q8 = v_peak_q8 / 2;
	k->v_zero_q8 = v_peak_q8 / 20;
	k->v_zero_seq_q8 = v_peak_q8 / 20 * 9;
	k->vev_over_q8 = (s32)div_u64(((u64)desc->v_ev_max_mv << 8) * 102, 100);
	k->vev_under_q8 = (s32)div_u64(((u64)desc->v_ev_min_mv << 8) * 90, 100);
	k->vev_ticks = desc->tick_hz / 100;
	k->v_absent_mv = (s32)(desc->v_nominal_mv / 10);
	k->v_lost_mv = (s32)(desc->v_nominal_mv / 10 * 3);
	k->v_whole_mv = (s32)(desc->v_nominal_mv / 10 * 7);
	k->absent_ticks = desc->tick_hz * 3 / 10;
	k->lost_ticks = desc->tick_hz / 10;
	k->i_carried_ma = (s32)(desc->i_rated_ma / 10);

	memset(p, 0, sizeof(*p));
	for (i = 0; i < V2X_WATCHES; i++)
		p->watch[i].due = U64_MAX;
	p->due = U64_MAX;
	p->pending = true;	/* until there are windows */
	v2x_halves_init(&k->halves, &p->halves, desc);
	v2x_stages_init(&p->stages);
}

/* Values of a channel that its sensor can tell, nearer to zero by @less. */
static void look(const struct v2x_scale *s, s32 *most_q8, s32 less)
{
	struct v2x_span can = { -*most_q8 - less, *most_q8 + less };

	v2x_sample_range(s, &can.lo, &can.hi);
	*most_q8 = max(min(-can.lo, can.hi) - less, 0);
}

void v2x_prot_looks(struct v2x_prot_k *k, const struct v2x_scale *s,
		    const struct v2x_stage_desc *desc, s32 offset_max_q8)
{
	const s32 lo = S32_MIN / 2, hi = S32_MAX / 2;
	u32 ph;

	k->i_look_q8 = hi / 2;
	k->v_look_q8 = hi / 2;
	for (ph = 0; ph < desc->phases; ph++) {
		look(&s[V2X_ADC_I_A + ph], &k->i_look_q8, offset_max_q8);
		look(&s[V2X_ADC_V_GRID_A + ph], &k->v_look_q8, 0);
	}
	k->vdc_look = (struct v2x_span){ lo, hi };
	v2x_sample_range(&s[V2X_ADC_V_DC_LINK], &k->vdc_look.lo, &k->vdc_look.hi);
	k->vev_look = (struct v2x_span){ lo, k->vev_over_q8 };
	v2x_sample_range(&s[V2X_ADC_V_EV], &k->vev_look.lo, &k->vev_look.hi);
	k->vev_run_lo_q8 = max(k->vev_under_q8, k->vev_look.lo);
	k->iev_look = (struct v2x_span){ lo, hi };
	v2x_sample_range(&s[V2X_ADC_I_EV], &k->iev_look.lo, &k->iev_look.hi);
	k->iev_look.lo += offset_max_q8;
	k->iev_look.hi -= offset_max_q8;
}

void v2x_prot_prepare(const struct v2x_prot_k *k, struct v2x_ctl_set *set)
{
	set->i_look_q8 = min(set->i_trip_q8, k->i_look_q8);
	set->v_look_q8 = min(set->table.v_peak_q8, k->v_look_q8);
	set->vdc_look.lo = max(set->vdc_under_q8, k->vdc_look.lo);
	set->vdc_look.hi = min(set->vdc_over_q8, k->vdc_look.hi);
	set->iev_look.lo = max(-set->i_ev_trip_q8, k->iev_look.lo);
	set->iev_look.hi = min(set->i_ev_trip_q8, k->iev_look.hi);
}

static bool trip_on(struct v2x_trip *t, u32 reason, s64 value, s64 limit)
{
	t->reason = reason;
	t->value = value;
	t->limit = limit;
	return true;
}

u32 v2x_prot_lines(u32 lines)
{
	if (lines & V2X_FAULT_ESTOP)
		return V2X_REASON_ESTOP;
	if (lines & V2X_FAULT_RESIDUAL)
		return V2X_REASON_RESIDUAL_CURRENT;
	if (lines & V2X_FAULT_DC_LINK)
		return V2X_REASON_DC_LINK_OVER_VOLTAGE;
	if (lines & V2X_FAULT_OVER_CURRENT)
		return V2X_REASON_AC_OVER_CURRENT;
	return V2X_REASON_GATE_DRIVER;
}

/* Channels out of range twice in a row; a single sample may be a glitch. */
static bool out_of_range(u32 *last, u32 bad, struct v2x_trip *trip)
{
	u32 twice = *last & bad;

	*last = bad;
	return twice && trip_on(trip, V2X_REASON_ADC_RANGE, __ffs(twice), 0);
}

/*
 * The bridge drives a terminal whose fuse has blown as far as the sensor goes.
 * A broken wire says the same, but at once, without a sample on the way there,
 * and its phase goes on to carry current.
 */
static bool terminal_free(const struct v2x_prot_k *k, const struct v2x_prot *p,
			  const struct v2x_prot_in *in, u32 bad, struct v2x_trip *trip)
{
	const s32 *i = in->m->i_q8;
	long most = max3(v2x_abs(i[0]), v2x_abs(i[1]), v2x_abs(i[2]));
	u32 ph;

	if (!in->gating || k->phases != 3 || (!p->surge_count && most <= k->i_move_q8))
		return false;
	for (ph = 0; ph < 3; ph++)
		if (bad & BIT(ph) && (p->surge_count || !v2x_beyond(i[ph], k->i_move_q8 / 2)))
			return trip_on(trip, V2X_REASON_GRID_PHASE_LOSS, in->m->v_q8[ph] >> 8,
				       k->v_lost_mv);
	return false;
}

bool v2x_prot_stuck(const struct v2x_prot_k *k, struct v2x_prot *p, const s32 *raw,
		    const struct v2x_meas *m, long amp_q8, long i_ref_q8,
		    struct v2x_trip *trip)
{
	bool v_moves = amp_q8 >= k->v_move_q8;
	bool i_moves = i_ref_q8 >= k->i_move_q8;
	u32 ch;

	for (ch = V2X_ADC_V_GRID_A; ch <= V2X_ADC_I_C; ch++) {
		bool voltage = ch < V2X_ADC_I_A;

		p->same[ch] = raw[ch] == p->last_raw[ch] ? p->same[ch] + 1 : 0;
		p->last_raw[ch] = raw[ch];
		if (likely(p->same[ch] < STUCK_TIMES) || !(voltage ? v_moves : i_moves) ||
		    (voltage ? ch : ch - V2X_ADC_I_A) >= k->phases)
			continue;
		/* A phase that is not there may rest at zero. */
		if (voltage && !v2x_beyond(m->v_q8[ch], k->v_zero_q8))
			continue;
		return trip_on(trip, V2X_REASON_ADC_STUCK, ch, 0);
	}
	return false;
}

static bool wrong_sum(const struct v2x_prot_k *k, struct v2x_prot *p,
		      const struct v2x_prot_in *in, struct v2x_trip *trip)
{
	const s32 *i = in->m->i_q8, *raw = in->raw + V2X_ADC_I_A;
	s32 sum = i[0] + i[1] + i[2];
	u32 ph;

	if (!in->gating || !v2x_beyond(sum, k->i_sum_max_q8)) {
		p->sum_count = 0;
		return false;
	}
	if (!p->sum_count++)
		for (ph = 0; ph < 3; ph++)
			p->sum_raw[ph] = raw[ph];
	if (p->sum_count < SUM_SAMPLES)
		return false;
	/* A sensor that stopped while the others moved is why they do not. */
	for (ph = 0; ph < 3; ph++)
		if (raw[ph] == p->sum_raw[ph])
			return trip_on(trip, V2X_REASON_ADC_STUCK, V2X_ADC_I_A + ph, 0);
	return trip_on(trip, V2X_REASON_CURRENT_SUM, sum >> 8, k->i_sum_max_q8 >> 8);
}

/* In each of these @bad holds the channels whose value cannot be believed. */
static bool over_current(const struct v2x_ctl_set *set, const struct v2x_prot_in *in, u32 bad,
			 struct v2x_trip *trip)
{
	const struct v2x_meas *m = in->m;
	long i = max3(v2x_abs(m->i_q8[0]), v2x_abs(m->i_q8[1]), v2x_abs(m->i_q8[2]));

	if (i > set->i_trip_q8 && !(bad & 7U << V2X_ADC_I_A))
		return trip_on(trip, V2X_REASON_AC_OVER_CURRENT, i >> 8, set->i_trip_q8 >> 8);
	if (v2x_beyond(m->iev_q8, set->i_ev_trip_q8) && !(bad & BIT(V2X_ADC_I_EV)))
		return trip_on(trip, V2X_REASON_EV_OVER_CURRENT, m->iev_q8 >> 8,
			       set->i_ev_trip_q8 >> 8);
	return false;
}

static bool wrong_link(const struct v2x_ctl_set *set, const struct v2x_prot_in *in, u32 bad,
		       struct v2x_trip *trip)
{
	s32 v = in->m->vdc_q8;

	if (bad & BIT(V2X_ADC_V_DC_LINK))
		return false;
	if (v > set->vdc_over_q8)
		return trip_on(trip, V2X_REASON_DC_LINK_OVER_VOLTAGE, v >> 8,
			       set->vdc_over_q8 >> 8);
	return (in->gating || in->bus) && v < set->vdc_under_q8 &&
	       trip_on(trip, V2X_REASON_DC_LINK_UNDER_VOLTAGE, v >> 8, set->vdc_under_q8 >> 8);
}

static bool wrong_output(const struct v2x_prot_k *k, struct v2x_prot *p,
			 const struct v2x_prot_in *in, u32 bad, struct v2x_trip *trip)
{
	s32 v = in->m->vev_q8;

	if (v > k->vev_over_q8 && !(bad & BIT(V2X_ADC_V_EV)))
		return trip_on(trip, V2X_REASON_EV_OVER_VOLTAGE, v >> 8, k->vev_over_q8 >> 8);
	if (!in->ev_on || v >= k->vev_under_q8) {
		p->vev_low = 0;
		return false;
	}
	return ++p->vev_low >= k->vev_ticks &&
	       trip_on(trip, V2X_REASON_EV_UNDER_VOLTAGE, v >> 8, k->vev_under_q8 >> 8);
}

/*
 * Terminals that a bridge drives alone do not stay where the grid would hold
 * them. One phase alone shows in the sum of the three.
 */
static bool surge(const struct v2x_prot_k *k, struct v2x_prot *p,
		  const struct v2x_ctl_set *set, const struct v2x_prot_in *in,
		  struct v2x_trip *trip)
{
	const s32 *v = in->m->v_q8;
	long most = max3(v2x_abs(v[0]), v2x_abs(v[1]), v2x_abs(v[2]));
	u32 reason = V2X_REASON_GRID_OVER_VOLTAGE;

	if (!in->gating || most <= set->table.v_peak_q8) {
		p->surge_count = 0;
		return false;
	}
	if (++p->surge_count < set->table.v_peak_ticks)
		return false;
	if (v2x_abs((long)v[0] + v[1] + v[2]) > k->v_zero_seq_q8)
		reason = V2X_REASON_GRID_PHASE_LOSS;
	return trip_on(trip, reason, most >> 8, set->table.v_peak_q8 >> 8);
}

bool v2x_prot_fast(const struct v2x_prot_k *k, struct v2x_prot *p,
		   const struct v2x_ctl_set *set, const struct v2x_prot_in *in,
		   struct v2x_trip *trip)
{
	u32 bad = in->bad;
	bool open;

	if (in->lines)
		return trip_on(trip, v2x_prot_lines(in->lines), in->lines, 0);
	open = (p->bad & bad && terminal_free(k, p, in, p->bad & bad, trip)) ||
	       out_of_range(&p->bad, bad, trip) || over_current(set, in, bad, trip) ||
	       wrong_link(set, in, bad, trip) || wrong_output(k, p, in, bad, trip) ||
	       wrong_sum(k, p, in, trip) || (!bad && surge(k, p, set, in, trip));
	p->pending = p->bad || p->sum_count || p->vev_low || p->surge_count;
	return open;
}

bool v2x_prot_slow(struct v2x_prot *p, const struct v2x_ctl_set *set, const struct v2x_meas *m,
		   u32 bad, bool temp, struct v2x_trip *trip)
{
	if (out_of_range(&p->bad_slow, bad, trip))
		return true;
	return temp && !bad && m->temp_mc >= set->temp_trip_mc &&
	       trip_on(trip, V2X_REASON_OVER_TEMPERATURE, m->temp_mc, set->temp_trip_mc);
}

static const u32 watch_reason[V2X_WATCHES] = {
	[V2X_WATCH_ABSENT] = V2X_REASON_GRID_ABSENT,
	[V2X_WATCH_LOST] = V2X_REASON_GRID_PHASE_LOSS,
	[V2X_WATCH_BROKEN] = V2X_REASON_GRID_PHASE_LOSS,
	[V2X_WATCH_ORDER] = V2X_REASON_GRID_PHASE_ORDER,
	[V2X_WATCH_ISLAND] = V2X_REASON_LOSS_OF_MAINS,
};

/* One condition: starts, keeps or stops its clock. */
struct judge {
	struct v2x_prot *p;
	u64 tick;
};

static void judge(const struct judge *j, enum v2x_watch_id id, bool stands, u32 delay,
		  s64 value, s64 limit)
{
	struct v2x_watch *w = &j->p->watch[id];

	if (!stands) {
		w->due = U64_MAX;
		return;
	}
	if (w->due == U64_MAX)
		w->due = j->tick + delay;
	w->value = value;
	w->limit = limit;
	if (!j->p->now)
		j->p->now = watch_reason[id];
	j->p->due = min(j->p->due, w->due);
}

/* A phase without voltage has no current either, though another carries some. */
static bool broken(const struct v2x_prot_k *k, const struct v2x_cycle *c)
{
	s32 most = max3(c->i_ma[0], c->i_ma[1], c->i_ma[2]);
	u32 ph;

	for (ph = 0; ph < k->phases; ph++)
		if (c->v_mv[ph] < k->v_lost_mv && c->i_ma[ph] < most >> 2)
			return most >= k->i_carried_ma;
	return false;
}

void v2x_prot_cycle(const struct v2x_prot_k *k, struct v2x_prot *p,
		    const struct v2x_ctl_set *set, const struct v2x_cycle *c,
		    bool reversed, u64 tick)
{
	struct judge j = { .p = p, .tick = tick };
	s32 vb = c->v_mv[k->phases > 1 ? 1 : 0], vc = c->v_mv[k->phases > 2 ? 2 : 0];
	s32 lo = min3(c->v_mv[0], vb, vc);
	s32 hi = max3(c->v_mv[0], vb, vc);
	u32 ride = set->table.ride_ticks;
	bool there = hi >= k->v_absent_mv;
	bool lost = lo < k->v_lost_mv && hi >= k->v_whole_mv;
	bool order = reversed && hi >= k->v_whole_mv;

	p->now = 0;
	p->due = U64_MAX;
	p->watch[V2X_WATCH_ISLAND].due = U64_MAX;
	judge(&j, V2X_WATCH_ABSENT, !there, max(k->absent_ticks, ride), hi, k->v_absent_mv);
	judge(&j, V2X_WATCH_BROKEN, lost && broken(k, c), k->lost_ticks, lo, k->v_lost_mv);
	judge(&j, V2X_WATCH_LOST, lost, max(k->lost_ticks, set->table.low_ticks), lo,
	      k->v_lost_mv);
	judge(&j, V2X_WATCH_ORDER, order, k->lost_ticks, 0, 0);
	if (!p->now)
		p->now = v2x_stages_reason(&p->stages, &set->table);
}

void v2x_prot_island(struct v2x_prot *p, u64 tick, s32 f_mhz, s32 f_drift_mhz)
{
	p->watch[V2X_WATCH_ISLAND] = (struct v2x_watch){
		.due = tick, .value = f_mhz, .limit = f_drift_mhz,
	};
	p->due = tick;
}

bool v2x_prot_half(const struct v2x_prot_k *k, struct v2x_prot *p, const struct v2x_ctl_set *set)
{
	struct v2x_halves *h = &p->halves;

	if (h->step > V2X_HALVES_STEPS) {
		h->step = 0;
		v2x_stages_begin(&p->stages, &set->table, h->mark[0].tick);
	} else if (h->step) {
		v2x_halves_work(&k->halves, h);
	} else if (p->stages.busy) {
		v2x_stages_next(&p->stages, &set->table, h);
	}
	return h->step || p->stages.busy;
}

bool v2x_prot_due(const struct v2x_prot *p, const struct v2x_ctl_set *set, u64 tick,
		  struct v2x_trip *trip)
{
	int i;

	for (i = 0; i < V2X_WATCHES; i++)
		if (tick >= p->watch[i].due)
			return trip_on(trip, watch_reason[i], p->watch[i].value,
				       p->watch[i].limit);
	i = v2x_stages_due(&p->stages, &set->table, V2X_PROT_TRIP, tick);
	if (i < 0 || p->stages.hash != set->table.hash)
		return false;
	v2x_stages_trip(&p->stages, &set->table, &p->halves, (u32)i, trip);
	return true;
}
