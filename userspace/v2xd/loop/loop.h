/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One io_uring as the event loop of one thread.
 *
 * Everything that can happen to a thread is a completion on its ring, and
 * each completion belongs to a struct loop_op that says who takes it. No
 * allocation after loop_init().
 */
#ifndef V2XD_LOOP_H
#define V2XD_LOOP_H

#include <liburing.h>
#include <stdbool.h>
#include <stdint.h>

#include "spsc.h"

struct loop_op;

/* @res: result of the operation, -errno or what it returns. */
typedef void loop_done(struct loop_op *op, int32_t res);

/**
 * struct loop_op - something under way on a ring
 * @done: called when it completes
 * @owner: for @done
 * @busy: under way now; a busy op must not be submitted again
 */
struct loop_op {
	loop_done *done;
	void *owner;
	bool busy;
};

struct loop {
	struct io_uring ring;
	bool stop;	/* loop_run() returns */
};

/* Return: 0 or -errno. */
int loop_init(struct loop *loop, unsigned int entries);
void loop_exit(struct loop *loop);

/**
 * loop_sqe - a free submission entry
 *
 * Fill it in with io_uring_prep_*() or v2x_prep_*(), then loop_own().
 * Return: the entry; NULL if the ring is full although it was submitted.
 */
struct io_uring_sqe *loop_sqe(struct loop *loop);

/* The last step of every preparation: completion goes to @op. */
void loop_own(struct io_uring_sqe *sqe, struct loop_op *op);

/* Submit, wait for one completion at least, hand out all there are. 0 or -errno. */
int loop_once(struct loop *loop);

/* loop_once() until loop->stop. 0 or -errno. */
int loop_run(struct loop *loop);

/**
 * struct timer - completes at an absolute CLOCK_MONOTONIC time
 */
struct timer {
	struct loop_op op;
	struct __kernel_timespec at;
};

/* Return: 0 or -EBUSY (ring full or timer under way). */
int timer_set(struct loop *loop, struct timer *timer, uint64_t at_ns);

/* CLOCK_MONOTONIC, ns. */
uint64_t now_ns(void);

/**
 * struct mailbox - bounded queue into another thread, which it wakes
 * @queue: the messages
 * @ring_fd: ring of the reader
 * @wake: op of the reader, completed once a message
 * @lost: messages refused because the queue was full
 */
struct mailbox {
	struct spsc queue;
	int ring_fd;
	struct loop_op wake;
	uint64_t lost;
};

/**
 * mailbox_post - put a message in and wake the reader
 * @from: loop of the calling thread
 *
 * Return: 0, or -EAGAIN when the queue is full; never blocks.
 */
int mailbox_post(struct loop *from, struct mailbox *box, const void *message);

#endif
