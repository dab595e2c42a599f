/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Vectors of the arithmetic, computed outside (decimal, then rounded), shared
 * by KUnit and by the unit tests in user space: both must give these bits.
 */
#ifndef _V2X_VECTORS_H
#define _V2X_VECTORS_H

#include <linux/types.h>

/* cos and sin in Q30; within @V2X_SINCOS_TOLERANCE counts */
#define V2X_SINCOS_TOLERANCE	35

struct v2x_sincos_vector {
	const char *name;
	u32 theta;
	s32 c;
	s32 s;
};

static const struct v2x_sincos_vector v2x_sincos_vectors[] = {
	{ "0 degrees", 0, 1073741824, 0 },
	{ "30 degrees", 357913941, 929887697, 536870912 },
	{ "45 degrees", 536870912, 759250125, 759250125 },
	{ "just above 45 degrees", 536870913, 759250124, 759250126 },
	{ "90 degrees", 1073741824, 0, 1073741824 },
	{ "135 degrees", 1610612736, -759250125, 759250125 },
	{ "180 degrees", 2147483648U, -1073741824, 0 },
	{ "210 degrees", 2505397589U, -929887697, -536870912 },
	{ "270 degrees", 3221225472U, 0, -1073741824 },
	{ "315 degrees", 3758096384U, 759250125, -759250125 },
	{ "one step below a turn", 4294967295U, 1073741824, -2 },
};

/* square roots, within one count */
struct v2x_sqrt_vector {
	const char *name;
	u64 x;
	u32 root;
};

static const struct v2x_sqrt_vector v2x_sqrt_vectors[] = {
	{ "zero", 0, 0 },
	{ "one", 1, 1 },
	{ "two", 2, 1 },
	{ "square of 230 V in mV", 52900000000ULL, 230000 },
	{ "one below it", 52899999999ULL, 230000 },
	{ "2^32", 4294967296ULL, 65536 },
	{ "2^52", 4503599627370496ULL, 67108864 },
};

/* a * b / 2^s rounded half up */
struct v2x_mul_vector {
	const char *name;
	s32 a;
	s32 b;
	u32 s;
	s32 product;
};

static const struct v2x_mul_vector v2x_mul_vectors[] = {
	{ "1.5 rounds up", 3, 1, 1, 2 },
	{ "-1.5 rounds up", -3, 1, 1, -1 },
	{ "one half of one", 1073741824, 1 << 29, 30, 536870912 },
	{ "full scale", S32_MAX, S32_MAX, 31, S32_MAX - 1 },
	{ "negative full scale", S32_MIN, S32_MAX, 31, -S32_MAX },
	{ "zero", 0, S32_MIN, 30, 0 },
};

/* legs of a voltage vector at a DC link of 800 V; Q24, within 64 counts */
struct v2x_mod_vector {
	const char *name;
	s32 x_mv;
	s32 y_mv;
	s32 leg[3];
	s32 made_q30;
};

static const struct v2x_mod_vector v2x_mod_vectors[] = {
	{ "nothing", 0, 0, { 0, 0, 0 }, 1073741824 },
	/* a = 400 V, b = c = -200 V: span 600 V of 800 V, centred at 100 V */
	{ "400 V along a", 400000, 0, { 12582912, -12582912, -12582912 }, 1073741824 },
	/* b = -c = 346.41 V, a = 0: span 692.82 V */
	{ "400 V along b - c", 0, 400000, { 0, 14529495, -14529495 }, 1073741824 },
	/* 800 V along a: span 1200 V, two thirds of it can be made */
	{ "800 V along a", 800000, 0, { 16776704, -16776704, -16776704 }, 715827883 },
};

/* control pilot: level to state, coming from no state near to it */
struct v2x_pilot_vector {
	const char *name;
	s32 high_mv;
	s32 low_mv;
	u32 duty;
	u32 state;
};

static const struct v2x_pilot_vector v2x_pilot_vectors[] = {
	{ "12 V is A", 12000, 12000, 1000, V2X_PILOT_A },
	{ "9 V is B", 9000, -12000, 533, V2X_PILOT_B },
	{ "6 V is C", 6000, -12000, 533, V2X_PILOT_C },
	{ "3 V is D", 3000, -12000, 533, V2X_PILOT_D },
	{ "0 V is E", 0, 0, 533, V2X_PILOT_E },
	{ "-12 V is F", -12000, -12000, 0, V2X_PILOT_F },
	{ "6 V without a negative half is E", 6000, -5000, 533, V2X_PILOT_E },
	{ "6 V steady needs no negative half", 6000, 6000, 1000, V2X_PILOT_C },
};

#endif /* _V2X_VECTORS_H */
