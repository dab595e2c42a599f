/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The session thread: everything that is not the set-point of this cycle.
 *
 *   session.c		the loop: signals, tick, policy and its actions
 *   session_device.c	the charger comes, reports and goes
 *   session_config.c	configuration to everybody, reload
 *   session_control.c	commands of the control socket
 *   session_code.c	the grid code in force
 */
#ifndef V2XD_SESSION_H
#define V2XD_SESSION_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/signalfd.h>

#include "config/config.h"
#include "control/server.h"
#include "converter/device.h"
#include "converter/policy.h"
#include "grid.h"
#include "messages.h"
#include "panel/panel.h"
#include "session_code.h"

#define EXIT_GONE	1	/* no charger, or it went away */
#define EXIT_CONFIG	78	/* as in sysexits.h */

struct session {
	struct mailbox inbox;
	struct grid grid;

	const char *config_path;
	struct config config;

	int signal_fd;
	struct loop loop;
	struct signalfd_siginfo signal;
	struct loop_op signal_op;
	struct timer tick;
	uint64_t tick_at_ns;
	uint64_t ticks;

	struct device device;
	struct to_grid to_grid_memory[TO_GRID_SLOTS];
	struct to_session to_session_memory[TO_SESSION_SLOTS];
	struct to_session message;
	struct grid_report report;
	uint64_t report_ns;	/* when the last one came */

	struct policy policy;
	uint64_t policy_at_ns;	/* its deadline, 0: none */

	struct session_code code;

	struct panel panel;
	struct server server;

	uint64_t started_ns;
	int exit_code;
	enum policy_hold allow_hold;
	bool allow_known;
	bool allow;
	bool line_active[PANEL_INPUTS];	/* as the policy was told */
	bool config_named;	/* on the command line: must exist */
	bool ready;		/* systemd was told */
	bool ending;
};

/**
 * session_main - run until told to end
 * @session: config, config_path, config_named set, the rest zero
 *
 * Return: exit status.
 */
int session_main(struct session *session);

/* ---- between the files of the session --------------------------------------- */

/* What came of an event: a refusal by the policy, or the device's -errno. */
struct session_outcome {
	const char *refused;
	int error;
};

/* session.c: give the policy an event and do what it says. */
struct session_outcome session_event(struct session *s, enum policy_event_type type, bool on);
void session_end(struct session *s, int exit_code);
int session_tell_grid(struct session *s, const struct to_grid *message);
void session_tell_ready(struct session *s);

/* session_device.c */
int session_attach(struct session *s);
void session_detach(struct session *s);
void session_read_panel(struct session *s);
void session_read_events(struct session *s);
bool session_status(struct session *s, struct v2x_status *status);
void session_feed_device(struct session *s, const struct policy_device *device);
struct policy_device session_device_of(const struct v2x_status *status);
void session_init_ops(struct session *s);

/* session_config.c */
struct policy_config session_policy_config(const struct session *s, const struct config *config);
int session_push_config(struct session *s, const struct config *config, char *error);
int session_reload(struct session *s, char *error);

/* session_control.c */
char *session_answer(void *owner, const struct server_peer *peer, const char *line, size_t len);

#endif
