// SPDX-License-Identifier: Apache-2.0
/* The session's state machine: events in, actions out; what may turn power on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <linux/v2x.h>

#include "../../../userspace/v2xd/converter/policy.h"
#include "../../../userspace/v2xd/panel/lamp.h"

#define S 1000000000ULL

static const struct policy_config automatic = {
	.start_auto = true, .ack_delay_s = 60, .ack_tries = 2, .pilot_duty_permille = 50,
	.stop_timeout_s = 10,
};

struct fixture {
	struct policy policy;
	struct policy_device device;
	struct policy_output out;
	uint64_t now_ns;
};

static uint32_t step(struct fixture *f, enum policy_event_type type, bool on)
{
	const struct policy_event event = { .type = type, .now_ns = f->now_ns, .on = on,
					    .device = f->device };

	policy_step(&f->policy, &event, &f->out);
	return f->out.actions;
}

static uint32_t state(struct fixture *f, uint32_t state, uint32_t reason)
{
	f->device.state = state;
	f->device.reason = reason;
	return step(f, POLICY_DEVICE, false);
}

static uint32_t pilot(struct fixture *f, uint32_t pilot)
{
	f->device.pilot = pilot;
	return step(f, POLICY_DEVICE, false);
}

static uint32_t fault(struct fixture *f, uint32_t reason)
{
	f->device.state = reason ? V2X_STATE_FAULT : V2X_STATE_IDLE;
	f->device.fault = reason;
	f->device.reason = reason ? reason : V2X_REASON_ACK;
	return step(f, POLICY_DEVICE, false);
}

/* A daemon that found an idle charger without a vehicle. */
static struct fixture idle(const struct policy_config *config)
{
	struct fixture f = { .device = { .pilot = V2X_PILOT_A }, .now_ns = S };

	policy_init(&f.policy, config);
	assert_int_equal(step(&f, POLICY_DEVICE, false) & ~(uint32_t)ACTION_DUTY, 0);
	return f;
}

static struct fixture running(const struct policy_config *config)
{
	struct fixture f = idle(config);

	assert_int_equal(pilot(&f, V2X_PILOT_B), ACTION_DUTY);
	assert_int_equal(pilot(&f, V2X_PILOT_C), ACTION_START);
	for (uint32_t s = V2X_STATE_SELF_TEST; s <= V2X_STATE_RUN; s++)
		assert_int_equal(state(&f, s, V2X_REASON_STEP_DONE), 0);
	assert_int_equal(f.policy.state, POLICY_RUNNING);
	assert_true(policy_power_allowed(&f.policy));
	return f;
}

static void new_vehicle_is_served_when_it_is_ready(void **unused)
{
	struct fixture f = idle(&automatic);

	(void)unused;
	assert_int_equal(f.policy.state, POLICY_NO_VEHICLE);
	assert_int_equal(pilot(&f, V2X_PILOT_B), ACTION_DUTY);
	assert_int_equal(f.out.duty_permille, 50);
	assert_int_equal(f.policy.state, POLICY_WAITING);
	assert_int_equal(pilot(&f, V2X_PILOT_C), ACTION_START);
	/* The same report again starts nothing twice. */
	assert_int_equal(step(&f, POLICY_DEVICE, false), 0);
	assert_int_equal(f.policy.state, POLICY_STARTING);
	assert_false(policy_power_allowed(&f.policy));
}

static void ventilation_is_not_promised(void **unused)
{
	struct fixture f = idle(&automatic);

	(void)unused;
	pilot(&f, V2X_PILOT_B);
	assert_int_equal(pilot(&f, V2X_PILOT_D), 0);
}

static void manual_waits_for_the_command(void **unused)
{
	struct policy_config config = automatic;
	struct fixture f;

	(void)unused;
	config.start_auto = false;
	f = idle(&config);
	assert_int_equal(pilot(&f, V2X_PILOT_B), 0);
	assert_int_equal(f.policy.hold, HOLD_MANUAL);
	assert_int_equal(step(&f, POLICY_CMD_START, false), ACTION_DUTY);
	assert_null(f.out.refused);
	assert_int_equal(pilot(&f, V2X_PILOT_C), ACTION_START);
}

static void start_without_vehicle_is_refused(void **unused)
{
	struct fixture f = idle(&automatic);

	(void)unused;
	assert_int_equal(step(&f, POLICY_CMD_START, false), 0);
	assert_string_equal(f.out.refused, "no vehicle is plugged in");
}

