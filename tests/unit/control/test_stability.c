// SPDX-License-Identifier: Apache-2.0
/*
 * Poles of the current loop with the LCL filter, from the very gains that
 * v2x_current_init() derives: exact zero-order-hold model of filter and grid
 * inductance, one period of delay, direct feed-forward of the terminal voltage.
 * In the stationary frame a three-phase vector is one complex number, so the
 * loop is a complex 6x6 matrix; its spectral radius says whether it is stable.
 */
#include "test.h"

#include "lcl.h"

#include "ctl_priv.h"

#define N	6	/* i1, vC, i2, leg voltage in effect, last i1, integrator */

static const struct lcl plant_11kw = {
	.l1 = 2e-3, .r1 = 0.08, .l2 = 0.5e-3, .r2 = 0.03, .c = 3.3e-6, .rd = 0.3, .fs = 20000,
};

struct gains {
	double kp, kd, kit;
};

typedef double complex mat[N][N];

static double loop_radius(const struct lcl *p, struct gains g)
{
	double e[4][4], lt = p->l2 + p->lg;
	/* terminal voltage = -rg i2 - lg di2/dt */
	double vt[3] = {
		-p->lg * p->rd / lt, p->lg / lt, -p->rg + p->lg * (p->r2 + p->rg + p->rd) / lt,
	};
	double complex turn = cexp(I * 2 * M_PI * 50 / p->fs);
	mat a = { 0 };

	lcl_discretise(p, e);
	for (int i = 0; i < 3; i++)
		for (int j = 0; j < 4; j++)
			a[i][j] = e[i][j];
	for (int j = 0; j < 3; j++)
		a[3][j] = vt[j];
	a[3][0] += g.kp + g.kd;		/* v = v_grid - s, s = -(kp + kd) i + kd i' + I */
	a[3][4] = -g.kd;
	a[4][0] = 1;
	if (g.kit > 0) {	/* without it the integrator is left out */
		a[3][5] = -1;
		a[5][0] = -g.kit * turn;
		a[5][5] = turn;
	}
	return matrix_radius(N, &a[0][0]);
}

static struct gains derived(u32 tick_hz)
{
	struct v2x_stage_desc d = {
		.tick_hz = tick_hz, .f_nominal_mhz = 50000,
		.plant = { .l1_nh = 2000000, .l2_nh = 500000 },
	};
	struct v2x_current_k k;

	v2x_current_init(&k, &d);
	return (struct gains){ k.kp_q16 / 65536.0, k.kd_q16 / 65536.0, k.kit_q16 / 65536.0 };
}

/* 0 to 23 mH: SCR 2 of 11 kW at 400 V is 14.5 ohm / 2 = 7.3 ohm = 23 mH */
static const double grid_mh[] = {
	0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1, 1.5, 2, 3, 5, 8, 12, 16, 23,
};

static double worst_radius(struct lcl p, struct gains g)
{
	double worst = 0;

	for (size_t i = 0; i < ARRAY_SIZE(grid_mh); i++) {
		p.lg = grid_mh[i] * 1e-3;
		p.rg = 0.1 * 2 * M_PI * 50 * p.lg;
		worst = fmax(worst, loop_radius(&p, g));
	}
	return worst;
}

static void gains_are_those_of_the_derivation(void **state)
{
	struct gains g = derived(20000);

	(void)state;
	assert_near(g.kp, 4.0, 1e-3);		/* 0.08 * 2.5 mH * 20 kHz */
	assert_near(g.kd, 4.0, 1e-3);
	assert_near(g.kit, 0.08, 1e-3);
}

static void loop_is_stable_from_stiff_to_weak(void **state)
{
	double r = worst_radius(plant_11kw, derived(20000));

	(void)state;
	print_message("largest pole modulus, 0 .. 23 mH: %.4f\n", r);
	assert_true(r < 0.990);
}

static void the_derivative_damps_the_resonance_of_a_stiff_grid(void **state)
{
	struct gains with = derived(20000), without;
	struct lcl p = plant_11kw;

	(void)state;
	with.kit = 0;		/* its slow pole would hide the resonance */
	without = with;
	without.kd = 0;
	/* 1 / (1 - r) samples to a third: 67 without, 51 with */
	assert_near(loop_radius(&p, without), 0.9851, 3e-4);
	assert_near(loop_radius(&p, with), 0.9805, 3e-4);
}

/* Largest factor on all gains before the loop is unstable. */
static double gain_margin(struct lcl p)
{
	struct gains g = derived((u32)p.fs);

	for (double m = 1; m < 20; m += 0.02) {
		struct gains h = { g.kp * m, g.kd * m, g.kit * m };

		if (worst_radius(p, h) >= 1)
			return m;
	}
	return 20;
}

static void gain_margin_is_at_least_8_db(void **state)
{
	double m = gain_margin(plant_11kw);

	(void)state;
	print_message("gain margin over all grids: %.2f, %.1f dB\n", m, 20 * log10(m));
	assert_true(m > 2.51);
}

static void filter_tolerance_of_20_percent_is_stable(void **state)
{
	(void)state;
	for (int bits = 0; bits < 8; bits++) {
		struct lcl p = plant_11kw;

		p.l1 *= bits & 1 ? 1.2 : 0.8;
		p.l2 *= bits & 2 ? 1.2 : 0.8;
		p.c *= bits & 4 ? 1.2 : 0.8;
		assert_true(worst_radius(p, derived(20000)) < 0.999);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gains_are_those_of_the_derivation),
		cmocka_unit_test(loop_is_stable_from_stiff_to_weak),
		cmocka_unit_test(the_derivative_damps_the_resonance_of_a_stiff_grid),
		cmocka_unit_test(gain_margin_is_at_least_8_db),
		cmocka_unit_test(filter_tolerance_of_20_percent_is_stable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
