// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <string.h>

#include "mini.h"
#include "rig.h"
#include "scene.h"

#define GRID_MHZ	50700	/* 394.5 ticks a cycle: no multiple of 16 */

void (*scene_tick)(void) = bench_counted_tick;
const struct scene *scene;

static struct rig rig;
static struct mini mini;

noinline void bench_counted_tick(void)
{
	v2x_ctl_tick(scene->ctl, scene->set, scene->in, scene->out);
}

static bool following(void)
{
	rig_init(&rig);
	rig.env.grid.frequency_mhz = GRID_MHZ;
	rig.env.grid.h5_permille = 20;
	rig_env(&rig);
	if (!rig_run(&rig)) {
		fprintf(stderr, "ctl_bench: the charger did not reach RUN (fault %u)\n",
			rig.ctl.seq.fault);
		return false;
	}
	rig_power(&rig, 7000000);
	rig_ms(&rig, 300);
	return true;
}

/* Alone with a load, the bridge a voltage source. */
static bool forming(void)
{
	if (!following())
		return false;
	rig_lom_off(&rig);
	rig.user.setpoint.flags = V2X_SETPOINT_FORM;
	rig_power(&rig, -3000000);
	rig_ms(&rig, 500);
	rig.env.grid.island_load_w = 6000;
	rig.env.fault[PLANT_FAULT_GRID_LOSS] = 1;
	rig_env(&rig);
	rig_ms(&rig, 500);
	return rig.ctl.form.on;
}

static void step_rig(void)
{
	plant_step(&rig.plant, &rig.out.gate);
	plant_sample(&rig.plant, &rig.in.samples);
	rig.in.tick = ++rig.tick;
	rig.in.t_ns = rig.tick * 50000;
	rig.in.requests = 0;
	rig.in.missed = 0;
	scene_tick();
}

static void order_rig(bool import)
{
	rig_power(&rig, import ? 7000000 : -7000000);
}

#define MUCH	(-700000L * 256)	/* mV Q8 */

static void push_following(void)
{
	rig.ctl.cc.integ.x += MUCH;
}

static void push_forming(void)
{
	rig.ctl.form.e.x -= MUCH;
}

static void push_single(void)
{
	mini.ctl.single.fund.x += mini.ctl.m.v_q8[0] > 0 ? MUCH : -MUCH;
}

static void ticked(void)
{
	scene_tick();
}

static bool single(void)
{
	mini_init(&mini, 1, 50, 400);
	mini.env.f = GRID_MHZ / 1e3;
	if (!mini_run(&mini)) {
		fprintf(stderr, "ctl_bench: the charger of one phase did not reach RUN (fault %u)\n",
			mini.ctl.seq.fault);
		return false;
	}
	mini.tick_fn = ticked;
	mini_power(&mini, 5000, 0);
	return true;
}

static void step_mini(void)
{
	mini_tick(&mini);
}

static void order_mini(bool import)
{
	mini_power(&mini, import ? 5000 : -5000, 0);
}

static const struct scene scenes[] = {
	{
		.name = "follow", .begin = following, .step = step_rig, .order = order_rig,
		.push = push_following, .state = &rig, .size = sizeof(rig),
		.ctl = &rig.ctl, .set = &rig.set, .in = &rig.in, .out = &rig.out,
	}, {
		.name = "form", .begin = forming, .step = step_rig,
		.push = push_forming, .state = &rig, .size = sizeof(rig),
		.ctl = &rig.ctl, .set = &rig.set, .in = &rig.in, .out = &rig.out, .form = true,
	}, {
		.name = "single", .begin = single, .step = step_mini, .order = order_mini,
		.push = push_single, .state = &mini, .size = sizeof(mini),
		.ctl = &mini.ctl, .set = &mini.set, .in = &mini.in, .out = &mini.out,
	},
};

const struct scene *scene_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(scenes); i++)
		if (!strcmp(scenes[i].name, name))
			return &scenes[i];
	return NULL;
}
