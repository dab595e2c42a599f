// SPDX-License-Identifier: Apache-2.0
/*
 * Agreement with ngspice, from the same values, over steps: filter and bridge
 * of each topology; the whole way from the grid to the battery; precharge.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "bench.h"
#include "spice.h"

#define TICKS_MAX	8000

static struct bench b;
static struct spice sp;
static double legs[TICKS_MAX][3];	/* in force in each period */
static double plant_i[TICKS_MAX][3], plant_vdc[TICKS_MAX], plant_iev[TICKS_MAX];
static double tick;

static void take(const char *model)
{
	bench_new(&b);
	assert_true(plant_cfg_model(&b.cfg, model));
	b.cfg.noise_permille = 0;
	b.cfg.dab_l_nh = 0;	/* its DC/DC is told a power */
	plant_env_default(&b.cfg, &b.env);
	plant_init(&b.p, &b.cfg);
	bench_env(&b);
	tick = 1.0 / b.cfg.tick_hz;
	bench_close(&b, b.cfg.v_dc_mv * 1e-3);
}

static double peak(void)
{
	return b.cfg.v_nominal_mv * 1e-3 * M_SQRT2;
}

static double turn(u32 x)
{
	return b.cfg.phases == 3 ? x / 3.0 : x / 2.0;
}

/* Everything at rest, the grid at its crest. */
static void rest(void)
{
	for (u32 x = 0; x < 3; x++) {
		b.p.i1[x] = 0;
		b.p.i2[x] = 0;
		b.p.vc[x] = 0;
		b.p.v_src[x] = x < b.cfg.phases ?
			(s64)(peak() * cos(2 * M_PI * turn(x)) * 1048576) : 0;
	}
	b.p.angle_q48 = 0;
	b.p.v_dc = (s64)b.cfg.v_dc_mv * 1099511627776LL / 1000;
}

/* Bridge voltages that lag by @lag, as references of the legs. */
static void command(double t, double lag)
{
	const double f = b.cfg.f_nominal_mhz * 1e-3, half = b.cfg.v_dc_mv * 0.5e-3;

	for (u32 x = 0; x < 3; x++) {
		double m = x < b.cfg.phases ?
			peak() / half * cos(2 * M_PI * (f * t - turn(x)) - lag) : 0;

		if (b.cfg.phases == 1)	/* a full bridge: both legs half of it */
			m = (x == 1 ? -0.5 : x ? 0 : 0.5) * peak() / half *
			    cos(2 * M_PI * f * t - lag);
		b.cmd.leg_q24[x] = (s32)lround(fmax(-1, fmin(1, m)) * 16777216);
	}
}

/* @n periods, power reversed half way; the link held at its voltage, or not. */
static void run_plant(int n, double lag, bool held)
{
	rest();
	b.cmd.gates = true;
	b.p.active.gates = true;
	command(tick / 2, lag);
	memcpy(b.p.active.leg_q24, b.cmd.leg_q24, sizeof(b.cmd.leg_q24));
	for (int k = 0; k < n; k++) {
		for (int x = 0; x < 3; x++)
			legs[k][x] = b.p.active.leg_q24[x] / 16777216.0;
		command((k + 1.5) * tick, k < n / 2 ? lag : -lag);
		if (held)
			b.p.v_dc = (s64)b.cfg.v_dc_mv * 1099511627776LL / 1000;
		bench_run(&b, 1);
		b.p.lines = 0;
		for (int x = 0; x < 3; x++)
			plant_i[k][x] = Q40D(b.p.i1[x]);
		plant_vdc[k] = Q40D(b.p.v_dc);
		plant_iev[k] = Q20D(b.p.i_ev);
	}
}

/* References as steps of 20 ns between the periods. */
static void net_references(int n)
{
	for (int x = 0; x < 3; x++) {
		fprintf(sp.net, "Vm%d m%d 0 PWL(0 %.9g", x, x, legs[0][x]);
		for (int k = 1; k < n; k++)
			fprintf(sp.net, "\n+ %.9g %.9g %.9g %.9g", k * tick - 1e-8, legs[k - 1][x],
				k * tick + 1e-8, legs[k][x]);
		fputs(")\n", sp.net);
	}
}

