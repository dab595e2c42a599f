/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every fault of the virtual stage in one situation, judged by the same rules
 * wherever it comes: contained, with a reason that belongs to it, no power in the
 * other direction, and the charger runs again when it is repaired and acknowledged.
 */
#ifndef V2X_TEST_MATRIX_H
#define V2X_TEST_MATRIX_H

#include "rig.h"

#define MATRIX_MODELS	3
#define MATRIX_ALSO	6

extern const char *const matrix_models[MATRIX_MODELS];	/* three, one and split phase */

/**
 * struct matrix_at - where the charger is when the fault comes
 * @name: in messages
 * @come: to there, from matrix_begin()
 * @flags: V2X_SETPOINT_ of the set-point
 * @p_mw: set-point
 * @island_switch: the stage has one
 * @own_voltage: formed by the bridge, or none is needed: a grid that goes, or a phase of
 *	it, is no fault
 * @idle: nothing is closed that must open, not every fault shows
 * @turns_ms: so long the power is still on its way from another direction
 * @most_w: power against the set-point that is right here, 0: 2 % of the rating
 * @also: reasons that belong to any fault here
 */
struct matrix_at {
	const char *name;
	void (*come)(struct rig *r, const struct matrix_at *at);
	u32 flags;
	s32 p_mw;
	bool island_switch;
	bool own_voltage;
	bool idle;
	u32 turns_ms;
	double most_w;
	u32 also[MATRIX_ALSO];
};

/** matrix_begin() - this model in IDLE with a vehicle that is ready */
void matrix_begin(struct rig *r, const char *model, const struct matrix_at *at);

/** matrix_tick_until() - ticks until @there says so; fails the test after @ms */
void matrix_tick_until(struct rig *r, bool (*there)(const struct rig *r, u32 arg), u32 arg, u32 ms);

/**
 * matrix_all() - every fault there, with this model
 * @model: of the stage
 * @at: where
 *
 * Return: what was wrong; each is said.
 */
u32 matrix_all(const char *model, const struct matrix_at *at);

/** matrix_each() - likewise with all models at all of @n situations; fails the test */
void matrix_each(const struct matrix_at *at, size_t n);

#endif
