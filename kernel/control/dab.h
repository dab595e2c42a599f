/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Modulation of a dual active bridge.
 *
 * V1 is the link's voltage, V2' = n V2 the output's seen from there, M = V2'/V1,
 * f the switching frequency, L the leakage inductance, s the shift between the
 * middles of the two pulses and w1, w2 their widths, all three in half periods.
 * The mean power is
 *	P = V1 V2' G / (2 f L)
 * and with one of the pulses a full half period, the other w = 1 - 2 a wide,
 *	G = w s			s <= a
 *	G = s (1 - s) - a^2	s >= a
 * (the integral of what the pulses have in common; a = 0 is the phase shift
 * alone). G follows from the power wanted, and s from G:
 *	a0 = (1 - min(M, 1/M)) / 2, the bridge of the higher voltage is the narrow one
 *	G <= G1 = a0 (1 - 2 a0):	a = a0,			s = G / w
 *	G > G1:				a = a0 - 2 (G - G1) >= 0, s = h(G + a^2)
 * with h(u) = (1 - sqrt(1 - 4 u)) / 2 from a table. All of it is continuous,
 * so that there is no mode to switch, at zero power neither.
 *
 * Why this light-load mode. With a = a0 both pulses have the same volt-seconds.
 * The full bridge then switches at no current, the narrow one at
 *	V (a0 - s) / (2 f L) and V (a0 + s) / (2 f L),	V the lower of V1 and V2'
 * in the direction that charges the transistors' capacitances, down to no power
 * at all. What the full bridge lacks, and both lack at M = 1, is the magnetizing
 * current's, which is largest at the edges of a full pulse. Phase shift alone has
 * the right direction only for s > a0 (0.15 at M = 0.7: more than rated power),
 * bursts of it would put their ripple into the battery, and the triangular mode
 * switches the narrow bridge at no current too. Above G1 the slope of 2 keeps
 * s >= a0, the bound of the phase shift alone, for every a0 <= 1/4.
 *
 * A leg changes over when its current has charged its capacitances: the less
 * current, the later, and never later than the dead time. That moves the shift,
 * at light load by up to 2 % of a half period or 2 kW of 11, in either direction.
 * So do resistances and the inductance's tolerance. An integral of the current's
 * error is added to G (100 Hz, at most 0.06), so that zero means zero. What charges the
 * output's capacitor is part of the current: with a vehicle that is gone it is all.
 *
 * A command acts from the middle of a pulse. Its first half period is half way
 * between the last command and this one: leakage current and flux are linear in
 * the edges, so that they arrive in their new steady state at once and keep no
 * bias. G moves by at most 0.06 a command, so that pulses of a transition are few
 * per cent longer than others and every power on the way has pulses of its own:
 * an edge that came late for lack of current would move the shift and stay late.
 */
#ifndef _V2X_DAB_H
#define _V2X_DAB_H

#include <v2x/stage_desc.h>
#include "angle.h"
#include "sample.h"

#define V2X_DAB_TABLE	64	/* intervals of h() over 0 .. 1/4 */

/* Widest a: narrower pulses than 1/4 are of no use; and largest G: s = 0.375 */
#define V2X_DAB_A_MAX_Q30	402653184
#define V2X_DAB_G_MAX_Q30	251658240
#define V2X_DAB_SLEW_Q30	64424509
#define V2X_DAB_FIX_Q30		64424509
#define V2X_DAB_RECIP_MIN	4194304L	/* 2^52 / 4.2 kV */

/**
 * struct v2x_dab_k - constants
 * @kx: 2 f L / n in ohm * 65.536e6
 * @n_q20: n
 * @n_recip_q20: 1/n
 * @v_floor_q8: least output voltage the reciprocal is asked for
 * @kv_q16: voltage loop of the open output, C / (6 T), A/V
 * @fix_q30: gain of the integral, 2 pi 100 Hz * V2X_DAB_TICKS * T
 * @on: the stage is a dual active bridge
 */
