// SPDX-License-Identifier: Apache-2.0
#include "parse.h"
#include "parse_gridcode.h"

#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <v2x.h>

#define NS_PER_S	1000000000U
#define P_MAX		350000000	/* mW, as in the configuration */
#define FOR_MAX_S	2678400		/* 31 days: longer is "until replaced" */

#define SET	(1U << CONTROL_SET)
#define LIMITS	(1U << CONTROL_LIMITS)
#define CLEAR	(1U << CONTROL_CLEAR)
#define APPLY	(1U << CONTROL_GRIDCODE_APPLY)
#define INPUT	(1U << CONTROL_GRIDCODE_INPUT)
#define TRIAL	(1U << CONTROL_GRIDCODE_TRIAL)

static const char *const verb_names[CONTROL_VERB_COUNT] = {
	[CONTROL_SET] = "set",	   [CONTROL_LIMITS] = "limits", [CONTROL_CLEAR] = "clear",
	[CONTROL_WHY] = "why",	   [CONTROL_STATUS] = "status", [CONTROL_START] = "start",
	[CONTROL_STOP] = "stop",   [CONTROL_ACK] = "ack",	[CONTROL_RELOAD] = "reload",
	[CONTROL_GRIDCODE_STATUS] = "gridcode-status",
	[CONTROL_GRIDCODE_APPLY] = "gridcode-apply",
	[CONTROL_GRIDCODE_INPUT] = "gridcode-input",
	[CONTROL_GRIDCODE_TRIAL] = "gridcode-trial",
};

/* Whole numbers of all commands: which command takes which, and where it goes. */
static const struct number {
	const char *key;
	uint32_t verbs;
	uint32_t given;
	int32_t min;
	int32_t max;
	size_t offset;
} numbers[] = {
	{ "p_mw", SET, GIVEN_P, -P_MAX, P_MAX, offsetof(struct control_command, p_mw) },
	{ "q_mvar", SET, GIVEN_Q, -P_MAX, P_MAX, offsetof(struct control_command, q_mvar) },
	{ "ramp_mw_per_s", SET, GIVEN_RAMP, 1, P_MAX,
	  offsetof(struct control_command, ramp_mw_per_s) },
	{ "mode", SET, GIVEN_MODE, 0, 2, offsetof(struct control_command, mode) },
	{ "island", SET, GIVEN_ISLAND, 0, 1, offsetof(struct control_command, island) },
	{ "for_s", SET | LIMITS, GIVEN_FOR, 1, FOR_MAX_S,
	  offsetof(struct control_command, for_s) },
	{ "p_import_max_mw", LIMITS, GIVEN_IMPORT, 0, P_MAX,
	  offsetof(struct control_command, p_import_max_mw) },
	{ "p_export_max_mw", LIMITS, GIVEN_EXPORT, 0, P_MAX,
	  offsetof(struct control_command, p_export_max_mw) },
	{ "q_max_mvar", LIMITS, GIVEN_Q_MAX, 0, P_MAX,
	  offsetof(struct control_command, q_max_mvar) },
};

const char *control_verb_name(enum control_verb verb)
{
	return verb < CONTROL_VERB_COUNT ? verb_names[verb] : "unknown";
}

/* Input comes back in answers: plain ASCII only, cut texts stay valid then. */
static void make_plain(char *text)
{
	for (; *text; text++)
		if (!isprint((unsigned char)*text))
			*text = '?';
}

__attribute__((format(printf, 4, 5)))
static int refuse(struct control_error *error, int code, const char *key, const char *format, ...)
{
	va_list args;

	error->code = code;
	snprintf(error->key, sizeof(error->key), "%s", key);
	va_start(args, format);
	vsnprintf(error->text, sizeof(error->text), format, args);
	va_end(args);
	make_plain(error->key);
	make_plain(error->text);
	return code;
}

static int take_number(const struct number *row, const json_t *value,
		       struct control_command *command, struct control_error *error)
{
	json_int_t number;
	int32_t fits;

	if (!json_is_integer(value))
		return refuse(error, -EINVAL, row->key, "expected a whole number");
	number = json_integer_value(value);
	if (number < row->min || number > row->max)
		return refuse(error, -ERANGE, row->key,
			      "%" JSON_INTEGER_FORMAT " is out of range; expected %d..%d", number,
			      row->min, row->max);
	fits = (int32_t)number;
	memcpy((char *)command + row->offset, &fits, sizeof(fits));
	command->given |= row->given;
	return 0;
}

static int take_rank(const json_t *value, struct control_command *command,
		     struct control_error *error)
{
	int rank = json_is_string(value) ? dispatch_rank_by_name(json_string_value(value)) : -ENOENT;

	if (rank < 0 || dispatch_order_source((enum dispatch_rank)rank, false) == SOURCE_COUNT)
		return refuse(error, -EINVAL, "rank",
			      "expected vehicle, site, dso, tso, tariff or user");
	command->rank = (enum dispatch_rank)rank;
	command->given |= GIVEN_RANK;
	return 0;
}

static int take_reason(const json_t *value, struct control_command *command,
		       struct control_error *error)
{
	const char *text = json_string_value(value);

	if (!text || json_string_length(value) >= sizeof(command->reason))
		return refuse(error, -EINVAL, "reason", "expected text of at most %zu bytes",
			      sizeof(command->reason) - 1);
	for (const char *c = text; *c; c++)
		if (iscntrl((unsigned char)*c))
			return refuse(error, -EINVAL, "reason", "control character in text");
	memcpy(command->reason, text, json_string_length(value));
	command->given |= GIVEN_REASON;
	return 0;
}

