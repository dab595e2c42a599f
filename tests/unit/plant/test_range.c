// SPDX-License-Identifier: Apache-2.0
/*
 * Every number that may be set, at both ends of its range, with every kind of
 * load, breaker closed and open, through everything a charger does: nothing
 * overflows (the undefined-behaviour sanitizer stops the test where it does)
 * and nothing leaves the range of what a circuit survives. What the model
 * cannot follow is refused, and the field is named.
 */
#include <stdlib.h>
#include <string.h>
#include "bench.h"
#include "plant_fx.h"

#define Q24_ONE 16777216

static struct bench b;
static const char *const models[] = { "3p-11kw", "1p-7kw", "split-9kw" };

/* Loads beside which each number is tried; the greatest of what may be set. */
static const struct load_case {
	u32 r_mohm, l_uh, c_nf, motor_w, transformer_va, rectifier_va;
} loads[] = {
	{ 0 },
	{ .r_mohm = 14000, .l_uh = 46000, .c_nf = 220000 },
	{ .r_mohm = 1, .l_uh = 50, .c_nf = 1 },
	{ .motor_w = 20000, .transformer_va = 50000, .rectifier_va = 25000 },
	{ .motor_w = 200, .transformer_va = 200, .rectifier_va = 200 },
};

static void charger(const char *model)
{
	bench_new(&b);
	assert_true(plant_cfg_model(&b.cfg, model));
}

static void around(const struct load_case *l, bool open)
{
	plant_env_default(&b.cfg, &b.env);
	b.env.car.plugged = 1;
	b.env.car.ready = 1;
	b.env.grid.island = open;
	b.env.grid.load_r_mohm = l->r_mohm;
	b.env.grid.load_l_uh = l->l_uh;
	b.env.grid.load_c_nf = l->c_nf;
	b.env.grid.motor_w = l->motor_w;
	b.env.grid.transformer_va = l->transformer_va;
	b.env.grid.rectifier_va = l->rectifier_va;
}

/* Contacts as they are told, without their time. */
static void contacts(u32 on)
{
	b.cmd.contactors = on;
	b.p.coil_state = on;
	b.p.coil_busy = false;
}

/* Greatest references and powers either way, in turn. */
static void command(int n)
{
	const s32 sign = n / 30 & 1 ? 1 : -1;

	b.cmd.gates = true;
	b.cmd.dcdc_gates = true;
	b.cmd.clear_faults = true;
	for (int x = 0; x < 3; x++)
		b.cmd.leg_q24[x] = ((n / 7 + x) % 3 - 1) * Q24_ONE;
	b.cmd.dab = (struct v2x_dab_pulse){ sign * (Q24_ONE / 2), Q24_ONE, Q24_ONE };
	b.cmd.dab_first = b.cmd.dab;
	b.cmd.dcdc_p_mw = sign * 2000000000;
	b.cmd.dcdc_v_mv = n < 120 ? 0 : 1000000;
	b.cmd.dcdc_i_ma = 2000000;
}

/* Precharge, power both ways with the island switch at work, everything open. */
static void live(void)
{
	plant_describe(&b.cfg, &b.desc);
	plant_init(&b.p, &b.cfg);
	bench_env(&b);
	b.cmd = (struct v2x_gate_cmd){ .pilot_permille = V2X_PILOT_DUTY_STEADY };
	contacts(V2X_CONTACTOR_PRECHARGE);
	bench_run(&b, 60);
	for (int n = 0; n < 180; n++) {
		contacts(V2X_CONTACTOR_GRID | V2X_CONTACTOR_EV |
			 (n / 40 & 1 ? V2X_CONTACTOR_ISLAND : 0));
		command(n);
		bench_run(&b, 1);
	}
	b.cmd = (struct v2x_gate_cmd){ .pilot_permille = V2X_PILOT_DUTY_STEADY };
	contacts(0);
	bench_run(&b, 40);
}

