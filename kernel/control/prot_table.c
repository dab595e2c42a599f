// SPDX-License-Identifier: GPL-2.0-only
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include "prot_table.h"
#include "schedule.h"

#define TIME_MAX_MS	3600000
#define RECOVER_MS	200	/* of recover_ms = 0 */

/* Both ways a trip is wanted: whoever feeds a grid must be able to leave it. */
#define BOTH	(BIT(V2X_PROT_OVER) | BIT(V2X_PROT_UNDER))
#define OVER	BIT(V2X_PROT_OVER)
#define ALL	(BIT(V2X_PROT_TRIP) | BIT(V2X_PROT_CEASE) | BIT(V2X_PROT_RIDE))
#define TRIP	BIT(V2X_PROT_TRIP)

/**
 * struct kind - what there is to know of a quantity
 * @sides: BIT(V2X_PROT_OVER), BIT(V2X_PROT_UNDER)
 * @actions: BIT(enum v2x_prot_action)
 * @least_halves: shortest clearing time, in half cycles: a window that must
 *	fill, half a cycle until the next one ends, and the work on it
 * @lead_halves: half cycles from the moment a quantity passes its threshold to
 *	the end of the window that shows it, in the middle of its range; see
 *	Documentation/protection.rst
 */
struct kind {
	u8 sides;
	u8 actions;
	u8 least_halves;
	u8 lead_halves;
};

static const struct kind kinds[V2X_PROT_QUANTITIES] = {
	[V2X_PROT_V_PHASE] = { BOTH, ALL, 4, 2 },
	[V2X_PROT_V_PHASE_HALF] = { BOTH, ALL, 3, 1 },
	[V2X_PROT_V_LINE] = { BOTH, ALL, 4, 1 },
	[V2X_PROT_V_POSITIVE] = { BOTH, ALL, 4, 1 },
	[V2X_PROT_V_NEGATIVE] = { OVER, ALL, 4, 1 },
	[V2X_PROT_V_10MIN] = { OVER, TRIP, 0, 0 },
	[V2X_PROT_V_PEAK] = { OVER, TRIP, 0, 0 },
	[V2X_PROT_F] = { BOTH, ALL, 4, 2 },
	[V2X_PROT_ROCOF] = { OVER, TRIP, 4, 2 },
	[V2X_PROT_VECTOR_SHIFT] = { OVER, TRIP, 0, 0 },
};

static u32 half_us(const struct v2x_stage_desc *desc)
{
	return (u32)div_u64(500000000ULL, desc->f_nominal_mhz);
}

/* Shortest clearing time a quantity can be measured in. */
static u32 least_ms(const struct v2x_stage_desc *desc, u32 quantity)
{
	return (kinds[quantity].least_halves * half_us(desc) + 999) / 1000;
}

static u32 window_halves(const struct v2x_stage_desc *desc, u32 window_ms)
{
	return (u32)div_u64((u64)window_ms * 1000 + half_us(desc) / 2, half_us(desc));
}

/* ---- default --------------------------------------------------------------- */

static void add(struct v2x_prot_table *t, u8 quantity, u8 side, s32 threshold, u32 time_ms)
{
	t->entry[t->count++] = (struct v2x_prot_entry){
		.quantity = quantity, .side = side, .action = V2X_PROT_TRIP,
		.threshold = threshold, .time_ms = time_ms,
	};
}

/*
 * A time outside, which may not be cut short, as a clearing time. Of that the
 * whole cycle is taken off which it takes to see a step just beyond a threshold;
 * one far beyond is seen at the next half cycle.
 */
static u32 outside_ms(const struct v2x_stage_desc *desc, u32 quantity, u32 time_ms)
{
	u32 lead_ms = (kinds[quantity].lead_halves * half_us(desc) + 999) / 1000;

	return max(time_ms + lead_ms, least_ms(desc, quantity));
}

