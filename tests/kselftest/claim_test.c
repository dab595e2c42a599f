// SPDX-License-Identifier: GPL-2.0-only
/*
 * The claim and the lease: who may ask for power, and what happens when who
 * asked goes away, in every way a supervisor can.
 */
#include <signal.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "session.h"

#define P_MW	5000000

FIXTURE(claim)
{
	struct session s;
};

FIXTURE_SETUP(claim)
{
	ASSERT_EQ(0, session_open(&self->s, "claim"));
	sign_mark(&self->s);
}

FIXTURE_TEARDOWN(claim)
{
	session_close(&self->s);
}

TEST_F(claim, only_one)
{
	int other = open(self->s.charger.dev, O_RDWR);

	ASSERT_GE(other, 0);
	EXPECT_EQ(0, dev_claim(self->s.fd, LEASE_MS));
	EXPECT_EQ(-EBUSY, dev_claim(other, LEASE_MS));
	EXPECT_EQ(0, dev_claim(self->s.fd, LEASE_MS / 2)); /* the holder may */
	EXPECT_EQ(0, dev_ioctl(self->s.fd, V2X_IOC_RELEASE, NULL));
	EXPECT_EQ(-EPERM, dev_ioctl(self->s.fd, V2X_IOC_RELEASE, NULL));
	EXPECT_EQ(0, dev_claim(other, LEASE_MS));
	EXPECT_EQ(-EBUSY, dev_claim(self->s.fd, LEASE_MS));
	close(other);
	EXPECT_EQ(0, dev_claim(self->s.fd, LEASE_MS));
}

TEST_F(claim, lease_range)
{
	EXPECT_EQ(-ERANGE, dev_claim(self->s.fd, 0));
	EXPECT_EQ(-ERANGE, dev_claim(self->s.fd, V2X_LEASE_MIN_MS - 1));
	EXPECT_EQ(-ERANGE, dev_claim(self->s.fd, V2X_LEASE_MAX_MS + 1));
	EXPECT_EQ(-ERANGE, dev_claim(self->s.fd, ~0U));
	EXPECT_EQ(-EPERM, dev_setpoint(self->s.fd, 0));
	EXPECT_EQ(0, dev_claim(self->s.fd, V2X_LEASE_MIN_MS));
	EXPECT_EQ(0, dev_claim(self->s.fd, V2X_LEASE_MAX_MS));
}

TEST_F(claim, shared_by_copies_of_the_file)
{
	int copy = dup(self->s.fd);
	struct v2x_status st;

	ASSERT_GE(copy, 0);
	EXPECT_EQ(0, dev_claim(self->s.fd, LEASE_MS));
	EXPECT_EQ(0, dev_setpoint(copy, 1000));
	close(copy);
	ASSERT_EQ(0, dev_wait_cycle(self->s.fd, 200));
	view_status(&self->s.view, &st);
	EXPECT_EQ(1, st.claimed);
}

TEST_F(claim, nothing_starts_by_itself)
{
	struct v2x_status st;

	ASSERT_EQ(0, dev_claim(self->s.fd, V2X_LEASE_MIN_MS));
	ASSERT_EQ(0, dev_setpoint(self->s.fd, P_MW));
	sleep_ms(500); /* the lease does not run before a start */
	view_status(&self->s.view, &st);
	EXPECT_EQ(V2X_STATE_IDLE, st.state);
	EXPECT_EQ(0, st.lease_left_ms);
	EXPECT_EQ(0, st.contactors_cmd);
	EXPECT_EQ(P_MW, st.p_sp_mw);
	EXPECT_SIGN(&self->s, 0, 0);
}

TEST_F(claim, start_run_stop)
{
	ASSERT_EQ(0, session_run(&self->s, P_MW));
	EXPECT_EQ(-EBUSY, dev_request(self->s.fd, V2X_REQUEST_START));
	ASSERT_EQ(0, session_hold(&self->s, P_MW, 500));
	EXPECT_GT(session_power(&self->s), P_MW * 9LL / 10);
	EXPECT_LT(session_power(&self->s), P_MW * 11LL / 10);
	ASSERT_EQ(0, dev_request(self->s.fd, V2X_REQUEST_STOP));
	ASSERT_EQ(0, session_wait(&self->s, V2X_STATE_IDLE, STOP_MS, P_MW));
	EXPECT_EQ(V2X_REASON_REQUEST, session_reason(&self->s));
	EXPECT_EQ(0, dev_request(self->s.fd, V2X_REQUEST_STOP)); /* harmless */
	session_hold(&self->s, P_MW, 200);
	EXPECT_EQ(V2X_STATE_IDLE, session_state(&self->s));
	EXPECT_SIGN(&self->s, 0, P_MW);
}

