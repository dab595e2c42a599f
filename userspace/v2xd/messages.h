/* SPDX-License-Identifier: Apache-2.0 */
/* What the two threads of v2xd say to each other, and nothing else passes between them. */
#ifndef V2XD_MESSAGES_H
#define V2XD_MESSAGES_H

#include <stdbool.h>
#include <stdint.h>

#include "dispatch/dispatch.h"
#include "services/code.h"
#include "services/droop.h"

#define TO_GRID_SLOTS		64
#define TO_SESSION_SLOTS	16

enum to_grid_type {
	TO_GRID_PUT,	/* envelope of a source */
	TO_GRID_CLEAR,	/* a source has nothing to say any more */
	TO_GRID_ALLOW,	/* may power flow at all; reason if not */
	TO_GRID_DROOP,	/* the service's setting */
	TO_GRID_CODE,	/* the grid code in force */
	TO_GRID_INPUT,	/* what the grid code hears */
	TO_GRID_QUIT,
};

struct droop_setting {
	bool enable;
	uint32_t ramp_mw_per_s;
	struct droop_params params;
};

struct to_grid {
	enum to_grid_type type;
	enum dispatch_source source;
	bool allow;
	char reason[DISPATCH_REASON_LEN];
	union {
		struct dispatch_envelope envelope;
		struct droop_setting droop;
		struct code_setting code;
		struct code_input input;
	};
};

enum to_session_type {
	TO_SESSION_UP,		/* first cycle done */
	TO_SESSION_REPORT,	/* what was decided */
	TO_SESSION_SETPOINT,	/* the device refused a set-point: error */
	TO_SESSION_ENDED,	/* the thread ends; error says why, 0: was asked to */
};

/**
 * struct grid_report - the last decision
 * @t_ns: when
 * @f_mhz: frequency it was based on; 0: none
 * @baseline_mw: power without the droop service
 * @cycles: mains cycles served
 * @missed: cycles that went by without a decision
 * @timeouts: waits that ended without a cycle
 * @setpoints: set-points submitted
 * @realtime: 0, or -errno of SCHED_FIFO
 * @code: of the grid code, @code.on false without one
 */
struct grid_report {
	uint64_t t_ns;
	int32_t f_mhz;
	int32_t baseline_mw;
	uint64_t cycles;
	uint64_t missed;
	uint64_t timeouts;
	uint64_t setpoints;
	int realtime;
	struct code_report code;
	struct dispatch_result result;
};

struct to_session {
	enum to_session_type type;
	int error;
	struct grid_report report;
};

#endif
