// SPDX-License-Identifier: Apache-2.0
/* What the engine does with measurements that cannot be believed. */
#include "rig.h"

static void running(void)
{
	rig_fresh();
	rig_set("measurement.missing", 0.1);
	rig_start(true);
	rig_demand(0.5);
	rig_run(1);
	assert_near(rig_p(), 0.5, 1e-9);
}

static void stops_safely(void)
{
	/* Bridged for 0.1 s, then out, with the reason. */
	rig_run(0.1);
	assert_int_equal(rig_out.state, GC_CONTINUOUS);
	assert_near(rig_p(), 0.5, 1e-9);
	rig_run(DT);
	assert_int_equal(rig_out.state, GC_TRIP);
	assert_int_equal(rig_out.cause, GC_BY_MEASUREMENT);
	assert_int_equal(rig_out.p_by, GC_BY_MEASUREMENT);
	assert_true(rig_out.p_ask_pu == 0 && rig_out.q_ask_pu == 0 && !rig_out.stay);
	rig_run(60);
	assert_int_equal(rig_out.state, GC_TRIP);
	assert_true(isfinite(rig_out.p_pu) && isfinite(rig_out.q_pu));
}

static void what_is_not_a_number_is_bridged_shortly_then_stops(void **state)
{
	static const double bad[] = { NAN, INFINITY, -INFINITY, -1, 50 };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		running();
		rig_in.v_pu[1] = bad[i];
		stops_safely();
	}
	running();
	rig_in.f_hz = (double)NAN;
	stops_safely();
	running();
	rig_in.f_hz = 500;
	stops_safely();
}

static void a_gap_shorter_than_the_bridge_does_nothing(void **state)
{
	(void)state;
	running();
	for (int i = 0; i < 10; i++) {
		rig_in.v_pu[0] = (double)NAN;
		rig_run(0.08);
		rig_grid(1, 50);
		rig_run(0.1);
		assert_int_equal(rig_out.state, GC_CONTINUOUS);
	}
}

static void service_comes_back_after_the_delay_once_measurements_do(void **state)
{
	(void)state;
	running();
	rig_in.f_hz = (double)NAN;
	rig_run(5);
	rig_grid(1, 50);
	assert_near(rig_until(GC_CONTINUOUS, 30), 10, 1.01 * DT);
}

static void a_measurement_that_stands_still_stops_the_charger(void **state)
{
	(void)state;
	rig_fresh();
	rig_set("measurement.frozen", 2);
	rig_start(true);
	for (int i = 0; i < 500; i++) {
		rig_in.f_hz = 50 + 0.001 * (i % 3);
		rig_run(DT);
		assert_int_equal(rig_out.state, GC_CONTINUOUS);
	}
	rig_run(1.9);
	assert_int_equal(rig_out.state, GC_CONTINUOUS);
	rig_run(0.2);
	assert_int_equal(rig_out.cause, GC_BY_MEASUREMENT);
}

static void a_jump_no_grid_makes_is_bridged_and_a_lasting_one_stops(void **state)
{
	(void)state;
	rig_fresh();
	rig_set("measurement.jump", 2);
	rig_start(true);
	rig_run(1);
	rig_grid(1, 55);
	rig_run(0.06);
	rig_grid(1, 50);
	rig_run(1);
	assert_int_equal(rig_out.state, GC_CONTINUOUS);
	rig_grid(1, 55);
	rig_run(0.2);
	assert_int_equal(rig_out.state, GC_TRIP);
}

static void phases_that_are_not_connected_do_not_matter(void **state)
{
	(void)state;
	rig_fresh();
	rig_set("rating.phases", GC_ONE_PHASE);
	rig_set("voltage_mean.limit", 1.1);
	rig_in.dt_s = 0.1;
	rig_start(true);
	rig_grid(1.15, 50);
	rig_in.v_pu[1] = (double)NAN;
	rig_in.v_pu[2] = 0;
	rig_run(300);
	assert_int_equal(rig_out.state, GC_CONTINUOUS);
	rig_run(300);
	/* From 1 to 1.15: (1.21 - 1) / (1.3225 - 1) of 600 s, 391 s. */
	assert_int_equal(rig_out.cause, GC_BY_MEAN);
}

static void a_demand_that_is_not_a_number_asks_for_nothing(void **state)
{
	static const double bad[] = { NAN, INFINITY, -INFINITY };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		running();
		rig_in.p_want_pu = bad[i];
		rig_run(1);
		assert_true(rig_p() == 0);
	}
}

static void whatever_comes_in_numbers_come_out(void **state)
{
	static const double odd[] = { 0, -0.0, 1e300, -1e300, 1e-300, NAN, INFINITY, 1, 50 };
	const size_t n = sizeof(odd) / sizeof(odd[0]);
	unsigned int seed = 1;

	(void)state;
	rig_fresh();
	rig_set("freq_droop.enable", 1);
	rig_set("export_limit.enable", 1);
	rig_set("order.enable", 1);
	rig_start(true);
	for (int i = 0; i < 200000; i++) {
		seed = seed * 1103515245 + 12345;
		rig_grid(1, 50);
		rig_in.v_pu[seed >> 16 & 1] = odd[(seed >> 8) % n];
		rig_in.f_hz = seed >> 20 & 1 ? 50 : odd[(seed >> 4) % n];
		rig_in.order_export_pu = seed >> 22 & 1 ? (double)NAN : 0.5;
		rig_in.site_import_pu = seed >> 24 & 1 ? (double)NAN : 0.1;
		rig_demand(seed >> 26 & 1 ? 1 : -1);
		rig_run(DT);
		assert_true(isfinite(rig_out.p_pu) && isfinite(rig_out.q_pu));
		assert_true(rig_out.p_lo_pu <= rig_out.p_hi_pu);
		assert_true(fabs(rig_out.p_ask_pu) <= 1 && fabs(rig_out.q_ask_pu) <= 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_a_number_is_bridged_shortly_then_stops),
		cmocka_unit_test(a_gap_shorter_than_the_bridge_does_nothing),
		cmocka_unit_test(service_comes_back_after_the_delay_once_measurements_do),
		cmocka_unit_test(a_measurement_that_stands_still_stops_the_charger),
		cmocka_unit_test(a_jump_no_grid_makes_is_bridged_and_a_lasting_one_stops),
		cmocka_unit_test(phases_that_are_not_connected_do_not_matter),
		cmocka_unit_test(a_demand_that_is_not_a_number_asks_for_nothing),
		cmocka_unit_test(whatever_comes_in_numbers_come_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
