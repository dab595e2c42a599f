// SPDX-License-Identifier: GPL-2.0-only
/*
 * The control tick, in hard-interrupt context: sample, control, modulate,
 * publish. No sleeping lock, no allocation, no division, no loop without a
 * constant bound.
 */
#include <linux/bitops.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/string.h>

#include "core.h"
#include "v2x_trace.h"

/**
 * v2x_inhibit() - gates and contactors off at once
 * @core: the charger, its stage registered
 *
 * The caller has posted beforehand, to core->request or core->trip_lines, why:
 * a tick that runs at the same time looks there after it has modulated, and
 * inhibits once more. See v2x_tick_inhibit().
 *
 * Context: any.
 */
void v2x_inhibit(struct v2x_core *core)
{
	smp_mb(); /* what was posted before inhibit(); pairs with v2x_tick_inhibit() */
	core->stage->ops->inhibit(core->stage);
}

/*
 * Either this tick sees what was posted before an inhibit() that came while it
 * ran, or that inhibit() comes after this tick's modulate() and stands.
 */
static void v2x_tick_inhibit(struct v2x_core *core)
{
	smp_mb(); /* modulate() before the look; pairs with v2x_inhibit() */
	if (unlikely(atomic_read(&core->trip_lines)) ||
	    unlikely(v2x_request_bits(atomic64_read(&core->request)) & V2X_CTL_REQ_TRIP))
		core->stage->ops->inhibit(core->stage);
}

static void v2x_worst(atomic64_t *worst, s64 value)
{
	s64 old = atomic64_read(worst);

	while (unlikely(value > old)) {
		if (atomic64_try_cmpxchg(worst, &old, value))
			break;
	}
}

static u32 v2x_hist_bin(u64 ns)
{
	return ns ? min_t(u32, fls64(ns) - 1, V2X_HIST_BINS - 1) : 0;
}

/* Room for one more record; the caller fills it and then calls v2x_ring_advance(). */
static void *v2x_ring_slot(struct v2x_ring *ring, size_t size)
{
	/*
	 * The head of the last record must be seen before a byte of the record
	 * that this one overwrites changes: a reader that copied that byte
	 * then finds by the head that it was overrun.
	 */
	smp_wmb();
	return (void *)ring + ring->data_offset + (ring->head & (ring->entries - 1)) * size;
}

static u64 v2x_ring_advance(struct v2x_ring *ring)
{
	u64 head = ring->head + 1;

	smp_store_release(&ring->head, head); /* the record before its number */
	return head;
}

static void v2x_publish_cycle(struct v2x_core *core)
{
	u64 seq = atomic64_read(&core->cycle_seq) + 1;
	struct v2x_cycle *slot = v2x_ring_slot(core->cycle, sizeof(*slot));

	*slot = core->out.cycle;
	slot->seq = seq;
	v2x_ring_advance(core->cycle);
	atomic64_set(&core->cycle_seq, seq);
	irq_work_queue(&core->kick);
}

static void v2x_publish_records(struct v2x_core *core)
{
	struct v2x_sample *slot = v2x_ring_slot(core->wave, sizeof(*slot));
	u32 i;

	*slot = core->out.sample;
	v2x_recorder_tick(core, v2x_ring_advance(core->wave));
	if (unlikely(core->out.cycle_done))
		v2x_publish_cycle(core);
	for (i = 0; i < core->out.event_count && i < V2X_CTL_EVENTS_MAX; i++)
		v2x_event_push(core, &core->out.event[i]);
}

static u32 v2x_lease_left_ms(const struct v2x_core *core, const struct v2x_slot *slot)
{
	u64 until = slot->lease_until_tick;

	if (until == U64_MAX || until <= core->in.tick)
		return 0;
	return ((until - core->in.tick) * core->ms_per_tick_q24 + BIT(24) - 1) >> 24;
}

