// SPDX-License-Identifier: GPL-2.0-only
#include <linux/math64.h>
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

void v2x_dead_gains(struct v2x_dead *k, const struct v2x_stage_desc *desc, u32 permille)
{
	u32 i_zero = max(desc->plant.i_zero_ma, desc->i_rated_ma / 200) << 8;

	/* ns * Hz * 2^25 / 1e9 */
	k->most_q24 = (s32)div_u64((u64)desc->plant.dead_ns * desc->tick_hz << 25, 1000000000);
	k->most_q24 = (s32)div_u64((u64)k->most_q24 * permille, 1000);
	k->slope_q20 = (s32)div_u64((u64)k->most_q24 << 20, i_zero);
}

void v2x_dead_init(struct v2x_dead *k, const struct v2x_stage_desc *desc)
{
	v2x_dead_gains(k, desc, V2X_DEAD_WHOLE);
}
