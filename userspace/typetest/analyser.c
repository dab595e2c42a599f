// SPDX-License-Identifier: Apache-2.0
#include "analyser.h"

#include <linux/kernel.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plant.h"

void analyser_init(struct analyser *a, unsigned int phases, double quiet_a)
{
	memset(a, 0, sizeof(*a));
	a->phases = phases;
	a->quiet_q40 = (s64)(quiet_a * 0x1p40);
}

void analyser_add(struct analyser *a, const struct plant *p, u64 t_ns)
{
	/* The source's own angle: the phasors turn with the grid, whatever its frequency. */
	const double angle = (double)p->angle_q48 * (2 * M_PI * 0x1p-48);
	const double c = cos(angle), s = sin(angle);

	for (unsigned int x = 0; x < a->phases; x++) {
		const double v = (double)p->v_pcc[x] * 0x1p-20, i = (double)p->i2[x] * 0x1p-40;

		a->vi += v * i;
		a->v_re[x] += v * c;
		a->v_im[x] -= v * s;
		a->i_re[x] += i * c;
		a->i_im[x] -= i * s;
		if (llabs(p->i2[x]) > a->quiet_q40)
			a->last_current_ns = t_ns;
	}
	a->count++;
}

struct analyser_value analyser_read(struct analyser *a)
{
	struct analyser_value value = { 0 };
	const double n = a->count ? a->count : 1;

	value.p_w = a->vi / n;
	for (unsigned int x = 0; x < a->phases; x++) {
		value.q_var += 2 * (a->v_im[x] * a->i_re[x] - a->v_re[x] * a->i_im[x]) / (n * n);
		value.v[x] = M_SQRT2 * hypot(a->v_re[x], a->v_im[x]) / n;
		value.i[x] = M_SQRT2 * hypot(a->i_re[x], a->i_im[x]) / n;
	}
	a->vi = 0;
	memset(a->v_re, 0, sizeof(a->v_re));
	memset(a->v_im, 0, sizeof(a->v_im));
	memset(a->i_re, 0, sizeof(a->i_re));
	memset(a->i_im, 0, sizeof(a->i_im));
	a->count = 0;
	return value;
}