static void found_vehicle_is_not_started(void **unused)
{
	static const struct { uint32_t reason; enum policy_hold hold; } rows[] = {
		{ V2X_REASON_NONE, HOLD_FOUND_PLUGGED },
		{ V2X_REASON_LEASE, HOLD_LEASE },
		{ V2X_REASON_CLOSED, HOLD_LEASE },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fixture f = { .device = { .pilot = V2X_PILOT_C, .reason = rows[i].reason } };

		policy_init(&f.policy, &automatic);
		assert_int_equal(step(&f, POLICY_DEVICE, false) & ACTION_START, 0);
		assert_int_equal(f.policy.state, POLICY_HELD);
		assert_int_equal(f.policy.hold, rows[i].hold);
		/* The vehicle goes back to B without an offer, and stays held. */
		assert_int_equal(pilot(&f, V2X_PILOT_B), 0);
		assert_int_equal(pilot(&f, V2X_PILOT_C), 0);
		/* A person, or plugging in anew, ends it. */
		if (i & 1) {
			step(&f, POLICY_CMD_START, false);
		} else {
			pilot(&f, V2X_PILOT_A);
			pilot(&f, V2X_PILOT_B);
		}
		assert_true(f.policy.wanted);
	}
}

static void device_found_running_is_stopped(void **unused)
{
	struct fixture f = { .device = { .state = V2X_STATE_RUN, .pilot = V2X_PILOT_C } };

	(void)unused;
	policy_init(&f.policy, &automatic);
	assert_true(step(&f, POLICY_DEVICE, false) & ACTION_STOP);
	assert_false(policy_power_allowed(&f.policy));
}

static void stop_ramps_down_and_holds(void **unused)
{
	struct fixture f = running(&automatic);

	(void)unused;
	assert_int_equal(step(&f, POLICY_CMD_STOP, false), ACTION_STOP);
	assert_false(policy_power_allowed(&f.policy));
	assert_int_equal(f.policy.state, POLICY_STOPPING);
	state(&f, V2X_STATE_RAMP_DOWN, V2X_REASON_REQUEST);
	assert_int_equal(state(&f, V2X_STATE_IDLE, V2X_REASON_STEP_DONE), ACTION_DUTY);
	assert_int_equal(f.out.duty_permille, V2X_PILOT_DUTY_STEADY);
	assert_int_equal(f.policy.state, POLICY_HELD);
	assert_int_equal(f.policy.hold, HOLD_STOPPED);
}

static void vehicle_pauses_and_comes_back(void **unused)
{
	struct fixture f = running(&automatic);

	(void)unused;
	assert_int_equal(pilot(&f, V2X_PILOT_B), ACTION_STOP);
	state(&f, V2X_STATE_RAMP_DOWN, V2X_REASON_REQUEST);
	assert_int_equal(state(&f, V2X_STATE_IDLE, V2X_REASON_STEP_DONE), 0);
	assert_int_equal(f.policy.state, POLICY_WAITING);
	assert_int_equal(pilot(&f, V2X_PILOT_C), ACTION_START);
}

static void unplugging_ends_it(void **unused)
{
	struct fixture f = running(&automatic);

	(void)unused;
	assert_true(pilot(&f, V2X_PILOT_A) & ACTION_STOP);
	state(&f, V2X_STATE_IDLE, V2X_REASON_STEP_DONE);
	assert_int_equal(f.policy.state, POLICY_NO_VEHICLE);
	assert_int_equal(pilot(&f, V2X_PILOT_B), ACTION_DUTY);
	assert_int_equal(f.policy.state, POLICY_WAITING);
}

static void line_errors_are_no_new_vehicle(void **unused)
{
	struct fixture f = running(&automatic);

	(void)unused;
	step(&f, POLICY_CMD_STOP, false);
	state(&f, V2X_STATE_IDLE, V2X_REASON_STEP_DONE);
	pilot(&f, V2X_PILOT_E);
	pilot(&f, V2X_PILOT_F);
	pilot(&f, V2X_PILOT_B);
	assert_int_equal(pilot(&f, V2X_PILOT_C), 0);
	assert_int_equal(f.policy.hold, HOLD_STOPPED);
}

