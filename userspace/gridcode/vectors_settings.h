/* SPDX-License-Identifier: Apache-2.0 */
/* Settings of the reference model, by its own names. */
#ifndef GRIDCODE_VECTORS_SETTINGS_H
#define GRIDCODE_VECTORS_SETTINGS_H

#include <stdbool.h>

#include "params.h"

/* What does not map to one parameter each. */
struct model_settings {
	struct gc_settings settings;
	double va_max, p_max, p_charge_max, q_inject_max, q_absorb_max;
	int normal_b;		/* category B, else A */
	int abnormal;		/* 1, 2, 3 */
	bool in_service;
	double random_s;
};

/** model_defaults - what holds for a case before its own settings, by category */
void model_defaults(struct model_settings *model, int abnormal, int normal_b);

/**
 * model_set - one setting by its name in the reference model
 * Return: NULL, or what is wrong.
 */
const char *model_set(struct model_settings *model, const char *name, const char *value);

/** model_finish - after the last setting: ratings into pu */
void model_finish(struct model_settings *model);

#endif
