// SPDX-License-Identifier: Apache-2.0
/* A voltage where there is none, from the vehicle alone; and as a machine would. */
#include "test.h"

#include "rig.h"

static struct rig rig;

static double volts(void)
{
	const struct v2x_vec v = v2x_clarke(rig.ctl.m.v_q8);

	return hypot((double)v.x, (double)v.y) / 256e3 / (230 * M_SQRT2);
}

static void load(double watts)
{
	rig.env.grid.load_r_mohm = (u32)(3 * 230.0 * 230 / watts * 1000);
	rig_env(&rig);
}

static void dead(double load_w, u32 flags)
{
	struct plant_cfg cfg;

	plant_cfg_default(&cfg);
	cfg.island_switch = 1;
	rig_init_with(&rig, &cfg);
	rig.env.grid.island = 1;
	load(load_w);
	rig_plug(&rig);
	rig_ms(&rig, 200);
	rig.user.forming.ramp_ms = 400;
	rig.user.forming.join_wait_ms = 500;
	rig.user.setpoint.flags = V2X_SETPOINT_ISLAND | flags;
	rig_user(&rig);
}

static void black_start(void)
{
	rig_request(&rig, V2X_CTL_REQ_BLACK, V2X_REASON_REQUEST);
	rig_ms(&rig, 1);
}

static double i_most, v_last, v_step, rise_ms;

static void watch(struct rig *r)
{
	const double v = volts();

	i_most = fmax(i_most, hypot((double)r->ctl.iab.x, (double)r->ctl.iab.y) / 256e3);
	if (v > 0.1 && v < 0.9)
		rise_ms += 0.05;
	v_step = fmax(v_step, v - v_last);
	v_last = v;
}

static void the_voltage_rises_softly_in_the_time_stated(void **state)
{
	static const u32 w[] = { 100, 1000, 6000, 10500 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(w); i++) {
		dead(w[i], V2X_SETPOINT_FORM);
		i_most = 0;
		v_last = 0;
		v_step = 0;
		rise_ms = 0;
		rig.each = watch;
		black_start();
		assert_true(rig_until(&rig, V2X_STATE_RUN, 5000) >= 0);
		rig_ms(&rig, 500);
		print_message("%5u W: 0.1 to 0.9 in %.0f ms, largest step %.3f, %.1f A peak, then %.1f V\n",
			      w[i], rise_ms, v_step, i_most, volts() * 230);
		assert_near(rise_ms, 0.8 * 400, 20);
		assert_near(volts(), 1, 0.02);
		assert_true(v_step < 0.05);
		assert_true(i_most < 1.1 * 16 * M_SQRT2);
		assert_int_equal(rig.trips, 0);
		assert_near(rig.ctl.m.vdc_q8 / 256e3, 800, 8);
	}
}

static void a_voltage_that_is_there_refuses_it(void **state)
{
	(void)state;
	dead(5000, V2X_SETPOINT_FORM);
	rig.env.grid.island = 0;
	rig_env(&rig);
	rig_ms(&rig, 100);
	black_start();
	rig_ms(&rig, 1000);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_IDLE);
	assert_int_equal(rig.ctl.seq.reason, V2X_REASON_GRID_PRESENT);
	assert_int_equal(rig.plant.contactors, 0);
	assert_int_equal(rig.trips, 0);
	/* without leave to make an island it is refused as well */
	dead(5000, V2X_SETPOINT_FORM);
	rig.user.setpoint.flags = 0;
	rig_user(&rig);
	black_start();
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_IDLE);
}

static void a_short_is_an_overload_and_leaves_all_open(void **state)
{
	(void)state;
	dead(5000, V2X_SETPOINT_FORM);
	rig.env.grid.load_r_mohm = 500;		/* 320 kW */
	rig_env(&rig);
	i_most = 0;
	rig.each = watch;
	black_start();
	assert_true(rig_until(&rig, V2X_STATE_FAULT, 8000) >= 0);
	assert_int_equal(rig.ctl.seq.fault, V2X_REASON_ISLAND_OVERLOAD);
	assert_true(i_most < 1.1 * 16 * M_SQRT2 * 1.08);
	rig_ms(&rig, 100);
	assert_int_equal(rig.plant.contactors, 0);
	/* repaired and acknowledged it goes */
	load(5000);
	rig_request(&rig, V2X_CTL_REQ_ACK, V2X_REASON_ACK);
	rig_ms(&rig, 2000);
	black_start();
	assert_true(rig_until(&rig, V2X_STATE_RUN, 5000) >= 0);
}

