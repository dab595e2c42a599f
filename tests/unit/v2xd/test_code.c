// SPDX-License-Identifier: Apache-2.0
/* The grid code as a service: what it makes of cycles and demands, beside the arbiter. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "../../../userspace/v2xd/services/code.h"

#define CYCLE_NS 20000000ULL
#define PROFILES V2X_TREE "/userspace/gridcode/profiles"

static struct code code;
static struct code_report report;
static struct v2x_cycle cycle;
static struct code_seen seen;
static struct gc_profile profile;

static const struct gc_charger charger = {
	.phases = 3, .f_nominal_mhz = 50000, .v_nominal_mv = 230000, .i_rated_ma = 16000,
	.s_rated_mva = 11000000, .p_import_max_mw = 11000000, .p_export_max_mw = 11000000,
	.q_max_mvar = 5500000, .switching_us = 20000, .haste_permille = 400,
};

static void grid(int32_t v_mv, int32_t f_mhz)
{
	cycle.v_mv[0] = cycle.v_mv[1] = cycle.v_mv[2] = v_mv;
	cycle.f_mhz = f_mhz;
}

static void start(const char *name, bool running)
{
	struct code_setting setting = { .enable = true, .charger = charger };
	char path[512], error[GC_ERROR_LEN];

	snprintf(path, sizeof(path), "%s/%s.conf", PROFILES, name);
	assert_int_equal(gc_profile_load(&profile, path, error), 0);
	assert_int_equal(gc_charger_settings(&charger, &profile, &setting.settings, error), 0);
	memset(&code, 0, sizeof(code));
	memset(&report, 0, sizeof(report));
	cycle = (struct v2x_cycle){ .state = V2X_STATE_RUN };
	seen = (struct code_seen){ .cycle = &cycle, .dt_ns = CYCLE_NS, .state = V2X_STATE_RUN,
				   .order_p = dispatch_any() };
	grid(230000, 50000);
	code_set(&code, &setting, running);
}

/* The charger follows within a cycle. */
static void run_s(double s)
{
	for (int n = (int)(s * 50 + 0.5); n > 0; n--) {
		code_step(&code, &seen, &report);
		cycle.p_mw = report.env.p_want_mw;
	}
}

/* At half a hertz a second: a step would be a loss of mains to this code. */
static void frequency_to(int32_t f_mhz)
{
	for (; cycle.f_mhz < f_mhz; cycle.f_mhz += 10)
		run_s(0.02);
	run_s(10);
}

static void without_a_code_nothing_is_said(void **state)
{
	struct dispatch_envelope e;

	(void)state;
	memset(&code, 0, sizeof(code));
	code_step(&code, &(struct code_seen){ .dt_ns = CYCLE_NS }, &report);
	assert_false(report.on);
	assert_false(code_envelope(&report, &e));
}

static void service_is_entered_after_the_observation_time(void **state)
{
	struct dispatch_envelope e;

	(void)state;
	start("uk-g99", false);
	seen.demand.p_mw = -5000000;
	run_s(19.9);
	assert_false(report.env.connect);
	assert_true(code_envelope(&report, &e));
	assert_true(e.p.lo == 0 && e.p.hi == 0 && !e.p.has_want);
	assert_string_equal(e.reason, "waiting");
	assert_true(report.wait_s > 0 && report.wait_s < 0.2);
	run_s(0.2);
	assert_true(report.env.connect);
	assert_int_equal(report.env.p_want_mw, -5000000);
}

/* VDE: 600 s from zero to rated; the ramp waits for the contactors. */
static void the_ramp_of_entering_waits_until_power_can_flow(void **state)
{
	(void)state;
	start("de-vde-ar-n-4105", false);
	seen.state = V2X_STATE_IDLE;
	seen.demand.p_mw = -5000000;
	run_s(90);
	assert_true(report.env.connect && report.state == GC_ENTERING);
	seen.state = V2X_STATE_RUN;
	run_s(60);
	/* 60 of 600 s: a tenth of 11 kW */
	assert_in_range(-report.env.p_want_mw, 1090000, 1110000);
	assert_int_equal(report.env.p_by, GC_BY_ENTER_RAMP);
}