static void survives(void)
{
	for (int x = 0; x < PLANT_PHASES; x++) {
		assert_in_range(llabs(b.p.v_src[x]) >> 20, 0, 1500);
		assert_in_range(llabs(b.p.vc[x]) >> 40, 0, 2400);
		assert_in_range(llabs(b.p.node.v[x]) >> 40, 0, 1200);
		assert_in_range(llabs(b.p.node.ig[x]) >> 40, 0, 4000);
		assert_in_range(llabs(b.p.i2[x]) >> 40, 0, 1200);
	}
	assert_in_range(b.p.v_dc >> 40, 0, 1500);
	assert_in_range(b.p.v_out >> 40, 0, 1500);
	assert_in_range(b.p.soc, 0, 1LL << 56);
}

static void each_field_at_both_ends(const struct load_case *l, bool open)
{
	const struct plant_cfg as_is = b.cfg;
	const struct plant_cfg_range *r;

	for (u32 i = 0; (r = plant_cfg_range_at(i)) != NULL; i++) {
		for (int end = 0; end < 2; end++) {
			b.cfg = as_is;
			assert_true(plant_cfg_set(&b.cfg, r->name, end ? r->hi : r->lo));
			if (!plant_cfg_check(&b.cfg, NULL))
				continue;
			around(l, open);
			live();
			survives();
		}
	}
	b.cfg = as_is;
}

static void each_attribute_at_both_ends(const struct load_case *l, bool open)
{
	const struct plant_attr *a;

	for (u32 i = 0; (a = plant_attr_at(i)) != NULL; i++) {
		const s32 ends[] = { a->lo, a->hi, a->least };

		for (size_t end = 0; end < sizeof(ends) / sizeof(ends[0]); end++) {
			around(l, open);
			memcpy((char *)&b.env + a->at, &ends[end], sizeof(ends[end]));
			live();
			survives();
		}
	}
}

static void no_number_at_the_end_of_its_range_overflows(void **state)
{
	(void)state;
	for (size_t m = 0; m < sizeof(models) / sizeof(models[0]); m++) {
		for (size_t l = 0; l < sizeof(loads) / sizeof(loads[0]); l++) {
			charger(models[m]);
			b.cfg.island_switch = l & 1;
			each_field_at_both_ends(&loads[l], l & 1);
			each_attribute_at_both_ends(&loads[l], !(l & 1));
		}
	}
}

/* Numbers of several ends at once, by a generator that is the same everywhere. */
static void set_some(u64 *seed)
{
	const u32 fields = (u32)(fx_random(seed) >> 61), attributes = (u32)(fx_random(seed) >> 61);
	u32 count = 0;

	while (plant_cfg_range_at(count))
		count++;
	for (u32 n = 0; n < fields; n++) {
		const u64 x = fx_random(seed) >> 32;
		const struct plant_cfg_range *r = plant_cfg_range_at((u32)((x & 0xffff) % count));

		plant_cfg_set(&b.cfg, r->name, x >> 16 & 1 ? r->hi : r->lo);
	}
	around(&loads[0], false);
	count = 0;
	while (plant_attr_at(count))
		count++;
	for (u32 n = 0; n < attributes; n++) {
		const u64 x = fx_random(seed) >> 32;
		const struct plant_attr *a = plant_attr_at((u32)((x & 0xffff) % count));
		const s32 v = x >> 16 & 1 ? a->hi : x >> 17 & 1 ? a->lo : a->least;

		memcpy((char *)&b.env + a->at, &v, sizeof(v));
	}
}

static void nor_do_several_at_once(void **state)
{
	u64 seed = 1;
	int lived = 0;

	(void)state;
	for (int n = 0; n < 2000; n++) {
		charger(models[n % 3]);
		b.cfg.island_switch = n & 1;
		set_some(&seed);
		if (!plant_cfg_check(&b.cfg, NULL))
			continue;
		live();
		survives();
		lived++;
	}
	assert_true(lived > 500);
}

