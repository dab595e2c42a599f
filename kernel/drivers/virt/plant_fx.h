/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fixed-point helpers of the plant model.
 */
#ifndef _V2X_PLANT_FX_H
#define _V2X_PLANT_FX_H

#include <linux/types.h>
#include <linux/math64.h>

#define Q20_ONE		0x100000LL
#define Q20(x)		((s64)(x) * Q20_ONE)

/* sin(pi/2 z) = C1 z + C3 z^3 + ..., Q30: Chebyshev series of the sine. */
#define PLANT_SIN_C1	(1686629673LL)
#define PLANT_SIN_C3	(-693597875LL)
#define PLANT_SIN_C5	(85564848LL)
#define PLANT_SIN_C7	(-5016758LL)
#define PLANT_SIN_C9	(161939LL)

/* Process context only: a division. */
static inline s64 plant_div(s64 a, s64 b)
{
	return div64_s64(a, b);
}

static inline s64 fx_clamp(s64 x, s64 lo, s64 hi)
{
	if (x < lo)
		return lo;
	return x > hi ? hi : x;
}

static inline s64 fx_abs(s64 x)
{
	return x < 0 ? -x : x;
}

/* (a * b) >> shift, 1 to 40, rounded down, b < 2^42: only the result must fit. */
static inline s64 fx_mul_shr(s64 a, s64 b, u32 shift)
{
	s64 hi = (a >> 20) * b, lo = (a & (Q20_ONE - 1)) * b;
	u32 more = shift - 20;

	if (shift <= 20)
		return hi * (1LL << (20 - shift)) + (lo >> shift);
	return (hi >> more) + ((((hi & ((1LL << more) - 1)) << 20) + lo) >> shift);
}

#define THIRD_Q32	1431655765LL

/* A third, for |x| < 2^32. */
static inline s64 fx_third(s64 x)
{
	return (x * THIRD_Q32) >> 32;
}

/* Likewise, for any. */
static inline s64 fx_third_any(s64 x)
{
	return fx_mul_shr(x, THIRD_Q32, 32);
}

/*
 * sin of a turn fraction, Q30. Odd polynomial over a quarter turn, in error by
 * less than 1e-8.
 */
static inline s64 fx_sin_q30(u32 turn)
{
	s64 z, z2, y;

	/* Fold into -1/4 .. +1/4 turn; then z is Q30 of quarter turns. */
	if ((turn ^ (turn << 1)) & 0x80000000U)
		turn = 0x80000000U - turn;
	z = (s32)turn;
	z2 = (z * z) >> 30;
	y = PLANT_SIN_C9;
	y = PLANT_SIN_C7 + ((y * z2) >> 30);
	y = PLANT_SIN_C5 + ((y * z2) >> 30);
	y = PLANT_SIN_C3 + ((y * z2) >> 30);
	y = PLANT_SIN_C1 + ((y * z2) >> 30);
	return (y * z) >> 30;
}

static inline s64 fx_cos_q30(u32 turn)
{
	return fx_sin_q30(turn + 0x40000000U);
}

/*
 * 2^60 / v for 1 <= v < 2^32, to better than 1e-9: linear first guess, three
 * Newton steps (relative error 1/17, 1/289, 1/83521, 1e-10).
 */
static inline s64 fx_recip_q60(s64 v)
{
	u32 shift = (u32)__builtin_clz((u32)v);
	u64 d = (u32)v << shift;	/* Q32, 1/2 .. 1 */
	u64 x;

	x = 3031741620ULL - ((2021161080ULL * d) >> 32);	/* Q30: 48/17 - 32/17 d */
	x = (x * ((1ULL << 31) - ((d * x) >> 32))) >> 30;
	x = (x * ((1ULL << 31) - ((d * x) >> 32))) >> 30;
	x = (x * ((1ULL << 31) - ((d * x) >> 32))) >> 30;
	/* 1/d = x / 2^30 and v = d * 2^(32 - shift). */
	return (s64)((x << shift) >> 2);
}

/* xorshift64*, period 2^64 - 1. */
static inline u64 fx_random(u64 *state)
{
	u64 x = *state;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	*state = x;
	return x * 0x2545f4914f6cdd1dULL;
}

#endif /* _V2X_PLANT_FX_H */
