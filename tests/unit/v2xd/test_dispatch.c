// SPDX-License-Identifier: Apache-2.0
/* The arbiter: ranks, conflicts, zero, expiry, and the sign over a large table. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "../../../userspace/v2xd/dispatch/conflict.h"
#include "../../../userspace/v2xd/dispatch/dispatch.h"

static void put_limit(struct dispatch_table *t, enum dispatch_source source, int32_t lo, int32_t hi)
{
	const struct dispatch_envelope e = { .active = true, .p = dispatch_limit(lo, hi),
					     .q = dispatch_any() };

	assert_int_equal(dispatch_put(t, source, &e), 0);
}

static void put_want(struct dispatch_table *t, enum dispatch_source source, int32_t want,
		     uint32_t ramp)
{
	const struct dispatch_envelope e = { .active = true, .p = dispatch_want(want),
					     .q = dispatch_any(), .ramp_mw_per_s = ramp };

	assert_int_equal(dispatch_put(t, source, &e), 0);
}

static const struct dispatch_step *step_of(const struct dispatch_result *r,
					   enum dispatch_source source)
{
	for (uint32_t i = 0; i < r->steps; i++)
		if (r->step[i].source == source)
			return &r->step[i];
	fail_msg("no step of %s", dispatch_source_name(source));
	return NULL;
}

static struct dispatch_result run(struct dispatch_table *t)
{
	struct dispatch_result r;

	dispatch_run(t, SOURCE_COUNT, 1000, &r);
	return r;
}

static void nobody_asks_for_anything(void **state)
{
	struct dispatch_table t = { 0 };
	struct dispatch_result r = run(&t);

	(void)state;
	assert_int_equal(r.p_mw, 0);
	assert_int_equal(r.q_mvar, 0);
	assert_int_equal(r.p_by, SOURCE_COUNT);
	assert_int_equal(r.steps, 0);
}

static void sources_stand_in_order_of_rank(void **state)
{
	(void)state;
	for (int s = 1; s < SOURCE_COUNT; s++)
		assert_true(dispatch_rank_of((enum dispatch_source)s) >=
			    dispatch_rank_of((enum dispatch_source)(s - 1)));
	assert_int_equal(dispatch_rank_by_name("dso"), RANK_DSO);
	assert_int_equal(dispatch_rank_by_name("nonsense"), -ENOENT);
}

static void want_of_the_highest_rank_counts(void **state)
{
	struct dispatch_table t = { 0 };
	struct dispatch_result r;

	(void)state;
	put_want(&t, SOURCE_USER, 7000, 5);
	put_want(&t, SOURCE_TARIFF, -3000, 0);
	put_want(&t, SOURCE_TSO, 2000, 9);
	r = run(&t);
	assert_int_equal(r.p_mw, 2000);
	assert_int_equal(r.p_by, SOURCE_TSO);
	assert_int_equal(r.ramp_mw_per_s, 9);
	assert_int_equal(step_of(&r, SOURCE_TSO)->p.effect, EFFECT_WANT_TAKEN | EFFECT_DECIDED);
	assert_int_equal(step_of(&r, SOURCE_USER)->p.effect, EFFECT_WANT_OUTRANKED);
}

/* A limit of a higher rank cuts the power, and does not turn forming into following. */
static void the_mode_is_of_the_highest_rank_that_has_one(void **state)
{
	struct dispatch_envelope e = { .active = true, .p = dispatch_want(7000),
				       .q = dispatch_any(), .mode = 3, .has_mode = true };
	struct dispatch_table t = { 0 };

	(void)state;
	assert_int_equal(run(&t).mode, 0);
	assert_int_equal(dispatch_put(&t, SOURCE_USER, &e), 0);
	put_limit(&t, SOURCE_TSO, -100, 100);
	assert_int_equal(run(&t).p_mw, 100);
	assert_int_equal(run(&t).mode, 3);
	e.mode = 0;
	assert_int_equal(dispatch_put(&t, SOURCE_TSO, &e), 0);
	assert_int_equal(run(&t).mode, 0);
}

