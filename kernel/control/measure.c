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

	k->n_min = fs / 70;
	k->n_max = fs / 43;
	k->n_dead = fs * 1000 / desc->f_nominal_mhz;
	k->fs_mhz = fs * 1000;
	k->e_unit = 16000 * fs;
	k->e_recip = (u32)div_u64(1ULL << 52, k->e_unit);
	k->yc_q30 = (s32)div_u64(div_u64(wc << 20, 1000000) << 10, 1000000);
	k->history = desc->f_nominal_mhz / 2000;
	k->rocof_q32 = (s32)div_u64(1ULL << 32, 1000 * k->history);
	memset(me, 0, sizeof(*me));
}

/*
 * Currents at the terminals: what the converter takes plus what flows into
 * the filter capacitors, j w C v of each sequence.
 */
static void grid_currents(const struct v2x_measure_k *k, const struct v2x_measure_in *in, s32 i[3])
{
	const struct v2x_tracker *t = in->t;
	struct v2x_vec ic = {
		.x = v2x_mul(t->n.y - t->p.y, k->yc_q30, 30),
		.y = v2x_mul(t->p.x - t->n.x, k->yc_q30, 30),
	};
	int ph;

	if (!in->on_grid) {
		memcpy(i, in->m->i_q8, 3 * sizeof(*i));
		return;
	}
	v2x_clarke_inverse(ic, i);
	for (ph = 0; ph < 3; ph++)
		i[ph] += in->m->i_q8[ph];
}

static void add(const struct v2x_measure_k *k, struct v2x_measure *me,
		const struct v2x_measure_in *in)
{
	struct v2x_sums *s = &me->now;
	const struct v2x_meas *m = in->m;
	s64 p = 0;
	s32 ig[3];
	int ph;

	grid_currents(k, in, ig);
	for (ph = 0; ph < 3; ph++) {
		s64 v = m->v_q8[ph] >> 8;
		s64 i = ig[ph] >> 4;

		s->v2[ph] += (u64)(v * v);
		s->i2[ph] += (u64)(i * i);
		p += v * i;
	}
	me->p_uw_q4 = p;
	s->p += p;
	s->q -= (s64)(in->t->vd_q8 >> 8) * (in->q_q8 >> 4);
	s->w += in->t->w_q12;
	s->vdc += m->vdc_q8 >> 8;
	s->vev += m->vev_q8 >> 8;
	s->iev += m->iev_q8 >> 8;
	s->n++;
}

static bool cycle_ended(const struct v2x_measure_k *k, const struct v2x_measure *me, u32 theta)
{
	u32 n = me->now.n;

	if (!me->live)
		return n >= k->n_dead;
	/* theta passed zero upwards */
	return (me->theta > theta && n >= k->n_min) || n >= k->n_max;
}

/* sum / n; sums stay below 2^49 * 2^8, the reciprocal below 2^24 */
static s64 mean(const struct v2x_measure *me, s64 sum)
{
	return v2x_shr((sum >> 8) * me->recip_q32, 24);
}

/* 2^32 / n by Newton from n = 2^8.64: error 0.29, 0.08, 0.007, 5e-5, 2e-9 */
static u32 recip_n(u32 n)
{
	u64 r = 10737418;	/* 2^32 / 400 */
	int i;

	for (i = 0; i < 6; i++)
		r = (r * ((1ULL << 33) - n * r)) >> 32;
	return (u32)r;
}

static s32 rms(const struct v2x_measure *me, u64 sum, unsigned int shift)
{
	return (s32)(v2x_sqrt((u64)mean(me, (s64)sum)) >> shift);
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
	me->cycle.e_import_mj = me->e_mj[0];
	me->cycle.e_export_mj = me->e_mj[1];
}

static void frequency(const struct v2x_measure_k *k, struct v2x_measure *me)
{
	struct v2x_cycle *c = &me->cycle;
	u32 then = (me->f_at - k->history) & (V2X_F_HISTORY - 1);
	s32 old = me->f_mhz[then];

	/* turns a sample (2^44) times samples a second (mHz) */
	c->f_mhz = me->done_live ?
		   (s32)v2x_shr((mean(me, me->done.w) >> 8) * k->fs_mhz, 36) : 0;
	c->rocof_mhz_per_s = 0;
	if (old && c->f_mhz)
		c->rocof_mhz_per_s =
			(s32)v2x_shr((s64)(c->f_mhz - old) * c->f_mhz * k->rocof_q32, 32);
	me->f_mhz[me->f_at] = c->f_mhz;
	me->f_at = (me->f_at + 1) & (V2X_F_HISTORY - 1);
}

static void apparent(struct v2x_measure *me)
{
	struct v2x_cycle *c = &me->cycle;
	s64 s = 0;
	int ph;

	for (ph = 0; ph < 3; ph++)
		s += (s64)c->v_mv[ph] * c->i_ma[ph];
	c->s_mva = (s32)v2x_micro_to_milli(s);
}

/* One step of the work on the cycle that ended. */
static void work(const struct v2x_measure_k *k, struct v2x_measure *me)
{
	struct v2x_cycle *c = &me->cycle;
	const struct v2x_sums *d = &me->done;
	u32 step = me->step;

	switch (step) {
	case 1:
		me->recip_q32 = recip_n(d->n);
		break;
	case 2:
	case 3:
	case 4:
		c->v_mv[step - 2] = rms(me, d->v2[step - 2], 0);
		break;
	case 5:
	case 6:
	case 7:
		c->i_ma[step - 5] = (rms(me, d->i2[step - 5], 3) + 1) >> 1;
		break;
	case 8:
		c->p_mw = (s32)v2x_micro_to_milli(mean(me, d->p) >> 4);
		c->q_mvar = (s32)v2x_micro_to_milli((mean(me, d->q) * 3) >> 5);
		break;
	case 9:
		c->v_dc_link_mv = (s32)mean(me, d->vdc);
		c->v_ev_mv = (s32)mean(me, d->vev);
		c->i_ev_ma = (s32)mean(me, d->iev);
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
		break;
	}
}

bool v2x_measure_step(const struct v2x_measure_k *k, struct v2x_measure *me,
		      const struct v2x_measure_in *in)
{
	add(k, me, in);
	if (unlikely(cycle_ended(k, me, in->t->theta))) {
		me->done = me->now;
		me->done_live = me->live;
		memset(&me->now, 0, sizeof(me->now));
		me->live = in->t->live;
		me->cycle.ticks = me->done.n;
		me->cycle.t_ns = in->t_ns;
		me->cycle.tick = in->tick;
		me->theta = in->t->theta;
		me->step = 1;
		return false;
	}
	me->theta = in->t->theta;
	me->live &= in->t->live;
	if (!me->step)
		return false;
	work(k, me);
	if (me->step < V2X_MEASURE_STEPS) {
		me->step++;
		return false;
	}
	me->step = 0;
	return true;
}
