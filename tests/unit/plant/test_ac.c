// SPDX-License-Identifier: Apache-2.0
/*
 * LCL filter and bridge: resonance, decay, agreement with an independent
 * double-precision integration, diode rectifier.
 */
#include <math.h>
#include "bench.h"

static struct bench b;

#define L1	2.0e-3
#define R1	0.08
#define CF	3.3e-6
#define RD	0.3
#define TICK	50e-6

static double stored_energy(double l2)
{
	double e = 0;

	for (int x = 0; x < 3; x++) {
		double i1 = Q40D(b.p.i1[x]), i2 = Q40D(b.p.i2[x]), vc = Q40D(b.p.vc[x]);

		e += 0.5 * (L1 * i1 * i1 + l2 * i2 * i2 + CF * vc * vc);
	}
	return e;
}

/* Dead grid, bridge shorting the filter's input: the filter rings by itself. */
static void ring(double v_c)
{
	bench_new(&b);
	b.env.grid.voltage_mpu = 0;
	b.env.grid.rg_uohm = 0;
	b.env.grid.lg_nh = 0;
	bench_env(&b);
	bench_close(&b, 800);
	b.cmd.gates = true;
	bench_run(&b, 2);
	b.p.vc[0] = (s64)(v_c * 1099511627776.0);
	b.p.vc[1] = -b.p.vc[0] / 2;
	b.p.vc[2] = -b.p.vc[0] - b.p.vc[1];
}

static double spectrum(const double *y, int n, double f)
{
	double re = 0, im = 0;

	for (int i = 0; i < n; i++) {
		re += y[i] * cos(2 * M_PI * f * i * TICK);
		im += y[i] * sin(2 * M_PI * f * i * TICK);
	}
	return hypot(re, im);
}

static void resonance_is_where_it_belongs(void **state)
{
	static double y[400];
	double best = 0, f_best = 0;

	(void)state;
	ring(100);
	for (int i = 0; i < 400; i++) {
		bench_run(&b, 1);
		y[i] = Q40D(b.p.vc[0]);
	}
	for (double f = 3500; f < 5500; f += 2) {
		double a = spectrum(y, 400, f);

		if (a > best) {
			best = a;
			f_best = f;
		}
	}
	/* sqrt((L1 + L2) / (L1 L2 C)) / 2 pi = 4381 Hz */
	assert_true(fabs(f_best / 4381 - 1) < 0.01);
}

static void stored_energy_decays_and_nothing_is_left(void **state)
{
	double before = 1e9;

	(void)state;
	ring(100);
	/* A symplectic step keeps energy up to a ripple: compare peaks of 1 ms. */
	for (int ms = 0; ms < 30; ms++) {
		double peak = 0;

		for (int i = 0; i < 20; i++) {
			bench_run(&b, 1);
			peak = fmax(peak, stored_energy(0.5e-3));
		}
		assert_true(peak < before);
		before = peak;
	}
	bench_run(&b, 40000);
	assert_true(stored_energy(0.5e-3) < 1e-12);
}

struct ref {
	double i1[3], i2[3], vc[3];
};

static void derivative(const struct ref *s, const double leg[3], const double src[3],
		       double l2, double r2, struct ref *d)
{
	for (int x = 0; x < 3; x++) {
		double vn = s->vc[x] + RD * (s->i2[x] - s->i1[x]);

		d->i1[x] = (vn - leg[x] - R1 * s->i1[x]) / L1;
		d->i2[x] = (src[x] - vn - r2 * s->i2[x]) / l2;
		d->vc[x] = (s->i2[x] - s->i1[x]) / CF;
	}
}

static struct ref moved(const struct ref *s, const struct ref *d, double h)
{
	struct ref r;

	for (int x = 0; x < 3; x++) {
		r.i1[x] = s->i1[x] + h * d->i1[x];
		r.i2[x] = s->i2[x] + h * d->i2[x];
		r.vc[x] = s->vc[x] + h * d->vc[x];
	}
	return r;
}

