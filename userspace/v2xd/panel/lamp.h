/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the status lamp shows. Pure.
 *
 *   green              no vehicle, free
 *   green blinking     vehicle plugged in, power wanted, waiting for it
 *   yellow             held: a person must start
 *   blue blinking      starting or stopping
 *   blue               charging, or ready at zero
 *   cyan               discharging
 *   red                fault
 *   red blinking       emergency stop is pressed
 *   off                v2xd does not run
 */
#ifndef V2XD_PANEL_LAMP_H
#define V2XD_PANEL_LAMP_H

#include <stdbool.h>
#include <stdint.h>

#include "../converter/policy.h"

#define LAMP_RED	(1U << 0)
#define LAMP_GREEN	(1U << 1)
#define LAMP_BLUE	(1U << 2)

struct lamp {
	uint32_t colours;	/* LAMP_* */
	bool blink;		/* half of every second */
};

/**
 * lamp_of - what to show
 * @state: of the session
 * @estop: the emergency stop is pressed
 * @p_mw: measured power, import positive
 */
struct lamp lamp_of(enum policy_state state, bool estop, int32_t p_mw);

#endif
