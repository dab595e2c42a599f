// SPDX-License-Identifier: Apache-2.0
/*
 * The dual active bridge with its switches against its mean and against the
 * closed form, from the control's own pulses; what reversals leave in the flux.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "ctl_priv.h"
#include "dab_switching.h"
#include "plant.h"

#define TICK 50e-6

static struct plant_cfg cfg;
static struct plant mean, real;
static struct dab sw;
static struct v2x_stage_desc desc;
static struct v2x_dab_k k;
static struct v2x_dab d;
static struct v2x_meas m;
static struct v2x_gate_cmd cmd;
static double v1, v2;

static void begin(const char *model)
{
	memset(&cmd, 0, sizeof(cmd));
	assert_true(plant_cfg_model(&cfg, model));
	cfg.seed = 1;
	plant_init(&mean, &cfg);
	plant_init(&real, &cfg);
	plant_describe(&cfg, &desc);
	v2x_dab_init(&k, &d, &desc);
	dab_init(&sw, &cfg);
	cmd.dcdc_gates = true;
}

static void voltages(double link, double ratio)
{
	const long link_q8 = lround(link * 256e3);

	v1 = link;
	v2 = ratio * link / (cfg.dab_n_permille * 1e-3);
	m.vdc_q8 = (s32)link_q8;
	m.vev_q8 = (s32)lround(v2 * 256e3);
	for (int i = 0; i < 64; i++)
		v2x_dab_measure(&k, &d, link_q8, (1LL << 52) / link_q8, m.vev_q8);
	mean.v_dc = llround(v1 * 0x1p40);
	mean.v_out = llround(v2 * 0x1p40);
	real.v_dc = mean.v_dc;
	real.v_out = mean.v_out;
}

static void both(void)
{
	plant_dab_step(&mean, &cmd.dab, mean.v_dc >> 20, mean.v_out >> 20);
	dab_switches(&real, &cmd, true, &sw);
}

static void step(double p_w)
{
	v2x_dab_command(&k, &d, &m, (s32)lround(p_w * 1e3), 0, 0, &cmd);
	both();
}

static void settle(double p_w)
{
	dab_switches(&real, &cmd, false, &sw);
	v2x_dab_rest(&d, &cmd);
	for (int i = 0; i < 20; i++)
		step(p_w);
}

/*
 * Stated, of rated power: output and link of the mean, output of the closed form,
 * which knows neither resistance nor commutation.
 */
static void mean_agrees(const char *model, double rated, bool dead, double most, double most_ideal)
{
	begin(model);
	if (!dead)
		cfg.dab_dead_ns = 0;
	dab_init(&sw, &cfg);
	for (int r = 70; r <= 130; r += 10) {
		double worst = 0, ideal = 0, link = 0;

		voltages(cfg.v_dc_mv * 1e-3, r / 100.0);
		for (int p = -100; p <= 100; p += 5) {
			const double out = rated * p / 100;

			settle(out);
			worst = fmax(worst, fabs(v2 * sw.i_out - v2 * (double)mean.i_dcdc * 0x1p-20));
			ideal = fmax(ideal, fabs(v2 * sw.i_out - out));
			/* the link's side: without what the averaged one books apart */
			assert_true(!dead || sw.hard_energy / TICK < 1e-4 * rated);
			link = fmax(link, fabs(v1 * (sw.i_link - (double)mean.i_link * 0x1p-20)));
		}
		print_message("# %s, %u ns, M = %.1f: output within %.2f %% of the mean, link within %.2f %%; "
			      "output within %.2f %% of the closed form\n", model, cfg.dab_dead_ns, r / 100.0,
			      worst / rated * 100, link / rated * 100, ideal / rated * 100);
		assert_true(worst < most * rated);
		assert_true(link < most * rated);
		assert_true(ideal < most_ideal * rated);
	}
}

static void mean_and_switches_agree(void **state)
{
	(void)state;
	mean_agrees("3p-11kw", 11000, false, 0.005, 0.03);
	mean_agrees("3p-22kw", 22000, false, 0.005, 0.03);
	mean_agrees("1p-7kw", 7360, false, 0.005, 0.03);
}

static void dead_time_moves_the_power_by_what_commutation_takes(void **state)
{
	(void)state;
	mean_agrees("3p-11kw", 11000, true, 0.05, 0.07);
	mean_agrees("3p-22kw", 22000, true, 0.05, 0.07);
	mean_agrees("1p-7kw", 7360, true, 0.05, 0.07);
}

