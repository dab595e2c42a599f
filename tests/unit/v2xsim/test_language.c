// SPDX-License-Identifier: Apache-2.0
/* What a scenario may say, and what is said about one that is wrong. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "action.h"
#include "help.h"
#include "measure.h"
#include "scenario.h"

static struct scenario s;

static int parse(const char *text, char *const *defines)
{
	return scenario_parse(&s, "test.sim", strdup(text), defines);
}

static void refused(const char *text, const char *where, const char *why)
{
	assert_int_equal(parse(text, NULL), -1);
	if (strncmp(s.error, where, strlen(where)) != 0 || !strstr(s.error, why))
		fail_msg("\"%s\" gives \"%s\"; expected %s ... %s", text, s.error, where, why);
}

static void numbers_have_units_widths_and_ranges(void **state)
{
	struct value_range r;
	double v;

	(void)state;
	assert_int_equal(value_parse(VALUE_POWER, "-5kW", &v), 0);
	assert_true(v == -5000);
	assert_int_equal(value_parse(VALUE_NUMBER, "1e-4", &v), 0);
	assert_true(v == 1e-4);
	assert_int_equal(value_range(VALUE_POWER, "-5kW+-100W", &r), 0);
	assert_true(r.lo == -5100 && r.hi == -4900);
	assert_int_equal(value_range(VALUE_POWER, "-10kW+-2%", &r), 0);
	assert_true(fabs(r.lo + 10200) < 1e-9 && fabs(r.hi + 9800) < 1e-9);
	assert_int_equal(value_range(VALUE_FREQUENCY, "49.9Hz..50.1Hz", &r), 0);
	assert_true(r.lo == 49.9 && r.hi == 50.1);
	assert_int_equal(value_parse(VALUE_POWER, "5A", &v), -1);
	assert_int_equal(value_parse(VALUE_POWER, "", &v), -1);
	assert_int_equal(value_parse(VALUE_POWER, "nan", &v), -1);
	assert_int_equal(value_range(VALUE_POWER, "5kW+--1W", &r), -1);
	assert_int_equal(value_range(VALUE_FREQUENCY, "51Hz..50Hz", &r), -1);
}

static void times_are_absolute_or_after_the_last(void **state)
{
	(void)state;
	assert_int_equal(parse("at 1.5s plug\nat +250ms start\nexpect state=run by +2s\n", NULL), 0);
	assert_int_equal(s.steps[0].t_ns, 1500000000);
	assert_int_equal(s.steps[1].t_ns, 1750000000);
	assert_int_equal(s.expects[0].from_ns, 1750000000);
	assert_int_equal(s.expects[0].to_ns, 3750000000);
	scenario_free(&s);
}

static void steps_run_in_order_of_time(void **state)
{
	(void)state;
	assert_int_equal(parse("at 2s start\nat 1s plug\nat 2s set p=5kW\n", NULL), 0);
	assert_string_equal(s.steps[0].action->name, "plug");
	assert_string_equal(s.steps[1].action->name, "start");
	assert_string_equal(s.steps[2].action->name, "set");
	scenario_free(&s);
}

static void names_stand_for_what_is_defined(void **state)
{
	char *defines[] = { "P=-3kW", NULL };

	(void)state;
	assert_int_equal(parse("at 1s set p=$P q=${Q-1kvar}\n", defines), 0);
	assert_int_equal((int32_t)s.steps[0].changes[1].value, -3000000);
	assert_int_equal((int32_t)s.steps[0].changes[2].value, 1000000);
	scenario_free(&s);
	refused("at 1s set p=$P\n", "test.sim:1: ", "--define P=VALUE");
}

static void chargers_are_named_or_all_are_meant(void **state)
{
	(void)state;
	assert_int_equal(parse("chargers 3\nat 0s plug\nat 1s @2 set p=1kW\n"
			       "expect state=run by 2s\nexpect @3 trips=0 always\n", NULL), 0);
	assert_int_equal(s.steps[0].who, 0);
	assert_int_equal(s.steps[1].who, 2);
	assert_int_equal(s.expect_count, 4);
	assert_int_equal(s.expects[2].who, 2);
	assert_int_equal(s.expects[3].who, 2);
	scenario_free(&s);
	refused("chargers 9\nat 0s plug\n", "test.sim:1: ", "1 to 4");
	refused("at 0s @2 plug\n", "test.sim:1: ", "@1 to @1");
	refused("chargers 2\nat 0s @2 grid f=50Hz\n", "test.sim:2: ", "for all chargers");
	refused("at 0s load p=5kW qf=\n", "test.sim:1: ", "qf=");
	refused("charger model=9p\nat 0s plug\n", "test.sim:1: ", "no such model");
}

static void what_is_wrong_is_told_with_line_and_expectation(void **state)
{
	(void)state;
	refused("at 0s plug\nat 1s jump\n", "test.sim:2: ", "no such action");
	refused("at noon plug\n", "test.sim:1: ", "expected: at TIME");
	refused("at 1s grid f=50A\n", "test.sim:1: ", "expected a number in Hz");
	refused("at 1s grid f=200Hz\n", "test.sim:1: ", "0 to 100000");
	refused("at 1s grid\n", "test.sim:1: ", "expected KEY=VALUE");
	refused("at 1s set p=5\nat 2s set volume=11\n", "test.sim:2: ", "volume");
	refused("at 1s set p=5A\n", "test.sim:1: ", "W, kW or MW");
	refused("at 1s fault meteor\n", "test.sim:1: ", "no such fault");
	refused("at 1s fault gate_fault:99\n", "test.sim:1: ", "up to 15");
	refused("at 1s replay nowhere.csv\n", "test.sim:1: ", "nowhere.csv");
	refused("at 1s lease 1ms\n", "test.sim:1: ", "20ms to 10s");
	refused("at 0s plug\n\nexpect mood=good by 1s\n", "test.sim:3: ", "expected one of: state");
	refused("at 0s plug\nexpect state=happy by 1s\n", "test.sim:2: ", "happy");
	refused("at 0s plug\nexpect p=5V by 1s\n", "test.sim:2: ", "unit of W");
	refused("at 0s plug\nexpect p=5W\n", "test.sim:2: ", "expect NAME=VALUE by TIME");
	refused("at 0s plug\nexpect p=5W before 1s\n", "test.sim:2: ", "by TIME, at TIME");
	refused("at 2s plug\nexpect p=5W by 1s\n", "test.sim:2: ", "ends before it begins");
	refused("at 2s plug\nend 1s\n", "test.sim: ", "comes before");
	refused("charger cells=100\nat 0s plug\n", "test.sim:1: ", "cells");
	refused("charger colour=1\nat 0s plug\n", "test.sim:1: ", "no colour");
	refused("at 0s plug\ncharger cells=96\n", "test.sim:2: ", "before any");
	refused("boil 3l\n", "test.sim:1: ", "expected at, expect");
	refused("# nothing\n", "test.sim: ", "nothing is done");
}

static void every_word_is_in_the_manual_page(void **state)
{
	char *text = NULL, *file;
	char path[4096];
	size_t len = 0, n;
	FILE *to = open_memstream(&text, &len), *from;

	(void)state;
	assert_true(help_asked("--man", to));
	fclose(to);
	for (const struct action *a = actions; a->name; a++)
		assert_non_null(strstr(text, a->name));
	snprintf(path, sizeof(path), "%s/userspace/v2xsim/v2xsim.1", V2X_TREE);
	from = fopen(path, "r");
	assert_non_null(from);
	file = calloc(1, len + 2);
	n = fread(file, 1, len + 1, from);
	fclose(from);
	/* make v2xsim-docs renews it */
	assert_int_equal(n, len);
	assert_memory_equal(file, text, len);
	free(file);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_have_units_widths_and_ranges),
		cmocka_unit_test(times_are_absolute_or_after_the_last),
		cmocka_unit_test(steps_run_in_order_of_time),
		cmocka_unit_test(names_stand_for_what_is_defined),
		cmocka_unit_test(chargers_are_named_or_all_are_meant),
		cmocka_unit_test(what_is_wrong_is_told_with_line_and_expectation),
		cmocka_unit_test(every_word_is_in_the_manual_page),
	};

	return cmocka_run_group_tests_name("v2xsim-language", tests, NULL, NULL);
}
