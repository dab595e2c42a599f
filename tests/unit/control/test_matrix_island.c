// SPDX-License-Identifier: Apache-2.0
/*
 * Every fault of the virtual stage while a voltage is formed: an island that is
 * left, carried, and given up again, a black start, and waiting for a permission.
 */
#include "test.h"

#include "matrix.h"

static bool in_state(const struct rig *r, u32 state)
{
	return r->ctl.seq.state == state;
}

static bool in_phase(const struct rig *r, u32 phase)
{
	return r->ctl.island.phase == phase;
}

/* A resistor of 40 % of the rating on all lines together. */
static void with_load(struct rig *r)
{
	const double v = r->desc.v_nominal_mv / 1e3, w = r->desc.p_export_max_mw * 0.4e-3;

	r->env.grid.load_r_mohm = (u32)(r->desc.phases * v * v / w * 1000);
	rig_env(r);
}

static void utility(struct rig *r, u32 open, s32 angle_mdeg)
{
	r->env.grid.island = open;
	r->env.grid.phase_mdeg = angle_mdeg;
	rig_env(r);
}

static void run(struct rig *r)
{
	with_load(r);
	rig_request(r, V2X_CTL_REQ_START, V2X_REASON_REQUEST);
	matrix_tick_until(r, in_state, V2X_STATE_RUN, 6000);
	rig_ms(r, 300);
}

static void to_parting(struct rig *r, const struct matrix_at *at)
{
	(void)at;
	run(r);
	r->env.grid.voltage_mpu = 300;
	rig_env(r);
	matrix_tick_until(r, in_phase, V2X_ISLAND_PARTING, 100);
}

static void to_island(struct rig *r, const struct matrix_at *at)
{
	(void)at;
	run(r);
	utility(r, 1, 0);
	matrix_tick_until(r, in_phase, V2X_ISLAND_ALONE, 2000);
	rig_ms(r, 300);
}

static void to_matching(struct rig *r, const struct matrix_at *at)
{
	to_island(r, at);
	utility(r, 0, 100000);
	matrix_tick_until(r, in_phase, V2X_ISLAND_MATCHING, 2000);
	rig_ms(r, 100);
}

static void to_joining(struct rig *r, const struct matrix_at *at)
{
	to_matching(r, at);
	matrix_tick_until(r, in_phase, V2X_ISLAND_JOINING, 8000);
}

static bool starts(const struct rig *r, u32 sub)
{
	return r->ctl.seq.state == V2X_STATE_BLACK_START && r->ctl.seq.sub == sub;
}

static void black_to(struct rig *r, u32 sub)
{
	with_load(r);
	utility(r, 1, 0);
	rig_ms(r, 200);
	rig_request(r, V2X_CTL_REQ_BLACK, V2X_REASON_REQUEST);
	matrix_tick_until(r, starts, sub, 4000);
}

static void to_dead(struct rig *r, const struct matrix_at *at)
{
	(void)at;
	black_to(r, 1);
}

static void to_vehicle(struct rig *r, const struct matrix_at *at)
{
	(void)at;
	black_to(r, 2);
}

static void to_link(struct rig *r, const struct matrix_at *at)
{
	(void)at;
	black_to(r, 3);
	rig_ms(r, 20);
}

static void to_grid_contact(struct rig *r, const struct matrix_at *at)
{
	(void)at;
	black_to(r, 4);
}

static void to_ramp(struct rig *r, const struct matrix_at *at)
{
	(void)at;
	black_to(r, 5);
	rig_ms(r, 100);
}

static bool waits(const struct rig *r, u32 sub)
{
	return r->ctl.seq.state == V2X_STATE_READY && r->ctl.seq.sub == sub;
}

static void ready_to(struct rig *r, u32 sub)
{
	rig_request(r, V2X_CTL_REQ_START, V2X_REASON_REQUEST);
	matrix_tick_until(r, waits, sub, 4000);
}

static void to_ready(struct rig *r, const struct matrix_at *at)
{
	(void)at;
	ready_to(r, 0);
}

static void to_ready_link(struct rig *r, const struct matrix_at *at)
{
	(void)at;
	ready_to(r, 1);
	rig_ms(r, 20);
}

