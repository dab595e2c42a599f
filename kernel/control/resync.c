// SPDX-License-Identifier: GPL-2.0-only
#include "ctl_priv.h"
#include "resync.h"

void v2x_resync_sample(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	struct v2x_island_state *s = &c->island;

	s->util_bad = v2x_sample_utility(c->scale, r->in->samples.raw, &c->m);
	if (c->k.phases == 3)
		v2x_tracker_step(&c->k.tracker, &s->util, v2x_clarke(c->m.v_util_q8));
	else
		v2x_tracker_step_single(&c->k.tracker, &s->util,
					v2x_single_voltage(c->k.phases, c->m.v_util_q8));
	/* two samples after the other tracker's pieces */
	v2x_tracker_slow(&c->k.tracker, &s->util, (u32)(r->in->tick - 2) % V2X_ROUND_TICKS);
}

static bool in_order(const struct v2x_run *r)
{
	const struct v2x_form_set *set = &r->set->forming;
	const struct v2x_island_state *s = &r->c->island;
	const struct v2x_tracker *u = &s->util;

	return u->live && u->good && !s->util_bad &&
	       u->vd_q8 >= set->join_lo_q8 && u->vd_q8 <= set->join_hi_q8 &&
	       u->w_q12 >= set->join_w_lo_q12 && u->w_q12 <= set->join_w_hi_q12;
}

bool v2x_resync_ready(const struct v2x_run *r)
{
	struct v2x_island_state *s = &r->c->island;

	if (!in_order(r) || r->set->form)	/* an island that is wanted */
		s->bad_tick = r->in->tick;
	return r->in->tick - s->bad_tick >= r->set->forming.join_ticks;
}

bool v2x_resync_step(const struct v2x_run *r)
{
	const struct v2x_form_set *set = &r->set->forming;
	struct v2x_ctl *c = r->c;
	const struct v2x_island_k *k = &c->k.island;
	struct v2x_island_state *s = &c->island;
	const struct v2x_tracker *u = &s->util;
	struct v2x_form *f = &c->form;
	long turn = (s32)(u->theta - c->tracker.theta);
	s64 pull = clamp_t(s64, v2x_shr((s64)turn * k->pull_q26, 26),
			   -k->pull_max_q12, k->pull_max_q12);

	f->steered = true;
	f->steer_q8 = u->vd_q8;
	f->w_q12 += clamp(u->w_q12 + pull - f->w_q12, -k->slew_q12, k->slew_q12);
	if (v2x_abs(turn) < set->join_theta && !f->held &&
	    v2x_abs(u->vd_q8 - c->tracker.vd_q8) < set->join_v_q8 &&
	    f->w_q12 - u->w_q12 < set->join_w_q12 && u->w_q12 - f->w_q12 < set->join_w_q12)
		s->aligned++;
	else
		s->aligned = 0;
	return s->aligned >= k->aligned_steps;
}
