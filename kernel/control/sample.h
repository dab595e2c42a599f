/* SPDX-License-Identifier: GPL-2.0-only */
/* From ADC counts to millivolts and milliamperes. */
#ifndef _V2X_SAMPLE_H
#define _V2X_SAMPLE_H

#include <v2x/stage_desc.h>
#include "fixed.h"

/*
 * The first channels of enum v2x_adc are wanted every tick, those behind them
 * seldom, and the utility's every tick in an island.
 */
#define V2X_ADC_FAST	(V2X_ADC_I_EV + 1)
/* The one after them is residual.c's own. */
#define V2X_ADC_SLOW	V2X_ADC_RESIDUAL

/**
 * struct v2x_meas - one period's measurements in units
 * @v_q8: phase to neutral, mV
 * @i_q8: grid into converter, mA, standstill offset removed
 * @vdc_q8: DC link, mV
 * @vev_q8: output voltage, mV
 * @iev_q8: into the vehicle, mA
 * @temp_mc: heat sink
 * @r_iso_ohm: insulation
 * @cp_high_mv: control pilot, top of the pulse
 * @cp_low_mv: bottom of the pulse
 * @v_vehicle_mv: vehicle side of the vehicle contactor
 * @residual_q8: residual current, mA; by residual.c
 * @v_util_q8: utility side of the island switch, mV
 */
struct v2x_meas {
	s32 v_q8[3];
	s32 i_q8[3];
	s32 vdc_q8;
	s32 vev_q8;
	s32 iev_q8;
	s32 temp_mc;
	s32 r_iso_ohm;
	s32 cp_high_mv;
	s32 cp_low_mv;
	s32 v_vehicle_mv;
	s32 residual_q8;
	s32 v_util_q8[3];
};

/* value = (raw * mul + add) / 2^16 */
struct v2x_scale {
	s64 mul;
	s64 add;
	s32 raw_lo;	/* lowest good count */
	u32 raw_span;	/* number of good counts - 1 */
};

static __always_inline s32 v2x_scale_apply(const struct v2x_scale *s, s32 raw)
{
	return (s32)((raw * s->mul + s->add) >> 16);
}

static __always_inline bool v2x_scale_bad(const struct v2x_scale *s, s32 raw)
{
	return (u32)raw - (u32)s->raw_lo > s->raw_span;
}

/**
 * v2x_scale_init() - derive the scaling of every channel
 * @desc: of the stage
 * @s: V2X_ADC_COUNT of them
 *
 * Context: process; divides.
 */
void v2x_scale_init(const struct v2x_stage_desc *desc, struct v2x_scale *s);

static __always_inline void v2x_sample_one(const struct v2x_scale *s, const s32 *raw, s32 *to,
					   enum v2x_adc ch)
{
	to[ch] = v2x_scale_apply(&s[ch], raw[ch]);
}

/**
 * v2x_sample_fast() - convert what every tick needs
 * @s: V2X_ADC_COUNT scales
 * @raw: counts
 * @m: fast members written
 *
 * Whether a channel is outside its range is not asked here: v2x_prot_suspects()
 * sees to it, its limits are within the ranges.
 */
static v2x_part void v2x_sample_fast(const struct v2x_scale *s, const s32 *raw, struct v2x_meas *m)
{
	s32 *to = (s32 *)m;	/* members are in channel order */

	BUILD_BUG_ON(offsetof(struct v2x_meas, iev_q8) != V2X_ADC_I_EV * sizeof(s32));
	v2x_sample_one(s, raw, to, V2X_ADC_V_GRID_A);
	v2x_sample_one(s, raw, to, V2X_ADC_V_GRID_B);
	v2x_sample_one(s, raw, to, V2X_ADC_V_GRID_C);
	v2x_sample_one(s, raw, to, V2X_ADC_I_A);
	v2x_sample_one(s, raw, to, V2X_ADC_I_B);
	v2x_sample_one(s, raw, to, V2X_ADC_I_C);
	v2x_sample_one(s, raw, to, V2X_ADC_V_DC_LINK);
	v2x_sample_one(s, raw, to, V2X_ADC_V_EV);
	v2x_sample_one(s, raw, to, V2X_ADC_I_EV);
}

/**
 * v2x_sample_utility() - convert the utility side of the island switch
 * @s: V2X_ADC_COUNT scales
 * @raw: counts
 * @m: v_util_q8 written
 *
 * Return: number of channels outside their range.
 */
static inline u32 v2x_sample_utility(const struct v2x_scale *s, const s32 *raw,
				     struct v2x_meas *m)
{
	s32 *to = (s32 *)m;

	BUILD_BUG_ON(offsetof(struct v2x_meas, v_util_q8) != V2X_ADC_V_UTIL_A * sizeof(s32));
	v2x_sample_one(s, raw, to, V2X_ADC_V_UTIL_A);
	v2x_sample_one(s, raw, to, V2X_ADC_V_UTIL_B);
	v2x_sample_one(s, raw, to, V2X_ADC_V_UTIL_C);
	return (u32)v2x_scale_bad(&s[V2X_ADC_V_UTIL_A], raw[V2X_ADC_V_UTIL_A]) +
	       v2x_scale_bad(&s[V2X_ADC_V_UTIL_B], raw[V2X_ADC_V_UTIL_B]) +
	       v2x_scale_bad(&s[V2X_ADC_V_UTIL_C], raw[V2X_ADC_V_UTIL_C]);
}

/**
 * v2x_sample_range() - between which values a channel is in order
 * @s: its scale
 * @lo: raised to the least of them, in the unit of struct v2x_meas
 * @hi: lowered to the greatest
 */
void v2x_sample_range(const struct v2x_scale *s, s32 *lo, s32 *hi);

/**
 * v2x_sample_bad() - which fast channels are outside their range
 * @s: V2X_ADC_COUNT scales
 * @raw: counts
 *
 * Return: bit per channel.
 */
u32 v2x_sample_bad(const struct v2x_scale *s, const s32 *raw);

/**
 * v2x_sample_slow() - convert the channels that move slowly
 * @s: V2X_ADC_COUNT scales
 * @raw: counts
 * @m: slow members written
 *
 * Return: bit per channel outside its range.
 */
u32 v2x_sample_slow(const struct v2x_scale *s, const s32 *raw, struct v2x_meas *m);

#endif /* _V2X_SAMPLE_H */
