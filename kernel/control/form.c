// SPDX-License-Identifier: GPL-2.0-only
#include <linux/math64.h>
#include "ctl_priv.h"

void v2x_form_init(struct v2x_form_k *k, const struct v2x_stage_desc *desc, s32 kp_q16)
{
	u32 fs = desc->tick_hz;
	u64 turn_q12 = div_u64((u64)desc->f_nominal_mhz << 41, fs * 125);
	u32 rated_mw = max(desc->p_import_max_mw, desc->p_export_max_mw);

	k->w_nom_q12 = (s64)turn_q12;
	k->v_nom_q8 = (long)div_u64((u64)desc->v_nominal_mv * 362039, 1000);
	k->most_q8 = (long)div_u64((u64)desc->i_rated_ma * 398243, 1000);	/* 1.1 sqrt(2) */
	/* 0.1 V/I */
	k->rv_q16 = (s32)div_u64((u64)desc->v_nominal_mv << 16, desc->i_rated_ma * 10);
	k->lp_q30 = (s32)div_u64(200ULL << 30, fs);
	k->ev_q30 = (s32)div_u64(33732601370ULL, fs);			/* 2 pi 5 */
	k->pq_q30 = (s32)div_u64(67465202740ULL * V2X_OUTER_TICKS, fs);	/* 2 pi 10 */
	k->kp_q16 = kp_q16;
	k->kp_recip_q24 = (s32)div_u64(1ULL << 40, (u32)kp_q16);
	k->mp_q20 = (s32)div_u64(div_u64(turn_q12, 100) << 20, rated_mw);
	k->nq_q20 = (s32)div_u64((u64)k->v_nom_q8 << 20, rated_mw * 20);
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
	f->on = true;
}

static void end(struct v2x_ctl *c)
{
	struct v2x_form *f = &c->form;

	f->on = false;
	c->i_ref = c->cc.idq;
	c->cc.integ = (struct v2x_vec){ 0 };
	v2x_clean_reset(&c->clean);
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

void v2x_form_droop(struct v2x_ctl *c)
{
	const struct v2x_form_k *k = &c->k.form;
	struct v2x_form *f = &c->form;
	/* uvar, peak values: 3/2 vd iq, import of lagging current positive */
	s64 q = -(s64)(c->tracker.vd_q8 >> 8) * (c->cc.idq.y >> 8) * 3 >> 1;
	long vref;

	if (f->held)
		return;
	f->p_q16 += v2x_shr((((s64)c->p_inst_mw * 65536 - f->p_q16) >> 14) * k->pq_q30, 16);
	f->q_q16 += v2x_shr(((v2x_micro_to_milli(q) * 65536 - f->q_q16) >> 14) * k->pq_q30, 16);
	f->w_q12 = k->w_nom_q12 +
		   ((((f->p_q16 - c->ref.p_q16) >> 16) * k->mp_q20) >> 20);
	vref = k->v_nom_q8 + (long)((((f->q_q16 - c->ref.q_q16) >> 16) * k->nq_q20) >> 20);
	/* 5 % of the voltage in 10 ms: a soft way from the voltage there was */
	f->vref_q8 += clamp(vref - f->vref_q8, -(k->v_nom_q8 >> 10), k->v_nom_q8 >> 10);
}

/* The current vector wanted is too long: what the voltage is then. */
static noinline struct v2x_vec limit(struct v2x_ctl *c, struct v2x_vec want, struct v2x_vec idq,
				     struct v2x_vec vdq)
{
	const struct v2x_form_k *k = &c->k.form;
	s64 x = want.x >> 4, y = want.y >> 4;
	int e;
	/* most / |want|, Q24 */
	u64 r = v2x_rsqrt((u64)(x * x + y * y), &e);
	long share = (long)(((u64)(k->most_q8 >> 4) * r) >> (6 + e));

	want.x = v2x_mul_floor(want.x, share, 24);
	want.y = v2x_mul_floor(want.y, share, 24);
	return (struct v2x_vec){
		.x = vdq.x - v2x_mul_floor(want.x - idq.x, k->kp_q16, 16),
		.y = vdq.y - v2x_mul_floor(want.y - idq.y, k->kp_q16, 16),
	};
}

struct v2x_vec v2x_form_step(struct v2x_ctl *c, struct v2x_vec v)
{
	const struct v2x_form_k *k = &c->k.form;
	struct v2x_form *f = &c->form;
	struct v2x_rot rot = v2x_sincos((u32)(f->theta_q12 >> 12));
	struct v2x_vec idq = v2x_turn(c->iab, v2x_reverse(rot));
	struct v2x_vec vdq = v2x_turn(v, v2x_reverse(rot));
	struct v2x_vec cmd, want, made;

	f->theta_q12 += (u64)f->w_q12;
	/* the amount alone: the terminals' angle is the load's or the grid's */
	f->e.x += v2x_mul(f->vref_q8 - c->tracker.vd_q8, k->ev_q30, 30);
	f->i_lp.x += v2x_mul(idq.x - f->i_lp.x, k->lp_q30, 30);
	f->i_lp.y += v2x_mul(idq.y - f->i_lp.y, k->lp_q30, 30);
	cmd.x = f->e.x + v2x_mul_floor(idq.x - f->i_lp.x, k->rv_q16, 16);
	cmd.y = f->e.y + v2x_mul_floor(idq.y - f->i_lp.y, k->rv_q16, 16);
	want.x = idq.x + v2x_mul_floor(vdq.x - cmd.x, k->kp_recip_q24, 24);
	want.y = idq.y + v2x_mul_floor(vdq.y - cmd.y, k->kp_recip_q24, 24);
	f->held = (s64)want.x * want.x + (s64)want.y * want.y > (s64)k->most_q8 * k->most_q8;
	if (unlikely(f->held)) {
		made = limit(c, want, idq, vdq);
		f->e.x += (made.x - cmd.x) >> 4;
		f->e.y += (made.y - cmd.y) >> 4;
		cmd = made;
	}
	return v2x_turn(v2x_turn(cmd, rot), c->tracker.lead);
}
