// SPDX-License-Identifier: Apache-2.0
#include "policy.h"

#include <stddef.h>
#include <linux/v2x.h>

#include "grid_reason.h"

#define NS_PER_S 1000000000U
/* Between two tries to acknowledge a trip by the grid. */
#define RECONNECT_NS NS_PER_S

static const char *const state_names[POLICY_STATE_COUNT] = {
	[POLICY_NO_VEHICLE] = "no_vehicle", [POLICY_HELD] = "held",
	[POLICY_WAITING] = "waiting",	    [POLICY_STARTING] = "starting",
	[POLICY_RUNNING] = "running",	    [POLICY_STOPPING] = "stopping",
	[POLICY_FAULT] = "fault",	    [POLICY_ENDED] = "ended",
};

static const struct {
	const char *name;
	const char *text;
} holds[HOLD_COUNT] = {
	[HOLD_NONE] = { "none", "nothing holds power back" },
	[HOLD_FOUND_PLUGGED] = { "found_plugged",
		"the vehicle was plugged in before v2xd started; v2xctl start, or plug in anew" },
	[HOLD_LEASE] = { "lease",
		"the supervisor before this one was lost; v2xctl start, or plug in anew" },
	[HOLD_MANUAL] = { "manual", "configured to wait for v2xctl start" },
	[HOLD_STOPPED] = { "stopped", "stopped by command; v2xctl start, or plug in anew" },
	[HOLD_DOOR] = { "door", "the door was opened; close it, then v2xctl start" },
	[HOLD_ESTOP] = { "estop",
		"the emergency stop was pressed; release it, v2xctl ack, then v2xctl start" },
	[HOLD_FAULT] = { "fault", "a fault stopped it; v2xctl ack, then v2xctl start" },
	[HOLD_DEVICE] = { "device", "the device stopped by itself; v2xctl events says why" },
	[HOLD_REFUSED] = { "refused", "the device refused to start; v2xctl start tries again" },
	[HOLD_UNPLUGGED] = { "unplugged", "the vehicle was unplugged" },
	[HOLD_GRIDCODE] = { "gridcode",
		"the grid code keeps it off the grid and lets it return by itself; "
		"v2xctl gridcode status" },
	[HOLD_QUIT] = { "quit", "v2xd is ending" },
};

const char *policy_state_name(enum policy_state state)
{
	return state < POLICY_STATE_COUNT ? state_names[state] : "unknown";
}

const char *policy_hold_name(enum policy_hold hold)
{
	return hold < HOLD_COUNT ? holds[hold].name : "unknown";
}

const char *policy_hold_text(enum policy_hold hold)
{
	return hold < HOLD_COUNT ? holds[hold].text : "unknown";
}

/* A stage without a pilot has its vehicle always there: only commands start it. */
static bool plugged(uint32_t pilot)
{
	return pilot == V2X_PILOT_B || pilot == V2X_PILOT_C || pilot == V2X_PILOT_D ||
	       pilot == V2X_PILOT_NONE;
}

/* State D asks for ventilation, which nothing here can promise: it has to wait. */
static bool ready(uint32_t pilot)
{
	return pilot == V2X_PILOT_C || pilot == V2X_PILOT_NONE;
}

/* On the way to power, or there. */
static bool sequence_runs(uint32_t state)
{
	return (state >= V2X_STATE_SELF_TEST && state <= V2X_STATE_RUN) ||
	       state == V2X_STATE_BLACK_START || state == V2X_STATE_READY;
}

/*
 * The grid code keeps it idle. Shortly before it permits service, the converter
 * may come to READY, where nothing is connected; the set-point says so.
 */
static bool kept_off(const struct policy *p)
{
	return p->grid_out && !(p->grid_near && p->device.state != V2X_STATE_RUN);
}

static bool latched(const struct policy *p)
{
	return p->device.state == V2X_STATE_FAULT || p->device.fault != V2X_REASON_NONE;
}

static void unwant(struct policy *p, enum policy_hold hold)
{
	p->reconnect = false;
	p->wanted = false;
	p->was_on = false;
	p->hold = hold;
}

static void want(struct policy *p)
{
	p->reconnect = false;
	p->wanted = true;
	p->was_on = false;
	p->hold = HOLD_NONE;
}

/* The first report after start: what a supervisor before us left behind. */
static void first_report(struct policy *p)
{
	p->seen_device = true;
	p->present = plugged(p->device.pilot);
	if (latched(p))
		p->hold = HOLD_FAULT;
	else if (p->device.reason == V2X_REASON_LEASE || p->device.reason == V2X_REASON_CLOSED)
		p->hold = HOLD_LEASE;
	else if (plugged(p->device.pilot))
		p->hold = HOLD_FOUND_PLUGGED;
	else
		p->hold = HOLD_NONE;
}

