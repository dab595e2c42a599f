// SPDX-License-Identifier: GPL-2.0-only
#include <linux/math64.h>
#include <linux/string.h>
#include "black.h"
#include "ready.h"
#include "ctl_priv.h"
#include "states.h"

/**
 * struct state_desc - one row of the sequence
 * @step: runs every tick, returns the state to be in
 * @timeout_reason: fault when the state lasts too long
 * @guarded: the grid's conditions trip in it
 * @vehicle: needs a vehicle that is ready
 */
struct state_desc {
	u32 (*step)(const struct v2x_run *r);
	u32 timeout_reason;
	bool guarded;
	bool vehicle;
};

static const struct state_desc states[V2X_STATE_COUNT] = {
	[V2X_STATE_IDLE] = { v2x_state_idle, 0, false, false },
	[V2X_STATE_SELF_TEST] = { v2x_state_self_test, V2X_REASON_INTERNAL, false, true },
	[V2X_STATE_INSULATION] = { v2x_state_insulation, V2X_REASON_INSULATION, false, true },
	[V2X_STATE_PRECHARGE] = { v2x_state_precharge, V2X_REASON_PRECHARGE_FAILED, true, true },
	[V2X_STATE_CONTACTOR] = {
		v2x_state_contactor, V2X_REASON_GRID_CONTACTOR_STUCK_OPEN, true, true
	},
	[V2X_STATE_SYNC] = { v2x_state_sync, V2X_REASON_SYNC_TIMEOUT, true, true },
	[V2X_STATE_RUN] = { v2x_state_run, 0, true, true },
	[V2X_STATE_RAMP_DOWN] = { v2x_state_ramp_down, V2X_REASON_INTERNAL, true, false },
	[V2X_STATE_FAULT] = { v2x_state_fault, 0, false, false },
	[V2X_STATE_BLACK_START] = { v2x_state_black, 0, false, true },
	[V2X_STATE_READY] = { v2x_state_ready, 0, false, true },
	[V2X_STATE_DC_START] = { v2x_state_dc_start, 0, false, true },
	[V2X_STATE_DC_RUN] = { v2x_state_dc_run, 0, false, true },
};

void v2x_seq_init(struct v2x_seq_k *k, struct v2x_seq *s, const struct v2x_stage_desc *desc)
{
	/* tau = R C: mohm * nF = 1e-12 s; 7 tau, and the relay */
	u64 tau7_us = div_u64(7ULL * desc->plant.r_precharge_mohm * desc->plant.c_dc_nf, 1000000);
	u32 tau7_ms = (u32)div_u64(tau7_us, 1000);

	/* around the peaks of one voltage only: a quarter of the time */
	if (desc->phases != 3)
		tau7_ms *= 4;
	k->ms_q16 = (desc->tick_hz << 16) / (1000 * V2X_OUTER_TICKS);
	k->contact_ticks = v2x_seq_ms(k, 2 * desc->plant.contactor_ms + 20);
	k->timeout[V2X_STATE_SELF_TEST] = v2x_seq_ms(k, 2000);
	k->timeout[V2X_STATE_INSULATION] = v2x_seq_ms(k, 2000);
	k->timeout[V2X_STATE_PRECHARGE] = v2x_seq_ms(k, tau7_ms) + k->contact_ticks;
	k->timeout[V2X_STATE_CONTACTOR] = 2 * k->contact_ticks;
	/* what raising an empty link takes, and 3 s */
	k->timeout[V2X_STATE_SYNC] = v2x_seq_ms(k, 3000 + v2x_link_boost_ms(desc));
	k->timeout[V2X_STATE_RAMP_DOWN] = v2x_seq_ms(k, 2000);
	/* 5 % of sqrt(2) I; 8 % of sqrt(2) V */
	k->offset_max_q8 = (s32)div_u64((u64)desc->i_rated_ma * 18102, 1000);
	k->dc_max_q8 = (s32)div_u64((u64)desc->v_nominal_mv * 28963, 1000);
	k->match_mv = (s32)max(desc->v_ev_max_mv / 100, 5000U);
	k->match_ma = (s32)(desc->i_ev_max_ma / 20);
	k->link_ok_q8 = (s32)(desc->v_dc_link_nominal_mv << 8) / 50;
	memset(s, 0, sizeof(*s));
}

