// SPDX-License-Identifier: Apache-2.0
#include <math.h>
#include <string.h>

#include "meter.h"

static void add(struct rig *r)
{
	struct meter *m = r->arg;
	double p = 0;

	for (unsigned int x = 0; x < r->desc.phases; x++)
		p += (double)r->plant.v_pcc[x] / 0x1p20 * ((double)r->plant.i2[x] / 0x1p40);
	m->sum += p - m->w[m->at];
	m->w[m->at] = p;
	m->at = m->at + 1 < m->n ? m->at + 1 : 0;
	m->lo = fmin(m->lo, m->sum / m->n);
	m->hi = fmax(m->hi, m->sum / m->n);
	m->energy += p / r->desc.tick_hz;
}

void meter_attach(struct meter *m, struct rig *r)
{
	memset(m, 0, sizeof(*m));
	m->n = (r->desc.tick_hz * 500 + r->desc.f_nominal_mhz / 2) / r->desc.f_nominal_mhz;
	r->each = add;
	r->arg = m;
}

void meter_begin(struct meter *m)
{
	m->lo = INFINITY;
	m->hi = -INFINITY;
	m->energy = 0;
}

double meter_wrong(const struct meter *m, s32 p_mw)
{
	return fmax(p_mw > 0 ? -m->lo : m->hi, 0);
}
