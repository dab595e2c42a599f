// SPDX-License-Identifier: GPL-2.0-only
/*
 * The commands: one table and one implementation for ioctl and io_uring.
 *
 * Of each command the structure is copied in once, checked for form (size,
 * reserved fields), then for permission, then for sense. No lock is held while
 * user memory is touched, since mmap() of the same file holds mmap_lock.
 */
#include <linux/ktime.h>
#include <linux/nospec.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "core.h"
#include "prot_table.h"

union v2x_arg {
	u32 size;
	struct v2x_info info;
	struct v2x_channel channel;
	struct v2x_claim claim;
	struct v2x_setpoint setpoint;
	struct v2x_limits limits;
	struct v2x_forming forming;
	struct v2x_protection protection;
	struct v2x_request request;
	struct v2x_pilot_cmd pilot;
	struct v2x_wait wait;
	struct v2x_cancel cancel;
	struct v2x_prot_table prot_table;
	struct v2x_tuning tuning;
};

#define V2X_OP_WRITE	BIT(0)	/* file must be open for writing */
#define V2X_OP_CONFIG	BIT(1)	/* runs under cfg_lock */
#define V2X_OP_CLAIM	BIT(2)	/* file must hold the claim */
#define V2X_OP_WAIT	BIT(3)	/* may park; runs without a lock */
#define V2X_OP_ANSWER	BIT(4)	/* a refusal is written back, too */
#define V2X_OP_SET	(V2X_OP_WRITE | V2X_OP_CONFIG | V2X_OP_CLAIM)

#define V2X_ZEROS_MAX	4

/**
 * struct v2x_op - one command
 * @op: the ioctl number; its size is that of the first version
 * @flags: V2X_OP_*
 * @zero: fields that must be zero
 * @run: the command; stage_lock is held and the stage is there, but for
 *	V2X_OP_WAIT. Return: 0 or -errno.
 */
struct v2x_op {
	unsigned int op;
	unsigned int flags;
	struct {
		u16 offset;
		u16 end;
	} zero[V2X_ZEROS_MAX];
	int (*run)(struct v2x_call *call, union v2x_arg *arg);
};

static int v2x_op_info(struct v2x_call *call, union v2x_arg *arg)
{
	arg->info = call->file->core->info;
	return 0;
}

static int v2x_op_channel(struct v2x_call *call, union v2x_arg *arg)
{
	return v2x_channel_get(call->file->core, &arg->channel);
}

static int v2x_op_claim(struct v2x_call *call, union v2x_arg *arg)
{
	return v2x_claim_take(call->file, &arg->claim);
}

static int v2x_op_release(struct v2x_call *call, union v2x_arg *arg)
{
	v2x_claim_drop(call->file, V2X_REASON_REQUEST);
	return 0;
}

static int v2x_op_setpoint(struct v2x_call *call, union v2x_arg *arg)
{
	struct v2x_core *core = call->file->core;
	struct v2x_ctl_user next = core->user;
	u64 until = arg->setpoint.valid_until_ns;
	u64 now = ktime_get_ns();

	if (until && until <= now)
		return -ETIME;
	next.setpoint = arg->setpoint;
	next.setpoint.size = sizeof(next.setpoint);
	next.valid_until_tick = U64_MAX;
	if (until)
		next.valid_until_tick = atomic64_read(&core->tick) +
					v2x_ticks_from_ns(core, until - now);
	if (core->lease_runs)
		next.lease_until_tick = v2x_lease_end(core);
	return v2x_setting_apply(core, &next);
}

static int v2x_op_set_limits(struct v2x_call *call, union v2x_arg *arg)
{
	struct v2x_ctl_user next = call->file->core->user;

	next.limits = arg->limits;
	next.limits.size = sizeof(next.limits);
	return v2x_setting_apply(call->file->core, &next);
}

static int v2x_op_get_limits(struct v2x_call *call, union v2x_arg *arg)
{
	arg->limits = call->file->core->user.limits;
	return 0;
}

static int v2x_op_set_forming(struct v2x_call *call, union v2x_arg *arg)
{
	struct v2x_ctl_user next = call->file->core->user;

	next.forming = arg->forming;
	next.forming.size = sizeof(next.forming);
	return v2x_setting_apply(call->file->core, &next);
}

static int v2x_op_get_forming(struct v2x_call *call, union v2x_arg *arg)
{
	arg->forming = call->file->core->user.forming;
	return 0;
}

