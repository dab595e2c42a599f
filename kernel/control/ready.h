/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * READY: all that takes time is done before a grid code permits service.
 *
 * The vehicle contactor closes and the DC/DC brings the link up with 2 % of the
 * rating and holds it, as in a black start; the tracker follows the grid; gates
 * and both grid contactors stay open, so that nothing flows into or out of the
 * grid, not even the charge of the link. When V2X_SETPOINT_WAIT goes and the grid
 * is in order, the precharge contactor charges the filter, the grid contactor
 * bypasses it, and the bridge switches on the angle there is: two contactor
 * times from the permission to RUN, instead of the second and a half of a start.
 *
 * A link that is empty can be filled from the vehicle only through a resistor in
 * the vehicle's circuit, as for a black start. Stages without one wait with all
 * open, self-test and insulation done, and go on with PRECHARGE.
 */
#ifndef _V2X_READY_H
#define _V2X_READY_H

#include <linux/types.h>

struct v2x_run;

/* ready.c: step of V2X_STATE_READY */
u32 v2x_state_ready(const struct v2x_run *r);

/* ready.c: the vehicle's contactor, and the output at its voltage. Return: it is. */
bool v2x_ready_vehicle(const struct v2x_run *r);

#endif /* _V2X_READY_H */
