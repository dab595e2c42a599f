// SPDX-License-Identifier: GPL-2.0-only
#include <linux/math64.h>
#include "current_control.h"

#define FAST_HZ		16000	/* from here on the resonance is in reach */

void v2x_current_gains(struct v2x_current_k *k, const struct v2x_stage_desc *desc, u32 wct_permille)
{
	u64 l_nh = (u64)desc->plant.l1_nh + desc->plant.l2_nh;
	/* Kp = wc L = (wc T) L fs; ohm Q16 from nH * Hz */
	u64 kp_q16 = div_u64(div_u64((l_nh * desc->tick_hz) << 16, 1000000) * wct_permille,
			     1000000);
	u64 w0_urad = div_u64((u64)desc->f_nominal_mhz * 6283185, 1000);	/* a second */

	k->slow = desc->tick_hz < FAST_HZ;
	k->kp_q16 = (s32)kp_q16;
	k->kd_q16 = k->slow ? 0 : (s32)kp_q16;
	/* Ki T = Kp wc T / 4 */
	k->kit_q16 = (s32)div_u64(kp_q16 * wct_permille, 4000);
	k->wl_q16 = (s32)div_u64(div_u64(l_nh * w0_urad, 1000000) << 16, 1000000000);
}

void v2x_current_init(struct v2x_current_k *k, const struct v2x_stage_desc *desc)
{
	v2x_current_gains(k, desc, V2X_CURRENT_WCT);
}
