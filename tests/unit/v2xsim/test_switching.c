// SPDX-License-Identifier: Apache-2.0
/*
 * The bridge with its switches against its mean: equal at the ends of the
 * periods, where the ripple is nothing; ripple and dead time as the formulas say.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "plant.h"
#include "spectrum.h"
#include "switching.h"

#define TICK 50e-6

static struct plant_cfg cfg;
static struct plant_env env;
static struct plant mean, real;
static struct switching sw;
static struct spectrum spectrum;
static struct v2x_gate_cmd cmd;

static void apply(void)
{
	struct plant_set set;

	plant_prepare(&cfg, &env, &set);
	plant_apply(&mean, &set);
	switching_grid(&sw, &cfg, &env);
}

static void close_grid(void)
{
	memset(&cmd, 0, sizeof(cmd));
	cmd.contactors = V2X_CONTACTOR_GRID;
	mean.v_dc = (s64)cfg.v_dc_mv * 1099511627776LL / 1000;
	for (u32 i = 0; i < mean.k.close_ticks + 2; i++)
		plant_step(&mean, &cmd);
	mean.v_dc = (s64)cfg.v_dc_mv * 1099511627776LL / 1000;
	cmd.gates = true;
	mean.active.gates = true;
	real = mean;
}

static void begin(const char *model, double dead_s)
{
	assert_true(plant_cfg_model(&cfg, model));
	cfg.seed = 1;
	plant_env_default(&cfg, &env);
	plant_init(&mean, &cfg);
	memset(&sw, 0, sizeof(sw));
	sw.dead_s = dead_s;
	apply();
}

static void step(void)
{
	plant_step(&mean, &cmd);
	plant_step_by(&real, &cmd, switching_ac, &sw);
	mean.v_dc = (s64)cfg.v_dc_mv * 1099511627776LL / 1000;
	real.v_dc = mean.v_dc;
	mean.lines = 0;
	real.lines = 0;
}

static double i1(const struct plant *p, int x)
{
	return (double)p->i1[x] * 0x1p-40;
}

/* Legs that draw about the rated current, in phase with the grid as the plant has it. */
static void command(double lag)
{
	const double angle = (double)mean.angle_q48 * 0x1p-48 * 2 * M_PI +
			     2 * M_PI * cfg.f_nominal_mhz * 1e-3 * 1.5 * TICK;
	const double top = cfg.v_nominal_mv * M_SQRT2 / (cfg.v_dc_mv * 0.5);

	for (int x = 0; x < 3; x++) {
		const double turn = cfg.phases == 3 ? x / 3.0 : x / 2.0;
		double m = cfg.phases == 2 && x == 2 ? 0 : top * cos(angle - 2 * M_PI * turn - lag);

		if (cfg.phases == 1)
			m = x == 2 ? 0 : m / 2;
		cmd.leg_q24[x] = (s32)lround(m * 16777216);
	}
}

static void agree(const char *model, double lag)
{
	double worst = 0, link = 0, link_mean = 0;

	begin(model, 0);
	close_grid();
	command(lag);
	for (int n = 0; n < 4000; n++) {
		step();
		command(lag);
		link += (double)real.i_bridge * 0x1p-20 / 4000;
		link_mean += (double)mean.i_bridge * 0x1p-20 / 4000;
		for (u32 x = 0; n > 2000 && x < cfg.phases; x++)
			worst = fmax(worst, fabs(i1(&mean, (int)x) - i1(&real, (int)x)));
	}
	print_message("# %s: at the ends of periods within %.3f A; into the link %.3f A and %.3f A\n",
		      model, worst, link, link_mean);
	/* stated: 0.1 % of rated peak, 0.1 % of the power */
	assert_true(worst < 0.001 * cfg.i_rated_ma * 1e-3 * M_SQRT2);
	assert_true(fabs(link - link_mean) < 0.001 * fabs(link_mean));
}

static void mean_and_switches_agree(void **state)
{
	(void)state;
	agree("3p-11kw", 0.045);
	agree("3p-22kw", 0.045);
	agree("1p-7kw", 0.057);
	agree("split-9kw", 0.09);
}

