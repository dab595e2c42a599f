/* SPDX-License-Identifier: GPL-2.0-only */
/* Back to the utility: its side of the island switch, and turning to it. See island.h. */
#ifndef _V2X_RESYNC_H
#define _V2X_RESYNC_H

#include <linux/types.h>

struct v2x_run;

/* resync.c: one sample of the utility's side */
void v2x_resync_sample(const struct v2x_run *r);

/* resync.c: has the utility been in order for long enough? Every outer step */
bool v2x_resync_ready(const struct v2x_run *r);

/* resync.c: turn to the utility; true when both have agreed for 100 ms */
bool v2x_resync_step(const struct v2x_run *r);

#endif /* _V2X_RESYNC_H */
