// SPDX-License-Identifier: Apache-2.0
/*
 * Between the engine and a charger: a cycle in, a set-point's envelope out,
 * and protection tables that the kernel's own check takes.
 */
#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "gridcode/charger.h"
#include "prot_table.h"

#define PROFILES V2X_TREE "/userspace/gridcode/profiles"

/* 11 kW, 230 V, 16 A. */
static const struct gc_charger europe = {
	.phases = 3, .f_nominal_mhz = 50000, .v_nominal_mv = 230000, .i_rated_ma = 16000,
	.s_rated_mva = 11040000, .p_import_max_mw = 11000000, .p_export_max_mw = 11000000,
	.q_max_mvar = 5520000, .switching_us = 20000, .haste_permille = 400,
};

static struct gc_profile profile;
static struct v2x_prot_table table;
static char error[GC_ERROR_LEN];

static const struct v2x_cycle good = {
	.seq = 1, .ticks = 400, .f_mhz = 50000, .v_mv = { 230000, 230000, 230000 },
	.p_mw = -5520000, .state = V2X_STATE_RUN,
};

static void load(const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s.conf", PROFILES, name);
	assert_int_equal(gc_profile_load(&profile, path, error), 0);
}

static void stage_of(const struct gc_charger *c, struct v2x_stage_desc *desc)
{
	*desc = (struct v2x_stage_desc){
		.phases = c->phases, .tick_hz = 20000, .f_nominal_mhz = c->f_nominal_mhz,
		.v_nominal_mv = c->v_nominal_mv, .i_rated_ma = c->i_rated_ma,
		.s_rated_mva = c->s_rated_mva,
	};
	desc->adc[V2X_ADC_V_GRID_A].scale_n = 125000000;
	desc->adc[V2X_ADC_V_GRID_A].raw_max = 8191;
}

static const struct v2x_prot_entry *entry(uint8_t quantity, uint8_t side, uint8_t action,
					  int32_t threshold)
{
	for (uint32_t i = 0; i < table.count; i++)
		if (table.entry[i].quantity == quantity && table.entry[i].side == side &&
		    table.entry[i].action == action && table.entry[i].threshold == threshold)
			return &table.entry[i];
	return NULL;
}

/* ---- a cycle ------------------------------------------------------------------- */

static void a_cycle_becomes_per_unit_of_the_ratings(void **state)
{
	const struct gc_demand want = { .p_mw = -11040000, .q_mvar = 5520000, .q_given = true,
					.permit = true };
	struct v2x_cycle cycle = good;
	struct gc_input in;

	(void)state;
	cycle.v_mv[2] = 207000;
	cycle.f_mhz = 50123;
	assert_int_equal(gc_charger_input(&europe, &cycle, &want, 0.02, &in), 0);
	assert_true(in.v_pu[0] == 1 && in.v_pu[1] == 1 && in.v_pu[2] == 0.9);
	assert_true(in.f_hz == 50.123 && in.p_want_pu == -1 && in.q_want_pu == 0.5);
	assert_true(in.p_now_pu == -0.5 && in.permit && in.dt_s == 0.02);
}

static void what_cannot_be_is_missing_and_said(void **state)
{
	const struct gc_demand none = { .permit = true };
	struct v2x_cycle cycle = good;
	struct gc_input in;

	(void)state;
	assert_int_equal(gc_charger_input(&europe, NULL, &none, 0.1, &in), GC_DOUBT_CYCLE);
	assert_true(isnan(in.v_pu[0]) && isnan(in.f_hz) && isnan(in.q_want_pu));
	cycle.v_mv[1] = -1;
	assert_int_equal(gc_charger_input(&europe, &cycle, &none, 0.02, &in), GC_DOUBT_VOLTAGE);
	assert_true(isnan(in.v_pu[1]) && in.f_hz == 50);
	cycle = good;
	cycle.f_mhz = 0;
	assert_int_equal(gc_charger_input(&europe, &cycle, &none, 0.02, &in), GC_DOUBT_FREQUENCY);
	assert_true(isnan(in.f_hz));
	/* No voltage, no angle: the frequency says nothing, and that is no fault of it. */
	memset(cycle.v_mv, 0, sizeof(cycle.v_mv));
	assert_int_equal(gc_charger_input(&europe, &cycle, &none, 5, &in), 0);
	assert_true(in.v_pu[0] == 0 && in.f_hz == 50 && in.dt_s == 1);
}