/* Source, filter and bridge of every phase; node dc is the link's voltage. */
static void net_filter(void)
{
	const struct plant_cfg *c = &b.cfg;
	const char *back = c->phases == 3 ? "0" : c->phases == 2 ? "v(m2)" : "v(m1)";

	for (u32 x = 0; x < c->phases; x++) {
		fprintf(sp.net, "Vg%u g%u 0 SIN(0 %.9g %.9g 0 0 %.9g)\n", x, x, peak(),
			c->f_nominal_mhz * 1e-3, 90 - 360 * turn(x));
		fprintf(sp.net, "Rg%u g%u h%u %.9g\nLg%u h%u t%u %.9g\n", x, x, x,
			b.env.grid.rg_uohm * 1e-6, x, x, x, b.env.grid.lg_nh * 1e-9);
		fprintf(sp.net, "Rb%u t%u u%u %.9g\nLb%u u%u n%u %.9g\n", x, x, x,
			c->r2_uohm * 1e-6, x, x, x, c->l2_nh * 1e-9);
		fprintf(sp.net, "Rd%u n%u d%u %.9g\nC%u d%u star %.9g\n", x, x, x,
			c->rd_uohm * 1e-6, x, x, c->c_nf * 1e-9);
		fprintf(sp.net, "Vi%u n%u j%u 0\nRa%u j%u k%u %.9g\nLa%u k%u leg%u %.9g\n", x, x,
			x, x, x, x, c->r1_uohm * 1e-6, x, x, x, c->l1_nh * 1e-9);
		fprintf(sp.net, "Bl%u leg%u mid V=(v(m%u)-%s)*v(dc)/2\n", x, x, x, back);
	}
	/* star points: floating with three wires, the neutral otherwise */
	fprintf(sp.net, "Rmid mid 0 %s\nRstar star 0 %s\n", c->phases == 3 ? "1e7" : "1e-6",
		c->phases == 3 ? "1e7" : "1e-6");
}

static void filter_and_bridge(const char *model, double lag)
{
	const int n = 400;
	double worst = 0, square = 0, largest = 0;

	take(model);
	run_plant(n, lag, true);
	spice_begin(&sp, model);
	net_references(n);
	net_filter();
	fprintf(sp.net, "Vdc dc 0 %.9g\n", b.cfg.v_dc_mv * 1e-3);
	assert_int_equal(spice_run(&sp, n * tick, 2e-6, b.cfg.phases == 1 ? "i(vi0) i(vi0)" :
				   "i(vi0) i(vi1)", 2), 0);
	for (int k = 0; k < n; k++) {
		for (int x = 0; x < (b.cfg.phases == 1 ? 1 : 2); x++) {
			const double e = plant_i[k][x] - spice_at(&sp, x, (k + 1) * tick);

			worst = fmax(worst, fabs(e));
			square += e * e / n;
			largest = fmax(largest, fabs(plant_i[k][x]));
		}
	}
	print_message("# %s: currents up to %.1f A; worst deviation %.4f A, rms %.4f A\n", model,
		      largest, worst, sqrt(square));
	spice_free(&sp);
	assert_true(largest > b.cfg.i_rated_ma * 1e-3);
	assert_true(worst < 0.002 * largest);	/* stated tolerance */
}

static void filter_and_bridge_agree(void **state)
{
	(void)state;
	if (!spice_there())
		skip();
	filter_and_bridge("3p-11kw", 0.045);
	filter_and_bridge("3p-22kw", 0.045);
	filter_and_bridge("1p-7kw", 0.057);
	filter_and_bridge("split-9kw", 0.09);
}

/* The DC/DC gives a constant power; from there to the battery's open-circuit voltage. */
static void net_to_the_battery(double power, double ocv)
{
	const struct plant_cfg *c = &b.cfg;
	const double rc = c->cells * 500e-6;

	fprintf(sp.net, "Cdc dc 0 %.9g ic=%.9g\nRbleed dc 0 %.9g\n", c->c_dc_nf * 1e-9,
		c->v_dc_mv * 1e-3, (double)c->r_bleed_ohm);
	fprintf(sp.net, "Bdc 0 dc I=(v(m0)*i(vi0)+v(m1)*i(vi1)+v(m2)*i(vi2))/2"
		"-%.9g*(abs(i(vi0))+abs(i(vi1))+abs(i(vi2)))\n", c->bridge_loss_ppm * 1e-6);
	fprintf(sp.net, "Bid 0 id I=(%.9g/v(out)-v(id))/%.9g\nCid id 0 1 ic=0\nRid id 0 1e9\n",
		power, c->dcdc_lag_ns * 1e-9);
	fprintf(sp.net, "Blink dc 0 I=(v(out)*v(id)+%.9g*abs(v(out)*v(id))+%.9g)/v(dc)\n",
		c->loss_permille * 1e-3, c->loss_idle_mw * 1e-3);
	fprintf(sp.net, "Bout 0 out I=v(id)\nCout out 0 %.9g ic=%.9g\n", c->c_out_nf * 1e-9, ocv);
	fprintf(sp.net, "Viev out p 0\nR0 p q %.9g\nRc q r %.9g\nCc q r %.9g ic=0\nVocv r 0 %.9g\n",
		c->cells * 800e-6, rc, 30 / rc, ocv);
}

