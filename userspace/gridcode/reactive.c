// SPDX-License-Identifier: Apache-2.0
/*
 * Reactive power: one mode at a time, the first enabled of constant power
 * factor, volt-var, watt-var, cos phi (P), constant Q; else an operator's or
 * the caller's wish. IEEE 1547-2018 clause 5.3, reference model step 11.
 */
#include "gridcode.h"

double gc_curve(const double *x, const double *y, unsigned int points, double at)
{
	if (at <= x[0])
		return y[0];
	for (unsigned int i = 1; i < points; i++)
		if (at < x[i])
			return y[i - 1] +
			       (y[i] - y[i - 1]) * (at - x[i - 1]) / (x[i] - x[i - 1]);
	return y[points - 1];
}

double gc_q_path_step(struct gc_q_path *path, const struct gc_settings *settings, double q,
		      enum gc_response response, double response_s, bool off, double dt_s)
{
	const double reaction_s = settings->capability.reaction_s;
	double now;

	if (off) {
		gc_lag_force(&path->lag, 0);
		path->delay.set = false;
		return 0;
	}
	now = gc_lag_step(&path->lag, q, gc_lag_span(response, response_s - reaction_s), dt_s);
	if (reaction_s > 0)
		now = gc_delay_step(&path->delay, now, gc_delay_count(reaction_s, dt_s));
	return now;
}

static double wish(const struct gc_order *order, const struct gc_settings *s,
		   const struct gc_input *in, enum gc_reason *by)
{
	if (s->order.enable && isfinite(order->q)) {
		*by = GC_BY_ORDER;
		return order->q;
	}
	*by = GC_BY_NOTHING;
	return isfinite(in->q_want_pu) ? -in->q_want_pu : 0;
}

/*
 * From one mode to another on a ramp: IEEE 1547-2018 clause 4.6.3. The new
 * mode's own response goes on below it.
 */
static void change_mode(struct gc_reactive *r, const struct gc_settings *s, enum gc_reason before,
			bool off, double dt_s)
{
	const double ramp_s = s->capability.mode_ramp_s;

	if (before != r->mode && !off) {
		r->from = r->shown;
		r->ramp_s = 0;
	}
	if (off)
		r->ramp_s = ramp_s;
	if (r->ramp_s < ramp_s) {
		r->ramp_s = gc_min(r->ramp_s + dt_s, ramp_s);
		r->q = r->from + (r->q - r->from) * (r->ramp_s / ramp_s);
	}
	r->shown = r->q;
}

void gc_reactive_step(struct gridcode *engine, const struct gc_input *in,
		      const struct gc_grid *grid, double p)
{
	const struct gc_settings *s = &engine->settings;
	struct gc_reactive *r = &engine->reactive;
	const bool off = engine->state == GC_TRIP;
	const enum gc_reason before = r->mode;
	double q;

	if (s->const_pf.enable) {
		r->q = gc_const_pf_step(&r->const_pf, s, p, off, in->dt_s);
		r->mode = GC_BY_CONST_PF;
	} else if (s->volt_var.enable) {
		r->q = gc_volt_var_step(&r->volt_var, s, grid, p, off, in->dt_s);
		r->mode = GC_BY_VOLT_VAR;
	} else if (s->watt_var.enable) {
		r->q = gc_watt_var_step(&r->watt_var, s, p, off, in->dt_s);
		r->mode = GC_BY_WATT_VAR;
	} else if (s->cos_phi.enable) {
		r->q = gc_cos_phi_step(&r->cos_phi, s, p, off, in->dt_s);
		r->mode = GC_BY_COS_PHI;
	} else if (s->const_q.enable) {
		r->q = gc_const_q_step(&r->const_q, s, s->const_q.q, s->const_q.response_s, off,
				       in->dt_s);
		r->mode = GC_BY_CONST_Q;
	} else {
		q = wish(&engine->power.order, s, in, &r->mode);
		r->q = gc_const_q_step(&r->const_q, s, q, 0, off, in->dt_s);
	}
	change_mode(r, s, before, off, in->dt_s);
	r->by = r->mode;
	if (off)
		return;
	q = gc_drm_reactive_step(&engine->power.drm, s, in->drm, p, r->q, in->dt_s);
	if (q != r->q)
		r->by = GC_BY_DRM;
	r->q = q;
}
