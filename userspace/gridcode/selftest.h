/* SPDX-License-Identifier: Apache-2.0 */
/* The stages that the self-test of CEI 0-21 goes through, table 13 and annex A. */
#ifndef GRIDCODE_SELFTEST_H
#define GRIDCODE_SELFTEST_H

#include <stdbool.h>

#define GC_SELFTEST_STAGES 8

/**
 * struct gc_selftest_stage - one of them
 * @name: as CEI has it
 * @limit: setting of the threshold that moves, "section.key"; pu or Hz
 * @time: setting of its time
 * @sign: 1: over, -1: under
 * @f: looks at the frequency
 * @narrow: holds while the external signal is on
 */
struct gc_selftest_stage {
	const char *name;
	const char *limit;
	const char *time;
	int sign;
	bool f;
	bool narrow;
};

extern const struct gc_selftest_stage gc_selftest_stages[GC_SELFTEST_STAGES];

#endif
