// SPDX-License-Identifier: Apache-2.0
/* The models there are, and what each topology's legs do. */
#include <math.h>
#include <string.h>
#include "bench.h"

static struct bench b;

static void take(const char *name)
{
	bench_new(&b);
	assert_true(plant_cfg_model(&b.cfg, name));
	plant_env_default(&b.cfg, &b.env);
	plant_init(&b.p, &b.cfg);
	plant_describe(&b.cfg, &b.desc);
}

static void every_model_is_a_good_configuration(void **state)
{
	const char *field = "";
	u32 n = 0;

	(void)state;
	for (; plant_model_at(n); n++) {
		take(plant_model_at(n)->name);
		if (!plant_cfg_check(&b.cfg, &field))
			fail_msg("%s: %s", plant_model_at(n)->name, field);
		assert_true(b.desc.p_import_max_mw <= b.desc.s_rated_mva);
		assert_true(b.cfg.i_trip_ma > b.cfg.i_rated_ma * 1.5);
		/* the peak line voltage is below the link, and the trip within the sensor */
		assert_true(b.cfg.v_nominal_mv * (b.cfg.phases == 1 ? 1.414 :
			    b.cfg.phases == 2 ? 2.828 : 2.449) < b.cfg.v_dc_mv);
		assert_true(b.cfg.i_trip_ma * 1e6 < 8191.0 *
			    (double)b.desc.adc[V2X_ADC_I_A].scale_n);
		assert_true(b.desc.i_ev_max_ma * 1e6 < 8191.0 *
			    (double)b.desc.adc[V2X_ADC_I_EV].scale_n);
	}
	assert_true(n >= 6);
	assert_false(plant_cfg_model(&b.cfg, "4p-99kw"));
}

static void phases_a_stage_has_not_have_no_sensors(void **state)
{
	(void)state;
	take("1p-7kw");
	assert_int_equal(b.desc.adc_present & 077, 011);
	take("split-9kw");
	assert_int_equal(b.desc.adc_present & 077, 033);
	take("3p-22kw");
	assert_int_equal(b.desc.adc_present & 077, 077);
}

/* Dead grid: a constant reference drives a constant current through the resistances. */
static void direct(const double leg[3], const double want_v[3])
{
	const double r = (b.cfg.r1_uohm + b.cfg.r2_uohm) * 1e-6;
	double power = 0;

	b.env.grid.voltage_mpu = 0;
	b.env.grid.rg_uohm = 0;
	bench_env(&b);
	bench_close(&b, b.cfg.v_dc_mv * 1e-3);
	b.cmd.gates = true;
	for (int x = 0; x < 3; x++)
		b.cmd.leg_q24[x] = (s32)lround(leg[x] * 16777216);
	for (int i = 0; i < 20000; i++) {
		b.p.v_dc = (s64)b.cfg.v_dc_mv * 1099511627776LL / 1000;
		bench_run(&b, 1);
	}
	for (int x = 0; x < 3; x++) {
		assert_true(fabs(Q40D(b.p.i1[x]) + want_v[x] / r) < 0.01);
		power += Q40D(b.p.i1[x]) * want_v[x];
	}
	/* what the legs take from the link, less what they lose themselves */
	power = power / (b.cfg.v_dc_mv * 1e-3) - Q20D(b.p.i_loss);
	assert_true(fabs(Q20D(b.p.i_bridge) - power) < 1e-3);
	assert_int_equal(b.p.lines, 0);
}

static void a_full_bridge_gives_the_difference_of_its_legs(void **state)
{
	const double leg[3] = { 0.005, -0.005, 0.9 };	/* the third does not exist */
	const double v[3] = { 0.005 * 400, 0, 0 };

	(void)state;
	take("1p-7kw");
	direct(leg, v);
}

static void a_neutral_leg_serves_two_phases(void **state)
{
	const double leg[3] = { 0.006, -0.002, 0.001 };
	const double v[3] = { 0.005 * 200, -0.003 * 200, 0 };
	const double r = 0.035;

	(void)state;
	take("split-9kw");
	b.env.grid.voltage_mpu = 0;
	b.env.grid.rg_uohm = 0;
	bench_env(&b);
	bench_close(&b, 400);
	b.cmd.gates = true;
	for (int x = 0; x < 3; x++)
		b.cmd.leg_q24[x] = (s32)lround(leg[x] * 16777216);
	for (int i = 0; i < 20000; i++) {
		b.p.v_dc = 400LL << 40;
		bench_run(&b, 1);
	}
	assert_true(fabs(Q40D(b.p.i1[0]) + v[0] / r) < 0.01);
	assert_true(fabs(Q40D(b.p.i1[1]) + v[1] / r) < 0.01);
	assert_true(fabs(Q40D(b.p.i1[2]) - (v[0] + v[1]) / r) < 0.01);	/* neutral */
}

static void three_legs_have_no_neutral(void **state)
{
	const double leg[3] = { 0.004, 0.001, 0.001 };
	const double v[3] = { 0.002 * 400, -0.001 * 400, -0.001 * 400 };

	(void)state;
	take("3p-22kw");
	direct(leg, v);
}

/* Grid voltages of each kind at their sensors. */
static void the_grid_is_of_the_stages_kind(void **state)
{
	double square[3] = { 0 }, product = 0;

	(void)state;
	take("split-9kw");
	bench_run(&b, 1);
	for (int i = 0; i < 20000; i++) {
		bench_run(&b, 1);
		for (u32 x = 0; x < 2; x++)
			square[x] += pow(bench_value(&b, x), 2) / 20000;
		product += bench_value(&b, 0) * bench_value(&b, 1) / 20000;
	}
	assert_true(fabs(sqrt(square[0]) - 120) < 0.1);
	assert_true(fabs(sqrt(square[1]) - 120) < 0.1);
	assert_true(fabs(product + 120 * 120) < 30);	/* half a turn apart */
}

static double precharged(const char *name, int ticks)
{
	take(name);
	b.cmd.contactors = V2X_CONTACTOR_PRECHARGE;
	bench_run(&b, (unsigned int)ticks);
	return Q40D(b.p.v_dc);
}

static void precharge_reaches_the_peak_between_the_wires(void **state)
{
	double v;

	(void)state;
	v = precharged("1p-7kw", 60000);
	assert_true(v > 0.96 * 230 * M_SQRT2 && v < 230 * M_SQRT2);
	v = precharged("split-9kw", 60000);
	assert_true(v > 0.96 * 240 * M_SQRT2 && v < 240 * M_SQRT2);
	v = precharged("3p-22kw", 60000);
	assert_true(v > 0.96 * 230 * sqrt(6) && v < 230 * sqrt(6));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_model_is_a_good_configuration),
		cmocka_unit_test(phases_a_stage_has_not_have_no_sensors),
		cmocka_unit_test(a_full_bridge_gives_the_difference_of_its_legs),
		cmocka_unit_test(a_neutral_leg_serves_two_phases),
		cmocka_unit_test(three_legs_have_no_neutral),
		cmocka_unit_test(the_grid_is_of_the_stages_kind),
		cmocka_unit_test(precharge_reaches_the_peak_between_the_wires),
	};

	return cmocka_run_group_tests_name("plant-model", tests, NULL, NULL);
}
