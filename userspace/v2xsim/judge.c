// SPDX-License-Identifier: Apache-2.0
#include "judge.h"

#include <math.h>

#include "measure.h"
#include "run.h"

static bool good(const struct expect *e, double value)
{
	return (value >= e->range.lo && value <= e->range.hi) != e->invert;
}

static double distance(const struct expect *e, double value)
{
	return fmax(e->range.lo - value, value - e->range.hi);
}

static void remember(struct expect *e, double value, bool farthest)
{
	const double was = distance(e, e->nearest);

	if (!e->seen || (farthest ? distance(e, value) > was : distance(e, value) < was))
		e->nearest = value;
	e->seen = true;
}

static void verdict(struct run *r, struct expect *e, bool met, uint64_t now)
{
	e->judged = true;
	e->met = met;
	e->met_ns = now;
	r->failed += !met;
	r->pending--;
}

static void look(struct run *r, struct expect *e, uint64_t now)
{
	const double value = e->measure->get(&r->charger[e->who]);

	switch (e->when) {
	case EXPECT_BY:
		remember(e, value, false);
		if (good(e, value))
			verdict(r, e, true, now);
		break;
	case EXPECT_AT:
		remember(e, value, false);
		verdict(r, e, good(e, value), now);
		break;
	case EXPECT_DURING:
		remember(e, value, true);
		if (!good(e, value))
			verdict(r, e, false, now);
		break;
	}
}

void judge_begin(struct run *r)
{
	r->pending = r->scenario->expect_count;
}

void judge_tick(struct run *r)
{
	const uint64_t now = charger_ns(r->charger);
	const uint64_t period = 1000000000ULL / r->charger->cfg.tick_hz;

	for (size_t i = 0; r->pending && i < r->scenario->expect_count; i++) {
		struct expect *e = &r->scenario->expects[i];
		const uint64_t from = e->when == EXPECT_AT ? e->to_ns : e->from_ns;

		/* a tick stands for the time up to the next one */
		if (e->judged || now + period <= from)
			continue;
		/*
		 * What is metered by the cycle is looked at when there is a new
		 * record: the first one that began within the time.
		 */
		if (e->when == EXPECT_AT || e->measure->rate == MEASURE_TICK ||
		    r->charger[e->who].out.cycle_done)
			look(r, e, now);
		if (!e->judged && now >= e->to_ns)
			verdict(r, e, e->when == EXPECT_DURING && e->seen, now);
	}
}

void judge_end(struct run *r)
{
	for (size_t i = 0; i < r->scenario->expect_count; i++) {
		struct expect *e = &r->scenario->expects[i];

		if (!e->judged)
			verdict(r, e, e->when == EXPECT_DURING && e->seen,
				charger_ns(r->charger));
	}
}
