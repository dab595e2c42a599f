// SPDX-License-Identifier: Apache-2.0
/* DC output without a grid: to a load, and from one vehicle to another. */
#include "test.h"

#include <errno.h>
#include <stdlib.h>

#include "rig.h"

static struct rig rig;

/* What the bus saw since look(). */
static double v_lo, v_hi;

static double bus_of(const struct rig *r)
{
	return (double)r->plant.v_dc * 0x1p-40;
}

static double bus(void)
{
	return bus_of(&rig);
}

static double vehicle_w(const struct rig *r)
{
	return (double)r->plant.v_out * 0x1p-40 * ((double)r->plant.i_ev * 0x1p-20);
}

static double nominal(void)
{
	return rig.desc.v_dc_link_nominal_mv / 1e3;
}

static double rated_w(void)
{
	return rig.desc.p_export_max_mw / 1e3;
}

static void watch(struct rig *r)
{
	v_lo = fmin(v_lo, bus_of(r));
	v_hi = fmax(v_hi, bus_of(r));
	/* of the grid side nothing is ever used */
	assert_false(r->out.gate.gates);
	assert_int_equal(r->out.gate.contactors & ~V2X_CONTACTOR_EV, 0);
}

static void look(void)
{
	v_lo = 1e9;
	v_hi = 0;
}

static void load(double watts)
{
	rig.env.bus.load_r_mohm = watts > 0 ? (u32)(nominal() * nominal() / watts * 1000) : 0;
	rig_env(&rig);
}

static void dead_cfg(struct rig *r, struct plant_cfg *cfg, u32 flags)
{
	cfg->dc_bus = 1;
	rig_init_with(r, cfg);
	r->env.grid.voltage_mpu = 0;
	rig_plug(r);
	rig_ms(r, 200);
	r->user.setpoint.flags = V2X_SETPOINT_DC | flags;
	rig_user(r);
	r->each = watch;
	look();
}

static void dead_model(struct rig *r, const char *model, u32 flags)
{
	struct plant_cfg cfg;

	plant_cfg_default(&cfg);
	assert_true(plant_cfg_model(&cfg, model));
	dead_cfg(r, &cfg, flags);
}

static void dead(void)
{
	dead_model(&rig, "3p-11kw", V2X_SETPOINT_FORM);
}

static void start(void)
{
	rig_request(&rig, V2X_CTL_REQ_START, V2X_REASON_REQUEST);
	rig_ms(&rig, 1);
}

static void run(double watts)
{
	load(watts);
	start();
	assert_true(rig_until(&rig, V2X_STATE_DC_RUN, 5000) >= 0);
	rig_ms(&rig, 100);
}

static void gone(u32 reason)
{
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_FAULT);
	if (rig.ctl.seq.fault != reason)
		fail_msg("fault %u, not %u", rig.ctl.seq.fault, reason);
	assert_false(rig.out.gate.dcdc_gates);
	assert_int_equal(rig.out.gate.contactors, 0);
	rig_ms(&rig, 100);
	assert_int_equal(rig.plant.contactors, 0);
}

static double rise_ms;

static void watch_rise(struct rig *r)
{
	const double v = bus_of(r) / nominal();

	watch(r);
	if (v * v > 0.1 && v * v < 0.9)
		rise_ms += 1e3 / r->desc.tick_hz;
}

static void the_voltage_rises_softly_with_the_load_connected(void **state)
{
	static const char *const models[] = { "3p-11kw", "3p-22kw", "1p-7kw", "1p-7kw-800v",
					      "split-9kw", "3p-11kw-60hz" };
	static const double part[] = { 0, 0.1, 0.95 };

	(void)state;
	for (size_t m = 0; m < ARRAY_SIZE(models); m++) {
		for (size_t i = 0; i < ARRAY_SIZE(part); i++) {
			dead_model(&rig, models[m], V2X_SETPOINT_FORM);
			rig.user.forming.ramp_ms = 500;
			rig_user(&rig);
			rig.each = watch_rise;
			rise_ms = 0;
			run(part[i] * rated_w());
			print_message("%s, %.0f W: 0.1 to 0.9 of the energy in %.0f ms, then %.1f V, %.0f W\n",
				      models[m], part[i] * rated_w(), rise_ms, bus(), vehicle_w(&rig));
			assert_near(rise_ms, 0.8 * 500, 25);
			/* 2 % of droop */
			assert_near(bus(), nominal() * (1 - 0.02 * part[i]), nominal() * 0.005);
			assert_true(v_hi < nominal() * 1.02);
			assert_near(-vehicle_w(&rig), part[i] * bus() * bus() / nominal() / nominal() *
				    rated_w(), 0.06 * rated_w());
			assert_int_equal(rig.plant.contactors, V2X_CONTACTOR_EV);
			assert_int_equal(rig.trips, 0);
		}
	}
}

