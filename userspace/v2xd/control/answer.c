// SPDX-License-Identifier: Apache-2.0
#include "answer.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <v2x.h>

/* Takes @root over; adds the newline. */
char *answer_line(json_t *root)
{
	char *text = root ? json_dumps(root, JSON_COMPACT) : NULL;
	size_t len = text ? strlen(text) : 0;
	char *line = text ? realloc(text, len + 2) : NULL;

	json_decref(root);
	if (!line) {
		free(text);
		return NULL;
	}
	memcpy(line + len, "\n", 2);
	return line;
}

char *answer_ok(void)
{
	return answer_line(json_pack("{s:b}", "ok", 1));
}

static void add_conflict(json_t *root, const char *axis, const struct dispatch_conflict *c)
{
	const struct { const char *key; enum dispatch_source source; } rows[] = {
		{ "outranked_by", c->outranked_by },
		{ "limited_by", c->limited_by },
		{ "outranks", c->outranks },
	};
	json_t *o = json_object();

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].source < SOURCE_COUNT)
			json_object_set_new(o, rows[i].key,
					    json_string(dispatch_source_name(rows[i].source)));
	if (json_object_size(o))
		json_object_set(root, axis, o);
	json_decref(o);
}

char *answer_order(const struct dispatch_conflict *p, const struct dispatch_conflict *q)
{
	json_t *root = json_pack("{s:b}", "ok", 1);

	if (root) {
		add_conflict(root, "p", p);
		add_conflict(root, "q", q);
	}
	return answer_line(root);
}

char *answer_refused(int code, const char *key, const char *text)
{
	const char *name = strerrorname_np(code < 0 ? -code : code);
	json_t *root = json_pack("{s:b, s:s, s:s}", "ok", 0, "errno", name ? name : "EIO",
				 "error", text);

	if (root && key[0])
		json_object_set_new(root, "key", json_string(key));
	return answer_line(root);
}

/* json_null() for NULL. */
static json_t *text_or_null(const char *text)
{
	return text ? json_string(text) : json_null();
}

static void add_session(json_t *root, const struct policy *policy)
{
	json_object_set_new(root, "session", json_string(policy_state_name(policy->state)));
	json_object_set_new(root, "hold", json_string(policy_hold_name(policy->hold)));
	json_object_set_new(root, "hold_text", json_string(policy_hold_text(policy->hold)));
}

static json_t *limited_by(uint32_t bits)
{
	json_t *list = json_array();

	for (uint32_t bit = 1; bit && bit <= bits; bit <<= 1)
		if (bits & bit)
			json_array_append_new(list, json_string(v2x_limited_name(bit)));
	return list;
}

static void add_device(json_t *root, const struct v2x_status *s)
{
	const struct { const char *key; int64_t value; } numbers[] = {
		{ "p_mw", s->p_mw },
		{ "q_mvar", s->q_mvar },
		{ "p_setpoint_mw", s->p_sp_mw },
		{ "f_mhz", s->f_mhz },
		{ "v_ev_mv", s->v_ev_mv },
		{ "i_ev_ma", s->i_ev_ma },
		{ "e_import_mj", s->e_import_mj },
		{ "e_export_mj", s->e_export_mj },
		{ "lease_left_ms", s->lease_left_ms },
	};

	json_object_set_new(root, "state", json_string(v2x_state_name(s->state)));
	json_object_set_new(root, "reason", json_string(v2x_reason_name(s->reason)));
	json_object_set_new(root, "mode", json_string(v2x_mode_name(s->mode)));
	json_object_set_new(root, "fault",
			    text_or_null(s->fault ? v2x_reason_name(s->fault) : NULL));
	json_object_set_new(root, "pilot", json_string(v2x_pilot_name(s->pilot)));
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		json_object_set_new(root, numbers[i].key, json_integer(numbers[i].value));
	json_object_set_new(root, "limited_by", limited_by(s->limited_by));
}