static void fault_waits_for_a_person_then_for_start(void **unused)
{
	struct fixture f = running(&automatic);

	(void)unused;
	assert_int_equal(fault(&f, V2X_REASON_OVER_TEMPERATURE), ACTION_DUTY);
	assert_int_equal(f.policy.state, POLICY_FAULT);
	assert_int_equal(f.out.deadline_ns, 0);
	step(&f, POLICY_CMD_START, false);
	assert_non_null(f.out.refused);
	f.now_ns += 3600 * S;
	assert_int_equal(step(&f, POLICY_TIME, false), 0);
	assert_int_equal(step(&f, POLICY_CMD_ACK, false), ACTION_ACK);
	assert_int_equal(fault(&f, 0), 0);
	assert_int_equal(f.policy.state, POLICY_HELD);
	assert_int_equal(step(&f, POLICY_CMD_START, false), ACTION_START | ACTION_DUTY);
}

static void ack_without_fault_is_refused(void **unused)
{
	struct fixture f = idle(&automatic);

	(void)unused;
	assert_int_equal(step(&f, POLICY_CMD_ACK, false), 0);
	assert_string_equal(f.out.refused, "no fault is latched");
}

static void automatic_ack_resumes_a_bounded_number_of_times(void **unused)
{
	struct policy_config config = automatic;
	struct fixture f;

	(void)unused;
	config.ack_auto = true;
	f = running(&config);
	for (int i = 0; i < 2; i++) {
		fault(&f, V2X_REASON_GRID_OVER_VOLTAGE);
		assert_int_equal(f.out.deadline_ns, f.now_ns + 60 * S);
		f.now_ns += 59 * S;
		assert_int_equal(step(&f, POLICY_TIME, false), 0);
		f.now_ns += S;
		assert_true(step(&f, POLICY_TIME, false) & ACTION_ACK);
		assert_int_equal(f.out.actions & ACTION_START, 0);
		assert_true(fault(&f, 0) & ACTION_START);
		state(&f, V2X_STATE_RUN, V2X_REASON_STEP_DONE);
	}
	fault(&f, V2X_REASON_GRID_OVER_VOLTAGE);
	assert_int_equal(f.out.deadline_ns, 0);
}

static void refused_ack_does_not_arm_a_later_start(void **unused)
{
	struct policy_config config = automatic;
	struct fixture f;

	(void)unused;
	config.ack_auto = true;
	f = running(&config);
	fault(&f, V2X_REASON_GRID_OVER_VOLTAGE);
	f.now_ns += 60 * S;
	assert_true(step(&f, POLICY_TIME, false) & ACTION_ACK);
	step(&f, POLICY_ACK_REFUSED, false);
	assert_int_equal(f.out.deadline_ns, f.now_ns + 60 * S);
	assert_int_equal(step(&f, POLICY_CMD_ACK, false), ACTION_ACK);
	assert_int_equal(fault(&f, 0), 0);
	assert_int_equal(f.policy.state, POLICY_HELD);
}

static void estop_comes_first_and_is_never_acknowledged_alone(void **unused)
{
	struct policy_config config = automatic;
	struct fixture f;

	(void)unused;
	config.ack_auto = true;
	f = running(&config);
	assert_true(step(&f, POLICY_ESTOP, true) & ACTION_ESTOP);
	assert_int_equal(step(&f, POLICY_DEVICE, false) & ACTION_ESTOP, 0);
	assert_false(policy_power_allowed(&f.policy));
	fault(&f, V2X_REASON_ESTOP);
	assert_int_equal(f.policy.hold, HOLD_ESTOP);
	f.now_ns += 3600 * S;
	assert_int_equal(step(&f, POLICY_TIME, false), 0);
	step(&f, POLICY_CMD_ACK, false);
	assert_non_null(f.out.refused);
	step(&f, POLICY_ESTOP, false);
	assert_int_equal(step(&f, POLICY_CMD_ACK, false), ACTION_ACK);
	assert_int_equal(fault(&f, 0), 0);
	assert_int_equal(f.policy.state, POLICY_HELD);
}

static void door_stops_and_keeps_it_stopped(void **unused)
{
	struct fixture f = running(&automatic);

	(void)unused;
	assert_int_equal(step(&f, POLICY_DOOR, true), ACTION_STOP);
	state(&f, V2X_STATE_IDLE, V2X_REASON_STEP_DONE);
	step(&f, POLICY_CMD_START, false);
	assert_string_equal(f.out.refused, "the door is open; close it first");
	assert_int_equal(step(&f, POLICY_DOOR, false), 0);
	assert_int_equal(f.policy.hold, HOLD_DOOR);
	assert_true(step(&f, POLICY_CMD_START, false) & ACTION_START);
}

