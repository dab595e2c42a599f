/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every difference between the kernels this module builds on, and nothing else.
 */
#ifndef _V2X_COMPAT_H
#define _V2X_COMPAT_H

#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/version.h>

/* 6.12 is 612. */
#define V2X_KERNEL	(LINUX_VERSION_MAJOR * 100 + LINUX_VERSION_PATCHLEVEL)

#if V2X_KERNEL >= 608
#include <linux/io_uring/cmd.h>
#else
#include <linux/io_uring.h>
#endif

/* The command bytes of the submission entry: user memory until it is copied for a second try. */
static inline const void *v2x_uring_payload(const struct io_uring_cmd *cmd)
{
#if V2X_KERNEL >= 604
	return cmd->sqe->cmd;
#else
	return cmd->cmd;
#endif
}

/*
 * Since 6.7 a parked command can be marked so that the end of its ring, or of
 * the task, calls the driver back to end it. Before, such a command only ends
 * when the driver does so by itself.
 */
#if V2X_KERNEL >= 607
#define V2X_HAVE_URING_CANCEL	1
#define V2X_URING_F_CANCEL	IO_URING_F_CANCEL
#else
#define V2X_HAVE_URING_CANCEL	0
#define V2X_URING_F_CANCEL	0
static inline void io_uring_cmd_mark_cancelable(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
}
#endif

#if V2X_KERNEL < 603
static inline void vm_flags_clear(struct vm_area_struct *vma, vm_flags_t flags)
{
	vma->vm_flags &= ~flags;
}
#endif

#endif /* _V2X_COMPAT_H */