static void a_grid_at_the_terminals_is_not_used(void **state)
{
	struct v2x_status st = { 0 };

	(void)state;
	dead();
	rig.env.grid.voltage_mpu = 1000;
	run(5000);
	rig_ms(&rig, 2000);
	/* loss of that grid is nobody's business, and out of range neither */
	rig.env.grid.voltage_mpu = 0;
	rig_env(&rig);
	rig_ms(&rig, 1000);
	rig.env.grid.voltage_mpu = 1500;
	rig.env.grid.frequency_mhz = 55000;
	rig_env(&rig);
	rig_ms(&rig, 1000);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_DC_RUN);
	v2x_ctl_status(&rig.ctl, &st);
	assert_int_equal(st.mode, V2X_MODE_DC_FORM);
	assert_near(st.p_mw, 0, 1000);
	rig_request(&rig, V2X_CTL_REQ_STOP, V2X_REASON_REQUEST);
	assert_true(rig_until(&rig, V2X_STATE_IDLE, 500) >= 0);
	assert_int_equal(rig.trips, 0);
}

/* 10 % either way while it moves; where droop puts it, within 1 %, 20 ms later. */
static void steps(const char *model, bool constant_power)
{
	const double droop = rig.user.forming.dc_droop_permille / 1e3;

	run(0);
	look();
	if (constant_power)
		rig.env.bus.load_w = (u32)(0.95 * rated_w());
	load(constant_power ? 0 : rated_w());
	rig_ms(&rig, 20);
	print_message("%s, %s: %.1f V least, then %.1f V; ", model,
		      constant_power ? "power" : "resistor", v_lo, bus());
	assert_true(v_lo > 0.9 * nominal());
	assert_near(bus(), nominal() * (1 - droop), 0.01 * nominal());
	rig_ms(&rig, 500);
	look();
	rig.env.bus.load_w = 0;
	load(0);
	rig_ms(&rig, 20);
	print_message("off: %.1f V most, then %.1f V\n", v_hi, bus());
	assert_true(v_hi < 1.1 * nominal());
	assert_near(bus(), nominal(), 0.01 * nominal());
	assert_int_equal(rig.trips, 0);
}

static void load_steps_stay_in_the_band(void **state)
{
	static const char *const models[] = { "3p-11kw", "3p-22kw", "1p-7kw", "split-9kw",
					      "3p-11kw-60hz" };

	(void)state;
	for (size_t m = 0; m < ARRAY_SIZE(models); m++) {
		for (int constant_power = 0; constant_power < 2; constant_power++) {
			dead_model(&rig, models[m], V2X_SETPOINT_FORM);
			steps(models[m], constant_power);
		}
	}
}

/* The droop there must be grows as the rate falls. */
static void load_steps_at_a_lower_rate_stay_in_it_too(void **state)
{
	static const u32 hz[] = { 10000, 8000 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(hz); i++) {
		struct plant_cfg cfg;

		plant_cfg_default(&cfg);
		cfg.tick_hz = hz[i];
		dead_cfg(&rig, &cfg, V2X_SETPOINT_FORM);
		print_message("%u Hz, droop %u permille, ", hz[i], rig.user.forming.dc_droop_permille);
		steps("3p-11kw", false);
	}
}

static void voltage_and_droop_are_those_set(void **state)
{
	static const u32 droop[] = { 20, 35, 50 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(droop); i++) {
		double full, half;

		dead();
		rig.user.forming.dc_v_mv = 760000;
		rig.user.forming.dc_droop_permille = droop[i];
		rig_user(&rig);
		run(0);
		assert_near(bus(), 760, 4);
		rig.env.bus.load_w = 5500;
		rig_env(&rig);
		rig_ms(&rig, 100);
		half = bus();
		rig.env.bus.load_w = 10500;
		rig_env(&rig);
		rig_ms(&rig, 100);
		full = bus();
		print_message("%u permille: %.1f V at 5.5 kW, %.1f V at 10.5 kW\n", droop[i], half, full);
		/* V^2 is a straight line; the stage's losses of 2 % come on top of the load */
		assert_near(half * half, 760.0 * 760 * (1 - 2e-3 * droop[i] * 5.5 / 11), 3000);
		assert_near(full * full, 760.0 * 760 * (1 - 2e-3 * droop[i] * 10.5 / 11), 3000);
		/* changed while it runs it goes there in the ramp's time */
		rig.user.forming.dc_v_mv = 800000;
		rig_user(&rig);
		rig_ms(&rig, 1200);
		assert_near(bus(), 40 + full, 4);
		assert_int_equal(rig.trips, 0);
	}
}

