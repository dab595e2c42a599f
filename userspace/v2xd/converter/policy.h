/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When power may begin and how it ends: the session as a state machine.
 *
 * Pure: what was seen and asked for goes in, what to do comes out. It holds
 * the one wish "power is wanted" and compares it with the state the device
 * reports, so a lost or doubled event does no harm. Nothing but a newly
 * plugged vehicle, a start command, an automatic acknowledgement or the return
 * after a trip by the grid (all when configured) ever turns the wish on.
 */
#ifndef V2XD_CONVERTER_POLICY_H
#define V2XD_CONVERTER_POLICY_H

#include <stdbool.h>
#include <stdint.h>

enum policy_state {
	POLICY_NO_VEHICLE,	/* nothing plugged in */
	POLICY_HELD,		/* plugged in, but a person must say start */
	POLICY_WAITING,		/* wanted, the vehicle is not ready yet */
	POLICY_STARTING,	/* the sequence runs towards power */
	POLICY_RUNNING,
	POLICY_STOPPING,	/* power to zero, contactors opening */
	POLICY_FAULT,		/* latched, until acknowledged */
	POLICY_ENDED,		/* clean stop done */
	POLICY_STATE_COUNT
};

/* Why power is held back while a vehicle is there; also the cause of stops. */
enum policy_hold {
	HOLD_NONE,
	HOLD_FOUND_PLUGGED,	/* it was there when the daemon started */
	HOLD_LEASE,		/* the last supervisor was lost */
	HOLD_MANUAL,		/* start = manual */
	HOLD_STOPPED,		/* stopped by a person */
	HOLD_DOOR,		/* the door was opened */
	HOLD_ESTOP,		/* the emergency stop was pressed */
	HOLD_FAULT,		/* a fault came, or was acknowledged by a person */
	HOLD_DEVICE,		/* the device stopped by itself */
	HOLD_REFUSED,		/* the device refused to start */
	HOLD_UNPLUGGED,
	HOLD_GRIDCODE,		/* the grid code keeps it off the grid */
	HOLD_QUIT,
	HOLD_COUNT
};

enum policy_event_type {
	POLICY_DEVICE,		/* device: what it reports now */
	POLICY_CMD_START,
	POLICY_CMD_STOP,
	POLICY_CMD_ACK,
	POLICY_DOOR,		/* on: open */
	POLICY_ESTOP,		/* on: pressed */
	POLICY_QUIT,		/* SIGTERM */
	POLICY_REFUSED,		/* the device refused a start request */
	POLICY_ACK_REFUSED,	/* the fault still stands */
	POLICY_TIME,		/* time went by */
	POLICY_GRID,		/* on: the grid code keeps the charger off the grid */
	POLICY_GRID_NEAR,	/* on: not for long: it may come to READY */
};

/* enum v2x_state, v2x_reason, v2x_pilot of the status page. */
struct policy_device {
	uint32_t state;
	uint32_t reason;
	uint32_t fault;
	uint32_t pilot;
};

struct policy_event {
	enum policy_event_type type;
	uint64_t now_ns;
	bool on;
	struct policy_device device;
};

enum policy_action {
	ACTION_START	= 1 << 0,	/* V2X_REQUEST_START */
	ACTION_STOP	= 1 << 1,	/* V2X_REQUEST_STOP */
	ACTION_ACK	= 1 << 2,	/* V2X_REQUEST_ACK */
	ACTION_ESTOP	= 1 << 3,	/* V2X_REQUEST_ESTOP */
	ACTION_DUTY	= 1 << 4,	/* pilot duty changed, see duty_permille */
	ACTION_END	= 1 << 5,	/* release the device and end */
};

/**
 * struct policy_output - what one event leads to
 * @actions: bits of enum policy_action, ESTOP and STOP to be done first
 * @duty_permille: with ACTION_DUTY
 * @refused: why a command was refused, NULL when it was not
 * @deadline_ns: call again with POLICY_TIME then; 0: no need
 */
struct policy_output {
	uint32_t actions;
	uint32_t duty_permille;
	const char *refused;
	uint64_t deadline_ns;
};

struct policy_config {
	bool start_auto;
	bool ack_auto;
	uint32_t ack_delay_s;
	uint32_t ack_tries;
	uint32_t pilot_duty_permille;
	uint32_t stop_timeout_s;
	bool reconnect_auto;	/* after a trip by the grid, when the grid code lets */
};

struct policy {
	struct policy_config config;
	struct policy_device device;
	enum policy_state state;
	enum policy_hold hold;
	bool seen_device;	/* a first report has come */
	bool present;		/* a vehicle is plugged in */
	bool wanted;		/* power is wanted */
	bool was_on;		/* power was on or coming since it was wanted */
	bool start_sent;	/* and the device has not moved yet */
	bool stop_sent;
	bool door_open;
	bool estop;
	bool estop_sent;
	bool quitting;
	bool fault_seen;
	bool grid_out;		/* the grid code keeps it off the grid */
	bool grid_near;		/* but not for long */
	bool reconnect;		/* the grid tripped it: acknowledged when the code lets */
	uint32_t ack_done;	/* automatic ones for this vehicle */
	uint32_t duty_permille;
	uint64_t ack_at_ns;
	uint64_t reconnect_at_ns;
	uint64_t quit_by_ns;
};

void policy_init(struct policy *policy, const struct policy_config *config);

/* Live change of configuration. */
void policy_configure(struct policy *policy, const struct policy_config *config);

/* Take one event in. */
void policy_step(struct policy *policy, const struct policy_event *event,
		 struct policy_output *out);

/* May power other than zero be asked for? */
bool policy_power_allowed(const struct policy *policy);

const char *policy_state_name(enum policy_state state);
const char *policy_hold_name(enum policy_hold hold);	/* one word */
const char *policy_hold_text(enum policy_hold hold);	/* and what to do */

#endif
