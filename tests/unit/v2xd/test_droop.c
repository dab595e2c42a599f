// SPDX-License-Identifier: Apache-2.0
/* Droop: values worked out by hand from the formula, both directions, limits, filter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../../userspace/v2xd/services/droop.h"

#define MS 1000000ULL
#define HUGE_MW 350000000

/* Frequency containment reserve: 10 kW at 200 mHz, band 10 mHz, through the origin. */
static const struct droop_params fcr = {
	.f_nominal_mhz = 50000, .db_mhz = 10, .band = DROOP_BAND_ORIGIN, .full_mhz = 200,
	.p_full_mw = 10000000, .up_max_mw = HUGE_MW, .down_max_mw = HUGE_MW,
	.p_min_mw = -HUGE_MW, .p_max_mw = HUGE_MW,
};

/* IEEE 1547-2018 default: 36 mHz, 5 %, 60 Hz, 11 kW. */
static const struct droop_params ieee1547 = {
	.f_nominal_mhz = 60000, .db_mhz = 36, .band = DROOP_BAND_OFFSET, .droop_permille = 50,
	.p_full_mw = 11000000, .up_max_mw = HUGE_MW, .down_max_mw = HUGE_MW,
	.p_min_mw = -HUGE_MW, .p_max_mw = HUGE_MW,
};

static void fcr_curve(void **state)
{
	static const struct { int32_t f_mhz, p_mw; } rows[] = {
		/* dP = 10 kW * (f - 50 Hz) / 200 mHz outside 10 mHz */
		{ 50000, 0 }, { 50010, 0 }, { 49990, 0 }, { 50011, 550000 }, { 49989, -550000 },
		{ 50020, 1000000 }, { 49900, -5000000 }, { 50100, 5000000 }, { 50200, 10000000 },
		{ 49800, -10000000 }, { 49000, -50000000 },
	};

	(void)state;
	assert_null(droop_check(&fcr));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(droop_response_mw(&fcr, rows[i].f_mhz), rows[i].p_mw);
}

static void ieee1547_curve(void **state)
{
	static const struct { int32_t f_mhz, p_mw; } rows[] = {
		/* dP = 11 kW * (f - 60 -+ 0.036) / (60 * 0.05) */
		{ 60000, 0 }, { 60036, 0 }, { 59964, 0 },
		{ 60336, 1100000 },	/* 0.300 / 3 * 11 kW */
		{ 59664, -1100000 },
		{ 60037, 3667 },	/* 0.001 / 3 * 11 kW = 3666.7 W, in mW */
		{ 59963, -3667 },
		{ 61536, 5500000 },
	};

	(void)state;
	assert_null(droop_check(&ieee1547));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(droop_response_mw(&ieee1547, rows[i].f_mhz), rows[i].p_mw);
}

static void offset_band_with_full_mhz_reaches_full_there(void **state)
{
	struct droop_params p = fcr;

	(void)state;
	p.band = DROOP_BAND_OFFSET;
	assert_int_equal(droop_response_mw(&p, 50200), 10000000);
	assert_int_equal(droop_response_mw(&p, 49800), -10000000);
	assert_int_equal(droop_response_mw(&p, 50105), 5000000); /* 95 of 190 mHz */
}

static void response_and_result_are_limited_in_each_direction(void **state)
{
	struct droop_params p = fcr;
	struct droop d;

	(void)state;
	p.up_max_mw = 2000000;
	p.down_max_mw = 3000000;
	p.p_min_mw = 0;
	p.p_max_mw = 6000000;
	droop_init(&d, &p);
	assert_int_equal(droop_response_mw(&p, 49800), -2000000);
	assert_int_equal(droop_response_mw(&p, 50200), 3000000);
	/* p_min 0: never feeds back, whatever the frequency. */
	assert_int_equal(droop_step(&d, 49800, 1500000, 20 * MS), 0);
	assert_int_equal(droop_step(&d, 50200, 4000000, 20 * MS), 6000000);
}

static void zero_response_is_zero(void **state)
{
	struct droop_params p = fcr;

	(void)state;
	p.up_max_mw = 0;
	assert_int_equal(droop_response_mw(&p, 49000), 0);
	assert_int_equal(droop_response_mw(&p, 50100), 5000000);
	p.p_full_mw = 0;
	assert_int_equal(droop_response_mw(&p, 51000), 0);
}

static void goes_through_zero_into_discharge(void **state)
{
	struct droop d;

	(void)state;
	droop_init(&d, &fcr);
	assert_int_equal(droop_step(&d, 50000, 3000000, 20 * MS), 3000000);
	assert_int_equal(droop_step(&d, 49900, 3000000, 20 * MS), -2000000);
	assert_int_equal(droop_step(&d, 50100, 3000000, 20 * MS), 8000000);
}