/* One period by 50 steps of the classic fourth-order Runge-Kutta method. */
static void ref_period(struct ref *s, const double leg[3], double t, double l2, double r2)
{
	const double h = TICK / 50;

	for (int n = 0; n < 50; n++) {
		struct ref k1, k2, k3, k4, q;
		double src[3][3];

		for (int j = 0; j < 3; j++)
			for (int x = 0; x < 3; x++)
				src[j][x] = 230 * M_SQRT2 *
					cos(2 * M_PI * (50 * (t + (n + j * 0.5) * h) - x / 3.0));
		derivative(s, leg, src[0], l2, r2, &k1);
		q = moved(s, &k1, h / 2);
		derivative(&q, leg, src[1], l2, r2, &k2);
		q = moved(s, &k2, h / 2);
		derivative(&q, leg, src[1], l2, r2, &k3);
		q = moved(s, &k3, h);
		derivative(&q, leg, src[2], l2, r2, &k4);
		*s = moved(s, &k1, h / 6);
		*s = moved(s, &k2, h / 3);
		*s = moved(s, &k3, h / 3);
		*s = moved(s, &k4, h / 6);
	}
}

/* Bridge voltage that draws some 16 A: behind the grid by 0.045 rad. */
static double leg_reference(double t, int x)
{
	return 0.8 * cos(2 * M_PI * (50 * t - x / 3.0) - 0.045);
}

struct deviation {
	double worst, square, peak;
};

static void compare(struct deviation *d, const struct ref *s)
{
	for (int x = 0; x < 3; x++) {
		double e = Q40D(b.p.i1[x]) - s->i1[x];

		d->worst = fmax(d->worst, fabs(e));
		d->square += e * e;
		d->peak = fmax(d->peak, fabs(s->i1[x]));
	}
}

/*
 * From the same start, first through the excited resonance, whose frequency
 * is 0.7 % off by design, then after it has decayed.
 */
static void agrees_with_runge_kutta(void **state)
{
	const double l2 = 0.55e-3, r2 = 0.13;
	struct deviation early = { 0 }, late = { 0 };
	struct ref s;

	(void)state;
	bench_new(&b);
	bench_close(&b, 800);
	b.cmd.gates = true;
	bench_run(&b, 1);
	double t = (b.p.k.close_ticks + 3) * TICK;

	for (int x = 0; x < 3; x++) {
		s.i1[x] = Q40D(b.p.i1[x]);
		s.i2[x] = Q40D(b.p.i2[x]);
		s.vc[x] = Q40D(b.p.vc[x]);
	}
	for (int n = 0; n < 8000; n++, t += TICK) {
		double leg[3];

		for (int x = 0; x < 3; x++) {
			leg[x] = b.p.active.leg_q24[x] / 16777216.0 * 400;
			b.cmd.leg_q24[x] = (s32)(leg_reference(t, x) * 16777216.0);
		}
		b.p.v_dc = 800LL << 40;
		bench_run(&b, 1);
		ref_period(&s, leg, t, l2, r2);
		compare(n < 4000 ? &early : &late, &s);
	}
	print_message("# peak %.2f A; worst deviation early %.3f A, late %.3f A\n",
		      late.peak, early.worst, late.worst);
	assert_true(late.peak > 10);
	assert_true(late.worst < 0.005 * late.peak);
	assert_true(sqrt(early.square / 12000) < 0.05 * early.peak);
}

static void three_wires_carry_no_sum(void **state)
{
	(void)state;
	bench_new(&b);
	b.env.grid.unbalance_permille = 100;
	b.env.grid.dc_permille = 10;
	bench_env(&b);
	bench_close(&b, 800);
	b.cmd.gates = true;
	b.cmd.leg_q24[0] = 1 << 22;	/* common mode drives nothing */
	b.cmd.leg_q24[1] = 1 << 22;
	b.cmd.leg_q24[2] = 1 << 22;
	for (int i = 0; i < 1000; i++) {
		bench_run(&b, 1);
		assert_int_equal(b.p.i1[0] + b.p.i1[1] + b.p.i1[2], 0);
		assert_int_equal(b.p.i2[0] + b.p.i2[1] + b.p.i2[2], 0);
		b.p.lines = 0;
	}
}

