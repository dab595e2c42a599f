/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Riding through: momentary cessation and dynamic reactive current, within RUN.
 *
 * Ceased, the gates are off and the contactors closed; the tracker goes on, and
 * the DC/DC holds the link, so that power can be back at once.
 * Besides what the table says it ceases when for half a cycle there was no voltage to
 * track.
 * When the voltage was back for return_ms the bridge starts on the angle it
 * has, and power returns along recover_ms.
 *
 * Support. The positive-sequence voltage beyond the dead band calls for
 *	iq = k (dV / Vn) Ir,	at most Ir
 * added to the reactive current in force: into the grid as a capacitor would
 * below, as an inductor above. It goes before active current, which gets what
 * the current limit leaves.
 */
#ifndef _V2X_RIDE_H
#define _V2X_RIDE_H

#include "ctl_set.h"
#include "fixed.h"

struct v2x_run;

enum v2x_ride_phase {
	V2X_RIDE_ON,		/* following the set-point */
	V2X_RIDE_CEASED,	/* gates off */
	V2X_RIDE_LINK,		/* gates on, the link comes back */
	V2X_RIDE_RECOVER,	/* power comes back */
};

/**
 * struct v2x_ride - state
 * @phase: of momentary cessation
 * @reason: why it ceased
 * @bad_tick: when it was last out of range
 * @count: sequencer steps the link was in order
 * @since: sequencer steps since the gates are on again
 * @dark: sequencer steps without a voltage to track
 * @iq_q8: reactive current for support, mA Q8 peak; positive supports a low
 *	voltage
 */
struct v2x_ride {
	enum v2x_ride_phase phase;
	u32 reason;
	u64 bad_tick;
	u32 count;
	u32 since;
	u32 dark;
	long iq_q8;
};

/**
 * v2x_ride_step() - one step of RUN
 * @r: the tick
 *
 * Sets gates, DC/DC and mode of the reference. Every V2X_OUTER_TICKS samples.
 */
void v2x_ride_step(const struct v2x_run *r);

/* ride.c: the DC/DC holds the link while the bridge has ceased; every outer step */
void v2x_ride_link(const struct v2x_run *r);

/**
 * v2x_ride_cease() - momentary cessation now
 * @r: the tick, in RUN
 * @t: why
 *
 * Ends when the grid is in range and its angle has been right for return_ms.
 */
void v2x_ride_cease(const struct v2x_run *r, const struct v2x_trip *t);

#endif /* _V2X_RIDE_H */
