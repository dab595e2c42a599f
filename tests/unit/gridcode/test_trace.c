// SPDX-License-Identifier: Apache-2.0
/* Replay of a recorded grid: columns, sign, steps between rows, bad files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "gridcode/params.h"
#include "gridcode/trace.h"

static struct gc_settings settings;
static struct trace_options options;
static struct trace_result result;

static void set(const char *name, double value)
{
	gc_param_put(&settings, gc_param_named(name), value);
}

static int fresh(void **state)
{
	(void)state;
	gc_settings_default(&settings);
	options = (struct trace_options){ 0 };
	set("enter_service.v_low", 0.85);
	set("enter_service.v_high", 1.1);
	set("enter_service.f_low", 49.5);
	set("enter_service.f_high", 50.1);
	set("enter_service.delay", 10);
	set("trip.uv1_limit", 0.8);
	set("trip.uv1_time", 1);
	return 0;
}

/* Replays the text; the result's lines in @out. */
static int replay(const char *text, char *out, size_t len)
{
	char path[] = "/tmp/gridcode-trace-XXXXXX";
	const int fd = mkstemp(path);
	FILE *file = fmemopen(out, len, "w");
	int ret;

	assert_true(fd >= 0 && file);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	ret = trace_replay(path, file, &settings, &options, &result);
	fclose(file);
	unlink(path);
	return ret;
}

static void import_is_positive_and_columns_are_kept(void **state)
{
	char out[1024] = "";

	(void)state;
	set("volt_var.enable", 1);
	set("volt_var.v1", 0.92);
	set("volt_var.q1", 0.44);
	set("volt_var.v2", 0.98);
	set("volt_var.q2", 0);
	set("volt_var.v3", 1.02);
	set("volt_var.q3", 0);
	set("volt_var.v4", 1.08);
	set("volt_var.q4", -0.44);
	set("volt_var.response", 0);
	/* High voltage: reactive power is absorbed, which is import. */
	assert_int_equal(replay("t_s,v1_pu,f_hz,p_demand_pu,note\n0,1.08,50,0.5,a\n"
				"0.02,1.08,50,-0.5,b\n1,1.08,50,-0.5,c\n", out, sizeof(out)), 0);
	assert_string_equal(out, "t_s,v1_pu,f_hz,p_demand_pu,note,p_pu,q_pu,state,reason\n"
				 "0,1.08,50,0.5,a,0.500000,0.440000,continuous,volt-var\n"
				 "0.02,1.08,50,-0.5,b,-0.500000,0.440000,continuous,volt-var\n"
				 "1,1.08,50,-0.5,c,-0.500000,0.440000,continuous,volt-var\n");
	assert_int_equal(result.rows, 3);
	assert_int_equal(result.steps, 51);
}

static void a_gap_between_rows_is_run_through_in_steps(void **state)
{
	char out[1024] = "";

	(void)state;
	assert_int_equal(replay("t_s,v1_pu,f_hz,p_demand_pu\n0,1,50,0\n1,1,50,0\n1.02,0.7,50,0\n"
				"1.9,0.7,50,0\n2.1,0.7,50,0\n", out, sizeof(out)), 0);
	assert_non_null(strstr(out, "1.9,0.7,50,0,0.000000,0.000000,continuous"));
	assert_non_null(strstr(out, "2.1,0.7,50,0,0.000000,0.000000,trip,uv1"));
	assert_int_equal(result.trips, 1);
}

static void a_missing_measurement_stops_and_says_so(void **state)
{
	char out[1024] = "";

	(void)state;
	assert_int_equal(replay("t_s,v1_pu,v2_pu,v3_pu,f_hz,p_demand_pu\n0,1,1,1,50,0.5\n"
				"1,1,1,1,50,0.5\n1.02,1,,1,50,0.5\n2,1,nan,1,50,0.5\n", out,
				sizeof(out)), 0);
	assert_non_null(strstr(out, "2,1,nan,1,50,0.5,0.000000,0.000000,trip,measurement"));
}

