// SPDX-License-Identifier: Apache-2.0
/* Profiles: what is refused and how it is told, overrides, drafts, the shipped files. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "gridcode/mapping.h"
#include "gridcode/profile.h"

#define PROFILES V2X_TREE "/userspace/gridcode/profiles"

static struct gc_profile profile;
static char error[GC_ERROR_LEN];

/* A small good profile; what a test adds stands from line 15 on. */
#define HEAD \
	"[profile]\n" \
	"name = Test\n" \
	"[nominal]\n" \
	"f = 50 Hz | - | C 1 | verified\n" \
	"v = 230 V | - | C 1 | verified\n" \
	"[enter_service]\n" \
	"v_low = 0.85 pu | 0.8..0.9 pu | C 2 | verified\n" \
	"v_high = 253 V | - | C 2 | verified\n" \
	"f_low = 49.5 Hz | - | C 2 | verified\n" \
	"f_high = 50.1 Hz | - | C 2 | verified\n" \
	"delay = 1 min | 10..600 s | C 2 | verified\n" \
	"# nothing\n" \
	"\n" \
	"[trip]\n"

static int read_text(const char *text)
{
	error[0] = '\0';
	return gc_profile_text(&profile, "dir/test.conf", text, strlen(text), error);
}

static double value(const char *name)
{
	return gc_param_get(&profile.settings, gc_param_named(name));
}

static void values_are_read_in_the_units_they_are_written_in(void **state)
{
	(void)state;
	assert_int_equal(read_text(HEAD "uv1_limit = 80 % | - | C 3 | single\n"
				   "uv1_time = 200 ms | - | C 3 | unverified\n"), 0);
	assert_string_equal(profile.id, "test");
	assert_true(value("enter_service.v_high") == 253.0 / 230);
	assert_true(value("enter_service.delay") == 60);
	assert_true(value("trip.uv1_limit") == 0.8 && value("trip.uv1_time") == 0.2);
	assert_int_equal(gc_profile_count(&profile, GC_VERIFIED), 7);
	assert_int_equal(gc_profile_count(&profile, GC_SINGLE), 1);
	assert_false(gc_profile_released(&profile));
	assert_int_equal(read_text(HEAD), 0);
	assert_true(gc_profile_released(&profile));
}

