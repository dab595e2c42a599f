// SPDX-License-Identifier: GPL-2.0-only
/* The file operations of /dev/v2xN. */
#include <linux/fs.h>
#include <linux/ioctl.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "core.h"

static int v2x_open(struct inode *inode, struct file *filp)
{
	struct v2x_core *core = container_of(inode->i_cdev, struct v2x_core, cdev);
	struct v2x_file *file;

	if (READ_ONCE(core->gone))
		return -ENODEV;
	file = kzalloc(sizeof(*file), GFP_KERNEL_ACCOUNT);
	if (!file)
		return -ENOMEM;
	get_device(&core->dev);
	file->core = core;
	file->writable = filp->f_mode & FMODE_WRITE;
	file->next_event = atomic64_read(&core->event_seq) + 1;
	mutex_init(&file->read_lock);
	filp->private_data = file;
	return stream_open(inode, filp);
}

static int v2x_flush(struct file *filp, fl_owner_t owner)
{
	v2x_waits_flush(filp->private_data, owner);
	return 0;
}

static int v2x_release(struct inode *inode, struct file *filp)
{
	struct v2x_file *file = filp->private_data;
	struct v2x_core *core = file->core;

	mutex_lock(&core->cfg_lock);
	if (core->claim == file)
		v2x_claim_drop(file, V2X_REASON_CLOSED);
	mutex_unlock(&core->cfg_lock);
	mutex_destroy(&file->read_lock);
	kfree(file);
	put_device(&core->dev);
	return 0;
}

/* Whole events into the buffer, until either is empty. Return: bytes, -EFAULT. */
static ssize_t v2x_read_some(struct v2x_file *file, char __user *buf, size_t len)
{
	struct v2x_event event;
	size_t done = 0;
	u64 next;

	while (len - done >= sizeof(event)) {
		next = file->next_event;
		if (!v2x_event_get(file->core, &next, &event))
			break;
		if (copy_to_user(buf + done, &event, sizeof(event)))
			return done ? done : -EFAULT;
		WRITE_ONCE(file->next_event, next);
		done += sizeof(event);
	}
	return done;
}

static bool v2x_readable(struct v2x_file *file)
{
	return atomic64_read(&file->core->event_seq) >= READ_ONCE(file->next_event);
}

static ssize_t v2x_read(struct file *filp, char __user *buf, size_t len, loff_t *pos)
{
	struct v2x_file *file = filp->private_data;
	struct v2x_core *core = file->core;
	ssize_t ret;

	if (len < sizeof(struct v2x_event))
		return -EINVAL;
	for (;;) {
		bool gone = READ_ONCE(core->gone);

		if (mutex_lock_interruptible(&file->read_lock))
			return -ERESTARTSYS;
		ret = v2x_read_some(file, buf, len);
		mutex_unlock(&file->read_lock);
		if (ret)
			return ret;
		if (gone)
			return -ENODEV;
		if (filp->f_flags & O_NONBLOCK)
			return -EAGAIN;
		ret = wait_event_freezable(core->event_wq,
					   v2x_readable(file) || READ_ONCE(core->gone));
		if (ret)
			return ret;
	}
}

static __poll_t v2x_poll(struct file *filp, struct poll_table_struct *table)
{
	struct v2x_file *file = filp->private_data;
	__poll_t mask = 0;

	poll_wait(filp, &file->core->event_wq, table);
	if (v2x_readable(file))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (READ_ONCE(file->core->gone))
		mask |= EPOLLHUP | EPOLLERR;
	return mask;
}

static int v2x_mmap(struct file *filp, struct vm_area_struct *vma)
{
	struct v2x_file *file = filp->private_data;

	if (READ_ONCE(file->core->gone))
		return -ENODEV;
	return v2x_region_mmap(file->core, vma);
}

static long v2x_ioctl(struct file *filp, unsigned int op, unsigned long arg)
{
	struct v2x_call call = { .file = filp->private_data };

	return v2x_command(&call, op, (void __user *)arg, _IOC_SIZE(op));
}

const struct file_operations v2x_fops = {
	.owner = THIS_MODULE,
	.open = v2x_open,
	.flush = v2x_flush,
	.release = v2x_release,
	.read = v2x_read,
	.poll = v2x_poll,
	.mmap = v2x_mmap,
	.unlocked_ioctl = v2x_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.uring_cmd = v2x_uring_cmd,
};