/* E and F are errors of the line, neither a vehicle coming nor one going. */
static void pilot_moved(struct policy *p)
{
	if (p->device.pilot == V2X_PILOT_A) {
		unwant(p, p->present ? HOLD_UNPLUGGED : HOLD_NONE);
		p->present = false;
		p->ack_done = 0;
	}
	if (p->present || !plugged(p->device.pilot))
		return;
	p->present = true;
	if (latched(p) || p->estop)
		p->hold = HOLD_FAULT;
	else if (p->door_open)
		p->hold = HOLD_DOOR;
	else if (!p->config.start_auto)
		p->hold = HOLD_MANUAL;
	else if (!p->quitting)
		want(p);
}

/* After this the fault waits for a person, or for the automatic acknowledgement. */
static void schedule_ack(struct policy *p, uint64_t now_ns)
{
	p->ack_at_ns = 0;
	if (p->config.ack_auto && p->ack_done < p->config.ack_tries && !p->estop &&
	    p->device.fault != V2X_REASON_ESTOP)
		p->ack_at_ns = now_ns + (uint64_t)p->config.ack_delay_s * NS_PER_S;
}

static void fault_moved(struct policy *p, uint64_t now_ns)
{
	bool now = latched(p);

	if (now && !p->fault_seen) {
		bool estop = p->estop || p->device.fault == V2X_REASON_ESTOP;
		bool again = p->config.reconnect_auto && p->wanted &&
			     grid_reason(p->device.fault);

		unwant(p, estop ? HOLD_ESTOP : HOLD_FAULT);
		schedule_ack(p, now_ns);
		p->reconnect = again;
		p->reconnect_at_ns = now_ns + RECONNECT_NS;
	} else if (!now && p->reconnect) {
		want(p);
	}
	p->fault_seen = now;
}

static void on_device(struct policy *p, const struct policy_event *event)
{
	uint32_t before = p->device.pilot;

	p->device = event->device;
	if (!p->seen_device)
		first_report(p);
	else if (p->device.pilot != before)
		pilot_moved(p);
	fault_moved(p, event->now_ns);
	if (p->device.state != V2X_STATE_IDLE)
		p->start_sent = false;
	if (!sequence_runs(p->device.state))
		p->stop_sent = false;
	if (!p->wanted)
		return;
	if (sequence_runs(p->device.state) && !p->stop_sent)
		p->was_on = true;
	else if (p->was_on)	/* nobody here asked for it to end */
		unwant(p, p->device.reason == V2X_REASON_LEASE ? HOLD_LEASE : HOLD_DEVICE);
}

static const char *on_start(struct policy *p)
{
	if (p->quitting)
		return "v2xd is ending";
	if (p->estop)
		return "the emergency stop is pressed; release it first";
	if (latched(p))
		return "a fault is latched; see \"v2xctl status\", then \"v2xctl ack\" first";
	if (p->door_open)
		return "the door is open; close it first";
	if (!plugged(p->device.pilot))
		return "no vehicle is plugged in";
	if (p->wanted)
		return NULL;
	want(p);
	return NULL;
}

static const char *on_ack(struct policy *p, struct policy_output *out)
{
	if (!latched(p))
		return "no fault is latched";
	if (p->estop)
		return "the emergency stop is pressed; release it first";
	out->actions |= ACTION_ACK;
	p->ack_at_ns = 0;
	p->estop_sent = false;
	return NULL;
}

static void on_line(struct policy *p, const struct policy_event *event)
{
	if (event->type == POLICY_DOOR) {
		p->door_open = event->on;
		if (event->on && p->wanted)
			unwant(p, HOLD_DOOR);
		return;
	}
	p->estop = event->on;
	if (!event->on) {
		p->estop_sent = false;
		return;
	}
	unwant(p, HOLD_ESTOP);
	p->ack_at_ns = 0;
}

/* An automatic acknowledgement resumes what the fault interrupted. */
static void on_time(struct policy *p, uint64_t now_ns, struct policy_output *out)
{
	if (!p->ack_at_ns || now_ns < p->ack_at_ns)
		return;
	p->ack_at_ns = 0;
	if (!latched(p) || p->estop || p->quitting)
		return;
	out->actions |= ACTION_ACK;
	p->ack_done++;
	if (p->config.start_auto && plugged(p->device.pilot) && !p->door_open)
		want(p);
}

static enum policy_state state_of(const struct policy *p)
{
	if (latched(p))
		return POLICY_FAULT;
	if (p->device.state == V2X_STATE_RAMP_DOWN)
		return POLICY_STOPPING;
	if (sequence_runs(p->device.state) && !p->wanted)
		return POLICY_STOPPING;
	if (p->device.state == V2X_STATE_RUN)
		return POLICY_RUNNING;
	if (sequence_runs(p->device.state) || p->start_sent)
		return POLICY_STARTING;
	if (!plugged(p->device.pilot))
		return POLICY_NO_VEHICLE;
	return p->wanted ? POLICY_WAITING : POLICY_HELD;
}