struct v2x_dab_k {
	s32 kx;
	s32 n_q20;
	s32 n_recip_q20;
	s32 v_floor_q8;
	s32 kv_q16;
	s32 fix_q30;
	bool on;
};

/**
 * struct v2x_dab - state
 * @v_q8: output voltage, averaged over some steps
 * @recip: 2^52 / @v_q8
 * @i_to_g_q54: G of a mA into the vehicle
 * @p_to_g_q54: G of a mW
 * @recip_link: of the link's voltage that they are for
 * @a0_q30: see the top
 * @g1_q30: a0 (1 - 2 a0)
 * @w_recip_q30: 1 / (1 - 2 a0), at most 4
 * @g_q30: G in force, signed
 * @fix_q30: integral of the current's error, part of G
 * @source_ma: current that a source asks for now
 * @open_q8: output voltage of the last step
 * @last: command in force
 * @narrow_link: the link's voltage is the higher, its bridge the narrow one
 * @source_on: it is a source of a voltage
 * @held: more was wanted than the bridge can
 * @moving: more was wanted than one command may change
 */
struct v2x_dab {
	long v_q8;
	long recip;
	s64 i_to_g_q54;
	s64 p_to_g_q54;
	long recip_link;
	s32 a0_q30;
	s32 g1_q30;
	s64 w_recip_q30;
	s32 g_q30;
	s32 fix_q30;
	s32 source_ma;
	s32 open_q8;
	struct v2x_dab_pulse last;
	bool narrow_link;
	bool source_on;
	bool held;
	bool moving;
};

/* h() at n/256, Q30 */
extern const s32 v2x_dab_table[V2X_DAB_TABLE + 1];

void v2x_dab_init(struct v2x_dab_k *k, struct v2x_dab *d, const struct v2x_stage_desc *desc);

#define V2X_DAB_TICKS	(2 * V2X_OUTER_TICKS)	/* between two corrections */

/**
 * v2x_dab_measure() - what the voltages mean; every V2X_SLOW_TICKS samples
 * @k: constants
 * @d: state
 * @link_q8: voltage of the link
 * @recip: 2^52 / @link_q8
 * @vev_q8: output voltage measured
 */
static v2x_part void v2x_dab_measure(const struct v2x_dab_k *k, struct v2x_dab *d, long link_q8,
				     long recip, s32 vev_q8)
{
	s64 up, down;
	long v_q8;

	if (!k->on)
		return;
	d->v_q8 += (vev_q8 - d->v_q8) >> 1;
	v_q8 = max_t(long, d->v_q8, k->v_floor_q8);
	/* a jump to more than twice the voltage: begin anew from below */
	if (unlikely(((s64)v_q8 * d->recip) >> 52 > 1))
		d->recip = V2X_DAB_RECIP_MIN;
	d->recip = v2x_recip_step(d->recip, v_q8);
	d->recip_link = recip;
	d->i_to_g_q54 = v2x_micro_to_milli(((s64)recip * k->kx) >> 6);
	d->p_to_g_q54 = ((((s64)recip * d->recip) >> 26) * k->kx) >> 24;
	/* M and 1 / M, Q30 */
	up = ((((s64)max(d->v_q8, 0L) * recip) >> 22) * k->n_q20) >> 20;
	down = ((((s64)link_q8 * d->recip) >> 22) * k->n_recip_q20) >> 20;
	d->narrow_link = up < V2X_Q30_ONE;
	d->w_recip_q30 = clamp_t(s64, max(up, down), V2X_Q30_ONE, 4LL * V2X_Q30_ONE);
	d->a0_q30 = (s32)min_t(s64, (V2X_Q30_ONE - min_t(s64, min(up, down), V2X_Q30_ONE)) >> 1,
			       V2X_DAB_A_MAX_Q30);
	d->g1_q30 = (s32)v2x_mul_floor(d->a0_q30, V2X_Q30_ONE - 2 * d->a0_q30, 30);
}

/**
 * v2x_dab_correct() - integrate what the current is off by; every V2X_DAB_TICKS samples
 * @k: constants
 * @d: state
 * @m: measurements
 * @told_mw: power that the current measured now was asked for with
 *
 * A bridge that rests keeps what it had: it goes on where it was.
 */
