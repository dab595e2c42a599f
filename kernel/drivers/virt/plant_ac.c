// SPDX-License-Identifier: GPL-2.0-only
/*
 * LCL filter and bridge, three wires, averaged over a switching period.
 *
 * Per phase, currents positive from the grid into the converter:
 *
 *	L1 di1/dt = vn - R1 i1 - leg - s1		vn = vc + Rd (i2 - i1)
 *	L2 di2/dt = vsrc - R2 i2 - vn - s2		L2, R2 with the source's
 *	C  dvc/dt = i2 - i1
 *
 * s1 and s2 are the potentials of the capacitors' star point that make the
 * currents of each side add up to zero. Semi-implicit Euler in sub-steps of
 * 12.5 us: both currents from the old capacitor voltage, then the capacitor
 * from the new currents. That scheme has no damping of its own. Resistances
 * are taken implicitly, because the precharge resistor is stiff: with
 * i' = i + h/L v - h R/L i', i' = i + b v - r i, b = (h/L) / (1 + hR/L).
 *
 * With the gates off each leg is a pair of diodes: a conducting phase is tied
 * to the rail its current flows to, a phase without current floats until its
 * potential passes a rail.
 */
#include "plant.h"
#include "plant_fx.h"

#define I_MAX_Q20	Q20(600)	/* nothing survives more */
#define VC_MAX_Q20	Q20(1200)	/* surge arrester */
#define DIODE_Q20	Q20(1)		/* forward voltage */
#define PLANT_ALL	7		/* phases */

struct ac_run {
	s64 m[PLANT_PHASES];	/* leg references, Q24 */
	s64 leg[PLANT_PHASES];	/* leg voltages without their mean, gates on */
	s64 half;		/* half of the DC link and a diode */
	s64 vn[PLANT_PHASES];
	s64 sum[PLANT_PHASES];	/* of i1 before and after, over the sub-steps */
	s64 diode_sum;		/* of rectified current, likewise */
	s64 src[PLANT_PHASES];	/* sources at the middle of the sub-step */
	s64 dsrc[PLANT_PHASES];	/* what they move in one */
	const struct plant_path *path;
	u32 lost;		/* grid phases without a connection */
};

static s64 q20(s64 q40)
{
	return q40 >> 20;
}

static void node_voltages(const struct plant *p, s64 vn[PLANT_PHASES])
{
	u32 x;

	for (x = 0; x < 2; x++)
		vn[x] = q20(p->vc[x]) +
			((p->k.rd_q20 * (q20(p->i2[x]) - q20(p->i1[x]))) >> 20);
	vn[2] = -vn[0] - vn[1];
}

static void i1_update(struct plant *p, u32 x, s64 v)
{
	s64 i = q20(p->i1[x]);

	p->i1[x] += (p->k.b1_q30 * v - p->k.r1_q30 * i) >> 10;
}

/* Gates on: legs are known, phase c follows from the other two. */
static void bridge_gated(struct plant *p, struct ac_run *r)
{
	u32 x;

	for (x = 0; x < PLANT_PHASES; x++)
		r->sum[x] += q20(p->i1[x]);
	i1_update(p, 0, r->vn[0] - r->leg[0]);
	i1_update(p, 1, r->vn[1] - r->leg[1]);
	p->i1[2] = -p->i1[0] - p->i1[1];
	for (x = 0; x < PLANT_PHASES; x++)
		r->sum[x] += q20(p->i1[x]);
}

/* Which rail each phase's diodes tie it to: +1, -1, or 0 for floating. */
static u32 diode_signs(const struct plant *p, const struct ac_run *r, s32 sgn[PLANT_PHASES])
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
static bool bridge_blocks(const struct plant *p, const struct ac_run *r)
{
	if (p->i1[0] || p->i1[1])
		return false;
	return fx_abs(r->vn[0] - r->vn[1]) <= 2 * r->half &&
	       fx_abs(r->vn[1] - r->vn[2]) <= 2 * r->half &&
	       fx_abs(r->vn[2] - r->vn[0]) <= 2 * r->half;
}