/* ---- frequency beside a voltage that jumps ------------------------------------------ */

static double steady(struct gc_steady *watch, double v_pu, double f_hz)
{
	struct gc_input in = gc_input_none(0.02);

	in.v_pu[0] = in.v_pu[1] = in.v_pu[2] = v_pu;
	in.f_hz = f_hz;
	gc_steady_step(&europe, watch, &in);
	return in.f_hz;
}

static struct gc_steady watched(double f_hz)
{
	struct gc_steady watch = { 0 };

	for (int i = 0; i < 10; i++)
		assert_true(steady(&watch, 1, f_hz) == f_hz);
	return watch;
}

/* What the single-phase tracker made of 0.53 to 0.985 pu, cycle by cycle. */
static void a_jump_of_the_voltage_is_no_frequency(void **state)
{
	static const double v_pu[] = { 0.645, 0.9785, 0.989, 0.987, 0.988, 0.987 };
	static const double f_hz[] = { 60.694, 61.242, 60.292, 60.598, 60.662, 60.669 };
	struct gc_steady watch = { 0 };

	(void)state;
	for (int i = 0; i < 10; i++)
		steady(&watch, 0.53, 60.668);
	for (int i = 0; i < 5; i++)
		assert_true(steady(&watch, v_pu[i], f_hz[i]) == 60.668);
	assert_true(steady(&watch, v_pu[5], f_hz[5]) == 60.669);
	for (int i = 0; i < 4; i++)
		steady(&watch, 0.987, 60.7);
	assert_true(steady(&watch, 0.987, 60.7) == 60.7);
}

/* A step of the frequency moves the RMS of its cycle by a hundredth. */
static void what_no_jump_explains_is_the_grids_frequency(void **state)
{
	struct gc_steady watch = watched(50);

	(void)state;
	assert_true(steady(&watch, 0.99, 51.2) == 51.2);
	assert_true(steady(&watch, 1.01, 51.9) == 51.9);
	watch = watched(50);
	assert_true(steady(&watch, 0.97, 50.2) == 50);
	assert_true(steady(&watch, 0.97, 50.5) == 50.5);
}

/* What a jump by -20 degrees reads as is far from the frequency before, which counts on. */
static void a_jump_of_the_angle_leaves_the_frequency_before_it(void **state)
{
	struct gc_steady watch = watched(50);

	(void)state;
	assert_true(steady(&watch, 0.98, 48.237) == 48.237);
	assert_true(steady(&watch, 0.90, 49.089) == 50);
	assert_true(steady(&watch, 0.99, 50.011) == 50);
}

static void along_a_slope_of_the_voltage_the_frequency_is_measured(void **state)
{
	struct gc_steady watch = watched(50);
	double f_hz = 50;

	(void)state;
	for (int i = 1; i <= 13; i++)
		f_hz = steady(&watch, 1 - 0.01 * i, 49.99);
	assert_true(f_hz == 49.99);
}

static void without_a_voltage_the_last_frequency_stands(void **state)
{
	struct gc_steady watch = watched(50.3);

	(void)state;
	for (int i = 0; i < 100; i++)
		assert_true(steady(&watch, 0.05, 50) == 50.3);
	/* What the first cycles of the return say is not believed either. */
	for (int i = 0; i < 4; i++)
		assert_true(steady(&watch, 1, 52.6) == 50.3);
	steady(&watch, 1, 50.2);
	assert_true(steady(&watch, 1, 50.2) == 50.2);
	/* Nor after the angle was lost in a dip that leaves a voltage. */
	assert_true(isnan(steady(&watch, 0.2, (double)NAN)));
	assert_true(steady(&watch, 0.2, 53.3) == 50.2);
}

