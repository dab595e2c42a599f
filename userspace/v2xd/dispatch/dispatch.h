/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one arbiter: everything that wants power hands in an envelope, the
 * arbiter intersects them from the highest rank down and says who decided.
 *
 * Pure: no clock, no file, no allocation. P in mW and Q in mvar, import
 * (charging) positive.
 */
#ifndef V2XD_DISPATCH_H
#define V2XD_DISPATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Highest rank first: a smaller number decides before a greater one. */
enum dispatch_rank {
	RANK_DEVICE,	/* ratings and state of the converter */
	RANK_VEHICLE,	/* what the vehicle allows */
	RANK_SITE,	/* fuse of the site */
	RANK_GRIDCODE,	/* mandatory grid support */
	RANK_DSO,	/* orders of the distribution operator */
	RANK_TSO,	/* services sold to the system operator */
	RANK_TARIFF,	/* price plan */
	RANK_USER,	/* what the person at the charger wants */
	RANK_COUNT
};

/*
 * Fixed places, so that a source replaces its own envelope and no other. A
 * rank takes a set-point and limits through the control socket separately:
 * each has its own end of validity.
 */
enum dispatch_source {
	SOURCE_DEVICE,
	SOURCE_VEHICLE_CONFIG,
	SOURCE_VEHICLE_LIMIT,
	SOURCE_VEHICLE,
	SOURCE_SITE_CONFIG,
	SOURCE_SITE_LIMIT,
	SOURCE_SITE,
	SOURCE_GRIDCODE,
	SOURCE_DSO_LIMIT,
	SOURCE_DSO,
	SOURCE_TSO_LIMIT,
	SOURCE_TSO,
	SOURCE_DROOP,
	SOURCE_TARIFF_LIMIT,
	SOURCE_TARIFF,
	SOURCE_USER_LIMIT,
	SOURCE_USER,
	SOURCE_USER_CONFIG,	/* what holds when the user says nothing */
	SOURCE_COUNT
};

#define DISPATCH_REASON_LEN	64
#define DISPATCH_UNLIMITED	INT32_MAX

/**
 * struct dispatch_band - one axis of an envelope
 * @lo: least power accepted, -DISPATCH_UNLIMITED: no opinion
 * @hi: most power accepted, DISPATCH_UNLIMITED: no opinion
 * @want: power asked for, if @has_want; may lie outside @lo..@hi
 * @has_want: whether @want means something
 */
struct dispatch_band {
	int32_t lo;
	int32_t hi;
	int32_t want;
	bool has_want;
};

/**
 * struct dispatch_envelope - what one source asks for
 * @active: false: the source has nothing to say
 * @p: active power, mW
 * @q: reactive power, mvar
 * @ramp_mw_per_s: slope when this source decides; 0: no opinion
 * @mode: V2X_SETPOINT_*, if @has_mode: to follow or to form
 * @has_mode: whether @mode means something
 * @until_ns: CLOCK_MONOTONIC end of validity; 0: until replaced
 * @reason: for a person, always terminated
 */
struct dispatch_envelope {
	bool active;
	struct dispatch_band p;
	struct dispatch_band q;
	uint32_t ramp_mw_per_s;
	uint64_t until_ns;
	uint32_t mode;
	bool has_mode;
	char reason[DISPATCH_REASON_LEN];
};

struct dispatch_table {
	struct dispatch_envelope by_source[SOURCE_COUNT];
};

/* What an envelope did, a bit each. */
enum dispatch_effect {
	EFFECT_RAISED_LO	= 1 << 0, /* narrowed from below */
	EFFECT_LOWERED_HI	= 1 << 1, /* narrowed from above */
	EFFECT_OVERRULED	= 1 << 2, /* incompatible with a higher rank */
	EFFECT_WANT_TAKEN	= 1 << 3, /* its want is the target */
	EFFECT_WANT_OUTRANKED	= 1 << 4, /* a higher rank's want is */
	EFFECT_DECIDED		= 1 << 5, /* the result is what it asked for */
};

struct dispatch_axis {
	int32_t lo;	/* intersection up to this source */
	int32_t hi;
	int32_t want;
	bool has_want;
	uint8_t effect;
};

/* One link of the chain, in order of rank. */
struct dispatch_step {
	enum dispatch_source source;
	struct dispatch_axis p;
	struct dispatch_axis q;
	char reason[DISPATCH_REASON_LEN];
};

/**
 * struct dispatch_result - what comes out
 * @p_mw: active power to ask the converter for
 * @q_mvar: reactive power
 * @ramp_mw_per_s: of the source that decided P; 0 if it had no opinion
 * @mode: of the highest rank that has one; 0: follow
 * @p_by: source that decided P; SOURCE_COUNT: nobody asked for anything
 * @q_by: likewise for Q
 * @steps: how many entries of @step are filled
 * @step: the chain
 */
struct dispatch_result {
	int32_t p_mw;
	int32_t q_mvar;
	uint32_t ramp_mw_per_s;
	uint32_t mode;
	enum dispatch_source p_by;
	enum dispatch_source q_by;
	uint32_t steps;
	struct dispatch_step step[SOURCE_COUNT];
};

/* The band of a source that has no opinion on an axis. */
struct dispatch_band dispatch_any(void);

/* The band of a source that only wants @want. */
struct dispatch_band dispatch_want(int32_t want);

/* The band lo..hi without a want. */
struct dispatch_band dispatch_limit(int32_t lo, int32_t hi);

/**
 * dispatch_put - replace the envelope of a source
 * @table: the table
 * @source: whose
 * @envelope: what it asks for
 *
 * Return: 0; -EINVAL, and nothing changed, for an unknown source or a band
 * with lo above hi.
 */
int dispatch_put(struct dispatch_table *table, enum dispatch_source source,
		 const struct dispatch_envelope *envelope);

/* Withdraw what a source asked for. */
void dispatch_clear(struct dispatch_table *table, enum dispatch_source source);

/**
 * dispatch_run - intersect, highest rank first
 * @table: all envelopes; those past their time are cleared here
 * @skip: leave this source out (SOURCE_COUNT: none)
 * @now_ns: CLOCK_MONOTONIC
 * @out: result and chain
 *
 * An envelope that leaves nothing of the intersection so far is overruled:
 * the intersection shrinks to its own edge nearest to what was asked, so the
 * result stays where the higher ranks want it. The target is the want of the
 * highest rank that has one, else zero, moved into the intersection. Hence
 * the result is positive only if somebody asked for positive power (by a
 * want, or a least power above zero), and likewise negative.
 */
void dispatch_run(struct dispatch_table *table, enum dispatch_source skip, uint64_t now_ns,
		  struct dispatch_result *out);

/* Static facts of a source and a rank; names are part of the interface. */
enum dispatch_rank dispatch_rank_of(enum dispatch_source source);
const char *dispatch_source_name(enum dispatch_source source);
const char *dispatch_rank_name(enum dispatch_rank rank);

/**
 * dispatch_rank_by_name - look a rank up
 * Return: the rank, or -ENOENT.
 */
int dispatch_rank_by_name(const char *name);

/**
 * dispatch_order_source - where an order of a rank from outside goes
 * @rank: the rank
 * @limits: true for limits, false for a set-point
 *
 * Return: the source; SOURCE_COUNT when nobody outside may speak for @rank.
 */
enum dispatch_source dispatch_order_source(enum dispatch_rank rank, bool limits);

#endif
