/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The grid thread: one decision a mains cycle.
 *
 * It waits for the next cycle on its own ring, runs services and arbiter and
 * submits the set-point, which renews the lease. It shares nothing with the
 * session thread but the two mailboxes, and goes on with what it last heard.
 */
#ifndef V2XD_GRID_H
#define V2XD_GRID_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include <v2x.h>

#include "loop/loop.h"
#include "messages.h"

struct grid {
	struct mailbox inbox;	/* its queue set by the session thread before the start */

	/* Set by the session thread before the start, read-only afterwards. */
	struct mailbox *to_session;
	struct v2x_device *device;
	const struct v2x_status *status_page;
	struct v2x_info info;
	pthread_t thread;

	/* The thread's own. */
	struct v2x_ring_reader cycles;	/* given at the start */
	struct loop loop;
	struct loop_op cycle_op;
	struct loop_op setpoint_op;
	struct v2x_wait wait;
	struct v2x_setpoint setpoint;
	struct dispatch_table table;
	struct droop droop;
	struct code code;
	struct v2x_cycle cycle;		/* the last one */
	uint64_t decided_ns;
	uint64_t cycle_seq;
	uint64_t cycle_t_ns;
	uint64_t reported_ns;
	struct grid_report report;
	/* Here and not on the thread's stack, which is small. */
	struct grid_report told;	/* to the session, last */
	struct dispatch_result wanted;
	struct to_session message;
	struct v2x_status status;
	struct droop_setting droop_setting;
	uint32_t state;
	int32_t setpoint_error;
	char hold[DISPATCH_REASON_LEN];
	bool cycle_new;			/* cycle came just now */
	bool order_new;			/* the operator has said its limits since the last decision */
	bool allow;
	bool up;

	bool started;		/* the session thread's */
};

/**
 * grid_start - start the thread on an opened, claimed and mapped device
 * @grid: device, info, status_page, cycles, to_session and inbox.queue set,
 *	the rest zero
 *
 * Returns when the ring of the thread exists, so that inbox can be used.
 * Return: 0 or -errno.
 */
int grid_start(struct grid *grid);

/* Ask it to end and wait until it has. */
void grid_stop(struct grid *grid, struct loop *from);

/* The "cause" of a set-point says which source decided; 0: nobody asked for anything. */
#define GRID_CAUSE(source) ((uint32_t)(source) + 1)

#endif