static void enter(const struct v2x_run *r, u32 state, u32 reason)
{
	struct v2x_seq *s = &r->c->seq;
	u32 from = s->state;

	if (state == V2X_STATE_IDLE || state == V2X_STATE_FAULT) {
		s->gates = false;
		s->dcdc = false;
		s->dcdc_v_mv = 0;
		s->coils = 0;
		s->dc = false;
		s->mode = V2X_REF_ZERO;
	}
	s->state = state;
	s->reason = reason;
	s->sub = 0;
	s->ticks = 0;
	s->count = 0;
	s->ack_ticks = 0;
	s->mark_q8 = 0;
	r->c->ride = (struct v2x_ride){ 0 };
	v2x_island_end(r);
	r->c->ref.i_support_ma = 0;
	v2x_emit_change(r, V2X_EVENT_STATE, reason, from, state);
}

void v2x_seq_trip(const struct v2x_run *r, const struct v2x_trip *t)
{
	struct v2x_seq *s = &r->c->seq;

	if (s->state == V2X_STATE_FAULT)
		return;		/* the first one counts */
	s->fault = t->reason;
	r->out->tripped = true;
	v2x_emit(r, &(struct v2x_event){
		.type = V2X_EVENT_TRIP, .reason = t->reason,
		.value = t->value, .limit = t->limit,
		.cause = r->in->requests & V2X_CTL_REQ_TRIP ? r->in->req_cause : 0,
	});
	enter(r, V2X_STATE_FAULT, t->reason);
}

u32 v2x_seq_fail(const struct v2x_run *r, u32 reason, s64 value, s64 limit)
{
	v2x_seq_trip(r, &(struct v2x_trip){ .reason = reason, .value = value, .limit = limit });
	return r->c->seq.state;
}

bool v2x_seq_contact(const struct v2x_run *r, u32 contact, u32 reason)
{
	struct v2x_ctl *c = r->c;

	c->seq.coils |= contact;
	if (c->contactors & contact)
		return true;
	if (c->seq.ticks > c->k.seq.contact_ticks)
		v2x_seq_fail(r, reason, c->contactors, c->seq.coils);
	return false;
}

static bool active(const struct v2x_seq *s)
{
	return s->state != V2X_STATE_IDLE && s->state != V2X_STATE_FAULT;
}

static void ramp_down(const struct v2x_run *r, u32 reason, enum v2x_ref_mode mode)
{
	struct v2x_seq *s = &r->c->seq;

	s->mode = mode;
	if (s->dc)
		v2x_bus_end(r->c);
	enter(r, V2X_STATE_RAMP_DOWN, reason);
}

static void start(const struct v2x_run *r)
{
	struct v2x_seq *s = &r->c->seq;

	if (s->state != V2X_STATE_IDLE)
		return;
	s->cause = r->in->req_cause;
	if (!v2x_pilot_ready(r->c->pilot.state)) {
		enter(r, V2X_STATE_IDLE, V2X_REASON_EV_NOT_READY);
		return;
	}
	if (r->in->tick > r->set->lease_until_tick) {
		enter(r, V2X_STATE_IDLE, V2X_REASON_LEASE);
		return;
	}
	s->black = r->in->requests & V2X_CTL_REQ_BLACK;
	s->waits = r->set->wait && !s->black;
	s->dc = r->set->dc && !s->black;
	if (s->black && (!r->set->island || v2x_black_voltage(r))) {
		enter(r, V2X_STATE_IDLE, V2X_REASON_GRID_PRESENT);
		return;
	}
	enter(r, V2X_STATE_SELF_TEST, V2X_REASON_REQUEST);
}

