// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit: the arithmetic of the control gives the same bits in the kernel as in
 * user space, where tests/unit/control/test_arith.c runs the same vectors.
 */
#include <kunit/test.h>
#include <linux/module.h>

#include <linux/v2x.h>

#include "angle.h"
#include "modulation.h"
#include "pilot.h"
#include "vectors.h"

#define TO_DESC(kind)								\
static void kind##_desc(const struct v2x_##kind##_vector *v, char *desc)	\
{										\
	strscpy(desc, v->name, KUNIT_PARAM_DESC_SIZE);				\
}										\
KUNIT_ARRAY_PARAM(kind, v2x_##kind##_vectors, kind##_desc)

TO_DESC(sincos);
TO_DESC(sqrt);
TO_DESC(mul);
TO_DESC(mod);
TO_DESC(pilot);

static void sincos_test(struct kunit *test)
{
	const struct v2x_sincos_vector *v = test->param_value;
	struct v2x_rot r = v2x_sincos(v->theta);

	KUNIT_EXPECT_LE(test, v2x_abs(r.c - v->c), (long)V2X_SINCOS_TOLERANCE);
	KUNIT_EXPECT_LE(test, v2x_abs(r.s - v->s), (long)V2X_SINCOS_TOLERANCE);
}

static void sqrt_test(struct kunit *test)
{
	const struct v2x_sqrt_vector *v = test->param_value;

	KUNIT_EXPECT_LE(test, v2x_abs((long)v2x_sqrt(v->x) - (long)v->root), 1L);
}

static void mul_test(struct kunit *test)
{
	const struct v2x_mul_vector *v = test->param_value;

	KUNIT_EXPECT_EQ(test, v2x_mul(v->a, v->b, v->s), (long)v->product);
}

static void mod_test(struct kunit *test)
{
	const struct v2x_mod_vector *v = test->param_value;
	struct v2x_vec vec = { v->x_mv * 256L, v->y_mv * 256L };
	/* 2^52 / (800 V in mV Q8) */
	long made, recip = 21990233;
	s32 leg[3];
	int i;

	made = v2x_modulate(vec, recip, leg);
	KUNIT_EXPECT_LE(test, v2x_abs(made - v->made_q30), 65536L);
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_LE(test, v2x_abs(leg[i] - (long)v->leg[i]), 64L);
}

static void pilot_test(struct kunit *test)
{
	const struct v2x_pilot_vector *v = test->param_value;
	struct v2x_pilot_decoder p = { .state = V2X_PILOT_NONE, .need = 3 };

	KUNIT_EXPECT_FALSE(test, v2x_pilot_step(&p, v->high_mv, v->low_mv, v->duty));
	KUNIT_EXPECT_FALSE(test, v2x_pilot_step(&p, v->high_mv, v->low_mv, v->duty));
	KUNIT_EXPECT_TRUE(test, v2x_pilot_step(&p, v->high_mv, v->low_mv, v->duty));
	KUNIT_EXPECT_EQ(test, p.state, v->state);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(sincos_test, sincos_gen_params),
	KUNIT_CASE_PARAM(sqrt_test, sqrt_gen_params),
	KUNIT_CASE_PARAM(mul_test, mul_gen_params),
	KUNIT_CASE_PARAM(mod_test, mod_gen_params),
	KUNIT_CASE_PARAM(pilot_test, pilot_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "v2x_control",
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("KUnit tests of the v2x control arithmetic");
MODULE_LICENSE("GPL");
