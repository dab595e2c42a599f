// SPDX-License-Identifier: Apache-2.0
/* Heat, precharge, contacts, and sensors of the DC side that contradict each other. */
#include "test.h"

#include "rig.h"

static struct rig rig;

static void run_model(const char *model, s32 p_mw)
{
	assert_true(rig_run_model(&rig, model, p_mw, 400));
}

static const char * const models[] = { "3p-11kw", "1p-7kw", "split-9kw" };

/* ---- derating -------------------------------------------------------------- */

static s32 power_at(u32 celsius)
{
	rig.env.fault[PLANT_FAULT_OVER_TEMPERATURE] = celsius;
	rig_env(&rig);
	rig_ms(&rig, 150);
	return rig.cycle.p_mw;
}

static void power_falls_in_a_straight_line_to_the_trip(void **state)
{
	static const s32 ways[] = { 11000000, -11000000 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		run_model("3p-11kw", ways[i]);
		rig.user.protection.temp_derate_mc = 70000;
		rig.user.protection.temp_trip_mc = 90000;
		rig_user(&rig);
		for (u32 t = 60; t < 90; t += 5) {
			s32 left = t <= 70 ? ways[i] : ways[i] / 20 * (90 - (s32)t);

			/* 0.1 K of the sensor, and 1 % */
			assert_near(power_at(t), left, 200000);
			if (t != 70)
				assert_int_equal(!!(rig.ctl.ref.limited_by &
						    V2X_LIMITED_TEMPERATURE), t > 70);
		}
		rig.env.fault[PLANT_FAULT_OVER_TEMPERATURE] = 91;
		rig_env(&rig);
		rig_ms(&rig, 5);
		assert_int_equal(rig.ctl.seq.fault, V2X_REASON_OVER_TEMPERATURE);
	}
}

static void power_comes_back_3_kelvin_later(void **state)
{
	(void)state;
	run_model("3p-11kw", 11000000);
	rig.user.protection.temp_derate_mc = 70000;
	rig.user.protection.temp_trip_mc = 90000;
	rig_user(&rig);
	assert_near(power_at(80), 5500000, 200000);
	assert_near(power_at(78), 5500000, 200000);	/* within the hysteresis */
	assert_near(power_at(75), 6600000, 200000);	/* as at 78 */
	assert_near(power_at(66), 11000000, 200000);
	assert_false(rig.ctl.ref.limited_by & V2X_LIMITED_TEMPERATURE);
}

static void derating_must_begin_a_kelvin_below_the_trip(void **state)
{
	const char *field = "";

	(void)state;
	rig_init(&rig);
	assert_int_equal(rig.user.protection.temp_derate_mc, 80000);
	rig.user.protection.temp_derate_mc = rig.user.protection.temp_trip_mc - 999;
	assert_int_not_equal(v2x_ctl_check(&rig.desc, &rig.user, &field), 0);
	assert_string_equal(field, "temp_derate_mc");
	rig.user.protection.temp_derate_mc = -1;
	assert_int_not_equal(v2x_ctl_check(&rig.desc, &rig.user, &field), 0);
	rig.user.protection.temp_derate_mc = rig.user.protection.temp_trip_mc - 1000;
	assert_int_equal(v2x_ctl_check(&rig.desc, &rig.user, &field), 0);
}

/* ---- precharge ------------------------------------------------------------- */

static bool start_fails(u32 reason)
{
	rig_plug(&rig);
	rig_ms(&rig, 50);
	rig_request(&rig, V2X_CTL_REQ_START, V2X_REASON_REQUEST);
	if (rig_until(&rig, V2X_STATE_FAULT, 6000) < 0)
		return false;
	if (rig.ctl.seq.fault != reason)
		print_error("fault %u\n", rig.ctl.seq.fault);
	return rig.ctl.seq.fault == reason;
}

static bool acknowledged(void)
{
	rig_ms(&rig, 50);
	rig_request(&rig, V2X_CTL_REQ_ACK, V2X_REASON_ACK);
	rig_ms(&rig, 20);
	return rig.ctl.seq.state == V2X_STATE_IDLE;
}