/* Cycle by cycle 48.48 to 50 Hz, as the tracker follows a step. */
static void on_the_way_back_no_frequency_is_in_the_dead_band(void **state)
{
	static const double back_hz[] = { 48.66, 49.53, 49.943 };
	static const double past_hz[] = { 49.1, 50.0, 50.6 };
	struct gc_steady watch = watched(48.48);

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_true(steady(&watch, 1, back_hz[i]) == 48.48);
	assert_true(steady(&watch, 1, 49.996) == 49.996);
	/* To the other side likewise. */
	watch = watched(48.48);
	for (int i = 0; i < 3; i++)
		assert_true(steady(&watch, 1, past_hz[i]) == 48.48);
	assert_true(steady(&watch, 1, 50.65) == 50.65);
	/* The first cycle of a step is no end of one. */
	watch = watched(50.046);
	assert_true(steady(&watch, 1, 50.015) == 50.046);
	assert_true(steady(&watch, 1, 49.88) == 49.88);
}

/* 2 Hz/s in cycles of 20 ms: 0.04 Hz each, and none is held but the first. */
static void along_a_slope_of_the_frequency_it_is_measured(void **state)
{
	struct gc_steady watch = watched(49);

	(void)state;
	assert_true(steady(&watch, 1, 49.04) == 49);
	for (int i = 2; i <= 25; i++)
		assert_true(steady(&watch, 1, 49 + 0.04 * i) == 49 + 0.04 * i);
	/* And away from nominal at any speed. */
	watch = watched(50);
	assert_true(steady(&watch, 1, 50.5) == 50.5);
	assert_true(steady(&watch, 1, 51.4) == 51.4);
}

/* What a step of 1.5 Hz does to the RMS of its cycles is no jump of the voltage. */
static void a_step_of_the_frequency_is_no_jump_of_the_voltage(void **state)
{
	struct gc_steady watch = watched(50);

	(void)state;
	steady(&watch, 1.004, 50.2);
	steady(&watch, 0.997, 51.1);
	assert_true(steady(&watch, 1.0, 51.5) == 51.5);
	assert_true(steady(&watch, 1.0, 51.45) == 51.45);
}

static double power_then(struct gc_steady *watch, double v_pu, double p_pu)
{
	struct gc_input in = gc_input_none(0.02);

	in.v_pu[0] = in.v_pu[1] = in.v_pu[2] = v_pu;
	in.f_hz = 50;
	in.p_now_pu = p_pu;
	gc_steady_step(&europe, watch, &in);
	return in.p_then_pu;
}

/* A frequency is two cycles old: a droop starts from the power of that time. */
static void a_droop_starts_from_what_flowed_when_the_frequency_left(void **state)
{
	struct gc_steady watch = watched(50);

	(void)state;
	for (int i = 1; i <= 10; i++)
		power_then(&watch, 1, 0.01 * i);
	assert_true(power_then(&watch, 1, 0.11) == 0.09);
	/* Not what a jump of the voltage makes of it. */
	assert_true(power_then(&watch, 0.6, 0.9) == 0.1);
	assert_true(power_then(&watch, 0.6, 0.12) == 0.1);
	assert_true(power_then(&watch, 0.6, 0.13) == 0.11);
}

static void split_phase_is_judged_by_its_worse_half(void **state)
{
	struct gc_charger split = europe;
	const struct gc_demand none = { .permit = true };
	struct v2x_cycle cycle = good;
	struct gc_input in;

	(void)state;
	split.phases = 2;
	split.v_nominal_mv = 120000;
	cycle.v_mv[0] = 120000;
	cycle.v_mv[1] = 96000;
	cycle.v_mv[2] = 0;
	assert_int_equal(gc_charger_input(&split, &cycle, &none, 0.02, &in), 0);
	assert_true(in.v_pu[0] == 0.8 && in.v_pu[1] == 0.8 && in.v_pu[2] == 0.8);
}