void v2x_prot_table_default(const struct v2x_stage_desc *desc, const struct v2x_protection *p,
			    struct v2x_prot_table *t)
{
	memset(t, 0, sizeof(*t));
	t->size = sizeof(*t);
	t->refused = V2X_PROT_NO_ENTRY;
	memcpy(t->name, "default", sizeof("default"));
	add(t, V2X_PROT_V_PHASE, V2X_PROT_OVER, (s32)p->v_over_mv,
	    outside_ms(desc, V2X_PROT_V_PHASE, p->v_over_ms));
	add(t, V2X_PROT_V_PHASE, V2X_PROT_UNDER, (s32)p->v_under_mv,
	    outside_ms(desc, V2X_PROT_V_PHASE, p->v_under_ms));
	add(t, V2X_PROT_F, V2X_PROT_OVER, (s32)p->f_over_mhz,
	    outside_ms(desc, V2X_PROT_F, p->f_over_ms));
	add(t, V2X_PROT_F, V2X_PROT_UNDER, (s32)p->f_under_mhz,
	    outside_ms(desc, V2X_PROT_F, p->f_under_ms));
	/* sqrt(2) * 1.6 of nominal, three samples: terminals without a grid */
	add(t, V2X_PROT_V_PEAK, V2X_PROT_OVER,
	    (s32)div_u64((u64)desc->v_nominal_mv * 22627, 10000), 0);
	t->lom_gain_permille = 200;
	t->lom_q_permille = 100;
	t->hash = v2x_prot_table_hash(t);
}

/* ---- check ----------------------------------------------------------------- */

static bool is_voltage(u32 quantity)
{
	return quantity >= V2X_PROT_V_PHASE && quantity <= V2X_PROT_V_PEAK;
}

/* Value at which all is well; 0 for what has none. */
static s64 nominal(const struct v2x_stage_desc *desc, u32 quantity)
{
	switch (quantity) {
	case V2X_PROT_V_LINE:	/* sqrt(3) */
		return (s64)div_u64((u64)desc->v_nominal_mv * 17320508, 10000000);
	case V2X_PROT_V_PEAK:	/* sqrt(2) */
		return (s64)div_u64((u64)desc->v_nominal_mv * 14142136, 10000000);
	case V2X_PROT_F:
		return desc->f_nominal_mhz;
	case V2X_PROT_V_PHASE:
	case V2X_PROT_V_PHASE_HALF:
	case V2X_PROT_V_POSITIVE:
	case V2X_PROT_V_10MIN:
		return desc->v_nominal_mv;
	default:
		return 0;
	}
}

/*
 * Most that is measured and borne. A voltage: 1.5 of nominal RMS, as far as the
 * sensor goes; a peak: 1.6 of nominal.
 */
static s64 highest(const struct v2x_stage_desc *desc, u32 quantity)
{
	const struct v2x_adc_desc *adc = &desc->adc[V2X_ADC_V_GRID_A];
	s64 peak = div_s64(adc->raw_max * adc->scale_n + adc->offset_n, 1000000);

	switch (quantity) {
	case V2X_PROT_V_PEAK:
		return min(nominal(desc, quantity) * 8 / 5, peak);
	case V2X_PROT_V_LINE:
		return min(nominal(desc, quantity) * 3 / 2, div_s64(peak * 12247, 10000));
	case V2X_PROT_F:
		return 66000;
	case V2X_PROT_ROCOF:
		return 10000;
	case V2X_PROT_VECTOR_SHIFT:
		return 60000;
	default:
		return min((s64)desc->v_nominal_mv * 3 / 2, div_s64(peak * 7071, 10000));
	}
}

static s64 lowest(const struct v2x_stage_desc *desc, u32 quantity)
{
	switch (quantity) {
	case V2X_PROT_F:
		return 45000;
	case V2X_PROT_ROCOF:
		return 100;
	case V2X_PROT_VECTOR_SHIFT:
		return 2000;
	case V2X_PROT_V_NEGATIVE:
		return desc->v_nominal_mv / 100;
	default:
		return 0;
	}
}

