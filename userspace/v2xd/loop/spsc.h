/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bounded queue between exactly one writing and one reading thread.
 *
 * No lock, no allocation after spsc_init(); a full queue refuses, it never
 * blocks: the faster world must not wait for the slower one.
 */
#ifndef V2XD_LOOP_SPSC_H
#define V2XD_LOOP_SPSC_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SPSC_CACHE_LINE 64

struct spsc {
	/* Each side writes its own line, so that they do not contend. */
	_Alignas(SPSC_CACHE_LINE) _Atomic uint32_t written;
	_Alignas(SPSC_CACHE_LINE) _Atomic uint32_t taken;
	_Alignas(SPSC_CACHE_LINE) unsigned char *memory;
	uint32_t slots;
	size_t slot_size;
};

/**
 * spsc_init - prepare a queue over memory of the caller
 * @q: the queue
 * @memory: @slots * @slot_size bytes, living as long as the queue
 * @slots: a power of two
 * @slot_size: bytes a message
 *
 * Return: 0, or -EINVAL when @slots is no power of two.
 */
int spsc_init(struct spsc *q, void *memory, uint32_t slots, size_t slot_size);

/* Writer: copies one message in. False when the queue is full. */
bool spsc_push(struct spsc *q, const void *message);

/* Reader: copies the oldest message out. False when the queue is empty. */
bool spsc_pop(struct spsc *q, void *message);

#endif
