// SPDX-License-Identifier: GPL-2.0-only
/*
 * Chargers that come and go while they are in use, several at once, and the
 * modules with them.
 */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "session.h"

#define P_MW	4000000

FIXTURE(removal)
{
	struct session s;
	struct io_uring ring;
};

FIXTURE_SETUP(removal)
{
	ASSERT_EQ(0, session_open(&self->s, "removal"));
	ASSERT_EQ(0, io_uring_queue_init(16, &self->ring, 0));
}

FIXTURE_TEARDOWN(removal)
{
	io_uring_queue_exit(&self->ring);
	session_close(&self->s);
}

static void park_one(struct io_uring *ring, int fd, unsigned int op, struct v2x_wait *w)
{
	memset(w, 0, sizeof(*w));
	w->size = sizeof(*w);
	w->timeout_ms = V2X_WAIT_MAX_MS;
	w->after = UINT64_MAX;
	dev_sqe(ring, fd, op, w, sizeof(*w), 1);
}

/* Everything answers -ENODEV, and what was mapped can still be read. */
static void expect_gone(struct __test_metadata *_metadata, struct session *s)
{
	struct pollfd p = { .fd = s->fd, .events = POLLIN };
	struct v2x_wait w = { .size = sizeof(w), .timeout_ms = 100 };
	struct v2x_event ev;
	struct v2x_info info;
	struct v2x_status st, later;
	ssize_t len;

	EXPECT_EQ(-ENODEV, dev_info(s->fd, &info));
	EXPECT_EQ(-ENODEV, dev_claim(s->fd, LEASE_MS));
	EXPECT_EQ(-ENODEV, dev_setpoint(s->fd, P_MW));
	EXPECT_EQ(-ENODEV, dev_request(s->fd, V2X_REQUEST_ESTOP));
	EXPECT_EQ(-ENODEV, dev_ioctl(s->fd, V2X_IOC_WAIT_CYCLE, &w));
	EXPECT_EQ(-ENODEV, dev_ioctl(s->fd, V2X_IOC_RECORDER_ARM, NULL));
	EXPECT_EQ(1, poll(&p, 1, 0));
	EXPECT_EQ(POLLHUP | POLLERR, p.revents & (POLLHUP | POLLERR));
	do { /* the last words first */
		len = read(s->fd, &ev, sizeof(ev));
	} while (len == sizeof(ev));
	EXPECT_EQ(-1, len);
	EXPECT_EQ(ENODEV, errno);
	EXPECT_EQ(MAP_FAILED, mmap(NULL, 4096, PROT_READ, MAP_SHARED, s->fd, 0));
	EXPECT_EQ(ENODEV, errno);
	view_status(&s->view, &st);
	sleep_ms(20);
	view_status(&s->view, &later);
	EXPECT_EQ(st.tick, later.tick);
	EXPECT_EQ(0, later.p_ref_mw);
	EXPECT_EQ(0, later.contactors_cmd);
	EXPECT_EQ(V2X_RING_MAGIC, s->view.wave->magic);
}

TEST_F(removal, while_open)
{
	ASSERT_EQ(0, charger_set(&self->s.charger, "live", 0));
	EXPECT_NE(0, access(self->s.charger.dev, F_OK));
	expect_gone(_metadata, &self->s);
}

TEST_F(removal, by_rmdir_at_power)
{
	struct v2x_status st;

	sign_mark(&self->s);
	ASSERT_EQ(0, session_run(&self->s, P_MW));
	ASSERT_EQ(0, session_hold(&self->s, P_MW, 300));
	ASSERT_EQ(0, rmdir(self->s.charger.dir));
	view_status(&self->s.view, &st);
	EXPECT_EQ(V2X_STATE_IDLE, st.state); /* ramped down before it went */
	EXPECT_EQ(V2X_REASON_REMOVED, st.reason);
	EXPECT_SIGN(&self->s, 0, P_MW);
	expect_gone(_metadata, &self->s);
}

TEST_F(removal, with_waits_parked)
{
	struct v2x_wait w[3];
	int i;

	park_one(&self->ring, self->s.fd, V2X_IOC_WAIT_EVENT, &w[0]);
	park_one(&self->ring, self->s.fd, V2X_IOC_WAIT_CYCLE, &w[1]);
	park_one(&self->ring, self->s.fd, V2X_IOC_WAIT_CYCLE, &w[2]);
	ASSERT_EQ(3, io_uring_submit(&self->ring));
	EXPECT_EQ(-ETIMEDOUT, dev_reap(&self->ring, 50, NULL));
	ASSERT_EQ(0, charger_set(&self->s.charger, "live", 0));
	for (i = 0; i < 3; i++)
		EXPECT_EQ(-ENODEV, dev_reap(&self->ring, 1000, NULL));
	park_one(&self->ring, self->s.fd, V2X_IOC_WAIT_EVENT, &w[0]);
	ASSERT_EQ(1, io_uring_submit(&self->ring));
	EXPECT_EQ(-ENODEV, dev_reap(&self->ring, 1000, NULL));
}

