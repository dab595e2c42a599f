// SPDX-License-Identifier: Apache-2.0
/* Command line, help, manual page and completion, quantities. */
#include <errno.h>

#include "../../../userspace/v2xctl/keyval.h"
#include "../../../userspace/v2xctl/quantity.h"
#include "run.h"

static char error[512];
static char *words[64];
static struct cli cli;

static int parse(char **argv)
{
	int argc = 0;

	while (argv[argc])
		argc++;
	error[0] = '\0';
	return cli_parse(&cli, argc, argv, words, error, sizeof(error));
}

#define PARSE(...) parse((char *[]){ __VA_ARGS__, NULL })

static void commands_of_one_and_two_words(void **state)
{
	(void)state;
	assert_int_equal(PARSE("status"), 0);
	assert_string_equal(cli.command->name, "status");
	assert_int_equal(PARSE("virt", "create", "one", "soc=50"), 0);
	assert_string_equal(cli.command->name, "virt create");
	assert_int_equal(cli.argc, 2);
	assert_string_equal(cli.argv[1], "soc=50");
}

static void options_before_between_and_with_equals(void **state)
{
	(void)state;
	assert_int_equal(PARSE("--json", "--device", "v2x1", "set", "p=1kW", "--rank=dso", "q=0",
			       "--direct"), 0);
	assert_true(cli.json);
	assert_string_equal(cli.device, "v2x1");
	assert_int_equal(cli.argc, 2);
	assert_string_equal(cli_value(&cli, "rank"), "dso");
	assert_true(cli_has(&cli, "direct"));
	assert_false(cli_has(&cli, "reason"));
	assert_false(cli_has(&cli, "no-such-option"));
	assert_int_equal(PARSE("status", "--device=/dev/v2x3"), 0);
	assert_string_equal(cli.device, "/dev/v2x3");
}

static void wrong_lines_are_told(void **state)
{
	(void)state;
	assert_int_equal(parse((char *[]){ NULL }), -1);
	assert_non_null(strstr(error, "no command"));
	assert_int_equal(PARSE("sttus"), -1);
	assert_non_null(strstr(error, "unknown command \"sttus\""));
	assert_int_equal(PARSE("virt"), -1);
	assert_int_equal(PARSE("virt", "fly"), -1);
	assert_int_equal(PARSE("status", "--fast"), -1);
	assert_non_null(strstr(error, "status has no option --fast"));
	assert_int_equal(PARSE("set", "p=1", "--rank"), -1);
	assert_non_null(strstr(error, "--rank needs a value"));
	assert_int_equal(PARSE("set", "p=1", "--direct=yes"), -1);
	assert_non_null(strstr(error, "takes no value"));
	assert_int_equal(PARSE("status", "now"), -1);
	assert_non_null(strstr(error, "too many"));
	assert_int_equal(PARSE("set"), -1);
	assert_non_null(strstr(error, "too few"));
	assert_non_null(strstr(error, "v2xctl set"));
}

static void the_environment_names_charger_and_socket(void **state)
{
	(void)state;
	setenv("V2X_DEVICE", "garage", 1);
	setenv("V2X_SOCKET", "/tmp/s", 1);
	assert_int_equal(PARSE("status"), 0);
	assert_string_equal(cli.device, "garage");
	assert_string_equal(cli.socket, "/tmp/s");
	assert_int_equal(PARSE("status", "--device", "v2x0"), 0);
	assert_string_equal(cli.device, "v2x0");
	unsetenv("V2X_DEVICE");
	unsetenv("V2X_SOCKET");
}

/* What a printing function prints; the caller frees. */
static char *printed(void (*print)(FILE *to))
{
	char *text;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	print(to);
	fclose(to);
	return text;
}

static void every_command_is_documented(void **state)
{
	char *man = printed(help_man);
	char *usage = printed(help_usage);
	int n = 0;

	(void)state;
	for (const struct cli_command *c = cli_commands; c->name; c++, n++) {
		char text[64];

		snprintf(text, sizeof(text), "\n  %s ", c->name);
		assert_non_null(strstr(usage, text));
		snprintf(text, sizeof(text), ".SS \"%s", c->name);
		assert_non_null(strstr(man, text));
		assert_non_null(c->run);
		assert_true(c->min_args <= c->max_args);
		/* Arguments and their counts tell the same story. */
		assert_int_equal(c->max_args > 0, c->args[0] != '\0');
		for (int i = 0; c->options && c->options[i].name; i++)
			assert_true(i < CLI_OPTIONS_MAX);
	}
	assert_true(n >= 25);
	for (char code = '0'; code <= '5'; code++) {
		char text[16];

		snprintf(text, sizeof(text), ".B %c\n", code);
		assert_non_null(strstr(man, text));
	}
	free(man);
	free(usage);
}

