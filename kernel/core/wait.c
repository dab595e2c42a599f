// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waits for the next mains cycle or event, of both twins.
 *
 * A wait is a struct v2x_parked on core->parked. Whoever takes it off that
 * list, under wait_lock, ends it, once: the tick's kick because the number
 * came, the timer, V2X_IOC_CANCEL, flush(), the removal of the device, or
 * io_uring because the ring goes away. An ioctl is completed by waking it; a
 * uring command by task work, which also frees.
 *
 * Something may come between the check of the number and the wait going on
 * the list: therefore it is checked once more afterwards.
 */
#include <linux/file.h>
#include <linux/jiffies.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "compat.h"
#include "core.h"

struct v2x_wait_pdu {
	struct v2x_parked *parked;
};

static struct v2x_parked *v2x_parked_of(struct io_uring_cmd *cmd)
{
	BUILD_BUG_ON(sizeof(struct v2x_wait_pdu) > sizeof(cmd->pdu));
	return ((struct v2x_wait_pdu *)cmd->pdu)->parked;
}

static u64 v2x_wait_number(struct v2x_core *core, bool event)
{
	return atomic64_read(event ? &core->event_seq : &core->cycle_seq);
}

static void v2x_parked_free(struct v2x_parked *parked)
{
	timer_delete_sync(&parked->timer);
	atomic_dec(&parked->file->parked);
	kfree(parked);
}

/* Task work, or its substitute when the task has gone: no user memory is touched. */
static void v2x_wait_uring_done(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	struct v2x_parked *parked = v2x_parked_of(cmd);
	int result = parked->result;

	v2x_parked_free(parked);
	io_uring_cmd_done(cmd, result, 0, issue_flags);
}

/* Off the list, with a result. The caller, holding wait_lock, sees to the rest. */
static void v2x_wait_unlist(struct v2x_parked *parked, int result)
{
	lockdep_assert_held(&parked->file->core->wait_lock);
	list_del_init(&parked->node);
	parked->ended = true;
	parked->result = result;
}

static void v2x_wait_end(struct v2x_parked *parked, int result)
{
	v2x_wait_unlist(parked, result);
	if (parked->cmd)
		io_uring_cmd_complete_in_task(parked->cmd, v2x_wait_uring_done);
	else
		complete(&parked->done);
}

static void v2x_wait_timeout(struct timer_list *timer)
{
	struct v2x_parked *parked = container_of(timer, struct v2x_parked, timer);
	struct v2x_core *core = parked->file->core;
	unsigned long flags;

	spin_lock_irqsave(&core->wait_lock, flags);
	if (!parked->ended)
		v2x_wait_end(parked, -ETIME);
	spin_unlock_irqrestore(&core->wait_lock, flags);
}

/**
 * v2x_waits_run() - end the waits whose number has come
 * @core: the charger
 *
 * Context: any but hard interrupt on PREEMPT_RT.
 */
void v2x_waits_run(struct v2x_core *core)
{
	struct v2x_parked *parked, *next;
	unsigned long flags;

	spin_lock_irqsave(&core->wait_lock, flags);
	list_for_each_entry_safe(parked, next, &core->parked, node) {
		if (v2x_wait_number(core, parked->event) > parked->after)
			v2x_wait_end(parked, 0);
	}
	spin_unlock_irqrestore(&core->wait_lock, flags);
}

/**
 * v2x_waits_flush() - a task closes the file: end what it has parked there
 * @file: being closed, perhaps not for the last time
 * @owner: files of that task
 *
 * Context: process.
 */
void v2x_waits_flush(struct v2x_file *file, const void *owner)
{
	struct v2x_core *core = file->core;
	struct v2x_parked *parked, *next;
	unsigned long flags;

	spin_lock_irqsave(&core->wait_lock, flags);
	list_for_each_entry_safe(parked, next, &core->parked, node) {
		if (parked->file == file && parked->owner == owner)
			v2x_wait_end(parked, -ECANCELED);
	}
	spin_unlock_irqrestore(&core->wait_lock, flags);
}

/**
 * v2x_waits_end() - the device goes: end all waits, take no more
 * @core: the charger
 *
 * Context: process.
 */
void v2x_waits_end(struct v2x_core *core)
{
	struct v2x_parked *parked, *next;
	unsigned long flags;

	spin_lock_irqsave(&core->wait_lock, flags);
	WRITE_ONCE(core->gone, true);
	list_for_each_entry_safe(parked, next, &core->parked, node)
		v2x_wait_end(parked, -ENODEV);
	spin_unlock_irqrestore(&core->wait_lock, flags);
}

/**
 * v2x_wait_cancel() - V2X_IOC_CANCEL
 * @file: whose waits
 * @arg: checked for reserved fields
 *
 * Return: 0, -EINVAL, -ENOENT. Context: process.
 */
int v2x_wait_cancel(struct v2x_file *file, const struct v2x_cancel *arg)
{
	const bool all = arg->flags & V2X_CANCEL_ALL;
	struct v2x_core *core = file->core;
	struct v2x_parked *parked, *next;
	unsigned long flags;
	int ret = -ENOENT;

	if ((arg->flags & ~V2X_CANCEL_ALL) || (all && arg->tag))
		return -EINVAL;
	spin_lock_irqsave(&core->wait_lock, flags);
	list_for_each_entry_safe(parked, next, &core->parked, node) {
		if (parked->file == file && (all || parked->tag == arg->tag)) {
			v2x_wait_end(parked, -ECANCELED);
			ret = 0;
		}
	}
	spin_unlock_irqrestore(&core->wait_lock, flags);
	return ret;
}

