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
	k->ki_q40 = (s32)(div_u64(div_u64(div_u64(c_nf * KI_HZ2, 1000) << 30, 2000000) << 10,
				 desc->tick_hz) * V2X_OUTER_TICKS / 1000);
	k->integ_max_q10 = (s64)(rated_mw << 10 >> 2);
	k->vref_q8 = (s32)(desc->v_dc_link_nominal_mv << 8);
	k->slew_q8 = (s32)div_u64((1000000ULL << 8) * V2X_OUTER_TICKS, desc->tick_hz);
	k->floor_q8 = k->vref_q8 / 4;

	*l = (struct v2x_link){
		.recip = (long)div_u64(1ULL << 52, (u32)k->floor_q8),
	};
}
