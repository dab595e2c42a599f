/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Min-max modulation: from a voltage vector to leg references.
 *
 * A common voltage -(max + min) / 2 centres the three legs, which is
 * space-vector modulation: linear up to a phase peak of Vdc / sqrt(3), and the
 * limit is the hexagon, reached when max - min = Vdc. Beyond it the whole
 * vector is shortened, its direction kept, and the caller told by how much.
 */
#ifndef _V2X_MODULATION_H
#define _V2X_MODULATION_H

#include <v2x/stage_desc.h>
#include "fixed.h"

/* Largest leg reference: the last step below one that 16 bits can show. */
#define V2X_LEG_MAX	(V2X_Q24_ONE - 512)

/**
 * v2x_modulate_short() - legs of a vector beyond the hexagon
 * @leg: references, centred; shortened in place
 * @span: largest minus smallest of them
 *
 * Return: share realised, Q30.
 */
long v2x_modulate_short(s32 leg[3], s64 span);

/**
 * v2x_modulate() - leg references of a voltage vector
 * @v: phase voltages wanted, stationary frame, mV Q8
 * @vdc_recip: 2^52 / DC link voltage in mV Q8
 * @leg_q24: out, -1 .. 1
 *
 * Return: share of @v realised, Q30; V2X_Q30_ONE when all of it.
 */
static v2x_part long v2x_modulate(struct v2x_vec v, long vdc_recip, s32 leg_q24[3])
{
	/* 2 v / vdc: Q8 * 2^52 / 2^27 is Q24 */
	long a = v2x_mul_floor(v.x, vdc_recip, 27);
	long y = v2x_mul_floor(v2x_mul_floor(v.y, vdc_recip, 27), V2X_SQRT3_2_Q30, 30);
	long b = y - (a >> 1);
	long c = -a - b;
	long lo = min3(a, b, c);
	long hi = max3(a, b, c);
	long mid = (hi + lo) >> 1;

	leg_q24[0] = (s32)(a - mid);
	leg_q24[1] = (s32)(b - mid);
	leg_q24[2] = (s32)(c - mid);
	if (likely(hi - lo <= 2 * V2X_LEG_MAX))
		return V2X_Q30_ONE;
	return v2x_modulate_short(leg_q24, (s64)hi - lo);
}

/**
 * struct v2x_dead - dead-time compensation
 * @most_q24: 2 t_dead fs: what a leg is off by at currents beyond @i_zero
 * @slope_q20: @most_q24 over that current in mA Q8
 */
struct v2x_dead {
	s32 most_q24;
	s32 slope_q20;
};

#define V2X_DEAD_WHOLE	1000	/* permille of the dead time compensated */

void v2x_dead_gains(struct v2x_dead *k, const struct v2x_stage_desc *desc, u32 permille);
void v2x_dead_init(struct v2x_dead *k, const struct v2x_stage_desc *desc);

/**
 * v2x_dead_time() - what a leg must be told besides
 * @k: constants
 * @i_q8: current into the leg; it holds the leg up while neither transistor is on
 *
 * Linear within +-i_zero: the sign of a small current is noise.
 */
static __always_inline s32 v2x_dead_time(const struct v2x_dead *k, long i_q8)
{
	return -(s32)clamp_t(s64, ((s64)i_q8 * k->slope_q20) >> 20, -k->most_q24, k->most_q24);
}

#endif /* _V2X_MODULATION_H */
