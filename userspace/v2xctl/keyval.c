// SPDX-License-Identifier: Apache-2.0
#include "keyval.h"

#include <stdio.h>
#include <string.h>

struct keyval *keyval_find(struct keyval *table, const char *key)
{
	for (struct keyval *k = table; k->key; k++) {
		if (strcmp(k->key, key) == 0)
			return k;
	}
	return NULL;
}

static void list_keys(const struct keyval *table, char *buf, size_t len)
{
	size_t at = 0;

	buf[0] = '\0';
	for (const struct keyval *k = table; k->key && at < len; k++)
		at += (size_t)snprintf(buf + at, len - at, "%s%s", at ? ", " : "", k->key);
}

/* The place of @value among the words of @k, -1 and a message if it is none of them. */
static int parse_choice(struct keyval *k, const char *word, const char *value, char *error,
			size_t len)
{
	char all[96] = "";
	size_t at = 0;

	for (int i = 0; k->words[i]; i++) {
		if (strcmp(k->words[i], value) == 0) {
			k->milli = i;
			k->given = true;
			return 0;
		}
		if (at < sizeof(all))
			at += (size_t)snprintf(all + at, sizeof(all) - at, "%s%s", at ? ", " : "",
					       k->words[i]);
	}
	snprintf(error, len, "\"%s\": expected one of: %s", word, all);
	return -1;
}

static int parse_word(struct keyval *table, const char *word, char *error, size_t len)
{
	const char *equals = strchr(word, '=');
	char key[32];
	char keys[160];
	struct keyval *k = NULL;

	if (equals && (size_t)(equals - word) < sizeof(key)) {
		snprintf(key, sizeof(key), "%.*s", (int)(equals - word), word);
		k = keyval_find(table, key);
	}
	if (!k) {
		list_keys(table, keys, sizeof(keys));
		snprintf(error, len, "\"%s\": expected KEY=VALUE with a key of: %s", word, keys);
		return -1;
	}
	if (k->given) {
		snprintf(error, len, "\"%s\": %s is given twice", word, k->key);
		return -1;
	}
	if (k->words)
		return parse_choice(k, word, equals + 1, error, len);
	if (quantity_parse(k->kind, equals + 1, &k->milli) < 0) {
		snprintf(error, len, "\"%s\": expected a number with a unit of %s", word,
			 quantity_units(k->kind));
		return -1;
	}
	if (k->milli < k->min || k->milli > k->max) {
		snprintf(error, len, "\"%s\": expected %g to %g (%s)", word,
			 (double)k->min / 1e3, (double)k->max / 1e3, quantity_units(k->kind));
		return -1;
	}
	k->given = true;
	return 0;
}

int keyval_parse(struct keyval *table, int argc, char **argv, char *error, size_t len)
{
	for (int i = 0; i < argc; i++) {
		if (parse_word(table, argv[i], error, len) < 0)
			return -1;
	}
	return 0;
}