static int take_field(const char *key, const json_t *value, struct control_command *command,
		      struct control_error *error)
{
	uint32_t verb = 1U << command->verb;

	if (!strcmp(key, "cmd"))
		return 0;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (!strcmp(numbers[i].key, key) && (numbers[i].verbs & verb))
			return take_number(&numbers[i], value, command, error);
	if (!strcmp(key, "rank") && (verb & (SET | LIMITS | CLEAR)))
		return take_rank(value, command, error);
	if (!strcmp(key, "reason") && (verb & (SET | LIMITS)))
		return take_reason(value, command, error);
	if (verb & (APPLY | INPUT | TRIAL)) {
		const char *wrong =
			verb & APPLY ? control_gridcode_field(&command->gridcode, key, value) :
			verb & TRIAL ? control_gridcode_trial(&command->trial, key, value) :
				       control_gridcode_input(&command->input, key, value);

		if (!wrong || wrong[0])
			return wrong ? refuse(error, -EINVAL, key, "%s", wrong) : 0;
	}
	return refuse(error, -EINVAL, key, "not a key of \"%s\"", verb_names[command->verb]);
}

static int take_verb(const json_t *root, struct control_command *command,
		     struct control_error *error)
{
	const char *name = json_string_value(json_object_get(root, "cmd"));

	if (!name)
		return refuse(error, -EINVAL, "cmd", "missing; expected the name of a command");
	for (int verb = 0; verb < CONTROL_VERB_COUNT; verb++)
		if (!strcmp(verb_names[verb], name)) {
			command->verb = (enum control_verb)verb;
			return 0;
		}
	return refuse(error, -EOPNOTSUPP, "cmd", "unknown command \"%.40s\"", name);
}

static int check_complete(const struct control_command *command, struct control_error *error)
{
	if (command->verb == CONTROL_SET && !(command->given & (GIVEN_P | GIVEN_Q)))
		return refuse(error, -EINVAL, "p_mw", "missing; \"set\" needs p_mw or q_mvar");
	if (command->verb == CONTROL_LIMITS &&
	    !(command->given & (GIVEN_IMPORT | GIVEN_EXPORT | GIVEN_Q_MAX)))
		return refuse(error, -EINVAL, "p_import_max_mw",
			      "missing; \"limits\" needs p_import_max_mw, p_export_max_mw or "
			      "q_max_mvar");
	if (command->verb == CONTROL_GRIDCODE_APPLY && !command->gridcode.profile[0])
		return refuse(error, -EINVAL, "profile", "missing; \"gridcode-apply\" needs it");
	return 0;
}

static int take_all(json_t *root, struct control_command *command, struct control_error *error)
{
	const char *key;
	json_t *value;
	int result = take_verb(root, command, error);

	if (result)
		return result;
	json_object_foreach(root, key, value) {
		result = take_field(key, value, command, error);
		if (result)
			return result;
	}
	return check_complete(command, error);
}

int control_parse(const char *line, size_t len, struct control_command *command,
		  struct control_error *error)
{
	struct control_command next = { .rank = RANK_USER };
	json_error_t json_error;
	json_t *root;
	int result;

	if (len > CONTROL_LINE_MAX)
		return refuse(error, -E2BIG, "", "a command has at most %d bytes",
			      CONTROL_LINE_MAX);
	root = json_loadb(line, len, JSON_REJECT_DUPLICATES, &json_error);
	if (!root)
		return refuse(error, -EBADMSG, "", "no JSON at byte %d: %.100s",
			      json_error.position, json_error.text);
	if (json_is_object(root))
		result = take_all(root, &next, error);
	else
		result = refuse(error, -EBADMSG, "", "expected a JSON object");
	json_decref(root);
	if (!result)
		*command = next;
	return result;
}

struct dispatch_envelope control_envelope(const struct control_command *command, uint64_t now_ns)
{
	struct dispatch_envelope envelope = { .active = true, .p = dispatch_any(),
					      .q = dispatch_any() };
	uint32_t given = command->given;

	if (given & GIVEN_P)
		envelope.p = dispatch_want(command->p_mw);
	if (given & GIVEN_Q)
		envelope.q = dispatch_want(command->q_mvar);
	if (given & GIVEN_IMPORT)
		envelope.p.hi = command->p_import_max_mw;
	if (given & GIVEN_EXPORT)
		envelope.p.lo = -command->p_export_max_mw;
	if (given & GIVEN_Q_MAX)
		envelope.q = dispatch_limit(-command->q_max_mvar, command->q_max_mvar);
	if (given & GIVEN_RAMP)
		envelope.ramp_mw_per_s = (uint32_t)command->ramp_mw_per_s;
	if (given & (GIVEN_MODE | GIVEN_ISLAND)) {
		static const uint32_t modes[] = { 0, V2X_SETPOINT_FORM, V2X_SETPOINT_VSM };

		envelope.has_mode = true;
		envelope.mode = modes[command->mode] |
				(command->island ? V2X_SETPOINT_ISLAND : 0);
	}
	if (given & GIVEN_FOR)
		envelope.until_ns = now_ns + (uint64_t)command->for_s * NS_PER_S;
	snprintf(envelope.reason, sizeof(envelope.reason), "%s",
		 given & GIVEN_REASON ? command->reason : "asked for over the control socket");
	return envelope;
}
