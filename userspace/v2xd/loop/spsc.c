// SPDX-License-Identifier: Apache-2.0
#include "spsc.h"

#include <errno.h>
#include <string.h>

int spsc_init(struct spsc *q, void *memory, uint32_t slots, size_t slot_size)
{
	if (!slots || (slots & (slots - 1)) || !slot_size)
		return -EINVAL;
	atomic_init(&q->written, 0);
	atomic_init(&q->taken, 0);
	q->memory = memory;
	q->slots = slots;
	q->slot_size = slot_size;
	return 0;
}

static void *slot(const struct spsc *q, uint32_t n)
{
	return q->memory + (size_t)(n & (q->slots - 1)) * q->slot_size;
}

bool spsc_push(struct spsc *q, const void *message)
{
	uint32_t written = atomic_load_explicit(&q->written, memory_order_relaxed);
	uint32_t taken = atomic_load_explicit(&q->taken, memory_order_acquire);

	/* Free-running counters: their difference is right across the wrap. */
	if (written - taken == q->slots)
		return false;
	memcpy(slot(q, written), message, q->slot_size);
	atomic_store_explicit(&q->written, written + 1, memory_order_release);
	return true;
}

bool spsc_pop(struct spsc *q, void *message)
{
	uint32_t taken = atomic_load_explicit(&q->taken, memory_order_relaxed);
	uint32_t written = atomic_load_explicit(&q->written, memory_order_acquire);

	if (written == taken)
		return false;
	memcpy(message, slot(q, taken), q->slot_size);
	atomic_store_explicit(&q->taken, taken + 1, memory_order_release);
	return true;
}
