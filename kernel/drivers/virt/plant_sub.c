// SPDX-License-Identifier: GPL-2.0-only
/*
 * Filter and bridge in sub-steps of 12.5 us, for all that is not ordinary:
 * gates off, precharge, lost phases, an island.
 *
 * Semi-implicit Euler: both currents from the old capacitor voltage, then the
 * capacitor from the new currents. That scheme has no damping of its own.
 * Resistances are taken implicitly, because the precharge resistor is stiff:
 * with i' = i + h/L v - h R/L i', i' = i + b v - r i, b = (h/L) / (1 + hR/L).
 *
 * With the gates off each leg is a pair of diodes: a conducting phase is tied
 * to the rail its current flows to, a phase without current floats until its
 * potential passes a rail. The neutral leg of a split-phase stage is taken to
 * have a choke like the others then.
 */
#include "plant.h"
#include "plant_ac.h"
#include "plant_fx.h"

void plant_node_voltages(const struct plant *p, s64 vn[PLANT_PHASES])
{
	u32 x;

	for (x = 0; x < 2; x++)
		vn[x] = q20(p->vc[x]) +
			((p->k.rd_q20 * (q20(p->i2[x]) - q20(p->i1[x]))) >> 20);
	vn[2] = p->k.phases == 3 ? -vn[0] - vn[1] : 0;
}

static void i1_update(struct plant *p, u32 x, s64 v)
{
	s64 i = q20(p->i1[x]);

	p->i1[x] += (p->k.b1_q30 * v - p->k.r1_q30 * i) >> 10;
}

/* Gates on: legs are known, the third follows from the other two. */
static void bridge_gated(struct plant *p, struct plant_ac *r)
{
	u32 x, n = p->k.phases == 1 ? 1 : 2;

	for (x = 0; x < n; x++) {
		r->sum[x] += q20(p->i1[x]);
		i1_update(p, x, r->vn[x] - r->leg[x]);
		r->sum[x] += q20(p->i1[x]);
	}
	if (n == 2)
		p->i1[2] = -p->i1[0] - p->i1[1];
}

/* Which rail each phase's diodes tie it to: +1, -1, or 0 for floating. */
static u32 diode_signs(const struct plant *p, const struct plant_ac *r, s32 sgn[PLANT_PHASES])
{
	u32 n = 0, x, hi = 0, lo = 0, idle = 0;
	s64 s = 0;

	for (x = 0; x < PLANT_PHASES; x++) {
		sgn[x] = p->i1[x] > 0 ? 1 : p->i1[x] < 0 ? -1 : 0;
		if (sgn[x]) {
			n++;
			s += r->vn[x] - sgn[x] * r->half;
		} else {
			idle = x;
		}
		if (r->vn[x] > r->vn[hi])
			hi = x;
		if (r->vn[x] < r->vn[lo])
			lo = x;
	}
	if (!n && r->vn[hi] - r->vn[lo] > 2 * r->half) {
		sgn[hi] = 1;
		sgn[lo] = -1;
		return 2;
	}
	if (n == 2) {
		s64 u = r->vn[idle] - (s >> 1);

		sgn[idle] = u > r->half ? 1 : u < -r->half ? -1 : 0;
		n += sgn[idle] ? 1 : 0;
	}
	return n;
}

/* After a diode has blocked, what is left must still add up to zero. */
static void diode_balance(struct plant *p, const s32 sgn[PLANT_PHASES], u32 n)
{
	u32 x, left = 0;
	s64 rest = 0;

	for (x = 0; x < PLANT_PHASES; x++) {
		if (p->i1[x] * sgn[x] <= 0)
			p->i1[x] = 0;
		else
			left++;
		rest += p->i1[x];
	}
	if (left == n && n == 3) {
		p->i1[2] = -p->i1[0] - p->i1[1];
		return;
	}
	for (x = 0; x < PLANT_PHASES; x++) {
		if (left < 2)
			p->i1[x] = 0;
		else if (p->i1[x])
			p->i1[x] -= rest >> 1;
	}
	if (left == 2) {	/* exactly opposite, whatever was rounded */
		u32 a = p->i1[0] ? 0 : 1, b = p->i1[2] ? 2 : 1;

		p->i1[b] = -p->i1[a];
	}
}

/* No current flows and none can begin: the usual case above the mains' peak. */
static bool bridge_blocks(const struct plant *p, const struct plant_ac *r)
{
	if (p->i1[0] || p->i1[1])
		return false;
	return fx_abs(r->vn[0] - r->vn[1]) <= 2 * r->half &&
	       fx_abs(r->vn[1] - r->vn[2]) <= 2 * r->half &&
	       fx_abs(r->vn[2] - r->vn[0]) <= 2 * r->half;
}

