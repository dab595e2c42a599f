// SPDX-License-Identifier: Apache-2.0
/*
 * Volt-var, Q(U): IEEE 1547-2018 clause 5.3.3, EN 50549-1 clause 4.7.2.3.3
 * (with lock-in and lock-out power), AS/NZS 4777.2 clause 3.3.2.3.
 */
#include "gridcode.h"

/* EN 50549-1: begins above the lock-in power, ends below the lock-out power. */
static bool locked_in(struct gc_volt_var *vv, const struct gc_volt_var_settings *s, double p)
{
	if (fabs(p) >= s->lock_in)
		vv->locked_in = true;
	else if (fabs(p) < s->lock_out)
		vv->locked_in = false;
	return vv->locked_in;
}

/* The curve moves with the reference voltage. */
static double reference(struct gc_volt_var *vv, const struct gc_volt_var_settings *s, double v_mean,
			double dt_s)
{
	double v_ref = s->v_ref;

	/* The time constant of the autonomous reference is one, not a 90 % time. */
	if (s->autonomous)
		v_ref = gc_lag_step(&vv->v_ref, v_mean, gc_lag_span(GC_RESPONSE_TAU, s->v_ref_s),
				    dt_s);
	return s->autonomous ? gc_clamp(v_ref, s->v_ref_low, s->v_ref_high) : v_ref;
}

double gc_volt_var_step(struct gc_volt_var *vv, const struct gc_settings *settings,
			const struct gc_grid *grid, double p, bool off, double dt_s)
{
	const struct gc_volt_var_settings *s = &settings->volt_var;
	const double wait_s = settings->capability.reaction_s + s->delay_s;
	const double v = grid->v_mean - (reference(vv, s, grid->v_mean, dt_s) - 1);
	double q = gc_curve(s->v, s->q, GC_CURVE_POINTS, v);

	if (!locked_in(vv, s, p))
		q = 0;
	if (off) {
		gc_lag_force(&vv->lag, 0);
		vv->delay.set = false;
		return 0;
	}
	q = gc_lag_step(&vv->lag, q, settings->derived.volt_var_s, dt_s);
	if (wait_s > 0)
		q = gc_delay_step(&vv->delay, q, gc_delay_count(wait_s, dt_s));
	return q;
}
