// SPDX-License-Identifier: Apache-2.0
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mini.h"

#define STEPS	20

static void describe(struct mini *m, u32 phases, u32 f_hz, double vdc)
{
	static const struct { u32 ch; s64 scale; s32 lo, hi; } adc[] = {
		{ V2X_ADC_V_GRID_A, 50000000, -16384, 16383 }, { V2X_ADC_V_GRID_B, 50000000, -16384, 16383 },
		{ V2X_ADC_I_A, 10000000, -16384, 16383 }, { V2X_ADC_I_B, 10000000, -16384, 16383 },
		{ V2X_ADC_V_DC_LINK, 62500000, -1, 16383 }, { V2X_ADC_V_EV, 62500000, -1, 16383 },
		{ V2X_ADC_I_EV, 10000000, -16384, 16383 },
	};
	u32 v_mv = phases == 2 ? 120000 : 230000;

	m->desc = (struct v2x_stage_desc){
		.driver = "mini", .name = "mini", .serial = "1", .phases = phases,
		.tick_hz = 20000, .f_nominal_mhz = f_hz * 1000, .v_nominal_mv = v_mv,
		.i_rated_ma = 32000, .s_rated_mva = v_mv * 32 * phases,
		.p_import_max_mw = v_mv * 32 * phases, .p_export_max_mw = v_mv * 32 * phases,
		.q_max_mvar = v_mv * 16 * phases,
		.v_dc_link_nominal_mv = (u32)(vdc * 1000), .v_dc_link_max_mv = (u32)(vdc * 1200),
		.v_ev_min_mv = 200000, .v_ev_max_mv = 600000, .i_ev_max_ma = 40000,
		.plant = {
			.l1_nh = 1000000, .r1_uohm = 50000, .c_nf = 4700, .l2_nh = 300000,
			.c_dc_nf = 2200000, .r_precharge_mohm = 50000, .contactor_ms = 20,
		},
	};
	for (size_t i = 0; i < ARRAY_SIZE(adc); i++) {
		if (phases == 1 && (adc[i].ch == V2X_ADC_V_GRID_B || adc[i].ch == V2X_ADC_I_B))
			continue;
		m->desc.adc_present |= 1U << adc[i].ch;
		m->desc.adc[adc[i].ch] = (struct v2x_adc_desc){
			.name = "x", .scale_n = adc[i].scale, .raw_min = adc[i].lo, .raw_max = adc[i].hi,
		};
	}
}

void mini_init(struct mini *m, u32 phases, u32 f_hz, double vdc)
{
	memset(m, 0, sizeof(*m));
	describe(m, phases, f_hz, vdc);
	m->l1 = 1e-3;
	m->r1 = 0.05;
	m->l2 = 0.3e-3;
	m->r2 = 0.02;
	m->c = 4.7e-6;
	m->rd = 0.3;
	m->ln = 0.5e-3;
	m->cdc = 2.2e-3;
	m->vb = 400;
	m->env = (struct mini_env){
		.f = f_hz, .v = phases == 2 ? 120 : 230, .lg = 50e-6, .rg = 0.1,
	};
	if (v2x_ctl_init(&m->ctl, &m->desc)) {
		fprintf(stderr, "mini: v2x_ctl_init() refuses %u phases\n", phases);
		abort();
	}
	v2x_ctl_default(&m->desc, &m->user);
	mini_user(m);
}

void mini_user(struct mini *m)
{
	const char *field = "";

	if (v2x_ctl_check(&m->desc, &m->user, &field)) {
		fprintf(stderr, "mini: setting refused: %s\n", field);
		abort();
	}
	v2x_ctl_prepare(&m->ctl, &m->user, &m->set);
}

/* cos((n + 2) a) = 2 cos(2 a) cos(n a) - cos((n - 2) a): a cosine is a third of the time. */
static double source(const struct mini *m, double t, int line)
{
	const struct mini_env *e = &m->env;
	double c1 = cos(m->angle + 2 * M_PI * e->f * t + e->phase), two_c2 = 4 * c1 * c1 - 2;
	double c3 = two_c2 * c1 - c1, c5 = two_c2 * c3 - c1, c7 = two_c2 * c5 - c3;
	double v = c1 + e->h3 * c3 + e->h5 * c5 + e->h7 * c7 + e->dc;

	return (line ? -1 : 1) * M_SQRT2 * e->v * v;
}