static void the_narrowest_limit_decides_and_is_named(void **state)
{
	struct dispatch_table t = { 0 };
	struct dispatch_result r;

	(void)state;
	put_limit(&t, SOURCE_DEVICE, -11000, 11000);
	put_limit(&t, SOURCE_SITE_CONFIG, -5000, 6000);
	put_limit(&t, SOURCE_DSO_LIMIT, -8000, 8000);
	put_want(&t, SOURCE_USER, 9000, 0);
	r = run(&t);
	assert_int_equal(r.p_mw, 6000);
	assert_int_equal(r.p_by, SOURCE_SITE_CONFIG);
	assert_int_equal(step_of(&r, SOURCE_DSO_LIMIT)->p.effect, 0);
	assert_int_equal(step_of(&r, SOURCE_DSO_LIMIT)->p.hi, 6000);
	assert_true(step_of(&r, SOURCE_SITE_CONFIG)->p.effect & EFFECT_LOWERED_HI);
	assert_true(step_of(&r, SOURCE_SITE_CONFIG)->p.effect & EFFECT_DECIDED);
}

static void empty_intersection_goes_to_the_higher_rank(void **state)
{
	struct dispatch_table t = { 0 };
	struct dispatch_result r;

	(void)state;
	put_limit(&t, SOURCE_SITE_CONFIG, -4000, 4000);
	put_limit(&t, SOURCE_DSO_LIMIT, 6000, 9000);
	put_want(&t, SOURCE_USER, -2000, 0);
	r = run(&t);
	/* Within the site's envelope, as near to the order of the DSO as it lets. */
	assert_int_equal(r.p_mw, 4000);
	assert_int_equal(r.p_by, SOURCE_SITE_CONFIG);
	assert_true(step_of(&r, SOURCE_DSO_LIMIT)->p.effect & EFFECT_OVERRULED);

	put_limit(&t, SOURCE_DSO_LIMIT, -9000, -6000);
	r = run(&t);
	assert_int_equal(r.p_mw, -4000);
}

static void order_to_export_stands_above_a_lower_zero(void **state)
{
	struct dispatch_table t = { 0 };
	struct dispatch_result r;

	(void)state;
	put_limit(&t, SOURCE_DSO_LIMIT, -5000, -2000);
	put_limit(&t, SOURCE_USER_LIMIT, 0, 0);
	r = run(&t);
	assert_int_equal(r.p_mw, -2000);
	assert_int_equal(r.p_by, SOURCE_DSO_LIMIT);
}

static void zero_is_zero_at_every_rank(void **state)
{
	(void)state;
	for (int s = 0; s < SOURCE_COUNT; s++) {
		for (int w = 0; w < SOURCE_COUNT; w++) {
			struct dispatch_table t = { 0 };

			put_want(&t, (enum dispatch_source)w, w % 2 ? 7000 : -7000, 0);
			put_limit(&t, (enum dispatch_source)s, 0, 0);
			if (w != s)
				assert_int_equal(run(&t).p_mw, 0);
		}
	}
}

static void zero_import_leaves_export_and_the_reverse(void **state)
{
	struct dispatch_table t = { 0 };

	(void)state;
	put_limit(&t, SOURCE_SITE_CONFIG, -3000, 0);
	put_want(&t, SOURCE_USER, 9000, 0);
	assert_int_equal(run(&t).p_mw, 0);
	put_want(&t, SOURCE_USER, -9000, 0);
	assert_int_equal(run(&t).p_mw, -3000);
}

static void expired_envelopes_go_away(void **state)
{
	struct dispatch_table t = { 0 };
	struct dispatch_result r;
	struct dispatch_envelope e = { .active = true, .p = dispatch_want(5000),
				       .q = dispatch_any(), .until_ns = 1000 };

	(void)state;
	assert_int_equal(dispatch_put(&t, SOURCE_USER, &e), 0);
	dispatch_run(&t, SOURCE_COUNT, 999, &r);
	assert_int_equal(r.p_mw, 5000);
	dispatch_run(&t, SOURCE_COUNT, 1000, &r);
	assert_int_equal(r.p_mw, 0);
	assert_int_equal(r.steps, 0);
}

