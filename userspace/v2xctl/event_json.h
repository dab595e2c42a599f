/* SPDX-License-Identifier: Apache-2.0 */
/* An event as JSON. */
#ifndef V2XCTL_EVENT_JSON_H
#define V2XCTL_EVENT_JSON_H

#include <jansson.h>
#include <v2x.h>

/** event_json() - all fields, from and to by name where they have one */
json_t *event_json(const struct v2x_event *event);

#endif