/* G99: 10 % droop of rated power above 50.4 Hz: 0.5 Hz more are a tenth of it. */
static void over_frequency_lowers_export_by_the_droop(void **state)
{
	struct dispatch_envelope e;

	(void)state;
	start("uk-g99", true);
	seen.demand.p_mw = -8000000;
	run_s(1);
	assert_false(report.env.p_decides);
	frequency_to(50900);
	assert_in_range(-report.env.p_want_mw, 6890000, 6910000);
	assert_true(code_envelope(&report, &e));
	assert_true(e.p.has_want && e.p.lo >= -6910000);
	assert_string_equal(e.reason, "lfsm-o at 50.900 Hz");
}

/* What others ask for stays below the code: the arbiter with both. */
static void a_lower_rank_cannot_pass_it(void **state)
{
	struct dispatch_table table = { 0 };
	struct dispatch_result result;
	struct dispatch_envelope e, user = { .active = true, .p = dispatch_want(-11000000),
					     .q = dispatch_any(), .reason = "user" };

	(void)state;
	start("uk-g99", true);
	seen.demand.p_mw = -8000000;
	run_s(1);
	frequency_to(51400);
	assert_true(code_envelope(&report, &e));
	dispatch_put(&table, SOURCE_GRIDCODE, &e);
	dispatch_put(&table, SOURCE_USER, &user);
	dispatch_put(&table, SOURCE_DROOP, &user);
	dispatch_run(&table, SOURCE_COUNT, 1, &result);
	assert_int_equal(result.p_by, SOURCE_GRIDCODE);
	/* 1 Hz beyond 50.4: a fifth of the rating */
	assert_in_range(-result.p_mw, 5790000, 5810000);
}

static void missing_cycles_are_bridged_then_safe(void **state)
{
	(void)state;
	start("uk-g99", true);
	seen.demand.p_mw = -5000000;
	run_s(1);
	seen.cycle = NULL;
	run_s(0.08);
	assert_true(report.env.connect && report.doubt == GC_DOUBT_CYCLE);
	run_s(0.1);
	assert_false(report.env.connect);
	assert_int_equal(report.cause, GC_BY_MEASUREMENT);
	assert_int_equal(report.env.p_lo_mw, 0);
	assert_int_equal(report.env.p_hi_mw, 0);
	seen.cycle = &cycle;
	run_s(19);
	assert_false(report.env.connect);
	run_s(2);
	assert_true(report.env.connect);
}

static void after_a_self_test_service_is_entered_as_at_first(void **state)
{
	struct code_setting setting;

	(void)state;
	start("it-cei-0-21", true);
	setting = code.setting;
	run_s(1);
	setting.anew = true;
	code_set(&code, &setting, true); /* nothing has tripped: nothing begins anew */
	run_s(1);
	assert_true(report.env.connect);
	seen.fault = V2X_REASON_GRID_OVER_FREQUENCY;
	run_s(1);
	assert_false(report.env.connect);
	assert_in_range(report.wait_s, 290, 300);
	seen.fault = 0;
	code_set(&code, &setting, false);
	run_s(29);
	assert_false(report.env.connect);
	run_s(2);
	assert_true(report.env.connect);
}

static void assert_no_eyes(void)
{
	assert_false(report.env.connect);
	assert_int_equal(report.cause, GC_BY_MEASUREMENT);
	assert_int_equal(report.env.p_lo_mw, 0);
	assert_int_equal(report.env.p_hi_mw, 0);
}

/* [measurement] frozen = 1 s, jump = 2 Hz; missing is 0.1 s by itself. */
static void start_guarded(void)
{
	start("uk-g99", true);
	code.engine.settings.guard.frozen_s = 1;
	code.engine.settings.guard.jump_hz = 2;
	seen.demand.p_mw = -5000000;
}