static int v2x_op_set_protection(struct v2x_call *call, union v2x_arg *arg)
{
	struct v2x_ctl_user next = call->file->core->user;

	next.protection = arg->protection;
	next.protection.size = sizeof(next.protection);
	return v2x_setting_apply(call->file->core, &next);
}

static int v2x_op_get_protection(struct v2x_call *call, union v2x_arg *arg)
{
	arg->protection = call->file->core->user.protection;
	return 0;
}

/* No entries: back to the default, and nothing else may be said. */
static int v2x_prot_table_take(struct v2x_core *core, struct v2x_prot_table *t)
{
	int ret;

	if (!t->count) {
		if (memchr_inv(&t->version, 0, offsetof(struct v2x_prot_table, hash) -
			       offsetof(struct v2x_prot_table, version)) ||
		    memchr_inv(&t->return_ms, 0,
			       sizeof(*t) - offsetof(struct v2x_prot_table, return_ms)))
			t->why = V2X_PROT_BAD_FIELD;
		t->refused = V2X_PROT_NO_ENTRY;
		return t->why ? -EINVAL : 0;
	}
	ret = v2x_prot_table_check(&core->desc, t);
	if (!ret)
		t->hash = v2x_prot_table_hash(t);
	return ret;
}

static int v2x_op_set_prot_table(struct v2x_call *call, union v2x_arg *arg)
{
	struct v2x_core *core = call->file->core;
	struct v2x_prot_table *t = &arg->prot_table;
	struct v2x_ctl_user *next;
	int ret = v2x_prot_table_take(core, t);

	if (ret) {
		dev_dbg(&core->dev, "protection table refused: entry %d, why %u\n",
			(int)t->refused, t->why);
		return ret;
	}
	next = kmemdup(&core->user, sizeof(*next), GFP_KERNEL);
	if (!next)
		return -ENOMEM;
	next->table = *t;
	next->table.size = sizeof(*t);
	ret = v2x_setting_apply(core, next);
	kfree(next);
	return ret;
}

static int v2x_op_set_tuning(struct v2x_call *call, union v2x_arg *arg)
{
	struct v2x_core *core = call->file->core;
	struct v2x_ctl_user next = core->user;
	int ret = v2x_tune_set(&core->desc, &next.tune, arg->tuning.index, arg->tuning.value);

	if (!ret)
		ret = v2x_setting_apply(core, &next);
	return ret ?: v2x_tune_describe(&core->desc, &core->user.tune, &arg->tuning);
}

static int v2x_op_get_tuning(struct v2x_call *call, union v2x_arg *arg)
{
	struct v2x_core *core = call->file->core;

	return v2x_tune_describe(&core->desc, &core->user.tune, &arg->tuning);
}

static int v2x_op_get_prot_table(struct v2x_call *call, union v2x_arg *arg)
{
	const struct v2x_ctl_user *user = &call->file->core->user;

	if (user->table.count)
		arg->prot_table = user->table;
	else
		v2x_prot_table_default(&call->file->core->desc, &user->protection,
				       &arg->prot_table);
	return 0;
}

static int v2x_request_start(struct v2x_core *core, u32 bit, u32 cause)
{
	struct v2x_ctl_user next = core->user;
	int ret;

	if (core->closing)
		return -ESHUTDOWN;
	if (READ_ONCE(core->state) != V2X_STATE_IDLE)
		return -EBUSY;
	next.lease_until_tick = v2x_lease_end(core);
	ret = v2x_setting_apply(core, &next);
	if (ret)
		return ret;
	core->lease_runs = true;
	v2x_request(core, bit, V2X_REASON_REQUEST, cause);
	return 0;
}

static int v2x_request_black_start(struct v2x_core *core, u32 cause)
{
	if (!(core->desc.features & V2X_FEATURE_ISLAND_SWITCH))
		return -EOPNOTSUPP;
	if (!(core->user.setpoint.flags & V2X_SETPOINT_ISLAND))
		return -EINVAL;
	return v2x_request_start(core, V2X_CTL_REQ_BLACK, cause);
}

/* The control alone knows whether the fault still stands: ask it and look. */
static int v2x_request_ack(struct v2x_call *call, u32 cause)
{
	struct v2x_core *core = call->file->core;
	int ms;

	if (READ_ONCE(core->state) != V2X_STATE_FAULT)
		return 0;
	if (call->nonblock)
		return -EAGAIN;
	v2x_request(core, V2X_CTL_REQ_ACK, V2X_REASON_ACK, cause);
	for (ms = 0; ms < V2X_ACK_MS; ms++) {
		if (v2x_settle(core, core->desc.tick_hz / 1000))
			break;
		if (READ_ONCE(core->state) != V2X_STATE_FAULT)
			return 0;
	}
	return -EBUSY;
}

