// SPDX-License-Identifier: Apache-2.0
/*
 * The same bits on every machine and with every compiler: a fixed run, in
 * integers only, ends in a state that is written down here.
 */
#include <string.h>
#include "bench.h"

static struct bench b;

static u64 fnv(u64 h, const void *data, size_t len)
{
	const unsigned char *c = data;

	for (size_t i = 0; i < len; i++)
		h = (h ^ c[i]) * 1099511628211ULL;
	return h;
}

/* Little end first, whatever the machine's own order. */
static u64 number(u64 h, s64 value)
{
	unsigned char c[8];

	for (int i = 0; i < 8; i++)
		c[i] = (unsigned char)((u64)value >> (8 * i));
	return fnv(h, c, sizeof(c));
}

static u64 state(u64 h)
{
	for (int x = 0; x < PLANT_PHASES; x++) {
		h = number(h, b.p.i1[x]);
		h = number(h, b.p.i2[x]);
		h = number(h, b.p.vc[x]);
		h = number(h, b.p.v_pcc[x]);
		h = number(h, b.p.node.v[x]);
	}
	h = number(h, b.p.v_dc);
	h = number(h, b.p.v_out);
	h = number(h, b.p.soc);
	h = number(h, b.p.temp);
	for (int ch = 0; ch <= V2X_ADC_V_VEHICLE; ch++)
		h = number(h, b.s.raw[ch]);
	return h;
}

/* References that turn 1/400 of a turn a tick, by integers. */
static void turn(s32 *re, s32 *im)
{
	const s64 c = 16775146, s = 263528;	/* cos, sin of 2 pi / 400, Q24 */
	const s64 r = (*re * c - *im * s) >> 24, i = (*re * s + *im * c) >> 24;

	*re = (s32)r;
	*im = (s32)i;
}

static u64 run(const char *model)
{
	s32 re = 13 << 20, im = 0;
	u64 h = 14695981039346656037ULL;

	bench_new(&b);
	assert_true(plant_cfg_model(&b.cfg, model));
	plant_env_default(&b.cfg, &b.env);
	plant_init(&b.p, &b.cfg);
	b.env.car.plugged = 1;
	b.env.car.ready = 1;
	b.env.grid.h5_permille = 20;
	bench_env(&b);
	b.cmd.contactors = V2X_CONTACTOR_PRECHARGE;
	bench_run(&b, 4000);
	h = state(h);
	b.cmd.contactors = V2X_CONTACTOR_GRID | V2X_CONTACTOR_EV;
	b.cmd.gates = true;
	b.cmd.dcdc_gates = true;
	/* 0.05 of a half period, the link's pulse 0.9 of one */
	b.cmd.dab = (struct v2x_dab_pulse){ 838861, 15099494, 16777216 };
	b.cmd.dab_first = b.cmd.dab;
	for (int n = 0; n < 4000; n++) {
		b.cmd.leg_q24[0] = re;
		b.cmd.leg_q24[1] = (-re + im) >> 1;
		b.cmd.leg_q24[2] = (-re - im) >> 1;
		turn(&re, &im);
		if (n == 2000) {
			b.env.grid.load_r_mohm = 20000;
			b.env.grid.load_l_uh = 60000;
			b.env.grid.load_c_nf = 150000;
			bench_env(&b);
		}
		bench_run(&b, 1);
		b.cmd.clear_faults = b.p.lines != 0;
		if (n % 100 == 0)
			h = state(h);
	}
	return state(h);
}

static void a_run_ends_in_the_same_bits(void **unused)
{
	static const struct {
		const char *model;
		u64 hash;
	} want[] = {
		{ "3p-11kw", 0x6e2ac0d9130b091f },
		{ "1p-7kw", 0xe063b4ec3391f4a0 },
		{ "split-9kw", 0xeec109bfc6803abc },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		const u64 h = run(want[i].model);

		print_message("# %s: 0x%016llx\n", want[i].model, (unsigned long long)h);
		assert_true(h == want[i].hash);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_run_ends_in_the_same_bits),
	};

	return cmocka_run_group_tests_name("plant-exact", tests, NULL, NULL);
}
