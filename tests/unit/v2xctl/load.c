// SPDX-License-Identifier: Apache-2.0
/* The local load: from power and quality factor to ohm, henry and farad. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "../../../userspace/v2xctl/load.h"

static const struct load_nominal europe = { 3, 230000, 50000 };
static const struct load_nominal single = { 1, 240000, 60000 };
static struct load load;
static char error[160];

#define WORDS(nominal, ...) words(nominal, (char *[]){ __VA_ARGS__, NULL })

static int words(const struct load_nominal *nominal, char **argv)
{
	int argc = 0;

	while (argv[argc])
		argc++;
	error[0] = '\0';
	return load_words(nominal, argc, argv, &load, error, sizeof(error));
}

/* IEC 62116: R = V2/P, L = R/(w Qf), C = Qf/(w R), each phase a third. */
static void power_and_quality_give_the_parts(void **state)
{
	(void)state;
	assert_int_equal(WORDS(&europe, "p=11kW", "qf=1"), 0);
	assert_int_equal(load.r_mohm, 14427);
	assert_int_equal(load.l_uh, 45923);
	assert_int_equal(load.c_nf, 220631);
	assert_int_equal(WORDS(&single, "p=7200W", "qf=2"), 0);
	assert_int_equal(load.r_mohm, 8000);
	assert_int_equal(load.l_uh, 10610);
	assert_int_equal(load.c_nf, 663146);
}

static void mismatch_is_a_part_of_the_match(void **state)
{
	struct load matched;

	(void)state;
	assert_int_equal(WORDS(&europe, "p=11kW", "qf=1"), 0);
	matched = load;
	assert_int_equal(WORDS(&europe, "p=11kW", "qf=1", "q_c=101%", "q_l=95%"), 0);
	assert_true(fabs(load.c_nf / 1.01 - matched.c_nf) < 1);
	assert_true(fabs(load.l_uh * 0.95 - matched.l_uh) < 1);
	assert_int_equal(load.r_mohm, matched.r_mohm);
	assert_int_equal(WORDS(&europe, "p=11kW", "q_c=11kvar", "q_l=11kvar"), 0);
	assert_memory_equal(&load, &matched, sizeof(load));
}

static void parts_can_be_given_themselves(void **state)
{
	(void)state;
	assert_int_equal(WORDS(&europe, "r=14.4ohm", "l=45.9mH", "c=221uF"), 0);
	assert_int_equal(load.r_mohm, 14400);
	assert_int_equal(load.l_uh, 45900);
	assert_int_equal(load.c_nf, 221000);
	assert_int_equal(WORDS(&europe, "p=0"), 0);
	assert_int_equal(load.r_mohm, 0);
	assert_int_equal(WORDS(&europe, "off"), 0);
	assert_int_equal(load.c_nf, 0);
}

static void what_makes_no_load_is_refused(void **state)
{
	(void)state;
	assert_int_equal(WORDS(&europe, "p=-11kW"), -1);
	assert_non_null(strstr(error, "not below 0"));
	assert_int_equal(WORDS(&europe, "p=11A"), -1);
	assert_non_null(strstr(error, "W or kW"));
	assert_int_equal(WORDS(&europe, "qf=1"), -1);
	assert_non_null(strstr(error, "qf needs p"));
	assert_int_equal(WORDS(&europe, "p=1kW", "q_l=50%"), -1);
	assert_int_equal(WORDS(&europe, "p=1kW", "r=50ohm"), -1);
	assert_int_equal(WORDS(&europe, "x=1"), -1);
	assert_int_equal(WORDS(&europe, "l=1uH"), -1);
	assert_int_equal(WORDS(&europe, "r=1e9ohm"), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(power_and_quality_give_the_parts),
		cmocka_unit_test(mismatch_is_a_part_of_the_match),
		cmocka_unit_test(parts_can_be_given_themselves),
		cmocka_unit_test(what_makes_no_load_is_refused),
	};

	return cmocka_run_group_tests_name("v2xctl-load", tests, NULL, NULL);
}
