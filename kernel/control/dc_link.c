// SPDX-License-Identifier: GPL-2.0-only
#include <linux/math64.h>
#include "dc_link.h"

#define TWO_PI_U	6283185		/* 2 pi in millionths */

u32 v2x_link_boost_ms(const struct v2x_stage_desc *desc)
{
	u32 boost_mw = max(desc->p_import_max_mw, desc->p_export_max_mw) / 50;
	u64 v2 = div_u64((u64)desc->v_dc_link_nominal_mv * desc->v_dc_link_nominal_mv, 1000000);

	/* V^2 nF / 2 is nJ; uJ / mW is ms */
	return (u32)div_u64(div_u64(v2 * desc->plant.c_dc_nf, 2000), boost_mw);
}

void v2x_link_gains(struct v2x_link_k *k, const struct v2x_stage_desc *desc, u32 wn_mhz,
		    u32 zeta_permille)
{
	u32 c_nf = desc->plant.c_dc_nf;
	u64 wn_mrad = div_u64((u64)wn_mhz * TWO_PI_U + 500000, 1000000);
	u32 kp_hz = (u32)div_u64(2 * wn_mrad * zeta_permille + 500000, 1000000);
	u32 ki_hz2 = (u32)div_u64(wn_mrad * wn_mrad + 500000, 1000000);
	u32 rated_mw = max(desc->p_import_max_mw, desc->p_export_max_mw);

	/* C/2 * Kp in mW per mV^2: nF * 1e-9 / 2 * Kp * 1e-6 * 1e3 = nF * Kp / 2e12 */
	k->kp_q30 = (s32)div_u64(div_u64(((u64)c_nf * kp_hz) << 30, 1000000), 2000000);
	/* likewise with Ki T, ten bits more */
	k->ki_q40 = (s32)div_u64(div_u64(div_u64(div_u64((u64)c_nf * ki_hz2, 1000) << 30,
						 2000000) << 10,
					 desc->tick_hz) * V2X_OUTER_TICKS, 1000);
	k->integ_max_q10 = ((s64)rated_mw << 10) >> 2;
	k->vref_q8 = (s32)(desc->v_dc_link_nominal_mv << 8);
	k->eref = ((s64)desc->v_dc_link_nominal_mv * desc->v_dc_link_nominal_mv) >> 10;
	/*
	 * 2 P T / C in 2^10 mV^2, P = 2 % of the rating: mW * 2e-3 * 1e6 /
	 * (nF * 1e-9) / 2^10
	 */
	k->slew = (s32)div_u64(div_u64((rated_mw / 50) * (2000000000000ULL >> 10) *
				       V2X_OUTER_TICKS, desc->tick_hz), c_nf);
	k->boost_mw = (s32)(rated_mw / 50);
	k->floor_q8 = k->vref_q8 / 4;
}

void v2x_link_init(struct v2x_link_k *k, struct v2x_link *l,
		   const struct v2x_stage_desc *desc)
{
	if (desc->phases == 3)
		v2x_link_gains(k, desc, V2X_LINK_WN_MHZ, V2X_LINK_ZETA);
	else
		v2x_link_gains(k, desc, V2X_LINK_SWING_WN_MHZ, V2X_LINK_SWING_ZETA);
	*l = (struct v2x_link){
		.recip = (long)div_u64(1ULL << 52, (u32)k->floor_q8),
	};
}
