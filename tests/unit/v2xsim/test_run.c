// SPDX-License-Identifier: Apache-2.0
/* Verdicts: what is expected and does not come must be said. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "output.h"
#include "run.h"

static const struct run_options silent;
static struct scenario s;
static struct run r;

static int run(const char *text)
{
	int ret;

	assert_int_equal(scenario_parse(&s, "test.sim", strdup(text), NULL), 0);
	ret = run_scenario(&r, &s, &silent);
	return ret;
}

static char *summary(void)
{
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	output_summary(to, &r);
	fclose(to);
	return text;
}

#define RUNNING "at 0s plug\nat 0.2s start\n"

static void what_comes_is_met(void **state)
{
	(void)state;
	assert_int_equal(run(RUNNING "expect state=run by 3s\nexpect v_a=230V+-1V at end\n"), 0);
	assert_int_equal(r.failed, 0);
	scenario_free(&s);
}

static void what_does_not_come_is_told_with_its_line(void **state)
{
	char *text;

	(void)state;
	assert_int_equal(run(RUNNING "expect state=run by 0.3s\n"
			     "expect v_a=231V..232V from 0.5s to 0.6s\n"
			     "expect gates=1 at 0.1s\nexpect state!=idle always\n"), 1);
	assert_int_equal(r.failed, 4);
	text = summary();
	assert_non_null(strstr(text, "test.sim:3: expect state=run by 0.3s: nearest was "));
	assert_non_null(strstr(text, "test.sim:4: "));
	assert_non_null(strstr(text, "test.sim:5: expect gates=1 at 0.1s: was 0 at 0.1 s"));
	assert_non_null(strstr(text, "test.sim:6: expect state!=idle always: was idle"));
	free(text);
	scenario_free(&s);
}

static void a_setting_the_control_refuses_ends_the_run(void **state)
{
	(void)state;
	assert_int_equal(run("at 0s plug\nat 1s set p=20kW\n"), 2);
	assert_non_null(strstr(r.refused, "test.sim:2: set is refused: p_mw"));
	scenario_free(&s);
}

static void the_same_seed_gives_the_same_run(void **state)
{
	struct v2x_cycle first;
	const char *text = RUNNING "at 1s set p=5kW\nend 2s\n";

	(void)state;
	assert_int_equal(run(text), 0);
	first = r.charger->cycle;
	scenario_free(&s);
	assert_int_equal(run(text), 0);
	assert_memory_equal(&first, &r.charger->cycle, sizeof(first));
	scenario_free(&s);
	assert_int_equal(run("charger seed=77\n" RUNNING "at 1s set p=5kW\nend 2s\n"), 0);
	assert_memory_not_equal(&first, &r.charger->cycle, sizeof(first));
	scenario_free(&s);
}

static void a_value_set_by_hand_takes_over_from_a_record(void **state)
{
	char path[] = "/tmp/v2xsim-recordXXXXXX", text[200];
	const int fd = mkstemp(path);
	FILE *to = fdopen(fd, "w");

	(void)state;
	fputs("t_s,f_hz\n0,49\n0.1,49\n", to);
	fclose(to);
	snprintf(text, sizeof(text), "at 0s replay %s\nexpect f_grid=49Hz from 10ms to 500ms\n"
		 "at 0.6s grid f=51Hz\nexpect f_grid=51Hz from 610ms to 700ms\n", path);
	assert_int_equal(run(text), 0);
	scenario_free(&s);
	remove(path);
}

static void chargers_alike_differ_in_their_noise_only(void **state)
{
	(void)state;
	assert_int_equal(run("chargers 2\nat 0s load p=2kW qf=1\n" RUNNING
			     "at 1s set p=5kW\nexpect p=5kW+-1% by 2.5s\n"), 0);
	assert_memory_not_equal(&r.charger[0].in.samples, &r.charger[1].in.samples,
				sizeof(r.charger[0].in.samples));
	scenario_free(&s);
}

static void swallowed_ticks_are_told_to_the_control(void **state)
{
	(void)state;
	assert_int_equal(run(RUNNING "at 2s fault missed_ticks:1\nexpect state=run from 2s to 2.1s\n"
			     "at 2.2s fault missed_ticks:3\nexpect trip=missed_ticks by +1ms\n"), 0);
	scenario_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_comes_is_met),
		cmocka_unit_test(what_does_not_come_is_told_with_its_line),
		cmocka_unit_test(a_setting_the_control_refuses_ends_the_run),
		cmocka_unit_test(the_same_seed_gives_the_same_run),
		cmocka_unit_test(chargers_alike_differ_in_their_noise_only),
		cmocka_unit_test(swallowed_ticks_are_told_to_the_control),
		cmocka_unit_test(a_value_set_by_hand_takes_over_from_a_record),
	};

	return cmocka_run_group_tests_name("v2xsim-run", tests, NULL, NULL);
}
