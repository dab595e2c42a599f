// SPDX-License-Identifier: Apache-2.0
/* Every fault of the virtual stage in every state of the sequence, beside a grid. */
#include "test.h"

#include "matrix.h"

static bool in_state(const struct rig *r, u32 state)
{
	return r->ctl.seq.state == state;
}

static void start(struct rig *r)
{
	rig_request(r, V2X_CTL_REQ_START, V2X_REASON_REQUEST);
}

static void stop(struct rig *r)
{
	rig_request(r, V2X_CTL_REQ_STOP, V2X_REASON_REQUEST);
}

static void to_idle(struct rig *r, const struct matrix_at *at)
{
	(void)r;
	(void)at;
}

static void to_self_test(struct rig *r, const struct matrix_at *at)
{
	(void)at;
	start(r);
	matrix_tick_until(r, in_state, V2X_STATE_SELF_TEST, 100);
}

static void to_insulation(struct rig *r, const struct matrix_at *at)
{
	(void)at;
	start(r);
	matrix_tick_until(r, in_state, V2X_STATE_INSULATION, 2000);
}

static void to_precharge(struct rig *r, const struct matrix_at *at)
{
	(void)at;
	start(r);
	matrix_tick_until(r, in_state, V2X_STATE_PRECHARGE, 3000);
}

/* Current flows through the resistors. */
static void into_precharge(struct rig *r, const struct matrix_at *at)
{
	to_precharge(r, at);
	rig_ms(r, 60);
	assert_int_equal(r->ctl.seq.state, V2X_STATE_PRECHARGE);
}

static void to_contactor(struct rig *r, const struct matrix_at *at)
{
	(void)at;
	start(r);
	matrix_tick_until(r, in_state, V2X_STATE_CONTACTOR, 4000);
}

static void to_sync(struct rig *r, const struct matrix_at *at)
{
	(void)at;
	start(r);
	matrix_tick_until(r, in_state, V2X_STATE_SYNC, 4000);
}

static bool boosting(const struct rig *r, u32 sub)
{
	return r->ctl.seq.state == V2X_STATE_SYNC && r->ctl.seq.sub == sub;
}

/* The gates switch, and the link is on its way up. */
static void into_sync(struct rig *r, const struct matrix_at *at)
{
	to_sync(r, at);
	matrix_tick_until(r, boosting, 1, 1000);
	rig_ms(r, 50);
}

static void to_run(struct rig *r, const struct matrix_at *at)
{
	(void)at;
	start(r);
	matrix_tick_until(r, in_state, V2X_STATE_RUN, 6000);
	rig_ms(r, 300);
}

/* Half way from one direction to the other. */
static void to_reversal(struct rig *r, const struct matrix_at *at)
{
	rig_power(r, -at->p_mw);
	to_run(r, at);
	rig_ms(r, 200);
	rig_power(r, at->p_mw);
	rig_ms(r, 6);
}

static void to_ramp_down(struct rig *r, const struct matrix_at *at)
{
	to_run(r, at);
	stop(r);
	rig_ms(r, 3);
	assert_int_equal(r->ctl.seq.state, V2X_STATE_RAMP_DOWN);
}

static bool opens(const struct rig *r, u32 sub)
{
	return r->ctl.seq.state == V2X_STATE_RAMP_DOWN && r->ctl.seq.sub == sub;
}

/* All coils are off, the contacts still closed. */
static void to_opening(struct rig *r, const struct matrix_at *at)
{
	to_run(r, at);
	stop(r);
	matrix_tick_until(r, opens, 1, 600);
}

/* Stopped, and the link discharges through what bleeds it. */
static void to_discharge(struct rig *r, const struct matrix_at *at)
{
	to_opening(r, at);
	matrix_tick_until(r, in_state, V2X_STATE_IDLE, 200);
	rig_ms(r, 20);
}

static bool rides(const struct rig *r, u32 phase)
{
	return r->ctl.ride.phase == phase;
}

static void to_cessation(struct rig *r, const struct matrix_at *at)
{
	to_run(r, at);
	r->env.grid.voltage_mpu = 50;
	rig_env(r);
	matrix_tick_until(r, rides, V2X_RIDE_CEASED, 100);
	rig_ms(r, 50);
}

static void to_return(struct rig *r, const struct matrix_at *at)
{
	to_cessation(r, at);
	r->env.grid.voltage_mpu = 1000;
	rig_env(r);
	matrix_tick_until(r, rides, V2X_RIDE_LINK, 300);
}

static void to_recovery(struct rig *r, const struct matrix_at *at)
{
	to_return(r, at);
	matrix_tick_until(r, rides, V2X_RIDE_RECOVER, 300);
}

