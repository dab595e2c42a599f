// SPDX-License-Identifier: GPL-2.0-only
#include <linux/math64.h>
#include <linux/string.h>
#include "measure.h"

void v2x_measure_init(struct v2x_measure_k *k, struct v2x_measure *me,
		      const struct v2x_stage_desc *desc)
{
	u32 fs = desc->tick_hz;
	/* w0 C in S: mHz * 2 pi / 1000 * nF * 1e-9, Q30 */
	u64 wc = div_u64((u64)desc->f_nominal_mhz * 6283185 * desc->plant.c_nf, 1000000);

	k->phases = (s32)desc->phases;
	k->n_min = fs / 70;
	k->n_max = fs / 43;
	k->n_dead = fs * 1000 / desc->f_nominal_mhz;
	k->n_seed = (u32)div_u64(1ULL << 32, k->n_dead);
	k->fs_mhz = fs * 1000;
	k->e_unit = 16000 * fs;
	k->e_recip = (u32)div_u64(1ULL << 52, k->e_unit);
	k->yc_q30 = (s32)div_u64(div_u64(wc << 20, 1000000) << 10, 1000000);
	k->history = desc->f_nominal_mhz / 2000;
	k->rocof_q32 = (s32)div_u64(1ULL << 32, 1000 * k->history);
	memset(me, 0, sizeof(*me));
}

/* The record being made. */
static struct v2x_cycle *making(struct v2x_measure *me)
{
	return &me->record[me->last ^ 1];
}

void v2x_measure_share(const struct v2x_measure_k *k, struct v2x_measure *me)
{
	struct v2x_sums *old = &me->done, *s = &me->now;
	const struct v2x_edge *e = &me->edge;
	s32 ph;

	for (ph = 0; ph < k->phases; ph++) {
		s64 v = e->v_q8[ph] >> 8, i = e->i_q8[ph] >> 4;
		s64 v2 = v2x_measure_behind(e, v, v), i2 = v2x_measure_behind(e, i, i);
		s64 p = v2x_measure_behind(e, v, i);

		old->v2[ph] -= (u64)v2;
		s->v2[ph] += (u64)v2;
		old->i2[ph] -= (u64)i2;
		s->i2[ph] += (u64)i2;
		old->p -= p;
		s->p += p;
	}
	old->len_q8 += (old->n << 8) - e->past_q8;
	s->len_q8 = e->past_q8;
}

void v2x_measure_end(struct v2x_measure *me, const struct v2x_meas *m,
		     const struct v2x_tracker *t, u64 tick, u64 t_ns, bool on_grid)
{
	struct v2x_cycle *c = making(me);

	me->done = me->now;
	me->done_live = me->live;
	me->on_grid = on_grid;
	memset(&me->now, 0, sizeof(me->now));
	v2x_measure_edge(me, m, v2x_measure_past(me->done.n, me->theta));
	me->live = t->live;
	c->ticks = me->done.n;
	c->t_ns = t_ns;
	c->tick = tick;
	me->step = 1;
}

/*
 * sum / n. What the shift drops keeps the product within 63 bits: squares and
 * powers up to 2^54 (3 kV, 180 A) take 12, the angle 8, the slow means none.
 */
static s64 mean(s64 sum, u32 recip_q32, unsigned int shift)
{
	return v2x_shr((sum >> shift) * recip_q32, 32 - shift);
}

/*
 * 2^32 / n by Newton. A cycle is between 1/70 and 1/43 s long, and n_dead is
 * 1/50 or 1/60: the error begins below 0.4 and squares: 0.16, 0.026, 7e-4,
 * 4e-7, 2e-13.
 */
static u32 recip_n(u32 n_q8, u64 r)
{
	int i;

	for (i = 0; i < 5; i++)
		r = (r * ((1ULL << 33) - ((n_q8 * r) >> 8))) >> 32;
	return (u32)r;
}

static s32 rms_voltage(const struct v2x_measure *me, unsigned int ph)
{
	return (s32)v2x_sqrt((u64)mean((s64)me->done.v2[ph], me->recip_q32, 12));
}

/*
 * RMS current at the terminals: the converter's, less the reactive current
 * that the filter capacitor supplies. Of the fundamental, with iq the
 * converter's and iq + yc vd the grid's (peak values):
 *	Ig^2 = Ic^2 + ((iq + yc vd)^2 - iq^2) / 2 = Ic^2 - yc (2/3) Qc + (yc V)^2
 */