static void numbers_that_stand_still_end_service(void **state)
{
	(void)state;
	start_guarded();
	for (int n = 0; n < 100; n++) { /* as a live grid has it: never the same twice */
		grid(230000 + n % 2, 50000);
		run_s(0.02);
	}
	assert_true(report.env.connect);
	run_s(0.9);
	assert_true(report.env.connect);
	run_s(0.2);
	assert_no_eyes();
}

static void a_jump_no_grid_makes_is_bridged_and_a_lasting_one_ends_service(void **state)
{
	(void)state;
	start_guarded();
	run_s(0.1);
	grid(230000, 47400);
	run_s(0.08);
	grid(230001, 50000);
	run_s(0.04);
	assert_true(report.env.connect);
	grid(230000, 47400);
	run_s(0.12);
	assert_no_eyes();
}

static void values_that_cannot_be_are_bridged_then_end_service(void **state)
{
	static const struct { int32_t v_mv, f_mhz; unsigned int doubt; } rows[] = {
		{ -1, 50000, GC_DOUBT_VOLTAGE },
		{ INT32_MAX, 50000, GC_DOUBT_VOLTAGE },
		{ 230000, -50000, GC_DOUBT_FREQUENCY },
		{ 230000, INT32_MAX, GC_DOUBT_FREQUENCY },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		start_guarded();
		run_s(0.1);
		grid(rows[i].v_mv, rows[i].f_mhz);
		run_s(0.08);
		assert_true(report.env.connect);
		assert_int_equal(report.doubt, rows[i].doubt);
		run_s(0.1);
		assert_no_eyes();
	}
}

static void a_trip_only_the_kernel_saw_starts_the_observation_once(void **state)
{
	(void)state;
	start("uk-g99", true);
	run_s(1);
	seen.state = V2X_STATE_FAULT;
	seen.fault = V2X_REASON_GRID_ROCOF;
	run_s(0.4);
	assert_true(report.env.connect);
	run_s(0.3);
	assert_false(report.env.connect);
	assert_int_equal(report.cause, GC_BY_ISLAND);
	assert_int_equal(report.tripped_by, V2X_REASON_GRID_ROCOF);
	assert_string_equal(report.env.p_why, "out of service, tripped by the kernel");
	run_s(21);
	assert_int_equal(report.tripped_by, 0);
	assert_true(report.env.connect);
}

/* G99: 52 Hz for 0.5 s; the text tells how it was, not how it is. */
static void a_trip_is_told_with_the_value_that_made_it(void **state)
{
	(void)state;
	start("uk-g99", true);
	run_s(1);
	frequency_to(52100);
	grid(230000, 50000);
	run_s(2);
	assert_int_equal(report.cause, GC_BY_OF1);
	assert_string_equal(report.env.p_why, "out of service by of1 at 52.100 Hz");
}

/* A DSO's limits reach the function [order] with its ramp, and zero stays zero. */
static void orders_of_the_operator_reach_the_engine(void **state)
{
	struct code_setting setting;

	(void)state;
	start("uk-g99", true);
	setting = code.setting;
	setting.settings.order.enable = 1;
	setting.settings.order.timeout_s = NAN;
	code_set(&code, &setting, true);
	seen.demand.p_mw = -5000000;
	seen.order_p = dispatch_limit(0, 3000000);
	seen.ordered = true;
	run_s(1);
	assert_int_equal(report.env.p_lo_mw, 0);
	assert_int_equal(report.env.p_hi_mw, 3000000);
	assert_int_equal(report.env.p_want_mw, 0);
	assert_int_equal(report.env.p_by, GC_BY_ORDER);
	/* Without a time-out it holds until it is taken back. */
	run_s(100);
	assert_int_equal(report.env.p_want_mw, 0);
	seen.order_p = dispatch_any();
	seen.ordered = false;
	run_s(1);
	assert_int_equal(report.env.p_want_mw, -5000000);
	assert_int_equal(report.env.p_hi_mw, 11000000);
}

