/* SPDX-License-Identifier: GPL-2.0-only */
/* The device: commands by both ways, mappings, status. */
#ifndef V2X_DEVICE_H
#define V2X_DEVICE_H

#include <errno.h>
#include <liburing.h>
#include <linux/v2x.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "charger.h"

/* Return: 0 or -errno, as a uring command gives it. */
static inline int dev_ioctl(int fd, unsigned int op, void *arg)
{
	return ioctl(fd, op, arg) < 0 ? -errno : 0;
}

/* Fill in a submission for a command; the caller submits. */
static inline struct io_uring_sqe *dev_sqe(struct io_uring *ring, int fd, unsigned int op,
					   void *arg, unsigned int len, unsigned long long data)
{
	struct v2x_uring_cmd cmd = { .addr = (unsigned long)arg, .len = len };
	struct io_uring_sqe *sqe = io_uring_get_sqe(ring);

	io_uring_prep_rw(IORING_OP_URING_CMD, sqe, fd, NULL, 0, 0);
	sqe->cmd_op = op;
	memcpy(sqe->cmd, &cmd, sizeof(cmd));
	sqe->user_data = data;
	return sqe;
}

/* The next completion. Return: its result, or -ETIMEDOUT. */
static inline int dev_reap(struct io_uring *ring, long timeout_ms, unsigned long long *data)
{
	struct __kernel_timespec t = {
		.tv_sec = timeout_ms / 1000,
		.tv_nsec = timeout_ms % 1000 * 1000000,
	};
	struct io_uring_cqe *cqe;
	int ret;

	do {
		ret = io_uring_wait_cqe_timeout(ring, &cqe, &t);
	} while (ret == -EINTR);
	if (ret)
		return ret == -ETIME ? -ETIMEDOUT : ret;
	ret = cqe->res;
	if (data)
		*data = cqe->user_data;
	io_uring_cqe_seen(ring, cqe);
	return ret;
}

static inline int dev_uring(struct io_uring *ring, int fd, unsigned int op, void *arg)
{
	int ret;

	dev_sqe(ring, fd, op, arg, _IOC_SIZE(op), 0);
	ret = io_uring_submit(ring);
	return ret < 0 ? ret : dev_reap(ring, 20000, NULL);
}

static inline int dev_info(int fd, struct v2x_info *info)
{
	memset(info, 0, sizeof(*info));
	info->size = sizeof(*info);
	return dev_ioctl(fd, V2X_IOC_INFO, info);
}

static inline int dev_claim(int fd, unsigned int lease_ms)
{
	struct v2x_claim claim = { .size = sizeof(claim), .lease_ms = lease_ms };

	return dev_ioctl(fd, V2X_IOC_CLAIM, &claim);
}

static inline int dev_request(int fd, unsigned int request)
{
	struct v2x_request req = { .size = sizeof(req), .request = request, .cause = request };

	return dev_ioctl(fd, V2X_IOC_REQUEST, &req);
}

static inline int dev_setpoint(int fd, int p_mw)
{
	struct v2x_setpoint sp = {
		.size = sizeof(sp),
		.p_mw = p_mw,
		.ramp_mw_per_s = V2X_RAMP_FASTEST,
		.cause = 7,
	};

	return dev_ioctl(fd, V2X_IOC_SETPOINT, &sp);
}

static inline int dev_wait_cycle(int fd, unsigned int timeout_ms)
{
	struct v2x_wait wait = {
		.size = sizeof(wait),
		.timeout_ms = slow(timeout_ms) < V2X_WAIT_MAX_MS ? slow(timeout_ms) :
								  V2X_WAIT_MAX_MS,
		.flags = V2X_WAIT_NEXT,
	};

	return dev_ioctl(fd, V2X_IOC_WAIT_CYCLE, &wait);
}

/* What a program maps of a device. */
struct view {
	struct v2x_info info;
	const struct v2x_status *status;
	const struct v2x_ring *wave;
	const struct v2x_ring *cycle;
	const struct v2x_ring *record;
};

static inline const void *view_map(int fd, __u64 offset, __u64 len)
{
	void *at = mmap(NULL, len, PROT_READ, MAP_SHARED, fd, offset);

	return at == MAP_FAILED ? NULL : at;
}

static inline void view_close(struct view *v)
{
	munmap((void *)v->status, v->info.status_len);
	munmap((void *)v->wave, v->info.wave_len);
	munmap((void *)v->cycle, v->info.cycle_len);
	munmap((void *)v->record, v->info.record_len);
	v->status = NULL;
	v->wave = NULL;
	v->cycle = NULL;
	v->record = NULL;
}

/* All four mappings, or none: a device may go between two of them. Return: 0 or -errno. */
static inline int view_open(struct view *v, int fd)
{
	int ret = dev_info(fd, &v->info);

	if (ret)
		return ret;
	v->status = view_map(fd, v->info.status_offset, v->info.status_len);
	v->wave = view_map(fd, v->info.wave_offset, v->info.wave_len);
	v->cycle = view_map(fd, v->info.cycle_offset, v->info.cycle_len);
	v->record = view_map(fd, v->info.record_offset, v->info.record_len);
	if (v->status && v->wave && v->cycle && v->record)
		return 0;
	ret = -errno;
	view_close(v);
	return ret;
}

static inline __u32 load32(const __u32 *at)
{
	return atomic_load_explicit((const _Atomic __u32 *)at, memory_order_acquire);
}

static inline __u64 load64(const __u64 *at)
{
	return atomic_load_explicit((const _Atomic __u64 *)at, memory_order_acquire);
}

/* A whole snapshot. Return: how often it had to try again. */
static inline int view_status(const struct view *v, struct v2x_status *st)
{
	int retries = 0;
	__u32 seq;

	for (;; retries++) {
		seq = load32(&v->status->seq);
		if (seq & 1)
			continue;
		memcpy(st, v->status, sizeof(*st));
		atomic_thread_fence(memory_order_acquire);
		if (load32(&v->status->seq) == seq)
			return retries;
	}
}

static inline const void *ring_at(const struct v2x_ring *ring, __u64 n)
{
	return (const char *)ring + ring->data_offset + n % ring->entries * ring->entry_size;
}

/* Copy record n. Return: 0, -EAGAIN not written yet, -EOVERFLOW overrun. */
static inline int ring_get(const struct v2x_ring *ring, __u64 n, void *record)
{
	if (n >= load64(&ring->head))
		return -EAGAIN;
	memcpy(record, ring_at(ring, n), ring->entry_size);
	atomic_thread_fence(memory_order_acquire);
	return n + ring->entries > load64(&ring->head) ? 0 : -EOVERFLOW;
}

#endif /* V2X_DEVICE_H */
