// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waits: parked in the kernel as io_uring commands, or sleeping in an ioctl;
 * ended by what they wait for, by time, by cancelling, by close and by exit.
 */
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "session.h"

#define NEVER		UINT64_MAX
#define PARKED_MAX	64 /* of one file */

FIXTURE(wait)
{
	struct session s;
	struct io_uring ring;
};

FIXTURE_VARIANT(wait)
{
	unsigned int flags;
};

FIXTURE_VARIANT_ADD(wait, plain) { .flags = 0 };
FIXTURE_VARIANT_ADD(wait, defer_taskrun) {
	.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
};
FIXTURE_VARIANT_ADD(wait, sqpoll) { .flags = IORING_SETUP_SQPOLL };
FIXTURE_VARIANT_ADD(wait, sqe128_cqe32) { .flags = IORING_SETUP_SQE128 | IORING_SETUP_CQE32 };

FIXTURE_SETUP(wait)
{
	ASSERT_EQ(0, session_open(&self->s, "wait"));
	ASSERT_EQ(0, io_uring_queue_init(128, &self->ring, variant->flags));
}

FIXTURE_TEARDOWN(wait)
{
	io_uring_queue_exit(&self->ring);
	session_close(&self->s);
}

/* Queue a wait; the structure may go away once it is submitted. */
static struct io_uring_sqe *park(struct io_uring *ring, int fd, unsigned int op,
				 struct v2x_wait *wait, __u64 after, unsigned int ms, __u64 tag)
{
	memset(wait, 0, sizeof(*wait));
	wait->size = sizeof(*wait);
	wait->timeout_ms = ms;
	wait->after = after;
	wait->tag = tag;
	return dev_sqe(ring, fd, op, wait, sizeof(*wait), tag);
}

static int cancel(int fd, __u64 tag)
{
	struct v2x_cancel c = { .size = sizeof(c), .tag = tag };

	return dev_ioctl(fd, V2X_IOC_CANCEL, &c);
}

static int cancel_all(int fd)
{
	struct v2x_cancel c = { .size = sizeof(c), .flags = V2X_CANCEL_ALL };

	return dev_ioctl(fd, V2X_IOC_CANCEL, &c);
}

TEST_F(wait, next_cycle)
{
	struct v2x_wait w;
	__u64 seq, from;
	int i;

	for (i = 0; i < 5; i++) {
		seq = load64(&self->s.view.cycle->head);
		from = now_ns();
		park(&self->ring, self->s.fd, V2X_IOC_WAIT_CYCLE, &w, seq, 1000, 1);
		ASSERT_EQ(1, io_uring_submit(&self->ring));
		ASSERT_EQ(0, dev_reap(&self->ring, 2000, NULL));
		EXPECT_GT(load64(&self->s.view.cycle->head), seq);
		EXPECT_LT(now_ns() - from, slow(100) * 1000000ULL);
	}
}

TEST_F(wait, already_there)
{
	struct v2x_wait w;

	ASSERT_EQ(0, dev_wait_cycle(self->s.fd, 1000));
	park(&self->ring, self->s.fd, V2X_IOC_WAIT_CYCLE, &w, 0, 1000, 1);
	ASSERT_EQ(1, io_uring_submit(&self->ring));
	EXPECT_EQ(0, dev_reap(&self->ring, 1000, NULL));
}

TEST_F(wait, next_event)
{
	struct v2x_wait w;

	sleep_ms(100);
	park(&self->ring, self->s.fd, V2X_IOC_WAIT_EVENT, &w, 0, 5000, 1);
	w.flags = V2X_WAIT_NEXT;
	ASSERT_EQ(1, io_uring_submit(&self->ring));
	EXPECT_EQ(-ETIMEDOUT, dev_reap(&self->ring, 100, NULL));
	ASSERT_EQ(0, dev_claim(self->s.fd, LEASE_MS)); /* is one */
	EXPECT_EQ(0, dev_reap(&self->ring, 1000, NULL));
}

