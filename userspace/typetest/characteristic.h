/* SPDX-License-Identifier: Apache-2.0 */
/* A test of a curve with more than one characteristic. */
#ifndef TYPETEST_CHARACTERISTIC_H
#define TYPETEST_CHARACTERISTIC_H

#include "bench.h"

struct procedure;

typedef void (*characteristic_fn)(struct bench *b);

/**
 * characteristic_run() - with the code's own settings, then, in the whole form of IEEE
 * 1547.1, with each further characteristic of it; b->characteristic says which
 */
void characteristic_run(struct bench *b, const struct procedure *p, characteristic_fn run);

/** characteristic_what() - "P, pu" or "Q, pu" (@q), with the number of a further one */
const char *characteristic_what(const struct bench *b, bool q);

#endif
