// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bits.h>
#include "bridge.h"

#define DARK_MS	10	/* half a cycle: on its way to a lower voltage the tracker sees less */
#define LOCKED	4	/* times V2X_SLOW_TICKS samples with the angle right, 3.2 ms */

static void tell(const struct v2x_run *r, u32 to, const struct v2x_trip *t)
{
	v2x_emit(r, &(struct v2x_event){
		.type = V2X_EVENT_CEASE, .reason = t->reason, .from = !to, .to = to,
		.value = t->value, .limit = t->limit,
	});
}

static bool out_of_range(const struct v2x_run *r)
{
	return v2x_stages_stands(&r->c->prot.stages, &r->set->table, (u32)BIT(V2X_PROT_CEASE));
}

void v2x_ride_cease(const struct v2x_run *r, const struct v2x_trip *t)
{
	struct v2x_ctl *c = r->c;

	c->ride.phase = V2X_RIDE_CEASED;
	c->ride.reason = t->reason;
	c->ride.bad_tick = r->in->tick;
	c->seq.gates = false;
	c->seq.mode = V2X_REF_CEASED;
	/* no power, but what the link needs to be ready for the return */
	c->seq.dcdc = true;
	c->dcdc = (struct v2x_dcdc){ .mean = c->dcdc.mean };
	v2x_dcdc_rest(&c->dcdc, c->m.vev_q8);
	v2x_link_reset(&c->link);
	c->link.eref = c->k.link.eref;
	tell(r, 1, t);
}

void v2x_ride_link(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	long p_mw = v2x_link_step(&c->k.link, &c->link, v2x_bridge_energy(c), false);

	/* from the vehicle only: what a high voltage rectifies into the link is not drawn off */
	v2x_dcdc_hold(&c->dcdc, r->set, min(-p_mw, 0L), c->m.vev_q8 >> 8);
}

/*
 * Without a voltage there is no angle: a current would flow into or out of the
 * link as chance has it when the voltage comes back.
 */
static bool blind(const struct v2x_run *r, struct v2x_trip *t)
{
	struct v2x_ctl *c = r->c;

	c->ride.dark = c->tracker.live ? 0 : c->ride.dark + 1;
	if (likely(c->ride.dark < v2x_seq_ms(&c->k.seq, DARK_MS)))
		return false;
	*t = (struct v2x_trip){
		.reason = V2X_REASON_GRID_ABSENT,
		.value = c->tracker.vd_q8 >> 8,
		.limit = c->k.tracker.amp_min_q8 >> 8,
	};
	return true;
}

static bool must_cease(const struct v2x_run *r, struct v2x_trip *t)
{
	struct v2x_ctl *c = r->c;
	int stage;

	if (likely(!c->prot.stages.stands))
		return blind(r, t);
	stage = v2x_stages_due(&c->prot.stages, &r->set->table, V2X_PROT_CEASE, r->in->tick);
	if (stage < 0)
		return blind(r, t);
	v2x_stages_trip(&c->prot.stages, &r->set->table, &c->prot.halves, (u32)stage, t);
	return true;
}

static void ceased(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;

	if (out_of_range(r) || c->tracker.good < LOCKED) {
		c->ride.bad_tick = r->in->tick;
		return;
	}
	if (r->in->tick - c->ride.bad_tick < r->set->table.return_ticks)
		return;
	v2x_bridge_on(c);
	c->seq.dcdc = false;
	c->ride.phase = V2X_RIDE_LINK;
	c->ride.count = 0;
	c->ride.since = 0;
}

/* The link is boosted before the DC/DC loads it; it may have sunk to the rectified grid. */
static void link_back(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	s64 most = c->k.link.eref >> 5;	/* 1.6 % of the voltage, without its swing */
	s64 off = v2x_bridge_energy(c) - c->k.link.eref;
	bool fine = off < most && off > -most;

	/* what the filter draws when the gates begin has to be over */
	if (++c->ride.since == v2x_seq_ms(&c->k.seq, 1))
		c->seq.mode = V2X_REF_REACTIVE;
	c->ride.count = fine ? c->ride.count + 1 : 0;
	if (c->ride.count < v2x_seq_ms(&c->k.seq, 5))
		return;
	c->seq.dcdc = true;
	c->seq.mode = V2X_REF_RECOVER;
	c->ride.phase = V2X_RIDE_RECOVER;
	tell(r, 0, &(struct v2x_trip){ .reason = c->ride.reason });
}

static noinline void momentary(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	struct v2x_trip t;

	if (c->ride.phase != V2X_RIDE_CEASED && unlikely(must_cease(r, &t))) {
		v2x_ride_cease(r, &t);
		return;
	}
	switch (c->ride.phase) {
	case V2X_RIDE_ON:	/* a stage stands, and waits */
		c->seq.dcdc = true;
		c->seq.mode = V2X_REF_FOLLOW;
		break;
	case V2X_RIDE_CEASED:
		ceased(r);
		break;
	case V2X_RIDE_LINK:
		link_back(r);
		break;
	case V2X_RIDE_RECOVER:
		if (!(c->ref.limited_by & V2X_LIMITED_RAMP))
			c->ride.phase = V2X_RIDE_ON;
		break;
	}
}

static noinline void support(const struct v2x_run *r)
{
	const struct v2x_table_set *t = &r->set->table;
	struct v2x_ctl *c = r->c;
	long vd = c->tracker.vd_q8, dv = 0;

	if (vd < t->support_lo_q8)
		dv = t->support_lo_q8 - vd + t->support_jump_q8;
	else if (vd > t->support_hi_q8)
		dv = t->support_hi_q8 - vd - t->support_jump_q8;
	if (!c->seq.gates)
		dv = 0;
	c->ride.iq_q8 = clamp(v2x_mul_floor(dv, t->support_q16, 16),
			      -(long)t->support_max_q8, (long)t->support_max_q8);
	c->ref.i_support_ma = (s32)(v2x_abs(c->ride.iq_q8) >> 8);
}

void v2x_ride_step(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;

	if (likely(!c->ride.phase && !c->prot.stages.stands && c->tracker.live)) {
		c->ride.dark = 0;
		c->seq.dcdc = true;
		c->seq.mode = V2X_REF_FOLLOW;
	} else {
		momentary(r);
	}
	if (unlikely(r->set->table.support_q16 || c->ride.iq_q8))
		support(r);
}
