// SPDX-License-Identifier: Apache-2.0
#include "loop.h"

#include <errno.h>
#include <time.h>

#define NS_PER_S 1000000000

int loop_init(struct loop *loop, unsigned int entries)
{
	loop->stop = false;
	/* COOP_TASKRUN: completions wait until this thread enters the kernel, no signals between. */
	return io_uring_queue_init(entries, &loop->ring, IORING_SETUP_COOP_TASKRUN);
}

void loop_exit(struct loop *loop)
{
	io_uring_queue_exit(&loop->ring);
}

struct io_uring_sqe *loop_sqe(struct loop *loop)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&loop->ring);

	if (!sqe) {
		io_uring_submit(&loop->ring);
		sqe = io_uring_get_sqe(&loop->ring);
	}
	return sqe;
}

void loop_own(struct io_uring_sqe *sqe, struct loop_op *op)
{
	io_uring_sqe_set_data(sqe, op);
	op->busy = true;
}

static void hand_out(struct loop *loop)
{
	struct io_uring_cqe *cqe;

	while (!io_uring_peek_cqe(&loop->ring, &cqe)) {
		struct loop_op *op = io_uring_cqe_get_data(cqe);
		int32_t res = cqe->res;

		io_uring_cqe_seen(&loop->ring, cqe);
		if (!op)
			continue;
		op->busy = false;
		op->done(op, res);
	}
}

int loop_once(struct loop *loop)
{
	int result = io_uring_submit_and_wait(&loop->ring, 1);

	if (result < 0 && result != -EINTR)
		return result;
	hand_out(loop);
	return 0;
}

int loop_run(struct loop *loop)
{
	int result = 0;

	while (!loop->stop && !result)
		result = loop_once(loop);
	return result;
}

int timer_set(struct loop *loop, struct timer *timer, uint64_t at_ns)
{
	struct io_uring_sqe *sqe = timer->op.busy ? NULL : loop_sqe(loop);

	if (!sqe)
		return -EBUSY;
	timer->at.tv_sec = (int64_t)(at_ns / NS_PER_S);
	timer->at.tv_nsec = (long long)(at_ns % NS_PER_S);
	io_uring_prep_timeout(sqe, &timer->at, 0, IORING_TIMEOUT_ABS);
	loop_own(sqe, &timer->op);
	return 0;
}

uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

int mailbox_post(struct loop *from, struct mailbox *box, const void *message)
{
	struct io_uring_sqe *sqe;

	if (!spsc_push(&box->queue, message)) {
		box->lost++;
		return -EAGAIN;
	}
	sqe = loop_sqe(from);
	/* Without a wake-up the message waits for the next one; it is not lost. */
	if (!sqe)
		return 0;
	io_uring_prep_msg_ring(sqe, box->ring_fd, 0, (uint64_t)(uintptr_t)&box->wake, 0);
	io_uring_sqe_set_data(sqe, NULL);
	io_uring_sqe_set_flags(sqe, IOSQE_CQE_SKIP_SUCCESS);
	return 0;
}
