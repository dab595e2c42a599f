// SPDX-License-Identifier: Apache-2.0
/* The grid model: frequency, phase, sequence, harmonics, replay. */
#include <math.h>
#include <string.h>
#include "bench.h"

static struct bench b;
#define PEAK	(230.0 * M_SQRT2)

static double src(unsigned int x)
{
	return Q20D(b.p.v_src[x]);
}

static void phase_follows_the_frequency_exactly(void **state)
{
	const u32 f_mhz[] = { 45000, 47500, 49987, 50000, 50123, 52000, 60000, 65000 };

	(void)state;
	for (size_t i = 0; i < sizeof(f_mhz) / sizeof(f_mhz[0]); i++) {
		bench_new(&b);
		b.env.grid.frequency_mhz = f_mhz[i];
		bench_env(&b);
		bench_run(&b, 200000);	/* 10 s */
		double turns = f_mhz[i] * 1e-3 * 10;
		double want = PEAK * cos(2 * M_PI * (turns - floor(turns)));

		/* 1e-3 V is half a microturn */
		assert_true(fabs(src(0) - want) < 1e-3);
	}
}

static void order_is_a_b_c(void **state)
{
	(void)state;
	bench_new(&b);
	bench_run(&b, 100);	/* 5 ms: a quarter turn */
	assert_true(fabs(src(0)) < 0.01);
	assert_true(fabs(src(1) - PEAK * cos(M_PI / 2 - 2 * M_PI / 3)) < 0.01);
	assert_true(fabs(src(2) - PEAK * cos(M_PI / 2 + 2 * M_PI / 3)) < 0.01);
	b.env.fault[PLANT_FAULT_PHASE_SWAP] = 1;
	bench_env(&b);
	bench_run(&b, 400);
	assert_true(fabs(src(2) - PEAK * cos(M_PI / 2 - 2 * M_PI / 3)) < 0.01);
}

static void phase_attribute_jumps(void **state)
{
	(void)state;
	bench_new(&b);
	bench_run(&b, 400);
	b.env.grid.phase_mdeg = 90000;
	bench_env(&b);
	bench_run(&b, 400);
	assert_true(fabs(src(0)) < 0.01);
	assert_true(src(1) > 0);	/* cos(90 - 120) */
	b.env.grid.phase_mdeg = -30000;
	bench_env(&b);
	bench_run(&b, 400);
	assert_true(fabs(src(0) - PEAK * cos(M_PI / 6)) < 0.01);
}

/* Amplitude of the h-th harmonic of a phase over ten cycles. */
static double harmonic(unsigned int phase, unsigned int h)
{
	double re = 0, im = 0;

	for (unsigned int i = 0; i < 4000; i++) {
		double a = 2 * M_PI * h * i / 400.0;

		bench_run(&b, 1);
		re += src(phase) * cos(a);
		im += src(phase) * sin(a);
	}
	return hypot(re, im) / 2000;
}

static void harmonics_have_their_amplitude(void **state)
{
	(void)state;
	bench_new(&b);
	assert_true(harmonic(0, 5) < 0.01);
	b.env.grid.h5_permille = 50;
	b.env.grid.h7_permille = 30;
	b.env.grid.dc_permille = 20;
	bench_env(&b);
	assert_true(fabs(harmonic(0, 1) - PEAK) < 0.01);
	assert_true(fabs(harmonic(1, 5) - 0.05 * PEAK) < 0.01);
	assert_true(fabs(harmonic(2, 7) - 0.03 * PEAK) < 0.01);
	assert_true(fabs(harmonic(0, 0) / 2 - 0.02 * PEAK) < 0.01);
}

static void unbalance_is_negative_sequence(void **state)
{
	(void)state;
	bench_new(&b);
	b.env.grid.unbalance_permille = 100;
	bench_env(&b);
	assert_true(fabs(harmonic(0, 1) - 1.1 * PEAK) < 0.01);
	/* |1 + 0.1 e^j120| */
	assert_true(fabs(harmonic(1, 1) - sqrt(1 - 0.1 + 0.01) * PEAK) < 0.01);
}

