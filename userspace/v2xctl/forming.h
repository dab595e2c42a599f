/* SPDX-License-Identifier: Apache-2.0 */
/* How a voltage is formed and an island left, in words: KEY=VALUE. */
#ifndef V2XCTL_FORMING_H
#define V2XCTL_FORMING_H

#include <stddef.h>
#include <stdint.h>
#include <v2x.h>

#include "quantity.h"

/**
 * struct forming_key - a field of struct v2x_forming
 * @key: as written
 * @kind: of its value
 * @at: its place
 */
struct forming_key {
	const char *key;
	enum quantity kind;
	size_t at;
};

/* All of them, ended by a NULL key. */
extern const struct forming_key forming_keys[];

/* Them in a line, for help. */
#define FORMING_KEYS \
	"v, f, p_droop, q_droop, leave_low, leave_high, leave_time, join_low, join_high, " \
	"join_f_low, join_f_high, join_wait, join_v, join_df, join_angle, ramp, inertia, damping, " \
	"r_virtual, x_virtual, dc_v, dc_droop"

/**
 * forming_word() - one "KEY=VALUE"
 * @at: place in struct v2x_forming
 * @value: for it
 * @error: what was expected
 *
 * Return: 0 or -1.
 */
int forming_word(const char *word, size_t *at, uint32_t *value, char *error, size_t len);

#endif
