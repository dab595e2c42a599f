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

static __always_inline struct v2x_rot twice(struct v2x_rot r)
{
	return (struct v2x_rot){
		.c = v2x_mul(r.c, r.c, 30) - v2x_mul(r.s, r.s, 30),
		.s = v2x_mul(r.c, r.s, 29),
	};
}

/* In 2 V2X_OUTER_TICKS samples. */
static __always_inline struct v2x_rot turn_of(struct v2x_rot step)
{
	return twice(twice(twice(step)));
}

static __always_inline struct v2x_rot ahead_of(struct v2x_rot step, u32 w)
{
	struct v2x_rot half = v2x_small_rot(w >> 1);

	return (struct v2x_rot){ half.c - step.c, half.s + step.s };
}

void v2x_single_init(struct v2x_single_k *k, struct v2x_single *s,
		     const struct v2x_stage_desc *desc, const struct v2x_current_k *cc)
{
	u32 w = (u32)div_u64(((u64)desc->f_nominal_mhz << 32), desc->tick_hz * 1000);
	u32 i;

	v2x_single_gains(k, desc, cc, V2X_HARMONICS_MS);
	memset(s, 0, sizeof(*s));
	s->tune_q24[0] = v2x_res_tune(&k->fund, w);
	for (i = 0; i < V2X_SINGLE_HARMONICS; i++)
		s->tune_q24[1 + i] = v2x_res_tune(&k->harm[i], w);
	s->turn = turn_of(v2x_small_rot(w));
	s->ahead = ahead_of(v2x_small_rot(w), w);
}

void v2x_single_tune(struct v2x_ctl *c)
{
	const struct v2x_single_k *k = &c->k.single;
	struct v2x_single *s = &c->single;
	u32 w = c->tracker.step_angle, i = c->tune_next;

	c->tune_next = i + 1;
	if (likely(i <= V2X_SINGLE_HARMONICS)) {
		s->tune_q24[i] = v2x_res_tune(i ? &k->harm[i - 1] : &k->fund, w);
	} else if (i == 1 + V2X_SINGLE_HARMONICS) {
		s->turn = turn_of(c->tracker.step);
	} else if (i == 2 + V2X_SINGLE_HARMONICS) {
		s->ahead = ahead_of(c->tracker.step, w);
	} else {
		c->lead = v2x_lead(w);
		c->tune_next = 0;
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

/* What the bridge could not make comes off the resonators. */
void v2x_single_short(struct v2x_ctl *c, long lost)
{
	struct v2x_single *s = &c->single;
	u32 i;

	s->fund.x += lost >> 1;
	v2x_res_fade(&s->common);
	for (i = 0; i < V2X_SINGLE_HARMONICS; i++)
		v2x_res_fade(&s->harm[i]);
	c->held = true;
}
