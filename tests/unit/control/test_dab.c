// SPDX-License-Identifier: Apache-2.0
/*
 * Pulses of the dual active bridge against the Fourier series of their power and
 * against currents written from the circuit; nothing here is taken from dab.h
 * but what it commands.
 */
#include "test.h"

#include "dab.h"
#include "plant.h"

struct bridge {
	struct plant_cfg cfg;
	struct v2x_stage_desc desc;
	struct v2x_dab_k k;
	struct v2x_dab d;
	struct v2x_meas m;
	struct v2x_gate_cmd g;
	double v1, v2, n, lf;	/* lf: 2 f L */
};

static struct bridge b;

static void voltages(double v1, double m)
{
	long link_q8;

	b.v1 = v1;
	b.v2 = m * v1 / b.n;
	link_q8 = lround(v1 * 256e3);
	b.m.vdc_q8 = (s32)link_q8;
	b.m.vev_q8 = (s32)lround(b.v2 * 256e3);
	for (int i = 0; i < 64; i++)
		v2x_dab_measure(&b.k, &b.d, link_q8, (1LL << 52) / link_q8, b.m.vev_q8);
}

static void begin(const char *model)
{
	memset(&b, 0, sizeof(b));
	assert_true(plant_cfg_model(&b.cfg, model));
	plant_describe(&b.cfg, &b.desc);
	v2x_dab_init(&b.k, &b.d, &b.desc);
	b.n = b.cfg.dab_n_permille * 1e-3;
	b.lf = 2.0 * b.cfg.dab_f_hz * b.desc.dab.l_nh * 1e-9;
	b.g.dcdc_gates = true;
}

static void tick(double p_w)
{
	v2x_dab_command(&b.k, &b.d, &b.m, (s32)lround(p_w * 1e3), 0, 0, &b.g);
}

static void settle(double p_w)
{
	for (int i = 0; i < 12; i++)
		tick(p_w);
}

static double shift(void)
{
	return b.g.dab.shift_q24 * 0x1p-24;
}

/* Power of the pulses: sum over their odd harmonics, which a lossless choke carries. */
static double power(const struct v2x_dab_pulse *p)
{
	const double s = p->shift_q24 * 0x1p-24, w1 = p->link_q24 * 0x1p-24,
		     w2 = p->out_q24 * 0x1p-24;
	double sum = 0;

	for (int k = 1; k < 2000; k += 2)
		sum += sin(k * M_PI * w1 / 2) * sin(k * M_PI * w2 / 2) * sin(k * M_PI * s) /
		       ((double)k * k * k);
	/* V_k = 4 V / (k pi) sin(k pi w / 2), X_k = 2 pi k f L, P_k = V1k V2k sin / (2 X_k) */
	return b.v1 * b.n * b.v2 * sum * 8 / (M_PI * M_PI * M_PI * b.lf);
}

/* Leakage current at x from the middle of the link's pulse, times 2 f L: V s of each side. */
static double trapezoid(double y, double w)
{
	double sign = 1;

	if (y < 0) {
		y = -y;
		sign = -1;
	}
	if (y > 1) {
		y -= 1;
		sign = -sign;
	}
	return sign * fmin(fmin(y, 1 - y), w / 2);
}

/*
 * The edge with the least current in the direction that charges its leg, A, seen
 * from the link; @mag: the magnetizing current included.
 */
static double least_edge(const struct v2x_dab_pulse *p, bool mag)
{
	const double s = p->shift_q24 * 0x1p-24, w1 = p->link_q24 * 0x1p-24,
		     w2 = p->out_q24 * 0x1p-24, v2 = b.n * b.v2;
	const double x[4] = { -w1 / 2, w1 / 2, s - w2 / 2, s + w2 / 2 };
	const double lm4 = 8.0 * b.cfg.dab_f_hz * b.cfg.dab_lm_nh * 1e-9;
	double least = 1e9;

	for (int i = 0; i < 4; i++) {
		const double t1 = b.v1 * trapezoid(x[i], w1), t2 = v2 * trapezoid(x[i] - s, w2);
		const double leak = (t1 - t2) / b.lf, m = mag ? (t1 + t2) / lm4 : 0;
		const double into = i < 2 ? leak + m : m - leak;

		least = fmin(least, i & 1 ? into : -into);
	}
	return least;
}

static void power_is_the_closed_form(const char *model, double rated)
{
	begin(model);
	for (int m = 70; m <= 130; m += 10) {
		double worst = 0;

		voltages(b.cfg.v_dc_mv * 1e-3, m / 100.0);
		for (int p = -100; p <= 100; p += 2) {
			settle(rated * p / 100);
			worst = fmax(worst, fabs(power(&b.g.dab) - rated * p / 100));
		}
		print_message("# %s, M = %.1f: power within %.2f W, %.3f %% of rated\n", model,
			      m / 100.0, worst, worst / rated * 100);
		assert_true(worst < 5e-4 * rated);
	}
}

