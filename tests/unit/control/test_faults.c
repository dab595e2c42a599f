// SPDX-License-Identifier: Apache-2.0
/* Every reason to trip, reached from its cause, in a running charger. */
#include "test.h"

#include "meter.h"

static struct rig rig;
static struct meter meter;

static void run_at(s32 p_mw)
{
	rig_init(&rig);
	assert_true(rig_run(&rig));
	rig_power(&rig, p_mw);
	rig_ms(&rig, 290);
	meter_attach(&meter, &rig);
	rig_ms(&rig, 10);
	meter_begin(&meter);
}

/* Ticks until the fault is latched; checks that it is that one and is safe. */
static u64 trips(u32 reason, u32 within_ms)
{
	u64 begun = rig.tick;
	const struct v2x_event *e;

	while (rig.ctl.seq.state != V2X_STATE_FAULT && rig.tick - begun < within_ms * 20ULL)
		rig_tick(&rig);
	if (rig.ctl.seq.fault != reason)
		print_error("fault %u instead of %u\n", rig.ctl.seq.fault, reason);
	assert_int_equal(rig.ctl.seq.fault, reason);
	assert_int_equal(rig.trips, 1);
	assert_false(rig.out.gate.gates);
	assert_false(rig.out.gate.dcdc_gates);
	assert_int_equal(rig.out.gate.contactors, 0);
	e = rig_has_event(&rig, V2X_EVENT_TRIP, reason);
	assert_non_null(e);
	rig_ms(&rig, 100);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_FAULT);
	assert_int_equal(rig.trips, 1);
	/* nothing flows the other way: 2 % of the rating, mean over half a cycle */
	if (rig.user.setpoint.p_mw)
		assert_true(meter_wrong(&meter, rig.user.setpoint.p_mw) <= 220);
	return e->tick - begun;
}

struct cause {
	enum plant_fault fault;
	u32 value;
	u32 reason;
	u32 within_ms;
};

static void each_plant_fault_trips_with_its_reason(void **state)
{
	static const struct cause causes[] = {
		{ PLANT_FAULT_GATE_FAULT, 1, V2X_REASON_GATE_DRIVER, 1 },
		{ PLANT_FAULT_GATE_FAULT, 8, V2X_REASON_GATE_DRIVER, 1 },
		{ PLANT_FAULT_OVER_CURRENT, 1, V2X_REASON_AC_OVER_CURRENT, 1 },
		{ PLANT_FAULT_DC_LINK, 1, V2X_REASON_DC_LINK_OVER_VOLTAGE, 1 },
		{ PLANT_FAULT_RESIDUAL_CURRENT, 1, V2X_REASON_RESIDUAL_CURRENT, 1 },
		{ PLANT_FAULT_ESTOP, 1, V2X_REASON_ESTOP, 1 },
		{ PLANT_FAULT_OVER_TEMPERATURE, 120, V2X_REASON_OVER_TEMPERATURE, 2 },
		{ PLANT_FAULT_ADC_OPEN, 1U << V2X_ADC_V_GRID_B, V2X_REASON_ADC_RANGE, 1 },
		{ PLANT_FAULT_ADC_OPEN, 1U << V2X_ADC_I_A, V2X_REASON_ADC_RANGE, 1 },
		{ PLANT_FAULT_ADC_OPEN, 1U << V2X_ADC_V_DC_LINK, V2X_REASON_ADC_RANGE, 1 },
		{ PLANT_FAULT_ADC_OPEN, 1U << V2X_ADC_V_EV, V2X_REASON_ADC_RANGE, 1 },
		{ PLANT_FAULT_ADC_OPEN, 1U << V2X_ADC_TEMP, V2X_REASON_ADC_RANGE, 3 },
		{ PLANT_FAULT_ADC_STUCK, 1U << V2X_ADC_V_GRID_A, V2X_REASON_ADC_STUCK, 6 },
		{ PLANT_FAULT_ADC_STUCK, 1U << V2X_ADC_V_GRID_C, V2X_REASON_ADC_STUCK, 6 },
		{ PLANT_FAULT_ADC_STUCK, 1U << V2X_ADC_I_B, V2X_REASON_ADC_STUCK, 6 },
		{ PLANT_FAULT_ADC_OFFSET, 1U << V2X_ADC_I_C, V2X_REASON_CURRENT_SUM, 1 },
		{ PLANT_FAULT_PHASE_LOSS, 2, V2X_REASON_GRID_PHASE_LOSS, 200 },
		{ PLANT_FAULT_PILOT_SHORT, 1, V2X_REASON_PILOT_FAULT, 50 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(causes); i++) {
		run_at(6000000);
		rig.env.fault[causes[i].fault] = causes[i].value;
		rig_env(&rig);
		trips(causes[i].reason, causes[i].within_ms);
	}
}

static void a_fault_line_opens_the_gates_in_the_same_tick(void **state)
{
	(void)state;
	run_at(11000000);
	rig.env.fault[PLANT_FAULT_GATE_FAULT] = 2;
	rig_env(&rig);
	assert_true(trips(V2X_REASON_GATE_DRIVER, 1) <= 2);
}

static void over_voltage_trips_after_its_delay(void **state)
{
	u64 ticks;

	(void)state;
	run_at(3000000);
	rig.env.grid.voltage_mpu = 1270;	/* above 1.25 */
	rig_env(&rig);
	ticks = trips(V2X_REASON_GRID_OVER_VOLTAGE, 400);
	/* 200 ms from the step and not sooner, within two cycles */
	assert_in_range(ticks, 4000, 4000 + 800);
}

static void over_voltage_just_below_the_limit_is_ridden_through(void **state)
{
	(void)state;
	run_at(3000000);
	rig.env.grid.voltage_mpu = 1235;
	rig_env(&rig);
	rig_ms(&rig, 1500);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_RUN);
	assert_near(rig.cycle.p_mw, 3000000, 30000);
}

