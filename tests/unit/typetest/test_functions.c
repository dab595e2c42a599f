// SPDX-License-Identifier: Apache-2.0
/* Procedures beyond trips and curves: a good charger passes, each defect is found. */
#include "passes.h"

/* ---- AS/NZS 4777.2 ----------------------------------------------------------------------- */

static void demand_response_modes_pass(void **state)
{
	(void)state;
	assert_true(passes("au-4777-a", "demand-response", NULL));
}

static void a_mode_three_without_vars_fails(void **state)
{
	(void)state;
	assert_false(passes("au-4777-a", "demand-response", "demand_response.q_source=0%"));
}

static void an_answer_after_ten_seconds_fails(void **state)
{
	(void)state;
	assert_false(passes("au-4777-a", "demand-response", "demand_response.response=10s"));
}

static void responses_begin_and_end_in_time(void **state)
{
	(void)state;
	assert_true(passes("nz-4777", "response-sampling", NULL));
}

static void a_response_that_takes_a_minute_fails(void **state)
{
	(void)state;
	assert_false(passes("nz-4777", "response-sampling", "volt_var.response=60s"));
}

/* ---- the point of connection ----------------------------------------------------------------- */

static void nothing_is_exported_without_the_meter(void **state)
{
	(void)state;
	assert_true(passes("uk-g99", "export-limit", NULL));
}

static void exporting_without_the_meter_fails(void **state)
{
	(void)state;
	assert_false(passes("uk-g99", "export-limit", "export_limit.fail_limit=100%"));
}

static void waiting_too_long_for_the_meter_fails(void **state)
{
	(void)state;
	assert_false(passes("uk-g99", "export-limit", "export_limit.timeout=20s"));
}

static void three_phases_carry_the_same(void **state)
{
	(void)state;
	assert_true(passes("au-4777-a", "phase-unbalance", NULL));
	defect.phase_lost = true;
	assert_false(passes("au-4777-a", "phase-unbalance", NULL));
}

/*
 * A current sensor shows 10 % too much: its phase carries less, and power flows on. Of
 * more the charger's own sum of currents makes a trip.
 */
static void a_phase_that_carries_less_is_found(void **state)
{
	(void)state;
	defect.current_gain = 0.10;
	assert_false(passes("au-4777-a", "phase-unbalance", NULL));
	assert_true(nothing_fails_but("dI, pu"));
}

static void one_phase_keeps_to_the_limit_between_phases(void **state)
{
	(void)state;
	model = "1p-7kw";
	assert_true(passes("it-cei-0-21", "phase-unbalance", NULL));
	model = "1p-7kw";
	assert_false(passes("it-cei-0-21", "phase-unbalance", "unbalance.power=20kVA"));
	model = "1p-7kw";
	assert_true(passes("de-vde-ar-n-4105", "phase-unbalance", NULL));
}

/* ---- current ------------------------------------------------------------------------------- */

static void the_current_is_clean(void **state)
{
	(void)state;
	assert_true(passes("ieee1547-2018-b-iii", "harmonics", NULL));
	assert_true(passes("uk-g99", "harmonics", NULL));
}

static void dead_time_nobody_compensates_is_found(void **state)
{
	(void)state;
	defect.dead_time_us = 15;
	assert_false(passes("ieee1547-2018-b-iii", "harmonics", NULL));
}

static void hardly_any_direct_current_flows(void **state)
{
	(void)state;
	assert_true(passes("ieee1547-2018-b-iii", "dc-injection", NULL));
}

static void a_sensor_with_an_offset_is_found(void **state)
{
	(void)state;
	defect.dc_sensor = true;
	assert_false(passes("ieee1547-2018-b-iii", "dc-injection", NULL));
}

/* 1 % of the rated current is twice what is allowed, and nothing the charger itself sees. */
static void a_sensor_that_drifted_is_found(void **state)
{
	(void)state;
	defect.dc_drift = 0.01;
	assert_false(passes("ieee1547-2018-b-iii", "dc-injection", NULL));
	assert_true(nothing_fails_but("DC, %"));
}

/* ---- islands and disturbances --------------------------------------------------------------- */

static void islands_are_left(void **state)
{
	(void)state;
	assert_true(passes("ieee1547-2018-b-iii", "islanding", NULL));
	assert_true(passes("de-vde-ar-n-4105", "islanding", NULL));
}

