// SPDX-License-Identifier: GPL-2.0-only
/* The rules that hold for every command: sizes, pointers, reserved fields, rights. */
#include <stddef.h>

#include "command.h"

#define F_WRITE		1	/* needs a file opened for writing */
#define F_CLAIM		2	/* needs the claim */
#define F_OUT		4	/* writes its structure back */
#define F_NOARG		8

union arg {
	__u32 size;
	struct v2x_info info;
	struct v2x_channel channel;
	struct v2x_claim claim;
	struct v2x_setpoint setpoint;
	struct v2x_limits limits;
	struct v2x_protection protection;
	struct v2x_request request;
	struct v2x_pilot_cmd pilot;
	struct v2x_wait wait;
	struct v2x_cancel cancel;
	struct v2x_prot_table prot_table;
	struct v2x_tuning tuning;
	char room[1024];
};

struct command {
	const char *name;
	unsigned int op;
	unsigned int flags;
	int good; /* result of a good call by the holder of the claim */
	struct {
		size_t offset;
		size_t len;
	} zero[3];
};

#define ZERO(type, field)	{ offsetof(struct type, field), sizeof(((struct type *)0)->field) }

static const struct command commands[] = {
	{ "info", V2X_IOC_INFO, F_OUT, 0,
	  { ZERO(v2x_info, reserved0), ZERO(v2x_info, reserved) } },
	{ "channel", V2X_IOC_CHANNEL, F_OUT, 0,
	  { ZERO(v2x_channel, flags), ZERO(v2x_channel, reserved0),
	    ZERO(v2x_channel, reserved) } },
	{ "claim", V2X_IOC_CLAIM, F_WRITE, 0, { ZERO(v2x_claim, reserved) } },
	{ "release", V2X_IOC_RELEASE, F_WRITE | F_CLAIM | F_NOARG, 0, {} },
	{ "setpoint", V2X_IOC_SETPOINT, F_WRITE | F_CLAIM, 0,
	  { ZERO(v2x_setpoint, reserved) } },
	{ "set_limits", V2X_IOC_SET_LIMITS, F_WRITE | F_CLAIM, 0,
	  { ZERO(v2x_limits, flags), ZERO(v2x_limits, reserved) } },
	{ "get_limits", V2X_IOC_GET_LIMITS, F_OUT, 0,
	  { ZERO(v2x_limits, flags), ZERO(v2x_limits, reserved) } },
	{ "set_protection", V2X_IOC_SET_PROTECTION, F_WRITE | F_CLAIM, 0,
	  { ZERO(v2x_protection, flags), ZERO(v2x_protection, reserved) } },
	{ "get_protection", V2X_IOC_GET_PROTECTION, F_OUT, 0,
	  { ZERO(v2x_protection, flags), ZERO(v2x_protection, reserved) } },
	{ "request", V2X_IOC_REQUEST, F_WRITE | F_CLAIM, 0,
	  { ZERO(v2x_request, reserved0), ZERO(v2x_request, reserved) } },
	{ "pilot", V2X_IOC_PILOT, F_WRITE | F_CLAIM, 0, { ZERO(v2x_pilot_cmd, reserved) } },
	{ "wait_cycle", V2X_IOC_WAIT_CYCLE, 0, 0,
	  { ZERO(v2x_wait, reserved0), ZERO(v2x_wait, reserved) } },
	{ "wait_event", V2X_IOC_WAIT_EVENT, 0, 0,
	  { ZERO(v2x_wait, reserved0), ZERO(v2x_wait, reserved) } },
	{ "recorder_arm", V2X_IOC_RECORDER_ARM, F_WRITE | F_NOARG, 0, {} },
	{ "set_prot_table", V2X_IOC_SET_PROT_TABLE, F_WRITE | F_CLAIM | F_OUT, 0,
	  { ZERO(v2x_prot_table, flags), ZERO(v2x_prot_table, hash),
	    ZERO(v2x_prot_table, reserved) } },
	{ "get_prot_table", V2X_IOC_GET_PROT_TABLE, F_OUT, 0,
	  { ZERO(v2x_prot_table, flags), ZERO(v2x_prot_table, reserved) } },
	{ "set_tuning", V2X_IOC_SET_TUNING, F_WRITE | F_OUT, 0,
	  { ZERO(v2x_tuning, flags), ZERO(v2x_tuning, reserved) } },
	{ "get_tuning", V2X_IOC_GET_TUNING, F_OUT, 0,
	  { ZERO(v2x_tuning, flags), ZERO(v2x_tuning, reserved) } },
	{ "set_forming", V2X_IOC_SET_FORMING, F_WRITE | F_CLAIM, 0,
	  { ZERO(v2x_forming, flags), ZERO(v2x_forming, reserved) } },
	{ "get_forming", V2X_IOC_GET_FORMING, F_OUT, 0,
	  { ZERO(v2x_forming, flags), ZERO(v2x_forming, reserved) } },
	{ "cancel", V2X_IOC_CANCEL, 0, -ENOENT, { ZERO(v2x_cancel, reserved) } },
};

