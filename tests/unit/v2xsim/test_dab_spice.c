// SPDX-License-Identifier: Apache-2.0
/*
 * Both models of the dual active bridge against ngspice: eight switches with
 * their diodes and capacitances, the transformer as leakage inductance in two
 * halves with the magnetizing inductance between them, output capacitor and
 * battery; the link held, or its capacitor alone.
 *
 * Tolerances, of rated power and of the largest current, from what is left out:
 *	switches	the output's voltage follows by the tick: R0 I of 400 V as
 *			long as the current changes, a tick in three, 0.2 %
 *	waveform	in short ticks the equations are the same: ngspice's own
 *			relative tolerance, 1e-4 a step, and 0.2 ns between two
 *			switches, V / L of it, 0.1 %
 *	averaged	(R / 2 f L)^2, up to 0.7 %, and that of the switches
 *	dead time	an edge is a step in the middle of what is a ramp of up to
 *			the dead time: off by a tenth of it at either bridge, and
 *			V1 V2' / (2 f L) is up to 8 times the rating:
 *			2 * 8 * 0.1 * 95 ns / 5 us = 3 %
 *	link		the energy that is carried, as the averaged power
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "bench.h"
#include "dab_switching.h"
#include "spice.h"

#define TICKS		12
#define FINE		500	/* samples a tick */
#define LEGS		4
#define GAP_S		2e-10	/* between turning off and on, without dead time */
#define EDGE_S		1e-10
#define SWITCHES_TOL	0.003
#define WAVE_TOL	0.005
#define AVERAGED_TOL	0.008
#define DEAD_TIME_TOL	0.03
#define LINK_TOL	0.01	/* of what the link moves by */

static const struct point {
	const char *what, *model;
	u32 cells, soc_permille;
	double shift, link, out;	/* of a half period */
	double then;			/* shift of the second half of the run */
} points[] = {
	{ "M 0.76, charging", "3p-11kw", 96, 50, 0.12, 1, 1, 0.12 },
	{ "M 1.01, charging", "3p-11kw", 96, 1000, 0.12, 1, 1, 0.12 },
	{ "M 1.30, charging", "3p-11kw", 192, 0, 0.09, 1, 1, 0.09 },
	{ "M 0.76, discharging", "3p-11kw", 96, 50, -0.12, 1, 1, -0.12 },
	{ "M 1.30, discharging", "3p-11kw", 192, 0, -0.09, 1, 1, -0.09 },
	{ "M 0.76, light load", "3p-11kw", 96, 50, 0.01, 0.76, 1, 0.01 },
	{ "M 1.30, light load back", "3p-11kw", 192, 0, -0.01, 1, 0.77, -0.01 },
	{ "M 1.01, reversal", "3p-11kw", 96, 1000, 0.12, 1, 1, -0.12 },
	{ "M 0.96, charging", "1p-7kw", 96, 450, 0.12, 1, 1, 0.12 },
	{ "M 0.96, reversal", "3p-22kw", 192, 450, -0.12, 1, 1, 0.12 },
};

static struct bench b, mean, short_ticks;
static struct dab sw, fine;
static struct spice sp;
static double tick, half, ocv;
static double p_switches[TICKS], p_averaged[TICKS], v_switches[TICKS], v_averaged[TICKS];
static double wave[TICKS * FINE];

static struct v2x_dab_pulse pulse(const struct point *p, double shift)
{
	return (struct v2x_dab_pulse){ (s32)lround(shift * 0x1p24), (u32)lround(p->link * 0x1p24),
				       (u32)lround(p->out * 0x1p24) };
}

/* Between two commands a half period in the middle of both: no flux is left over. */
static struct v2x_gate_cmd command(const struct point *p, int n)
{
	struct v2x_gate_cmd c = { .contactors = V2X_CONTACTOR_EV, .dcdc_gates = true };

	c.dab = pulse(p, n < TICKS / 2 ? p->shift : p->then);
	c.dab_first = n == TICKS / 2 ? pulse(p, (p->shift + p->then) / 2) : c.dab;
	return c;
}

