/* SPDX-License-Identifier: Apache-2.0 */
/* From a choice to the kernel's table and the grid thread's setting. */
#ifndef V2XD_CODE_FORCE_H
#define V2XD_CODE_FORCE_H

#include "../converter/device.h"
#include "../services/code.h"
#include "choice.h"

/**
 * code_prepare - what a choice comes to on this charger
 * @narrow: the external signal is on
 * @setting: for the grid thread
 * @table: for the kernel; count 0: the charger's own
 * @error: GC_ERROR_LEN bytes
 *
 * Return: 0 or -errno.
 */
int code_prepare(const struct code_choice *choice, const struct config *config,
		 const struct v2x_info *info, bool narrow, struct code_setting *setting,
		 struct v2x_prot_table *table, char *error);

/**
 * code_load_table - into the kernel, whole or not at all
 * @before: NULL, or filled in with the one in force until now
 * @table: its hash comes back
 */
int code_load_table(struct device *device, struct v2x_prot_table *table,
		    struct v2x_prot_table *before, char *error);

/**
 * code_read_texts - profile and drop-in from their files
 * @choice: zero; @text and @site filled in
 */
int code_read_texts(struct code_choice *choice, const char *name, const struct config *config,
		    char *error);

#endif
