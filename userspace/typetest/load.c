// SPDX-License-Identifier: Apache-2.0
#include <math.h>

#include "lab.h"

/* Each phase: R = V^2/P, L = V^2/(w QL), C = QC/(w V^2), with its share of the power. */
struct lab_parts lab_parts(const struct lab_device *device, const struct lab_load *load)
{
	const double v2 = device->v_nominal * device->v_nominal;
	const double w = 2 * M_PI * device->f_nominal_hz, s = device->s_rated / device->phases;
	struct lab_parts parts = { 0 };

	if (load->p_pu > 0)
		parts.r_mohm = (uint32_t)lround(v2 / (load->p_pu * s) * 1e3);
	if (load->ql_pu > 0)
		parts.l_uh = (uint32_t)lround(v2 / (w * load->ql_pu * s) * 1e6);
	if (load->qc_pu > 0)
		parts.c_nf = (uint32_t)lround(load->qc_pu * s / (w * v2) * 1e9);
	return parts;
}
