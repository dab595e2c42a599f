// SPDX-License-Identifier: Apache-2.0
#include "lcl.h"

#include <math.h>
#include <string.h>

#define LARGEST	32	/* rows of a matrix */

void matrix_multiply(int n, double complex *out, const double complex *a, const double complex *b)
{
	double complex t[LARGEST * LARGEST];

	for (int i = 0; i < n; i++)
		for (int j = 0; j < n; j++) {
			t[i * n + j] = 0;
			for (int k = 0; k < n; k++)
				t[i * n + j] += a[i * n + k] * b[k * n + j];
		}
	memcpy(out, t, sizeof(*t) * (size_t)(n * n));
}

/* As the growth of a, a^2, a^4, ... */
double matrix_radius(int n, double complex *a)
{
	double lg = 0, p = 1;

	for (int step = 0; step < 18; step++, p *= 2) {
		double m = 0;

		for (int i = 0; i < n * n; i++)
			m = fmax(m, cabs(a[i]));
		for (int i = 0; i < n * n; i++)
			a[i] /= m;
		lg += log(m) / p;
		matrix_multiply(n, a, a, a);
	}
	return exp(lg);
}

/* exp of the augmented 4x4 (three states, leg voltage held) over one period */
void lcl_discretise(const struct lcl *p, double e[4][4])
{
	double lt = p->l2 + p->lg, rt = p->r2 + p->rg, t = 1 / p->fs / 1024;
	double a[4][4] = {
		{ -(p->rd + p->r1) / p->l1, 1 / p->l1, p->rd / p->l1, -1 / p->l1 },
		{ -1 / p->c, 0, 1 / p->c, 0 },
		{ p->rd / lt, -1 / lt, -(rt + p->rd) / lt, 0 },
		{ 0, 0, 0, 0 },
	};
	double s[4][4], q[4][4];

	for (int i = 0; i < 4; i++)
		for (int j = 0; j < 4; j++)
			e[i][j] = s[i][j] = i == j;
	for (int n = 1; n < 10; n++) {
		for (int i = 0; i < 4; i++)
			for (int j = 0; j < 4; j++) {
				q[i][j] = 0;
				for (int k = 0; k < 4; k++)
					q[i][j] += s[i][k] * a[k][j] * t / n;
			}
		memcpy(s, q, sizeof(s));
		for (int i = 0; i < 4; i++)
			for (int j = 0; j < 4; j++)
				e[i][j] += s[i][j];
	}
	for (int n = 0; n < 10; n++) {
		for (int i = 0; i < 4; i++)
			for (int j = 0; j < 4; j++) {
				q[i][j] = 0;
				for (int k = 0; k < 4; k++)
					q[i][j] += e[i][k] * e[k][j];
			}
		memcpy(e, q, sizeof(q));
	}
}