/* Voltage of a leg against the middle of the link. */
static double leg(const struct mini *m, int l, double i)
{
	double v = (double)m->active.leg_q24[l] / V2X_Q24_ONE;

	/* current out of the grid into the leg: dead time adds to it */
	return m->vdc / 2 * (v + (l ? 0 : 2 * m->env.leg_dc) + 2 * m->env.dead * fmax(-1, fmin(1, i / 0.3)));
}

/* Rates of change; also the mean of the link current. */
static double rates(const struct mini *m, const double *x, double t, double *d)
{
	int n = (int)m->desc.phases;
	double lt = m->l2 + m->env.lg, rt = m->r2 + m->env.rg, e1[MINI_LINES], sum = 0, idc = 0;
	double neutral = n == 2 ? leg(m, 2, -(x[0] + x[3])) : leg(m, 1, -x[0]);
	double vn = 0;

	for (int l = 0; l < n; l++) {
		const double *y = x + 3 * l;

		e1[l] = y[1] + m->rd * (y[2] - y[0]) - m->r1 * y[0] - (leg(m, l, y[0]) - neutral);
		sum += e1[l];
	}
	if (n == 2)	/* the neutral's inductor carries the sum */
		vn = m->ln * sum / (m->l1 + 2 * m->ln);
	for (int l = 0; l < n; l++) {
		const double *y = x + 3 * l;
		double vm = y[1] + m->rd * (y[2] - y[0]);

		d[3 * l] = (e1[l] - vn) / m->l1;
		d[3 * l + 1] = (y[2] - y[0]) / m->c;
		d[3 * l + 2] = (source(m, t, l) - rt * y[2] - vm) / lt;
		idc += (leg(m, l, y[0]) - neutral) * y[0] / m->vdc;
	}
	return idc;
}

static double terminal(const struct mini *m, double t, int l)
{
	double d[3 * MINI_LINES];

	rates(m, m->x, t, d);
	return source(m, t, l) - m->env.rg * m->x[3 * l + 2] - m->env.lg * d[3 * l + 2];
}

static void switching(struct mini *m, double h)
{
	int n = (int)m->desc.phases;
	double d[3 * MINI_LINES], mid[3 * MINI_LINES], idc;

	m->p_grid = 0;
	for (int s = 0; s < STEPS; s++) {
		double t = s * h;

		rates(m, m->x, t, d);
		for (int i = 0; i < 3 * n; i++)
			mid[i] = m->x[i] + d[i] * h / 2;
		idc = rates(m, mid, t + h / 2, d);
		for (int i = 0; i < 3 * n; i++)
			m->x[i] += d[i] * h;
		m->vdc += idc * h / m->cdc;
		for (int l = 0; l < n; l++)
			m->p_grid += terminal(m, t + h, l) * m->x[3 * l + 2] / STEPS;
	}
}

static void contactors(struct mini *m)
{
	for (u32 i = 0; i < 3; i++) {
		u32 bit = 1U << i;

		if (!!(m->out.gate.contactors & bit) == !!(m->contactors & bit))
			m->coil_ms[i] = 0;
		else if (++m->coil_ms[i] > 300) {
			m->contactors ^= bit;
			m->coil_ms[i] = 0;
		}
	}
}

static void output(struct mini *m, double period)
{
	const struct v2x_gate_cmd *g = &m->active;
	bool on = g->dcdc_gates && m->out.gate.dcdc_gates;
	double want = on && !g->dcdc_v_mv ? g->dcdc_p_mw / 1e3 / m->vout : 0, p;

	if (on && g->dcdc_v_mv)
		m->vout += 0.1 * (g->dcdc_v_mv / 1e3 - m->vout);
	m->iout += 0.667 * (want - m->iout);
	if (!on)
		m->iout = 0;
	if (m->contactors & V2X_CONTACTOR_EV)
		m->vout = m->vb + 0.08 * m->iout;
	p = m->vout * m->iout;
	m->e_out += p * period;
	m->vdc -= (p + 0.015 * fabs(p)) / fmax(m->vdc, 50) * period / m->cdc;
}