static void the_ratings_of_the_charger_bound_those_of_the_profile(void **state)
{
	struct gc_charger small = europe;
	struct gc_settings settings;

	(void)state;
	load("uk-g99");
	assert_int_equal(gc_charger_settings(&europe, &profile, &settings, error), 0);
	assert_true(fabs(settings.rating.p_pu - 11.0 / 11.04) < 1e-9);
	assert_true(fabs(settings.rating.s_kva - 11.04) < 1e-9);
	assert_true(settings.rating.q_inject_pu == 0.5 && settings.rating.inverter_s == 0);
	assert_true(fabs(settings.rating.i_pu - 1) < 1e-9);
	/* 2 s allowed, 40 % of it taken */
	assert_true(fabs(settings.lfsm_o.response_s - 0.8) < 1e-9);
	assert_int_equal(gc_profile_override_text(&profile, "s", "[rating]\np = 50 %\n", 18, error),
			 0);
	assert_int_equal(gc_charger_settings(&europe, &profile, &settings, error), 0);
	assert_true(settings.rating.p_pu == 0.5);
	small.f_nominal_mhz = 60000;
	assert_int_equal(gc_charger_settings(&small, &profile, &settings, error), -22);
	assert_non_null(strstr(error, "for 50 Hz; the charger is rated for 60 Hz"));
}

/* ---- an envelope ----------------------------------------------------------------- */

static struct gc_output output(double lo, double hi, double ask)
{
	return (struct gc_output){ .state = GC_CONTINUOUS, .stay = true, .p_lo_pu = lo,
				   .p_hi_pu = hi, .p_ask_pu = ask };
}

static void an_unlimited_demand_comes_back_to_the_last_milliwatt(void **state)
{
	const struct gc_demand want = { .p_mw = -7654321, .permit = true };
	struct gc_envelope env;
	struct gc_output out;
	struct gc_input in;

	(void)state;
	gc_charger_input(&europe, &good, &want, 0.02, &in);
	out = output(-1, 1, in.p_want_pu);
	gc_charger_envelope(&europe, &in, &out, &env);
	assert_int_equal(env.p_want_mw, -7654321);
	assert_false(env.p_decides);
	assert_false(env.q_decides);
	assert_int_equal(env.p_lo_mw, -11040000);
	assert_int_equal(env.p_hi_mw, 11040000);
	assert_string_equal(env.p_why, "nothing limits");
}

static void a_limit_of_zero_is_zero_and_no_limit_grows(void **state)
{
	const struct gc_demand want = { .p_mw = -5520000, .permit = true };
	struct gc_envelope env;
	struct gc_output out;
	struct gc_input in;

	(void)state;
	gc_charger_input(&europe, &good, &want, 0.02, &in);
	out = output(-0.0, 1, 0);
	out.p_by = GC_BY_EXPORT;
	gc_charger_envelope(&europe, &in, &out, &env);
	assert_int_equal(env.p_lo_mw, 0);
	assert_int_equal(env.p_want_mw, 0);
	assert_true(env.p_decides && env.p_by == GC_BY_EXPORT);
	/* A third of the rating less 0.3 mW: the whole milliwatts below it. */
	out = output(-3679999.7 / 11040000, 3679999.7 / 11040000, 0);
	gc_charger_envelope(&europe, &in, &out, &env);
	assert_int_equal(env.p_lo_mw, -3679999);
	assert_int_equal(env.p_hi_mw, 3679999);
}

static void out_of_service_nothing_flows_and_the_cause_is_named(void **state)
{
	const struct gc_demand want = { .p_mw = -5520000, .permit = true };
	struct v2x_cycle cycle = good;
	struct gc_envelope env;
	struct gc_output out = { .state = GC_TRIP, .cause = GC_BY_OF1, .p_by = GC_BY_OF1,
				 .p_lo_pu = -1, .p_hi_pu = 1, .q_ask_pu = 0.3 };
	struct gc_input in;

	(void)state;
	cycle.f_mhz = 51700;
	gc_charger_input(&europe, &cycle, &want, 0.02, &in);
	gc_charger_envelope(&europe, &in, &out, &env);
	assert_true(!env.connect && env.p_lo_mw == 0 && env.p_hi_mw == 0);
	assert_true(env.q_lo_mvar == 0 && env.q_hi_mvar == 0 && env.q_want_mvar == 0);
	assert_string_equal(env.p_why, "out of service by of1 at 51.700 Hz");
	out.p_by = GC_BY_WAITING;
	gc_charger_envelope(&europe, &in, &out, &env);
	assert_string_equal(env.p_why, "waiting");
}