TEST_F(wait, time_out)
{
	struct v2x_wait w;
	__u64 from = now_ns();

	park(&self->ring, self->s.fd, V2X_IOC_WAIT_EVENT, &w, NEVER, 150, 1);
	ASSERT_EQ(1, io_uring_submit(&self->ring));
	EXPECT_EQ(-ETIME, dev_reap(&self->ring, 5000, NULL));
	EXPECT_GE(now_ns() - from, 150000000ULL);
	EXPECT_LT(now_ns() - from, 400000000ULL);
}

TEST_F(wait, cancelled_by_tag)
{
	struct v2x_wait a, b;
	unsigned long long data;

	park(&self->ring, self->s.fd, V2X_IOC_WAIT_EVENT, &a, NEVER, 9000, 1);
	park(&self->ring, self->s.fd, V2X_IOC_WAIT_CYCLE, &b, NEVER, 9000, 2);
	ASSERT_EQ(2, io_uring_submit(&self->ring));
	EXPECT_EQ(-ETIMEDOUT, dev_reap(&self->ring, 50, NULL));
	EXPECT_EQ(-ENOENT, cancel(self->s.fd, 3));
	EXPECT_EQ(0, cancel(self->s.fd, 2));
	EXPECT_EQ(-ECANCELED, dev_reap(&self->ring, 1000, &data));
	EXPECT_EQ(2, data);
	EXPECT_EQ(-ENOENT, cancel(self->s.fd, 2));
	EXPECT_EQ(0, cancel(self->s.fd, 1));
	EXPECT_EQ(-ECANCELED, dev_reap(&self->ring, 1000, &data));
	EXPECT_EQ(1, data);
}

TEST_F(wait, cancelled_by_another_command)
{
	struct v2x_cancel c = { .size = sizeof(c), .flags = V2X_CANCEL_ALL };
	unsigned long long data, seen = 0;
	struct v2x_wait w;
	int i, ret;

	park(&self->ring, self->s.fd, V2X_IOC_WAIT_EVENT, &w, NEVER, 9000, 1);
	ASSERT_EQ(1, io_uring_submit(&self->ring));
	EXPECT_EQ(-ETIMEDOUT, dev_reap(&self->ring, 50, NULL));
	dev_sqe(&self->ring, self->s.fd, V2X_IOC_CANCEL, &c, sizeof(c), 2);
	ASSERT_EQ(1, io_uring_submit(&self->ring));
	for (i = 0; i < 2; i++) {
		ret = dev_reap(&self->ring, 1000, &data);
		EXPECT_EQ(data == 1 ? -ECANCELED : 0, ret);
		seen |= data;
	}
	EXPECT_EQ(3, seen);
}

TEST_F(wait, not_those_of_another_file)
{
	int other = open(self->s.charger.dev, O_RDONLY);
	struct v2x_wait w;

	ASSERT_GE(other, 0);
	park(&self->ring, self->s.fd, V2X_IOC_WAIT_EVENT, &w, NEVER, 9000, 1);
	ASSERT_EQ(1, io_uring_submit(&self->ring));
	EXPECT_EQ(-ETIMEDOUT, dev_reap(&self->ring, 50, NULL));
	EXPECT_EQ(-ENOENT, cancel_all(other));
	EXPECT_EQ(-ENOENT, cancel(other, 1));
	close(other);
	EXPECT_EQ(-ETIMEDOUT, dev_reap(&self->ring, 50, NULL));
	EXPECT_EQ(0, cancel_all(self->s.fd));
	EXPECT_EQ(-ECANCELED, dev_reap(&self->ring, 1000, NULL));
}

TEST_F(wait, bounded)
{
	struct v2x_wait w[PARKED_MAX + 3];
	int i, busy = 0, cancelled = 0, ret;

	for (i = 0; i < PARKED_MAX + 3; i++)
		park(&self->ring, self->s.fd, V2X_IOC_WAIT_EVENT, &w[i], NEVER, 9000, i + 1);
	ASSERT_EQ(PARKED_MAX + 3, io_uring_submit(&self->ring));
	for (i = 0; i < 3; i++)
		busy += dev_reap(&self->ring, 1000, NULL) == -EBUSY;
	EXPECT_EQ(3, busy);
	EXPECT_EQ(-EBUSY, dev_wait_cycle(self->s.fd, 100)); /* the same for the ioctl */
	EXPECT_EQ(0, cancel_all(self->s.fd));
	for (i = 0; i < PARKED_MAX; i++) {
		ret = dev_reap(&self->ring, 1000, NULL);
		cancelled += ret == -ECANCELED;
	}
	EXPECT_EQ(PARKED_MAX, cancelled);
	EXPECT_EQ(0, dev_wait_cycle(self->s.fd, 1000)); /* and room again */
}