static void a_fault_in_every_step_is_contained(void **state)
{
	static const struct {
		enum plant_fault fault;
		u32 value, reason;
	} faults[] = {
		{ PLANT_FAULT_ESTOP, 1, V2X_REASON_ESTOP },
		{ PLANT_FAULT_GATE_FAULT, 8, V2X_REASON_GATE_DRIVER },
		{ PLANT_FAULT_ADC_OPEN, 1U << V2X_ADC_V_DC_LINK, V2X_REASON_ADC_RANGE },
		{ PLANT_FAULT_PILOT_SHORT, 1, V2X_REASON_PILOT_FAULT },
	};

	(void)state;
	for (u32 sub = 0; sub < 6; sub++) {
		for (size_t i = 0; i < ARRAY_SIZE(faults); i++) {
			dead(5000, 0);
			black_start();
			for (u32 n = 0; n < 60000 && !(rig.ctl.seq.state == V2X_STATE_BLACK_START &&
						       rig.ctl.seq.sub == sub); n++)
				rig_tick(&rig);
			assert_int_equal(rig.ctl.seq.state, V2X_STATE_BLACK_START);
			rig_ms(&rig, 2);
			rig.env.fault[faults[i].fault] = faults[i].value;
			rig_env(&rig);
			rig_ms(&rig, 60);
			if (rig.ctl.seq.fault != faults[i].reason)
				fail_msg("step %u, %u: state %u, fault %u", sub, faults[i].reason,
					 rig.ctl.seq.state, rig.ctl.seq.fault);
			assert_false(rig.out.gate.gates);
			assert_int_equal(rig.out.gate.contactors, 0);
		}
	}
}

static void contacts_that_do_not_follow_are_found(void **state)
{
	static const struct {
		u32 contact, reason;
	} at[] = {
		{ V2X_CONTACTOR_ISLAND, V2X_REASON_ISLAND_SWITCH_STUCK },
		{ V2X_CONTACTOR_EV, V2X_REASON_EV_CONTACTOR_STUCK_OPEN },
		{ V2X_CONTACTOR_GRID, V2X_REASON_GRID_CONTACTOR_STUCK_OPEN },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(at); i++) {
		dead(5000, 0);
		rig.env.fault[PLANT_FAULT_CONTACTOR_STUCK_OPEN] = at[i].contact;
		rig_env(&rig);
		black_start();
		assert_true(rig_until(&rig, V2X_STATE_FAULT, 5000) >= 0);
		assert_int_equal(rig.ctl.seq.fault, at[i].reason);
	}
}

static void a_contact_that_opens_in_the_ramp_is_named(void **state)
{
	static const struct {
		u32 contact, reason;
	} at[] = {
		{ V2X_CONTACTOR_EV, V2X_REASON_EV_CONTACTOR_STUCK_OPEN },
		{ V2X_CONTACTOR_GRID, V2X_REASON_GRID_CONTACTOR_STUCK_OPEN },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(at); i++) {
		dead(5000, 0);
		black_start();
		for (u32 n = 0; n < 60000 && !rig.out.gate.gates; n++)
			rig_tick(&rig);
		rig_ms(&rig, 100);
		assert_int_equal(rig.ctl.seq.state, V2X_STATE_BLACK_START);
		rig.env.fault[PLANT_FAULT_CONTACTOR_STUCK_OPEN] = at[i].contact;
		rig_env(&rig);
		rig_ms(&rig, 50);
		assert_int_equal(rig.ctl.seq.fault, at[i].reason);
	}
}

static void the_utility_that_comes_is_joined(void **state)
{
	(void)state;
	dead(4000, 0);
	rig.user.setpoint.p_mw = 5000000;
	rig_user(&rig);
	black_start();
	assert_true(rig_until(&rig, V2X_STATE_RUN, 5000) >= 0);
	rig_ms(&rig, 500);
	assert_near(rig.cycle.p_mw / 1e3, -4000, 200);
	rig.env.grid.island = 0;
	rig.env.grid.phase_mdeg = 140000;
	rig_env(&rig);
	rig_ms(&rig, 6000);
	assert_int_equal(rig.ctl.island.phase, V2X_ISLAND_NONE);
	assert_near(rig.cycle.p_mw / 1e3, 5000, 100);
	assert_int_equal(rig.trips, 0);
}

