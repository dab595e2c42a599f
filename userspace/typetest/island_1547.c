// SPDX-License-Identifier: Apache-2.0
/*
 * Unintentional islanding by IEEE 1547.1-2020 clause 5.10.2: ten cases of power,
 * reactive mode and grid support, each with the load balanced to what the charger
 * really gives, then its capacitor from 95 to 105 % in steps of 1 %, on while the
 * run-on times still grow, and the three longest twice more. Cases and settings
 * from public test scripts (one place).
 */
#include <math.h>

#include "island.h"
#include "procedure.h"

#define STEPS_MOST 10		/* of 1 %, either side */
#define STEPS 5
#define REPEATED 3
#define REPEATS 2
#define SETTLE_S 3.0
#define RESPONSE_S 1.0		/* of the reactive mode: the codes allow 0 to 10 s */
#define BALANCED_PU 0.02	/* P and Q through the breaker */

enum mode { UNITY, PF_ABSORB, PF_INJECT, VOLT_VAR, VOLT_VAR_MOST, WATT_VAR, WATT_VAR_MOST,
	    Q_ABSORB, Q_INJECT };
enum support { SUPPORT_DEFAULT, SUPPORT_LEAST, SUPPORT_MOST };

/* @p_pu: normal category B, A */
static const struct island_case {
	const char *name;
	double p_pu[2];
	enum mode mode;
	enum support support;
} cases[] = {
	{ "1, unity", { 1, 1 }, UNITY, SUPPORT_DEFAULT },
	{ "2, unity", { 0.5, 0.5 }, UNITY, SUPPORT_DEFAULT },
	{ "3, pf absorbing", { 0.9, 0.9 }, PF_ABSORB, SUPPORT_LEAST },
	{ "4, pf injecting", { 0.9, 0.9 }, PF_INJECT, SUPPORT_LEAST },
	{ "5, steepest volt-var", { 1, 1 }, VOLT_VAR_MOST, SUPPORT_MOST },
	{ "6, volt-var", { 0.5, 0.5 }, VOLT_VAR, SUPPORT_MOST },
	{ "7, watt-var", { 0.5, 0.5 }, WATT_VAR, SUPPORT_MOST },
	{ "8, steepest watt-var", { 1, 1 }, WATT_VAR_MOST, SUPPORT_MOST },
	{ "9, Q absorbed", { 0.5, 0.9 }, Q_ABSORB, SUPPORT_MOST },
	{ "10, Q injected", { 0.5, 0.5 }, Q_INJECT, SUPPORT_MOST },
};

/* Normal category A absorbs a quarter of its rating, B as much as it injects. */
static bool category_a(const struct bench *b)
{
	return b->code.capability.q_absorb < b->code.capability.q_inject;
}

/* ---- settings --------------------------------------------------------------------------- */

static void set_support(struct gc_settings *s, const struct bench *b, enum support support)
{
	const bool third = ride_category(&b->code) == 3;

	s->droop = b->charger.settings.droop;
	s->droop.enable = 1;
	if (support == SUPPORT_DEFAULT)
		s->volt_watt = b->charger.settings.volt_watt;
	if (support == SUPPORT_LEAST) {
		s->droop.db_over_hz = s->droop.db_under_hz = 1;
		s->droop.k_over = s->droop.k_under = 0.05;
		s->droop.response_s = 10;
	}
	if (support == SUPPORT_MOST) {
		s->droop.db_over_hz = s->droop.db_under_hz = 0.017;
		s->droop.k_over = s->droop.k_under = third ? 0.02 : 0.03;
		s->droop.response_s = third ? 0.2 : 1;
		s->volt_watt = (struct gc_volt_watt_settings){
			.enable = 1, .v1 = 1.05, .p1 = 1, .v2 = 1.06, .p2 = 0.2, .response_s = 0.5,
		};
	}
}

static void set_pf(struct gc_settings *s, double pf, enum gc_excitation excitation)
{
	s->const_pf = (struct gc_const_pf_settings){
		.enable = 1, .pf = pf, .excitation = excitation, .response_s = RESPONSE_S,
	};
}

static void set_q(struct gc_settings *s, double q_pu)
{
	s->const_q = (struct gc_const_q_settings){
		.enable = 1, .q = q_pu, .response_s = RESPONSE_S,
	};
}

static void set_steepest_volt_var(struct gc_settings *s, const struct gc_capability_settings *c)
{
	static const double v[] = { 0.98, 1, 1, 1.02 };
	const double q[] = { c->q_inject, 0, 0, -c->q_absorb };

	for (int i = 0; i < 4; i++) {
		s->volt_var.v[i] = v[i];
		s->volt_var.q[i] = q[i];
	}
	s->volt_var.response_s = RESPONSE_S;
	s->volt_var.enable = 1;
}

static void set_steepest_watt_var(struct gc_settings *s, const struct gc_capability_settings *c,
				  bool a)
{
	const double p[] = { 0.2, a ? 0.8 : 0.9, a ? 0.9 : 1 };
	const double q[] = { c->q_inject, c->q_inject, -c->q_absorb };

	for (int i = 0; i < 3; i++) {
		s->watt_var.p_gen[i] = p[i];
		s->watt_var.q_gen[i] = q[i];
	}
	s->watt_var.response_s = RESPONSE_S;
	s->watt_var.enable = 1;
}

