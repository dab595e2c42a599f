/* SPDX-License-Identifier: Apache-2.0 */
/* The cases of a folder of reference vectors and their settings, as files have them. */
#ifndef GRIDCODE_VECTORS_CASE_H
#define GRIDCODE_VECTORS_CASE_H

#include <stdbool.h>
#include <stddef.h>

#include "csv.h"
#include "vectors.h"
#include "vectors_settings.h"

#define NAME_LEN 64

/* A setting from @t_s on. */
struct change {
	double t_s;
	char name[NAME_LEN];
	char value[NAME_LEN];
};

/* One case; @settings: those of a later time, in order. */
struct vector_case {
	char id[NAME_LEN];
	char group[NAME_LEN];
	double dt_s;
	struct model_settings model;
	struct change *settings;
	size_t setting_count;
	bool skip;
};

/** vectors_fail - @text into @result->error; returns @code */
int vectors_fail(struct vectors_result *result, int code, const char *text);

/** vectors_columns - places of the columns @names in @at; 0 or -EINVAL, told in @csv */
int vectors_columns(struct csv *csv, const char *const *names, int *at, size_t count);

/** vectors_find - the case of this name, NULL: there is none */
struct vector_case *vectors_find(struct vector_case *cases, size_t count, const char *id);

/**
 * vectors_load - cases and settings of a folder
 * @prefix: written: path up to "cases.csv"
 * @cases: @count: allocated; to be given back with vectors_free(), on error too
 *
 * Return: 0, or -errno with @result->error.
 */
int vectors_load(const char *dir, char *prefix, size_t len, struct vector_case **cases,
		 size_t *count, struct vectors_result *result);

/** vectors_prepare - put the settings of time 0 into the model's; 0, or -EINVAL with an error */
int vectors_prepare(struct vector_case *c, struct vectors_result *result);

void vectors_free(struct vector_case *cases, size_t count);

#endif
