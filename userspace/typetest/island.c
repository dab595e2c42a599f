// SPDX-License-Identifier: Apache-2.0
/*
 * Unintentional islanding with a resonant load, IEC 62116 and IEEE 1547.1: the
 * load takes what is fed but for the mismatch of the point, the grid's breaker
 * opens, and the current has to be gone within 2 s. Points of IEC 62116 from
 * memory; cases 1 and 2 of IEEE 1547.1 from public test scripts.
 */
#include <math.h>
#include <string.h>

#include "procedure.h"

#define RUN_ON_S 2.0
#define BALANCE_S 0.5

/* Condition A at full power: every pair of these mismatches of P and Q. */
static const double pairs[] = { -0.10, -0.05, 0, 0.05, 0.10 };
/* Conditions B and C: Q only. */
static const double singles[] = {
	-0.05, -0.04, -0.03, -0.02, -0.01, 0, 0.01, 0.02, 0.03, 0.04, 0.05,
};

/* IEEE 1547.1 clause 5.10.2: limits at the end of their ranges, the detector is alone. */
static struct gc_settings alone(const struct bench *b)
{
	struct gc_settings s = bench_alone(b);

	if (b->standard->id != STANDARD_IEEE1547_1)
		return s;
	for (size_t i = 0; i < b->charger.count; i++) {
		const struct gc_value *v = &b->charger.values[i];

		if (strcmp(v->param->section, "trip") != 0 || isnan(v->max))
			continue;
		if (v->param->unit == GC_UNIT_S || strstr(v->param->key, "ov") == v->param->key ||
		    strstr(v->param->key, "of") == v->param->key)
			gc_param_put(&s, v->param, v->max);
		else
			gc_param_put(&s, v->param, v->min);
	}
	return s;
}

/* @dp, @dq: of the load, more than is fed, parts of the power */
static void point(struct bench *b, const char *condition, double p_pu, double dp, double dq)
{
	const struct gc_settings s = alone(b);
	const double qf = b->standard->id == STANDARD_VDE0124_100 ? 2 : 1;
	struct lab_load load = { .p_pu = p_pu * (1 + dp), .ql_pu = p_pu * qf,
				 .qc_pu = p_pu * (qf - dq) };
	double from;

	bench_fresh(b, &s, p_pu);
	bench_load(b, &load);
	bench_run(b, BALANCE_S);
	load.open = true;
	from = bench_now(b);
	bench_load(b, &load);
	bench_run(b, RUN_ON_S + 0.5);
	bench_check(b, (struct result_line){
		.x = NAN, .measured = fmax(bench_times(b).current - from, 0), .expected = NAN,
		.lo = NAN, .hi = RUN_ON_S, .what = "run-on, s" },
		"%s: P %.0f %%, load dP %+.0f %%, dQ %+.0f %%", condition, p_pu * 100, dp * 100,
		dq * 100);
	bench_load(b, &(struct lab_load){ 0 });
}

void island_run(struct bench *b, const struct procedure *p)
{
	const double rated = b->lab->device.p_rated;
	const int every = b->brief ? 5 : 1;

	(void)p;
	for (int i = 0; i < 5; i++) {
		for (int k = 0; k < 5; k++) {
			/* The short form: the balanced one and the corners. */
			if (!b->brief || (i == 2 && k == 2) || (i % 4 == 0 && k % 4 == 0))
				point(b, "A", rated, pairs[i], pairs[k]);
		}
	}
	for (int i = 0; i < 11; i += every)
		point(b, "B", 0.6 * rated, 0, singles[i]);
	for (int i = 0; i < 11; i += every)
		point(b, "C", 0.3 * rated, 0, singles[i]);
}
