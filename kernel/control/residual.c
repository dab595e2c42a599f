// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bits.h>
#include <linux/math64.h>
#include <linux/string.h>
#include "ctl_priv.h"

#define DC_RATED_MA	6
#define AC_RATED_MA	30
#define LOWPASS_MS	400
#define OVER_DC		3	/* half cycles */
#define TEST_HALVES	4	/* what injecting, and letting go, may take */

#define MAINS	(V2X_CONTACTOR_PRECHARGE | V2X_CONTACTOR_GRID)

/*
 * Of each stage of AC: its current in quarters of the rated one, and how long
 * it stands before the trip. To the time come a cycle of the window and what
 * the contactor takes to open.
 */
static const struct {
	u32 quarters;
	u32 hold_ms;
} stages[V2X_RESIDUAL_STAGES] = {
	{ 3, 150 },	/* 0.3 s at the rated current */
	{ 6, 60 },	/* 0.15 s at twice */
	{ 12, 0 },	/* 40 ms at five times */
};

static u32 half_samples(const struct v2x_stage_desc *desc)
{
	return (u32)div_u64((u64)desc->tick_hz * 1000 / (2 * V2X_RESIDUAL_TICKS) +
			    desc->f_nominal_mhz / 2, desc->f_nominal_mhz);
}

void v2x_residual_init(struct v2x_residual_k *k, struct v2x_residual *s,
		       const struct v2x_stage_desc *desc)
{
	u32 half_us = 500000000 / desc->f_nominal_mhz;
	u32 i;

	k->half = half_samples(desc);
	k->recip_q32 = (u32)div_u64(1ULL << 32, 2 * k->half);
	/* T / (tau + T) */
	k->lp_q30 = (s32)div_u64((u64)half_us << 30, LOWPASS_MS * 1000 + half_us);
	k->test_q8 = (s32)div_u64((u64)desc->residual_test_ua << 8, 1000);
	k->offset_q8 = DC_RATED_MA * 256 / 4;
	for (i = 0; i < V2X_RESIDUAL_STAGES; i++)
		k->hold[i] = stages[i].hold_ms * 1000 / half_us + 1;
	k->stuck = desc->tick_hz / (2 * V2X_RESIDUAL_TICKS);
	memset(s, 0, sizeof(*s));
}

void v2x_residual_prepare(const struct v2x_stage_desc *desc, const struct v2x_protection *p,
			  struct v2x_ctl_set *set)
{
	u32 n = 2 * half_samples(desc);
	u32 dc_ma = p->residual_dc_ma ? p->residual_dc_ma : DC_RATED_MA;
	u32 ac_ma = p->residual_ac_ma ? p->residual_ac_ma : AC_RATED_MA;
	u32 i;

	set->residual_dc_q24 = (s32)((dc_ma << 24) / 4 * 3);
	for (i = 0; i < V2X_RESIDUAL_STAGES; i++) {
		s64 limit_q8 = (s64)(ac_ma << 8) * stages[i].quarters / 4;

		/* n^2 variance = n sum(x^2) - sum(x)^2 */
		set->residual_ac2[i] = limit_q8 * limit_q8 * n * n;
	}
}

static bool trip(const struct v2x_run *r, u32 reason, s64 value, s64 limit)
{
	r->c->residual.inject = false;
	v2x_seq_trip(r, &(struct v2x_trip){ .reason = reason, .value = value, .limit = limit });
	return true;
}

/* mA Q8 to uA */
static s64 ua(s64 ma_q8)
{
	return (ma_q8 * 1000) >> 8;
}

/* Nothing is judged: the filter and the clocks begin anew. */
static void rest(struct v2x_residual *s)
{
	s->dc_q24 = 0;
	s->over_dc = 0;
	memset(s->over, 0, sizeof(s->over));
}

static bool alternating(s32 lo, s32 hi)
{
	return lo < 0 && hi > 0 && -lo > hi >> 2 && hi > -lo >> 2;
}

/* RMS of the alternating part, uA; once, for the event. */
static s64 rms_ua(const struct v2x_residual_k *k, s64 n2_variance)
{
	return ua((s64)((v2x_sqrt((u64)n2_variance) * (u64)k->recip_q32) >> 32));
}

static bool judge_ac(const struct v2x_run *r, s64 n2_variance, bool both)
{
	const struct v2x_residual_k *k = &r->c->k.residual;
	struct v2x_residual *s = &r->c->residual;
	const s64 *limit = r->set->residual_ac2;
	u32 i;

	for (i = V2X_RESIDUAL_STAGES; i-- > 0;) {
		bool over = n2_variance > limit[i] && (k->hold[i] > 1 || both);

		s->over[i] = over ? s->over[i] + 1 : 0;
		if (unlikely(s->over[i] >= k->hold[i]))
			return trip(r, V2X_REASON_RESIDUAL_AC, rms_ua(k, n2_variance),
				    rms_ua(k, limit[i]));
	}
	return false;
}