/**
 * v2x_wait_uring_cancel() - the ring or its task goes away
 * @cmd: parked, perhaps being completed at this moment
 * @issue_flags: of io_uring
 *
 * Context: process, ring's lock held.
 */
void v2x_wait_uring_cancel(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	struct v2x_parked *parked = v2x_parked_of(cmd);
	struct v2x_core *core = parked->file->core;
	unsigned long flags;
	bool mine;

	spin_lock_irqsave(&core->wait_lock, flags);
	/* Not yet on the list: who is about to put it there sees ended. */
	mine = !parked->ended && !list_empty(&parked->node);
	if (!parked->ended)
		v2x_wait_unlist(parked, -ECANCELED);
	spin_unlock_irqrestore(&core->wait_lock, flags);
	if (mine)
		v2x_wait_uring_done(cmd, issue_flags);
}

static struct v2x_parked *v2x_parked_new(struct v2x_call *call, const struct v2x_wait *arg,
					 bool event, u64 after)
{
	struct v2x_file *file = call->file;
	struct v2x_parked *parked;

	if (atomic_inc_return(&file->parked) > V2X_PARKED_MAX) {
		atomic_dec(&file->parked);
		return ERR_PTR(-EBUSY);
	}
	parked = kzalloc(sizeof(*parked), GFP_KERNEL);
	if (!parked) {
		atomic_dec(&file->parked);
		return ERR_PTR(-ENOMEM);
	}
	INIT_LIST_HEAD(&parked->node);
	init_completion(&parked->done);
	timer_setup(&parked->timer, v2x_wait_timeout, 0);
	parked->file = file;
	parked->owner = current->files;
	parked->cmd = call->cmd;
	parked->event = event;
	parked->after = after;
	parked->tag = arg->tag;
	return parked;
}

/* Return: 0 when parked, or ended already; else what it ended with before it could be parked. */
static int v2x_wait_park(struct v2x_core *core, struct v2x_parked *parked, u32 timeout_ms)
{
	unsigned long flags;
	int ret = 0;

	spin_lock_irqsave(&core->wait_lock, flags);
	if (parked->ended) {
		ret = parked->result;
	} else if (core->gone) {
		parked->ended = true;
		ret = -ENODEV;
	} else {
		list_add_tail(&parked->node, &core->parked);
		mod_timer(&parked->timer, jiffies + msecs_to_jiffies(timeout_ms) + 1);
	}
	spin_unlock_irqrestore(&core->wait_lock, flags);
	return ret;
}

static int v2x_wait_ioctl(struct v2x_core *core, struct v2x_parked *parked, u32 timeout_ms)
{
	unsigned long flags;
	int ret;

	ret = v2x_wait_park(core, parked, timeout_ms);
	if (!ret) {
		v2x_waits_run(core);
		wait_for_completion_state(&parked->done, TASK_INTERRUPTIBLE | TASK_FREEZABLE);
		spin_lock_irqsave(&core->wait_lock, flags);
		if (!parked->ended)
			v2x_wait_unlist(parked, -EINTR);
		ret = parked->result;
		spin_unlock_irqrestore(&core->wait_lock, flags);
	}
	v2x_parked_free(parked);
	return ret;
}

/*
 * From io_uring_cmd_mark_cancelable() on the command must be ended by
 * io_uring_cmd_done(), also where it could not be parked any more: by task
 * work, which like a cancellation holds the ring's lock. Once parked it may
 * be gone.
 */
static int v2x_wait_uring(struct v2x_call *call, struct v2x_core *core, struct v2x_parked *parked,
			  u32 timeout_ms)
{
	int ret;

	((struct v2x_wait_pdu *)call->cmd->pdu)->parked = parked;
	io_uring_cmd_mark_cancelable(call->cmd, call->issue_flags);
	ret = v2x_wait_park(core, parked, timeout_ms);
	if (!ret) {
		v2x_waits_run(core);
	} else {
		parked->result = ret;
		io_uring_cmd_complete_in_task(call->cmd, v2x_wait_uring_done);
	}
	return -EIOCBQUEUED;
}

/**
 * v2x_wait() - V2X_IOC_WAIT_CYCLE, V2X_IOC_WAIT_EVENT
 * @call: how it came in
 * @arg: checked for reserved fields
 * @event: an event, else a cycle
 *
 * Return: 0, -EINVAL, -EBUSY, -ENODEV, -ETIME, -EINTR, -ECANCELED;
 * -EIOCBQUEUED for a uring command that completes later.
 * Context: process, no lock held.
 */
int v2x_wait(struct v2x_call *call, const struct v2x_wait *arg, bool event)
{
	const bool next = arg->flags & V2X_WAIT_NEXT;
	struct v2x_core *core = call->file->core;
	u64 now = v2x_wait_number(core, event);
	struct v2x_parked *parked;

	if ((arg->flags & ~V2X_WAIT_NEXT) || (next && arg->after) || !arg->timeout_ms ||
	    arg->timeout_ms > V2X_WAIT_MAX_MS)
		return -EINVAL;
	if (READ_ONCE(core->gone))
		return -ENODEV;
	if (!next && now > arg->after)
		return 0;
	parked = v2x_parked_new(call, arg, event, next ? now : arg->after);
	if (IS_ERR(parked))
		return PTR_ERR(parked);
	if (call->cmd)
		return v2x_wait_uring(call, core, parked, arg->timeout_ms);
	return v2x_wait_ioctl(core, parked, arg->timeout_ms);
}
