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
 * @since: when it was looked at last
 * @end: when it can be put off no longer
 * @charge: what its leg's capacitances have had, C
 * @leg: which
 * @waits: how often it was put off
 * @up: to the upper rail
 * @done: it has changed over, or never will
 */
struct edge {
	double t;
	double since;
	double end;
	double charge;
	int leg;
	int waits;
	bool up;
	bool done;
};

/** edge_first() - the earliest of @n that is not done, NULL: there is none */
struct edge *edge_first(struct edge *e, int n);

#endif
