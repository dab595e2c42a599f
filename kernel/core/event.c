// SPDX-License-Identifier: GPL-2.0-only
/*
 * The event ring: what read() gives. Several writers (the tick, and process
 * context for claims and records), any number of readers with a position of
 * their own. A reader that falls behind by more than the ring sees a hole in
 * the numbers.
 */
#include <linux/ktime.h>

#include "core.h"
#include "v2x_trace.h"

static void v2x_event_trace(const struct v2x_core *core, const struct v2x_event *event)
{
	switch (event->type) {
	case V2X_EVENT_STATE:
		trace_v2x_state(core->id, event);
		break;
	case V2X_EVENT_TRIP:
		trace_v2x_trip(core->id, event);
		break;
	case V2X_EVENT_LEASE:
		trace_v2x_lease(core->id, event->tick, event->tick);
		break;
	}
}

/**
 * v2x_event_push() - number an event, put it in the ring, wake who waits
 * @core: the charger
 * @event: complete but for its seq, which is filled in
 *
 * Context: any, hard interrupt.
 */
void v2x_event_push(struct v2x_core *core, struct v2x_event *event)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&core->event_lock, flags);
	event->seq = atomic64_read(&core->event_seq) + 1;
	core->event[event->seq & (V2X_EVENTS - 1)] = *event;
	atomic64_set(&core->event_seq, event->seq);
	raw_spin_unlock_irqrestore(&core->event_lock, flags);
	v2x_event_trace(core, event);
	irq_work_queue(&core->kick);
}

/**
 * v2x_event_raise() - an event of the core's own
 * @core: the charger
 * @type: V2X_EVENT_*
 * @reason: enum v2x_reason
 * @to: see the type
 * @value: see the type
 *
 * Context: any.
 */
void v2x_event_raise(struct v2x_core *core, u32 type, u32 reason, u32 to, s64 value)
{
	struct v2x_event event = {
		.t_ns = ktime_get_ns(),
		.tick = atomic64_read(&core->tick),
		.type = type,
		.reason = reason,
		.to = to,
		.value = value,
	};

	v2x_event_push(core, &event);
}

/**
 * v2x_event_get() - the next event of a reader
 * @core: the charger
 * @next: number of the event wanted; advanced past the one given
 * @event: filled in
 *
 * Return: false if there is none yet. Context: any but hard interrupt.
 */
bool v2x_event_get(struct v2x_core *core, u64 *next, struct v2x_event *event)
{
	unsigned long flags;
	bool found;
	u64 last;

	raw_spin_lock_irqsave(&core->event_lock, flags);
	last = atomic64_read(&core->event_seq);
	found = *next <= last;
	if (found) {
		if (last - *next >= V2X_EVENTS)
			*next = last - V2X_EVENTS + 1;
		*event = core->event[*next & (V2X_EVENTS - 1)];
		*next += 1;
	}
	raw_spin_unlock_irqrestore(&core->event_lock, flags);
	return found;
}
