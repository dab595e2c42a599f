// SPDX-License-Identifier: Apache-2.0
/* What comes from outside: the reactive part of demand response, and a meter that is lost. */
#include "rig.h"

static void responsive(void)
{
	rig_fresh();
	rig_set("rating.q_inject", 0.6);
	rig_set("rating.q_absorb", 0.6);
	rig_set("demand_response.enable", 1);
	rig_set("demand_response.response", 1);
	rig_set("demand_response.q_source", 0.44);
	rig_set("demand_response.q_sink", 0.44);
	rig_start(true);
}

static void mode_three_sources_and_mode_seven_sinks_reactive_power(void **state)
{
	static const struct { unsigned int modes; double p, q; } rows[] = {
		{ GC_DRM(3), -1, 0.44 }, { GC_DRM(3), 0.5, 0.44 }, { GC_DRM(7), 1, -0.44 },
		{ GC_DRM(7), -0.5, -0.44 }, { GC_DRM(2), -1, 0 }, { GC_DRM(6), 1, 0 },
		/* The stricter mode takes the place of the other one. */
		{ GC_DRM(2) | GC_DRM(3), -1, 0 }, { GC_DRM(5) | GC_DRM(7), 1, 0 },
		/* Both: by the direction of power. */
		{ GC_DRM(3) | GC_DRM(7), -1, 0.44 }, { GC_DRM(3) | GC_DRM(7), 1, -0.44 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		responsive();
		rig_run(0.1);
		rig_in.drm = rows[i].modes;
		rig_demand(rows[i].p);
		rig_run(2);
		assert_near(rig_q(), rows[i].q, 1e-9);
		if (rows[i].q != 0)
			assert_int_equal(rig_out.q_by, GC_BY_DRM);
	}
}

static void its_reactive_part_is_there_within_the_response_and_gone_after_it(void **state)
{
	(void)state;
	responsive();
	rig_demand(-1);
	rig_run(1);
	rig_in.drm = GC_DRM(3);
	rig_run(0.5);
	assert_near(rig_q(), 0.22, 0.01);
	rig_run(0.5);
	assert_near(rig_q(), 0.44, 1e-9);
	rig_in.drm = 0;
	rig_run(1);
	assert_near(rig_q(), 0, 1e-9);
}

/* Sourcing at high voltage would work against the curve: there the curve decides. */
static void voltage_goes_before_the_reactive_part(void **state)
{
	static const struct { double v, q; } rows[] = {
		/* curve: 0, -0.1, -0.44, +0.2 */
		{ 1.00, 0.44 }, { 1.05, 0.24 }, { 1.22, -0.44 }, { 0.90, 0.44 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		responsive();
		rig_set("volt_var.enable", 1);
		rig_set("volt_var.v1", 0.78);
		rig_set("volt_var.q1", 0.44);
		rig_set("volt_var.v2", 1);
		rig_set("volt_var.q2", 0);
		rig_set("volt_var.v3", 1);
		rig_set("volt_var.q3", 0);
		rig_set("volt_var.v4", 1.22);
		rig_set("volt_var.q4", -0.44);
		rig_set("volt_var.response", 0);
		rig_start(true);
		rig_grid(rows[i].v, 50);
		rig_in.drm = GC_DRM(3);
		rig_demand(-0.5);
		rig_run(3);
		assert_near(rig_q(), rows[i].q, 1e-6);
	}
}

static void without_an_amount_modes_three_and_seven_limit_only(void **state)
{
	(void)state;
	responsive();
	rig_set("demand_response.q_source", 0);
	rig_set("demand_response.q_sink", 0);
	rig_start(true);
	rig_in.drm = GC_DRM(3);
	rig_demand(-1);
	rig_run(3);
	assert_near(rig_p(), -0.75, 1e-9);
	assert_near(rig_q(), 0, 1e-9);
}

/* ---- export limit: the meter is lost ---------------------------------------------------- */

static void metered(double fail)
{
	rig_fresh();
	rig_set("export_limit.enable", 1);
	rig_set("export_limit.limit", 0);
	rig_set("export_limit.response", 0);
	rig_set("export_limit.timeout", 5);
	rig_set("export_limit.fail_limit", fail);
	rig_start(true);
	rig_demand(1);
	/* A house that takes half of the rating. */
	for (int i = 0; i < 100; i++) {
		rig_in.site_import_pu = 0.5 + rig_out.p_pu;
		rig_run(DT);
	}
	assert_near(rig_p(), 0.5, 1e-9);
}

/* Steps until the export is at @p; -1 when it takes longer than @most_s. */
static double export_is(double p, double most_s)
{
	for (int i = 1; i * DT <= most_s + 1e-9; i++) {
		rig_run(DT);
		if (fabs(rig_p() - p) < 1e-9)
			return i * DT;
	}
	return -1;
}

static void a_lost_meter_means_no_export_when_the_time_is_over(void **state)
{
	double t;

	(void)state;
	metered(0);
	rig_in.site_import_pu = (double)NAN;
	t = export_is(0, 6);
	assert_true(t > 4.9 && t <= 5 + 2 * DT);
	assert_int_equal(rig_out.p_by, GC_BY_FAIL_SAFE);
	/* Charging goes on: it exports nothing. */
	rig_demand(-1);
	rig_run(1);
	assert_near(rig_p(), -1, 1e-9);
}

static void readings_that_are_not_numbers_are_a_lost_meter(void **state)
{
	static const double bad[] = { (double)NAN, (double)INFINITY, -(double)INFINITY };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		metered(0);
		rig_in.site_import_pu = bad[i];
		assert_true(export_is(0, 5 + 2 * DT) > 0);
	}
}

static void without_any_reading_nothing_is_exported_at_all(void **state)
{
	(void)state;
	metered(0);
	rig_start(true);
	rig_in.site_import_pu = (double)NAN;
	rig_run(DT);
	assert_near(rig_p(), 0, 1e-9);
	assert_int_equal(rig_out.p_by, GC_BY_FAIL_SAFE);
}

static void a_meter_that_comes_back_is_believed_again(void **state)
{
	(void)state;
	metered(0);
	rig_in.site_import_pu = (double)NAN;
	rig_run(10);
	assert_near(rig_p(), 0, 1e-9);
	for (int i = 0; i < 100; i++) {
		rig_in.site_import_pu = 0.5 + rig_out.p_pu;
		rig_run(DT);
	}
	assert_near(rig_p(), 0.5, 1e-9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mode_three_sources_and_mode_seven_sinks_reactive_power),
		cmocka_unit_test(its_reactive_part_is_there_within_the_response_and_gone_after_it),
		cmocka_unit_test(voltage_goes_before_the_reactive_part),
		cmocka_unit_test(without_an_amount_modes_three_and_seven_limit_only),
		cmocka_unit_test(a_lost_meter_means_no_export_when_the_time_is_over),
		cmocka_unit_test(readings_that_are_not_numbers_are_a_lost_meter),
		cmocka_unit_test(without_any_reading_nothing_is_exported_at_all),
		cmocka_unit_test(a_meter_that_comes_back_is_believed_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
