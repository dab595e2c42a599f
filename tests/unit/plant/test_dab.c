// SPDX-License-Identifier: Apache-2.0
/*
 * The averaged dual active bridge: closed forms of its power, balance of energy,
 * output capacitor and battery behind it, limits.
 */
#include <math.h>
#include <string.h>
#include "bench.h"
#include "plant_fx.h"

#define Q24	16777216.0
#define TICK	50e-6
#define RATED	11000.0

static struct bench b;

/* No losses: what the closed forms describe. */
static void ideal(void)
{
	bench_new(&b);
	b.cfg.dab_r_mohm = 0;
	b.cfg.dab_coss_pf = 0;
	b.cfg.loss_idle_mw = 0;
	plant_init(&b.p, &b.cfg);
}

static struct v2x_dab_pulse pulse(double shift, double link, double out)
{
	return (struct v2x_dab_pulse){ (s32)lround(shift * Q24), (u32)lround(link * Q24),
				       (u32)lround(out * Q24) };
}

static void step(double v1, double v2, double shift, double link, double out)
{
	const struct v2x_dab_pulse u = pulse(shift, link, out);

	plant_dab_step(&b.p, &u, llround(v1 * 1048576), llround(v2 * 1048576));
}

static double turns(void)
{
	return b.cfg.dab_n_permille * 1e-3;
}

/* 2 f L, L with what the magnetizing inductance takes: L + L^2 / 4 Lm */
static double reactance(void)
{
	const double l = b.cfg.dab_l_nh * 1e-9, lm = b.cfg.dab_lm_nh * 1e-9;

	return 2.0 * b.cfg.dab_f_hz * (l + l * l / (4 * lm));
}

static void full_pulses_carry_v1_v2_s_1_minus_s_over_2_f_l(void **state)
{
	(void)state;
	ideal();
	for (int m = 70; m <= 130; m += 10) {
		for (int s = -50; s <= 50; s += 5) {
			const double v2 = 800 * m / 100.0 / turns(), x = s / 100.0;
			const double want = 800 * v2 * turns() * x * (1 - fabs(x)) / reactance();

			step(800, v2, x, 1, 1);
			assert_true(fabs(v2 * Q20D(b.p.i_dcdc) - want) < 1e-4 * RATED);
			assert_true(fabs(800 * Q20D(b.p.i_link) - want) < 1e-4 * RATED);
		}
	}
}

static double bridge(double t, double shift, double width)
{
	double y = fmod(t - shift + 10.5, 2);	/* middle of the positive pulse at 0.5 */

	if (fabs(y - 0.5) < width / 2)
		return 1;
	return fabs(y - 1.5) < width / 2 ? -1 : 0;
}

/* Mean of v1 i over a period, i the integral of v1 - v2' without a mean. */
static double by_integration(double v1, double v2p, double shift, double link, double out)
{
	enum { STEPS = 40000 };
	const double h = 2.0 / STEPS;
	double i = 0, sum_i = 0, sum_vi = 0, sum_v = 0;

	for (int k = 0; k < STEPS; k++) {
		const double t = (k + 0.5) * h, a = v1 * bridge(t, 0, link);
		const double di = (a - v2p * bridge(t, shift, out)) * h / reactance();

		sum_vi += a * (i + di / 2) / STEPS;
		sum_v += a / STEPS;
		sum_i += (i + di / 2) / STEPS;
		i += di;
	}
	return sum_vi - sum_v * sum_i;
}

static void narrow_pulses_carry_what_their_waveforms_do(void **state)
{
	static const double widths[] = { 0.2, 0.55, 0.8, 1 }, shifts[] = { -0.37, -0.05, 0.02, 0.2, 0.44 };

	(void)state;
	ideal();
	for (int n = 0; n < 4 * 4 * 5; n++) {
		const double link = widths[n % 4], out = widths[n / 4 % 4], s = shifts[n / 16];
		const double v2 = 350, want = by_integration(800, v2 * turns(), s, link, out);

		step(800, v2, s, link, out);
		assert_true(fabs(v2 * Q20D(b.p.i_dcdc) - want) < 2e-4 * RATED);
	}
}

/* Both directions of every pulse are one another's mirror. */
static void the_other_shift_is_the_other_direction(void **state)
{
	(void)state;
	ideal();
	for (int s = 1; s <= 50; s++) {
		s64 there;

		step(800, 380, s / 100.0, 0.9, 1);
		there = b.p.i_dcdc;
		step(800, 380, -s / 100.0, 0.9, 1);
		assert_true(there > 0);
		assert_in_range(there + b.p.i_dcdc + 2, 0, 4);	/* rounding */
	}
}

