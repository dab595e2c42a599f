// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is mapped and what is read: status page, rings under overrun, the fault
 * recorder, events.
 */
#include <poll.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "session.h"

#define EVENTS	1024 /* of the kernel's event ring */

FIXTURE(ring)
{
	struct session s;
};

FIXTURE_SETUP(ring)
{
	ASSERT_EQ(0, session_open(&self->s, "ring"));
}

FIXTURE_TEARDOWN(ring)
{
	session_close(&self->s);
}

static int map_error(int fd, int prot, int flags, __u64 offset, __u64 len)
{
	void *at = mmap(NULL, len, prot, flags, fd, offset);

	if (at == MAP_FAILED)
		return errno;
	munmap(at, len);
	return 0;
}

TEST_F(ring, only_readable)
{
	const struct v2x_info *info = &self->s.view.info;
	int fd = self->s.fd;
	void *at;

	EXPECT_EQ(EPERM, map_error(fd, PROT_READ | PROT_WRITE, MAP_SHARED, info->status_offset,
				   info->status_len));
	EXPECT_EQ(EPERM, map_error(fd, PROT_READ | PROT_WRITE, MAP_PRIVATE, info->wave_offset,
				   info->wave_len));
	EXPECT_EQ(EPERM, map_error(fd, PROT_WRITE, MAP_SHARED, info->cycle_offset,
				   info->cycle_len));
	EXPECT_EQ(EPERM, map_error(fd, PROT_READ | PROT_EXEC, MAP_SHARED, info->record_offset,
				   info->record_len));
	at = mmap(NULL, info->status_len, PROT_READ, MAP_SHARED, fd, info->status_offset);
	ASSERT_NE(MAP_FAILED, at);
	EXPECT_EQ(-1, mprotect(at, info->status_len, PROT_READ | PROT_WRITE));
	EXPECT_EQ(EACCES, errno);
	munmap(at, info->status_len);
}

TEST_F(ring, only_what_is_there)
{
	const struct v2x_info *info = &self->s.view.info;
	const size_t page = sysconf(_SC_PAGESIZE);
	int fd = self->s.fd;

	EXPECT_EQ(EINVAL, map_error(fd, PROT_READ, MAP_SHARED, info->status_offset,
				    info->status_len + page));
	EXPECT_EQ(EINVAL, map_error(fd, PROT_READ, MAP_SHARED, info->wave_offset,
				    info->wave_len + page));
	EXPECT_EQ(EINVAL, map_error(fd, PROT_READ, MAP_SHARED, info->wave_offset + page, page));
	EXPECT_EQ(EINVAL, map_error(fd, PROT_READ, MAP_SHARED, info->record_offset * 2, page));
	EXPECT_EQ(EINVAL, map_error(fd, PROT_READ, MAP_SHARED, 1ULL << 40, page));
	EXPECT_EQ(0, map_error(fd, PROT_READ, MAP_SHARED, info->wave_offset, page));
	EXPECT_EQ(0, map_error(fd, PROT_READ, MAP_PRIVATE, info->status_offset, page));
}

TEST_F(ring, headers)
{
	const struct view *v = &self->s.view;
	const struct v2x_ring *ring[] = { v->wave, v->cycle, v->record };
	const __u64 len[] = { v->info.wave_len, v->info.cycle_len, v->info.record_len };
	const __u32 size[] = {
		sizeof(struct v2x_sample), sizeof(struct v2x_cycle), sizeof(struct v2x_sample),
	};
	int i;

	EXPECT_EQ(sizeof(struct v2x_status), v->status->size);
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(V2X_RING_MAGIC, ring[i]->magic);
		EXPECT_EQ(size[i], ring[i]->entry_size);
		EXPECT_GT(ring[i]->entries, 0);
		EXPECT_EQ(0, ring[i]->entries & (ring[i]->entries - 1));
		EXPECT_GE(ring[i]->data_offset, sizeof(struct v2x_ring));
		EXPECT_LE(ring[i]->data_offset + (__u64)ring[i]->entries * size[i], len[i]);
	}
	EXPECT_EQ(1, v->record->busy);
	EXPECT_EQ(0, v->record->head);
}

/* Readable by a monitor that may not ask for anything. */
TEST_F(ring, read_only_file)
{
	int fd = open(self->s.charger.dev, O_RDONLY);
	struct v2x_status st;
	struct view v;

	ASSERT_GE(fd, 0);
	ASSERT_EQ(0, view_open(&v, fd));
	ASSERT_EQ(0, dev_wait_cycle(fd, 1000));
	view_status(&v, &st);
	EXPECT_GT(st.tick, 0);
	view_close(&v);
	close(fd);
}