/* An order that nobody repeats is not heard again with every cycle. */
static void an_operator_that_falls_silent_leaves_the_fail_safe(void **state)
{
	struct code_setting setting;

	(void)state;
	start("uk-g99", true);
	setting = code.setting;
	setting.settings.order.enable = 1;
	setting.settings.order.timeout_s = 10;
	setting.settings.order.fail_limit = 0.1;
	code_set(&code, &setting, true);
	seen.demand.p_mw = -8000000;
	seen.order_p = dispatch_limit(-5500000, 11000000);
	seen.ordered = true;
	for (int n = 0; n < 3; n++) {
		seen.order_new = true;
		run_s(0.02);
		seen.order_new = false;
		run_s(9);
		assert_int_equal(report.env.p_want_mw, -5500000);
		assert_int_equal(report.env.p_by, GC_BY_ORDER);
	}
	run_s(1.1);
	assert_int_equal(report.env.p_want_mw, -1100000);
	assert_int_equal(report.env.p_by, GC_BY_FAIL_SAFE);
	seen.order_new = true;
	run_s(0.04);
	assert_int_equal(report.env.p_want_mw, -5500000);
}

static void hear(struct code_input input)
{
	code_hear(&code, &input);
}

/* AS/NZS: DRM 6 halves generation, DRM 0 disconnects; at 60 s and more the way back. */
static void demand_response_modes_are_heard(void **state)
{
	struct code_setting setting;

	(void)state;
	start("au-4777-a", true);
	setting = code.setting;
	setting.settings.drm.enable = 1;
	code_set(&code, &setting, true);
	seen.demand.p_mw = -8000000;
	run_s(60);
	hear((struct code_input){ .has_drm = true, .drm = GC_DRM(6) });
	run_s(3);
	assert_int_equal(report.env.p_want_mw, -5500000);
	assert_int_equal(report.env.p_by, GC_BY_DRM);
	hear((struct code_input){ .has_drm = true, .drm = GC_DRM(0) });
	run_s(0.1);
	assert_false(report.env.connect);
	assert_int_equal(report.cause, GC_BY_PERMIT);
	assert_int_equal(report.env.p_lo_mw, 0);
}

static void without_a_permit_service_ends(void **state)
{
	(void)state;
	start("uk-g99", true);
	seen.demand.p_mw = 5000000;
	run_s(1);
	hear((struct code_input){ .has_permit = true, .permit = false });
	run_s(0.02);
	assert_false(report.env.connect);
	assert_int_equal(report.env.p_hi_mw, 0);
	hear((struct code_input){ .has_permit = true, .permit = true });
	run_s(19);
	assert_false(report.env.connect);
	run_s(2);
	assert_true(report.env.connect);
}

/* A charger that comes back, or a daemon that starts again, asks nobody anew. */
static void a_permit_that_was_taken_away_stays_away(void **state)
{
	struct code_setting setting;

	(void)state;
	start("uk-g99", true);
	setting = code.setting;
	setting.withheld = true;
	setting.drm = GC_DRM(6);
	memset(&code, 0, sizeof(code));
	code_set(&code, &setting, false);
	run_s(60);
	assert_false(report.env.connect);
	assert_int_equal(report.cause, GC_BY_PERMIT);
	assert_true(!report.permit && report.drm == GC_DRM(6));
	assert_string_equal(report.env.p_why, "out of service by permit");
	hear((struct code_input){ .has_permit = true, .permit = true });
	run_s(25);
	assert_true(report.env.connect);
	assert_int_equal(report.drm, GC_DRM(6));
}

/* VDE-AR-N 4105: 4.6 kVA between phases; 7.4 kW on the first, whose neighbours count. */
static void the_phases_of_the_site_count_for_the_unbalance(void **state)
{
	struct code_setting setting;

	(void)state;
	start("de-vde-ar-n-4105", true);
	setting = code.setting;
	setting.charger.phases = 1;
	setting.settings.rating.phases = GC_ONE_PHASE;
	setting.settings.rating.s_kva = 11;
	code_set(&code, &setting, true);
	seen.demand.p_mw = -7400000;
	run_s(1);
	assert_in_range(-report.env.p_want_mw, 4599000, 4600000);
	assert_int_equal(report.env.p_by, GC_BY_UNBALANCE);
	/* The house takes 2 kW of the same phase: the meter says less by what is fed in. */
	for (int n = 0; n < 3; n++) {
		hear((struct code_input){ .has_phases = true,
					  .phase_mw = { 2000000 + cycle.p_mw, 0, 0 } });
		run_s(2);
		assert_in_range(-report.env.p_want_mw, 6599000, 6600000);
	}
	run_s(3.2);
	assert_in_range(-report.env.p_want_mw, 4599000, 4600000);
	/* Photovoltaics on the same phase leave less. */
	hear((struct code_input){ .has_phases = true, .phase_mw = { -3000000 + cycle.p_mw, 0, 0 } });
	run_s(1);
	assert_in_range(-report.env.p_want_mw, 1599000, 1600000);
}

