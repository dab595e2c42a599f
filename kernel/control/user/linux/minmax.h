/* SPDX-License-Identifier: GPL-2.0-only */
/* User-space stand-in: each argument is evaluated once, as in the kernel. */
#ifndef _V2X_USER_MINMAX_H
#define _V2X_USER_MINMAX_H

/* A name of its own for each use, so that nested ones do not shadow. */
#define __v2x_paste2(a, b)	a##b
#define __v2x_paste(a, b)	__v2x_paste2(a, b)
#define __v2x_name		__v2x_paste(__v2x_, __COUNTER__)

#define __v2x_pick(ta, tb, op, a, b, x, y) ({	\
	ta x = (a);				\
	tb y = (b);				\
	x op y ? x : y; })
#define min(a, b) \
	__v2x_pick(__auto_type, __auto_type, <, a, b, __v2x_name, __v2x_name)
#define max(a, b) \
	__v2x_pick(__auto_type, __auto_type, >, a, b, __v2x_name, __v2x_name)
#define min_t(t, a, b)	__v2x_pick(t, t, <, a, b, __v2x_name, __v2x_name)
#define max_t(t, a, b)	__v2x_pick(t, t, >, a, b, __v2x_name, __v2x_name)
#define min3(a, b, c)	min(min(a, b), c)
#define max3(a, b, c)	max(max(a, b), c)
#define clamp(v, lo, hi)	min(max(v, lo), hi)
#define clamp_t(t, v, lo, hi)	min_t(t, max_t(t, v, lo), hi)
#define swap(a, b) do {				\
	__auto_type _sw = (a);			\
	(a) = (b);				\
	(b) = _sw;				\
} while (0)

#endif
