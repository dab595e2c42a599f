// SPDX-License-Identifier: GPL-2.0-only
/* The io_uring entry: unpacks the submission entry, the rest is command.c. */
#include <linux/io_uring.h>
#include <linux/ioctl.h>
#include <linux/uaccess.h>

#include "compat.h"
#include "core.h"

/**
 * v2x_uring_cmd() - .uring_cmd
 * @cmd: cmd_op is the ioctl, the payload a struct v2x_uring_cmd
 * @issue_flags: of io_uring
 *
 * The payload is memory that user space may be writing to: each field is read
 * once.
 *
 * Return: the result, -EIOCBQUEUED when it completes later, -EAGAIN to be
 * called again from a context that may sleep.
 */
int v2x_uring_cmd(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	struct v2x_call call = {
		.file = cmd->file->private_data,
		.nonblock = issue_flags & IO_URING_F_NONBLOCK,
		.cmd = cmd,
		.issue_flags = issue_flags,
	};
	const struct v2x_uring_cmd *payload;
	u64 addr;
	u32 len;

	if (issue_flags & V2X_URING_F_CANCEL) {
		v2x_wait_uring_cancel(cmd, issue_flags);
		return 0;
	}
	if (cmd->flags & IORING_URING_CMD_FIXED)
		return -EINVAL;
	payload = v2x_uring_payload(cmd);
	addr = READ_ONCE(payload->addr);
	len = READ_ONCE(payload->len);
	if (READ_ONCE(payload->reserved) || len != _IOC_SIZE(cmd->cmd_op))
		return -EINVAL;
	return v2x_command(&call, cmd->cmd_op, u64_to_user_ptr(addr), len);
}
