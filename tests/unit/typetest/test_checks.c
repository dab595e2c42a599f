// SPDX-License-Identifier: Apache-2.0
/* A charger that does as its grid code says passes; one that does not, fails that test. */
#include "passes.h"

static void a_trip_in_its_time_passes(void **state)
{
	(void)state;
	assert_true(passes("de-vde-ar-n-4105", "over-voltage-trip", NULL));
}

static void a_trip_in_twice_its_time_fails(void **state)
{
	(void)state;
	assert_false(passes("de-vde-ar-n-4105", "over-voltage-trip", "trip.ov1_time=0.2s"));
}

static void a_trip_at_half_its_time_fails(void **state)
{
	(void)state;
	assert_false(passes("uk-g99", "over-voltage-trip", "trip.ov1_time=0.6s"));
}

static void a_limit_two_percent_too_far_out_fails(void **state)
{
	(void)state;
	assert_false(passes("de-vde-ar-n-4105", "over-voltage-trip", "trip.ov1_limit=1.28pu"));
}

static void power_that_follows_frequency_passes(void **state)
{
	(void)state;
	assert_true(passes("de-vde-ar-n-4105", "lfsm-o", NULL));
}

static void power_that_does_not_follow_frequency_fails(void **state)
{
	(void)state;
	assert_false(passes("de-vde-ar-n-4105", "lfsm-o", "lfsm_o.enable=no"));
}

static void a_slope_of_half_the_gradient_fails(void **state)
{
	(void)state;
	assert_false(passes("de-vde-ar-n-4105", "lfsm-o", "lfsm_o.droop=10%"));
}

static void a_response_that_begins_too_late_fails(void **state)
{
	(void)state;
	assert_false(passes("de-vde-ar-n-4105", "lfsm-o", "lfsm_o.delay=10s"));
}

/* ---- riding through --------------------------------------------------------------------- */

static void a_sequence_of_dips_is_ridden_through(void **state)
{
	(void)state;
	assert_true(passes("ieee1547-2018-b-ii", "voltage-sequences", NULL));
}

/* Three dips come together in one set, the second set is one too many. */
static void a_second_set_of_dips_that_trips_fails(void **state)
{
	(void)state;
	assert_false(passes("ieee1547-2018-b-ii", "voltage-sequences", "consecutive.sets=1"));
}

static void frequencies_inside_the_trips_are_ridden_through(void **state)
{
	(void)state;
	assert_true(passes("ieee1547-2018-b-iii", "frequency-ride-through", NULL));
	assert_true(passes("de-vde-ar-n-4105", "frequency-ride-through", NULL));
}

static void a_trip_inside_the_range_of_frequency_fails(void **state)
{
	(void)state;
	assert_false(passes("de-vde-ar-n-4105", "frequency-ride-through", "trip.of1_limit=51.3Hz"));
}

static void what_is_not_measured_fails(void **state)
{
	struct result r;

	(void)state;
	result_init(&r);
	assert_false(result_pass(&r));
	result_add(&r, &(struct result_line){ .measured = 1, .lo = NAN, .hi = 1 });
	assert_true(result_pass(&r));
	result_add(&r, &(struct result_line){ .measured = NAN, .lo = NAN, .hi = NAN });
	assert_false(result_pass(&r));
	result_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_measured_fails),
		cmocka_unit_test(a_trip_in_its_time_passes),
		cmocka_unit_test(a_trip_in_twice_its_time_fails),
		cmocka_unit_test(a_trip_at_half_its_time_fails),
		cmocka_unit_test(a_limit_two_percent_too_far_out_fails),
		cmocka_unit_test(power_that_follows_frequency_passes),
		cmocka_unit_test(power_that_does_not_follow_frequency_fails),
		cmocka_unit_test(a_slope_of_half_the_gradient_fails),
		cmocka_unit_test(a_response_that_begins_too_late_fails),
		cmocka_unit_test(a_sequence_of_dips_is_ridden_through),
		cmocka_unit_test(a_second_set_of_dips_that_trips_fails),
		cmocka_unit_test(frequencies_inside_the_trips_are_ridden_through),
		cmocka_unit_test(a_trip_inside_the_range_of_frequency_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
