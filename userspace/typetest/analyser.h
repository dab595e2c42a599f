/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A power analyser at the grid terminals of a simulated charger: the plant's
 * true values, not what its sensors say.
 */
#ifndef TYPETEST_ANALYSER_H
#define TYPETEST_ANALYSER_H

#include <linux/types.h>

struct plant;

/**
 * struct analyser - sums since the last analyser_read()
 * @last_current_ns: last time a current was above @quiet_q40
 */
struct analyser {
	double vi;
	double v_re[3], v_im[3], i_re[3], i_im[3];
	u64 last_current_ns;
	s64 quiet_q40;
	unsigned int phases;
	unsigned int count;
};

/* Powers import positive, W and var; fundamental RMS of V and A. */
struct analyser_value {
	double p_w;
	double q_var;
	double v[3];
	double i[3];
};

/** analyser_init() - @quiet_a: instantaneous current that counts as none */
void analyser_init(struct analyser *a, unsigned int phases, double quiet_a);

/** analyser_add() - after each period */
void analyser_add(struct analyser *a, const struct plant *p, u64 t_ns);

/** analyser_read() - means since the last reading, and begin again */
struct analyser_value analyser_read(struct analyser *a);

#endif
