// SPDX-License-Identifier: Apache-2.0
/* Grid tracker against waveforms made with doubles. */
#include "test.h"

#include "grid_tracker.h"
#include "schedule.h"

#define FS	20000.0
#define V_PEAK	(230.0 * M_SQRT2)

/* A grid, and what is wrong with it. */
struct wave {
	double f;	/* Hz */
	double df;	/* Hz a second */
	double v;	/* V peak */
	double dc;	/* V, on phase a */
	double h5, h7;	/* of v; 5th is negative sequence */
	double neg;	/* of v */
	double phase;	/* rad */
};

struct bench {
	struct v2x_tracker_k k;
	struct v2x_tracker t;
	struct wave w;
	double angle;
	unsigned long n;
};

static void begin(struct bench *b, double f)
{
	memset(b, 0, sizeof(*b));
	v2x_tracker_init(&b->k, &b->t, (u32)FS, 50000, 230000);
	b->w.f = f;
	b->w.v = V_PEAK;
}

static s32 q8(double volt)
{
	return (s32)lround(volt * 256000);
}

/* One sample; returns the angle error in degrees. */
static double sample(struct bench *b)
{
	const struct wave *w = &b->w;
	double a = b->angle + w->phase, err;
	s32 abc[3];

	for (int i = 0; i < 3; i++) {
		double s = -2 * M_PI / 3 * i;
		double v = cos(a + s) + w->neg * cos(a - s) + w->h5 * cos(5 * a - s) +
			   w->h7 * cos(7 * a + s);

		abc[i] = q8(w->v * v + (i ? 0 : w->dc));
	}
	v2x_tracker_slow(&b->k, &b->t, b->n++ % V2X_ROUND_TICKS);
	v2x_tracker_step(&b->k, &b->t, v2x_clarke(abc));
	err = (double)b->t.theta / 4294967296.0 * 360 - a * 180 / M_PI;
	b->w.f += w->df / FS;
	b->angle = fmod(b->angle + 2 * M_PI * b->w.f / FS, 2 * M_PI);
	return remainder(err, 360);
}

static double hz(const struct bench *b)
{
	return (double)b->t.w_q12 / 17592186044416.0 * FS;	/* 2^44 */
}

struct result {
	double rms, worst, mean, f_lo, f_hi;
};

static struct result run(struct bench *b, double seconds)
{
	struct result r = { .f_lo = 1e9 };
	unsigned long n = (unsigned long)(seconds * FS);
	double e;

	for (unsigned long i = 0; i < n; i++) {
		e = sample(b);
		r.rms += e * e;
		r.mean += e;
		r.worst = fmax(r.worst, fabs(e));
		r.f_lo = fmin(r.f_lo, hz(b));
		r.f_hi = fmax(r.f_hi, hz(b));
	}
	r.rms = sqrt(r.rms / (double)n);
	r.mean /= (double)n;
	return r;
}

static void no_angle_error_at_any_frequency(void **state)
{
	const double f[] = { 45.5, 47.5, 49, 50, 50.5, 52, 60, 65 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(f); i++) {
		struct bench b;
		struct result r;

		begin(&b, f[i]);
		run(&b, 1.0);
		r = run(&b, 0.2);
		assert_true(r.worst < 0.001);
		assert_near(hz(&b), f[i], 1e-4);
		assert_near((double)b.t.vd_q8 / 256000, V_PEAK, 0.01);
	}
}

static void dc_of_two_percent_leaves_no_trace(void **state)
{
	struct bench b;
	struct result r;

	(void)state;
	begin(&b, 50.3);
	b.w.dc = 0.02 * V_PEAK;
	run(&b, 2.0);
	r = run(&b, 0.2);
	assert_true(r.worst < 0.005);
	assert_near(hz(&b), 50.3, 1e-3);
	assert_near((double)b.t.dc.x / 256000, b.w.dc * 2 / 3, 0.05);
}

static void harmonics_give_less_than_a_tenth_of_a_degree(void **state)
{
	struct bench b;
	struct result r;

	(void)state;
	begin(&b, 50);
	b.w.h5 = 0.05;
	b.w.h7 = 0.03;
	run(&b, 1.0);
	r = run(&b, 0.2);
	assert_true(r.rms < 0.1);
	assert_true(r.rms > 0.001);	/* they are there */
	assert_near(r.mean, 0, 0.01);
}