static void three_failed_charges_and_then_a_minute_to_cool(void **state)
{
	u32 i;

	(void)state;
	rig_init(&rig);
	rig.env.fault[PLANT_FAULT_PRECHARGE_FAILED] = 1;
	for (i = 0; i < 3; i++) {
		assert_true(start_fails(V2X_REASON_PRECHARGE_FAILED));
		assert_true(i == 2 || acknowledged());
	}
	/* repaired, but hot: latched */
	rig.env.fault[PLANT_FAULT_PRECHARGE_FAILED] = 0;
	rig_env(&rig);
	assert_false(acknowledged());
	rig_ms(&rig, 10000);
	assert_false(acknowledged());
	rig_ms(&rig, 10000);
	assert_true(acknowledged());
	assert_true(rig_run(&rig));
}

static void starting_and_stopping_is_not_what_heats_the_resistor(void **state)
{
	u32 i;

	(void)state;
	rig_init(&rig);
	for (i = 0; i < 8; i++) {
		assert_true(rig_run(&rig));
		rig_ms(&rig, 1000);
		rig_request(&rig, V2X_CTL_REQ_STOP, V2X_REASON_REQUEST);
		assert_true(rig_until(&rig, V2X_STATE_IDLE, 1000) >= 0);
	}
}

/* A short circuit across the link: the resistor must not get what the time-out would give it. */
static void a_short_circuit_of_the_link_does_not_burn_the_resistor(void **state)
{
	(void)state;
	for (size_t m = 0; m < ARRAY_SIZE(models); m++) {
		struct plant_cfg cfg;
		double joule = 0, v, stored;
		double r, peak;

		plant_cfg_default(&cfg);
		plant_cfg_model(&cfg, models[m]);
		r = cfg.r_precharge_mohm / 1e3;
		v = cfg.v_nominal_mv / 1e3;
		peak = v * (cfg.phases == 1 ? sqrt(2) : cfg.phases == 2 ? sqrt(8) : sqrt(6));
		stored = peak * peak * cfg.c_dc_nf * 1e-9 / 2;
		rig_init_with(&rig, &cfg);
		rig_plug(&rig);
		rig.env.fault[PLANT_FAULT_LINK_SHORT] = 1;
		rig_env(&rig);
		rig_ms(&rig, 100);
		rig_request(&rig, V2X_CTL_REQ_START, V2X_REASON_REQUEST);
		for (u32 t = 0; t < 60000 && rig.ctl.seq.state != V2X_STATE_FAULT; t++) {
			rig_tick(&rig);
			for (u32 x = 0; x < cfg.phases; x++)
				joule += ldexp((double)rig.plant.i1[x], -40) *
					 ldexp((double)rig.plant.i1[x], -40) * r / cfg.tick_hz;
		}
		print_message("%s: %.0f J, %.1f times what the link takes\n", models[m], joule,
			      joule / stored);
		assert_int_equal(rig.ctl.seq.fault, V2X_REASON_PRECHARGE_FAILED);
		assert_true(joule < 3.5 * stored);
		/* and it is given its minute */
		rig.env.fault[PLANT_FAULT_LINK_SHORT] = 0;
		rig_env(&rig);
		assert_false(acknowledged());
		rig_ms(&rig, 20000);
		assert_true(acknowledged());
	}
}

/* ---- contacts -------------------------------------------------------------- */

struct contact {
	enum plant_fault fault;
	u32 contact;
	u32 reason;
};

static void a_contact_that_does_not_follow_stops_the_start(void **state)
{
	static const struct contact contacts[] = {
		/* one of the grid welds in service: see the next test */
		{ PLANT_FAULT_CONTACTOR_WELDED, V2X_CONTACTOR_EV, V2X_REASON_EV_CONTACTOR_WELDED },
		{ PLANT_FAULT_CONTACTOR_WELDED, V2X_CONTACTOR_PRECHARGE,
		  V2X_REASON_PRECHARGE_CONTACTOR_WELDED },
		{ PLANT_FAULT_CONTACTOR_STUCK_OPEN, V2X_CONTACTOR_GRID,
		  V2X_REASON_GRID_CONTACTOR_STUCK_OPEN },
		{ PLANT_FAULT_CONTACTOR_STUCK_OPEN, V2X_CONTACTOR_EV,
		  V2X_REASON_EV_CONTACTOR_STUCK_OPEN },
		{ PLANT_FAULT_CONTACTOR_STUCK_OPEN, V2X_CONTACTOR_PRECHARGE,
		  V2X_REASON_PRECHARGE_FAILED },
	};

	(void)state;
	for (size_t m = 0; m < ARRAY_SIZE(models); m++) {
		for (size_t i = 0; i < ARRAY_SIZE(contacts); i++) {
			struct plant_cfg cfg;

			plant_cfg_default(&cfg);
			plant_cfg_model(&cfg, models[m]);
			rig_init_with(&rig, &cfg);
			rig.env.fault[contacts[i].fault] = contacts[i].contact;
			if (!start_fails(contacts[i].reason))
				fail_msg("%s, contact %u, fault %u", models[m], contacts[i].contact,
					 contacts[i].fault);
			rig.env.fault[contacts[i].fault] = 0;
			rig_env(&rig);
			assert_true(acknowledged());
			assert_true(rig_run(&rig));
		}
	}
}