/* More than the vehicle gives is an overload by name; all is open and goes again after. */
static void an_overload_is_named(void **state)
{
	int ms;

	(void)state;
	dead();
	run(5000);
	load(1.6 * rated_w());
	ms = rig_until(&rig, V2X_STATE_FAULT, 1000);
	print_message("overload of 1.6: off after %d ms\n", ms);
	assert_in_range(ms, 90, 300);
	gone(V2X_REASON_DC_BUS_OVERLOAD);
	load(5000);
	rig_request(&rig, V2X_CTL_REQ_ACK, V2X_REASON_ACK);
	rig_ms(&rig, 3000);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_IDLE);
	start();
	assert_true(rig_until(&rig, V2X_STATE_DC_RUN, 5000) >= 0);
}

static void a_little_too_much_is_held_at_the_limit(void **state)
{
	(void)state;
	dead();
	rig.user.limits.i_ev_discharge_max_ma = 15000;
	rig_user(&rig);
	run(3000);
	load(1.05 * 15 * 350);	/* 5.5 kW; the vehicle gives some 5.2 */
	rig_ms(&rig, 2000);
	print_message("limit 15 A: %.2f A, %.1f V\n", (double)rig.plant.i_ev * 0x1p-20, bus());
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_DC_RUN);
	assert_near((double)rig.plant.i_ev * 0x1p-20, -15, 0.2);
	assert_true(rig.ctl.ref.limited_by & V2X_LIMITED_I_EV);
	assert_true(bus() > 0.9 * nominal());
}

static void a_short_of_the_bus_stops_at_once(void **state)
{
	static const u32 ohm[] = { 1, 5 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ohm); i++) {
		u64 tick;

		dead();
		run(5000);
		rig.env.fault[PLANT_FAULT_LINK_SHORT] = ohm[i];
		rig_env(&rig);
		tick = rig.tick;
		for (u32 n = 0; n < 2000 && bus() > 0.5 * nominal(); n++)
			rig_tick(&rig);
		print_message("short of %u ohm: half of the voltage after %.2f ms\n", ohm[i],
			      (double)(rig.tick - tick) / 20);
		/* the next sample sees it, if nothing did before */
		rig_tick(&rig);
		rig_tick(&rig);
		gone(V2X_REASON_DC_BUS_OVERLOAD);
		/* with the short still there it does not come up */
		rig_ms(&rig, 1000);
		rig_request(&rig, V2X_CTL_REQ_ACK, V2X_REASON_ACK);
		rig_ms(&rig, 50);
		start();
		assert_true(rig_until(&rig, V2X_STATE_FAULT, 5000) >= 0);
		gone(V2X_REASON_DC_BUS_OVERLOAD);
		rig.env.fault[PLANT_FAULT_LINK_SHORT] = 0;
		rig_env(&rig);
		rig_request(&rig, V2X_CTL_REQ_ACK, V2X_REASON_ACK);
		rig_ms(&rig, 3000);
		start();
		assert_true(rig_until(&rig, V2X_STATE_DC_RUN, 5000) >= 0);
	}
}

static void a_discharge_limit_of_zero_means_zero(void **state)
{
	static const struct {
		bool power;
		const char *what;
	} limits[] = { { true, "power" }, { false, "current" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		dead();
		if (limits[i].power)
			rig.user.limits.p_export_max_mw = 0;
		else
			rig.user.limits.i_ev_discharge_max_ma = 0;
		rig_user(&rig);
		load(1000);
		start();
		while (rig.ctl.seq.state != V2X_STATE_FAULT) {
			rig_tick(&rig);
			/* of the stage: what fills its capacitor when the contact closes is not */
			assert_true((double)rig.plant.i_dcdc * 0x1p-20 > -1);
		}
		assert_true(bus() < 50);
		gone(V2X_REASON_DC_BUS_ABSENT);
		/* and when it comes while power flows */
		dead();
		run(5000);
		if (limits[i].power)
			rig.user.limits.p_export_max_mw = 0;
		else
			rig.user.limits.i_ev_discharge_max_ma = 0;
		rig_user(&rig);
		rig_ms(&rig, 20);
		assert_true(fabs(vehicle_w(&rig)) < 0.02 * rated_w());
	}
}

static void lease_stop_and_a_vehicle_that_goes_end_it(void **state)
{
	double w;

	(void)state;
	dead();
	run(8000);
	w = -vehicle_w(&rig);
	rig.user.lease_until_tick = rig.tick + 100;
	rig_user(&rig);
	rig_ms(&rig, 55);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_RAMP_DOWN);
	/* a ramp, not a cut: the rating in 200 ms */
	assert_true(-vehicle_w(&rig) < w && -vehicle_w(&rig) > w / 2);
	assert_true(rig_until(&rig, V2X_STATE_IDLE, 500) >= 0);
	assert_int_equal(rig.ctl.seq.reason, V2X_REASON_LEASE);
	rig_ms(&rig, 100);
	assert_int_equal(rig.plant.contactors, 0);
	assert_int_equal(rig.trips, 0);

	dead();
	run(8000);
	rig_request(&rig, V2X_CTL_REQ_STOP, V2X_REASON_REQUEST);
	assert_true(rig_until(&rig, V2X_STATE_IDLE, 500) >= 0);
	assert_int_equal(rig.trips, 0);

	dead();
	run(8000);
	rig.env.car.ready = 0;
	rig_env(&rig);
	rig_ms(&rig, 100);
	assert_false(rig.out.gate.dcdc_gates);
	assert_int_equal(rig.out.gate.contactors, 0);
	assert_int_equal(rig.ctl.seq.reason, V2X_REASON_EV_DISCONNECTED);
	rig_ms(&rig, 1000);
	assert_true(bus() < 100);
}

