/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The stages of the protection table, judged twice a mains cycle, one stage a
 * tick. A comparison needs neither a root nor a division: a sum of squares is
 * held against the square of the threshold times the number of samples.
 */
#ifndef _V2X_STAGES_H
#define _V2X_STAGES_H

#include "ctl_set.h"
#include "halves.h"

struct v2x_trip;

/**
 * struct v2x_stages - state
 * @due: tick at which a stage acts; U64_MAX: its condition does not stand
 * @seen: what was last compared, of stages that stand
 * @stands: bit a stage: its condition stands
 * @pass: the same, of the pass that runs
 * @first: earliest @due of the stages that trip
 * @first_pass: the same, of the pass that runs
 * @window_tick: end of the windows that are judged
 * @at: stage to be judged next
 * @hash: of the table these belong to
 * @busy: a pass runs
 */
struct v2x_stages {
	u64 due[V2X_PROT_ENTRIES];
	struct v2x_quant seen[V2X_PROT_ENTRIES];
	u32 stands;
	u64 first;
	u64 first_pass;
	u64 window_tick;
	u32 at;
	u64 hash;
	bool busy;
};

void v2x_stages_init(struct v2x_stages *s);

/**
 * v2x_stages_begin() - a pass over all stages begins
 * @s: state
 * @set: table in force; another one than before: all times begin anew
 * @window_tick: end of the half cycle that was worked on
 */
void v2x_stages_begin(struct v2x_stages *s, const struct v2x_table_set *set, u64 window_tick);

/**
 * v2x_stages_next() - judge one stage
 * @s: state, a pass runs
 * @set: table in force
 * @h: measurements
 */
void v2x_stages_next(struct v2x_stages *s, const struct v2x_table_set *set,
		     const struct v2x_halves *h);

/**
 * v2x_stages_due() - the stage with an action whose time has come
 * @s: state
 * @set: table in force
 * @action: enum v2x_prot_action
 * @tick: now
 *
 * Return: its index, or -1.
 */
int v2x_stages_due(const struct v2x_stages *s, const struct v2x_table_set *set, u8 action,
		   u64 tick);

/* Does a condition stand of a stage with one of these actions (BIT of each)? */
bool v2x_stages_stands(const struct v2x_stages *s, const struct v2x_table_set *set, u32 actions);

/* Reason of the first stage that stands and could trip or cease, or 0. */
u32 v2x_stages_reason(const struct v2x_stages *s, const struct v2x_table_set *set);

/**
 * v2x_stages_trip() - reason, measured value and threshold of a stage
 * @s: state
 * @set: table in force
 * @h: measurements
 * @i: stage
 * @trip: filled in
 */
void v2x_stages_trip(const struct v2x_stages *s, const struct v2x_table_set *set,
		     const struct v2x_halves *h, u32 i, struct v2x_trip *trip);

#endif /* _V2X_STAGES_H */