static void latched_reference_holds_what_flowed_before(void **state)
{
	struct droop_params p = ieee1547;
	struct droop d;

	(void)state;
	p.reference = DROOP_REF_LATCHED;
	droop_init(&d, &p);
	assert_int_equal(droop_step(&d, 60000, 4000000, 20 * MS), 4000000);
	/* The baseline moves while outside: P_pre stays. */
	assert_int_equal(droop_step(&d, 60336, 4000000, 20 * MS), 5100000);
	assert_int_equal(droop_step(&d, 60336, 9000000, 20 * MS), 5100000);
	assert_int_equal(droop_step(&d, 60010, 9000000, 20 * MS), 9000000);
	assert_int_equal(droop_step(&d, 59664, 1000000, 20 * MS), -100000);
}

static void fixed_reference_ignores_the_baseline(void **state)
{
	struct droop_params p = fcr;
	struct droop d;

	(void)state;
	p.reference = DROOP_REF_FIXED;
	p.p_ref_mw = -1000000;
	droop_init(&d, &p);
	assert_int_equal(droop_step(&d, 50100, 7000000, 20 * MS), 4000000);
}

static void filter_takes_its_time_constant(void **state)
{
	struct droop_params p = fcr;
	struct droop d;
	int32_t p_mw = 0;

	(void)state;
	p.tau_ms = 500;
	droop_init(&d, &p);
	for (int ms = 0; ms < 500; ms += 20)
		p_mw = droop_step(&d, 50200, 0, 20 * MS);
	/* 1 - (1 + 20/500)^-25 = 62.49 % by backward Euler; 63.2 % for ever smaller steps */
	assert_in_range(p_mw, 6240000, 6260000);
	for (int ms = 0; ms < 10000; ms += 20)
		p_mw = droop_step(&d, 50200, 0, 20 * MS);
	assert_in_range(p_mw, 9999900, 10000000);
	droop_reset(&d);
	assert_int_equal(droop_step(&d, 50000, 0, 20 * MS), 0);
}

static void a_filter_never_overshoots_after_a_long_pause(void **state)
{
	struct droop_params p = fcr;
	struct droop d;

	(void)state;
	p.tau_ms = 60000;
	droop_init(&d, &p);
	for (int i = 0; i < 1000; i++) {
		int32_t p_mw = droop_step(&d, 50200, 0, UINT64_MAX);

		assert_in_range(p_mw, 1, 10000000);
	}
}

static void extreme_input_stays_in_range(void **state)
{
	struct droop_params p = fcr;
	struct droop d;

	(void)state;
	p.p_full_mw = INT32_MAX;
	p.full_mhz = 11;
	p.up_max_mw = INT32_MAX;
	p.down_max_mw = INT32_MAX;
	droop_init(&d, &p);
	assert_int_equal(droop_step(&d, INT32_MAX, INT32_MAX, 1), HUGE_MW);
	assert_int_equal(droop_step(&d, INT32_MIN, INT32_MIN, 1), -HUGE_MW);
}

static void both_directions_are_alike(void **state)
{
	(void)state;
	for (int32_t d = 0; d < 3000; d++) {
		assert_int_equal(droop_response_mw(&fcr, 50000 + d),
				 -droop_response_mw(&fcr, 50000 - d));
		assert_int_equal(droop_response_mw(&ieee1547, 60000 + d),
				 -droop_response_mw(&ieee1547, 60000 - d));
	}
}

static void bad_parameters_are_named(void **state)
{
	struct droop_params p;

	(void)state;
	p = fcr; p.droop_permille = 50;
	assert_non_null(droop_check(&p));
	p = fcr; p.full_mhz = 0;
	assert_non_null(droop_check(&p));
	p = fcr; p.f_nominal_mhz = 0;
	assert_non_null(droop_check(&p));
	p = fcr; p.band = DROOP_BAND_OFFSET; p.db_mhz = 200;
	assert_non_null(droop_check(&p));
	p = fcr; p.p_min_mw = 1;
	assert_non_null(droop_check(&p));
	p = fcr; p.p_max_mw = -1;
	assert_non_null(droop_check(&p));
	p = fcr; p.up_max_mw = -1;
	assert_non_null(droop_check(&p));
	p = fcr; p.db_mhz = -1;
	assert_non_null(droop_check(&p));
	p = fcr; p.tau_ms = -1;
	assert_non_null(droop_check(&p));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fcr_curve),
		cmocka_unit_test(ieee1547_curve),
		cmocka_unit_test(offset_band_with_full_mhz_reaches_full_there),
		cmocka_unit_test(response_and_result_are_limited_in_each_direction),
		cmocka_unit_test(zero_response_is_zero),
		cmocka_unit_test(goes_through_zero_into_discharge),
		cmocka_unit_test(latched_reference_holds_what_flowed_before),
		cmocka_unit_test(fixed_reference_ignores_the_baseline),
		cmocka_unit_test(filter_takes_its_time_constant),
		cmocka_unit_test(a_filter_never_overshoots_after_a_long_pause),
		cmocka_unit_test(extreme_input_stays_in_range),
		cmocka_unit_test(both_directions_are_alike),
		cmocka_unit_test(bad_parameters_are_named),
	};

	return cmocka_run_group_tests_name("v2xd droop", tests, NULL, NULL);
}
