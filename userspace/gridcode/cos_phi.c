// SPDX-License-Identifier: Apache-2.0
/*
 * cos phi (P): EN 50549-1 clause 4.7.2.3.4, VDE-AR-N 4105 clause 5.7.2. The
 * characteristic absorbs reactive power (under-excited) while generating; a
 * storage unit that charges keeps to power factor 1.
 */
#include "gridcode.h"

double gc_cos_phi_step(struct gc_q_path *path, const struct gc_settings *settings, double p,
		       bool off, double dt_s)
{
	const struct gc_cos_phi_settings *s = &settings->cos_phi;
	const double pf = gc_curve(s->p, s->pf, 3, gc_max(p, 0));
	const double q = -gc_max(p, 0) * settings->rating.p_pu * sqrt(1 - pf * pf) / pf;

	return gc_q_path_step(path, settings, q, (enum gc_response)s->response, s->response_s, off,
			      dt_s);
}
