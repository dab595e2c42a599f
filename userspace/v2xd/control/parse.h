/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commands of the control socket: one JSON object a line, at most
 * CONTROL_LINE_MAX bytes. Pure: bytes in, command or refusal out.
 *
 *   {"cmd":"set","p_mw":N,"q_mvar":N,"ramp_mw_per_s":N,"for_s":N,
 *    "rank":"user","reason":"TEXT"}          p_mw or q_mvar must be there; also
 *    "mode":N (0 follow, 1 form, 2 vsm) and "island":N (0 no, 1 yes)
 *   {"cmd":"limits","p_import_max_mw":N,"p_export_max_mw":N,"q_max_mvar":N,
 *    "for_s":N,"rank":"user","reason":"TEXT"}     at least one limit
 *   {"cmd":"clear","rank":"user"}            without rank: what all ranks
 *                                            were given by this socket
 *   {"cmd":"why"} {"cmd":"status"} {"cmd":"start"} {"cmd":"stop"}
 *   {"cmd":"ack"} {"cmd":"reload"}
 *
 * Numbers are whole; ranks are vehicle, site, dso, tso, tariff and user.
 * A set-point or limits replace what the same rank was given before, whole.
 *
 * Answers, one a line: {"ok":true,...}, or
 * {"ok":false,"errno":"EINVAL","error":"TEXT"[,"key":"NAME"]}.
 *
 * "status": "version", "device" (null while there is none), "name", "session"
 * (policy_state_name), "hold" and "hold_text" (why power is held back),
 * "door_open", "estop", "state", "mode", "reason", "fault" (names of libv2x; null
 * without a fault), "pilot", "p_mw", "q_mvar", "p_setpoint_mw", "f_mhz",
 * "v_ev_mv", "i_ev_ma", "e_import_mj", "e_export_mj", "limited_by" (list),
 * "lease_left_ms", "cycles", "cycles_missed", "setpoints", "realtime",
 * "droop" (service on or off).
 *
 * "why": "p_mw", "q_mvar", "mode", "island", "p_by", "q_by" (source; null: nobody asked),
 * "f_mhz", "baseline_mw" (without droop), "session", "hold", "hold_text",
 * "age_ms", "chain": a list, highest rank first, of {"source", "rank",
 * "reason", "lo_mw", "hi_mw" (range left after this source; null: open),
 * "want_mw" (null: none), "effect", and the same for Q with "lo_mvar",
 * "hi_mvar", "want_mvar", "q_effect"}. An effect is a list of words in one
 * text: raised_lo, lowered_hi, overruled, want_taken, want_outranked,
 * decided.
 */
#ifndef V2XD_CONTROL_PARSE_H
#define V2XD_CONTROL_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../code/choice.h"
#include "../dispatch/dispatch.h"
#include "../services/code_input.h"

#define CONTROL_LINE_MAX	8192
#define CONTROL_ERROR_LEN	160
#define CONTROL_KEY_LEN		32

enum control_verb {
	CONTROL_SET,
	CONTROL_LIMITS,
	CONTROL_CLEAR,
	CONTROL_WHY,
	CONTROL_STATUS,
	CONTROL_START,
	CONTROL_STOP,
	CONTROL_ACK,
	CONTROL_RELOAD,
	CONTROL_GRIDCODE_STATUS,
	CONTROL_GRIDCODE_APPLY,
	CONTROL_GRIDCODE_INPUT,
	CONTROL_GRIDCODE_TRIAL,
	CONTROL_VERB_COUNT
};

/* Which fields of a command were given, a bit each. */
enum control_given {
	GIVEN_P		= 1 << 0,
	GIVEN_Q		= 1 << 1,
	GIVEN_RAMP	= 1 << 2,
	GIVEN_FOR	= 1 << 3,
	GIVEN_IMPORT	= 1 << 4,
	GIVEN_EXPORT	= 1 << 5,
	GIVEN_Q_MAX	= 1 << 6,
	GIVEN_RANK	= 1 << 7,
	GIVEN_REASON	= 1 << 8,
	GIVEN_MODE	= 1 << 9,
	GIVEN_ISLAND	= 1 << 10,
};

struct control_command {
	enum control_verb verb;
	uint32_t given;
	int32_t p_mw;
	int32_t q_mvar;
	int32_t ramp_mw_per_s;
	int32_t for_s;
	int32_t p_import_max_mw;
	int32_t p_export_max_mw;
	int32_t q_max_mvar;
	int32_t mode;
	int32_t island;
	enum dispatch_rank rank;
	char reason[DISPATCH_REASON_LEN];
	struct code_request gridcode;
	struct code_input input;
	struct code_trial trial;
};

struct control_error {
	int code;			/* -errno */
	char key[CONTROL_KEY_LEN];	/* "" when it is about none */
	char text[CONTROL_ERROR_LEN];
};

/**
 * control_parse - understand one line
 * @line: bytes without the newline
 * @len: how many
 * @command: filled in on success
 * @error: filled in otherwise
 *
 * Return: 0, or error->code: -E2BIG too long, -EBADMSG no JSON object,
 * -EOPNOTSUPP unknown command, -EINVAL a key that is unknown, missing or of
 * the wrong type, -ERANGE a number out of range.
 */
int control_parse(const char *line, size_t len, struct control_command *command,
		  struct control_error *error);

/**
 * control_envelope - what a set or limits command asks of the arbiter
 * @command: of verb CONTROL_SET or CONTROL_LIMITS
 * @now_ns: CLOCK_MONOTONIC
 */
struct dispatch_envelope control_envelope(const struct control_command *command, uint64_t now_ns);

const char *control_verb_name(enum control_verb verb);

#endif