static void voltage_scales_each_phase(void **state)
{
	(void)state;
	bench_new(&b);
	b.env.grid.voltage_mpu = 900;
	b.env.grid.phase_mpu[1] = 500;
	b.env.grid.phase_mpu[2] = 0;
	bench_env(&b);
	assert_true(fabs(harmonic(0, 1) - 0.9 * PEAK) < 0.01);
	assert_true(fabs(harmonic(1, 1) - 0.45 * PEAK) < 0.01);
	assert_true(harmonic(2, 1) < 1e-6);
}

static const struct plant_replay_point record[] = {
	{ 1000, 50000, 1000 }, { 1500, 49500, 900 }, { 1600, 49500, 0 }, { 2600, 50500, 1100 },
};

static void replay_interpolates(void **state)
{
	static struct plant_replay_rec rec[4];

	(void)state;
	bench_new(&b);
	assert_int_equal(plant_replay_load(record, 4, rec), -1);
	plant_replay_start(&b.p, rec, 4, 1000, b.cfg.tick_hz);
	bench_run(&b, 5000);	/* 250 ms */
	assert_true(fabs((double)b.p.f_uhz - 49750000) < 2);
	bench_run(&b, 6000);	/* 550 ms: half of the collapse */
	assert_true(fabs((double)b.p.f_uhz - 49500000) < 2);
	assert_true(fabs(src(0)) <= 0.45 * PEAK + 0.1);
	bench_run(&b, 11000);	/* 1100 ms */
	assert_true(fabs((double)b.p.f_uhz - 50000000) < 2);
	assert_false(b.p.replay.done);
	bench_run(&b, 20000);
	assert_true(b.p.replay.done);
	assert_int_equal(b.p.f_uhz, 50500000);
	plant_replay_stop(&b.p);
	bench_run(&b, 1);
	assert_int_equal(b.p.f_uhz, 50000000);
}

static void replay_speed_scales_time(void **state)
{
	static struct plant_replay_rec rec[4];

	(void)state;
	bench_new(&b);
	assert_int_equal(plant_replay_load(record, 4, rec), -1);
	plant_replay_start(&b.p, rec, 4, 2500, b.cfg.tick_hz);
	bench_run(&b, 2000);	/* 100 ms are 250 ms of the record */
	assert_true(fabs((double)b.p.f_uhz - 49750000) < 2);
}

static void bad_records_are_refused_at_their_point(void **state)
{
	struct plant_replay_rec rec[4];
	struct plant_replay_point pt[4];

	(void)state;
	memcpy(pt, record, sizeof(pt));
	pt[2].t_ms = 1500;
	assert_int_equal(plant_replay_load(pt, 4, rec), 2);
	memcpy(pt, record, sizeof(pt));
	pt[3].f_mhz = 100001;
	assert_int_equal(plant_replay_load(pt, 4, rec), 3);
	memcpy(pt, record, sizeof(pt));
	pt[0].v_mpu = -1;
	assert_int_equal(plant_replay_load(pt, 4, rec), 0);
	assert_int_equal(plant_replay_load(record, 1, rec), 1);
}

static void skipped_periods_turn_the_angle(void **state)
{
	(void)state;
	bench_new(&b);
	bench_run(&b, 1);
	plant_skip(&b.p, 99);
	bench_run(&b, 1);	/* 101 periods */
	assert_true(fabs(src(0) - PEAK * cos(2 * M_PI * 101 / 400)) < 0.01);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(phase_follows_the_frequency_exactly),
		cmocka_unit_test(order_is_a_b_c),
		cmocka_unit_test(phase_attribute_jumps),
		cmocka_unit_test(harmonics_have_their_amplitude),
		cmocka_unit_test(unbalance_is_negative_sequence),
		cmocka_unit_test(voltage_scales_each_phase),
		cmocka_unit_test(replay_interpolates),
		cmocka_unit_test(replay_speed_scales_time),
		cmocka_unit_test(bad_records_are_refused_at_their_point),
		cmocka_unit_test(skipped_periods_turn_the_angle),
	};

	return cmocka_run_group_tests_name("plant-grid", tests, NULL, NULL);
}
