/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A charger in simulated time: the kernel's control and the virtual plant in
 * one loop, as the stage driver closes it, with what a simulation can know
 * and a device cannot: the true energies.
 */
#ifndef V2XSIM_CHARGER_H
#define V2XSIM_CHARGER_H

#include <linux/kernel.h>

#include "ctl_priv.h"
#include "dab_switching.h"
#include "energy.h"
#include "plant.h"
#include "spectrum.h"
#include "switching.h"

/* Chargers at one load. */
#define CHARGERS_MAX PLANT_TOGETHER_MAX

#define CHARGER_WAVE 32768U /* samples kept, a power of two: 1.6 s at 20 kHz */

/**
 * struct charger - plant, control and what has become of them
 * @cfg: what is soldered
 * @env: grid, vehicle, faults; charger_env() puts a change in force
 * @user: set-point, limits, protection; charger_user() puts a change in force
 * @out: of the last tick
 * @cycle: last record of a mains cycle
 * @cycles: how many there were
 * @requests: V2X_CTL_REQ_* for the next tick
 * @missed: ticks still to be swallowed
 * @swallowed: ticks that were, since the control last ran
 * @tick: number of the last tick
 * @trips: so far
 * @trip_reason: enum v2x_reason of the last one
 * @p_now_w: true power at the terminals, mean over @p_window ticks
 * @energy: true energies
 * @spectrum: last cycles of the grid currents
 * @dab: the switching DC/DC, if it is used
 * @switches: the bridge switches, by @switching; else it is averaged
 * @wave: last CHARGER_WAVE samples, by tick
 */
struct charger {
	struct plant plant;
	struct plant_cfg cfg;
	struct plant_env env;
	struct v2x_stage_desc desc;
	struct v2x_ctl ctl;
	struct v2x_ctl_user user;
	struct v2x_ctl_set set;
	struct v2x_ctl_in in;
	struct v2x_ctl_out out;
	struct v2x_cycle cycle;
	u64 cycles;
	u32 requests;
	u32 req_reason;
	u32 missed;
	u32 swallowed;
	u64 tick;
	u32 trips;
	u32 trip_reason;
	struct energy energy;
	struct spectrum spectrum;
	struct switching switching;
	struct dab dab;
	bool switches;
	double p_now_w;
	double p_sum;
	u32 p_window;
	double p_past[512];
	struct v2x_sample wave[CHARGER_WAVE];
};

/**
 * charger_init() - de-energised, no vehicle, nominal grid, default setting
 * @c: to be initialised
 * @cfg: checked
 *
 * Return: NULL, or what the control says against the stage.
 */
const char *charger_init(struct charger *c, const struct plant_cfg *cfg);

/** charger_switch() - switch the bridge from now on, with this dead time */
void charger_switch(struct charger *c, double dead_s);

/** charger_switch_dab() - switch the DC/DC from now on; false: it is no dual active bridge */
bool charger_switch_dab(struct charger *c);

/** charger_source() - the grid's voltage at phase @x, 0 .. 2 pu, to a millionth, into @c->env */
void charger_source(struct charger *c, unsigned int x, double v_pu);

/** charger_env() - put @c->env in force with the next tick */
void charger_env(struct charger *c);

/**
 * charger_user() - check @c->user and put it in force
 * @field: the field that is refused
 *
 * Return: 0 or -errno, nothing changed but @c->user.
 */
int charger_user(struct charger *c, const char **field);

/** charger_tick() - one period of @n chargers, at one load and on one DC bus if there are */
void charger_tick(struct charger *c, size_t n);

/** charger_ns() - simulated time at the last tick */
u64 charger_ns(const struct charger *c);

#endif