static v2x_part void v2x_dab_correct(const struct v2x_dab_k *k, struct v2x_dab *d,
				     const struct v2x_meas *m, long told_mw)
{
	/* what goes into the vehicle and into the capacitor: 3/4 kv T 8 dv / 8 T */
	long i_ma = (m->iev_q8 >> 8) + v2x_mul_floor(m->vev_q8 - d->open_q8, 3 * k->kv_q16, 26);
	s64 off;

	d->open_q8 = m->vev_q8;
	/* a bridge on its way is not off */
	if (!d->last.link_q24 || d->moving)
		return;
	if (unlikely(d->source_on))
		off = ((d->source_ma - i_ma) * d->i_to_g_q54) >> 24;
	else
		off = ((told_mw - v2x_micro_to_milli((s64)(m->vev_q8 >> 8) * i_ma)) *
		       d->p_to_g_q54) >> 24;
	off = clamp_t(s64, off, -V2X_DAB_G_MAX_Q30, V2X_DAB_G_MAX_Q30);
	/* beyond what the bridge can: no further */
	if (d->held && (off ^ d->g_q30) >= 0)
		return;
	d->fix_q30 = (s32)clamp_t(s64, d->fix_q30 + v2x_shr(off * k->fix_q30, 30),
				  -V2X_DAB_FIX_Q30, V2X_DAB_FIX_Q30);
}

/* Both bridges rest. */
static __always_inline void v2x_dab_rest(struct v2x_dab *d, struct v2x_gate_cmd *g)
{
	d->g_q30 = 0;
	d->held = false;
	d->last = (struct v2x_dab_pulse){ 0 };
	g->dab = d->last;
	g->dab_first = d->last;
}

/* Half way between two commands. */
static __always_inline s32 v2x_dab_between(s32 a, s32 b)
{
	return (a + b) >> 1;
}

/**
 * v2x_dab_modulate() - the pulses for a power; every tick
 * @d: state
 * @vdc_q8: link voltage of this tick
 * @want: mW or mA, positive into the vehicle
 * @to_g_q54: @d's factor of that
 * @g: command, pulses written
 */
static v2x_part void v2x_dab_modulate(struct v2x_dab *d, s32 vdc_q8, long want, s64 to_g_q54,
				      struct v2x_gate_cmd *g)
{
	/* 1 / V1 of now from that of the last step: 2 - V1 / V1 */
	s64 now = clamp_t(s64, (1LL << 31) - (((s64)vdc_q8 * d->recip_link) >> 22),
			  V2X_Q30_ONE / 2, V2X_Q30_ONE + V2X_Q30_ONE / 2);
	s64 u = min_t(s64, (v2x_abs(want) * to_g_q54) >> 24, 4LL * V2X_DAB_G_MAX_Q30);
	long a = d->a0_q30, s, over, narrow;
	struct v2x_dab_pulse p;

	u = (u * now) >> 30;
	u = (want < 0 ? -u : u) + d->fix_q30;
	d->held = (u64)(u + V2X_DAB_G_MAX_Q30) > 2ULL * V2X_DAB_G_MAX_Q30;
	if (unlikely(d->held))
		u = u < 0 ? -V2X_DAB_G_MAX_Q30 : V2X_DAB_G_MAX_Q30;
	/* from rest: the first one is as all the others, and not shifted */
	if (unlikely(!d->last.link_q24))
		u = 0;
	u -= d->g_q30;
	d->moving = (u64)(u + V2X_DAB_SLEW_Q30) > 2ULL * V2X_DAB_SLEW_Q30;
	if (unlikely(d->moving))
		u = u < 0 ? -V2X_DAB_SLEW_Q30 : V2X_DAB_SLEW_Q30;
	d->g_q30 += (s32)u;
	u = v2x_abs(d->g_q30);
	over = (long)u - d->g1_q30;
	if (over <= 0) {
		s = (long)((u * d->w_recip_q30) >> 30);
	} else {
		a = max(a - 2 * over, 0L);
		u += v2x_mul_floor(a, a, 30);
		s = v2x_dab_table[u >> 22];
		s += v2x_mul_floor(v2x_dab_table[(u >> 22) + 1] - s, u & 4194303, 22);
	}
	narrow = V2X_Q24_ONE - (a >> 5);
	p.shift_q24 = (s32)(d->g_q30 < 0 ? -s : s) / 64;
	p.link_q24 = d->narrow_link ? (s32)narrow : V2X_Q24_ONE;
	p.out_q24 = d->narrow_link ? V2X_Q24_ONE : (s32)narrow;
	g->dab = p;
	if (unlikely(!d->last.link_q24))
		d->last = p;
	g->dab_first.shift_q24 = v2x_dab_between(d->last.shift_q24, p.shift_q24);
	g->dab_first.link_q24 = v2x_dab_between(d->last.link_q24, p.link_q24);
	g->dab_first.out_q24 = v2x_dab_between(d->last.out_q24, p.out_q24);
	d->last = p;
}

