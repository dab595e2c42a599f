// SPDX-License-Identifier: GPL-2.0-only
#include "black.h"
#include "bridge.h"
#include "ready.h"

enum {
	SUB_PART,	/* the island switch */
	SUB_DEAD,	/* is there no voltage? */
	SUB_VEHICLE,	/* its contactor */
	SUB_LINK,	/* up to its voltage */
	SUB_GRID,	/* the grid contactor */
	SUB_RAMP,	/* the voltage rises */
};

#define DEAD_MS		60
#define LINK_OK_MS	20
#define THERE_MS	20
#define SLACK_MS	2000	/* beyond what a step takes */

s32 v2x_black_voltage(const struct v2x_run *r)
{
	const struct v2x_cycle *y = v2x_measure_last(&r->c->measure);
	s32 most = max3(y->v_mv[0], y->v_mv[1], y->v_mv[2]);

	return r->c->tracker.live || most > r->c->k.prot.v_absent_mv ? max(most, 1) : 0;
}

static void begin_ramp(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	struct v2x_dcdc dcdc = c->dcdc;
	struct v2x_link link = c->link;

	v2x_bridge_on(c);
	/* the DC/DC goes on as it is: it holds the link already */
	c->dcdc = dcdc;
	c->link = link;
	v2x_form_alone(c, 0, r->set->forming.w0_q12);
	c->form.vref_q8 = 0;
	c->form.e = (struct v2x_vec){ 0 };
	v2x_form_single_dead(c);
	c->form.slope_q8 = r->set->forming.ramp_q8;
	v2x_island_begin(r);
}

/* The voltage is there when it is what is wanted, and not held down by a load. */
static u32 ramp(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	struct v2x_seq *s = &c->seq;
	long want = r->set->forming.v0_q8, vd = c->tracker.vd_q8;
	bool there = c->form.vref_q8 > want - want / 16 && vd > want - want / 8 &&
		     vd < want + want / 8 && !c->form.held;

	if (v2x_seq_held(&s->count, there, v2x_seq_ms(&c->k.seq, THERE_MS))) {
		c->form.slope_q8 = c->k.form.v_nom_q8 >> 10;
		return V2X_STATE_RUN;
	}
	/* the way up does not count, being held up on it does */
	if (!c->form.held && c->form.vref_q8 < want - want / 16)
		s->ticks = 0;
	if (s->ticks > v2x_seq_ms(&c->k.seq, SLACK_MS))
		return v2x_seq_fail(r, V2X_REASON_ISLAND_OVERLOAD, vd >> 8, want >> 8);
	return s->state;
}

u32 v2x_state_black(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	struct v2x_seq *s = &c->seq;
	long off = c->link.v_q8 - c->k.link.vref_q8;

	switch (s->sub) {
	case SUB_PART:
		if (v2x_seq_contact(r, V2X_CONTACTOR_ISLAND, V2X_REASON_ISLAND_SWITCH_STUCK))
			v2x_seq_sub(s, s->sub + 1);
		break;
	case SUB_DEAD:
		if (c->tracker.live) {
			s->reason = V2X_REASON_GRID_PRESENT;
			return V2X_STATE_IDLE;
		}
		if (s->ticks > v2x_seq_ms(&c->k.seq, DEAD_MS))
			v2x_seq_sub(s, s->sub + 1);
		break;
	case SUB_VEHICLE:
		if (v2x_ready_vehicle(r)) {
			v2x_link_reset(&c->link);
			c->dcdc = (struct v2x_dcdc){ 0 };
			v2x_dcdc_rest(&c->dcdc, c->m.vev_q8);
			s->dcdc = true;
			v2x_seq_sub(s, s->sub + 1);
		}
		break;
	case SUB_LINK:
		if (v2x_seq_held(&s->count, v2x_abs(off) < c->k.seq.link_ok_q8,
				 v2x_seq_ms(&c->k.seq, LINK_OK_MS)))
			v2x_seq_sub(s, s->sub + 1);
		else if (s->ticks > c->k.seq.timeout[V2X_STATE_SYNC])
			return v2x_seq_fail(r, V2X_REASON_PRECHARGE_FAILED, c->link.v_q8 >> 8,
					    c->k.link.vref_q8 >> 8);
		break;
	case SUB_GRID:
		if (!v2x_seq_contact(r, V2X_CONTACTOR_GRID, V2X_REASON_GRID_CONTACTOR_STUCK_OPEN))
			break;
		begin_ramp(r);
		v2x_seq_sub(s, s->sub + 1);
		break;
	default:
		return ramp(r);
	}
	return s->state;
}

void v2x_black_link(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;

	if (c->seq.gates || !c->seq.dcdc || c->seq.dc)
		return;
	v2x_dcdc_hold(&c->dcdc, r->set,
		      -v2x_link_step(&c->k.link, &c->link, v2x_bridge_energy(c), false),
		      c->m.vev_q8 >> 8);
}