static u32 bad_field(const struct v2x_stage_desc *desc, const struct v2x_prot_entry *e)
{
	const struct kind *k;

	if (e->quantity == V2X_PROT_NONE || e->quantity >= V2X_PROT_QUANTITIES || e->reserved)
		return V2X_PROT_BAD_FIELD;
	k = &kinds[e->quantity];
	if (e->side > V2X_PROT_UNDER || !(k->sides & BIT(e->side)) ||
	    e->action > V2X_PROT_RIDE || !(k->actions & BIT(e->action)))
		return V2X_PROT_BAD_FIELD;
	/* a charger of one phase has neither */
	if (desc->phases == 1 && (e->quantity == V2X_PROT_V_LINE ||
				  e->quantity == V2X_PROT_V_NEGATIVE))
		return V2X_PROT_BAD_FIELD;
	return V2X_PROT_FINE;
}

static u32 bad_threshold(const struct v2x_stage_desc *desc, const struct v2x_prot_entry *e)
{
	s64 nom = nominal(desc, e->quantity);
	s64 lo = e->side == V2X_PROT_OVER ? max(nom, lowest(desc, e->quantity)) :
					    lowest(desc, e->quantity);
	s64 hi = e->side == V2X_PROT_OVER ? highest(desc, e->quantity) : nom;

	return e->threshold < lo || e->threshold > hi ? V2X_PROT_BAD_THRESHOLD : V2X_PROT_FINE;
}

static u32 bad_time(const struct v2x_stage_desc *desc, const struct v2x_prot_entry *e)
{
	if (e->quantity == V2X_PROT_VECTOR_SHIFT && e->time_ms)
		return V2X_PROT_BAD_TIME;
	/* as soon as it is seen */
	if (e->action == V2X_PROT_CEASE && !e->time_ms)
		return V2X_PROT_FINE;
	/* a ride-through of any length can be kept */
	if (e->action != V2X_PROT_RIDE && e->time_ms < least_ms(desc, e->quantity))
		return V2X_PROT_BAD_TIME;
	return e->time_ms > TIME_MAX_MS ? V2X_PROT_BAD_TIME : V2X_PROT_FINE;
}

static u32 bad_window(const struct v2x_stage_desc *desc, const struct v2x_prot_entry *e)
{
	u32 halves = window_halves(desc, e->window_ms);

	switch (e->quantity) {
	case V2X_PROT_F:
		if (!e->window_ms)
			return V2X_PROT_FINE;
		return halves >= 2 && halves < V2X_F_HALVES ? V2X_PROT_FINE : V2X_PROT_BAD_WINDOW;
	case V2X_PROT_ROCOF:	/* 80 ms: below it a phase jump is all there is */
		return halves >= 8 && halves < V2X_F_HALVES ? V2X_PROT_FINE : V2X_PROT_BAD_WINDOW;
	default:
		return e->window_ms ? V2X_PROT_BAD_WINDOW : V2X_PROT_FINE;
	}
}

static bool same_kind(const struct v2x_prot_entry *a, const struct v2x_prot_entry *b)
{
	return a->quantity == b->quantity && a->side == b->side && a->window_ms == b->window_ms;
}

/* Is the threshold of @a as far out as that of @b, or farther? */
static bool as_far(const struct v2x_prot_entry *a, const struct v2x_prot_entry *b)
{
	return a->side == V2X_PROT_OVER ? a->threshold >= b->threshold :
					  a->threshold <= b->threshold;
}

/* An entry against an earlier one; the later one is to blame. */
static u32 against(const struct v2x_prot_entry *e, const struct v2x_prot_entry *b)
{
	bool ride = e->action == V2X_PROT_RIDE, other_ride = b->action == V2X_PROT_RIDE;

	if (!same_kind(e, b))
		return V2X_PROT_FINE;
	if (ride != other_ride) {
		const struct v2x_prot_entry *keep = ride ? e : b, *act = ride ? b : e;

		/* what the ride-through reaches as far as must wait until it is over */
		return as_far(keep, act) && act->time_ms < keep->time_ms ?
		       V2X_PROT_CUTS_RIDE : V2X_PROT_FINE;
	}
	if (e->action != b->action)
		return V2X_PROT_FINE;
	if (e->quantity == V2X_PROT_V_PEAK || e->threshold == b->threshold ||
	    (!ride && e->time_ms == b->time_ms))
		return V2X_PROT_TWICE;
	if (ride)
		return V2X_PROT_FINE;
	/* the farther one must be the faster one, or it never acts */
	return as_far(e, b) == (e->time_ms > b->time_ms) ? V2X_PROT_NEVER : V2X_PROT_FINE;
}

