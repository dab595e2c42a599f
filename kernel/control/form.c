// SPDX-License-Identifier: GPL-2.0-only
#include <linux/math64.h>
#include "ctl_priv.h"
#include "vsm.h"

void v2x_form_init(struct v2x_form_k *k, const struct v2x_stage_desc *desc, s32 kp_q16)
{
	u32 fs = desc->tick_hz;

	k->v_nom_q8 = (long)div_u64((u64)desc->v_nominal_mv * 362039, 1000);
	k->most_q8 = (long)div_u64((u64)desc->i_rated_ma * 398243, 1000);	/* 1.1 sqrt(2) */
	/* 0.1 V/I */
	k->rv_q16 = (s32)div_u64((u64)desc->v_nominal_mv << 16, desc->i_rated_ma * 10);
	k->lp_q30 = (s32)div_u64(200ULL << 30, fs);
	k->ev_q30 = (s32)div_u64(33732601370ULL, fs);			/* 2 pi 5 */
	k->pq_q30 = (s32)div_u64(67465202740ULL * V2X_OUTER_TICKS, fs);	/* 2 pi 10 */
	k->kp_q16 = kp_q16;
	k->kp_recip_q24 = (s32)div_u64(1ULL << 40, (u32)kp_q16);
	v2x_form_single_init(&k->single, desc);
	k->link_lo_q8 = (s32)div_u64((u64)desc->v_dc_link_nominal_mv << 8, 4) * 3;
	k->link_q30 = (s32)div_u64(20ULL << 30, desc->v_dc_link_nominal_mv * 3U << 8);
}

/* 2^44ths of a turn a sample */
static s64 turns_q12(s64 mhz, u32 tick_hz)
{
	return div_s64(mhz * (1LL << 41), (s32)(tick_hz * 125));
}

/* permille of the nominal peak voltage, mV */
static s64 peak_mv(const struct v2x_stage_desc *desc, u32 permille)
{
	return (s64)div_u64((u64)desc->v_nominal_mv * permille * 1414214, 1000000000);
}

/* permille of the rated impedance V/I, ohm */
static s32 rated_q16(const struct v2x_stage_desc *desc, u32 permille)
{
	return (s32)div_u64(((u64)desc->v_nominal_mv << 16) * permille, desc->i_rated_ma * 1000);
}

void v2x_form_prepare(const struct v2x_stage_desc *desc, const struct v2x_forming *f,
		      struct v2x_form_set *set)
{
	u32 fs = desc->tick_hz, rated_mw = max(desc->p_import_max_mw, desc->p_export_max_mw);
	u64 turn = (u64)turns_q12(desc->f_nominal_mhz, fs);
	s64 lo = peak_mv(desc, f->leave_low_permille), hi = peak_mv(desc, f->leave_high_permille);

	*set = (struct v2x_form_set){
		.w0_q12 = turns_q12(f->f_mhz, fs),
		.v0_q8 = (long)div_u64((u64)f->v_mv * 362039, 1000),
		.leave_lo2 = lo * lo,
		.leave_hi2 = hi * hi,
		.leave_ticks = f->leave_ms * fs / 1000,
		.join_ticks = (u32)div_u64((u64)f->join_wait_ms * fs, 1000),
		.join_lo_q8 = (s32)(peak_mv(desc, f->join_low_permille) << 8),
		.join_hi_q8 = (s32)(peak_mv(desc, f->join_high_permille) << 8),
		.join_w_lo_q12 = turns_q12(f->join_f_low_mhz, fs),
		.join_w_hi_q12 = turns_q12(f->join_f_high_mhz, fs),
		.join_v_q8 = (s32)(peak_mv(desc, f->join_v_permille) << 8),
		.join_w_q12 = turns_q12(f->join_df_mhz, fs),
		.join_theta = (s32)div_u64((u64)f->join_angle_mdeg << 32, 360000),
	};
	set->ramp_q8 = (s32)div_u64((u64)set->v0_q8 * V2X_OUTER_TICKS * 1000,
				    f->ramp_ms * fs) + 1;
	set->zv_q16.x = rated_q16(desc, f->r_virtual_permille);
	set->zv_q16.y = rated_q16(desc, f->x_virtual_permille);
	v2x_vsm_prepare(desc, f, set);
	set->mp_q20 = (s32)div_u64(div_u64(turn * f->p_droop_permille, 1000) << 20, rated_mw);
	set->nq_q20 = (s32)div_u64(div_u64((u64)desc->v_nominal_mv * 362039 *
					   f->q_droop_permille, 1000000) << 20, rated_mw);
}

/* The current, the voltage it needs and the power it carries stay as they are. */
static void begin(struct v2x_ctl *c)
{
	const struct v2x_tracker *t = &c->tracker;
	struct v2x_form *f = &c->form;
	struct v2x_vec i = c->cc.idq;
	long wl = c->k.cc.wl_q16;

	f->theta_q12 = (u64)t->theta << 12;	/* of the sample that is worked on */
	f->w_q12 = t->w_q12;
	f->e.x = t->vd_q8 - c->cc.integ.x + v2x_mul_floor(i.y, wl, 16);
	f->e.y = -c->cc.integ.y - v2x_mul_floor(i.x, wl, 16);
	f->i_lp = i;
	f->vref_q8 = t->vd_q8;
	f->p_q16 = c->ref.p_q16;
	f->q_q16 = c->ref.q_q16;
	f->held = false;
	f->alone = false;
	f->steered = false;
	f->slope_q8 = c->k.form.v_nom_q8 >> 10;
	f->most_q8 = c->k.form.most_q8;
	f->dw_q32 = 0;
	f->on = true;
	if (c->k.phases != 3) {
		f->e = v2x_form_single_inner(c);
		v2x_form_single_begin(c);
	}
}

