// SPDX-License-Identifier: GPL-2.0-only
#include <linux/math64.h>
#include <linux/string.h>
#include "ctl_priv.h"

#define LOOK_MS		100
#define TIMES		2

/* A quarter of the part that R and C take in 100 ms, Q20; 0 without a resistor. */
static s32 part_q20(u32 r_ohm, u32 c_nf)
{
	/* ohm nF is ns */
	u64 tau_us = div_u64((u64)r_ohm * c_nf, 1000);

	return tau_us ? (s32)div64_u64((LOOK_MS * 1000ULL << 20) / 4, tau_us) : 0;
}

void v2x_weld_init(struct v2x_weld_k *k, struct v2x_weld *w, const struct v2x_stage_desc *desc)
{
	u32 steps = desc->tick_hz / V2X_OUTER_TICKS;

	k->steps = steps * LOOK_MS / 1000;
	k->rest = steps * (2 * desc->plant.contactor_ms + 20) / 1000;
	/* a bus is held by others, too */
	if (!(desc->features & V2X_FEATURE_DC_BUS))
		k->link_q20 = part_q20(desc->plant.r_discharge_ohm, desc->plant.c_dc_nf);
	k->out_q20 = desc->adc_present & BIT(V2X_ADC_V_VEHICLE) ?
		     part_q20(desc->plant.r_out_ohm, desc->dab.c_out_nf) : 0;
	k->least_q8 = (s32)div_u64((u64)desc->v_nominal_mv * 181019, 1000);
	k->out_q8 = (s32)(desc->v_ev_min_mv << 7);
	memset(w, 0, sizeof(*w));
}

/* Has @now fallen by less than @part_q20 since @was? */
static bool held(s32 was, s32 now, s32 part_q20)
{
	return now >= was - v2x_mul(was, part_q20, 20);
}

/* Between 0.9 and 1.06 of what the diodes make of the grid. */
static bool at_the_peak(const struct v2x_ctl *c)
{
	static const s32 lo_q20[] = { 0, 943718, 1887437, 1634514 };
	static const s32 hi_q20[] = { 0, 1111491, 2222981, 1925158 };
	long vd = c->tracker.vd_q8;

	return vd > c->k.weld.least_q8 &&
	       c->m.vdc_q8 > v2x_mul(vd, lo_q20[c->k.phases], 20) &&
	       c->m.vdc_q8 < v2x_mul(vd, hi_q20[c->k.phases], 20);
}

static bool at_the_vehicle(const struct v2x_ctl *c)
{
	s32 apart = (c->m.vev_q8 >> 8) - c->m.v_vehicle_mv;

	return c->m.vev_q8 > c->k.weld.out_q8 &&
	       !v2x_beyond(apart, c->k.plausible.v_off_mv);
}

static void look(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	const struct v2x_weld_k *k = &c->k.weld;
	struct v2x_weld *w = &c->weld;
	s32 link = c->m.vdc_q8, out = c->m.vev_q8;

	w->link_held = k->link_q20 && at_the_peak(c) && held(w->link_q8, link, k->link_q20) ?
		       w->link_held + 1 : 0;
	w->out_held = k->out_q20 && at_the_vehicle(c) && held(w->out_q8, out, k->out_q20) ?
		      w->out_held + 1 : 0;
	w->link_q8 = link;
	w->out_q8 = out;
	if (w->link_held >= TIMES)
		v2x_seq_trip(r, &(struct v2x_trip){
			V2X_REASON_GRID_CONTACTOR_WELDED, link >> 8, c->tracker.vd_q8 >> 8,
		});
	else if (w->out_held >= TIMES)
		v2x_seq_trip(r, &(struct v2x_trip){
			V2X_REASON_EV_CONTACTOR_WELDED, out >> 8, c->m.v_vehicle_mv,
		});
}

bool v2x_weld_stands(const struct v2x_ctl *c)
{
	return (c->seq.fault == V2X_REASON_GRID_CONTACTOR_WELDED && c->weld.link_held) ||
	       (c->seq.fault == V2X_REASON_EV_CONTACTOR_WELDED && c->weld.out_held);
}

void v2x_weld_step(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	struct v2x_weld *w = &c->weld;

	if (c->seq.coils || c->contactors) {
		*w = (struct v2x_weld){ 0 };
		return;
	}
	if (++w->count < c->k.weld.rest + c->k.weld.steps)
		return;
	w->count = c->k.weld.rest;
	look(r);
}
