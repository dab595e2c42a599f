/* SPDX-License-Identifier: Apache-2.0 */
/* A status snapshot and a cycle record as JSON, and as lines for people. */
#ifndef V2XCTL_STATUS_JSON_H
#define V2XCTL_STATUS_JSON_H

#include <jansson.h>
#include <stdio.h>
#include <v2x.h>

/** status_json() - every field of the snapshot but the histograms */
json_t *status_json(const struct v2x_status *status);

/** status_print() - a block of about ten lines */
void status_print(FILE *to, const struct v2x_info *info, const struct v2x_status *status);

/** bits_json() - names of the bits of a mask */
json_t *bits_json(uint32_t mask, const char *(*name)(uint32_t bit));

#endif
