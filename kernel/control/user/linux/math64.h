/* SPDX-License-Identifier: GPL-2.0-only */
/* User-space stand-in: 64-bit divisions (not for the tick). */
#ifndef _V2X_USER_MATH64_H
#define _V2X_USER_MATH64_H

#include <linux/math.h>

static inline u64 div_u64(u64 a, u32 b)
{
	return a / b;
}

static inline s64 div_s64(s64 a, s32 b)
{
	return a / b;
}

static inline u64 div64_u64(u64 a, u64 b)
{
	return a / b;
}

static inline s64 div64_s64(s64 a, s64 b)
{
	return a / b;
}

static inline u64 div_u64_rem(u64 a, u32 b, u32 *rem)
{
	*rem = (u32)(a % b);
	return a / b;
}

static inline u64 mul_u32_u32(u32 a, u32 b)
{
	return (u64)a * b;
}

/* (a * m) >> shift; shift 1 to 63, the result fits 64 bits. */
static inline u64 mul_u64_u64_shr(u64 a, u64 m, unsigned int shift)
{
#ifdef __SIZEOF_INT128__
	return (u64)(((unsigned __int128)a * m) >> shift);
#else
	u64 a_lo = (u32)a, a_hi = a >> 32, m_lo = (u32)m, m_hi = m >> 32;
	u64 mid1 = a_lo * m_hi, mid2 = a_hi * m_lo, bottom = a_lo * m_lo;
	u64 carry = (bottom >> 32) + (u32)mid1 + (u32)mid2;
	u64 top = a_hi * m_hi + (mid1 >> 32) + (mid2 >> 32) + (carry >> 32);

	bottom = (carry << 32) | (u32)bottom;
	return (bottom >> shift) | (top << (64 - shift));
#endif
}

static inline u64 mul_u64_u32_shr(u64 a, u32 m, unsigned int shift)
{
	return mul_u64_u64_shr(a, m, shift);
}

#endif
