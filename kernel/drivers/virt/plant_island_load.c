// SPDX-License-Identifier: GPL-2.0-only
#include <linux/kernel.h>
#include "plant.h"
#include "plant_ac.h"
#include "plant_fx.h"

#define LRC_PU_PERMILLE	165	/* impedance at rest: six times the current */
#define SLIP_MIN_Q30	0x1000000LL	/* 1/64 */
#define TWO_PI_U	6283185LL
#define TORQUE_MAX_Q30	(64LL << 30)	/* of the rated one; the shaft breaks */

/* ohm Q20 of a permille of V^2/S */
static s64 ohm_q20(s64 base_uohm, u32 permille)
{
	return plant_div(plant_div(base_uohm * permille, 1000) << 20, 1000000);
}

/* h / L Q34, L of a reactance in permille of V^2/S at nominal frequency */
static s64 hl_q34(const struct plant_cfg *cfg, s64 base_uohm, u32 permille, u32 h_ns)
{
	/* L = X / w: nH = uohm * 1e6 / (2 pi mHz) */
	s64 x_uohm = plant_div(base_uohm * permille, 1000);
	s64 l_nh = plant_div(x_uohm * 1000000, plant_div(TWO_PI_U * cfg->f_nominal_mhz, 1000000));

	return plant_div((s64)h_ns << 34, max_t(s64, l_nh, 1));
}

/* V^2 / S of one winding, uohm: mV^2 / W */
static s64 base(const struct plant_cfg *cfg, u32 va)
{
	s64 v2 = (s64)cfg->v_nominal_mv * cfg->v_nominal_mv;

	/* across both lines; or a third of it a phase */
	if (cfg->phases == 2)
		v2 *= 4;
	return plant_div(v2 * (cfg->phases == 3 ? 3 : 1), va);
}

static void prepare_motor(const struct plant_cfg *cfg, u32 w, u32 h_ns, struct plant_island_set *s)
{
	s64 b = base(cfg, w);
	u32 v = cfg->v_nominal_mv * (cfg->phases == 2 ? 2 : 1);

	s->motor = true;
	/* 0.066 + j 0.151: power factor 0.4 */
	s->m_hl_q34 = hl_q34(cfg, b, LRC_PU_PERMILLE * 917 / 1000, h_ns);
	s->m_r1_q20 = ohm_q20(b, 21);
	s->m_r2_q20 = ohm_q20(b, 45);
	/* V / b: mA = mV * 1e6 / uohm; 1 / (sqrt(2) I) */
	s->m_pu_q30 = plant_div(759250125LL * 1000, plant_div((s64)v * 1000000, b));
	/* T of i^2 over one winding is twice, over three two thirds of their sum */
	s->m_acc_q40 = plant_div((s64)h_ns << 40, 300000000LL * (cfg->phases == 3 ? 3 : 1)) * 2;
}

static void prepare_transformer(const struct plant_cfg *cfg, u32 va, u32 h_ns,
				struct plant_island_set *s)
{
	s64 b = base(cfg, va);
	s64 w_mrad = plant_div(TWO_PI_U * cfg->f_nominal_mhz, 1000000);
	u32 v = cfg->v_nominal_mv * (cfg->phases == 2 ? 2 : 1);
	/* sqrt(2) V / w, V s Q40: mV / (mrad/s) is V s */
	s64 peak_q40 = plant_div((s64)v * 1554944256LL, w_mrad) * 1000;

	s->transformer = true;
	s->t_h_q40 = plant_div((s64)h_ns << 40, 1000000000);
	s->t_r_q20 = ohm_q20(b, 20);
	/* w / X: mrad/s over uohm, permille of it */
	s->t_lm_q20 = plant_div(plant_div((w_mrad * 1000) << 20, b) * 20, 1000);
	s->t_air_q20 = plant_div(plant_div((w_mrad * 1000) << 20, b) * 1000, 250);
	s->t_knee_q40 = plant_div(peak_q40 * 6, 5);
	s->t_left_q40 = plant_div(peak_q40 * 7, 10);
}

