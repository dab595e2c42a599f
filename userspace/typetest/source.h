/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The grid of a virtual charger as a laboratory's source, through configfs.
 * It is borrowed: what was there before comes back at the end.
 */
#ifndef TYPETEST_SOURCE_H
#define TYPETEST_SOURCE_H

#include <stdint.h>

#include "lab.h"

#define SOURCE_ATTRIBUTES 12

/**
 * struct source - see the functions
 * @dir: of the charger in configfs
 * @now: as it stands
 * @found: each attribute as it was found, in its own unit
 * @known: which of @found could be read, a bit each
 */
struct source {
	char dir[256];
	struct lab_source now;
	long found[SOURCE_ATTRIBUTES];
	uint32_t known;
};

/** source_borrow() - remember what is there */
void source_borrow(struct source *source, const char *dir);

/** source_put() - voltage, frequency and angle from now on; of @phases phases */
void source_put(struct source *source, const struct lab_source *to, unsigned int phases);

/** source_load() - parts at the terminals, and the breaker behind them */
void source_load(const struct source *source, const struct lab_parts *parts, bool open);

/** source_attribute() - one of the charger's others: "car/plugged" */
void source_attribute(const struct source *source, const char *attribute, long value);

/** source_give_back() - as it was found */
void source_give_back(struct source *source);

#endif
