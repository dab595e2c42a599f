/* SPDX-License-Identifier: GPL-2.0-only */
/* Sine, cosine and square roots without tables, divisions or loops. */
#ifndef _V2X_ANGLE_H
#define _V2X_ANGLE_H

#include "fixed.h"

/* The quarter of a turn whose middle is nearest. */
static __always_inline u32 v2x_quarter(u32 theta)
{
	return (theta + (1U << 29)) >> 30;
}

/* The way from there, in eighths of a turn, Q30: -1 .. 1. */
static __always_inline long v2x_eighth(u32 theta)
{
	return (s32)(theta - (v2x_quarter(theta) << 30)) * 2L;
}

/* Sine of @u eighths of a turn, @z = u^2. */
static __always_inline long v2x_eighth_sine(long u, long z)
{
	long s = v2x_mul_floor(z, -38606, 30) + 2673624;

	s = v2x_mul_floor(z, s, 30) - 86699750;
	s = v2x_mul_floor(z, s, 30) + 843314854;
	return v2x_mul_floor(u, s, 30);
}

/* Cosine of the same. */
static __always_inline long v2x_eighth_cosine(long z)
{
	long c = v2x_mul_floor(z, -342392, 30) + 17018712;

	c = v2x_mul_floor(z, c, 30) - 331168019;
	return v2x_mul_floor(z, c, 30) + 1073741794;
}

/* From cosine and sine of the way to those of the angle. */
static __always_inline struct v2x_rot v2x_from_quarter(u32 quarter, long c, long s)
{
	long turn = quarter & 1 ? s : c;
	struct v2x_rot r;

	r.s = quarter & 1 ? c : s;
	r.c = (quarter + 1) & 2 ? -turn : turn;
	r.s = quarter & 2 ? -r.s : r.s;
	return r;
}

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
	long u = v2x_eighth(theta);
	long z = v2x_mul_floor(u, u, 30);

	return v2x_from_quarter(v2x_quarter(theta), v2x_eighth_cosine(z), v2x_eighth_sine(u, z));
}

/**
 * v2x_small_rot() - cosine and sine of a small angle
 * @w: 2^32 a turn, at most 1/20 turn
 *
 * Return: Q30, from the series to w^5; error below 1e-8 at 1/100 turn.
 */
static __always_inline struct v2x_rot v2x_small_rot(u32 w)
{
	long x = (long)v2x_shr((s64)w * 1686629713, 30);	/* 2 pi / 2^32 in Q30 */
	long z = v2x_mul(x, x, 30);
	struct v2x_rot r;

	/* sin = x - x^3/6 + x^5/120, cos = 1 - x^2/2 + x^4/24 */
	r.s = v2x_mul(z, 8947849, 30) - 178956971;
	r.s = x + v2x_mul(x, v2x_mul(z, r.s, 30), 30);
	r.c = v2x_mul(z, 44739243, 30) - (V2X_Q30_ONE >> 1);
	r.c = V2X_Q30_ONE + v2x_mul(z, r.c, 30);
	return r;
}

/* From a sample to the middle of the pulse it makes: 1.5 times @w, the angle of one. */
static __always_inline struct v2x_rot v2x_lead(u32 w)
{
	return v2x_small_rot(w + (w >> 1));
}

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
