// SPDX-License-Identifier: Apache-2.0
/*
 * The control on a second plant that shares nothing with the virtual one:
 * doubles, Runge-Kutta of fourth order at 2.5 us, written from the equations of
 * the circuit. What holds on both is no accident of a model.
 */
#include "test.h"

#include "ctl_priv.h"

#define STEPS	20		/* of 2.5 us a period */
#define STATES	10		/* i1, vc, i2 of three phases, link voltage */
#define V_PEAK	(230 * M_SQRT2)

static const double l1 = 2e-3, r1 = 0.08, l2 = 0.5e-3, r2 = 0.03, c = 3.3e-6, rd = 0.3;
static const double cdc = 0.8e-3, rg = 0.05, lg = 0.1e-3, v_batt = 400;

struct ref {
	struct v2x_stage_desc desc;
	struct v2x_ctl ctl;
	struct v2x_ctl_user user;
	struct v2x_ctl_set set;
	struct v2x_ctl_in in;
	struct v2x_ctl_out out;
	struct v2x_gate_cmd active;	/* takes effect a period after it was given */
	double x[STATES];
	double t;
	double p_terminal;		/* mean of the period, W */
	double v_out;
};

static struct ref ref;

static double grid(double t, int ph)
{
	return V_PEAK * cos(2 * M_PI * (50 * t - ph / 3.0));
}

/* di2/dt of a phase; the star point makes the three add up to zero */
static void derivative(const double *x, double t, double *d)
{
	const struct v2x_gate_cmd *g = &ref.active;
	double vn[3], e1[3], e2[3], s1 = 0, s2 = 0, p = 0, vdc = fmax(x[9], 1);

	for (int ph = 0; ph < 3; ph++) {
		const double *y = x + 3 * ph;
		double leg = (double)g->leg_q24[ph] / V2X_Q24_ONE * vdc / 2;

		vn[ph] = y[1] + rd * (y[2] - y[0]);
		e1[ph] = vn[ph] - r1 * y[0] - leg;
		e2[ph] = grid(t, ph) - (r2 + rg) * y[2] - vn[ph];
		s1 += e1[ph] / 3;
		s2 += e2[ph] / 3;
		p += leg * y[0];
	}
	for (int ph = 0; ph < 3; ph++) {
		d[3 * ph] = (e1[ph] - s1) / l1;
		d[3 * ph + 1] = (x[3 * ph + 2] - x[3 * ph]) / c;
		d[3 * ph + 2] = (e2[ph] - s2) / (l2 + lg);
	}
	d[9] = (p - (g->dcdc_gates ? g->dcdc_p_mw / 1e3 / 0.98 : 0)) / vdc / cdc;
}

static void runge_kutta(double h)
{
	double k[4][STATES], y[STATES];
	const double w[4] = { 0, 0.5, 0.5, 1 };

	for (int n = 0; n < 4; n++) {
		for (int i = 0; i < STATES; i++)
			y[i] = ref.x[i] + (n ? h * w[n] * k[n - 1][i] : 0);
		derivative(y, ref.t + h * w[n], k[n]);
	}
	for (int i = 0; i < STATES; i++)
		ref.x[i] += h / 6 * (k[0][i] + 2 * k[1][i] + 2 * k[2][i] + k[3][i]);
	ref.t += h;
}

/* Terminal voltage: the source less what falls on its impedance. */
static double terminal(int ph)
{
	double d[STATES];

	derivative(ref.x, ref.t, d);
	return grid(ref.t, ph) - rg * ref.x[3 * ph + 2] - lg * d[3 * ph + 2];
}

static void put(u32 ch, double value)
{
	const struct v2x_adc_desc *a = &ref.desc.adc[ch];

	ref.in.samples.raw[ch] = (s32)lround((value * 1e9 - (double)a->offset_n) /
					     (double)a->scale_n);
}

static void off(double h)
{
	double top = ref.out.gate.contactors ? sqrt(3) * V_PEAK : 0;

	memset(ref.x, 0, sizeof(ref.x) - sizeof(double));
	ref.x[9] += (top - ref.x[9]) * h * STEPS / 0.08;
	ref.t += h * STEPS;
}

static void period(void)
{
	struct v2x_gate_cmd next = ref.out.gate;
	const double h = 50e-6 / STEPS;

	ref.p_terminal = 0;
	if (ref.active.gates && next.gates) {
		for (int n = 0; n < STEPS; n++) {
			runge_kutta(h);
			for (int ph = 0; ph < 3; ph++)
				ref.p_terminal += terminal(ph) * ref.x[3 * ph + 2] / STEPS;
		}
	} else {
		off(h);
	}
	ref.active = next;
	if (ref.active.contactors & V2X_CONTACTOR_EV)
		ref.v_out = v_batt;
	else if (ref.active.dcdc_v_mv)
		ref.v_out += (ref.active.dcdc_v_mv / 1e3 - ref.v_out) / 20;
	for (u32 ph = 0; ph < 3; ph++) {
		put(V2X_ADC_V_GRID_A + ph, terminal((int)ph));
		put(V2X_ADC_I_A + ph, ref.x[3 * ph]);
	}
	put(V2X_ADC_V_DC_LINK, ref.x[9]);
	put(V2X_ADC_V_EV, ref.v_out);
	put(V2X_ADC_I_EV, ref.active.dcdc_gates ? ref.active.dcdc_p_mw / 1e3 / v_batt : 0);
	ref.in.samples.contactors = next.contactors;
	ref.in.tick++;
	ref.in.t_ns += 50000;
	v2x_ctl_tick(&ref.ctl, &ref.set, &ref.in, &ref.out);
	ref.in.requests = 0;
	/* the circuit that begins to switch stands where the grid put it */
	if (ref.out.gate.gates && !ref.active.gates)
		for (int ph = 0; ph < 3; ph++)
			ref.x[3 * ph + 1] = grid(ref.t, ph);
}

