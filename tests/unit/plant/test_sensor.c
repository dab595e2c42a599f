// SPDX-License-Identifier: Apache-2.0
/* Sensors, control pilot, configuration. */
#include <math.h>
#include <string.h>
#include "bench.h"

static struct bench b;

static void scale_gives_back_the_value(void **state)
{
	(void)state;
	bench_new(&b);
	b.p.v_dc = 700LL << 40;
	bench_run(&b, 123);
	for (u32 x = 0; x < 3; x++)
		assert_true(fabs(bench_value(&b, V2X_ADC_V_GRID_A + x) - Q20D(b.p.v_pcc[x])) < 0.4);
	assert_true(fabs(bench_value(&b, V2X_ADC_V_DC_LINK) - Q40D(b.p.v_dc)) < 0.2);
	assert_true(fabs(bench_value(&b, V2X_ADC_TEMP) - 25) < 0.2);
	assert_true(fabs(bench_value(&b, V2X_ADC_R_ISO) - 2e6) < 1000);
	assert_true(fabs(bench_value(&b, V2X_ADC_I_A)) < 0.05);
}

static void noise_has_no_mean_and_its_width(void **state)
{
	double sum = 0, worst = 0;

	(void)state;
	bench_new(&b);
	for (int i = 0; i < 20000; i++) {
		bench_run(&b, 1);
		sum += b.s.raw[V2X_ADC_I_B];
		worst = fmax(worst, fabs((double)b.s.raw[V2X_ADC_I_B]));
	}
	assert_true(fabs(sum / 20000) < 0.1);
	assert_true(worst == 3);	/* of the table */
}

static void same_seed_same_samples(void **state)
{
	static struct v2x_samples first[200];
	int differ = 0;

	(void)state;
	for (int run = 0; run < 2; run++) {
		bench_new(&b);
		for (int i = 0; i < 200; i++) {
			bench_run(&b, 1);
			if (!run)
				first[i] = b.s;
			else
				assert_memory_equal(&first[i], &b.s, sizeof(b.s));
		}
	}
	b.cfg.seed = 2;
	plant_init(&b.p, &b.cfg);
	for (int i = 0; i < 200; i++) {
		bench_run(&b, 1);
		differ += memcmp(&first[i], &b.s, sizeof(b.s)) != 0;
	}
	assert_true(differ > 190);
}

static void no_channel_rests_on_one_code(void **state)
{
	u32 same[V2X_ADC_COUNT] = { 0 };
	struct v2x_samples last;

	(void)state;
	bench_new(&b);
	b.cfg.island_switch = 1;
	plant_init(&b.p, &b.cfg);
	bench_env(&b);
	bench_run(&b, 1);
	last = b.s;
	for (int i = 0; i < 20000; i++) {
		bench_run(&b, 1);
		for (u32 ch = 0; ch < V2X_ADC_COUNT; ch++) {
			same[ch] = b.s.raw[ch] == last.raw[ch] ? same[ch] + 1 : 0;
			/* the slow ones are converted in turns of five periods */
			assert_true(same[ch] < (ch < V2X_ADC_TEMP || ch >= V2X_ADC_V_UTIL_A ? 30 : 150));
		}
		last = b.s;
	}
}

static void converters_clip_at_their_ends(void **state)
{
	(void)state;
	bench_new(&b);
	b.p.v_dc = 1400LL << 40;
	bench_run(&b, 1);
	assert_int_equal(b.s.raw[V2X_ADC_V_DC_LINK], b.desc.adc[V2X_ADC_V_DC_LINK].raw_max);
	b.env.fault[PLANT_FAULT_ADC_OPEN] = PLANT_CH_MASK;
	bench_env(&b);
	bench_run(&b, 1);
	for (u32 ch = 0; ch < V2X_ADC_COUNT; ch++)
		assert_int_equal(b.s.raw[ch], b.desc.adc[ch].raw_max);
}

static void a_healthy_idle_channel_is_in_range(void **state)
{
	(void)state;
	bench_new(&b);
	bench_run(&b, 1000);
	for (u32 ch = 0; ch < V2X_ADC_COUNT; ch++) {
		assert_true(b.s.raw[ch] > b.desc.adc[ch].raw_min);
		assert_true(b.s.raw[ch] < b.desc.adc[ch].raw_max);
	}
}

struct pilot_case {
	u32 plugged, ready, ventilation, no_diode, shorted, duty;
	double high, low;	/* middle of the window of IEC 61851-1 */
};

