/* SPDX-License-Identifier: Apache-2.0 */
/* What every test of the control includes first. */
#ifndef V2X_TEST_H
#define V2X_TEST_H

#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <linux/kernel.h>
#include <linux/v2x.h>

/* a within b +- tolerance; says the numbers when not */
#define assert_near(a, b, tolerance)						\
	assert_near_at((double)(a), (double)(b), (double)(tolerance), __FILE__, __LINE__)

static inline void assert_near_at(double a, double b, double tolerance, const char *file, int line)
{
	if (fabs(a - b) <= tolerance)
		return;
	print_error("%.9g is not within %.9g of %.9g\n", a, tolerance, b);
	_fail(file, line);
}

#endif
