/* SPDX-License-Identifier: Apache-2.0 */
/* A type test in the simulated laboratory, the charger set or broken otherwise than its judge. */
#ifndef TYPETEST_PASSES_H
#define TYPETEST_PASSES_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "typetest/procedure.h"
#include "typetest/report.h"

#define PROFILES V2X_TREE "/userspace/gridcode/profiles"

static struct lab lab;
static struct bench bench;
static struct gc_profile profile;
static struct result result;

/* What is broken besides, and the model of the charger; passes() takes and clears them. */
static struct lab_defect defect;
static const char *model;

/* Settings apart by spaces, which the verdict knows nothing of. */
static inline void deviate(const char *sets)
{
	char text[256], error[GC_ERROR_LEN], *save = NULL;

	snprintf(text, sizeof(text), "%s", sets);
	for (char *set = strtok_r(text, " ", &save); set; set = strtok_r(NULL, " ", &save))
		assert_true(gc_profile_set(&bench.charger, set, false, error) >= 0);
}

static inline bool passes(const char *id, const char *test, const char *sets)
{
	const struct procedure *p = procedure_find(test);
	char path[256], error[GC_ERROR_LEN];

	snprintf(path, sizeof(path), "%s/%s.conf", PROFILES, id);
	assert_int_equal(gc_profile_load(&profile, path, error), 0);
	assert_int_equal(lab_sim(&lab, model, profile.settings.nominal.f_hz), 0);
	memset(&bench, 0, sizeof(bench));
	result_free(&result);
	result_init(&result);
	bench = (struct bench){
		.lab = &lab, .standard = standard_of(id), .result = &result,
		.code = profile.settings, .brief = true,
	};
	bench.charger = profile;
	if (sets)
		deviate(sets);
	lab.row = result_row;
	lab.context = &result;
	lab.defect = defect;
	defect = (struct lab_defect){ 0 };
	model = NULL;
	assert_non_null(p);
	assert_true(procedure_applies(p, bench.standard, &bench.code));
	p->run(&bench, p);
	lab.ops->close(&lab);
	assert_string_equal(result.error, "");
	assert_true(result.line_count > 0);
	return result_pass(&result);
}

/* The check of this quantity itself, and not a charger that has stopped. */
static inline bool nothing_fails_but(const char *what)
{
	for (size_t i = 0; i < result.line_count; i++)
		if (!result.lines[i].pass && strcmp(result.lines[i].what, what) != 0)
			return false;
	return true;
}

#endif
