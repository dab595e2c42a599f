// SPDX-License-Identifier: Apache-2.0
/* CSV records: what is taken, and the words with which the rest is refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../userspace/v2xctl/record.h"
#include "test.h"

static struct record record;
static char error[RECORD_ERROR_LEN];

static int parse_with(const struct record_options *o, const char *text)
{
	error[0] = '\0';
	return record_parse(text, strlen(text), o, &record, error);
}

static int parse(const char *text)
{
	static const struct record_options none;

	return parse_with(&none, text);
}

static void check_point(size_t i, uint32_t t_ms, int32_t f_mhz, int32_t v_mpu)
{
	assert_true(i < record.count);
	assert_int_equal(record.points[i].t_ms, t_ms);
	assert_int_equal(record.points[i].f_mhz, f_mhz);
	assert_int_equal(record.points[i].v_mpu, v_mpu);
}

static void columns_are_found_by_name_and_time_begins_at_zero(void **state)
{
	(void)state;
	assert_int_equal(parse("note,V_PU,f_Hz,t_s\r\nx,1.05,50.0125,10\r\ny,0.5,49.9,10.02\r\n"),
			 0);
	assert_int_equal(record.count, 2);
	check_point(0, 0, 50013, 1050);
	check_point(1, 20, 49900, 500);
	record_free(&record);
}

static void voltage_may_be_left_out(void **state)
{
	(void)state;
	assert_int_equal(parse("# made by hand\n# two points\nt_s,f_hz\n-1,50\n1e0,50.2"), 0);
	check_point(0, 0, 50000, 1000);
	check_point(1, 2000, 50200, 1000);
	record_free(&record);
}

static void a_byte_order_mark_is_no_part_of_a_name(void **state)
{
	(void)state;
	assert_int_equal(parse("\xef\xbb\xbft_s,f_hz\n0,50\n1,50\n"), 0);
	record_free(&record);
}

static void other_names_and_volts(void **state)
{
	struct record_options o = { .v_base = 27100 };
	char columns[] = "f_hz=freq,v=v1_V";

	(void)state;
	assert_int_equal(record_columns(columns, &o, error), 0);
	assert_int_equal(parse_with(&o, "t_s,v1_V,freq\n0,27100,50\n2,13550,49.5\n"), 0);
	check_point(1, 2000, 49500, 500);
	record_free(&record);
}

static void column_lists_are_checked(void **state)
{
	static const char *const bad[] = { "t_s", "t_s=", "x=y", "f_hz=a,,v=,", "=t" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct record_options o = { 0 };
		char text[32];

		snprintf(text, sizeof(text), "%s", bad[i]);
		assert_int_equal(record_columns(text, &o, error), -1);
		assert_non_null(strstr(error, "expected t_s=NAME"));
	}
}

/* Each is refused whole, at this line, with these words. */
static const struct bad {
	const char *text;
	const char *where;
	const char *words;
} bads[] = {
	{ "", "line 0", "no header" },
	{ "# only a comment\n", "line 1", "no header" },
	{ "t,f_hz\n0,50\n", "line 1", "no column \"t_s\"" },
	{ "t_s,f\n0,50\n", "line 1", "no column \"f_hz\"" },
	{ "t_s,f_hz,F_Hz\n0,50,50\n", "line 1", "more than one column" },
	{ "t_s,f_hz\n", "line 1", "0 usable rows" },
	{ "t_s,f_hz\n0,50\n", "line 2", "1 usable rows" },
	{ "t_s,f_hz\n0,50\n1,\n2,50\n", "line 3, column f_hz", "empty; expected a frequency" },
	{ "t_s,f_hz\n0,50\n,50\n2,50\n", "line 3, column t_s", "empty; expected a time" },
	{ "t_s,f_hz,v_pu\n0,50,1\n1,50,\n", "line 3, column v_pu", "empty" },
	{ "t_s,f_hz\n0,50\n\n2,50\n", "line 3", "1 field; expected 2" },
	{ "t_s,f_hz\n0,50,1\n", "line 2", "3 fields; expected 2" },
	{ "t_s,f_hz\n0,50\n1,fifty\n", "line 3, column f_hz", "\"fifty\"; expected a frequency" },
	{ "t_s,f_hz\n0,50\n1,nan\n", "line 3, column f_hz", "\"nan\"" },
	{ "t_s,f_hz\n0,50\n1,inf\n", "line 3, column f_hz", "\"inf\"" },
	{ "t_s,f_hz\n0,50\n1,0x32\n", "line 3, column f_hz", "\"0x32\"" },
	{ "t_s,f_hz\n0,50\n1,50 Hz\n", "line 3, column f_hz", "\"50 Hz\"" },
	{ "t_s,f_hz\n0,50\n1,1e999\n", "line 3, column f_hz", "expected a frequency" },
	{ "t_s,f_hz\n0,50\n1,29.9\n", "line 3, column f_hz", "29.9; expected 30 to 80 Hz" },
	{ "t_s,f_hz\n0,50\n1,-50\n", "line 3, column f_hz", "expected 30 to 80 Hz" },
	{ "t_s,f_hz,v_pu\n0,50,1\n1,50,230\n", "line 3, column v_pu", "--v-base" },
	{ "t_s,f_hz,v_pu\n0,50,1\n1,50,-0.1\n", "line 3, column v_pu", "expected 0 to 2 pu" },
	{ "t_s,f_hz\n1,50\n0,50\n", "line 3, column t_s", "does not go forward" },
	{ "t_s,f_hz\n1,50\n1,50\n", "line 3, column t_s", "does not go forward" },
	{ "t_s,f_hz\n0,50\n0.0001,50\n", "line 3, column t_s", "less than a millisecond" },
	{ "t_s,f_hz\n0,50\n9e9,50\n", "line 3, column t_s", "within 10^9 s" },
	{ "t_s,f_hz\n0,50\n5e6,50\n", "line 3, column t_s", "46 days" },
	{ "t_s,f_hz\n0,\"50\"\n", "line 2", "quotes" },
	{ "t_s,f_hz\n0,50\n1,50\n2,50\n3,50\n4,50\n5,50\n6,50\n7,50\n8,50\n11,50\n",
	  "line 11, column t_s", "a hole of 3 s before it; expected none" },
};