/* Both legs of a full bridge at the same duty switch together: no voltage is left. */
static void equal_legs_leave_no_ripple(void **state)
{
	double square = 0;

	(void)state;
	begin("1p-7kw", 0);
	env.grid.voltage_mpu = 0;
	apply();
	close_grid();
	cmd.leg_q24[0] = (s32)(0.3 * 16777216);
	cmd.leg_q24[1] = cmd.leg_q24[0];
	for (int n = 0; n < 4000; n++) {
		step();
		square += sw.i2_square[0] / 4000;
	}
	assert_true(sqrt(square) < 1e-6);
}

/* What of the ripple gets past the filter at rated voltage: below 0.3 % of rated. */
static void the_filter_keeps_the_ripple_from_the_grid(void **state)
{
	double square = 0;

	(void)state;
	begin("3p-11kw", 0);
	close_grid();
	command(0);
	for (int n = 0; n < 4000; n++) {
		step();
		command(0);
		if (n >= 2000)
			square += (sw.i2_square[0] - sw.i2_mean[0] * sw.i2_mean[0]) / 2000;
	}
	print_message("# ripple left in the grid's choke: %.4f A rms\n", sqrt(square));
	assert_true(sqrt(square) > 1e-3);
	assert_true(sqrt(square) < 0.003 * 16);
}

/*
 * A current that does not turn: each leg is off by the dead time, V td / T, up
 * for current into the converter and down for current out of it.
 */
static void dead_time_costs_its_share_of_the_link(void **state)
{
	const double td = 1e-6, r = 0.07;
	double want;

	(void)state;
	begin("1p-7kw", td);
	env.grid.voltage_mpu = 0;
	env.grid.rg_uohm = 0;
	apply();
	close_grid();
	/* 20 V, of which the dead time of two legs takes 16 */
	cmd.leg_q24[0] = (s32)(-0.05 * 16777216);
	cmd.leg_q24[1] = -cmd.leg_q24[0];
	for (int n = 0; n < 8000; n++)
		step();
	want = (0.05 * 400 - 2 * 400 * td / TICK) / r;
	print_message("# %.2f A with dead time, %.2f A expected; %.2f A without\n", i1(&real, 0),
		      want, i1(&mean, 0));
	assert_true(fabs(i1(&mean, 0) - 0.05 * 400 / r) < 0.5);
	assert_true(fabs(i1(&real, 0) - want) < 0.03 * want);
	assert_true(fabs(i1(&real, 0) - want) < 2);
}

/* 16 A with 2 % of the fifth harmonic and 0.1 A direct. */
static void spectrum_finds_what_is_there(void **state)
{
	struct plant p = { 0 };

	(void)state;
	assert_true(plant_cfg_model(&cfg, "3p-11kw"));
	spectrum_init(&spectrum, &cfg);
	assert_true(spectrum_thd(&spectrum, 50) == 0);
	for (int n = 0; n < 5000; n++) {
		const double w = 2 * M_PI * 50 * n * TICK;

		for (int x = 0; x < 3; x++)
			p.i2[x] = llround((16 * M_SQRT2 * (cos(w) + 0.02 * cos(5 * w)) +
					   (x ? 0 : 0.1)) * 0x1p40);
		spectrum_add(&spectrum, &p, NULL);
	}
	assert_true(fabs(spectrum_thd(&spectrum, 50) - 0.02) < 1e-4);
	assert_true(fabs(spectrum_distortion(&spectrum, 50) - 0.0214) < 1e-3);
	assert_true(fabs(spectrum_dc(&spectrum, 50) - 0.1 / 16) < 1e-5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mean_and_switches_agree),
		cmocka_unit_test(equal_legs_leave_no_ripple),
		cmocka_unit_test(the_filter_keeps_the_ripple_from_the_grid),
		cmocka_unit_test(dead_time_costs_its_share_of_the_link),
		cmocka_unit_test(spectrum_finds_what_is_there),
	};

	return cmocka_run_group_tests_name("v2xsim-switching", tests, NULL, NULL);
}
