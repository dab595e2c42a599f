// SPDX-License-Identifier: Apache-2.0
/*
 * What a control tick costs, in instructions, in a closed loop with a plant.
 *
 *	ctl_bench follow N	N counted ticks that charge and discharge, for
 *				callgrind (--toggle-collect=bench_counted_tick)
 *	ctl_bench form N	likewise, forming an island
 *	ctl_bench single N	likewise, one phase with seven harmonics
 *				With --toggle-collect=bench_counted_part: the
 *				control of the bridge alone (part.c)
 *	ctl_bench worst SCENE	under callgrind: has single ticks counted, each as it
 *				was, with the bridge at its limit, with a sample to
 *				be judged besides (worst.c)
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scene.h"

#define ORDER_TICKS	2000	/* the way a grid thread would, every 100 ms */

static int run(const struct scene *s, unsigned long n)
{
	scene = s;
	if (!s->begin())
		return 1;
	scene_tick = part_tick;
	for (unsigned long i = 0; i < n; i++) {
		if (s->order && i % ORDER_TICKS == 0)
			s->order(i / ORDER_TICKS % 2);
		s->step();
	}
	return s->ctl->seq.state == V2X_STATE_RUN && s->ctl->form.on == s->form &&
	       part_agrees() ? 0 : 1;
}

int main(int argc, char **argv)
{
	const struct scene *s;

	if (argc == 3 && !strcmp(argv[1], "worst")) {
		s = scene_find(argv[2]);
		if (s)
			return worst_of(s);
	} else if (argc == 3) {
		s = scene_find(argv[1]);
		if (s)
			return run(s, strtoul(argv[2], NULL, 10));
	}
	fprintf(stderr, "usage: ctl_bench follow|form|single TICKS | ctl_bench worst SCENE\n");
	return 2;
}
