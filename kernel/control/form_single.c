// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bits.h>
#include <linux/math64.h>
#include <linux/string.h>
#include "bridge.h"
#include "form_single.h"
#include "single_bridge.h"

#define HARMONIC_TAU_MS	40
#define FADE_SHIFT	6
#define HEAT_SHIFT	13	/* 1.6 s of steps at 20 kHz */

/* What a load of the rating behind the filter turns a harmonic by, and not more. */
#define LOAD_LEAD	BIT(28)	/* 22.5 degrees */

void v2x_form_single_init(struct v2x_form_single_k *k, const struct v2x_stage_desc *desc)
{
	/* the plant is one: what the bridge adds is there a sample and a half later */
	const struct v2x_current_k one = { .kp_q16 = 1 << 16 };
	u32 fs = desc->tick_hz, i;
	u32 w = (u32)div_u64(((u64)desc->f_nominal_mhz << 32), fs * 1000);
	u64 w0_q30 = div_u64(div_u64((u64)desc->f_nominal_mhz * 6283185 << 20, 1000000), fs);

	k->lines = desc->phases == 3 ? 0 : desc->phases;
	k->gi_q30 = (s32)div_u64(400ULL << 30, fs);
	k->gv_q30 = (s32)((u32)div_u64(w0_q30 << 10, 1000) * 9 / 5);
	k->rest_ticks = fs / 100;
	k->crest_q8 = (long)div_u64((u64)desc->i_rated_ma * 579258, 1000);	/* 1.6 sqrt(2) */
	k->heat_lo = (s64)desc->i_rated_ma * desc->i_rated_ma;
	/* 21 % of the square, in two steps */
	i = desc->i_rated_ma / 100;
	k->heat_q50 = div_s64(1LL << 50, (s32)(i * i * 21));
	k->heat_q50 = div_s64(k->heat_q50, 100);
	for (i = 0; i < V2X_FORM_HARMONICS; i++) {
		u32 order = 3 + 2 * i;

		v2x_res_init(&k->harm[i], &one, &(struct v2x_res_at){
			.order = order, .hold = 2, .w = w,
			.tau_samples = fs / 1000 * HARMONIC_TAU_MS,
			.ahead = order * (w + (w >> 1)) + LOAD_LEAD,
		});
	}
}

static struct v2x_rot now(const struct v2x_ctl *c)
{
	return v2x_sincos((u32)(c->form.theta_q12 >> 12));
}

/* The current that is followed has been there for long. */
static s64 heat_of(const struct v2x_ctl *c)
{
	s64 x = c->i_ref.x >> 8, y = c->i_ref.y >> 8;

	return ((x * x + y * y) >> 1) << HEAT_SHIFT;
}

void v2x_form_single_begin(struct v2x_ctl *c)
{
	struct v2x_form_single *s = &c->form.single;
	struct v2x_vec i = v2x_turn(c->i_ref, c->tracker.rot);
	u32 x;

	s->rot = now(c);
	s->rest = 0;
	s->heat_q13 = heat_of(c);
	for (x = 0; x < V2X_FORM_LINES; x++)
		s->line[x] = (struct v2x_form_line){
			.i = v2x_turn_back(i, s->rot),
			.v = { .x = c->form.vref_q8 },
		};
	v2x_single_reset(&c->single);
}

void v2x_form_single_dead(struct v2x_ctl *c)
{
	memset(c->form.single.line, 0, sizeof(c->form.single.line));
}

/* Of the two lines the difference mode, in the tracker's frame. */
static struct v2x_vec current_there(const struct v2x_ctl *c)
{
	const struct v2x_form_single *s = &c->form.single;
	struct v2x_vec i = s->line[0].i;

	if (c->k.form.single.lines == 2) {
		i.x = (i.x + s->line[1].i.x) >> 1;
		i.y = (i.y + s->line[1].i.y) >> 1;
	}
	return v2x_turn_back(v2x_turn(i, s->rot), c->tracker.rot);
}

void v2x_form_single_end(struct v2x_ctl *c)
{
	c->i_ref = current_there(c);
	v2x_single_reset(&c->single);
	c->single.model = c->i_ref;
}

struct v2x_vec v2x_form_single_inner(const struct v2x_ctl *c)
{
	struct v2x_vec i = c->i_ref, f = { c->single.fund.x, c->single.fund.y };
	long wl = c->k.cc.wl_q16;

	f = v2x_turn_back(f, c->tracker.rot);
	return (struct v2x_vec){
		.x = c->tracker.vd_q8 - f.x + v2x_mul_floor(i.y, wl, 16),
		.y = -f.y - v2x_mul_floor(i.x, wl, 16),
	};
}

s64 v2x_form_single_q(struct v2x_ctl *c)
{
	const struct v2x_form_line *l = c->form.single.line;
	s64 q = 0;
	u32 x;

	for (x = 0; x < c->k.form.single.lines; x++, l++)
		q += (s64)(l->v.y >> 8) * (l->i.x >> 8) - (s64)(l->v.x >> 8) * (l->i.y >> 8);
	c->i_ref = current_there(c);
	return q >> 1;
}

