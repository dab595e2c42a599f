// SPDX-License-Identifier: Apache-2.0
/* Ready before a permission: link from the vehicle, nothing on the grid, then at once. */
#include "test.h"

#include "rig.h"

#define GRID_SIDE (V2X_CONTACTOR_PRECHARGE | V2X_CONTACTOR_GRID)

static struct rig rig;
static double i_most, p_grid;
static bool connected;

static void watch(struct rig *r)
{
	for (int x = 0; x < 3; x++)
		i_most = fmax(i_most, fabs(r->ctl.m.i_q8[x] / 256e3));
	p_grid = fmax(p_grid, fabs(r->ctl.p_inst_mw / 1e3));
	connected = connected || r->plant.contactors & GRID_SIDE;
}

static void begin_with(u32 phases, bool soft)
{
	struct plant_cfg cfg;

	plant_cfg_default(&cfg);
	if (phases == 1)
		plant_cfg_model(&cfg, "1p-7kw");
	cfg.island_switch = soft;
	rig_init_with(&rig, &cfg);
	rig_plug(&rig);
	rig_ms(&rig, 200);
	rig.user.setpoint.flags = V2X_SETPOINT_WAIT;
	rig_user(&rig);
	i_most = 0;
	p_grid = 0;
	connected = false;
	rig.each = watch;
	rig_request(&rig, V2X_CTL_REQ_START, V2X_REASON_REQUEST);
	rig_ms(&rig, 4000);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_READY);
}

static void begin(u32 phases)
{
	begin_with(phases, true);
}

static void permit(void)
{
	rig.user.setpoint.flags = 0;
	rig_user(&rig);
}

static void nothing_flows_before_the_permission_and_power_at_once_after(void **state)
{
	static const u32 phases[] = { 3, 1 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(phases); i++) {
		const double v_link = phases[i] == 3 ? 800 : 400;
		int ms;

		begin(phases[i]);
		assert_false(connected);
		assert_near(rig.ctl.m.vdc_q8 / 256e3, v_link, v_link / 50);
		rig_ms(&rig, 20000);
		assert_int_equal(rig.ctl.seq.state, V2X_STATE_READY);
		assert_false(connected);
		assert_true(p_grid < 100);
		i_most = 0;
		permit();
		ms = rig_until(&rig, V2X_STATE_RUN, 500);
		rig_ms(&rig, 100);
		print_message("%u phases: RUN after %d ms, %.1f A at most, link %.0f V\n",
			      phases[i], ms, i_most, rig.ctl.m.vdc_q8 / 256e3);
		assert_in_range(ms, 1, 100);
		/* neither filter nor link take more than a tenth of the rating */
		assert_true(i_most < rig.ctl.desc->i_rated_ma / 1e3 * M_SQRT2 / 10 + 1);
		assert_int_equal(rig.plant.contactors, V2X_CONTACTOR_GRID | V2X_CONTACTOR_EV);
		rig_power(&rig, -3000000);
		rig_ms(&rig, 500);
		assert_near(rig.cycle.p_mw, -3000000, 90000);
		assert_int_equal(rig.trips, 0);
	}
}

static void without_a_resistor_to_the_vehicle_all_stays_open(void **state)
{
	(void)state;
	begin_with(3, false);
	assert_int_equal(rig.plant.contactors, 0);
	permit();
	assert_true(rig_until(&rig, V2X_STATE_RUN, 2000) > 500);
	assert_int_equal(rig.trips, 0);
}

static void a_grid_out_of_order_is_waited_for(void **state)
{
	(void)state;
	begin(3);
	rig.env.grid.voltage_mpu = 0;
	rig_env(&rig);
	rig_ms(&rig, 1000);
	permit();
	rig_ms(&rig, 3000);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_READY);
	assert_false(connected);
	rig.env.grid.voltage_mpu = 1000;
	rig_env(&rig);
	assert_true(rig_until(&rig, V2X_STATE_RUN, 500) >= 0);
	assert_int_equal(rig.trips, 0);
}

static void a_stop_and_a_vehicle_that_goes_end_it(void **state)
{
	(void)state;
	begin(3);
	rig_request(&rig, V2X_CTL_REQ_STOP, V2X_REASON_REQUEST);
	assert_true(rig_until(&rig, V2X_STATE_IDLE, 500) >= 0);
	assert_int_equal(rig.plant.contactors, 0);

	begin(3);
	rig.env.car.plugged = 0;
	rig_env(&rig);
	assert_true(rig_until(&rig, V2X_STATE_IDLE, 500) >= 0);
	assert_int_equal(rig.plant.contactors, 0);
	assert_false(connected);
}

static void a_contactor_that_does_not_close_is_a_fault(void **state)
{
	(void)state;
	begin(3);
	rig.env.fault[PLANT_FAULT_CONTACTOR_STUCK_OPEN] = V2X_CONTACTOR_GRID;
	rig_env(&rig);
	permit();
	assert_true(rig_until(&rig, V2X_STATE_FAULT, 1000) >= 0);
	assert_int_equal(rig.ctl.seq.fault, V2X_REASON_GRID_CONTACTOR_STUCK_OPEN);
	rig_ms(&rig, 100);
	assert_int_equal(rig.plant.contactors & GRID_SIDE, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_flows_before_the_permission_and_power_at_once_after),
		cmocka_unit_test(without_a_resistor_to_the_vehicle_all_stays_open),
		cmocka_unit_test(a_grid_out_of_order_is_waited_for),
		cmocka_unit_test(a_stop_and_a_vehicle_that_goes_end_it),
		cmocka_unit_test(a_contactor_that_does_not_close_is_a_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
