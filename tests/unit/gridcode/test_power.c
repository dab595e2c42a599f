// SPDX-License-Identifier: Apache-2.0
/* Active power: service, limits, frequency, export, demand response, orders. Generator sign. */
#include "rig.h"

static void service_begins_after_the_whole_delay_inside_the_window(void **state)
{
	(void)state;
	rig_fresh();
	rig_start(false);
	rig_grid(0.84, 50);
	assert_true(rig_until(GC_CONTINUOUS, 30) < 0);
	assert_int_equal(rig_out.p_by, GC_BY_WAITING);
	rig_grid(1, 50);
	rig_run(9);
	rig_grid(1, 50.2); /* an excursion starts the delay again */
	rig_run(DT);
	rig_grid(1, 50);
	assert_near(rig_until(GC_CONTINUOUS, 30), 10, 1.01 * DT);
}

static void power_after_entering_keeps_below_the_ramp_in_both_directions(void **state)
{
	(void)state;
	for (double p = -1; p < 2; p += 2) {
		rig_fresh();
		rig_set("enter_service.ramp_time", 100);
		rig_start(false);
		rig_demand(p);
		rig_run(10 + DT); /* the delay; the last step is the ramp's first */
		assert_int_equal(rig_out.state, GC_ENTERING);
		rig_run(50);
		assert_near(rig_p(), p * 0.5, 0.001);
		assert_int_equal(rig_out.p_by, GC_BY_ENTER_RAMP);
		rig_run(60);
		assert_int_equal(rig_out.state, GC_CONTINUOUS);
		assert_near(rig_p(), p, 1e-9);
	}
}

static void reconnection_has_its_own_delay_and_a_short_disturbance_a_shorter_one(void **state)
{
	(void)state;
	rig_fresh();
	rig_set("reconnection.delay", 60);
	rig_set("reconnection.short_time", 3);
	rig_set("reconnection.short_delay", 5);
	rig_set("trip.uv1_limit", 0.5);
	rig_set("trip.uv1_time", 0.1);
	for (int brief = 0; brief < 2; brief++) {
		rig_start(true);
		rig_grid(1, 50);
		rig_run(1);
		rig_grid(0.2, 50);
		rig_run(brief ? 2 : 4);
		assert_int_equal(rig_out.state, GC_TRIP);
		rig_grid(1, 50);
		assert_near(rig_until(GC_CONTINUOUS, 100), brief ? 5 : 60,
			    1.01 * DT);
	}
}

static void a_drawn_random_delay_comes_on_top(void **state)
{
	(void)state;
	rig_fresh();
	rig_set("enter_service.random_delay", 100);
	rig_start(false);
	gridcode_draw(&rig_engine, 0.25);
	/* 10 s and a quarter of 100 s; the pure delay is told in the step after. */
	assert_near(rig_until(GC_ENTERING, 60), 35.0, 2 * DT);
}

static void a_bound_is_named_while_the_demand_is_inside_it(void **state)
{
	(void)state;
	rig_fresh();
	rig_set("enter_service.ramp_time", 100);
	rig_start(false);
	rig_run(11);
	assert_int_equal(rig_out.state, GC_ENTERING);
	/* Nothing is wanted, so nothing limits; what would is told. */
	assert_int_equal(rig_out.p_by, GC_BY_NOTHING);
	assert_int_equal(rig_out.p_lo_by, GC_BY_ENTER_RAMP);
	assert_int_equal(rig_out.p_hi_by, GC_BY_ENTER_RAMP);
	rig_run(120);
	assert_int_equal(rig_out.p_lo_by, GC_BY_RATING);
}

static void the_active_power_limit_caps_export_and_forces_charging_when_negative(void **state)
{
	(void)state;
	rig_fresh();
	rig_set("active_limit.enable", 1);
	rig_set("active_limit.limit", 0.4);
	rig_set("active_limit.response", 0);
	rig_start(true);
	rig_demand(0.9);
	rig_run(1);
	assert_near(rig_p(), 0.4, 1e-12);
	assert_int_equal(rig_out.p_by, GC_BY_LIMIT);
	rig_demand(-0.7);
	rig_run(1);
	assert_near(rig_p(), -0.7, 1e-12);
	rig_set("active_limit.limit", -0.5);
	gridcode_change(&rig_engine, &rig_settings);
	rig_demand(0);
	rig_run(1);
	assert_near(rig_p(), -0.5, 1e-12);
	rig_set("active_limit.limit", 0);
	gridcode_change(&rig_engine, &rig_settings);
	rig_demand(1);
	rig_run(1);
	assert_true(rig_p() == 0); /* zero is zero */
}