TEST_F(wait, many_for_one_cycle)
{
	struct v2x_wait w[40];
	__u64 seq = load64(&self->s.view.cycle->head);
	int i, good = 0;

	for (i = 0; i < 40; i++)
		park(&self->ring, self->s.fd, V2X_IOC_WAIT_CYCLE, &w[i], seq + 2, 2000, i);
	ASSERT_EQ(40, io_uring_submit(&self->ring));
	for (i = 0; i < 40; i++)
		good += !dev_reap(&self->ring, 3000, NULL);
	EXPECT_EQ(40, good);
}

/* By a worker thread of io_uring, which may sleep. */
TEST_F(wait, forced_async)
{
	struct v2x_wait w;
	struct io_uring_sqe *sqe;

	sqe = park(&self->ring, self->s.fd, V2X_IOC_WAIT_CYCLE, &w, 0, 1000, 1);
	w.flags = V2X_WAIT_NEXT;
	sqe->flags |= IOSQE_ASYNC;
	ASSERT_EQ(1, io_uring_submit(&self->ring));
	EXPECT_EQ(0, dev_reap(&self->ring, 2000, NULL));
	sqe = park(&self->ring, self->s.fd, V2X_IOC_WAIT_EVENT, &w, NEVER, 9000, 1);
	sqe->flags |= IOSQE_ASYNC;
	ASSERT_EQ(1, io_uring_submit(&self->ring));
	EXPECT_EQ(-ETIMEDOUT, dev_reap(&self->ring, 50, NULL));
	EXPECT_EQ(0, cancel_all(self->s.fd));
	EXPECT_EQ(-ECANCELED, dev_reap(&self->ring, 1000, NULL));
}

/* Waits that race with being cancelled: each ends exactly once. */
TEST_F(wait, cancel_race)
{
	struct v2x_wait w[16];
	int round, i, ended;

	for (round = 0; round < 30; round++) {
		for (i = 0; i < 16; i++)
			park(&self->ring, self->s.fd, V2X_IOC_WAIT_CYCLE, &w[i],
			     load64(&self->s.view.cycle->head), 1 + i * 3, i);
		ASSERT_EQ(16, io_uring_submit(&self->ring));
		sleep_ms(round % 23);
		cancel_all(self->s.fd);
		for (ended = 0; ended < 16; ended++) {
			int ret = dev_reap(&self->ring, 1000, NULL);

			ASSERT_TRUE(ret == 0 || ret == -ETIME || ret == -ECANCELED)
				TH_LOG("result %d", ret);
		}
		ASSERT_EQ(-ETIMEDOUT, dev_reap(&self->ring, 1, NULL));
	}
}

/* Closing the file ends what was parked through it by this process. */
TEST_F(wait, ended_by_close)
{
	int other = open(self->s.charger.dev, O_RDONLY);
	struct v2x_wait w;

	ASSERT_GE(other, 0);
	park(&self->ring, other, V2X_IOC_WAIT_EVENT, &w, NEVER, 9000, 1);
	ASSERT_EQ(1, io_uring_submit(&self->ring));
	EXPECT_EQ(-ETIMEDOUT, dev_reap(&self->ring, 50, NULL));
	close(other);
	EXPECT_EQ(-ECANCELED, dev_reap(&self->ring, 1000, NULL));
}

/*
 * How long what a process has parked may outlive it. A kernel that does not
 * tell the driver that a ring goes (before 6.7) leaves it to the close of the
 * file, which the thread that polls for submissions holds open; then it is the
 * time-out.
 */
static __u64 afterlife_ns(const struct session *s, unsigned int flags)
{
	if (!(s->view.info.features & V2X_FEATURE_URING_CANCEL) && (flags & IORING_SETUP_SQPOLL))
		return (V2X_WAIT_MAX_MS + 2000) * 1000000ULL;
	return 2000000000ULL;
}

