// SPDX-License-Identifier: Apache-2.0
/* The grid code: kept, configured or asked for; checked, put in force, written down. */
#include "session_code.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "code/force.h"
#include "control/answer.h"
#include "control/answer_gridcode.h"
#include "journal.h"
#include "memory.h"
#include "session.h"

#define KEY_PAUSE_NS 2000000000ULL
#define AUDIT_TEXT 12288

/* Why something was refused, for the one who asked. */
struct refusal {
	const char *key;
	char *names;		/* CODE_NAMES_LEN, of values to acknowledge */
	char error[GC_ERROR_LEN];
};

static const char *id_of(const struct code_choice *choice)
{
	return choice->on ? choice->profile.id : CODE_NONE;
}

/* ---- the audit log -------------------------------------------------------------- */

/* A list, a line each, as one: "a; b" */
static void in_one_line(const char *list, char *text, size_t room)
{
	snprintf(text, room, "%s", list);
	for (char *c = text; *c; c++)
		if (*c == '\n')
			*c = c[1] ? ';' : '\0';
}

static int write_down(struct session *s, const struct code_choice *choice, const char *what,
		      const char *was, uint64_t table_hash, char *error)
{
	static char text[AUDIT_TEXT], sets[CODE_SETS_LEN], names[CODE_NAMES_LEN];
	const struct gc_profile *p = &choice->profile;

	in_one_line(choice->sets, sets, sizeof(sets));
	in_one_line(choice->acknowledged, names, sizeof(names));
	if (choice->on)
		snprintf(text, sizeof(text),
			 "%s\tuid=%u pid=%d %s\t%s\t%s\tfrom=%s sha256=%s site=%s effective=%s "
			 "table=%016llx changes=%s acknowledged=%s", choice->time, choice->uid,
			 choice->pid, choice->source, what, p->id, was, p->sha256,
			 p->site_sha256[0] ? p->site_sha256 : "-", choice->effective,
			 (unsigned long long)table_hash, sets[0] ? sets : "-",
			 names[0] ? names : "-");
	else
		snprintf(text, sizeof(text), "%s\tuid=%u pid=%d %s\t%s\t%s\tfrom=%s", choice->time,
			 choice->uid, choice->pid, choice->source, what, CODE_NONE, was);
	return code_audit_add(s->config.gridcode.state, &s->code.audit, text, error);
}

/* ---- into force ------------------------------------------------------------------- */

static void say_in_force(const struct code_choice *choice, uint64_t table_hash)
{
	struct journal_fields fields = { 0 };

	journal_field(&fields, "V2X_EVENT", "gridcode");
	journal_field(&fields, "V2X_GRIDCODE", id_of(choice));
	journal_field(&fields, "V2X_GRIDCODE_HASH", choice->effective);
	if (choice->on)
		journal(LOG_NOTICE, &fields,
			"grid code %s in force (by %s, uid %u, %s), values %.12s, protection table "
			"%016llx", id_of(choice), choice->source, choice->uid, choice->time,
			choice->effective, (unsigned long long)table_hash);
	else
		journal(LOG_NOTICE, &fields, "no grid code in force (by %s, uid %u, %s)",
			choice->source, choice->uid, choice->time);
}

/* The old table back: what could not be kept or written down is not in force. */
static int take_back(struct session *s, struct v2x_prot_table *before, int result)
{
	char ignored[GC_ERROR_LEN];

	before->size = sizeof(*before);
	before->hash = 0;
	before->refused = 0;
	before->why = 0;
	if (code_load_table(&s->device, before, NULL, ignored))
		journal(LOG_ERR, NULL, "the protection table before could not be put back: %s",
			ignored);
	return result;
}

/*
 * @record: a change, to be written down and kept; false: what is kept goes on.
 * On success @next is in force and owned by the session.
 */
