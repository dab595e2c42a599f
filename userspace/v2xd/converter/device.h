/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The supervised charger: opened, claimed, mapped; its requests and events.
 *
 * For the session thread. The grid thread gets its own ring reader and uses
 * the handle for preparing io_uring entries only, which reads it.
 */
#ifndef V2XD_CONVERTER_DEVICE_H
#define V2XD_CONVERTER_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include <v2x.h>

#include "../config/config.h"
#include "../loop/loop.h"

#define DEVICE_EVENTS 32

struct device {
	struct v2x_device *handle;	/* NULL: there is none now */
	struct v2x_info info;
	const struct v2x_status *page;
	struct v2x_ring_reader cycles;
	struct loop_op event_op;
	struct v2x_wait wait;
	uint64_t event_seq;
};

/**
 * device_attach - open, claim, map, set the site's limits
 * @device: event_op set, handle NULL
 * @config: path, lease, limits
 * @what: on error, a static text: what was tried
 *
 * Nothing is started and no fault cleared. Return: 0 or -errno.
 */
int device_attach(struct device *device, const struct config *config, const char **what);

/* Give the claim back (power, if any, ramps down) and close. */
void device_detach(struct device *device);

/* Give vehicle's and site's limits to the kernel as well. 0 or -errno. */
int device_limits(struct device *device, const struct config *config);

/**
 * device_protection - put the protection table of the configuration in force
 * @device: claimed
 * @config: [protection] table; empty: nothing is done
 * @error: CONFIG_ERROR_LEN bytes: file, line or stage, and what is wrong
 *
 * Return: 0 or -errno, and then nothing has changed.
 */
int device_protection(struct device *device, const struct config *config, char *error);

/* Park a wait for the next event on the ring; 0 or -errno. */
int device_wait_event(struct device *device, struct loop *loop);

/**
 * device_read_events - those there are now
 * Return: how many, 0 for none, -errno.
 */
int device_read_events(struct device *device, struct v2x_event events[DEVICE_EVENTS]);

#endif
