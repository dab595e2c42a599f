/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The circuit of IEC 62116 and IEEE 1547.1: chargers on one resonant load, tuned
 * to the power that flows, and a breaker to the grid.
 */
#ifndef V2X_TEST_ISLAND_LAB_H
#define V2X_TEST_ISLAND_LAB_H

#include "rig.h"

#define ISLAND_CHARGERS	3	/* at most */

/** island_settings() - trip limits as 1547.1 has them for the test: none that helps */
void island_settings(struct rig *r, u32 gain_permille, u32 q_permille);

/** island_start() - @n chargers of @cfg run, each at its @p_mw, with these settings */
void island_start(struct rig *rig, u32 n, struct plant_cfg cfg, const s32 *p_mw, u32 gain_permille,
		  u32 q_permille);

/** island_load() - load of @p_w at nominal voltage, quality @qf, C off by @c_excess of itself */
void island_load(struct rig *r, double p_w, double qf, double c_excess);

/** island_together() - all of them for @ms, as one island or on one grid */
void island_together(struct rig *rig, u32 n, u32 ms);

void island_breaker(struct rig *rig, u32 n, u32 open);

/** island_feeding() - how many have their gates on */
u32 island_feeding(const struct rig *rig, u32 n);

#endif