static void bridge_diodes(struct plant *p, struct ac_run *r)
{
	s32 sgn[PLANT_PHASES];
	s64 s = 0;
	u32 n, x;

	if (bridge_blocks(p, r))
		return;
	n = diode_signs(p, r, sgn);
	if (n < 2) {
		p->i1[0] = 0;
		p->i1[1] = 0;
		p->i1[2] = 0;
		return;
	}
	for (x = 0; x < PLANT_PHASES; x++)
		s += sgn[x] ? r->vn[x] - sgn[x] * r->half : 0;
	s = n == 2 ? s >> 1 : fx_third(s);
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

/* Potential of the star point against the grid's neutral. */
static s64 grid_shift(const struct ac_run *r)
{
	s64 s = 0;
	u32 x;

	if (!r->lost)
		return fx_third(r->src[0] + r->src[1] + r->src[2]);
	for (x = 0; x < PLANT_PHASES; x++)
		s += r->lost & (1U << x) ? 0 : r->src[x] - r->vn[x];
	return s >> 1;
}

static void i2_update(struct plant *p, const struct ac_run *r, u32 x, s64 v)
{
	s64 i = q20(p->i2[x]);

	if (r->lost & (1U << x))
		p->i2[x] = 0;
	else
		p->i2[x] += (r->path->b_q30 * v - r->path->r_q30 * i) >> 10;
}

static void grid_side(struct plant *p, const struct ac_run *r)
{
	s64 s;

	if (r->lost == PLANT_ALL)
		return;
	s = grid_shift(r);
	i2_update(p, r, 0, r->src[0] - r->vn[0] - s);
	i2_update(p, r, 1, r->src[1] - r->vn[1] - s);
	p->i2[2] = -p->i2[0] - p->i2[1];
	if (r->lost == 4) {	/* what phase c does not take back */
		p->i2[1] = -p->i2[0];
		p->i2[2] = 0;
	}
}

static void capacitors(struct plant *p)
{
	u32 x;

	for (x = 0; x < 2; x++) {
		p->vc[x] += (p->k.hc_q26 * (q20(p->i2[x]) - q20(p->i1[x]))) >> 6;
		p->vc[x] = fx_clamp(p->vc[x], -VC_MAX_Q20 * Q20_ONE, VC_MAX_Q20 * Q20_ONE);
	}
	p->vc[2] = -p->vc[0] - p->vc[1];
}

/* Voltage at the grid terminals, where the sensors are; r->src is as of now. */
static void terminals(struct plant *p, struct ac_run *r)
{
	u32 fuses = p->set.fault[PLANT_FAULT_PHASE_LOSS], x;
	s64 s;

	for (x = 0; x < PLANT_PHASES; x++)
		p->v_pcc[x] = fuses & (1U << x) ? 0 : r->src[x];
	if (r->path == &p->set.path[PLANT_PATH_OPEN])
		return;
	node_voltages(p, r->vn);
	s = grid_shift(r);
	for (x = 0; x < PLANT_PHASES; x++) {
		s64 i = q20(p->i2[x]);
		s64 v = r->src[x] - r->vn[x] - s - ((r->path->r_q20 * i) >> 20);

		if (r->lost & (1U << x))
			p->v_pcc[x] = r->vn[x] + s;
		else
			p->v_pcc[x] -= (r->path->rg_q20 * i + r->path->lg_q20 * v) >> 20;
	}
}

static void clamp_currents(struct plant *p)
{
	u32 x;

	for (x = 0; x < 2; x++) {
		p->i1[x] = fx_clamp(p->i1[x], -I_MAX_Q20 * Q20_ONE, I_MAX_Q20 * Q20_ONE);
		p->i2[x] = fx_clamp(p->i2[x], -I_MAX_Q20 * Q20_ONE, I_MAX_Q20 * Q20_ONE);
	}
	p->i1[2] = -p->i1[0] - p->i1[1];
	p->i2[2] = -p->i2[0] - p->i2[1];
}

static void leg_voltages(const struct plant *p, struct ac_run *r, s64 v_dc)
{
	s64 mean = 0;
	u32 x;

	for (x = 0; x < PLANT_PHASES; x++) {
		r->m[x] = fx_clamp(p->active.leg_q24[x], -(1LL << 24), 1LL << 24);
		r->leg[x] = (r->m[x] * v_dc) >> 25;
		mean += r->leg[x];
	}
	mean = fx_third(mean);
	for (x = 0; x < PLANT_PHASES; x++)
		r->leg[x] -= mean;
}

/* Mean current into the DC link: i1 is summed twice in each sub-step. */
static s64 link_current(struct plant *p, const struct ac_run *r, bool gates)
{
	s64 i = 0, rect = 0;
	u32 x;

	p->i_loss = 0;
	if (!gates)
		return r->diode_sum >> (p->k.sub_shift + 2);
	for (x = 0; x < PLANT_PHASES; x++) {
		i += r->m[x] * (r->sum[x] >> (p->k.sub_shift + 1));
		rect += fx_abs(r->sum[x]);
	}
	p->i_loss = ((rect >> (p->k.sub_shift + 1)) * p->k.bridge_loss_q20) >> 20;
	return (i >> 25) - p->i_loss;
}

static const struct plant_path *choose_path(const struct plant *p)
{
	u32 on = p->contactors;

	if (on & V2X_CONTACTOR_GRID)
		return &p->set.path[p->set.fault[PLANT_FAULT_GRID_LOSS] ? PLANT_PATH_ISLAND :
				    PLANT_PATH_CLOSED];
	if (on & V2X_CONTACTOR_PRECHARGE && !p->set.fault[PLANT_FAULT_PRECHARGE_FAILED] &&
	    !p->set.fault[PLANT_FAULT_GRID_LOSS])
		return &p->set.path[PLANT_PATH_PRECHARGE];
	return &p->set.path[PLANT_PATH_OPEN];
}

/*
 * The ordinary case, gates on and three phases connected: nothing depends on
 * another phase but through means known beforehand, so that phases a and b
 * are done one after the other, and c follows.
 */
static void run_phase(struct plant *p, struct ac_run *r, u32 x, s64 shift, s64 dshift)
{
	s64 i1 = p->i1[x], i2 = p->i2[x], vc = p->vc[x], sum = 0;
	s64 src = r->src[x] - shift, dsrc = r->dsrc[x] - dshift, leg = r->leg[x];
	s64 i1q = q20(i1), i2q = q20(i2);
	s64 b2 = r->path->b_q30, r2 = r->path->r_q30;
	u32 n = 1U << p->k.sub_shift, i;

	for (i = 0; i < n; i++) {
		s64 vn = q20(vc) + ((p->k.rd_q20 * (i2q - i1q)) >> 20);

		sum += i1q;
		i1 += (p->k.b1_q30 * (vn - leg) - p->k.r1_q30 * i1q) >> 10;
		i2 += (b2 * (src - vn) - r2 * i2q) >> 10;
		i1q = q20(i1);
		i2q = q20(i2);
		vc += (p->k.hc_q26 * (i2q - i1q)) >> 6;
		sum += i1q;
		src += dsrc;
	}
	p->i1[x] = i1;
	p->i2[x] = i2;
	p->vc[x] = fx_clamp(vc, -VC_MAX_Q20 * Q20_ONE, VC_MAX_Q20 * Q20_ONE);
	r->sum[x] = sum;
}

static void run_connected(struct plant *p, struct ac_run *r)
{
	s64 shift = fx_third(r->src[0] + r->src[1] + r->src[2]);
	s64 dshift = fx_third(r->dsrc[0] + r->dsrc[1] + r->dsrc[2]);

	run_phase(p, r, 0, shift, dshift);
	run_phase(p, r, 1, shift, dshift);
	r->sum[2] = -r->sum[0] - r->sum[1];
	p->vc[2] = -p->vc[0] - p->vc[1];
}

static void run_general(struct plant *p, struct ac_run *r, bool gates)
{
	u32 n = 1U << p->k.sub_shift, i, x;

	for (i = 0; i < n; i++) {
		node_voltages(p, r->vn);
		if (gates)
			bridge_gated(p, r);
		else
			bridge_diodes(p, r);
		grid_side(p, r);
		capacitors(p);
		for (x = 0; x < PLANT_PHASES; x++)
			r->src[x] += r->dsrc[x];
	}
}

/* Sources move in a straight line within the period. */
static void run_sources(struct plant *p, struct ac_run *r)
{
	u32 x;

	for (x = 0; x < PLANT_PHASES; x++) {
		if (p->set.fault[PLANT_FAULT_GRID_LOSS]) {
			p->v_src[x] = 0;
			p->v_src_old[x] = 0;
		}
		r->dsrc[x] = (p->v_src[x] - p->v_src_old[x]) >> p->k.sub_shift;
		r->src[x] = p->v_src_old[x] + (r->dsrc[x] >> 1);
	}
}

void plant_ac_step(struct plant *p, bool gates, u32 lost)
{
	struct ac_run r = { .path = choose_path(p), .lost = lost };
	s64 v_dc = q20(p->v_dc);
	u32 x;

	/* One phase alone carries nothing either. */
	if (r.path == &p->set.path[PLANT_PATH_OPEN] || (lost & (lost - 1))) {
		r.lost = PLANT_ALL;
		for (x = 0; x < PLANT_PHASES; x++)
			p->i2[x] = 0;
	}
	r.half = (v_dc >> 1) + DIODE_Q20;
	if (gates)
		leg_voltages(p, &r, v_dc);
	run_sources(p, &r);
	if (gates && !r.lost)
		run_connected(p, &r);
	else
		run_general(p, &r, gates);
	clamp_currents(p);
	p->i_bridge = link_current(p, &r, gates);
	for (x = 0; x < PLANT_PHASES; x++)
		r.src[x] = p->v_src[x];
	terminals(p, &r);
}
