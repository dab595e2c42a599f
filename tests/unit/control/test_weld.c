// SPDX-License-Identifier: Apache-2.0
/*
 * A welded contact whose auxiliary contact says that it is open: found by the
 * voltage that it lets through, after opening and before closing.
 */
#include "test.h"

#include "rig.h"

static struct rig rig;

static const char * const models[] = { "3p-11kw", "3p-22kw", "1p-7kw", "split-9kw" };

/* It welds at power, and its auxiliary contact goes on to follow the coil. */
static void weld(u32 contact)
{
	rig.env.fault[PLANT_FAULT_CONTACTOR_WELDED] = contact << 4;
	rig_env(&rig);
}

static void stop(const char *model)
{
	rig_request(&rig, V2X_CTL_REQ_STOP, V2X_REASON_REQUEST);
	if (rig_until(&rig, V2X_STATE_IDLE, 1500) < 0)
		fail_msg("%s: state %u, fault %u", model, rig.ctl.seq.state, rig.ctl.seq.fault);
}

static void found(const char *model, u32 reason, u32 within_ms)
{
	int ms = rig_until(&rig, V2X_STATE_FAULT, within_ms);

	print_message("%-10s after %d ms\n", model, ms);
	assert_int_equal(rig.ctl.seq.fault, reason);
	assert_int_equal(rig.in.samples.contactors, 0);	/* by them nothing is amiss */
	/* it stands: an acknowledgement is in vain until it is repaired */
	rig_request(&rig, V2X_CTL_REQ_ACK, 0);
	rig_ms(&rig, 50);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_FAULT);
	rig.env.fault[PLANT_FAULT_CONTACTOR_WELDED] = 0;
	rig_env(&rig);
	rig_ms(&rig, 600);
	rig_request(&rig, V2X_CTL_REQ_ACK, 0);
	rig_ms(&rig, 50);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_IDLE);
}

static void a_welded_grid_contact_that_says_it_is_open_is_found_after_opening(void **state)
{
	(void)state;
	for (size_t m = 0; m < ARRAY_SIZE(models); m++) {
		assert_true(rig_run_model(&rig, models[m], 2000000, 300));
		weld(V2X_CONTACTOR_GRID);
		stop(models[m]);
		found(models[m], V2X_REASON_GRID_CONTACTOR_WELDED, 2500);
	}
}

static void a_welded_vehicle_contact_that_says_it_is_open_is_found_after_opening(void **state)
{
	(void)state;
	for (size_t m = 0; m < ARRAY_SIZE(models); m++) {
		assert_true(rig_run_model(&rig, models[m], 2000000, 300));
		weld(V2X_CONTACTOR_EV);
		stop(models[m]);
		found(models[m], V2X_REASON_EV_CONTACTOR_WELDED, 500);
	}
}

static void likewise_before_closing(void **state)
{
	static const struct { u32 contact, reason; } welds[] = {
		{ V2X_CONTACTOR_GRID, V2X_REASON_GRID_CONTACTOR_WELDED },
		{ V2X_CONTACTOR_EV, V2X_REASON_EV_CONTACTOR_WELDED },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(welds); i++) {
		rig_init(&rig);
		weld(welds[i].contact);
		rig_plug(&rig);
		rig_ms(&rig, 200);
		rig_request(&rig, V2X_CTL_REQ_START, V2X_REASON_REQUEST);
		assert_true(rig_until(&rig, V2X_STATE_FAULT, 1000) >= 0);
		/* the grid on an empty link trips the comparator first */
		if (rig.ctl.seq.fault == V2X_REASON_AC_OVER_CURRENT) {
			rig_request(&rig, V2X_CTL_REQ_ACK, 0);
			rig_ms(&rig, 10);
			assert_int_equal(rig.ctl.seq.state, V2X_STATE_IDLE);
			assert_true(rig_until(&rig, V2X_STATE_FAULT, 2000) >= 0);
		}
		assert_int_equal(rig.ctl.seq.fault, welds[i].reason);
		assert_int_equal(rig.out.gate.contactors, 0);
	}
}

/* A link that discharges through the peak of the grid, again and again. */
static void a_charger_that_stops_and_starts_has_no_welded_contact(void **state)
{
	static const u32 pauses[] = { 0, 150, 400, 600, 800, 1200, 3000 };

	(void)state;
	for (size_t m = 0; m < ARRAY_SIZE(models); m++) {
		assert_true(rig_run_model(&rig, models[m], 2000000, 300));
		for (size_t i = 0; i < ARRAY_SIZE(pauses); i++) {
			stop(models[m]);
			rig_ms(&rig, pauses[i]);
			assert_int_equal(rig.ctl.seq.state, V2X_STATE_IDLE);
			rig_request(&rig, V2X_CTL_REQ_START, V2X_REASON_REQUEST);
			if (rig_until(&rig, V2X_STATE_RUN, 6000) < 0)
				fail_msg("%s, %u ms: fault %u", models[m], pauses[i],
					 rig.ctl.seq.fault);
			rig_ms(&rig, 100);
		}
		stop(models[m]);
		rig_ms(&rig, 4000);
		assert_int_equal(rig.ctl.seq.state, V2X_STATE_IDLE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_welded_grid_contact_that_says_it_is_open_is_found_after_opening),
		cmocka_unit_test(
			a_welded_vehicle_contact_that_says_it_is_open_is_found_after_opening),
		cmocka_unit_test(likewise_before_closing),
		cmocka_unit_test(a_charger_that_stops_and_starts_has_no_welded_contact),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
