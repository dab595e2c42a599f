/* SPDX-License-Identifier: Apache-2.0 */
/* Harmonics, ripple and direct current of the grid currents. */
#ifndef V2XSIM_SPECTRUM_H
#define V2XSIM_SPECTRUM_H

#include <linux/types.h>

#include "plant.h"

#define SPECTRUM_TICKS 10240	/* ten cycles at 50 kHz */
#define SPECTRUM_ORDERS 50

struct switching;

/**
 * struct spectrum - currents of the last cycles, a tick each
 * @mean: over the tick, so that the ripple of the switching does not alias
 * @square: mean of the squares, with it
 */
struct spectrum {
	float mean[SPECTRUM_TICKS][PLANT_PHASES];
	float square[SPECTRUM_TICKS][PLANT_PHASES];
	float before[PLANT_PHASES];
	double tick_hz;
	double rated_a;
	u32 phases;
	u32 at;
	u32 count;
};

void spectrum_init(struct spectrum *s, const struct plant_cfg *cfg);

/** spectrum_add() - after each tick; @sw when the bridge switches, else NULL */
void spectrum_add(struct spectrum *s, const struct plant *p, const struct switching *sw);

/**
 * spectrum_thd() - orders 2 to 50 over ten cycles, worst phase, as IEC 61000-4-7
 * @f_hz: of the grid
 *
 * Return: part of the fundamental; 0 while there are not ten cycles yet, or no
 * current.
 */
double spectrum_thd(const struct spectrum *s, double f_hz);

/** spectrum_distortion() - everything but the fundamental, switching ripple included */
double spectrum_distortion(const struct spectrum *s, double f_hz);

/** spectrum_order() - largest harmonic of a phase over ten cycles, part of the rated current */
double spectrum_order(const struct spectrum *s, double f_hz, u32 order);

/** spectrum_dc() - largest direct current of a phase over ten cycles, part of the rated current */
double spectrum_dc(const struct spectrum *s, double f_hz);

#endif