static void check_file(const char *path, char *made)
{
	FILE *file = fopen(path, "r");
	static char text[65536];
	size_t n;

	assert_non_null(file);
	n = fread(text, 1, sizeof(text) - 1, file);
	text[n] = '\0';
	fclose(file);
	if (strcmp(text, made) != 0)
		fail_msg("%s is not what the command table says; run: make v2xctl-docs", path);
	free(made);
}

static void the_files_in_the_tree_are_the_tables(void **state)
{
	(void)state;
	check_file(V2X_TREE "/userspace/v2xctl/v2xctl.bash-completion", printed(help_completion));
	check_file(V2X_TREE "/userspace/v2xctl/v2xctl.1", printed(help_man));
}

/* Asks bash itself what it would offer. */
static void complete(const char *line, char *offer, size_t len)
{
	char command[1024];
	FILE *pipe;
	size_t n;

	snprintf(command, sizeof(command),
		 "bash -c '. %s/userspace/v2xctl/v2xctl.bash-completion; COMP_WORDS=(%s); "
		 "COMP_CWORD=$((${#COMP_WORDS[@]}-1)); _v2xctl; echo \" ${COMPREPLY[*]} \"'",
		 V2X_TREE, line);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	n = fread(offer, 1, len - 1, pipe);
	offer[n] = '\0';
	assert_int_equal(pclose(pipe), 0);
}

static void bash_completes(void **state)
{
	char offer[2048];

	(void)state;
	complete("v2xctl \"\"", offer, sizeof(offer));
	assert_non_null(strstr(offer, " capture "));
	assert_non_null(strstr(offer, " virt "));
	complete("v2xctl st", offer, sizeof(offer));
	assert_non_null(strstr(offer, " status "));
	assert_non_null(strstr(offer, " start "));
	assert_null(strstr(offer, " list "));
	complete("v2xctl virt un", offer, sizeof(offer));
	assert_string_equal(offer, " unplug \n");
	complete("v2xctl virt fault adc_st", offer, sizeof(offer));
	assert_string_equal(offer, " adc_stuck \n");
	complete("v2xctl capture --tr", offer, sizeof(offer));
	assert_string_equal(offer, " --trip \n");
	complete("v2xctl --json set ra", offer, sizeof(offer));
	assert_string_equal(offer, " ramp= \n");
}

static void check_quantity(enum quantity kind, const char *text, int64_t expected)
{
	int64_t milli = 0;

	if (quantity_parse(kind, text, &milli) != 0 || milli != expected)
		fail_msg("\"%s\" gave %lld", text, (long long)milli);
}

static void quantities_have_units(void **state)
{
	int64_t milli;

	(void)state;
	check_quantity(QUANTITY_P, "-5kW", -5000000);
	check_quantity(QUANTITY_P, "7400", 7400000);
	check_quantity(QUANTITY_P, "0", 0);
	check_quantity(QUANTITY_P, "1.5MW", 1500000000);
	check_quantity(QUANTITY_P, ".0004W", 0);
	check_quantity(QUANTITY_P, "1e3W", 1000000);
	check_quantity(QUANTITY_Q, "2kvar", 2000000);
	check_quantity(QUANTITY_RAMP, "2kW/s", 2000000);
	check_quantity(QUANTITY_I, "16A", 16000);
	check_quantity(QUANTITY_DURATION, "10min", 600000);
	check_quantity(QUANTITY_DURATION, "250ms", 250);
	check_quantity(QUANTITY_F, "49.8", 49800);
	static const char *const bad[] = { "", "kW", "5 kW", "5kw", "5kvar", "--5", "0x10", "nan",
					   "inf", "5kWh", "1e16", "1e400", "+-1", "1,5" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (quantity_parse(QUANTITY_P, bad[i], &milli) == 0)
			fail_msg("\"%s\" was taken", bad[i]);
	}
}

