/* SPDX-License-Identifier: Apache-2.0 */
/* key=value words of a command, against a table. */
#ifndef V2XCTL_KEYVAL_H
#define V2XCTL_KEYVAL_H

#include <stdbool.h>

#include "quantity.h"

/**
 * struct keyval - a key, where it may lie, and what was given
 * @field: name in the control protocol of v2xd; its unit is the milli-unit
 * @min: in milli-units
 * @max: likewise
 * @words: the value is one of these, ended by NULL, and @milli its place
 */
struct keyval {
	const char *key;
	const char *field;
	int64_t min;
	int64_t max;
	int64_t milli;
	const char *const *words;
	enum quantity kind;
	bool given;
};

/**
 * keyval_parse() - take the words
 * @table: ended by a NULL key
 * @error: what is wrong, where, and what was expected
 *
 * Return: 0, or -1; then nothing in @table may be used.
 */
int keyval_parse(struct keyval *table, int argc, char **argv, char *error, size_t len);

struct keyval *keyval_find(struct keyval *table, const char *key);

#endif