static int put_in_force(struct session *s, struct code_choice *next, bool record, bool anew,
			char *error)
{
	struct session_code *code = &s->code;
	struct v2x_prot_table table, before = V2X_INIT(struct v2x_prot_table);
	static struct to_grid m;
	int result;

	/* What the operator said holds for whatever code is in force. */
	next->drm = code->choice.drm;
	next->withheld = code->choice.withheld;
	m = (struct to_grid){ .type = TO_GRID_CODE };
	result = code_prepare(next, &s->config, &s->device.info, code->narrow, &m.code, &table, error);
	m.code.anew = anew;
	if (!result && next->on && s->config.protection.table[0]) {
		snprintf(error, GC_ERROR_LEN,
			 "[protection] table is set: take it out, the grid code makes the table");
		result = -EBUSY;
	}
	if (!result)
		result = code_load_table(&s->device, &table, &before, error);
	if (result)
		return result;
	if (record)
		result = write_down(s, next, "apply", id_of(&code->choice), table.hash, error);
	if (record && !result)
		result = code_store_write(s->config.gridcode.state, next, &code->audit, error);
	if (!result && session_tell_grid(s, &m)) {
		snprintf(error, GC_ERROR_LEN, "the grid thread does not take orders now");
		result = -EAGAIN;
	}
	if (result)
		return take_back(s, &before, result);
	code->table_hash = table.hash;
	code->trial = false;
	if (next != &code->choice) {
		code_choice_free(&code->choice);
		code->choice = *next;
		next->text = next->site = NULL;
	}
	say_in_force(&code->choice, table.hash);
	return 0;
}

/* ---- what has to be allowed ------------------------------------------------------- */

static int check_key(struct session *s, const char *key, struct refusal *why)
{
	const char *path = s->config.gridcode.key_hash;
	const uint64_t now = now_ns();
	char line[GC_KEY_LINE];
	int result;

	why->key = "key";
	if (!key[0]) {
		snprintf(why->error, GC_ERROR_LEN,
			 "the grid code is locked; expected the installer's key (--key FILE)");
		return -EACCES;
	}
	if (now < s->code.key_again_ns) {
		snprintf(why->error, GC_ERROR_LEN, "a wrong key was tried; wait two seconds");
		return -EAGAIN;
	}
	result = gc_key_read(path, true, line);
	if (result) {
		snprintf(why->error, GC_ERROR_LEN, "%.120s: %s; v2xctl gridcode key makes it", path,
			 result == -EPERM ? "others than its owner have access" : strerror(-result));
		return -EACCES;
	}
	result = gc_key_fits(key, line);
	gc_key_forget(line, sizeof(line));
	if (result == 1)
		return 0;
	s->code.key_again_ns = now_ns() + KEY_PAUSE_NS;
	snprintf(why->error, GC_ERROR_LEN, "%s", result ? "the key file is damaged" : "wrong key");
	return -EACCES;
}

static int check_draft(const struct code_choice *next, struct refusal *why)
{
	size_t count;

	if (!next->on)
		return 0;
	count = code_unacknowledged(&next->profile, next->acknowledged, why->names);
	if (!count)
		return 0;
	why->key = "acknowledge";
	snprintf(why->error, GC_ERROR_LEN,
		 "%s is a draft: %zu values are not verified; the installer looks them up and "
		 "acknowledges them (--acknowledge-draft)", id_of(next), count);
	return -EPERM;
}

static int check_allowed(struct session *s, const struct code_choice *next, const char *key,
			 struct refusal *why)
{
	const struct code_choice *now = &s->code.choice;
	const bool locked = s->config.gridcode.locked || (now->on && now->profile.locked) ||
			    (next->on && next->profile.locked);
	int result = check_draft(next, why);

	if (!result && locked)
		result = check_key(s, key, why);
	return result;
}

/* ---- from the control socket ------------------------------------------------------- */

static void set_who(struct code_choice *next, uint32_t uid, int32_t pid, const char *source)
{
	next->uid = uid;
	next->pid = pid;
	snprintf(next->source, sizeof(next->source), "%s", source);
	code_time(next->time);
}

static int make_choice(struct session *s, const struct code_request *request,
		       struct code_choice *next, struct refusal *why)
{
	int result;

	if (!strcmp(request->profile, CODE_NONE))
		return 0;
	why->key = "profile";
	result = code_read_texts(next, request->profile, &s->config, why->error);
	if (!result)
		result = code_choose(next, request, why->error);
	return result;
}

static int apply(struct session *s, const struct code_request *request,
		 const struct server_peer *peer, struct code_choice *next, struct refusal *why)
{
	char ignored[GC_ERROR_LEN];
	int result;

	set_who(next, peer->uid, peer->pid, "control");
	result = make_choice(s, request, next, why);
	if (result)
		return result;
	result = check_allowed(s, next, request->key, why);
	if (result == -EACCES && request->key[0])
		write_down(s, next, "refused: wrong key", id_of(&s->code.choice), 0, ignored);
	if (result)
		return result;
	why->key = "profile";
	result = put_in_force(s, next, true, false, why->error);
	return result;
}

