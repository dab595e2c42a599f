/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * DC output without a grid: power between the vehicle and a bus behind the link.
 *
 * The DC link is the bus, and the DC/DC alone works: grid contactors open, gates
 * of the AC bridge off. Whoever holds the bus gives it, with W = V^2,
 *	P = P* + k (W - W0)		k = Pr / (2 d V0^2)
 * into its vehicle: rated power out of it at a droop of d below the voltage V0
 * without power. A link is an integrator of power, d/dt C W / 2 = P_bus, so this is a
 * loop of first order, without a state of its own that could wind up,
 *	wc = 2 k / C = Pr / (d C V0^2)
 * and chargers of equal d share a load by their ratings. The DC/DC follows
 * within ten samples (mean of two steps, hold, lag of the stage); wc is at most 3/40
 * of their rate, where that leaves 47 degrees. So d is at least Pr / (wc C V0^2), 1.4 %
 * of the 11 kW stage with 20 kHz, and 2 % at least: four times the 0.5 % by which the
 * link's sensors of two chargers may differ.
 *
 * Whoever follows the bus gives it P = P* alone. Either's charging fades between
 * 0.95 and 0.90 V0, its discharging between 1.05 and 1.09 V0, both outside of what
 * droop makes (5 % at most): a vehicle that charges lets go of a bus that is
 * overloaded, and one that discharges fills none that nobody empties.
 *
 * The vehicle's limits of current, voltage and power and the heat sink's are
 * those of the set-point (setpoint.h), and hold for the sum.
 */
#ifndef _V2X_DC_BUS_H
#define _V2X_DC_BUS_H

#include <v2x/stage_desc.h>
#include "ctl_set.h"

struct v2x_run;
struct v2x_ctl;

/**
 * struct v2x_bus - state
 * @eref: squared reference, 2^10 mV^2
 * @low: steps in a row below the window
 * @forms: the last step held the bus
 * @held: V2X_LIMITED_* of what holds the power back, 0: nothing
 */
struct v2x_bus {
	s64 eref;
	u32 low;
	bool forms;
	u32 held;
};

/* dc_bus.c: least droop of a stage, permille; context: process, divides */
u32 v2x_bus_droop_least(const struct v2x_stage_desc *desc);

/* dc_bus.c: from checked settings to those of the tick; context: process, divides */
void v2x_bus_prepare(const struct v2x_stage_desc *desc, const struct v2x_forming *f,
		     struct v2x_bus_set *set);

/* dc_bus.c: steps of V2X_STATE_DC_START and V2X_STATE_DC_RUN */
u32 v2x_state_dc_start(const struct v2x_run *r);
u32 v2x_state_dc_run(const struct v2x_run *r);

/* dc_bus.c: what the DC/DC is to carry; every outer step of a start with the bus */
void v2x_bus_link(const struct v2x_run *r);

/* dc_bus.c: bounds of the power without a grid; every V2X_SLOW_TICKS samples */
void v2x_bus_bounds(const struct v2x_run *r);

/* dc_bus.c: the reference goes on from the power there is, to ramp down */
void v2x_bus_end(struct v2x_ctl *c);

/* dc_bus.c: the reason of a link that is below its trip level */
u32 v2x_bus_low_reason(const struct v2x_ctl *c);

/* dc_bus.c: V2X_MODE_DC_* or V2X_MODE_NONE */
u32 v2x_bus_mode(const struct v2x_ctl *c);

#endif /* _V2X_DC_BUS_H */