static void a_skipped_source_says_nothing(void **state)
{
	struct dispatch_table t = { 0 };
	struct dispatch_result r;

	(void)state;
	put_want(&t, SOURCE_DROOP, 4000, 0);
	put_want(&t, SOURCE_USER, 1000, 0);
	dispatch_run(&t, SOURCE_DROOP, 0, &r);
	assert_int_equal(r.p_mw, 1000);
	assert_int_equal(r.steps, 1);
	dispatch_clear(&t, SOURCE_USER);
	assert_int_equal(run(&t).p_mw, 4000);
}

static void a_band_upside_down_is_refused_whole(void **state)
{
	struct dispatch_table t = { 0 };
	const struct dispatch_envelope bad = { .active = true, .p = dispatch_limit(1, 0),
					       .q = dispatch_any() };

	(void)state;
	put_want(&t, SOURCE_USER, 1000, 0);
	assert_int_equal(dispatch_put(&t, SOURCE_USER, &bad), -EINVAL);
	assert_int_equal(dispatch_put(&t, SOURCE_COUNT, &bad), -EINVAL);
	assert_int_equal(run(&t).p_mw, 1000);
}

static void p_and_q_do_not_mix(void **state)
{
	struct dispatch_table t = { 0 };
	struct dispatch_result r;
	const struct dispatch_envelope q = { .active = true, .p = dispatch_any(),
					     .q = dispatch_want(-800) };

	(void)state;
	assert_int_equal(dispatch_put(&t, SOURCE_DSO, &q), 0);
	put_want(&t, SOURCE_USER, 3000, 0);
	r = run(&t);
	assert_int_equal(r.p_mw, 3000);
	assert_int_equal(r.p_by, SOURCE_USER);
	assert_int_equal(r.q_mvar, -800);
	assert_int_equal(r.q_by, SOURCE_DSO);
}

/* xorshift64*, seeded: the same table on every machine. */
static uint64_t random_next(uint64_t *seed)
{
	*seed ^= *seed >> 12;
	*seed ^= *seed << 25;
	*seed ^= *seed >> 27;
	return *seed * 2685821657736338717ULL;
}

/* Few distinct values, so that zeros, ties and conflicts are common. */
static int32_t random_power(uint64_t *seed)
{
	return ((int32_t)(random_next(seed) >> 40) % 9 - 4) * 2500;
}

static void random_table(struct dispatch_table *t, uint64_t *seed)
{
	memset(t, 0, sizeof(*t));
	for (int s = 0; s < SOURCE_COUNT; s++) {
		struct dispatch_envelope e = { .p = dispatch_any(), .q = dispatch_any() };
		uint64_t bits = random_next(seed) >> 32;

		e.active = bits & 1;
		if (bits & 2) {
			int32_t a = random_power(seed), b = random_power(seed);

			e.p = dispatch_limit(a < b ? a : b, a < b ? b : a);
		}
		if (bits & 4) {
			e.p.want = random_power(seed);
			e.p.has_want = true;
		}
		assert_int_equal(dispatch_put(t, (enum dispatch_source)s, &e), 0);
	}
}

static void check_sign(const struct dispatch_table *t, const struct dispatch_result *r)
{
	bool up = false, down = false;

	for (int s = 0; s < SOURCE_COUNT; s++) {
		const struct dispatch_envelope *e = &t->by_source[s];

		if (!e->active)
			continue;
		up |= e->p.lo > 0 || (e->p.has_want && e->p.want > 0);
		down |= e->p.hi < 0 || (e->p.has_want && e->p.want < 0);
	}
	assert_false(r->p_mw > 0 && !up);
	assert_false(r->p_mw < 0 && !down);
}