static void to_wait(struct rig *r, const struct matrix_at *at)
{
	(void)at;
	ready_to(r, 2);
	rig_ms(r, 100);
}

/* The permission is there, and the filter charges. */
static void to_filter(struct rig *r, const struct matrix_at *at)
{
	to_wait(r, at);
	r->user.setpoint.flags = 0;
	rig_user(r);
	matrix_tick_until(r, waits, 3, 200);
}

static void to_closing(struct rig *r, const struct matrix_at *at)
{
	to_filter(r, at);
	matrix_tick_until(r, waits, 4, 200);
}

#define ISLAND(_name, _come, _flags)							\
	{ .name = _name, .come = _come, .p_mw = -3000000, .island_switch = true,	\
	  .own_voltage = true, .flags = _flags }

#define DROOP	V2X_SETPOINT_ISLAND
#define MACHINE	(V2X_SETPOINT_ISLAND | V2X_SETPOINT_VSM)

static void a_fault_in_a_transfer_to_an_island_is_contained(void **state)
{
	static const struct matrix_at at[] = { ISLAND("parting", to_parting, DROOP) };

	(void)state;
	matrix_each(at, ARRAY_SIZE(at));
}

static void a_fault_in_an_island_is_contained(void **state)
{
	static const struct matrix_at at[] = { ISLAND("island", to_island, DROOP) };

	(void)state;
	matrix_each(at, ARRAY_SIZE(at));
}

static void a_fault_in_an_island_of_a_machine_is_contained(void **state)
{
	static const struct matrix_at at[] = { ISLAND("island, machine", to_island, MACHINE) };

	(void)state;
	matrix_each(at, ARRAY_SIZE(at));
}

static void a_fault_in_resynchronisation_is_contained(void **state)
{
	static const struct matrix_at at[] = {
		ISLAND("matching", to_matching, DROOP), ISLAND("joining", to_joining, DROOP),
	};

	(void)state;
	matrix_each(at, ARRAY_SIZE(at));
}

static void a_fault_in_a_black_start_is_contained(void **state)
{
	static const struct matrix_at at[] = {
		ISLAND("dead bus", to_dead, DROOP), ISLAND("vehicle's contact", to_vehicle, DROOP),
		ISLAND("link from the vehicle", to_link, DROOP),
		ISLAND("grid contact", to_grid_contact, DROOP),
	};

	(void)state;
	matrix_each(at, ARRAY_SIZE(at));
}

static void a_fault_in_the_ramp_of_a_black_start_is_contained(void **state)
{
	static const struct matrix_at at[] = {
		ISLAND("ramp", to_ramp, DROOP), ISLAND("ramp, machine", to_ramp, MACHINE),
	};

	(void)state;
	matrix_each(at, ARRAY_SIZE(at));
}

/* A grid that goes is waited for; what charges the filter is no power of the bridge's. */
#define WAITING(_name, _come)								\
	{ .name = _name, .come = _come, .p_mw = -3000000, .island_switch = true,	\
	  .own_voltage = true, .flags = V2X_SETPOINT_WAIT, .most_w = 8000 }

static void a_fault_while_waiting_for_a_permission_is_contained(void **state)
{
	static const struct matrix_at at[] = {
		WAITING("vehicle's contact", to_ready), WAITING("link", to_ready_link),
		WAITING("wait", to_wait),
	};

	(void)state;
	matrix_each(at, ARRAY_SIZE(at));
}

static void a_fault_after_the_permission_is_contained(void **state)
{
	static const struct matrix_at at[] = {
		WAITING("filter", to_filter), WAITING("grid contact", to_closing),
	};

	(void)state;
	matrix_each(at, ARRAY_SIZE(at));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fault_in_a_transfer_to_an_island_is_contained),
		cmocka_unit_test(a_fault_in_an_island_is_contained),
		cmocka_unit_test(a_fault_in_an_island_of_a_machine_is_contained),
		cmocka_unit_test(a_fault_in_resynchronisation_is_contained),
		cmocka_unit_test(a_fault_in_a_black_start_is_contained),
		cmocka_unit_test(a_fault_in_the_ramp_of_a_black_start_is_contained),
		cmocka_unit_test(a_fault_while_waiting_for_a_permission_is_contained),
		cmocka_unit_test(a_fault_after_the_permission_is_contained),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
