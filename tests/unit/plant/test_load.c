// SPDX-License-Identifier: Apache-2.0
/*
 * The local load behind the grid's breaker: what it draws, how it rings when
 * the breaker opens, and what chargers at one load have to do with each other.
 */
#include <math.h>
#include "bench.h"

static struct bench b;

#define V		230.0
#define POWER		11000.0
#define TICK		50e-6

/* R, L and C for a power, a quality factor, and resonance at f; IEC 62116. */
static void load(double p, double qf, double f, double c_factor)
{
	const double phases = b.cfg.phases, v = b.cfg.v_nominal_mv * 1e-3;
	const double r = phases * v * v / p;

	b.env.grid.load_r_mohm = (u32)lround(r * 1e3);
	b.env.grid.load_l_uh = (u32)lround(r / (2 * M_PI * f * qf) * 1e6);
	b.env.grid.load_c_nf = (u32)lround(qf / (2 * M_PI * f * r) * 1e9 * c_factor);
	bench_env(&b);
}

/* Mean over whole cycles of what comes from the grid. */
static double grid_power(int cycles, double *reactive)
{
	double p = 0, q = 0;
	const int n = cycles * (int)(b.cfg.tick_hz / (b.cfg.f_nominal_mhz / 1000));

	for (int i = 0; i < n; i++) {
		bench_run(&b, 1);
		for (u32 x = 0; x < b.cfg.phases; x++) {
			const double v = Q40D(b.p.node.v[x]), i_g = Q40D(b.p.node.ig[x]);

			p += v * i_g / n;
		}
		/* (v_b - v_c) i_a / sqrt3 and so on */
		for (u32 x = 0; x < 3 && b.cfg.phases == 3; x++)
			q += (Q40D(b.p.node.v[(x + 1) % 3]) - Q40D(b.p.node.v[(x + 2) % 3])) *
			     Q40D(b.p.node.ig[x]) / sqrt(3) / n;
	}
	if (reactive)
		*reactive = q;
	return p;
}

static void a_matched_load_draws_its_power_and_nothing_else(void **state)
{
	double q;

	(void)state;
	bench_new(&b);
	b.env.grid.rg_uohm = 0;
	load(POWER, 1, 50, 1);
	bench_run(&b, 4000);
	assert_true(fabs(grid_power(5, &q) / POWER - 1) < 2e-3);
	assert_true(fabs(q) < 0.002 * POWER);
	/* 5 % more C is 5 % of the power as capacitive current */
	load(POWER, 1, 50, 1.05);
	bench_run(&b, 8000);
	assert_true(fabs(grid_power(5, &q) / POWER - 1) < 2e-3);
	assert_true(fabs(fabs(q) / POWER - 0.05) < 0.002);
}

/* Alone it rings at its resonance, 1/(2 pi) sqrt(1/LC - 1/(2RC)^2), and decays by 1/(2RC). */
static void ring(double f0, double qf, double c_factor)
{
	double cross[2] = { 0 }, peak[2] = { 0 }, before, f, decay;
	double r, l, c, want_f, want_decay;
	int n = 0;

	load(POWER, qf, f0, c_factor);
	r = b.env.grid.load_r_mohm * 1e-3;
	l = b.env.grid.load_l_uh * 1e-6;
	c = b.env.grid.load_c_nf * 1e-9;
	want_decay = 1 / (2 * r * c);
	want_f = sqrt(1 / (l * c) - want_decay * want_decay) / (2 * M_PI);
	bench_run(&b, 2000);
	b.env.grid.island = 1;
	bench_env(&b);
	before = Q40D(b.p.node.v[0]);
	for (int i = 0; n < 2; i++) {
		bench_run(&b, 1);
		const double now = Q40D(b.p.node.v[0]);

		if (before < 0 && now >= 0)
			cross[n++] = i - now / (now - before);
		if (n == 1)
			peak[0] = fmax(peak[0], now);
		before = now;
	}
	for (int i = 0; i < (int)(1 / want_f / TICK); i++) {
		bench_run(&b, 1);
		peak[1] = fmax(peak[1], Q40D(b.p.node.v[0]));
	}
	f = 1 / ((cross[1] - cross[0]) * TICK);
	decay = log(peak[0] / peak[1]) * f;
	print_message("# Q %.1f: %.4f Hz, expected %.4f; decay %.3f /s, expected %.3f\n", qf, f,
		      want_f, decay, want_decay);
	assert_true(fabs(f - want_f) < 0.01);
	assert_true(fabs(decay / want_decay - 1) < 0.01);
	assert_true(b.p.node.ig[0] == 0);
}

static void an_open_island_rings_at_its_resonance(void **state)
{
	(void)state;
	bench_new(&b);
	ring(50, 1, 1);
	bench_new(&b);
	ring(50, 2.5, 1.05);
	bench_new(&b);
	assert_true(plant_cfg_model(&b.cfg, "1p-7kw"));
	plant_init(&b.p, &b.cfg);
	ring(50, 2, 1);
	bench_new(&b);
	assert_true(plant_cfg_model(&b.cfg, "split-9kw"));
	plant_init(&b.p, &b.cfg);
	plant_env_default(&b.cfg, &b.env);
	ring(60, 1, 0.95);
}

/* A converter that feeds exactly what the load takes leaves the grid nothing to do. */
static void terminals_are_the_load(void **state)
{
	(void)state;
	bench_new(&b);
	load(POWER, 1, 50, 1);
	bench_run(&b, 500);
	for (int x = 0; x < 3; x++)
		assert_int_equal(b.p.v_pcc[x], b.p.node.v[x] >> 20);
}

static struct plant other;

/* Two gated converters at one load: the same legs give the same currents, and the load their sum. */
static void plants_share_one_load(void **state)
{
	struct plant *const both[2] = { &b.p, &other };
	const struct v2x_gate_cmd *const cmd[2] = { &b.cmd, &b.cmd };
	struct plant alone;
	double t = 0;

	(void)state;
	bench_new(&b);
	load(2 * POWER, 1, 50, 1);
	bench_close(&b, 800);
	b.cmd.gates = true;
	other = b.p;
	for (int n = 0; n < 2000; n++, t += TICK) {
		for (int x = 0; x < 3; x++)
			b.cmd.leg_q24[x] = (s32)(0.8 * 16777216 *
						 cos(2 * M_PI * (50 * t - x / 3.0)));
		b.p.v_dc = 800LL << 40;
		other.v_dc = 800LL << 40;
		alone = b.p;
		plant_step_together(both, cmd, 2);
		plant_step(&alone, &b.cmd);
		assert_int_equal(b.p.i2[0], other.i2[0]);
		assert_int_equal(b.p.v_pcc[1], other.v_pcc[1]);
	}
	/* one of them alone would have moved the node by less */
	assert_true(b.p.node.v[0] != alone.node.v[0]);
	/* a group of one is a plant */
	alone = b.p;
	plant_step_together(both, cmd, 1);
	plant_step(&alone, &b.cmd);
	assert_memory_equal(b.p.i2, alone.i2, sizeof(alone.i2));
	assert_memory_equal(&b.p.node, &alone.node, sizeof(alone.node));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_matched_load_draws_its_power_and_nothing_else),
		cmocka_unit_test(an_open_island_rings_at_its_resonance),
		cmocka_unit_test(terminals_are_the_load),
		cmocka_unit_test(plants_share_one_load),
	};

	return cmocka_run_group_tests_name("plant-load", tests, NULL, NULL);
}