/* The highest active band holds always; each lower one unless it was overruled. */
static void check_ranks(const struct dispatch_table *t, const struct dispatch_result *r)
{
	for (uint32_t i = 0; i < r->steps; i++) {
		const struct dispatch_step *s = &r->step[i];
		const struct dispatch_band *p = &t->by_source[s->source].p;

		assert_true(s->p.lo <= s->p.hi);
		assert_in_range(r->p_mw + 1000000, s->p.lo < -1000000 ? 0 : s->p.lo + 1000000,
				s->p.hi > 1000000 ? 2000000 : s->p.hi + 1000000);
		if (i == 0)
			assert_false(s->p.effect & EFFECT_OVERRULED);
		if (!(s->p.effect & EFFECT_OVERRULED))
			assert_true(p->lo <= r->p_mw && r->p_mw <= p->hi);
	}
}

static void no_direction_nobody_asked_for(void **state)
{
	uint64_t seed = 0x5eed5eed5eed5eedULL;
	int positive = 0, negative = 0, zero = 0;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		struct dispatch_table t;
		struct dispatch_result r;

		random_table(&t, &seed);
		dispatch_run(&t, SOURCE_COUNT, 1, &r);
		check_sign(&t, &r);
		check_ranks(&t, &r);
		positive += r.p_mw > 0;
		negative += r.p_mw < 0;
		zero += r.p_mw == 0;
	}
	/* The table is worth something only if it has all three in plenty. */
	assert_true(positive > 10000 && negative > 10000 && zero > 10000);
}

static void two_masters_hear_of_each_other(void **state)
{
	const struct dispatch_band export = dispatch_want(-4000), import = dispatch_want(4000);
	struct dispatch_table t = { 0 };
	struct dispatch_result r;
	struct dispatch_conflict c;

	(void)state;
	put_limit(&t, SOURCE_DEVICE, -11000, 11000);
	put_want(&t, SOURCE_USER_CONFIG, 1000, 0);
	put_want(&t, SOURCE_USER, 3000, 0);
	r = run(&t);
	c = dispatch_conflicts(&r, SOURCE_DSO, &export, false);
	assert_int_equal(c.outranks, SOURCE_USER);
	assert_int_equal(c.outranked_by, SOURCE_COUNT);
	put_want(&t, SOURCE_DSO, -4000, 0);
	r = run(&t);
	c = dispatch_conflicts(&r, SOURCE_USER, &import, false);
	assert_int_equal(c.outranked_by, SOURCE_DSO);
	assert_int_equal(c.outranks, SOURCE_COUNT);
	/* Asking for the same is no conflict; what the configuration says is no master. */
	c = dispatch_conflicts(&r, SOURCE_USER, &export, false);
	assert_int_equal(c.outranked_by, SOURCE_COUNT);
	/* A limit in the way is named, the highest one. */
	put_limit(&t, SOURCE_SITE_CONFIG, -11000, 2000);
	put_limit(&t, SOURCE_GRIDCODE, -11000, 1000);
	r = run(&t);
	c = dispatch_conflicts(&r, SOURCE_USER, &import, false);
	assert_int_equal(c.limited_by, SOURCE_SITE_CONFIG);
	/* Reactive power is another axis. */
	c = dispatch_conflicts(&r, SOURCE_USER, &import, true);
	assert_int_equal(c.outranked_by, SOURCE_COUNT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_asks_for_anything),
		cmocka_unit_test(sources_stand_in_order_of_rank),
		cmocka_unit_test(want_of_the_highest_rank_counts),
		cmocka_unit_test(the_mode_is_of_the_highest_rank_that_has_one),
		cmocka_unit_test(the_narrowest_limit_decides_and_is_named),
		cmocka_unit_test(empty_intersection_goes_to_the_higher_rank),
		cmocka_unit_test(order_to_export_stands_above_a_lower_zero),
		cmocka_unit_test(zero_is_zero_at_every_rank),
		cmocka_unit_test(zero_import_leaves_export_and_the_reverse),
		cmocka_unit_test(expired_envelopes_go_away),
		cmocka_unit_test(a_skipped_source_says_nothing),
		cmocka_unit_test(a_band_upside_down_is_refused_whole),
		cmocka_unit_test(p_and_q_do_not_mix),
		cmocka_unit_test(no_direction_nobody_asked_for),
		cmocka_unit_test(two_masters_hear_of_each_other),
	};

	return cmocka_run_group_tests_name("v2xd dispatch", tests, NULL, NULL);
}