void v2x_form_alone(struct v2x_ctl *c, u64 theta_q12, s64 w_q12)
{
	struct v2x_form *f = &c->form;

	f->w_q12 = w_q12;
	f->theta_q12 = theta_q12;
	f->i_lp = v2x_turn_back(c->iab, v2x_sincos((u32)(theta_q12 >> 12)));
	if (!f->on) {
		f->vref_q8 = c->k.form.v_nom_q8;
		f->p_q16 = c->ref.p_q16;
		f->q_q16 = c->ref.q_q16;
	}
	f->slope_q8 = c->k.form.v_nom_q8 >> 10;
	f->most_q8 = c->k.form.most_q8;
	f->dw_q32 = 0;
	f->e = (struct v2x_vec){ .x = f->vref_q8 };
	f->held = false;
	f->alone = true;
	f->steered = false;
	f->on = true;
	if (c->k.phases != 3)
		v2x_form_single_begin(c);
}

static void end(struct v2x_ctl *c)
{
	struct v2x_form *f = &c->form;

	f->on = false;
	c->i_ref = c->cc.idq;
	c->cc.integ = (struct v2x_vec){ 0 };
	v2x_clean_reset(&c->clean);
	if (c->k.phases != 3)
		v2x_form_single_end(c);
	/* from the power there is the reference goes its way */
	c->ref.p_q16 = f->p_q16;
	c->ref.q_q16 = f->q_q16;
	c->dcdc.feed_mw = c->dcdc.p_mw;
	c->dcdc.ref_mw = (long)(f->p_q16 >> 16);
	c->dcdc.trim_q10 = 0;
}

void v2x_form_mode(struct v2x_ctl *c, bool form)
{
	if (form == c->form.on)
		return;
	if (form)
		begin(c);
	else
		end(c);
}

u32 v2x_form_mode_now(const struct v2x_ctl *c)
{
	bool island = c->island.phase;

	if (!c->seq.gates)
		return v2x_bus_mode(c);
	if (!c->form.on)
		return V2X_MODE_FOLLOW;
	if (c->form.machine)
		return island ? V2X_MODE_VSM_ISLAND : V2X_MODE_VSM;
	return island ? V2X_MODE_FORM_ISLAND : V2X_MODE_FORM;
}

/* What is left of the current limit with the link as it is. */
static long bearable(const struct v2x_form_k *k, long most_q8, long vdc_q8)
{
	s64 share = clamp_t(s64, (s64)(vdc_q8 - k->link_lo_q8) * k->link_q30, 0, V2X_Q30_ONE);

	return v2x_mul_floor(most_q8, (long)share, 30);
}

void v2x_form_droop(struct v2x_ctl *c, const struct v2x_ctl_set *in_force)
{
	const struct v2x_form_set *set = &in_force->forming;
	const struct v2x_form_k *k = &c->k.form;
	struct v2x_form *f = &c->form;
	/* uvar, peak values: 3/2 vd iq, import of lagging current positive */
	s64 q = -(s64)(c->tracker.vd_q8 >> 8) * (c->cc.idq.y >> 8) * 3 >> 1;
	long vref, p_mw = c->p_inst_mw, most = k->most_q8;

	f->machine = in_force->vsm;
	if (c->k.phases != 3) {
		most = v2x_form_single_most(c, most);
		q = v2x_form_single_q(c);
		p_mw = c->single.power.mean;
	}
	f->most_q8 = bearable(k, most, c->link.v_q8);
	if (f->held)
		return;
	f->p_q16 += v2x_shr((((s64)p_mw * 65536 - f->p_q16) >> 14) * k->pq_q30, 16);
	f->q_q16 += v2x_shr(((v2x_micro_to_milli(q) * 65536 - f->q_q16) >> 14) * k->pq_q30, 16);
	if (unlikely(f->steered)) {
		vref = f->steer_q8;
	} else {
		if (in_force->vsm)
			v2x_vsm_step(c, set);
		else
			f->w_q12 = set->w0_q12 +
				   ((((f->p_q16 - c->ref.p_q16) >> 16) * set->mp_q20) >> 20);
		vref = set->v0_q8 +
		       (long)((((f->q_q16 - c->ref.q_q16) >> 16) * set->nq_q20) >> 20);
	}
	/* 5 % of the voltage in 10 ms: a soft way from the voltage there was */
	vref = clamp(vref - f->vref_q8, -f->slope_q8, f->slope_q8);
	f->vref_q8 += vref;
	if (f->alone)
		f->e.x += vref;
	f->zv_q16 = set->zv_q16;
}

struct v2x_vec v2x_form_limit(const struct v2x_ctl *c, struct v2x_vec want, struct v2x_vec idq,
			      struct v2x_vec vdq)
{
	const struct v2x_form_k *k = &c->k.form;
	s64 x = want.x >> 4, y = want.y >> 4;
	int e;
	/* most / |want|, Q24 */
	u64 r = v2x_rsqrt((u64)(x * x + y * y), &e);
	long share = (long)(((u64)(c->form.most_q8 >> 4) * r) >> (6 + e));

	want.x = v2x_mul_floor(want.x, share, 24);
	want.y = v2x_mul_floor(want.y, share, 24);
	return (struct v2x_vec){
		.x = vdq.x - v2x_mul_floor(want.x - idq.x, k->kp_q16, 16),
		.y = vdq.y - v2x_mul_floor(want.y - idq.y, k->kp_q16, 16),
	};
}