/*
 * Fields of one tick belong together: the histogram counts the tick it is
 * shown with, and time goes with the ticks.
 */
TEST_F(ring, status_is_whole)
{
	struct v2x_status st, last = {};
	__u64 ticks_in_hist, offset = 0, n = 0;
	__u64 end = now_ns() + 500000000ULL;
	int i;

	while (now_ns() < end) {
		view_status(&self->s.view, &st);
		ticks_in_hist = 0;
		for (i = 0; i < V2X_HIST_BINS; i++)
			ticks_in_hist += st.start_hist[i];
		if (n++)
			ASSERT_EQ(offset, st.tick - st.ticks_missed - ticks_in_hist);
		offset = st.tick - st.ticks_missed - ticks_in_hist;
		ASSERT_GE(st.tick, last.tick);
		ASSERT_GE(st.t_ns, last.t_ns);
		ASSERT_EQ(st.tick == last.tick, st.t_ns == last.t_ns);
		ASSERT_GE(st.cycle_seq, last.cycle_seq);
		ASSERT_LT(st.state, V2X_STATE_COUNT);
		last = st;
	}
	EXPECT_GT(n, 100);
}

/* The mean duration lies within the bins that were hit, and below the worst. */
TEST_F(ring, durations_add_up)
{
	__u64 n = 0, least = 0, most = 0;
	struct v2x_status st;
	int i;

	sleep_ms(200);
	view_status(&self->s.view, &st);
	for (i = 0; i < V2X_HIST_BINS; i++) {
		n += st.duration_hist[i];
		least += st.duration_hist[i] << i;
		most += st.duration_hist[i] << (i + 1);
	}
	EXPECT_GT(n, 1000);
	EXPECT_GE(st.duration_sum_ns, least);
	if (!st.duration_hist[V2X_HIST_BINS - 1])
		EXPECT_LE(st.duration_sum_ns, most);
	EXPECT_LE(st.duration_sum_ns, n * st.duration_worst_ns);
}

TEST_F(ring, status_is_measured)
{
	struct v2x_status st;
	int i;

	sleep_ms(500);
	view_status(&self->s.view, &st);
	EXPECT_EQ(sizeof(st), st.size);
	EXPECT_GT(st.f_mhz, 49900);
	EXPECT_LT(st.f_mhz, 50100);
	for (i = 0; i < 3; i++) {
		EXPECT_GT(st.v_mv[i], 220000);
		EXPECT_LT(st.v_mv[i], 240000);
	}
	EXPECT_EQ(V2X_PILOT_C, st.pilot);
	EXPECT_EQ(0, st.ticks_missed);
	EXPECT_GT(st.cycle_seq, 10);
	EXPECT_EQ(0, st.claimed);
}

/* One record a tick, none missing, as long as the reader keeps up. */
TEST_F(ring, every_tick)
{
	const struct v2x_ring *wave = self->s.view.wave;
	struct v2x_sample s, last = {};
	__u64 n = load64(&wave->head), end = n + 10000;

	while (n < end) {
		int ret = ring_get(wave, n, &s);

		if (ret == -EAGAIN) {
			sleep_ms(5);
			continue;
		}
		ASSERT_EQ(0, ret);
		if (last.tick)
			ASSERT_EQ(last.tick + 1, s.tick);
		last = s;
		n++;
	}
}

TEST_F(ring, overrun_is_seen)
{
	const struct v2x_ring *wave = self->s.view.wave;
	struct v2x_sample s;
	__u64 head, oldest;

	/* until it has gone round once */
	while (load64(&wave->head) < wave->entries + 1000)
		sleep_ms(200);
	head = load64(&wave->head);
	EXPECT_EQ(-EOVERFLOW, ring_get(wave, head - wave->entries - 1, &s));
	EXPECT_EQ(-EOVERFLOW, ring_get(wave, 0, &s));
	oldest = load64(&wave->head) - wave->entries + 2000;
	EXPECT_EQ(0, ring_get(wave, oldest, &s));
	EXPECT_EQ(-EAGAIN, ring_get(wave, load64(&wave->head) + 1000, &s));
}

TEST_F(ring, every_cycle)
{
	const struct v2x_ring *cycle = self->s.view.cycle;
	const __u32 ticks = self->s.view.info.tick_hz / 50;
	struct v2x_cycle c, last = {};
	__u64 n;

	for (n = load64(&cycle->head); n < 20; n = load64(&cycle->head))
		ASSERT_EQ(0, dev_wait_cycle(self->s.fd, 1000));
	for (n = 0; n < 20; n++) {
		ASSERT_EQ(0, ring_get(cycle, n, &c));
		EXPECT_EQ(n + 1, c.seq);
		if (n > 5) {
			EXPECT_EQ(last.tick + c.ticks, c.tick);
			EXPECT_GE(c.ticks, ticks - ticks / 50);
			EXPECT_LE(c.ticks, ticks + ticks / 50);
			EXPECT_GT(c.t_ns, last.t_ns);
		}
		last = c;
	}
}

