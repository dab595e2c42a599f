// SPDX-License-Identifier: GPL-2.0-only
/*
 * The grid as seen behind its impedance: three sources of one angle, with
 * harmonics, and the replay of a recorded frequency and voltage.
 */
#include "plant.h"
#include "plant_fx.h"

#define SQRT3_HALF_Q30	929887697LL
#define V_MAX_Q20	Q20(1500)	/* what the grid's surge arresters let through */

/* Records that may be passed in one period; the rest of a burst comes later. */
#define REPLAY_STEPS_MAX	8

/* Positive-sequence set of cosines of an angle. */
static void cosines(u32 angle, s64 u[PLANT_PHASES])
{
	s64 c = fx_cos_q30(angle);
	s64 s = (fx_sin_q30(angle) * SQRT3_HALF_Q30) >> 30;

	u[0] = c;
	u[1] = s - (c >> 1);
	u[2] = -s - (c >> 1);
}

static void add_harmonics(const struct plant_set *set, u32 angle, s64 u[PLANT_PHASES])
{
	s64 h[PLANT_PHASES], base[PLANT_PHASES] = { u[0], u[1], u[2] };

	/* Negative sequence: b and c exchanged. */
	u[0] += (base[0] * set->unbalance_q16) >> 16;
	u[1] += (base[2] * set->unbalance_q16) >> 16;
	u[2] += (base[1] * set->unbalance_q16) >> 16;
	cosines(angle * 5, h);
	u[0] += (h[0] * set->h5_q16) >> 16;
	u[1] += (h[2] * set->h5_q16) >> 16;
	u[2] += (h[1] * set->h5_q16) >> 16;
	cosines(angle * 7, h);
	u[0] += (h[0] * set->h7_q16) >> 16;
	u[1] += (h[1] * set->h7_q16) >> 16;
	u[2] += (h[2] * set->h7_q16) >> 16;
}

/* The two halves of a split phase, or one phase alone. */
static void opposite(const struct plant_set *set, u32 angle, s64 u[PLANT_PHASES])
{
	u[0] = fx_cos_q30(angle);
	if (set->harmonics)
		u[0] += (fx_cos_q30(angle * 5) * set->h5_q16 +
			 fx_cos_q30(angle * 7) * set->h7_q16) >> 16;
	u[1] = -u[0];
	u[2] = 0;
}

/* Where the record is after one more period. */
static void replay_step(struct plant_replay *r, u64 *f_uhz, s64 *v_q16)
{
	const struct plant_replay_rec *rec;
	u64 t_us;
	u32 i;

	r->t_q20 += r->step_q20;
	t_us = r->t_q20 >> 20;
	for (i = 0; i < REPLAY_STEPS_MAX; i++) {
		if (r->at + 1 >= r->count || t_us < r->rec[r->at + 1].t_us)
			break;
		r->at++;
	}
	rec = &r->rec[r->at];
	r->done = r->at + 1 >= r->count;
	if (t_us < rec->t_us)	/* a record that does not begin at 0 */
		t_us = rec->t_us;
	t_us -= rec->t_us;
	*f_uhz = (u64)((s64)rec->f_uhz + (((s64)t_us * rec->df_q32) >> 32));
	*v_q16 = (s64)rec->v_q16 + (((s64)t_us * rec->dv_q32) >> 32);
}

static u64 angle_inc(const struct plant *p)
{
	return (p->f_uhz * (u64)p->k.f_to_inc_q20) >> 20;
}

void plant_grid_step(struct plant *p)
{
	const struct plant_set *set = &p->set;
	s64 u[PLANT_PHASES], v_q16 = set->voltage_q16;
	bool swap = set->fault[PLANT_FAULT_PHASE_SWAP] && p->k.phases == 3;
	u32 angle, x;

	p->f_uhz = set->f_uhz;
	if (p->replay.rec)
		replay_step(&p->replay, &p->f_uhz, &v_q16);
	p->angle_q48 += angle_inc(p);
	angle = (u32)(p->angle_q48 >> 16) + set->phase;

	if (p->k.phases == 3)
		cosines(angle, u);
	else
		opposite(set, angle, u);
	if (set->harmonics && p->k.phases == 3)
		add_harmonics(set, angle, u);
	for (x = 0; x < p->k.phases; x++) {
		s64 amp = (set->v_phase_q20[x] * v_q16) >> 16;
		u32 wire = swap && x ? 3 - x : x;

		p->v_src_old[wire] = p->v_src[wire];
		p->v_src[wire] = fx_clamp(((u[x] * amp) >> 30) + set->dc_q20[x],
					  -V_MAX_Q20, V_MAX_Q20);
	}
}

void plant_skip(struct plant *p, u32 periods)
{
	p->angle_q48 += angle_inc(p) * periods;
	if (p->replay.rec)
		p->replay.t_q20 += p->replay.step_q20 * periods;
}

static bool point_ok(const struct plant_replay_point *pt, u32 i)
{
	if (pt[i].f_mhz < 0 || pt[i].f_mhz > 100000)
		return false;
	if (pt[i].v_mpu < 0 || pt[i].v_mpu > 2000)
		return false;
	return !i || pt[i].t_ms > pt[i - 1].t_ms;
}

s32 plant_replay_load(const struct plant_replay_point *pt, u32 count,
		      struct plant_replay_rec *rec)
{
	u32 i;

	for (i = 0; i < count; i++) {
		if (!point_ok(pt, i))
			return (s32)i;
		rec[i].t_us = (u64)(pt[i].t_ms - pt[0].t_ms) * 1000;
		rec[i].f_uhz = (u32)pt[i].f_mhz * 1000;
		rec[i].v_q16 = (u32)pt[i].v_mpu * 8192 / 125;	/* 65536 / 1000 */
		rec[i].df_q32 = 0;
		rec[i].dv_q32 = 0;
	}
	if (count < 2)
		return (s32)count;
	for (i = 0; i + 1 < count; i++) {
		s64 dt = (s64)(rec[i + 1].t_us - rec[i].t_us);
		s64 df = (s64)rec[i + 1].f_uhz - (s64)rec[i].f_uhz;
		s64 dv = (s64)rec[i + 1].v_q16 - (s64)rec[i].v_q16;

		rec[i].df_q32 = plant_div(df * (1LL << 32), dt);
		rec[i].dv_q32 = plant_div(dv * (1LL << 32), dt);
	}
	return -1;
}

void plant_replay_prepare(struct plant_replay *r, const struct plant_replay_rec *rec,
			  u32 count, u32 speed_permille, u32 tick_hz)
{
	/* us a tick: 1e6 / tick_hz, times speed / 1000, Q20 */
	s64 step = plant_div((s64)speed_permille * 1000 * Q20_ONE, tick_hz);

	*r = (struct plant_replay){ .rec = rec, .count = count, .step_q20 = (u64)step };
}

void plant_replay_start(struct plant *p, const struct plant_replay_rec *rec,
			u32 count, u32 speed_permille, u32 tick_hz)
{
	plant_replay_prepare(&p->replay, rec, count, speed_permille, tick_hz);
}

void plant_replay_stop(struct plant *p)
{
	p->replay.rec = NULL;
}