static void volt_watt_reaches_ninety_percent_of_its_step_at_the_response_time(void **state)
{
	(void)state;
	rig_fresh();
	rig_set("volt_watt.enable", 1);
	rig_set("volt_watt.v1", 1.06);
	rig_set("volt_watt.p1", 1);
	rig_set("volt_watt.v2", 1.10);
	rig_set("volt_watt.p2", 0);
	rig_set("volt_watt.response", 10);
	rig_start(true);
	rig_demand(1);
	rig_run(1);
	rig_grid(1.08, 50); /* half way: 0.5 */
	rig_run(10);
	assert_near(rig_p(), 1 - 0.9 * 0.5, 0.002);
	rig_run(60);
	assert_near(rig_p(), 0.5, 1e-4);
	assert_int_equal(rig_out.p_by, GC_BY_VOLT_WATT);
}

static void charging_shrinks_at_low_voltage(void **state)
{
	(void)state;
	/* AS/NZS 4777.2: 20 % at 207 V, 100 % at 215 V of 230 V. */
	rig_fresh();
	rig_set("volt_watt_charge.enable", 1);
	rig_set("volt_watt_charge.v1", 207.0 / 230);
	rig_set("volt_watt_charge.p1", 0.2);
	rig_set("volt_watt_charge.v2", 215.0 / 230);
	rig_set("volt_watt_charge.p2", 1);
	rig_start(true);
	rig_demand(-1);
	rig_grid(211.0 / 230, 50);
	rig_run(1);
	assert_near(rig_p(), -0.6, 1e-9);
	rig_grid(200.0 / 230, 50);
	rig_run(1);
	assert_near(rig_p(), -0.2, 1e-9);
	rig_demand(1);
	rig_run(1);
	assert_near(rig_p(), 1, 1e-9);
}