/* Trip, and wait for the record. Return: 0 or -ETIMEDOUT. */
static int trip(struct session *s)
{
	__u64 seq = load64(&s->view.status->record_seq);
	__u64 end = now_ns() + slow(2000) * 1000000ULL;

	charger_set(&s->charger, "fault/over_current", 1);
	charger_set(&s->charger, "fault/over_current", 0);
	while (load64(&s->view.status->record_seq) == seq) {
		if (now_ns() > end)
			return -ETIMEDOUT;
		sleep_ms(10);
	}
	return 0;
}

TEST_F(ring, recorder)
{
	const struct v2x_ring *rec = self->s.view.record;
	const struct v2x_sample *data = (const void *)rec + rec->data_offset;
	const __u64 ticks = self->s.view.info.tick_hz / 50;
	__u64 i, trigger_tick, t_ns;

	ASSERT_EQ(0, session_run(&self->s, 3000000));
	EXPECT_EQ(1, load32(&rec->busy));
	ASSERT_EQ(0, trip(&self->s));
	ASSERT_EQ(0, load32(&rec->busy));
	EXPECT_EQ(V2X_REASON_AC_OVER_CURRENT, rec->reason);
	EXPECT_GE(rec->trigger, 2 * ticks); /* two cycles before */
	EXPECT_GE(rec->head - rec->trigger, 10 * ticks); /* ten after */
	EXPECT_LE(rec->head, rec->entries);
	for (i = 1; i < rec->head; i++)
		ASSERT_EQ(data[i - 1].tick + 1, data[i].tick);
	EXPECT_EQ(V2X_STATE_RUN, data[rec->trigger - 1].state);
	EXPECT_EQ(V2X_STATE_FAULT, data[rec->trigger].state);
	EXPECT_NE(0, data[rec->trigger].fault_lines & V2X_FAULT_OVER_CURRENT);

	/* The first trip stays, whatever comes after. */
	trigger_tick = data[rec->trigger].tick;
	t_ns = rec->t_ns;
	ASSERT_EQ(0, dev_request(self->s.fd, V2X_REQUEST_ACK));
	ASSERT_EQ(0, charger_set(&self->s.charger, "fault/residual_current", 1));
	sleep_ms(400);
	EXPECT_EQ(V2X_STATE_FAULT, session_state(&self->s));
	EXPECT_EQ(V2X_REASON_AC_OVER_CURRENT, rec->reason);
	EXPECT_EQ(t_ns, rec->t_ns);
	EXPECT_EQ(trigger_tick, data[rec->trigger].tick);
	EXPECT_EQ(1, load64(&self->s.view.status->record_seq));

	/* Armed again, it takes the next. */
	ASSERT_EQ(0, charger_set(&self->s.charger, "fault/residual_current", 0));
	ASSERT_EQ(0, dev_ioctl(self->s.fd, V2X_IOC_RECORDER_ARM, NULL));
	EXPECT_EQ(1, load32(&rec->busy));
	ASSERT_EQ(0, dev_request(self->s.fd, V2X_REQUEST_ACK));
	ASSERT_EQ(0, trip(&self->s));
	EXPECT_GT(rec->t_ns, t_ns);
	EXPECT_EQ(2, load64(&self->s.view.status->record_seq));
}

TEST_F(ring, recorder_is_busy_while_it_fills)
{
	ASSERT_EQ(0, charger_set(&self->s.charger, "fault/over_current", 1));
	sleep_ms(20);
	EXPECT_EQ(V2X_STATE_FAULT, session_state(&self->s));
	EXPECT_EQ(-EBUSY, dev_ioctl(self->s.fd, V2X_IOC_RECORDER_ARM, NULL));
	sleep_ms(500);
	EXPECT_EQ(0, dev_ioctl(self->s.fd, V2X_IOC_RECORDER_ARM, NULL));
	EXPECT_EQ(0, dev_ioctl(self->s.fd, V2X_IOC_RECORDER_ARM, NULL));
}

