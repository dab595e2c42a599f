/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A charger whose commands are given as ioctl and as io_uring command: both go
 * through the same tests, as variants of the fixture.
 */
#ifndef V2X_TEST_COMMAND_H
#define V2X_TEST_COMMAND_H

#include "kselftest_harness.h"
#include "session.h"

FIXTURE(command)
{
	struct session s;
	struct io_uring ring;
	int ro;
};

FIXTURE_VARIANT(command)
{
	bool uring;
};

FIXTURE_VARIANT_ADD(command, ioctl) { .uring = false };
FIXTURE_VARIANT_ADD(command, uring) { .uring = true };

FIXTURE_SETUP(command)
{
	ASSERT_EQ(0, session_open(&self->s, "uapi"));
	self->ro = open(self->s.charger.dev, O_RDONLY);
	ASSERT_GE(self->ro, 0);
	ASSERT_EQ(0, io_uring_queue_init(8, &self->ring, 0));
	ASSERT_EQ(0, dev_claim(self->s.fd, LEASE_MS));
}

FIXTURE_TEARDOWN(command)
{
	io_uring_queue_exit(&self->ring);
	close(self->ro);
	session_close(&self->s);
}

static int call_fd(FIXTURE_DATA(command) *self, bool uring, int fd, unsigned int op, void *arg)
{
	return uring ? dev_uring(&self->ring, fd, op, arg) : dev_ioctl(fd, op, arg);
}

#define call(op, arg)	call_fd(self, variant->uring, self->s.fd, op, arg)

/* What a refused command must leave alone. */
struct settings {
	struct v2x_limits limits;
	struct v2x_protection protection;
	__s32 p_sp_mw;
	__u32 claimed;
	__u32 state;
	__u32 pilot_duty_permille;
};

static void settings_get(const struct session *s, struct settings *now)
{
	struct v2x_status st;

	memset(now, 0, sizeof(*now));
	now->limits.size = sizeof(now->limits);
	now->protection.size = sizeof(now->protection);
	dev_ioctl(s->fd, V2X_IOC_GET_LIMITS, &now->limits);
	dev_ioctl(s->fd, V2X_IOC_GET_PROTECTION, &now->protection);
	dev_wait_cycle(s->fd, 200);
	view_status(&s->view, &st);
	now->p_sp_mw = st.p_sp_mw;
	now->claimed = st.claimed;
	now->state = st.state;
	now->pilot_duty_permille = st.pilot_duty_permille;
}
#endif
