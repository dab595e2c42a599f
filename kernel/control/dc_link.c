// SPDX-License-Identifier: GPL-2.0-only
#include <linux/math64.h>
#include "dc_link.h"

#define KP_HZ	302	/* 2 zeta wn */
#define KI_HZ2	35530	/* wn^2 */

void v2x_link_init(struct v2x_link_k *k, struct v2x_link *l,
		   const struct v2x_stage_desc *desc)
{
	u64 c_nf = desc->plant.c_dc_nf;
	u64 rated_mw = max(desc->p_import_max_mw, desc->p_export_max_mw);

	/* C/2 * Kp in mW per mV^2: nF * 1e-9 / 2 * Kp * 1e-6 * 1e3 = nF * Kp / 2e12 */
	k->kp_q30 = (s32)div_u64(div_u64((c_nf * KP_HZ) << 30, 1000000), 2000000);
	/* likewise with Ki T, ten bits more */
	k->ki_q40 = (s32)div_u64(div_u64(div_u64(c_nf * KI_HZ2, 1000) << 30, 2000000) << 10,
				 desc->tick_hz) / 1000;
	k->integ_max_q10 = (s64)(rated_mw << 10 >> 2);
	k->vref_q8 = (s32)(desc->v_dc_link_nominal_mv << 8);
	k->slew_q8 = (s32)div_u64(1000000ULL << 8, desc->tick_hz);
	k->floor_q8 = k->vref_q8 / 4;

	*l = (struct v2x_link){
		.recip = (s32)div_u64(1ULL << 52, (u32)k->floor_q8),
	};
}

s32 v2x_link_step(const struct v2x_link_k *k, struct v2x_link *l, bool held)
{
	s32 way = k->vref_q8 - l->ref_q8;
	s64 ref, v, dv2;

	l->ref_q8 += clamp(way, -k->slew_q8, k->slew_q8);
	ref = l->ref_q8 >> 8;
	v = l->v_q8 >> 8;
	dv2 = (ref * ref - v * v) >> 10;	/* 2^10 mV^2: 1 uV of 800 V is far below */
	if (!held)
		l->integ_q10 = clamp(l->integ_q10 + v2x_shr(dv2 * k->ki_q40, 20),
				     -k->integ_max_q10, k->integ_max_q10);
	return v2x_sat32(v2x_shr(dv2 * k->kp_q30, 20) + (l->integ_q10 >> 10));
}
