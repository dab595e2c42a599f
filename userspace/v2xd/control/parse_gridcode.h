/* SPDX-License-Identifier: Apache-2.0 */
/* The fields of "gridcode-apply" and "gridcode-input". */
#ifndef V2XD_CONTROL_PARSE_GRIDCODE_H
#define V2XD_CONTROL_PARSE_GRIDCODE_H

#include <jansson.h>

#include "../code/choice.h"
#include "../services/code_input.h"

/**
 * control_gridcode_field - take one field
 * @key: its name
 *
 * Return: NULL; or what was expected; "" when it is no field of this command.
 */
const char *control_gridcode_field(struct code_request *request, const char *key,
				   const json_t *value);

/** control_gridcode_input - likewise, of "gridcode-input" */
const char *control_gridcode_input(struct code_input *input, const char *key, const json_t *value);

/* Likewise a key of "gridcode-trial". */
const char *control_gridcode_trial(struct code_trial *trial, const char *key, const json_t *value);

#endif
