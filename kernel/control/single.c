// SPDX-License-Identifier: GPL-2.0-only
#include <linux/math64.h>
#include <linux/string.h>
#include "ctl_priv.h"

#define TAU_FUND_MS	5	/* the error of the fundamental decays with it */

void v2x_single_gains(struct v2x_single_k *k, const struct v2x_stage_desc *desc,
		      const struct v2x_current_k *cc, u32 tau_ms)
{
	u32 fs = desc->tick_hz, i;
	u32 w = (u32)div_u64(((u64)desc->f_nominal_mhz << 32), fs * 1000);
	/* 2 * 2 pi f * V2X_OUTER_TICKS / fs */
	u64 theta_q30 = div_u64(((u64)desc->f_nominal_mhz * 2 * V2X_OUTER_TICKS << 30) / 1000, fs);

	k->phases = desc->phases;
	/*
	 * n V I / (2 w C): mV mA / 2^10 (2^10 uW) to 2^10 mV^2 is * n/2 / (w C);
	 * 1e9 * 1e3 * 2^20 / (2 * 2 pi mHz nF)
	 */
	k->swing_q20 = (s32)div_u64(div_u64(83442ULL * desc->phases * 1000000000000ULL,
					    desc->f_nominal_mhz), desc->plant.c_dc_nf);
	k->clean = !cc->slow;
	k->theta_q30 = (s32)div_u64(theta_q30 * 6283185, 1000000);
	v2x_res_init(&k->fund, cc, &(struct v2x_res_at){
		.order = 1, .hold = 1, .w = w, .tau_samples = fs / 1000 * TAU_FUND_MS,
	});
	for (i = 0; i < V2X_SINGLE_HARMONICS; i++)
		v2x_res_init(&k->harm[i], cc, &(struct v2x_res_at){
			.order = 3 + 2 * i, .hold = 2, .w = w,
			.tau_samples = fs / 1000 * tau_ms,
		});
}

void v2x_single_init(struct v2x_single_k *k, struct v2x_single *s,
		     const struct v2x_stage_desc *desc, const struct v2x_current_k *cc)
{
	u32 w = (u32)div_u64(((u64)desc->f_nominal_mhz << 32), desc->tick_hz * 1000);
	u32 i;

	v2x_single_gains(k, desc, cc, V2X_HARMONICS_MS);
	memset(s, 0, sizeof(*s));
	for (i = 0; i <= V2X_SINGLE_HARMONICS; i++)
		v2x_single_slow(k, s, w);
}

void v2x_single_slow(const struct v2x_single_k *k, struct v2x_single *s, u32 w)
{
	u32 i = s->tuned;

	s->tune_q24[i] = v2x_res_tune(i ? &k->harm[i - 1] : &k->fund, w);
	s->tuned = i < V2X_SINGLE_HARMONICS ? i + 1 : 0;
	if (!i) {
		struct v2x_rot half = v2x_small_rot(w >> 1), whole = v2x_small_rot(w);

		s->turn = v2x_sincos(2 * V2X_OUTER_TICKS * w);
		s->ahead = (struct v2x_rot){ half.c - whole.c, half.s + whole.s };
	}
}

/*
 * The swing that the current wanted makes in the squared link voltage. With
 * v = V cos and i = id cos - iq sin the power is (V/2)(id (1 + cos 2theta) -
 * iq sin 2theta), and 2/C times its swinging part integrated
 *	V (id sin 2theta + iq cos 2theta) / (2 w C)
 */
static long swing(const struct v2x_ctl *c)
{
	const struct v2x_rot r = c->tracker.rot;
	long vd = c->tracker.vd_q8 >> 8;
	s64 s2 = ((s64)r.s * r.c) >> 29;
	s64 c2 = V2X_Q30_ONE - (((s64)r.s * r.s) >> 29);
	s64 i = ((c->i_ref.x >> 8) * s2 + (c->i_ref.y >> 8) * c2) >> 30;

	return (long)(((vd * i >> 10) * c->k.single.swing_q20) >> 20);
}