static void over_voltage_shorter_than_its_delay_is_ridden_through(void **state)
{
	(void)state;
	run_at(3000000);
	rig.env.grid.voltage_mpu = 1270;
	rig_env(&rig);
	rig_ms(&rig, 198);
	rig.env.grid.voltage_mpu = 1000;
	rig_env(&rig);
	rig_ms(&rig, 500);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_RUN);
}

static void under_voltage_trips_after_its_delay(void **state)
{
	u64 ticks;

	(void)state;
	run_at(3000000);
	rig.env.grid.voltage_mpu = 700;
	rig_env(&rig);
	ticks = trips(V2X_REASON_GRID_UNDER_VOLTAGE, 2500);
	assert_in_range(ticks, 40000, 40000 + 800);
}

static void frequency_trips_on_both_sides(void **state)
{
	(void)state;
	run_at(3000000);
	rig.env.grid.frequency_mhz = 52200;
	rig_env(&rig);
	assert_in_range(trips(V2X_REASON_GRID_OVER_FREQUENCY, 600), 4000, 4000 + 800);
	run_at(3000000);
	rig.env.grid.frequency_mhz = 46800;
	rig_env(&rig);
	assert_in_range(trips(V2X_REASON_GRID_UNDER_FREQUENCY, 600), 4000, 4000 + 800);
}

static void frequency_within_the_limits_is_followed(void **state)
{
	(void)state;
	run_at(3000000);
	rig.env.grid.frequency_mhz = 51950;
	rig_env(&rig);
	rig_ms(&rig, 1000);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_RUN);
	assert_near(rig.cycle.f_mhz, 51950, 3);
}

static void a_dip_to_nothing_for_200_ms_is_ridden_through(void **state)
{
	(void)state;
	run_at(3000000);
	rig.env.grid.voltage_mpu = 50;
	rig_env(&rig);
	rig_ms(&rig, 200);
	rig.env.grid.voltage_mpu = 1000;
	rig_env(&rig);
	rig_ms(&rig, 1000);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_RUN);
	assert_near(rig.cycle.p_mw, 3000000, 60000);
}

