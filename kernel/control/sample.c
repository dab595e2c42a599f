// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bits.h>
#include <linux/math64.h>
#include "sample.h"

/*
 * Nano-units to the unit of struct v2x_meas, times 2^16:
 * volt and ampere channels 1e-9 * 1e3 * 2^8 (milli, Q8), the slow
 * ones 1e-9 * 1e3, ohms 1e-9.
 */
static s64 to_q16(s64 nano, u32 channel)
{
	if (channel < V2X_ADC_FAST || channel >= V2X_ADC_SLOW)	/* * 2^24 / 1e6 = * 2^18 / 15625 */
		return div_s64(nano * (1 << 18), 15625);
	if (channel == V2X_ADC_R_ISO)	/* * 2^16 / 1e9 = * 2^7 / 1953125 */
		return div_s64(nano * (1 << 7), 1953125);
	return div_s64(nano * (1 << 10), 15625);	/* * 2^16 / 1e6 */
}

void v2x_scale_init(const struct v2x_stage_desc *desc, struct v2x_scale *s)
{
	u32 ch;

	for (ch = 0; ch < V2X_ADC_COUNT; ch++) {
		const struct v2x_adc_desc *a = &desc->adc[ch];

		s[ch] = (struct v2x_scale){ .raw_lo = S32_MIN, .raw_span = U32_MAX };
		if (!(desc->adc_present & BIT(ch)))
			continue;
		s[ch].mul = to_q16(a->scale_n, ch);
		s[ch].add = to_q16(a->offset_n, ch) + (1 << 15);
		/* A sample at either end says "at least", not "is". */
		s[ch].raw_lo = a->raw_min + 1;
		s[ch].raw_span = (u32)a->raw_max - (u32)a->raw_min - 2;
	}
}

void v2x_sample_range(const struct v2x_scale *s, s32 *lo, s32 *hi)
{
	s64 a, b;

	if (!s->mul)
		return;
	a = (s->raw_lo * s->mul + s->add) >> 16;
	b = ((s->raw_lo + (s64)s->raw_span) * s->mul + s->add) >> 16;
	*lo = (s32)clamp_t(s64, min(a, b), *lo, *hi);
	*hi = (s32)clamp_t(s64, max(a, b), *lo, *hi);
}

static __always_inline u32 bad_one(const struct v2x_scale *s, const s32 *raw, enum v2x_adc ch)
{
	return (u32)v2x_scale_bad(&s[ch], raw[ch]) << ch;
}

u32 v2x_sample_bad(const struct v2x_scale *s, const s32 *raw)
{
	BUILD_BUG_ON(V2X_ADC_FAST != 9);
	return bad_one(s, raw, V2X_ADC_V_GRID_A) | bad_one(s, raw, V2X_ADC_V_GRID_B) |
	       bad_one(s, raw, V2X_ADC_V_GRID_C) | bad_one(s, raw, V2X_ADC_I_A) |
	       bad_one(s, raw, V2X_ADC_I_B) | bad_one(s, raw, V2X_ADC_I_C) |
	       bad_one(s, raw, V2X_ADC_V_DC_LINK) | bad_one(s, raw, V2X_ADC_V_EV) |
	       bad_one(s, raw, V2X_ADC_I_EV);
}

u32 v2x_sample_slow(const struct v2x_scale *s, const s32 *raw, struct v2x_meas *m)
{
	s32 *to = (s32 *)m;
	u32 bad = 0;
	u32 ch;

	BUILD_BUG_ON(sizeof(*m) != V2X_ADC_COUNT * sizeof(s32));
	for (ch = V2X_ADC_FAST; ch < V2X_ADC_SLOW; ch++) {
		bad |= (u32)v2x_scale_bad(&s[ch], raw[ch]) << ch;
		to[ch] = v2x_scale_apply(&s[ch], raw[ch]);
	}
	return bad;
}