/* Zero export: what the site takes may be supplied, nothing more; a silent meter is fail-safe. */
static void zero_export_follows_the_meter_and_fails_safe(void **state)
{
	struct code_setting setting;

	(void)state;
	start("uk-g99", true);
	setting = code.setting;
	setting.settings.export = (struct gc_export_settings){ 1, 0, 1, 5, 0 };
	code_set(&code, &setting, true);
	seen.demand.p_mw = -8000000;
	/* The house takes 3 kW: a reading is that less what the charger supplies. */
	for (int n = 0; n < 100; n++) {
		hear((struct code_input){ .has_site = true, .site_mw = 3000000 + cycle.p_mw });
		run_s(0.1);
	}
	assert_in_range(-report.env.p_want_mw, 2990000, 3010000);
	assert_int_equal(report.env.p_by, GC_BY_EXPORT);
	run_s(4.9);
	assert_in_range(-report.env.p_want_mw, 2990000, 3010000);
	run_s(0.3);
	assert_int_equal(report.env.p_want_mw, 0);
	assert_int_equal(report.env.p_by, GC_BY_FAIL_SAFE);
}

/* VDE Q(U) at 1.05 pu: halfway from 1.03 to 1.07, -15 %; import positive: absorbing. */
static void volt_var_asks_for_reactive_power(void **state)
{
	struct dispatch_envelope e;

	(void)state;
	start("de-vde-ar-n-4105", true);
	seen.demand.q_mvar = -1000000;
	seen.demand.q_given = true;
	grid(241500, 50000);
	run_s(40);
	assert_in_range(report.env.q_want_mvar, 1640000, 1660000);
	assert_true(code_envelope(&report, &e));
	assert_true(e.q.has_want && !e.p.has_want);
	assert_string_equal(e.reason, "volt-var at 1.050 pu");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_code_nothing_is_said),
		cmocka_unit_test(service_is_entered_after_the_observation_time),
		cmocka_unit_test(the_ramp_of_entering_waits_until_power_can_flow),
		cmocka_unit_test(over_frequency_lowers_export_by_the_droop),
		cmocka_unit_test(a_lower_rank_cannot_pass_it),
		cmocka_unit_test(missing_cycles_are_bridged_then_safe),
		cmocka_unit_test(after_a_self_test_service_is_entered_as_at_first),
		cmocka_unit_test(numbers_that_stand_still_end_service),
		cmocka_unit_test(a_jump_no_grid_makes_is_bridged_and_a_lasting_one_ends_service),
		cmocka_unit_test(values_that_cannot_be_are_bridged_then_end_service),
		cmocka_unit_test(a_trip_only_the_kernel_saw_starts_the_observation_once),
		cmocka_unit_test(a_trip_is_told_with_the_value_that_made_it),
		cmocka_unit_test(orders_of_the_operator_reach_the_engine),
		cmocka_unit_test(a_permit_that_was_taken_away_stays_away),
		cmocka_unit_test(the_phases_of_the_site_count_for_the_unbalance),
		cmocka_unit_test(an_operator_that_falls_silent_leaves_the_fail_safe),
		cmocka_unit_test(demand_response_modes_are_heard),
		cmocka_unit_test(without_a_permit_service_ends),
		cmocka_unit_test(zero_export_follows_the_meter_and_fails_safe),
		cmocka_unit_test(volt_var_asks_for_reactive_power),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