/* A vehicle at the output, its contactor closed, nothing flows yet. */
static void begin(struct bench *x, const struct point *p, bool dead, u32 faster)
{
	bench_new(x);
	assert_true(plant_cfg_model(&x->cfg, p->model));
	x->cfg.cells = p->cells;
	x->cfg.soc_permille = p->soc_permille;
	x->cfg.loss_idle_mw = 0;
	x->cfg.r_bleed_ohm = 10000000;
	if (!dead) {
		x->cfg.dab_dead_ns = 0;
		x->cfg.dab_coss_pf = 0;
	}
	tick = 1.0 / x->cfg.tick_hz;
	half = 0.5 / x->cfg.dab_f_hz;
	x->cfg.tick_hz *= faster;
	plant_env_default(&x->cfg, &x->env);
	plant_init(&x->p, &x->cfg);
	x->env.car.plugged = 1;
	x->env.car.ready = 1;
	bench_env(x);
	bench_run(x, 1);
	x->p.v_out = x->p.v_batt * (1 << 20);
	x->cmd.contactors = V2X_CONTACTOR_EV;
	x->p.coil_state = V2X_CONTACTOR_EV;
	bench_run(x, 1);
	x->p.v_dc = (s64)x->cfg.v_dc_mv * (1LL << 40) / 1000;
}

/* At rest the legs stand as in the middle of a pulse. */
static void switches(struct bench *x, struct dab *d)
{
	dab_init(d, &x->cfg);
	dab_switches(&x->p, &x->cmd, false, d);
	x->p.dab = dab_switches;
	x->p.dab_context = d;
}

static void one_tick(struct bench *x, const struct point *p, int n, bool held)
{
	if (held)
		x->p.v_dc = (s64)x->cfg.v_dc_mv * (1LL << 40) / 1000;
	x->p.active = command(p, n);
	x->cmd = x->p.active;
	bench_run(x, 1);
	assert_int_equal(x->p.lines, 0);
}

/* The leakage current within a tick: the whole plant in short ticks. */
static void sample_wave(const struct point *at, int n)
{
	struct bench *x = &short_ticks;

	x->cmd = command(at, n);
	for (int i = 0; i < FINE; i++) {
		if (i >= (int)lround(FINE * half / tick))
			x->cmd.dab_first = x->cmd.dab;
		x->p.active = x->cmd;
		x->p.v_dc = (s64)x->cfg.v_dc_mv * (1LL << 40) / 1000;
		plant_step(&x->p, &x->cmd);
		wave[n * FINE + i] = fine.i_leak;
	}
}

static void run_plants(const struct point *p, bool dead, bool held)
{
	begin(&b, p, dead, 1);
	begin(&mean, p, dead, 1);
	begin(&short_ticks, p, dead, FINE);
	switches(&b, &sw);
	switches(&short_ticks, &fine);
	ocv = Q40D(b.p.v_out);
	for (int n = 0; n < TICKS; n++) {
		const double v = Q40D(b.p.v_out), v_mean = Q40D(mean.p.v_out);

		one_tick(&b, p, n, held);
		one_tick(&mean, p, n, held);
		if (!dead)
			sample_wave(p, n);
		p_switches[n] = v * Q20D(b.p.i_dcdc);
		p_averaged[n] = v_mean * Q20D(mean.p.i_dcdc);
		v_switches[n] = Q40D(b.p.v_dc);
		v_averaged[n] = Q40D(mean.p.v_dc);
	}
}

static double fraction(double x)
{
	return x - floor(x);
}

/* Half periods from the middle of a positive pulse until the leg goes up. */
static double rises(const struct v2x_dab_pulse *p, int leg)
{
	const double w = (leg < 2 ? p->link_q24 : p->out_q24) * 0x1p-25;

	return (leg < 2 ? 0 : p->shift_q24 * 0x1p-24) + (leg & 1 ? w : -w);
}

struct gate {
	FILE *to;
	int leg;
	bool level;
	double dead;
};

static void go(struct gate *g, FILE *upper, FILE *lower, double t, bool up)
{
	const double on = t + g->dead;

	if (up == g->level)
		return;
	g->level = up;
	fprintf(up ? lower : upper, "\n+ %.12g 1 %.12g 0", t - EDGE_S / 2, t + EDGE_S / 2);
	fprintf(up ? upper : lower, "\n+ %.12g 0 %.12g 1", on - EDGE_S / 2, on + EDGE_S / 2);
}