static void an_absent_grid_trips_after_300_ms(void **state)
{
	(void)state;
	run_at(0);
	rig.env.grid.voltage_mpu = 0;
	rig_env(&rig);
	assert_in_range(trips(V2X_REASON_GRID_ABSENT, 600), 6000, 6900);
}

static void grid_loss_trips(void **state)
{
	(void)state;
	run_at(5000000);
	rig.env.fault[PLANT_FAULT_GRID_LOSS] = 1;
	rig_env(&rig);
	rig_ms(&rig, 2500);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_FAULT);
}

static void over_current_in_a_sample_trips_with_its_value(void **state)
{
	const struct v2x_event *e;

	(void)state;
	run_at(11000000);
	rig.user.protection.i_trip_ma = 22700;	/* just above rated peak */
	rig_user(&rig);
	rig.env.grid.phase_mdeg = 60000;
	rig_env(&rig);
	trips(V2X_REASON_AC_OVER_CURRENT, 20);
	e = rig_has_event(&rig, V2X_EVENT_TRIP, V2X_REASON_AC_OVER_CURRENT);
	assert_true(e->value > 22700);
	assert_int_equal(e->limit, 22700);
}

static void ev_over_current_trips(void **state)
{
	(void)state;
	run_at(5000000);
	rig.user.protection.i_ev_trip_ma = 12000;	/* 5 kW at 353 V are 13.6 A */
	rig_user(&rig);
	trips(V2X_REASON_EV_OVER_CURRENT, 5);
}

static void link_limits_trip(void **state)
{
	(void)state;
	run_at(0);
	rig.user.protection.v_dc_link_over_mv = 800000;
	rig_user(&rig);
	trips(V2X_REASON_DC_LINK_OVER_VOLTAGE, 100);
	run_at(0);
	rig.user.protection.v_dc_link_under_mv = 800000;
	rig_user(&rig);
	trips(V2X_REASON_DC_LINK_UNDER_VOLTAGE, 100);
}

static void two_missed_ticks_trip_and_one_does_not(void **state)
{
	(void)state;
	run_at(3000000);
	rig.missed = 1;
	rig_ms(&rig, 50);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_RUN);
	assert_non_null(rig_has_event(&rig, V2X_EVENT_MISSED, V2X_REASON_MISSED_TICKS));
	rig.missed = 2;
	trips(V2X_REASON_MISSED_TICKS, 1);
}

static void a_lost_contact_trips(void **state)
{
	(void)state;
	run_at(1000000);
	rig.env.fault[PLANT_FAULT_CONTACTOR_STUCK_OPEN] = V2X_CONTACTOR_EV;
	rig_env(&rig);
	trips(V2X_REASON_EV_CONTACTOR_STUCK_OPEN, 50);
}

static void an_emergency_stop_request_trips_in_its_tick(void **state)
{
	(void)state;
	run_at(9000000);
	rig_request(&rig, V2X_CTL_REQ_TRIP, V2X_REASON_ESTOP);
	assert_true(trips(V2X_REASON_ESTOP, 1) <= 1);
}

/* What must be found before there is power. */
static void the_start_refuses(enum plant_fault fault, u32 value, u32 reason)
{
	rig_init(&rig);
	rig_plug(&rig);
	rig.env.fault[fault] = value;
	rig_env(&rig);
	rig_ms(&rig, 400);
	rig_request(&rig, V2X_CTL_REQ_START, V2X_REASON_REQUEST);
	rig_until(&rig, V2X_STATE_FAULT, 6000);
	if (rig.ctl.seq.fault != reason)
		print_error("fault %u instead of %u\n", rig.ctl.seq.fault, reason);
	assert_int_equal(rig.ctl.seq.fault, reason);
	assert_null(rig_has_event(&rig, V2X_EVENT_STATE, V2X_REASON_NONE));
	assert_int_equal(rig.out.gate.contactors, 0);
}