/* A process goes with waits parked: at once, and the claim is free. */
static void leave(struct __test_metadata *_metadata, FIXTURE_DATA(wait) *self,
		  unsigned int flags, int sig)
{
	struct v2x_wait w[8];
	struct io_uring ring;
	__u64 from;
	pid_t pid;
	int i, fd, p[2];
	char c;

	ASSERT_EQ(0, pipe(p));
	pid = fork();
	ASSERT_GE(pid, 0);
	if (!pid) {
		fd = open(self->s.charger.dev, O_RDWR);
		if (fd < 0 || dev_claim(fd, LEASE_MS) || io_uring_queue_init(16, &ring, flags))
			_exit(1);
		for (i = 0; i < 8; i++)
			park(&ring, fd, V2X_IOC_WAIT_EVENT, &w[i], NEVER, V2X_WAIT_MAX_MS, i);
		if (io_uring_submit(&ring) != 8 || write(p[1], "x", 1) != 1)
			_exit(1);
		sleep_ms(sig ? 100000 : 50);
		_exit(0);
	}
	ASSERT_EQ(1, read(p[0], &c, 1));
	EXPECT_EQ(-EBUSY, dev_claim(self->s.fd, LEASE_MS));
	sleep_ms(20);
	if (sig)
		kill(pid, sig);
	from = now_ns();
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
	while (dev_claim(self->s.fd, LEASE_MS) && now_ns() - from < 15000000000ULL)
		sleep_ms(10);
	EXPECT_LT(now_ns() - from, afterlife_ns(&self->s, flags));
	EXPECT_EQ(0, dev_claim(self->s.fd, LEASE_MS));
	close(p[0]);
	close(p[1]);
}

TEST_F(wait, task_exits)
{
	leave(_metadata, self, variant->flags, 0);
}

TEST_F(wait, task_killed)
{
	leave(_metadata, self, variant->flags, SIGKILL);
}

TEST_F(wait, ring_closed)
{
	int other = open(self->s.charger.dev, O_RDWR);
	struct io_uring ring;
	struct v2x_wait w;
	__u64 from;

	ASSERT_GE(other, 0);
	ASSERT_EQ(0, io_uring_queue_init(8, &ring, variant->flags));
	ASSERT_EQ(0, dev_claim(other, LEASE_MS));
	park(&ring, other, V2X_IOC_WAIT_EVENT, &w, NEVER, 9000, 1);
	ASSERT_EQ(1, io_uring_submit(&ring));
	sleep_ms(50);
	from = now_ns();
	io_uring_queue_exit(&ring);
	close(other);
	while (dev_claim(self->s.fd, LEASE_MS) && now_ns() - from < 8500000000ULL)
		sleep_ms(10);
	EXPECT_LT(now_ns() - from, 2000000000ULL);
}

TEST_F(wait, commands_in_a_row)
{
	struct v2x_claim claim = { .size = sizeof(claim), .lease_ms = LEASE_MS };
	struct v2x_setpoint sp[20];
	struct v2x_status st;
	int i;

	dev_sqe(&self->ring, self->s.fd, V2X_IOC_CLAIM, &claim, sizeof(claim), 0)->flags |=
		IOSQE_IO_LINK;
	for (i = 0; i < 20; i++) {
		sp[i] = (struct v2x_setpoint) {
			.size = sizeof(sp[i]),
			.p_mw = i * 1000,
			.ramp_mw_per_s = 1000,
		};
		dev_sqe(&self->ring, self->s.fd, V2X_IOC_SETPOINT, &sp[i], sizeof(sp[i]),
			i)->flags |= i < 19 ? IOSQE_IO_LINK : 0;
	}
	ASSERT_EQ(21, io_uring_submit(&self->ring));
	for (i = 0; i < 21; i++)
		EXPECT_EQ(0, dev_reap(&self->ring, 1000, NULL));
	ASSERT_EQ(0, dev_wait_cycle(self->s.fd, 1000));
	view_status(&self->s.view, &st);
	EXPECT_EQ(19000, st.p_sp_mw);
}

