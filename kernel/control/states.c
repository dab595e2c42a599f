// SPDX-License-Identifier: GPL-2.0-only
/*
 * What each state does in a tick, and when it is done.
 *
 * A step function returns the state to be in; its own to stay. It never
 * waits: what takes time is a sub-step and a counter.
 */
#include "bridge.h"
#include "states.h"

#define OFFSET_SHIFT	9	/* V2X_PLAUSIBLE_LEARN samples for the offsets */
#define V2X_SYNC_GOOD	64	/* times V2X_SLOW_TICKS samples */
#define ALL_CONTACTORS	(V2X_CONTACTOR_PRECHARGE | V2X_CONTACTOR_GRID | V2X_CONTACTOR_EV | \
			 V2X_CONTACTOR_ISLAND)

/* A contact that is closed although its coil is off. */
static u32 welded(u32 contactors)
{
	if (contactors & V2X_CONTACTOR_ISLAND)
		return V2X_REASON_ISLAND_SWITCH_STUCK;
	if (contactors & V2X_CONTACTOR_EV)
		return V2X_REASON_EV_CONTACTOR_WELDED;
	return contactors & V2X_CONTACTOR_GRID ? V2X_REASON_GRID_CONTACTOR_WELDED :
						 V2X_REASON_PRECHARGE_CONTACTOR_WELDED;
}

/* The state has one time-out for all of its steps: ticks go on. */
static void next_sub(struct v2x_seq *s)
{
	s->sub++;
	s->count = 0;
}

/* Mean of the currents while nothing flows: the offsets of their sensors. */
static bool learn_offsets(const struct v2x_run *r)
{
	static const u8 channel[4] = { V2X_ADC_I_A, V2X_ADC_I_B, V2X_ADC_I_C, V2X_ADC_I_EV };
	struct v2x_ctl *c = r->c;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(channel); i++) {
		u32 ch = channel[i];
		s64 mean_q8 = v2x_shr(c->seq.offset_sum[i], OFFSET_SHIFT);
		s64 add = c->scale[ch].add - mean_q8 * 65536;
		s64 offset_q8 = (c->k.scale[ch].add - add) >> 16;

		if (offset_q8 > c->k.seq.offset_max_q8 || offset_q8 < -c->k.seq.offset_max_q8) {
			v2x_seq_fail(r, V2X_REASON_SENSOR_OFFSET, offset_q8 >> 8,
				     c->k.seq.offset_max_q8 >> 8);
			return false;
		}
		c->scale[ch].add = add;
	}
	return true;
}

static bool voltage_offsets_fine(const struct v2x_run *r)
{
	const struct v2x_vec *dc = &r->c->tracker.dc;
	long most = max(v2x_abs(dc->x), v2x_abs(dc->y));

	if (most <= r->c->k.seq.dc_max_q8)
		return true;
	v2x_seq_fail(r, V2X_REASON_SENSOR_OFFSET, most >> 8, r->c->k.seq.dc_max_q8 >> 8);
	return false;
}

u32 v2x_state_idle(const struct v2x_run *r)
{
	(void)r;
	return V2X_STATE_IDLE;
}

u32 v2x_state_self_test(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	struct v2x_seq *s = &c->seq;

	if (s->ticks > c->k.seq.contact_ticks && c->contactors) {
		v2x_seq_fail(r, welded(c->contactors), c->contactors, 0);
		return s->state;
	}
	switch (s->sub) {
	case 0:		/* contacts and currents have come to rest */
		s->offset_sum[0] = 0;
		s->offset_sum[1] = 0;
		s->offset_sum[2] = 0;
		s->offset_sum[3] = 0;
		if (v2x_seq_held(&s->count, !c->contactors, c->k.seq.contact_ticks + 1))
			next_sub(s);
		break;
	case 1:
		if (s->dc)
			v2x_plausible_learn(r, !s->count);
		s->offset_sum[0] += c->m.i_q8[0];
		s->offset_sum[1] += c->m.i_q8[1];
		s->offset_sum[2] += c->m.i_q8[2];
		s->offset_sum[3] += c->m.iev_q8;
		if (v2x_seq_held(&s->count, true, 1U << OFFSET_SHIFT))
			next_sub(s);
		break;
	case 2:
		if (learn_offsets(r) && voltage_offsets_fine(r))
			next_sub(s);
		break;
	case 3:
		if (v2x_residual_test(r))
			next_sub(s);
		break;
	default:
		if (s->black || s->waits || s->dc)
			return V2X_STATE_INSULATION;
		/* the grid is as it should be for 60 ms, in 600 ms at most */
		if (v2x_seq_held(&s->count, !c->prot.now && c->measure.seq,
				 v2x_seq_ms(&c->k.seq, 60)))
			return V2X_STATE_INSULATION;
		if (s->ticks > v2x_seq_ms(&c->k.seq, 600) && c->prot.now)
			v2x_seq_fail(r, c->prot.now, v2x_measure_last(&c->measure)->v_mv[0], 0);
		break;
	}
	return s->state;
}

