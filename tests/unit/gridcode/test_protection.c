// SPDX-License-Identifier: Apache-2.0
/* Trip stages, 10-minute mean, rate of change of frequency, vector shift, ride-through. */
#include "rig.h"

static void a_stage_trips_after_its_time_and_not_before(void **state)
{
	(void)state;
	rig_fresh();
	rig_set("trip.uv1_limit", 0.8);
	rig_set("trip.uv1_time", 1.0);
	rig_start(true);
	rig_run(1);
	rig_grid(0.79, 50);
	/* 1.0 s counted with the first abnormal step: the 50th. */
	assert_near(rig_until(GC_TRIP, 2), 1.0, 1e-9);
	assert_int_equal(rig_out.cause, GC_BY_UV1);
	assert_false(rig_out.stay);
	assert_true(rig_out.p_lo_pu == 0 && rig_out.p_hi_pu == 0);
}

static void a_timer_starts_again_after_one_good_step(void **state)
{
	(void)state;
	rig_fresh();
	rig_set("trip.uv1_limit", 0.8);
	rig_set("trip.uv1_time", 1.0);
	rig_start(true);
	rig_run(1);
	rig_grid(0.7, 50);
	rig_run(0.98);
	rig_grid(0.8, 50); /* at the limit is not below it */
	rig_run(DT);
	rig_grid(0.7, 50);
	assert_near(rig_until(GC_TRIP, 2), 1.0, 1e-9);
}

