// SPDX-License-Identifier: Apache-2.0
/*
 * Trips: each stage held just inside its limit for longer than its time, then
 * stepped beyond it. IEEE 1547.1-2020 clauses 5.4 and 5.5; the others alike.
 */
#include <math.h>
#include <stdio.h>

#include "procedure.h"

#define LONG_STAGE_S 30.0
#define RATED 1.0

/* One stage of one quantity: which way is out, and how far a step goes. */
struct stage {
	struct gc_stage at;
	const char *name;
	double beyond; /* how far past the limit, with its sign */
	int index;
	bool voltage;
};

struct kind {
	const char *name;
	int count;
	int sign;
	bool voltage;
};

static const struct kind kinds[] = {
	[TRIP_OV] = { "OV", GC_OV_STAGES, 1, true },
	[TRIP_UV] = { "UV", GC_UV_STAGES, -1, true },
	[TRIP_OF] = { "OF", GC_OF_STAGES, 1, false },
	[TRIP_UF] = { "UF", GC_UF_STAGES, -1, false },
};

static const struct gc_stage *stages_of(const struct gc_settings *s, int kind)
{
	switch (kind) {
	case TRIP_OV:
		return s->trip.ov;
	case TRIP_UV:
		return s->trip.uv;
	case TRIP_OF:
		return s->trip.of;
	default:
		return s->trip.uf;
	}
}

static bool any(const struct gc_settings *s, int kind)
{
	for (int i = 0; i < kinds[kind].count; i++) {
		if (!isnan(stages_of(s, kind)[i].limit))
			return true;
	}
	return false;
}

bool trip_applies_ov(const struct gc_settings *s)
{
	return any(s, TRIP_OV);
}

bool trip_applies_uv(const struct gc_settings *s)
{
	return any(s, TRIP_UV);
}

bool trip_applies_of(const struct gc_settings *s)
{
	return any(s, TRIP_OF);
}

bool trip_applies_uf(const struct gc_settings *s)
{
	return any(s, TRIP_UF);
}

/* A frequency is brought near its limit slowly: its rate is another test's business. */
#define NEAR_HZ_PER_S 0.8

static void approach(struct bench *b, const struct stage *stage)
{
	if (!stage->voltage)
		bench_ramp(b, stage->at.limit - stage->beyond, NEAR_HZ_PER_S);
}

static void apply(struct bench *b, const struct stage *stage, int phase, double value)
{
	if (stage->voltage)
		bench_phase(b, phase, value);
	else
		bench_frequency(b, value);
}

/* Just inside for longer than its time, as far as no other stage is shorter. */
static double hold_s(const struct bench *b, const struct stage *stage, int kind)
{
	const double inside = stage->at.limit - stage->beyond;
	double most = stage->at.time_s * (1 + 2 * b->standard->time_share) + 0.2;

	for (int i = 0; i < kinds[kind].count; i++) {
		const struct gc_stage *other = &stages_of(&b->code, kind)[i];

		/* A nearer stage with a longer time is crossed already. */
		if (!isnan(other->limit) &&
		    (inside - other->limit) * kinds[kind].sign > 0)
			most = fmin(most, other->time_s / 2);
	}
	return most;
}

/* A step of frequency is one of its rate too: that protection is another test's. */
static struct gc_settings settings_for(const struct bench *b, const struct stage *stage)
{
	struct gc_settings s = bench_alone(b);

	if (!stage->voltage)
		s.rocof.limit_hz_per_s = NAN;
	return s;
}

static void check_inside(struct bench *b, const struct stage *stage, int kind, int phase,
			 double p_pu)
{
	const double inside = stage->at.limit - stage->beyond;
	const struct gc_settings s = settings_for(b, stage);
	double from;

	bench_fresh(b, &s, p_pu);
	from = bench_now(b);
	approach(b, stage);
	apply(b, stage, phase, inside);
	bench_run(b, hold_s(b, stage, kind));
	bench_check(b, (struct result_line){
		.x = inside, .measured = bench_out_since(b, from), .expected = 0, .lo = 0, .hi = 0,
		.what = "trips" }, "%s%d, %.3f %s for %.2f s, %s", stage->name, stage->index + 1,
		inside, stage->voltage ? "pu" : "Hz", bench_now(b) - from,
		p_pu < 0 ? "charging" : "discharging");
}

static const char *phase_name(int phase)
{
	static const char *const names[] = { "all", "L1", "L2", "L3" };

	return names[phase + 1];
}

/* @shift_s: where in the mains cycle the step falls. */
static void check_beyond(struct bench *b, const struct stage *stage, int phase, double p_pu,
			 double shift_s)
{
	const struct standard *std = b->standard;
	const double beyond = stage->at.limit + stage->beyond;
	const struct gc_settings s = settings_for(b, stage);
	const double most = stage->at.time_s * (1 + std->time_share) + std->cease_s;
	const double least = stage->at.time_s * (1 - std->time_share) - std->early_s;
	struct lab_times t;
	double from;

	bench_fresh(b, &s, p_pu);
	approach(b, stage);
	bench_run(b, shift_s);
	from = bench_now(b);
	apply(b, stage, phase, beyond);
	bench_run(b, most + 0.3);
	t = bench_times(b);
	bench_check(b, (struct result_line){
		.x = beyond, .measured = t.trip - from, .expected = stage->at.time_s,
		.lo = least > 0 ? least : NAN, .hi = most, .what = "trip, s" },
		"%s%d, %.3f -> %.3f %s, %s, %s", stage->name, stage->index + 1,
		stage->voltage ? 1.0 : stage->at.limit - stage->beyond, beyond,
		stage->voltage ? "pu" : "Hz", stage->voltage ? phase_name(phase) : "step",
		p_pu < 0 ? "charging" : "discharging");
	bench_check(b, (struct result_line){
		.x = beyond, .measured = t.current - from, .expected = NAN, .lo = NAN, .hi = most,
		.what = "current gone, s" }, "  current below 5 %%");
}

static void check_stage(struct bench *b, const struct stage *stage, int kind)
{
	const int repeats = b->brief ? 1 : 5;
	const int phases = stage->voltage && b->lab->device.phases == 3 ? 3 : 0;

	check_inside(b, stage, kind, -1, RATED);
	/* Repetitions begin at other places of the mains cycle. */
	for (int i = 0; i < repeats; i++)
		check_beyond(b, stage, -1, i % 2 ? -RATED : RATED, i * 0.0037);
	if (b->brief)
		check_beyond(b, stage, phases ? 0 : -1, -RATED, 0.0111);
	for (int phase = 0; phase < phases && !b->brief; phase++)
		check_beyond(b, stage, phase, RATED, 0.0025 * phase);
}

void trip_run(struct bench *b, const struct procedure *p)
{
	const struct kind *kind = &kinds[p->number];
	const struct gc_stage *stages = stages_of(&b->code, p->number);
	const double distance = kind->voltage ? 2 * b->standard->v_pu : b->standard->f_trip_hz;

	snprintf(b->result->x_name, sizeof(b->result->x_name), "%s",
		 kind->voltage ? "voltage, pu" : "frequency, Hz");
	for (int i = 0; i < kind->count; i++) {
		const struct stage stage = {
			.at = stages[i], .name = kind->name, .beyond = kind->sign * distance,
			.index = i, .voltage = kind->voltage,
		};

		if (isnan(stage.at.limit) || (b->brief && stage.at.time_s > LONG_STAGE_S))
			continue;
		check_stage(b, &stage, p->number);
	}
}