/* Welded while it is closed: found when it should open, at each place where one does. */
static void a_contact_that_welds_in_service_is_found_when_it_should_open(void **state)
{
	(void)state;
	run_model("3p-11kw", 0);
	rig.env.fault[PLANT_FAULT_CONTACTOR_WELDED] = V2X_CONTACTOR_GRID;
	rig_env(&rig);
	rig_request(&rig, V2X_CTL_REQ_STOP, V2X_REASON_REQUEST);
	assert_true(rig_until(&rig, V2X_STATE_FAULT, 1000) >= 0);
	assert_int_equal(rig.ctl.seq.fault, V2X_REASON_GRID_CONTACTOR_WELDED);

	rig_init(&rig);
	rig_plug(&rig);
	rig_ms(&rig, 200);
	rig_request(&rig, V2X_CTL_REQ_START, V2X_REASON_REQUEST);
	assert_true(rig_until(&rig, V2X_STATE_CONTACTOR, 3000) >= 0);
	rig.env.fault[PLANT_FAULT_CONTACTOR_WELDED] = V2X_CONTACTOR_PRECHARGE;
	rig_env(&rig);
	assert_true(rig_until(&rig, V2X_STATE_FAULT, 1000) >= 0);
	assert_int_equal(rig.ctl.seq.fault, V2X_REASON_PRECHARGE_CONTACTOR_WELDED);
	assert_false(rig.out.gate.gates);
}

/* ---- sensors --------------------------------------------------------------- */

struct sensor {
	enum plant_fault fault;
	u32 channel;
	u32 reason;
	u32 ms;
	s32 step_mw;	/* change of power after it, 0: none needed */
};

/* value of the trip: the channel */
static void sensor_found(const char *model, const struct sensor *s, s32 p_mw)
{
	const struct v2x_event *e;

	run_model(model, p_mw);
	rig.env.fault[s->fault] = 1U << s->channel;
	rig_env(&rig);
	if (s->step_mw)
		rig_power(&rig, s->step_mw);
	if (rig_until(&rig, V2X_STATE_FAULT, s->ms) < 0)
		fail_msg("%s, fault %u of channel %u: not found", model, s->fault, s->channel);
	if (rig.ctl.seq.fault != s->reason)
		fail_msg("%s, fault %u of channel %u: %u instead of %u", model, s->fault,
			 s->channel, rig.ctl.seq.fault, s->reason);
	e = rig_has_event(&rig, V2X_EVENT_TRIP, s->reason);
	assert_non_null(e);
	assert_int_equal(e->value, s->channel);
	rig.env.fault[s->fault] = 0;
	rig_env(&rig);
	assert_true(acknowledged());
	assert_true(rig_run(&rig));
}

