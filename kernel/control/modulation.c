// SPDX-License-Identifier: GPL-2.0-only
#include "modulation.h"

#define SPAN_MAX	(2 * V2X_Q24_ONE)

/* 2 / span in Q30 for a span above 2 (Q24), as (1 / sqrt(span))^2 */
static noinline s32 shorten(s32 span)
{
	int e;
	u64 r = v2x_rsqrt((u64)(u32)span, &e);

	/* 1/span = r^2 / 2^(60 + 2 e); times 2^25, to Q30 */
	return (s32)((r * r) >> (5 + 2 * e));
}

s32 v2x_modulate(struct v2x_vec v, s32 vdc_recip, s32 leg_q24[3])
{
	s32 scale = V2X_Q30_ONE;
	s32 abc[3], lo, hi, mid;
	int i;

	v2x_clarke_inverse(v, abc);
	for (i = 0; i < 3; i++)		/* 2 v / vdc: Q8 * 2^52 / 2^27 is Q24 */
		abc[i] = (s32)clamp_t(s64, v2x_shr((s64)abc[i] * vdc_recip, 27),
				      -64 * V2X_Q24_ONE, 64 * V2X_Q24_ONE);
	lo = min3(abc[0], abc[1], abc[2]);
	hi = max3(abc[0], abc[1], abc[2]);
	mid = (hi >> 1) + (lo >> 1);
	for (i = 0; i < 3; i++)
		leg_q24[i] = abc[i] - mid;
	if (unlikely((s64)hi - lo > SPAN_MAX)) {
		scale = shorten((s32)min_t(s64, (s64)hi - lo, S32_MAX));
		for (i = 0; i < 3; i++)
			leg_q24[i] = clamp(v2x_mul(leg_q24[i], scale, 30),
					   -V2X_Q24_ONE, V2X_Q24_ONE);
	}
	return scale;
}
