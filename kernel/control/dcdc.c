// SPDX-License-Identifier: GPL-2.0-only
#include <linux/math64.h>
#include "dcdc.h"

void v2x_dcdc_init(struct v2x_dcdc_k *k, const struct v2x_stage_desc *desc)
{
	s64 rated_q10 = (s64)max(desc->p_import_max_mw, desc->p_export_max_mw) << 10;

	k->lag_q30 = (s32)(2147483648LL / 23);
	k->trim_q30 = (s32)div_u64(33732601370ULL, desc->tick_hz);	/* 2 pi 5 * 2^30 */
	k->trim_lo_q10 = -div_s64(rated_q10 * 8, 100);
	k->trim_hi_q10 = div_s64(rated_q10, 100);
}

void v2x_dcdc_step(const struct v2x_dcdc_k *k, struct v2x_dcdc *d,
		   const struct v2x_ctl_set *set, s32 p_ref_mw, s32 p_mw, s32 vev_mv)
{
	s32 p = p_ref_mw + (s32)(d->trim_q10 >> 10);
	s32 most;

	if (p_ref_mw > 0) {
		most = v2x_sat32(v2x_micro_to_milli((s64)vev_mv * set->i_ev_charge_max_ma));
		p = clamp(p, 0, max(most, 0));
	} else if (p_ref_mw < 0) {
		most = v2x_sat32(v2x_micro_to_milli((s64)vev_mv * set->i_ev_discharge_max_ma));
		p = clamp(p, -max(most, 0), 0);
	} else {
		p = 0;
	}
	d->ref_mw += v2x_mul(p_ref_mw - d->ref_mw, k->lag_q30, 30);
	if (p_ref_mw)
		d->trim_q10 = clamp(d->trim_q10 +
				    v2x_shr((s64)(d->ref_mw - p_mw) * k->trim_q30, 20),
				    k->trim_lo_q10, k->trim_hi_q10);
	d->feed_mw = p;
	d->p_mw += v2x_mul(p - d->p_mw, k->lag_q30, 30);
	/* the lag must not leave a rest behind, nor one of the wrong sign */
	if (p == 0 && d->p_mw < 16 && d->p_mw > -16)
		d->p_mw = 0;
}
