// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bits.h>
#include <linux/math64.h>
#include "bridge.h"
#include "resync.h"

#define OVER_TICKS	2
#define SURGE_FORGET	4096	/* ticks for each of what was borne */

void v2x_island_init(struct v2x_island_k *k, struct v2x_island_state *s,
		     const struct v2x_stage_desc *desc)
{
	u32 fs = desc->tick_hz, steps = fs / V2X_OUTER_TICKS;
	s64 hz_q12 = (s64)div_u64(1ULL << 44, fs);
	u64 peak_q8 = div_u64((u64)desc->v_nominal_mv * 362039, 1000);

	*s = (struct v2x_island_state){ 0 };
	*k = (struct v2x_island_k){
		.there = desc->features & V2X_FEATURE_ISLAND_SWITCH,
		/* twice the operate time, and 2 ms */
		.switch_steps = (u32)div_u64((u64)(2 * desc->plant.island_us + 2000) * steps,
					     1000000),
		.surge_ticks = fs / 1000,
		.aligned_steps = steps / 10,
		.low_steps = 2 * steps,
		.high_steps = steps / 10,
		.pull_q26 = (s64)div_u64(5ULL << 38, fs),
		.pull_max_q12 = hz_q12 / 5,
		.slew_q12 = (s64)div_u64((u64)hz_q12, steps),
		.low_q8 = (s32)div_u64(peak_q8 * 85, 100),
		.high_q8 = (s32)div_u64(peak_q8 * 115, 100),
	};
}

static void go(const struct v2x_run *r, u32 phase, const struct v2x_trip *t)
{
	struct v2x_island_state *s = &r->c->island;

	v2x_emit(r, &(struct v2x_event){
		.type = V2X_EVENT_ISLAND, .reason = t->reason, .from = s->phase, .to = phase,
		.value = t->value, .limit = t->limit,
	});
	s->phase = phase;
	s->count = 0;
	s->aligned = 0;
	s->low = 0;
	s->high = 0;
}

static void go_on(const struct v2x_run *r, u32 phase)
{
	go(r, phase, &(struct v2x_trip){ .reason = V2X_REASON_STEP_DONE });
}

/* What the bridge does from now on is no sign of the utility. */
static void utility_anew(const struct v2x_run *r)
{
	struct v2x_island_state *s = &r->c->island;

	s->bad_tick = r->in->tick;
	s->util = r->c->tracker;
	s->util.p = (struct v2x_vec){ 0 };
	s->util.n = (struct v2x_vec){ 0 };
	s->util.live = false;
	s->util.good = 0;
}

/* The switch is told to part, and the bridge forms in the same tick. */
static void part(const struct v2x_run *r, const struct v2x_trip *t)
{
	struct v2x_ctl *c = r->c;
	struct v2x_island_state *s = &c->island;

	if (!c->seq.gates)
		v2x_bridge_on(c);
	c->seq.coils |= V2X_CONTACTOR_ISLAND;
	c->seq.dcdc = true;
	c->seq.mode = V2X_REF_ZERO;
	c->prot.surge_count = 0;
	s->surge = 0;
	c->ride = (struct v2x_ride){ 0 };
	c->ref.i_support_ma = 0;
	v2x_form_alone(c, s->theta_q12 + (r->in->tick - s->tick) * (u64)s->w_q12, s->w_q12);
	utility_anew(r);
	go(r, V2X_ISLAND_PARTING, t);
}

/* An island that is asked for: nothing is amiss, the bridge takes over as it is. */
static void part_planned(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;

	v2x_form_mode(c, true);
	c->form.alone = true;
	c->seq.dcdc = true;
	c->seq.coils |= V2X_CONTACTOR_ISLAND;
	c->seq.mode = V2X_REF_ZERO;
	utility_anew(r);
	go(r, V2X_ISLAND_PARTING, &(struct v2x_trip){ .reason = V2X_REASON_REQUEST });
}

/* Is the voltage still what a grid's is? One sample. */
static void watch(const struct v2x_run *r, struct v2x_vec v)
{
	const struct v2x_form_set *set = &r->set->forming;
	struct v2x_ctl *c = r->c;
	struct v2x_island_state *s = &c->island;
	s64 x = v.x >> 8, y = v.y >> 8, m2;

	if (c->k.phases != 3)
		y = v2x_tracker_behind(&c->tracker) >> 8;
	m2 = x * x + y * y;

	if (m2 < set->leave_lo2)
		s->under++;
	else if (s->under)
		s->under--;
	s->over = m2 > set->leave_hi2 ? s->over + 1 : 0;
	if (likely(!(s->under | s->over))) {
		s->theta_q12 = (u64)c->tracker.theta << 12;
		s->w_q12 = c->tracker.w_q12;
		s->tick = r->in->tick;
		return;
	}
	if (c->seq.state != V2X_STATE_RUN)
		return;
	if (s->under >= set->leave_ticks || s->over >= OVER_TICKS)
		part(r, &(struct v2x_trip){
			.reason = s->over ? V2X_REASON_GRID_OVER_VOLTAGE :
					    V2X_REASON_GRID_UNDER_VOLTAGE,
			.value = v2x_sqrt((u64)m2),
			.limit = v2x_sqrt((u64)(s->over ? set->leave_hi2 : set->leave_lo2)),
		});
}

void v2x_island_tick(const struct v2x_run *r, struct v2x_vec v)
{
	struct v2x_ctl *c = r->c;

	if (!c->island.phase) {
		watch(r, v);
		return;
	}
	v2x_resync_sample(r);
	if (unlikely(c->prot.surge_count) && c->island.surge < c->k.island.surge_ticks) {
		c->island.surge++;
		c->prot.surge_count = 0;
	}
}