/* Nothing is asked for while the ramp of entering service allows 57 W: it is said all the same. */
static void a_bound_the_demand_keeps_to_is_named(void **state)
{
	const struct gc_demand want = { .p_mw = 0, .permit = true };
	struct gc_output out = output(-0.005, 0.005, 0);
	struct gc_envelope env;
	struct gc_input in;

	(void)state;
	out.p_lo_by = out.p_hi_by = GC_BY_ENTER_RAMP;
	gc_charger_input(&europe, &good, &want, 0.02, &in);
	gc_charger_envelope(&europe, &in, &out, &env);
	assert_true(!env.p_decides && env.p_bounds && env.p_by == GC_BY_NOTHING);
	assert_string_equal(env.p_why, "within enter-ramp");
	/* The nearer bound of the two. */
	out.p_lo_pu = 0;
	out.p_lo_by = GC_BY_EXPORT;
	gc_charger_envelope(&europe, &in, &out, &env);
	assert_string_equal(env.p_why, "within export-limit");
	out.p_lo_by = out.p_hi_by = GC_BY_RATING;
	gc_charger_envelope(&europe, &in, &out, &env);
	assert_true(!env.p_bounds);
	assert_string_equal(env.p_why, "nothing limits");
}

static void a_slope_of_the_demand_has_a_name(void **state)
{
	const struct gc_demand want = { .p_mw = 5520000, .permit = true };
	struct gc_output out = output(-1, 1, 0.1);
	struct gc_envelope env;
	struct gc_input in;

	(void)state;
	gc_charger_input(&europe, &good, &want, 0.02, &in);
	gc_charger_envelope(&europe, &in, &out, &env);
	assert_true(env.p_decides && env.p_by == GC_BY_RAMP && env.p_want_mw == 1104000);
}

static void a_reactive_mode_decides_even_when_it_asks_for_nothing(void **state)
{
	const struct gc_demand want = { .q_mvar = 1000000, .q_given = true, .permit = true };
	struct gc_output out = output(-1, 1, 0);
	struct gc_envelope env;
	struct gc_input in;

	(void)state;
	gc_charger_input(&europe, &good, &want, 0.02, &in);
	out.q_by = GC_BY_VOLT_VAR;
	gc_charger_envelope(&europe, &in, &out, &env);
	assert_true(env.q_decides && env.q_want_mvar == 0);
	assert_string_equal(env.q_why, "volt-var at 1.000 pu");
	out.q_by = GC_BY_NOTHING;
	out.q_ask_pu = in.q_want_pu;
	gc_charger_envelope(&europe, &in, &out, &env);
	assert_true(!env.q_decides && env.q_want_mvar == 1000000 && env.q_hi_mvar == 5520000);
}

/* ---- a demand between two cycles -------------------------------------------------- */

static void a_demand_is_followed_at_once_when_nothing_slopes_it(void **state)
{
	const struct gc_demand want = { .p_mw = -5520000, .permit = true };
	struct gc_settings settings;
	struct gridcode engine;
	struct gc_output out;
	struct gc_envelope env;
	struct gc_input in;

	(void)state;
	load("de-vde-ar-n-4105");
	settings = profile.settings;
	for (int i = 0; i < 3; i++) {
		settings.ramp.up_pu_per_min = i == 1 ? 1 : (double)NAN;
		gridcode_init(&engine, &settings, true);
		gc_charger_input(&europe, &good, &want, 0.02, &in);
		/* In the last round the frequency sets the power. */
		in.f_hz = i == 2 ? 50.5 : 50;
		for (int k = 0; k < 500; k++)
			gridcode_step(&engine, &in, &out);
		gc_charger_envelope(&europe, &in, &out, &env);
		if (gc_charger_at_once(&engine, &env) != (i == 0))
			fail_msg("%d: state %d, %s", i, (int)engine.state, env.p_why);
	}
	in.permit = false;
	gridcode_step(&engine, &in, &out);
	gc_charger_envelope(&europe, &in, &out, &env);
	assert_false(gc_charger_at_once(&engine, &env));
}

