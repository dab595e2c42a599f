// SPDX-License-Identifier: GPL-2.0-only
#include <linux/math64.h>
#include "angle.h"
#include "modulation.h"

long v2x_modulate_short(s32 leg[3], s64 span)
{
	/* span = m / 2^shift, m 0.5 .. 1 in Q32 */
	int shift = 32 - fls64((u64)span);
	u64 m = shift < 0 ? (u64)span >> -shift : (u64)span << shift;
	/* 1 / m in Q30: the line through both ends' neighbourhood, 6 %; 0.35 %, 1.2e-5, 2e-10 */
	long r = (long)(3031741621U - ((m * 2021161080U) >> 32));
	long scale;
	int i;

	for (i = 0; i < 3; i++)
		r = (long)(((u64)r * ((1ULL << 31) - ((m * (u64)r) >> 32))) >> 30);
	/* 2 LEG_MAX / span; the legs are centred, so none is beyond it by more than a count */
	scale = shift > -30 ? (long)((r * (2LL * V2X_LEG_MAX)) >> (32 - shift)) : 0;
	leg[0] = (s32)v2x_mul_floor(leg[0], scale, 30);
	leg[1] = (s32)v2x_mul_floor(leg[1], scale, 30);
	leg[2] = (s32)v2x_mul_floor(leg[2], scale, 30);
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