static s32 rms_current(const struct v2x_measure_k *k, struct v2x_measure *me, unsigned int ph)
{
	s64 i2 = mean((s64)me->done.i2[ph], me->recip_q32, 12);
	s64 ic;

	if (me->on_grid) {
		/* S Q30 * uvar Q4 is uVA S = mA mV S = mA^2 ...: Q8 in mA^2 */
		ic = (making(me)->v_mv[ph] * (s64)k->yc_q30) >> 20;	/* mA Q10 */
		i2 += (ic * ic) >> 12;
		i2 -= (me->q_uvar * k->yc_q30) >> 22;
	}
	return (s32)((v2x_sqrt((u64)max_t(s64, i2, 0)) + 8) >> 4);
}

/* Reactive power of the fundamental: of the converter, then at the terminals. */
static void reactive(const struct v2x_measure_k *k, struct v2x_measure *me)
{
	s64 v = making(me)->v_mv[0];
	s64 cap;

	/* without the factor 3/2: what a phase has is a third of Q */
	me->q_uvar = mean(me->done.q, me->slow_q32, 12) >> 4;
	cap = me->on_grid ? (((v * v) >> 8) * k->yc_q30) >> 22 : 0;
	making(me)->q_mvar = (s32)v2x_micro_to_milli(((me->q_uvar * k->phases) >> 1) -
						     k->phases * cap);
}

/* Whole millijoules go to the register, the rest stays for the next cycle. */
static void energy(const struct v2x_measure_k *k, struct v2x_measure *me)
{
	int dir = me->done.p < 0;
	u64 *rest = &me->e_rest[dir];
	u64 mj;

	*rest += (u64)(dir ? -me->done.p : me->done.p);
	mj = ((*rest >> 16) * k->e_recip) >> 36;
	*rest -= mj * k->e_unit;
	me->e_mj[dir] += (s64)mj;
	making(me)->e_import_mj = me->e_mj[0];
	making(me)->e_export_mj = me->e_mj[1];
}

static void frequency(const struct v2x_measure_k *k, struct v2x_measure *me)
{
	struct v2x_cycle *c = making(me);
	u32 then = (me->f_at - k->history) & (V2X_F_HISTORY - 1);
	s32 old = me->f_mhz[then];

	/* turns a sample (2^44) times samples a second (mHz) */
	c->f_mhz = me->done_live ?
		   (s32)v2x_shr((mean(me->done.w, me->slow_q32, 8) >> 8) * k->fs_mhz, 36) : 0;
	c->rocof_mhz_per_s = 0;
	if (old && c->f_mhz)
		c->rocof_mhz_per_s =
			(s32)v2x_shr((s64)(c->f_mhz - old) * c->f_mhz * k->rocof_q32, 32);
	me->f_mhz[me->f_at] = c->f_mhz;
	me->f_at = (me->f_at + 1) & (V2X_F_HISTORY - 1);
}

static void apparent(struct v2x_measure *me)
{
	struct v2x_cycle *c = making(me);
	s64 s = 0;
	int ph;

	for (ph = 0; ph < 3; ph++)
		s += (s64)c->v_mv[ph] * c->i_ma[ph];
	c->s_mva = (s32)v2x_micro_to_milli(s);
}

bool v2x_measure_work(const struct v2x_measure_k *k, struct v2x_measure *me)
{
	struct v2x_cycle *c = making(me);
	const struct v2x_sums *d = &me->done;
	u32 step = me->step;

	switch (step) {
	case 1:
		me->recip_q32 = recip_n(d->len_q8, k->n_seed);
		me->slow_q32 = recip_n(d->n_slow << 8, k->n_seed * V2X_OUTER_TICKS);
		break;
	case 2:
	case 3:
	case 4:
		c->v_mv[step - 2] = rms_voltage(me, step - 2);
		break;
	case 5:
		c->p_mw = (s32)v2x_micro_to_milli(mean(d->p, me->recip_q32, 12) >> 4);
		reactive(k, me);
		break;
	case 6:
	case 7:
	case 8:
		c->i_ma[step - 6] = rms_current(k, me, step - 6);
		break;
	case 9:
		c->v_dc_link_mv = (s32)mean(d->vdc, me->slow_q32, 0);
		c->v_ev_mv = (s32)mean(d->vev, me->slow_q32, 0);
		c->i_ev_ma = (s32)mean(d->iev, me->slow_q32, 0);
		break;
	case 10:
		frequency(k, me);
		break;
	case 11:
		energy(k, me);
		break;
	default:
		apparent(me);
		c->seq = ++me->seq;
		me->last ^= 1;
		break;
	}
	me->step = step < V2X_MEASURE_STEPS ? step + 1 : 0;
	return !me->step;
}
