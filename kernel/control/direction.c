// SPDX-License-Identifier: GPL-2.0-only
#include <linux/math64.h>
#include "bridge.h"

#define SIN_60_Q15	28378
#define JUMP_ROOM_Q15	4915	/* 0.15: harmonics, ringing, a voltage of 1.05 */

/* Nothing is held against anything. */
static void set_free(const struct v2x_direction_k *k, struct v2x_direction *s)
{
	*s = (struct v2x_direction){ .d_lo_q8 = -k->free_q8, .d_hi_q8 = k->free_q8 };
}

void v2x_direction_init(struct v2x_direction_k *k, struct v2x_direction *s,
			const struct v2x_stage_desc *desc)
{
	u32 steps = desc->tick_hz / V2X_OUTER_TICKS;
	s32 peak_q8 = (s32)div_u64((u64)desc->v_nominal_mv * 362039, 1000);
	s32 rated_mw = (s32)max(desc->p_import_max_mw, desc->p_export_max_mw);

	k->peak_q8 = peak_q8;
	k->dead_q8 = peak_q8 / 50;
	k->most_q8 = peak_q8 / 10 * 9;
	/* 0.2 ms and 0.65 ms, in steps; at least one */
	k->limit_q8 = desc->phases == 3 ? (s32)div_u64((u64)peak_q8 * max(steps, 5000U), 5000) :
					  (s32)div_u64((u64)peak_q8 * max(steps, 1538U), 1538);
	/* 3.6 ms of 50 Hz */
	k->limit_steps = (u32)div_u64((u64)steps * 180000, desc->f_nominal_mhz * 1000ULL);
	k->room_mw = rated_mw / 50;
	k->margin_mw = rated_mw / 16;
	k->limit_mw = (s32)div_u64((u64)rated_mw * steps, 800);
	k->late = steps / 10;
	k->rest = steps * 3 / 100;
	k->free_q8 = (s32)div_u64((u64)desc->i_rated_ma * 398243, 1000);	/* 1.1 sqrt(2) */
	set_free(k, s);
}

/* The voltage where the angle has its peak; peak or, with one, cos^2 of it. */
static __always_inline long on_the_angle(const struct v2x_ctl *c, struct v2x_vec v)
{
	const struct v2x_rot *rot = &c->tracker.rot;

	return v2x_mul_floor(v.x, rot->c, 30) + v2x_mul_floor(v.y, rot->s, 30);
}

/* A terminal without a grid, which the bridge alone drives, shows in the sum of the three. */
static bool terminal_free(const struct v2x_ctl *c)
{
	const s32 *v = c->m.v_q8;

	return c->k.phases == 3 && v2x_abs((long)v[0] + v[1] + v[2]) > c->k.prot.v_zero_seq_q8;
}

static noinline void act(const struct v2x_run *r, long v_q8)
{
	struct v2x_ctl *c = r->c;
	struct v2x_trip t = {
		V2X_REASON_GRID_VECTOR_SHIFT, v_q8 >> 8, -c->k.direction.dead_q8 >> 8
	};

	set_free(&c->k.direction, &c->direction);
	c->direction.rest = c->k.direction.rest;
	c->tracker.good = 0;
	if (terminal_free(c)) {
		t.reason = V2X_REASON_GRID_PHASE_LOSS;
		v2x_seq_trip(r, &t);
	} else if (c->seq.state == V2X_STATE_RUN) {
		v2x_ride_cease(r, &t);
	} else {
		/* the contacts open, or synchronising begins anew */
		c->seq.gates = false;
		c->seq.dcdc = false;
		c->seq.dcdc_v_mv = 0;
		c->seq.sub = 0;
	}
}

/*
 * With one phase: @v, on the angle, is more than a jump of 60 degrees leaves
 * reversed, sin(60) |sin| - cos(60) |cos| of the peak, times |cos|.
 */
