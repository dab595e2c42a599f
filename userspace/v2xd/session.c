// SPDX-License-Identifier: Apache-2.0
#include "session.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "journal.h"
#include "notify.h"
#include "panel/lamp.h"

#define RING_ENTRIES	64
#define MS		1000000ULL
#define TICK_NS		(250 * MS)
#define TICKS_PER_S	4
/* The grid thread reports every 400 ms: silent for longer, it is stuck. */
#define GRID_SILENT_NS	(1000 * MS)

void session_end(struct session *s, int exit_code)
{
	s->ending = true;
	s->exit_code = exit_code;
	s->loop.stop = true;
}

int session_tell_grid(struct session *s, const struct to_grid *message)
{
	return s->grid.started ? mailbox_post(&s->loop, &s->grid.inbox, message) : -ENODEV;
}

void session_tell_ready(struct session *s)
{
	if (s->ready)
		return;
	s->ready = true;
	notify_ready();
	journal(LOG_INFO, NULL, "ready after %u ms", (unsigned int)((now_ns() - s->started_ns) / MS));
}

/* ---- policy ------------------------------------------------------------------- */

/* Power is allowed, or the reason why not, whenever that changes. */
static void tell_allow(struct session *s)
{
	struct to_grid m = { .type = TO_GRID_ALLOW, .allow = policy_power_allowed(&s->policy) };

	if (s->allow_known && m.allow == s->allow && s->policy.hold == s->allow_hold)
		return;
	snprintf(m.reason, sizeof(m.reason), "session %s, hold %s",
		 policy_state_name(s->policy.state), policy_hold_name(s->policy.hold));
	if (session_tell_grid(s, &m))
		return;	/* again with the next event or tick */
	s->allow_known = true;
	s->allow = m.allow;
	s->allow_hold = s->policy.hold;
}

static int request(struct session *s, uint32_t what)
{
	struct journal_fields fields = { 0 };
	int result = v2x_request(s->device.handle, what, 0);

	journal_field(&fields, "V2X_EVENT", "request");
	journal_field(&fields, "V2X_REQUEST", v2x_request_name(what));
	if (result)
		journal(LOG_WARNING, &fields, "request %s refused: %s", v2x_request_name(what),
			v2x_error_text(V2X_IOC_REQUEST, result));
	else
		journal(LOG_INFO, &fields, "request %s", v2x_request_name(what));
	return result;
}

static int set_duty(struct session *s, uint32_t duty_permille)
{
	int result = v2x_pilot(s->device.handle, duty_permille);

	if (result && result != -EOPNOTSUPP)
		journal(LOG_WARNING, NULL, "pilot duty of %u permille refused: %s", duty_permille,
			v2x_error_text(V2X_IOC_PILOT, result));
	return result;
}

/* The device's answer to an action; a refused start or ack is an event itself. */
static int act(struct session *s, const struct policy_output *out)
{
	int error = 0;

	if (!s->device.handle)
		return out->actions & ~(uint32_t)(ACTION_END | ACTION_DUTY) ? -ENODEV : 0;
	if (out->actions & ACTION_ESTOP)
		error = request(s, V2X_REQUEST_ESTOP);
	if (out->actions & ACTION_STOP)
		error = request(s, V2X_REQUEST_STOP);
	if (out->actions & ACTION_DUTY)
		set_duty(s, out->duty_permille);
	if (out->actions & ACTION_ACK) {
		error = request(s, V2X_REQUEST_ACK);
		if (error)
			session_event(s, POLICY_ACK_REFUSED, false);
	}
	if (out->actions & ACTION_START) {
		error = request(s, V2X_REQUEST_START);
		if (error)
			session_event(s, POLICY_REFUSED, false);
	}
	return error;
}

static void log_session(const struct session *s, enum policy_state before,
			enum policy_hold held_before)
{
	struct journal_fields fields = { 0 };
	const char *from = policy_state_name(before), *to = policy_state_name(s->policy.state);
	const char *hold = policy_hold_name(s->policy.hold);