#define for_each_command(c)	\
	for ((c) = commands; (c) < commands + ARRAY_SIZE(commands); (c)++)

/* The same command as a program with a larger or smaller structure would give it. */
static unsigned int resized(unsigned int op, int by)
{
	return _IOC(_IOC_DIR(op), _IOC_TYPE(op), _IOC_NR(op), _IOC_SIZE(op) + by);
}

/* A good argument. Needs the limits and protection in force for those that set them. */
static void fill(int fd, const struct command *c, union arg *arg)
{
	memset(arg, 0, sizeof(*arg));
	arg->size = _IOC_SIZE(c->op);
	switch (c->op) {
	case V2X_IOC_CLAIM:
		arg->claim.lease_ms = LEASE_MS;
		break;
	case V2X_IOC_SETPOINT:
		arg->setpoint.ramp_mw_per_s = V2X_RAMP_FASTEST;
		break;
	case V2X_IOC_SET_LIMITS:
		dev_ioctl(fd, V2X_IOC_GET_LIMITS, arg);
		break;
	case V2X_IOC_SET_PROTECTION:
		dev_ioctl(fd, V2X_IOC_GET_PROTECTION, arg);
		break;
	case V2X_IOC_SET_FORMING:
		dev_ioctl(fd, V2X_IOC_GET_FORMING, arg);
		break;
	case V2X_IOC_SET_TUNING:
		dev_ioctl(fd, V2X_IOC_GET_TUNING, arg);
		break;
	case V2X_IOC_REQUEST:
		arg->request.request = V2X_REQUEST_STOP;
		break;
	case V2X_IOC_PILOT:
		arg->pilot.duty_permille = 100;
		break;
	case V2X_IOC_WAIT_CYCLE:
		arg->wait.timeout_ms = 2000;
		arg->wait.flags = V2X_WAIT_NEXT;
		break;
	case V2X_IOC_WAIT_EVENT: /* the claim was one */
		arg->wait.timeout_ms = 2000;
		break;
	case V2X_IOC_CANCEL:
		arg->cancel.flags = V2X_CANCEL_ALL;
		break;
	}
}

TEST_F(command, good)
{
	const struct command *c;
	union arg arg;

	for_each_command(c) {
		fill(self->s.fd, c, &arg);
		EXPECT_EQ(c->good, call(c->op, c->flags & F_NOARG ? NULL : &arg))
			TH_LOG("%s", c->name);
		EXPECT_EQ(0, dev_claim(self->s.fd, LEASE_MS)); /* after release */
		if (!(c->flags & F_NOARG))
			EXPECT_EQ(_IOC_SIZE(c->op), arg.size) TH_LOG("%s", c->name);
	}
}

TEST_F(command, read_only_file)
{
	const struct command *c;
	union arg arg;
	int want;

	for_each_command(c) {
		fill(self->s.fd, c, &arg);
		want = c->flags & F_WRITE ? -EBADF : c->good;
		EXPECT_EQ(want, call_fd(self, variant->uring, self->ro, c->op,
					c->flags & F_NOARG ? NULL : &arg))
			TH_LOG("%s", c->name);
	}
}

TEST_F(command, without_claim)
{
	const struct command *c;
	struct settings before, after;
	union arg arg;
	int other;

	other = open(self->s.charger.dev, O_RDWR);
	ASSERT_GE(other, 0);
	settings_get(&self->s, &before);
	for_each_command(c) {
		if (!(c->flags & F_CLAIM))
			continue;
		fill(self->s.fd, c, &arg);
		EXPECT_EQ(-EPERM, call_fd(self, variant->uring, other, c->op,
					  c->flags & F_NOARG ? NULL : &arg))
			TH_LOG("%s", c->name);
	}
	settings_get(&self->s, &after);
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(before)));
	close(other);
}