static void sensors_of_the_dc_side_are_found_by_channel(void **state)
{
	static const struct sensor sensors[] = {
		{ PLANT_FAULT_ADC_STUCK, V2X_ADC_V_DC_LINK, V2X_REASON_ADC_STUCK, 150, 0 },
		{ PLANT_FAULT_ADC_OFFSET, V2X_ADC_V_EV, V2X_REASON_SENSOR_IMPLAUSIBLE, 150, 0 },
		{ PLANT_FAULT_ADC_STUCK, V2X_ADC_I_EV, V2X_REASON_ADC_STUCK, 300, 1000000 },
		{ PLANT_FAULT_ADC_OPEN, V2X_ADC_TEMP, V2X_REASON_ADC_RANGE, 5, 0 },
		{ PLANT_FAULT_ADC_SHORT, V2X_ADC_TEMP, V2X_REASON_ADC_RANGE, 5, 0 },
		{ PLANT_FAULT_ADC_SHORT, V2X_ADC_V_DC_LINK, V2X_REASON_ADC_RANGE, 5, 0 },
		{ PLANT_FAULT_ADC_SHORT, V2X_ADC_V_EV, V2X_REASON_ADC_RANGE, 5, 0 },
		{ PLANT_FAULT_ADC_SHORT, V2X_ADC_I_EV, V2X_REASON_ADC_RANGE, 5, 0 },
	};

	(void)state;
	for (size_t m = 0; m < ARRAY_SIZE(models); m++) {
		for (size_t i = 0; i < ARRAY_SIZE(sensors); i++) {
			sensor_found(models[m], &sensors[i], 5000000);
			if (!sensors[i].step_mw)
				sensor_found(models[m], &sensors[i], -5000000);
		}
	}
}

/* Less, more, none, the other way: the link's limit would come later and say nothing of it. */
static void a_stuck_vehicle_current_is_named_whatever_the_power_becomes(void **state)
{
	static const s32 from[] = { 5000000, -5000000 };
	static const s32 to[] = { 3000000, 500000, 1, -500000, -3000000 };

	(void)state;
	for (size_t n = 0; n < ARRAY_SIZE(models) * ARRAY_SIZE(from) * ARRAY_SIZE(to); n++) {
		const struct sensor s = {
			PLANT_FAULT_ADC_STUCK, V2X_ADC_I_EV, V2X_REASON_ADC_STUCK, 50,
			to[n % ARRAY_SIZE(to)],
		};

		sensor_found(models[n / ARRAY_SIZE(to) / ARRAY_SIZE(from)], &s,
			     from[n / ARRAY_SIZE(to) % ARRAY_SIZE(from)]);
	}
}

/* Its voltage stays where the battery holds it: it has not let go. */
static void a_current_stuck_at_none_from_the_start_is_its_sensor(void **state)
{
	(void)state;
	for (size_t m = 0; m < ARRAY_SIZE(models) * 2; m++) {
		struct plant_cfg cfg;

		plant_cfg_default(&cfg);
		assert_true(plant_cfg_model(&cfg, models[m / 2]));
		rig_init_with(&rig, &cfg);
		rig.env.fault[PLANT_FAULT_ADC_STUCK] = 1U << V2X_ADC_I_EV;
		rig_env(&rig);
		assert_true(rig_run(&rig));
		rig_power(&rig, m % 2 ? 3000000 : -3000000);
		assert_true(rig_until(&rig, V2X_STATE_FAULT, 100) >= 0);
		assert_int_equal(rig.ctl.seq.fault, V2X_REASON_ADC_STUCK);
	}
}

/* The voltage jumps while no current flows that could have moved it. */
static void an_output_voltage_that_breaks_in_a_reversal_is_its_sensor(void **state)
{
	(void)state;
	for (size_t m = 0; m < ARRAY_SIZE(models) * 5; m++) {
		run_model(models[m / 5], 5000000);
		rig_power(&rig, -5000000);
		rig_ms(&rig, 4 + (u32)m % 5);
		rig.env.fault[PLANT_FAULT_ADC_OFFSET] = 1U << V2X_ADC_V_EV;
		rig_env(&rig);
		assert_true(rig_until(&rig, V2X_STATE_FAULT, 200) >= 0);
		assert_int_equal(rig.ctl.seq.fault, V2X_REASON_SENSOR_IMPLAUSIBLE);
	}
}

/* What is not to be taken for a broken sensor. */
static void reversals_dips_and_zero_power_are_plausible(void **state)
{
	(void)state;
	for (size_t m = 0; m < ARRAY_SIZE(models); m++) {
		s32 rated;

		run_model(models[m], 0);
		rated = (s32)rig.desc.p_import_max_mw;
		rig_ms(&rig, 2000);
		for (u32 i = 0; i < 20; i++) {
			rig_power(&rig, i % 2 ? rated : -rated);
			rig_ms(&rig, 37 + i * 7);
		}
		rig.env.grid.voltage_mpu = 600;
		rig_env(&rig);
		rig_ms(&rig, 300);
		rig.env.grid.voltage_mpu = 1000;
		rig_env(&rig);
		rig_ms(&rig, 500);
		rig_power(&rig, 0);
		rig_ms(&rig, 2000);
		assert_int_equal(rig.ctl.seq.fault, 0);
		assert_int_equal(rig.ctl.seq.state, V2X_STATE_RUN);
	}
}

