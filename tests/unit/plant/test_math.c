// SPDX-License-Identifier: Apache-2.0
/* Fixed-point helpers against double precision. */
#include <math.h>
#include "bench.h"
#include "plant_fx.h"

static void sine_is_within_1e8(void **state)
{
	double worst = 0;

	(void)state;
	for (uint64_t i = 0; i < 1ULL << 32; i += 65521) {
		double want = sin(2 * M_PI * (double)i / 4294967296.0);
		double e = fabs((double)fx_sin_q30((u32)i) / 1073741824.0 - want);

		worst = e > worst ? e : worst;
	}
	assert_true(worst < 1e-8);
}

static void cosine_leads_by_a_quarter(void **state)
{
	(void)state;
	assert_int_equal(fx_cos_q30(0), fx_sin_q30(0x40000000U));
	assert_true(llabs(fx_cos_q30(0) - (1LL << 30)) < 16);
	assert_true(llabs(fx_sin_q30(0xc0000000U) + (1LL << 30)) < 16);
	assert_int_equal(fx_sin_q30(0x80000000U), 0);
}

static void reciprocal_is_within_1e8(void **state)
{
	(void)state;
	for (double v = 1.0; v < 1500.0; v *= 1.0137) {
		s64 q20 = (s64)(v * 1048576.0);
		double want = 1152921504606846976.0 / (double)q20;

		assert_true(fabs((double)fx_recip_q60(q20) / want - 1) < 1e-8);
	}
	/* ends of the range */
	assert_true(fabs((double)fx_recip_q60(0xffffffffLL) / (1152921504606846976.0 / 4294967295.0) - 1) < 1e-8);
	assert_true(fabs((double)fx_recip_q60(1 << 20) / 1099511627776.0 - 1) < 1e-8);
}

static void a_third_is_a_third(void **state)
{
	(void)state;
	for (s64 v = -4000000000LL; v < 4000000000LL; v += 999983)
		assert_true(llabs(fx_third(v) * 3 - v) <= 6);
}

static void noise_never_sticks(void **state)
{
	u64 rng = 1, seen = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		u64 r = fx_random(&rng);

		assert_int_not_equal(r, seen);
		seen = r;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sine_is_within_1e8),
		cmocka_unit_test(cosine_leads_by_a_quarter),
		cmocka_unit_test(reciprocal_is_within_1e8),
		cmocka_unit_test(a_third_is_a_third),
		cmocka_unit_test(noise_never_sticks),
	};

	return cmocka_run_group_tests_name("plant-math", tests, NULL, NULL);
}
