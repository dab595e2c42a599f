/* SPDX-License-Identifier: Apache-2.0 */
/* A procedure at work: one charger in a laboratory, judged by one standard. */
#ifndef TYPETEST_BENCH_H
#define TYPETEST_BENCH_H

#include "lab.h"
#include "result.h"
#include "standard.h"

/**
 * struct bench - see the functions
 * @lab: the laboratory
 * @code: what the grid code asks for; the verdicts are by it
 * @charger: what the charger was set to; the same but for a what-if
 * @trial: what it runs with now: some of the functions off
 * @standard: tolerances
 * @result: of the test that runs
 * @characteristic: of a curve, 2 or 3 of IEEE 1547.1; 0: the code's own
 * @stage: of the self-test, this one only; NULL: all
 * @brief: the short form: fewer repetitions, no stage longer than a minute
 */
struct bench {
	struct lab *lab;
	const struct standard *standard;
	struct result *result;
	struct lab_source source;
	struct lab_demand demand;
	struct gc_settings code;
	struct gc_profile charger;
	struct gc_profile trial;
	int characteristic;
	const char *stage;
	bool brief;
	bool broken; /* the laboratory gave up; result->error says why */
};

/* Which functions a fresh charger runs with. */
enum bench_with {
	BENCH_AS_IS,	/* all that the code switches on */
	BENCH_ALONE,	/* none of power and reactive power but the one under test */
};

/** bench_fresh() - a charger in service at active power @p_pu, settled */
void bench_fresh(struct bench *b, const struct gc_settings *settings, double p_pu);

/** bench_waiting() - one that waits to enter service, with this demand */
void bench_waiting(struct bench *b, const struct gc_settings *settings, double p_pu);

/** bench_alone() - settings of the charger with every power function off */
struct gc_settings bench_alone(const struct bench *b);

/** bench_change() - other settings while it runs */
void bench_change(struct bench *b, const struct gc_settings *settings);

void bench_voltage(struct bench *b, double v_pu);

/** bench_phase() - one phase from 0, or all (-1); the others nominal */
void bench_phase(struct bench *b, int phase, double v_pu);
void bench_frequency(struct bench *b, double f_hz);
void bench_power(struct bench *b, double p_pu);

/** bench_run() - let time go on */
void bench_run(struct bench *b, double time_s);

/** bench_ramp() - frequency to @f_hz at @hz_per_s, a step a cycle */
void bench_ramp(struct bench *b, double f_hz, double hz_per_s);

/** bench_demand() - the demand as it stands in @b */
void bench_demand(struct bench *b);

/** bench_protect() - another protection table while it runs; the engine keeps its settings */
void bench_protect(struct bench *b, const struct gc_settings *settings);

/** bench_load() - at the terminals from now on */
void bench_load(struct bench *b, const struct lab_load *load);

/** bench_spectrum() - of the current */
struct lab_spectrum bench_spectrum(struct bench *b);

double bench_now(const struct bench *b);
struct lab_times bench_times(const struct bench *b);

/** bench_mean() - mean of the analyser's rows that lie in @from .. @to */
struct lab_row bench_mean(const struct bench *b, double from, double to);

/** bench_last() - mean over the last ten cycles */
struct lab_row bench_last(const struct bench *b);

/** bench_at() - active or reactive power (@q) at a time, mean over two cycles before it */
double bench_at(const struct bench *b, double t_s, bool q);

/**
 * bench_reached() - since when P or Q (@q) has gone @share of the way from @y0 to @y1; what only
 * passes there, after a step of the grid's angle, does not count
 * Return: s since @t0, NaN when it is not there at the end of the record.
 */
double bench_reached(const struct bench *b, double t0, bool q, double y0, double y1, double share);

/** bench_out_since() - whether the charger left service at or after @from */
bool bench_out_since(const struct bench *b, double from);

/** bench_check() - judge a value; @format is the step */
__attribute__((format(printf, 3, 4)))
void bench_check(struct bench *b, struct result_line line, const char *format, ...);

#endif
