/* SPDX-License-Identifier: Apache-2.0 */
/* What both islanding tests share: the load at the charger, and the breaker that opens. */
#ifndef TYPETEST_ISLAND_H
#define TYPETEST_ISLAND_H

#include "bench.h"

/* Clearing time of IEEE 1547-2018 8.1.1 and IEC 62116. */
#define ISLAND_RUN_ON_S 2.0

/** island_settings() - every function off; IEEE 1547.1: trips at the far ends of their ranges */
struct gc_settings island_settings(const struct bench *b);

/**
 * island_open() - with @load: wait, open the breaker
 * Return: how long current flowed after that, s; NaN: none did before.
 */
double island_open(struct bench *b, const struct lab_load *load);

/** island_run_1547() - the ten cases of IEEE 1547.1 */
void island_run_1547(struct bench *b);

#endif
