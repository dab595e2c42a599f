/* SPDX-License-Identifier: Apache-2.0 */
/* Waveforms and cycle records as CSV. */
#ifndef V2XCTL_WAVE_CSV_H
#define V2XCTL_WAVE_CSV_H

#include <stdio.h>

#include "wave.h"

/** wave_csv_write() - t_s (0 at the trip, else at the first sample), tick, channels; 0 or -EIO */
int wave_csv_write(FILE *to, const struct wave *wave, const struct wave_channel **channels);

void cycle_csv_header(FILE *to);
void cycle_csv_row(FILE *to, const struct v2x_cycle *cycle);

#endif
