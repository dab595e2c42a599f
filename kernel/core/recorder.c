// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fault recorder: the waveform around the first trip, kept until somebody
 * has read it and arms the recorder again.
 *
 * The tick only notes where in the waveform ring the trip was. The ring is at
 * least twice as long as the record: there is time to copy in process context.
 */
#include <linux/math64.h>

#include "core.h"

static const struct v2x_sample *v2x_wave_at(const struct v2x_core *core, u64 n)
{
	const struct v2x_sample *data = (void *)core->wave + core->wave->data_offset;

	return &data[n & (core->wave->entries - 1)];
}

/* Copies the window. Return: records kept; fewer than asked where the ring went round. */
static u32 v2x_recorder_copy(struct v2x_core *core, u64 first, u64 end)
{
	struct v2x_sample *to = (void *)core->record + core->record->data_offset;
	u32 count = end - first;
	u64 head;
	u32 i;

	for (i = 0; i < count; i++)
		to[i] = *v2x_wave_at(core, first + i);
	smp_rmb(); /* the copies before the head that may have passed them */
	head = READ_ONCE(core->wave->head);
	if (first + core->wave->entries > head)
		return count;
	return 0;
}

static void v2x_recorder_work(struct work_struct *work)
{
	struct v2x_recorder *rec = container_of(work, struct v2x_recorder, work);
	struct v2x_core *core = container_of(rec, struct v2x_core, recorder);
	struct v2x_ring *head = core->record;
	u64 first;

	/* Pairs with the release in v2x_recorder_tick(). */
	if (smp_load_acquire(&rec->state) != V2X_RECORD_TRIGGERED)
		return;
	first = rec->trigger - min_t(u64, rec->pre, rec->trigger);
	head->head = v2x_recorder_copy(core, first, rec->end);
	head->trigger = rec->trigger - first;
	head->reason = rec->reason;
	head->t_ns = rec->t_ns;
	WRITE_ONCE(rec->seq, rec->seq + 1);
	smp_store_release(&head->busy, 0); /* for the reader: whole from here */
	smp_store_release(&rec->state, V2X_RECORD_FROZEN); /* for v2x_recorder_arm() */
	v2x_event_raise(core, V2X_EVENT_RECORD, rec->reason, 0, rec->seq);
}

/**
 * v2x_recorder_init() - armed
 * @core: the charger; its description and rings are there
 */
void v2x_recorder_init(struct v2x_core *core)
{
	struct v2x_recorder *rec = &core->recorder;
	u32 ticks_per_cycle = div_u64((u64)core->desc.tick_hz * 1000, core->desc.f_nominal_mhz);

	INIT_WORK(&rec->work, v2x_recorder_work);
	rec->pre = min_t(u32, V2X_RECORD_CYCLES_PRE * ticks_per_cycle, V2X_RECORD_SAMPLES / 2);
	rec->post = min_t(u32, V2X_RECORD_CYCLES_POST * ticks_per_cycle,
			  V2X_RECORD_SAMPLES - rec->pre - 1);
}

static u32 v2x_trip_reason(const struct v2x_ctl_out *out)
{
	u32 i;

	for (i = 0; i < out->event_count; i++) {
		if (out->event[i].type == V2X_EVENT_TRIP)
			return out->event[i].reason;
	}
	return V2X_REASON_INTERNAL;
}

/**
 * v2x_recorder_tick() - after each record of the waveform ring
 * @core: the charger
 * @head: of the waveform ring, the record of this tick included
 *
 * Context: the tick.
 */
void v2x_recorder_tick(struct v2x_core *core, u64 head)
{
	struct v2x_recorder *rec = &core->recorder;
	int state = smp_load_acquire(&rec->state); /* pairs with v2x_recorder_arm() */

	if (unlikely(core->out.tripped) && state == V2X_RECORD_ARMED) {
		rec->trigger = head - 1;
		rec->end = head + rec->post;
		rec->reason = v2x_trip_reason(&core->out);
		rec->t_ns = core->in.t_ns;
		smp_store_release(&rec->state, V2X_RECORD_TRIGGERED); /* for the work */
	} else if (state == V2X_RECORD_TRIGGERED && head == rec->end) {
		irq_work_queue(&core->kick);
	}
}

/**
 * v2x_recorder_ready() - has all that is to be kept been written?
 * @core: the charger
 *
 * Context: any.
 */
bool v2x_recorder_ready(struct v2x_core *core)
{
	struct v2x_recorder *rec = &core->recorder;

	return smp_load_acquire(&rec->state) == V2X_RECORD_TRIGGERED && /* pairs with the tick */
	       READ_ONCE(core->wave->head) >= rec->end;
}

/**
 * v2x_recorder_arm() - drop the record, catch the next trip
 * @core: the charger
 *
 * Return: 0, -EBUSY while a record fills. Context: process, cfg_lock held.
 */
int v2x_recorder_arm(struct v2x_core *core)
{
	struct v2x_recorder *rec = &core->recorder;

	switch (smp_load_acquire(&rec->state)) { /* pairs with the work's release */
	case V2X_RECORD_TRIGGERED:
		return -EBUSY;
	case V2X_RECORD_FROZEN:
		WRITE_ONCE(core->record->busy, 1);
		smp_store_release(&rec->state, V2X_RECORD_ARMED); /* for the tick */
		return 0;
	default:
		return 0;
	}
}