/* Two chargers on one bus: the first holds it, the second follows unless told else. */
static struct rig two[2];

static void two_tick(void)
{
	struct plant *const plants[] = { &two[0].plant, &two[1].plant };

	for (int i = 0; i < 2; i++)
		plant_step(&two[i].plant, &two[i].out.gate);
	plant_bus_join(plants, 2);
	for (int i = 0; i < 2; i++)
		rig_tick_stepped(&two[i]);
}

static void two_ms(u32 ms)
{
	for (u32 n = 0; n < ms * 20; n++)
		two_tick();
}

static void two_start(u32 flags_of_second)
{
	dead_model(&two[0], "3p-11kw", V2X_SETPOINT_FORM);
	dead_model(&two[1], "3p-11kw", flags_of_second);
	/* the sensors of the second have noise of their own */
	two[1].plant.rng = 2;
	two_ms(10);
	for (int i = 0; i < 2; i++)
		rig_request(&two[i], V2X_CTL_REQ_START, V2X_REASON_REQUEST);
	two_ms(3500);
	assert_int_equal(two[0].ctl.seq.state, V2X_STATE_DC_RUN);
	assert_int_equal(two[1].ctl.seq.state, V2X_STATE_DC_RUN);
	look();
}

static void two_limits(int i, void (*change)(struct v2x_limits *l))
{
	change(&two[i].user.limits);
	rig_user(&two[i]);
}

static double amperes(const struct rig *r)
{
	return (double)r->plant.i_ev * 0x1p-20;
}

static void one_vehicle_charges_another_by_power_current_and_voltage(void **state)
{
	static const s32 p_w[] = { 10000, -10000, 3000, 0, -7000, 10000 };
	struct v2x_status st = { 0 };
	double ocv;

	(void)state;
	two_start(0);
	v2x_ctl_status(&two[1].ctl, &st);
	assert_int_equal(st.mode, V2X_MODE_DC_FOLLOW);
	/* constant power, both ways, from each to each at once */
	for (size_t i = 0; i < ARRAY_SIZE(p_w); i++) {
		rig_power(&two[1], p_w[i] * 1000);
		two_ms(500);
		print_message("%6d W: second %.0f W, first %.0f W, %.1f V\n", p_w[i],
			      vehicle_w(&two[1]), vehicle_w(&two[0]), bus_of(&two[0]));
		assert_near(vehicle_w(&two[1]), p_w[i], 110);
		/* what one gives less the losses of two stages, at most 3 % each */
		assert_true(vehicle_w(&two[0]) + p_w[i] < 0);
		assert_near(vehicle_w(&two[0]), -p_w[i], 0.06 * abs(p_w[i]) + 500);
	}
	assert_true(v_lo > 0.95 * 800 && v_hi < 1.05 * 800);
	/* constant current */
	two[1].user.limits.i_ev_charge_max_ma = 12000;
	rig_user(&two[1]);
	two_ms(300);
	assert_near(amperes(&two[1]), 12, 0.1);
	rig_power(&two[1], -10000000);
	two[1].user.limits.i_ev_discharge_max_ma = 8000;
	rig_user(&two[1]);
	two_ms(300);
	assert_near(amperes(&two[1]), -8, 0.1);
	/* constant voltage: what the current makes of half of 0.077 ohm, up and down */
	two[1].user.limits.i_ev_charge_max_ma = 40000;
	rig_power(&two[1], 0);
	two_ms(500);
	ocv = (double)two[1].plant.v_out * 0x1p-40;
	two[1].user.limits.v_ev_max_mv = (u32)((ocv + 0.8) * 1000);
	rig_power(&two[1], 10000000);
	two_ms(500);
	print_message("%.2f V allowed: %.2f V, %.1f A\n", ocv + 0.8,
		      (double)two[1].plant.v_out * 0x1p-40, amperes(&two[1]));
	assert_near((double)two[1].plant.v_out * 0x1p-40, ocv + 0.8, 0.3);
	assert_true(amperes(&two[1]) > 5);
	assert_int_equal(two[0].trips + two[1].trips, 0);
}

