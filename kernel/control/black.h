/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Black start: a voltage where there is none, from the vehicle alone.
 *
 * The island switch parts and the terminals are watched for 60 ms: a voltage
 * there ends the attempt, without a fault. The vehicle contactor closes, the
 * DC/DC brings the link up with 2 % of the rating, the grid contactor joins the
 * empty filter to the dead load, the gates switch, and the voltage that is
 * formed rises from nothing in ramp_ms. A load that takes more than the current
 * limit holds the rise up; after two seconds of that it is an overload.
 */
#ifndef _V2X_BLACK_H
#define _V2X_BLACK_H

#include <linux/types.h>

struct v2x_run;

/* black.c: is there a voltage anywhere that a black start would meet? mV, 0: none */
s32 v2x_black_voltage(const struct v2x_run *r);

/* black.c: step of V2X_STATE_BLACK_START */
u32 v2x_state_black(const struct v2x_run *r);

/* black.c: the DC/DC holds the link while the bridge rests; every outer step */
void v2x_black_link(const struct v2x_run *r);

#endif /* _V2X_BLACK_H */
