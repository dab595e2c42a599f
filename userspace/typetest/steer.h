/* SPDX-License-Identifier: Apache-2.0 */
/* The supervisor's part done to a simulated charger. */
#ifndef TYPETEST_STEER_H
#define TYPETEST_STEER_H

#include "follow.h"

struct charger;

/**
 * steer_load() - ratings, and the profile's stages as the charger's protection table
 * @switching_us: taken off clearing times, see struct gc_charger
 * @error: GC_ERROR_LEN bytes
 *
 * Return: 0, or -1 with @error.
 */
int steer_load(struct follow *f, struct charger *c, const struct gc_profile *profile,
	       uint32_t switching_us, char *error);

/** steer_table() - the second half of it, with the ratings that @f has */
int steer_table(const struct follow *f, struct charger *c, const struct gc_profile *profile,
		char *error);

/** steer_cycle() - after a mains cycle of @c; 0 or -1 when a set-point is refused */
int steer_cycle(struct follow *f, struct charger *c);

#endif