static void gives_three_kilowatts(struct v2x_limits *l)
{
	l->p_export_max_mw = 3000000;
}

static void takes_nothing(struct v2x_limits *l)
{
	l->i_ev_charge_max_ma = 0;
}

/* Who follows lets go of a bus that cannot give what it wants, or take it. */
static void the_follower_never_pulls_the_bus_out_of_its_window(void **state)
{
	(void)state;
	two_start(0);
	two_limits(0, gives_three_kilowatts);
	rig_power(&two[1], 10000000);
	two_ms(2000);
	print_message("3 of 10 kW: second %.0f W, %.1f V\n", vehicle_w(&two[1]), bus_of(&two[0]));
	assert_near(vehicle_w(&two[1]), 2800, 200);
	assert_true(v_lo > 0.9 * 800);
	assert_int_equal(two[1].ctl.ref.limited_by & ~V2X_LIMITED_RAMP, V2X_LIMITED_DC_LINK);
	assert_int_equal(two[0].trips + two[1].trips, 0);

	two_start(0);
	two_limits(0, takes_nothing);
	rig_power(&two[1], -10000000);
	two_ms(2000);
	print_message("none of 10 kW: second %.0f W, %.1f V\n", vehicle_w(&two[1]), bus_of(&two[0]));
	assert_true(fabs(vehicle_w(&two[0])) < 110);
	assert_true(vehicle_w(&two[1]) > -1000);
	assert_true(v_hi < 1.1 * 800);
	assert_int_equal(two[0].trips + two[1].trips, 0);
}

static void two_share_a_load_by_their_droop(void **state)
{
	(void)state;
	two_start(V2X_SETPOINT_FORM);
	two[0].env.bus.load_w = 15000;
	rig_env(&two[0]);
	two_ms(500);
	print_message("15 kW: %.0f W and %.0f W, %.1f V\n", vehicle_w(&two[0]), vehicle_w(&two[1]),
		      bus_of(&two[0]));
	assert_near(vehicle_w(&two[0]), vehicle_w(&two[1]), 0.1 * 11000);
	assert_near(bus_of(&two[0]), 800 * (1 - 0.02 * 7.5 / 11), 4);
	/* one stops, and the other has it all; 15 kW would be too much */
	two[0].env.bus.load_w = 9000;
	rig_env(&two[0]);
	two_ms(100);
	rig_request(&two[1], V2X_CTL_REQ_STOP, V2X_REASON_REQUEST);
	two_ms(500);
	assert_int_equal(two[1].ctl.seq.state, V2X_STATE_IDLE);
	assert_near(vehicle_w(&two[0]), -9400, 400);
	assert_true(v_lo > 0.95 * 800);
	assert_int_equal(two[0].trips + two[1].trips, 0);
}

static void a_bus_that_is_lost_stops_the_follower(void **state)
{
	double least = 0;

	(void)state;
	two_start(0);
	rig_power(&two[1], 8000000);
	two_ms(500);
	two[0].env.fault[PLANT_FAULT_ESTOP] = 1;
	rig_env(&two[0]);
	for (int n = 0; n < 20 * 600; n++) {
		two_tick();
		least = fmin(least, vehicle_w(&two[1]));
	}
	assert_int_equal(two[0].ctl.seq.fault, V2X_REASON_ESTOP);
	assert_int_equal(two[1].ctl.seq.fault, V2X_REASON_DC_BUS_ABSENT);
	assert_int_equal(two[1].plant.contactors, 0);
	/* what was charged is not discharged into what is left of it: 2 % of the rating */
	print_message("least %.0f W\n", least);
	assert_true(least > -220);
	/* no bus to begin with */
	dead_model(&rig, "3p-11kw", 0);
	start();
	assert_true(rig_until(&rig, V2X_STATE_FAULT, 9000) >= 0);
	gone(V2X_REASON_DC_BUS_ABSENT);
}

/* A follower that takes over, and gives back, moves the bus by no more than droop. */
static void who_holds_the_bus_may_change(void **state)
{
	(void)state;
	two_start(0);
	rig_power(&two[1], 5000000);
	two_ms(300);
	two[1].user.setpoint.flags = V2X_SETPOINT_DC | V2X_SETPOINT_FORM;
	rig_power(&two[1], 0);
	two_ms(300);
	two[0].user.setpoint.flags = V2X_SETPOINT_DC;
	rig_power(&two[0], 4000000);
	two_ms(500);
	assert_near(vehicle_w(&two[0]), 4000, 110);
	assert_near(vehicle_w(&two[1]), -4200, 200);
	assert_true(v_lo > 0.95 * 800 && v_hi < 1.05 * 800);
	assert_int_equal(two[0].trips + two[1].trips, 0);
}

