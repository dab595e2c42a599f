// SPDX-License-Identifier: Apache-2.0
#include "device.h"

#include <errno.h>

/* Bounded, so that a kernel without cancellation lets the process go soon. */
#define EVENT_TIMEOUT_MS 1000

static uint32_t smaller(uint32_t value, int32_t limit)
{
	return limit != CONFIG_NONE && (uint32_t)limit < value ? (uint32_t)limit : value;
}

/* The rating is the upper bound: a limit above it would be refused, and means none. */
static uint32_t limit_of(uint32_t rating, int32_t vehicle, int32_t site)
{
	return smaller(smaller(rating, vehicle), site);
}

int device_limits(struct device *device, const struct config *config)
{
	const struct v2x_info *info = &device->info;
	struct v2x_limits limits = V2X_INIT(struct v2x_limits);
	int result = v2x_get_limits(device->handle, &limits);

	if (result)
		return result;
	limits.p_import_max_mw = limit_of(info->p_import_max_mw, config->vehicle.p_import_max_mw,
					  config->site.p_import_max_mw);
	limits.p_export_max_mw = limit_of(info->p_export_max_mw, config->vehicle.p_export_max_mw,
					  config->site.p_export_max_mw);
	limits.q_max_mvar = limit_of(info->q_max_mvar, config->vehicle.q_max_mvar,
				     config->site.q_max_mvar);
	return v2x_set_limits(device->handle, &limits);
}

static int map(struct device *device, const char **what)
{
	int result;

	*what = "mapping its status page";
	result = v2x_map_status(device->handle, &device->page);
	if (result)
		return result;
	*what = "mapping its cycle ring";
	return v2x_map_cycles(device->handle, &device->cycles);
}

int device_attach(struct device *device, const struct config *config, const char **what)
{
	int result;

	*what = "opening it";
	result = v2x_open(config->device.path, V2X_OPEN_WRITE | V2X_OPEN_NONBLOCK,
			  &device->handle);
	if (result) {
		device->handle = NULL;
		return result;
	}
	device->info = *v2x_device_info(device->handle);
	*what = "claiming it";
	result = v2x_claim(device->handle, (uint32_t)config->device.lease_ms);
	if (!result)
		result = map(device, what);
	if (!result) {
		*what = "setting its limits";
		result = device_limits(device, config);
	}
	if (result)
		device_detach(device);
	return result;
}

void device_detach(struct device *device)
{
	if (!device->handle)
		return;
	v2x_release(device->handle);
	if (device->cycles.ring)
		v2x_unmap_ring(&device->cycles);
	if (device->page)
		v2x_unmap_status(device->page);
	v2x_close(device->handle);
	device->cycles = (struct v2x_ring_reader){ 0 };
	device->page = NULL;
	device->handle = NULL;
	device->event_seq = 0;
}

int device_wait_event(struct device *device, struct loop *loop)
{
	struct io_uring_sqe *sqe = device->event_op.busy ? NULL : loop_sqe(loop);

	if (!sqe)
		return -EBUSY;
	device->wait = V2X_INIT(struct v2x_wait);
	device->wait.timeout_ms = EVENT_TIMEOUT_MS;
	device->wait.after = device->event_seq;
	v2x_prep_wait_event(sqe, device->handle, &device->wait);
	loop_own(sqe, &device->event_op);
	return 0;
}

int device_read_events(struct device *device, struct v2x_event events[DEVICE_EVENTS])
{
	struct v2x_status status;
	int count;

	/* Before reading: what is raised in between has a greater number and ends the next wait. */
	if (v2x_status_read(device->page, &status))
		status.event_seq = device->event_seq;
	count = v2x_read_events(device->handle, events, DEVICE_EVENTS);
	if (count > 0)
		device->event_seq = events[count - 1].seq;
	else if (count == -EAGAIN || count == -EINTR)
		count = 0;
	if (count < DEVICE_EVENTS && status.event_seq > device->event_seq)
		device->event_seq = status.event_seq;
	return count;
}
