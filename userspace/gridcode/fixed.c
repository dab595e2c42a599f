// SPDX-License-Identifier: Apache-2.0
/* Constant power factor and constant reactive power, IEEE 1547-2018 clauses 5.3.2 and 5.3.5. */
#include "gridcode.h"

/* tan(acos(pf)) without either. */
static double tan_of(double pf)
{
	return sqrt(1 - pf * pf) / pf;
}

double gc_const_pf_step(struct gc_q_path *path, const struct gc_settings *settings, double p,
			bool off, double dt_s)
{
	const struct gc_const_pf_settings *s = &settings->const_pf;
	double q = p * settings->rating.p_pu * tan_of(s->pf);

	if (s->excitation == GC_ABSORBING)
		q = -q;
	return gc_q_path_step(path, settings, q, GC_RESPONSE_OPEN_LOOP_90, s->response_s, off, dt_s);
}

double gc_const_q_step(struct gc_q_path *path, const struct gc_settings *settings, double q,
		       double response_s, bool off, double dt_s)
{
	/* The reference model keeps this filter through a trip. */
	return gc_q_path_step(path, settings, q, GC_RESPONSE_OPEN_LOOP_90, response_s,
			      off && !settings->capability.as_model, dt_s);
}