	if (before == s->policy.state &&
	    (held_before == s->policy.hold || s->policy.state != POLICY_HELD))
		return;
	journal_field(&fields, "V2X_EVENT", "session");
	journal_field(&fields, "V2X_FROM", from);
	journal_field(&fields, "V2X_TO", to);
	journal_field(&fields, "V2X_HOLD", hold);
	if (s->policy.hold == HOLD_NONE)
		journal(LOG_INFO, &fields, "session %s -> %s", from, to);
	else
		journal(LOG_NOTICE, &fields, "session %s -> %s, held: %s: %s", from, to, hold,
			policy_hold_text(s->policy.hold));
}

static struct session_outcome step(struct session *s, const struct policy_event *event)
{
	enum policy_state before = s->policy.state;
	enum policy_hold held_before = s->policy.hold;
	struct session_outcome outcome;
	struct policy_output out;

	policy_step(&s->policy, event, &out);
	s->policy_at_ns = out.deadline_ns;
	log_session(s, before, held_before);
	/* Zero first, then the request: no set-point from before survives it. */
	tell_allow(s);
	outcome = (struct session_outcome){ .refused = out.refused, .error = act(s, &out) };
	if (out.actions & ACTION_END) {
		if (s->policy.device.state != V2X_STATE_IDLE &&
		    s->policy.device.state != V2X_STATE_FAULT)
			journal(LOG_WARNING, NULL,
				"the charger is still in state %s; giving the claim back makes the "
				"kernel ramp down",
				v2x_state_name(s->policy.device.state));
		session_end(s, 0);
	}
	return outcome;
}

struct session_outcome session_event(struct session *s, enum policy_event_type type, bool on)
{
	const struct policy_event event = { .type = type, .now_ns = now_ns(), .on = on,
					    .device = s->policy.device };

	return step(s, &event);
}

void session_feed_device(struct session *s, const struct policy_device *device)
{
	const struct policy_event event = { .type = POLICY_DEVICE, .now_ns = now_ns(),
					    .device = *device };

	step(s, &event);
}

/* ---- the tick ------------------------------------------------------------------- */

static void show(struct session *s, const struct v2x_status *status)
{
	struct lamp lamp = lamp_of(s->policy.state, s->policy.estop, status->p_mw);
	bool dark = lamp.blink && s->ticks % TICKS_PER_S >= TICKS_PER_S / 2;

	panel_show(&s->panel, dark ? 0 : lamp.colours);
	if (s->ticks % TICKS_PER_S)
		return;
	if (s->policy.state == POLICY_RUNNING)
		notify_status("%s %d W at %d.%03d Hz, decided by %s",
			      status->p_mw < 0 ? "feeding back" : "charging",
			      abs(status->p_mw) / 1000, status->f_mhz / 1000, status->f_mhz % 1000,
			      dispatch_source_name(s->report.result.p_by));
	else
		notify_status("%s, %s", policy_state_name(s->policy.state),
			      policy_hold_text(s->policy.hold));
}

static void tick_device(struct session *s)
{
	struct v2x_status status;
	struct policy_device now;

	if (!session_status(s, &status))
		return;
	if (status.event_seq > s->device.event_seq)
		session_read_events(s);
	/* Edges wake us at once; the levels are looked at in case one was lost. */
	session_read_panel(s);
	if (!session_status(s, &status))
		return;
	now = session_device_of(&status);
	if (memcmp(&now, &s->policy.device, sizeof(now)) != 0)
		session_feed_device(s, &now);
	else
		tell_allow(s);
	show(s, &status);
	if (now_ns() - s->report_ns < GRID_SILENT_NS)
		notify_watchdog();
}

static void tick_no_device(struct session *s)
{
	notify_status("waiting for %s", s->config.device.path);
	notify_watchdog();
	/* What still waits on the one that went completes first. */
	if (s->device.event_op.busy || s->panel.edge_op.busy)
		return;
	if (s->ticks % TICKS_PER_S == 0 && session_attach(s) == 0)
		journal(LOG_NOTICE, NULL, "%s is here", s->config.device.path);
}