u32 v2x_state_insulation(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	struct v2x_seq *s = &c->seq;
	u32 next = s->dc ? V2X_STATE_DC_START :
		   s->black ? V2X_STATE_BLACK_START :
		   s->waits ? V2X_STATE_READY : V2X_STATE_PRECHARGE;

	if (!(c->k.has & BIT(V2X_ADC_R_ISO)))
		return next;
	if (v2x_seq_held(&s->count, c->m.r_iso_ohm >= r->set->r_iso_min_ohm,
			 v2x_seq_ms(&c->k.seq, 100)))
		return next;
	if (s->ticks > v2x_seq_ms(&c->k.seq, 500))
		v2x_seq_fail(r, V2X_REASON_INSULATION, c->m.r_iso_ohm, r->set->r_iso_min_ohm);
	return s->state;
}

/* Is the link where the rectified grid takes it, and has it come to rest? */
static bool link_charged(struct v2x_ctl *c)
{
	struct v2x_seq *s = &c->seq;
	/*
	 * 0.95 of the peak that three phases are rectified to. One or two lines
	 * charge only around their peaks: 0.9, and what is missing then draws
	 * no more than the rated peak through the filter: 32 V sqrt(C/L) = 42 A.
	 */
	static const s32 share_q20[] = { 0, 943718, 1887437, 1725378 };
	long want = v2x_mul(c->tracker.vd_q8, share_q20[c->k.phases], 20);
	long rise;

	if (++s->count < v2x_seq_ms(&c->k.seq, 20))
		return false;
	s->count = 0;
	rise = c->link.v_q8 - s->mark_q8;
	s->mark_q8 = c->link.v_q8;
	return c->link.v_q8 >= want && rise < c->tracker.vd_q8 >> 5;
}

u32 v2x_state_precharge(const struct v2x_run *r)
{
	struct v2x_seq *s = &r->c->seq;

	if (!v2x_precharge_bears(r, s->ticks == 1))
		return s->state;
	s->coils = V2X_CONTACTOR_PRECHARGE;
	if (link_charged(r->c) && r->c->contactors & V2X_CONTACTOR_PRECHARGE) {
		v2x_precharge_done(&r->c->k.precharge, &r->c->precharge);
		return V2X_STATE_CONTACTOR;
	}
	return s->state;
}

u32 v2x_state_contactor(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	struct v2x_seq *s = &c->seq;

	if (s->sub == 0) {	/* bypass the resistor before it is let go */
		s->coils = V2X_CONTACTOR_PRECHARGE | V2X_CONTACTOR_GRID;
		if (c->contactors & V2X_CONTACTOR_GRID)
			next_sub(s);
	} else {
		s->coils = V2X_CONTACTOR_GRID;
		if (!(c->contactors & V2X_CONTACTOR_PRECHARGE))
			return V2X_STATE_SYNC;
		if (++s->count > c->k.seq.contact_ticks)
			v2x_seq_fail(r, V2X_REASON_PRECHARGE_CONTACTOR_WELDED, c->contactors,
				     s->coils);
	}
	return s->state;
}

/* The voltage the output is brought to before the vehicle contactor closes. */
static s32 match_target(const struct v2x_run *r)
{
	const struct v2x_ctl *c = r->c;

	if (c->k.has & BIT(V2X_ADC_V_VEHICLE))
		return c->m.v_vehicle_mv;
	/* Nobody can see it: the middle of what the supervisor allows. */
	return (r->set->v_ev_min_mv >> 1) + (r->set->v_ev_max_mv >> 1);
}

