// SPDX-License-Identifier: Apache-2.0
/* The sequence, the vehicle, the lease, and that power never goes astray. */
#include "test.h"

#include "rig.h"

static struct rig rig;

/* The virtual stage draws its losses from the grid also when nothing is asked. */
#define LOSSES_MW	150000

static void running(s32 p_mw)
{
	rig_init(&rig);
	assert_true(rig_run(&rig));
	rig_power(&rig, p_mw);
	rig_ms(&rig, 400);
	rig_watch(&rig);
}

static void the_states_follow_each_other_to_run(void **state)
{
	static const u32 order[] = {
		V2X_STATE_SELF_TEST, V2X_STATE_INSULATION, V2X_STATE_PRECHARGE,
		V2X_STATE_CONTACTOR, V2X_STATE_SYNC, V2X_STATE_RUN,
	};
	size_t n = 0;

	(void)state;
	rig_init(&rig);
	assert_true(rig_run(&rig));
	for (unsigned int i = 0; i < rig.events; i++)
		if (rig.event[i].type == V2X_EVENT_STATE)
			assert_int_equal(rig.event[i].to, order[n++]);
	assert_int_equal(n, ARRAY_SIZE(order));
	assert_int_equal(rig.ctl.contactors, V2X_CONTACTOR_GRID | V2X_CONTACTOR_EV);
}

static void a_start_without_a_vehicle_is_refused_with_its_reason(void **state)
{
	(void)state;
	rig_init(&rig);
	rig_ms(&rig, 200);
	rig_request(&rig, V2X_CTL_REQ_START, V2X_REASON_REQUEST);
	rig_ms(&rig, 100);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_IDLE);
	assert_int_equal(rig.ctl.seq.reason, V2X_REASON_EV_NOT_READY);
	assert_non_null(rig_has_event(&rig, V2X_EVENT_STATE, V2X_REASON_EV_NOT_READY));
	assert_int_equal(rig.trips, 0);
}

static void the_output_meets_the_vehicle_before_its_contact_closes(void **state)
{
	(void)state;
	rig_init(&rig);
	rig_plug(&rig);
	rig_ms(&rig, 200);
	rig_request(&rig, V2X_CTL_REQ_START, V2X_REASON_REQUEST);
	for (int i = 0; i < 100000 && !(rig.ctl.contactors & V2X_CONTACTOR_EV); i++)
		rig_tick(&rig);
	assert_true(rig.ctl.contactors & V2X_CONTACTOR_EV);
	assert_near(rig.ctl.m.vev_q8 / 256, rig.ctl.m.v_vehicle_mv, 15000);
}

/* Ticks from S2 opening to all contacts open. */
static u64 leave(void)
{
	u64 begun = rig.tick;

	rig.env.car.ready = 0;
	rig_env(&rig);
	while (rig.ctl.contactors && rig.tick - begun < 4000)
		rig_tick(&rig);
	return rig.tick - begun;
}

static void a_vehicle_that_leaves_opens_within_100_ms(void **state)
{
	(void)state;
	running(200000);
	assert_true(leave() <= 2000);
	assert_int_equal(rig.ctl.seq.reason, V2X_REASON_EV_DISCONNECTED);
	rig_ms(&rig, 200);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_IDLE);
	assert_int_equal(rig.ctl.seq.reason, V2X_REASON_EV_DISCONNECTED);
	assert_int_equal(rig.trips, 0);
}

static void a_vehicle_that_lets_go_of_full_power_trips_and_says_so(void **state)
{
	(void)state;
	running(11000000);
	assert_true(leave() <= 2000);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_FAULT);
	assert_int_equal(rig.ctl.seq.fault, V2X_REASON_EV_DISCONNECTED);
}

static void a_stop_ramps_down_and_opens_and_keeps_the_reason(void **state)
{
	(void)state;
	running(11000000);
	rig_request(&rig, V2X_CTL_REQ_STOP, V2X_REASON_CLOSED);
	assert_in_range(rig_until(&rig, V2X_STATE_IDLE, 1000), 150, 350);
	assert_int_equal(rig.ctl.seq.reason, V2X_REASON_CLOSED);
	assert_int_equal(rig.ctl.contactors, 0);
	assert_true(rig.p_lo_mw > -LOSSES_MW * 2);
	assert_int_equal(rig.trips, 0);
}