static void the_nearest_and_the_farther_stage_each_keep_their_time(void **state)
{
	static const struct { double v; double time_s; enum gc_reason by; } rows[] = {
		{ 1.12, 2.0, GC_BY_OV1 }, { 1.25, 0.16, GC_BY_OV2 }, { 0.6, 2.0, GC_BY_UV1 },
		{ 0.4, 0.16, GC_BY_UV2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		rig_fresh();
		rig_set("trip.ov1_limit", 1.1);
		rig_set("trip.ov1_time", 2);
		rig_set("trip.ov2_limit", 1.2);
		rig_set("trip.ov2_time", 0.16);
		rig_set("trip.uv1_limit", 0.7);
		rig_set("trip.uv1_time", 2);
		rig_set("trip.uv2_limit", 0.45);
		rig_set("trip.uv2_time", 0.16);
		rig_start(true);
		rig_run(1);
		rig_grid(rows[i].v, 50);
		assert_near(rig_until(GC_TRIP, 5), rows[i].time_s, 1e-9);
		assert_int_equal(rig_out.cause, rows[i].by);
	}
}

static void one_phase_is_enough_unless_the_positive_sequence_is_looked_at(void **state)
{
	(void)state;
	rig_fresh();
	rig_set("trip.uv1_limit", 0.8);
	rig_set("trip.uv1_time", 0.1);
	rig_start(true);
	rig_run(1);
	rig_in.v_pu[1] = 0.79;
	assert_near(rig_until(GC_TRIP, 1), 0.1, 1e-9);
	/* An asymmetric rise that only the positive sequence is to judge. */
	rig_fresh();
	rig_set("trip.ov1_limit", 1.05);
	rig_set("trip.ov1_time", 0.1);
	rig_set("trip.quantity", GC_QUANTITY_POSITIVE);
	rig_start(true);
	rig_run(1);
	rig_in.v_pu[2] = 1.12; /* positive sequence (1 + 1 + 1.12) / 3 = 1.04 */
	assert_true(rig_until(GC_TRIP, 1) < 0);
	rig_in.v_pu[2] = 1.18; /* 1.06 */
	assert_near(rig_until(GC_TRIP, 1), 0.1, 1e-9);
}

static void frequency_stages_look_at_the_frequency(void **state)
{
	(void)state;
	rig_fresh();
	rig_set("trip.of1_limit", 51.5);
	rig_set("trip.of1_time", 0.1);
	rig_set("trip.uf1_limit", 47.5);
	rig_set("trip.uf1_time", 0.1);
	rig_start(true);
	rig_grid(1, 51.5);
	assert_true(rig_until(GC_TRIP, 1) < 0);
	rig_grid(1, 51.51);
	assert_near(rig_until(GC_TRIP, 1), 0.1, 1e-9);
	assert_int_equal(rig_out.cause, GC_BY_OF1);
	rig_start(true);
	rig_grid(1, 47.5);
	rig_run(1);
	rig_grid(1, 47.49);
	assert_near(rig_until(GC_TRIP, 1), 0.1, 1e-9);
	assert_int_equal(rig_out.cause, GC_BY_UF1);
}

static void the_ten_minute_mean_trips_when_the_mean_passes_not_the_voltage(void **state)
{
	double time_s;

	(void)state;
	rig_fresh();
	rig_in.dt_s = 0.1;
	rig_set("voltage_mean.limit", 1.10);
	rig_set("voltage_mean.time", 0);
	rig_start(true);
	rig_run(600);
	/*
	 * From a full window of 1.0 to one of 1.12: the mean of squares passes
	 * 1.21 after (1.21 - 1) / (1.2544 - 1) * 600 s = 495.3 s; the window
	 * moves in slots of 3 s.
	 */
	rig_grid(1.12, 50);
	time_s = rig_until(GC_TRIP, 600);
	assert_true(time_s > 495.2 && time_s < 498.5);
	assert_int_equal(rig_out.cause, GC_BY_MEAN);
	/* 1.09 for ever never does. */
	rig_start(true);
	rig_grid(1.09, 50);
	assert_true(rig_until(GC_TRIP, 1500) < 0);
}

static void rocof_trips_above_its_rate_for_its_time_only(void **state)
{
	double time_s = -1;

	(void)state;
	/* G99: 1 Hz/s, 500 ms. No trip at 0.95 Hz/s from 49 to 51 Hz. */
	rig_fresh();
	rig_set("rocof.limit", 1.0);
	rig_set("rocof.window", 0.5);
	rig_set("rocof.time", 0.5);
	rig_start(true);
	rig_grid(1, 49);
	rig_run(2);
	while (rig_in.f_hz < 51) {
		rig_run(DT);
		rig_in.f_hz += 0.95 * DT;
		assert_int_not_equal(rig_out.state, GC_TRIP);
	}
	rig_start(true);
	rig_grid(1, 50);
	rig_run(2);
	for (int i = 1; i < 200 && rig_out.state != GC_TRIP; i++) {
		rig_in.f_hz += 2.0 * DT;
		rig_run(DT);
		time_s = i * DT;
	}
	/* 2 Hz/s: the window's rate passes 1 Hz/s half way, 0.25 s, then 0.5 s. */
	assert_int_equal(rig_out.cause, GC_BY_ROCOF);
	assert_near(time_s, 0.76, 0.03);
}

/* Three cycles of the frequency that a jump reads as, and its way back. */
static void a_frequency_that_comes_and_goes_is_no_rate(void **state)
{
	(void)state;
	rig_fresh();
	rig_set("rocof.limit", 2.5);
	rig_set("rocof.window", 0.06);
	rig_set("rocof.time", 0.08);
	rig_start(true);
	rig_grid(1, 50);
	rig_run(2);
	rig_grid(1, 50.6);
	rig_run(3 * DT);
	rig_grid(1, 50);
	rig_run(1);
	assert_int_not_equal(rig_out.state, GC_TRIP);
	/* Four are a rate that stands for its time. */
	rig_set("rocof.window", 0.08);
	rig_start(true);
	rig_grid(1, 50);
	rig_run(2);
	rig_grid(1, 50.6);
	rig_run(5 * DT);
	assert_int_equal(rig_out.cause, GC_BY_ROCOF);
}

static void a_phase_jump_above_the_limit_trips_and_one_below_does_not(void **state)
{
	(void)state;
	rig_fresh();
	rig_set("vector_shift.limit", 50);
	rig_start(true);
	rig_in.shift_deg = -49;
	rig_run(0.1);
	assert_int_equal(rig_out.state, GC_CONTINUOUS);
	rig_in.shift_deg = -51;
	rig_run(DT);
	assert_int_equal(rig_out.cause, GC_BY_SHIFT);
}

static void loss_of_mains_and_a_withdrawn_permit_trip_at_once(void **state)
{
	(void)state;
	rig_fresh();
	rig_start(true);
	rig_in.island = true;
	rig_run(DT);
	assert_int_equal(rig_out.cause, GC_BY_ISLAND);
	rig_in.island = false;
	rig_start(true);
	rig_in.permit = false;
	rig_run(DT);
	assert_int_equal(rig_out.cause, GC_BY_PERMIT);
}

static void category_two_modes_by_voltage(void **state)
{
	static const struct { double v; enum gc_state mode; } rows[] = {
		{ 1.0, GC_CONTINUOUS }, { 0.881, GC_CONTINUOUS }, { 0.879, GC_MANDATORY },
		{ 0.651, GC_MANDATORY }, { 0.649, GC_PERMISSIVE }, { 0.301, GC_PERMISSIVE },
		{ 0.299, GC_CEASE }, { 1.099, GC_CONTINUOUS }, { 1.101, GC_PERMISSIVE },
		{ 1.199, GC_PERMISSIVE }, { 1.201, GC_CEASE },
	};

	(void)state;
	rig_fresh();
	rig_set("ride_through.v_cease_high", 1.2);
	rig_set("ride_through.v_permissive_high", 1.1);
	rig_set("ride_through.v_mandatory_low", 0.88);
	rig_set("ride_through.v_permissive_low", 0.65);
	rig_set("ride_through.v_cease_low", 0.3);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		rig_start(true);
		rig_grid(rows[i].v, 50);
		rig_run(DT);
		assert_int_equal(rig_out.state, rows[i].mode);
	}
}

