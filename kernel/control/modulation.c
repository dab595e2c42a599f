// SPDX-License-Identifier: GPL-2.0-only
#include "angle.h"
#include "modulation.h"

long v2x_modulate_short(s32 leg[3], s64 span)
{
	int e, i;
	u64 r = v2x_rsqrt((u64)span, &e);
	/* 1/span = r^2 / 2^(60 + 2 e); times 2^25, to Q30 */
	long scale = (long)((r * r) >> (5 + 2 * e));

	for (i = 0; i < 3; i++)
		leg[i] = (s32)clamp_t(long, v2x_mul_floor(leg[i], scale, 30),
				      -V2X_LEG_MAX, V2X_LEG_MAX);
	return scale;
}