static void an_island_nobody_looks_for_goes_on(void **state)
{
	(void)state;
	defect.no_lom = true;
	assert_false(passes("ieee1547-2018-b-iii", "islanding", NULL));
}

/* New England trips at 0.88 pu after 3 s, which comes before what category II rides through. */
static void riding_through_is_judged_with_trips_as_slow_as_the_category_has_them(void **state)
{
	(void)state;
	assert_true(passes("us-iso-ne-2021", "voltage-ride-through", NULL));
	assert_false(passes("us-iso-ne-2021", "voltage-ride-through", "trip.uv2_limit=0.7pu"));
}

static void a_jump_is_no_rate_of_change(void **state)
{
	(void)state;
	assert_true(passes("dk-tr331-dk1", "phase-jump", NULL));
	assert_true(passes("dk-tr331-dk1", "rocof-trip", NULL));
	assert_false(passes("dk-tr331-dk1", "rocof-trip", "rocof.time=0.4s"));
}

static void as_many_disturbances_as_the_category_names_are_ridden_through(void **state)
{
	(void)state;
	assert_true(passes("ieee1547-2018-b-iii", "consecutive-disturbances", NULL));
	assert_true(passes("ieee1547-2018-a-i", "consecutive-disturbances", NULL));
	assert_false(passes("ieee1547-2018-b-iii", "consecutive-disturbances",
			    "consecutive.sets=1 consecutive.gap=2s"));
}

/* ---- CEI 0-21 ------------------------------------------------------------------------ */

static void the_signal_narrows_the_window(void **state)
{
	(void)state;
	assert_true(passes("it-cei-0-21", "external-signal", NULL));
}

static void a_signal_without_effect_fails(void **state)
{
	(void)state;
	assert_false(passes("it-cei-0-21", "external-signal", "external_signal.f_high=51Hz"));
}

static void the_self_test_finds_each_stage(void **state)
{
	(void)state;
	assert_true(passes("it-cei-0-21", "self-test", NULL));
	/* Seven stages: what is set, the value and the time of each. */
	assert_int_equal(result.line_count, 21);
}

static void the_self_test_finds_a_late_stage(void **state)
{
	(void)state;
	assert_false(passes("it-cei-0-21", "self-test", "trip.of1_time=1s"));
}

static void the_self_test_finds_another_threshold(void **state)
{
	(void)state;
	assert_false(passes("it-cei-0-21", "self-test", "trip.ov1_limit=1.2pu"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(demand_response_modes_pass),
		cmocka_unit_test(a_mode_three_without_vars_fails),
		cmocka_unit_test(an_answer_after_ten_seconds_fails),
		cmocka_unit_test(responses_begin_and_end_in_time),
		cmocka_unit_test(a_response_that_takes_a_minute_fails),
		cmocka_unit_test(nothing_is_exported_without_the_meter),
		cmocka_unit_test(exporting_without_the_meter_fails),
		cmocka_unit_test(waiting_too_long_for_the_meter_fails),
		cmocka_unit_test(three_phases_carry_the_same),
		cmocka_unit_test(a_phase_that_carries_less_is_found),
		cmocka_unit_test(one_phase_keeps_to_the_limit_between_phases),
		cmocka_unit_test(the_current_is_clean),
		cmocka_unit_test(dead_time_nobody_compensates_is_found),
		cmocka_unit_test(hardly_any_direct_current_flows),
		cmocka_unit_test(a_sensor_with_an_offset_is_found),
		cmocka_unit_test(a_sensor_that_drifted_is_found),
		cmocka_unit_test(islands_are_left),
		cmocka_unit_test(an_island_nobody_looks_for_goes_on),
		cmocka_unit_test(
			riding_through_is_judged_with_trips_as_slow_as_the_category_has_them),
		cmocka_unit_test(a_jump_is_no_rate_of_change),
		cmocka_unit_test(as_many_disturbances_as_the_category_names_are_ridden_through),
		cmocka_unit_test(the_signal_narrows_the_window),
		cmocka_unit_test(a_signal_without_effect_fails),
		cmocka_unit_test(the_self_test_finds_each_stage),
		cmocka_unit_test(the_self_test_finds_a_late_stage),
		cmocka_unit_test(the_self_test_finds_another_threshold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
