// SPDX-License-Identifier: Apache-2.0
/*
 * Unintentional islanding with a resonant load: the load takes what is fed but
 * for the mismatch of the point, the grid's breaker opens, and the current has
 * to be gone within 2 s. Here the matrix of IEC 62116:2014 tables 6 and 7, 47
 * points, from memory; VDE V 0124-100 with a quality factor of 2, at 25, 50 and
 * 100 %. IEEE 1547.1 has cases of its own.
 */
#include "island.h"

#include <math.h>
#include <string.h>

#include "procedure.h"

#define BALANCE_S 0.5

/* Condition A at full power: every pair of these mismatches of P and Q. */
static const double pairs[] = { -0.10, -0.05, 0, 0.05, 0.10 };
/* Conditions B and C: Q only. */
static const double singles[] = {
	-0.05, -0.04, -0.03, -0.02, -0.01, 0, 0.01, 0.02, 0.03, 0.04, 0.05,
};

/* IEEE 1547.1 clause 5.10.2: limits at the end of their ranges, the detector is alone. */
struct gc_settings island_settings(const struct bench *b)
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

double island_open(struct bench *b, const struct lab_load *load)
{
	struct lab_load now = *load;
	double from, gone;

	bench_load(b, &now);
	bench_run(b, BALANCE_S);
	now.open = true;
	from = bench_now(b);
	bench_load(b, &now);
	bench_run(b, ISLAND_RUN_ON_S + 0.5);
	gone = bench_times(b).current;
	bench_load(b, &(struct lab_load){ 0 });
	/* Whoever did not feed the load has proved nothing. */
	return gone < from - BALANCE_S / 10 ? (double)NAN : fmax(gone - from, 0);
}

/* @dp, @dq: of the load, more than is fed, parts of the power */
static void point(struct bench *b, const char *condition, double p_pu, double dp, double dq)
{
	const struct gc_settings s = island_settings(b);
	const double qf = b->standard->id == STANDARD_VDE0124_100 ? 2 : 1;
	const struct lab_load load = { .p_pu = p_pu * (1 + dp), .ql_pu = p_pu * qf,
				       .qc_pu = p_pu * (qf - dq) };

	bench_fresh(b, &s, p_pu);
	bench_check(b, (struct result_line){
		.x = NAN, .measured = island_open(b, &load), .expected = NAN, .lo = NAN,
		.hi = ISLAND_RUN_ON_S, .what = "run-on, s" },
		"%s: P %.0f %%, load dP %+.0f %%, dQ %+.0f %%", condition, p_pu * 100, dp * 100,
		dq * 100);
}

void island_run(struct bench *b, const struct procedure *p)
{
	const bool vde = b->standard->id == STANDARD_VDE0124_100;
	const double rated = b->lab->device.p_rated;
	const int every = b->brief ? 5 : 1;

	(void)p;
	if (b->standard->id == STANDARD_IEEE1547_1) {
		island_run_1547(b);
		return;
	}
	for (int i = 0; i < 5; i++) {
		for (int k = 0; k < 5; k++) {
			/* The short form: the balanced one and the corners. */
			if (!b->brief || (i == 2 && k == 2) || (i % 4 == 0 && k % 4 == 0))
				point(b, "A", rated, pairs[i], pairs[k]);
		}
	}
	for (int i = 0; i < 11; i += every)
		point(b, "B", (vde ? 0.5 : 0.6) * rated, 0, singles[i]);
	for (int i = 0; i < 11; i += every)
		point(b, "C", (vde ? 0.25 : 0.3) * rated, 0, singles[i]);
}
