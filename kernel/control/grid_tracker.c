// SPDX-License-Identifier: GPL-2.0-only
#include <linux/math64.h>
#include "grid_tracker.h"

#define TWO_PI_U	6283185		/* 2 pi in millionths */

/* f / fs in turns * 2^44 */
static s64 turns_q44(u32 f_mhz, u32 tick_hz)
{
	/* two steps keep 2^44 * 66000 within 64 bits */
	u64 q = div_u64((u64)f_mhz << 44, 1000 * 8);

	return (s64)div_u64(q, tick_hz) * 8;
}

void v2x_tracker_loop(struct v2x_tracker_k *k, u32 tick_hz, u32 wn_mhz, u32 zeta_permille)
{
	/* wn T in Q30, wn = 2 pi f */
	u64 wn_q30 = div_u64(div_u64((u64)wn_mhz * TWO_PI_U << 20, 1000000), tick_hz);

	wn_q30 = div_u64(wn_q30 << 10, 1000);
	/* 2 zeta wnT / 2 pi * 2^32: Q30 to turns of 2^32 is * 4 / 2 pi */
	k->kp = (s32)div_u64(wn_q30 * zeta_permille * 2 * 4 * 1000, TWO_PI_U);
	/* (wnT)^2 / 2 pi * 2^44: Q60 to Q44 and / 2 pi */
	k->ki_q12 = (u32)div_u64((wn_q30 * wn_q30 >> 16) * 1000, TWO_PI_U / 1000);
}

void v2x_tracker_init(struct v2x_tracker_k *k, struct v2x_tracker *t, u32 tick_hz,
		      u32 f_nominal_mhz, u32 v_nominal_mv)
{
	/* w0 T in Q30 */
	u64 w0_q30 = div_u64(((u64)f_nominal_mhz * TWO_PI_U) << 20, 1000000);
	u32 peak_q8 = (u32)div_u64((u64)v_nominal_mv * 362039, 1000);	/* sqrt(2) * 256 */

	w0_q30 = div_u64(div_u64(w0_q30, tick_hz) << 10, 1000);

	k->g_q30 = (s32)div_u64(w0_q30 * 9, 10);
	k->gdc_q30 = (s32)(w0_q30 >> 2);
	v2x_tracker_loop(k, tick_hz, V2X_TRACKER_WN_MHZ, V2X_TRACKER_ZETA);
	k->w_nom_q12 = turns_q44(f_nominal_mhz, tick_hz);
	k->w_min_q12 = turns_q44(45000, tick_hz);
	k->w_max_q12 = turns_q44(66000, tick_hz);
	k->amp_min_q8 = (s32)div_u64((u64)peak_q8 * 15, 100);
	k->amp_floor_q8 = (s32)(peak_q8 / 10);

	*t = (struct v2x_tracker){
		.w_q12 = k->w_nom_q12,
		.amp_q8 = (long)peak_q8,
		.recip = (long)div_u64(1ULL << 52, peak_q8),
		.rot = v2x_sincos(0),
	};
	v2x_tracker_presence(k, t);
	v2x_tracker_pace(t);
	v2x_tracker_amplitude(k, t);
	v2x_tracker_reciprocal(t);
	v2x_tracker_sine(t);
	v2x_tracker_cosine(t);
}

void v2x_tracker_init_single(struct v2x_tracker_k *k)
{
	k->g_q30 *= 2;
}

/* Presence, and what may be said of the frequency. */
void v2x_tracker_presence(const struct v2x_tracker_k *k, struct v2x_tracker *t)
{
	s64 x = t->p.x >> 8, y = t->p.y >> 8, a = k->amp_min_q8 >> 8;

	/* What the loop did while the voltage went is not a frequency. */
	t->live = x * x + y * y > a * a;
	t->w_q12 = t->live ? clamp(t->w_q12, k->w_min_q12, k->w_max_q12) : k->w_nom_q12;
}

/* The turn of one sample. */
void v2x_tracker_pace(struct v2x_tracker *t)
{
	t->step_angle = (u32)(t->w_q12 >> 12);
	t->step = v2x_small_rot(t->step_angle);
}

/* Amplitude for normalising: vd when locked, a share of |p| when not. */
static long amplitude(const struct v2x_tracker_k *k, const struct v2x_tracker *t)
{
	long a = max(v2x_abs(t->p.x), v2x_abs(t->p.y));

	return max3(a - (a >> 2), t->vd_q8, (long)k->amp_floor_q8);
}

void v2x_tracker_amplitude(const struct v2x_tracker_k *k, struct v2x_tracker *t)
{
	long way = amplitude(k, t) - t->amp_q8;

	/*
	 * Down over 16 calls, 256 samples (13 ms): faster than any fault clears.
	 * Up over 4: a returning voltage must not meet the gain of a sagged one.
	 */
	t->amp_q8 += way >> (way > 0 ? 2 : 4);
}

/* Its reciprocal; and has the loop been in lock? */
void v2x_tracker_reciprocal(struct v2x_tracker *t)
{
	long r = v2x_recip_step(t->recip, t->amp_q8);

	t->recip = v2x_recip_step(r, t->amp_q8);
	t->good = t->live && v2x_abs(t->err_q30) < V2X_TRACKER_GOOD ? t->good + 1 : 0;
}

/* The turn set right, in four pieces: the angle of the first one's sample, ... */
void v2x_tracker_sine(struct v2x_tracker *t)
{
	struct v2x_right *m = &t->right;
	long u = v2x_eighth(t->theta);

	m->quarter = v2x_quarter(t->theta);
	m->was = t->rot;
	m->z = v2x_mul_floor(u, u, 30);
	m->s = v2x_eighth_sine(u, m->z);
}

/* ... what the turn that it had lacked, ... */
void v2x_tracker_cosine(struct v2x_tracker *t)
{
	struct v2x_right *m = &t->right;
	struct v2x_rot is = v2x_from_quarter(m->quarter, v2x_eighth_cosine(m->z), m->s);

	m->lack = (struct v2x_vec){ is.c - m->was.c, is.s - m->was.s };
}

/* ... as a share of it, ... */
void v2x_tracker_share(struct v2x_tracker *t)
{
	t->right.share = v2x_turn_back(t->right.lack, t->right.was);
}

/* ... and it has lacked the same share ever since. */
void v2x_tracker_upright(struct v2x_tracker *t)
{
	struct v2x_vec more = v2x_turn(t->right.share, t->rot);

	t->rot.c += more.x;
	t->rot.s += more.y;
}

struct v2x_vec v2x_tracker_now(const struct v2x_tracker *t)
{
	/* the state is that of the sample to come */
	struct v2x_vec p = v2x_turn_back(t->p, t->step);
	struct v2x_vec n = v2x_turn(t->n, t->step);

	return (struct v2x_vec){ p.x + n.x, p.y + n.y };
}

void v2x_tracker_skip(struct v2x_tracker *t, u32 missed)
{
	u64 gone = (u64)t->w_q12 * missed;
	struct v2x_rot r = v2x_sincos((u32)(gone >> 12));

	t->theta_q12 += gone;
	/* the next sample is one step from here */
	t->theta = (u32)(t->theta_q12 >> 12) - t->step_angle;
	t->rot = v2x_sincos(t->theta);
	/* it lacks nothing */
	v2x_tracker_sine(t);
	v2x_tracker_cosine(t);
	v2x_tracker_share(t);
	t->p = v2x_turn_state(t->p, r);
	t->n = v2x_turn_state_back(t->n, r);
}