struct thrown {
	const char *name;
	enum plant_fault fault;
	u32 value;
	u32 ms;
	u32 reason[3];
};

static const struct thrown thrown[] = {
	{ "gate a", PLANT_FAULT_GATE_FAULT, 1, 2, { V2X_REASON_GATE_DRIVER } },
	{ "gate b", PLANT_FAULT_GATE_FAULT, 2, 2, { V2X_REASON_GATE_DRIVER } },
	{ "gate c", PLANT_FAULT_GATE_FAULT, 4, 2, { V2X_REASON_GATE_DRIVER } },
	{ "gate dcdc", PLANT_FAULT_GATE_FAULT, 8, 2, { V2X_REASON_GATE_DRIVER } },
	{ "over-current", PLANT_FAULT_OVER_CURRENT, 1, 2, { V2X_REASON_AC_OVER_CURRENT } },
	{ "link", PLANT_FAULT_DC_LINK, 1, 2, { V2X_REASON_DC_LINK_OVER_VOLTAGE } },
	{ "residual", PLANT_FAULT_RESIDUAL_CURRENT, 1, 2, { V2X_REASON_RESIDUAL_CURRENT } },
	{ "estop", PLANT_FAULT_ESTOP, 1, 2, { V2X_REASON_ESTOP } },
	{ "open v_dc", PLANT_FAULT_ADC_OPEN, 1U << V2X_ADC_V_DC_LINK, 10,
	  { V2X_REASON_ADC_RANGE, V2X_REASON_DC_LINK_OVER_VOLTAGE } },
	{ "short v_dc", PLANT_FAULT_ADC_SHORT, 1U << V2X_ADC_V_DC_LINK, 10, { V2X_REASON_ADC_RANGE } },
	{ "open v_ev", PLANT_FAULT_ADC_OPEN, 1U << V2X_ADC_V_EV, 10,
	  { V2X_REASON_ADC_RANGE, V2X_REASON_EV_OVER_VOLTAGE } },
	{ "open i_ev", PLANT_FAULT_ADC_OPEN, 1U << V2X_ADC_I_EV, 10,
	  { V2X_REASON_ADC_RANGE, V2X_REASON_EV_OVER_CURRENT, V2X_REASON_SENSOR_IMPLAUSIBLE } },
	{ "stuck v_dc", PLANT_FAULT_ADC_STUCK, 1U << V2X_ADC_V_DC_LINK, 150, { V2X_REASON_ADC_STUCK } },
	{ "stuck i_ev", PLANT_FAULT_ADC_STUCK, 1U << V2X_ADC_I_EV, 150, { V2X_REASON_ADC_STUCK } },
	{ "offset v_ev", PLANT_FAULT_ADC_OFFSET, 1U << V2X_ADC_V_EV, 200,
	  { V2X_REASON_SENSOR_IMPLAUSIBLE } },
	{ "open temp", PLANT_FAULT_ADC_OPEN, 1U << V2X_ADC_TEMP, 50, { V2X_REASON_ADC_RANGE } },
	{ "heat", PLANT_FAULT_OVER_TEMPERATURE, 120, 50, { V2X_REASON_OVER_TEMPERATURE } },
	{ "insulation", PLANT_FAULT_INSULATION_FAULT, 20000, 1200, { V2X_REASON_INSULATION } },
	{ "pilot", PLANT_FAULT_PILOT_SHORT, 1, 100, { V2X_REASON_PILOT_FAULT } },
	{ "ev contactor", PLANT_FAULT_CONTACTOR_STUCK_OPEN, V2X_CONTACTOR_EV, 10,
	  { V2X_REASON_EV_CONTACTOR_STUCK_OPEN } },
	{ "short", PLANT_FAULT_LINK_SHORT, 10, 50, { V2X_REASON_DC_BUS_OVERLOAD } },
};

static bool is_one_of(const u32 reasons[3], u32 reason)
{
	for (size_t i = 0; i < 3; i++)
		if (reason && reasons[i] == reason)
			return true;
	return false;
}

