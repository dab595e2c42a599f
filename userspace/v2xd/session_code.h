/* SPDX-License-Identifier: Apache-2.0 */
/* The grid code in the session: what is in force, who changed it, what became of it. */
#ifndef V2XD_SESSION_CODE_H
#define V2XD_SESSION_CODE_H

#include <stdbool.h>
#include <stdint.h>

#include "code/choice.h"
#include "code/store.h"
#include "control/server.h"

struct session;
struct code_report;

/**
 * struct session_code - grid code of the session
 * @choice: in force
 * @audit: the log
 * @table_hash: of the protection table the kernel took
 * @key_again_ns: after a wrong key no other one is tried before
 * @loaded: the state directory was read
 * @audit_broken: somebody changed the log before this start
 * @known: @connected means something
 * @connected: as the engine last said
 * @near: likewise
 * @narrow: the external signal is on; off until somebody says otherwise
 * @trial: a self-test has a threshold elsewhere
 * @trial_until_ns: when it ends if nobody moves it any more
 */
struct session_code {
	struct code_choice choice;
	struct gc_audit audit;
	uint64_t table_hash;
	uint64_t key_again_ns;
	bool loaded;
	bool audit_broken;
	bool known;
	bool connected;
	bool near;
	bool narrow;
	bool trial;
	uint64_t trial_until_ns;
};

/**
 * session_code_begin - put in force what is kept or configured, on a new charger
 * @error: CONFIG_ERROR_LEN bytes
 * Return: 0 or -errno; without the code that should be in force nothing may run.
 */
int session_code_begin(struct session *s, char *error);

/* A configuration was read again: likewise, when it is the configuration's to say. */
int session_code_reload(struct session *s, char *error);

/* Modes and permit hold until somebody says otherwise, over a restart too. */
void session_code_hear(struct session *s, const struct code_input *input);

/* The grid thread reports: tell the policy, and the journal when service ends or begins. */
void session_code_report(struct session *s, const struct code_report *report);

/* "gridcode-apply" of the control socket; returns the answer. */
char *session_code_apply(struct session *s, const struct code_request *request,
			 const struct server_peer *peer);

/**
 * session_code_signal - the external signal: table and engine with the other window
 * @error: GC_ERROR_LEN bytes
 * Return: 0 or -errno; then the window before holds.
 */
int session_code_signal(struct session *s, bool on, char *error);

/**
 * session_code_restore - what is in force, into the kernel and the engine again
 * @anew: out of service, it is entered as at a first start
 * @error: GC_ERROR_LEN bytes
 */
int session_code_restore(struct session *s, bool anew, char *error);

/**
 * session_trial_move - a threshold of the self-test of CEI 0-21
 * @error: GC_ERROR_LEN bytes
 *
 * Over-limits go down, under-limits up: it trips sooner than the code, never
 * later. The protection is the code's again at the end, or five seconds after
 * the last move.
 *
 * Return: 0; -EOPNOTSUPP for a code without this test, -EINVAL for what is no
 * threshold of it, -ERANGE for one beyond the code's; -errno.
 */
int session_trial_move(struct session *s, const struct code_trial *trial, char *error);

/* Now and then: the end of one that nobody goes on with. */
void session_trial_tick(struct session *s);

#endif