static void judge_dc(const struct v2x_run *r)
{
	struct v2x_residual *s = &r->c->residual;
	s64 dc = s->dc_q24 < 0 ? -s->dc_q24 : s->dc_q24;

	s->over_dc = dc > r->set->residual_dc_q24 ? s->over_dc + 1 : 0;
	if (unlikely(s->over_dc >= OVER_DC))
		trip(r, V2X_REASON_RESIDUAL_DC, ua(s->dc_q24 >> 16),
		     ua(r->set->residual_dc_q24 >> 16));
}

void v2x_residual_judge(const struct v2x_run *r)
{
	const struct v2x_residual_k *k = &r->c->k.residual;
	struct v2x_residual *s = &r->c->residual;
	s64 sum = s->now.sum + s->last.sum, square = s->now.square + s->last.square;
	s32 lo = min(s->now.lo, s->last.lo), hi = max(s->now.hi, s->last.hi);

	s->last = s->now;
	s->now = (struct v2x_residual_half){ 0 };
	s->n = 0;
	s->wait++;
	s->mean_q8 = (s32)((sum * k->recip_q32) >> 32);
	if (!(r->c->contactors & MAINS)) {
		rest(s);
		return;
	}
	s->dc_q24 += v2x_shr(((s64)s->mean_q8 * 65536 - s->dc_q24) * k->lp_q30, 30);
	if (!judge_ac(r, 2 * k->half * square - sum * sum, alternating(lo, hi)))
		judge_dc(r);
}

/*
 * The end of the range may be a broken wire or a current beyond it. An
 * alternating one leaves it within half a cycle.
 */
static noinline void at_the_end(const struct v2x_run *r, s32 raw)
{
	struct v2x_residual *s = &r->c->residual;

	s->ends = raw == s->raw ? s->ends + 1 : 1;
	if (s->ends >= r->c->k.residual.half * 3 / 2)
		trip(r, V2X_REASON_ADC_RANGE, V2X_ADC_RESIDUAL, 0);
}

/* An alternating leakage, however small, moves a sensor that lives. */
static __always_inline void moves(const struct v2x_run *r, s32 raw)
{
	struct v2x_residual *s = &r->c->residual;

	s->same = raw == s->raw ? s->same + 1 : 0;
	s->raw = raw;
	if (unlikely(s->same > r->c->k.residual.stuck) && r->c->seq.gates)
		trip(r, V2X_REASON_ADC_STUCK, V2X_ADC_RESIDUAL, 0);
}

bool v2x_residual_step(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	const struct v2x_scale *scale = &c->scale[V2X_ADC_RESIDUAL];
	struct v2x_residual *s = &c->residual;
	s32 raw = r->in->samples.raw[V2X_ADC_RESIDUAL];
	s32 x = v2x_scale_apply(scale, raw);

	c->m.residual_q8 = x;
	s->now.sum += x;
	s->now.square += (s64)x * x;
	s->now.lo = min(s->now.lo, x);
	s->now.hi = max(s->now.hi, x);
	if (unlikely(v2x_scale_bad(scale, raw)))
		at_the_end(r, raw);
	else
		s->ends = 0;
	moves(r, raw);
	s->n++;
	return v2x_residual_ended(&c->k.residual, s);
}

/* Does the sensor say so much, over a whole cycle that began after the change? */
static bool says(const struct v2x_run *r, s32 want_q8, s32 off_q8)
{
	const struct v2x_residual *s = &r->c->residual;

	return s->wait >= 3 && !v2x_beyond(s->mean_q8 - want_q8, off_q8);
}

static void test_step(const struct v2x_run *r, u32 step, bool inject)
{
	struct v2x_residual *s = &r->c->residual;

	s->wait = 0;
	s->inject = inject;
	r->c->seq.count = step;
}

bool v2x_residual_test(const struct v2x_run *r)
{
	const struct v2x_residual_k *k = &r->c->k.residual;
	struct v2x_residual *s = &r->c->residual;
	bool late = s->wait > TEST_HALVES;

	if (!(r->c->k.has & BIT(V2X_ADC_RESIDUAL)))
		return true;
	switch (r->c->seq.count) {
	case 0:
		test_step(r, 1, false);
		return false;
	case 1:
		if (says(r, 0, k->offset_q8)) {
			test_step(r, 2, k->test_q8);
			return !k->test_q8;
		}
		if (late)
			trip(r, V2X_REASON_SENSOR_OFFSET, s->mean_q8 >> 8, k->offset_q8 >> 8);
		return false;
	case 2:
		if (says(r, k->test_q8, k->test_q8 / 4))
			test_step(r, 3, false);
		break;
	default:
		if (says(r, 0, k->offset_q8))
			return true;
		break;
	}
	if (late)
		trip(r, V2X_REASON_SENSOR_IMPLAUSIBLE, V2X_ADC_RESIDUAL, 0);
	return false;
}