static void the_start_finds_what_is_wrong(void **state)
{
	(void)state;
	the_start_refuses(PLANT_FAULT_CONTACTOR_WELDED, V2X_CONTACTOR_EV,
			  V2X_REASON_EV_CONTACTOR_WELDED);
	the_start_refuses(PLANT_FAULT_CONTACTOR_STUCK_OPEN, V2X_CONTACTOR_GRID,
			  V2X_REASON_GRID_CONTACTOR_STUCK_OPEN);
	the_start_refuses(PLANT_FAULT_CONTACTOR_STUCK_OPEN, V2X_CONTACTOR_EV,
			  V2X_REASON_EV_CONTACTOR_STUCK_OPEN);
	the_start_refuses(PLANT_FAULT_PRECHARGE_FAILED, 1, V2X_REASON_PRECHARGE_FAILED);
	the_start_refuses(PLANT_FAULT_INSULATION_FAULT, 10000, V2X_REASON_INSULATION);
	the_start_refuses(PLANT_FAULT_ADC_OFFSET, 1U << V2X_ADC_I_A, V2X_REASON_SENSOR_OFFSET);
	the_start_refuses(PLANT_FAULT_PHASE_SWAP, 1, V2X_REASON_GRID_PHASE_ORDER);
	the_start_refuses(PLANT_FAULT_PHASE_LOSS, 1, V2X_REASON_GRID_PHASE_LOSS);
}

static void a_welded_grid_contact_is_found_at_the_start(void **state)
{
	(void)state;
	run_at(0);
	rig_request(&rig, V2X_CTL_REQ_STOP, V2X_REASON_REQUEST);
	assert_true(rig_until(&rig, V2X_STATE_IDLE, 1000) >= 0);
	/* while the link is still charged: nothing flows when it closes */
	rig.env.fault[PLANT_FAULT_CONTACTOR_WELDED] = V2X_CONTACTOR_GRID;
	rig_env(&rig);
	rig_request(&rig, V2X_CTL_REQ_START, V2X_REASON_REQUEST);
	trips(V2X_REASON_GRID_CONTACTOR_WELDED, 500);
}

static void a_contact_that_welds_under_way_is_found_when_opening(void **state)
{
	(void)state;
	run_at(2000000);
	rig.env.fault[PLANT_FAULT_CONTACTOR_WELDED] = V2X_CONTACTOR_EV;
	rig_env(&rig);
	rig_request(&rig, V2X_CTL_REQ_STOP, V2X_REASON_REQUEST);
	rig_until(&rig, V2X_STATE_FAULT, 1000);
	assert_int_equal(rig.ctl.seq.fault, V2X_REASON_EV_CONTACTOR_WELDED);
	/* it stands: an acknowledgment is in vain until it is repaired */
	assert_true(v2x_ctl_fault_stands(&rig.ctl));
	rig_request(&rig, V2X_CTL_REQ_ACK, 0);
	rig_ms(&rig, 50);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_FAULT);
	rig.env.fault[PLANT_FAULT_CONTACTOR_WELDED] = 0;
	rig_env(&rig);
	rig_ms(&rig, 50);
	rig_request(&rig, V2X_CTL_REQ_ACK, 0);
	rig_ms(&rig, 50);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_IDLE);
	assert_int_equal(rig.ctl.seq.reason, V2X_REASON_ACK);
}

static void a_fault_line_is_cleared_by_acknowledging_and_the_charger_runs_again(void **state)
{
	(void)state;
	run_at(4000000);
	rig.env.fault[PLANT_FAULT_GATE_FAULT] = 1;
	rig_env(&rig);
	trips(V2X_REASON_GATE_DRIVER, 1);
	rig_request(&rig, V2X_CTL_REQ_ACK, 0);
	rig_ms(&rig, 20);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_FAULT);	/* it stands */
	rig.env.fault[PLANT_FAULT_GATE_FAULT] = 0;
	rig_env(&rig);
	rig_request(&rig, V2X_CTL_REQ_ACK, 0);
	rig_ms(&rig, 20);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_IDLE);
	rig_request(&rig, V2X_CTL_REQ_START, V2X_REASON_REQUEST);
	assert_true(rig_until(&rig, V2X_STATE_RUN, 4000) >= 0);
}

