// SPDX-License-Identifier: Apache-2.0
#include "answer_gridcode.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <v2x.h>

#include "../session_code.h"

static json_t *list_of(const char *lines)
{
	json_t *list = json_array();
	const char *line;
	size_t len;

	while (lines && (line = code_list_next(&lines, &len)))
		json_array_append_new(list, json_stringn(line, len));
	return list;
}

static json_t *number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

/* To a thousandth: what was measured is no finer. */
static json_t *milli(double value)
{
	return isfinite(value) ? json_real(round(value * 1e6) / 1e6) : json_null();
}

static void add_choice(json_t *root, const struct session_code *code)
{
	const struct code_choice *c = &code->choice;
	char hash[20];

	snprintf(hash, sizeof(hash), "%016llx", (unsigned long long)code->table_hash);
	json_object_set_new(root, "profile", json_string(c->on ? c->profile.id : CODE_NONE));
	if (!c->source[0])
		return;
	json_object_set_new(root, "by", json_pack("{s:s, s:I, s:I, s:s}", "source", c->source,
						  "uid", (json_int_t)c->uid, "pid",
						  (json_int_t)c->pid, "time", c->time));
	if (!c->on)
		return;
	json_object_set_new(root, "name", json_string(c->profile.name));
	json_object_set_new(root, "state",
			    json_string(gc_profile_released(&c->profile) ? "released" : "draft"));
	json_object_set_new(root, "locked", json_boolean(c->profile.locked));
	json_object_set_new(root, "sha256", json_string(c->profile.sha256));
	json_object_set_new(root, "site_sha256", json_string(c->profile.site_sha256));
	json_object_set_new(root, "effective", json_string(c->effective));
	json_object_set_new(root, "set", list_of(c->sets));
	json_object_set_new(root, "acknowledged", list_of(c->acknowledged));
	json_object_set_new(root, "table_hash", json_string(hash));
	if (code->trial)
		json_object_set_new(root, "self_test", json_true());
	if (!isnan(c->profile.settings.external.f_high_hz))
		json_object_set_new(root, "window", json_string(
			gc_external_narrows(&c->profile.settings.external, code->narrow) ?
				"narrow" : "wide"));
}

static json_t *function_of(enum gc_reason by, const char *why)
{
	return json_pack("{s:s, s:s}", "by", gc_reason_name(by), "why", why);
}

static json_t *modes_of(uint32_t drm)
{
	json_t *list = json_array();

	for (int mode = 0; mode <= 8; mode++)
		if (drm & GC_DRM(mode))
			json_array_append_new(list, json_integer(mode));
	return list;
}

static void add_service(json_t *root, const struct code_report *r)
{
	const struct gc_envelope *e = &r->env;
	json_t *p = function_of(e->p_by, e->p_why), *q = function_of(e->q_by, e->q_why);
	json_t *point = json_pack("{s:[o, o, o], s:o, s:i, s:i, s:i, s:i}", "v_pu",
				  milli(r->v_pu[0]), milli(r->v_pu[1]), milli(r->v_pu[2]), "f_hz",
				  number(r->f_hz), "p_mw", r->p_mw, "q_mvar", r->q_mvar,
				  "p_demand_mw", r->demand.p_mw, "q_demand_mvar", r->demand.q_mvar);

	json_object_set_new(root, "service", json_string(gc_state_name(r->state)));
	json_object_set_new(root, "connected", json_boolean(e->connect));
	json_object_set_new(root, "cause", json_string(r->tripped_by ? v2x_reason_name(r->tripped_by) :
							   gc_reason_name(r->cause)));
	json_object_set_new(root, "wait_s", json_real(round(r->wait_s * 10) / 10));
	json_object_set_new(root, "permit", json_boolean(r->permit));
	json_object_set_new(root, "drm", modes_of(r->drm));
	json_object_set_new(p, "lo_mw", json_integer(e->p_lo_mw));
	json_object_set_new(p, "hi_mw", json_integer(e->p_hi_mw));
	json_object_set_new(p, "want_mw", json_integer(e->p_want_mw));
	json_object_set_new(q, "lo_mvar", json_integer(e->q_lo_mvar));
	json_object_set_new(q, "hi_mvar", json_integer(e->q_hi_mvar));
	json_object_set_new(q, "want_mvar", json_integer(e->q_want_mvar));
	json_object_set_new(root, "p", p);
	json_object_set_new(root, "q", q);
	json_object_set_new(root, "point", point);
}

/* What came of it after the ranks above: the arbiter's own words. */
static void add_decision(json_t *root, const struct dispatch_result *r)
{
	json_object_set_new(root, "p_mw", json_integer(r->p_mw));
	json_object_set_new(root, "p_by", json_string(dispatch_source_name(r->p_by)));
	json_object_set_new(root, "q_mvar", json_integer(r->q_mvar));
	json_object_set_new(root, "q_by", json_string(dispatch_source_name(r->q_by)));
}

char *answer_gridcode_status(const struct session_code *code, const char *dir,
			     const struct answer_facts *facts)
{
	json_t *root = json_pack("{s:b}", "ok", 1);

	if (!root)
		return NULL;
	add_choice(root, code);
	json_object_set_new(root, "device", facts->device ? json_string(facts->device) :
							    json_null());
	if (facts->report->code.on) {
		add_service(root, &facts->report->code);
		add_decision(root, &facts->report->result);
	}
	json_object_set_new(root, "audit", json_pack("{s:s, s:I, s:s, s:b}", "dir", dir, "lines",
						     (json_int_t)code->audit.lines, "head",
						     code->audit.head, "broken",
						     code->audit_broken));
	return answer_line(root);
}

char *answer_gridcode_applied(const struct session_code *code)
{
	json_t *root = json_pack("{s:b}", "ok", 1);

	if (root)
		add_choice(root, code);
	return answer_line(root);
}

char *answer_gridcode_refused(int code, const char *key, const char *text, const char *names)
{
	const char *name = strerrorname_np(code < 0 ? -code : code);
	json_t *root = json_pack("{s:b, s:s, s:s}", "ok", 0, "errno", name ? name : "EIO",
				 "error", text);

	if (root && key[0])
		json_object_set_new(root, "key", json_string(key));
	if (root && names && names[0])
		json_object_set_new(root, "names", list_of(names));
	return answer_line(root);
}