TEST_F(removal, while_polled_and_read)
{
	struct pollfd p = { .fd = self->s.fd, .events = POLLPRI };
	struct v2x_event ev;
	pid_t poller, reader;
	int status;

	poller = fork();
	if (!poller)
		_exit(poll(&p, 1, 5000) != 1 || !(p.revents & POLLHUP));
	reader = fork();
	if (!reader) {
		while (read(self->s.fd, &ev, sizeof(ev)) == sizeof(ev))
			;
		_exit(errno != ENODEV);
	}
	sleep_ms(100);
	ASSERT_EQ(0, charger_set(&self->s.charger, "live", 0));
	ASSERT_EQ(poller, waitpid(poller, &status, 0));
	EXPECT_EQ(0, status);
	ASSERT_EQ(reader, waitpid(reader, &status, 0));
	EXPECT_EQ(0, status);
}

/* The same name comes back as another device; the old file stays dead. */
TEST_F(removal, and_return)
{
	struct view v;
	char node[32];
	int fd;

	ASSERT_EQ(0, charger_set(&self->s.charger, "live", 0));
	ASSERT_EQ(0, charger_set(&self->s.charger, "live", 1));
	ASSERT_EQ(0, charger_get(&self->s.charger, "dev_name", node, sizeof(node)));
	expect_gone(_metadata, &self->s);
	snprintf(self->s.charger.dev, sizeof(self->s.charger.dev), "/dev/%s", node);
	fd = open(self->s.charger.dev, O_RDWR);
	ASSERT_GE(fd, 0);
	ASSERT_EQ(0, view_open(&v, fd));
	EXPECT_EQ(0, dev_wait_cycle(fd, 1000));
	EXPECT_EQ(0, dev_claim(fd, LEASE_MS));
	view_close(&v);
	close(fd);
}

/* A process that does all it can with whatever charger there is. */
static void load(struct session *s, unsigned int seed)
{
	const char *dev = s->charger.dev;
	struct io_uring ring;
	struct v2x_wait w;
	struct view v;
	struct v2x_status st;
	struct v2x_event ev;
	int fd;

	view_close(&s->view); /* the parent's */
	close(s->fd);
	if (io_uring_queue_init(8, &ring, 0))
		_exit(1);
	for (;;) {
		fd = open(dev, O_RDWR | O_NONBLOCK);
		if (fd < 0) {
			sleep_ms(1);
			continue;
		}
		if (!view_open(&v, fd)) {
			dev_claim(fd, LEASE_MS);
			dev_request(fd, V2X_REQUEST_START);
			park_one(&ring, fd, V2X_IOC_WAIT_EVENT, &w);
			w.timeout_ms = 1 + rand_r(&seed) % 30;
			io_uring_submit(&ring);
			dev_setpoint(fd, P_MW);
			view_status(&v, &st);
			read(fd, &ev, sizeof(ev));
			sleep_ms(rand_r(&seed) % 15);
			dev_reap(&ring, 100, NULL);
			view_close(&v);
		}
		close(fd);
	}
}

static void kill_all(pid_t *pid, int n)
{
	int i;

	for (i = 0; i < n; i++)
		kill(pid[i], SIGKILL);
	for (i = 0; i < n; i++)
		waitpid(pid[i], NULL, 0);
}

TEST_F(removal, again_and_again_under_load)
{
	pid_t pid[3];
	int i;

	for (i = 0; i < 3; i++) {
		pid[i] = fork();
		ASSERT_GE(pid[i], 0);
		if (!pid[i])
			load(&self->s, i);
	}
	for (i = 0; i < 15; i++) {
		EXPECT_EQ(0, charger_set(&self->s.charger, "live", 0));
		EXPECT_EQ(0, charger_set(&self->s.charger, "live", 1));
		sleep_ms(7 * i);
	}
	kill_all(pid, 3);
}

static bool loaded(const char *module)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/module/%s", module);
	return !access(path, F_OK);
}

/* The driver can go while files are open; the core only after them. */
TEST(module_unload_while_open)
{
	struct session s;

	ASSERT_EQ(0, session_open(&s, "unload"));
	ASSERT_EQ(0, rmdir(s.charger.dir));
	EXPECT_EQ(0, system("rmmod v2x_virt"));
	EXPECT_FALSE(loaded("v2x_virt"));
	EXPECT_NE(0, system("rmmod v2x 2>/dev/null"));
	expect_gone(_metadata, &s);
	close(s.fd);
	EXPECT_NE(0, system("rmmod v2x 2>/dev/null")); /* mapped */
	view_close(&s.view);
	EXPECT_EQ(0, system("rmmod v2x"));
	EXPECT_FALSE(loaded("v2x"));
	EXPECT_EQ(0, system("modprobe v2x_virt"));
}

TEST(module_not_unloaded_under_a_charger)
{
	struct session s;

	ASSERT_EQ(0, session_open(&s, "unload"));
	EXPECT_NE(0, system("rmmod v2x_virt 2>/dev/null"));
	EXPECT_NE(0, system("rmmod v2x 2>/dev/null"));
	EXPECT_EQ(0, dev_wait_cycle(s.fd, 1000));
	session_close(&s);
}

