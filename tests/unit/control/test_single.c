// SPDX-License-Identifier: Apache-2.0
/* One phase, and split phase with neutral leg, on a plant in doubles. */
#include "test.h"

#include "mini.h"

static struct mini m;

struct bridge {
	u32 phases, f_hz;
	double vdc;
};

static const struct bridge bridges[] = {
	{ 1, 50, 400 }, { 1, 60, 400 }, { 1, 50, 800 }, { 2, 60, 400 }, { 2, 50, 400 },
};

static double rated(void)
{
	return m.desc.p_import_max_mw / 1e3;
}

static void at_power(const struct bridge *b, double share)
{
	mini_init(&m, b->phases, b->f_hz, b->vdc);
	assert_true(mini_run(&m));
	mini_power(&m, share * rated(), 0);
	mini_ms(&m, 600);
	assert_int_equal(m.ctl.seq.state, V2X_STATE_RUN);
}

static void power_and_reactive_power_are_the_reference_both_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bridges); i++) {
		at_power(&bridges[i], 0);
		for (double p = -0.9; p <= 0.9; p += 0.45) {
			mini_power(&m, p * rated(), 0.3 * rated());
			mini_ms(&m, 1000);
			print_message("%u phases %u Hz %.0f V: P %d W (%.0f), Q %d var (%.0f)\n",
				      m.desc.phases, bridges[i].f_hz, bridges[i].vdc, m.cycle.p_mw / 1000,
				      p * rated(), m.cycle.q_mvar / 1000, 0.3 * rated());
			if (p < -0.1 || p > 0.1)
				assert_near(m.cycle.p_mw / 1e3, p * rated(), 0.01 * rated());
			assert_near(m.cycle.q_mvar / 1e3, 0.3 * rated(), 0.015 * rated());
		}
		assert_int_equal(m.trips, 0);
	}
}

static void current_is_clean_in_a_distorted_grid(void **state)
{
	double a[41], thd;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bridges); i++) {
		at_power(&bridges[i], 0.95);
		m.env.h3 = 0.03;
		m.env.h5 = 0.04;
		m.env.h7 = 0.03;
		mini_ms(&m, 500);
		thd = mini_harmonic(&m, a, 40);
		print_message("%u phases %u Hz %.0f V: THD %.2f %%, 3rd %.2f, 5th %.2f, 7th %.2f %%\n",
			      m.desc.phases, bridges[i].f_hz, bridges[i].vdc, 100 * thd,
			      100 * a[3] / a[1], 100 * a[5] / a[1], 100 * a[7] / a[1]);
		assert_true(thd < 0.03);
		/* 2 % of swing in the reference would be 1 % of third harmonic */
		assert_true(a[3] / a[1] < 0.01);
	}
}

static void the_link_swings_by_what_its_capacitor_says_and_the_current_does_not(void **state)
{
	double lo = 1e9, hi = 0, want;

	(void)state;
	at_power(&bridges[0], 1.0);
	for (int i = 0; i < 4000; i++) {
		mini_tick(&m);
		lo = fmin(lo, m.vdc);
		hi = fmax(hi, m.vdc);
	}
	want = rated() / (2 * M_PI * 50 * m.cdc * 400);
	print_message("swing of the link %.1f V, P / (w C V) is %.1f V\n", hi - lo, want);
	assert_near(hi - lo, want, 0.05 * want);
	assert_near((hi + lo) / 2, 400, 2);
}

/* Mean of the power over half a cycle, W: what a step of it can be seen by. */
static double half_cycle(double *ring, unsigned int n, double *sum, unsigned int *at)
{
	*sum += m.p_grid - ring[*at];
	ring[*at] = m.p_grid;
	*at = (*at + 1) % n;
	return *sum / n;
}

static void step(double from, double to, double *t90, double *over)
{
	static double ring[200];
	double sum = 0, p;
	unsigned int at = 0;

	memset(ring, 0, sizeof(ring));
	mini_power(&m, from, 0);
	mini_ms(&m, 600);
	for (int i = 0; i < 400; i++) {
		mini_tick(&m);
		half_cycle(ring, 200, &sum, &at);
	}
	mini_power(&m, to, 0);
	*t90 = 1e9;
	*over = 0;
	for (int i = 0; i < 6000; i++) {
		mini_tick(&m);
		p = half_cycle(ring, 200, &sum, &at);
		if (*t90 > 1e8 && fabs(p - from) >= 0.9 * fabs(to - from))
			*t90 = i * 50e-6;
		*over = fmax(*over, (to > from ? p - to : to - p) / rated());
	}
}

