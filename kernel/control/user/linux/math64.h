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

#ifdef __SIZEOF_INT128__
static inline u64 mul_u64_u32_shr(u64 a, u32 m, unsigned int shift)
{
	return (u64)(((unsigned __int128)a * m) >> shift);
}

static inline u64 mul_u64_u64_shr(u64 a, u64 m, unsigned int shift)
{
	return (u64)(((unsigned __int128)a * m) >> shift);
}
#endif

#endif
