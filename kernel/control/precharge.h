/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the precharge resistors bear.
 *
 * Into an empty link they take as much energy as they leave in it, E = C V^2 / 2.
 * Three times as much in one charge is a link that does not fill: a short
 * circuit, or a load. The energy is summed up from the phase currents, and so
 * is over long before the time-out is.
 *
 * Three charges that failed in a minute heat them as far as they may go: each
 * attempt counts for 20 s, for 5 s once it has succeeded, and for the whole
 * minute when it took too much energy. One that there is no room for fails,
 * and that fault stands until there is.
 */
#ifndef _V2X_PRECHARGE_H
#define _V2X_PRECHARGE_H

#include <v2x/stage_desc.h>
#include "fixed.h"

struct v2x_run;

/**
 * struct v2x_precharge_k - constants
 * @cool_ticks: ticks that one attempt counts for, 20 s
 * @energy_max: sum of the squares of the currents, mA^2 Q16 a step, for 3 E
 */
struct v2x_precharge_k {
	u64 cool_ticks;
	s64 energy_max;
};

/**
 * struct v2x_precharge - state
 * @cool_tick: when the resistors are cold again
 * @energy: of this attempt
 */
struct v2x_precharge {
	u64 cool_tick;
	s64 energy;
};

void v2x_precharge_init(struct v2x_precharge_k *k, struct v2x_precharge *p,
			const struct v2x_stage_desc *desc);

/**
 * v2x_precharge_bears() - one step of PRECHARGE; trips
 * @r: the tick
 * @first: the first step of it: an attempt begins
 *
 * Return: false when the resistors must not carry more.
 */
bool v2x_precharge_bears(const struct v2x_run *r, bool first);

/* The link is charged: the attempt has cost no more than it leaves there. */
static inline void v2x_precharge_done(const struct v2x_precharge_k *k, struct v2x_precharge *p)
{
	p->cool_tick -= k->cool_ticks / 4 * 3;
}

/* No room for an attempt yet? */
static inline bool v2x_precharge_hot(const struct v2x_precharge_k *k,
				     const struct v2x_precharge *p, u64 tick)
{
	return p->cool_tick > tick + 2 * k->cool_ticks;
}

#endif /* _V2X_PRECHARGE_H */