static u32 entry_wrong(const struct v2x_stage_desc *desc, const struct v2x_prot_table *t, u32 at)
{
	const struct v2x_prot_entry *e = &t->entry[at];
	u32 why = bad_field(desc, e);
	u32 i;

	if (!why)
		why = bad_threshold(desc, e);
	if (!why)
		why = bad_time(desc, e);
	if (!why)
		why = bad_window(desc, e);
	for (i = 0; i < at && !why; i++)
		why = against(e, &t->entry[i]);
	return why;
}

static bool trips_on(const struct v2x_prot_table *t, bool voltage, u8 side)
{
	u32 i;

	for (i = 0; i < t->count; i++) {
		const struct v2x_prot_entry *e = &t->entry[i];

		if (e->action != V2X_PROT_TRIP || e->side != side)
			continue;
		if (!voltage && e->quantity == V2X_PROT_F)
			return true;
		if (voltage && e->quantity <= V2X_PROT_V_POSITIVE)
			return true;
	}
	return false;
}

static u32 whole_wrong(const struct v2x_prot_table *t)
{
	if (t->return_ms > 600000 || (t->recover_ms && t->recover_ms < 10) ||
	    t->recover_ms > 600000 || t->k_permille > 10000 || t->k_band_permille > 500 ||
	    t->lom_gain_permille > 500 || t->lom_q_permille > 200 ||
	    t->q_first_permille > 1000 || t->k_jump_permille > 1000)
		return V2X_PROT_BAD_SETTING;
	if (!trips_on(t, true, V2X_PROT_OVER) || !trips_on(t, true, V2X_PROT_UNDER) ||
	    !trips_on(t, false, V2X_PROT_OVER) || !trips_on(t, false, V2X_PROT_UNDER))
		return V2X_PROT_NO_TRIP;
	return V2X_PROT_FINE;
}

/* Entries that are not used must say nothing. */
static u32 first_used(const struct v2x_prot_table *t)
{
	static const struct v2x_prot_entry none;
	u32 i;

	for (i = t->count; i < V2X_PROT_ENTRIES; i++)
		if (memcmp(&t->entry[i], &none, sizeof(none)))
			return i;
	return V2X_PROT_NO_ENTRY;
}

static bool name_ends(const struct v2x_prot_table *t)
{
	return strnlen(t->name, sizeof(t->name)) < sizeof(t->name);
}

static int refuse(struct v2x_prot_table *t, u32 entry, u32 why)
{
	t->refused = entry;
	t->why = why;
	return why == V2X_PROT_BAD_FIELD ? -EINVAL : -ERANGE;
}

int v2x_prot_table_check(const struct v2x_stage_desc *desc, struct v2x_prot_table *t)
{
	u32 why, i;

	t->refused = V2X_PROT_NO_ENTRY;
	t->why = V2X_PROT_FINE;
	if (t->flags || t->count > V2X_PROT_ENTRIES || !name_ends(t))
		return refuse(t, V2X_PROT_NO_ENTRY, V2X_PROT_BAD_FIELD);
	i = first_used(t);
	if (i != V2X_PROT_NO_ENTRY)
		return refuse(t, i, V2X_PROT_BAD_FIELD);
	for (i = 0; i < t->count; i++) {
		why = entry_wrong(desc, t, i);
		if (why)
			return refuse(t, i, why);
	}
	why = whole_wrong(t);
	return why ? refuse(t, V2X_PROT_NO_ENTRY, why) : 0;
}

/* ---- hash ------------------------------------------------------------------ */