/* ---- tables ------------------------------------------------------------------------ */

/* CEI 0-21: 3 % and 20 ms either way of the relay's time, which measuring late is within. */
static void times_of_a_relay_are_taken_as_they_are(void **state)
{
	const struct v2x_prot_entry *e;

	(void)state;
	load("it-cei-0-21");
	assert_int_equal(gc_charger_table(&europe, &profile, &table, error), 0);
	e = entry(V2X_PROT_V_PHASE, V2X_PROT_OVER, V2X_PROT_TRIP, 264500);
	assert_true(e && e->time_ms == 200);
	e = entry(V2X_PROT_F, V2X_PROT_OVER, V2X_PROT_TRIP, 51500);
	assert_true(e && e->time_ms == 100);
}

/* VDE-AR-N 4105, 50 Hz: 0.1 s less 6 ms (v_phase), 8 (v_line), 13 (f) and 20 of switching. */
static void clearing_times_lose_measuring_and_switching(void **state)
{
	const struct v2x_prot_entry *e;

	(void)state;
	load("de-vde-ar-n-4105");
	assert_int_equal(gc_charger_table(&europe, &profile, &table, error), 0);
	assert_string_equal(table.name, "de-vde-ar-n-4105");
	e = entry(V2X_PROT_V_PHASE, V2X_PROT_OVER, V2X_PROT_TRIP, 287500);
	assert_true(e && e->time_ms == 74);
	e = entry(V2X_PROT_V_LINE, V2X_PROT_OVER, V2X_PROT_TRIP, 497965);
	assert_true(e && e->time_ms == 72);
	e = entry(V2X_PROT_F, V2X_PROT_UNDER, V2X_PROT_TRIP, 47500);
	assert_true(e && e->time_ms == 67);
	e = entry(V2X_PROT_V_PHASE, V2X_PROT_UNDER, V2X_PROT_TRIP, 184000);
	assert_true(e && e->time_ms == 2974);
	e = entry(V2X_PROT_V_10MIN, V2X_PROT_OVER, V2X_PROT_TRIP, 253000);
	assert_true(e && e->time_ms == 80);
	/* Cessation only blocks the gates: 60 ms less 6. */
	e = entry(V2X_PROT_V_PHASE, V2X_PROT_UNDER, V2X_PROT_CEASE, 184000);
	assert_true(e && e->time_ms == 54);
	/* A second from the voltage's return, less what it takes to see it. */
	assert_int_equal(table.recover_ms, 840);
	assert_int_equal(table.lom_gain_permille, 200);
}