static void waiting_starts_out_of_service(void **state)
{
	char out[1024] = "";

	(void)state;
	options.waiting = true;
	assert_int_equal(replay("t_s,v1_pu,f_hz,p_demand_pu\n0,1,50,1\n9.9,1,50,1\n10.5,1,50,1\n",
				out, sizeof(out)), 0);
	assert_non_null(strstr(out, "9.9,1,50,1,0.000000,0.000000,trip,waiting"));
	assert_non_null(strstr(out, "10.5,1,50,1,1.000000,0.000000,continuous"));
}

static void a_zero_byte_is_refused_and_a_byte_order_mark_is_not(void **state)
{
	static const char zero[] = "t_s,v1_pu,f_hz,p_demand_pu\n0,1,50,0\n1,1,50,0\0,junk\n";
	char out[512] = "", path[] = "/tmp/gridcode-trace-XXXXXX";
	const int fd = mkstemp(path);
	FILE *file = fmemopen(out, sizeof(out), "w");

	(void)state;
	assert_true(fd >= 0 && file);
	assert_int_equal(write(fd, zero, sizeof(zero) - 1), (ssize_t)sizeof(zero) - 1);
	close(fd);
	assert_true(trace_replay(path, file, &settings, &options, &result) < 0);
	assert_non_null(strstr(result.error, ":3: a zero byte"));
	fclose(file);
	unlink(path);
	assert_int_equal(replay("\xef\xbb\xbft_s,v1_pu,f_hz,p_demand_pu\r\n0,1,50,0\r\n", out,
				sizeof(out)), 0);
}

static void bad_files_are_refused_with_their_line(void **state)
{
	static const struct { const char *text, *says; } rows[] = {
		{ "t_s,v1_pu,p_demand_pu\n0,1,0\n", "no column f_hz" },
		{ "t_s,v1_pu,v2_pu,f_hz,p_demand_pu\n0,1,1,50,0\n", "v2_pu and v3_pu" },
		{ "t_s,v1_pu,f_hz,p_demand_pu\n0,1,50,0\n0,1,50,0\n", ":3: t_s does not rise" },
		{ "t_s,v1_pu,f_hz,p_demand_pu\n0,1,50\n", ":2: 3 fields" },
		{ "t_s,v1_pu,f_hz,p_demand_pu\n0,1,50,x\n", ":2: p_demand_pu \"x\"" },
		{ "t_s,v1_pu,f_hz,p_demand_pu\n0,abc,50,0\n", "v1_pu \"abc\"" },
		{ "t_s,v1_pu,f_hz,p_demand_pu\n", "no rows" },
		{ "t_s,v1_pu,f_hz,p_demand_pu\n0,1,50,0\n1e12,1,50,0\n", "since the row before" },
		{ "", "empty" },
		{ "t_s,v1_pu,v1_pu,f_hz,p_demand_pu\n0,1,1,50,0\n", ":1: column v1_pu stands twice" },
		{ "t_s,v1_pu,f_hz,p_demand_pu\n0,0x1,50,0\n", "v1_pu \"0x1\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char out[512] = "";

		assert_true(replay(rows[i].text, out, sizeof(out)) < 0);
		if (!strstr(result.error, rows[i].says))
			fail_msg("\"%s\" gave \"%s\"", rows[i].text, result.error);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(import_is_positive_and_columns_are_kept, fresh),
		cmocka_unit_test_setup(a_gap_between_rows_is_run_through_in_steps, fresh),
		cmocka_unit_test_setup(a_missing_measurement_stops_and_says_so, fresh),
		cmocka_unit_test_setup(waiting_starts_out_of_service, fresh),
		cmocka_unit_test_setup(a_zero_byte_is_refused_and_a_byte_order_mark_is_not, fresh),
		cmocka_unit_test_setup(bad_files_are_refused_with_their_line, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