static void droop_adds_around_the_power_before_in_both_directions(void **state)
{
	static const struct { double p, f_hz, expect; } rows[] = {
		/* P - (f - 50 - 0.036) / (50 * 0.05), and + below */
		{ 0.5, 50.536, 0.3 }, { 0.5, 49.464, 0.7 }, { -0.5, 50.536, -0.7 },
		{ -0.5, 49.464, -0.3 }, { 0, 50.286, -0.1 }, { 0.9, 49.214, 1.0 },
		{ -0.9, 50.786, -1.0 }, { 0.5, 50.036, 0.5 }, { 0.5, 49.964, 0.5 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		rig_fresh();
		rig_set("freq_droop.enable", 1);
		rig_set("freq_droop.response", 0);
		rig_start(true);
		rig_demand(rows[i].p);
		rig_run(1);
		rig_grid(1, rows[i].f_hz);
		rig_run(1);
		assert_near(rig_p(), rows[i].expect, 1e-9);
		rig_grid(1, 50);
		rig_run(1);
		assert_near(rig_p(), rows[i].p, 1e-9);
	}
}

static void lfsm(const char *section, double start_hz, enum gc_reference reference)
{
	char name[64];

	rig_fresh();
#define SET(key, value) (snprintf(name, sizeof(name), "%s.%s", section, key), rig_set(name, value))
	SET("enable", 1);
	SET("start", start_hz);
	SET("droop", 0.05);
	SET("reference", reference);
#undef SET
	rig_start(true);
}

static void lfsm_over_frequency_takes_forty_percent_of_momentary_power_a_hertz(void **state)
{
	(void)state;
	/* VDE-AR-N 4105: 40 %/Hz of P_M above 50.2 Hz is a droop of 5 %. */
	lfsm("lfsm_o", 50.2, GC_REFERENCE_MOMENTARY);
	rig_demand(0.8);
	rig_run(1);
	rig_grid(1, 50.2);
	rig_run(1);
	assert_near(rig_p(), 0.8, 1e-9);
	rig_grid(1, 50.7);
	rig_run(1);
	assert_near(rig_p(), 0.8 - 0.8 * 0.4 * 0.5, 1e-9);
	assert_int_equal(rig_out.p_by, GC_BY_LFSM_O);
	/* While charging it charges more. */
	rig_start(true);
	rig_grid(1, 50);
	rig_demand(-0.5);
	rig_run(1);
	rig_grid(1, 51.2);
	rig_run(1);
	assert_near(rig_p(), -0.5 - 0.5 * 0.4, 1e-9);
}

static void lfsm_under_frequency_lowers_charging_and_goes_on_into_discharge(void **state)
{
	(void)state;
	lfsm("lfsm_u", 49.8, GC_REFERENCE_RATED);
	rig_demand(-0.3);
	rig_run(1);
	rig_grid(1, 49.3); /* 0.5 Hz at 40 %/Hz of rated power: +0.2 */
	rig_run(1);
	assert_near(rig_p(), -0.1, 1e-9);
	rig_grid(1, 48.8); /* +0.4 */
	rig_run(1);
	assert_near(rig_p(), 0.1, 1e-9);
	/* Where discharge is not allowed it ends at zero. */
	lfsm("lfsm_u", 49.8, GC_REFERENCE_RATED);
	rig_set("lfsm_u.cross_zero", 0);
	rig_start(true);
	rig_demand(-0.3);
	rig_run(1);
	rig_grid(1, 48.8);
	rig_run(1);
	assert_true(fabs(rig_p()) < 1e-9);
}

static void lfsm_to_the_rating_reaches_it_whatever_the_power_before(void **state)
{
	/* CEI 0-21: full charge at 51.5 Hz, full discharge at 49.1 Hz. */
	const double before[] = { -1, -0.5, 0, 0.5, 1 };

	(void)state;
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
		for (int over = 0; over < 2; over++) {
			const char *name = over ? "lfsm_o" : "lfsm_u";
			const double end = over ? -1 : 1;

			lfsm(name, over ? 50.2 : 49.8, GC_REFERENCE_TO_RATING);
			rig_set(over ? "lfsm_o.droop" : "lfsm_u.droop", over ? 0.026 : 0.014);
			rig_start(true);
			rig_demand(before[i]);
			rig_run(1);
			rig_grid(1, over ? 50.85 : 49.45);
			rig_run(1);
			assert_near(rig_p(), (before[i] + end) / 2, 1e-9);
			rig_grid(1, over ? 51.5 : 49.1);
			rig_run(1);
			assert_near(rig_p(), end, 1e-9);
		}
}

static void back_at_nominal_lfsm_limits_but_asks_for_no_power(void **state)
{
	(void)state;
	/* VDE-AR-N 4105: ten minutes, then 10 %/min. A vehicle that wants no more is let go. */
	for (int over = 0; over < 2; over++)
		for (double before = -0.5; before < 1; before += 1) {
			lfsm(over ? "lfsm_o" : "lfsm_u", over ? 50.2 : 49.8, GC_REFERENCE_MOMENTARY);
			rig_set(over ? "lfsm_o.stop_time" : "lfsm_u.stop_time", 600);
			rig_set(over ? "lfsm_o.return_ramp" : "lfsm_u.return_ramp", 0.1);
			rig_start(true);
			rig_demand(before);
			rig_run(1);
			rig_grid(1, over ? 50.3 : 49.7);
			rig_run(1);
			rig_grid(1, 50);
			rig_run(1);
			rig_demand(0);
			rig_run(1);
			assert_near(rig_p(), 0, 1e-9);
			/* More than before, in the direction that was taken back, only slowly. */
			rig_demand(over ? 1 : -1);
			rig_run(1);
			assert_near(rig_p(), over ? fmax(before, 0) : fmin(before, 0), 1e-9);
			rig_run(597);
			rig_run(60);
			assert_near(rig_p(), (over ? fmax(before, 0) + 0.1 : fmin(before, 0) - 0.1), 0.005);
		}
}

static void lfsm_with_hysteresis_holds_until_released_and_returns_on_a_ramp(void **state)
{
	(void)state;
	/* AS/NZS 4777.2: the lowest power holds until 20 s inside, then 16.67 %/min. */
	lfsm("lfsm_o", 50.25, GC_REFERENCE_MOMENTARY);
	rig_set("lfsm_o.droop", 0.035); /* zero at 52 Hz */
	rig_set("lfsm_o.hold", 1);
	rig_set("lfsm_o.stop", 50.15);
	rig_set("lfsm_o.stop_time", 20);
	rig_set("lfsm_o.return_ramp", 0.1667);
	rig_start(true);
	rig_demand(1);
	rig_run(1);
	rig_grid(1, 51.125); /* half way to 52 Hz */
	rig_run(1);
	assert_near(rig_p(), 0.5, 1e-6);
	rig_grid(1, 50.4);
	rig_run(5);
	assert_near(rig_p(), 0.5, 1e-6);
	rig_grid(1, 50.2); /* below the start, above the stop */
	rig_run(30);
	assert_near(rig_p(), 0.5, 1e-6);
	rig_grid(1, 50.1);
	rig_run(19.9);
	assert_near(rig_p(), 0.5, 1e-6);
	rig_run(60.1); /* one minute of ramp */
	assert_near(rig_p(), 0.6667, 0.001);
	rig_run(180);
	assert_near(rig_p(), 1, 1e-9);
	assert_int_equal(rig_out.p_by, GC_BY_NOTHING);
}

static void an_intentional_delay_of_lfsm_is_kept(void **state)
{
	(void)state;
	lfsm("lfsm_o", 50.2, GC_REFERENCE_MOMENTARY);
	rig_set("lfsm_o.delay", 2);
	rig_start(true);
	rig_demand(1);
	rig_run(1);
	rig_grid(1, 51.2);
	rig_run(1.96);
	assert_near(rig_p(), 1, 1e-9);
	rig_run(0.06);
	assert_near(rig_p(), 0.6, 1e-9);
}

static void the_export_limit_leaves_what_the_house_takes(void **state)
{
	(void)state;
	rig_fresh();
	rig_set("export_limit.enable", 1);
	rig_set("export_limit.limit", 0);
	rig_set("export_limit.response", 0);
	rig_set("export_limit.timeout", 2);
	rig_set("export_limit.fail_limit", 0.1);
	rig_start(true);
	rig_demand(1);
	/* The house takes 0.3; the meter sees what it takes less what is fed. */
	for (int i = 0; i < 50; i++) {
		rig_in.site_import_pu = 0.3 + rig_out.p_pu;
		rig_run(DT);
	}
	assert_near(rig_p(), 0.3, 1e-9);
	assert_int_equal(rig_out.p_by, GC_BY_EXPORT);
	/* Charging stays free. */
	rig_demand(-0.8);
	rig_in.site_import_pu = 1.1;
	rig_run(1);
	assert_near(rig_p(), -0.8, 1e-9);
	/* The meter goes silent. */
	rig_demand(1);
	rig_in.site_import_pu = (double)NAN;
	rig_run(3);
	assert_near(rig_p(), 0.1, 1e-9);
	assert_int_equal(rig_out.p_by, GC_BY_FAIL_SAFE);
}

static void demand_response_modes_as_in_the_table(void **state)
{
	static const struct { unsigned int modes; double want, expect; } rows[] = {
		{ GC_DRM(1), -1, 0 }, { GC_DRM(2), -1, -0.5 }, { GC_DRM(3), -1, -0.75 },
		{ GC_DRM(4), 0, -1 }, { GC_DRM(5), 1, 0 }, { GC_DRM(6), 1, 0.5 },
		{ GC_DRM(7), 1, 0.75 }, { GC_DRM(8), 0, 1 }, { GC_DRM(1), 1, 1 },
		{ GC_DRM(5), -1, -1 }, { GC_DRM(6) | GC_DRM(7), 1, 0.5 },
		{ GC_DRM(4) | GC_DRM(2), 0, -0.5 },
	};

	(void)state;
	rig_fresh();
	rig_set("demand_response.enable", 1);
	rig_set("demand_response.response", 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		rig_start(true);
		rig_in.drm = rows[i].modes;
		rig_demand(rows[i].want);
		rig_run(1);
		assert_near(rig_p(), rows[i].expect, 1e-9);
	}
	rig_start(true);
	rig_in.drm = GC_DRM(0);
	rig_run(DT);
	assert_int_equal(rig_out.state, GC_TRIP);
	assert_false(rig_out.stay);
}

static void an_operators_order_holds_until_silence(void **state)
{
	(void)state;
	rig_fresh();
	rig_set("order.enable", 1);
	rig_set("order.timeout", 60);
	rig_set("order.fail_limit", 0.2);
	rig_start(true);
	rig_demand(1);
	rig_in.order_export_pu = 0.6;
	rig_in.order_import_pu = 0.3;
	rig_run(DT);
	rig_in.order_export_pu = (double)NAN;
	rig_in.order_import_pu = (double)NAN;
	rig_run(59);
	assert_near(rig_p(), 0.6, 1e-9);
	assert_int_equal(rig_out.p_by, GC_BY_ORDER);
	rig_demand(-1);
	rig_run(0.5);
	assert_near(rig_p(), -0.3, 1e-9);
	rig_run(2);
	assert_near(rig_p(), -1, 1e-9);
	rig_demand(1);
	rig_run(1);
	assert_near(rig_p(), 0.2, 1e-9);
	assert_int_equal(rig_out.p_by, GC_BY_FAIL_SAFE);
}

static void a_single_phase_charger_keeps_the_phases_within_the_limit(void **state)
{
	(void)state;
	rig_fresh();
	rig_set("rating.phases", GC_ONE_PHASE);
	rig_set("unbalance.limit", 0.4);
	rig_start(true);
	rig_demand(1);
	rig_run(1);
	assert_near(rig_p(), 0.4, 1e-9);
	rig_demand(-1);
	rig_run(1);
	assert_near(rig_p(), -0.4, 1e-9);
	/* Our phase takes 0.1 more than the others already: 0.3 of charging is left, 0.5 of export. */
	rig_in.site_phase_pu[0] = 0.3;
	rig_in.site_phase_pu[1] = rig_in.site_phase_pu[2] = 0.2;
	rig_run(1);
	assert_near(rig_p(), -0.3, 1e-9);
	rig_demand(1);
	rig_run(1);
	assert_near(rig_p(), 0.5, 1e-9);
	assert_int_equal(rig_out.p_by, GC_BY_UNBALANCE);
}

/* VDE-AR-N 4105: 4.6 kVA, two thirds of a charger of 6.9 kVA. */
static void a_limit_between_phases_in_kva_counts_in_the_rating(void **state)
{
	(void)state;
	rig_fresh();
	rig_set("rating.phases", GC_ONE_PHASE);
	rig_set("rating.s", 6.9);
	rig_set("unbalance.power", 4.6);
	rig_start(true);
	rig_demand(1);
	rig_run(1);
	assert_near(rig_p(), 2 / 3.0, 1e-9);
	assert_int_equal(rig_out.p_by, GC_BY_UNBALANCE);
	rig_demand(-1);
	rig_run(1);
	assert_near(rig_p(), -2 / 3.0, 1e-9);
	/* Besides a share of the rating the lesser of the two holds. */
	rig_set("unbalance.limit", 0.5);
	gridcode_change(&rig_engine, &rig_settings);
	rig_run(1);
	assert_near(rig_p(), -0.5, 1e-9);
	/* A small charger cannot reach it. */
	rig_set("unbalance.limit", (double)NAN);
	rig_set("rating.s", 3.7);
	gridcode_change(&rig_engine, &rig_settings);
	rig_run(1);
	assert_near(rig_p(), -1, 1e-9);
}

/* Three chargers of 6.9 kVA, one a phase: as long as all do the same, none is limited. */
static void three_single_phase_chargers_balance_each_other(void **state)
{
	(void)state;
	rig_fresh();
	rig_set("rating.phases", GC_ONE_PHASE);
	rig_set("rating.s", 6.9);
	rig_set("unbalance.power", 4.6);
	rig_start(true);
	rig_demand(1);
	/* Import positive: the other two feed in with all they have. */
	rig_in.site_phase_pu[0] = 0;
	rig_in.site_phase_pu[1] = rig_in.site_phase_pu[2] = -1;
	rig_run(1);
	assert_near(rig_p(), 1, 1e-9);
	/* One of them stops: 4.6 kVA above its phase. */
	rig_in.site_phase_pu[1] = 0;
	rig_run(1);
	assert_near(rig_p(), 2 / 3.0, 1e-9);
	/* One charges: ours may not even export; to balance it is not asked for. */
	rig_in.site_phase_pu[1] = 1;
	rig_run(1);
	assert_near(rig_p(), 0, 1e-9);
}

static void normal_ramps_limit_the_slope_of_the_demand(void **state)
{
	(void)state;
	/* 16.67 % a minute: a third after two minutes. */
	rig_fresh();
	rig_set("ramp.up", 1 / 6.0);
	rig_set("ramp.down", 1 / 3.0);
	rig_start(true);
	rig_run(DT);
	rig_demand(1);
	rig_run(120);
	assert_near(rig_p(), 1 / 3.0, 1e-6);
	assert_int_equal(rig_out.p_by, GC_BY_RAMP);
	rig_demand(-1);
	rig_run(60);
	assert_near(rig_p(), 0, 1e-6);
	rig_demand(0);
	rig_run(1);
	assert_int_equal(rig_out.p_by, GC_BY_NOTHING);
}

static void a_mode_that_asks_for_more_is_named(void **state)
{
	(void)state;
	rig_fresh();
	rig_set("demand_response.enable", 1);
	rig_start(true);
	rig_demand(-0.2);
	rig_in.drm = GC_DRM(4);
	rig_run(1);
	assert_near(rig_p(), -1, 1e-9);
	assert_int_equal(rig_out.p_by, GC_BY_DRM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(service_begins_after_the_whole_delay_inside_the_window),
		cmocka_unit_test(power_after_entering_keeps_below_the_ramp_in_both_directions),
		cmocka_unit_test(
			reconnection_has_its_own_delay_and_a_short_disturbance_a_shorter_one),
		cmocka_unit_test(a_drawn_random_delay_comes_on_top),
		cmocka_unit_test(a_bound_is_named_while_the_demand_is_inside_it),
		cmocka_unit_test(
			the_active_power_limit_caps_export_and_forces_charging_when_negative),
		cmocka_unit_test(volt_watt_reaches_ninety_percent_of_its_step_at_the_response_time),
		cmocka_unit_test(charging_shrinks_at_low_voltage),
		cmocka_unit_test(droop_adds_around_the_power_before_in_both_directions),
		cmocka_unit_test(lfsm_over_frequency_takes_forty_percent_of_momentary_power_a_hertz),
		cmocka_unit_test(lfsm_under_frequency_lowers_charging_and_goes_on_into_discharge),
		cmocka_unit_test(lfsm_to_the_rating_reaches_it_whatever_the_power_before),
		cmocka_unit_test(back_at_nominal_lfsm_limits_but_asks_for_no_power),
		cmocka_unit_test(lfsm_with_hysteresis_holds_until_released_and_returns_on_a_ramp),
		cmocka_unit_test(an_intentional_delay_of_lfsm_is_kept),
		cmocka_unit_test(the_export_limit_leaves_what_the_house_takes),
		cmocka_unit_test(demand_response_modes_as_in_the_table),
		cmocka_unit_test(an_operators_order_holds_until_silence),
		cmocka_unit_test(a_single_phase_charger_keeps_the_phases_within_the_limit),
		cmocka_unit_test(a_limit_between_phases_in_kva_counts_in_the_rating),
		cmocka_unit_test(three_single_phase_chargers_balance_each_other),
		cmocka_unit_test(normal_ramps_limit_the_slope_of_the_demand),
		cmocka_unit_test(a_mode_that_asks_for_more_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