static void power_of_the_pulses_is_what_was_asked(void **state)
{
	(void)state;
	power_is_the_closed_form("3p-11kw", 11000);
	power_is_the_closed_form("3p-22kw", 22000);
	power_is_the_closed_form("1p-7kw", 7360);
}

/* Where the phase shift is all there is, its inverse is known. */
static void at_equal_voltages_the_shift_is_the_root(void **state)
{
	(void)state;
	begin("3p-11kw");
	voltages(800, 1);
	for (double p = -11000; p <= 11000; p += 500) {
		const double u = fabs(p) * b.lf / (b.v1 * b.n * b.v2);
		const double want = copysign((1 - sqrt(1 - 4 * u)) / 2, p);

		settle(p);
		assert_true(fabs(shift() - want) < 1e-4);
		assert_true(b.g.dab.link_q24 > V2X_Q24_ONE - 100);
	}
}

/* Leakage current alone: never against an edge, at no load neither. */
static void every_edge_switches_softly_at_every_power(void **state)
{
	int lost = 0, points = 0;

	(void)state;
	begin("3p-11kw");
	for (int m = 55; m <= 180; m += 5) {
		voltages(800, m / 100.0);
		for (double p = -11000; p <= 11000; p += 200) {
			const struct v2x_dab_pulse *d = &b.g.dab;
			const double need = 2e-3 * b.cfg.dab_coss_pf / b.cfg.dab_dead_ns *
					    fmax(b.v1, b.v2 / b.n);
			struct v2x_dab_pulse sps;

			settle(p);
			/* what the narrow bridge or the table's count is off by */
			assert_true(least_edge(d, false) > -0.06);
			if (m >= 70 && m <= 130)
				assert_true(least_edge(d, true) >= need);
			sps = (struct v2x_dab_pulse){ .link_q24 = V2X_Q24_ONE, .out_q24 = V2X_Q24_ONE };
			sps.shift_q24 = (s32)lround((1 - sqrt(1 - 4 * fabs(p) * b.lf /
							(b.v1 * b.n * b.v2))) / 2 * 0x1p24);
			lost += least_edge(&sps, false) < -0.06;
			points++;
		}
	}
	print_message("# phase shift alone would switch hard at %d of %d points\n", lost, points);
	assert_true(lost > points / 2);
}

/* The bound of the phase shift alone, from its edge currents, is where the pulse narrows. */
static void the_narrow_pulse_begins_at_the_bound_of_soft_switching(void **state)
{
	(void)state;
	begin("3p-11kw");
	for (int m = 60; m <= 160; m += 10) {
		const double x = m / 100.0, bound = x < 1 ? (1 - x) / 2 : (x - 1) / (2 * x);

		voltages(800, x);
		settle(0);
		assert_true(fabs((1 - fmin(b.g.dab.link_q24, b.g.dab.out_q24) * 0x1p-24) / 2 -
				 bound) < 1e-4);
		assert_true((b.g.dab.link_q24 < b.g.dab.out_q24) == (x < 1));
		assert_int_equal(b.g.dab.shift_q24, 0);
	}
}

/* From rated out of the vehicle to rated into it: no step, no way back. */
static void power_passes_zero_smoothly(void **state)
{
	(void)state;
	begin("3p-11kw");
	for (int m = 70; m <= 130; m += 15) {
		double was, p_was;

		voltages(800, m / 100.0);
		settle(-11000);
		was = shift();
		p_was = power(&b.g.dab);
		for (double p = -11000; p <= 11000; p += 20) {
			tick(p);
			assert_true(shift() >= was - 2e-6);
			assert_true(shift() - was < 2e-3);
			assert_true(fabs(power(&b.g.dab) - p_was) < 40);
			assert_true(power(&b.g.dab) * p >= 0);
			was = shift();
			p_was = power(&b.g.dab);
		}
	}
}

static void a_reversal_is_spread_over_ticks_and_halved_once(void **state)
{
	struct v2x_dab_pulse last;

	(void)state;
	begin("3p-11kw");
	voltages(800, 0.9);
	settle(11000);
	last = b.g.dab;
	for (int i = 0; i < 10; i++) {
		tick(-11000);
		assert_true(abs(b.g.dab.shift_q24 - last.shift_q24) <= V2X_Q24_ONE / 10);
		assert_true(least_edge(&b.g.dab, false) > -0.06);
		assert_true(abs(2 * b.g.dab_first.shift_q24 - b.g.dab.shift_q24 -
				last.shift_q24) <= 2);
		assert_true(abs(2 * b.g.dab_first.link_q24 - b.g.dab.link_q24 - last.link_q24) <= 2);
		assert_true(abs(2 * b.g.dab_first.out_q24 - b.g.dab.out_q24 - last.out_q24) <= 2);
		last = b.g.dab;
	}
	assert_true(fabs(power(&last) + 11000) < 10);
}

