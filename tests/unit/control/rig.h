/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Control and virtual plant in one loop, in simulated time: what the tests of
 * the whole control and its benchmark drive.
 */
#ifndef V2X_TEST_RIG_H
#define V2X_TEST_RIG_H

#include <linux/kernel.h>

#include "ctl_priv.h"
#include "plant.h"

#define RIG_EVENTS	256

/**
 * struct rig - a charger on a bench
 * @out: of the last tick
 * @cycle: last cycle record
 * @event: all events so far, the first RIG_EVENTS of them
 * @p_lo_mw, @p_hi_mw: extremes of the cycle power since rig_watch()
 * @req: requests for the next tick
 * @missed: periods to pretend missed before the next tick
 * @each: called after each tick, may be NULL
 */
struct rig {
	struct plant plant;
	struct plant_cfg pcfg;
	struct plant_env env;
	struct v2x_stage_desc desc;
	struct v2x_ctl ctl;
	struct v2x_ctl_user user;
	struct v2x_ctl_set set;
	struct v2x_ctl_in in;
	struct v2x_ctl_out out;
	struct v2x_cycle cycle;
	struct v2x_event event[RIG_EVENTS];
	unsigned int events;
	unsigned int trips;
	s32 p_lo_mw;
	s32 p_hi_mw;
	u64 tick;
	u32 req;
	u32 req_reason;
	u32 req_cause;
	u32 missed;
	void (*each)(struct rig *r);
	void *arg;
};

/** rig_init() - 11 kW stage in IDLE, stiff grid, no vehicle, defaults */
void rig_init(struct rig *r);

/** rig_init_with() - likewise, another plant */
void rig_init_with(struct rig *r, const struct plant_cfg *cfg);

/** rig_env() - put @r->env in force */
void rig_env(struct rig *r);

/** rig_user() - check @r->user and put it in force; it must be acceptable */
void rig_user(struct rig *r);

/** rig_tick() - one period */
void rig_tick(struct rig *r);

/** rig_tick_stepped() - one period of a plant that was stepped together with others */
void rig_tick_stepped(struct rig *r);

/** rig_ms() - so many milliseconds */
void rig_ms(struct rig *r, u32 ms);

/** rig_until() - until a state is reached; returns ms it took, -1 after @ms */
int rig_until(struct rig *r, u32 state, u32 ms);

/** rig_request() - V2X_CTL_REQ_* for the next tick */
void rig_request(struct rig *r, u32 req, u32 reason);

/** rig_power() - set-point with the fastest ramp */
void rig_power(struct rig *r, s32 p_mw);

/** rig_lom_off() - the default table without loss-of-mains detection: to form on a grid */
void rig_lom_off(struct rig *r);

/** rig_plug() - car plugged and ready */
void rig_plug(struct rig *r);

/** rig_run() - plug, start, reach RUN; true if it did */
bool rig_run(struct rig *r);

/** rig_run_model() - this model in RUN, @ms at @p_mw; false if it does not get there */
bool rig_run_model(struct rig *r, const char *model, s32 p_mw, u32 ms);

/** rig_watch() - forget the extremes */
void rig_watch(struct rig *r);

/** rig_has_event() - has an event of type and reason come? */
const struct v2x_event *rig_has_event(const struct rig *r, u32 type, u32 reason);

#endif
