/* SPDX-License-Identifier: Apache-2.0 */
/* The control in a closed loop with a plant, one scene a mode. */
#ifndef V2X_BENCH_SCENE_H
#define V2X_BENCH_SCENE_H

#include "ctl_priv.h"

/**
 * struct scene - a charger at work
 * @name: on the command line
 * @begin: bring it there; false if it did not get there
 * @step: one period; calls scene_tick where the control is called
 * @order: another order of the supervisor
 * @push: make the controller want more voltage than the link has
 * @state: all of it, to be kept and put back
 * @size: of @state
 * @ctl: its control ...
 * @set: ... and what that is called with
 * @in: likewise
 * @out: likewise
 * @form: the bridge is to form the voltage
 */
struct scene {
	const char *name;
	bool (*begin)(void);
	void (*step)(void);
	void (*order)(bool import);
	void (*push)(void);
	void *state;
	size_t size;
	struct v2x_ctl *ctl;
	const struct v2x_ctl_set *set;
	struct v2x_ctl_in *in;
	struct v2x_ctl_out *out;
	bool form;
};

/* What a period's step calls: bench_counted_tick() or what counts it. */
extern void (*scene_tick)(void);

/* The scene that runs. */
extern const struct scene *scene;

/** scene_find() - by name, NULL when there is none */
const struct scene *scene_find(const char *name);

/** bench_counted_tick() - the control's tick in the scene that runs */
void bench_counted_tick(void);

/** part_tick() - part.c: the tick, and the control of the bridge alone beside it */
void part_tick(void);

/** part_agrees() - has the latter made the legs of the former? */
bool part_agrees(void);

/** worst_of() - worst.c: count single ticks of a scene and print the dearest */
int worst_of(const struct scene *s);

#endif
