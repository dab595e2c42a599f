// SPDX-License-Identifier: Apache-2.0
/*
 * The control of the bridge alone, as published code is measured: voltages and
 * currents in units in, legs out. Both Clarke transformations and Park, the
 * tracker with its pieces, DC link and references (or droop), current control
 * with its resonators and their coefficients (or voltage and limit), modulation.
 * One phase: without link and references. No sampling, protection, sequence,
 * DC/DC, metering or publishing.
 *
 * It runs beside the tick on a copy of the state before it, and must make the
 * legs that the tick made.
 */
#include <stdio.h>
#include <string.h>

#include "bridge.h"
#include "scene.h"
#include "single_bridge.h"

static struct v2x_ctl part;
static s32 leg[3];
static unsigned long others;

void bench_counted_part(void);

static __always_inline void link_part(struct v2x_ctl *c)
{
	v2x_link_measure(&c->k.link, &c->link, c->m.vdc_q8);
	if (!c->form.on) {
		v2x_bridge_references(c);
		return;
	}
	v2x_form_droop(c, scene->set);
	v2x_link_step(&c->k.link, &c->link, v2x_bridge_energy(c), false);
}

/* What takes turns; the link's is no part of the one phase's row. */
static __always_inline void slow_part(struct v2x_ctl *c)
{
	u32 turn = (u32)c->tick % V2X_ROUND_TICKS;

	if (turn & 1) {
		if (turn % V2X_SLOW_TICKS != V2X_TURN_TUNE)
			v2x_tracker_slow(&c->k.tracker, &c->tracker, turn);
		else if (c->k.phases == 3)
			v2x_bridge_tune(c);
		else
			v2x_single_tune(c);
	} else if (c->k.phases == 3) {
		if (turn % V2X_OUTER_TICKS == V2X_TURN_LINK)
			link_part(c);
		else if (turn == V2X_TURN_STUCK && c->form.on)
			v2x_form_slow(&c->form);
	}
}

static void three(void)
{
	struct v2x_ctl *c = &part;
	struct v2x_vec v = v2x_clarke(c->m.v_q8);

	v2x_tracker_step(&c->k.tracker, &c->tracker, v);
	slow_part(c);
	c->iab = v2x_clarke(c->m.i_q8);
	v2x_bridge_step(c, v, leg);
}

static void one(void)
{
	struct v2x_ctl *c = &part;
	long v = c->m.v_q8[0];

	v2x_tracker_step_single(&c->k.tracker, &c->tracker, v);
	slow_part(c);
	v2x_single_drive(c, v, leg);
}

noinline void bench_counted_part(void)
{
	if (part.k.phases == 3)
		three();
	else
		one();
}

void part_tick(void)
{
	const struct v2x_ctl *c = scene->ctl;

	part = *c;
	bench_counted_tick();
	part.m = c->m;
	part.tick = c->tick;
	part.dcdc = c->dcdc;
	if (c->k.phases != 3) {
		part.i_ref = c->i_ref;
		part.link = c->link;
		part.clean = c->clean;
	}
	bench_counted_part();
	others += !!memcmp(leg, scene->out->gate.leg_q24, sizeof(leg));
}

bool part_agrees(void)
{
	if (others)
		fprintf(stderr, "ctl_bench: the part of %s made other legs in %lu ticks\n",
			scene->name, others);
	return !others;
}
