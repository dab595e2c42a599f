// SPDX-License-Identifier: Apache-2.0
/* The charger comes, reports and goes. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "journal.h"
#include "session.h"

struct policy_device session_device_of(const struct v2x_status *status)
{
	return (struct policy_device){ .state = status->state, .reason = status->reason,
				       .fault = status->fault, .pilot = status->pilot };
}

bool session_status(struct session *s, struct v2x_status *status)
{
	return s->device.handle && !v2x_status_read(s->device.page, status);
}

/* ---- events of the device ------------------------------------------------------- */

static int event_priority(const struct v2x_event *event)
{
	switch (event->type) {
	case V2X_EVENT_TRIP:
	case V2X_EVENT_LEASE:
	case V2X_EVENT_MISSED:
		return LOG_WARNING;
	case V2X_EVENT_STATE:
		return event->to == V2X_STATE_FAULT ? LOG_ERR : LOG_NOTICE;
	default:
		return LOG_INFO;
	}
}

static void log_event(const struct session *s, const struct v2x_event *event)
{
	struct journal_fields fields = { 0 };
	char text[200];

	/* Limits come and go with every cycle of a droop service: not the journal's matter. */
	if (event->type == V2X_EVENT_LIMITED)
		return;
	v2x_event_format(event, text, sizeof(text));
	journal_field(&fields, "V2X_DEVICE", v2x_path(s->device.handle));
	journal_field(&fields, "V2X_EVENT", v2x_event_name(event->type));
	journal_field(&fields, "V2X_REASON", v2x_reason_name(event->reason));
	if (event->type == V2X_EVENT_STATE) {
		journal_field(&fields, "V2X_FROM", v2x_state_name(event->from));
		journal_field(&fields, "V2X_TO", v2x_state_name(event->to));
	}
	journal(event_priority(event), &fields, "%s", text);
}

/* The policy sees each step, also those the status page has left behind already. */
static void feed_event(struct session *s, const struct v2x_event *event)
{
	struct policy_device device = s->policy.device;

	if (event->type == V2X_EVENT_STATE) {
		device.state = event->to;
		device.reason = event->reason;
		if (event->to != V2X_STATE_FAULT)
			device.fault = V2X_REASON_NONE;
		else if (!device.fault)
			device.fault = event->reason;
	} else if (event->type == V2X_EVENT_PILOT) {
		device.pilot = event->to;
	} else {
		return;
	}
	session_feed_device(s, &device);
}

static void lost(struct session *s, int error)
{
	if (s->ending || !s->device.handle)
		return;
	journal(LOG_ERR, NULL, "%s: %s", s->config.device.path,
		error == -ENODEV ? "the charger has gone" : strerror(-error));
	session_detach(s);
	if (s->policy.quitting)
		session_end(s, 0);
	else if (s->config.device.on_missing == MISSING_EXIT)
		session_end(s, EXIT_GONE);
}

void session_read_events(struct session *s)
{
	struct v2x_event events[DEVICE_EVENTS];
	struct v2x_status status;
	struct policy_device now;
	int count;

	do {
		count = device_read_events(&s->device, events);
		for (int i = 0; i < count && !s->ending; i++) {
			log_event(s, &events[i]);
			feed_event(s, &events[i]);
		}
	} while (count == DEVICE_EVENTS && !s->ending);
	if (count < 0) {
		lost(s, count);
		return;
	}
	if (!session_status(s, &status) || s->ending)
		return;
	now = session_device_of(&status);
	session_feed_device(s, &now);
}

static void event_done(struct loop_op *op, int32_t res)
{
	struct session *s = op->owner;

	if (s->ending || !s->device.handle)
		return;
	if (!res)
		session_read_events(s);
	else if (res != -ETIME && res != -EINTR && res != -ECANCELED)
		lost(s, res);
	if (s->device.handle && !s->ending)
		device_wait_event(&s->device, &s->loop);
}

/* ---- the panel -------------------------------------------------------------------- */

/* A line changed, or was active for a moment. */
static void line_moved(struct session *s, enum policy_event_type type, bool *before,
		       bool pressed, bool now)
{
	const char *name = type == POLICY_ESTOP ? "emergency stop" : "door";

	if ((pressed || now) && !*before) {
		journal(type == POLICY_ESTOP ? LOG_ERR : LOG_NOTICE, NULL, "%s: active", name);
		session_event(s, type, true);
	}
	if (*before != now && !now)
		journal(LOG_NOTICE, NULL, "%s: not active any more", name);
	if (!now && (*before || pressed))
		session_event(s, type, false);
	*before = now;
}

void session_read_panel(struct session *s)
{
	bool pressed[PANEL_INPUTS];

	if (!s->panel.inputs)
		return;
	if (panel_take_edges(&s->panel, pressed))
		journal(LOG_WARNING, NULL, "the GPIO chip of the panel does not answer");
	line_moved(s, POLICY_ESTOP, &s->line_active[PANEL_ESTOP], pressed[PANEL_ESTOP],
		   panel_active(&s->panel, PANEL_ESTOP));
	line_moved(s, POLICY_DOOR, &s->line_active[PANEL_DOOR], pressed[PANEL_DOOR],
		   panel_active(&s->panel, PANEL_DOOR));
}

static void edge_done(struct loop_op *op, int32_t res)
{
	struct session *s = op->owner;

	if (s->ending || res < 0)
		return;
	session_read_panel(s);
	panel_wait(&s->panel, &s->loop);
}

