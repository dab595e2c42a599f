// SPDX-License-Identifier: GPL-2.0-only
#include <linux/limits.h>
#include <linux/math64.h>
#include "ctl_priv.h"
#include "ready.h"

enum {
	SUB_VEHICLE,	/* its contactor */
	SUB_BUS,	/* up to its voltage, or waited for */
};

#define DROOP_LEAST	20	/* permille */
#define THERE_MS	20
#define WAIT_MS		5000	/* for a bus to follow */
#define HELD_UP_MS	50	/* on the way up, before it is an overload */
#define OVERLOAD_MS	100	/* below the window */
#define LOST_MS		300	/* likewise, of a bus that another holds and answers for */

u32 v2x_bus_droop_least(const struct v2x_stage_desc *desc)
{
	u32 rated_mw = max(desc->p_import_max_mw, desc->p_export_max_mw);
	u64 v2 = div_u64((u64)desc->v_dc_link_nominal_mv * desc->v_dc_link_nominal_mv, 1000000);
	u32 wc = desc->tick_hz * 3 / 40;
	/* V^2 nF / s is nW */
	u64 all_mw = max_t(u64, div_u64(v2 * desc->plant.c_dc_nf * wc, 1000000), 1);

	/* rounded up */
	return max_t(u32, DROOP_LEAST,
		     (u32)div64_u64((u64)rated_mw * 1000 + all_mw - 1, all_mw));
}

/* mW per mV^2, Q30, for the rating over @permille of @v_mv squared. */
static s32 slope_q30(const struct v2x_stage_desc *desc, u32 permille, u32 v_mv)
{
	u64 rated_mw = max(desc->p_import_max_mw, desc->p_export_max_mw);

	return (s32)min_t(u64, div64_u64(div_u64((rated_mw * 1000) << 20, permille) << 10,
					 (u64)v_mv * v_mv), S32_MAX);
}

void v2x_bus_prepare(const struct v2x_stage_desc *desc, const struct v2x_forming *f,
		     struct v2x_bus_set *set)
{
	u32 v_mv = f->dc_v_mv ? f->dc_v_mv : desc->v_dc_link_nominal_mv;
	u32 droop = f->dc_droop_permille ? f->dc_droop_permille : v2x_bus_droop_least(desc);
	u64 steps = (u64)f->ramp_ms * desc->tick_hz;

	*set = (struct v2x_bus_set){
		.v_mv = (s32)v_mv,
		.e0 = ((s64)v_mv * v_mv) >> 10,
		.droop_q30 = slope_q30(desc, 2 * droop, v_mv),
		/* 0.95^2 - 0.90^2 */
		.fade_q30 = slope_q30(desc, 92, v_mv),
	};
	set->slope = (s64)div64_u64((u64)set->e0 * V2X_OUTER_TICKS * 1000, steps) + 1;
	set->lo = div_s64(set->e0 * 810, 1000);
	set->hi = div_s64(set->e0 * 1195, 1000);
	/* half as much again as rated power makes of it */
	set->lag = div_s64(set->e0 * 3 * droop, 1000);
}

static s64 energy(const struct v2x_ctl *c)
{
	s64 v = c->link.v_q8 >> 8;

	return (v * v) >> 10;
}

/* Without power that may be given it is not a load that keeps the bus down. */
u32 v2x_bus_low_reason(const struct v2x_ctl *c)
{
	return c->bus.forms && c->ref.down_mw ? V2X_REASON_DC_BUS_OVERLOAD :
						V2X_REASON_DC_BUS_ABSENT;
}

static void begin(struct v2x_ctl *c)
{
	c->dcdc = (struct v2x_dcdc){ .mean = c->dcdc.mean };
	v2x_dcdc_rest(&c->dcdc, c->m.vev_q8);
	/* what it was may be from before a fault */
	c->dab.fix_q30 = 0;
	c->bus = (struct v2x_bus){ .eref = energy(c) };
}

/* Up to its voltage, with all load there is, in the time set. */
static u32 rise(const struct v2x_run *r)
{
	const struct v2x_bus_set *set = &r->set->bus;
	struct v2x_ctl *c = r->c;
	struct v2x_seq *s = &c->seq;
	s64 lag = c->bus.eref - energy(c);

	s->dcdc = true;
	if (v2x_seq_held(&c->bus.low, lag > set->lag, v2x_seq_ms(&c->k.seq, HELD_UP_MS)))
		v2x_seq_fail(r, v2x_bus_low_reason(c), c->link.v_q8 >> 8, set->v_mv);
	else if (v2x_seq_held(&s->count, c->bus.eref == set->e0 && lag <= set->lag,
			      v2x_seq_ms(&c->k.seq, THERE_MS)))
		return V2X_STATE_DC_RUN;
	return s->state;
}