/* A load step of 5 kW: how fast the frequency falls at first is the inertia. */
static void a_machine_has_the_inertia_that_was_set(void **state)
{
	static const u32 h_ms[] = { 1000, 2000, 10000 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(h_ms); i++) {
		double w, w0, hz_per_s, want, f, tau;

		dead(1000, V2X_SETPOINT_VSM);
		rig.user.forming.inertia_ms = h_ms[i];
		rig_user(&rig);
		black_start();
		assert_true(rig_until(&rig, V2X_STATE_RUN, 5000) >= 0);
		rig_ms(&rig, 20 * h_ms[i] / 100 + 1000);
		w0 = (double)rig.ctl.form.w_q12;
		load(6000);
		rig_ms(&rig, 3);
		w = (double)rig.ctl.form.w_q12;
		hz_per_s = (w - w0) * 20000 / 0x1p44 / 0.003;
		/* f0 dP / (2 H S), less what the droop took meanwhile: 2 H R */
		tau = 2 * h_ms[i] / 1e3 * 0.01;
		want = -50.0 * 5 / 11 / (2 * h_ms[i] / 1e3) * (1 - exp(-0.003 / tau)) * tau / 0.003;
		rig_ms(&rig, 20 * h_ms[i] / 100 + 1000);
		f = (double)rig.ctl.form.w_q12 * 20000 / 0x1p44;
		print_message("H %.1f s: %.2f Hz/s (%.2f), then %.3f Hz\n", h_ms[i] / 1e3, hz_per_s,
			      want, f);
		assert_near(hz_per_s, want, 0.2 * fabs(want));
		/* 1 % at 11 kW */
		assert_near(f, 50 - 0.5 * 6 / 11, 0.02);
	}
}

/* On a grid whose frequency steps the machine gives power and settles without ringing. */
static void a_machine_on_a_grid_is_damped(void **state)
{
	double lo = 0, hi = -1e9;

	(void)state;
	rig_init(&rig);
	rig_lom_off(&rig);
	assert_true(rig_run(&rig));
	rig_power(&rig, -3000000);
	rig_ms(&rig, 300);
	rig.user.setpoint.flags = V2X_SETPOINT_VSM;
	rig_user(&rig);
	rig_ms(&rig, 1000);
	assert_near(rig.cycle.p_mw / 1e3, -3000, 100);
	rig.env.grid.frequency_mhz = 49900;
	rig_env(&rig);
	for (int n = 0; n < 40000; n++) {
		rig_tick(&rig);
		lo = fmin(lo, rig.ctl.p_inst_mw / 1e3);
		if (n > 4000)
			hi = fmax(hi, rig.ctl.p_inst_mw / 1e3);
	}
	print_message("49.9 Hz: at most %.0f W, then not above %.0f W, in the end %.0f W\n", lo, hi,
		      rig.cycle.p_mw / 1e3);
	/* 0.1 Hz of 0.5 Hz at 11 kW: 2.2 kW more */
	assert_near(rig.cycle.p_mw / 1e3, -5200, 150);
	assert_true(lo > -8000);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_RUN);
}

/* Behind a virtual impedance the voltage falls with the load by what it should. */
static void a_virtual_impedance_lowers_the_voltage(void **state)
{
	double i, want;

	(void)state;
	dead(8000, V2X_SETPOINT_FORM);
	rig.user.forming.r_virtual_permille = 50;
	rig.user.forming.x_virtual_permille = 100;
	rig.user.forming.q_droop_permille = 0;
	rig_user(&rig);
	black_start();
	assert_true(rig_until(&rig, V2X_STATE_RUN, 5000) >= 0);
	rig_ms(&rig, 1000);
	i = 8000 * volts() * volts() / (3 * 230 * volts()) / 16;
	want = sqrt(1 - pow(0.1 * i, 2)) - 0.05 * i;
	print_message("%.3f of the voltage (%.3f)\n", volts(), want);
	assert_near(volts(), want, 0.006);
	assert_int_equal(rig.trips, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_voltage_rises_softly_in_the_time_stated),
		cmocka_unit_test(a_voltage_that_is_there_refuses_it),
		cmocka_unit_test(a_short_is_an_overload_and_leaves_all_open),
		cmocka_unit_test(a_fault_in_every_step_is_contained),
		cmocka_unit_test(contacts_that_do_not_follow_are_found),
		cmocka_unit_test(a_contact_that_opens_in_the_ramp_is_named),
		cmocka_unit_test(the_utility_that_comes_is_joined),
		cmocka_unit_test(a_machine_has_the_inertia_that_was_set),
		cmocka_unit_test(a_machine_on_a_grid_is_damped),
		cmocka_unit_test(a_virtual_impedance_lowers_the_voltage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
