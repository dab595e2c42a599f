// SPDX-License-Identifier: GPL-2.0-only
#include "pilot.h"

#define HYSTERESIS_MV	300
#define NO_DIODE_MV	(-9000)	/* a pulse's bottom is -12 V +-0.6 V behind a diode */

/* Lowest level of each state, in the middle between 12, 9, 6, 3, 0 and -12 V. */
static const struct level {
	u32 state;
	s32 above_mv;
} levels[] = {
	{ V2X_PILOT_A, 10500 },
	{ V2X_PILOT_B, 7500 },
	{ V2X_PILOT_C, 4500 },
	{ V2X_PILOT_D, 1500 },
	{ V2X_PILOT_E, -3000 },
	{ V2X_PILOT_F, S32_MIN },
};

static u32 classify(s32 mv)
{
	unsigned int i = 0;

	while (i < ARRAY_SIZE(levels) - 1 && mv < levels[i].above_mv)
		i++;
	return levels[i].state;
}

static bool low_wanted(u32 duty_permille)
{
	return duty_permille != V2X_PILOT_DUTY_OFF && duty_permille < V2X_PILOT_DUTY_STEADY;
}

u32 v2x_pilot_now(const struct v2x_pilot_decoder *p, s32 high_mv, s32 low_mv,
		  u32 duty_permille)
{
	u32 s = classify(high_mv);

	if (s != V2X_PILOT_A && s != V2X_PILOT_F && low_wanted(duty_permille) &&
	    low_mv > NO_DIODE_MV)
		return V2X_PILOT_E;
	/* Only a level that is also different with the hysteresis is different. */
	if (s != p->state && (classify(high_mv + HYSTERESIS_MV) == p->state ||
			      classify(high_mv - HYSTERESIS_MV) == p->state))
		return p->state;
	return s;
}

bool v2x_pilot_step(struct v2x_pilot_decoder *p, s32 high_mv, s32 low_mv, u32 duty_permille)
{
	u32 s = v2x_pilot_now(p, high_mv, low_mv, duty_permille);

	if (s == p->state) {
		p->count = 0;
		return false;
	}
	if (s != p->candidate) {
		p->candidate = s;
		p->count = 0;
	}
	if (++p->count < p->need)
		return false;
	p->state = s;
	p->count = 0;
	return true;
}
