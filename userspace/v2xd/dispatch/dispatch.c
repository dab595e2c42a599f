// SPDX-License-Identifier: Apache-2.0
#include "dispatch.h"

#include <errno.h>
#include <string.h>

static const struct {
	const char *name;
	enum dispatch_rank rank;
} source_table[SOURCE_COUNT] = {
	/* In order of rank: the chain is walked in this order. */
	[SOURCE_DEVICE] = { "device", RANK_DEVICE },
	[SOURCE_VEHICLE_CONFIG] = { "vehicle-config", RANK_VEHICLE },
	[SOURCE_VEHICLE_LIMIT] = { "vehicle-limit", RANK_VEHICLE },
	[SOURCE_VEHICLE] = { "vehicle", RANK_VEHICLE },
	[SOURCE_SITE_CONFIG] = { "site-config", RANK_SITE },
	[SOURCE_SITE_LIMIT] = { "site-limit", RANK_SITE },
	[SOURCE_SITE] = { "site", RANK_SITE },
	[SOURCE_GRIDCODE] = { "gridcode", RANK_GRIDCODE },
	[SOURCE_DSO_LIMIT] = { "dso-limit", RANK_DSO },
	[SOURCE_DSO] = { "dso", RANK_DSO },
	[SOURCE_TSO_LIMIT] = { "tso-limit", RANK_TSO },
	[SOURCE_TSO] = { "tso", RANK_TSO },
	[SOURCE_DROOP] = { "droop", RANK_TSO },
	[SOURCE_TARIFF_LIMIT] = { "tariff-limit", RANK_TARIFF },
	[SOURCE_TARIFF] = { "tariff", RANK_TARIFF },
	[SOURCE_USER_LIMIT] = { "user-limit", RANK_USER },
	[SOURCE_USER] = { "user", RANK_USER },
	[SOURCE_USER_CONFIG] = { "user-config", RANK_USER },
};

static const char *const rank_names[RANK_COUNT] = {
	[RANK_DEVICE] = "device",   [RANK_VEHICLE] = "vehicle", [RANK_SITE] = "site",
	[RANK_GRIDCODE] = "gridcode", [RANK_DSO] = "dso",	[RANK_TSO] = "tso",
	[RANK_TARIFF] = "tariff",   [RANK_USER] = "user",
};

enum dispatch_rank dispatch_rank_of(enum dispatch_source source)
{
	return source < SOURCE_COUNT ? source_table[source].rank : RANK_COUNT;
}

const char *dispatch_source_name(enum dispatch_source source)
{
	return source < SOURCE_COUNT ? source_table[source].name : "nobody";
}

const char *dispatch_rank_name(enum dispatch_rank rank)
{
	return rank < RANK_COUNT ? rank_names[rank] : "none";
}

int dispatch_rank_by_name(const char *name)
{
	for (int rank = 0; rank < RANK_COUNT; rank++)
		if (!strcmp(rank_names[rank], name))
			return rank;
	return -ENOENT;
}

enum dispatch_source dispatch_order_source(enum dispatch_rank rank, bool limits)
{
	static const struct {
		enum dispatch_source limits;
		enum dispatch_source want;
	} order[RANK_COUNT] = {
		[RANK_DEVICE] = { SOURCE_COUNT, SOURCE_COUNT },
		[RANK_VEHICLE] = { SOURCE_VEHICLE_LIMIT, SOURCE_VEHICLE },
		[RANK_SITE] = { SOURCE_SITE_LIMIT, SOURCE_SITE },
		[RANK_GRIDCODE] = { SOURCE_COUNT, SOURCE_COUNT },
		[RANK_DSO] = { SOURCE_DSO_LIMIT, SOURCE_DSO },
		[RANK_TSO] = { SOURCE_TSO_LIMIT, SOURCE_TSO },
		[RANK_TARIFF] = { SOURCE_TARIFF_LIMIT, SOURCE_TARIFF },
		[RANK_USER] = { SOURCE_USER_LIMIT, SOURCE_USER },
	};

	if (rank >= RANK_COUNT)
		return SOURCE_COUNT;
	return limits ? order[rank].limits : order[rank].want;
}

struct dispatch_band dispatch_any(void)
{
	return (struct dispatch_band){ .lo = -DISPATCH_UNLIMITED, .hi = DISPATCH_UNLIMITED };
}

struct dispatch_band dispatch_want(int32_t want)
{
	struct dispatch_band band = dispatch_any();

	band.want = want;
	band.has_want = true;
	return band;
}

struct dispatch_band dispatch_limit(int32_t lo, int32_t hi)
{
	return (struct dispatch_band){ .lo = lo, .hi = hi };
}

int dispatch_put(struct dispatch_table *table, enum dispatch_source source,
		 const struct dispatch_envelope *envelope)
{
	if (source >= SOURCE_COUNT || envelope->p.lo > envelope->p.hi ||
	    envelope->q.lo > envelope->q.hi)
		return -EINVAL;
	table->by_source[source] = *envelope;
	table->by_source[source].reason[DISPATCH_REASON_LEN - 1] = '\0';
	return 0;
}