/* A leg's two gates, as points in time. */
static void net_gates(const struct point *p, int leg, double dead)
{
	struct gate g = { .leg = leg, .level = !(leg & 1), .dead = dead > 0 ? dead : GAP_S };
	char *text[2];
	size_t len[2];
	FILE *upper = open_memstream(&text[0], &len[0]), *lower = open_memstream(&text[1], &len[1]);
	const int a_tick = (int)lround(tick / half);

	for (int k = 0; k < TICKS * a_tick; k++) {
		const struct v2x_gate_cmd c = command(p, k / a_tick);
		const struct v2x_dab_pulse *u = k % a_tick ? &c.dab : &c.dab_first;
		const double up = rises(u, leg) + (k & 1);
		const bool now = fraction(-up / 2) < 0.5;	/* up for one, down for one */

		if (k)
			go(&g, upper, lower, k * half, now);
		go(&g, upper, lower, (k + fraction(up)) * half, !now);
	}
	fclose(upper);
	fclose(lower);
	fprintf(sp.net, "Vu%d u%d 0 PWL(0 %d%s)\nVl%d l%d 0 PWL(0 %d%s)\n", leg, leg, !(leg & 1),
		text[0], leg, leg, leg & 1, text[1]);
	free(text[0]);
	free(text[1]);
}

static void net_leg(int leg, const char *rail, double coss_pf)
{
	fprintf(sp.net, "Su%d %s m%d u%d 0 sw\nDu%d m%d %s di\nCu%d %s m%d %.9gp\n", leg, rail, leg, leg,
		leg, leg, rail, leg, rail, leg, coss_pf);
	fprintf(sp.net, "Sl%d m%d 0 l%d 0 sw\nDl%d 0 m%d di\nCl%d m%d 0 %.9gp\n", leg, leg, leg, leg,
		leg, leg, leg, coss_pf);
}

/* Transformer by controlled sources; q1 and q2 are the charges of link and output, 0.1 C/V. */
static void net_bridge(const struct point *p, const struct plant_cfg *c)
{
	const double n = c->dab_n_permille * 1e-3, coss = c->dab_coss_pf ? c->dab_coss_pf : 2;

	for (int leg = 0; leg < LEGS; leg++) {
		net_gates(p, leg, c->dab_dead_ns * 1e-9);
		net_leg(leg, leg < 2 ? "link" : "out", coss);
	}
	fprintf(sp.net, ".model sw sw(vt=0.5 vh=0.1 ron=1m roff=10meg)\n"
		".model di d(is=1e-9 n=0.5 rs=5m)\n.options itl4=200\n");
	/* two switches of 1 mohm are in each bridge */
	fprintf(sp.net, "Vi1 m0 a0 0\nR1 a0 a1 %.9g\nL1 a1 a2 %.9g ic=0\nLm a2 m1 %.9g ic=0\n",
		c->dab_r_mohm * 0.5e-3 - 2e-3, c->dab_l_nh * 0.5e-9, c->dab_lm_nh * 1e-9);
	fprintf(sp.net, "L2 a2 a3 %.9g ic=0\nR2 a3 a4 %.9g\nVi2 a4 a5 0\nEt a5 m1 m2 m3 %.9g\n"
		"Ft m3 m2 vi2 %.9g\n", c->dab_l_nh * 0.5e-9, c->dab_r_mohm * 0.5e-3 - 2e-3 * n * n,
		n, n);
}

static void net_ends(const struct plant_cfg *c, bool held)
{
	const double v = c->v_dc_mv * 1e-3;

	if (held)
		fprintf(sp.net, "Vdc dc 0 %.9g\n", v);
	else
		fprintf(sp.net, "Cdc dc 0 %.9g ic=%.9g\n", c->c_dc_nf * 1e-9, v);
	fprintf(sp.net, "Ril dc link 1m\nVio out cap 0\nCout cap 0 %.9g ic=%.9g\n", c->c_out_nf * 1e-9,
		ocv);
	/* the middle of a pulse: the first leg of each bridge is high */
	fprintf(sp.net, ".ic v(dc)=%.9g v(link)=%.9g v(m0)=%.9g v(m1)=0 v(cap)=%.9g v(out)=%.9g "
		"v(m2)=%.9g v(m3)=0\n", v, v, v, ocv, ocv, ocv);
	fprintf(sp.net, "R0 cap oc %.9g\nVocv oc 0 %.9g\n", c->cells * 800e-6, ocv);
	fprintf(sp.net, "Bp 0 e I=v(cap)*i(vio)\nCe e 0 0.1 ic=0\nRe e 0 1e12\n");
}

static void run_spice(const struct point *p, bool held)
{
	spice_begin(&sp, p->what);
	net_bridge(p, &b.cfg);
	net_ends(&b.cfg, held);
	assert_int_equal(spice_run(&sp, TICKS * tick, 2e-8, "i(vi1) i(vi2) v(e) v(dc)", 4), 0);
}