static void requests(const struct v2x_run *r)
{
	u32 req = r->in->requests;
	struct v2x_seq *s = &r->c->seq;

	if (req & V2X_CTL_REQ_TRIP) {
		v2x_seq_trip(r, &(struct v2x_trip){ .reason = r->in->req_reason });
		return;
	}
	if (req & V2X_CTL_REQ_STOP) {
		if (active(s) && s->state != V2X_STATE_RAMP_DOWN) {
			s->cause = r->in->req_cause;
			ramp_down(r, r->in->req_reason, V2X_REF_STOP);
		}
		return;		/* a STOP together with a START is a STOP */
	}
	if (req & (V2X_CTL_REQ_START | V2X_CTL_REQ_BLACK))
		start(r);
}

static void lease(const struct v2x_run *r)
{
	if (likely(r->in->tick <= r->set->lease_until_tick))
		return;
	v2x_emit_change(r, V2X_EVENT_LEASE, V2X_REASON_LEASE, 0, 0);
	ramp_down(r, V2X_REASON_LEASE, V2X_REF_STOP);
}

/* The vehicle went, or its pilot is broken. */
static void vehicle(const struct v2x_run *r)
{
	u32 pilot = r->c->pilot.state;
	u32 state = r->c->seq.state;

	if (likely(v2x_pilot_ready(pilot)))
		return;
	if (r->set->pilot_permille != V2X_PILOT_DUTY_OFF &&
	    (pilot == V2X_PILOT_E || pilot == V2X_PILOT_F)) {
		v2x_seq_trip(r, &(struct v2x_trip){
			.reason = V2X_REASON_PILOT_FAULT, .value = r->c->m.cp_high_mv,
		});
		return;
	}
	ramp_down(r, state == V2X_STATE_RUN || state == V2X_STATE_DC_RUN ?
			     V2X_REASON_EV_DISCONNECTED : V2X_REASON_EV_NOT_READY,
		  V2X_REF_STOP_FAST);
}

/* A contact that was proven closed must stay so. */
static void contacts(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	struct v2x_seq *s = &c->seq;
	u32 lost;

	s->proven = (s->proven | c->contactors) & s->coils;
	lost = s->proven & ~c->contactors & ~V2X_CONTACTOR_ISLAND;	/* see island.c */
	if (likely(!lost)) {
		s->lost_ticks = 0;
		return;
	}
	if (++s->lost_ticks < v2x_seq_ms(&c->k.seq, 2))
		return;
	v2x_seq_trip(r, &(struct v2x_trip){
		.reason = lost & V2X_CONTACTOR_EV ? V2X_REASON_EV_CONTACTOR_STUCK_OPEN :
						    V2X_REASON_GRID_CONTACTOR_STUCK_OPEN,
		.value = c->contactors, .limit = s->coils,
	});
}

static void timeout(const struct v2x_run *r)
{
	struct v2x_seq *s = &r->c->seq;
	u32 limit = r->c->k.seq.timeout[s->state];

	if (limit && unlikely(s->ticks > limit))
		v2x_seq_trip(r, &(struct v2x_trip){
			.reason = states[s->state].timeout_reason,
			.value = r->c->link.v_q8 >> 8,
		});
}

/* Reason of a step that was no request: IDLE keeps why it was gone to. */
static u32 step_reason(const struct v2x_seq *s, u32 next)
{
	if (next != V2X_STATE_IDLE)
		return V2X_REASON_STEP_DONE;
	return s->state == V2X_STATE_FAULT ? V2X_REASON_ACK : s->reason;
}

void v2x_seq_step(const struct v2x_run *r)
{
	struct v2x_seq *s = &r->c->seq;
	struct v2x_trip trip;
	u32 state, next;

	if (unlikely(r->in->requests))
		requests(r);
	state = s->state;
	if (active(s)) {
		if (state != V2X_STATE_RAMP_DOWN)
			lease(r);
		if (states[s->state].vehicle)
			vehicle(r);
		if (states[s->state].guarded &&
		    v2x_prot_grid(&r->c->prot, r->set, r->in->tick, &trip) && !s->dc &&
		    !v2x_island_leave(r, &trip))
			v2x_seq_trip(r, &trip);
		contacts(r);
		timeout(r);
	}
	if (!s->gates)
		v2x_weld_step(r);
	s->ticks++;
	state = s->state;
	next = states[state].step(r);
	if (unlikely(next != s->state && s->state == state))
		enter(r, next, step_reason(s, next));
}