static void a_lease_that_ran_out_ramps_to_zero_and_opens(void **state)
{
	(void)state;
	running(-9000000);
	rig.user.lease_until_tick = rig.tick + 2000;
	rig_user(&rig);
	rig_ms(&rig, 95);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_RUN);
	assert_true(rig_until(&rig, V2X_STATE_IDLE, 500) >= 0);
	assert_int_equal(rig.ctl.seq.reason, V2X_REASON_LEASE);
	assert_non_null(rig_has_event(&rig, V2X_EVENT_LEASE, V2X_REASON_LEASE));
	assert_true(rig.p_hi_mw < LOSSES_MW);
	/* and nothing resumes by itself */
	rig_ms(&rig, 1000);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_IDLE);
}

static void a_start_under_a_dead_lease_is_refused(void **state)
{
	(void)state;
	rig_init(&rig);
	rig_plug(&rig);
	rig_ms(&rig, 200);
	rig.user.lease_until_tick = rig.tick - 1;
	rig_user(&rig);
	rig_request(&rig, V2X_CTL_REQ_START, V2X_REASON_REQUEST);
	rig_ms(&rig, 50);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_IDLE);
	assert_int_equal(rig.ctl.seq.reason, V2X_REASON_LEASE);
}

static void an_expired_set_point_goes_to_zero_and_stays_in_run(void **state)
{
	(void)state;
	running(7000000);
	rig.user.setpoint.ramp_mw_per_s = 1;	/* a slow ramp must not keep it up */
	rig.user.valid_until_tick = rig.tick + 400;
	rig_user(&rig);
	rig_ms(&rig, 20 + 250);
	assert_int_equal(rig.ctl.ref.p_q16, 0);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_RUN);
	assert_true(rig.ctl.ref.limited_by & V2X_LIMITED_EXPIRED);
	assert_non_null(rig_has_event(&rig, V2X_EVENT_LIMITED, V2X_REASON_SETPOINT_EXPIRED));
	assert_true(rig.p_lo_mw > -LOSSES_MW * 2);
}

/* Zero means zero: the sign of every cycle is watched. */
static void a_limit_of_zero_never_turns_the_power_round(void **state)
{
	(void)state;
	running(9000000);
	rig.user.limits.p_import_max_mw = 0;
	rig_user(&rig);
	rig_ms(&rig, 500);
	assert_int_equal(rig.ctl.ref.p_q16, 0);
	assert_true(rig.ctl.ref.limited_by & V2X_LIMITED_P_IMPORT);
	assert_true(rig.p_lo_mw > -LOSSES_MW * 2);
	assert_true(rig.cycle.p_mw < LOSSES_MW);

	running(-9000000);
	rig.user.limits.p_export_max_mw = 0;
	rig_user(&rig);
	rig_ms(&rig, 500);
	assert_int_equal(rig.ctl.ref.p_q16, 0);
	assert_true(rig.ctl.ref.limited_by & V2X_LIMITED_P_EXPORT);
	assert_true(rig.p_hi_mw < LOSSES_MW * 2);
	assert_true(rig.cycle.p_mw > -LOSSES_MW);
}

static void a_vehicle_current_of_zero_is_zero(void **state)
{
	(void)state;
	running(9000000);
	rig.user.limits.i_ev_charge_max_ma = 0;
	rig_user(&rig);
	rig_ms(&rig, 300);
	assert_near(rig.cycle.i_ev_ma, 0, 60);
	assert_true(rig.ctl.ref.limited_by & V2X_LIMITED_I_EV);
	rig.user.limits.i_ev_charge_max_ma = 40000;
	rig.user.limits.i_ev_discharge_max_ma = 0;
	rig_user(&rig);
	rig_power(&rig, -5000000);
	rig_watch(&rig);
	rig_ms(&rig, 500);
	assert_near(rig.cycle.i_ev_ma, 0, 60);
	assert_true(rig.p_lo_mw > -LOSSES_MW);
}

struct ceiling {
	const char *name;
	size_t field;
	u32 value;
	u32 why;
	double p_w;
};

