/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A home on one or two phases behind an island switch: what its loads see.
 */
#ifndef V2X_TEST_HOME_H
#define V2X_TEST_HOME_H

#include "rig.h"

#define HOME_LINES	3
#define HOME_SPAN	400

/**
 * struct home - one charger and what was seen of its voltage since home_watch()
 * @rig: the charger
 * @lines: 1 or 2
 * @below_ms: the worse line's voltage over the last half cycle below 0.9 of nominal
 * @gap_ms: instantaneous voltage away from the nominal wave by more than a tenth of its peak,
 *	the wave being that of the form's angle
 * @least: least voltage over half a cycle, from 20 ms on
 * @most: likewise, most
 * @i_most: largest current, peak
 * @ticks: since home_watch()
 */
struct home {
	struct rig rig;
	u32 lines;
	u32 half;
	double vn;
	double square[HOME_LINES][HOME_SPAN];
	double sum[HOME_LINES];
	u32 at;
	double below_ms;
	double least;
	double most;
	double i_most;
	u32 ticks;
};

/** home_init() - this model with an island switch, and a load of @load_w */
void home_init(struct home *h, const char *model, double load_w);

/** home_run() - likewise, in RUN at @p_w with these V2X_SETPOINT_ flags */
void home_run(struct home *h, const char *model, s32 p_w, double load_w, u32 flags);

/** home_load() - a resistor on each line, @load_w together */
void home_load(struct home *h, double load_w);

/** home_utility() - its voltage, and whether its breaker is open */
void home_utility(struct home *h, u32 mpu, u32 open);

/** home_watch() - forget what was seen */
void home_watch(struct home *h);

/** home_volts() - RMS of a line over the last half cycle, of nominal */
double home_volts(const struct home *h, u32 line);

/** home_until() - until the island is in @phase; milliseconds, -1 after @ms */
int home_until(struct home *h, u32 phase, u32 ms);

/** home_limit() - the current limit, peak */
double home_limit(const struct home *h);

/** home_thd() - total harmonic distortion to the 40th of a line's voltage, over @cycles */
double home_thd(struct home *h, u32 line, u32 cycles);

#endif