static bool beyond_jump(const struct v2x_ctl *c, long v)
{
	long c_q15 = v2x_abs(c->tracker.rot.c) >> 15, s_q15 = v2x_abs(c->tracker.rot.s) >> 15;
	long most = v2x_mul_floor(s_q15, SIN_60_Q15, 15) - (c_q15 >> 1) + JUMP_ROOM_Q15;

	return -v > v2x_mul_floor(v2x_mul_floor(most, c_q15, 15), c->k.direction.peak_q8, 15);
}

/* Nothing may be made with an angle that is wrong by more than a quarter. */
static bool reversed(const struct v2x_run *r, struct v2x_vec v_grid)
{
	const struct v2x_direction_k *k = &r->c->k.direction;
	struct v2x_direction *s = &r->c->direction;
	long v = on_the_angle(r->c, v_grid);

	if (likely(v >= -k->dead_q8 && !s->turned_q8 && !s->steps))
		return false;
	if (r->c->k.phases != 3 && v < -k->dead_q8 && beyond_jump(r->c, v))
		s->turned_q8 += k->limit_q8 / 2 + 1;
	else
		s->turned_q8 = max(s->turned_q8 + min(-v - k->dead_q8, (long)k->most_q8), 0L);
	if (v < -k->dead_q8)
		s->steps++;
	else if (v > k->dead_q8)
		s->steps = 0;
	if (s->turned_q8 < k->limit_q8 && s->steps < k->limit_steps)
		return false;
	act(r, v);
	return true;
}

/* What the reference is and was: the power may still be on its way. */
static void directions(struct v2x_ctl *c)
{
	const struct v2x_direction_k *k = &c->k.direction;
	struct v2x_direction *s = &c->direction;
	long room = v2x_power_to_current(c, k->room_mw);
	s64 ref = c->ref.p_q16;

	s->import = ref > 0 ? k->late : s->import - !!s->import;
	s->export = ref < 0 ? k->late : s->export - !!s->export;
	s->d_hi_q8 = s->import ? k->free_q8 : room;
	s->d_lo_q8 = s->export ? -k->free_q8 : -room;
}

static noinline void judge(const struct v2x_run *r, s32 p, s32 wrong)
{
	const struct v2x_direction_k *k = &r->c->k.direction;
	struct v2x_direction *s = &r->c->direction;

	s->wrong_mw = r->c->prot.stages.stands ? 0 : max(s->wrong_mw + wrong, 0L);
	if (s->wrong_mw >= k->limit_mw)
		v2x_seq_trip(r, &(struct v2x_trip){
			.reason = V2X_REASON_WRONG_DIRECTION, .value = p,
			.limit = p > 0 ? k->margin_mw : -k->margin_mw,
		});
}

static void against(const struct v2x_run *r)
{
	const struct v2x_direction_k *k = &r->c->k.direction;
	struct v2x_direction *s = &r->c->direction;
	s32 p = r->c->p_inst_mw, wrong = 0;

	directions(r->c);
	if (r->c->k.phases != 3)
		p = (s32)r->c->single.power.mean;
	if (!s->import)
		wrong = p;
	if (!s->export)
		wrong = max(wrong, -p);
	wrong -= k->margin_mw;
	if (unlikely(wrong > 0 || s->wrong_mw))
		judge(r, p, wrong);
}

/* After a reversal: no angle is good before the tracker had time to lose it. */
static void rest(const struct v2x_run *r, struct v2x_vec v)
{
	struct v2x_ctl *c = r->c;
	struct v2x_direction *s = &c->direction;

	if (likely(!s->rest))
		return;
	if (s->rest > 1)
		s->rest--;
	else if (on_the_angle(c, v) >= -c->k.direction.dead_q8)
		s->rest = 0;
	c->tracker.good = 0;
}

void v2x_direction_step(const struct v2x_run *r, struct v2x_vec v)
{
	struct v2x_ctl *c = r->c;
	bool follows = c->seq.state >= V2X_STATE_SYNC && c->seq.state <= V2X_STATE_RAMP_DOWN;

	if (!follows || c->form.on || r->set->island)
		set_free(&c->k.direction, &c->direction);
	else if (!c->seq.gates)
		rest(r, v);
	else if (!reversed(r, v) && c->seq.dcdc && c->seq.state != V2X_STATE_SYNC)
		against(r);
}