static int v2x_op_request(struct v2x_call *call, union v2x_arg *arg)
{
	struct v2x_core *core = call->file->core;
	u32 cause = arg->request.cause;

	switch (arg->request.request) {
	case V2X_REQUEST_START:
	case V2X_REQUEST_STOP:
	case V2X_REQUEST_ACK:
	case V2X_REQUEST_BLACK_START:
		if (core->claim != call->file)
			return -EPERM;
		break;
	case V2X_REQUEST_ESTOP:
		v2x_request(core, V2X_CTL_REQ_TRIP, V2X_REASON_ESTOP, cause);
		v2x_inhibit(core);
		return 0;
	default:
		return -EINVAL;
	}
	if (arg->request.request == V2X_REQUEST_START)
		return v2x_request_start(core, V2X_CTL_REQ_START, cause);
	if (arg->request.request == V2X_REQUEST_BLACK_START)
		return v2x_request_black_start(core, cause);
	if (arg->request.request == V2X_REQUEST_ACK)
		return v2x_request_ack(call, cause);
	v2x_request(core, V2X_CTL_REQ_STOP, V2X_REASON_REQUEST, cause);
	return 0;
}

static int v2x_op_pilot(struct v2x_call *call, union v2x_arg *arg)
{
	struct v2x_core *core = call->file->core;
	struct v2x_ctl_user next = core->user;
	u32 duty = arg->pilot.duty_permille;

	if (!(core->desc.features & V2X_FEATURE_PILOT))
		return -EOPNOTSUPP;
	if (duty != V2X_PILOT_DUTY_OFF && duty != V2X_PILOT_DUTY_STEADY &&
	    (duty < V2X_PILOT_DUTY_MIN || duty > V2X_PILOT_DUTY_MAX))
		return -EINVAL;
	next.pilot_permille = duty;
	return v2x_setting_apply(core, &next);
}

static int v2x_op_wait_cycle(struct v2x_call *call, union v2x_arg *arg)
{
	return v2x_wait(call, &arg->wait, false);
}

static int v2x_op_wait_event(struct v2x_call *call, union v2x_arg *arg)
{
	return v2x_wait(call, &arg->wait, true);
}

static int v2x_op_recorder_arm(struct v2x_call *call, union v2x_arg *arg)
{
	return v2x_recorder_arm(call->file->core);
}

static int v2x_op_cancel(struct v2x_call *call, union v2x_arg *arg)
{
	return v2x_wait_cancel(call->file, &arg->cancel);
}