static void from_the_grid_to_the_battery_agrees(void **state)
{
	const int n = 600;
	const double power = 5000;
	double ocv, v_worst = 0, i_worst = 0, v_lo = 1e9, v_hi = 0;

	(void)state;
	if (!spice_there())
		skip();
	take("3p-11kw");
	b.env.car.plugged = 1;
	b.env.car.ready = 1;
	bench_env(&b);
	b.cmd.contactors = V2X_CONTACTOR_GRID | V2X_CONTACTOR_EV;
	bench_run(&b, b.p.k.close_ticks + 2);
	ocv = Q20D(b.p.v_batt);
	b.p.v_out = b.p.v_batt * (1 << 20);
	b.p.v_rc = 0;
	b.cmd.dcdc_gates = true;
	b.cmd.dcdc_p_mw = (s32)(power * 1e3);
	b.p.active.dcdc_gates = true;
	b.p.active.dcdc_p_mw = b.cmd.dcdc_p_mw;
	run_plant(n, 0.02, false);
	spice_begin(&sp, "from the grid to the battery");
	net_references(n);
	net_filter();
	net_to_the_battery(power, ocv);
	assert_int_equal(spice_run(&sp, n * tick, 2e-6, "v(dc) i(viev)", 2), 0);
	for (int k = 0; k < n; k++) {
		v_worst = fmax(v_worst, fabs(plant_vdc[k] - spice_at(&sp, 0, (k + 1) * tick)));
		if (k > 20)	/* a lag of half a period is none the plant resolves */
			i_worst = fmax(i_worst, fabs(plant_iev[k] - spice_at(&sp, 1, (k + 1) * tick)));
		v_lo = fmin(v_lo, plant_vdc[k]);
		v_hi = fmax(v_hi, plant_vdc[k]);
	}
	print_message("# DC link from %.1f V to %.1f V; worst deviation %.3f V, into the battery %.4f A\n",
		      v_lo, v_hi, v_worst, i_worst);
	spice_free(&sp);
	assert_true(v_hi - v_lo > 20);
	assert_true(v_worst < 0.01 * (v_hi - v_lo) + 0.2);
	assert_true(i_worst < 0.005 * power / ocv);
}

static void net_rectifier(void)
{
	const struct plant_cfg *c = &b.cfg;
	/* legs: phases, and with one or two of them the neutral */
	const u32 n = c->phases == 3 ? 3 : c->phases + 1;

	for (u32 x = 0; x < n; x++) {
		if (x < c->phases) {
			fprintf(sp.net, "Vg%u g%u 0 SIN(0 %.9g %.9g 0 0 %.9g)\n", x, x, peak(),
				c->f_nominal_mhz * 1e-3, 90 - 360 * turn(x));
			fprintf(sp.net, "R%u g%u h%u %.9g\nL%u h%u leg%u %.9g ic=0\n", x, x, x,
				c->r_precharge_mohm * 1e-3 + (c->r1_uohm + c->r2_uohm +
				b.env.grid.rg_uohm) * 1e-6, x, x, x,
				(c->l1_nh + c->l2_nh + b.env.grid.lg_nh) * 1e-9);
		} else {
			fprintf(sp.net, "Rn leg%u 0 1e-3\n", x);
		}
		fprintf(sp.net, "Dp%u leg%u pos dd\nDn%u neg leg%u dd\n", x, x, x, x);
	}
	/* 1 V at a few amperes; the filter's capacitors carry next to nothing */
	fprintf(sp.net, ".model dd D(is=1e-12 n=1.3 rs=1e-3 cjo=2e-9)\nRneg neg 0 1e7\n"
		"Cdc pos neg %.9g ic=0\nRb pos neg %.9g\n", c->c_dc_nf * 1e-9,
		(double)c->r_bleed_ohm);
}

static void precharge(const char *model)
{
	const int n = 4000;
	double worst = 0;

	bench_new(&b);
	assert_true(plant_cfg_model(&b.cfg, model));
	plant_env_default(&b.cfg, &b.env);
	plant_init(&b.p, &b.cfg);
	tick = 1.0 / b.cfg.tick_hz;
	b.cmd.contactors = V2X_CONTACTOR_PRECHARGE;
	bench_run(&b, b.p.k.close_ticks);
	rest();
	b.p.v_dc = 0;
	spice_begin(&sp, model);
	net_rectifier();
	assert_int_equal(spice_run(&sp, n * tick, 2e-5, "v(pos)-v(neg)", 1), 0);
	for (int k = 0; k < n; k++) {
		bench_run(&b, 1);
		worst = fmax(worst, fabs(Q40D(b.p.v_dc) - spice_at(&sp, 0, (k + 1) * tick)));
	}
	print_message("# %s: precharged to %.1f V; worst deviation %.2f V\n", model,
		      Q40D(b.p.v_dc), worst);
	spice_free(&sp);
	assert_true(worst < 0.01 * Q40D(b.p.v_dc));
}

static void precharge_agrees(void **state)
{
	(void)state;
	if (!spice_there())
		skip();
	precharge("3p-11kw");
	precharge("1p-7kw");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(filter_and_bridge_agree),
		cmocka_unit_test(from_the_grid_to_the_battery_agrees),
		cmocka_unit_test(precharge_agrees),
	};

	if (!spice_there())
		print_message("# ngspice is not installed: nothing to compare with\n");
	return cmocka_run_group_tests_name("plant-spice", tests, NULL, NULL);
}