static void tick_done(struct loop_op *op, int32_t res)
{
	struct session *s = op->owner;
	uint64_t now = now_ns();

	(void)res;
	if (s->ending)
		return;
	s->ticks++;
	if (s->policy_at_ns && now >= s->policy_at_ns)
		session_event(s, POLICY_TIME, false);
	if (s->device.handle)
		tick_device(s);
	else
		tick_no_device(s);
	session_trial_tick(s);
	server_poke(&s->server);
	s->tick_at_ns += TICK_NS;
	/* After a long stop (SIGSTOP, suspend) no burst of ticks. */
	if (s->tick_at_ns < now)
		s->tick_at_ns = now + TICK_NS;
	timer_set(&s->loop, &s->tick, s->tick_at_ns);
}

/* ---- signals ---------------------------------------------------------------------- */

static void wait_signal(struct session *s)
{
	struct io_uring_sqe *sqe = loop_sqe(&s->loop);

	if (!sqe)
		return;
	io_uring_prep_read(sqe, s->signal_fd, &s->signal, sizeof(s->signal), 0);
	loop_own(sqe, &s->signal_op);
}

static void signal_done(struct loop_op *op, int32_t res)
{
	struct session *s = op->owner;
	char error[CONFIG_ERROR_LEN];

	if (res == sizeof(s->signal)) {
		if (s->signal.ssi_signo == SIGHUP) {
			session_reload(s, error);
		} else {
			journal(LOG_NOTICE, NULL, "asked to end by signal %u", s->signal.ssi_signo);
			notify_stopping();
			if (s->device.handle)
				session_event(s, POLICY_QUIT, false);
			else
				session_end(s, 0);
		}
	}
	if (!s->ending)
		wait_signal(s);
}

static int open_signals(struct session *s)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	/* Before any thread exists: all of them inherit the mask. */
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	s->signal_fd = signalfd(-1, &set, SFD_CLOEXEC);
	return s->signal_fd < 0 ? -errno : 0;
}

/* ---- begin and end ------------------------------------------------------------------ */

static const char *socket_path(const struct session *s)
{
	const char *path = getenv("V2X_SOCKET");

	return path && path[0] ? path : s->config.control.socket;
}

static int open_all(struct session *s)
{
	const char *path = socket_path(s);
	int result = open_signals(s);

	if (!result)
		result = loop_init(&s->loop, RING_ENTRIES);
	if (result) {
		journal(LOG_ERR, NULL, "io_uring is not to be had: %s; it needs kernel 6.1 or later "
			"and kernel.io_uring_disabled = 0", strerror(-result));
		return result;
	}
	result = server_open(&s->server, &s->loop, path, session_answer, s);
	if (result)
		journal(LOG_ERR, NULL, "control socket %s: %s", path,
			result == -EADDRINUSE ? "another v2xd answers there" : strerror(-result));
	return result;
}

static void close_all(struct session *s)
{
	session_detach(s);
	server_close(&s->server);
	loop_exit(&s->loop);
	close(s->signal_fd);
}

int session_main(struct session *s)
{
	const struct policy_config policy = session_policy_config(s, &s->config);
	int result;

	s->started_ns = now_ns();
	s->server.fd = -1;
	s->signal_op = (struct loop_op){ .done = signal_done, .owner = s };
	s->tick.op = (struct loop_op){ .done = tick_done, .owner = s };
	session_init_ops(s);
	policy_init(&s->policy, &policy);
	if (open_all(s))
		return EXIT_FAILURE;
	wait_signal(s);
	result = session_attach(s);
	if (result && s->config.device.on_missing == MISSING_EXIT)
		session_end(s, s->exit_code ? s->exit_code : EXIT_GONE);
	else if (result && !s->ending)
		session_tell_ready(s);
	s->tick_at_ns = now_ns() + TICK_NS;
	timer_set(&s->loop, &s->tick, s->tick_at_ns);
	result = loop_run(&s->loop);
	if (result) {
		journal(LOG_ERR, NULL, "event loop: %s", strerror(-result));
		s->exit_code = EXIT_FAILURE;
	}
	close_all(s);
	return s->exit_code;
}