long v2x_form_single_most(struct v2x_ctl *c, long most_q8)
{
	const struct v2x_form_single_k *k = &c->k.form.single;
	struct v2x_form_single *s = &c->form.single;
	s64 i = c->m.i_q8[0] >> 8, over;

	i *= i;
	if (k->lines == 2)
		i = max_t(s64, i, (s64)(c->m.i_q8[1] >> 8) * (c->m.i_q8[1] >> 8));
	s->heat_q13 += i - (s->heat_q13 >> HEAT_SHIFT);
	over = clamp_t(s64, (s->heat_q13 >> HEAT_SHIFT) - k->heat_lo, 0, k->heat_lo >> 2);
	over = min_t(s64, (over * k->heat_q50) >> 20, V2X_Q30_ONE);
	return k->crest_q8 - v2x_mul_floor(k->crest_q8 - most_q8, (long)over, 30);
}

/* One sample of an observer. Return: what is not the fundamental. */
static __always_inline long observe(struct v2x_vec *p, long x, struct v2x_rot rot, s32 g_q30)
{
	long e = x - (long)(((s64)p->x * rot.c - (s64)p->y * rot.s) >> 30);
	long g = v2x_mul(e, g_q30, 30);

	p->x += v2x_mul(g, rot.c, 30);
	p->y -= v2x_mul(g, rot.s, 30);
	return e;
}

/*
 * Limited: some of what was done against harmonics goes, in as many samples as
 * a crest has; all of it at once would come back and go again.
 */
static noinline void limited(struct v2x_ctl *c, struct v2x_rot rot, long d)
{
	struct v2x_form *f = &c->form;
	u32 i;

	if (!f->alone) {
		f->e.x += v2x_mul_floor(d, rot.c, 33);
		f->e.y -= v2x_mul_floor(d, rot.s, 33);
	}
	for (i = 0; i < V2X_FORM_HARMONICS; i++) {
		struct v2x_res *r = &c->single.harm[i];

		r->x -= r->x >> FADE_SHIFT;
		r->y -= r->y >> FADE_SHIFT;
	}
	f->single.rest = c->k.form.single.rest_ticks;
	f->held = true;
}

/* Voltage of one line, mV Q8; @h: what its harmonics take. */
static __always_inline long line(struct v2x_ctl *c, u32 x, long v, struct v2x_rot rot, long h)
{
	const struct v2x_form_k *k = &c->k.form;
	struct v2x_form *f = &c->form;
	struct v2x_form_line *l = &f->single.line[x];
	struct v2x_vec e = { f->e.x + l->e.x, f->e.y + l->e.y }, zi = { 0 };
	long i = x ? c->m.i_q8[1] : c->m.i_q8[0];
	long cmd, want, ahead, made;
	struct v2x_vec lead;

	if (f->zv_q16.x | f->zv_q16.y) {
		zi.x = v2x_mul_floor(l->i.x, f->zv_q16.x, 16) -
		       v2x_mul_floor(l->i.y, f->zv_q16.y, 16);
		zi.y = v2x_mul_floor(l->i.y, f->zv_q16.x, 16) +
		       v2x_mul_floor(l->i.x, f->zv_q16.y, 16);
	}
	if (!f->alone) {
		if (!x)
			f->e.x += v2x_mul(f->vref_q8 + zi.x - c->tracker.vd_q8, k->ev_q30, 30);
	} else if (likely(!f->held)) {
		l->e.x += v2x_mul(f->vref_q8 + zi.x - l->v.x, k->ev_q30, 30);
		l->e.y += v2x_mul(zi.y - l->v.y, k->ev_q30, 30);
	}
	e.x += zi.x;
	e.y += zi.y;
	cmd = v2x_turn(e, rot).x - h;
	cmd += v2x_mul_floor(observe(&l->i, i, rot, c->k.form.single.gi_q30), k->rv_q16, 16);
	lead = v2x_turn(e, c->lead);
	lead.x -= e.x;
	lead.y -= e.y;
	ahead = v2x_turn(lead, rot).x;
	want = i + v2x_mul_floor(v - cmd, k->kp_recip_q24, 24);
	if (likely(want <= f->most_q8 && want >= -f->most_q8))
		return cmd + ahead;
	want = want > 0 ? f->most_q8 : -f->most_q8;
	made = v - v2x_mul_floor(want - i, k->kp_q16, 16);
	limited(c, rot, made - cmd);
	return made + ahead;
}

static void full_bridge(struct v2x_ctl *c, long v, s32 leg[3])
{
	long m = v2x_mul_floor(v, c->link.recip, 28);

	m = clamp(m, -(long)V2X_LEG_MAX, (long)V2X_LEG_MAX);
	leg[0] = (s32)m;
	leg[1] = (s32)-m;
	leg[2] = 0;
}

void v2x_form_single_step(struct v2x_ctl *c, s32 leg[3])
{
	const struct v2x_form_single_k *k = &c->k.form.single;
	struct v2x_form *f = &c->form;
	struct v2x_form_single *s = &f->single;
	struct v2x_rot rot = now(c), back = { -rot.c, -rot.s };
	const s32 *v = c->m.v_q8;
	long e, h = 0, a;

	s->rot = rot;
	f->theta_q12 += (u64)f->w_q12;
	if (s->rest)
		s->rest--;
	f->held = s->rest;
	e = observe(&s->line[0].v, v[0], rot, k->gv_q30);
	if (k->lines == 2)
		e = (e - observe(&s->line[1].v, v[1], back, k->gv_q30)) >> 1;
	if (likely(c->k.single.clean))
		h = v2x_single_harmonics(k->harm, &c->single, c->tick & 1, f->held ? 0 : e);
	c->single.i = c->iab.x;
	c->single.i_common = c->iab.y;
	a = line(c, 0, v[0], rot, h);
	if (k->lines == 1)
		full_bridge(c, a, leg);
	else
		v2x_split_legs(c, a, line(c, 1, v[1], back, -h), leg);
}
