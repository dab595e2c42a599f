/* SPDX-License-Identifier: GPL-2.0-only */
/* Step functions of the sequencer's table. Each returns the state to be in. */
#ifndef _V2X_STATES_H
#define _V2X_STATES_H

#include <linux/types.h>

struct v2x_run;

u32 v2x_state_idle(const struct v2x_run *r);
u32 v2x_state_self_test(const struct v2x_run *r);
u32 v2x_state_insulation(const struct v2x_run *r);
u32 v2x_state_precharge(const struct v2x_run *r);
u32 v2x_state_contactor(const struct v2x_run *r);
u32 v2x_state_sync(const struct v2x_run *r);
u32 v2x_state_run(const struct v2x_run *r);
u32 v2x_state_ramp_down(const struct v2x_run *r);
u32 v2x_state_fault(const struct v2x_run *r);

#endif /* _V2X_STATES_H */
