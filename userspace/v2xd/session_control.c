// SPDX-License-Identifier: Apache-2.0
/* What a command of the control socket does. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "control/answer.h"
#include "control/answer_gridcode.h"
#include "journal.h"
#include "session.h"

static struct answer_facts facts_of(struct session *s, struct v2x_status *status)
{
	bool there = session_status(s, status);

	return (struct answer_facts){
		.device = there ? v2x_path(s->device.handle) : NULL,
		.name = there ? s->device.info.name : NULL,
		.status = status,
		.report = &s->report,
		.policy = &s->policy,
		.droop = s->config.droop.enable,
		.now_ns = now_ns(),
	};
}

static char *no_device(const struct session *s)
{
	char text[CONFIG_ERROR_LEN];

	snprintf(text, sizeof(text), "there is no charger at %s now", s->config.device.path);
	return answer_refused(-ENODEV, "", text);
}

static char *told(int result)
{
	return result ? answer_refused(result, "", "the grid thread does not take orders now") :
			answer_ok();
}

/* Both masters hear of it: this one in its answer, the other in the journal and in "why". */
static char *conflicts(struct session *s, const struct to_grid *m)
{
	const struct dispatch_result *last = &s->report.result;
	const struct dispatch_conflict p = dispatch_conflicts(last, m->source, &m->envelope.p,
							      false);
	const struct dispatch_conflict q = dispatch_conflicts(last, m->source, &m->envelope.q,
							      true);
	const char *name = dispatch_source_name(m->source);

	if (p.outranked_by < SOURCE_COUNT)
		journal(LOG_NOTICE, NULL, "%s wants %d mW, but %s ranks higher and decides", name,
			m->envelope.p.want, dispatch_source_name(p.outranked_by));
	if (p.outranks < SOURCE_COUNT)
		journal(LOG_NOTICE, NULL, "%s wants %d mW and ranks higher than %s, which does not "
			"decide any more", name, m->envelope.p.want,
			dispatch_source_name(p.outranks));
	return answer_order(&p, &q);
}

/* As the kernel judges: the charger's own table looks, another if it says so. */
static bool loss_of_mains_watched(const struct session *s)
{
	struct v2x_prot_table t;

	if (v2x_get_prot_table(s->device.handle, &t))
		return false;
	return !t.count || (t.lom_gain_permille && t.lom_q_permille);
}

/* What the charger there is cannot do is not passed on to be refused with the power. */
static char *mode_refused(const struct session *s, uint32_t mode)
{
	if (!s->device.handle)
		return NULL;
	if (mode & V2X_SETPOINT_ISLAND && !(s->device.info.features & V2X_FEATURE_ISLAND_SWITCH))
		return answer_refused(-EOPNOTSUPP, "island", "this charger has no island switch");
	if (mode & (V2X_SETPOINT_FORM | V2X_SETPOINT_VSM) && !(mode & V2X_SETPOINT_ISLAND) &&
	    loss_of_mains_watched(s))
		return answer_refused(-EINVAL, "mode",
				      "it would hold up an island that nothing finds; add island=yes, "
				      "or a protection table with lom_gain 0 where something else looks");
	return NULL;
}

/* More than is on the rating plate is a slip of the finger, or a wrong unit. */
static char *amount_refused(const struct session *s, const struct control_command *command)
{
	const struct v2x_info *info = &s->device.info;
	char text[CONFIG_ERROR_LEN];
	int64_t p_mw = command->p_mw;
	int64_t q_mvar = command->q_mvar;

	if (!s->device.handle || command->verb != CONTROL_SET)
		return NULL;
	if (command->given & GIVEN_P &&
	    (p_mw > info->p_import_max_mw || p_mw < -(int64_t)info->p_export_max_mw)) {
		snprintf(text, sizeof(text),
			 "%.3f kW is beyond the rating of this charger, %.3f to %.3f kW",
			 (double)p_mw / 1e6, -(double)info->p_export_max_mw / 1e6,
			 (double)info->p_import_max_mw / 1e6);
		return answer_refused(-ERANGE, "p_mw", text);
	}
	if (command->given & GIVEN_Q && (q_mvar > info->q_max_mvar || q_mvar < -(int64_t)info->q_max_mvar)) {
		snprintf(text, sizeof(text),
			 "%.3f kvar is beyond the rating of this charger, %.3f kvar either way",
			 (double)q_mvar / 1e6, (double)info->q_max_mvar / 1e6);
		return answer_refused(-ERANGE, "q_mvar", text);
	}
	return NULL;
}

static char *order(struct session *s, const struct control_command *command)
{
	bool limits = command->verb == CONTROL_LIMITS;
	struct to_grid m = { .type = TO_GRID_PUT,
			     .source = dispatch_order_source(command->rank, limits) };
	struct journal_fields fields = { 0 };
	char *refused;
	int result;

	m.envelope = control_envelope(command, now_ns());
	refused = mode_refused(s, m.envelope.mode);
	if (!refused)
		refused = amount_refused(s, command);
	if (refused)
		return refused;
	journal_field(&fields, "V2X_EVENT", "order");
	journal_field(&fields, "V2X_RANK", dispatch_rank_name(command->rank));
	if (limits)
		journal(LOG_INFO, &fields, "order of rank %s: limits %d..%d mW, %s",
			dispatch_rank_name(command->rank), m.envelope.p.lo, m.envelope.p.hi,
			m.envelope.reason);
	else
		journal(LOG_INFO, &fields, "order of rank %s: set P %d mW, Q %d mvar, %s",
			dispatch_rank_name(command->rank), m.envelope.p.want, m.envelope.q.want,
			m.envelope.reason);
	result = session_tell_grid(s, &m);
	return result ? told(result) : conflicts(s, &m);
}

