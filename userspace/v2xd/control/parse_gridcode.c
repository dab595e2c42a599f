// SPDX-License-Identifier: Apache-2.0
#include "parse_gridcode.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* A name and no path: what is read is in the directory of profiles. */
static const char *take_name(char *to, const json_t *value)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
	const char *text = json_string_value(value);

	if (!text || !text[0] || text[0] == '.' || strlen(text) >= CODE_NAME_LEN ||
	    json_string_length(value) != strlen(text) || strspn(text, letters) != strlen(text))
		return "expected the name of a profile, or none";
	memcpy(to, text, strlen(text) + 1);
	return NULL;
}

static const char *take_key(char *to, const json_t *value)
{
	const char *text = json_string_value(value);

	if (!text || strlen(text) > GC_KEY_MAX || json_string_length(value) != strlen(text))
		return "expected the installer's key as text";
	memcpy(to, text, strlen(text) + 1);
	return NULL;
}

static bool printable(const char *text)
{
	for (; *text; text++)
		if (!isprint((unsigned char)*text))
			return false;
	return true;
}

static const char *take_list(char *to, size_t room, const json_t *value, const char *expected)
{
	size_t i;
	json_t *item;

	if (!json_is_array(value))
		return expected;
	to[0] = '\0';
	json_array_foreach(value, i, item) {
		const char *text = json_string_value(item);

		if (!text || json_string_length(item) != strlen(text) || !printable(text))
			return expected;
		if (!code_list_add(to, room, text))
			return "empty, or too many of them";
	}
	return NULL;
}

/* A list of mode numbers, 0 to 8; an empty one ends them all. */
static const char *take_drm(struct code_input *input, const json_t *value)
{
	const char *expected = "expected a list of numbers, 0 to 8";
	size_t i;
	json_t *item;

	if (!json_is_array(value))
		return expected;
	input->drm = 0;
	json_array_foreach(value, i, item) {
		const json_int_t mode = json_integer_value(item);

		if (!json_is_integer(item) || mode < 0 || mode > 8)
			return expected;
		input->drm |= 1U << mode;
	}
	input->has_drm = true;
	return NULL;
}

static const char *take_power(int32_t *p_mw, const json_t *value)
{
	const json_int_t number = json_integer_value(value);

	if (!json_is_integer(value) || number < -CODE_SITE_MAX_MW || number > CODE_SITE_MAX_MW)
		return "expected a whole number of mW, at most 350000000 either way";
	*p_mw = (int32_t)number;
	return NULL;
}

static const char *take_phases(struct code_input *input, const json_t *value)
{
	const char *wrong = NULL;

	if (!json_is_array(value) || json_array_size(value) != 3)
		return "expected a list of three whole numbers of mW";
	for (size_t k = 0; k < 3 && !wrong; k++)
		wrong = take_power(&input->phase_mw[k], json_array_get(value, k));
	input->has_phases = true;
	return wrong;
}

const char *control_gridcode_input(struct code_input *input, const char *key, const json_t *value)
{
	if (!strcmp(key, "drm"))
		return take_drm(input, value);
	if (!strcmp(key, "permit")) {
		input->permit = json_is_true(value);
		input->has_permit = true;
		return json_is_boolean(value) ? NULL : "expected true or false";
	}
	if (!strcmp(key, "signal")) {
		input->signal = json_is_true(value);
		input->has_signal = true;
		return json_is_boolean(value) ? NULL : "expected true or false";
	}
	if (!strcmp(key, "phases_mw"))
		return take_phases(input, value);
	if (strcmp(key, "site_mw") != 0)
		return "";
	input->has_site = true;
	return take_power(&input->site_mw, value);
}

const char *control_gridcode_trial(struct code_trial *trial, const char *key, const json_t *value)
{
	const char *text = json_string_value(value);

	if (!strcmp(key, "key")) {
		if (!text || !text[0] || strlen(text) >= sizeof(trial->key) || !printable(text))
			return "expected the name of a threshold";
		snprintf(trial->key, sizeof(trial->key), "%s", text);
		return NULL;
	}
	if (!strcmp(key, "narrow")) {
		trial->narrow = json_is_true(value);
		return json_is_boolean(value) ? NULL : "expected true or false";
	}
	if (strcmp(key, "value") != 0)
		return "";
	trial->value = json_number_value(value);
	return json_is_number(value) ? NULL : "expected a number";
}

const char *control_gridcode_field(struct code_request *request, const char *key,
				   const json_t *value)
{
	if (!strcmp(key, "profile"))
		return take_name(request->profile, value);
	if (!strcmp(key, "key"))
		return take_key(request->key, value);
	if (!strcmp(key, "set"))
		return take_list(request->sets, sizeof(request->sets), value,
				 "expected a list of \"section.key=value\"");
	if (!strcmp(key, "acknowledge"))
		return take_list(request->acknowledged, sizeof(request->acknowledged), value,
				 "expected a list of \"section.key\"");
	return "";
}