static const struct pilot_case pilot_case[] = {
	{ 0, 0, 0, 0, 0, 1000, 12, 12 },
	{ 0, 0, 0, 0, 0, 0, -12, -12 },
	{ 0, 0, 0, 0, 0, 500, 12, -12 },
	{ 1, 0, 0, 0, 0, 1000, 9, 9 },
	{ 1, 0, 0, 0, 0, 500, 9, -12 },
	{ 1, 1, 0, 0, 0, 50, 6, -12 },
	{ 1, 1, 1, 0, 0, 500, 3, -12 },
	{ 1, 0, 0, 1, 0, 500, 8.8, -8.8 },
	{ 1, 1, 0, 0, 1, 500, 0.9, -0.9 },
	{ 0, 1, 0, 0, 0, 500, 12, -12 },	/* S2 means nothing unplugged */
};

static void pilot_levels_are_in_their_windows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(pilot_case) / sizeof(pilot_case[0]); i++) {
		const struct pilot_case *c = &pilot_case[i];

		bench_new(&b);
		b.env.car.plugged = c->plugged;
		b.env.car.ready = c->ready;
		b.env.car.ventilation = c->ventilation;
		b.env.fault[PLANT_FAULT_PILOT_NO_DIODE] = c->no_diode;
		b.env.fault[PLANT_FAULT_PILOT_SHORT] = c->shorted;
		bench_env(&b);
		b.cmd.pilot_permille = c->duty;
		bench_run(&b, 10);
		assert_true(fabs(bench_value(&b, V2X_ADC_CP_HIGH) - c->high) < 0.5);
		assert_true(fabs(bench_value(&b, V2X_ADC_CP_LOW) - c->low) < 0.5);
	}
}

static void vehicle_voltage_is_there_only_when_ready(void **state)
{
	(void)state;
	bench_new(&b);
	b.env.car.plugged = 1;
	bench_env(&b);
	bench_run(&b, 10);
	assert_true(fabs(bench_value(&b, V2X_ADC_V_VEHICLE)) < 0.5);
	b.env.car.ready = 1;
	bench_env(&b);
	bench_run(&b, 10);
	assert_true(bench_value(&b, V2X_ADC_V_VEHICLE) > 300);
	assert_true(fabs(bench_value(&b, V2X_ADC_V_EV)) < 0.5);	/* contactor open */
}

static void bad_configurations_are_named(void **state)
{
	const char *field = NULL;

	(void)state;
	bench_new(&b);
	assert_true(plant_cfg_check(&b.cfg, &field));
	b.cfg.tick_hz = 15000;	/* no whole nanoseconds */
	assert_false(plant_cfg_check(&b.cfg, &field));
	assert_string_equal(field, "tick_hz");
	plant_cfg_default(&b.cfg);
	b.cfg.cells = 100;
	assert_false(plant_cfg_check(&b.cfg, &field));
	assert_string_equal(field, "cells");
	plant_cfg_default(&b.cfg);
	b.cfg.soc_permille = 1001;
	assert_false(plant_cfg_check(&b.cfg, &field));
	assert_string_equal(field, "soc_permille");
	plant_cfg_default(&b.cfg);
	b.cfg.l1_nh = 0;
	assert_false(plant_cfg_check(&b.cfg, NULL));
}

/* Every allowed rate runs the same physics. */
static void all_rates_agree(void **state)
{
	const u32 rate[] = { 5000, 8000, 10000, 16000, 20000, 25000, 32000, 40000, 50000 };

	(void)state;
	for (size_t i = 0; i < sizeof(rate) / sizeof(rate[0]); i++) {
		bench_new(&b);
		b.cfg.tick_hz = rate[i];
		assert_true(plant_cfg_check(&b.cfg, NULL));
		plant_init(&b.p, &b.cfg);
		b.cmd.contactors = V2X_CONTACTOR_PRECHARGE;
		bench_run(&b, rate[i] / 2);
		/* 500 ms: 547 V at 20 kHz */
		assert_true(fabs(Q40D(b.p.v_dc) - 546.5) < 3);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scale_gives_back_the_value),
		cmocka_unit_test(noise_has_no_mean_and_its_width),
		cmocka_unit_test(same_seed_same_samples),
		cmocka_unit_test(no_channel_rests_on_one_code),
		cmocka_unit_test(converters_clip_at_their_ends),
		cmocka_unit_test(a_healthy_idle_channel_is_in_range),
		cmocka_unit_test(pilot_levels_are_in_their_windows),
		cmocka_unit_test(vehicle_voltage_is_there_only_when_ready),
		cmocka_unit_test(bad_configurations_are_named),
		cmocka_unit_test(all_rates_agree),
	};

	return cmocka_run_group_tests_name("plant-sensor", tests, NULL, NULL);
}