static void between_trip_delay_and_disconnection_time_of_as_nzs_4777(void **state)
{
	/* Table 4.1 and 4.2: mV or mHz, delay and largest disconnection time, ms. */
	static const struct {
		const char *profile;
		uint8_t quantity, side;
		int32_t threshold;
		uint32_t delay, disconnected;
	} stages[] = {
		{ "au-4777-a", V2X_PROT_V_PHASE, V2X_PROT_UNDER, 70000, 1000, 2000 },
		{ "au-4777-a", V2X_PROT_V_PHASE, V2X_PROT_UNDER, 180000, 10000, 11000 },
		{ "au-4777-a", V2X_PROT_V_PHASE, V2X_PROT_OVER, 265000, 1000, 2000 },
		{ "au-4777-a", V2X_PROT_V_PHASE, V2X_PROT_OVER, 275000, 0, 200 },
		{ "au-4777-b", V2X_PROT_F, V2X_PROT_UNDER, 47000, 1000, 2000 },
		{ "au-4777-c", V2X_PROT_F, V2X_PROT_UNDER, 45000, 5000, 6000 },
		{ "nz-4777", V2X_PROT_F, V2X_PROT_UNDER, 45000, 1000, 2000 },
		{ "nz-4777", V2X_PROT_F, V2X_PROT_OVER, 55000, 0, 200 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++) {
		const struct v2x_prot_entry *e;

		load(stages[i].profile);
		assert_int_equal(gc_charger_table(&europe, &profile, &table, error), 0);
		e = entry(stages[i].quantity, stages[i].side, V2X_PROT_TRIP, stages[i].threshold);
		assert_non_null(e);
		assert_in_range(e->time_ms, stages[i].delay,
				stages[i].disconnected - europe.switching_us / 1000);
	}
}

/* 500 ms that the rate stands, and the cycle that the kernel takes off. */
static void rate_of_change_keeps_its_window_and_its_time(void **state)
{
	const struct v2x_prot_entry *e;

	(void)state;
	load("uk-g99");
	assert_int_equal(gc_charger_table(&europe, &profile, &table, error), 0);
	e = entry(V2X_PROT_ROCOF, V2X_PROT_OVER, V2X_PROT_TRIP, 1000);
	assert_true(e && e->window_ms == 500 && e->time_ms == 520);
	assert_null(entry(V2X_PROT_VECTOR_SHIFT, V2X_PROT_OVER, V2X_PROT_TRIP, 5000));
}

static void without_a_time_power_ceases_as_soon_as_it_is_seen(void **state)
{
	struct gc_charger america = europe;
	const struct v2x_prot_entry *e;

	(void)state;
	america.f_nominal_mhz = 60000;
	america.v_nominal_mv = 240000;
	load("ieee1547-2018-b-iii");
	assert_int_equal(gc_charger_table(&america, &profile, &table, error), 0);
	/* Far from nominal by half a cycle; near it the cycle, which no frequency misleads. */
	e = entry(V2X_PROT_V_PHASE_HALF, V2X_PROT_UNDER, V2X_PROT_CEASE, 120000);
	assert_true(e && e->time_ms == 0);
	e = entry(V2X_PROT_V_PHASE, V2X_PROT_OVER, V2X_PROT_CEASE, 264000);
	assert_true(e && e->time_ms == 0);
	/* A sequence swings: two cycles of 60 Hz, up. */
	e = entry(V2X_PROT_V_LINE, V2X_PROT_UNDER, V2X_PROT_CEASE, 207846);
	assert_true(e && e->time_ms == 34);
	e = entry(V2X_PROT_F, V2X_PROT_OVER, V2X_PROT_TRIP, 62000);
	/* 160 - 20 - 13 * 50 / 60 = 129.17 */
	assert_true(e && e->time_ms == 129);
}

/* What the kernel cannot measure is refused by name, what it can in half a cycle is not. */
static void times_too_short_to_measure_are_refused_with_the_entry(void **state)
{
	(void)state;
	load("de-vde-ar-n-4105");
	assert_int_equal(gc_profile_set(&profile, "trip.ov1_time=57ms", false, error), 1);
	assert_int_equal(gc_charger_table(&europe, &profile, &table, error), -34);
	assert_non_null(strstr(error, "trip.ov1_limit (VDE-AR-N 4105:2018 6.5.2 table 2)"));
	load("de-vde-ar-n-4105");
	assert_int_equal(gc_profile_set(&profile, "trip.of1_time=50ms", false, error), 1);
	assert_int_equal(gc_charger_table(&europe, &profile, &table, error), -34);
	assert_non_null(strstr(error, "trip.of1_limit"));
	assert_non_null(strstr(error, "50 ms cannot be kept"));
	load("uk-g99");
	assert_int_equal(gc_profile_set(&profile, "rocof.window=1s", false, error), 1);
	assert_int_equal(gc_charger_table(&europe, &profile, &table, error), -34);
	assert_non_null(strstr(error, "rocof.window"));
}

static void half_cycles_serve_what_whole_ones_cannot(void **state)
{
	(void)state;
	load("uk-g99");
	assert_int_equal(gc_profile_set(&profile, "trip.quantity=phase", false, error), 0);
	assert_int_equal(gc_profile_set(&profile, "trip.ov2_time=60ms", false, error), 1);
	assert_int_equal(gc_charger_table(&europe, &profile, &table, error), 0);
	/* 60 - 6 - 20 = 34 < 40; 60 - 7 - 20 = 33 >= 30 */
	assert_int_equal(entry(V2X_PROT_V_PHASE_HALF, V2X_PROT_OVER, V2X_PROT_TRIP,
			       273700)->time_ms, 33);
}

static void check_one(const struct gc_charger *charger)
{
	struct v2x_stage_desc desc;
	int ret;

	if (gc_charger_table(charger, &profile, &table, error))
		fail_msg("%s", error);
	stage_of(charger, &desc);
	ret = v2x_prot_table_check(&desc, &table);
	if (ret)
		fail_msg("%s: entry %u, why %u", profile.id, table.refused, table.why);
}

/* The kernel's own check, for each topology and both frequencies. */
static void every_profile_makes_a_table_the_kernel_takes(void **state)
{
	DIR *dir = opendir(PROFILES);
	const struct dirent *d;
	unsigned int count = 0;

	(void)state;
	assert_non_null(dir);
	while ((d = readdir(dir))) {
		const char *dot = strrchr(d->d_name, '.');
		struct gc_charger charger = europe;
		char name[128];

		if (!dot || strcmp(dot, ".conf") != 0)
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)(dot - d->d_name), d->d_name);
		load(name);
		charger.f_nominal_mhz = (uint32_t)(profile.settings.nominal.f_hz * 1000);
		for (charger.phases = 1; charger.phases <= 3; charger.phases++)
			check_one(&charger);
		count++;
	}
	closedir(dir);
	assert_true(count >= 33);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cycle_becomes_per_unit_of_the_ratings),
		cmocka_unit_test(what_cannot_be_is_missing_and_said),
		cmocka_unit_test(a_jump_of_the_voltage_is_no_frequency),
		cmocka_unit_test(what_no_jump_explains_is_the_grids_frequency),
		cmocka_unit_test(a_jump_of_the_angle_leaves_the_frequency_before_it),
		cmocka_unit_test(along_a_slope_of_the_voltage_the_frequency_is_measured),
		cmocka_unit_test(without_a_voltage_the_last_frequency_stands),
		cmocka_unit_test(on_the_way_back_no_frequency_is_in_the_dead_band),
		cmocka_unit_test(along_a_slope_of_the_frequency_it_is_measured),
		cmocka_unit_test(a_step_of_the_frequency_is_no_jump_of_the_voltage),
		cmocka_unit_test(a_droop_starts_from_what_flowed_when_the_frequency_left),
		cmocka_unit_test(split_phase_is_judged_by_its_worse_half),
		cmocka_unit_test(a_demand_is_followed_at_once_when_nothing_slopes_it),
		cmocka_unit_test(the_ratings_of_the_charger_bound_those_of_the_profile),
		cmocka_unit_test(an_unlimited_demand_comes_back_to_the_last_milliwatt),
		cmocka_unit_test(a_limit_of_zero_is_zero_and_no_limit_grows),
		cmocka_unit_test(out_of_service_nothing_flows_and_the_cause_is_named),
		cmocka_unit_test(a_bound_the_demand_keeps_to_is_named),
		cmocka_unit_test(a_slope_of_the_demand_has_a_name),
		cmocka_unit_test(a_reactive_mode_decides_even_when_it_asks_for_nothing),
		cmocka_unit_test(clearing_times_lose_measuring_and_switching),
		cmocka_unit_test(times_of_a_relay_are_taken_as_they_are),
		cmocka_unit_test(between_trip_delay_and_disconnection_time_of_as_nzs_4777),
		cmocka_unit_test(rate_of_change_keeps_its_window_and_its_time),
		cmocka_unit_test(without_a_time_power_ceases_as_soon_as_it_is_seen),
		cmocka_unit_test(times_too_short_to_measure_are_refused_with_the_entry),
		cmocka_unit_test(half_cycles_serve_what_whole_ones_cannot),
		cmocka_unit_test(every_profile_makes_a_table_the_kernel_takes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
