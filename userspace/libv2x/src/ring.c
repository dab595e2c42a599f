// SPDX-License-Identifier: Apache-2.0
/*
 * Readers of the mapped rings and of the fault recorder.
 *
 * Record n is at index n % entries. The writer fills record "head" while
 * readers look, so of the last "entries" records the oldest is already being
 * overwritten: n is whole when n + entries > head still holds after the copy.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "internal.h"

static uint64_t load_head(const struct v2x_ring_reader *r)
{
	return __atomic_load_n(&r->ring->head, __ATOMIC_ACQUIRE);
}

/* Number of the oldest record that is whole while the head stands at @head. */
static uint64_t oldest_whole(const struct v2x_ring_reader *r, uint64_t head)
{
	const uint64_t span = r->frozen ? r->entries : r->entries - 1U;

	return head > span ? head - span : 0;
}

int v2x_ring_attach(struct v2x_ring_reader *reader, const void *mem, size_t len,
		    size_t entry_size_min)
{
	const struct v2x_ring *ring = mem;
	struct v2x_ring_reader r = { .ring = ring, .len = len };

	if (len < sizeof(*ring))
		return -EPROTO;
	r.entry_size = ring->entry_size;
	r.entries = ring->entries;
	r.data_offset = ring->data_offset;
	if (ring->magic != V2X_RING_MAGIC || r.entry_size < entry_size_min ||
	    r.entry_size % 8 != 0 || r.entries < 2 || r.data_offset < sizeof(*ring) ||
	    r.data_offset % 8 != 0 || r.data_offset > len)
		return -EPROTO;
	if ((uint64_t)r.entries * r.entry_size > len - r.data_offset)
		return -EPROTO;
	r.next = load_head(&r);
	*reader = r;
	return 0;
}

void v2x_ring_rewind(struct v2x_ring_reader *reader, uint64_t keep_back)
{
	const uint64_t head = load_head(reader);
	const uint64_t oldest = oldest_whole(reader, head);

	reader->next = keep_back < head - oldest ? head - keep_back : oldest;
}

uint64_t v2x_ring_available(const struct v2x_ring_reader *reader)
{
	const uint64_t head = load_head(reader);

	return head > reader->next ? head - reader->next : 0;
}

static void copy_record(const struct v2x_ring_reader *r, uint64_t n, void *to, size_t len)
{
	const size_t index = (size_t)(n % r->entries);
	const char *from = (const char *)r->ring + r->data_offset + index * r->entry_size;
	const size_t have = r->entry_size < len ? r->entry_size : len;
	const uint64_t *src = (const uint64_t *)(const void *)from;
	uint64_t *dst = to;

	for (size_t i = 0; i < have / sizeof(*src); i++)
		dst[i] = __atomic_load_n(&src[i], __ATOMIC_RELAXED);
	memset((char *)to + have, 0, len - have);
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
}

/* An overtaken reader goes on a little ahead of the oldest, or it would be caught again. */
static int overrun(struct v2x_ring_reader *r, uint64_t head, uint64_t *lost)
{
	const uint64_t to = oldest_whole(r, head) + (r->frozen ? 0 : r->entries / 8U);
	const uint64_t gone = to - r->next;

	r->next = to;
	r->lost += gone;
	if (lost)
		*lost = gone;
	return -EOVERFLOW;
}

static bool armed_again(const struct v2x_ring_reader *r)
{
	return r->frozen && (__atomic_load_n(&r->ring->busy, __ATOMIC_ACQUIRE) != 0 ||
			     __atomic_load_n(&r->ring->t_ns, __ATOMIC_RELAXED) != r->frozen_t_ns);
}

static int next_record(struct v2x_ring_reader *r, void *to, size_t len, uint64_t *lost)
{
	uint64_t head = load_head(r);

	if (lost)
		*lost = 0;
	if (armed_again(r))
		return -ESTALE;
	if (r->next >= head)
		return 0;
	if (r->next < oldest_whole(r, head))
		return overrun(r, head, lost);
	copy_record(r, r->next, to, len);
	if (armed_again(r))
		return -ESTALE;
	head = load_head(r);
	if (r->next < oldest_whole(r, head))
		return overrun(r, head, lost);
	r->next++;
	return 1;
}

int v2x_next_sample(struct v2x_ring_reader *reader, struct v2x_sample *sample, uint64_t *lost)
{
	return next_record(reader, sample, sizeof(*sample), lost);
}

int v2x_next_cycle(struct v2x_ring_reader *reader, struct v2x_cycle *cycle, uint64_t *lost)
{
	return next_record(reader, cycle, sizeof(*cycle), lost);
}

int v2x_last_cycle(const struct v2x_ring_reader *reader, struct v2x_cycle *cycle)
{
	struct v2x_ring_reader r = *reader;
	int ret;

	do {
		const uint64_t head = load_head(&r);

		if (head == 0)
			return 0;
		r.next = head - 1;
		ret = next_record(&r, cycle, sizeof(*cycle), NULL);
	} while (ret == -EOVERFLOW);
	return ret;
}

static int map_ring(struct v2x_device *dev, struct v2x_ring_reader *reader, uint64_t offset,
		    uint64_t len, size_t entry_size_min)
{
	const int saved = errno;
	void *mem;
	int ret;

	if (len == 0)
		return -EOPNOTSUPP;
	mem = mmap(NULL, (size_t)len, PROT_READ, MAP_SHARED, dev->fd, (off_t)offset);
	if (mem == MAP_FAILED) {
		ret = -errno;
		errno = saved;
		return ret;
	}
	ret = v2x_ring_attach(reader, mem, (size_t)len, entry_size_min);
	if (ret < 0)
		munmap(mem, (size_t)len);
	return ret;
}

int v2x_map_samples(struct v2x_device *dev, struct v2x_ring_reader *reader)
{
	return map_ring(dev, reader, dev->info.wave_offset, dev->info.wave_len,
			sizeof(struct v2x_sample));
}

int v2x_map_cycles(struct v2x_device *dev, struct v2x_ring_reader *reader)
{
	return map_ring(dev, reader, dev->info.cycle_offset, dev->info.cycle_len,
			sizeof(struct v2x_cycle));
}

int v2x_map_record(struct v2x_device *dev, struct v2x_ring_reader *reader)
{
	int ret;

	if (!(dev->info.features & V2X_FEATURE_RECORDER))
		return -EOPNOTSUPP;
	ret = map_ring(dev, reader, dev->info.record_offset, dev->info.record_len,
		       sizeof(struct v2x_sample));
	if (ret < 0)
		return ret;
	if (__atomic_load_n(&reader->ring->busy, __ATOMIC_ACQUIRE) != 0 ||
	    load_head(reader) == 0) {
		v2x_unmap_ring(reader);
		return -ENODATA;
	}
	reader->frozen = true;
	reader->frozen_t_ns = reader->ring->t_ns;
	v2x_ring_rewind(reader, UINT64_MAX);
	return 0;
}

void v2x_unmap_ring(struct v2x_ring_reader *reader)
{
	if (reader->ring)
		munmap((void *)reader->ring, reader->len);
	memset(reader, 0, sizeof(*reader));
}