static u64 fnv1a(u64 hash, const void *data, size_t len)
{
	const u8 *byte = data;

	while (len--)
		hash = (hash ^ *byte++) * 0x100000001b3ULL;
	return hash;
}

u64 v2x_prot_table_hash(const struct v2x_prot_table *t)
{
	u64 hash = 0xcbf29ce484222325ULL;

	hash = fnv1a(hash, t->name, sizeof(t->name));
	hash = fnv1a(hash, &t->version, sizeof(t->version) + sizeof(t->count));
	hash = fnv1a(hash, &t->return_ms, offsetof(struct v2x_prot_table, q_first_permille) -
					  offsetof(struct v2x_prot_table, return_ms));
	/* tables that say nothing of these keep the hash they always had */
	if (t->q_first_permille || t->k_jump_permille)
		hash = fnv1a(hash, &t->q_first_permille, 2 * sizeof(t->q_first_permille));
	return fnv1a(hash, t->entry, t->count * sizeof(t->entry[0]));
}

/* ---- prepare --------------------------------------------------------------- */

static u32 ticks_of(const struct v2x_stage_desc *desc, u64 us)
{
	return (u32)div_u64(us * desc->tick_hz, 1000000);
}

/* Threshold per unit of the weight that the tick gives the quantity. */
static s64 limit_of(const struct v2x_prot_entry *e, s64 threshold)
{
	switch (e->quantity) {
	case V2X_PROT_V_10MIN:		/* mV^2 / 2^8 */
		return (threshold * threshold) >> 8;
	case V2X_PROT_F:
		return threshold;
	case V2X_PROT_ROCOF:		/* mHz^2 a half cycle, see stages.c */
		return threshold * 500;
	case V2X_PROT_VECTOR_SHIFT:	/* 2^32 a turn; mdeg * 2^32 / 360000 */
		return div_s64(threshold << 27, 11250);
	default:
		return threshold * threshold;
	}
}

/*
 * Of an RMS value over a window 0.05 %, which is its noise; of a sequence, which swings on
 * the way to another value, 0.5 %; 20 mHz of a frequency, a tenth of a rate of change.
 */
static s64 hysteresis(const struct v2x_prot_entry *e)
{
	if (e->quantity <= V2X_PROT_V_LINE)
		return e->threshold / 2000;
	if (is_voltage(e->quantity))
		return e->threshold / 200;
	return e->quantity == V2X_PROT_F ? 20 : e->threshold / 10;
}

static void stage(const struct v2x_stage_desc *desc, const struct v2x_prot_entry *e,
		  struct v2x_stage_set *s)
{
	bool under = e->side == V2X_PROT_UNDER;
	u64 lead_us = (u64)kinds[e->quantity].lead_halves * half_us(desc);
	u64 time_us = (u64)e->time_ms * 1000;
	s64 way = under ? hysteresis(e) : -hysteresis(e);

	s->quantity = e->quantity;
	s->action = e->action;
	s->under = under;
	s->threshold = e->threshold;
	s->limit = limit_of(e, e->threshold);
	s->back = limit_of(e, e->threshold ? max_t(s64, e->threshold + way, 0) : 0);
	s->ticks = ticks_of(desc, time_us > lead_us ? time_us - lead_us : 0);
	s->halves = (u8)max(window_halves(desc, e->window_ms), 2U);
	if (e->quantity == V2X_PROT_ROCOF)
		s->recip_q40 = (u32)div_u64(1ULL << 40, 500 * s->halves);
}

static bool low_voltage(const struct v2x_prot_entry *e)
{
	return e->side == V2X_PROT_UNDER && e->quantity <= V2X_PROT_V_POSITIVE;
}

/*
 * How long a lost phase or a dead grid is left to the table: as long as it
 * says that a low voltage is ridden through. One that ceases leaves it to its
 * own trips.
 */
