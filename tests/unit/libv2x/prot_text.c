// SPDX-License-Identifier: Apache-2.0
/* Protection tables as text. */
#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <v2x.h>

static const char example[] =
	"# a grid code\n"
	"name  VDE-AR-N 4105:2018 \n"
	"version 3\n"
	"return 5 s\n"
	"recover 400 ms   # slow\n"
	"k 2.5\n"
	"k_band 0.1\n"
	"lom_gain 0.2\n"
	"\n"
	"stage v_phase over trip 287.5 V 100 ms\n"
	"stage v_phase under trip 184000 mV 3 s\n"
	"stage f over trip 51.5 Hz 0.1 s\n"
	"stage f under trip 47500 mHz 100 ms window 100 ms\n"
	"stage rocof over trip 1 Hz/s 500 ms window 500 ms\n"
	"stage vector_shift over trip 10 deg 0 ms";

static void a_table_is_read_with_its_units(void **state)
{
	struct v2x_prot_table t;
	char error[200];

	(void)state;
	assert_int_equal(v2x_prot_table_parse(example, strlen(example), &t, error, sizeof(error)),
			 0);
	assert_int_equal(t.size, sizeof(t));
	assert_string_equal(t.name, "VDE-AR-N 4105:2018");
	assert_int_equal(t.version, 3);
	assert_int_equal(t.return_ms, 5000);
	assert_int_equal(t.recover_ms, 400);
	assert_int_equal(t.k_permille, 2500);
	assert_int_equal(t.k_band_permille, 100);
	assert_int_equal(t.lom_gain_permille, 200);
	assert_int_equal(t.count, 6);
	assert_int_equal(t.entry[0].quantity, V2X_PROT_V_PHASE);
	assert_int_equal(t.entry[0].side, V2X_PROT_OVER);
	assert_int_equal(t.entry[0].action, V2X_PROT_TRIP);
	assert_int_equal(t.entry[0].threshold, 287500);
	assert_int_equal(t.entry[1].threshold, 184000);
	assert_int_equal(t.entry[1].time_ms, 3000);
	assert_int_equal(t.entry[2].threshold, 51500);
	assert_int_equal(t.entry[2].time_ms, 100);
	assert_int_equal(t.entry[3].window_ms, 100);
	assert_int_equal(t.entry[4].threshold, 1000);
	assert_int_equal(t.entry[5].threshold, 10000);
}

static void what_is_written_reads_back_the_same(void **state)
{
	struct v2x_prot_table t;
	struct v2x_prot_table again;
	char error[200];
	char text[4096];
	int n;

	(void)state;
	assert_int_equal(v2x_prot_table_parse(example, strlen(example), &t, error, sizeof(error)),
			 0);
	n = v2x_prot_table_format(&t, text, sizeof(text));
	assert_in_range(n, 100, sizeof(text) - 1);
	assert_int_equal(v2x_prot_table_parse(text, strlen(text), &again, error, sizeof(error)), 0);
	assert_memory_equal(&t, &again, sizeof(t));
}

static void a_bad_line_is_refused_with_its_number(void **state)
{
	static const struct {
		const char *text;
		const char *says;
	} bad[] = {
		{ "name x\nstage v_phase over trip 1 V 100", "line 2" },
		{ "stage v_phase over trip 1 Hz 100 ms", "unit" },
		{ "stage v_phase over trip 0.0001 V 100 ms", "finer" },
		{ "stage v_phase over trip 1e3 V 100 ms", "number" },
		{ "stage v_phase over trip 99999999 V 100 ms", "range" },
		{ "stage v_phase over trip 1 V -1 ms", "range" },
		{ "stage volts over trip 1 V 1 ms", "volts" },
		{ "stage v_phase above trip 1 V 1 ms", "above" },
		{ "stage v_phase over alarm 1 V 1 ms", "alarm" },
		{ "stage v_phase over trip 1 V 1 ms 5 ms", "expected" },
		{ "version -1", "version" },
		{ "version 1.5", "version" },
		{ "name 12345678901234567890123456789012", "31" },
		{ "colour red", "colour" },
		{ "k 1 pu", "expected" },
		{ "return 5", "expected" },
		{ "# nothing", "no stage" },
		{ "", "no stage" },
	};
	struct v2x_prot_table t;
	char error[200];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memset(&t, 0x5a, sizeof(t));
		assert_int_equal(v2x_prot_table_parse(bad[i].text, strlen(bad[i].text), &t, error,
						      sizeof(error)), -EINVAL);
		if (!strstr(error, bad[i].says))
			fail_msg("\"%s\": %s", bad[i].text, error);
		assert_int_equal(t.count, 0x5a5a5a5a);
	}
}

static void more_stages_than_there_is_room_for_are_refused(void **state)
{
	static char text[8192];
	struct v2x_prot_table t;
	char error[200];

	(void)state;
	for (int i = 0; i < V2X_PROT_ENTRIES; i++)
		strcat(text, "stage v_phase over trip 1 V 1 ms\n");
	assert_int_equal(v2x_prot_table_parse(text, strlen(text), &t, error, sizeof(error)), 0);
	strcat(text, "stage v_phase over trip 1 V 1 ms\n");
	assert_int_equal(v2x_prot_table_parse(text, strlen(text), &t, error, sizeof(error)),
			 -EINVAL);
	assert_non_null(strstr(error, "line 33"));
}

static void a_zero_byte_or_a_long_line_is_refused(void **state)
{
	static char text[300];
	struct v2x_prot_table t;
	char error[200];

	(void)state;
	assert_int_equal(v2x_prot_table_parse("name x\0y\n", 9, &t, error, sizeof(error)), -EINVAL);
	memset(text, ' ', 250);
	assert_int_equal(v2x_prot_table_parse(text, 250, &t, error, sizeof(error)), -EINVAL);
	assert_non_null(strstr(error, "longer"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_is_read_with_its_units),
		cmocka_unit_test(what_is_written_reads_back_the_same),
		cmocka_unit_test(a_bad_line_is_refused_with_its_number),
		cmocka_unit_test(more_stages_than_there_is_room_for_are_refused),
		cmocka_unit_test(a_zero_byte_or_a_long_line_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
