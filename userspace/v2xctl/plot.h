/* SPDX-License-Identifier: Apache-2.0 */
/* Waveforms as pictures: characters, SVG, and a gnuplot script. */
#ifndef V2XCTL_PLOT_H
#define V2XCTL_PLOT_H

#include <stdio.h>

#include "wave.h"

/** plot_ascii() - one panel of @width by @height characters a unit */
void plot_ascii(FILE *to, const struct wave *wave, const struct wave_channel **channels,
		int width, int height);

/** plot_svg() - one panel a unit, below each other; 0 or -EIO */
int plot_svg(FILE *to, const struct wave *wave, const struct wave_channel **channels);

/** plot_gnuplot() - a script with the data in it; 0 or -EIO */
int plot_gnuplot(FILE *to, const struct wave *wave, const struct wave_channel **channels);

#endif