static void each_limit_holds_and_is_named(void **state)
{
	static const struct ceiling ceilings[] = {
		{ "p_import", offsetof(struct v2x_limits, p_import_max_mw), 4000000,
		  V2X_LIMITED_P_IMPORT, 4000 },
		{ "i_max", offsetof(struct v2x_limits, i_max_ma), 6000,
		  V2X_LIMITED_I_AC, 3 * 229.4 * 6 },
		{ "i_ev", offsetof(struct v2x_limits, i_ev_charge_max_ma), 10000,
		  V2X_LIMITED_I_EV, 353.2 * 10 },
		{ "v_ev", offsetof(struct v2x_limits, v_ev_max_mv), 340000,
		  V2X_LIMITED_V_EV, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ceilings); i++) {
		const struct ceiling *c = &ceilings[i];

		running(0);
		memcpy((char *)&rig.user.limits + c->field, &c->value, sizeof(c->value));
		rig_power(&rig, 10000000);
		rig_ms(&rig, 500);
		assert_near(rig.cycle.p_mw / 1000.0, c->p_w, 120);
		assert_true(rig.ctl.ref.limited_by & c->why);
		assert_non_null(rig_has_event(&rig, V2X_EVENT_LIMITED, V2X_REASON_NONE));
	}
}

static void heat_derates_before_it_trips(void **state)
{
	(void)state;
	running(11000000);
	rig.env.fault[PLANT_FAULT_OVER_TEMPERATURE] = 89;	/* 6 K below the trip */
	rig_env(&rig);
	rig_ms(&rig, 300);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_RUN);
	/* 11 kW / 15 K * 6 K, to the rounding of the slope */
	assert_near(rig.cycle.p_mw, 4400000, 100000);
	assert_true(rig.ctl.ref.limited_by & V2X_LIMITED_TEMPERATURE);
}

static void a_ramp_has_its_slope(void **state)
{
	(void)state;
	running(0);
	rig.user.setpoint.p_mw = 10000000;
	rig.user.setpoint.ramp_mw_per_s = 5000000;
	rig_user(&rig);
	rig_ms(&rig, 1000);
	assert_near((double)rig.ctl.ref.p_q16 / 65536, 5000000, 10000);
	assert_true(rig.ctl.ref.limited_by & V2X_LIMITED_RAMP);
	rig_ms(&rig, 1100);
	assert_near((double)rig.ctl.ref.p_q16 / 65536, 10000000, 1);
	assert_int_equal(rig.ctl.ref.limited_by, 0);
}

static void settings_beyond_the_ratings_are_refused_by_name(void **state)
{
	struct v2x_ctl_user u;
	const char *field = NULL;

	(void)state;
	rig_init(&rig);
	u = rig.user;
	u.setpoint.p_mw = 11000001;
	assert_int_equal(v2x_ctl_check(&rig.desc, &u, &field), -34);	/* -ERANGE */
	assert_string_equal(field, "p_mw");
	u = rig.user;
	u.setpoint.ramp_mw_per_s = 0;
	assert_int_equal(v2x_ctl_check(&rig.desc, &u, &field), -22);	/* -EINVAL */
	assert_string_equal(field, "ramp_mw_per_s");
	u = rig.user;
	u.limits.v_ev_min_mv = u.limits.v_ev_max_mv;
	assert_int_equal(v2x_ctl_check(&rig.desc, &u, &field), -34);
	assert_string_equal(field, "v_ev_min_mv");
	u = rig.user;
	u.protection.f_under_mhz = 50001;
	assert_int_equal(v2x_ctl_check(&rig.desc, &u, &field), -34);
	assert_string_equal(field, "f_under_mhz");
	u = rig.user;
	u.pilot_permille = 20;
	assert_int_equal(v2x_ctl_check(&rig.desc, &u, NULL), -22);
}

static void two_chargers_do_not_know_of_each_other(void **state)
{
	static struct rig other;

	(void)state;
	rig_init(&rig);
	rig_init(&other);
	assert_true(rig_run(&rig));
	rig_ms(&other, 100);
	assert_int_equal(other.ctl.seq.state, V2X_STATE_IDLE);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_RUN);
}

