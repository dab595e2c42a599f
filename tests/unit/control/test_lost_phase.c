// SPDX-License-Identifier: Apache-2.0
/*
 * A phase that is hardly there: a short circuit of it is a dip, which the
 * table's under-voltage decides about; a broken conductor trips by itself.
 */
#include "test.h"

#include "prot_table.h"
#include "rig.h"

static struct rig rig;

/* In RUN, with an under-voltage trip of this time for all below 0.8. */
static void run(s32 p_mw, u32 under_ms)
{
	rig_init(&rig);
	rig.user.protection.v_under_ms = under_ms;
	v2x_prot_table_default(&rig.desc, &rig.user.protection, &rig.user.table);
	rig_user(&rig);
	assert_true(rig_run(&rig));
	rig_power(&rig, p_mw);
	rig_ms(&rig, 300);
}

/* ms until the fault is latched, -1 when it is not within @ms. */
static int until_fault(u32 ms)
{
	return rig_until(&rig, V2X_STATE_FAULT, ms);
}

static void dip(u32 phase, u32 mpu)
{
	rig.env.grid.phase_mpu[phase] = mpu;
	rig_env(&rig);
}

static void a_short_circuit_of_one_phase_is_borne_as_long_as_the_table_says(void **state)
{
	static const u32 times[] = { 200, 500, 1500 };
	static const s32 powers[] = { 5000000, -5000000, 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
		for (size_t k = 0; k < ARRAY_SIZE(powers); k++) {
			int ms;

			run(powers[k], times[i]);
			dip((u32)k, 100);
			ms = until_fault(2000);
			print_message("%5d W, table %u ms: fault %u after %d ms\n",
				      powers[k] / 1000, times[i], rig.ctl.seq.fault, ms);
			assert_int_equal(rig.ctl.seq.fault, V2X_REASON_GRID_UNDER_VOLTAGE);
			assert_true(abs(ms - (int)times[i]) <= 20);
		}
	}
}

static void a_dip_of_one_phase_shorter_than_that_is_ridden_through(void **state)
{
	(void)state;
	run(5000000, 500);
	dip(1, 100);
	rig_ms(&rig, 450);
	dip(1, 1000);
	rig_ms(&rig, 1000);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_RUN);
	assert_near(rig.cycle.p_mw, 5000000, 60000);
}

static void a_broken_conductor_trips_by_itself_whatever_the_table_bears(void **state)
{
	static const s32 powers[] = { 11000000, -11000000, 2500000, -2500000 };

	(void)state;
	for (size_t k = 0; k < ARRAY_SIZE(powers); k++) {
		for (u32 phase = 1; phase <= 4; phase *= 2) {
			int ms;

			run(powers[k], 2000);
			rig.env.fault[PLANT_FAULT_PHASE_LOSS] = phase;
			rig_env(&rig);
			ms = until_fault(2000);
			assert_int_equal(rig.ctl.seq.fault, V2X_REASON_GRID_PHASE_LOSS);
			assert_in_range(ms, 0, 150);
		}
	}
}

static void a_phase_that_is_not_there_refuses_the_start(void **state)
{
	(void)state;
	rig_init(&rig);
	rig_plug(&rig);
	dip(2, 0);
	rig_ms(&rig, 400);
	rig_request(&rig, V2X_CTL_REQ_START, V2X_REASON_REQUEST);
	assert_true(until_fault(3000) >= 0);
	assert_int_equal(rig.ctl.seq.fault, V2X_REASON_GRID_PHASE_LOSS);
	assert_int_equal(rig.out.gate.contactors, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_short_circuit_of_one_phase_is_borne_as_long_as_the_table_says),
		cmocka_unit_test(a_dip_of_one_phase_shorter_than_that_is_ridden_through),
		cmocka_unit_test(a_broken_conductor_trips_by_itself_whatever_the_table_bears),
		cmocka_unit_test(a_phase_that_is_not_there_refuses_the_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
