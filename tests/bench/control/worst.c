// SPDX-License-Identifier: Apache-2.0
/*
 * The dearest ticks of a scene, counted one by one.
 *
 * callgrind is told to forget what it had before a tick and asked for its sum
 * after it, for those ticks in which a mains cycle is being worked on, at a
 * frequency at which the cycle's end meets every turn of the schedule, and for
 * some others, a reversal of the power among them. Its answers go to its log, each
 * behind a line of ours: "tick KIND TURN".
 *
 * Each of them is counted three times, from the same state: as it is;
 * with a voltage wanted that the link does not have, which takes the modulator's
 * path beyond the hexagon and the anti-windup behind it; and with a sample
 * besides that has to be judged and turns out to be fine.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <valgrind/callgrind.h>

#include "scene.h"

#define CYCLES		48	/* times 394.5 ticks: ends in every one of 16 turns */
#define TICKS		(CYCLES * 400)
#define PLAIN_EVERY	67	/* ticks without work that are counted all the same */
#define REVERSED_TICKS	32

enum kind { AS_IT_IS, AT_THE_LIMIT, JUDGED, KINDS };

static void counted(enum kind kind)
{
	CALLGRIND_ZERO_STATS;
	bench_counted_tick();
	VALGRIND_PRINTF("tick %u %u\n", kind, (unsigned int)(scene->in->tick % V2X_SLOW_TICKS));
	VALGRIND_MONITOR_COMMAND("status internal");
}

/* All is as before afterwards. */
static void count_it(void)
{
	struct v2x_ctl *c = scene->ctl;
	static void *kept;

	if (!kept)
		kept = malloc(scene->size);
	if (!kept)
		abort();
	memcpy(kept, scene->state, scene->size);
	counted(AS_IT_IS);
	for (int kind = AT_THE_LIMIT; kind < KINDS; kind++) {
		memcpy(scene->state, kept, scene->size);
		scene->push();
		c->prot.pending |= kind == JUDGED;
		counted((enum kind)kind);
	}
	memcpy(scene->state, kept, scene->size);
	bench_counted_tick();
}

int worst_of(const struct scene *s)
{
	const struct v2x_ctl *c = s->ctl;
	int reversed = 0;

	scene = s;
	if (!s->begin())
		return 1;
	for (int i = 0; i < TICKS; i++) {
		if (s->order && i % (TICKS / 2) == TICKS / 4) {
			s->order(c->ref.p_q16 < 0);
			reversed = REVERSED_TICKS;
		}
		scene_tick = c->work || c->measure.theta > 0xff000000u || reversed > 0 ||
			     i % PLAIN_EVERY == 0 ? count_it : bench_counted_tick;
		reversed--;
		s->step();
	}
	return c->seq.state == V2X_STATE_RUN && c->form.on == s->form ? 0 : 1;
}