/* Power into output and capacitor over the last quarter of either half, W. */
static double spice_power(int first, int ticks)
{
	return (spice_at(&sp, 2, (first + ticks) * tick) - spice_at(&sp, 2, first * tick)) * 0.1 /
	       (ticks * tick);
}

static double mean_of(const double *p, int first, int ticks)
{
	double sum = 0;

	for (int n = first; n < first + ticks; n++)
		sum += p[n] / ticks;
	return sum;
}

struct deviation {
	double switches, averaged, power;
};

static struct deviation powers(const struct point *p, double rated)
{
	const int quarter = TICKS / 4;
	struct deviation d = { 0 };

	for (int first = quarter; first < TICKS; first += 2 * quarter) {
		const double want = spice_power(first, quarter);

		d.power = want;
		d.switches = fmax(d.switches, fabs(mean_of(p_switches, first, quarter) - want));
		d.averaged = fmax(d.averaged, fabs(mean_of(p_averaged, first, quarter) - want));
	}
	print_message("# %s %s: %.0f W; switches within %.2f %%, averaged within %.2f %% of rated\n",
		      p->model, p->what, d.power, d.switches / rated * 100, d.averaged / rated * 100);
	return d;
}

static double wave_deviation(double *peak)
{
	double worst = 0;

	*peak = 0;
	for (int i = 0; i < TICKS * FINE; i++) {
		const double t = (i + 1) * tick / FINE;
		const double want = (spice_at(&sp, 0, t) + spice_at(&sp, 1, t)) / 2;

		worst = fmax(worst, fabs(wave[i] - want));
		*peak = fmax(*peak, fabs(want));
	}
	return worst;
}

static void without_dead_time_currents_and_powers_agree(void **state)
{
	(void)state;
	if (!spice_there())
		skip();
	for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
		struct deviation d;
		double peak, worst, rated;

		run_plants(&points[i], false, true);
		run_spice(&points[i], true);
		rated = b.cfg.p_max_w;
		d = powers(&points[i], rated);
		worst = wave_deviation(&peak);
		print_message("#   leakage current up to %.1f A within %.2f %%\n", peak,
			      worst / peak * 100);
		spice_free(&sp);
		assert_true(d.switches < SWITCHES_TOL * rated);
		assert_true(d.averaged < AVERAGED_TOL * rated);
		assert_true(worst < WAVE_TOL * peak);
	}
}

static void with_dead_time_the_switching_model_agrees(void **state)
{
	(void)state;
	if (!spice_there())
		skip();
	for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i += 2) {
		struct deviation d;
		double rated;

		run_plants(&points[i], true, true);
		run_spice(&points[i], true);
		rated = b.cfg.p_max_w;
		d = powers(&points[i], rated);
		spice_free(&sp);
		assert_true(d.switches < DEAD_TIME_TOL * rated);
	}
}

/* Nothing but its capacitor feeds the link. */
static void the_link_gives_the_battery_what_it_loses(void **state)
{
	const struct point *p = &points[1];
	double moved, worst[2] = { 0 };

	(void)state;
	if (!spice_there())
		skip();
	run_plants(p, false, false);
	run_spice(p, false);
	moved = fabs(spice_at(&sp, 3, TICKS * tick) - b.cfg.v_dc_mv * 1e-3);
	for (int n = 0; n < TICKS; n++) {
		const double want = spice_at(&sp, 3, (n + 1) * tick);

		worst[0] = fmax(worst[0], fabs(v_switches[n] - want));
		worst[1] = fmax(worst[1], fabs(v_averaged[n] - want));
	}
	print_message("# link lost %.1f V: switches within %.3f V, averaged within %.3f V\n", moved,
		      worst[0], worst[1]);
	spice_free(&sp);
	assert_true(moved > 5);
	assert_true(worst[0] < LINK_TOL * moved);
	assert_true(worst[1] < LINK_TOL * moved);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_dead_time_currents_and_powers_agree),
		cmocka_unit_test(with_dead_time_the_switching_model_agrees),
		cmocka_unit_test(the_link_gives_the_battery_what_it_loses),
	};

	if (!spice_there())
		print_message("# ngspice is not installed: nothing to compare with\n");
	return cmocka_run_group_tests_name("v2xsim-dab-spice", tests, NULL, NULL);
}