/* Whole events only, and only those since the file was opened. */
TEST_F(ring, read_events)
{
	int fd = open(self->s.charger.dev, O_RDWR | O_NONBLOCK);
	struct v2x_event ev[3];
	char small[sizeof(*ev) - 1];
	void *volatile nowhere = (void *)8;
	struct pollfd p = { .fd = fd, .events = POLLIN };

	ASSERT_GE(fd, 0);
	EXPECT_EQ(-1, read(fd, small, sizeof(small)));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, read(fd, ev, sizeof(ev)));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(0, poll(&p, 1, 20));
	ASSERT_EQ(0, dev_claim(fd, LEASE_MS));
	ASSERT_EQ(0, dev_ioctl(fd, V2X_IOC_RELEASE, NULL));
	EXPECT_EQ(1, poll(&p, 1, 1000));
	EXPECT_EQ(POLLIN, p.revents);
	EXPECT_EQ(-1, read(fd, nowhere, sizeof(*ev)));
	EXPECT_EQ(EFAULT, errno); /* and it is still there */
	ASSERT_EQ(sizeof(*ev), read(fd, ev, sizeof(*ev) + 10));
	EXPECT_EQ(V2X_EVENT_CLAIM, ev[0].type);
	EXPECT_EQ(1, ev[0].to);
	ASSERT_EQ(sizeof(*ev), read(fd, ev + 1, 2 * sizeof(*ev)));
	EXPECT_EQ(V2X_EVENT_CLAIM, ev[1].type);
	EXPECT_EQ(0, ev[1].to);
	EXPECT_EQ(V2X_REASON_REQUEST, ev[1].reason);
	EXPECT_EQ(ev[0].seq + 1, ev[1].seq);
	EXPECT_GE(ev[1].t_ns, ev[0].t_ns);
	EXPECT_EQ(0, poll(&p, 1, 0));
	close(fd);
}

TEST_F(ring, read_sleeps)
{
	struct v2x_event ev;
	pid_t pid = fork();

	ASSERT_GE(pid, 0);
	if (!pid) {
		int fd = open(self->s.charger.dev, O_RDWR);

		sleep_ms(100);
		_exit(fd < 0 || dev_claim(fd, LEASE_MS));
	}
	ASSERT_EQ(sizeof(ev), read(self->s.fd, &ev, sizeof(ev)));
	while (ev.type != V2X_EVENT_CLAIM)
		ASSERT_EQ(sizeof(ev), read(self->s.fd, &ev, sizeof(ev)));
	EXPECT_EQ(1, ev.to);
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
}

/* Who does not read in time sees by the numbers how much is gone. */
TEST_F(ring, lost_events_are_a_hole)
{
	int slow = open(self->s.charger.dev, O_RDONLY | O_NONBLOCK);
	struct v2x_event ev;
	__u64 first, last = 0, got = 0;
	int i;

	ASSERT_GE(slow, 0);
	first = load64(&self->s.view.status->event_seq) + 1;
	for (i = 0; i < EVENTS; i++) { /* two events each */
		ASSERT_EQ(0, dev_claim(self->s.fd, LEASE_MS));
		ASSERT_EQ(0, dev_ioctl(self->s.fd, V2X_IOC_RELEASE, NULL));
	}
	while (read(slow, &ev, sizeof(ev)) == sizeof(ev)) {
		if (last) {
			ASSERT_EQ(last + 1, ev.seq);
		} else {
			EXPECT_GE(ev.seq, first + EVENTS);
		}
		last = ev.seq;
		got++;
	}
	EXPECT_EQ(EVENTS, got);
	EXPECT_GE(last, first + 2 * EVENTS - 1);
	close(slow);
}

/* The story of a session, from the events alone. */
TEST_F(ring, states_in_order)
{
	static const __u32 order[] = {
		V2X_STATE_SELF_TEST, V2X_STATE_INSULATION, V2X_STATE_PRECHARGE,
		V2X_STATE_CONTACTOR, V2X_STATE_SYNC, V2X_STATE_RUN, V2X_STATE_RAMP_DOWN,
		V2X_STATE_IDLE,
	};
	__u32 at = V2X_STATE_IDLE;
	struct v2x_event ev;
	unsigned int n = 0;

	ASSERT_EQ(0, session_run(&self->s, 1000000));
	ASSERT_EQ(0, dev_request(self->s.fd, V2X_REQUEST_STOP));
	ASSERT_EQ(0, session_wait(&self->s, V2X_STATE_IDLE, STOP_MS, 0));
	ASSERT_EQ(0, fcntl(self->s.fd, F_SETFL, O_NONBLOCK));
	while (read(self->s.fd, &ev, sizeof(ev)) == sizeof(ev)) {
		if (ev.type != V2X_EVENT_STATE)
			continue;
		ASSERT_LT(n, ARRAY_SIZE(order));
		EXPECT_EQ(at, ev.from);
		EXPECT_EQ(order[n], ev.to);
		at = ev.to;
		n++;
	}
	EXPECT_EQ(ARRAY_SIZE(order), n);
}

TEST_HARNESS_MAIN