char *answer_status(const struct answer_facts *facts)
{
	json_t *root = json_pack("{s:b, s:s}", "ok", 1, "version", V2X_VERSION);

	if (!root)
		return NULL;
	json_object_set_new(root, "device", text_or_null(facts->device));
	json_object_set_new(root, "name", text_or_null(facts->name));
	add_session(root, facts->policy);
	json_object_set_new(root, "door_open", json_boolean(facts->policy->door_open));
	json_object_set_new(root, "estop", json_boolean(facts->policy->estop));
	json_object_set_new(root, "droop", json_boolean(facts->droop));
	if (facts->device)
		add_device(root, facts->status);
	json_object_set_new(root, "cycles", json_integer((json_int_t)facts->report->cycles));
	json_object_set_new(root, "cycles_missed",
			    json_integer((json_int_t)facts->report->missed));
	json_object_set_new(root, "setpoints",
			    json_integer((json_int_t)facts->report->setpoints));
	json_object_set_new(root, "realtime",
			    json_boolean(facts->device && !facts->report->realtime));
	return answer_line(root);
}

/* "lowered_hi, decided", "" for none. */
static json_t *effects(uint8_t effect)
{
	static const char *const names[] = { "raised_lo", "lowered_hi", "overruled",
					     "want_taken", "want_outranked", "decided" };
	char text[96] = "";
	size_t len = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (effect & (1U << i))
			len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s",
						len ? ", " : "", names[i]);
	return json_string(text);
}

static json_t *bound(int32_t value)
{
	return value == DISPATCH_UNLIMITED || value == -DISPATCH_UNLIMITED ? json_null() :
									      json_integer(value);
}

static json_t *want(const struct dispatch_axis *a)
{
	return a->has_want ? json_integer(a->want) : json_null();
}

static json_t *chain(const struct dispatch_result *result)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < result->steps; i++) {
		const struct dispatch_step *s = &result->step[i];
		json_t *o = json_object();

		json_object_set_new(o, "source", json_string(dispatch_source_name(s->source)));
		json_object_set_new(o, "rank",
				    json_string(dispatch_rank_name(dispatch_rank_of(s->source))));
		json_object_set_new(o, "reason", json_string(s->reason));
		json_object_set_new(o, "lo_mw", bound(s->p.lo));
		json_object_set_new(o, "hi_mw", bound(s->p.hi));
		json_object_set_new(o, "want_mw", want(&s->p));
		json_object_set_new(o, "effect", effects(s->p.effect));
		json_object_set_new(o, "lo_mvar", bound(s->q.lo));
		json_object_set_new(o, "hi_mvar", bound(s->q.hi));
		json_object_set_new(o, "want_mvar", want(&s->q));
		json_object_set_new(o, "q_effect", effects(s->q.effect));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *source_or_null(enum dispatch_source source)
{
	return text_or_null(source < SOURCE_COUNT ? dispatch_source_name(source) : NULL);
}

char *answer_why(const struct answer_facts *facts)
{
	const struct grid_report *report = facts->report;
	const struct dispatch_result *r = &report->result;
	json_t *root = json_pack("{s:b, s:i, s:i}", "ok", 1, "p_mw", r->p_mw, "q_mvar", r->q_mvar);

	if (!root)
		return NULL;
	json_object_set_new(root, "mode", json_string(r->mode & V2X_SETPOINT_VSM ? "vsm" :
						      r->mode & V2X_SETPOINT_FORM ? "form" :
										    "follow"));
	json_object_set_new(root, "island", json_boolean(r->mode & V2X_SETPOINT_ISLAND));
	json_object_set_new(root, "p_by", source_or_null(r->p_by));
	json_object_set_new(root, "q_by", source_or_null(r->q_by));
	json_object_set_new(root, "f_mhz", json_integer(report->f_mhz));
	json_object_set_new(root, "baseline_mw", json_integer(report->baseline_mw));
	json_object_set_new(root, "age_ms",
			    json_integer((json_int_t)((facts->now_ns - report->t_ns) / 1000000)));
	add_session(root, facts->policy);
	json_object_set_new(root, "chain", chain(r));
	return answer_line(root);
}
