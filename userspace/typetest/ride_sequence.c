// SPDX-License-Identifier: Apache-2.0
/*
 * Riding through sequences of voltages and long times off nominal frequency:
 * IEEE 1547.1-2020 clauses 5.4.4, 5.4.7 and 5.5.4. Conditions from public test
 * scripts; the order of category II is from memory. Other codes: as long as EN
 * 50549-1 stays connected outside 49 to 51 Hz (30 min), from memory.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "procedure.h"

#define BACK_S 1.0
#define WAY_S 20.0 /* of the frequency there and back */
#define LONGEST_BRIEF_S 12.0

/* A voltage in the middle of the condition's range, and for how long. */
struct condition {
	char name;
	double v_pu;
	double time_s;
};

static const struct condition low_two[] = {
	{ 'A', 0.94, 10 }, { 'B', 0.15, 0.16 }, { 'C', 0.22, 0.16 }, { 'D', 0.55, 2.68 },
	{ 'd', 0.77, 7.68 }, { 'E', 0.76, 2 }, { 'F', 0.94, 120 }, { 0, 0, 0 },
};

static const struct condition low_three[] = {
	{ 'A', 0.94, 5 }, { 'B', 0.025, 1 }, { 'C', 0.25, 9 }, { 'c', 0.61, 9 }, { 'D', 0.6, 10 },
	{ 'E', 0.94, 120 }, { 0, 0, 0 },
};

static const struct condition high_two[] = {
	{ 'A', 1.05, 10 }, { 'B', 1.19, 0.2 }, { 'C', 1.165, 0.3 }, { 'D', 1.14, 0.5 },
	{ 'E', 1.05, 120 }, { 0, 0, 0 },
};

static const struct condition high_three[] = {
	{ 'A', 1.05, 5 }, { 'B', 1.19, 12 }, { 'b', 1.16, 12 }, { 'C', 1.05, 120 }, { 0, 0, 0 },
};

/* In which order; a small letter is the condition with a prime. */
static const struct sequence {
	const char *name;
	const struct condition *conditions;
	const char *order;
	int category;
} sequences[] = {
	{ "low, II", low_two, "ABCDEABCDEF", 2 },
	{ "low, II, with D'", low_two, "ABCdABCdF", 2 },
	{ "high, II", high_two, "ABCDABCDE", 2 },
	{ "low, III", low_three, "ABCDABCDABCDE", 3 },
	{ "low, III, with C'", low_three, "ABcDABcDABcDE", 3 },
	{ "high, III", high_three, "ABABABC", 3 },
	{ "high, III, with B'", high_three, "AbAbAbC", 3 },
};

static void put(struct bench *b, const struct condition *c, char name)
{
	while (c->name && c->name != name)
		c++;
	bench_voltage(b, c->v_pu);
	bench_run(b, b->brief ? fmin(c->time_s, LONGEST_BRIEF_S) : c->time_s);
}

static void run_sequence(struct bench *b, const struct sequence *q, double p_pu)
{
	const struct gc_settings s = ride_settings(b);
	double from, before;

	bench_fresh(b, &s, p_pu);
	before = bench_last(b).p_pu;
	from = bench_now(b);
	for (const char *at = q->order; *at; at++)
		put(b, q->conditions, *at);
	bench_check(b, (struct result_line){
		.x = NAN, .measured = bench_out_since(b, from), .expected = 0, .lo = 0, .hi = 0,
		.what = "trips" }, "%s: %s, demand %+.2f pu", q->name, q->order, p_pu);
	bench_check(b, (struct result_line){
		.x = NAN, .measured = bench_last(b).p_pu, .expected = before, .lo = before - 0.05,
		.hi = before + 0.05, .what = "P, pu" }, "  power at the end");
}

bool ride_applies_sequence(const struct gc_settings *s)
{
	return !isnan(s->ride.v_mandatory_low) && ride_category(s) > 1;
}

/* The short form has those without a primed condition only. */
static bool chosen(const struct bench *b, const struct sequence *q)
{
	return q->category == ride_category(&b->code) && !(b->brief && strpbrk(q->order, "bcd"));
}