/* The code says when: a trip by the grid is acknowledged then, and power wanted again. */
static void reconnect(struct policy *p, uint64_t now_ns, struct policy_output *out)
{
	if (!p->reconnect || kept_off(p) || !latched(p) || p->estop || p->door_open ||
	    p->quitting || now_ns < p->reconnect_at_ns)
		return;
	p->reconnect_at_ns = now_ns + RECONNECT_NS;
	out->actions |= ACTION_ACK;
}

/* Wish and reality compared: the only place that starts or stops anything. */
static void decide(struct policy *p, uint64_t now_ns, struct policy_output *out)
{
	uint32_t duty = V2X_PILOT_DUTY_STEADY;

	if (p->estop && !p->estop_sent) {
		out->actions |= ACTION_ESTOP;
		p->estop_sent = true;
	}
	reconnect(p, now_ns, out);
	if (sequence_runs(p->device.state) &&
	    !(p->wanted && ready(p->device.pilot) && !kept_off(p)) && !p->stop_sent &&
	    !latched(p)) {
		out->actions |= ACTION_STOP;
		p->stop_sent = true;
		p->was_on = false;
	}
	if (p->wanted && p->device.state == V2X_STATE_IDLE && !latched(p) && !p->start_sent &&
	    ready(p->device.pilot) && !kept_off(p)) {
		out->actions |= ACTION_START;
		p->start_sent = true;
	}
	if (p->quitting && p->state != POLICY_ENDED &&
	    (p->device.state == V2X_STATE_IDLE || p->device.state == V2X_STATE_FAULT ||
	     now_ns >= p->quit_by_ns)) {
		out->actions |= ACTION_END;
		p->state = POLICY_ENDED;
	}
	if (p->wanted || sequence_runs(p->device.state) || p->device.state == V2X_STATE_RAMP_DOWN)
		duty = p->config.pilot_duty_permille;
	if (latched(p))
		duty = V2X_PILOT_DUTY_STEADY;
	if (duty != p->duty_permille && p->device.pilot != V2X_PILOT_NONE) {
		p->duty_permille = duty;
		out->actions |= ACTION_DUTY;
		out->duty_permille = duty;
	}
}

static uint64_t next_deadline(const struct policy *p)
{
	if (p->quitting && p->state != POLICY_ENDED)
		return p->quit_by_ns;
	if (p->reconnect && !kept_off(p))
		return p->reconnect_at_ns;
	return p->ack_at_ns;
}

void policy_init(struct policy *policy, const struct policy_config *config)
{
	*policy = (struct policy){ .config = *config };
	policy->device.pilot = V2X_PILOT_A;
}

void policy_configure(struct policy *policy, const struct policy_config *config)
{
	policy->config = *config;
	if (!config->ack_auto)
		policy->ack_at_ns = 0;
}

/* What is wanted waits for the grid code, and for nothing and nobody else. */
static void hold_by_grid(struct policy *p)
{
	if (p->grid_out && (p->wanted || p->reconnect))
		p->hold = HOLD_GRIDCODE;
	else if (p->hold == HOLD_GRIDCODE)
		p->hold = p->wanted ? HOLD_NONE : HOLD_FAULT;
}

static void on_quit(struct policy *p, uint64_t now_ns)
{
	if (p->quitting)
		return;
	p->quitting = true;
	p->quit_by_ns = now_ns + (uint64_t)p->config.stop_timeout_s * NS_PER_S;
	unwant(p, HOLD_QUIT);
}

void policy_step(struct policy *policy, const struct policy_event *event,
		 struct policy_output *out)
{
	*out = (struct policy_output){ 0 };
	switch (event->type) {
	case POLICY_DEVICE:
		on_device(policy, event);
		break;
	case POLICY_CMD_START:
		out->refused = on_start(policy);
		break;
	case POLICY_CMD_STOP:
		unwant(policy, HOLD_STOPPED);
		break;
	case POLICY_CMD_ACK:
		out->refused = on_ack(policy, out);
		break;
	case POLICY_DOOR:
	case POLICY_ESTOP:
		on_line(policy, event);
		break;
	case POLICY_QUIT:
		on_quit(policy, event->now_ns);
		break;
	case POLICY_REFUSED:
		policy->start_sent = false;
		unwant(policy, HOLD_REFUSED);
		break;
	case POLICY_ACK_REFUSED:
		if (policy->reconnect)	/* tried again in a while */
			break;
		unwant(policy, HOLD_FAULT);
		schedule_ack(policy, event->now_ns);
		break;
	case POLICY_TIME:
		on_time(policy, event->now_ns, out);
		break;
	case POLICY_GRID:
		policy->grid_out = event->on;
		break;
	case POLICY_GRID_NEAR:
		policy->grid_near = event->on;
		break;
	}
	hold_by_grid(policy);
	decide(policy, event->now_ns, out);
	if (policy->state != POLICY_ENDED)
		policy->state = state_of(policy);
	out->deadline_ns = next_deadline(policy);
}

bool policy_power_allowed(const struct policy *policy)
{
	return policy->wanted && policy->device.state == V2X_STATE_RUN && !latched(policy);
}