static void nothing_in_is_nothing_out(void **state)
{
	(void)state;
	ideal();
	step(800, 380, 0, 1, 1);
	assert_int_equal(b.p.i_dcdc, 0);
	assert_int_equal(b.p.i_link, 0);
	step(800, 380, 0.2, 0, 0);
	assert_int_equal(b.p.i_dcdc, 0);
	assert_int_equal(b.p.i_link, 0);
	assert_int_equal(b.p.i_leak, 0);
	step(0, 0, 0.3, 1, 1);
	assert_int_equal(b.p.i_dcdc, 0);
	assert_int_equal(b.p.i_link, 0);
	/* gates off: nothing is left of what was */
	bench_new(&b);
	b.p.v_dc = 800LL << 40;
	b.p.v_out = 380LL << 40;
	step(800, 380, 0.2, 1, 1);
	assert_true(b.p.i_dcdc > 0);
	bench_run(&b, 1);
	assert_int_equal(b.p.i_dcdc, 0);
	assert_int_equal(b.p.i_link, 0);
	assert_int_equal(b.p.i_leak, 0);
	assert_int_equal(b.p.p_loss_q10, 0);
}

static void what_the_link_gives_is_what_the_output_gets_and_the_losses(void **state)
{
	const char *const models[] = { "3p-11kw", "3p-22kw", "1p-7kw", "split-9kw" };

	(void)state;
	for (int n = 0; n < 4 * 21 * 3; n++) {
		const double s = (n / 4 % 21 - 10) / 25.0, v1 = 400 * (n % 4 < 2 ? 2 : 1);
		const double link = n / 84 == 1 ? 0.6 : 1, out = n / 84 == 2 ? 0.7 : 1;
		double v2, in, got, lost;

		bench_new(&b);
		assert_true(plant_cfg_model(&b.cfg, models[n % 4]));
		plant_init(&b.p, &b.cfg);
		v2 = 0.9 * v1 / turns();
		step(v1, v2, s, link, out);
		in = v1 * Q20D(b.p.i_link);
		got = v2 * Q20D(b.p.i_dcdc);
		lost = (double)b.p.p_loss_q10 / 1024;
		assert_true(fabs(in - got - lost) < 1e-4 * b.cfg.p_max_w);
		assert_true(lost >= 0.999 * b.cfg.loss_idle_mw * 1e-3);
	}
}

/* Copper loss is R times the square of the leakage current: two triangles' difference. */
static void resistance_loses_r_i_squared(void **state)
{
	double i, square, lost;

	(void)state;
	ideal();
	b.cfg.dab_r_mohm = 200;
	plant_init(&b.p, &b.cfg);
	/* M = 1: a trapezoid with the flat part V s / 2 f L; <i^2> = I^2 (1 - 2 s / 3) */
	step(800, 800 / turns(), 0.1, 1, 1);
	i = 800 * 0.1 / (2.0 * b.cfg.dab_f_hz * b.cfg.dab_l_nh * 1e-9);
	square = i * i * (1 - 2 * 0.1 / 3);
	lost = (double)b.p.p_loss_q10 / 1024;
	assert_true(fabs(lost / (0.2 * square) - 1) < 0.01);
	assert_true(fabs(Q20D(b.p.i_leak) / i - 1) < 1e-3);
}

static void run(double shift, int ticks)
{
	b.cmd.dcdc_gates = true;
	b.cmd.dab = pulse(shift, 1, 1);
	b.cmd.dab_first = b.cmd.dab;
	while (ticks--) {
		b.p.v_dc = 800LL << 40;
		bench_run(&b, 1);
	}
}

/* Its current does not depend on the output's voltage: an open output rises in a straight line. */
static void an_open_output_rises_until_the_comparator_stops_it(void **state)
{
	double i, v;
	int n;

	(void)state;
	ideal();
	b.cfg.r_out_ohm = 10000000;
	plant_init(&b.p, &b.cfg);
	i = turns() * 800 * 0.02 * 0.98 / reactance();
	run(0.02, 1);	/* the command comes into force */
	run(0.02, 50);
	v = 50 * TICK * i / (b.cfg.c_out_nf * 1e-9);
	assert_true(fabs(Q40D(b.p.v_out) / v - 1) < 1e-3);
	assert_int_equal(b.p.i_ev, 0);
	for (n = 0; !b.p.lines && n < 2000; n++)
		run(0.02, 1);
	assert_int_equal(b.p.lines, V2X_FAULT_GATE_DCDC);
	/* what a period of the current adds beyond it, and no more */
	run(0.02, 20);
	assert_true(Q40D(b.p.v_out) < b.cfg.v_ev_max_mv * 1e-3 + 2 * i * TICK / 50e-6);
	/* an empty one gives nothing back */
	ideal();
	run(-0.1, 50);
	assert_int_equal(b.p.v_out, 0);
}

