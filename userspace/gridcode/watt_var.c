// SPDX-License-Identifier: Apache-2.0
/* Watt-var: IEEE 1547-2018 clause 5.3.4, a curve for either direction of power. */
#include "gridcode.h"

double gc_watt_var_curve(const struct gc_settings *settings, double p)
{
	const struct gc_watt_var_settings *s = &settings->watt_var;
	/* The charging side counts in pu of the charging rating. */
	const double x = p >= 0 ? p : p * settings->rating.p_pu / settings->rating.charge_pu;

	if (x >= s->p_gen[0])
		return gc_curve(s->p_gen, s->q_gen, 3, x);
	if (x <= -s->p_load[0])
		return gc_curve(s->p_load, s->q_load, 3, -x);
	return s->q_load[0] + (s->q_gen[0] - s->q_load[0]) * (x + s->p_load[0]) /
				      (s->p_gen[0] + s->p_load[0]);
}

double gc_watt_var_step(struct gc_q_path *path, const struct gc_settings *settings, double p,
			bool off, double dt_s)
{
	const struct gc_watt_var_settings *s = &settings->watt_var;

	return gc_q_path_step(path, settings, gc_watt_var_curve(settings, p),
			      (enum gc_response)s->response, s->response_s, off, dt_s);
}