TEST_F(claim, both_directions)
{
	ASSERT_EQ(0, session_run(&self->s, -P_MW));
	ASSERT_EQ(0, session_hold(&self->s, -P_MW, 500));
	EXPECT_LT(session_power(&self->s), -P_MW * 9LL / 10);
	EXPECT_SIGN(&self->s, -P_MW, 0);
	ASSERT_EQ(0, session_hold(&self->s, 0, 500));
	sign_mark(&self->s);
	ASSERT_EQ(0, session_hold(&self->s, P_MW, 500));
	EXPECT_GT(session_power(&self->s), P_MW * 9LL / 10);
	EXPECT_SIGN(&self->s, 0, P_MW);
}

TEST_F(claim, limit_of_zero_is_zero)
{
	struct v2x_limits limits = { .size = sizeof(limits) };

	ASSERT_EQ(0, dev_claim(self->s.fd, LEASE_MS));
	ASSERT_EQ(0, dev_ioctl(self->s.fd, V2X_IOC_GET_LIMITS, &limits));
	limits.p_import_max_mw = 0;
	limits.p_export_max_mw = 0;
	ASSERT_EQ(0, dev_ioctl(self->s.fd, V2X_IOC_SET_LIMITS, &limits));
	ASSERT_EQ(0, session_run(&self->s, P_MW));
	ASSERT_EQ(0, session_hold(&self->s, P_MW, 400));
	ASSERT_EQ(0, session_hold(&self->s, -P_MW, 400));
	EXPECT_SIGN(&self->s, 0, 0);
	/* also when it falls while power flows */
	limits.p_import_max_mw = P_MW;
	ASSERT_EQ(0, dev_ioctl(self->s.fd, V2X_IOC_SET_LIMITS, &limits));
	ASSERT_EQ(0, session_hold(&self->s, P_MW, 400));
	EXPECT_GT(session_power(&self->s), P_MW * 9LL / 10);
	limits.p_import_max_mw = 0;
	ASSERT_EQ(0, dev_ioctl(self->s.fd, V2X_IOC_SET_LIMITS, &limits));
	ASSERT_EQ(0, session_hold(&self->s, P_MW, 400));
	sign_mark(&self->s);
	ASSERT_EQ(0, session_hold(&self->s, P_MW, 200));
	EXPECT_SIGN(&self->s, 0, 0);
}

TEST_F(claim, set_point_expires)
{
	struct v2x_setpoint sp = {
		.size = sizeof(sp),
		.p_mw = P_MW,
		.ramp_mw_per_s = V2X_RAMP_FASTEST,
	};
	struct v2x_status st;

	ASSERT_EQ(0, session_run(&self->s, P_MW));
	ASSERT_EQ(0, session_hold(&self->s, P_MW, 400));
	sp.valid_until_ns = now_ns() + 100000000;
	ASSERT_EQ(0, dev_ioctl(self->s.fd, V2X_IOC_SETPOINT, &sp));
	sleep_ms(50);
	EXPECT_GT(session_power(&self->s), P_MW * 9LL / 10);
	sleep_ms(600);
	view_status(&self->s.view, &st);
	EXPECT_EQ(V2X_STATE_RUN, st.state); /* the lease still runs */
	EXPECT_EQ(0, st.p_ref_mw);
	EXPECT_TRUE(st.limited_by & V2X_LIMITED_EXPIRED);
	EXPECT_SIGN(&self->s, 0, P_MW);
}

/* After power went to zero because the supervisor was lost. */
static void expect_stopped(struct __test_metadata *_metadata, struct session *s, __u32 reason,
			   long within_ms)
{
	struct v2x_status st;

	ASSERT_EQ(0, session_watch(s, V2X_STATE_IDLE, within_ms));
	sleep_ms(100);
	view_status(&s->view, &st);
	EXPECT_EQ(reason, st.reason);
	EXPECT_EQ(0, st.contactors_cmd);
	EXPECT_EQ(0, st.contactors & (V2X_CONTACTOR_GRID | V2X_CONTACTOR_EV));
	EXPECT_EQ(0, st.p_ref_mw);
	EXPECT_LT(abs(st.p_mw), STRAY_MW);
	EXPECT_SIGN(s, 0, P_MW);
}

/* A new supervisor finds it, and nothing moves until it says so. */
static void expect_no_resume(struct __test_metadata *_metadata, struct session *s)
{
	struct v2x_status st;

	ASSERT_EQ(0, dev_claim(s->fd, LEASE_MS));
	sleep_ms(300);
	view_status(&s->view, &st);
	EXPECT_EQ(V2X_STATE_IDLE, st.state);
	EXPECT_EQ(0, st.p_sp_mw);
	EXPECT_EQ(0, st.lease_left_ms);
	sign_mark(s);
	EXPECT_EQ(0, session_run(s, P_MW));
	EXPECT_EQ(0, session_hold(s, P_MW, 300));
	EXPECT_GT(session_power(s), P_MW * 9LL / 10);
	EXPECT_SIGN(s, 0, P_MW);
}