void v2x_single_means(struct v2x_ctl *c)
{
	const struct v2x_single_k *k = &c->k.single;
	struct v2x_single *s = &c->single;
	s64 v = c->m.vdc_q8 >> 8;

	v2x_ripple_step(&s->power, c->p_inst_mw, k->theta_q30, s->turn);
	v = (v * v) >> 10;
	if (c->seq.gates)
		v -= swing(c);
	v2x_ripple_step(&s->energy, (long)v, k->theta_q30, s->turn);
}

void v2x_single_reset(struct v2x_single *s)
{
	s->model = (struct v2x_vec){ 0 };
	s->fund = (struct v2x_res){ 0 };
	s->common = (struct v2x_res){ 0 };
	memset(s->harm, 0, sizeof(s->harm));
	s->held[0] = 0;
	s->held[1] = 0;
}

/* Harmonics: 3, 7, 11, 15 in even samples, 5, 9, 13 in odd ones. */
static v2x_part long harmonics(const struct v2x_single_k *k, struct v2x_single *s, u32 odd, long e)
{
	const s32 *tune = s->tune_q24 + 1;
	long sum;

	if (odd) {
		sum = v2x_res_step(&k->harm[1], &s->harm[1], tune[1], e);
		sum += v2x_res_step(&k->harm[3], &s->harm[3], tune[3], e);
		sum += v2x_res_step(&k->harm[5], &s->harm[5], tune[5], e);
	} else {
		sum = v2x_res_step(&k->harm[0], &s->harm[0], tune[0], e);
		sum += v2x_res_step(&k->harm[2], &s->harm[2], tune[2], e);
		sum += v2x_res_step(&k->harm[4], &s->harm[4], tune[4], e);
		sum += v2x_res_step(&k->harm[6], &s->harm[6], tune[6], e);
	}
	s->held[odd] = sum;
	return sum + s->held[!odd];
}

/* What the bridge could not make comes off the resonators. */
static noinline void short_of(struct v2x_ctl *c, long lost)
{
	struct v2x_single *s = &c->single;
	u32 i;

	s->fund.x += lost >> 1;
	v2x_res_fade(&s->common);
	for (i = 0; i < V2X_SINGLE_HARMONICS; i++)
		v2x_res_fade(&s->harm[i]);
	c->held = true;
}

/* The current, on the two axes of the tracked voltage; right on average. */
static __always_inline void project(struct v2x_ctl *c, long i)
{
	c->cc.idq.x = v2x_mul_floor(i, c->tracker.rot.c, 29);
	c->cc.idq.y = -v2x_mul_floor(i, c->tracker.rot.s, 29);
}

/* Voltage of the difference mode, mV Q8. */
static v2x_part long difference(struct v2x_ctl *c, long v, long i)
{
	const struct v2x_current_k *k = &c->k.cc;
	const struct v2x_tracker *t = &c->tracker;
	struct v2x_single *s = &c->single;
	/* (id + j iq) e^(j theta) */
	struct v2x_vec ref = v2x_turn(c->i_ref, t->rot);
	s64 p = (s64)(ref.x - i) * k->kp_q16 - (s64)(i - s->i) * k->kd_q16 -
		(s64)ref.y * k->wl_q16;
	long e, out;

	s->model.x += v2x_mul_floor(c->i_ref.x - s->model.x, c->k.dcdc.lag_q30, 30);
	s->model.y += v2x_mul_floor(c->i_ref.y - s->model.y, c->k.dcdc.lag_q30, 30);
	e = v2x_turn(s->model, t->rot).x - i;
	out = (long)(p >> 16) + v2x_res_step(&c->k.single.fund, &s->fund, s->tune_q24[0], e);
	if (likely(c->k.single.clean))
		out += harmonics(&c->k.single, s, c->tick & 1, e);
	s->i = i;
	out += (long)(c->clean.dc_q24[0] >> 16);
	if (unlikely(k->slow))
		v = v2x_tracker_now(t).x;
	/* the fundamental moves on until the pulse; p is that of the next sample */
	return v + (long)(((s64)t->p.x * s->ahead.c - (s64)t->p.y * s->ahead.s) >> 30) - out;
}

