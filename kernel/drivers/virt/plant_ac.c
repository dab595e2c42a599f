// SPDX-License-Identifier: GPL-2.0-only
/*
 * LCL filter and bridge, averaged over a switching period.
 *
 * Per phase, currents positive from the grid into the converter:
 *
 *	L1 di1/dt = vn - R1 i1 - leg - s1		vn = vc + Rd (i2 - i1)
 *	L2 di2/dt = vsrc - R2 i2 - vn - s2		L2, R2 with the source's
 *	C  dvc/dt = i2 - i1
 *
 * With three wires s1 and s2 are the potentials of the star points that make
 * the currents of each side add up to zero; with a neutral they are zero, and
 * the phases have nothing to do with each other. A leg's voltage is against
 * the return leg: the other one of a full bridge, or the neutral leg.
 *
 * In the ordinary case, gates on and all phases connected, every phase is a
 * linear system of constant coefficients, with the leg's voltage constant and
 * the source in a straight line over the period: it is solved exactly, by the
 * matrices of plant_exact.c. All else goes in sub-steps, plant_sub.c.
 */
#include <linux/kernel.h>
#include "plant.h"
#include "plant_ac.h"
#include "plant_fx.h"

static const struct plant_path *choose_path(const struct plant *p)
{
	u32 on = p->contactors;
	bool dead = p->set.breaker_open && !p->set.node.on;

	if (on & V2X_CONTACTOR_GRID)
		return &p->set.path[dead ? PLANT_PATH_ISLAND : PLANT_PATH_CLOSED];
	if (on & V2X_CONTACTOR_PRECHARGE && !p->set.fault[PLANT_FAULT_PRECHARGE_FAILED] && !dead)
		return &p->set.path[PLANT_PATH_PRECHARGE];
	return &p->set.path[PLANT_PATH_OPEN];
}

static s64 leg_of(const struct plant *p, u32 x)
{
	return fx_clamp(p->active.leg_q24[x], -(1LL << 24), 1LL << 24);
}

static void leg_voltages(const struct plant *p, struct plant_ac *r)
{
	s64 back = leg_of(p, p->k.phases == 1 ? 1 : 2), mean;

	r->m[0] = leg_of(p, 0) - back;
	r->m[1] = p->k.phases == 1 ? 0 : leg_of(p, 1) - back;
	r->leg[0] = (r->m[0] * r->v_dc) >> 25;
	r->leg[1] = (r->m[1] * r->v_dc) >> 25;
	r->leg[2] = 0;
	if (p->k.phases != 3)
		return;
	mean = fx_third(r->leg[0] + r->leg[1]);
	r->leg[0] -= mean;
	r->leg[1] -= mean;
	r->leg[2] = -mean;
}

/* Rows of the matrices times states and inputs, products in Q50. */
static s64 row(const s64 c[PLANT_EXACT_COLS], const s64 u[PLANT_EXACT_COLS])
{
	return c[0] * u[0] + c[1] * u[1] + c[2] * u[2] + c[3] * u[3] + c[4] * u[4] + c[5] * u[5];
}

/* One phase over the whole period. Return: mean of i1, Q20. */
static s64 exact_phase(struct plant *p, const struct plant_ac *r, u32 x, s64 before, s64 now)
{
	const struct plant_exact *e = &p->set.exact;
	const s64 u[PLANT_EXACT_COLS] = {
		q20(p->i1[x]), q20(p->i2[x]), q20(p->vc[x]), r->leg[x], before, now,
	};

	p->i1[x] += row(e->i1, u) >> 10;
	p->i2[x] += row(e->i2, u) >> 10;
	p->vc[x] += row(e->vc, u) >> (PLANT_EXACT_VC - 20);
	return row(e->mean, u) >> 30;
}

static void run_exact(struct plant *p, struct plant_ac *r)
{
	s64 was = 0, now = 0;

	if (p->k.phases == 3) {
		was = fx_third(p->v_src_old[0] + p->v_src_old[1] + p->v_src_old[2]);
		now = fx_third(p->v_src[0] + p->v_src[1] + p->v_src[2]);
	}
	r->sum[0] = exact_phase(p, r, 0, p->v_src_old[0] - was, p->v_src[0] - now);
	r->sum[1] = 0;
	if (p->k.phases > 1)
		r->sum[1] = exact_phase(p, r, 1, p->v_src_old[1] - was, p->v_src[1] - now);
}

static void run_steps(struct plant *p, struct plant_ac *r)
{
	u32 n = 1U << p->k.sub_shift, i;

	plant_sub_begin(p, r);
	for (i = 0; i < n; i++) {
		if (p->set.node.on)
			plant_node_sources(p, r);
		plant_sub_step(p, r);
		if (p->set.node.on) {
			s64 i2[PLANT_PHASES] = { q20(p->i2[0]), q20(p->i2[1]), q20(p->i2[2]) };

			plant_node_step(p, i, i2);
		}
	}
	plant_sub_end(p, r);
}

