/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The local load of the tests for loss of mains: a parallel resistor, inductor
 * and capacitor from each phase to neutral, from the words a test is written in.
 */
#ifndef V2XCTL_LOAD_H
#define V2XCTL_LOAD_H

#include <stddef.h>
#include <stdint.h>

#define LOAD_WORDS "p= q_l= q_c= qf= r= l= c= off"

/**
 * struct load_nominal - what the words refer to
 * @phases: 1, 2 or 3
 * @v_mv: phase to neutral
 * @f_mhz: at which L and C take their reactive powers
 */
struct load_nominal {
	uint32_t phases;
	uint32_t v_mv;
	uint32_t f_mhz;
};

/* As the virtual charger takes it, for each phase; 0: there is none. */
struct load {
	uint32_t r_mohm;
	uint32_t l_uh;
	uint32_t c_nf;
};

/**
 * load_words() - "p=11kW qf=1", "r=14.4ohm l=45.9mH c=221uF", or "off"
 *
 * p is the power of all phases. qf sizes L and C so that they resonate at the
 * nominal frequency with this quality factor: p qf of reactive power in each.
 * q_l and q_c give these powers themselves (IEEE 1547.1, IEC 62116 mismatch):
 * numbers in var, or in percent of the matched value, such as q_c=101%.
 * r, l and c give the parts themselves.
 *
 * Return: 0, or -1 with @error.
 */
int load_words(const struct load_nominal *nominal, int argc, char **argv, struct load *load,
	       char *error, size_t len);

#endif
