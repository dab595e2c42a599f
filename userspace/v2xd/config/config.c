// SPDX-License-Identifier: Apache-2.0
/* What the table of keys means: parsing, checking, comparing, formatting. */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../services/droop.h"

static int32_t *number_at(struct config *config, const struct config_key *key)
{
	return (int32_t *)((unsigned char *)config + key->offset);
}

static char *text_at(struct config *config, const struct config_key *key)
{
	return (char *)config + key->offset;
}

static const struct config_key *find_key(const char *section, const char *name)
{
	for (size_t i = 0; i < config_key_count; i++)
		if (!strcmp(config_keys[i].section, section) && !strcmp(config_keys[i].key, name))
			return &config_keys[i];
	return NULL;
}

#define NAME_MAX_LEN 31

/* Edits that turn one short name into the other (Levenshtein). */
static size_t distance(const char *a, const char *b)
{
	size_t row[NAME_MAX_LEN + 1], la = strlen(a), lb = strlen(b);

	if (la > NAME_MAX_LEN || lb > NAME_MAX_LEN)
		return SIZE_MAX;
	for (size_t j = 0; j <= lb; j++)
		row[j] = j;
	for (size_t i = 1; i <= la; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			size_t best = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[lb];
}

/* The key most like what was written; its own section goes first. */
static const struct config_key *nearest(const char *section, const char *name)
{
	const struct config_key *best = NULL;
	size_t least = SIZE_MAX;

	for (size_t i = 0; i < config_key_count; i++) {
		size_t d = distance(config_keys[i].key, name);

		if (d == SIZE_MAX)
			continue;
		d = 2 * d + (strcmp(config_keys[i].section, section) ? 1 : 0);
		if (d < least) {
			least = d;
			best = &config_keys[i];
		}
	}
	return best;
}

static int unknown(const char *section, const char *name, char *error)
{
	const struct config_key *like;

	if (!config_section_help(section)) {
		const char *best = config_keys[0].section;

		for (size_t i = 1; i < config_key_count; i++)
			if (distance(config_keys[i].section, section) < distance(best, section))
				best = config_keys[i].section;
		snprintf(error, CONFIG_ERROR_LEN, "unknown section; did you mean [%s]?", best);
		return -ENOENT;
	}
	like = nearest(section, name);
	if (like)
		snprintf(error, CONFIG_ERROR_LEN, "unknown key; did you mean [%s] %s?",
			 like->section, like->key);
	else
		snprintf(error, CONFIG_ERROR_LEN, "unknown key");
	return -ENOENT;
}

static int set_number(const struct config_key *key, const char *value, int32_t *out, char *error)
{
	const char *or_none = key->type == CONFIG_LIMIT ? " or \"none\"" : "";
	char *end;
	long long number;

	if (key->type == CONFIG_LIMIT && !strcmp(value, "none")) {
		*out = CONFIG_NONE;
		return 0;
	}
	errno = 0;
	number = strtoll(value, &end, 10);
	if (end == value || *end) {
		snprintf(error, CONFIG_ERROR_LEN,
			 "\"%.40s\" is no whole number; expected %d..%d %s%s", value, key->min,
			 key->max, key->unit, or_none);
		return -EINVAL;
	}
	if (errno == ERANGE || number < key->min || number > key->max) {
		snprintf(error, CONFIG_ERROR_LEN, "%.40s is out of range; expected %d..%d %s%s",
			 value, key->min, key->max, key->unit, or_none);
		return -ERANGE;
	}
	*out = (int32_t)number;
	return 0;
}

/* Place of a word in "a|b|c", or -1. */
static int choice(const char *choices, const char *word)
{
	size_t len = strlen(word);
	int place = 0;

	for (const char *c = choices; c; place++) {
		const char *bar = strchr(c, '|');
		size_t n = bar ? (size_t)(bar - c) : strlen(c);

		if (n == len && !memcmp(c, word, n))
			return place;
		c = bar ? bar + 1 : NULL;
	}
	return -1;
}

static int set_choice(const struct config_key *key, const char *value, int32_t *out, char *error)
{
	int place = choice(key->choices, value);

	if (place < 0) {
		snprintf(error, CONFIG_ERROR_LEN, "\"%.40s\" is not known; expected %s", value,
			 key->choices);
		return -EINVAL;
	}
	*out = key->type == CONFIG_BOOL ? !place : place;
	return 0;
}

static int set_text(const struct config_key *key, const char *value, char *out, char *error)
{
	if (strlen(value) > (size_t)key->max) {
		snprintf(error, CONFIG_ERROR_LEN, "text too long; expected at most %d bytes",
			 key->max);
		return -ERANGE;
	}
	for (const char *c = value; *c; c++)
		if (iscntrl((unsigned char)*c)) {
			snprintf(error, CONFIG_ERROR_LEN, "control character in text");
			return -EINVAL;
		}
	snprintf(out, CONFIG_STR_LEN, "%s", value);
	return 0;
}

int config_set(struct config *config, const char *section, const char *name, const char *value,
	       char *error)
{
	const struct config_key *key = find_key(section, name);

	if (!key)
		return unknown(section, name, error);
	switch (key->type) {
	case CONFIG_INT:
	case CONFIG_LIMIT:
		return set_number(key, value, number_at(config, key), error);
	case CONFIG_BOOL:
	case CONFIG_ENUM:
		return set_choice(key, value, number_at(config, key), error);
	case CONFIG_STR:
		return set_text(key, value, text_at(config, key), error);
	}
	return -EINVAL;
}

void config_defaults(struct config *config)
{
	char error[CONFIG_ERROR_LEN];

	memset(config, 0, sizeof(*config));
	for (size_t i = 0; i < config_key_count; i++) {
		const struct config_key *key = &config_keys[i];

		/* A default its own row refuses is a mistake in the table; a unit test looks. */
		if (config_set(config, key->section, key->key, key->fallback, error))
			abort();
	}
}

static int refuse(char *error, const char *where, const char *why)
{
	snprintf(error, CONFIG_ERROR_LEN, "%s: %s", where, why);
	return -EINVAL;
}

static int check_droop(const struct config *config, char *error)
{
	/* Ratings are not known yet: any size will do for what is "rating" by default. */
	const struct droop_params params = {
		.f_nominal_mhz = config->droop.f_nominal_mhz ? config->droop.f_nominal_mhz : 50000,
		.db_mhz = config->droop.db_mhz,
		.band = (enum droop_band)config->droop.band,
		.droop_permille = config->droop.droop_permille,
		.full_mhz = config->droop.full_mhz,
		.p_full_mw = config->droop.p_full_mw,
		.p_min_mw = config->droop.p_min_mw,
		.p_max_mw = config->droop.p_max_mw,
		.tau_ms = config->droop.tau_ms,
	};
	const char *wrong = droop_check(&params);

	return wrong ? refuse(error, "[droop]", wrong) : 0;
}

int config_check(const struct config *config, char *error)
{
	if (!config->device.path[0])
		return refuse(error, "[device] path", "must not be empty");
	if (!config->control.socket[0])
		return refuse(error, "[control] socket", "must not be empty");
	if (config->gridcode.profile[0] && config->protection.table[0])
		return refuse(error, "[protection] table",
			      "[gridcode] profile makes the table; expected one of the two");
	if (strchr(config->gridcode.profile, '/'))
		return refuse(error, "[gridcode] profile", "is a name, without a directory");
	return check_droop(config, error);
}

static bool same(const struct config *a, const struct config *b, const struct config_key *key)
{
	const unsigned char *at_a = (const unsigned char *)a + key->offset;
	const unsigned char *at_b = (const unsigned char *)b + key->offset;

	if (key->type == CONFIG_STR)
		return !strcmp((const char *)at_a, (const char *)at_b);
	return !memcmp(at_a, at_b, sizeof(int32_t));
}

const struct config_key *config_needs_restart(const struct config *now, const struct config *next)
{
	for (size_t i = 0; i < config_key_count; i++)
		if (config_keys[i].restart && !same(now, next, &config_keys[i]))
			return &config_keys[i];
	return NULL;
}

static void copy_choice(const char *choices, int32_t place, char *buf, size_t len)
{
	const char *c = choices;

	while (place-- > 0 && c) {
		c = strchr(c, '|');
		if (c)
			c++;
	}
	snprintf(buf, len, "%.*s", c ? (int)strcspn(c, "|") : 0, c ? c : "");
}

const char *config_format(const struct config *config, const struct config_key *key, char *buf,
			  size_t len)
{
	const unsigned char *at = (const unsigned char *)config + key->offset;
	int32_t number = 0;

	if (key->type != CONFIG_STR)
		memcpy(&number, at, sizeof(number));
	if (key->type == CONFIG_LIMIT && number == CONFIG_NONE) {
		snprintf(buf, len, "none");
		return buf;
	}
	switch (key->type) {
	case CONFIG_LIMIT:
	case CONFIG_INT:
		snprintf(buf, len, "%d", number);
		break;
	case CONFIG_BOOL:
		snprintf(buf, len, "%s", number ? "yes" : "no");
		break;
	case CONFIG_ENUM:
		copy_choice(key->choices, number, buf, len);
		break;
	case CONFIG_STR:
		snprintf(buf, len, "%s", (const char *)at);
		break;
	}
	return buf;
}
