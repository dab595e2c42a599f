// SPDX-License-Identifier: GPL-2.0-only
#include "angle.h"

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

/*
 * Turns (Q32) of asin(x), x Q30 in 0 .. 0.71: odd polynomial, least squares at
 * Chebyshev nodes, largest deviation 4.4e-7 of a turn.
 */
static long asin_turns(long x)
{
	long z = v2x_mul_floor(x, x, 30);
	long s;

	s = v2x_mul_floor(z, 74009799, 30) - 3661138;
	s = v2x_mul_floor(z, s, 30) + 59755279;
	s = v2x_mul_floor(z, s, 30) + 113107580;
	s = v2x_mul_floor(z, s, 30) + 683586918;
	return v2x_mul_floor(x, s, 30);
}

s32 v2x_atan2(long y, long x)
{
	u64 m2 = (u64)((s64)x * x) + (u64)((s64)y * y);
	u32 turns;
	u32 r;
	s64 far;
	int e;

	if (!m2)
		return 0;
	r = v2x_rsqrt(m2, &e);
	/* the smaller of the two, over the magnitude: r / 2^(30 + e), as Q30 */
	far = min(v2x_abs(x), v2x_abs(y));
	turns = (u32)asin_turns((long)((far * r) >> e));
	if (v2x_abs(y) > v2x_abs(x))
		turns = (1U << 30) - turns;
	if (x < 0)
		turns = (1U << 31) - turns;
	return (s32)(y < 0 ? -turns : turns);
}
