/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fixed-point helpers of the control code.
 *
 * A suffix _qN means: the value times 2^N in an integer. Voltages and
 * currents are millivolts and milliamperes in Q8 (range +-8388 V, +-8388 A,
 * 4 uV and 4 uA a step), unit-circle numbers Q30, angles 2^32 a turn.
 *
 * Values are kept in 32 bits and worked on in long, so that a 64-bit machine
 * need not extend signs and a 32-bit one need not carry high words; a product
 * is always formed in s64. What is integrated is rounded to nearest: a
 * truncating shift in a feedback path drifts by half a step a sample.
 */
#ifndef _V2X_FIXED_H
#define _V2X_FIXED_H

#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/types.h>

/*
 * The parts of a tick live in headers and are compiled into it as one. For
 * counting instructions by part they are kept apart: build with V2X_PROFILE.
 */
#ifdef V2X_PROFILE
#define v2x_part	noinline
#else
#define v2x_part	__always_inline
#endif

#define V2X_Q30_ONE	1073741824
#define V2X_Q24_ONE	16777216
#define V2X_1_SQRT3_Q30	619925131	/* 1/sqrt(3) */
#define V2X_SQRT3_2_Q30	929887697	/* sqrt(3)/2 */
#define V2X_1_3_Q30	357913941	/* 1/3 */

/* x / 2^s, rounded to nearest, half up. 1 <= s <= 62 */
static __always_inline s64 v2x_shr(s64 x, unsigned int s)
{
	return (x + (1LL << (s - 1))) >> s;
}

static __always_inline s32 v2x_sat32(s64 x)
{
	return (s32)clamp_t(s64, x, S32_MIN, S32_MAX);
}

/* a * b / 2^s, rounded to nearest; the caller knows that it fits. */
static __always_inline long v2x_mul(long a, long b, unsigned int s)
{
	return (long)v2x_shr((s64)a * b, s);
}

/* a * b / 2^s, rounded down: for what is not integrated. */
static __always_inline long v2x_mul_floor(long a, long b, unsigned int s)
{
	return (long)(((s64)a * b) >> s);
}

static __always_inline long v2x_abs(long x)
{
	return x < 0 ? -x : x;
}

/* x / 1000, to one part in 10^6: x / 2^10 * 1.024 */
static __always_inline s64 v2x_micro_to_milli(s64 x)
{
	return ((x >> 10) * 1073742) >> 20;
}

/* Two components, of the stationary (a, b) or the rotating (d, q) frame. */
struct v2x_vec {
	long x;
	long y;
};

/* cos and sin of an angle, Q30 */
struct v2x_rot {
	long c;
	long s;
};

/* Turn by +angle, rounded to nearest: for what is turned over and over. */
static __always_inline struct v2x_vec v2x_turn_state(struct v2x_vec v, struct v2x_rot r)
{
	return (struct v2x_vec){
		.x = (long)v2x_shr((s64)v.x * r.c - (s64)v.y * r.s, 30),
		.y = (long)v2x_shr((s64)v.x * r.s + (s64)v.y * r.c, 30),
	};
}

/* Turn by +angle. */
static __always_inline struct v2x_vec v2x_turn(struct v2x_vec v, struct v2x_rot r)
{
	return (struct v2x_vec){
		.x = (long)(((s64)v.x * r.c - (s64)v.y * r.s) >> 30),
		.y = (long)(((s64)v.x * r.s + (s64)v.y * r.c) >> 30),
	};
}

/* Likewise by -angle. */
static __always_inline struct v2x_vec v2x_turn_state_back(struct v2x_vec v, struct v2x_rot r)
{
	return (struct v2x_vec){
		.x = (long)v2x_shr((s64)v.x * r.c + (s64)v.y * r.s, 30),
		.y = (long)v2x_shr((s64)v.y * r.c - (s64)v.x * r.s, 30),
	};
}

static __always_inline struct v2x_vec v2x_turn_back(struct v2x_vec v, struct v2x_rot r)
{
	return (struct v2x_vec){
		.x = (long)(((s64)v.x * r.c + (s64)v.y * r.s) >> 30),
		.y = (long)(((s64)v.y * r.c - (s64)v.x * r.s) >> 30),
	};
}

/* Amplitude-invariant Clarke transformation; the zero component is dropped. */
static __always_inline struct v2x_vec v2x_clarke(const s32 abc[3])
{
	long b = abc[1], c = abc[2];

	return (struct v2x_vec){
		.x = (long)((((s64)abc[0] * 2 - b - c) * V2X_1_3_Q30) >> 30),
		.y = (long)((((s64)b - c) * V2X_1_SQRT3_Q30) >> 30),
	};
}

#endif /* _V2X_FIXED_H */
