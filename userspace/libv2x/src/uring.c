// SPDX-License-Identifier: Apache-2.0
/*
 * The same commands as entries of the caller's io_uring. Only the layout of
 * a submission queue entry is needed for that, not liburing.
 */
#include <linux/io_uring.h>
#include <string.h>

#include "internal.h"

void v2x_prep_command(struct io_uring_sqe *sqe, const struct v2x_device *dev, uint32_t cmd,
		      const void *arg, uint32_t len)
{
	const struct v2x_uring_cmd body = { .addr = (uint64_t)(uintptr_t)arg, .len = len };
	const __u64 user_data = sqe->user_data;

	/* The command bytes begin where a plain entry has addr3. */
	_Static_assert(sizeof(body) == sizeof(*sqe) - offsetof(struct io_uring_sqe, addr3),
		       "command bytes of a 64-byte entry");
	memset(sqe, 0, sizeof(*sqe));
	sqe->opcode = IORING_OP_URING_CMD;
	sqe->fd = dev->fd;
	sqe->cmd_op = cmd;
	sqe->user_data = user_data;
	memcpy((char *)sqe + offsetof(struct io_uring_sqe, addr3), &body, sizeof(body));
}

void v2x_prep_setpoint(struct io_uring_sqe *sqe, const struct v2x_device *dev,
		       const struct v2x_setpoint *setpoint)
{
	v2x_prep_command(sqe, dev, V2X_IOC_SETPOINT, setpoint, setpoint->size);
}

void v2x_prep_set_limits(struct io_uring_sqe *sqe, const struct v2x_device *dev,
			 const struct v2x_limits *limits)
{
	v2x_prep_command(sqe, dev, V2X_IOC_SET_LIMITS, limits, limits->size);
}

void v2x_prep_get_limits(struct io_uring_sqe *sqe, const struct v2x_device *dev,
			 struct v2x_limits *limits)
{
	v2x_prep_command(sqe, dev, V2X_IOC_GET_LIMITS, limits, limits->size);
}

void v2x_prep_set_protection(struct io_uring_sqe *sqe, const struct v2x_device *dev,
			     const struct v2x_protection *prot)
{
	v2x_prep_command(sqe, dev, V2X_IOC_SET_PROTECTION, prot, prot->size);
}

void v2x_prep_get_protection(struct io_uring_sqe *sqe, const struct v2x_device *dev,
			     struct v2x_protection *prot)
{
	v2x_prep_command(sqe, dev, V2X_IOC_GET_PROTECTION, prot, prot->size);
}

void v2x_prep_set_prot_table(struct io_uring_sqe *sqe, const struct v2x_device *dev,
			     struct v2x_prot_table *table)
{
	v2x_prep_command(sqe, dev, V2X_IOC_SET_PROT_TABLE, table, table->size);
}

void v2x_prep_get_prot_table(struct io_uring_sqe *sqe, const struct v2x_device *dev,
			     struct v2x_prot_table *table)
{
	v2x_prep_command(sqe, dev, V2X_IOC_GET_PROT_TABLE, table, table->size);
}

void v2x_prep_request(struct io_uring_sqe *sqe, const struct v2x_device *dev,
		      const struct v2x_request *request)
{
	v2x_prep_command(sqe, dev, V2X_IOC_REQUEST, request, request->size);
}

void v2x_prep_pilot(struct io_uring_sqe *sqe, const struct v2x_device *dev,
		    const struct v2x_pilot_cmd *pilot)
{
	v2x_prep_command(sqe, dev, V2X_IOC_PILOT, pilot, pilot->size);
}

void v2x_prep_wait_cycle(struct io_uring_sqe *sqe, const struct v2x_device *dev,
			 const struct v2x_wait *wait)
{
	v2x_prep_command(sqe, dev, V2X_IOC_WAIT_CYCLE, wait, wait->size);
}

void v2x_prep_wait_event(struct io_uring_sqe *sqe, const struct v2x_device *dev,
			 const struct v2x_wait *wait)
{
	v2x_prep_command(sqe, dev, V2X_IOC_WAIT_EVENT, wait, wait->size);
}

void v2x_prep_cancel(struct io_uring_sqe *sqe, const struct v2x_device *dev,
		     const struct v2x_cancel *cancel)
{
	v2x_prep_command(sqe, dev, V2X_IOC_CANCEL, cancel, cancel->size);
}

void v2x_prep_recorder_arm(struct io_uring_sqe *sqe, const struct v2x_device *dev)
{
	v2x_prep_command(sqe, dev, V2X_IOC_RECORDER_ARM, NULL, 0);
}
