// SPDX-License-Identifier: Apache-2.0
/* The commands of <linux/v2x.h> as ioctls. */
#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include "internal.h"

/*
 * The caller's structure may be const, and a size of zero means "the one I
 * was compiled with": the kernel gets a copy with its size set.
 */
#define SIZE_OF(s) ((s).size ? (s).size : (uint32_t)sizeof(s))

int v2x_get_info(struct v2x_device *dev, struct v2x_info *info)
{
	*info = V2X_INIT(struct v2x_info);
	return v2x_command(dev, V2X_IOC_INFO, info);
}

int v2x_get_channel(struct v2x_device *dev, uint32_t kind, uint32_t index,
		    struct v2x_channel *channel)
{
	*channel = V2X_INIT(struct v2x_channel);
	channel->kind = kind;
	channel->index = index;
	return v2x_command(dev, V2X_IOC_CHANNEL, channel);
}

int v2x_claim(struct v2x_device *dev, uint32_t lease_ms)
{
	struct v2x_claim claim = V2X_INIT(struct v2x_claim);

	claim.lease_ms = lease_ms;
	return v2x_command(dev, V2X_IOC_CLAIM, &claim);
}

int v2x_release(struct v2x_device *dev)
{
	return v2x_command(dev, V2X_IOC_RELEASE, NULL);
}

int v2x_setpoint(struct v2x_device *dev, const struct v2x_setpoint *setpoint)
{
	struct v2x_setpoint copy = *setpoint;

	copy.size = SIZE_OF(copy);
	return v2x_command(dev, V2X_IOC_SETPOINT, &copy);
}

int v2x_get_limits(struct v2x_device *dev, struct v2x_limits *limits)
{
	*limits = V2X_INIT(struct v2x_limits);
	return v2x_command(dev, V2X_IOC_GET_LIMITS, limits);
}

int v2x_get_forming(struct v2x_device *dev, struct v2x_forming *forming)
{
	*forming = V2X_INIT(struct v2x_forming);
	return v2x_command(dev, V2X_IOC_GET_FORMING, forming);
}

int v2x_set_forming(struct v2x_device *dev, const struct v2x_forming *forming)
{
	struct v2x_forming copy = *forming;

	copy.size = sizeof(copy);
	return v2x_command(dev, V2X_IOC_SET_FORMING, &copy);
}

int v2x_set_limits(struct v2x_device *dev, const struct v2x_limits *limits)
{
	struct v2x_limits copy = *limits;

	copy.size = SIZE_OF(copy);
	return v2x_command(dev, V2X_IOC_SET_LIMITS, &copy);
}

int v2x_get_protection(struct v2x_device *dev, struct v2x_protection *prot)
{
	*prot = V2X_INIT(struct v2x_protection);
	return v2x_command(dev, V2X_IOC_GET_PROTECTION, prot);
}

int v2x_set_protection(struct v2x_device *dev, const struct v2x_protection *prot)
{
	struct v2x_protection copy = *prot;

	copy.size = SIZE_OF(copy);
	return v2x_command(dev, V2X_IOC_SET_PROTECTION, &copy);
}

int v2x_get_prot_table(struct v2x_device *dev, struct v2x_prot_table *table)
{
	*table = V2X_INIT(struct v2x_prot_table);
	return v2x_command(dev, V2X_IOC_GET_PROT_TABLE, table);
}

int v2x_set_prot_table(struct v2x_device *dev, struct v2x_prot_table *table)
{
	table->size = SIZE_OF(*table);
	table->hash = 0;
	table->refused = 0;
	table->why = 0;
	return v2x_command(dev, V2X_IOC_SET_PROT_TABLE, table);
}

int v2x_default_prot_table(struct v2x_device *dev)
{
	struct v2x_prot_table none = V2X_INIT(struct v2x_prot_table);

	return v2x_command(dev, V2X_IOC_SET_PROT_TABLE, &none);
}

int v2x_get_tuning(struct v2x_device *dev, uint32_t index, struct v2x_tuning *tuning)
{
	*tuning = V2X_INIT(struct v2x_tuning);
	tuning->index = index;
	return v2x_command(dev, V2X_IOC_GET_TUNING, tuning);
}

int v2x_set_tuning(struct v2x_device *dev, uint32_t index, int32_t value)
{
	struct v2x_tuning tuning = V2X_INIT(struct v2x_tuning);

	tuning.index = index;
	tuning.value = value;
	return v2x_command(dev, V2X_IOC_SET_TUNING, &tuning);
}

int v2x_request(struct v2x_device *dev, uint32_t request, uint32_t cause)
{
	struct v2x_request req = V2X_INIT(struct v2x_request);

	req.request = request;
	req.cause = cause;
	return v2x_command(dev, V2X_IOC_REQUEST, &req);
}

int v2x_pilot(struct v2x_device *dev, uint32_t duty_permille)
{
	struct v2x_pilot_cmd pilot = V2X_INIT(struct v2x_pilot_cmd);

	pilot.duty_permille = duty_permille;
	return v2x_command(dev, V2X_IOC_PILOT, &pilot);
}

static struct v2x_wait wait_for(uint64_t after, uint32_t timeout_ms)
{
	struct v2x_wait wait = V2X_INIT(struct v2x_wait);

	wait.timeout_ms = timeout_ms;
	if (after == UINT64_MAX)
		wait.flags = V2X_WAIT_NEXT;
	else
		wait.after = after;
	return wait;
}

int v2x_wait_cycle(struct v2x_device *dev, uint64_t after, uint32_t timeout_ms)
{
	struct v2x_wait wait = wait_for(after, timeout_ms);

	return v2x_command(dev, V2X_IOC_WAIT_CYCLE, &wait);
}

int v2x_wait_event(struct v2x_device *dev, uint64_t after, uint32_t timeout_ms)
{
	struct v2x_wait wait = wait_for(after, timeout_ms);

	return v2x_command(dev, V2X_IOC_WAIT_EVENT, &wait);
}

int v2x_cancel(struct v2x_device *dev, uint64_t tag)
{
	struct v2x_cancel cancel = V2X_INIT(struct v2x_cancel);

	cancel.tag = tag;
	return v2x_command(dev, V2X_IOC_CANCEL, &cancel);
}

int v2x_cancel_all(struct v2x_device *dev)
{
	struct v2x_cancel cancel = V2X_INIT(struct v2x_cancel);

	cancel.flags = V2X_CANCEL_ALL;
	return v2x_command(dev, V2X_IOC_CANCEL, &cancel);
}

int v2x_recorder_arm(struct v2x_device *dev)
{
	return v2x_command(dev, V2X_IOC_RECORDER_ARM, NULL);
}

int v2x_read_events(struct v2x_device *dev, struct v2x_event *events, size_t max)
{
	const int saved = errno;
	ssize_t n;
	int ret;

	if (max > INT_MAX / sizeof(*events))
		max = INT_MAX / sizeof(*events);
	n = read(dev->fd, events, max * sizeof(*events));
	ret = n < 0 ? -errno : (int)((size_t)n / sizeof(*events));
	errno = saved;
	return ret;
}