/* Throws it at a charger with power, sees it contained, and that it goes again. */
static void contained(struct rig *r, const struct thrown *t, const u32 *reasons,
		      void (*ms)(u32 ms))
{
	look();
	r->env.fault[t->fault] = t->value;
	rig_env(r);
	ms(t->ms);
	print_message("%-14s %u\n", t->name, r->ctl.seq.fault);
	if (!is_one_of(reasons, r->ctl.seq.fault))
		fail_msg("%s: state %u, fault %u", t->name, r->ctl.seq.state, r->ctl.seq.fault);
	assert_false(r->out.gate.dcdc_gates);
	assert_true(v_hi < r->desc.v_dc_link_max_mv / 1e3);
	ms(200);
	assert_int_equal(r->plant.contactors, 0);
	assert_true(fabs(vehicle_w(r)) < 1);
	r->env.fault[t->fault] = 0;
	rig_env(r);
	ms(3000);
	rig_request(r, V2X_CTL_REQ_ACK, V2X_REASON_ACK);
	ms(100);
	if (r->ctl.seq.state != V2X_STATE_IDLE)
		fail_msg("%s: not usable, fault %u", t->name, r->ctl.seq.fault);
	rig_request(r, V2X_CTL_REQ_START, V2X_REASON_REQUEST);
	ms(3500);
	if (r->ctl.seq.state != V2X_STATE_DC_RUN)
		fail_msg("%s: does not go again, fault %u", t->name, r->ctl.seq.fault);
}

static void one_ms(u32 ms)
{
	rig_ms(&rig, ms);
}

static void every_fault_of_who_holds_is_contained_and_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(thrown); i++) {
		dead();
		run(5000);
		contained(&rig, &thrown[i], thrown[i].reason, one_ms);
	}
}

/* The same of who charges from it; who holds it goes on but for a short of both. */
static void every_fault_of_who_follows_is_contained_and_named(void **state)
{
	static const u32 away[] = { V2X_REASON_EV_CONTACTOR_STUCK_OPEN, V2X_REASON_EV_OVER_VOLTAGE,
				    0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(thrown); i++) {
		const struct thrown *t = &thrown[i];

		if (t->fault == PLANT_FAULT_LINK_SHORT)
			continue;
		two_start(0);
		rig_power(&two[1], 6000000);
		two_ms(300);
		contained(&two[1], t, t->fault == PLANT_FAULT_CONTACTOR_STUCK_OPEN ? away : t->reason,
			  two_ms);
		assert_int_equal(two[0].ctl.seq.state, V2X_STATE_DC_RUN);
		assert_int_equal(two[0].trips, 0);
	}
}

/* Without noise the codes of a steady power rest: that alone is no fault. */
static void a_quiet_bus_is_no_stuck_sensor(void **state)
{
	struct plant_cfg cfg;

	(void)state;
	plant_cfg_default(&cfg);
	cfg.noise_permille = 0;
	dead_cfg(&rig, &cfg, V2X_SETPOINT_FORM);
	run(5000);
	rig_ms(&rig, 5000);
	load(7000);
	rig_ms(&rig, 5000);
	assert_int_equal(rig.ctl.seq.fault, 0);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_DC_RUN);
}

/* An idle charger on a bus that others raise slowly, past what diodes make of its grid. */
static void a_bus_of_others_is_no_welded_contactor(void **state)
{
	(void)state;
	dead_model(&two[0], "3p-11kw", V2X_SETPOINT_FORM);
	dead_model(&two[1], "3p-11kw", 0);
	two[1].env.grid.voltage_mpu = 1000;
	rig_env(&two[1]);
	two[0].user.forming.ramp_ms = 10000;
	rig_user(&two[0]);
	rig_request(&two[0], V2X_CTL_REQ_START, V2X_REASON_REQUEST);
	two_ms(13000);
	assert_int_equal(two[0].ctl.seq.state, V2X_STATE_DC_RUN);
	assert_int_equal(two[1].ctl.seq.state, V2X_STATE_IDLE);
	assert_int_equal(two[1].trips, 0);
}

static void missed_ticks_stop_it(void **state)
{
	(void)state;
	dead();
	run(5000);
	rig.missed = 3;
	rig_ms(&rig, 1);
	gone(V2X_REASON_MISSED_TICKS);
}

/* On the way there: while the contactor closes, and while the bus rises. */
static void a_fault_on_the_way_is_contained(void **state)
{
	static const u32 kinds[] = { PLANT_FAULT_ESTOP, PLANT_FAULT_DC_LINK, PLANT_FAULT_PILOT_SHORT };

	(void)state;
	for (u32 sub = 0; sub < 2; sub++) {
		for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
			dead();
			load(5000);
			start();
			for (u32 n = 0; n < 60000 && !(rig.ctl.seq.state == V2X_STATE_DC_START &&
						       rig.ctl.seq.sub == sub); n++)
				rig_tick(&rig);
			rig_ms(&rig, sub ? 200 : 5);
			assert_int_equal(rig.ctl.seq.state, V2X_STATE_DC_START);
			rig.env.fault[kinds[i]] = 1;
			rig_env(&rig);
			rig_ms(&rig, 100);
			assert_int_equal(rig.ctl.seq.state, V2X_STATE_FAULT);
			assert_false(rig.out.gate.dcdc_gates);
			assert_int_equal(rig.out.gate.contactors, 0);
		}
	}
	/* and a contactor that does not close */
	dead();
	rig.env.fault[PLANT_FAULT_CONTACTOR_STUCK_OPEN] = V2X_CONTACTOR_EV;
	rig_env(&rig);
	start();
	assert_true(rig_until(&rig, V2X_STATE_FAULT, 5000) >= 0);
	gone(V2X_REASON_EV_CONTACTOR_STUCK_OPEN);
}