/*
 * Others hold it: within the window in which it is of use. The DC/DC finds its zero
 * meanwhile, in a tenth of the time.
 */
static u32 await(const struct v2x_run *r)
{
	const struct v2x_bus_set *set = &r->set->bus;
	struct v2x_ctl *c = r->c;
	struct v2x_seq *s = &c->seq;
	s64 e = energy(c);

	s->dcdc = e > set->lo && e < set->hi;
	if (v2x_seq_held(&s->count, s->dcdc, v2x_seq_ms(&c->k.seq, THERE_MS)))
		return V2X_STATE_DC_RUN;
	if (s->ticks > v2x_seq_ms(&c->k.seq, WAIT_MS))
		v2x_seq_fail(r, V2X_REASON_DC_BUS_ABSENT, c->link.v_q8 >> 8, set->v_mv);
	return s->state;
}

u32 v2x_state_dc_start(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	struct v2x_seq *s = &c->seq;

	if (s->sub == SUB_BUS)
		return r->set->bus_form ? rise(r) : await(r);
	if (v2x_ready_vehicle(r)) {
		begin(c);
		v2x_seq_sub(s, SUB_BUS);
	}
	return s->state;
}

u32 v2x_state_dc_run(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;

	c->seq.mode = V2X_REF_FOLLOW;
	if (unlikely(v2x_seq_held(&c->bus.low, energy(c) < r->set->bus.lo,
				  v2x_seq_ms(&c->k.seq, c->bus.forms ? OVERLOAD_MS : LOST_MS))))
		v2x_seq_fail(r, v2x_bus_low_reason(c), c->link.v_q8 >> 8, r->set->bus.v_mv);
	return c->seq.state;
}

/* The reference follows its setting, and the bus as it is when it begins to be held. */
static s64 droop(struct v2x_ctl *c, const struct v2x_bus_set *set, s64 e)
{
	struct v2x_bus *b = &c->bus;

	if (!b->forms)
		b->eref = e;
	b->eref += clamp_t(s64, set->e0 - b->eref, -set->slope, set->slope);
	return ((e - b->eref) * set->droop_q30) >> 20;
}

static s64 fade(const struct v2x_bus_set *set, s64 room)
{
	return room > 0 ? min_t(s64, (room * set->fade_q30) >> 20, S32_MAX) : 0;
}

/* Power into the vehicle within what it and the bus allow. */
static s64 within(struct v2x_ctl *c, const struct v2x_bus_set *set, s64 p, s64 e)
{
	s64 up = fade(set, e - set->lo), down = -fade(set, set->hi - e);

	c->bus.held = p > c->ref.up_mw ? c->ref.import.why :
		      p < c->ref.down_mw ? c->ref.export.why : 0;
	p = clamp_t(s64, p, c->ref.down_mw, c->ref.up_mw);
	if (p > up || p < down)
		c->bus.held = V2X_LIMITED_DC_LINK;
	return clamp_t(s64, p, down, up);
}

void v2x_bus_link(const struct v2x_run *r)
{
	const struct v2x_bus_set *set = &r->set->bus;
	struct v2x_ctl *c = r->c;
	s64 e = energy(c), p = c->ref.p_q16 >> 16;
	bool form = r->set->bus_form && c->seq.state != V2X_STATE_RAMP_DOWN;

	if (!c->seq.dcdc)
		return;
	if (form)
		p += droop(c, set, e);
	else if (c->bus.forms && c->seq.state == V2X_STATE_DC_RUN)
		v2x_bus_end(c);
	c->bus.forms = form;
	v2x_dcdc_hold(&c->dcdc, r->set, (long)within(c, set, p, e), c->m.vev_q8 >> 8);
}

void v2x_bus_bounds(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	s64 p_mw = v2x_micro_to_milli(((s64)c->m.vev_q8 * c->m.iev_q8) >> 16);

	v2x_dcdc_mean(&c->k.dcdc, &c->dcdc, (long)p_mw, &c->m);
	v2x_setpoint_target(&c->k.setpoint, &c->ref, r->set, r->in->tick);
	c->ref.why |= c->bus.held;
	/* phase currents and the voltage of a grid have no say */
	v2x_setpoint_bounds(&c->k.setpoint, &c->ref, r->set, &c->m, &c->dcdc.mean, S32_MAX,
			    c->k.has & BIT(V2X_ADC_TEMP));
}

void v2x_bus_end(struct v2x_ctl *c)
{
	c->ref.p_q16 = c->seq.dcdc ? c->dcdc.p_mw * 65536LL : 0;
}

u32 v2x_bus_mode(const struct v2x_ctl *c)
{
	if (c->seq.state != V2X_STATE_DC_RUN)
		return V2X_MODE_NONE;
	return c->bus.forms ? V2X_MODE_DC_FORM : V2X_MODE_DC_FOLLOW;
}
