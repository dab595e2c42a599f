// SPDX-License-Identifier: GPL-2.0-only
/*
 * The circuit of the tests for loss of mains (IEC 62116, IEEE 1547.1): behind
 * the grid's breaker and the island switch, at the terminals, a resistor, an
 * inductor and a capacitor in parallel from each phase to neutral.
 *
 *	Lg dig/dt = vsrc - Rg ig - v	while the breaker is closed, else ig = 0
 *	L  dil/dt = v
 *	C  dv/dt  = ig - i2 - il - v / R
 *
 * In the sub-steps of plant_sub.c: currents from the old voltage, then the
 * voltage from the new currents, with the resistor's share by the trapezoid
 * rule: true to 1e-5 in resonance, damping and in what the resistor draws.
 */
#include <linux/kernel.h>
#include "plant.h"
#include "plant_ac.h"
#include "plant_fx.h"

#define SQRT3_INV_Q30	619925131LL
#define NODE_MAX_Q20	Q20(1200)
#define NODE_I_MAX_Q20	Q20(4000)	/* more than a fuse lets through */

static s64 held(s64 i)
{
	return fx_clamp(i, -NODE_I_MAX_Q20 * Q20_ONE, NODE_I_MAX_Q20 * Q20_ONE);
}

/* What lags the voltage by a quarter turn, of phase x. */
static s64 quadrature(const struct plant *p, u32 x)
{
	static const u32 next[PLANT_PHASES] = { 1, 2, 0 }, after[PLANT_PHASES] = { 2, 0, 1 };
	u32 angle = (u32)(p->angle_q48 >> 16) + p->set.phase;
	s64 v;

	if (p->k.phases == 3)
		return ((p->v_src[next[x]] - p->v_src[after[x]]) * SQRT3_INV_Q30) >> 30;
	v = ((s64)p->set.v_phase_q20[x] * p->set.voltage_q16) >> 16;
	v = (fx_sin_q30(angle) * v) >> 30;
	return x ? -v : v;
}

/* A load that has just been connected is already in its steady state. */
void plant_node_apply(struct plant *p)
{
	const struct plant_node_set *n = &p->set.node;
	u32 x;

	if (n->on && !p->node.on) {
		for (x = 0; x < p->k.phases; x++) {
			p->node.v[x] = p->v_src[x] * Q20_ONE;
			p->node.il[x] = (quadrature(p, x) * n->yl_q24) >> 4;
			p->node.ig[x] = 0;
		}
	}
	p->node.on = n->on;
	plant_island_apply(p);
}

void plant_node_sources(const struct plant *node, struct plant_ac *r)
{
	u32 x;

	for (x = 0; x < PLANT_PHASES; x++) {
		r->src[x] = q20(node->node.v[x]);
		r->dsrc[x] = 0;
	}
}

/* The grid's source at the middle of a sub-step. */
static s64 source(const struct plant *p, u32 x, u32 sub)
{
	s64 d = p->v_src[x] - p->v_src_old[x];

	return p->v_src_old[x] + ((d * (2 * sub + 1)) >> (p->k.sub_shift + 1));
}

void plant_node_step(struct plant *p, u32 sub, const s64 i2[PLANT_PHASES])
{
	const struct plant_node_set *n = &p->set.node;
	s64 other[PLANT_PHASES] = { 0 };
	struct plant_node *s = &p->node;
	u32 x;

	if (p->set.load.motor | p->set.load.transformer | p->set.load.rectifier)
		plant_island_step(p, other);
	for (x = 0; x < p->k.phases; x++) {
		s64 v = q20(s->v[x]), in;
		bool here = n->lines >> x & 1;

		if (p->set.breaker_open || p->contactors & V2X_CONTACTOR_ISLAND)
			s->ig[x] = 0;
		else
			s->ig[x] = held(s->ig[x] + ((n->bg_q30 * (source(p, x, sub) - v) -
						     n->rg_q30 * q20(s->ig[x])) >> 10));
		in = q20(s->ig[x]) - i2[x] - other[x];
		if (likely(here)) {
			s->il[x] = held(s->il[x] + ((n->hl_q34 * v) >> 14));
			in -= q20(s->il[x]);
			s->v[x] += ((n->hc_q26 * in) >> 6) - ((n->kr_q30 * v) >> 10);
		} else {
			s->v[x] += (n->hc_bare_q26 * in) >> 6;
		}
		s->v[x] = fx_clamp(s->v[x], -NODE_MAX_Q20 * Q20_ONE, NODE_MAX_Q20 * Q20_ONE);
	}
}

/*
 * Between breaker and island switch: the utility's terminals. Nothing flows
 * through them while the switch is parted, and they are the node's when not.
 */
s64 plant_node_utility(const struct plant *p, u32 x)
{
	if (!(p->contactors & V2X_CONTACTOR_ISLAND))
		return q20(p->node.v[x]);
	return p->set.breaker_open ? 0 : p->v_src[x];
}
