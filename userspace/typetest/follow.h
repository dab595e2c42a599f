/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The supervisor of a simulated charger: every mains cycle the grid code
 * engine looks at the charger's own measurements and says what to ask for.
 */
#ifndef TYPETEST_FOLLOW_H
#define TYPETEST_FOLLOW_H

#include "gridcode/charger.h"
#include "lab.h"

struct charger;

/**
 * struct follow - one supervisor
 * @engine: of the grid code
 * @out: what it said last
 * @demand: what the charger is asked for
 * @switching_us: what it takes off clearing times; see struct gc_charger
 * @rating: of the charger, as the code has to know it
 */
struct follow {
	struct gridcode engine;
	struct gc_output out;
	struct lab_demand demand;
	struct gc_charger rating;
	uint32_t switching_us;
};

/**
 * follow_load() - ratings, and the profile's stages as the charger's protection table
 * @error: GC_ERROR_LEN bytes
 *
 * Return: 0, or -1 with @error.
 */
int follow_load(struct follow *f, struct charger *c, const struct gc_profile *profile,
		char *error);

/** follow_begin() - the engine takes over; 0, or -1 with @error */
int follow_begin(struct follow *f, const struct gc_profile *profile, bool in_service, char *error);

/** follow_change() - other settings from the next cycle on; 0, or -1 with @error */
int follow_change(struct follow *f, const struct gc_profile *profile, char *error);

/** follow_cycle() - after a mains cycle of @c; 0 or -1 when a set-point is refused */
int follow_cycle(struct follow *f, struct charger *c);

#endif
