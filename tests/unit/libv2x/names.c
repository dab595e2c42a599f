// SPDX-License-Identifier: Apache-2.0
/*
 * Names, texts and errors. The header itself is read, so that a number added
 * there without a name here is found.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <v2x.h>

#include "test.h"

#define HEADER V2X_TREE "/kernel/include/uapi/linux/v2x.h"

/* The identifier of the header in a line, if it begins with @prefix: its rest in lower case. */
static int identifier(const char *line, const char *prefix, char *word, size_t len)
{
	const char *at = strstr(line, prefix);
	size_t n = 0;

	if (!at || strchr(line, '@') || (at != line && (isalnum(at[-1]) || at[-1] == '_')))
		return 0;
	for (at += strlen(prefix); (isalnum((unsigned char)*at) || *at == '_') && n + 1 < len; at++)
		word[n++] = (char)tolower((unsigned char)*at);
	word[n] = '\0';
	while (*at == ' ' || *at == '\t')
		at++;
	return n > 0 && (*at == '=' || *at == '(' || isdigit((unsigned char)*at));
}

/* The number an identifier is given: "= 7", "(1U << 3)", "3", "1 << 3". */
static uint32_t number_in(const char *line, const char *prefix)
{
	const char *at = strstr(line, prefix) + strlen(prefix);
	char *end;
	unsigned long n;

	at += strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
	at += strcspn(at, "0123456789");
	n = strtoul(at, &end, 0);
	end += strspn(end, "U ");
	if (strncmp(end, "<<", 2) == 0)
		n <<= strtoul(end + 2, NULL, 0);
	return (uint32_t)n;
}

static int is_skipped(const char *skip, const char *word)
{
	char spaced[80];

	snprintf(spaced, sizeof(spaced), " %s ", word);
	return strstr(skip, spaced) != NULL;
}

/* Checks every identifier of a prefix; returns how many there were. */
static int check_prefix(const char *prefix, const char *skip, const char *(*name)(uint32_t))
{
	FILE *file = fopen(HEADER, "r");
	char line[256];
	char word[64];
	int count = 0;

	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		if (!identifier(line, prefix, word, sizeof(word)) || is_skipped(skip, word))
			continue;
		if (strcasecmp(name(number_in(line, prefix)), word) != 0)
			fail_msg("%s%s has the name \"%s\"", prefix, word,
				 name(number_in(line, prefix)));
		count++;
	}
	fclose(file);
	return count;
}

static const char *feature_name(uint32_t bit)
{
	return v2x_feature_name(bit);
}

static void every_number_of_the_header_has_its_name(void **state)
{
	(void)state;
	assert_int_equal(check_prefix("V2X_STATE_", " count ", v2x_state_name), V2X_STATE_COUNT);
	assert_true(check_prefix("V2X_REASON_", "", v2x_reason_name) >= 40);
	assert_int_equal(check_prefix("V2X_PILOT_", " duty_off duty_steady duty_min duty_max ", v2x_pilot_name), 7);
	assert_true(check_prefix("V2X_EVENT_", "", v2x_event_name) >= 10);
	assert_true(check_prefix("V2X_REQUEST_", "", v2x_request_name) >= 4);
	assert_true(check_prefix("V2X_LIMITED_", "", v2x_limited_name) >= 12);
	assert_true(check_prefix("V2X_CONTACTOR_", "", v2x_contactor_name) >= 3);
	assert_int_equal(check_prefix("V2X_FAULT_", " lines ", v2x_fault_line_name),
			 V2X_FAULT_LINES);
	assert_true(check_prefix("V2X_FEATURE_", "", feature_name) >= 8);
	assert_int_equal(check_prefix("V2X_ISLAND_", "", v2x_island_name), 5);
	assert_int_equal(check_prefix("V2X_MODE_", "", v2x_mode_name), 8);
}

static void every_reason_has_one_sentence(void **state)
{
	int count = 0;

	(void)state;
	for (uint32_t r = 0; r < 256; r++) {
		const char *text = v2x_reason_text(r);

		if (strcmp(v2x_reason_name(r), "unknown") == 0)
			continue;
		assert_true(isupper((unsigned char)text[0]));
		assert_int_equal(text[strlen(text) - 1], '.');
		assert_non_null(v2x_reason_unit(r));
		assert_int_equal(v2x_reason_from_name(v2x_reason_name(r)), r);
		count++;
	}
	assert_true(count >= 40);
	for (uint32_t bit = 1; bit <= V2X_LIMITED_DC_LINK; bit <<= 1)
		assert_int_equal(v2x_limited_text(bit)[strlen(v2x_limited_text(bit)) - 1], '.');
}

