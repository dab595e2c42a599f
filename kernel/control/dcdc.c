// SPDX-License-Identifier: GPL-2.0-only
#include <linux/math64.h>
#include "dcdc.h"

void v2x_dcdc_init(struct v2x_dcdc_k *k, const struct v2x_stage_desc *desc)
{
	s64 rated_q10 = (s64)max(desc->p_import_max_mw, desc->p_export_max_mw) << 10;

	/* 1/14 and 1 - (1 - 1/14)^4 */
	k->lag_q30 = 76695845;
	k->lag_told_q30 = 275451002;
	k->lag_step_q30 = k->lag_told_q30;
	/* 2 pi 5 * 2^30 */
	k->trim_q30 = (s32)div_u64(33732601370ULL * V2X_OUTER_TICKS, desc->tick_hz);
	k->mean_q30 = (s32)div_u64(100ULL * V2X_SLOW_TICKS << 30, desc->tick_hz);
	/* a mean without its swing comes 5 ms late: hold it to a reference as late */
	if (desc->phases != 3)
		k->lag_step_q30 = (s32)div_u64((u64)V2X_OUTER_TICKS * 200 << 30, desc->tick_hz);
	k->dump_mw = (s32)div_s64(rated_q10 >> 10, 20);
	/* i_ev_max * 0.3 ohm + 2 % of v_ev_max */
	k->dump_q8 = (s32)((desc->i_ev_max_ma * 3 / 10 + desc->v_ev_max_mv / 50) << 8);
	k->trim_lo_q10 = -div_s64(rated_q10 * 8, 100);
	k->trim_hi_q10 = div_s64(rated_q10, 100);
}

bool v2x_dcdc_dumped(const struct v2x_dcdc_k *k, struct v2x_dcdc *d, s32 vev_q8, s32 iev_q8)
{
	long off = vev_q8 - (long)(d->good_q24 >> 16);

	if (off <= k->dump_q8 && !v2x_dcdc_missing(k, d, vev_q8, iev_q8)) {
		d->gone = 0;
		return false;
	}
	d->gone++;
	return d->gone > 1 || off > k->dump_q8 ||
	       (d->told_mw[1] > 0 ? off : -off) > k->dump_q8 >> 2;
}