#define V2X_OP(name, op_flags, function, ...)		\
	[_IOC_NR(V2X_IOC_##name)] = {			\
		.op = V2X_IOC_##name,			\
		.flags = (op_flags),			\
		.run = (function),			\
		.zero = { __VA_ARGS__ },		\
	}

static const struct v2x_op v2x_ops[] = {
	V2X_OP(INFO, 0, v2x_op_info,
	       { offsetof(union v2x_arg, info.reserved0),
		 offsetofend(union v2x_arg, info.reserved0) },
	       { offsetof(union v2x_arg, info.reserved),
		 offsetofend(union v2x_arg, info.reserved) }),
	V2X_OP(CHANNEL, 0, v2x_op_channel,
	       { offsetof(union v2x_arg, channel.flags),
		 offsetofend(union v2x_arg, channel.flags) },
	       { offsetof(union v2x_arg, channel.reserved0),
		 offsetofend(union v2x_arg, channel.reserved0) },
	       { offsetof(union v2x_arg, channel.reserved),
		 offsetofend(union v2x_arg, channel.reserved) }),
	V2X_OP(CLAIM, V2X_OP_WRITE | V2X_OP_CONFIG, v2x_op_claim,
	       { offsetof(union v2x_arg, claim.reserved),
		 offsetofend(union v2x_arg, claim.reserved) }),
	V2X_OP(RELEASE, V2X_OP_SET, v2x_op_release),
	V2X_OP(SETPOINT, V2X_OP_SET, v2x_op_setpoint,
	       { offsetof(union v2x_arg, setpoint.reserved),
		 offsetofend(union v2x_arg, setpoint.reserved) }),
	V2X_OP(SET_LIMITS, V2X_OP_SET, v2x_op_set_limits,
	       { offsetof(union v2x_arg, limits.flags),
		 offsetofend(union v2x_arg, limits.flags) },
	       { offsetof(union v2x_arg, limits.reserved),
		 offsetofend(union v2x_arg, limits.reserved) }),
	V2X_OP(GET_LIMITS, V2X_OP_CONFIG, v2x_op_get_limits,
	       { offsetof(union v2x_arg, limits.flags),
		 offsetofend(union v2x_arg, limits.flags) },
	       { offsetof(union v2x_arg, limits.reserved),
		 offsetofend(union v2x_arg, limits.reserved) }),
	V2X_OP(SET_PROTECTION, V2X_OP_SET, v2x_op_set_protection,
	       { offsetof(union v2x_arg, protection.flags),
		 offsetofend(union v2x_arg, protection.flags) },
	       { offsetof(union v2x_arg, protection.reserved0),
		 offsetofend(union v2x_arg, protection.reserved) }),
	V2X_OP(GET_PROTECTION, V2X_OP_CONFIG, v2x_op_get_protection,
	       { offsetof(union v2x_arg, protection.flags),
		 offsetofend(union v2x_arg, protection.flags) },
	       { offsetof(union v2x_arg, protection.reserved0),
		 offsetofend(union v2x_arg, protection.reserved) }),
	V2X_OP(REQUEST, V2X_OP_WRITE | V2X_OP_CONFIG, v2x_op_request,
	       { offsetof(union v2x_arg, request.reserved0),
		 offsetofend(union v2x_arg, request.reserved0) },
	       { offsetof(union v2x_arg, request.reserved),
		 offsetofend(union v2x_arg, request.reserved) }),
	V2X_OP(PILOT, V2X_OP_SET, v2x_op_pilot,
	       { offsetof(union v2x_arg, pilot.reserved),
		 offsetofend(union v2x_arg, pilot.reserved) }),
	V2X_OP(WAIT_CYCLE, V2X_OP_WAIT, v2x_op_wait_cycle,
	       { offsetof(union v2x_arg, wait.reserved0),
		 offsetofend(union v2x_arg, wait.reserved0) },
	       { offsetof(union v2x_arg, wait.reserved),
		 offsetofend(union v2x_arg, wait.reserved) }),
	V2X_OP(WAIT_EVENT, V2X_OP_WAIT, v2x_op_wait_event,
	       { offsetof(union v2x_arg, wait.reserved0),
		 offsetofend(union v2x_arg, wait.reserved0) },
	       { offsetof(union v2x_arg, wait.reserved),
		 offsetofend(union v2x_arg, wait.reserved) }),
	V2X_OP(RECORDER_ARM, V2X_OP_WRITE | V2X_OP_CONFIG, v2x_op_recorder_arm),
	V2X_OP(SET_PROT_TABLE, V2X_OP_SET | V2X_OP_ANSWER, v2x_op_set_prot_table,
	       { offsetof(union v2x_arg, prot_table.flags),
		 offsetofend(union v2x_arg, prot_table.flags) },
	       { offsetof(union v2x_arg, prot_table.hash),
		 offsetofend(union v2x_arg, prot_table.why) },
	       { offsetof(union v2x_arg, prot_table.reserved),
		 offsetofend(union v2x_arg, prot_table.reserved) }),
	V2X_OP(GET_PROT_TABLE, V2X_OP_CONFIG, v2x_op_get_prot_table,
	       { offsetof(union v2x_arg, prot_table.flags),
		 offsetofend(union v2x_arg, prot_table.flags) },
	       { offsetof(union v2x_arg, prot_table.reserved),
		 offsetofend(union v2x_arg, prot_table.reserved) }),
	V2X_OP(SET_TUNING, V2X_OP_WRITE | V2X_OP_CONFIG, v2x_op_set_tuning,
	       { offsetof(union v2x_arg, tuning.flags),
		 offsetofend(union v2x_arg, tuning.flags) },
	       { offsetof(union v2x_arg, tuning.reserved),
		 offsetofend(union v2x_arg, tuning.reserved) }),
	V2X_OP(GET_TUNING, V2X_OP_CONFIG, v2x_op_get_tuning,
	       { offsetof(union v2x_arg, tuning.flags),
		 offsetofend(union v2x_arg, tuning.flags) },
	       { offsetof(union v2x_arg, tuning.reserved),
		 offsetofend(union v2x_arg, tuning.reserved) }),
	V2X_OP(SET_FORMING, V2X_OP_SET, v2x_op_set_forming,
	       { offsetof(union v2x_arg, forming.flags),
		 offsetofend(union v2x_arg, forming.flags) },
	       { offsetof(union v2x_arg, forming.reserved),
		 offsetofend(union v2x_arg, forming.reserved) }),
	V2X_OP(GET_FORMING, V2X_OP_CONFIG, v2x_op_get_forming,
	       { offsetof(union v2x_arg, forming.flags),
		 offsetofend(union v2x_arg, forming.flags) },
	       { offsetof(union v2x_arg, forming.reserved),
		 offsetofend(union v2x_arg, forming.reserved) }),
	V2X_OP(CANCEL, V2X_OP_WAIT, v2x_op_cancel,
	       { offsetof(union v2x_arg, cancel.reserved),
		 offsetofend(union v2x_arg, cancel.reserved) }),
};

/* The command of a number, whatever size it was compiled with. NULL if there is none. */
static const struct v2x_op *v2x_op_find(unsigned int op)
{
	const struct v2x_op *found;
	unsigned int nr = _IOC_NR(op);

	if (_IOC_TYPE(op) != V2X_IOC_MAGIC || nr >= ARRAY_SIZE(v2x_ops))
		return NULL;
	found = &v2x_ops[array_index_nospec(nr, ARRAY_SIZE(v2x_ops))];
	if (_IOC_DIR(op) != _IOC_DIR(found->op))
		return NULL;
	return found;
}

static int v2x_arg_get(const struct v2x_op *op, union v2x_arg *arg, void __user *user, size_t len)
{
	const size_t size = _IOC_SIZE(op->op);
	int ret, i;

	if (!size)
		return user || len ? -EINVAL : 0;
	if (len < size)
		return -EINVAL;
	if (len > PAGE_SIZE)
		return -E2BIG;
	ret = copy_struct_from_user(arg, size, user, len);
	if (ret)
		return ret;
	if (arg->size != len)
		return -EINVAL;
	for (i = 0; i < V2X_ZEROS_MAX && op->zero[i].end; i++) {
		if (memchr_inv((void *)arg + op->zero[i].offset, 0,
			       op->zero[i].end - op->zero[i].offset))
			return -EINVAL;
	}
	return 0;
}

static int v2x_op_configured(struct v2x_call *call, const struct v2x_op *op, union v2x_arg *arg)
{
	struct v2x_core *core = call->file->core;
	int ret = -EPERM;

	if (!(op->flags & V2X_OP_CONFIG))
		return op->run(call, arg);
	if (!call->nonblock)
		mutex_lock(&core->cfg_lock);
	else if (!mutex_trylock(&core->cfg_lock))
		return -EAGAIN;
	if (!(op->flags & V2X_OP_CLAIM) || core->claim == call->file)
		ret = op->run(call, arg);
	mutex_unlock(&core->cfg_lock);
	return ret;
}

static int v2x_op_run(struct v2x_call *call, const struct v2x_op *op, union v2x_arg *arg)
{
	struct v2x_core *core = call->file->core;
	int ret = -ENODEV;

	if (op->flags & V2X_OP_WAIT)
		return op->run(call, arg);
	if (!call->nonblock)
		down_read(&core->stage_lock);
	else if (!down_read_trylock(&core->stage_lock))
		return -EAGAIN;
	if (core->stage)
		ret = v2x_op_configured(call, op, arg);
	up_read(&core->stage_lock);
	return ret;
}

/**
 * v2x_command() - run a command
 * @call: how it came in
 * @op_nr: ioctl number
 * @user: structure, or NULL
 * @len: its size as the caller knows it, the one in @op_nr
 *
 * Return: 0 or -errno: -ENOTTY no such command; -EBADF needs a file opened for
 * writing; -EFAULT; -E2BIG, -EINVAL malformed; -ENODEV gone; -EPERM needs the
 * claim; else what the command says. Context: process.
 */
long v2x_command(struct v2x_call *call, unsigned int op_nr, void __user *user, size_t len)
{
	const struct v2x_op *op = v2x_op_find(op_nr);
	union v2x_arg arg;
	bool refused;
	int ret;

	if (!op)
		return -ENOTTY;
	if ((op->flags & V2X_OP_WRITE) && !call->file->writable)
		return -EBADF;
	ret = v2x_arg_get(op, &arg, user, len);
	if (ret)
		return ret;
	ret = v2x_op_run(call, op, &arg);
	refused = op->flags & V2X_OP_ANSWER && (ret == -EINVAL || ret == -ERANGE);
	if ((ret && !refused) || !(_IOC_DIR(op->op) & _IOC_READ))
		return ret;
	arg.size = len;
	return copy_to_user(user, &arg, _IOC_SIZE(op->op)) ? -EFAULT : ret;
}
