/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Min-max modulation: from a voltage vector to leg references.
 *
 * A common voltage -(max + min) / 2 centres the three legs, which is
 * space-vector modulation: linear up to a phase peak of Vdc / sqrt(3), and the
 * limit is the hexagon, reached when max - min = Vdc. Beyond it the whole
 * vector is shortened, its direction kept, and the caller told by how much.
 */
#ifndef _V2X_MODULATION_H
#define _V2X_MODULATION_H

#include "angle.h"

/**
 * v2x_modulate() - leg references of a voltage vector
 * @v: phase voltages wanted, stationary frame, mV Q8
 * @vdc_recip: 2^52 / DC link voltage in mV Q8
 * @leg_q24: out, -1 .. 1
 *
 * Return: share of @v realised, Q30; V2X_Q30_ONE when all of it.
 */
s32 v2x_modulate(struct v2x_vec v, s32 vdc_recip, s32 leg_q24[3]);

#endif /* _V2X_MODULATION_H */
