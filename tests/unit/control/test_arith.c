// SPDX-License-Identifier: Apache-2.0
/* The arithmetic: the vectors that KUnit runs too, and its error bounds. */
#include "test.h"

#include "angle.h"
#include "modulation.h"
#include "vectors.h"

static void sincos_gives_the_vectors(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(v2x_sincos_vectors); i++) {
		const struct v2x_sincos_vector *v = &v2x_sincos_vectors[i];
		struct v2x_rot r = v2x_sincos(v->theta);

		assert_near(r.c, v->c, V2X_SINCOS_TOLERANCE);
		assert_near(r.s, v->s, V2X_SINCOS_TOLERANCE);
	}
}

static void sincos_error_is_below_3e_8(void **state)
{
	double worst = 0;

	(void)state;
	for (uint64_t t = 0; t < 1ULL << 32; t += 99991) {
		struct v2x_rot r = v2x_sincos((u32)t);
		double a = 2 * M_PI * (double)t / 4294967296.0;

		worst = fmax(worst, fabs((double)r.c / V2X_Q30_ONE - cos(a)));
		worst = fmax(worst, fabs((double)r.s / V2X_Q30_ONE - sin(a)));
	}
	assert_true(worst < 3.2e-8);
	assert_true(worst > 0);
}

static void small_rotation_error_is_below_1e_8(void **state)
{
	(void)state;
	for (u32 w = 0; w < 42949673; w += 99991) {
		struct v2x_rot r = v2x_small_rot(w);
		double a = 2 * M_PI * (double)w / 4294967296.0;

		assert_true(fabs((double)r.c / V2X_Q30_ONE - cos(a)) < 1e-8);
		assert_true(fabs((double)r.s / V2X_Q30_ONE - sin(a)) < 1e-8);
	}
}

static void sqrt_gives_the_vectors(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(v2x_sqrt_vectors); i++)
		assert_near(v2x_sqrt(v2x_sqrt_vectors[i].x), v2x_sqrt_vectors[i].root, 1);
}

static void sqrt_is_good_to_one_count_or_2e_8(void **state)
{
	(void)state;
	for (u64 x = 1; x < 1ULL << 61; x += x / 97 + 1) {
		double root = sqrt((double)x);

		assert_true(fabs((double)v2x_sqrt(x) - root) < fmax(0.6, root * 2.1e-8));
	}
}

static void multiplication_rounds_half_up(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(v2x_mul_vectors); i++) {
		const struct v2x_mul_vector *v = &v2x_mul_vectors[i];

		assert_int_equal(v2x_mul(v->a, v->b, v->s), v->product);
	}
}

static void saturation_holds_at_full_scale(void **state)
{
	(void)state;
	assert_int_equal(v2x_sat32(S64_MAX), S32_MAX);
	assert_int_equal(v2x_sat32(S64_MIN), S32_MIN);
	assert_int_equal(v2x_sat32((s64)S32_MAX + 1), S32_MAX);
	assert_int_equal(v2x_sat32(-5), -5);
}

static void reciprocal_converges_without_division(void **state)
{
	long r = 1 << 22;

	(void)state;
	for (int i = 0; i < 12; i++)
		r = v2x_recip_step(r, 204800000);	/* 800 V */
	assert_near(r, 21990233, 1);			/* 2^52 / 204800000 */
}

static void modulation_gives_the_vectors(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(v2x_mod_vectors); i++) {
		const struct v2x_mod_vector *v = &v2x_mod_vectors[i];
		struct v2x_vec vec = { v->x_mv * 256L, v->y_mv * 256L };
		s32 leg[3];

		assert_near(v2x_modulate(vec, 21990233, leg), v->made_q30, 65536);
		for (int j = 0; j < 3; j++)
			assert_near(leg[j], v->leg[j], 64);
	}
}

static void modulation_is_linear_up_to_vdc_by_sqrt3(void **state)
{
	(void)state;
	for (int deg = 0; deg < 360; deg += 7) {
		double a = deg * M_PI / 180, v = 800e3 / sqrt(3) * 0.9999 * 256;
		struct v2x_vec vec = { lround(v * cos(a)), lround(v * sin(a)) };
		s32 leg[3];

		assert_int_equal(v2x_modulate(vec, 21990233, leg), V2X_Q30_ONE);
		/* line to line voltage is what was asked for: (leg a - leg b) / 2 * 800 V */
		assert_near((double)(leg[0] - leg[1]) / V2X_Q24_ONE * 400e3,
			    v / 256 * (cos(a) - cos(a - 2 * M_PI / 3)), 5);
	}
}

static void clarke_of_a_balanced_set_has_its_amplitude(void **state)
{
	(void)state;
	for (int deg = 0; deg < 360; deg += 15) {
		double a = deg * M_PI / 180;
		s32 abc[3];
		struct v2x_vec v;

		for (int i = 0; i < 3; i++)
			abc[i] = (s32)lround(83e6 * cos(a - 2 * M_PI / 3 * i));
		v = v2x_clarke(abc);
		assert_near(v.x, 83e6 * cos(a), 3);
		assert_near(v.y, 83e6 * sin(a), 3);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sincos_gives_the_vectors),
		cmocka_unit_test(sincos_error_is_below_3e_8),
		cmocka_unit_test(small_rotation_error_is_below_1e_8),
		cmocka_unit_test(sqrt_gives_the_vectors),
		cmocka_unit_test(sqrt_is_good_to_one_count_or_2e_8),
		cmocka_unit_test(multiplication_rounds_half_up),
		cmocka_unit_test(saturation_holds_at_full_scale),
		cmocka_unit_test(reciprocal_converges_without_division),
		cmocka_unit_test(modulation_gives_the_vectors),
		cmocka_unit_test(modulation_is_linear_up_to_vdc_by_sqrt3),
		cmocka_unit_test(clarke_of_a_balanced_set_has_its_amplitude),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