static void prepare_rectifier(const struct plant_cfg *cfg, u32 va, u32 h_ns, u32 c_node_nf,
			      struct plant_island_set *s)
{
	u32 share = cfg->phases == 2 ? va / 2 : va;
	/* of a line's voltage, or of what six pulses make of three: 2.34 / 1.22 = 1.92 */
	s64 v = cfg->phases == 3 ? cfg->v_nominal_mv / 100 * 192 : cfg->v_nominal_mv;
	s64 b = plant_div(v * v, max(share, 1U)), r1, c_nf, l_nh;

	s->rectifier = true;
	r1 = plant_div(b * 14884, 6600);	/* 1.22^2 / 0.66 */
	/* 7.5 / (f R1): nF = 7.5e18 / (mHz uohm); a third of the ripple with six pulses */
	c_nf = plant_div(plant_div(7500000000000000000LL, cfg->f_nominal_mhz), r1);
	if (cfg->phases == 3)
		c_nf = plant_div(c_nf, 3);
	l_nh = plant_div(plant_div(b, 100) * 1000000,
			 plant_div(TWO_PI_U * cfg->f_nominal_mhz, 1000000));
	l_nh = max_t(s64, l_nh, plant_div(4LL * h_ns * h_ns, c_node_nf));
	l_nh = max_t(s64, l_nh, PLANT_NODE_L_MIN_NH);
	s->c_hl_q34 = plant_div((s64)h_ns << 34, l_nh);
	s->c_rs_q20 = ohm_q20(b, 40);
	s->c_hc_q34 = plant_div((s64)h_ns << 34, max_t(s64, c_nf, 1));
	/* ns / (uohm nF) is 1e6 */
	s->c_hrc_q40 = plant_div(plant_div((s64)h_ns << 40, r1) * 1000000, max_t(s64, c_nf, 1));
	s->c_begin_q40 = plant_div(v * 122 << 30, 100000) << 10;
}

void plant_island_prepare(const struct plant_cfg *cfg, const struct plant_grid_env *g,
			  u32 c_node_nf, struct plant_island_set *set)
{
	u32 h_ns = plant_substep_ns(cfg);

	*set = (struct plant_island_set){ 0 };
	if (g->motor_w)
		prepare_motor(cfg, g->motor_w, h_ns, set);
	if (g->transformer_va)
		prepare_transformer(cfg, g->transformer_va, h_ns, set);
	if (g->rectifier_va)
		prepare_rectifier(cfg, g->rectifier_va, h_ns, c_node_nf, set);
}

void plant_island_apply(struct plant *p)
{
	const struct plant_island_set *set = &p->set.load;
	struct plant_island_load *l = &p->load;
	u32 x;

	for (x = 0; x < PLANT_ISLAND_LINES; x++) {
		if (set->motor != l->motor)
			l->im[x] = 0;
		/* the residual of three limbs adds up to nothing */
		if (set->transformer != l->transformer)
			l->flux[x] = x ? -set->t_left_q40 / 2 : set->t_left_q40;
		if (set->rectifier != l->rectifier) {
			l->ic[x] = 0;
			l->vc[x] = set->c_begin_q40;
		}
	}
	if (set->motor != l->motor)
		l->slip_q30 = 1LL << 30;
	l->motor = set->motor;
	l->transformer = set->transformer;
	l->rectifier = set->rectifier;
}

/* One winding of a motor. Return: what passes the air gap, pu of it Q30. */
static s64 motor_winding(const struct plant_island_set *s, s64 *im, s64 u, s64 recip_q30)
{
	s64 r2 = (s->m_r2_q20 * recip_q30) >> 30, i = q20(*im), pu;

	*im += (s->m_hl_q34 * (u - (((s->m_r1_q20 + r2) * i) >> 20))) >> 14;
	pu = (i * s->m_pu_q30) >> 26;	/* Q24 */
	/* R2 / s i^2 over V^2 / S: R2 was 0.045 of it, 48318382 in Q30 */
	return (((pu * pu) >> 26) * (((recip_q30 >> 15) * 48318382) >> 23)) >> 14;
}

