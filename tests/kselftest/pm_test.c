// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suspend: power is gone before the machine sleeps, and does not come back by
 * itself. By the kernel's own test of suspending (pm_test), which suspends the
 * devices, waits, and resumes them.
 */
#include <glob.h>

#include "kselftest_harness.h"
#include "session.h"

#define P_MW	4000000

/*
 * The virtio transport of 9p forgets its queues when it is suspended: what is
 * not in memory then cannot be read any more. Who runs this as the last thing
 * of a machine may say so with V2X_SUSPEND=1.
 */
static bool files_would_be_lost(void)
{
	glob_t found;
	int ret;

	if (getenv("V2X_SUSPEND"))
		return false;
	ret = glob("/sys/bus/virtio/drivers/9pnet_virtio/virtio*", 0, NULL, &found);
	if (!ret)
		globfree(&found);
	return !ret;
}

FIXTURE(pm)
{
	struct session s;
};

FIXTURE_SETUP(pm)
{
	if (access("/sys/power/pm_test", W_OK))
		SKIP(return, "this kernel has no /sys/power/pm_test");
	if (files_would_be_lost())
		SKIP(return, "files come over 9p; run it alone, with V2X_SUSPEND=1");
	ASSERT_EQ(0, session_open(&self->s, "pm"));
	sign_mark(&self->s);
}

FIXTURE_TEARDOWN(pm)
{
	write_file("/sys/power/pm_test", "none");
	session_close(&self->s);
}

static int suspend(void)
{
	int ret = write_file("/sys/power/pm_test", "devices");

	return ret ? ret : write_file("/sys/power/state", "freeze");
}

TEST_F(pm, at_power)
{
	struct v2x_event ev;
	struct v2x_status st;
	bool found = false;
	__u64 tick;

	ASSERT_EQ(0, session_run(&self->s, P_MW));
	ASSERT_EQ(0, session_hold(&self->s, P_MW, 300));
	ASSERT_EQ(0, suspend());
	sleep_ms(100);
	view_status(&self->s.view, &st);
	EXPECT_EQ(V2X_STATE_IDLE, st.state);
	EXPECT_EQ(0, st.contactors_cmd);
	EXPECT_EQ(0, st.p_sp_mw);
	EXPECT_LT(abs(st.p_mw), STRAY_MW);
	EXPECT_EQ(0, st.ticks_missed);
	tick = st.tick;
	sleep_ms(50);
	view_status(&self->s.view, &st);
	EXPECT_GT(st.tick, tick); /* it ticks again */
	EXPECT_EQ(V2X_STATE_IDLE, st.state);
	ASSERT_EQ(0, fcntl(self->s.fd, F_SETFL, O_NONBLOCK));
	while (read(self->s.fd, &ev, sizeof(ev)) == sizeof(ev)) {
		if (ev.type == V2X_EVENT_STATE && ev.reason == V2X_REASON_SUSPEND)
			found = true;
	}
	EXPECT_TRUE(found);
	EXPECT_SIGN(&self->s, 0, P_MW);
	/* the supervisor still has the claim, and starts again */
	ASSERT_EQ(0, session_run(&self->s, P_MW));
	ASSERT_EQ(0, session_hold(&self->s, P_MW, 300));
	EXPECT_GT(session_power(&self->s), P_MW * 9LL / 10);
}

TEST_F(pm, with_a_fault_latched)
{
	struct v2x_status st;

	ASSERT_EQ(0, dev_claim(self->s.fd, LEASE_MS));
	ASSERT_EQ(0, dev_request(self->s.fd, V2X_REQUEST_ESTOP));
	sleep_ms(50);
	ASSERT_EQ(0, suspend());
	sleep_ms(100);
	view_status(&self->s.view, &st);
	EXPECT_EQ(V2X_STATE_FAULT, st.state);
	EXPECT_EQ(V2X_REASON_ESTOP, st.fault);
	EXPECT_EQ(0, dev_request(self->s.fd, V2X_REQUEST_ACK));
	EXPECT_EQ(V2X_STATE_IDLE, session_state(&self->s));
}

/* A wait that is parked sleeps on; its time does not run out in the sleep. */
TEST_F(pm, with_a_wait_parked)
{
	struct v2x_wait w = {
		.size = sizeof(w),
		.timeout_ms = V2X_WAIT_MAX_MS,
		.after = UINT64_MAX,
	};
	struct v2x_cancel c = { .size = sizeof(c), .flags = V2X_CANCEL_ALL };
	struct io_uring ring;

	ASSERT_EQ(0, io_uring_queue_init(8, &ring, 0));
	dev_sqe(&ring, self->s.fd, V2X_IOC_WAIT_EVENT, &w, sizeof(w), 1);
	ASSERT_EQ(1, io_uring_submit(&ring));
	ASSERT_EQ(0, suspend());
	EXPECT_EQ(-ETIMEDOUT, dev_reap(&ring, 50, NULL));
	EXPECT_EQ(0, dev_ioctl(self->s.fd, V2X_IOC_CANCEL, &c));
	EXPECT_EQ(-ECANCELED, dev_reap(&ring, 1000, NULL));
	io_uring_queue_exit(&ring);
}

TEST_HARNESS_MAIN