/* Largest bias of flux and of leakage current over a reversal at once. */
static void reverse(bool half, double *flux, double *peak, double *current)
{
	*flux = 0;
	*peak = 0;
	*current = 0;
	settle(11000);
	for (int i = 0; i < 100; i++) {
		v2x_dab_command(&k, &d, &m, i < 50 ? -11000000 : 11000000, 0, 0, &cmd);
		if (!half)
			cmd.dab_first = cmd.dab;
		both();
		*flux = fmax(*flux, fabs(sw.flux_bias));
		*peak = fmax(*peak, sw.flux_peak);
		*current = fmax(*current, fabs(sw.i_bias));
	}
}

static void a_full_reversal_leaves_no_bias(void **state)
{
	double flux, peak, current, flux_at_once, peak_at_once, current_at_once;

	(void)state;
	begin("3p-11kw");
	for (int r = 70; r <= 130; r += 15) {
		voltages(800, r / 100.0);
		reverse(true, &flux, &peak, &current);
		reverse(false, &flux_at_once, &peak_at_once, &current_at_once);
		print_message("# M = %.2f: bias of flux %.2f %% (without the half period between "
			      "%.1f %%), peak %.1f %%, of current %.2f A (%.1f A)\n", r / 100.0,
			      flux * 100, flux_at_once * 100, peak * 100, current, current_at_once);
		assert_true(flux < 0.05);
		assert_true(peak < 1.05);
		assert_true(current < 1.0);
		assert_true(flux_at_once > 5 * flux);
	}
}

/* From rest too: the first pulse is half of one, from the middle. */
static void a_start_leaves_no_bias(void **state)
{
	(void)state;
	begin("3p-11kw");
	for (int r = 70; r <= 130; r += 15) {
		voltages(800, r / 100.0);
		dab_switches(&real, &cmd, false, &sw);
		v2x_dab_rest(&d, &cmd);
		for (int i = 0; i < 10; i++) {
			step(8000);
			assert_true(fabs(sw.flux_bias) < 0.03);
			assert_true(sw.flux_peak < 1.05);
		}
	}
}

/* At light load the phase shift alone loses what the narrow pulse keeps. */
static void light_load_switches_softly_and_phase_shift_alone_does_not(void **state)
{
	double soft, hard;

	(void)state;
	begin("3p-11kw");
	voltages(800, 0.75);
	settle(500);
	assert_int_equal(real.hard, 0);
	soft = (double)real.p_loss_q10 * 0x1p-10;
	cmd.dab.link_q24 = V2X_Q24_ONE;
	cmd.dab.out_q24 = V2X_Q24_ONE;
	cmd.dab.shift_q24 = (s32)lround(500 * 7.42 / (800 * 600) * 0x1p24);
	cmd.dab_first = cmd.dab;
	for (int i = 0; i < 20; i++)
		both();
	hard = (double)real.p_loss_q10 * 0x1p-10;
	assert_int_equal(real.hard, mean.hard);
	assert_int_equal(real.hard, 12);
	print_message("# 500 W at M = 0.75: %.0f W lost, with phase shift alone %.0f W\n", soft, hard);
	assert_true(hard > soft + 10);
}

/*
 * The dead time moves the edges of legs that switch hard; of the others only what
 * charging them takes does, within what the models agree to without it.
 */
static void dead_time_costs_power_only_where_switching_is_hard(void **state)
{
	double with, without;

	(void)state;
	for (int hard = 0; hard < 2; hard++) {
		double p[2];

		for (int i = 0; i < 2; i++) {
			begin("3p-11kw");
			if (!i)
				cfg.dab_dead_ns = 0;
			dab_init(&sw, &cfg);
			voltages(800, 0.75);
			settle(1000);
			if (hard) {
				cmd.dab.link_q24 = V2X_Q24_ONE;
				cmd.dab.shift_q24 = (s32)lround(0.03 * 0x1p24);
				cmd.dab_first = cmd.dab;
			}
			for (int n = 0; n < 20; n++)
				both();
			p[i] = v2 * sw.i_out;
		}
		without = p[0];
		with = p[1];
		print_message("# M = 0.75, %s: %.0f W, with dead time %.0f W\n",
			      hard ? "phase shift alone" : "narrow pulse", without, with);
		if (hard)
			assert_true(fabs(with - without) > 500);
		else
			assert_true(fabs(with - without) < 0.005 * 11000);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mean_and_switches_agree),
		cmocka_unit_test(dead_time_moves_the_power_by_what_commutation_takes),
		cmocka_unit_test(a_full_reversal_leaves_no_bias),
		cmocka_unit_test(a_start_leaves_no_bias),
		cmocka_unit_test(light_load_switches_softly_and_phase_shift_alone_does_not),
		cmocka_unit_test(dead_time_costs_power_only_where_switching_is_hard),
	};

	return cmocka_run_group_tests_name("v2xsim-dab", tests, NULL, NULL);
}
