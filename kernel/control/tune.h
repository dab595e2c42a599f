/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What of the control may be changed while it runs.
 *
 * A parameter has a default that is derived (see Documentation/control.rst) and
 * a range in which the loops are stable by their poles, whatever the others
 * are (tests/unit/control/test_tune.c). New gains are derived in process
 * context and taken whole in one tick. All integrators hold their output, not
 * their input, so nothing jumps.
 */
#ifndef _V2X_TUNE_H
#define _V2X_TUNE_H

#include <v2x/stage_desc.h>
#include "dc_link.h"
#include "form.h"
#include "grid_tracker.h"
#include "harmonics.h"
#include "modulation.h"
#include "single.h"

/* Order of the uapi's index. */
enum v2x_tune {
	V2X_TUNE_CURRENT_BANDWIDTH,
	V2X_TUNE_HARMONICS_SETTLING,
	V2X_TUNE_TRACKER_BANDWIDTH,
	V2X_TUNE_TRACKER_DAMPING,
	V2X_TUNE_LINK_BANDWIDTH,
	V2X_TUNE_LINK_DAMPING,
	V2X_TUNE_DEAD_TIME,
	V2X_TUNE_COUNT
};

/**
 * struct v2x_tune_user - what is asked for
 * @version: changes with every change
 * @value: by enum v2x_tune
 */
struct v2x_tune_user {
	u32 version;
	s32 value[V2X_TUNE_COUNT];
};

/**
 * struct v2x_tuned - the constants that follow from it
 * @version: of struct v2x_tune_user; 0: none yet
 * @tracker: and so on: as in struct v2x_ctl_k
 */
struct v2x_tuned {
	u32 version;
	struct v2x_tracker_k tracker;
	struct v2x_current_k cc;
	struct v2x_clean_k clean;
	struct v2x_link_k link;
	struct v2x_single_k single;
	struct v2x_dead dead;
	struct v2x_form_k form;
};

/**
 * v2x_tune_default() - what a stage begins with
 * @desc: of the stage
 * @user: filled in
 */
void v2x_tune_default(const struct v2x_stage_desc *desc, struct v2x_tune_user *user);

/**
 * v2x_tune_describe() - one parameter, its range and its value
 * @desc: of the stage
 * @user: in force
 * @t: index given; the rest is filled in
 *
 * Return: 0 or -EINVAL, there is no such parameter.
 */
int v2x_tune_describe(const struct v2x_stage_desc *desc, const struct v2x_tune_user *user,
		      struct v2x_tuning *t);

/**
 * v2x_tune_set() - change one parameter
 * @desc: of the stage
 * @user: changed
 * @index: enum v2x_tune
 * @value: in the parameter's unit
 *
 * Return: 0, -EINVAL (no such parameter), -ERANGE, and then nothing is changed.
 */
int v2x_tune_set(const struct v2x_stage_desc *desc, struct v2x_tune_user *user, u32 index,
		 s32 value);

/**
 * v2x_tune_derive() - the constants
 * @desc: of the stage
 * @user: within the ranges
 * @t: filled in, unless it is of that version
 *
 * Context: process; divides.
 */
void v2x_tune_derive(const struct v2x_stage_desc *desc, const struct v2x_tune_user *user,
		     struct v2x_tuned *t);

#endif /* _V2X_TUNE_H */