static void momentary_cessation_stops_the_current_and_gives_it_back_on_a_ramp(void **state)
{
	(void)state;
	rig_fresh();
	rig_set("cessation.enable", 1);
	rig_set("cessation.v_low", 0.5);
	rig_set("cessation.v_high", 1.2);
	rig_set("ride_through.return_ramp", 0.4);
	for (double p = -0.8; p < 1; p += 1.6) {
		rig_grid(1, 50);
		rig_start(true);
		rig_demand(p);
		rig_run(1);
		rig_grid(0.4, 50);
		rig_run(0.1);
		assert_int_equal(rig_out.state, GC_CESSATION);
		assert_int_equal(rig_out.p_by, GC_BY_RIDE_THROUGH);
		assert_true(rig_out.p_pu == 0 && rig_out.p_ask_pu == 0 && rig_out.stay);
		rig_grid(1, 50);
		/* 1 pu in 0.4 s: 0.25 pu after 0.1 s, charging and discharging alike. */
		rig_run(0.1);
		assert_near(-rig_out.p_pu, p < 0 ? -0.25 : 0.25, 1e-9);
		rig_run(0.3);
		assert_near(-rig_out.p_pu, p, 1e-9);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stage_trips_after_its_time_and_not_before),
		cmocka_unit_test(a_timer_starts_again_after_one_good_step),
		cmocka_unit_test(the_nearest_and_the_farther_stage_each_keep_their_time),
		cmocka_unit_test(one_phase_is_enough_unless_the_positive_sequence_is_looked_at),
		cmocka_unit_test(frequency_stages_look_at_the_frequency),
		cmocka_unit_test(the_ten_minute_mean_trips_when_the_mean_passes_not_the_voltage),
		cmocka_unit_test(rocof_trips_above_its_rate_for_its_time_only),
		cmocka_unit_test(a_frequency_that_comes_and_goes_is_no_rate),
		cmocka_unit_test(a_phase_jump_above_the_limit_trips_and_one_below_does_not),
		cmocka_unit_test(loss_of_mains_and_a_withdrawn_permit_trip_at_once),
		cmocka_unit_test(category_two_modes_by_voltage),
		cmocka_unit_test(momentary_cessation_stops_the_current_and_gives_it_back_on_a_ramp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
