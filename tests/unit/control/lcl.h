/* SPDX-License-Identifier: Apache-2.0 */
/* The LCL filter with its grid, and what the tests of a loop's poles need. */
#ifndef TEST_LCL_H
#define TEST_LCL_H

#include <complex.h>

/* H, ohm, F; @fs: samples a second */
struct lcl {
	double l1, r1, l2, r2, c, rd, lg, rg, fs;
};

/**
 * lcl_discretise() - exact zero-order-hold model over one period
 * @e: out, from (i1, vC, i2, leg voltage) to the same one period later
 */
void lcl_discretise(const struct lcl *p, double e[4][4]);

/** matrix_multiply() - out = a b, each n by n in rows; @out may be @a or @b */
void matrix_multiply(int n, double complex *out, const double complex *a, const double complex *b);

/** matrix_radius() - modulus of the largest eigenvalue; @a, n by n, is lost */
double matrix_radius(int n, double complex *a);

#endif