static void plugging_in_with_the_door_open_waits(void **unused)
{
	struct fixture f = idle(&automatic);

	(void)unused;
	step(&f, POLICY_DOOR, true);
	assert_int_equal(pilot(&f, V2X_PILOT_B), 0);
	assert_int_equal(f.policy.hold, HOLD_DOOR);
}

static void own_lease_loss_is_not_resumed(void **unused)
{
	struct fixture f = running(&automatic);

	(void)unused;
	assert_int_equal(state(&f, V2X_STATE_RAMP_DOWN, V2X_REASON_LEASE), 0);
	assert_int_equal(f.policy.hold, HOLD_LEASE);
	assert_int_equal(state(&f, V2X_STATE_IDLE, V2X_REASON_LEASE) & ACTION_START, 0);
	assert_int_equal(f.policy.state, POLICY_HELD);
}

static void refused_start_is_not_repeated(void **unused)
{
	struct fixture f = idle(&automatic);

	(void)unused;
	pilot(&f, V2X_PILOT_B);
	assert_int_equal(pilot(&f, V2X_PILOT_C), ACTION_START);
	assert_int_equal(step(&f, POLICY_REFUSED, false) & ACTION_START, 0);
	assert_int_equal(f.policy.hold, HOLD_REFUSED);
	assert_int_equal(step(&f, POLICY_DEVICE, false), 0);
}

static void quit_ramps_down_then_ends(void **unused)
{
	struct fixture f = running(&automatic);

	(void)unused;
	assert_int_equal(step(&f, POLICY_QUIT, false), ACTION_STOP);
	assert_int_equal(f.out.deadline_ns, f.now_ns + 10 * S);
	assert_int_equal(state(&f, V2X_STATE_RAMP_DOWN, V2X_REASON_REQUEST), 0);
	assert_true(state(&f, V2X_STATE_IDLE, V2X_REASON_STEP_DONE) & ACTION_END);
	assert_int_equal(f.policy.state, POLICY_ENDED);
	assert_int_equal(step(&f, POLICY_TIME, false), 0);
}

static void quit_is_bounded_in_time(void **unused)
{
	struct fixture f = running(&automatic);

	(void)unused;
	step(&f, POLICY_QUIT, false);
	f.now_ns += 10 * S;
	assert_true(step(&f, POLICY_TIME, false) & ACTION_END);
}

static void quit_when_idle_or_faulty_ends_at_once(void **unused)
{
	struct fixture f = idle(&automatic);

	(void)unused;
	assert_true(step(&f, POLICY_QUIT, false) & ACTION_END);
	f = idle(&automatic);
	fault(&f, V2X_REASON_ADC_STUCK);
	assert_true(step(&f, POLICY_QUIT, false) & ACTION_END);
}

/* Random histories: power only after a plug-in or a start, never through a hold. */
static void no_history_starts_power_unasked(void **unused)
{
	uint64_t seed = 42;
	struct fixture f = { .device = { .pilot = V2X_PILOT_C } };
	struct policy_config config = automatic;
	int starts = 0;

	(void)unused;
	config.start_auto = false;
	policy_init(&f.policy, &config);
	for (int i = 0; i < 400000; i++) {
		enum policy_event_type type;
		bool asked;

		seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
		type = (enum policy_event_type)((seed >> 33) % (POLICY_TIME + 1));
		if (type == POLICY_QUIT)
			continue;
		f.device.state = (uint32_t)((seed >> 40) % V2X_STATE_COUNT);
		f.device.fault = f.device.state == V2X_STATE_FAULT ? V2X_REASON_ADC_STUCK : 0;
		f.device.pilot = (uint32_t)((seed >> 50) % 4) + V2X_PILOT_A;
		f.now_ns += S;
		asked = f.policy.wanted || type == POLICY_CMD_START;
		if (step(&f, type, (seed >> 60) & 1) & ACTION_START) {
			starts++;
			assert_true(asked);
			assert_false(f.policy.estop || f.policy.door_open);
			assert_int_equal(f.policy.device.fault, 0);
		}
	}
	assert_true(starts > 100);
}

static const struct policy_config coded = {
	.start_auto = true, .ack_delay_s = 60, .ack_tries = 2, .pilot_duty_permille = 50,
	.stop_timeout_s = 10, .reconnect_auto = true,
};

