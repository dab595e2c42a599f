// SPDX-License-Identifier: Apache-2.0
/*
 * Demand-response modes of AS/NZS 4777.2 clause 3.2: each asserted while the
 * charger does what the mode is against, and judged when its time is over.
 */
#include <math.h>

#include "gridcode/gridcode.h"
#include "procedure.h"

/* From memory but for the two seconds, which an inverter's manual names too. */
#define ANSWER_S 2.0

/* Powers of the rated ones; a limit that is not there is NaN. */
static const struct {
	double before, lo, hi;
	const char *what;
	int mode;
	int q;		/* 1: sources, -1: sinks reactive power, if capable */
} modes[] = {
	{ -1, 0, (double)NAN, "no consumption", 1, 0 },
	{ -1, -0.5, (double)NAN, "consumption at most 50 %", 2, 0 },
	{ -1, -0.75, (double)NAN, "consumption at most 75 %, sources vars", 3, 1 },
	{ 0, (double)NAN, -0.9, "more consumption", 4, 0 },
	{ 1, (double)NAN, 0, "no generation", 5, 0 },
	{ 1, (double)NAN, 0.5, "generation at most 50 %", 6, 0 },
	{ 1, (double)NAN, 0.75, "generation at most 75 %, sinks vars", 7, -1 },
	{ 0, 0.9, (double)NAN, "more generation", 8, 0 },
};

bool drm_applies(const struct gc_settings *s)
{
	return s->drm.enable;
}

static void assert_mode(struct bench *b, const struct gc_settings *s, int mode, double before)
{
	bench_fresh(b, s, before * b->lab->device.p_rated);
	b->demand.drm = GC_DRM(mode);
	bench_demand(b);
}

static void check_vars(struct bench *b, int mode, int sign)
{
	const double q = sign > 0 ? b->code.drm.q_source : b->code.drm.q_sink;
	const double most = sign > 0 ? b->code.rating.q_inject_pu : b->code.rating.q_absorb_pu;
	const double d = b->standard->q_pu, expected = fmin(q, most);

	if (expected > 0)
		bench_check(b, (struct result_line){
			.x = mode, .measured = sign * bench_last(b).q_pu, .expected = expected,
			.lo = expected - d, .hi = expected + d, .what = "Q, pu" },
			"  reactive power, %s", sign > 0 ? "injected" : "absorbed");
}

static void check_mode(struct bench *b, const struct gc_settings *s, size_t i)
{
	const double d = b->standard->p_pu, rated = b->lab->device.p_rated;

	assert_mode(b, s, modes[i].mode, modes[i].before);
	bench_run(b, ANSWER_S);
	bench_run(b, 0.2);
	bench_check(b, (struct result_line){
		.x = modes[i].mode, .measured = bench_last(b).p_pu, .expected = NAN,
		.lo = modes[i].lo * rated - d, .hi = modes[i].hi * rated + d, .what = "P, pu" },
		"DRM %d, P was %+.2f: %s", modes[i].mode, modes[i].before * rated, modes[i].what);
	if (modes[i].q)
		check_vars(b, modes[i].mode, modes[i].q);
}

/* Mode 0 operates the disconnection device. */
static void check_disconnection(struct bench *b, const struct gc_settings *s, double before)
{
	double from;

	bench_fresh(b, s, before * b->lab->device.p_rated);
	from = bench_now(b);
	b->demand.drm = GC_DRM(0);
	bench_demand(b);
	bench_run(b, ANSWER_S + 1);
	bench_check(b, (struct result_line){
		.x = 0, .measured = bench_times(b).current - from, .expected = NAN, .lo = NAN,
		.hi = ANSWER_S, .what = "current gone, s" }, "DRM 0, %s",
		before < 0 ? "charging" : "discharging");
	bench_check(b, (struct result_line){
		.x = 0, .measured = bench_out_since(b, bench_now(b) - 0.5), .expected = 1, .lo = 1,
		.hi = 1, .what = "disconnected" }, "  stays disconnected while asserted");
}

/* Of several modes the strictest holds. */
static void check_several(struct bench *b, const struct gc_settings *s)
{
	const double d = b->standard->p_pu, rated = b->lab->device.p_rated;

	bench_fresh(b, s, -rated);
	b->demand.drm = GC_DRM(1) | GC_DRM(2) | GC_DRM(3) | GC_DRM(4);
	bench_demand(b);
	bench_run(b, ANSWER_S + 0.2);
	bench_check(b, (struct result_line){
		.x = 1, .measured = bench_last(b).p_pu, .expected = NAN, .lo = -d, .hi = NAN,
		.what = "P, pu" }, "DRM 1, 2, 3 and 4 at once: no consumption");
	b->demand.drm = GC_DRM(2) | GC_DRM(4);
	bench_demand(b);
	bench_run(b, ANSWER_S + 0.2);
	bench_check(b, (struct result_line){
		.x = 2, .measured = bench_last(b).p_pu, .expected = NAN, .lo = -0.5 * rated - d,
		.hi = NAN, .what = "P, pu" }, "  DRM 1 and 3 end: consumption at most 50 %%");
}

void drm_run(struct bench *b, const struct procedure *p)
{
	const struct gc_settings s = bench_alone(b);

	(void)p;
	check_disconnection(b, &s, 1);
	check_disconnection(b, &s, -1);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		check_mode(b, &s, i);
	check_several(b, &s);
}
