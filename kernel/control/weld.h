/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Welded contacts by voltage. An auxiliary contact may lie: its linkage breaks,
 * or it welds itself. What a main contact lets through does not.
 *
 * With every coil at rest and nothing switching both capacitors discharge, and
 * a welded contact holds one of them up:
 *  - grid or precharge contactor: the diodes hold the DC link at the rectified
 *    peak of the grid;
 *  - vehicle contactor: the vehicle holds the output at its own voltage, if its
 *    contactors are closed too.
 * A voltage that is where it would be held, and has fallen by less than a quarter
 * of what its resistor would have taken in 100 ms, twice in a row, is held. That
 * is looked at in every state without a coil: before the contacts close and after
 * they opened. A stage without such a resistor has no such check.
 */
#ifndef _V2X_WELD_H
#define _V2X_WELD_H

#include <v2x/stage_desc.h>
#include "fixed.h"

struct v2x_ctl;
struct v2x_run;

/**
 * struct v2x_weld_k - constants
 * @steps: of V2X_OUTER_TICKS samples in 100 ms
 * @rest: steps before contacts and currents are at rest
 * @link_q20: part of the link's voltage that 100 ms must take; 0: no check
 * @out_q20: likewise the output's
 * @least_q8: peak of the grid below which nothing is held up
 * @out_q8: output below which it is not the vehicle's
 */
struct v2x_weld_k {
	u32 steps;
	u32 rest;
	s32 link_q20;
	s32 out_q20;
	s32 least_q8;
	s32 out_q8;
};

/**
 * struct v2x_weld - state
 * @count: steps with every coil at rest
 * @link_q8: link voltage 100 ms ago
 * @out_q8: output voltage
 * @link_held: times in a row that the former was held
 * @out_held: likewise the latter
 */
struct v2x_weld {
	u32 count;
	s32 link_q8;
	s32 out_q8;
	u32 link_held;
	u32 out_held;
};

void v2x_weld_init(struct v2x_weld_k *k, struct v2x_weld *w, const struct v2x_stage_desc *desc);

/**
 * v2x_weld_step() - one step of the sequencer
 * @r: the tick
 */
void v2x_weld_step(const struct v2x_run *r);

/* weld.c: has a welded contact tripped, and is it still? */
bool v2x_weld_stands(const struct v2x_ctl *c);

#endif /* _V2X_WELD_H */