static void the_grid_code_delays_a_start(void **unused)
{
	struct fixture f = idle(&coded);

	(void)unused;
	assert_int_equal(step(&f, POLICY_GRID, true), 0);
	pilot(&f, V2X_PILOT_B);
	assert_int_equal(pilot(&f, V2X_PILOT_C), 0);
	assert_int_equal(f.policy.state, POLICY_WAITING);
	assert_int_equal(f.policy.hold, HOLD_GRIDCODE);
	assert_int_equal(step(&f, POLICY_GRID, false), ACTION_START);
	assert_int_equal(f.policy.hold, HOLD_NONE);
}

static void the_grid_code_stops_and_lets_return(void **unused)
{
	struct fixture f = running(&coded);

	(void)unused;
	assert_int_equal(step(&f, POLICY_GRID, true), ACTION_STOP);
	assert_int_equal(step(&f, POLICY_GRID, true), 0);
	state(&f, V2X_STATE_RAMP_DOWN, V2X_REASON_REQUEST);
	assert_int_equal(state(&f, V2X_STATE_IDLE, V2X_REASON_STEP_DONE), 0);
	assert_int_equal(step(&f, POLICY_GRID, false), ACTION_START);
}

/* Ready before the permission, but never on the grid, and off it at once when it is taken. */
static void shortly_before_the_permission_it_gets_ready(void **unused)
{
	struct fixture f = running(&coded);

	(void)unused;
	assert_int_equal(step(&f, POLICY_GRID, true), ACTION_STOP);
	state(&f, V2X_STATE_RAMP_DOWN, V2X_REASON_REQUEST);
	assert_int_equal(state(&f, V2X_STATE_IDLE, V2X_REASON_STEP_DONE), 0);
	assert_int_equal(step(&f, POLICY_GRID_NEAR, true), ACTION_START);
	assert_int_equal(state(&f, V2X_STATE_SELF_TEST, V2X_REASON_REQUEST), 0);
	assert_int_equal(state(&f, V2X_STATE_READY, V2X_REASON_STEP_DONE), 0);
	assert_int_equal(f.policy.state, POLICY_STARTING);
	/* an excursion: the observation begins anew */
	assert_int_equal(step(&f, POLICY_GRID_NEAR, false), ACTION_STOP);
	state(&f, V2X_STATE_IDLE, V2X_REASON_STEP_DONE);
	assert_int_equal(step(&f, POLICY_GRID_NEAR, true), ACTION_START);
	state(&f, V2X_STATE_READY, V2X_REASON_STEP_DONE);
	assert_int_equal(step(&f, POLICY_GRID, false), 0);
	assert_int_equal(state(&f, V2X_STATE_RUN, V2X_REASON_STEP_DONE), 0);
	/* In service near means nothing. */
	assert_int_equal(step(&f, POLICY_GRID, true), ACTION_STOP);
}

/* Not before the code lets, once a second, and only power that was wanted before. */
static void a_trip_by_the_grid_is_acknowledged_when_the_code_lets(void **unused)
{
	struct fixture f = running(&coded);

	(void)unused;
	fault(&f, V2X_REASON_GRID_OVER_FREQUENCY);
	step(&f, POLICY_GRID, true);
	assert_int_equal(f.policy.hold, HOLD_GRIDCODE);
	f.now_ns += 30 * S;
	assert_int_equal(step(&f, POLICY_TIME, false), 0);
	assert_int_equal(step(&f, POLICY_GRID, false), ACTION_ACK);
	assert_int_equal(step(&f, POLICY_ACK_REFUSED, false), 0);
	assert_int_equal(step(&f, POLICY_TIME, false), 0);
	f.now_ns += S;
	assert_int_equal(step(&f, POLICY_TIME, false), ACTION_ACK);
	assert_int_equal(fault(&f, V2X_REASON_NONE) & ACTION_START, ACTION_START);
}

