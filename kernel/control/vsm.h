/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Virtual synchronous machine: the frequency that is formed has the inertia and
 * the damping of a rotor,
 *
 *	2 H dw/dt = (P - P*) - w / R + D (wt - w)	per unit, import positive
 *
 * w is the deviation from the frequency without power, R the droop, wt the
 * deviation at the terminals as the tracker sees it; the angle integrates w.
 * Alone with a load wt is w, and D does nothing. On a grid of reactance X the
 * angle swings with sqrt(w0 / (2 H X)): 35 rad/s for H = 2 s behind the 0.06
 * per unit of the 11 kW filter, damped by (1/R + D) / (4 H) of that, 1.07 with
 * R = 1 % and D = 200, were it not for what comes late: the frequency tracked, the
 * mean of the power with one phase, and the amount of the voltage, whose loop of 5 Hz
 * lies beside the swing. Measured on a grid (control-machine): 0.19 with D = 100, 0.24
 * with 200, three phases; 0.18, 0.25 one phase; none is left with one phase and D = 0.
 * GC0137 wants 0.2.
 */
#ifndef _V2X_VSM_H
#define _V2X_VSM_H

#include <v2x/stage_desc.h>
#include "ctl_set.h"

struct v2x_ctl;

/* vsm.c: a checked setting in the tick's units; divides */
void v2x_vsm_prepare(const struct v2x_stage_desc *desc, const struct v2x_forming *f,
		     struct v2x_form_set *set);

/* vsm.c: frequency of the next V2X_OUTER_TICKS samples */
void v2x_vsm_step(struct v2x_ctl *c, const struct v2x_form_set *set);

#endif /* _V2X_VSM_H */
