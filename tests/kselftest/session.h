/* SPDX-License-Identifier: GPL-2.0-only */
/* A charger with a supervisor: what most tests begin with. */
#ifndef V2X_SESSION_H
#define V2X_SESSION_H

#include "charger.h"
#include "device.h"

/* Seconds. Longer than the harness has it: sequences take a while, see also session_open(). */
#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT 250

#define LEASE_MS	2000
#define START_MS	8000	/* from START to RUN, at most */
#define STOP_MS		3000	/* from STOP to IDLE, at most */
#define PILOT_16A	267	/* permille, IEC 61851-1 table A.8 */
/* What may flow against the direction asked for: losses, sensor error. */
#define STRAY_MW	250000

struct session {
	struct charger charger;
	struct view view;
	int fd;
	__u64 mark; /* first cycle record of the watch */
};

static inline void session_close(struct session *s)
{
	if (s->view.status)
		view_close(&s->view);
	if (s->fd >= 0)
		close(s->fd);
	charger_remove(&s->charger);
}

static inline __u32 session_state(const struct session *s)
{
	return load32(&s->view.status->state);
}

/* Until the car that was plugged in is seen. Return: 0 or -ETIMEDOUT. */
static inline int session_car(const struct session *s)
{
	__u64 end = now_ns() + slow(2000) * 1000000ULL;

	while (load32(&s->view.status->pilot) != V2X_PILOT_C) {
		if (now_ns() > end)
			return -ETIMEDOUT;
		sleep_ms(5);
	}
	return 0;
}

/*
 * Return: 0 or -errno. In a machine whose clock counts instructions, time flies
 * while a page comes from the host: the memory is locked, so that it does not
 * fly in the middle of a lease.
 */
static inline int session_open(struct session *s, const char *name)
{
	int ret;

	mlockall(MCL_CURRENT | MCL_FUTURE);

	memset(s, 0, sizeof(*s));
	s->fd = -1;
	ret = charger_create(&s->charger, name);
	if (ret)
		return ret;
	s->fd = open(s->charger.dev, O_RDWR | O_CLOEXEC);
	ret = s->fd < 0 ? -errno : view_open(&s->view, s->fd);
	if (!ret)
		ret = session_car(s);
	if (ret)
		session_close(s);
	return ret;
}

static inline __u32 session_reason(const struct session *s)
{
	struct v2x_status st;

	view_status(&s->view, &st);
	return st.reason;
}

/* Renews the lease while it waits. Return: 0, -ETIMEDOUT, or -EIO on a fault not waited for. */
static inline int session_wait(struct session *s, __u32 state, long ms, int p_mw)
{
	__u64 end = now_ns() + slow(ms) * 1000000ULL;

	while (session_state(s) != state) {
		if (session_state(s) == V2X_STATE_FAULT)
			return -EIO;
		if (now_ns() > end)
			return -ETIMEDOUT;
		dev_setpoint(s->fd, p_mw);
		sleep_ms(20);
	}
	return 0;
}

/* The same without touching the device. */
static inline int session_watch(const struct session *s, __u32 state, long ms)
{
	__u64 end = now_ns() + slow(ms) * 1000000ULL;

	while (session_state(s) != state) {
		if (now_ns() > end)
			return -ETIMEDOUT;
		sleep_ms(5);
	}
	return 0;
}

/* Claim, start, run with a set-point. Return: 0 or -errno. */
static inline int session_run(struct session *s, int p_mw)
{
	struct v2x_pilot_cmd pilot = { .size = sizeof(pilot), .duty_permille = PILOT_16A };
	int ret = dev_claim(s->fd, LEASE_MS);

	if (!ret)
		ret = dev_ioctl(s->fd, V2X_IOC_PILOT, &pilot);
	if (!ret)
		ret = dev_setpoint(s->fd, p_mw);
	if (!ret)
		ret = dev_request(s->fd, V2X_REQUEST_START);
	if (!ret)
		ret = session_wait(s, V2X_STATE_RUN, START_MS, p_mw);
	return ret;
}

/* Hold a set-point for a while, as a supervisor does. */
static inline int session_hold(struct session *s, int p_mw, long ms)
{
	__u64 end = now_ns() + slow(ms) * 1000000ULL;
	int ret = 0;

	while (!ret && now_ns() < end) {
		ret = dev_setpoint(s->fd, p_mw);
		sleep_ms(20);
	}
	return ret;
}

static inline int session_power(const struct session *s)
{
	struct v2x_status st;

	view_status(&s->view, &st);
	return st.p_mw;
}

static inline void sign_mark(struct session *s)
{
	s->mark = load64(&s->view.cycle->head);
}

/* What charging the DC link draws before the set-point is followed. */
#define START_MW	3500000

static inline bool sign_ok(const struct v2x_cycle *c, __u32 last_state, int lo_mw, int hi_mw)
{
	bool starting = (c->state >= V2X_STATE_PRECHARGE && c->state <= V2X_STATE_SYNC) ||
			(last_state >= V2X_STATE_PRECHARGE && last_state <= V2X_STATE_SYNC);
	int hi = starting && hi_mw < START_MW ? START_MW : hi_mw;

	return c->p_mw >= lo_mw - STRAY_MW && c->p_mw <= hi + STRAY_MW;
}

/*
 * Has power, in any cycle since the mark, left the range that was asked for?
 * Return: number of cycles it did, -1 if the ring was overrun; the worst one
 * in *worst.
 */
static inline int sign_check(const struct session *s, int lo_mw, int hi_mw,
			     struct v2x_cycle *worst)
{
	__u64 n, head = load64(&s->view.cycle->head);
	__u32 last_state = V2X_STATE_IDLE;
	struct v2x_cycle c;
	int bad = 0;

	memset(worst, 0, sizeof(*worst));
	for (n = s->mark; n < head; n++) {
		if (ring_get(s->view.cycle, n, &c))
			return -1;
		if (!sign_ok(&c, last_state, lo_mw, hi_mw)) {
			bad++;
			if (abs(c.p_mw) > abs(worst->p_mw))
				*worst = c;
		}
		last_state = c.state;
	}
	return bad;
}

/* For tests: nothing flowed in a direction that nobody asked for. */
#define EXPECT_SIGN(session, lo_mw, hi_mw) do {					\
	struct v2x_cycle worst_;						\
										\
	EXPECT_EQ(0, sign_check(session, lo_mw, hi_mw, &worst_))		\
		TH_LOG("power left %d..%d mW: %d mW in state %u, cycle %llu", lo_mw, hi_mw, \
		       worst_.p_mw, worst_.state, worst_.seq);			\
} while (0)

#endif /* V2X_SESSION_H */