/* A charger that loses an eighth of its power is a bad one, not a broken sensor. */
/* Without noise, too, the link's code moves while power flows. */
static void a_quiet_link_sensor_is_no_stuck_one(void **state)
{
	(void)state;
	for (size_t m = 0; m < ARRAY_SIZE(models); m++) {
		struct plant_cfg cfg;

		plant_cfg_default(&cfg);
		plant_cfg_model(&cfg, models[m]);
		cfg.noise_permille = 0;
		rig_init_with(&rig, &cfg);
		assert_true(rig_run(&rig));
		for (s32 p = -6000000; p <= 6000000; p += 1500000) {
			rig_power(&rig, p);
			rig_ms(&rig, 700);
			if (rig.ctl.seq.state != V2X_STATE_RUN)
				fail_msg("%s at %d W: fault %u", models[m], p / 1000,
					 rig.ctl.seq.fault);
		}
	}
}

static void losses_are_plausible(void **state)
{
	static const s32 ways[] = { 10000000, -10000000, 1000000 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct plant_cfg cfg;

		plant_cfg_default(&cfg);
		cfg.loss_permille = 110;
		cfg.loss_idle_mw = 150000;
		rig_init_with(&rig, &cfg);
		assert_true(rig_run(&rig));
		rig_power(&rig, ways[i]);
		rig_ms(&rig, 2000);
		assert_int_equal(rig.ctl.seq.state, V2X_STATE_RUN);
	}
}

/* ---- reasons that nothing else reaches -------------------------------------- */

/* The sensor behind the contact says that no battery is there: never matched. */
static void an_output_that_cannot_be_matched_runs_into_the_time_out(void **state)
{
	u64 begun;

	(void)state;
	rig_init(&rig);
	rig.env.fault[PLANT_FAULT_ADC_STUCK] = 1U << V2X_ADC_V_VEHICLE;
	rig_plug(&rig);
	rig_ms(&rig, 100);
	rig_request(&rig, V2X_CTL_REQ_START, V2X_REASON_REQUEST);
	assert_true(rig_until(&rig, V2X_STATE_SYNC, 3000) >= 0);
	begun = rig.tick;
	assert_true(rig_until(&rig, V2X_STATE_FAULT, 6000) >= 0);
	assert_int_equal(rig.ctl.seq.fault, V2X_REASON_SYNC_TIMEOUT);
	assert_true((rig.tick - begun) / 20 >= 3000);
	assert_int_equal(rig.plant.contactors & V2X_CONTACTOR_EV, 0);
	rig.env.fault[PLANT_FAULT_ADC_STUCK] = 0;
	rig_env(&rig);
	assert_true(acknowledged());
	assert_true(rig_run(&rig));
}

/* A battery whose charge walks off, a quarter of it a second, until the charger trips. */
static void walks_off(u32 v_min_mv, u32 v_max_mv, int way, u32 reason)
{
	struct plant_cfg cfg;
	const struct v2x_event *e;

	plant_cfg_default(&cfg);
	assert_true(plant_cfg_model(&cfg, "3p-11kw-800v"));
	rig_init_with(&rig, &cfg);
	/* the description says less than the stage can, or its own limit would hold the output */
	rig.desc.v_ev_min_mv = v_min_mv;
	rig.desc.v_ev_max_mv = v_max_mv;
	assert_int_equal(v2x_ctl_init(&rig.ctl, &rig.desc), 0);
	v2x_ctl_default(&rig.desc, &rig.user);
	rig_user(&rig);
	rig.env.car.v_max_mv = 1000000;
	rig.env.car.v_min_mv = 0;
	assert_true(rig_run(&rig));
	for (u32 ms = 0; ms < 4000 && rig.ctl.seq.state == V2X_STATE_RUN; ms++) {
		rig.plant.soc = max(rig.plant.soc + way * (1LL << 56) / 4000, 0LL);
		rig_ms(&rig, 1);
	}
	if (rig.ctl.seq.fault != reason)
		fail_msg("fault %u, output %d mV", rig.ctl.seq.fault, rig.ctl.m.vev_q8 >> 8);
	e = rig_has_event(&rig, V2X_EVENT_TRIP, reason);
	assert_non_null(e);
	assert_near(e->limit, way > 0 ? v_max_mv * 1.02 : v_min_mv * 0.9, 1000);
	assert_false(rig.out.gate.gates || rig.out.gate.dcdc_gates);
	assert_int_equal(rig.out.gate.contactors, 0);
}

