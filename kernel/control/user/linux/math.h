/* SPDX-License-Identifier: GPL-2.0-only */
/* User-space stand-in: rounding divisions (not for the tick). */
#ifndef _V2X_USER_MATH_H
#define _V2X_USER_MATH_H

#include <linux/types.h>
#include <stdlib.h>	/* before the macro below hides abs() */

#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
#define DIV_ROUND_CLOSEST(x, d) ({				\
	__typeof__(x) _dx = (x);				\
	__typeof__(d) _dd = (d);				\
	((_dx > 0) == (_dd > 0)) ? (_dx + _dd / 2) / _dd	\
				 : (_dx - _dd / 2) / _dd; })
#define abs(x) ({						\
	__auto_type _ax = (x);					\
	_ax < 0 ? -_ax : _ax; })

static inline u32 int_sqrt64(u64 x)
{
	u64 r = 0, b;

	for (b = 1ULL << 62; b; b >>= 2) {
		if (x >= r + b) {
			x -= r + b;
			r = (r >> 1) + b;
		} else {
			r >>= 1;
		}
	}
	return (u32)r;
}

#endif