static void common_mode_draws_no_current(void **state)
{
	(void)state;
	bench_new(&b);
	b.env.grid.voltage_mpu = 0;
	bench_env(&b);
	bench_close(&b, 800);
	b.cmd.gates = true;
	for (int x = 0; x < 3; x++)
		b.cmd.leg_q24[x] = 1 << 23;
	bench_run(&b, 2000);
	for (int x = 0; x < 3; x++)
		assert_true(fabs(Q40D(b.p.i1[x])) < 1e-3);
}

static void precharge_reaches_the_rectified_peak(void **state)
{
	double tau = 2 * 50 * 0.8e-3, at_tau;

	(void)state;
	bench_new(&b);
	b.cmd.contactors = V2X_CONTACTOR_PRECHARGE;
	bench_run(&b, b.p.k.close_ticks + (unsigned int)(tau / TICK));
	at_tau = Q40D(b.p.v_dc);
	/* 1 - 1/e of 563 V, less what the valleys of the rectified wave miss */
	assert_true(at_tau > 270 && at_tau < 356);
	bench_run(&b, (unsigned int)(5 * tau / TICK));
	assert_true(Q40D(b.p.v_dc) > 0.95 * 230 * sqrt(6));
	assert_true(Q40D(b.p.v_dc) < 230 * sqrt(6));
	b.cmd.contactors = 0;
	bench_run(&b, 5 * 20000);
	assert_true(Q40D(b.p.v_dc) < 60);	/* discharged within 5 s */
}

static void rectifier_never_exceeds_and_never_backfeeds(void **state)
{
	(void)state;
	bench_new(&b);
	bench_close(&b, 400);
	for (int i = 0; i < 4000; i++) {
		double before = Q40D(b.p.v_dc);

		bench_run(&b, 1);
		b.p.lines = 0;
		assert_int_equal(b.p.i1[0] + b.p.i1[1] + b.p.i1[2], 0);
		assert_true(b.p.i_bridge >= 0);
		assert_true(Q40D(b.p.v_dc) > before - 0.01);
	}
	bench_close(&b, 800);	/* above the peak: nothing flows */
	bench_run(&b, 2000);
	for (int x = 0; x < 3; x++)
		assert_int_equal(b.p.i1[x], 0);
}

static void gates_off_takes_current_down_through_the_diodes(void **state)
{
	(void)state;
	bench_new(&b);
	bench_close(&b, 800);
	b.cmd.gates = true;
	for (int n = 0; n < 1000; n++) {
		for (int x = 0; x < 3; x++)
			b.cmd.leg_q24[x] = (s32)(16777216.0 *
				leg_reference((b.p.k.close_ticks + 3 + (u32)n) * TICK, x));
		b.p.v_dc = 800LL << 40;
		bench_run(&b, 1);
	}
	assert_true(fabs(Q40D(b.p.i1[0])) + fabs(Q40D(b.p.i1[1])) > 5);
	b.cmd.gates = false;
	bench_run(&b, 10);	/* 0.5 ms: 25 A in 2 mH against 400 V takes 0.2 ms */
	for (int x = 0; x < 3; x++)
		assert_int_equal(b.p.i1[x], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(resonance_is_where_it_belongs),
		cmocka_unit_test(stored_energy_decays_and_nothing_is_left),
		cmocka_unit_test(agrees_with_runge_kutta),
		cmocka_unit_test(three_wires_carry_no_sum),
		cmocka_unit_test(common_mode_draws_no_current),
		cmocka_unit_test(precharge_reaches_the_rectified_peak),
		cmocka_unit_test(rectifier_never_exceeds_and_never_backfeeds),
		cmocka_unit_test(gates_off_takes_current_down_through_the_diodes),
	};

	return cmocka_run_group_tests_name("plant-ac", tests, NULL, NULL);
}