static void watch_sync(struct rig *r)
{
	double *sum = r->arg;
	double p = 0;

	if (r->ctl.seq.state != V2X_STATE_SYNC)
		return;
	for (int ph = 0; ph < 3; ph++)
		p += (double)r->plant.v_pcc[ph] / 0x1p20 * (double)(r->plant.i2[ph] >> 20) / 0x1p20;
	sum[0] += p * 50e-6;
	sum[1] += 50e-6;
}

static void synchronising_takes_the_links_charge_and_no_more_than_2_percent(void **state)
{
	double sum[2] = { 0 }, was;

	(void)state;
	rig_init(&rig);
	rig.each = watch_sync;
	rig.arg = sum;
	rig_plug(&rig);
	rig_ms(&rig, 200);
	rig_request(&rig, V2X_CTL_REQ_START, V2X_REASON_REQUEST);
	assert_true(rig_until(&rig, V2X_STATE_SYNC, 4000) >= 0);
	was = (double)rig.plant.v_dc / 0x1p40;
	rig_watch(&rig);
	assert_true(rig_until(&rig, V2X_STATE_RUN, 4000) >= 0);
	rig.each = NULL;
	print_message("%.0f J in %.2f s, of which the link 0.4 mF (800^2 - %.0f^2) = %.0f J; "
		      "most power of a cycle %d W\n", sum[0], sum[1], was,
		      0.4e-3 * (800 * 800 - was * was), rig.p_hi_mw / 1000);
	assert_near(sum[0], 0.4e-3 * (800 * 800 - was * was), 60 * sum[1] + 5);
	/* 2 %, losses, and in one cycle the output capacitor: 4 J in 20 ms and less */
	assert_true(rig.p_hi_mw < 220000 + 40000 + 200000);
	assert_true(rig.p_lo_mw > -60000);
}

static void a_low_voltage_holds_power_at_the_current_limit_and_says_so(void **state)
{
	(void)state;
	running(10500000);
	rig.env.grid.voltage_mpu = 870;
	rig_env(&rig);
	rig_ms(&rig, 500);
	/* 3 * 200.1 V * 16 A = 9.6 kW */
	assert_near(rig.cycle.p_mw, 9600000, 150000);
	assert_true(rig.cycle.limited_by & V2X_LIMITED_I_AC);
	assert_true(rig.ctl.ref.limited_by & V2X_LIMITED_I_AC);
	assert_near(rig.cycle.p_ref_mw, rig.cycle.p_mw, 60000);
	assert_non_null(rig_has_event(&rig, V2X_EVENT_LIMITED, V2X_REASON_NONE));
	rig.env.grid.voltage_mpu = 1000;
	rig_env(&rig);
	rig_ms(&rig, 500);
	assert_int_equal(rig.cycle.limited_by, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_states_follow_each_other_to_run),
		cmocka_unit_test(a_start_without_a_vehicle_is_refused_with_its_reason),
		cmocka_unit_test(the_output_meets_the_vehicle_before_its_contact_closes),
		cmocka_unit_test(a_vehicle_that_leaves_opens_within_100_ms),
		cmocka_unit_test(a_vehicle_that_lets_go_of_full_power_trips_and_says_so),
		cmocka_unit_test(a_stop_ramps_down_and_opens_and_keeps_the_reason),
		cmocka_unit_test(a_lease_that_ran_out_ramps_to_zero_and_opens),
		cmocka_unit_test(a_start_under_a_dead_lease_is_refused),
		cmocka_unit_test(an_expired_set_point_goes_to_zero_and_stays_in_run),
		cmocka_unit_test(a_limit_of_zero_never_turns_the_power_round),
		cmocka_unit_test(a_vehicle_current_of_zero_is_zero),
		cmocka_unit_test(each_limit_holds_and_is_named),
		cmocka_unit_test(heat_derates_before_it_trips),
		cmocka_unit_test(a_ramp_has_its_slope),
		cmocka_unit_test(settings_beyond_the_ratings_are_refused_by_name),
		cmocka_unit_test(two_chargers_do_not_know_of_each_other),
		cmocka_unit_test(synchronising_takes_the_links_charge_and_no_more_than_2_percent),
		cmocka_unit_test(a_low_voltage_holds_power_at_the_current_limit_and_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