static void a_step_takes_20_ms_and_overshoots_5_percent_at_most(void **state)
{
	double t, over;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bridges); i++) {
		if (bridges[i].f_hz != 50)
			continue;
		at_power(&bridges[i], 0);
		step(0, 0.98 * rated(), &t, &over);
		print_message("%u phases: 0 to rated %.1f ms, overshoot %.1f %%;", m.desc.phases,
			      t * 1e3, over * 100);
		assert_true(t < 0.02 && over < 0.05);
		step(0.98 * rated(), -0.98 * rated(), &t, &over);
		print_message(" rated to minus rated %.1f ms, %.1f %%\n", t * 1e3, over * 100);
		/* of which half a cycle is the mean's, with which it is seen */
		assert_true(t < 0.03 && over < 0.05);
	}
}

static void grids_from_stiff_to_weak_are_stable(void **state)
{
	static const double lg[] = { 0, 0.1e-3, 0.3e-3, 1e-3, 3e-3, 6e-3, 11e-3 };
	double a[41], thd;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lg); i++) {
		at_power(&bridges[0], 0);
		m.env.lg = lg[i];
		m.env.rg = 0.05 + 31 * lg[i];
		mini_ms(&m, 300);
		/* discharging: SCR 2 is 230^2 / 7360 / 2 = 3.6 ohm = 11.4 mH */
		mini_power(&m, -0.8 * rated(), 0);
		mini_ms(&m, 1000);
		thd = mini_harmonic(&m, a, 40);
		print_message("%5.2f mH: P %d W, THD %.2f %%\n", lg[i] * 1e3, m.cycle.p_mw / 1000,
			      thd * 100);
		assert_int_equal(m.ctl.seq.state, V2X_STATE_RUN);
		assert_near(m.cycle.p_mw / 1e3, -0.8 * rated(), 0.02 * rated());
		assert_true(thd < 0.03);
	}
}

static void the_neutral_carries_nothing(void **state)
{
	double worst = 0;

	(void)state;
	at_power(&bridges[3], 0.9);
	m.env.h3 = 0.02;
	mini_ms(&m, 300);
	for (int i = 0; i < 4000; i++) {
		mini_tick(&m);
		worst = fmax(worst, fabs(m.x[0] + m.x[3]));
	}
	print_message("current of the neutral leg: %.2f A peak of %.1f A\n", worst, 32 * M_SQRT2);
	assert_true(worst < 0.02 * 32 * M_SQRT2);
}

static void dc_of_the_bridge_does_not_reach_the_grid(void **state)
{
	double a[41];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bridges); i += 3) {
		at_power(&bridges[i], 0.5);
		m.env.leg_dc = 0.005;	/* of the link: 2 V and more, 15 A on what resists */
		mini_ms(&m, 6000);
		mini_harmonic(&m, a, 40);
		print_message("%u phases: DC %.1f mA, 0.25 %% is %.1f mA\n", m.desc.phases, a[0] * 1e3,
			      0.0025 * 32e3);
		assert_true(a[0] < 0.0025 * 32);
	}
}

static void dead_time_is_compensated(void **state)
{
	double a[41], with, without;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bridges); i += 3) {
		at_power(&bridges[i], 0.1);
		m.env.dead = 0.01;	/* 500 ns of 50 us, the charge within 0.3 A */
		mini_ms(&m, 40);
		without = mini_harmonic(&m, a, 40);
		at_power(&bridges[i], 0.1);
		m.desc.plant.dead_ns = 500;
		m.desc.plant.i_zero_ma = 300;
		v2x_dead_init(&m.ctl.k.dead, &m.desc);
		m.env.dead = 0.01;
		mini_ms(&m, 40);
		with = mini_harmonic(&m, a, 40);
		print_message("%u phases, a tenth of the rating: THD %.2f %% without, %.2f %% with\n",
			      m.desc.phases, without * 100, with * 100);
		assert_true(with < without / 2 && with < 0.03);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(current_is_clean_in_a_distorted_grid),
		cmocka_unit_test(the_link_swings_by_what_its_capacitor_says_and_the_current_does_not),
		cmocka_unit_test(a_step_takes_20_ms_and_overshoots_5_percent_at_most),
		cmocka_unit_test(grids_from_stiff_to_weak_are_stable),
		cmocka_unit_test(the_neutral_carries_nothing),
		cmocka_unit_test(dc_of_the_bridge_does_not_reach_the_grid),
		cmocka_unit_test(dead_time_is_compensated),
		cmocka_unit_test(power_and_reactive_power_are_the_reference_both_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