TEST_F(command, smaller_structure)
{
	const struct command *c;
	union arg arg;

	for_each_command(c) {
		if (c->flags & F_NOARG)
			continue;
		fill(self->s.fd, c, &arg);
		arg.size -= 8;
		EXPECT_EQ(-EINVAL, call(resized(c->op, -8), &arg)) TH_LOG("%s", c->name);
	}
}

TEST_F(command, size_field_differs)
{
	const struct command *c;
	union arg arg;

	for_each_command(c) {
		if (c->flags & F_NOARG)
			continue;
		fill(self->s.fd, c, &arg);
		arg.size += 8;
		EXPECT_EQ(-EINVAL, call(c->op, &arg)) TH_LOG("%s", c->name);
		arg.size = 0;
		EXPECT_EQ(-EINVAL, call(c->op, &arg)) TH_LOG("%s", c->name);
	}
}

TEST_F(command, larger_structure_zero_tail)
{
	const struct command *c;
	union arg arg;

	for_each_command(c) {
		if (c->flags & F_NOARG)
			continue;
		fill(self->s.fd, c, &arg);
		arg.size += 64;
		EXPECT_EQ(c->good, call(resized(c->op, 64), &arg)) TH_LOG("%s", c->name);
	}
}

TEST_F(command, larger_structure_used_tail)
{
	struct settings before, after;
	const struct command *c;
	union arg arg;

	settings_get(&self->s, &before);
	for_each_command(c) {
		if (c->flags & F_NOARG)
			continue;
		fill(self->s.fd, c, &arg);
		arg.room[arg.size + 63] = 1;
		arg.size += 64;
		EXPECT_EQ(-E2BIG, call(resized(c->op, 64), &arg)) TH_LOG("%s", c->name);
	}
	settings_get(&self->s, &after);
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(before)));
}

TEST_F(command, absurd_size)
{
	unsigned int op = _IOC(_IOC_READ | _IOC_WRITE, V2X_IOC_MAGIC, 0, 16000);
	char *big = calloc(1, 16000);

	ASSERT_NE(NULL, big);
	*(__u32 *)big = 16000;
	EXPECT_EQ(-E2BIG, call(op, big));
	free(big);
}

TEST_F(command, bad_pointer)
{
	const size_t page = sysconf(_SC_PAGESIZE);
	const struct command *c;
	char *at;
	union arg arg;

	at = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, at);
	ASSERT_EQ(0, munmap(at + page, page));
	for_each_command(c) {
		if (c->flags & F_NOARG)
			continue;
		EXPECT_EQ(-EFAULT, call(c->op, NULL)) TH_LOG("%s", c->name);
		EXPECT_EQ(-EFAULT, call(c->op, (void *)8)) TH_LOG("%s", c->name);
		EXPECT_EQ(-EFAULT, call(c->op, at + page)) TH_LOG("%s", c->name);
		/* all but the last four bytes are there */
		fill(self->s.fd, c, &arg);
		memcpy(at + page - arg.size + 4, &arg, arg.size - 4);
		EXPECT_EQ(-EFAULT, call(c->op, at + page - arg.size + 4)) TH_LOG("%s", c->name);
	}
	munmap(at, page);
}

TEST_F(command, read_only_memory)
{
	const size_t page = sysconf(_SC_PAGESIZE);
	const struct command *c;
	char *at;

	at = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, at);
	for_each_command(c) {
		if (!(c->flags & F_OUT))
			continue;
		ASSERT_EQ(0, mprotect(at, page, PROT_READ | PROT_WRITE));
		fill(self->s.fd, c, (union arg *)at);
		ASSERT_EQ(0, mprotect(at, page, PROT_READ));
		EXPECT_EQ(-EFAULT, call(c->op, at)) TH_LOG("%s", c->name);
	}
	munmap(at, page);
}

TEST_F(command, reserved_fields)
{
	struct settings before, after;
	const struct command *c;
	union arg arg;
	size_t i, k;

	settings_get(&self->s, &before);
	for_each_command(c) {
		for (i = 0; i < ARRAY_SIZE(c->zero); i++) {
			for (k = 0; k < c->zero[i].len; k++) {
				fill(self->s.fd, c, &arg);
				arg.room[c->zero[i].offset + k] = 1 << k % 8;
				EXPECT_EQ(-EINVAL, call(c->op, &arg))
					TH_LOG("%s byte %zu", c->name, c->zero[i].offset + k);
			}
		}
	}
	settings_get(&self->s, &after);
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(before)));
}