static int open_panel(struct session *s)
{
	char error[CONFIG_ERROR_LEN];
	int result = panel_open(&s->panel, &s->config, error);

	if (result) {
		journal(LOG_ERR, NULL, "%s", error);
		return result;
	}
	memset(s->line_active, 0, sizeof(s->line_active));
	session_read_panel(s);
	return panel_wait(&s->panel, &s->loop);
}

/* ---- the grid thread --------------------------------------------------------------- */

static void report_done(struct session *s, const struct grid_report *report)
{
	s->report = *report;
	s->report_ns = now_ns();
	session_code_report(s, &report->code);
}

static void inbox_wake(struct loop_op *op, int32_t res)
{
	struct session *s = op->owner;
	struct to_session *m = &s->message;

	(void)res;
	while (spsc_pop(&s->inbox.queue, m)) {
		report_done(s, &m->report);
		switch (m->type) {
		case TO_SESSION_UP:
			if (m->report.realtime)
				journal(LOG_NOTICE, NULL, "grid thread without real-time priority: %s",
					strerror(-m->report.realtime));
			session_tell_ready(s);
			break;
		case TO_SESSION_REPORT:
			break;
		case TO_SESSION_SETPOINT:
			if (m->error)
				journal(LOG_WARNING, NULL, "set-point of %d mW refused: %s",
					m->report.result.p_mw,
					v2x_error_text(V2X_IOC_SETPOINT, m->error));
			break;
		case TO_SESSION_ENDED:
			if (m->error)
				lost(s, m->error);
			break;
		}
	}
}

static int start_grid(struct session *s)
{
	struct grid *g = &s->grid;

	memset(g, 0, sizeof(*g));
	g->device = s->device.handle;
	g->info = s->device.info;
	g->status_page = s->device.page;
	g->cycles = s->device.cycles;
	g->to_session = &s->inbox;
	spsc_init(&g->inbox.queue, s->to_grid_memory, TO_GRID_SLOTS, sizeof(struct to_grid));
	spsc_init(&s->inbox.queue, s->to_session_memory, TO_SESSION_SLOTS,
		  sizeof(struct to_session));
	s->inbox.ring_fd = s->loop.ring.ring_fd;
	s->report = (struct grid_report){ .result = { .p_by = SOURCE_COUNT,
						      .q_by = SOURCE_COUNT } };
	s->report_ns = now_ns();
	return grid_start(g);
}

/* ---- coming and going ---------------------------------------------------------------- */

static void log_found(const struct session *s, const struct v2x_status *status)
{
	struct journal_fields fields = { 0 };
	bool trouble = status->fault || status->reason == V2X_REASON_LEASE ||
		       status->reason == V2X_REASON_CLOSED;

	journal_field(&fields, "V2X_EVENT", "found");
	journal_field(&fields, "V2X_DEVICE", v2x_path(s->device.handle));
	journal_field(&fields, "V2X_STATE", v2x_state_name(status->state));
	journal_field(&fields, "V2X_REASON", v2x_reason_name(status->reason));
	journal_field(&fields, "V2X_FAULT", v2x_reason_name(status->fault));
	journal(trouble ? LOG_WARNING : LOG_NOTICE, &fields,
		"found %s \"%.31s\" (%.31s): state %s, last reason %s, fault %s, pilot %s",
		v2x_path(s->device.handle), s->device.info.name, s->device.info.driver,
		v2x_state_name(status->state), v2x_reason_name(status->reason),
		v2x_reason_name(status->fault), v2x_pilot_name(status->pilot));
}

static int begin(struct session *s)
{
	const struct policy_config policy = session_policy_config(s, &s->config);
	char error[CONFIG_ERROR_LEN];
	struct v2x_status status;
	struct policy_device first;
	int result;

	policy_init(&s->policy, &policy);
	s->allow_known = false;
	if (!session_status(s, &status))
		return -EIO;
	log_found(s, &status);
	result = start_grid(s);
	if (result) {
		journal(LOG_ERR, NULL, "cannot start the grid thread: %s", strerror(-result));
		return result;
	}
	result = session_push_config(s, &s->config, error);
	if (!result)
		result = session_code_begin(s, error);
	if (result) {
		journal(LOG_ERR, NULL, "%s", error);
		s->exit_code = EXIT_CONFIG;
		return result;
	}
	first = session_device_of(&status);
	session_feed_device(s, &first);
	result = open_panel(s);
	if (result)
		return result;
	return device_wait_event(&s->device, &s->loop);
}

int session_attach(struct session *s)
{
	const char *what;
	int result = device_attach(&s->device, &s->config, &what);

	if (result) {
		/* While waiting it is tried every second: said once. */
		if (!s->ready)
			journal(LOG_ERR, NULL, "%s: %s failed: %s", s->config.device.path, what,
				v2x_error_text(0, result));
		return result;
	}
	result = begin(s);
	if (result) {
		session_detach(s);
		/* The charger is there: what fails now is no matter of waiting for it. */
		session_end(s, s->exit_code ? s->exit_code : EXIT_FAILURE);
	}
	return result;
}

void session_detach(struct session *s)
{
	grid_stop(&s->grid, &s->loop);
	panel_close(&s->panel, &s->loop);
	device_detach(&s->device);
}

void session_init_ops(struct session *s)
{
	s->device.event_op = (struct loop_op){ .done = event_done, .owner = s };
	s->panel.edge_op = (struct loop_op){ .done = edge_done, .owner = s };
	s->inbox.wake = (struct loop_op){ .done = inbox_wake, .owner = s };
}
