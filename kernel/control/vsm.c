// SPDX-License-Identifier: GPL-2.0-only
#include <linux/math64.h>
#include "ctl_priv.h"
#include "vsm.h"

void v2x_vsm_prepare(const struct v2x_stage_desc *desc, const struct v2x_forming *f,
		     struct v2x_form_set *set)
{
	u32 fs = desc->tick_hz, rated_mw = max(desc->p_import_max_mw, desc->p_export_max_mw);
	/* T / 2H, Q40, T of a step */
	u64 t_2h_q40 = div_u64((1000ULL * V2X_OUTER_TICKS) << 39, fs * f->inertia_ms);
	/* a droop of less than 0.1 % would take all of the deviation in one step */
	u32 droop = max(f->p_droop_permille, 1U);

	set->swing_q20 = (s32)div_u64((u64)(set->w0_q12 >> 20) * t_2h_q40, rated_mw);
	set->brake_q30 = (s32)min_t(u64, div_u64((t_2h_q40 >> 10) * 1000, droop),
				    V2X_Q30_ONE / 4);
	set->damp_q30 = (s32)min_t(u64, (t_2h_q40 >> 10) * f->damping, V2X_Q30_ONE / 4);
}

void v2x_vsm_step(struct v2x_ctl *c, const struct v2x_form_set *set)
{
	struct v2x_form *f = &c->form;
	s64 p_mw = c->k.phases == 3 ? c->p_inst_mw : c->single.power.mean;
	s64 own = f->dw_q32 >> 20, seen = c->tracker.live ? c->tracker.w_q12 - set->w0_q12 : own;

	f->dw_q32 += (p_mw - (c->ref.p_q16 >> 16)) * set->swing_q20 -
		     (((f->dw_q32 >> 16) * set->brake_q30) >> 14) +
		     (((seen - own) * set->damp_q30) >> 10);
	f->w_q12 = set->w0_q12 + (f->dw_q32 >> 20);
}
