/* SPDX-License-Identifier: GPL-2.0-only */
/* Sine, cosine and square roots without tables, divisions or loops. */
#ifndef _V2X_ANGLE_H
#define _V2X_ANGLE_H

#include "fixed.h"

/**
 * v2x_sincos() - cosine and sine of an angle
 * @theta: 2^32 a turn
 *
 * Polynomials in z = u^2, u = angle / (1/8 turn) in -1 .. 1, interpolated at
 * Chebyshev nodes: largest deviation 2.4e-9 (sine), 2.8e-8 (cosine).
 *
 * Return: Q30; error below 3.2e-8 of one over the whole turn (tested).
 */
static __always_inline struct v2x_rot v2x_sincos(u32 theta)
{
	/* The quarter whose middle is nearest, and the way from there. */
	u32 quarter = (theta + (1U << 29)) >> 30;
	long u = (s32)(theta - (quarter << 30)) * 2L;	/* 1/8 turn is 2^30 */
	long z = v2x_mul_floor(u, u, 30);
	long s, c, turn;
	struct v2x_rot r;

	s = v2x_mul_floor(z, -38606, 30) + 2673624;
	s = v2x_mul_floor(z, s, 30) - 86699750;
	s = v2x_mul_floor(z, s, 30) + 843314854;
	s = v2x_mul_floor(u, s, 30);
	c = v2x_mul_floor(z, -342392, 30) + 17018712;
	c = v2x_mul_floor(z, c, 30) - 331168019;
	c = v2x_mul_floor(z, c, 30) + 1073741794;

	turn = quarter & 1 ? s : c;
	r.s = quarter & 1 ? c : s;
	r.c = (quarter + 1) & 2 ? -turn : turn;
	r.s = quarter & 2 ? -r.s : r.s;
	return r;
}

/**
 * v2x_small_rot() - cosine and sine of a small angle
 * @w: 2^32 a turn, at most 1/20 turn
 *
 * Return: Q30, from the series to w^5; error below 1e-8 at 1/100 turn.
 */
struct v2x_rot v2x_small_rot(u32 w);

/**
 * v2x_rsqrt() - reciprocal square root
 * @x: radicand, not zero
 * @e: exponent to apply, out
 *
 * Return: r (Q30, 0.5 .. 1) so that 1/sqrt(x) = r / 2^(30 + e).
 */
u32 v2x_rsqrt(u64 x, int *e);

/**
 * v2x_sqrt() - square root
 * @x: radicand, below 2^62
 *
 * Return: rounded; exact to one part in 2^28 and to one count below that.
 */
u32 v2x_sqrt(u64 x);

/**
 * v2x_atan2() - angle of a vector
 * @y: |y| below 2^31, not zero together with @x
 * @x: likewise
 *
 * Return: 2^32 a turn, error below 6e-7 of a turn.
 */
s32 v2x_atan2(long y, long x);

/**
 * v2x_recip_step() - one Newton step towards 2^52 / a
 * @r: present guess, 0 < a * r < 2^53
 * @a: positive
 *
 * The error squares: e -> e^2. A caller that runs it once a sample on a
 * slowly moving @a never needs to divide.
 */
static __always_inline long v2x_recip_step(long r, long a)
{
	s64 t = ((s64)a * r) >> 22;	/* Q30, one when done */

	return (long)(((s64)r * ((1LL << 31) - t)) >> 30);
}

#endif /* _V2X_ANGLE_H */
