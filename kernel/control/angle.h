/* SPDX-License-Identifier: GPL-2.0-only */
/* Sine, cosine and square roots without tables, divisions or loops. */
#ifndef _V2X_ANGLE_H
#define _V2X_ANGLE_H

#include "fixed.h"

/**
 * v2x_sincos() - cosine and sine of an angle
 * @theta: 2^32 a turn
 *
 * Return: Q30; error below 6e-9 of one over the whole turn (tested).
 */
struct v2x_rot v2x_sincos(u32 theta);

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
 * v2x_recip_step() - one Newton step towards 2^52 / a
 * @r: present guess, 0 < a * r < 2^53
 * @a: positive
 *
 * The error squares: e -> e^2. A caller that runs it once a sample on a
 * slowly moving @a never needs to divide.
 */
static __always_inline s32 v2x_recip_step(s32 r, s32 a)
{
	s64 t = ((s64)a * r) >> 22;	/* Q30, one when done */

	return (s32)(((s64)r * ((1LL << 31) - t)) >> 30);
}

#endif /* _V2X_ANGLE_H */