static s64 limited(s64 x, s64 max_q20)
{
	s64 max = max_q20 * Q20_ONE;

	if (likely((u64)(x + max) <= (u64)max * 2))
		return x;
	return x < 0 ? -max : max;
}

/* What nothing survives, and the third current of either side. */
static void settle(struct plant *p)
{
	u32 x;

	for (x = 0; x < 2; x++) {
		p->i1[x] = limited(p->i1[x], I_MAX_Q20);
		p->i2[x] = limited(p->i2[x], I_MAX_Q20);
		p->vc[x] = limited(p->vc[x], VC_MAX_Q20);
	}
	if (p->k.phases == 1)
		return;
	p->i1[2] = -p->i1[0] - p->i1[1];
	p->i2[2] = -p->i2[0] - p->i2[1];
	p->vc[2] = p->k.phases == 3 ? -p->vc[0] - p->vc[1] : 0;
}

/* Mean current into the DC link; a leg loses a part of what it carries. */
static s64 link_current(struct plant *p, const struct plant_ac *r)
{
	s64 legs;

	p->i_loss = 0;
	if (!r->gates)
		return r->diode_sum;
	legs = fx_abs(r->sum[0]) + fx_abs(r->sum[1]) + fx_abs(r->sum[0] + r->sum[1]);
	p->i_loss = (legs * p->k.bridge_loss_q20) >> 20;
	return ((r->m[0] * r->sum[0] + r->m[1] * r->sum[1]) >> 25) - p->i_loss;
}

/* Voltage at the grid terminals, where the sensors are, now. */
static void terminals(struct plant *p, struct plant_ac *r)
{
	u32 fuses = p->set.fault[PLANT_FAULT_PHASE_LOSS], x;
	const struct plant_path *path = r->path;
	s64 s;

	for (x = 0; x < p->k.phases; x++)
		r->src[x] = p->set.node.on ? q20(p->node.v[x]) : p->v_src[x];
	if (path == &p->set.path[PLANT_PATH_OPEN]) {
		for (x = 0; x < p->k.phases; x++)
			p->v_pcc[x] = fuses & (1U << x) ? 0 : r->src[x];
		return;
	}
	plant_node_voltages(p, r->vn);
	s = plant_grid_shift(p, r);
	for (x = 0; x < p->k.phases; x++) {
		s64 v = r->src[x] - r->vn[x] - s;

		if (unlikely(r->lost & (1U << x)))
			p->v_pcc[x] = r->vn[x] + s;
		else
			p->v_pcc[x] = r->src[x] - ((path->rt_q20 * q20(p->i2[x]) +
						    path->lg_q20 * v) >> 20);
	}
}

void plant_ac_begin(struct plant *p, struct plant_ac *r, bool gates)
{
	u32 x;

	r->path = choose_path(p);
	r->gates = gates;
	r->lost = p->set.fault[PLANT_FAULT_PHASE_LOSS];
	r->v_dc = q20(p->v_dc);
	r->half = (r->v_dc >> 1) + DIODE_Q20;
	/* With three wires one phase alone carries nothing either. */
	if (r->path == &p->set.path[PLANT_PATH_OPEN] ||
	    (p->k.phases == 3 && (r->lost & (r->lost - 1)))) {
		r->lost = PLANT_ALL;
		for (x = 0; x < PLANT_PHASES; x++)
			p->i2[x] = 0;
	}
	if (gates)
		leg_voltages(p, r);
	if (unlikely(p->set.breaker_open && !p->set.node.on)) {
		for (x = 0; x < PLANT_PHASES; x++) {
			p->v_src[x] = 0;
			p->v_src_old[x] = 0;
		}
	}
}

void plant_ac_end(struct plant *p, struct plant_ac *r)
{
	settle(p);
	p->i_bridge = link_current(p, r);
	terminals(p, r);
}

/* Gates on and every phase connected to the grid: linear over the whole period. */
bool plant_ac_ordinary(const struct plant *p, const struct plant_ac *r)
{
	return r->gates && !r->lost && !p->set.node.on &&
	       r->path == &p->set.path[PLANT_PATH_CLOSED];
}

void plant_ac_otherwise(struct plant *p, struct plant_ac *r)
{
	run_steps(p, r);
}

void plant_ac_step(struct plant *p, bool gates)
{
	struct plant_ac r;

	plant_ac_begin(p, &r, gates);
	if (likely(plant_ac_ordinary(p, &r)))
		run_exact(p, &r);
	else
		run_steps(p, &r);
	plant_ac_end(p, &r);
}
