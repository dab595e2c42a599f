// SPDX-License-Identifier: Apache-2.0
#include "lab_master.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "daemon.h"
#include "gridcode/gridcode.h"

#define WHO "type test"

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
	const char *id, *hash;
	int result = -1;

	if (ask(m, json_pack("{s:s}", "cmd", "gridcode-status"), &answer, error) < 0)
		return -1;
	id = json_string_value(json_object_get(answer, "profile"));
	hash = json_string_value(json_object_get(answer, "sha256"));
	if (!id || !hash || strcmp(hash, m->profile->sha256) != 0)
		snprintf(error, LAB_ERROR_LEN,
			 "v2xd has %s in force, the test judges by %s; v2xctl gridcode apply %s",
			 id ? id : "no grid code", m->profile->id, m->profile->id);
	else
		result = json_is_true(json_object_get(answer, "connected"));
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

static int demand(void *context, const struct lab_demand *d, char *error)
{
	const struct lab_master_v2xd *m = context;
	const struct lab_device *device = &m->lab->device;
	/* "full power" of a test is the rating in VA; v2xd takes no more than that in W */
	const double p_pu = fmax(-device->p_rated, fmin(d->p_pu, device->p_rated));
	const json_int_t p_mw = (json_int_t)llround(-p_pu * device->s_rated * 1e3);
	json_t *set = json_pack("{s:s, s:I, s:s}", "cmd", "set", "p_mw", p_mw, "reason", WHO);

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
		.master = { .ready = ready, .demand = demand, .context = m },
		.cli = cli, .profile = profile, .lab = lab,
	};
}