static void the_rest_is_refused_whole_with_its_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bads) / sizeof(bads[0]); i++) {
		if (parse(bads[i].text) != -1)
			fail_msg("taken: %s", bads[i].text);
		assert_int_equal(record.count, 0);
		assert_null(record.points);
		if (strncmp(error, bads[i].where, strlen(bads[i].where)) != 0 ||
		    !strstr(error, bads[i].words))
			fail_msg("\"%s\" for: %s", error, bads[i].text);
	}
}

static void a_nul_byte_is_no_number(void **state)
{
	static const char text[] = "t_s,f_hz\n0,50\n1,5\0000\n";
	static const struct record_options none;

	(void)state;
	assert_int_equal(record_parse(text, sizeof(text) - 1, &none, &record, error), -1);
	assert_int_equal(strncmp(error, "line 3, column f_hz", 19), 0);
}

static void holes_are_bridged_only_when_asked_and_only_so_far(void **state)
{
	struct record_options o = { .bridge_s = 4 };
	static const char text[] = "t_s,f_hz\n0,50\n2,\n4,50.2\n6,50\n";

	(void)state;
	assert_int_equal(parse_with(&o, text), 0);
	assert_int_equal(record.count, 3);
	check_point(1, 4000, 50200, 1000);
	record_free(&record);
	o.bridge_s = 3;
	assert_int_equal(parse_with(&o, text), -1);
	assert_non_null(strstr(error, "line 4, column t_s: a hole of 4 s"));
	assert_non_null(strstr(error, "--bridge 4"));
	o.bridge_s = 10;
	assert_int_equal(parse_with(&o, "t_s,f_hz\n0,50\n2,50\n4,\n"), -1);
	assert_non_null(strstr(error, "empty up to the end"));
	assert_int_equal(parse_with(&o, "t_s,f_hz\n0,\n2,50\n4,50\n"), -1);
}

static void a_hand_made_profile_has_no_holes(void **state)
{
	(void)state;
	assert_int_equal(parse("t_s,f_hz\n0,50\n10,49.8\n11,50\n300,50\n"), 0);
	assert_int_equal(record.count, 4);
	record_free(&record);
}

static void a_part_is_taken_and_what_is_outside_may_be_bad(void **state)
{
	struct record_options o = { .from_s = 10, .to_s = 12 };

	(void)state;
	assert_int_equal(parse_with(&o, "t_s,f_hz\n0,\n9,dead\n10,50\n11,50.1\n12,50\n13,0\n"), 0);
	assert_int_equal(record.count, 3);
	check_point(2, 2000, 50000, 1000);
	record_free(&record);
	assert_int_equal(parse_with(&o, "t_s,f_hz\n0,50\n9,50\n8,50\n"), -1);
	assert_non_null(strstr(error, "line 4"));
	assert_int_equal(parse_with(&o, "t_s,f_hz\n0,50\n10,50\n"), -1);
	assert_non_null(strstr(error, "between --from and --to"));
}

static void many_rows(void **state)
{
	char *text = malloc(2000000);
	size_t at = 0;

	(void)state;
	assert_non_null(text);
	at += (size_t)sprintf(text, "t_s,f_hz,v_pu\n");
	for (int i = 0; i < 50000; i++)
		at += (size_t)sprintf(text + at, "%.1f,50.%03d,1.0\n", i / 10.0, i % 1000);
	assert_int_equal(parse(text), 0);
	assert_int_equal(record.count, 50000);
	check_point(49999, 4999900, 50999, 1000);
	record_free(&record);
	free(text);
}

static void a_file_that_is_not_there(void **state)
{
	static const struct record_options none;

	(void)state;
	assert_int_equal(record_load("/nonexistent.csv", &none, &record, error), -1);
	assert_string_equal(error, "No such file or directory");
	assert_int_equal(record_load("/", &none, &record, error), -1);
	assert_string_equal(error, "Is a directory");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_found_by_name_and_time_begins_at_zero),
		cmocka_unit_test(voltage_may_be_left_out),
		cmocka_unit_test(a_byte_order_mark_is_no_part_of_a_name),
		cmocka_unit_test(other_names_and_volts),
		cmocka_unit_test(column_lists_are_checked),
		cmocka_unit_test(the_rest_is_refused_whole_with_its_line),
		cmocka_unit_test(a_nul_byte_is_no_number),
		cmocka_unit_test(holes_are_bridged_only_when_asked_and_only_so_far),
		cmocka_unit_test(a_hand_made_profile_has_no_holes),
		cmocka_unit_test(a_part_is_taken_and_what_is_outside_may_be_bad),
		cmocka_unit_test(many_rows),
		cmocka_unit_test(a_file_that_is_not_there),
	};

	return cmocka_run_group_tests_name("v2xctl record", tests, NULL, NULL);
}
