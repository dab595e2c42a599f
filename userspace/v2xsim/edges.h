/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The edges a period has still to come, for models that switch: each may be put
 * off (by a dead time, by what a commutation takes) until it happens.
 */
#ifndef V2XSIM_EDGES_H
#define V2XSIM_EDGES_H

#include <stdbool.h>

#define EDGES_MAX 8

/**
 * struct edge - a leg that is to change over
 * @t: when, in the model's own unit of time
 * @leg: which
 * @up: to the upper rail
 * @waits: how often it was put off
 * @charge: what its leg's capacitances have had, C
 * @done: it has changed over, or never will
 */
struct edge {
	double t;
	int leg;
	bool up;
	int waits;
	double charge;
	bool done;
};

/** edge_first() - the earliest of @n that is not done, NULL: there is none */
struct edge *edge_first(struct edge *e, int n);

#endif
