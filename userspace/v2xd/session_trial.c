// SPDX-License-Identifier: Apache-2.0
/*
 * The self-test of CEI 0-21's interface protection, in force for once: one
 * threshold moves towards what is measured until its stage trips.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../gridcode/selftest.h"
#include "code/force.h"
#include "journal.h"
#include "session.h"

/* The one who moves it does so each cycle; its longest stage takes 1.5 s. */
#define TRIAL_NS 5000000000ULL

static const struct gc_selftest_stage *stage_of(const char *limit)
{
	for (size_t i = 0; i < GC_SELFTEST_STAGES; i++)
		if (!strcmp(gc_selftest_stages[i].limit, limit))
			return &gc_selftest_stages[i];
	return NULL;
}

static int check(const struct session_code *code, const struct code_trial *trial, char *error)
{
	const struct gc_selftest_stage *t = stage_of(trial->key);
	double limit;

	if (!code->choice.on || isnan(code->choice.profile.settings.external.f_high_hz)) {
		snprintf(error, GC_ERROR_LEN, "the grid code in force has no self-test");
		return -EOPNOTSUPP;
	}
	limit = t ? gc_param_get(&code->choice.profile.settings, gc_param_named(t->limit)) : (double)NAN;
	if (!t || isnan(limit)) {
		snprintf(error, GC_ERROR_LEN, "%s is no threshold of the self-test", trial->key);
		return -EINVAL;
	}
	if (!isfinite(trial->value) || t->sign * (trial->value - limit) > 0) {
		snprintf(error, GC_ERROR_LEN, "%s: %g would trip later than the code's %g", trial->key,
			 trial->value, limit);
		return -ERANGE;
	}
	return 0;
}

/* The code's table with the threshold elsewhere; the choice is as before. */
static int prepare(struct session *s, const struct code_trial *trial, struct v2x_prot_table *table,
		   char *error)
{
	static struct code_setting unused;
	struct session_code *code = &s->code;
	struct gc_settings *settings = &code->choice.profile.settings;
	const struct gc_param *param = gc_param_named(trial->key);
	const double limit = gc_param_get(settings, param);
	int result;

	gc_param_put(settings, param, trial->value);
	result = code_prepare(&code->choice, &s->config, &s->device.info,
			      code->narrow || trial->narrow, &unused, table, error);
	gc_param_put(settings, param, limit);
	return result;
}

/*
 * The kernel's table only: the engine's timers would go on while the threshold
 * moves and end service before the stage under test has tripped. Of the trip it
 * hears by the fault.
 */
static int begin_or_go_on(struct session *s, const struct code_trial *trial, char *error)
{
	struct v2x_prot_table table;
	int result = prepare(s, trial, &table, error);

	if (!result)
		result = code_load_table(&s->device, &table, NULL, error);
	if (result)
		return result;
	if (!s->code.trial)
		journal(LOG_NOTICE, NULL, "grid code: self-test of %s begins", trial->key);
	s->code.trial = true;
	s->code.trial_until_ns = now_ns() + TRIAL_NS;
	return 0;
}

/* What a self-test tripped was no disturbance: service is entered as at a first start. */
static int end(struct session *s, char *error)
{
	if (!s->code.trial)
		return 0;
	journal(LOG_NOTICE, NULL, "grid code: self-test ends");
	return session_code_restore(s, true, error);
}

int session_trial_move(struct session *s, const struct code_trial *trial, char *error)
{
	int result;

	if (!trial->key[0])
		return end(s, error);
	result = check(&s->code, trial, error);
	return result ? result : begin_or_go_on(s, trial, error);
}

void session_trial_tick(struct session *s)
{
	char error[GC_ERROR_LEN];

	if (!s->code.trial || now_ns() <= s->code.trial_until_ns)
		return;
	if (end(s, error)) {
		journal(LOG_ERR, NULL, "the grid code is not whole after a self-test: %s", error);
		s->code.trial_until_ns = now_ns() + TRIAL_NS;
	}
}
