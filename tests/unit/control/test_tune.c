// SPDX-License-Identifier: Apache-2.0
/*
 * Parameters of the control changed while it runs. The poles over the ranges
 * are in test_poles.c; here: what is refused, and that nothing jumps at power.
 */
#include "test.h"

#include <errno.h>

#include "mini.h"
#include "rig.h"

static struct rig rig;
static struct mini mini;

static void a_value_out_of_range_changes_nothing(void **state)
{
	(void)state;
	rig_init(&rig);
	for (u32 i = 0; i < V2X_TUNE_COUNT; i++) {
		struct v2x_tune_user u = rig.user.tune, was = u;
		struct v2x_tuning t = { .index = i };

		assert_int_equal(v2x_tune_describe(rig.ctl.desc, &u, &t), 0);
		assert_true(t.min <= t.initial && t.initial <= t.max && t.value == t.initial);
		assert_int_equal(v2x_tune_set(rig.ctl.desc, &u, i, t.min - 1), -ERANGE);
		assert_int_equal(v2x_tune_set(rig.ctl.desc, &u, i, t.max + 1), -ERANGE);
		assert_memory_equal(&u, &was, sizeof(u));
		assert_int_equal(v2x_tune_set(rig.ctl.desc, &u, i, t.max), 0);
		assert_int_equal(u.value[i], t.max);
	}
	assert_int_equal(v2x_tune_set(rig.ctl.desc, &rig.user.tune, V2X_TUNE_COUNT, 1), -EINVAL);
}

static void the_bandwidth_sets_the_gain(void **state)
{
	s32 before;

	(void)state;
	rig_init(&rig);
	before = rig.ctl.k.cc.kp_q16;
	assert_int_equal(v2x_tune_set(rig.ctl.desc, &rig.user.tune, V2X_TUNE_CURRENT_BANDWIDTH, 60),
			 0);
	rig_user(&rig);
	rig_ms(&rig, 2);
	/* wc T from 0.08 to 0.06: three quarters of Kp */
	assert_near(rig.ctl.k.cc.kp_q16, before * 0.75, 1);
}

/* Largest deviation of the power from its set-point, permille of the rating */
static double off;

/* The default after each end of each range, at power. */
static void through_all(const struct v2x_stage_desc *desc, struct v2x_tune_user *tune,
			void (*settle)(void))
{
	for (u32 i = 0; i < V2X_TUNE_COUNT; i++) {
		struct v2x_tuning t = { .index = i };
		s32 value[4];

		v2x_tune_describe(desc, tune, &t);
		value[0] = t.min;
		value[1] = t.max;
		value[2] = t.min;
		value[3] = t.initial;
		for (int n = 0; n < 4; n++) {
			assert_int_equal(v2x_tune_set(desc, tune, i, value[n]), 0);
			settle();
		}
	}
}

static void settle_three(void)
{
	rig_user(&rig);
	for (int i = 0; i < 2000; i++) {
		rig_tick(&rig);
		off = fmax(off, fabs(rig.ctl.p_inst_mw - 11e6) / 11e3);
	}
}

static void three_phases_do_not_jump(void **state)
{
	double quiet;

	(void)state;
	rig_init(&rig);
	assert_true(rig_run(&rig));
	rig_power(&rig, 11000000);
	rig_ms(&rig, 500);
	off = 0;
	settle_three();
	quiet = off;
	through_all(rig.ctl.desc, &rig.user.tune, settle_three);
	print_message("power off by %.1f permille at most; without a change %.1f\n", off, quiet);
	assert_int_equal(rig.trips, 0);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_RUN);
	assert_true(off < quiet + 10);
}

static double watts(void)
{
	static double past[400];
	static unsigned int at;
	static double sum;

	sum += mini.p_grid - past[at];
	past[at] = mini.p_grid;
	at = (at + 1) % ARRAY_SIZE(past);
	return sum / ARRAY_SIZE(past);
}

static void settle_single(void)
{
	mini_user(&mini);
	for (int i = 0; i < 4000; i++) {
		mini_tick(&mini);
		off = fmax(off, fabs(watts() - 7000) / 7.36);
	}
}

static void one_phase_does_not_jump(void **state)
{
	double quiet;

	(void)state;
	mini_init(&mini, 1, 50, 400);
	assert_true(mini_run(&mini));
	mini_power(&mini, 7000, 0);
	for (int i = 0; i < 20000; i++) {
		mini_tick(&mini);
		watts();
	}
	off = 0;
	settle_single();
	quiet = off;
	through_all(mini.ctl.desc, &mini.user.tune, settle_single);
	print_message("power off by %.1f permille at most; without a change %.1f\n", off, quiet);
	assert_int_equal(mini.trips, 0);
	assert_true(off < quiet + 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_out_of_range_changes_nothing),
		cmocka_unit_test(the_bandwidth_sets_the_gain),
		cmocka_unit_test(three_phases_do_not_jump),
		cmocka_unit_test(one_phase_does_not_jump),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
