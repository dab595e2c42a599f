// SPDX-License-Identifier: Apache-2.0
/*
 * The engine against the vectors of the IEEE 1547-2018 reference model, when
 * REF names the folder of reference data. The bounds are those an
 * implementation of the model's equations reaches.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "gridcode/vectors.h"

static char dir[4096];

static int find_folder(void **state)
{
	const char *ref = getenv("REF");

	(void)state;
	if (ref && *ref)
		snprintf(dir, sizeof(dir), "%s/gridcodes", ref);
	return 0;
}

static void every_dynamic_case_is_reproduced(void **state)
{
	struct vectors_result r = { 0 };

	(void)state;
	if (!dir[0])
		skip();
	if (vectors_dynamic(dir, NULL, NULL, &r) < 0)
		fail_msg("%s", r.error);
	assert_int_equal(r.cases, 143);
	assert_int_equal(r.status_off, 0);
	assert_int_equal(r.cases_off, 0);
	assert_true(r.dynamic_p < 0.0002);
	assert_true(r.dynamic_q < 0.0002);
}

static void every_static_point_is_reproduced(void **state)
{
	struct vectors_result r = { 0 };

	(void)state;
	if (!dir[0])
		skip();
	if (vectors_static(dir, NULL, &r) < 0)
		fail_msg("%s", r.error);
	assert_int_equal(r.points, 3000);
	assert_int_equal(r.points_off, 0);
	assert_true(r.static_p < 0.0002);
	assert_true(r.static_q < 0.0002);
}

static void a_folder_without_cases_is_told(void **state)
{
	struct vectors_result r = { 0 };

	(void)state;
	assert_true(vectors_dynamic(V2X_TREE "/tests", NULL, NULL, &r) < 0);
	assert_string_not_equal(r.error, "");
	assert_true(vectors_static(V2X_TREE "/tests", NULL, &r) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_dynamic_case_is_reproduced),
		cmocka_unit_test(every_static_point_is_reproduced),
		cmocka_unit_test(a_folder_without_cases_is_told),
	};

	return cmocka_run_group_tests(tests, find_folder, NULL);
}