static void bridge_diodes(struct plant *p, struct plant_ac *r)
{
	s32 sgn[PLANT_PHASES];
	s64 s = 0;
	u32 n, x;

	n = diode_signs(p, r, sgn);
	if (n < 2) {
		p->i1[0] = 0;
		p->i1[1] = 0;
		p->i1[2] = 0;
		return;
	}
	for (x = 0; x < PLANT_PHASES; x++)
		s += sgn[x] ? r->vn[x] - sgn[x] * r->half : 0;
	s = n == 2 ? s >> 1 : fx_third_any(s);
	for (x = 0; x < PLANT_PHASES; x++) {
		if (!sgn[x])
			continue;
		r->diode_sum += sgn[x] * q20(p->i1[x]);
		i1_update(p, x, r->vn[x] - sgn[x] * r->half - s);
	}
	diode_balance(p, sgn, n);
	for (x = 0; x < PLANT_PHASES; x++)
		r->diode_sum += sgn[x] * q20(p->i1[x]);
}

/* A full bridge: both legs carry the one current, which blocks when it turns. */
static void bridge_diodes_single(struct plant *p, struct plant_ac *r)
{
	s64 was = p->i1[0], v = r->vn[0];
	s64 sgn = was ? (was > 0 ? 1 : -1) : (v > 0 ? 1 : -1);

	i1_update(p, 0, v - sgn * 2 * r->half);
	if (p->i1[0] * sgn < 0)
		p->i1[0] = 0;
	/* counted once a leg, as with three */
	r->diode_sum += 2 * (fx_abs(q20(was)) + fx_abs(q20(p->i1[0])));
}

/* Potential of the star point against the grid's neutral. */
s64 plant_grid_shift(const struct plant *p, const struct plant_ac *r)
{
	s64 s = 0;
	u32 x;

	if (p->k.phases != 3)
		return 0;
	if (!r->lost)
		return fx_third(r->src[0] + r->src[1] + r->src[2]);
	for (x = 0; x < PLANT_PHASES; x++)
		s += r->lost & (1U << x) ? 0 : r->src[x] - r->vn[x];
	return s >> 1;
}

static void i2_update(struct plant *p, const struct plant_ac *r, u32 x, s64 v)
{
	s64 i = q20(p->i2[x]);

	if (r->lost & (1U << x))
		p->i2[x] = 0;
	else
		p->i2[x] += (r->path->b_q30 * v - r->path->r_q30 * i) >> 10;
}

static void grid_side(struct plant *p, const struct plant_ac *r)
{
	s64 s;

	if (r->lost == PLANT_ALL)
		return;
	s = plant_grid_shift(p, r);
	i2_update(p, r, 0, r->src[0] - r->vn[0] - s);
	if (p->k.phases == 1)
		return;
	i2_update(p, r, 1, r->src[1] - r->vn[1] - s);
	p->i2[2] = -p->i2[0] - p->i2[1];
	if (r->lost == 4 && p->k.phases == 3) {	/* what phase c does not take back */
		p->i2[1] = -p->i2[0];
		p->i2[2] = 0;
	}
}

static void capacitors(struct plant *p)
{
	u32 x, n = p->k.phases == 1 ? 1 : 2;

	for (x = 0; x < n; x++) {
		p->vc[x] += (p->k.hc_q26 * (q20(p->i2[x]) - q20(p->i1[x]))) >> 6;
		p->vc[x] = fx_clamp(p->vc[x], -VC_MAX_Q20 * Q20_ONE, VC_MAX_Q20 * Q20_ONE);
	}
	if (p->k.phases == 3)
		p->vc[2] = -p->vc[0] - p->vc[1];
}

/* Sources move in a straight line within the period. */
void plant_sub_begin(const struct plant *p, struct plant_ac *r)
{
	u32 x;

	for (x = 0; x < PLANT_PHASES; x++) {
		r->dsrc[x] = (p->v_src[x] - p->v_src_old[x]) >> p->k.sub_shift;
		r->src[x] = p->v_src_old[x] + (r->dsrc[x] >> 1);
	}
	r->sum[0] = 0;
	r->sum[1] = 0;
	r->diode_sum = 0;
}

void plant_sub_step(struct plant *p, struct plant_ac *r)
{
	u32 x;

	plant_node_voltages(p, r->vn);
	if (r->gates)
		bridge_gated(p, r);
	else if (!bridge_blocks(p, r) && p->k.phases == 1)
		bridge_diodes_single(p, r);
	else if (!bridge_blocks(p, r))
		bridge_diodes(p, r);
	grid_side(p, r);
	capacitors(p);
	for (x = 0; x < PLANT_PHASES; x++)
		r->src[x] += r->dsrc[x];
}

/* Sums become means; a rectified current was counted in two legs. */
void plant_sub_end(const struct plant *p, struct plant_ac *r)
{
	r->sum[0] >>= p->k.sub_shift + 1;
	r->sum[1] >>= p->k.sub_shift + 1;
	r->diode_sum >>= p->k.sub_shift + 2;
}