/* At more than 90 % and at 25 to 50 % of the rated power. */
void ride_run_sequence(struct bench *b, const struct procedure *p)
{
	static const double powers[] = { 0.95, 0.4, -0.95 };
	const int n = b->brief ? 1 : 3;

	(void)p;
	for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++) {
		for (int k = 0; k < n && chosen(b, &sequences[i]); k++)
			run_sequence(b, &sequences[i], powers[k] * b->lab->device.p_rated);
	}
}

/* ---- frequency --------------------------------------------------------------------------- */

/* IEEE 1547.1: frequency trips as slow as they go. */
static struct gc_settings slow_trips(const struct bench *b, struct gc_settings s)
{
	for (size_t i = 0; i < b->charger.count && b->standard->id == STANDARD_IEEE1547_1; i++) {
		const struct gc_value *v = &b->charger.values[i];

		if (!strcmp(v->param->section, "trip") && v->param->unit == GC_UNIT_S &&
		    strstr(v->param->key, "f") && !isnan(v->max))
			gc_param_put(&s, v->param, v->max);
	}
	return s;
}

_Static_assert(GC_OF_STAGES == GC_UF_STAGES, "as many stages above as below");

/*
 * How far: the mandatory range of IEEE 1547, else 1.5 Hz above and 2.5 Hz below; short
 * of every stage of the code that would not wait so long.
 */
static double far_hz(const struct bench *b, bool over, double time_s)
{
	const struct gc_settings s = slow_trips(b, b->code);
	const struct gc_stage *stage = over ? s.trip.of : s.trip.uf;
	const double fn = b->code.nominal.f_hz, distance = b->standard->f_trip_hz;
	double f_hz = fn + (over ? 1.5 : -2.5);

	if (b->standard->id == STANDARD_IEEE1547_1)
		f_hz = over ? 61.8 : 57.0;
	for (int i = 0; i < GC_OF_STAGES; i++) {
		if (isnan(stage[i].limit) || stage[i].time_s > time_s + WAY_S)
			continue;
		f_hz = over ? fmin(f_hz, stage[i].limit - distance) :
			      fmax(f_hz, stage[i].limit + distance);
	}
	return f_hz;
}

static void stay(struct bench *b, double f_hz, double time_s, double p_pu)
{
	const struct gc_settings s = slow_trips(b, bench_alone(b));
	double from, before;

	bench_fresh(b, &s, p_pu);
	before = bench_last(b).p_pu;
	from = bench_now(b);
	bench_ramp(b, f_hz, 0.4);
	bench_run(b, time_s);
	bench_check(b, (struct result_line){
		.x = f_hz, .measured = bench_out_since(b, from), .expected = 0, .lo = 0, .hi = 0,
		.what = "trips" }, "%.2f Hz for %.0f s, demand %+.2f pu", f_hz, time_s, p_pu);
	bench_check(b, (struct result_line){
		.x = f_hz, .measured = bench_last(b).p_pu, .expected = before, .lo = before - 0.05,
		.hi = before + 0.05, .what = "P, pu" }, "  power meanwhile");
	bench_ramp(b, b->code.nominal.f_hz, 0.4);
	bench_run(b, BACK_S);
	bench_check(b, (struct result_line){
		.x = f_hz, .measured = bench_out_since(b, from), .expected = 0, .lo = 0, .hi = 0,
		.what = "trips" }, "  and back");
}

void ride_run_frequency(struct bench *b, const struct procedure *p)
{
	const bool ieee = b->standard->id == STANDARD_IEEE1547_1;
	const double most_s = ieee ? 299 : 1800, time_s = b->brief ? 5 : most_s;
	const double p_pu = 0.95 * b->lab->device.p_rated;

	(void)p;
	for (int over = 0; over < 2; over++) {
		for (int i = 0; i < (ieee && !b->brief ? 3 : 1); i++)
			stay(b, far_hz(b, over, most_s), time_s, i % 2 ? -p_pu : p_pu);
	}
}