void dispatch_clear(struct dispatch_table *table, enum dispatch_source source)
{
	if (source < SOURCE_COUNT)
		memset(&table->by_source[source], 0, sizeof(table->by_source[source]));
}

/* Running state of one axis while the chain is walked. */
struct walk {
	int32_t lo;
	int32_t hi;
	int32_t want;
	bool has_want;
	enum dispatch_source wanted_by;
	enum dispatch_source lo_by;
	enum dispatch_source hi_by;
};

static const struct walk walk_start = {
	.lo = -DISPATCH_UNLIMITED,
	.hi = DISPATCH_UNLIMITED,
	.wanted_by = SOURCE_COUNT,
	.lo_by = SOURCE_COUNT,
	.hi_by = SOURCE_COUNT,
};

static void walk_bounds(struct walk *w, const struct dispatch_band *band,
			enum dispatch_source source, uint8_t *effect)
{
	if (band->lo > w->hi) {
		/* Nothing in common: as near to it as the higher ranks let. */
		w->lo = w->hi;
		w->lo_by = w->hi_by;
		*effect |= EFFECT_OVERRULED;
		return;
	}
	if (band->hi < w->lo) {
		w->hi = w->lo;
		w->hi_by = w->lo_by;
		*effect |= EFFECT_OVERRULED;
		return;
	}
	if (band->lo > w->lo) {
		w->lo = band->lo;
		w->lo_by = source;
		*effect |= EFFECT_RAISED_LO;
	}
	if (band->hi < w->hi) {
		w->hi = band->hi;
		w->hi_by = source;
		*effect |= EFFECT_LOWERED_HI;
	}
}

static void walk_want(struct walk *w, const struct dispatch_band *band,
		      enum dispatch_source source, uint8_t *effect)
{
	if (!band->has_want)
		return;
	if (w->has_want) {
		*effect |= EFFECT_WANT_OUTRANKED;
		return;
	}
	w->want = band->want;
	w->has_want = true;
	w->wanted_by = source;
	*effect |= EFFECT_WANT_TAKEN;
}

static void walk_axis(struct walk *w, const struct dispatch_band *band,
		      enum dispatch_source source, struct dispatch_axis *step)
{
	step->effect = 0;
	walk_bounds(w, band, source, &step->effect);
	walk_want(w, band, source, &step->effect);
	step->lo = w->lo;
	step->hi = w->hi;
	step->want = band->want;
	step->has_want = band->has_want;
}

/* The value the walk ends on, and who it is due to. */
static int32_t walk_end(const struct walk *w, enum dispatch_source *by)
{
	int32_t value = w->has_want ? w->want : 0;

	*by = w->wanted_by;
	if (value < w->lo) {
		value = w->lo;
		*by = w->lo_by;
	} else if (value > w->hi) {
		value = w->hi;
		*by = w->hi_by;
	}
	return value;
}

static void mark_deciders(struct dispatch_result *out)
{
	for (uint32_t i = 0; i < out->steps; i++) {
		if (out->step[i].source == out->p_by)
			out->step[i].p.effect |= EFFECT_DECIDED;
		if (out->step[i].source == out->q_by)
			out->step[i].q.effect |= EFFECT_DECIDED;
	}
}

static bool in_force(struct dispatch_table *table, enum dispatch_source source, uint64_t now_ns)
{
	const struct dispatch_envelope *e = &table->by_source[source];

	if (e->active && e->until_ns && now_ns >= e->until_ns)
		dispatch_clear(table, source);
	return e->active;
}

void dispatch_run(struct dispatch_table *table, enum dispatch_source skip, uint64_t now_ns,
		  struct dispatch_result *out)
{
	struct walk p = walk_start, q = walk_start;
	bool has_mode = false;

	out->steps = 0;
	out->mode = 0;
	for (enum dispatch_source source = 0; source < SOURCE_COUNT; source++) {
		const struct dispatch_envelope *e = &table->by_source[source];
		struct dispatch_step *step = &out->step[out->steps];

		if (source == skip || !in_force(table, source, now_ns))
			continue;
		if (e->has_mode && !has_mode) {
			out->mode = e->mode;
			has_mode = true;
		}
		step->source = source;
		walk_axis(&p, &e->p, source, &step->p);
		walk_axis(&q, &e->q, source, &step->q);
		memcpy(step->reason, e->reason, sizeof(step->reason));
		out->steps++;
	}
	out->p_mw = walk_end(&p, &out->p_by);
	out->q_mvar = walk_end(&q, &out->q_by);
	out->ramp_mw_per_s = out->p_by < SOURCE_COUNT ?
				     table->by_source[out->p_by].ramp_mw_per_s : 0;
	mark_deciders(out);
}