static void put(struct mini *m, u32 ch, double v)
{
	const struct v2x_adc_desc *a = &m->desc.adc[ch];

	if (m->desc.adc_present & 1U << ch)
		m->in.samples.raw[ch] = (s32)fmax(a->raw_min, fmin(a->raw_max, (double)
						lround(v * 1e9 / (double)a->scale_n)));
}

static void measure(struct mini *m)
{
	bool closed = m->contactors & V2X_CONTACTOR_GRID;

	for (int l = 0; l < (int)m->desc.phases; l++) {
		put(m, V2X_ADC_V_GRID_A + (u32)l, closed ? terminal(m, 0, l) : source(m, 0, l));
		put(m, V2X_ADC_I_A + (u32)l, m->x[3 * l]);
	}
	put(m, V2X_ADC_V_DC_LINK, m->vdc);
	put(m, V2X_ADC_V_EV, m->vout);
	put(m, V2X_ADC_I_EV, m->contactors & V2X_CONTACTOR_EV ? m->iout : 0);
	m->in.samples.contactors = m->contactors;
}

void mini_tick(struct mini *m)
{
	double period = 1.0 / m->desc.tick_hz, top;

	contactors(m);
	if (m->active.gates && m->out.gate.gates && m->contactors & V2X_CONTACTOR_GRID) {
		switching(m, period / STEPS);
	} else {
		top = M_SQRT2 * m->env.v * m->desc.phases;
		memset(m->x, 0, sizeof(m->x));
		m->p_grid = 0;
		if (m->contactors & (V2X_CONTACTOR_GRID | V2X_CONTACTOR_PRECHARGE) && m->vdc < top)
			m->vdc += (top - m->vdc) * period / 0.11;
	}
	m->angle = fmod(m->angle + 2 * M_PI * m->env.f * period, 2 * M_PI);
	output(m, period);
	m->e_grid += m->p_grid * period;
	m->active = m->out.gate;
	measure(m);
	m->in.tick = ++m->tick;
	m->in.t_ns = m->tick * (1000000000ULL / m->desc.tick_hz);
	m->in.requests = m->req;
	m->req = 0;
	if (m->tick_fn)
		m->tick_fn();
	else
		v2x_ctl_tick(&m->ctl, &m->set, &m->in, &m->out);
	m->trips += m->out.tripped;
	if (m->out.cycle_done)
		m->cycle = m->out.cycle;
}

void mini_ms(struct mini *m, u32 ms)
{
	for (u32 n = ms * (m->desc.tick_hz / 1000); n--;)
		mini_tick(m);
}

bool mini_run(struct mini *m)
{
	mini_ms(m, 200);
	m->req = V2X_CTL_REQ_START;
	for (int ms = 0; ms < 6000 && m->ctl.seq.state != V2X_STATE_RUN; ms++)
		mini_ms(m, 1);
	if (m->ctl.seq.state != V2X_STATE_RUN)
		fprintf(stderr, "mini: fault %u in state %u\n", m->ctl.seq.fault, m->ctl.seq.state);
	return m->ctl.seq.state == V2X_STATE_RUN;
}

void mini_power(struct mini *m, double p_w, double q_var)
{
	m->user.setpoint.p_mw = (s32)lround(p_w * 1000);
	m->user.setpoint.q_mvar = (s32)lround(q_var * 1000);
	m->user.setpoint.ramp_mw_per_s = V2X_RAMP_FASTEST;
	mini_user(m);
}

double mini_harmonic(struct mini *m, double *out, unsigned int n)
{
	double c[64] = { 0 }, s[64] = { 0 }, sum = 0;
	unsigned int ticks = (unsigned int)lround(10 * m->desc.tick_hz / m->env.f);

	for (unsigned int i = 0; i < ticks; i++) {
		mini_tick(m);
		for (unsigned int h = 0; h <= n; h++) {
			c[h] += m->x[2] * cos(h * (m->angle + m->env.phase)) * 2 / ticks;
			s[h] += m->x[2] * sin(h * (m->angle + m->env.phase)) * 2 / ticks;
		}
	}
	for (unsigned int h = 0; h <= n; h++) {
		out[h] = hypot(c[h], s[h]);
		if (h > 1)
			sum += out[h] * out[h];
	}
	out[0] /= 2;
	return sqrt(sum) / out[1];
}