static void other_faults_and_other_hands_end_the_return(void **unused)
{
	struct fixture f = running(&coded);

	(void)unused;
	fault(&f, V2X_REASON_AC_OVER_CURRENT);
	f.now_ns += 5 * S;
	assert_int_equal(step(&f, POLICY_GRID, false), 0);
	assert_int_equal(f.policy.hold, HOLD_FAULT);
	f = running(&coded);
	fault(&f, V2X_REASON_GRID_OVER_FREQUENCY);
	step(&f, POLICY_CMD_STOP, false);
	f.now_ns += 5 * S;
	assert_int_equal(step(&f, POLICY_GRID, false), 0);
	/* A wrong order of phases does not mend itself, nor does a switch that sticks. */
	f = running(&coded);
	fault(&f, V2X_REASON_GRID_PHASE_ORDER);
	f.now_ns += 5 * S;
	assert_int_equal(step(&f, POLICY_TIME, false), 0);
	f = running(&coded);
	fault(&f, V2X_REASON_ISLAND_SWITCH_STUCK);
	f.now_ns += 5 * S;
	assert_int_equal(step(&f, POLICY_TIME, false), 0);
	/* Without a grid code a trip by the grid waits for a person, as ever. */
	f = running(&automatic);
	fault(&f, V2X_REASON_GRID_OVER_FREQUENCY);
	f.now_ns += 5 * S;
	assert_int_equal(step(&f, POLICY_TIME, false), 0);
	assert_int_equal(f.policy.hold, HOLD_FAULT);
}

static void lamp_shows_the_session(void **unused)
{
	(void)unused;
	assert_int_equal(lamp_of(POLICY_NO_VEHICLE, false, 0).colours, LAMP_GREEN);
	assert_int_equal(lamp_of(POLICY_RUNNING, false, 5000000).colours, LAMP_BLUE);
	assert_int_equal(lamp_of(POLICY_RUNNING, false, -5000000).colours, LAMP_GREEN | LAMP_BLUE);
	assert_int_equal(lamp_of(POLICY_FAULT, false, 0).colours, LAMP_RED);
	assert_true(lamp_of(POLICY_RUNNING, true, 0).blink);
	assert_int_equal(lamp_of(POLICY_RUNNING, true, 0).colours, LAMP_RED);
	assert_int_equal(lamp_of(POLICY_ENDED, true, 0).colours, 0);
	assert_true(lamp_of(POLICY_WAITING, false, 0).blink);
}

static void every_state_and_hold_has_a_name(void **unused)
{
	(void)unused;
	for (int i = 0; i < POLICY_STATE_COUNT; i++)
		assert_non_null(policy_state_name((enum policy_state)i));
	for (int i = 0; i < HOLD_COUNT; i++) {
		assert_non_null(policy_hold_name((enum policy_hold)i));
		assert_non_null(policy_hold_text((enum policy_hold)i));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(new_vehicle_is_served_when_it_is_ready),
		cmocka_unit_test(ventilation_is_not_promised),
		cmocka_unit_test(manual_waits_for_the_command),
		cmocka_unit_test(start_without_vehicle_is_refused),
		cmocka_unit_test(found_vehicle_is_not_started),
		cmocka_unit_test(device_found_running_is_stopped),
		cmocka_unit_test(stop_ramps_down_and_holds),
		cmocka_unit_test(vehicle_pauses_and_comes_back),
		cmocka_unit_test(unplugging_ends_it),
		cmocka_unit_test(line_errors_are_no_new_vehicle),
		cmocka_unit_test(fault_waits_for_a_person_then_for_start),
		cmocka_unit_test(ack_without_fault_is_refused),
		cmocka_unit_test(automatic_ack_resumes_a_bounded_number_of_times),
		cmocka_unit_test(refused_ack_does_not_arm_a_later_start),
		cmocka_unit_test(estop_comes_first_and_is_never_acknowledged_alone),
		cmocka_unit_test(door_stops_and_keeps_it_stopped),
		cmocka_unit_test(plugging_in_with_the_door_open_waits),
		cmocka_unit_test(own_lease_loss_is_not_resumed),
		cmocka_unit_test(refused_start_is_not_repeated),
		cmocka_unit_test(quit_ramps_down_then_ends),
		cmocka_unit_test(quit_is_bounded_in_time),
		cmocka_unit_test(quit_when_idle_or_faulty_ends_at_once),
		cmocka_unit_test(no_history_starts_power_unasked),
		cmocka_unit_test(the_grid_code_delays_a_start),
		cmocka_unit_test(the_grid_code_stops_and_lets_return),
		cmocka_unit_test(a_trip_by_the_grid_is_acknowledged_when_the_code_lets),
		cmocka_unit_test(shortly_before_the_permission_it_gets_ready),
		cmocka_unit_test(other_faults_and_other_hands_end_the_return),
		cmocka_unit_test(lamp_shows_the_session),
		cmocka_unit_test(every_state_and_hold_has_a_name),
	};

	return cmocka_run_group_tests_name("v2xd policy", tests, NULL, NULL);
}