/* The payload of a submission has rules of its own. */
TEST_F(wait, payload)
{
	struct v2x_claim claim = { .size = sizeof(claim), .lease_ms = LEASE_MS };
	struct io_uring_sqe *sqe;

	sqe = dev_sqe(&self->ring, self->s.fd, V2X_IOC_CLAIM, &claim, sizeof(claim), 1);
	((struct v2x_uring_cmd *)sqe->cmd)->reserved = 1;
	ASSERT_EQ(1, io_uring_submit(&self->ring));
	EXPECT_EQ(-EINVAL, dev_reap(&self->ring, 1000, NULL));
	dev_sqe(&self->ring, self->s.fd, V2X_IOC_CLAIM, &claim, sizeof(claim) + 8, 1);
	ASSERT_EQ(1, io_uring_submit(&self->ring));
	EXPECT_EQ(-EINVAL, dev_reap(&self->ring, 1000, NULL));
	dev_sqe(&self->ring, self->s.fd, V2X_IOC_CLAIM, &claim, 0, 1);
	ASSERT_EQ(1, io_uring_submit(&self->ring));
	EXPECT_EQ(-EINVAL, dev_reap(&self->ring, 1000, NULL));
	sqe = dev_sqe(&self->ring, self->s.fd, V2X_IOC_CLAIM, &claim, sizeof(claim), 1);
	sqe->rw_flags = 1; /* IORING_URING_CMD_FIXED: a registered buffer, and there is none */
	ASSERT_EQ(1, io_uring_submit(&self->ring));
	EXPECT_LT(dev_reap(&self->ring, 1000, NULL), 0);
	dev_sqe(&self->ring, self->s.fd, V2X_IOC_CLAIM, &claim, sizeof(claim), 1);
	ASSERT_EQ(1, io_uring_submit(&self->ring));
	EXPECT_EQ(0, dev_reap(&self->ring, 1000, NULL));
}

/* The ioctl twin, in a thread of its own. */
struct sleeper {
	pthread_t thread;
	int fd;
	unsigned int op;
	struct v2x_wait wait;
	int ret;
};

static void *sleeper_run(void *arg)
{
	struct sleeper *s = arg;

	s->ret = dev_ioctl(s->fd, s->op, &s->wait);
	return NULL;
}

static int sleeper_start(struct sleeper *s, int fd, unsigned int op)
{
	*s = (struct sleeper) {
		.fd = fd,
		.op = op,
		.wait = {
			.size = sizeof(s->wait),
			.timeout_ms = 8000,
			.after = NEVER,
			.tag = 5,
		},
	};
	return pthread_create(&s->thread, NULL, sleeper_run, s);
}

static void nothing(int sig)
{
}

FIXTURE(ioctl_wait)
{
	struct session s;
};

FIXTURE_SETUP(ioctl_wait)
{
	ASSERT_EQ(0, session_open(&self->s, "wait"));
}

FIXTURE_TEARDOWN(ioctl_wait)
{
	session_close(&self->s);
}

TEST_F(ioctl_wait, cancelled)
{
	struct sleeper s;

	ASSERT_EQ(0, sleeper_start(&s, self->s.fd, V2X_IOC_WAIT_CYCLE));
	sleep_ms(50);
	EXPECT_EQ(0, cancel(self->s.fd, 5));
	pthread_join(s.thread, NULL);
	EXPECT_EQ(-ECANCELED, s.ret);
}

TEST_F(ioctl_wait, interrupted)
{
	struct sigaction sa = { .sa_handler = nothing };
	struct sleeper s;

	ASSERT_EQ(0, sigaction(SIGUSR1, &sa, NULL));
	ASSERT_EQ(0, sleeper_start(&s, self->s.fd, V2X_IOC_WAIT_EVENT));
	sleep_ms(50);
	pthread_kill(s.thread, SIGUSR1);
	pthread_join(s.thread, NULL);
	EXPECT_EQ(-EINTR, s.ret);
	EXPECT_EQ(-ENOENT, cancel_all(self->s.fd));
}

TEST_F(ioctl_wait, ends_with_the_device)
{
	struct sleeper s;

	ASSERT_EQ(0, sleeper_start(&s, self->s.fd, V2X_IOC_WAIT_EVENT));
	sleep_ms(50);
	ASSERT_EQ(0, charger_set(&self->s.charger, "live", 0));
	pthread_join(s.thread, NULL);
	EXPECT_EQ(-ENODEV, s.ret);
}

TEST_HARNESS_MAIN
