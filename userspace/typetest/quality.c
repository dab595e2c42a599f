// SPDX-License-Identifier: Apache-2.0
/*
 * The current: harmonics and direct current, the bridge switching. Limits of
 * each standard from memory (the fact sheets have the IEEE and AS/NZS ones,
 * unverified; direct current of IEEE 1547 from one place).
 */
#include <math.h>
#include <stdio.h>

#include "procedure.h"

/* Up to this order, of the rated current; odd and even. The last has order LAB_ORDERS. */
struct limit {
	int order;
	double odd;
	double even;
};

/* IEEE 1547-2018 tables 26 and 27: distortion of the rated current. */
static const struct limit ieee[] = {
	{ 2, 0, 0.01 }, { 4, 0.04, 0.02 }, { 6, 0.04, 0.03 }, { 10, 0.04, 0.04 },
	{ 16, 0.02, 0.02 }, { 22, 0.015, 0.015 }, { 34, 0.006, 0.006 }, { 50, 0.003, 0.003 },
};

/* AS/NZS 4777.2 tables: odd 3 to 33, even 2 to 32; nothing is said above. */
static const struct limit asnzs[] = {
	{ 9, 0.04, 0.01 }, { 15, 0.02, 0.005 }, { 21, 0.015, 0.005 }, { 33, 0.006, 0.005 },
	{ 50, NAN, NAN },
};

/* IEC 61000-3-12 table 3 (balanced three phases) and 2, Rsce 33: even 16/h %. */
static const struct limit iec_three[] = {
	{ 2, 0, 0.08 }, { 4, NAN, 0.04 }, { 5, 0.107, 0.04 }, { 6, NAN, 0.0267 },
	{ 7, 0.072, 0.0267 }, { 8, NAN, 0.02 }, { 10, NAN, 0.016 }, { 11, 0.031, 0.016 },
	{ 12, NAN, 0.0133 }, { 13, 0.02, 0.0133 }, { 50, NAN, NAN },
};

static const struct limit iec_one[] = {
	{ 2, 0, 0.08 }, { 3, 0.216, 0.08 }, { 4, NAN, 0.04 }, { 5, 0.107, 0.04 },
	{ 6, NAN, 0.0267 }, { 7, 0.072, 0.0267 }, { 8, NAN, 0.02 }, { 9, 0.038, 0.02 },
	{ 10, NAN, 0.016 }, { 11, 0.031, 0.016 }, { 12, NAN, 0.0133 }, { 13, 0.02, 0.0133 },
	{ 50, NAN, NAN },
};

struct limits {
	const struct limit *table;
	double all;	/* root of the sum of squares, orders 2 to 50 */
	double dc;
	double dc_a;	/* the greater of both holds */
};

static struct limits limits_of(const struct bench *b)
{
	const bool three = b->lab->device.phases == 3;

	switch (b->standard->id) {
	case STANDARD_IEEE1547_1:
		return (struct limits){ ieee, 0.05, 0.005, 0 };
	case STANDARD_ASNZS4777_2:
		return (struct limits){ asnzs, 0.05, 0.005, 0.005 };
	case STANDARD_G99:
		return (struct limits){ three ? iec_three : iec_one, three ? 0.13 : 0.23, 0.0025, 0 };
	default:
		return (struct limits){ three ? iec_three : iec_one, three ? 0.13 : 0.23, 0.005, 0.02 };
	}
}

static double most(const struct limit *table, int order)
{
	while (order > table->order)
		table++;
	return order % 2 ? table->odd : table->even;
}

static double together(const struct lab_spectrum *s)
{
	double sum = 0;

	for (int n = 2; n <= LAB_ORDERS; n++)
		sum += s->order[n] * s->order[n];
	return sqrt(sum);
}

/* The one that is nearest to its limit, which stands for all: a line an order says no more. */
static int nearest(const struct limits *l, const struct lab_spectrum *s, bool even)
{
	double worst = -1;
	int at = 0;

	for (int n = even ? 2 : 3; n <= LAB_ORDERS; n += 2) {
		const double share = s->order[n] / most(l->table, n);

		if (share > worst) {
			worst = share;
			at = n;
		}
	}
	return at;
}

static void harmonics_at(struct bench *b, const struct limits *l, double p_pu)
{
	const struct gc_settings s = bench_alone(b);
	struct lab_spectrum spectrum;

	bench_fresh(b, &s, p_pu);
	spectrum = bench_spectrum(b);
	bench_check(b, (struct result_line){
		.x = p_pu, .measured = together(&spectrum) * 100, .expected = NAN, .lo = NAN,
		.hi = l->all * 100, .what = "distortion, %" }, "P %+.2f pu, orders 2 to 50", p_pu);
	for (int even = 0; even < 2; even++) {
		const int n = nearest(l, &spectrum, even);

		bench_check(b, (struct result_line){
			.x = p_pu, .measured = spectrum.order[n] * 100, .expected = NAN, .lo = NAN,
			.hi = most(l->table, n) * 100, .what = "harmonic, %" },
			"  %s, nearest to its limit: order %d", even ? "even" : "odd", n);
	}
}

void quality_run_harmonics(struct bench *b, const struct procedure *p)
{
	static const double powers[] = { 1, -1, 0.66, 0.33 };
	const struct limits l = limits_of(b);

	(void)p;
	for (size_t i = 0; i < (b->brief ? 2 : 4); i++)
		harmonics_at(b, &l, powers[i] * b->lab->device.p_rated);
}

void quality_run_dc(struct bench *b, const struct procedure *p)
{
	static const double powers[] = { 1, -1, 0.66, 0.33 };
	const double rated_a = b->lab->device.s_rated / b->lab->device.v_nominal /
			       b->lab->device.phases;
	const struct limits l = limits_of(b);
	const struct gc_settings s = bench_alone(b);

	(void)p;
	for (size_t i = 0; i < (b->brief ? 2 : 4); i++) {
		const double p_pu = powers[i] * b->lab->device.p_rated;

		bench_fresh(b, &s, p_pu);
		bench_check(b, (struct result_line){
			.x = p_pu, .measured = bench_spectrum(b).dc * 100, .expected = NAN, .lo = NAN,
			.hi = fmax(l.dc, l.dc_a / rated_a) * 100, .what = "DC, %" },
			"P %+.2f pu", p_pu);
		bench_check(b, (struct result_line){
			.x = p_pu, .measured = bench_last(b).p_pu, .expected = p_pu, .lo = p_pu - 0.05,
			.hi = p_pu + 0.05, .what = "P, pu" }, "  power flows");
	}
}
