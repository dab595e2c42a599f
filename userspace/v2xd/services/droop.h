/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frequency droop P(f): the charger takes more when the frequency is high
 * and less, down to feeding back, when it is low.
 *
 * Pure: frequency and time in, power out. Import (charging) positive, the
 * opposite of the standards' sign, so their minus before the term is a plus.
 */
#ifndef V2XD_SERVICES_DROOP_H
#define V2XD_SERVICES_DROOP_H

#include <stdbool.h>
#include <stdint.h>

/* What the line does at the edge of the dead band. */
enum droop_band {
	/*
	 * The line starts at the edge: IEEE 1547-2018 clause 6.5.2.7.1,
	 * EN 50549-1 clause 4.6.1 (LFSM).
	 */
	DROOP_BAND_OFFSET,
	/*
	 * The line goes through nominal frequency, so the response jumps at
	 * the edge: frequency containment reserve, Regulation (EU) 2017/1485
	 * Annex V.
	 */
	DROOP_BAND_ORIGIN,
};

/* The power the response is added to. */
enum droop_reference {
	DROOP_REF_BASELINE,	/* what would be asked for without droop */
	DROOP_REF_LATCHED,	/* the same, held while outside the band (1547: P_pre) */
	DROOP_REF_FIXED,	/* p_ref_mw */
};

/**
 * struct droop_params - a product or grid-code setting
 * @f_nominal_mhz: frequency at which nothing is asked for
 * @db_mhz: half width of the dead band
 * @band: shape at its edge
 * @droop_permille: k, relative frequency change for @p_full_mw, 50 is 5 %;
 *	0: @full_mhz says the slope instead
 * @full_mhz: distance from nominal at which the response is @p_full_mw
 * @p_full_mw: power the slope refers to (the rating, or the product sold)
 * @reference: see enum droop_reference
 * @p_ref_mw: for DROOP_REF_FIXED
 * @up_max_mw: most the response may lower import (support at low frequency)
 * @down_max_mw: most it may raise import (at high frequency)
 * @p_min_mw: result not below, at most 0; 0: never feeds back
 * @p_max_mw: result not above, at least 0
 * @tau_ms: time constant of the first-order filter on the response; IEEE
 *	1547 open loop response time is 2.3 tau. 0: none
 */
struct droop_params {
	int32_t f_nominal_mhz;
	int32_t db_mhz;
	enum droop_band band;
	int32_t droop_permille;
	int32_t full_mhz;
	int32_t p_full_mw;
	enum droop_reference reference;
	int32_t p_ref_mw;
	int32_t up_max_mw;
	int32_t down_max_mw;
	int32_t p_min_mw;
	int32_t p_max_mw;
	int32_t tau_ms;
};

struct droop {
	struct droop_params params;
	int64_t response_q16;	/* filtered, mW * 2^16 */
	int32_t p_latched_mw;
	bool latched;
};

/**
 * droop_check - can these parameters be used
 * Return: NULL, or what is wrong with them.
 */
const char *droop_check(const struct droop_params *params);

/* Take checked parameters; the response starts at zero. */
void droop_init(struct droop *droop, const struct droop_params *params);

/* Take checked parameters, keeping the filter where it is. */
void droop_change(struct droop *droop, const struct droop_params *params);

/* Forget filter and latch: power was off. */
void droop_reset(struct droop *droop);

/**
 * droop_response_mw - the static curve
 *
 * offset: dP = P_full * (f - fn -+ db) / span
 * origin: dP = P_full * (f - fn) / span
 * with span = k * fn, or full_mhz less the offset at the edge, limited to
 * -up_max_mw .. down_max_mw; zero inside the dead band.
 *
 * Return: mW to add to the reference.
 */
int32_t droop_response_mw(const struct droop_params *params, int32_t f_mhz);

/**
 * droop_step - one mains cycle
 * @droop: state
 * @f_mhz: measured frequency
 * @baseline_mw: power that would be asked for without this service
 * @dt_ns: time since the last step
 *
 * Return: power to ask for, mW.
 */
int32_t droop_step(struct droop *droop, int32_t f_mhz, int32_t baseline_mw, uint64_t dt_ns);

#endif