TEST_F(claim, lease_lost)
{
	ASSERT_EQ(0, session_run(&self->s, P_MW));
	ASSERT_EQ(0, session_hold(&self->s, P_MW, 300));
	EXPECT_GT(self->s.view.status->lease_left_ms, LEASE_MS / 2);
	expect_stopped(_metadata, &self->s, V2X_REASON_LEASE, LEASE_MS + STOP_MS);
	/* it wakes up late, and talks on */
	session_hold(&self->s, P_MW, 300);
	EXPECT_EQ(V2X_STATE_IDLE, session_state(&self->s));
	EXPECT_EQ(0, dev_ioctl(self->s.fd, V2X_IOC_RELEASE, NULL));
	expect_no_resume(_metadata, &self->s);
}

TEST_F(claim, released)
{
	ASSERT_EQ(0, session_run(&self->s, P_MW));
	ASSERT_EQ(0, session_hold(&self->s, P_MW, 300));
	ASSERT_EQ(0, dev_ioctl(self->s.fd, V2X_IOC_RELEASE, NULL));
	EXPECT_EQ(-EPERM, dev_setpoint(self->s.fd, P_MW));
	expect_stopped(_metadata, &self->s, V2X_REASON_REQUEST, STOP_MS);
	expect_no_resume(_metadata, &self->s);
}

TEST_F(claim, closed)
{
	struct session super = self->s;

	super.fd = open(self->s.charger.dev, O_RDWR);
	ASSERT_GE(super.fd, 0);
	ASSERT_EQ(0, session_run(&super, P_MW));
	ASSERT_EQ(0, session_hold(&super, P_MW, 300));
	close(super.fd);
	expect_stopped(_metadata, &self->s, V2X_REASON_CLOSED, STOP_MS);
	expect_no_resume(_metadata, &self->s);
}

/* A supervisor in a process of its own, which it never leaves. */
static pid_t supervisor(struct session *s)
{
	struct session super = *s;
	pid_t pid = fork();

	if (pid)
		return pid;
	super.fd = open(s->charger.dev, O_RDWR | O_CLOEXEC);
	close(s->fd);
	if (session_run(&super, P_MW))
		_exit(1);
	for (;;)
		session_hold(&super, P_MW, 1000);
}

TEST_F(claim, supervisor_killed)
{
	pid_t pid = supervisor(&self->s);

	ASSERT_GT(pid, 0);
	ASSERT_EQ(0, session_watch(&self->s, V2X_STATE_RUN, START_MS));
	sleep_ms(400);
	EXPECT_GT(session_power(&self->s), P_MW * 9LL / 10);
	ASSERT_EQ(0, kill(pid, SIGKILL));
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
	expect_stopped(_metadata, &self->s, V2X_REASON_CLOSED, STOP_MS);
	expect_no_resume(_metadata, &self->s);
}

TEST_F(claim, supervisor_stopped)
{
	pid_t pid = supervisor(&self->s);

	ASSERT_GT(pid, 0);
	ASSERT_EQ(0, session_watch(&self->s, V2X_STATE_RUN, START_MS));
	sleep_ms(400);
	EXPECT_GT(session_power(&self->s), P_MW * 9LL / 10);
	ASSERT_EQ(0, kill(pid, SIGSTOP));
	expect_stopped(_metadata, &self->s, V2X_REASON_LEASE, LEASE_MS + STOP_MS);
	/* it still has the claim; when it goes on, so does nothing else */
	EXPECT_EQ(-EBUSY, dev_claim(self->s.fd, LEASE_MS));
	ASSERT_EQ(0, kill(pid, SIGCONT));
	sleep_ms(500);
	EXPECT_EQ(V2X_STATE_IDLE, session_state(&self->s));
	EXPECT_SIGN(&self->s, 0, P_MW);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	expect_no_resume(_metadata, &self->s);
}

/* An emergency stop needs no claim, but a fault is cleared by who holds it. */
TEST_F(claim, emergency_stop_by_anybody)
{
	int other = open(self->s.charger.dev, O_RDWR);
	struct v2x_status st;

	ASSERT_GE(other, 0);
	ASSERT_EQ(0, session_run(&self->s, P_MW));
	ASSERT_EQ(0, session_hold(&self->s, P_MW, 300));
	ASSERT_EQ(0, dev_request(other, V2X_REQUEST_ESTOP));
	sleep_ms(2);
	view_status(&self->s.view, &st);
	EXPECT_EQ(V2X_STATE_FAULT, st.state);
	EXPECT_EQ(V2X_REASON_ESTOP, st.fault);
	EXPECT_EQ(0, st.contactors_cmd);
	EXPECT_EQ(-EPERM, dev_request(other, V2X_REQUEST_ACK));
	EXPECT_EQ(-EBUSY, dev_request(self->s.fd, V2X_REQUEST_START));
	sleep_ms(300);
	EXPECT_EQ(0, dev_request(self->s.fd, V2X_REQUEST_ACK));
	EXPECT_EQ(V2X_STATE_IDLE, session_state(&self->s));
	EXPECT_SIGN(&self->s, 0, P_MW);
	EXPECT_EQ(0, session_run(&self->s, P_MW));
	close(other);
}

TEST_HARNESS_MAIN