static void unknown_numbers_and_names_are_no_accident(void **state)
{
	(void)state;
	assert_string_equal(v2x_state_name(99), "unknown");
	assert_string_equal(v2x_reason_name(UINT32_MAX), "unknown");
	assert_string_equal(v2x_limited_name(3), "unknown");
	assert_int_equal(v2x_state_from_name("ramp_down"), V2X_STATE_RAMP_DOWN);
	assert_int_equal(v2x_state_from_name("RUN"), -ENOENT);
	assert_int_equal(v2x_request_from_name("estop"), V2X_REQUEST_ESTOP);
	assert_int_equal(v2x_request_from_name(""), -ENOENT);
}

static void masks_become_lists(void **state)
{
	char buf[64];
	char small[10];

	(void)state;
	assert_string_equal(v2x_bits_format(0, v2x_limited_name, buf, sizeof(buf)), "-");
	assert_string_equal(v2x_bits_format(V2X_LIMITED_Q | V2X_LIMITED_RAMP, v2x_limited_name,
					    buf, sizeof(buf)),
			    "q, ramp");
	assert_string_equal(v2x_bits_format(1U << 31, v2x_limited_name, buf, sizeof(buf)),
			    "unknown");
	v2x_bits_format(UINT32_MAX, v2x_fault_line_name, small, sizeof(small));
	assert_true(strlen(small) < sizeof(small));
}

static void check_event(struct v2x_event event, const char *expected)
{
	char buf[256];

	assert_int_equal(v2x_event_format(&event, buf, sizeof(buf)), (int)strlen(expected));
	assert_string_equal(buf, expected);
}

static void events_become_lines(void **state)
{
	(void)state;
	check_event((struct v2x_event){ .type = V2X_EVENT_STATE,
					.from = V2X_STATE_RUN,
					.to = V2X_STATE_FAULT,
					.reason = V2X_REASON_GRID_OVER_VOLTAGE },
		    "state: run -> fault (grid_over_voltage)");
	check_event((struct v2x_event){ .type = V2X_EVENT_TRIP,
					.reason = V2X_REASON_GRID_OVER_VOLTAGE,
					.value = 276250,
					.limit = 264500 },
		    "trip: grid_over_voltage, 276.250 V, limit 264.500 V");
	check_event((struct v2x_event){ .type = V2X_EVENT_TRIP,
					.reason = V2X_REASON_AC_OVER_CURRENT,
					.value = -31005,
					.limit = 30000 },
		    "trip: ac_over_current, -31.005 A, limit 30.000 A");
	check_event((struct v2x_event){ .type = V2X_EVENT_TRIP,
					.reason = V2X_REASON_INSULATION,
					.value = 40000,
					.limit = 100000 },
		    "trip: insulation, 40000 ohm, limit 100000 ohm");
	check_event((struct v2x_event){ .type = V2X_EVENT_CONTACTOR,
					.from = 0,
					.to = V2X_CONTACTOR_GRID | V2X_CONTACTOR_EV },
		    "contactors: - -> grid, ev");
	check_event((struct v2x_event){ .type = V2X_EVENT_MISSED, .value = 3 },
		    "missed: 3 ticks");
	check_event((struct v2x_event){ .type = 77 }, "event type 77 (none)");
}

static void errors_are_told_by_command(void **state)
{
	(void)state;
	assert_non_null(strstr(v2x_error_text(V2X_IOC_CLAIM, -EBUSY), "another program"));
	assert_non_null(strstr(v2x_error_text(V2X_IOC_REQUEST, -EBUSY), "idle"));
	assert_non_null(strstr(v2x_error_text(V2X_IOC_SETPOINT, -EPERM), "claim"));
	assert_non_null(strstr(v2x_error_text(0, -ENODEV), "v2xctl list"));
	assert_string_equal(v2x_error_text(V2X_IOC_SETPOINT, ENOSPC), strerror(ENOSPC));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_number_of_the_header_has_its_name),
		cmocka_unit_test(every_reason_has_one_sentence),
		cmocka_unit_test(unknown_numbers_and_names_are_no_accident),
		cmocka_unit_test(masks_become_lists),
		cmocka_unit_test(events_become_lines),
		cmocka_unit_test(errors_are_told_by_command),
	};

	return cmocka_run_group_tests_name("libv2x names", tests, NULL, NULL);
}
