// SPDX-License-Identifier: Apache-2.0
/*
 * A shipped profile with one line made bad: refused whole, with file, line and
 * clause. A name for each sentence about bad profiles; bad measurements are in
 * test_measurement.c, two masters in v2xd's test_dispatch.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "gridcode/profile.h"

#define PROFILE V2X_TREE "/userspace/gridcode/profiles/ieee1547-2018-b-iii.conf"
#define TEXT_LEN 16384

static struct gc_profile profile;
static char error[GC_ERROR_LEN];

/* The profile with the line of @section that begins with @key made @line ("" : left out). */
static int with(const char *section, const char *key, const char *line, int *number)
{
	static char text[TEXT_LEN];
	char row[512];
	FILE *f = fopen(PROFILE, "re");
	size_t len = 0;
	bool inside = false;
	int at = 0;

	assert_non_null(f);
	*number = 0;
	while (fgets(row, sizeof(row), f)) {
		at++;
		if (row[0] == '[')
			inside = !strncmp(row + 1, section, strlen(section));
		if (inside && !*number && !strncmp(row, key, strlen(key))) {
			*number = at;
			if (!line[0])
				continue;
			len += (size_t)snprintf(text + len, TEXT_LEN - len, "%s\n", line);
			continue;
		}
		len += (size_t)snprintf(text + len, TEXT_LEN - len, "%s", row);
	}
	fclose(f);
	assert_true(*number > 0);
	error[0] = '\0';
	return gc_profile_text(&profile, "site/bad.conf", text, len, error);
}

static void told(const char *what, int number, const char *clause)
{
	char place[64];

	snprintf(place, sizeof(place), "site/bad.conf:%d:", number);
	if (!strstr(error, place) || !strstr(error, what) || !strstr(error, clause))
		fail_msg("expected \"%s ... (%s) ... %s\", got \"%s\"", place, clause, what, error);
}

static void the_profile_is_good_as_it_is(void **state)
{
	(void)state;
	assert_int_equal(gc_profile_load(&profile, PROFILE, error), 0);
}

static void a_missing_value_is_refused(void **state)
{
	int line;

	(void)state;
	assert_true(with("trip", "uv1_time", "", &line) < 0);
	/* There is no line of what is not there: file, key and clause. */
	assert_non_null(strstr(error, "site/bad.conf"));
	assert_non_null(strstr(error, "[trip] uv1_time (IEEE 1547"));
	assert_non_null(strstr(error, "missing"));
}

static void a_curve_that_is_not_monotonic_is_refused(void **state)
{
	int line;

	(void)state;
	assert_true(with("volt_var", "v2", "v2 = 1.05 pu | any | IEEE 1547-2018 5.3.3 | verified",
			 &line) < 0);
	told("curve is not monotonic", line, "IEEE 1547-2018 5.3.3");
}

static void thresholds_that_cross_are_refused(void **state)
{
	int line;

	(void)state;
	assert_true(with("trip", "uv2_limit",
			 "uv2_limit = 0.95 pu | any | IEEE 1547-2018 6.4.1 | verified", &line) < 0);
	told("thresholds cross", line, "IEEE 1547-2018 6.4.1");
}

static void a_value_out_of_the_adjustable_range_is_refused(void **state)
{
	int line;

	(void)state;
	assert_true(with("trip", "uv1_time",
			 "uv1_time = 60 s | 21..50 s | IEEE 1547-2018 6.4.1 | verified", &line) < 0);
	told("outside its adjustable range", line, "IEEE 1547-2018 6.4.1");
}

static void a_missing_unit_is_refused(void **state)
{
	int line;

	(void)state;
	assert_true(with("trip", "uv1_limit",
			 "uv1_limit = 0.88 | any | IEEE 1547-2018 6.4.1 | verified", &line) < 0);
	told("expected a unit", line, "IEEE 1547-2018 6.4.1");
}

static void what_is_refused_is_refused_whole(void **state)
{
	const char *site = "[trip]\nuv1_time = 30 s\nov1_time = 5000 s\n";
	double before;

	(void)state;
	assert_int_equal(gc_profile_load(&profile, PROFILE, error), 0);
	before = profile.settings.trip.uv[0].time_s;
	assert_true(gc_profile_override_text(&profile, "site.conf", site, strlen(site), error) < 0);
	assert_non_null(strstr(error, "site.conf:3: [trip] ov1_time"));
	assert_true(profile.settings.trip.uv[0].time_s == before);
	assert_string_equal(profile.site_sha256, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_profile_is_good_as_it_is),
		cmocka_unit_test(a_missing_value_is_refused),
		cmocka_unit_test(a_curve_that_is_not_monotonic_is_refused),
		cmocka_unit_test(thresholds_that_cross_are_refused),
		cmocka_unit_test(a_value_out_of_the_adjustable_range_is_refused),
		cmocka_unit_test(a_missing_unit_is_refused),
		cmocka_unit_test(what_is_refused_is_refused_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