static u32 ride_ms(const struct v2x_prot_table *t)
{
	u32 ride = 0, trip = 0;
	bool ceases = false;
	u32 i;

	for (i = 0; i < t->count; i++) {
		const struct v2x_prot_entry *e = &t->entry[i];

		if (!low_voltage(e))
			continue;
		if (e->action == V2X_PROT_RIDE)
			ride = max(ride, e->time_ms);
		else if (e->action == V2X_PROT_TRIP)
			trip = max(trip, e->time_ms);
		else
			ceases = true;
	}
	return ceases ? max(ride, trip) : ride;
}

/* How long the table bears a phase below @mv: its shortest trip, 0: none is told. */
static u32 bears_ms(const struct v2x_prot_table *t, s32 mv)
{
	u32 ms = U32_MAX, i;

	for (i = 0; i < t->count; i++) {
		const struct v2x_prot_entry *e = &t->entry[i];

		if ((e->quantity == V2X_PROT_V_PHASE || e->quantity == V2X_PROT_V_PHASE_HALF) &&
		    e->side == V2X_PROT_UNDER && e->action == V2X_PROT_TRIP && e->threshold > mv)
			ms = min(ms, e->time_ms);
	}
	return ms == U32_MAX ? 0 : ms;
}

static void riding(const struct v2x_stage_desc *desc, const struct v2x_prot_table *t,
		   struct v2x_table_set *set)
{
	u32 rated = max(desc->p_import_max_mw, desc->p_export_max_mw);
	u32 recover_ms = t->recover_ms ? t->recover_ms : RECOVER_MS;
	u64 v_peak_q8 = div_u64((u64)desc->v_nominal_mv * 362039, 1000);	/* sqrt(2) * 256 */

	set->ride_ticks = ticks_of(desc, (u64)ride_ms(t) * 1000);
	/* two cycles more: the stage is to say so, with what it measured */
	set->low_ticks = max(set->ride_ticks,
			     ticks_of(desc, (u64)bears_ms(t, (s32)(desc->v_nominal_mv / 10 * 3)) *
				      1000)) + desc->tick_hz / 25;
	set->return_ticks = ticks_of(desc, (u64)t->return_ms * 1000);
	set->recover_q16 = (s64)max(div_u64(div_u64(((u64)rated << 16) * V2X_OUTER_TICKS,
						    desc->tick_hz) * 1000, recover_ms), 1ULL);
	/* k Ir / Vn */
	set->support_q16 = (s32)div_u64(div_u64(((u64)t->k_permille << 16) * desc->i_rated_ma,
						1000), desc->v_nominal_mv);
	set->lom_gain_q16 = (s32)div_u64(((u64)desc->s_rated_mva << 16) * t->lom_gain_permille,
					 1000000);
	set->lom_q_mvar = t->lom_gain_permille ?
		(s32)div_u64((u64)desc->s_rated_mva * t->lom_q_permille, 1000) : 0;
	set->support_max_q8 = (s32)div_u64((u64)desc->i_rated_ma * 362039, 1000);
	set->support_lo_q8 = (s32)div_u64(v_peak_q8 * (1000 - t->k_band_permille), 1000);
	set->support_hi_q8 = (s32)div_u64(v_peak_q8 * (1000 + t->k_band_permille), 1000);
	set->support_jump_q8 = (s32)div_u64(v_peak_q8 * t->k_band_permille * t->k_jump_permille,
					    1000000);
	set->q_first_mvar = (s32)div_u64((u64)desc->s_rated_mva * t->q_first_permille, 1000);
}

void v2x_prot_table_prepare(const struct v2x_stage_desc *desc, const struct v2x_prot_table *t,
			    struct v2x_table_set *set)
{
	u32 i;

	set->count = 0;
	set->hash = t->hash;
	set->v_peak_q8 = S32_MAX;
	set->v_peak_ticks = U32_MAX;
	riding(desc, t, set);
	for (i = 0; i < t->count; i++) {
		const struct v2x_prot_entry *e = &t->entry[i];

		if (e->quantity == V2X_PROT_V_PEAK) {
			set->v_peak_q8 = e->threshold << 8;
			set->v_peak_ticks = max(ticks_of(desc, (u64)e->time_ms * 1000), 3U);
		} else {
			stage(desc, e, &set->stage[set->count++]);
		}
	}
}