/* Would ride-through cease now? There is something better to do. */
static bool ceases(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	struct v2x_trip t = { .reason = V2X_REASON_GRID_ABSENT };
	int stage = -1;

	if (unlikely(c->prot.stages.stands))
		stage = v2x_stages_due(&c->prot.stages, &r->set->table, V2X_PROT_CEASE,
				       r->in->tick);
	if (stage >= 0)
		v2x_stages_trip(&c->prot.stages, &r->set->table, &c->prot.halves, (u32)stage, &t);
	else if (likely(c->tracker.live))
		return false;
	part(r, &t);
	return true;
}

/* A step with (up) or without what is counted; true when it has stood too long. */
static bool stood(u32 *count, bool up, u32 limit)
{
	if (up)
		++*count;
	else if (*count)
		--*count;
	return *count >= limit;
}

/* The voltage that the load leaves. */
static void bear(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	struct v2x_island_state *s = &c->island;
	long vd = c->tracker.vd_q8;

	if (unlikely(stood(&s->low, vd < c->k.island.low_q8, c->k.island.low_steps)))
		v2x_seq_trip(r, &(struct v2x_trip){
			.reason = V2X_REASON_ISLAND_OVERLOAD,
			.value = vd >> 8, .limit = c->k.island.low_q8 >> 8,
		});
	else if (unlikely(stood(&s->high, vd > c->k.island.high_q8, c->k.island.high_steps)))
		v2x_seq_trip(r, &(struct v2x_trip){
			.reason = V2X_REASON_GRID_OVER_VOLTAGE,
			.value = vd >> 8, .limit = c->k.island.high_q8 >> 8,
		});
}

/* Has the switch followed? It is not waited for longer than it may take. */
static bool followed(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	struct v2x_island_state *s = &c->island;

	if (!((c->seq.coils ^ c->contactors) & V2X_CONTACTOR_ISLAND))
		return true;
	if (++s->count > c->k.island.switch_steps)
		v2x_seq_trip(r, &(struct v2x_trip){
			.reason = V2X_REASON_ISLAND_SWITCH_STUCK,
			.value = c->contactors, .limit = c->seq.coils,
		});
	return false;
}

/* Parted, it must stay so until it is told otherwise. */
static bool parted(const struct v2x_run *r)
{
	struct v2x_island_state *s = &r->c->island;

	if (likely(r->c->contactors & V2X_CONTACTOR_ISLAND)) {
		if (unlikely(s->surge) && r->in->tick % SURGE_FORGET < V2X_OUTER_TICKS)
			s->surge--;
		return true;
	}
	v2x_seq_trip(r, &(struct v2x_trip){
		.reason = V2X_REASON_ISLAND_SWITCH_STUCK,
		.value = r->c->contactors, .limit = s->phase,
	});
	return false;
}

static void joined(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;

	go_on(r, V2X_ISLAND_NONE);
	c->island.under = 0;
	c->island.over = 0;
	c->form.alone = false;
	c->form.steered = false;
	c->seq.mode = V2X_REF_FOLLOW;
	v2x_form_mode(c, r->set->form);
}

bool v2x_island_step(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	struct v2x_island_state *s = &c->island;

	switch (s->phase) {
	case V2X_ISLAND_PARTING:
		if (followed(r))
			go_on(r, V2X_ISLAND_ALONE);
		return true;
	case V2X_ISLAND_ALONE:
		if (!parted(r))
			return true;
		bear(r);
		if (v2x_resync_ready(r))
			go_on(r, V2X_ISLAND_MATCHING);
		return true;
	case V2X_ISLAND_MATCHING:
		if (!parted(r))
			return true;
		bear(r);
		if (!v2x_resync_ready(r)) {
			c->form.steered = false;
			go(r, V2X_ISLAND_ALONE,
			   &(struct v2x_trip){ .reason = V2X_REASON_GRID_ABSENT });
		} else if (v2x_resync_step(r)) {
			c->seq.coils &= ~V2X_CONTACTOR_ISLAND;
			go_on(r, V2X_ISLAND_JOINING);
		}
		return true;
	case V2X_ISLAND_JOINING:
		v2x_resync_step(r);
		if (followed(r))
			joined(r);
		return true;
	default:
		if (!r->set->island)
			return false;
		if (unlikely(r->set->form && c->seq.gates)) {
			part_planned(r);
			return true;
		}
		return ceases(r);
	}
}

bool v2x_island_leave(const struct v2x_run *r, const struct v2x_trip *t)
{
	if (r->c->island.phase)
		return true;
	if (!r->set->island || r->c->seq.state != V2X_STATE_RUN)
		return false;
	part(r, t);
	return true;
}

void v2x_island_begin(const struct v2x_run *r)
{
	utility_anew(r);
	r->c->island.surge = 0;
	go(r, V2X_ISLAND_ALONE, &(struct v2x_trip){ .reason = V2X_REASON_REQUEST });
}

void v2x_island_end(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;

	if (likely(!c->island.phase) || c->seq.state == V2X_STATE_RUN)
		return;
	go(r, V2X_ISLAND_NONE, &(struct v2x_trip){ .reason = c->seq.reason });
	c->seq.gates = false;
	c->seq.dcdc = false;
	c->seq.coils &= ~V2X_CONTACTOR_ISLAND;
	c->form.on = false;
	c->island.under = 0;
	c->island.over = 0;
}

bool v2x_island_forms(const struct v2x_run *r)
{
	return r->c->island.phase || (r->set->form && r->c->seq.state == V2X_STATE_RUN);
}
