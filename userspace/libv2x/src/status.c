// SPDX-License-Identifier: Apache-2.0
/* The status page: a sequence lock read without ever holding the writer up. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "internal.h"

#define TRIES_MAX 1000

static size_t page_len(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

int v2x_map_status(struct v2x_device *dev, const struct v2x_status **page)
{
	const int saved = errno;
	void *mem = mmap(NULL, page_len(), PROT_READ, MAP_SHARED, dev->fd,
			 (off_t)dev->info.status_offset);
	int ret = 0;

	if (mem == MAP_FAILED)
		ret = -errno;
	else
		*page = mem;
	errno = saved;
	return ret;
}

void v2x_unmap_status(const struct v2x_status *page)
{
	if (page)
		munmap((void *)page, page_len());
}

/* Word by word and atomically: the writer may be at it meanwhile. */
static void copy_words(void *to, const void *from, size_t len)
{
	const uint64_t *src = from;
	uint64_t *dst = to;

	for (size_t i = 0; i < len / sizeof(*src); i++)
		dst[i] = __atomic_load_n(&src[i], __ATOMIC_RELAXED);
}

int v2x_status_read(const struct v2x_status *page, struct v2x_status *out)
{
	size_t len = __atomic_load_n(&page->size, __ATOMIC_RELAXED);

	if (len > sizeof(*out))
		len = sizeof(*out);
	for (int i = 0; i < TRIES_MAX; i++) {
		const uint32_t seq = __atomic_load_n(&page->seq, __ATOMIC_ACQUIRE);

		if (seq & 1U)
			continue;
		copy_words(out, page, len);
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		if (__atomic_load_n(&page->seq, __ATOMIC_RELAXED) != seq)
			continue;
		memset((char *)out + len, 0, sizeof(*out) - len);
		return 0;
	}
	return -EAGAIN;
}

int v2x_get_status(struct v2x_device *dev, struct v2x_status *out)
{
	int ret;

	if (!dev->status) {
		ret = v2x_map_status(dev, &dev->status);
		if (ret < 0)
			return ret;
	}
	return v2x_status_read(dev->status, out);
}
