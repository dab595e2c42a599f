/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two masters: whom an order meets that wants something else.
 *
 * Pure, on the chain of the last decision. Whoever gave the order hears it in
 * the answer; those it takes the word from see it in theirs, in the journal
 * and in "why".
 */
#ifndef V2XD_DISPATCH_CONFLICT_H
#define V2XD_DISPATCH_CONFLICT_H

#include "dispatch.h"

/**
 * struct dispatch_conflict - of one axis
 * @outranked_by: whose want holds instead; SOURCE_COUNT: nobody's
 * @limited_by: the highest source above it whose limits leave the want out
 * @outranks: whose want it takes the place of
 */
struct dispatch_conflict {
	enum dispatch_source outranked_by;
	enum dispatch_source limited_by;
	enum dispatch_source outranks;
};

/**
 * dispatch_conflicts - on active power, or on reactive power
 * @last: the decision before the order
 * @source: of the order
 * @band: what it asks for
 * @reactive: which axis
 *
 * What nobody asked for but the configuration ([user]) is no master.
 */
struct dispatch_conflict dispatch_conflicts(const struct dispatch_result *last,
					    enum dispatch_source source,
					    const struct dispatch_band *band, bool reactive);

#endif