static void keys_are_taken_whole_or_refused(void **state)
{
	static const char *const choice[] = { "follow", "form", NULL };
	const struct keyval fresh[] = {
		{ .key = "p", .kind = QUANTITY_P, .min = -11000000, .max = 11000000 },
		{ .key = "for", .kind = QUANTITY_DURATION, .min = 1000, .max = 60000 },
		{ .key = "mode", .words = choice },
		{ .key = NULL },
	};
	struct keyval t[4];
	static const struct {
		const char *word, *text;
	} bad[] = { { "p", "KEY=VALUE with a key of: p, for, mode" },
		    { "x=1", "KEY=VALUE with a key of: p, for, mode" },
		    { "p=", "W, kW or MW" },
		    { "p=11.1kW", "expected -11000 to 11000" },
		    { "mode=", "expected one of: follow, form" },
		    { "mode=Form", "expected one of: follow, form" },
		    { "for=5kW", "ms, s, min or h" } };

	(void)state;
	memcpy(t, fresh, sizeof(t));
	assert_int_equal(keyval_parse(t, 2, (char *[]){ "for=1min", "p=-11kW" }, error,
				      sizeof(error)), 0);
	assert_true(t[0].given && t[1].given);
	assert_int_equal(t[0].milli, -11000000);
	assert_int_equal(keyval_find(t, "for")->milli, 60000);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memcpy(t, fresh, sizeof(t));
		assert_int_equal(keyval_parse(t, 1, (char *[]){ (char *)bad[i].word }, error,
					      sizeof(error)), -1);
		assert_non_null(strstr(error, bad[i].text));
	}
	memcpy(t, fresh, sizeof(t));
	assert_int_equal(keyval_parse(t, 1, (char *[]){ "mode=form" }, error, sizeof(error)), 0);
	assert_true(keyval_find(t, "mode")->given && keyval_find(t, "mode")->milli == 1);
	memcpy(t, fresh, sizeof(t));
	assert_int_equal(keyval_parse(t, 2, (char *[]){ "p=1", "p=2" }, error, sizeof(error)), -1);
	assert_non_null(strstr(error, "twice"));
}

static void without_a_charger_the_status_is_three(void **state)
{
	(void)state;
	assert_int_equal(RUN("--device", "/nonexistent", "status"), EX_NO_DEVICE);
	assert_int_equal(RUN("--device", "/nonexistent", "latency", "--json"), EX_NO_DEVICE);
	assert_non_null(strstr(run_output, "\"ok\":false"));
	assert_non_null(strstr(run_output, "\"code\":3"));
}

static void bad_values_are_refused_before_anything_is_opened(void **state)
{
	(void)state;
	assert_int_equal(RUN("--device", "/nonexistent", "set", "ramp=1kW/s"), EX_BAD_USE);
	assert_int_equal(RUN("--device", "/nonexistent", "set", "p=lots"), EX_BAD_USE);
	assert_int_equal(RUN("--device", "/nonexistent", "set", "p=1", "--start"), EX_BAD_USE);
	assert_int_equal(RUN("--device", "/nonexistent", "set", "p=1", "mode=dc_form"), EX_BAD_USE);
	assert_int_equal(RUN("--device", "/nonexistent", "top", "--count", "0"), EX_BAD_USE);
	assert_int_equal(RUN("--device", "/nonexistent", "events", "--for", "ever"), EX_BAD_USE);
	assert_int_equal(RUN("--device", "/nonexistent", "capture", "--format", "wav"), EX_BAD_USE);
	assert_int_equal(RUN("--device", "/nonexistent", "capture", "--comtrade", "float"),
			 EX_BAD_USE);
	assert_int_equal(RUN("--device", "/nonexistent", "capture", "--seconds", "-1"), EX_BAD_USE);
	assert_int_equal(RUN("--device", "/nonexistent", "pilot", "29"), EX_BAD_USE);
	assert_int_equal(RUN("--device", "/nonexistent", "limits", "import=-1"), EX_BAD_USE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commands_of_one_and_two_words),
		cmocka_unit_test(options_before_between_and_with_equals),
		cmocka_unit_test(wrong_lines_are_told),
		cmocka_unit_test(the_environment_names_charger_and_socket),
		cmocka_unit_test(every_command_is_documented),
		cmocka_unit_test(the_files_in_the_tree_are_the_tables),
		cmocka_unit_test(bash_completes),
		cmocka_unit_test(quantities_have_units),
		cmocka_unit_test(keys_are_taken_whole_or_refused),
		cmocka_unit_test(without_a_charger_the_status_is_three),
		cmocka_unit_test(bad_values_are_refused_before_anything_is_opened),
	};

	return cmocka_run_group_tests_name("v2xctl command line", tests, NULL, NULL);
}