static void connect(u32 soc_permille)
{
	b.cfg.soc_permille = soc_permille;
	plant_env_default(&b.cfg, &b.env);
	plant_init(&b.p, &b.cfg);
	b.env.car.plugged = 1;
	b.env.car.ready = 1;
	bench_env(&b);
	bench_run(&b, 1);
	b.p.v_out = b.p.v_batt * Q20_ONE;
	b.cmd.contactors = V2X_CONTACTOR_EV;
	bench_run(&b, b.p.k.close_ticks + 8);
}

static void a_battery_takes_the_current_at_its_voltage_and_resistance(void **state)
{
	(void)state;
	for (int sign = -1; sign <= 1; sign += 2) {
		double e, i;

		ideal();
		connect(500);
		e = Q40D(b.p.v_out);
		run(sign * 0.08, 100);
		i = sign * turns() * 800 * 0.08 * 0.92 / reactance();
		assert_true(fabs(Q20D(b.p.i_ev) - i) < 0.01);
		/* 0.8 mohm a cell, and what its RC element has got to: 5 ms of 30 s */
		assert_true(fabs(Q40D(b.p.v_out) - e - i * 96 * 0.8e-3) < i * sign * 0.048 * 1e-3 + 0.01);
	}
}

/* Ten seconds: every joule from the link is in the battery, its resistance or lost. */
static void no_energy_is_lost_by_rounding(void **state)
{
	double in = 0, got = 0, lost = 0;

	(void)state;
	bench_new(&b);
	connect(500);
	run(0.08, 2);
	for (int n = 0; n < 200000; n++) {
		const double before = Q40D(b.p.v_out);

		run(n / 50000 & 1 ? -0.08 : 0.08, 1);
		in += TICK * 800 * Q20D(b.p.i_link);
		got += TICK * before * Q20D(b.p.i_dcdc);
		lost += TICK * (double)b.p.p_loss_q10 / 1024;
	}
	print_message("# from the link %.3f J, into the output %.3f J, lost %.3f J: %.2e of what was moved\n",
		      in, got, lost, (in - got - lost) / 60000);
	/* 6 kW either way for 10 s */
	assert_true(fabs(in - got - lost) < 1e-4 * 60000);
}

static void limits_are_limits(void **state)
{
	s64 most;

	(void)state;
	ideal();
	step(800, 380, 0.5, 1, 1);
	most = b.p.i_dcdc;
	step(800, 380, 1.7, 1, 1);	/* held at half a half period */
	assert_int_equal(b.p.i_dcdc, most);
	step(800, 380, -1.7, 1, 1);
	assert_in_range(b.p.i_dcdc + most + 1, 0, 2);
	step(800, 380, 0.2, 1, 1);
	most = b.p.i_dcdc;
	step(800, 380, 0.2, 2, 2);	/* no pulse is wider than a half period */
	assert_int_equal(b.p.i_dcdc, most);
	/* 800 V and 760 V against each other: 780 * 0.5 / 7.4 = 53 A; at twice: over 70 A */
	b.p.lines = 0;
	step(800, 380, 0.5, 1, 1);
	assert_int_equal(b.p.lines, 0);
	step(800, 800, 0.5, 1, 1);
	assert_int_equal(b.p.lines, V2X_FAULT_GATE_DCDC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(full_pulses_carry_v1_v2_s_1_minus_s_over_2_f_l),
		cmocka_unit_test(narrow_pulses_carry_what_their_waveforms_do),
		cmocka_unit_test(the_other_shift_is_the_other_direction),
		cmocka_unit_test(nothing_in_is_nothing_out),
		cmocka_unit_test(what_the_link_gives_is_what_the_output_gets_and_the_losses),
		cmocka_unit_test(resistance_loses_r_i_squared),
		cmocka_unit_test(an_open_output_rises_until_the_comparator_stops_it),
		cmocka_unit_test(a_battery_takes_the_current_at_its_voltage_and_resistance),
		cmocka_unit_test(no_energy_is_lost_by_rounding),
		cmocka_unit_test(limits_are_limits),
	};

	return cmocka_run_group_tests_name("plant-dab", tests, NULL, NULL);
}
