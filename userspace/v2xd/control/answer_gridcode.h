/* SPDX-License-Identifier: Apache-2.0 */
/* Answers about the grid code as JSON lines. Each returns a line to be freed, or NULL. */
#ifndef V2XD_CONTROL_ANSWER_GRIDCODE_H
#define V2XD_CONTROL_ANSWER_GRIDCODE_H

#include "answer.h"

struct session_code;

/**
 * answer_gridcode_status - profile, who and when, what limits, operating point
 * @code: of the session
 * @dir: state directory
 * @facts: of the charger and the last decision
 */
char *answer_gridcode_status(const struct session_code *code, const char *dir,
			     const struct answer_facts *facts);

/** answer_gridcode_applied - what is in force now */
char *answer_gridcode_applied(const struct session_code *code);

/**
 * answer_gridcode_refused - a refusal
 * @names: values to acknowledge, a line each; NULL or "" for none
 */
char *answer_gridcode_refused(int code, const char *key, const char *text, const char *names);

#endif