static void bad_profiles_are_refused_with_line_and_clause(void **state)
{
	static const struct { const char *text, *says, *clause; } rows[] = {
		{ "uv1_limit = 0.8 | - | C 3 | verified\n", ":15: [trip] uv1_limit", "C 3" },
		{ "uv1_limit = 0.8 | - | C 3 | verified\n", "expected a unit: pu, % or V", "C 3" },
		{ "uv1_limit = x pu | - | C 3 | verified\n", "expected a number", "C 3" },
		{ "uv1_limit = 0.8 pu | - | | verified\n", "no clause", "" },
		{ "uv1_limit = 0.8 pu | - | C 3 | sure\n", "confidence", "C 3" },
		{ "uv1_limit = 0.8 pu\n", "expected value unit | range", "" },
		{ "uv1_limit = 0.8 pu | 0.9..1.0 pu | C 3 | verified\n",
		  "outside its adjustable range", "C 3" },
		{ "uv1_limit = 0.8 pu | 1..0 pu | C 3 | verified\n", "least above greatest", "C 3" },
		{ "uv1_limit = 5 pu | - | C 3 | verified\n", "outside what the engine can do",
		  "C 3" },
		{ "uv1_limit = nan pu | - | C 3 | verified\n", "expected a number", "C 3" },
		{ "no_such = 1 pu | - | C 3 | verified\n", "unknown key", "" },
		{ "uv1_limit = 0.8 pu | - | C 3 | verified\n", "uv1_time", "missing" },
		{ "uv1_limit = 0.8 pu | - | C 3 | verified\nuv1_time = 1 s | - | C 3 | verified\n"
		  "uv1_time = 1 s | - | C 3 | verified\n", ":17: [trip] uv1_time", "given twice" },
		{ "uv1_limit = 0.5 pu | - | C 3 | verified\nuv1_time = 1 s | - | C 3 | verified\n"
		  "uv2_limit = 0.6 pu | - | C 4 | verified\nuv2_time = 1 s | - | C 4 | verified\n",
		  ":17: [trip] uv2_limit (C 4): thresholds cross", "" },
		{ "ov1_limit = 1.05 pu | - | C 3 | verified\nov1_time = 1 s | - | C 3 | verified\n",
		  "would enter where it trips", "C 2" },
		{ "[volt_var]\nenable = yes | - | C 5 | verified\nv1 = 0.92 pu | - | C 5 | verified\n"
		  "q1 = 44 % | - | C 5 | verified\nv2 = 0.98 pu | - | C 5 | verified\n"
		  "q2 = 0 % | - | C 5 | verified\nv3 = 0.97 pu | - | C 5 | verified\n"
		  "q3 = 0 % | - | C 5 | verified\nv4 = 1.08 pu | - | C 5 | verified\n"
		  "q4 = -44 % | - | C 5 | verified\nresponse = 5 s | - | C 5 | verified\n",
		  ":19: [volt_var] v2 (C 5): curve is not monotonic", "" },
		{ "[volt_var]\nenable = yes | - | C 5 | verified\n", "[volt_var] v1", "missing" },
		{ "[lfsm_o]\nenable = yes | - | C 6 | verified\nstart = 49 Hz | - | C 6 | verified\n"
		  "droop = 5 % | - | C 6 | verified\n", "wrong side of nominal", "" },
		{ "rubbish\n", ":15: not understood", "" },
		{ "# \x1b[2J\n", ":15: no text", "" },
		{ "# caf\xe9\n", ":15: no text", "" },
		{ "# \xed\xa0\x80\n", ":15: no text", "" },
		{ "uv1_limit = 0x1p-1 pu | - | C 3 | verified\n", "expected a number", "C 3" },
		{ "uv1_limit = 0.8 pu | - | C 3 | verified\nuv1_time = off | - | C 3 | verified\n",
		  ":16: [trip] uv1_time (C 3): off; uv1_limit asks for it", "" },
		{ "[enter_service]\nramp_time = off | 1..0 s | C 2 | verified\n",
		  "least above greatest", "C 2" },
		{ "of2_limit = 52 Hz | - | C 3 | verified\nof2_time = 1 s | - | C 3 | verified\n"
		  "of3_limit = 53 Hz | - | C 4 | verified\nof3_time = 2 s | - | C 4 | verified\n",
		  ":18: [trip] of3_time (C 4): the farther stage is the slower one", "" },
		{ "[reconnection]\nv_low = 1.12 pu | - | C 7 | verified\n",
		  ":16: [reconnection] v_low (C 7): window is empty", "" },
		{ "[reconnection]\nf_low = 50.05 Hz | - | C 7 | verified\n",
		  ":16: [reconnection] f_low (C 7): would not enter at nominal", "" },
		{ "ov1_limit = 1.15 pu | - | C 3 | verified\nov1_time = 1 s | - | C 3 | verified\n"
		  "[reconnection]\nv_high = 1.2 pu | - | C 7 | verified\n",
		  ":18: [reconnection] v_high (C 7): would enter where it trips", "" },
		{ "[lfsm_o]\nenable = yes | - | C 6 | verified\nstart = 50.2 Hz | - | C 6 | verified\n"
		  "droop = 5 % | - | C 6 | verified\nstop = 49.9 Hz | - | C 6 | verified\n",
		  "released on the wrong side of nominal", "C 6" },
		{ "[lfsm_o]\nenable = yes | - | C 6 | verified\nstart = 50.2 Hz | - | C 6 | verified\n"
		  "droop = 5 % | - | C 6 | verified\n[freq_droop]\n"
		  "enable = yes | - | C 8 | verified\ndb_over = 0.1 Hz | - | C 8 | verified\n"
		  "db_under = 0.1 Hz | - | C 8 | verified\nk_over = 5 % | - | C 8 | verified\n"
		  "k_under = 5 % | - | C 8 | verified\nresponse = 5 s | - | C 8 | verified\n",
		  "a second response to frequency", "C 6" },
		{ "[ride_through]\nv_mandatory_low = 0.4 pu | - | C 9 | verified\n[cessation]\n"
		  "enable = yes | - | C 9 | verified\nv_low = 0.5 pu | - | C 9 | verified\n",
		  "thresholds cross", "C 9" },
		{ "[profile]\nname = Other\n", "given twice", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[2048];

		snprintf(text, sizeof(text), "%s%s", HEAD, rows[i].text);
		assert_true(read_text(text) < 0);
		if (!strstr(error, rows[i].says) || !strstr(error, rows[i].clause))
			fail_msg("\"%s\" gave \"%s\"", rows[i].text, error);
		assert_non_null(strstr(error, "dir/test.conf"));
	}
}

static void a_profile_without_its_window_or_name_is_refused(void **state)
{
	(void)state;
	assert_true(read_text("[profile]\nname = x\n[nominal]\nf = 50 Hz | - | C | verified\n"
			      "v = 230 V | - | C | verified\n") < 0);
	assert_non_null(strstr(error, "[enter_service] v_low"));
	assert_true(read_text("[nominal]\nf = 50 Hz | - | C | verified\n") < 0);
	assert_true(read_text("[trip]\nuv1_limit = 180 V | - | C | verified\n") < 0);
	assert_non_null(strstr(error, "[nominal]"));
}

static int override(const char *text)
{
	error[0] = '\0';
	return gc_profile_override_text(&profile, "site.conf", text, strlen(text), error);
}

static void an_override_keeps_to_the_adjustable_range(void **state)
{
	(void)state;
	assert_int_equal(read_text(HEAD), 0);
	assert_int_equal(override("[enter_service]\ndelay = 300 s\nv_low = 0.9 pu\n"
				  "[export_limit]\nenable = yes\nlimit = 0 %\ntimeout = 2 s\n"
				  "fail_limit = 0 %\n"), 0);
	assert_true(value("enter_service.delay") == 300);
	assert_true(value("export_limit.timeout") == 2);
	assert_int_equal(strlen(profile.site_sha256), 64);
	assert_int_equal(override("[enter_service]\ndelay = 700 s\n"), -22);
	assert_non_null(strstr(error, "site.conf:2: [enter_service] delay (C 2)"));
	assert_non_null(strstr(error, "outside the adjustable range"));
	assert_int_equal(override("[enter_service]\nf_low = 49 Hz\n"), -22);
	assert_non_null(strstr(error, "leaves no choice"));
	assert_int_equal(override("[trip]\nuv1_limit = 0.5 pu\n"), -22);
	assert_non_null(strstr(error, "not a value of this profile"));
	assert_int_equal(override("[enter_service]\ndelay = 20 s\ndelay = 30 s\n"), -22);
	assert_non_null(strstr(error, "site.conf:3: [enter_service] delay (C 2): given twice"));
	/* Refused whole: the good line before a bad one is not taken. */
	assert_int_equal(override("[enter_service]\ndelay = 20 s\nv_low = 0.7 pu\n"), -22);
	assert_true(value("enter_service.delay") == 300);
}

static void what_the_drop_in_makes_wrong_is_told_with_its_own_line(void **state)
{
	(void)state;
	assert_int_equal(read_text(HEAD
				   "uv1_limit = 0.8 pu | 0.5..0.85 pu | C 3 | verified\n"
				   "uv1_time = 3 s | - | C 3 | verified\n"
				   "uv2_limit = off | 0.2..0.8 pu | C 4 | verified\n"
				   "uv2_time = off | 0.1..5 s | C 4 | verified\n"), 0);
	assert_int_equal(override("[trip]\nuv1_limit = 0.6 pu\nuv2_limit = 0.7 pu\n"
				  "uv2_time = 0.1 s\n"), -22);
	assert_non_null(strstr(error, "site.conf:3: [trip] uv2_limit (C 4): thresholds cross"));
	/* What the drop-in does not have, the profile has. */
	assert_int_equal(override("[trip]\nuv2_limit = 0.7 pu\n"), -22);
	assert_non_null(strstr(error, "dir/test.conf:18: [trip] uv2_time (C 4): off"));
	assert_int_equal(override("[trip]\nuv1_limit = 0.5 pu\n[enter_service]\nv_low = 0.8 pu\n"), 0);
	assert_int_equal(override("[trip]\nuv1_limit = 0.85 pu\n"), -22);
	assert_non_null(strstr(error, "site.conf:2: [trip] uv1_limit (C 3): would enter where"));
	assert_int_equal(override("[trip]\nuv2_limit = 0.3 pu\nuv2_time = 0.2 s\n"), 0);
}

static void a_setting_outside_the_range_is_taken_for_a_replay_and_told(void **state)
{
	(void)state;
	assert_int_equal(read_text(HEAD), 0);
	assert_int_equal(gc_profile_set(&profile, "enter_service.delay=100s", true, error), 0);
	assert_int_equal(gc_profile_set(&profile, "enter_service.delay=5", true, error), -22);
	assert_int_equal(gc_profile_set(&profile, "enter_service.delay=5", false, error), 1);
	assert_non_null(strstr(error, "C 2"));
	assert_true(value("enter_service.delay") == 5);
	assert_int_equal(gc_profile_set(&profile, "enter_service.delay=5 V", false, error), -22);
	assert_int_equal(gc_profile_set(&profile, "nothing", false, error), -22);
}

static void the_hash_is_that_of_the_file(void **state)
{
	(void)state;
	/* sha256sum of an empty file and of "abc", FIPS 180-2. */
	gc_profile_text(&profile, "x", "", 0, error);
	assert_string_equal(profile.sha256,
			    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	gc_profile_text(&profile, "x", "abc", 3, error);
	assert_string_equal(profile.sha256,
			    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void every_shipped_profile_is_good(void **state)
{
	DIR *dir = opendir(PROFILES);
	struct dirent *entry;
	unsigned int n = 0;

	(void)state;
	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		char path[512];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), PROFILES "/%s", entry->d_name);
		if (gc_profile_load(&profile, path, error))
			fail_msg("%s", error);
		n++;
	}
	closedir(dir);
	assert_int_equal(n, 33);
}

static void values_of_well_known_profiles(void **state)
{
	static const struct { const char *profile, *name; double value; } rows[] = {
		{ "ieee1547-2018-b-iii", "trip.uv1_time", 21 },
		{ "ieee1547-2018-b-ii", "trip.uv1_time", 10 },
		{ "ieee1547-2018-a-i", "volt_var.q1", 0.25 },
		{ "us-heco-srd2", "freq_droop.response", 0.5 },
		{ "us-ca-rule21", "trip.uv3_time", 1.5 },
		{ "de-vde-ar-n-4105", "trip.uv1_time", 3 },
		{ "uk-g99", "rocof.limit", 1 },
		{ "au-4777-a", "volt_var.v4", 258.0 / 230 },
		{ "jp-jeac9701-50hz", "trip.ov1_limit", 1.15 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char path[512];

		snprintf(path, sizeof(path), PROFILES "/%s.conf", rows[i].profile);
		assert_int_equal(gc_profile_load(&profile, path, error), 0);
		assert_true(value(rows[i].name) - rows[i].value < 1e-12 &&
			    rows[i].value - value(rows[i].name) < 1e-12);
	}
}

static void values_are_shown_in_the_units_they_are_written_in(void **state)
{
	const struct gc_param *param = gc_param_named("trip.ov1_limit");
	char text[40];

	(void)state;
	assert_int_equal(gc_profile_load(&profile, PROFILES "/au-4777-a.conf", error), 0);
	assert_string_equal(gc_profile_format(&profile, param, value("trip.ov1_limit"), text,
					      sizeof(text)), "265 V");
	assert_string_equal(gc_param_format_in(param, 1.1, "%", 230, text, sizeof(text)), "110 %");
	assert_string_equal(gc_param_format(param, 1.1, text, sizeof(text)), "1.1 pu");
	param = gc_param_named("ramp.up");
	assert_string_equal(gc_profile_format(&profile, param, value("ramp.up"), text, sizeof(text)),
			    "16.67 %/min");
}

static void the_mapping_names_settings_that_exist_once_each(void **state)
{
	(void)state;
	for (size_t i = 0; i < gc_mapping_count; i++) {
		if (!gc_param_named(gc_mappings[i].param))
			fail_msg("%s", gc_mappings[i].param);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(gc_mappings[i].param, gc_mappings[k].param);
	}
}

/*
 * OCPP 2.1, DERControlEnumType: it has no LFMayTrip. PowerMonitoringMustTrip has no
 * setting: nothing here trips by power, a limit is kept.
 */
static void every_control_type_of_ocpp_has_a_setting(void **state)
{
	static const char *const types[] = {
		"EnterService", "FreqDroop", "FreqWatt", "FixedPFAbsorb", "FixedPFInject", "FixedVar",
		"Gradients", "HFMustTrip", "HFMayTrip", "HVMustTrip", "HVMomCess", "HVMayTrip",
		"LimitMaxDischarge", "LFMustTrip", "LVMustTrip", "LVMomCess", "LVMayTrip",
		"VoltVar", "VoltWatt", "WattPF", "WattVar",
	};

	(void)state;
	for (size_t k = 0; k < sizeof(types) / sizeof(types[0]); k++) {
		bool found = false;

		for (size_t i = 0; i < gc_mapping_count && !found; i++)
			found = strstr(gc_mappings[i].ocpp, types[k]) != NULL;
		if (!found)
			fail_msg("%s", types[k]);
	}
}

static void a_setting_is_found_by_its_name_and_one_no_protocol_has_says_so(void **state)
{
	(void)state;
	assert_string_equal(gc_mapping_of("volt_watt.v1").sunspec, "706.Crv.Pt.V");
	assert_string_equal(gc_mapping_of("const_pf.enable").ocpp, "FixedPFInject, FixedPFAbsorb");
	assert_string_equal(gc_mapping_of("rocof.limit").ocpp, "-");
	assert_string_equal(gc_mapping_of("ride_through.f_undefined_low").ocpp, "-");
	assert_string_equal(gc_mapping_of("rocof.limit").param, "rocof.limit");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_read_in_the_units_they_are_written_in),
		cmocka_unit_test(bad_profiles_are_refused_with_line_and_clause),
		cmocka_unit_test(a_profile_without_its_window_or_name_is_refused),
		cmocka_unit_test(an_override_keeps_to_the_adjustable_range),
		cmocka_unit_test(what_the_drop_in_makes_wrong_is_told_with_its_own_line),
		cmocka_unit_test(a_setting_outside_the_range_is_taken_for_a_replay_and_told),
		cmocka_unit_test(the_hash_is_that_of_the_file),
		cmocka_unit_test(every_shipped_profile_is_good),
		cmocka_unit_test(values_of_well_known_profiles),
		cmocka_unit_test(values_are_shown_in_the_units_they_are_written_in),
		cmocka_unit_test(the_mapping_names_settings_that_exist_once_each),
		cmocka_unit_test(every_control_type_of_ocpp_has_a_setting),
		cmocka_unit_test(a_setting_is_found_by_its_name_and_one_no_protocol_has_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