TEST_F(command, unknown_flags)
{
	struct v2x_cancel cancel = { .size = sizeof(cancel) };
	struct v2x_wait wait = { .size = sizeof(wait), .timeout_ms = 10 };
	int bit;

	for (bit = 1; bit < 32; bit++) {
		wait.flags = 1U << bit;
		EXPECT_EQ(-EINVAL, call(V2X_IOC_WAIT_CYCLE, &wait));
		EXPECT_EQ(-EINVAL, call(V2X_IOC_WAIT_EVENT, &wait));
		cancel.flags = 1U << bit;
		EXPECT_EQ(-EINVAL, call(V2X_IOC_CANCEL, &cancel));
	}
	wait.flags = V2X_WAIT_NEXT;
	wait.after = 1;
	EXPECT_EQ(-EINVAL, call(V2X_IOC_WAIT_CYCLE, &wait));
	cancel.flags = V2X_CANCEL_ALL;
	cancel.tag = 1;
	EXPECT_EQ(-EINVAL, call(V2X_IOC_CANCEL, &cancel));
}

TEST_F(command, wait_time_out_range)
{
	struct v2x_wait wait = { .size = sizeof(wait), .flags = V2X_WAIT_NEXT };

	EXPECT_EQ(-EINVAL, call(V2X_IOC_WAIT_EVENT, &wait));
	wait.timeout_ms = V2X_WAIT_MAX_MS + 1;
	EXPECT_EQ(-EINVAL, call(V2X_IOC_WAIT_EVENT, &wait));
	wait.timeout_ms = 30;
	wait.flags = 0;
	wait.after = UINT64_MAX;
	EXPECT_EQ(-ETIME, call(V2X_IOC_WAIT_EVENT, &wait));
	EXPECT_EQ(-ETIME, call(V2X_IOC_WAIT_CYCLE, &wait));
}

TEST_F(command, argument_where_none_is_taken)
{
	char byte = 0;

	EXPECT_EQ(-EINVAL, call(V2X_IOC_RELEASE, &byte));
	EXPECT_EQ(-EINVAL, call(V2X_IOC_RECORDER_ARM, &byte));
}

TEST_F(command, no_such_command)
{
	char room[256] = "";

	EXPECT_EQ(-ENOTTY, call(_IO(V2X_IOC_MAGIC, 0x3f), NULL));
	EXPECT_EQ(-ENOTTY, call(_IO(V2X_IOC_MAGIC, 0xff), NULL));
	EXPECT_EQ(-ENOTTY, call(_IO('v', 0x00), NULL));
	EXPECT_EQ(-ENOTTY, call(_IOR(V2X_IOC_MAGIC, 0x04, struct v2x_setpoint), room));
	EXPECT_EQ(-ENOTTY, call(0, room));
}

/* Layout: the same for 32-bit programs, and frozen. */
TEST(layout)
{
	EXPECT_EQ(280, sizeof(struct v2x_info));
	EXPECT_EQ(104, sizeof(struct v2x_channel));
	EXPECT_EQ(24, sizeof(struct v2x_claim));
	EXPECT_EQ(48, sizeof(struct v2x_setpoint));
	EXPECT_EQ(56, sizeof(struct v2x_limits));
	EXPECT_EQ(96, sizeof(struct v2x_protection));
	EXPECT_EQ(32, sizeof(struct v2x_request));
	EXPECT_EQ(24, sizeof(struct v2x_pilot_cmd));
	EXPECT_EQ(40, sizeof(struct v2x_wait));
	EXPECT_EQ(32, sizeof(struct v2x_cancel));
	EXPECT_EQ(16, sizeof(struct v2x_uring_cmd));
	EXPECT_EQ(64, sizeof(struct v2x_sample));
	EXPECT_EQ(120, sizeof(struct v2x_cycle));
	EXPECT_EQ(64, sizeof(struct v2x_event));
	EXPECT_EQ(64, sizeof(struct v2x_ring));
	EXPECT_EQ(616, sizeof(struct v2x_status));
}

TEST_HARNESS_MAIN