static void gates_begin_without_a_shift(void **state)
{
	(void)state;
	begin("3p-11kw");
	voltages(800, 0.9);
	settle(11000);
	b.g.dcdc_gates = false;
	tick(11000);
	assert_int_equal(b.g.dab.link_q24, 0);
	assert_int_equal(b.g.dab.shift_q24, 0);
	b.g.dcdc_gates = true;
	tick(11000);
	assert_int_equal(b.g.dab.shift_q24, 0);
	assert_int_equal(b.g.dab_first.shift_q24, 0);
	assert_int_equal(b.g.dab_first.link_q24, b.g.dab.link_q24);
	tick(11000);
	assert_true(b.g.dab.shift_q24 > 0);
}

/* The link swings between two measurements of the voltages: the power does not. */
static void link_voltage_of_the_tick_is_used(void **state)
{
	(void)state;
	begin("1p-7kw");
	voltages(400, 0.9);
	b.v1 = 408;
	b.m.vdc_q8 = 408 * 256000;
	settle(7000);
	assert_true(fabs(power(&b.g.dab) - 7000) < 7);
}

/* Beyond what the bridge can it says so, and goes no further. */
static void more_than_the_bridge_can_is_held(void **state)
{
	(void)state;
	begin("3p-11kw");
	voltages(800, 0.9);
	settle(11000);
	assert_false(b.d.held);
	settle(200000);
	assert_true(b.d.held);
	assert_true(shift() < 0.377);
	settle(-200000);
	assert_true(b.d.held);
	assert_true(shift() > -0.377);
	for (int v = 0; v < 1000; v += 37) {	/* nothing overflows anywhere */
		voltages(fmax(v, 200), 0.002);
		settle(100000);
		voltages(fmax(1000 - v, 200), 4);
		settle(-100000);
	}
}

/* An open output, as the loop sees it: 50 uF that the current charges. */
static void the_source_brings_an_open_output_to_its_voltage(void **state)
{
	double v = 0, old = 0, most = 0;

	(void)state;
	begin("3p-11kw");
	for (int i = 0; i < 4000; i++) {
		double i_out;

		b.v1 = 800;
		b.v2 = v;
		b.m.vdc_q8 = 800 * 256000;
		b.m.vev_q8 = (s32)lround(v * 256e3);
		if (i % 4 == 0)
			v2x_dab_measure(&b.k, &b.d, 800 * 256000, (1LL << 52) / (800 * 256000),
					b.m.vev_q8);
		v2x_dab_command(&b.k, &b.d, &b.m, 0, 352000, 2000, &b.g);
		i_out = v > 0.5 ? old : 2;
		old = v > 0.5 ? power(&b.g.dab) / v : 2;
		v += (i_out - v / 50000) * 50e-6 / 50e-6;
		most = fmax(most, v);
	}
	assert_true(fabs(v - 352) < 0.1);
	assert_true(most < 352.2);
}

static void a_stage_that_takes_a_power_gets_one(void **state)
{
	(void)state;
	begin("3p-11kw");
	b.desc.dab.l_nh = 0;
	v2x_dab_init(&b.k, &b.d, &b.desc);
	tick(5000);
	assert_int_equal(b.g.dcdc_p_mw, 5000000);
	assert_int_equal(b.g.dab.link_q24, 0);
	v2x_dab_command(&b.k, &b.d, &b.m, 0, 352000, 2000, &b.g);
	assert_int_equal(b.g.dcdc_v_mv, 352000);
	assert_int_equal(b.g.dcdc_i_ma, 2000);
	assert_int_equal(b.g.dcdc_p_mw, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(power_of_the_pulses_is_what_was_asked),
		cmocka_unit_test(at_equal_voltages_the_shift_is_the_root),
		cmocka_unit_test(every_edge_switches_softly_at_every_power),
		cmocka_unit_test(the_narrow_pulse_begins_at_the_bound_of_soft_switching),
		cmocka_unit_test(power_passes_zero_smoothly),
		cmocka_unit_test(a_reversal_is_spread_over_ticks_and_halved_once),
		cmocka_unit_test(gates_begin_without_a_shift),
		cmocka_unit_test(link_voltage_of_the_tick_is_used),
		cmocka_unit_test(more_than_the_bridge_can_is_held),
		cmocka_unit_test(the_source_brings_an_open_output_to_its_voltage),
		cmocka_unit_test(a_stage_that_takes_a_power_gets_one),
	};

	return cmocka_run_group_tests_name("control-dab", tests, NULL, NULL);
}