/* A meter speaks every second: no line for it. */
static void say_heard(const struct code_input *input, unsigned int uid)
{
	char modes[9 * 2 + 1] = "";

	for (unsigned int n = 0; n <= 8; n++)
		if (input->drm & GC_DRM(n))
			snprintf(modes + strlen(modes), sizeof(modes) - strlen(modes), "%s%u",
				 modes[0] ? "," : "", n);
	if (input->has_drm)
		journal(LOG_NOTICE, NULL, "grid code: uid %u says: demand-response modes %s", uid,
			modes[0] ? modes : "off");
	if (input->has_permit)
		journal(LOG_NOTICE, NULL, "grid code: uid %u says: service %spermitted", uid,
			input->permit ? "" : "not ");
}

static char *input(struct session *s, const struct code_input *input,
		   const struct server_peer *peer)
{
	const struct to_grid m = { .type = TO_GRID_INPUT, .input = *input };

	char error[GC_ERROR_LEN];
	int result;

	if (!s->code.choice.on)
		return answer_refused(-ENOENT, "", "no grid code is in force");
	if (input->has_signal) {
		result = session_code_signal(s, input->signal, error);
		if (result)
			return answer_refused(result, "signal", error);
	}
	result = session_tell_grid(s, &m);
	if (!result) {
		say_heard(input, peer->uid);
		session_code_hear(s, input);
	}
	return told(result);
}

static char *trial(struct session *s, const struct code_trial *trial)
{
	char error[GC_ERROR_LEN];
	int result = session_trial_move(s, trial, error);

	return result ? answer_refused(result, trial->key[0] ? "value" : "", error) : answer_ok();
}

static int clear_rank(struct session *s, enum dispatch_rank rank)
{
	int result = 0;

	for (int limits = 0; limits < 2; limits++) {
		struct to_grid m = { .type = TO_GRID_CLEAR,
				     .source = dispatch_order_source(rank, limits) };

		if (m.source < SOURCE_COUNT && !result)
			result = session_tell_grid(s, &m);
	}
	return result;
}

static char *clear(struct session *s, const struct control_command *command)
{
	int result = 0;

	if (command->given & GIVEN_RANK)
		return told(clear_rank(s, command->rank));
	for (enum dispatch_rank rank = 0; rank < RANK_COUNT && !result; rank++)
		result = clear_rank(s, rank);
	return told(result);
}

static char *policy_command(struct session *s, enum policy_event_type type)
{
	struct session_outcome outcome = session_event(s, type, false);

	if (outcome.refused)
		return answer_refused(-EBUSY, "", outcome.refused);
	if (outcome.error)
		return answer_refused(outcome.error, "",
				      v2x_error_text(V2X_IOC_REQUEST, outcome.error));
	return answer_ok();
}

static char *reload(struct session *s)
{
	char error[CONFIG_ERROR_LEN];
	int result = session_reload(s, error);

	return result ? answer_refused(result, "", error) : answer_ok();
}

static char *run(struct session *s, const struct server_peer *peer,
		 const struct control_command *command)
{
	struct v2x_status status = { 0 };
	struct answer_facts facts;

	if (!s->device.handle && command->verb != CONTROL_STATUS &&
	    command->verb != CONTROL_RELOAD && command->verb != CONTROL_GRIDCODE_STATUS)
		return no_device(s);
	switch (command->verb) {
	case CONTROL_SET:
	case CONTROL_LIMITS:
		return order(s, command);
	case CONTROL_CLEAR:
		return clear(s, command);
	case CONTROL_WHY:
		facts = facts_of(s, &status);
		return answer_why(&facts);
	case CONTROL_STATUS:
		facts = facts_of(s, &status);
		return answer_status(&facts);
	case CONTROL_START:
		return policy_command(s, POLICY_CMD_START);
	case CONTROL_STOP:
		return policy_command(s, POLICY_CMD_STOP);
	case CONTROL_ACK:
		return policy_command(s, POLICY_CMD_ACK);
	case CONTROL_RELOAD:
		return reload(s);
	case CONTROL_GRIDCODE_STATUS:
		facts = facts_of(s, &status);
		return answer_gridcode_status(&s->code, s->config.gridcode.state, &facts);
	case CONTROL_GRIDCODE_APPLY:
		return session_code_apply(s, &command->gridcode, peer);
	case CONTROL_GRIDCODE_INPUT:
		return input(s, &command->input, peer);
	case CONTROL_GRIDCODE_TRIAL:
		return trial(s, &command->trial);
	case CONTROL_VERB_COUNT:
		break;
	}
	return NULL;
}

char *session_answer(void *owner, const struct server_peer *peer, const char *line, size_t len)
{
	struct session *s = owner;
	struct control_command command;
	struct control_error error;
	char *answer;

	if (control_parse(line, len, &command, &error))
		return answer_refused(error.code, error.key, error.text);
	answer = run(s, peer, &command);
	gc_key_forget(&command.gridcode, sizeof(command.gridcode));
	return answer;
}