TEST(module_reload_under_load)
{
	struct session s;
	pid_t pid[2];
	int i, k;

	ASSERT_EQ(0, session_open(&s, "reload"));
	for (i = 0; i < 2; i++) {
		pid[i] = fork();
		ASSERT_GE(pid[i], 0);
		if (!pid[i])
			load(&s, i);
	}
	session_close(&s);
	for (i = 0; i < 6; i++) {
		EXPECT_EQ(0, system("rmmod v2x_virt"));
		for (k = 0; k < 200 && system("rmmod v2x 2>/dev/null"); k++)
			sleep_ms(10); /* the load lets go of its files */
		EXPECT_FALSE(loaded("v2x"));
		ASSERT_EQ(0, session_open(&s, "reload"));
		sleep_ms(20 * i);
		session_close(&s);
	}
	kill_all(pid, 2);
}

/* Two chargers do not feel each other. */
TEST(two_at_once)
{
	struct session a, b;
	struct v2x_status st;

	ASSERT_EQ(0, session_open(&a, "left"));
	ASSERT_EQ(0, session_open(&b, "right"));
	EXPECT_STRNE(a.charger.dev, b.charger.dev);
	sign_mark(&a);
	sign_mark(&b);
	ASSERT_EQ(0, session_run(&a, P_MW));
	ASSERT_EQ(0, dev_setpoint(a.fd, P_MW));
	ASSERT_EQ(0, session_run(&b, -P_MW));
	ASSERT_EQ(0, dev_setpoint(b.fd, -P_MW));
	sleep_ms(300);
	ASSERT_EQ(V2X_STATE_RUN, session_state(&b));
	EXPECT_LT(session_power(&b), -P_MW * 9LL / 10);
	/* a fault on one */
	ASSERT_EQ(0, charger_set(&b.charger, "fault/gate_fault", 1));
	sleep_ms(20);
	EXPECT_EQ(V2X_STATE_FAULT, session_state(&b));
	view_status(&a.view, &st);
	EXPECT_EQ(0, st.fault);
	EXPECT_EQ(0, st.fault_lines);
	/* and the other removed */
	ASSERT_EQ(0, rmdir(b.charger.dir));
	sleep_ms(20);
	expect_gone(_metadata, &b);
	EXPECT_EQ(0, dev_wait_cycle(a.fd, 1000));
	EXPECT_SIGN(&a, 0, P_MW);
	EXPECT_SIGN(&b, -P_MW, 0);
	session_close(&b);
	session_close(&a);
}

TEST(as_many_as_there_is_room_for)
{
	struct charger c[8];
	char name[16];
	int i, k;

	for (i = 0; i < 8; i++) {
		snprintf(name, sizeof(name), "many%d", i);
		ASSERT_EQ(0, charger_create(&c[i], name));
		for (k = 0; k < i; k++)
			EXPECT_STRNE(c[k].dev, c[i].dev);
	}
	for (i = 0; i < 8; i++) {
		int fd = open(c[i].dev, O_RDWR);

		ASSERT_GE(fd, 0);
		EXPECT_EQ(0, dev_wait_cycle(fd, 2000));
		close(fd);
	}
	for (i = 0; i < 8; i++)
		charger_remove(&c[i]);
}

/* One value a file, the same as the status page has. */
TEST(sysfs)
{
	static const char * const files[] = {
		"driver", "name", "serial", "state", "reason", "fault", "claimed",
		"ratings/phases", "ratings/tick_hz", "ratings/p_import_max_mw",
		"ratings/p_export_max_mw", "counters/tick", "counters/ticks_missed",
		"counters/start_worst_ns", "counters/duration_worst_ns",
		"counters/duration_sum_ns",
		"counters/fault_to_inhibit_worst_ns", "counters/start_hist",
		"counters/duration_hist", "measured/f_mhz", "measured/p_mw",
	};
	char path[512], text[1024];
	struct session s;
	unsigned int i;

	ASSERT_EQ(0, session_open(&s, "sysfs"));
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		snprintf(path, sizeof(path), "/sys/class/v2x/%s/%s", s.charger.dev + 5, files[i]);
		EXPECT_EQ(0, read_file(path, text, sizeof(text))) TH_LOG("%s", files[i]);
		EXPECT_NE(0, text[0]) TH_LOG("%s", files[i]);
		EXPECT_NE(0, write_file(path, "1")) TH_LOG("%s", files[i]);
	}
	snprintf(path, sizeof(path), "/sys/class/v2x/%s/state", s.charger.dev + 5);
	ASSERT_EQ(0, read_file(path, text, sizeof(text)));
	EXPECT_STREQ("idle", text);
	snprintf(path, sizeof(path), "/sys/class/v2x/%s/ratings/tick_hz", s.charger.dev + 5);
	ASSERT_EQ(0, read_file(path, text, sizeof(text)));
	EXPECT_EQ(s.view.info.tick_hz, atoi(text));
	session_close(&s);
}

TEST_HARNESS_MAIN
