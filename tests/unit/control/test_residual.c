// SPDX-License-Identifier: Apache-2.0
/*
 * Residual current: the times of IEC 62955 (DC) and IEC 61008-1 (AC), contactor
 * included; what must not trip; the monitor's own test and its failures.
 */
#include "test.h"

#include "rig.h"

static struct rig rig;

static void run_model(const char *model, s32 p_mw)
{
	assert_true(rig_run_model(&rig, model, p_mw, 300));
}

/* ms until the mains contact is open; the trip has that reason */
static double opens(enum plant_fault fault, u32 ma, u32 reason, u32 within_ms)
{
	u64 begun = rig.tick;

	rig.env.fault[fault] = ma;
	rig_env(&rig);
	while (rig.tick - begun < within_ms * 20ULL) {
		rig_tick(&rig);
		if (rig.ctl.seq.state == V2X_STATE_FAULT &&
		    !(rig.plant.contactors & (V2X_CONTACTOR_PRECHARGE | V2X_CONTACTOR_GRID)))
			break;
	}
	if (rig.ctl.seq.fault != reason)
		print_error("%u mA: fault %u instead of %u\n", ma, rig.ctl.seq.fault, reason);
	assert_int_equal(rig.ctl.seq.fault, reason);
	assert_false(rig.out.gate.gates);
	return (double)(rig.tick - begun) / 20;
}

static const char * const models[] = { "3p-11kw", "1p-7kw", "split-9kw", "3p-11kw-60hz" };

struct limit {
	u32 ma;
	u32 ms;		/* allowed, contact open */
};

static void each(enum plant_fault fault, u32 reason, const struct limit *limit, size_t n)
{
	for (size_t m = 0; m < ARRAY_SIZE(models); m++) {
		static struct rig ready;

		run_model(models[m], 4000000);
		ready = rig;
		for (size_t i = 0; i < n; i++) {
			double worst = 0;

			for (u32 at = 0; at < 400; at += 40) {
				double ms;

				rig = ready;
				for (u32 t = 0; t < at; t++)
					rig_tick(&rig);
				ms = opens(fault, limit[i].ma, reason, limit[i].ms + 50);
				worst = fmax(worst, ms);
			}
			print_message("%s, %u mA: %.1f ms of %u\n", models[m], limit[i].ma, worst,
				      limit[i].ms);
			assert_true(worst <= limit[i].ms);
		}
	}
}

static void direct_current_opens_within_the_times_of_iec_62955(void **state)
{
	static const struct limit limit[] = { { 6, 10000 }, { 60, 300 }, { 200, 100 }, { 400, 100 } };

	(void)state;
	each(PLANT_FAULT_RESIDUAL_DC, V2X_REASON_RESIDUAL_DC, limit, ARRAY_SIZE(limit));
}

static void alternating_current_opens_within_the_times_of_iec_61008(void **state)
{
	static const struct limit limit[] = { { 30, 300 }, { 60, 150 }, { 150, 40 }, { 300, 40 },
					      { 1000, 40 } };

	(void)state;
	each(PLANT_FAULT_RESIDUAL_AC, V2X_REASON_RESIDUAL_AC, limit, ARRAY_SIZE(limit));
}

static void half_of_the_rated_current_does_not_trip(void **state)
{
	(void)state;
	run_model("3p-11kw", 8000000);
	rig.env.fault[PLANT_FAULT_RESIDUAL_AC] = 15;
	rig.env.fault[PLANT_FAULT_RESIDUAL_DC] = 3;
	rig_env(&rig);
	rig_ms(&rig, 12000);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_RUN);
}

/* 10 ms of 150 mA, as a surge arrester or a filter that is switched on leaves */
static void a_surge_of_half_a_cycle_does_not_trip(void **state)
{
	(void)state;
	run_model("3p-11kw", 8000000);
	for (u32 i = 0; i < 10; i++) {
		rig.env.fault[PLANT_FAULT_RESIDUAL_AC] = 60;
		rig_env(&rig);
		rig_ms(&rig, 40);
		rig.env.fault[PLANT_FAULT_RESIDUAL_AC] = 0;
		rig_env(&rig);
		rig_ms(&rig, 200);
		assert_int_equal(rig.ctl.seq.state, V2X_STATE_RUN);
	}
}

static void a_finer_setting_trips_at_less(void **state)
{
	(void)state;
	run_model("3p-11kw", 8000000);
	rig.user.protection.residual_ac_ma = 10;
	rig.user.protection.residual_dc_ma = 2;
	rig_user(&rig);
	rig_ms(&rig, 1000);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_RUN);
	assert_true(opens(PLANT_FAULT_RESIDUAL_AC, 10, V2X_REASON_RESIDUAL_AC, 400) <= 300);
}