static void unbalance_of_ten_percent_is_separated(void **state)
{
	struct bench b;
	struct result r;

	(void)state;
	begin(&b, 50.2);
	b.w.neg = 0.1;
	run(&b, 1.0);
	r = run(&b, 0.2);
	assert_true(r.worst < 0.002);
	assert_near(hypot((double)b.t.n.x, (double)b.t.n.y) / 256000, 0.1 * V_PEAK, 0.02);
}

static void a_jump_of_30_degrees_is_followed_in_40_ms(void **state)
{
	struct bench b;

	(void)state;
	begin(&b, 50);
	run(&b, 1.0);
	b.w.phase = 30 * M_PI / 180;
	run(&b, 0.040);
	assert_true(run(&b, 0.1).worst < 1.0);
}

static void a_jump_of_90_degrees_is_followed(void **state)
{
	struct bench b;

	(void)state;
	begin(&b, 50);
	run(&b, 1.0);
	b.w.phase = M_PI / 2;
	run(&b, 0.15);
	assert_true(run(&b, 0.1).worst < 0.5);
}

static void a_ramp_of_1_hz_per_s_is_followed_within_6_hundredths_degree(void **state)
{
	struct bench b;
	struct result r;

	(void)state;
	begin(&b, 49);
	run(&b, 1.0);
	b.w.df = 1;
	run(&b, 0.5);
	/* type 2 loop: 360 * rate / wn^2 = 360 / (2 pi 20)^2 = 0.023, and the filter's lag */
	r = run(&b, 0.5);
	assert_true(r.worst < 0.06);
	assert_near(hz(&b), b.w.f, 0.02);
}

static void a_sag_to_a_fifth_keeps_the_lock(void **state)
{
	struct result sag, settled, back;
	struct bench b;

	(void)state;
	begin(&b, 50.1);
	run(&b, 1.0);
	b.w.v = 0.2 * V_PEAK;
	sag = run(&b, 0.1);
	settled = run(&b, 0.2);
	b.w.v = V_PEAK;
	back = run(&b, 0.1);
	print_message("degrees: sag %.2f, in it %.3f, back %.2f\n", sag.worst, settled.worst,
		      back.worst);
	/* the sequences are apart again after half a cycle; until then p leans */
	assert_true(sag.worst < 45);
	assert_true(settled.worst < 0.1);
	assert_true(back.worst < 20);
	assert_true(run(&b, 0.2).worst < 0.1);
}

static void a_dead_grid_leaves_the_nominal_frequency(void **state)
{
	struct bench b;

	(void)state;
	begin(&b, 50.4);
	run(&b, 1.0);
	b.w.v = 0;
	run(&b, 0.2);
	assert_false(b.t.live);
	assert_near(hz(&b), 50, 1e-4);
	b.w.v = V_PEAK;
	run(&b, 0.4);
	assert_true(b.t.live);
	assert_true(run(&b, 0.1).worst < 0.1);
}

static void frequency_is_clamped(void **state)
{
	struct bench b;
	struct result r;

	(void)state;
	begin(&b, 75);
	r = run(&b, 1.0);
	assert_true(r.f_hi < 67.0);
	begin(&b, 40);
	r = run(&b, 1.0);
	assert_true(r.f_lo > 44.0);
}

static void skipped_samples_do_not_lose_the_angle(void **state)
{
	struct bench b;

	(void)state;
	begin(&b, 50);
	run(&b, 1.0);
	for (int i = 0; i < 20; i++) {
		b.angle += 2 * M_PI * b.w.f / FS * 37;
		v2x_tracker_skip(&b.t, 37);
		assert_true(fabs(sample(&b)) < 0.001);
	}
}

/* Likewise for one phase. */
static void begin_single(struct bench *b, double f)
{
	begin(b, f);
	v2x_tracker_init_single(&b->k);
}

static double sample_single(struct bench *b)
{
	const struct wave *w = &b->w;
	double a = b->angle + w->phase, err;
	double v = cos(a) + w->h5 * cos(5 * a) + w->h7 * cos(7 * a);

	v2x_tracker_slow(&b->k, &b->t, b->n++ % V2X_ROUND_TICKS);
	v2x_tracker_step_single(&b->k, &b->t, q8(w->v * v + w->dc));
	err = (double)b->t.theta / 4294967296.0 * 360 - a * 180 / M_PI;
	b->angle = fmod(b->angle + 2 * M_PI * b->w.f / FS, 2 * M_PI);
	return remainder(err, 360);
}

