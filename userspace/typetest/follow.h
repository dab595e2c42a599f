/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The supervisor of a charger under test: every mains cycle the grid code
 * engine looks at the charger's own measurements and says what to ask for.
 */
#ifndef TYPETEST_FOLLOW_H
#define TYPETEST_FOLLOW_H

#include "gridcode/charger.h"
#include "lab.h"

/**
 * struct follow - one supervisor
 * @engine: of the grid code
 * @steady: when a frequency could be measured
 * @in: what it was told last: the charger's own measurements
 * @out: what it said last
 * @env: the same in the charger's terms
 * @demand: what the charger is asked for
 * @rating: of the charger, as the code has to know it
 */
struct follow {
	struct gridcode engine;
	struct gc_steady steady;
	struct gc_input in;
	struct gc_output out;
	struct gc_envelope env;
	struct lab_demand demand;
	struct gc_charger rating;
};

/* What is to be asked of the sequencer. */
enum follow_request { FOLLOW_NOTHING, FOLLOW_START, FOLLOW_STOP, FOLLOW_ACK };

/** follow_begin() - the engine takes over; 0, or -1 with @error, GC_ERROR_LEN bytes */
int follow_begin(struct follow *f, const struct gc_profile *profile, bool in_service, char *error);

/** follow_change() - other settings from the next cycle on; 0, or -1 with @error */
int follow_change(struct follow *f, const struct gc_profile *profile, char *error);

/**
 * follow_cycle() - after a mains cycle
 * @dt_s: its length
 * @state: enum v2x_state now
 * @setpoint: to be given to the charger; power and slope are written
 */
enum follow_request follow_cycle(struct follow *f, const struct v2x_cycle *cycle, double dt_s,
				 uint32_t state, struct v2x_setpoint *setpoint);

/**
 * follow_demand() - the demand has changed, between two cycles
 * @setpoint: its power is written, when the code allows to follow at once
 *
 * Return: whether it was.
 */
bool follow_demand(const struct follow *f, struct v2x_setpoint *setpoint);

#endif