char *session_code_apply(struct session *s, const struct code_request *request,
			 const struct server_peer *peer)
{
	struct code_choice *next = calloc(1, sizeof(*next));
	struct refusal *why = calloc(1, sizeof(*why));
	char *names = calloc(1, CODE_NAMES_LEN), *answer;
	struct policy_config policy;
	int result = -ENOMEM;

	if (next && why && names) {
		why->key = "";
		why->names = names;
		result = apply(s, request, peer, next, why);
	}
	if (result) {
		answer = answer_gridcode_refused(result, why ? why->key : "",
						 why ? why->error : "no memory", names);
		journal(LOG_WARNING, NULL, "grid code %.60s, asked for by uid %u: refused: %s",
			request->profile, peer->uid, why ? why->error : "no memory");
	} else {
		policy = session_policy_config(s, &s->config);
		policy_configure(&s->policy, &policy);
		/* Nothing is known of a new code's service, and without one nothing holds. */
		if (!s->code.choice.on) {
			s->code.known = false;
			session_event(s, POLICY_GRID, false);
		}
		answer = answer_gridcode_applied(&s->code);
	}
	if (next)
		code_choice_free(next);
	free(names);
	free(why);
	free(next);
	memory_let_go();
	return answer;
}

/* ---- from the configuration and the state directory --------------------------------- */

/* The file's hash says that the installer has read this very draft. */
static bool config_acknowledges(const struct config *config, struct code_choice *next)
{
	const char *hash = config->gridcode.acknowledge;

	if (strlen(hash) < 16 || strncmp(hash, next->profile.sha256, strlen(hash)) != 0)
		return false;
	code_unacknowledged(&next->profile, "", next->acknowledged);
	return true;
}

static int from_config(struct session *s, struct code_choice *next, char *error)
{
	static char names[CODE_NAMES_LEN];
	struct code_request request = { .profile = "" };
	struct refusal why = { .key = "", .names = names };
	const struct code_choice *now = &s->code.choice;
	int result;

	snprintf(request.profile, sizeof(request.profile), "%.60s", s->config.gridcode.profile);
	set_who(next, (uint32_t)getuid(), (int32_t)getpid(), "config");
	result = make_choice(s, &request, next, &why);
	if (!result && now->on && !strcmp(now->effective, next->effective) &&
	    !strcmp(now->profile.sha256, next->profile.sha256))
		return 1;
	if (!result && !config_acknowledges(&s->config, next) && check_draft(next, &why)) {
		snprintf(why.error, GC_ERROR_LEN,
			 "%s is a draft with values that are not verified; look them up (v2xctl "
			 "gridcode show %s), then [gridcode] acknowledge = %s", id_of(next),
			 id_of(next), next->profile.sha256);
		result = -EPERM;
	}
	if (!result && s->config.gridcode.key[0])
		gc_key_read(s->config.gridcode.key, true, request.key);
	if (!result)
		result = check_allowed(s, next, request.key, &why);
	gc_key_forget(request.key, sizeof(request.key));
	if (result)
		snprintf(error, CONFIG_ERROR_LEN, "[gridcode]: %.480s", why.error);
	return result;
}

static int load_kept(struct session *s, char *error)
{
	struct session_code *code = &s->code;
	struct gc_audit kept;
	int result, log;

	gc_audit_begin(&kept);
	result = code_store_read(s->config.gridcode.state, &code->choice, &kept, error);
	if (result && result != -ENOENT)
		return result;
	log = code_audit_open(s->config.gridcode.state, result ? NULL : &kept, &code->audit, error);
	code->audit_broken = log == -EBADMSG;
	if (log && log != -ENOENT)
		journal(LOG_ERR, NULL, "audit log of the grid code: %s", error);
	code->loaded = true;
	return 0;
}

/* Does the configuration say which code it is? What somebody applied goes before it. */
static bool config_decides(const struct session *s)
{
	const struct code_choice *now = &s->code.choice;

	if (!s->config.gridcode.profile[0])
		return false;
	if (strcmp(now->source, "control") != 0)
		return true;
	if (strcmp(id_of(now), s->config.gridcode.profile) != 0)
		journal(LOG_NOTICE, NULL,
			"[gridcode] profile = %s does not count: uid %u applied %s at %s; v2xctl "
			"gridcode apply changes that", s->config.gridcode.profile, now->uid,
			id_of(now), now->time);
	return false;
}

static int by_config(struct session *s, char *error)
{
	struct code_choice *next = calloc(1, sizeof(*next));
	int result = next ? from_config(s, next, error) : -ENOMEM;

	if (result == 1)
		result = put_in_force(s, &s->code.choice, false, false, error);
	else if (!result)
		result = put_in_force(s, next, true, false, error);
	if (next)
		code_choice_free(next);
	free(next);
	return result;
}

