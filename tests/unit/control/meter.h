/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A wattmeter at the terminals of a rig's charger: what really flows there, from
 * the plant and not from its sensors, as a mean over the last half cycle.
 */
#ifndef V2X_TEST_METER_H
#define V2X_TEST_METER_H

#include "rig.h"

#define METER_MAX	1024

/**
 * struct meter - the wattmeter
 * @w: power of each of the last samples, import positive
 * @n: samples in half a cycle
 * @at: place of the next
 * @sum: of the last @n
 * @lo: least mean since meter_begin(), W
 * @hi: largest
 * @energy: J since meter_begin(), import positive
 */
struct meter {
	double w[METER_MAX];
	unsigned int n;
	unsigned int at;
	double sum;
	double lo;
	double hi;
	double energy;
};

/** meter_attach() - measure from the next tick on; takes &struct rig.each and .arg */
void meter_attach(struct meter *m, struct rig *r);

/** meter_begin() - forget the extremes, not the window: a fault comes now */
void meter_begin(struct meter *m);

/**
 * meter_wrong() - most that flowed against @p_mw since meter_begin()
 * @m: meter
 * @p_mw: what was asked for; its sign counts
 *
 * Return: W, mean over half a cycle, 0 when nothing did.
 */
double meter_wrong(const struct meter *m, s32 p_mw);

#endif
