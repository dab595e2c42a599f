// SPDX-License-Identifier: Apache-2.0
/* What holds after a return to service, and what was of the service before. Generator sign. */
#include "rig.h"

/* Trip by over-voltage and wait until service has come again. */
static void trip_and_return(void)
{
	rig_grid(1.3, 50);
	rig_run(1);
	assert_int_equal(rig_out.state, GC_TRIP);
	rig_grid(1, 50);
	assert_true(rig_until(GC_CONTINUOUS, 30) > 0);
}

static void trip_at_130_percent(void)
{
	rig_set("trip.ov1_limit", 1.2);
	rig_set("trip.ov1_time", 0.1);
}

static void a_limit_of_zero_holds_from_the_first_step_of_service(void **state)
{
	(void)state;
	for (int started = 0; started < 2; started++) {
		rig_fresh();
		trip_at_130_percent();
		rig_set("active_limit.enable", 1);
		rig_set("active_limit.limit", 0);
		rig_set("active_limit.response", 15);
		rig_demand(1);
		rig_start(started);
		if (started)
			trip_and_return();
		else
			assert_true(rig_until(GC_CONTINUOUS, 30) > 0);
		for (int i = 0; i < 1000; i++) {
			assert_true(rig_p() == 0);
			assert_true(rig_out.p_lo_pu == 0);
			rig_run(DT);
		}
	}
}

static void what_the_frequency_did_out_of_service_does_not_hold_power_in_service(void **state)
{
	(void)state;
	/* VDE-AR-N 4105: ended ten minutes after 50.2 Hz. */
	rig_fresh();
	rig_set("lfsm_o.enable", 1);
	rig_set("lfsm_o.start", 50.2);
	rig_set("lfsm_o.droop", 0.05);
	rig_set("lfsm_o.stop_time", 600);
	rig_set("lfsm_o.return_ramp", 0.1);
	rig_demand(0.8);
	rig_start(false);
	rig_grid(1, 50.25);
	rig_run(5);
	rig_grid(1, 50);
	assert_true(rig_until(GC_CONTINUOUS, 30) > 0);
	rig_run(1);
	assert_near(rig_p(), 0.8, 1e-9);
	assert_int_equal(rig_out.p_by, GC_BY_NOTHING);
}

static void over_frequency_never_lowers_charging_above_the_generating_rating(void **state)
{
	(void)state;
	/* Half of the apparent power may be fed in, all of it charged. */
	rig_fresh();
	rig_set("rating.p", 0.5);
	rig_set("rating.charge", 1);
	rig_set("freq_droop.enable", 1);
	rig_set("freq_droop.response", 0);
	rig_demand(-0.8);
	rig_start(true);
	rig_run(1);
	assert_near(rig_p(), -0.8, 1e-9);
	rig_grid(1, 50.1); /* 64 mHz of 2.5 Hz a pu of rated active power */
	rig_run(1);
	assert_near(rig_p(), -0.8 - 0.5 * 0.064 / 2.5, 1e-9);
	rig_grid(1, 52);
	rig_run(1);
	assert_near(rig_p(), -1, 1e-9);
}

static void charging_reaches_its_own_rating_on_the_ramp_of_entering(void **state)
{
	(void)state;
	/* 3.68 kVA fed in at most, 7.36 kW charged. */
	rig_fresh();
	rig_set("rating.p", 0.5);
	rig_set("rating.charge", 1);
	rig_set("enter_service.ramp_time", 100);
	rig_demand(-1);
	rig_start(false);
	rig_run(10 + DT);
	rig_run(50);
	assert_near(rig_p(), -0.5, 0.001);
	rig_run(60);
	assert_near(rig_p(), -1, 1e-9);
	rig_set("active_limit.enable", 1);
	rig_set("active_limit.charge", 0.8);
	gridcode_change(&rig_engine, &rig_settings);
	rig_run(1);
	assert_near(rig_p(), -0.8, 1e-9);
	assert_int_equal(rig_out.p_by, GC_BY_LIMIT);
}

static void the_return_ramp_ends_when_it_has_been_reached(void **state)
{
	(void)state;
	rig_fresh();
	rig_set("ride_through.return_ramp", 1);
	rig_set("cessation.enable", 1);
	rig_set("cessation.v_low", 0.5);
	rig_start(true);
	rig_demand(0.9);
	rig_run(DT); /* an ordinary demand is no return */
	assert_near(-rig_out.p_pu, 0.9, 1e-9);
	rig_grid(0.3, 50);
	rig_run(0.2);
	assert_near(rig_out.p_pu, 0, 1e-12);
	rig_grid(1, 50);
	rig_run(0.5);
	assert_near(-rig_out.p_pu, 0.5, 2 * DT);
	rig_run(0.5);
	assert_near(-rig_out.p_pu, 0.9, 1e-9);
	rig_demand(-0.9);
	rig_run(DT);
	assert_near(-rig_out.p_pu, -0.9, 1e-9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_limit_of_zero_holds_from_the_first_step_of_service),
		cmocka_unit_test(what_the_frequency_did_out_of_service_does_not_hold_power_in_service),
		cmocka_unit_test(over_frequency_never_lowers_charging_above_the_generating_rating),
		cmocka_unit_test(charging_reaches_its_own_rating_on_the_ramp_of_entering),
		cmocka_unit_test(the_return_ramp_ends_when_it_has_been_reached),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
