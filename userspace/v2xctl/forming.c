// SPDX-License-Identifier: Apache-2.0
#include "forming.h"

#include <stdio.h>
#include <string.h>

#define KEY(key, kind, field) { key, kind, offsetof(struct v2x_forming, field) }

const struct forming_key forming_keys[] = {
	KEY("v", QUANTITY_V, v_mv),
	KEY("f", QUANTITY_F, f_mhz),
	KEY("p_droop", QUANTITY_SHARE, p_droop_permille),
	KEY("q_droop", QUANTITY_SHARE, q_droop_permille),
	KEY("leave_low", QUANTITY_SHARE, leave_low_permille),
	KEY("leave_high", QUANTITY_SHARE, leave_high_permille),
	KEY("leave_time", QUANTITY_DURATION, leave_ms),
	KEY("join_low", QUANTITY_SHARE, join_low_permille),
	KEY("join_high", QUANTITY_SHARE, join_high_permille),
	KEY("join_f_low", QUANTITY_F, join_f_low_mhz),
	KEY("join_f_high", QUANTITY_F, join_f_high_mhz),
	KEY("join_wait", QUANTITY_DURATION, join_wait_ms),
	KEY("join_v", QUANTITY_SHARE, join_v_permille),
	KEY("join_df", QUANTITY_F, join_df_mhz),
	KEY("join_angle", QUANTITY_ANGLE, join_angle_mdeg),
	KEY("ramp", QUANTITY_DURATION, ramp_ms),
	KEY("inertia", QUANTITY_DURATION, inertia_ms),
	KEY("damping", QUANTITY_NUMBER, damping),
	KEY("r_virtual", QUANTITY_SHARE, r_virtual_permille),
	KEY("x_virtual", QUANTITY_SHARE, x_virtual_permille),
	KEY("dc_v", QUANTITY_V, dc_v_mv),
	KEY("dc_droop", QUANTITY_SHARE, dc_droop_permille),
	{ .key = NULL },
};

int forming_word(const char *word, size_t *at, uint32_t *value, char *error, size_t len)
{
	const char *equals = strchr(word, '=');
	int64_t milli;

	for (const struct forming_key *k = forming_keys; equals && k->key; k++) {
		if (strlen(k->key) != (size_t)(equals - word) ||
		    strncmp(k->key, word, strlen(k->key)) != 0)
			continue;
		if (quantity_parse(k->kind, equals + 1, &milli) < 0 || milli < 0 ||
		    milli > INT32_MAX) {
			snprintf(error, len, "\"%s\": expected a number not below 0 in %s", word,
				 quantity_units(k->kind));
			return -1;
		}
		*at = k->at;
		*value = (uint32_t)milli;
		return 0;
	}
	snprintf(error, len, "\"%s\": expected KEY=VALUE of: %s", word, FORMING_KEYS);
	return -1;
}
