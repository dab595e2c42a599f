// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bits.h>
#include <linux/limits.h>
#include <linux/string.h>
#include "protection.h"
#include "stages.h"

static const u16 reason_of[V2X_PROT_QUANTITIES][2] = {
	[V2X_PROT_V_PHASE] = { V2X_REASON_GRID_OVER_VOLTAGE, V2X_REASON_GRID_UNDER_VOLTAGE },
	[V2X_PROT_V_PHASE_HALF] = { V2X_REASON_GRID_OVER_VOLTAGE, V2X_REASON_GRID_UNDER_VOLTAGE },
	[V2X_PROT_V_LINE] = { V2X_REASON_GRID_OVER_VOLTAGE, V2X_REASON_GRID_UNDER_VOLTAGE },
	[V2X_PROT_V_POSITIVE] = { V2X_REASON_GRID_OVER_VOLTAGE, V2X_REASON_GRID_UNDER_VOLTAGE },
	[V2X_PROT_V_NEGATIVE] = { V2X_REASON_GRID_UNBALANCE, 0 },
	[V2X_PROT_V_10MIN] = { V2X_REASON_GRID_VOLTAGE_10MIN, 0 },
	[V2X_PROT_F] = { V2X_REASON_GRID_OVER_FREQUENCY, V2X_REASON_GRID_UNDER_FREQUENCY },
	[V2X_PROT_ROCOF] = { V2X_REASON_GRID_ROCOF, 0 },
	[V2X_PROT_VECTOR_SHIFT] = { V2X_REASON_GRID_VECTOR_SHIFT, 0 },
};

static u32 reason(const struct v2x_stage_set *st)
{
	return reason_of[st->quantity][st->under];
}

void v2x_stages_init(struct v2x_stages *s)
{
	u32 i;

	memset(s, 0, sizeof(*s));
	for (i = 0; i < V2X_PROT_ENTRIES; i++)
		s->due[i] = U64_MAX;
	s->first = U64_MAX;
}

void v2x_stages_begin(struct v2x_stages *s, const struct v2x_table_set *set, u64 window_tick)
{
	if (unlikely(s->hash != set->hash)) {
		v2x_stages_init(s);
		s->hash = set->hash;
	}
	s->window_tick = window_tick;
	s->first_pass = U64_MAX;
	s->at = 0;
	s->busy = set->count;
}

/* Mean frequency over a window, or its change from the beginning of it. */
static struct v2x_quant of_frequency(const struct v2x_halves *h, const struct v2x_stage_set *st)
{
	u32 halves = st->halves;
	u32 then = (h->f_at - halves) & (V2X_F_HALVES - 1);
	s32 f = v2x_halves_f_mhz(h);

	if (st->quantity == V2X_PROT_ROCOF) {
		if (h->f_run <= halves)
			return (struct v2x_quant){ 0 };
		return (struct v2x_quant){
			.hi = v2x_abs((long)f - h->f_mhz[then]) * (s64)f, .n = halves,
		};
	}
	/* one cycle's frequency is one value: no mean of two half cycles */
	if (halves <= 2)
		return (struct v2x_quant){ .hi = f, .lo = f, .n = !!f };
	if (h->f_run < halves)
		return (struct v2x_quant){ 0 };
	f = (s32)(h->f_sum[h->f_at] - h->f_sum[then]);
	return (struct v2x_quant){ .hi = f, .lo = f, .n = halves };
}

static bool beyond(const struct v2x_stage_set *st, const struct v2x_quant *q, bool stands)
{
	s64 limit = stands ? st->back : st->limit;

	if (!q->n)
		return false;
	return st->under ? q->lo < limit * q->n : q->hi > limit * q->n;
}

void v2x_stages_next(struct v2x_stages *s, const struct v2x_table_set *set,
		     const struct v2x_halves *h)
{
	u32 i = s->at;
	const struct v2x_stage_set *st = &set->stage[i];
	struct v2x_quant q;

	if (unlikely(s->hash != set->hash || i >= set->count)) {
		s->busy = false;	/* another table: with the next half cycle */
		return;
	}
	if (st->quantity == V2X_PROT_F || st->quantity == V2X_PROT_ROCOF)
		q = of_frequency(h, st);
	else
		q = h->quant[st->quantity];
	if (unlikely(beyond(st, &q, s->stands & BIT(i)))) {
		if (!(s->stands & BIT(i)))
			s->due[i] = s->window_tick + st->ticks;
		s->stands |= (u32)BIT(i);
		s->seen[i] = q;
		if (st->action == V2X_PROT_TRIP)
			s->first_pass = min(s->first_pass, s->due[i]);
	} else {
		s->due[i] = U64_MAX;
		s->stands &= (u32)~BIT(i);
	}
	s->at = i + 1;
	if (s->at >= set->count) {
		s->busy = false;
		s->first = s->first_pass;
	}
}

int v2x_stages_due(const struct v2x_stages *s, const struct v2x_table_set *set, u8 action,
		   u64 tick)
{
	u32 i;

	for (i = 0; i < V2X_PROT_ENTRIES; i++)
		if (s->stands & BIT(i) && i < set->count && set->stage[i].action == action &&
		    tick >= s->due[i])
			return (int)i;
	return -1;
}

bool v2x_stages_stands(const struct v2x_stages *s, const struct v2x_table_set *set, u32 actions)
{
	u32 left = s->stands;
	u32 i;

	for (i = 0; left; i++, left >>= 1)
		if (left & 1 && i < set->count && actions & BIT(set->stage[i].action))
			return true;
	return false;
}

u32 v2x_stages_reason(const struct v2x_stages *s, const struct v2x_table_set *set)
{
	u32 left = s->stands;
	u32 i;

	for (i = 0; left; i++, left >>= 1)
		if (left & 1 && i < set->count && set->stage[i].action != V2X_PROT_RIDE)
			return reason(&set->stage[i]);
	return 0;
}

/* sqrt(x / n) */
static s64 root_of(s64 x, s64 n)
{
	int e;
	u32 r;

	if (x <= 0 || n <= 0)
		return 0;
	r = v2x_rsqrt((u64)n, &e);
	return (s64)(((u64)v2x_sqrt((u64)x) * r) >> (30 + e));
}

void v2x_stages_trip(const struct v2x_stages *s, const struct v2x_table_set *set,
		     const struct v2x_halves *h, u32 i, struct v2x_trip *trip)
{
	const struct v2x_stage_set *st = &set->stage[i];
	const struct v2x_quant *q = &s->seen[i];

	trip->reason = reason(st);
	trip->limit = st->threshold;
	switch (st->quantity) {
	case V2X_PROT_F:
		trip->value = v2x_halves_f_mhz(h);
		break;
	case V2X_PROT_ROCOF:
		trip->value = v2x_shr(q->hi * st->recip_q40, 40);
		break;
	case V2X_PROT_VECTOR_SHIFT:	/* 2^32 a turn to mdeg */
		trip->value = v2x_shr(q->hi * 11250, 27);
		break;
	case V2X_PROT_V_10MIN:
		trip->value = root_of(q->hi << 4, q->n) << 2;
		break;
	default:
		trip->value = root_of(st->under ? q->lo : q->hi, q->n);
		break;
	}
}
