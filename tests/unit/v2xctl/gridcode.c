// SPDX-License-Identifier: Apache-2.0
/* The gridcode commands on the profiles of the tree and on files of their own. */
#include "run.h"

#define PROFILES V2X_TREE "/userspace/gridcode/profiles"

static char folder[] = "/tmp/v2xctl-gridcode-XXXXXX";
static char path[128];
static char result[128];

static int set_up(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(folder));
	setenv("V2X_GRIDCODE_DIR", PROFILES, 1);
	snprintf(path, sizeof(path), "%s/in", folder);
	snprintf(result, sizeof(result), "%s/out", folder);
	return 0;
}

static int clean_up(void **state)
{
	(void)state;
	unlink(path);
	unlink(result);
	return rmdir(folder);
}

static void put(const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static const char *written(void)
{
	static char text[4096];
	FILE *file = fopen(result, "r");
	size_t n;

	assert_non_null(file);
	n = fread(text, 1, sizeof(text) - 1, file);
	text[n] = '\0';
	fclose(file);
	return text;
}

static void list_says_which_are_drafts(void **state)
{
	(void)state;
	assert_int_equal(RUN("gridcode", "list"), EX_OK_);
	assert_non_null(strstr(run_output, "ieee1547-2018-b-iii          released"));
	assert_non_null(strstr(run_output, "kr-ks-c-8565                 draft      0   0  23"));
}

/*
 * 960 wide, 70 and 30 of margin: U = 207 V = 0.9 pu is a quarter of 0.8 to 1.2;
 * Q = 44 % there is 0.26 of 1.4 below the top of 186, in the second panel.
 */
static const char *plot_of(char *profile)
{
	static char svg[65536];
	FILE *file;

	assert_int_equal(RUN("gridcode", "plot", profile, "--out", result), EX_OK_);
	file = fopen(result, "r");
	assert_non_null(file);
	svg[fread(svg, 1, sizeof(svg) - 1, file)] = '\0';
	fclose(file);
	return svg;
}

static void plots_draw_the_curves_where_they_are(void **state)
{
	const char *svg = plot_of("au-4777-a");

	(void)state;
	assert_non_null(strstr(svg, "285.0,358.5 "));
	assert_non_null(strstr(svg, ">volt-var<"));
	assert_non_null(strstr(svg, "</svg>"));
	/* CEI 0-21: full charge at 51.5 Hz. */
	assert_non_null(strstr(plot_of("it-cei-0-21"), "715.0,241.5 "));
	assert_int_equal(RUN("gridcode", "plot", "no-such"), EX_BAD_USE);
}

static void show_has_ranges_clauses_and_confidence(void **state)
{
	(void)state;
	assert_int_equal(RUN("gridcode", "show", "ieee1547-2018-b-iii"), EX_OK_);
	assert_non_null(strstr(run_output, "uv1_time             21 s           21..50 s"));
	assert_non_null(strstr(run_output, "IEEE 1547-2018 6.4.1 table 13"));
	assert_int_equal(RUN("gridcode", "show", "no-such-code"), EX_BAD_USE);
}

static void diff_names_what_differs(void **state)
{
	(void)state;
	assert_int_equal(RUN("gridcode", "diff", "dk-tr331-dk1", "dk-tr331-dk2"), EX_OK_);
	assert_non_null(strstr(run_output, "lfsm_o.start"));
	assert_non_null(strstr(run_output, "4 values differ"));
	assert_int_equal(RUN("gridcode", "diff", "uk-g99", "uk-g99"), EX_OK_);
	assert_non_null(strstr(run_output, "0 values differ"));
}

static void check_accepts_a_good_file_and_refuses_a_bad_one(void **state)
{
	(void)state;
	assert_int_equal(RUN("gridcode", "check", PROFILES "/uk-g99.conf"), EX_OK_);
	assert_non_null(strstr(run_output, "draft"));
	put("[profile]\nname = x\n");
	assert_int_equal(RUN("gridcode", "check", path), EX_BAD_USE);
	put("[enter_service]\nv_low = 0.9 pu\n");
	assert_int_equal(RUN("gridcode", "check", PROFILES "/ieee1547-2018-b-ii.conf", "--site",
			     path), EX_OK_);
	put("[enter_service]\nv_low = 0.96 pu\n");
	assert_int_equal(RUN("gridcode", "check", PROFILES "/ieee1547-2018-b-ii.conf", "--site",
			     path), EX_BAD_USE);
}

static void replay_trips_when_the_profile_says_so(void **state)
{
	(void)state;
	/* G99: 0.80 pu, 2.5 s. */
	put("t_s,v1_pu,f_hz,p_demand_pu\n0,1,50,0.5\n1,1,50,0.5\n1.02,0.7,50,0.5\n"
	    "3.4,0.7,50,0.5\n3.6,0.7,50,0.5\n");
	assert_int_equal(RUN("gridcode", "replay", "--profile", "uk-g99", "--in", path, "--out",
			     result), EX_OK_);
	assert_non_null(strstr(run_output, "1 trips"));
	assert_non_null(strstr(written(), "3.4,0.7,50,0.5,0.500000,0.000000,continuous,demand\n"
					  "3.6,0.7,50,0.5,0.000000,0.000000,trip,uv1\n"));
	/* Settings may stand often; the last of one key holds. */
	assert_int_equal(RUN("gridcode", "replay", "--profile", "uk-g99", "--set",
			     "trip.uv1_time=1s", "--set", "trip.uv1_limit=65%", "--in", path,
			     "--out", result), EX_OK_);
	assert_non_null(strstr(run_output, "0 trips"));
	assert_int_equal(RUN("gridcode", "replay", "--profile", "uk-g99", "--set", "no.key=1",
			     "--in", path, "--out", result), EX_BAD_USE);
	assert_int_equal(RUN("gridcode", "replay", "--profile", "uk-g99"), EX_BAD_USE);
	assert_int_equal(RUN("gridcode", "replay", "--vectors", folder), EX_BAD_USE);
}

static void map_names_every_protocol(void **state)
{
	(void)state;
	assert_int_equal(RUN("gridcode", "map"), EX_OK_);
	assert_non_null(strstr(run_output, "711.Ctl.DbOf"));
	assert_non_null(strstr(run_output, "FreqDroop.overFreq"));
	assert_non_null(strstr(run_output, "OverFrequencyWatt.Fstart"));
}

static void a_test_through_v2xd_needs_its_device_and_its_charger_as_it_is(void **state)
{
	(void)state;
	assert_int_equal(RUN("gridcode", "test", "--profile", "uk-g99", "--through", "v2xd"),
			 EX_BAD_USE);
	assert_int_equal(RUN("gridcode", "test", "--profile", "uk-g99", "--on", "v2x0",
			     "--through", "somebody"), EX_BAD_USE);
	assert_int_equal(RUN("gridcode", "test", "--profile", "uk-g99", "--on", "v2x0",
			     "--through", "v2xd", "--charger", "trip.ov1_time=2s"), EX_BAD_USE);
}

static void the_self_test_of_italy_names_each_stage(void **state)
{
	static const char *const stages[] = { "59.S2", "27.S1", "27.S2", "81>.S1", "81<.S1",
					      "81>.S2", "81<.S2" };

	(void)state;
	assert_int_equal(RUN("gridcode", "selftest", "--brief", "--date", "2026-01-01"), EX_OK_);
	for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++)
		assert_non_null(strstr(run_output, stages[i]));
	assert_null(strstr(run_output, "FAIL"));
	assert_int_equal(RUN("gridcode", "selftest", "--profile", "uk-g99"), EX_BAD_USE);
	assert_int_equal(RUN("gridcode", "test", "--profile", "uk-g99", "--charger",
			     "defect.nothing=yes"), EX_BAD_USE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(list_says_which_are_drafts),
		cmocka_unit_test(plots_draw_the_curves_where_they_are),
		cmocka_unit_test(show_has_ranges_clauses_and_confidence),
		cmocka_unit_test(diff_names_what_differs),
		cmocka_unit_test(check_accepts_a_good_file_and_refuses_a_bad_one),
		cmocka_unit_test(replay_trips_when_the_profile_says_so),
		cmocka_unit_test(map_names_every_protocol),
		cmocka_unit_test(a_test_through_v2xd_needs_its_device_and_its_charger_as_it_is),
		cmocka_unit_test(the_self_test_of_italy_names_each_stage),
	};

	return cmocka_run_group_tests(tests, set_up, clean_up);
}
