/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fixed-point helpers of the control code.
 *
 * A suffix _qN means: the value times 2^N in an integer. Voltages and
 * currents are millivolts and milliamperes in Q8 (range +-8388 V, +-8388 A,
 * 4 uV and 4 uA a step), unit-circle numbers Q30, angles 2^32 a turn.
 * Shifts round to nearest: a truncating shift in a feedback path drifts by
 * half a step a sample.
 */
#ifndef _V2X_FIXED_H
#define _V2X_FIXED_H

#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/types.h>

#define V2X_Q30_ONE	(1 << 30)
#define V2X_Q24_ONE	(1 << 24)
#define V2X_SQRT1_2_Q30	759250125	/* sqrt(1/2) */
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

/* Clamp to -1 .. 1 in Q30. */
static __always_inline s32 v2x_sat_q30(s64 x)
{
	return (s32)clamp_t(s64, x, -V2X_Q30_ONE, V2X_Q30_ONE);
}

/* a * b / 2^s, rounded; the caller knows that it fits. */
static __always_inline s32 v2x_mul(s32 a, s32 b, unsigned int s)
{
	return (s32)v2x_shr((s64)a * b, s);
}

/* (a * b + c * d) / 2^30, rounded once: a component of a rotation. */
static __always_inline s32 v2x_dot30(s32 a, s32 b, s32 c, s32 d)
{
	return (s32)v2x_shr((s64)a * b + (s64)c * d, 30);
}

/* x / 1000, to one part in 10^6: x / 2^10 * 1.024 */
static __always_inline s64 v2x_micro_to_milli(s64 x)
{
	return ((x >> 10) * 1073742) >> 20;
}

/* Two components, of the stationary (a, b) or the rotating (d, q) frame. */
struct v2x_vec {
	s32 x;
	s32 y;
};

/* cos and sin of an angle, Q30 */
struct v2x_rot {
	s32 c;
	s32 s;
};

/* Turn by +angle. */
static __always_inline struct v2x_vec v2x_turn(struct v2x_vec v, struct v2x_rot r)
{
	return (struct v2x_vec){
		.x = v2x_dot30(v.x, r.c, -v.y, r.s),
		.y = v2x_dot30(v.x, r.s, v.y, r.c),
	};
}

/* Turn by -angle. */
static __always_inline struct v2x_vec v2x_turn_back(struct v2x_vec v, struct v2x_rot r)
{
	return (struct v2x_vec){
		.x = v2x_dot30(v.x, r.c, v.y, r.s),
		.y = v2x_dot30(v.y, r.c, -v.x, r.s),
	};
}

/* Amplitude-invariant Clarke transformation; the zero component is dropped. */
static __always_inline struct v2x_vec v2x_clarke(const s32 abc[3])
{
	s64 bc = (s64)abc[1] + abc[2];

	return (struct v2x_vec){
		.x = (s32)v2x_shr((2 * (s64)abc[0] - bc) * V2X_1_3_Q30, 30),
		.y = (s32)v2x_shr(((s64)abc[1] - abc[2]) * V2X_1_SQRT3_Q30, 30),
	};
}

static __always_inline void v2x_clarke_inverse(struct v2x_vec v, s32 abc[3])
{
	s32 y = v2x_mul(v.y, V2X_SQRT3_2_Q30, 30);

	abc[0] = v.x;
	abc[1] = -(v.x >> 1) + y;
	abc[2] = -v.x - abc[1];
}

#endif /* _V2X_FIXED_H */
