/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Power of the DC/DC stage, so that the power at the grid terminals is the
 * reference: it is told the reference plus a trim that integrates the error
 * (losses of the stage, 5 Hz). The trim may change the amount, never the
 * direction: with a reference of zero the DC/DC power is zero and the losses
 * come from the grid.
 */
#ifndef _V2X_DCDC_H
#define _V2X_DCDC_H

#include <v2x/stage_desc.h>
#include "ctl_set.h"
#include "fixed.h"

/**
 * struct v2x_dcdc_k - constants
 * @lag_q30: T / 11.5 T, the lag of the current loop (see dc_link.h)
 * @trim_q30: gain of the trim a sample, 2 pi 5 Hz * T
 * @trim_lo_q10: losses of 8 % of the rating, mW Q10
 * @trim_hi_q10: sensor errors of 1 %
 */
struct v2x_dcdc_k {
	s32 lag_q30;
	s32 trim_q30;
	s64 trim_lo_q10;
	s64 trim_hi_q10;
};

/**
 * struct v2x_dcdc - state
 * @trim_q10: mW Q10
 * @feed_mw: power fed forward to the AC side now
 * @p_mw: power asked of the stage, follows @feed_mw
 * @ref_mw: the reference as the grid side can have followed it
 */
struct v2x_dcdc {
	s64 trim_q10;
	s32 feed_mw;
	s32 p_mw;
	s32 ref_mw;
};

void v2x_dcdc_init(struct v2x_dcdc_k *k, const struct v2x_stage_desc *desc);

/**
 * v2x_dcdc_step() - one period
 * @k: constants
 * @d: state
 * @set: current limits of the vehicle
 * @p_ref_mw: reference at the grid terminals
 * @p_mw: power measured there
 * @vev_mv: output voltage
 */
void v2x_dcdc_step(const struct v2x_dcdc_k *k, struct v2x_dcdc *d,
		   const struct v2x_ctl_set *set, s32 p_ref_mw, s32 p_mw, s32 vev_mv);

#endif /* _V2X_DCDC_H */