static void beyond_the_ends_is_refused_by_name(void **state)
{
	const struct plant_cfg_range *r;
	const struct plant_attr *a;
	const char *field;

	(void)state;
	for (u32 i = 0; (r = plant_cfg_range_at(i)) != NULL; i++) {
		charger("3p-11kw");
		assert_true(plant_cfg_set(&b.cfg, r->name, r->hi + 1));
		assert_false(plant_cfg_check(&b.cfg, &field));
		assert_string_equal(field, r->name);
		if (!r->lo)
			continue;
		charger("3p-11kw");
		assert_true(plant_cfg_set(&b.cfg, r->name, r->lo - 1));
		assert_false(plant_cfg_check(&b.cfg, &field));
		assert_string_equal(field, r->name);
	}
	for (u32 i = 0; (a = plant_attr_at(i)) != NULL; i++) {
		assert_true(plant_attr_allows(a, a->lo));
		assert_true(plant_attr_allows(a, a->hi));
		assert_false(plant_attr_allows(a, (s64)a->hi + 1));
		assert_false(plant_attr_allows(a, (s64)a->lo - 1));
		assert_true(plant_attr_allows(a, a->least));
		if (a->least > 1)
			assert_false(plant_attr_allows(a, a->least - 1));
	}
}

static void refused(const char *model, const char *key, u32 value, const char *other, u32 second,
		    const char *names)
{
	const char *field = "";

	charger(model);
	assert_true(plant_cfg_set(&b.cfg, key, value));
	assert_true(plant_cfg_set(&b.cfg, other, second));
	assert_false(plant_cfg_check(&b.cfg, &field));
	assert_string_equal(field, names);
}

static void what_the_model_cannot_follow_is_refused(void **state)
{
	(void)state;
	/* 1/(2 pi) sqrt(1/(67 uH 1 uF)) = 19 kHz in sub-steps of 12.5 us, and 10 ohm in it */
	refused("split-9kw", "c_nf", 1000, "rd_uohm", 10000000, "c_nf");
	/* 2 f L = 0.4 ohm: 1000 A from 400 V */
	refused("split-9kw", "dab_f_hz", 20000, "dab_n_permille", 1100, "dab_l_nh");
	refused("3p-11kw", "dab_l_nh", 1, "dab_f_hz", 500000, "dab_l_nh");
	/* 10 ohm beside 2 f L = 7.4 ohm is no first-order correction */
	refused("3p-11kw", "dab_r_mohm", 10000, "dab_f_hz", 100000, "dab_r_mohm");
	refused("3p-11kw", "v_dc_mv", 900000, "v_dc_max_mv", 900000, "v_dc_max_mv");
	refused("3p-11kw", "v_ev_min_mv", 500000, "v_ev_max_mv", 500000, "v_ev_max_mv");
	/* no whole nanoseconds a period */
	refused("3p-11kw", "tick_hz", 30000, "phases", 3, "tick_hz");
}

/* A load behind 1 uH of grid: was out of the range of 64 bits. */
static void a_stiff_grid_feeds_a_load(void **state)
{
	(void)state;
	charger("3p-11kw");
	around(&loads[1], false);
	b.env.grid.lg_nh = 1000;
	b.env.grid.rg_uohm = 1000;
	plant_init(&b.p, &b.cfg);
	bench_env(&b);
	bench_run(&b, 20000);
	for (int n = 0; n < 400; n++) {
		bench_run(&b, 1);
		/* 14 ohm, 46 mH and 220 uF at 230 V: 16 A + resonant; 1 mohm drops 23 mV */
		for (int x = 0; x < 3; x++)
			assert_true(llabs(b.p.node.v[x] - b.p.v_src[x] * Q20_ONE) < 6LL << 40);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_number_at_the_end_of_its_range_overflows),
		cmocka_unit_test(nor_do_several_at_once),
		cmocka_unit_test(beyond_the_ends_is_refused_by_name),
		cmocka_unit_test(what_the_model_cannot_follow_is_refused),
		cmocka_unit_test(a_stiff_grid_feeds_a_load),
	};

	return cmocka_run_group_tests_name("plant-range", tests, NULL, NULL);
}
