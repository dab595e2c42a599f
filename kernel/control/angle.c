// SPDX-License-Identifier: GPL-2.0-only
#include "angle.h"

/*
 * Polynomials in z = u^2, u = angle / (1/8 turn) in -1 .. 1, interpolated at
 * Chebyshev nodes; largest deviation 2.4e-9 (sine), 5e-11 (cosine). What is
 * left is rounding of Q30 products.
 */
static s32 sin_eighth(s32 u, s32 z)
{
	s32 y = v2x_mul(z, -38606, 30) + 2673624;

	y = v2x_mul(z, y, 30) - 86699750;
	y = v2x_mul(z, y, 30) + 843314854;
	return v2x_mul(u, y, 30);
}

static s32 cos_eighth(s32 z)
{
	s32 y = v2x_mul(z, 3790, 30) - 349974;

	y = v2x_mul(z, y, 30) + 17023452;
	y = v2x_mul(z, y, 30) - 331168967;
	return v2x_mul(z, y, 30) + V2X_Q30_ONE;
}

struct v2x_rot v2x_sincos(u32 theta)
{
	/* The quarter whose middle is nearest, and the way from there. */
	u32 quarter = (theta + (1U << 29)) >> 30;
	s32 u = (s32)(theta - (quarter << 30)) * 2;	/* 1/8 turn is 2^30 */
	s32 z = v2x_mul(u, u, 30);
	s32 s = sin_eighth(u, z);
	s32 c = cos_eighth(z);
	struct v2x_rot r;

	r.c = quarter & 1 ? s : c;
	r.s = quarter & 1 ? c : s;
	if ((quarter + 1) & 2)
		r.c = -r.c;
	if (quarter & 2)
		r.s = -r.s;
	return r;
}

struct v2x_rot v2x_small_rot(u32 w)
{
	s32 x = (s32)v2x_shr((s64)w * 1686629713, 30);	/* 2 pi / 2^32 in Q30 */
	s32 z = v2x_mul(x, x, 30);
	struct v2x_rot r;

	/* sin = x - x^3/6 + x^5/120, cos = 1 - x^2/2 + x^4/24 */
	r.s = v2x_mul(z, 8947849, 30) - 178956971;
	r.s = x + v2x_mul(x, v2x_mul(z, r.s, 30), 30);
	r.c = v2x_mul(z, 44739243, 30) - (V2X_Q30_ONE >> 1);
	r.c = V2X_Q30_ONE + v2x_mul(z, r.c, 30);
	return r;
}

/* One Newton step y(3 - m y^2)/2; m Q32, y Q30 in 1 .. 2. */
static u32 rsqrt_step(u32 m, u32 y)
{
	u32 t = (u32)(((u64)y * y) >> 31);			/* Q29 */
	u32 p = (u32)(((u64)t * m) >> 32);			/* Q29, about 1 */

	return (u32)(((u64)y * ((3U << 29) - p)) >> 30);
}

u32 v2x_rsqrt(u64 x, int *e)
{
	unsigned int shift = (unsigned int)(64 - fls64(x)) & ~1U;
	u32 m = (u32)((x << shift) >> 32);			/* 0.25 .. 1 in Q32 */
	u32 y;

	/* Quadratic seed, 3 %; then 1.3e-3, 2.7e-6, 1e-11 */
	y = (u32)(2822490381U - (((u64)m * 3365075544U) >> 32) +
		  (((u64)((u32)(((u64)m * m) >> 32)) * 1635506554U) >> 32));
	y = rsqrt_step(m, y);
	y = rsqrt_step(m, y);
	y = rsqrt_step(m, y);
	*e = 31 - (int)(shift / 2);
	return y >> 1;
}

u32 v2x_sqrt(u64 x)
{
	unsigned int shift;
	u32 m, r;
	int e;

	if (!x)
		return 0;
	r = v2x_rsqrt(x, &e);					/* 1/sqrt(m) / 2 in Q30 */
	shift = (unsigned int)(64 - fls64(x)) & ~1U;
	m = (u32)((x << shift) >> 32);
	/* sqrt(x) = m / sqrt(m) * 2^(32 - shift/2) */
	return (u32)((((u64)m * r >> 28) + (1ULL << (shift / 2))) >> (1 + shift / 2));
}