static void motor(struct plant *p, const s64 *u, u32 n, s64 *i)
{
	const struct plant_island_set *s = &p->set.load;
	struct plant_island_load *l = &p->load;
	/* 2^60 / slip Q30 is 1/slip Q30 */
	s64 recip = fx_recip_q60(max_t(s64, l->slip_q30, SLIP_MIN_Q30));
	s64 speed = (1LL << 30) - l->slip_q30, load, torque = 0;
	u32 x;

	for (x = 0; x < n; x++) {
		torque += motor_winding(s, &l->im[x], u[x], recip);
		i[x] += q20(l->im[x]);
	}
	/* a pump's: with the square of the speed; @m_acc_q40 has the windings' share */
	load = (speed * speed) >> 30;
	load = n == 3 ? load + (load >> 1) : load >> 1;
	torque = fx_clamp(torque - load, -TORQUE_MAX_Q30, TORQUE_MAX_Q30);
	l->slip_q30 -= (torque * s->m_acc_q40) >> 40;
	l->slip_q30 = fx_clamp(l->slip_q30, SLIP_MIN_Q30, 1LL << 30);
}

static s64 magnetising(const struct plant_island_set *s, s64 flux)
{
	s64 beyond = flux - fx_clamp(flux, -s->t_knee_q40, s->t_knee_q40);

	return ((q20(flux) * s->t_lm_q20) >> 20) + ((q20(beyond) * s->t_air_q20) >> 20);
}

static void transformer(struct plant *p, const s64 *u, u32 n, s64 *i)
{
	const struct plant_island_set *s = &p->set.load;
	s64 im[PLANT_ISLAND_LINES] = { 0 }, mean = 0;
	u32 x;

	for (x = 0; x < n; x++) {
		im[x] = magnetising(s, p->load.flux[x]);
		mean += im[x];
		p->load.flux[x] += ((u[x] - ((s->t_r_q20 * im[x]) >> 20)) * s->t_h_q40) >> 20;
	}
	/* no neutral: what three have in common goes round a delta winding */
	mean = n == 3 ? fx_third(mean) : 0;
	for (x = 0; x < n; x++)
		i[x] += im[x] - mean;
}

/* The capacitor's side; @u is the voltage behind the diodes. */
static void behind(const struct plant_island_set *s, s64 *ic, s64 *vc, s64 u)
{
	*ic += (s->c_hl_q34 * (u - q20(*vc) - ((s->c_rs_q20 * q20(*ic)) >> 20))) >> 14;
	if (*ic < 0)
		*ic = 0;
	*vc += ((s->c_hc_q34 * q20(*ic)) >> 14) - ((s->c_hrc_q40 * q20(*vc)) >> 20);
}

static void rectifier(struct plant *p, const s64 *v, s64 *i)
{
	struct plant_island_load *l = &p->load;
	u32 x, hi = 0, lo = 0;

	for (x = 0; p->k.phases < 3 && x < p->k.phases; x++) {
		if (!l->ic[x])
			l->way[x] = v[x] < 0 ? -1 : 1;
		behind(&p->set.load, &l->ic[x], &l->vc[x], l->way[x] * v[x]);
		i[x] += l->way[x] * q20(l->ic[x]);
	}
	if (p->k.phases < 3)
		return;
	for (x = 1; x < 3; x++) {
		if (v[x] > v[hi])
			hi = x;
		if (v[x] < v[lo])
			lo = x;
	}
	behind(&p->set.load, &l->ic[0], &l->vc[0], v[hi] - v[lo]);
	i[hi] += q20(l->ic[0]);
	i[lo] -= q20(l->ic[0]);
}

void plant_island_step(struct plant *p, s64 i[PLANT_ISLAND_LINES])
{
	const struct plant_island_set *s = &p->set.load;
	s64 v[PLANT_ISLAND_LINES], u[PLANT_ISLAND_LINES], iw[PLANT_ISLAND_LINES] = { 0 }, mean;
	u32 x, n = p->k.phases == 3 ? 3 : 1;

	for (x = 0; x < PLANT_ISLAND_LINES; x++) {
		v[x] = q20(p->node.v[x]);
		u[x] = v[x];
		i[x] = 0;
	}
	mean = fx_third(v[0] + v[1] + v[2]);
	for (x = 0; x < PLANT_ISLAND_LINES && n == 3; x++)
		u[x] -= mean;
	if (p->k.phases == 2)
		u[0] -= v[1];
	if (s->motor)
		motor(p, u, n, iw);
	if (s->transformer)
		transformer(p, u, n, iw);
	for (x = 0; x < n; x++)
		i[x] += iw[x];
	if (p->k.phases == 2)
		i[1] -= iw[0];
	if (s->rectifier)
		rectifier(p, v, i);
}