static struct result run_single(struct bench *b, double seconds)
{
	struct result r = { .f_lo = 1e9 };
	unsigned long n = (unsigned long)(seconds * FS);

	for (unsigned long i = 0; i < n; i++) {
		double e = sample_single(b);

		r.rms += e * e;
		r.worst = fmax(r.worst, fabs(e));
		r.f_lo = fmin(r.f_lo, hz(b));
		r.f_hi = fmax(r.f_hi, hz(b));
	}
	r.rms = sqrt(r.rms / (double)n);
	return r;
}

static void one_phase_has_no_angle_error_at_any_frequency(void **state)
{
	const double f[] = { 45.1, 47.5, 50, 50.5, 52, 60, 65.9 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(f); i++) {
		struct bench b;
		struct result r;

		begin_single(&b, f[i]);
		run_single(&b, 1.5);
		r = run_single(&b, 0.2);
		print_message("%.1f Hz: %.5f degrees, %.5f .. %.5f Hz\n", f[i], r.worst, r.f_lo, r.f_hi);
		assert_true(r.worst < 0.01);
		assert_true(r.f_lo > f[i] - 1e-3 && r.f_hi < f[i] + 1e-3);
	}
}

static void one_phase_harmonics_give_less_than_a_tenth_of_a_degree(void **state)
{
	struct bench b;
	double rms;

	(void)state;
	begin_single(&b, 50);
	b.w.h5 = 0.05;
	b.w.h7 = 0.03;
	run_single(&b, 1.5);
	rms = run_single(&b, 0.2).rms;
	print_message("5 %% 5th, 3 %% 7th: %.4f degrees rms\n", rms);
	assert_true(rms < 0.1 && rms > 0.001);
}

static void one_phase_dc_leaves_no_trace(void **state)
{
	struct bench b;
	double worst;

	(void)state;
	begin_single(&b, 50.3);
	b.w.dc = 0.02 * V_PEAK;
	run_single(&b, 2.0);
	worst = run_single(&b, 0.2).worst;
	print_message("2 %% DC: %.5f degrees\n", worst);
	assert_true(worst < 0.05);
}

static void one_phase_jump_of_30_degrees_is_followed_in_45_ms(void **state)
{
	double worst = 0;

	(void)state;
	for (int at = 0; at < 20; at++) {	/* wherever in the cycle it happens */
		struct bench b;
		int last = 0;

		begin_single(&b, 50);
		run_single(&b, 1.0 + at * 1e-3);
		b.w.phase = 30 * M_PI / 180;
		for (int i = 0; i < 3000; i++)
			if (fabs(sample_single(&b)) > 1)
				last = i + 1;
		worst = fmax(worst, last * 50e-6);
	}
	print_message("30 degrees: within 1 degree after %.1f ms\n", worst * 1e3);
	assert_true(worst < 0.045);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_angle_error_at_any_frequency),
		cmocka_unit_test(dc_of_two_percent_leaves_no_trace),
		cmocka_unit_test(harmonics_give_less_than_a_tenth_of_a_degree),
		cmocka_unit_test(unbalance_of_ten_percent_is_separated),
		cmocka_unit_test(a_jump_of_30_degrees_is_followed_in_40_ms),
		cmocka_unit_test(a_jump_of_90_degrees_is_followed),
		cmocka_unit_test(a_ramp_of_1_hz_per_s_is_followed_within_6_hundredths_degree),
		cmocka_unit_test(a_sag_to_a_fifth_keeps_the_lock),
		cmocka_unit_test(a_dead_grid_leaves_the_nominal_frequency),
		cmocka_unit_test(frequency_is_clamped),
		cmocka_unit_test(skipped_samples_do_not_lose_the_angle),
		cmocka_unit_test(one_phase_has_no_angle_error_at_any_frequency),
		cmocka_unit_test(one_phase_harmonics_give_less_than_a_tenth_of_a_degree),
		cmocka_unit_test(one_phase_dc_leaves_no_trace),
		cmocka_unit_test(one_phase_jump_of_30_degrees_is_followed_in_45_ms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