static void v2x_publish_status(struct v2x_core *core, const struct v2x_slot *slot, u64 late)
{
	struct v2x_status *st = core->status;
	u32 seq = st->seq;

	WRITE_ONCE(st->seq, seq + 1);
	smp_wmb(); /* odd before the first change */
	v2x_ctl_status(&core->ctl, st);
	st->claimed = READ_ONCE(core->claimed);
	st->lease_left_ms = v2x_lease_left_ms(core, slot);
	st->cause = slot->cause;
	st->cycle_seq = atomic64_read(&core->cycle_seq);
	st->event_seq = atomic64_read(&core->event_seq);
	st->record_seq = READ_ONCE(core->recorder.seq);
	st->ticks_missed += core->in.missed;
	st->start_worst_ns = max(st->start_worst_ns, late);
	st->start_hist[v2x_hist_bin(late)]++;
	if (core->last_duration_ns) {
		st->duration_worst_ns = max(st->duration_worst_ns, core->last_duration_ns);
		st->duration_sum_ns += core->last_duration_ns;
		st->duration_hist[v2x_hist_bin(core->last_duration_ns)]++;
	}
	st->fault_to_inhibit_worst_ns = atomic64_read(&core->fault_worst_ns);
	smp_store_release(&st->seq, seq + 2); /* even after the last */
}

/* Return: whether an edge has inhibited the gates already. */
static bool v2x_tick_input(struct v2x_core *core, u64 now, u32 missed)
{
	struct v2x_ctl_in *in = &core->in;
	u32 lines = 0;
	u64 request = v2x_request_take(core);

	in->tick = atomic64_read(&core->tick) + 1 + missed;
	in->t_ns = now;
	in->requests = v2x_request_bits(request);
	in->req_reason = v2x_request_reason(request);
	in->req_cause = v2x_request_cause(request);
	in->missed = missed;
	core->stage->ops->sample(core->stage, &in->samples);
	if (unlikely(atomic_read(&core->trip_lines)))
		lines = atomic_xchg(&core->trip_lines, 0);
	in->samples.fault_lines |= lines;
	return lines;
}

void v2x_stage_tick(struct v2x_stage *stage, u64 due_ns, u32 missed)
{
	const u64 now = ktime_get_ns();
	const u64 late = now > due_ns ? now - due_ns : 0;
	struct v2x_core *core = stage->core;
	const struct v2x_slot *slot;
	bool inhibited;

	trace_v2x_tick_start(core->id, core->in.tick + 1 + missed, late, missed);
	inhibited = v2x_tick_input(core, now, missed);
	slot = v2x_setting_take(core);
	v2x_ctl_tick(&core->ctl, &slot->set, &core->in, &core->out);
	if (unlikely(core->out.tripped)) {
		stage->ops->inhibit(stage);
		if (!inhibited)
			v2x_worst(&core->fault_worst_ns, ktime_get_ns() - now);
	}
	stage->ops->modulate(stage, &core->out.gate);
	v2x_tick_inhibit(core);

	atomic64_set(&core->tick, core->in.tick);
	WRITE_ONCE(core->state, core->out.sample.state);
	v2x_publish_records(core);
	v2x_publish_status(core, slot, late);
	core->last_duration_ns = ktime_get_ns() - now;
	trace_v2x_tick_end(core->id, core->in.tick, core->last_duration_ns);
}
EXPORT_SYMBOL_GPL(v2x_stage_tick);

void v2x_stage_trip(struct v2x_stage *stage, u32 lines, u64 edge_ns)
{
	struct v2x_core *core = stage->core;

	atomic_or(lines, &core->trip_lines);
	v2x_inhibit(core);
	v2x_worst(&core->fault_worst_ns, ktime_get_mono_fast_ns() - edge_ns);
}
EXPORT_SYMBOL_GPL(v2x_stage_trip);

/**
 * v2x_kick() - wake who waits for what a tick has published
 * @work: of the charger
 *
 * Context: interrupt; a thread on PREEMPT_RT.
 */
void v2x_kick(struct irq_work *work)
{
	struct v2x_core *core = container_of(work, struct v2x_core, kick);
	u64 seq = atomic64_read(&core->event_seq);

	if (seq != core->kicked_seq) {
		core->kicked_seq = seq;
		wake_up_interruptible_poll(&core->event_wq, EPOLLIN | EPOLLRDNORM);
	}
	v2x_waits_run(core);
	if (v2x_recorder_ready(core))
		schedule_work(&core->recorder.work);
}