static void describe(void)
{
	struct v2x_stage_desc *d = &ref.desc;

	memset(&ref, 0, sizeof(ref));
	*d = (struct v2x_stage_desc){
		.phases = 3, .tick_hz = 20000, .f_nominal_mhz = 50000, .v_nominal_mv = 230000,
		.i_rated_ma = 16000, .s_rated_mva = 11040000, .p_import_max_mw = 11000000,
		.p_export_max_mw = 11000000, .q_max_mvar = 5000000,
		.v_dc_link_nominal_mv = 800000, .v_dc_link_max_mv = 900000,
		.v_ev_min_mv = 150000, .v_ev_max_mv = 800000, .i_ev_max_ma = 40000,
		.adc_present = (1U << (V2X_ADC_I_EV + 1)) - 1,
		.plant = {
			.l1_nh = 2000000, .r1_uohm = 80000, .c_nf = 3300, .l2_nh = 500000,
			.c_dc_nf = 800000, .r_precharge_mohm = 100000, .contactor_ms = 20,
		},
	};
	for (u32 ch = 0; ch <= V2X_ADC_I_EV; ch++) {
		bool current = ch >= V2X_ADC_I_A && ch <= V2X_ADC_I_C;

		/* 16 bit: 2 mA; 32 mV */
		d->adc[ch] = (struct v2x_adc_desc){
			.scale_n = current || ch == V2X_ADC_I_EV ? 2000000 : 32000000,
			.raw_min = -32768, .raw_max = 32767,
		};
	}
}

static void setting(s32 p_mw)
{
	ref.user.setpoint.p_mw = p_mw;
	/* no vehicle voltage is measured: the middle of the limits is its guess */
	ref.user.limits.v_ev_min_mv = 350000;
	ref.user.limits.v_ev_max_mv = 450000;
	assert_int_equal(v2x_ctl_check(&ref.desc, &ref.user, NULL), 0);
	v2x_ctl_prepare(&ref.ctl, &ref.user, &ref.set);
}

static void ms(int n)
{
	for (int i = 0; i < n * 20; i++)
		period();
}

static double mean_power(void)
{
	double p = 0;

	for (int i = 0; i < 4000; i++) {
		period();
		p += ref.p_terminal / 4000;
	}
	return p;
}

static void start(void)
{
	describe();
	assert_int_equal(v2x_ctl_init(&ref.ctl, &ref.desc), 0);
	v2x_ctl_default(&ref.desc, &ref.user);
	setting(0);
	ms(200);
	ref.in.requests = V2X_CTL_REQ_START;
	for (int i = 0; i < 4000 && ref.ctl.seq.state != V2X_STATE_RUN; i++)
		ms(1);
	if (ref.ctl.seq.state != V2X_STATE_RUN)
		print_error("state %u, fault %u\n", ref.ctl.seq.state, ref.ctl.seq.fault);
	assert_int_equal(ref.ctl.seq.state, V2X_STATE_RUN);
}

static void the_sequence_reaches_run_without_pilot_or_insulation(void **state)
{
	(void)state;
	start();
	assert_near(ref.x[9], 800, 10);
}

static void power_at_the_terminals_is_the_reference(void **state)
{
	static const s32 p[] = { 8000000, -8000000, 3000000 };

	(void)state;
	start();
	for (size_t i = 0; i < ARRAY_SIZE(p); i++) {
		setting(p[i]);
		ms(1000);
		assert_near(mean_power(), p[i] / 1e3, 30);
		assert_near(v2x_measure_last(&ref.ctl.measure)->p_mw / 1e3, p[i] / 1e3, 30);
		assert_near(ref.x[9], 800, 4);
	}
}

static void a_full_reversal_keeps_the_link(void **state)
{
	double lo = 1e9, hi = 0, p90 = 0;

	(void)state;
	start();
	setting(10500000);
	ms(500);
	setting(-10500000);
	for (int i = 0; i < 8000; i++) {
		period();
		lo = fmin(lo, ref.x[9]);
		hi = fmax(hi, ref.x[9]);
		if (p90 <= 0 && ref.p_terminal <= -8400)
			p90 = i / 20.0;
	}
	print_message("link %.1f .. %.1f V, 90 %% of the way after %.1f ms\n", lo, hi, p90);
	assert_true(lo > 770 && hi < 830);
	assert_true(p90 > 0 && p90 < 25);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_sequence_reaches_run_without_pilot_or_insulation),
		cmocka_unit_test(power_at_the_terminals_is_the_reference),
		cmocka_unit_test(a_full_reversal_keeps_the_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