/**
 * v2x_dab_source() - current that brings an open output to a voltage; every tick
 * @k: constants
 * @v_mv: wanted
 * @i_ma: most current, either way
 * @vev_q8: measured
 *
 * The output is a capacitor: proportional is enough, and leaves what its bleed
 * resistor takes over k, 40 mV.
 *
 * Return: mA
 */
static __always_inline long v2x_dab_source(const struct v2x_dab_k *k, long v_mv, long i_ma,
					   s32 vev_q8)
{
	return clamp(v2x_mul_floor(v_mv * 256 - vev_q8, k->kv_q16, 24), -i_ma, i_ma);
}

/**
 * v2x_dab_goes_on() - a tick without a new command
 * @k: constants
 * @d: state
 * @g: command; the pulses in force are written
 *
 * Return: false when it needs v2x_dab_command() all the same.
 */
static __always_inline bool v2x_dab_goes_on(const struct v2x_dab_k *k, const struct v2x_dab *d,
					    struct v2x_gate_cmd *g)
{
	if (unlikely(!k->on || !g->dcdc_gates))
		return false;
	g->dcdc_p_mw = 0;
	g->dcdc_v_mv = 0;
	g->dcdc_i_ma = 0;
	g->dab = d->last;
	g->dab_first = d->last;
	return true;
}

/**
 * v2x_dab_command() - the DC/DC's part of the command, made anew
 * @k: constants
 * @d: state
 * @m: measurements
 * @p_mw: power into the vehicle
 * @v_mv: not zero: be a source of this voltage instead
 * @i_ma: with this much current
 * @g: command; the pulses, or power and voltage for a stage that makes them
 *	itself, are written
 *
 * Every V2X_OUTER_TICKS is enough for a power that is made as often, or follows with
 * 14; a source is told twice.
 */
static v2x_part void v2x_dab_command(const struct v2x_dab_k *k, struct v2x_dab *d,
				     const struct v2x_meas *m, s32 p_mw, s32 v_mv, s32 i_ma,
				     struct v2x_gate_cmd *g)
{
	if (!k->on) {
		g->dcdc_p_mw = p_mw;
		g->dcdc_v_mv = v_mv;
		g->dcdc_i_ma = v_mv ? i_ma : 0;
		v2x_dab_rest(d, g);
		return;
	}
	g->dcdc_p_mw = 0;
	g->dcdc_v_mv = 0;
	g->dcdc_i_ma = 0;
	d->source_on = v_mv;
	if (unlikely(!g->dcdc_gates)) {
		v2x_dab_rest(d, g);
	} else if (unlikely(v_mv)) {
		d->source_ma = (s32)v2x_dab_source(k, v_mv, i_ma, m->vev_q8);
		v2x_dab_modulate(d, m->vdc_q8, d->source_ma, d->i_to_g_q54, g);
	} else {
		v2x_dab_modulate(d, m->vdc_q8, p_mw, d->p_to_g_q54, g);
	}
}

#endif /* _V2X_DAB_H */
