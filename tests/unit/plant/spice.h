/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An independent simulation of the same circuit: a netlist made of the plant's
 * values, run by ngspice, and its curves.
 */
#ifndef SPICE_H
#define SPICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define SPICE_CURVES 8

/**
 * struct spice - a run's curves
 * @t: seconds, @count of them
 * @v: values of each curve
 */
struct spice {
	size_t count;
	int curves;
	double *t;
	double *v[SPICE_CURVES];
	char dir[64];
	FILE *net;
};

/** spice_there() - is ngspice installed? */
bool spice_there(void);

/** spice_begin() - a netlist to be written to s->net */
void spice_begin(struct spice *s, const char *title);

/**
 * spice_run() - simulate from zero and read the curves
 * @seconds: how long
 * @step: longest step
 * @curves: such as "i(vi0) v(dc)"
 * @n: how many these are
 *
 * Return: 0, or -1 when ngspice failed.
 */
int spice_run(struct spice *s, double seconds, double step, const char *curves, int n);

/** spice_at() - value of a curve at a time, between its points */
double spice_at(const struct spice *s, int curve, double t);

void spice_free(struct spice *s);

#endif
