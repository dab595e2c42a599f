// SPDX-License-Identifier: Apache-2.0
/*
 * Disturbances one after the other, IEEE 1547-2018 clause 6.4.2.5 table 17:
 * as many sets as the category names, as close as it allows, all ridden
 * through. Numbers and times of the table are from memory.
 */
#include <math.h>

#include "procedure.h"

#define LONGEST_BRIEF_S 4.0

/* By category: a low voltage and a high one, how often, and how far apart. */
static const struct {
	double low_v, low_s, high_v, high_s, gap_s;
	int sets;
} sets[] = {
	{ 0, 0, 0, 0, 0, 0 },
	{ 0.72, 0.75, 1.14, 1.0, 20, 2 },
	{ 0.67, 3.1, 1.14, 1.0, 10, 2 },
	{ 0.72, 20, 1.12, 12, 5, 3 },
};

bool consecutive_applies(const struct gc_settings *s)
{
	return !isnan(s->ride.v_mandatory_low);
}

static void disturb(struct bench *b, double v_pu, double time_s, double gap_s)
{
	bench_voltage(b, v_pu);
	bench_run(b, b->brief ? fmin(time_s, LONGEST_BRIEF_S) : time_s);
	bench_voltage(b, 1);
	bench_run(b, gap_s);
}

static void sequence(struct bench *b, double p_pu)
{
	const struct gc_settings s = ride_settings(b);
	const int category = ride_category(&b->code);
	double from;

	bench_fresh(b, &s, p_pu);
	for (int i = 0; i < sets[category].sets; i++) {
		const double low = i % 2 ? sets[category].high_v : sets[category].low_v;
		const double time_s = i % 2 ? sets[category].high_s : sets[category].low_s;

		from = bench_now(b);
		disturb(b, low, time_s, sets[category].gap_s);
		bench_check(b, (struct result_line){
			.x = low, .measured = bench_out_since(b, from), .expected = 0, .lo = 0, .hi = 0,
			.what = "trips" }, "set %d of %d: V %.2f pu, then %.0f s, %s", i + 1,
			sets[category].sets, low, sets[category].gap_s,
			p_pu < 0 ? "charging" : "discharging");
	}
	bench_check(b, (struct result_line){
		.x = NAN, .measured = bench_last(b).p_pu, .expected = p_pu, .lo = p_pu - 0.05,
		.hi = p_pu + 0.05, .what = "P, pu" }, "  power after the last one");
}

void consecutive_run(struct bench *b, const struct procedure *p)
{
	(void)p;
	sequence(b, 0.9);
	if (!b->brief)
		sequence(b, -0.9);
}
