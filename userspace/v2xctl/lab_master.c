// SPDX-License-Identifier: Apache-2.0
#include "lab_master.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "daemon.h"
#include "gridcode/gridcode.h"

#define WHO "type test"
/* Longer than any step of a test: a demand ends by itself, should the test be killed. */
#define DEMAND_S 1200
/* An order stands in "why" with the grid thread's next report, 400 ms later at the latest. */
#define REPORTED_NS 500000000

static int ask(const struct lab_master_v2xd *m, json_t *request, json_t **answer, char *error)
{
	if (daemon_ask(m->cli, request, answer) == EX_OK_)
		return 0;
	snprintf(error, LAB_ERROR_LEN, "v2xd does not do what the test asks it for");
	return -1;
}

static int tell(const struct lab_master_v2xd *m, json_t *request, char *error)
{
	json_t *answer = NULL;
	const int ret = ask(m, request, &answer, error);

	json_decref(answer);
	return ret;
}

static int ready(void *context, char *error)
{
	const struct lab_master_v2xd *m = context;
	json_t *answer = NULL;
	const char *id, *hash, *service;
	int result = -1;

	if (ask(m, json_pack("{s:s}", "cmd", "gridcode-status"), &answer, error) < 0)
		return -1;
	id = json_string_value(json_object_get(answer, "profile"));
	hash = json_string_value(json_object_get(answer, "sha256"));
	service = json_string_value(json_object_get(answer, "service"));
	if (!id || !hash || strcmp(hash, m->profile->sha256) != 0)
		snprintf(error, LAB_ERROR_LEN,
			 "v2xd has %s in force, the test judges by %s; v2xctl gridcode apply %s",
			 id ? id : "no grid code", m->profile->id, m->profile->id);
	else
		result = service && !strcmp(service, "continuous") ? 2 :
			 json_is_true(json_object_get(answer, "connected"));
	json_decref(answer);
	return result;
}

static json_t *modes_of(unsigned int drm)
{
	json_t *list = json_array();

	for (int mode = 0; mode <= 8; mode++) {
		if (drm & GC_DRM(mode))
			json_array_append_new(list, json_integer(mode));
	}
	return list;
}

/* The user's own order, if there is one, as "why" has it. */
static json_t *order_of(const json_t *why)
{
	const json_t *chain = json_object_get(why, "chain");
	json_t *step;
	size_t i;

	json_array_foreach(chain, i, step) {
		const char *source = json_string_value(json_object_get(step, "source"));
		const char *reason = json_string_value(json_object_get(step, "reason"));

		/* What a killed test left is nobody's. */
		if (source && !strcmp(source, "user") && reason && strcmp(reason, WHO) != 0)
			return json_incref(step);
	}
	return NULL;
}

/* What holds before the first demand, to come back at the end. */
static int remember(struct lab_master_v2xd *m, char *error)
{
	const struct timespec reported = { .tv_nsec = REPORTED_NS };
	json_t *why = NULL;

	if (m->status)
		return 0;
	nanosleep(&reported, NULL);
	if (ask(m, json_pack("{s:s}", "cmd", "why"), &why, error) < 0)
		return -1;
	m->order = order_of(why);
	json_decref(why);
	return ask(m, json_pack("{s:s}", "cmd", "gridcode-status"), &m->status, error);
}

/* Nobody's order ends in a second; another's takes the place of the tests'. */
static json_t *order_before(const json_t *order)
{
	json_t *set = json_pack("{s:s}", "cmd", "set");
	const struct { const char *key, *was; } values[] = {
		{ "p_mw", "want_mw" }, { "q_mvar", "want_mvar" }, { "reason", "reason" },
	};

	for (size_t i = 0; set && i < sizeof(values) / sizeof(values[0]); i++) {
		json_t *value = json_object_get(order, values[i].was);

		if (value && !json_is_null(value))
			json_object_set(set, values[i].key, value);
	}
	if (!order && set)
		json_object_update_new(set, json_pack("{s:i, s:i, s:s}", "p_mw", 0, "for_s", 1,
						      "reason", WHO));
	return set;
}

static int end_trial(struct lab_master_v2xd *m, char *error)
{
	if (!m->trial)
		return 0;
	m->trial = false;
	return tell(m, json_pack("{s:s}", "cmd", "gridcode-trial"), error);
}

/* The threshold that is not where the code in force has it. */
static const struct gc_param *moved(const struct gc_settings *code, const struct gc_settings *now)
{
	for (size_t i = 0; i < gc_param_count; i++) {
		const struct gc_param *p = &gc_params[i];
		const double a = gc_param_get(code, p), b = gc_param_get(now, p);

		if (p->unit != GC_UNIT_NONE && !isnan(a) && !isnan(b) && a != b)
			return p;
	}
	return NULL;
}

static int protect(void *context, const struct gc_profile *profile, char *error)
{
	struct lab_master_v2xd *m = context;
	const struct gc_param *p;
	char key[64];

	if (!profile)
		return end_trial(m, error);
	p = moved(&m->profile->settings, &profile->settings);
	if (!p)
		return end_trial(m, error);
	snprintf(key, sizeof(key), "%s.%s", p->section, p->key);
	m->trial = true;
	return tell(m, json_pack("{s:s, s:s, s:f, s:b}", "cmd", "gridcode-trial", "key", key, "value",
				 gc_param_get(&profile->settings, p), "narrow",
				 (int)(profile->settings.external.local != 0)), error);
}

static void release(void *context)
{
	struct lab_master_v2xd *m = context;
	json_t *drm = json_object_get(m->status, "drm");
	json_t *permit = json_object_get(m->status, "permit");
	char ignored[LAB_ERROR_LEN];

	if (!m->status)
		return;
	end_trial(m, ignored);
	tell(m, order_before(m->order), ignored);
	if (drm && permit)
		tell(m, json_pack("{s:s, s:O, s:O}", "cmd", "gridcode-input", "drm", drm, "permit",
				  permit), ignored);
	json_decref(m->status);
	json_decref(m->order);
	m->status = NULL;
	m->order = NULL;
}

static int demand(void *context, const struct lab_demand *d, char *error)
{
	struct lab_master_v2xd *m = context;
	const struct lab_device *device = &m->lab->device;
	/* "full power" of a test is the rating in VA; v2xd takes no more than that in W */
	const double p_pu = fmax(-device->p_rated, fmin(d->p_pu, device->p_rated));
	const json_int_t p_mw = (json_int_t)llround(-p_pu * device->s_rated * 1e3);
	json_t *set;

	if (remember(m, error) < 0)
		return -1;
	set = json_pack("{s:s, s:I, s:i, s:s}", "cmd", "set", "p_mw", p_mw, "for_s", DEMAND_S,
			"reason", WHO);
	if (set && !isnan(d->q_pu))
		json_object_set_new(set, "q_mvar", json_integer((json_int_t)llround(
			-d->q_pu * device->s_rated * 1e3)));
	if (tell(m, set, error) < 0)
		return -1;
	return tell(m, json_pack("{s:s, s:o, s:b}", "cmd", "gridcode-input", "drm",
				 modes_of(d->drm), "permit", (int)d->permit), error);
}

void lab_master_v2xd(struct lab_master_v2xd *m, const struct cli *cli,
		     const struct gc_profile *profile, const struct lab *lab)
{
	*m = (struct lab_master_v2xd){
		.master = { .ready = ready, .demand = demand, .protect = protect,
			    .release = release, .context = m },
		.cli = cli, .profile = profile, .lab = lab,
	};
}