static void no_coarser_setting_is_accepted(void **state)
{
	const char *field = NULL;

	(void)state;
	rig_init(&rig);
	rig.user.protection.residual_ac_ma = 31;
	assert_int_not_equal(v2x_ctl_check(&rig.desc, &rig.user, &field), 0);
	assert_string_equal(field, "residual_ac_ma");
	rig.user.protection.residual_ac_ma = 30;
	rig.user.protection.residual_dc_ma = 7;
	assert_int_not_equal(v2x_ctl_check(&rig.desc, &rig.user, &field), 0);
	assert_string_equal(field, "residual_dc_ma");
}

static void nothing_flows_with_open_contacts_and_nothing_trips(void **state)
{
	(void)state;
	rig_init(&rig);
	rig_plug(&rig);
	rig.env.fault[PLANT_FAULT_RESIDUAL_DC] = 200;
	rig_env(&rig);
	rig_ms(&rig, 500);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_IDLE);
	/* and at the start it is found as soon as the link is charged through it */
	rig_request(&rig, V2X_CTL_REQ_START, V2X_REASON_REQUEST);
	assert_true(rig_until(&rig, V2X_STATE_FAULT, 3000) >= 0);
	assert_int_equal(rig.ctl.seq.fault, V2X_REASON_RESIDUAL_DC);
	assert_null(rig_has_event(&rig, V2X_EVENT_STATE, V2X_REASON_RESIDUAL_CURRENT));
}

/* Start, with a sensor that is broken so. */
static void start_refused(enum plant_fault fault, u32 reason)
{
	rig_init(&rig);
	rig_plug(&rig);
	rig.env.fault[fault] = 1U << V2X_ADC_RESIDUAL;
	rig_env(&rig);
	rig_ms(&rig, 200);
	rig_request(&rig, V2X_CTL_REQ_START, V2X_REASON_REQUEST);
	assert_true(rig_until(&rig, V2X_STATE_FAULT, 1000) >= 0);
	assert_int_equal(rig.ctl.seq.fault, reason);
	assert_false(rig.out.gate.residual_test);
	/* repaired and acknowledged it runs */
	rig.env.fault[fault] = 0;
	rig_env(&rig);
	rig_ms(&rig, 50);
	rig_request(&rig, V2X_CTL_REQ_ACK, V2X_REASON_ACK);
	rig_ms(&rig, 50);
	assert_true(rig_run(&rig));
}

static void a_monitor_that_fails_its_test_lets_nothing_start(void **state)
{
	(void)state;
	start_refused(PLANT_FAULT_ADC_STUCK, V2X_REASON_SENSOR_IMPLAUSIBLE);
	start_refused(PLANT_FAULT_ADC_OFFSET, V2X_REASON_SENSOR_OFFSET);
	start_refused(PLANT_FAULT_ADC_OPEN, V2X_REASON_ADC_RANGE);
}

static void a_monitor_that_breaks_while_running_is_found(void **state)
{
	static const struct {
		enum plant_fault fault;
		u32 reason;
		u32 ms;
	} broken[] = {
		{ PLANT_FAULT_ADC_STUCK, V2X_REASON_ADC_STUCK, 550 },
		{ PLANT_FAULT_ADC_OPEN, V2X_REASON_ADC_RANGE, 20 },
		{ PLANT_FAULT_ADC_OFFSET, V2X_REASON_RESIDUAL_DC, 200 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(broken); i++) {
		u64 begun;

		run_model("3p-11kw", 5000000);
		begun = rig.tick;
		rig.env.fault[broken[i].fault] = 1U << V2X_ADC_RESIDUAL;
		rig_env(&rig);
		assert_true(rig_until(&rig, V2X_STATE_FAULT, 1000) >= 0);
		assert_int_equal(rig.ctl.seq.fault, broken[i].reason);
		assert_true(rig.tick - begun <= broken[i].ms * 20ULL + 20);
	}
}

static void a_stage_without_a_monitor_runs(void **state)
{
	(void)state;
	rig_init(&rig);
	rig.desc.adc_present &= ~(1U << V2X_ADC_RESIDUAL);
	assert_int_equal(v2x_ctl_init(&rig.ctl, &rig.desc), 0);
	rig_user(&rig);
	assert_true(rig_run(&rig));
	rig.env.fault[PLANT_FAULT_RESIDUAL_AC] = 300;
	rig_env(&rig);
	rig_ms(&rig, 500);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_RUN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(direct_current_opens_within_the_times_of_iec_62955),
		cmocka_unit_test(alternating_current_opens_within_the_times_of_iec_61008),
		cmocka_unit_test(half_of_the_rated_current_does_not_trip),
		cmocka_unit_test(a_surge_of_half_a_cycle_does_not_trip),
		cmocka_unit_test(a_finer_setting_trips_at_less),
		cmocka_unit_test(no_coarser_setting_is_accepted),
		cmocka_unit_test(nothing_flows_with_open_contacts_and_nothing_trips),
		cmocka_unit_test(a_monitor_that_fails_its_test_lets_nothing_start),
		cmocka_unit_test(a_monitor_that_breaks_while_running_is_found),
		cmocka_unit_test(a_stage_without_a_monitor_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
