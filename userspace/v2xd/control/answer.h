/* SPDX-License-Identifier: Apache-2.0 */
/* Answers of the control socket as JSON lines; the format is told in parse.h. */
#ifndef V2XD_CONTROL_ANSWER_H
#define V2XD_CONTROL_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>
#include <linux/v2x.h>

#include "../converter/policy.h"
#include "../dispatch/conflict.h"
#include "../messages.h"
#include "parse.h"

/**
 * struct answer_facts - what "status" and "why" are made of
 * @device: path, NULL while there is none
 * @name: of the charger
 * @status: of the device, if there is one
 * @report: of the grid thread, t_ns 0 if there is none yet
 * @policy: session
 * @droop: service enabled
 * @now_ns: CLOCK_MONOTONIC
 */
struct answer_facts {
	const char *device;
	const char *name;
	const struct v2x_status *status;
	const struct grid_report *report;
	const struct policy *policy;
	bool droop;
	uint64_t now_ns;
};

/** answer_line - an object as a line; takes it over; NULL for NULL */
char *answer_line(json_t *root);

/* Each returns a line to be freed, NULL when memory is out. */
char *answer_ok(void);
/** answer_order - taken; who else wants something else */
char *answer_order(const struct dispatch_conflict *p, const struct dispatch_conflict *q);
char *answer_refused(int code, const char *key, const char *text);
char *answer_status(const struct answer_facts *facts);
char *answer_why(const struct answer_facts *facts);

#endif
