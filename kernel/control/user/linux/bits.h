/* SPDX-License-Identifier: GPL-2.0-only */
/* User-space stand-in. */
#ifndef _V2X_USER_BITS_H
#define _V2X_USER_BITS_H

#define BIT(n)		(1UL << (n))
#define BIT_ULL(n)	(1ULL << (n))
#define GENMASK(h, l)	(((~0UL) << (l)) & (~0UL >> (8 * sizeof(long) - 1 - (h))))

#endif