int session_code_reload(struct session *s, char *error)
{
	struct policy_config policy;
	int result = 0;

	if (config_decides(s))
		result = by_config(s, error);
	else if (s->code.choice.on)
		result = put_in_force(s, &s->code.choice, false, false, error);
	policy = session_policy_config(s, &s->config);
	policy_configure(&s->policy, &policy);
	memory_let_go();
	return result;
}

int session_code_begin(struct session *s, char *error)
{
	int result = s->code.loaded ? 0 : load_kept(s, error);

	s->code.known = false;
	if (!result)
		result = session_code_reload(s, error);
	/* Out of service until the engine says otherwise. */
	if (!result)
		s->policy.grid_out = s->code.choice.on;
	return result;
}

int session_code_restore(struct session *s, bool anew, char *error)
{
	return put_in_force(s, &s->code.choice, false, anew, error);
}

/* ---- what is heard ------------------------------------------------------------------------ */

void session_code_hear(struct session *s, const struct code_input *input)
{
	struct code_choice *choice = &s->code.choice;
	const uint32_t drm = choice->drm;
	const bool withheld = choice->withheld;
	char error[GC_ERROR_LEN];

	if (input->has_drm)
		choice->drm = input->drm;
	if (input->has_permit)
		choice->withheld = !input->permit;
	if (choice->drm == drm && choice->withheld == withheld)
		return;
	if (code_store_write(s->config.gridcode.state, choice, &s->code.audit, error))
		journal(LOG_ERR, NULL, "grid code: permit and demand-response modes are not kept: %s",
			error);
}

/* ---- the external signal --------------------------------------------------------------- */

int session_code_signal(struct session *s, bool on, char *error)
{
	struct session_code *code = &s->code;
	const struct gc_external_settings *e = &code->choice.profile.settings.external;
	const bool before = code->narrow;
	int result;

	if (!code->choice.on || isnan(e->f_high_hz)) {
		snprintf(error, GC_ERROR_LEN, "%s has no external signal", id_of(&code->choice));
		return -EOPNOTSUPP;
	}
	if (on == before)
		return 0;
	code->narrow = on;
	result = put_in_force(s, &code->choice, false, false, error);
	if (result) {
		code->narrow = before;
		return result;
	}
	journal(LOG_NOTICE, NULL, "grid code: external signal %s, frequency window %s",
		on ? "on" : "off", gc_external_narrows(e, on) ? "narrow" : "wide");
	return 0;
}

/* ---- what became of it ----------------------------------------------------------------- */

static const char *doubt_text(unsigned int doubt)
{
	if (doubt & GC_DOUBT_CYCLE)
		return "no cycle comes";
	if (doubt & GC_DOUBT_VOLTAGE)
		return "a voltage cannot be";
	return doubt & GC_DOUBT_FREQUENCY ? "the frequency cannot be" : "they stand still or jump";
}

static void say_service(const struct code_report *report)
{
	struct journal_fields fields = { 0 };

	journal_field(&fields, "V2X_EVENT", "gridcode");
	journal_field(&fields, "V2X_GRIDCODE_REASON", gc_reason_name(report->cause));
	if (report->env.connect)
		journal(LOG_NOTICE, &fields, "grid code: in service");
	else if (report->cause == GC_BY_MEASUREMENT)
		journal(LOG_ERR, &fields,
			"grid code: out of service, measurements are not to be believed: %s",
			doubt_text(report->doubt));
	else if (report->tripped_by)
		journal(LOG_WARNING, &fields,
			"grid code: out of service, the kernel tripped on %s, back in %.0f s at the "
			"earliest", v2x_reason_name(report->tripped_by), report->wait_s);
	else
		journal(LOG_WARNING, &fields, "grid code: %s, back in %.0f s at the earliest",
			report->env.p_why, report->wait_s);
}

/* Service first: while out of it, what is not near any more is to be stopped. */
void session_code_report(struct session *s, const struct code_report *report)
{
	struct session_code *code = &s->code;

	if (!report->on)
		return;
	if (!code->known || code->connected != report->env.connect) {
		code->connected = report->env.connect;
		code->known = true;
		say_service(report);
		session_event(s, POLICY_GRID, !code->connected);
	}
	if (code->near != report->near) {
		code->near = report->near;
		session_event(s, POLICY_GRID_NEAR, code->near);
	}
}