static struct gc_settings settings_of(const struct bench *b, const struct island_case *c)
{
	const struct gc_capability_settings *most = &b->code.capability;
	struct gc_settings s = island_settings(b);

	set_support(&s, b, c->support);
	switch (c->mode) {
	case UNITY:
		set_pf(&s, 1, GC_INJECTING);
		break;
	case PF_ABSORB:
		set_pf(&s, category_a(b) ? 0.96 : 0.90, GC_ABSORBING);
		break;
	case PF_INJECT:
		set_pf(&s, 0.90, GC_INJECTING);
		break;
	case VOLT_VAR:
		s.volt_var.enable = 1;
		break;
	case VOLT_VAR_MOST:
		set_steepest_volt_var(&s, most);
		break;
	case WATT_VAR:
		s.watt_var.enable = 1;
		break;
	case WATT_VAR_MOST:
		set_steepest_watt_var(&s, most, category_a(b));
		break;
	case Q_ABSORB:
		set_q(&s, -most->q_absorb);
		break;
	case Q_INJECT:
		set_q(&s, most->q_inject);
		break;
	}
	return s;
}

/* ---- a case ------------------------------------------------------------------------------ */

/* The load that takes this power: quality factor 1 where no reactive power flows. */
static struct lab_load balanced(double p_pu, double q_pu)
{
	return (struct lab_load){ .p_pu = p_pu, .ql_pu = p_pu + fmin(q_pu, 0),
				  .qc_pu = p_pu - fmax(q_pu, 0) };
}

static void feed(struct bench *b, const struct gc_settings *s, double p_pu)
{
	bench_fresh(b, s, p_pu);
	bench_run(b, SETTLE_S);
}

/* What the charger gives, then what it gives with a load that takes that. */
static struct lab_load balance(struct bench *b, const struct gc_settings *s,
			       const struct island_case *c, double p_pu)
{
	struct lab_row row;
	struct lab_load load;

	feed(b, s, p_pu);
	for (int i = 0; i < 2; i++) {
		row = bench_last(b);
		load = balanced(row.p_pu, row.q_pu);
		bench_load(b, &load);
		bench_run(b, SETTLE_S);
	}
	row = bench_last(b);
	bench_load(b, &(struct lab_load){ 0 });
	bench_check(b, (struct result_line){
		.x = NAN, .measured = row.p_pu - load.p_pu, .expected = 0, .lo = -BALANCED_PU,
		.hi = BALANCED_PU, .what = "P breaker, pu" }, "case %s: P %.2f, Q %+.2f",
		c->name, row.p_pu, row.q_pu);
	bench_check(b, (struct result_line){
		.x = NAN, .measured = row.q_pu - (load.ql_pu - load.qc_pu), .expected = 0,
		.lo = -BALANCED_PU, .hi = BALANCED_PU, .what = "Q breaker, pu" }, "  likewise");
	return load;
}

/* With the capacitor changed by @percent; the run-on time. */
static double sweep(struct bench *b, const struct gc_settings *s, const struct lab_load *load,
		    double p_pu, int percent)
{
	struct lab_load off = *load;
	double run_on;

	off.qc_pu *= 1 + percent / 100.0;
	feed(b, s, p_pu);
	run_on = island_open(b, &off);
	bench_check(b, (struct result_line){
		.x = NAN, .measured = run_on, .expected = NAN, .lo = NAN, .hi = ISLAND_RUN_ON_S,
		.what = "run-on, s" }, "  C %d %%", 100 + percent);
	return run_on;
}

static int longest(const double *run_on, int from, int to)
{
	int at = from;

	for (int i = from; i <= to; i++) {
		if (run_on[i] > run_on[at])
			at = i;
	}
	return at;
}

static void whole_case(struct bench *b, const struct gc_settings *s, const struct lab_load *load,
		       double p_pu)
{
	double run_on[2 * STEPS_MOST + 1] = { 0 };
	int from = STEPS_MOST - STEPS, to = STEPS_MOST + STEPS, at;

	for (int i = from; i <= to; i++)
		run_on[i] = sweep(b, s, load, p_pu, i - STEPS_MOST);
	while (from > 0 && longest(run_on, from, to) == from && !b->broken) {
		from--;
		run_on[from] = sweep(b, s, load, p_pu, from - STEPS_MOST);
	}
	while (to < 2 * STEPS_MOST && longest(run_on, from, to) == to && !b->broken) {
		to++;
		run_on[to] = sweep(b, s, load, p_pu, to - STEPS_MOST);
	}
	for (int i = 0; i < REPEATED; i++) {
		at = longest(run_on, from, to);
		for (int k = 0; k < REPEATS; k++)
			sweep(b, s, load, p_pu, at - STEPS_MOST);
		run_on[at] = 0;
	}
}

void island_run_1547(struct bench *b)
{
	/* The short form: every other case, balanced. */
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i += b->brief ? 2 : 1) {
		const struct island_case *c = &cases[i];
		const double p_pu = c->p_pu[category_a(b)] * b->lab->device.p_rated;
		const struct gc_settings s = settings_of(b, c);
		const struct lab_load load = balance(b, &s, c, p_pu);

		if (b->brief)
			sweep(b, &s, &load, p_pu, 0);
		else
			whole_case(b, &s, &load, p_pu);
	}
}