static void a_vehicle_beyond_the_output_voltages_trips(void **state)
{
	(void)state;
	walks_off(150000, 740000, 1, V2X_REASON_EV_OVER_VOLTAGE);
	walks_off(660000, 920000, -1, V2X_REASON_EV_UNDER_VOLTAGE);
}

static void insulation_that_falls_while_running_trips_after_a_second(void **state)
{
	(void)state;
	for (size_t m = 0; m < ARRAY_SIZE(models); m++) {
		u64 begun;

		run_model(models[m], 5000000);
		rig.env.fault[PLANT_FAULT_INSULATION_FAULT] = 20000;
		rig_env(&rig);
		rig_ms(&rig, 800);	/* shorter is ridden through */
		assert_int_equal(rig.ctl.seq.state, V2X_STATE_RUN);
		rig.env.fault[PLANT_FAULT_INSULATION_FAULT] = 0;
		rig_env(&rig);
		rig_ms(&rig, 500);
		assert_int_equal(rig.ctl.seq.state, V2X_STATE_RUN);
		rig.env.fault[PLANT_FAULT_INSULATION_FAULT] = 20000;
		rig_env(&rig);
		begun = rig.tick;
		assert_true(rig_until(&rig, V2X_STATE_FAULT, 1500) >= 0);
		assert_int_equal(rig.ctl.seq.fault, V2X_REASON_INSULATION);
		assert_near((double)(rig.tick - begun) / 20, 1000, 30);
	}
}

static void a_pilot_that_loses_its_diode_trips_while_running(void **state)
{
	(void)state;
	rig_init(&rig);
	rig.user.pilot_permille = 500;
	rig_user(&rig);
	assert_true(rig_run(&rig));
	rig_power(&rig, -4000000);
	rig_ms(&rig, 300);
	rig.env.fault[PLANT_FAULT_PILOT_NO_DIODE] = 1;
	rig_env(&rig);
	assert_true(rig_until(&rig, V2X_STATE_FAULT, 100) >= 0);
	assert_int_equal(rig.ctl.seq.fault, V2X_REASON_PILOT_FAULT);
	assert_false(rig.out.gate.gates);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(power_falls_in_a_straight_line_to_the_trip),
		cmocka_unit_test(power_comes_back_3_kelvin_later),
		cmocka_unit_test(derating_must_begin_a_kelvin_below_the_trip),
		cmocka_unit_test(three_failed_charges_and_then_a_minute_to_cool),
		cmocka_unit_test(starting_and_stopping_is_not_what_heats_the_resistor),
		cmocka_unit_test(a_short_circuit_of_the_link_does_not_burn_the_resistor),
		cmocka_unit_test(a_contact_that_does_not_follow_stops_the_start),
		cmocka_unit_test(a_contact_that_welds_in_service_is_found_when_it_should_open),
		cmocka_unit_test(sensors_of_the_dc_side_are_found_by_channel),
		cmocka_unit_test(a_stuck_vehicle_current_is_named_whatever_the_power_becomes),
		cmocka_unit_test(a_current_stuck_at_none_from_the_start_is_its_sensor),
		cmocka_unit_test(an_output_voltage_that_breaks_in_a_reversal_is_its_sensor),
		cmocka_unit_test(reversals_dips_and_zero_power_are_plausible),
		cmocka_unit_test(losses_are_plausible),
		cmocka_unit_test(a_quiet_link_sensor_is_no_stuck_one),
		cmocka_unit_test(an_output_that_cannot_be_matched_runs_into_the_time_out),
		cmocka_unit_test(a_vehicle_beyond_the_output_voltages_trips),
		cmocka_unit_test(insulation_that_falls_while_running_trips_after_a_second),
		cmocka_unit_test(a_pilot_that_loses_its_diode_trips_while_running),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