/* Most that the output moves after the vehicle let go at @p_mw, V. */
static double torn_off(s32 p_mw)
{
	double before, most = 0;

	run_at(p_mw);
	before = (double)rig.plant.v_out / 0x1p40;
	rig.env.car.ready = 0;		/* its contactors open under load */
	rig_env(&rig);
	for (int i = 0; i < 400; i++) {
		rig_tick(&rig);
		most = fmax(most, fabs((double)rig.plant.v_out / 0x1p40 - before));
	}
	assert_int_equal(rig.ctl.seq.fault, V2X_REASON_EV_DISCONNECTED);
	assert_false(rig.out.gate.dcdc_gates);
	return most;
}

static void a_vehicle_torn_off_at_power_moves_the_output_by_two_periods_of_its_current(void **state)
{
	(void)state;
	for (s32 p = -11000000; p <= 11000000; p += 5500000) {
		/* I = P / 350 V (what the battery has at the least); I T / C, twice */
		double bound = 2 * fabs((double)p) / 1e3 / 350 * 50e-6 / 50e-6;
		double most;

		if (!p)
			continue;
		most = torn_off(p);
		print_message("%6d W: output moved by %.1f V (bound %.1f V)\n", p / 1000, most, bound);
		assert_true(most > 1 && most <= bound);
		assert_true((double)rig.plant.v_dc / 0x1p40 < 850);
	}
}

static void a_step_of_the_battery_voltage_is_no_load_dump(void **state)
{
	(void)state;
	run_at(-11000000);
	rig_power(&rig, 11000000);	/* 56 A round in 10 ms on 77 mohm */
	rig_ms(&rig, 300);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_RUN);
	assert_int_equal(rig.trips, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_vehicle_torn_off_at_power_moves_the_output_by_two_periods_of_its_current),
		cmocka_unit_test(a_step_of_the_battery_voltage_is_no_load_dump),
		cmocka_unit_test(each_plant_fault_trips_with_its_reason),
		cmocka_unit_test(a_fault_line_opens_the_gates_in_the_same_tick),
		cmocka_unit_test(over_voltage_trips_after_its_delay),
		cmocka_unit_test(over_voltage_just_below_the_limit_is_ridden_through),
		cmocka_unit_test(over_voltage_shorter_than_its_delay_is_ridden_through),
		cmocka_unit_test(under_voltage_trips_after_its_delay),
		cmocka_unit_test(frequency_trips_on_both_sides),
		cmocka_unit_test(frequency_within_the_limits_is_followed),
		cmocka_unit_test(a_dip_to_nothing_for_200_ms_is_ridden_through),
		cmocka_unit_test(an_absent_grid_trips_after_300_ms),
		cmocka_unit_test(grid_loss_trips),
		cmocka_unit_test(over_current_in_a_sample_trips_with_its_value),
		cmocka_unit_test(ev_over_current_trips),
		cmocka_unit_test(link_limits_trip),
		cmocka_unit_test(two_missed_ticks_trip_and_one_does_not),
		cmocka_unit_test(a_lost_contact_trips),
		cmocka_unit_test(an_emergency_stop_request_trips_in_its_tick),
		cmocka_unit_test(the_start_finds_what_is_wrong),
		cmocka_unit_test(a_welded_grid_contact_is_found_at_the_start),
		cmocka_unit_test(a_contact_that_welds_under_way_is_found_when_opening),
		cmocka_unit_test(a_fault_line_is_cleared_by_acknowledging_and_the_charger_runs_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
