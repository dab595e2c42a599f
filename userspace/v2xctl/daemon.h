/* SPDX-License-Identifier: Apache-2.0 */
/* The control socket of v2xd: one JSON object a line, one answer each. */
#ifndef V2XCTL_DAEMON_H
#define V2XCTL_DAEMON_H

#include "cli.h"

#define DAEMON_SOCKET "/run/v2xd/control.sock"

/**
 * daemon_ask() - send a request and wait for its answer
 * @request: taken over; NULL is told as a lack of memory
 * @answer: whose "ok" is true, on success; the caller drops it
 *
 * Return: EX_OK_, or the exit status after telling why: EX_NO_DAEMON when
 * nobody answers, EX_REFUSED with the supervisor's own words.
 */
int daemon_ask(const struct cli *cli, json_t *request, json_t **answer);

/** daemon_answer() - likewise, but a refusal is an answer too; the caller drops it */
int daemon_answer(const struct cli *cli, json_t *request, json_t **answer);

/**
 * daemon_tell() - ask for something whose answer is that it is done
 * @request: taken over; the options rank and reason, where given, join it
 * @done: what a person reads then; with --json it is the answer itself
 *
 * Return: as daemon_ask().
 */
int daemon_tell(const struct cli *cli, json_t *request, const char *done);

/** daemon_try() - likewise, but silent; NULL when there is no good answer */
json_t *daemon_try(const struct cli *cli, const char *cmd);

#endif