#define BOTH_WAYS(_at, ...)								\
	{ .name = #_at ", charging", .come = _at, .p_mw = 5000000, __VA_ARGS__ },	\
	{ .name = #_at ", discharging", .come = _at, .p_mw = -5000000, __VA_ARGS__ }

/* What charges the link before there is power: 256 J in some cycles. */
#define FILLING		.most_w = 8000

static void a_fault_before_there_is_power_is_contained(void **state)
{
	static const struct matrix_at at[] = {
		{ .name = "idle", .come = to_idle, .p_mw = 5000000, .idle = true },
		{ .name = "self-test", .come = to_self_test, .p_mw = 5000000 },
		{ .name = "insulation", .come = to_insulation, .p_mw = -5000000, FILLING },
	};

	(void)state;
	matrix_each(at, ARRAY_SIZE(at));
}

static void a_fault_in_precharge_is_contained(void **state)
{
	static const struct matrix_at at[] = {
		{ .name = "precharge begins", .come = to_precharge, .p_mw = 5000000 },
		{ .name = "precharge", .come = into_precharge, .p_mw = -5000000, FILLING },
		{ .name = "grid contactor closes", .come = to_contactor, .p_mw = -5000000, FILLING },
	};

	(void)state;
	matrix_each(at, ARRAY_SIZE(at));
}

static void a_fault_in_synchronisation_is_contained(void **state)
{
	static const struct matrix_at at[] = {
		{ .name = "sync begins", .come = to_sync, .p_mw = 5000000 },
		{ .name = "link is raised", .come = into_sync, .p_mw = -5000000, FILLING },
	};

	(void)state;
	matrix_each(at, ARRAY_SIZE(at));
}

static void a_fault_while_power_flows_is_contained(void **state)
{
	static const struct matrix_at at[] = { BOTH_WAYS(to_run) };

	(void)state;
	matrix_each(at, ARRAY_SIZE(at));
}

static void a_fault_in_a_reversal_of_power_is_contained(void **state)
{
	static const struct matrix_at at[] = { BOTH_WAYS(to_reversal, .turns_ms = 40) };

	(void)state;
	matrix_each(at, ARRAY_SIZE(at));
}

static void a_fault_while_ramping_down_is_contained(void **state)
{
	static const struct matrix_at at[] = { BOTH_WAYS(to_ramp_down, .idle = true) };

	(void)state;
	matrix_each(at, ARRAY_SIZE(at));
}

static void a_fault_while_the_link_discharges_is_contained(void **state)
{
	static const struct matrix_at at[] = {
		{ .name = "contacts open", .come = to_opening, .p_mw = 5000000, .idle = true },
		{ .name = "discharge", .come = to_discharge, .p_mw = -5000000, .idle = true },
	};

	(void)state;
	matrix_each(at, ARRAY_SIZE(at));
}

static void a_fault_in_a_dip_and_on_the_way_out_of_it_is_contained(void **state)
{
	static const struct matrix_at at[] = {
		{ .name = "ceased", .come = to_cessation, .p_mw = 5000000,
		  /* and no current is told that a stuck one would show in */
		  .also = { V2X_REASON_GRID_ABSENT, V2X_REASON_DC_LINK_OVER_VOLTAGE } },
		{ .name = "link comes back", .come = to_return, .p_mw = -5000000, FILLING },
		{ .name = "power comes back", .come = to_recovery, .p_mw = 5000000,
		  .turns_ms = 20 },
	};

	(void)state;
	matrix_each(at, ARRAY_SIZE(at));
}

static void a_fault_while_forming_on_a_grid_is_contained(void **state)
{
	static const struct matrix_at at[] = {
		{ .name = "droop", .come = to_run, .p_mw = 5000000, .flags = V2X_SETPOINT_FORM,
		  .own_voltage = true },
		{ .name = "machine", .come = to_run, .p_mw = -5000000, .flags = V2X_SETPOINT_VSM,
		  .own_voltage = true },
	};

	(void)state;
	matrix_each(at, ARRAY_SIZE(at));
}

static void a_lost_phase_has_its_own_reason_at_every_power(void **state)
{
	static const s32 powers[] = { 11000000, -11000000, 6000000, -2000000, 0 };
	static struct rig rig;
	u32 k, ph, at, n;

	(void)state;
	for (k = 0; k < ARRAY_SIZE(powers); k++) {
		static struct rig ready;

		assert_true(rig_run_model(&rig, "3p-11kw", powers[k], 300));
		ready = rig;
		for (ph = 1; ph <= 4; ph *= 2) {
			for (at = 0; at < 400; at += 10) {
				rig = ready;
				for (n = 0; n < at; n++)
					rig_tick(&rig);
				rig.env.fault[PLANT_FAULT_PHASE_LOSS] = ph;
				rig_env(&rig);
				rig_ms(&rig, 300);
				if (rig.ctl.seq.fault != V2X_REASON_GRID_PHASE_LOSS)
					fail_msg("%d W, phase %u at %u: fault %u", powers[k] / 1000,
						 ph, at, rig.ctl.seq.fault);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fault_before_there_is_power_is_contained),
		cmocka_unit_test(a_fault_in_precharge_is_contained),
		cmocka_unit_test(a_fault_in_synchronisation_is_contained),
		cmocka_unit_test(a_fault_while_power_flows_is_contained),
		cmocka_unit_test(a_fault_in_a_reversal_of_power_is_contained),
		cmocka_unit_test(a_fault_while_ramping_down_is_contained),
		cmocka_unit_test(a_fault_while_the_link_discharges_is_contained),
		cmocka_unit_test(a_fault_in_a_dip_and_on_the_way_out_of_it_is_contained),
		cmocka_unit_test(a_fault_while_forming_on_a_grid_is_contained),
		cmocka_unit_test(a_lost_phase_has_its_own_reason_at_every_power),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