static bool match_output(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	struct v2x_seq *s = &c->seq;
	s32 target = match_target(r);
	s32 off = (c->m.vev_q8 >> 8) - target;
	bool there = target >= (s32)c->desc->v_ev_min_mv && target <= (s32)c->desc->v_ev_max_mv;

	s->dcdc = there;
	s->dcdc_v_mv = there ? target : 0;
	return v2x_seq_held(&s->count, there && off < c->k.seq.match_mv && off > -c->k.seq.match_mv,
			    v2x_seq_ms(&c->k.seq, 5));
}

u32 v2x_state_sync(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	struct v2x_seq *s = &c->seq;
	long off = c->link.v_q8 - c->k.link.vref_q8;

	switch (s->sub) {
	case 0:		/* angle error below 2 degrees 64 times, for 51 ms */
		if (c->tracker.good < V2X_SYNC_GOOD)
			break;
		v2x_bridge_on(c);
		next_sub(s);
		break;
	case 1:		/* boost the link */
		if (v2x_seq_held(&s->count, off < c->k.seq.link_ok_q8 && off > -c->k.seq.link_ok_q8,
				 v2x_seq_ms(&c->k.seq, 20)))
			next_sub(s);
		break;
	case 2:
		if (!match_output(r))
			break;
		/*
		 * The DC/DC rests while the contact closes: a voltage source
		 * in front of a battery would move power nobody asked for.
		 */
		s->dcdc = false;
		s->dcdc_v_mv = 0;
		s->coils |= V2X_CONTACTOR_EV;
		next_sub(s);
		break;
	case 3:
		if (c->contactors & V2X_CONTACTOR_EV)
			next_sub(s);
		else if (++s->count > c->k.seq.contact_ticks)
			v2x_seq_fail(r, V2X_REASON_EV_CONTACTOR_STUCK_OPEN, c->contactors,
				     s->coils);
		break;
	default:
		if (v2x_seq_held(&s->count, true, v2x_seq_ms(&c->k.seq, 10)))
			return V2X_STATE_RUN;
		break;
	}
	return s->state;
}

u32 v2x_state_run(const struct v2x_run *r)
{
	if (likely(!r->set->island && !r->c->island.phase) || !v2x_island_step(r))
		v2x_ride_step(r);
	return r->c->seq.state;
}

u32 v2x_state_ramp_down(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	struct v2x_seq *s = &c->seq;
	bool zero = !c->ref.p_q16 && !c->ref.q_q16;

	switch (s->sub) {
	case 0:		/* power to zero, and 5 ms for the currents to follow */
		if ((s->gates || s->dc) && s->dcdc &&
		    !v2x_seq_held(&s->count, zero, v2x_seq_ms(&c->k.seq, 5)) &&
		    s->ticks < v2x_seq_ms(&c->k.seq, 500))
			break;
		s->gates = false;
		s->dcdc = false;
		s->dcdc_v_mv = 0;
		s->coils = 0;
		s->mode = V2X_REF_ZERO;
		next_sub(s);
		break;
	default:
		if (!(c->contactors & ALL_CONTACTORS))
			return V2X_STATE_IDLE;
		if (++s->count > c->k.seq.contact_ticks)
			v2x_seq_fail(r, welded(c->contactors), c->contactors, 0);
		break;
	}
	return s->state;
}

bool v2x_ctl_fault_stands(const struct v2x_ctl *c)
{
	/* 5 K below the trip, so that the next start does not end at once */
	bool hot = c->seq.fault == V2X_REASON_OVER_TEMPERATURE &&
		   c->m.temp_mc > c->temp_trip_mc - 5000;

	/* the resistors of the precharge cool down */
	hot |= c->seq.fault == V2X_REASON_PRECHARGE_FAILED &&
	       v2x_precharge_hot(&c->k.precharge, &c->precharge, c->tick);
	hot |= v2x_weld_stands(c);
	return hot || c->contactors & ALL_CONTACTORS || c->prot.bad || c->prot.bad_slow ||
	       v2x_residual_bad(&c->residual);
}

u32 v2x_state_fault(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	struct v2x_seq *s = &c->seq;

	if (r->in->requests & V2X_CTL_REQ_ACK) {
		s->clear = true;
		s->ack_ticks = 1;
		return s->state;
	}
	/* The lines are let go for some ticks, then judged. */
	if (!s->ack_ticks || ++s->ack_ticks < v2x_seq_ms(&c->k.seq, 2))
		return s->state;
	s->ack_ticks = 0;
	if (r->in->samples.fault_lines || v2x_ctl_fault_stands(c))
		return s->state;
	s->fault = 0;
	return V2X_STATE_IDLE;
}
