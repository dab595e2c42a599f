// SPDX-License-Identifier: Apache-2.0
/* Disturbances one after the other, and the window that a signal narrows. */
#include <errno.h>
#include <string.h>

#include "gridcode/charger.h"
#include "rig.h"

/* IEEE 1547-2018 category II of table 14, and two sets of disturbances, 10 s apart, in an hour. */
static void category_two(double sets)
{
	rig_fresh();
	rig_set("ride_through.v_mandatory_high", 1.1);
	rig_set("ride_through.v_mandatory_low", 0.88);
	rig_set("trip.uv1_limit", 0.7);
	rig_set("trip.uv1_time", 10);
	rig_set("consecutive.sets", sets);
	rig_set("consecutive.gap", 10);
	rig_set("consecutive.window", 3600);
	rig_start(true);
	rig_demand(0.5);
	rig_run(1);
}

/* A dip to @v for a second and calm after it; whether it was ridden through. */
static bool rides(double v, double calm_s)
{
	bool rode;

	rig_grid(v, 50);
	rig_run(1);
	rode = rig_out.state != GC_TRIP;
	rig_grid(1, 50);
	rig_run(calm_s);
	return rode;
}

static void the_third_disturbance_of_two_may_end_it(void **state)
{
	(void)state;
	category_two(2);
	assert_true(rides(0.8, 15));
	assert_true(rides(1.15, 15));
	rig_grid(0.8, 50);
	assert_near(rig_until(GC_TRIP, 1), DT, 1e-9);
	assert_int_equal(rig_out.cause, GC_BY_CONSECUTIVE);
	assert_string_equal(gc_reason_name(rig_out.cause), "consecutive");
}

static void disturbances_closer_than_the_gap_are_one(void **state)
{
	(void)state;
	category_two(2);
	for (int i = 0; i < 6; i++)
		assert_true(rides(0.8, 5));
	rig_run(10);
	assert_true(rides(0.8, 15));
	assert_false(rides(0.8, 15));
}

static void after_the_window_they_are_counted_anew(void **state)
{
	(void)state;
	category_two(2);
	assert_true(rides(0.8, 15));
	assert_true(rides(0.8, 15));
	rig_run(3600);
	assert_true(rides(0.8, 15));
	assert_true(rides(0.8, 15));
	assert_false(rides(0.8, 15));
}

static void without_a_number_all_are_ridden_through(void **state)
{
	(void)state;
	category_two((double)NAN);
	for (int i = 0; i < 20; i++)
		assert_true(rides(0.8, 15));
}

/* ---- CEI 0-21: 81.S2 47.5-51.5 Hz always, 81.S1 49.8-50.2 Hz by signal ------------------- */

static const struct gc_charger charger = {
	.phases = 3, .f_nominal_mhz = 50000, .v_nominal_mv = 230000, .i_rated_ma = 16000,
	.s_rated_mva = 11040000, .p_import_max_mw = 11000000, .p_export_max_mw = 11000000,
	.q_max_mvar = 5000000, .switching_us = 20000, .haste_permille = 400,
};

static struct gc_profile italy;

static void italian(bool signal)
{
	struct gc_charger c = charger;
	char error[GC_ERROR_LEN];

	c.narrow = signal;
	assert_int_equal(gc_charger_settings(&c, &italy, &rig_settings, error), 0);
	rig_in = gc_input_none(DT);
	rig_grid(1, 50);
	rig_start(true);
	rig_run(1);
}

static int load_italy(void **state)
{
	char error[GC_ERROR_LEN];

	(void)state;
	return gc_profile_load(&italy, V2X_TREE "/userspace/gridcode/profiles/it-cei-0-21.conf",
			       error);
}

static void without_the_signal_the_wide_window_holds(void **state)
{
	static const double inside[] = { 50.3, 51.4, 49.7, 47.6 };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		italian(false);
		rig_grid(1, inside[i]);
		rig_run(5);
		assert_int_not_equal(rig_out.state, GC_TRIP);
	}
	italian(false);
	rig_grid(1, 51.6);
	assert_near(rig_until(GC_TRIP, 1), 0.1, 1e-9);
	assert_int_equal(rig_out.cause, GC_BY_OF1);
}

static void with_the_signal_the_narrow_window_trips_in_its_time(void **state)
{
	(void)state;
	italian(true);
	rig_grid(1, 50.19);
	rig_run(5);
	assert_int_not_equal(rig_out.state, GC_TRIP);
	rig_grid(1, 50.25);
	assert_near(rig_until(GC_TRIP, 1), 0.1, 1e-9);
	assert_int_equal(rig_out.cause, GC_BY_OF3);
	italian(true);
	rig_grid(1, 49.75);
	assert_near(rig_until(GC_TRIP, 1), 0.1, 1e-9);
	assert_int_equal(rig_out.cause, GC_BY_UF3);
}

static void the_local_command_narrows_without_a_signal(void **state)
{
	char error[GC_ERROR_LEN];

	(void)state;
	assert_int_equal(gc_profile_set(&italy, "external_signal.local=yes", true, error), 0);
	italian(false);
	rig_grid(1, 50.25);
	assert_near(rig_until(GC_TRIP, 1), 0.1, 1e-9);
}

/* Thresholds of the kernel's table, mHz, by side. */
static bool table_has(bool signal, uint8_t side, int32_t mhz)
{
	struct gc_charger c = charger;
	struct v2x_prot_table t;
	char error[GC_ERROR_LEN];

	c.narrow = signal;
	assert_int_equal(gc_charger_table(&c, &italy, &t, error), 0);
	for (uint32_t i = 0; i < t.count; i++) {
		if (t.entry[i].quantity == V2X_PROT_F && t.entry[i].side == side &&
		    t.entry[i].threshold == mhz)
			return true;
	}
	return false;
}

static void the_kernel_has_the_window_that_holds(void **state)
{
	(void)state;
	assert_true(table_has(false, V2X_PROT_OVER, 51500));
	assert_true(table_has(false, V2X_PROT_UNDER, 47500));
	assert_false(table_has(false, V2X_PROT_OVER, 50200));
	assert_true(table_has(true, V2X_PROT_OVER, 50200));
	assert_true(table_has(true, V2X_PROT_UNDER, 49800));
}

static void a_stage_the_signal_needs_is_refused_with_its_clause(void **state)
{
	char error[GC_ERROR_LEN];

	(void)state;
	assert_true(gc_profile_set(&italy, "trip.of3_limit=52Hz", false, error) >= 0);
	assert_true(gc_profile_set(&italy, "trip.of3_time=1s", false, error) >= 0);
	assert_int_equal(gc_profile_check(&italy, "site.conf", error), -EINVAL);
	assert_non_null(strstr(error, "of3_limit"));
	assert_non_null(strstr(error, "external_signal"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_third_disturbance_of_two_may_end_it),
		cmocka_unit_test(disturbances_closer_than_the_gap_are_one),
		cmocka_unit_test(after_the_window_they_are_counted_anew),
		cmocka_unit_test(without_a_number_all_are_ridden_through),
		cmocka_unit_test_setup(without_the_signal_the_wide_window_holds, load_italy),
		cmocka_unit_test_setup(with_the_signal_the_narrow_window_trips_in_its_time,
				       load_italy),
		cmocka_unit_test_setup(the_local_command_narrows_without_a_signal, load_italy),
		cmocka_unit_test_setup(the_kernel_has_the_window_that_holds, load_italy),
		cmocka_unit_test_setup(a_stage_the_signal_needs_is_refused_with_its_clause,
				       load_italy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
