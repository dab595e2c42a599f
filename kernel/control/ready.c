// SPDX-License-Identifier: GPL-2.0-only
#include "bridge.h"
#include "ready.h"

enum {
	SUB_VEHICLE,	/* its contactor */
	SUB_LINK,	/* up to its voltage */
	SUB_WAIT,	/* for the permission */
	SUB_FILTER,	/* its capacitors, through the precharge resistors */
	SUB_GRID,	/* the grid contactor */
	SUB_REST,	/* for the permission, with all open */
};

#define VEHICLE_MS	2000
#define SETTLE_MS	30
#define LINK_OK_MS	20
#define LOCKED		4	/* as after a cessation */

/* The output comes to the vehicle's voltage through the contact. */
bool v2x_ready_vehicle(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	struct v2x_seq *s = &c->seq;
	s32 v_mv = c->m.vev_q8 >> 8, least_mv = (s32)c->desc->v_ev_min_mv;

	if (v2x_seq_contact(r, V2X_CONTACTOR_EV, V2X_REASON_EV_CONTACTOR_STUCK_OPEN) &&
	    v2x_seq_held(&s->count, v_mv >= least_mv, v2x_seq_ms(&c->k.seq, SETTLE_MS)))
		return true;
	if (s->ticks > v2x_seq_ms(&c->k.seq, VEHICLE_MS))
		v2x_seq_fail(r, V2X_REASON_EV_UNDER_VOLTAGE, v_mv, least_mv);
	return false;
}

static void vehicle(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	struct v2x_seq *s = &c->seq;

	if (v2x_ready_vehicle(r)) {
		v2x_link_reset(&c->link);
		c->dcdc = (struct v2x_dcdc){ .mean = c->dcdc.mean };
		v2x_dcdc_rest(&c->dcdc, c->m.vev_q8);
		s->dcdc = true;
		v2x_seq_sub(s, SUB_LINK);
	}
}

static bool link_fine(const struct v2x_ctl *c)
{
	return v2x_abs(c->link.v_q8 - c->k.link.vref_q8) < c->k.seq.link_ok_q8;
}

/* A permission, an angle, and nothing that would trip. */
static bool may_close(const struct v2x_run *r)
{
	const struct v2x_ctl *c = r->c;

	return !r->set->wait && !c->prot.now && c->measure.seq && c->tracker.good >= LOCKED;
}

static u32 run(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;

	c->seq.coils &= ~V2X_CONTACTOR_PRECHARGE;
	v2x_bridge_on(c);
	v2x_dcdc_rest(&c->dcdc, c->m.vev_q8);
	c->seq.dcdc = false;	/* RUN switches it on */
	return V2X_STATE_RUN;
}

u32 v2x_state_ready(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	struct v2x_seq *s = &c->seq;

	switch (s->sub) {
	case SUB_VEHICLE:
		/* the resistor in the vehicle's circuit comes with the island switch */
		if (c->desc->features & V2X_FEATURE_ISLAND_SWITCH)
			vehicle(r);
		else
			v2x_seq_sub(s, SUB_REST);
		break;
	case SUB_LINK:
		if (v2x_seq_held(&s->count, link_fine(c), v2x_seq_ms(&c->k.seq, LINK_OK_MS)))
			v2x_seq_sub(s, SUB_WAIT);
		else if (s->ticks > c->k.seq.timeout[V2X_STATE_SYNC])
			v2x_seq_fail(r, V2X_REASON_PRECHARGE_FAILED, c->link.v_q8 >> 8,
				     c->k.link.vref_q8 >> 8);
		break;
	case SUB_WAIT:
		if (link_fine(c) && may_close(r))
			v2x_seq_sub(s, SUB_FILTER);
		break;
	case SUB_REST:
		if (may_close(r))
			return V2X_STATE_PRECHARGE;
		break;
	case SUB_FILTER:
		if (v2x_seq_contact(r, V2X_CONTACTOR_PRECHARGE,
				    V2X_REASON_GRID_CONTACTOR_STUCK_OPEN))
			v2x_seq_sub(s, SUB_GRID);
		break;
	default:
		if (v2x_seq_contact(r, V2X_CONTACTOR_GRID, V2X_REASON_GRID_CONTACTOR_STUCK_OPEN))
			return run(r);
		break;
	}
	return s->state;
}
