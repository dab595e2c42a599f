// SPDX-License-Identifier: Apache-2.0
#include "lamp.h"

/* Feeding back less than this is noise of the measurement, not discharging. */
#define P_NOISE_MW 100000

struct lamp lamp_of(enum policy_state state, bool estop, int32_t p_mw)
{
	static const struct lamp by_state[POLICY_STATE_COUNT] = {
		[POLICY_NO_VEHICLE] = { LAMP_GREEN, false },
		[POLICY_HELD] = { LAMP_RED | LAMP_GREEN, false },
		[POLICY_WAITING] = { LAMP_GREEN, true },
		[POLICY_STARTING] = { LAMP_BLUE, true },
		[POLICY_RUNNING] = { LAMP_BLUE, false },
		[POLICY_STOPPING] = { LAMP_BLUE, true },
		[POLICY_FAULT] = { LAMP_RED, false },
		[POLICY_ENDED] = { 0, false },
	};

	if (state == POLICY_ENDED || state >= POLICY_STATE_COUNT)
		return by_state[POLICY_ENDED];
	if (estop)
		return (struct lamp){ LAMP_RED, true };
	if (state == POLICY_RUNNING && p_mw < -P_NOISE_MW)
		return (struct lamp){ LAMP_GREEN | LAMP_BLUE, false };
	return by_state[state];
}