static void what_contradicts_itself_is_refused(void **state)
{
	const char *field = NULL;
	struct plant_cfg cfg;

	(void)state;
	dead();
	rig.user.setpoint.q_mvar = 1000;
	assert_int_equal(v2x_ctl_check(&rig.desc, &rig.user, &field), -ERANGE);
	assert_string_equal(field, "q_mvar");
	rig.user.setpoint.q_mvar = 0;
	for (u32 flag = V2X_SETPOINT_ISLAND; flag <= V2X_SETPOINT_WAIT; flag <<= 1) {
		rig.user.setpoint.flags = V2X_SETPOINT_DC | flag;
		assert_int_equal(v2x_ctl_check(&rig.desc, &rig.user, &field), -EINVAL);
	}
	rig.user.setpoint.flags = V2X_SETPOINT_DC;
	rig.user.forming.dc_droop_permille = 19;
	assert_int_equal(v2x_ctl_check(&rig.desc, &rig.user, &field), -ERANGE);
	assert_string_equal(field, "dc_droop_permille");
	rig.user.forming.dc_droop_permille = 0;
	rig.user.forming.dc_v_mv = 719000;
	assert_int_equal(v2x_ctl_check(&rig.desc, &rig.user, &field), -ERANGE);
	assert_string_equal(field, "dc_v_mv");
	rig.user.forming.dc_v_mv = 0;
	assert_int_equal(v2x_ctl_check(&rig.desc, &rig.user, &field), 0);
	/* a stage without a bus */
	plant_cfg_default(&cfg);
	rig_init_with(&rig, &cfg);
	rig.user.setpoint.flags = V2X_SETPOINT_DC;
	assert_int_equal(v2x_ctl_check(&rig.desc, &rig.user, &field), -EINVAL);
	assert_string_equal(field, "setpoint.flags");
}

/* With the grid the flags of a bus do nothing; to form would be to hold up an island. */
static void in_service_with_a_grid_the_flags_do_nothing(void **state)
{
	struct plant_cfg cfg;

	(void)state;
	plant_cfg_default(&cfg);
	cfg.dc_bus = 1;
	rig_init_with(&rig, &cfg);
	assert_true(rig_run(&rig));
	rig_power(&rig, 4000000);
	rig_ms(&rig, 300);
	rig.user.setpoint.flags = V2X_SETPOINT_DC | V2X_SETPOINT_FORM;
	rig_user(&rig);
	rig_ms(&rig, 500);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_RUN);
	assert_false(rig.ctl.form.on);
	assert_near(rig.cycle.p_mw / 1e3, 4000, 110);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_voltage_rises_softly_with_the_load_connected),
		cmocka_unit_test(a_grid_at_the_terminals_is_not_used),
		cmocka_unit_test(load_steps_stay_in_the_band),
		cmocka_unit_test(load_steps_at_a_lower_rate_stay_in_it_too),
		cmocka_unit_test(voltage_and_droop_are_those_set),
		cmocka_unit_test(an_overload_is_named),
		cmocka_unit_test(a_little_too_much_is_held_at_the_limit),
		cmocka_unit_test(a_short_of_the_bus_stops_at_once),
		cmocka_unit_test(a_discharge_limit_of_zero_means_zero),
		cmocka_unit_test(lease_stop_and_a_vehicle_that_goes_end_it),
		cmocka_unit_test(one_vehicle_charges_another_by_power_current_and_voltage),
		cmocka_unit_test(the_follower_never_pulls_the_bus_out_of_its_window),
		cmocka_unit_test(two_share_a_load_by_their_droop),
		cmocka_unit_test(a_bus_that_is_lost_stops_the_follower),
		cmocka_unit_test(who_holds_the_bus_may_change),
		cmocka_unit_test(every_fault_of_who_holds_is_contained_and_named),
		cmocka_unit_test(every_fault_of_who_follows_is_contained_and_named),
		cmocka_unit_test(a_quiet_bus_is_no_stuck_sensor),
		cmocka_unit_test(a_bus_of_others_is_no_welded_contactor),
		cmocka_unit_test(missed_ticks_stop_it),
		cmocka_unit_test(a_fault_on_the_way_is_contained),
		cmocka_unit_test(what_contradicts_itself_is_refused),
		cmocka_unit_test(in_service_with_a_grid_the_flags_do_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