/* The voltage a leg pair makes, within what the link has; what is missing is told. */
static __always_inline long within(struct v2x_ctl *c, long m)
{
	long made = clamp(m, -(long)V2X_LEG_MAX, (long)V2X_LEG_MAX);

	if (unlikely(made != m))
		short_of(c, v2x_mul_floor(m - made, c->link.v_q8, 24));
	return made;
}

static v2x_part void full_bridge(struct v2x_ctl *c, long v, s32 leg[3])
{
	/* (leg0 - leg1) / 2 = v / vdc: Q8 * 2^52 / 2^28 is Q24 */
	long m = v2x_mul_floor(v, c->link.recip, 28);

	m = within(c, m);
	leg[0] = (s32)m;
	leg[1] = (s32)-m;
	leg[2] = 0;
}

/* Common mode: no current in the neutral. */
static v2x_part long common(struct v2x_ctl *c)
{
	const struct v2x_current_k *k = &c->k.cc;
	struct v2x_single *s = &c->single;
	const s32 *vq = c->m.v_q8;
	long i = c->iab.y;
	s64 p = -(s64)i * k->kp_q16 - (s64)(i - s->i_common) * k->kd_q16;

	s->i_common = i;
	return ((vq[0] + (long)vq[1]) >> 1) - (long)(p >> 16) -
	       (long)(c->clean.dc_q24[1] >> 16) -
	       v2x_res_step(&c->k.single.fund, &s->common, s->tune_q24[0], -i);
}

static v2x_part void split_bridge(struct v2x_ctl *c, long v, s32 leg[3])
{
	long cm = common(c);
	/* against the neutral leg, 2 v / vdc */
	long a = v2x_mul_floor(cm + v, c->link.recip, 27);
	long b = v2x_mul_floor(cm - v, c->link.recip, 27);
	long lo = min3(a, b, 0L);
	long hi = max3(a, b, 0L);
	long mid = (hi + lo) >> 1;

	leg[0] = (s32)(a - mid);
	leg[1] = (s32)(b - mid);
	leg[2] = (s32)-mid;
	if (likely(hi - lo <= 2 * V2X_LEG_MAX))
		return;
	a = V2X_Q30_ONE - v2x_modulate_short(leg, (s64)hi - lo);
	short_of(c, v2x_mul_floor(v, a, 30));
}

static void dead_time(const struct v2x_ctl *c, s32 leg[3])
{
	const s32 *i = c->m.i_q8;
	const struct v2x_dead *k = &c->k.dead;

	leg[0] += v2x_dead_time(k, i[0]);
	if (c->k.single.phases == 1) {
		leg[1] += v2x_dead_time(k, -(long)i[0]);
	} else {
		leg[1] += v2x_dead_time(k, i[1]);
		leg[2] += v2x_dead_time(k, -(long)i[0] - i[1]);
	}
}

void v2x_single_drive(struct v2x_ctl *c, long v_q8, s32 leg[3])
{
	long i = v2x_single_voltage(c->k.single.phases, c->m.i_q8);

	c->iab.x = i;
	c->iab.y = (c->m.i_q8[0] + (long)c->m.i_q8[1]) >> 1;
	project(c, i);
	if (likely(c->seq.gates)) {
		if (unlikely(c->form.on))
			v2x_form_single_step(c, leg);
		else if (c->k.single.phases == 1)
			full_bridge(c, difference(c, v_q8, i), leg);
		else
			split_bridge(c, difference(c, v_q8, i), leg);
		if (c->k.dead.most_q24)
			dead_time(c, leg);
		return;
	}
	c->single.i = i;
	c->single.i_common = c->iab.y;
	leg[0] = 0;
	leg[1] = 0;
	leg[2] = 0;
}
