// SPDX-License-Identifier: Apache-2.0
#include "grid.h"

#include <errno.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GRID_PRIORITY		50
#define GRID_STACK		(128 * 1024)
#define GRID_RING_ENTRIES	16
#define MS			1000000ULL
/* A decision at least this often, also when no cycle comes: the lease must live. */
#define CYCLE_TIMEOUT_MS	100
/* The session hears from us this often, and of changes not more often than that. */
#define REPORT_EVERY_NS		(400 * MS)
#define REPORT_CHANGE_NS	(60 * MS)
/* A frequency older than this is none. */
#define FREQUENCY_AGE_NS	(200 * MS)
#define F_MIN_MHZ		40000
#define F_MAX_MHZ		70000

static void tell(struct grid *g, enum to_session_type type, int error)
{
	g->message.type = type;
	g->message.error = error;
	g->message.report = g->report;
	g->told = g->report;
	mailbox_post(&g->loop, g->to_session, &g->message);
}

/* ---- the decision ---------------------------------------------------------- */

static void device_envelope(struct grid *g)
{
	struct dispatch_envelope e = { .active = true };

	if (g->allow && g->state == V2X_STATE_RUN) {
		e.p = dispatch_limit(-(int32_t)g->info.p_export_max_mw,
				     (int32_t)g->info.p_import_max_mw);
		e.q = dispatch_limit(-(int32_t)g->info.q_max_mvar, (int32_t)g->info.q_max_mvar);
		snprintf(e.reason, sizeof(e.reason), "rating of the converter");
	} else if (g->allow) {
		snprintf(e.reason, sizeof(e.reason), "converter is in state %s",
			 v2x_state_name(g->state));
	} else {
		snprintf(e.reason, sizeof(e.reason), "%s", g->hold);
	}
	dispatch_put(&g->table, SOURCE_DEVICE, &e);
}

static bool droop_runs(const struct grid *g)
{
	return g->droop_setting.enable && g->allow && g->state == V2X_STATE_RUN &&
	       g->report.f_mhz;
}

/* In the dead band the service has nothing to say: who asked for the baseline decides. */
static void droop_envelope(struct grid *g, uint64_t now, uint64_t dt_ns)
{
	struct dispatch_result *without = &g->report.result;
	struct dispatch_envelope e = { .active = true, .q = dispatch_any(),
				       .ramp_mw_per_s = g->droop_setting.ramp_mw_per_s };
	int32_t f_mhz = g->report.f_mhz, p_mw;

	/* Droop adds around what the higher ranks leave (IEEE 1547-2018 order of functions). */
	dispatch_run(&g->table, SOURCE_DROOP, now, without);
	g->report.baseline_mw = without->p_mw;
	dispatch_clear(&g->table, SOURCE_DROOP);
	if (!droop_runs(g)) {
		droop_reset(&g->droop);
		return;
	}
	p_mw = droop_step(&g->droop, f_mhz, without->p_mw, dt_ns);
	if (p_mw == without->p_mw)
		return;
	e.p = dispatch_want(p_mw);
	snprintf(e.reason, sizeof(e.reason), "frequency droop at %d.%03d Hz", f_mhz / 1000,
		 f_mhz % 1000);
	dispatch_put(&g->table, SOURCE_DROOP, &e);
}

/* The grid code judges what all the others would make of the set-point. */
static void code_service(struct grid *g, uint64_t now)
{
	const struct dispatch_envelope *dso = &g->table.by_source[SOURCE_DSO_LIMIT];
	struct dispatch_envelope e;
	struct code_seen seen = { .cycle = g->cycle_new ? &g->cycle : NULL, .state = g->state,
				  .dt_ns = g->decided_ns ? now - g->decided_ns : 0,
				  .order_p = dso->active ? dso->p : dispatch_any(),
				  .ordered = dso->active, .order_new = g->order_new };

	g->order_new = false;

	if (g->state == V2X_STATE_FAULT && !v2x_status_read(g->status_page, &g->status))
		seen.fault = g->status.fault;
	if (g->code.setting.enable) {
		dispatch_run(&g->table, SOURCE_GRIDCODE, now, &g->wanted);
		seen.demand.p_mw = g->wanted.p_mw;
		seen.demand.q_mvar = g->wanted.q_mvar;
		seen.demand.q_given = g->wanted.q_by < SOURCE_COUNT;
	}
	code_step(&g->code, &seen, &g->report.code);
	if (code_envelope(&g->report.code, &e))
		dispatch_put(&g->table, SOURCE_GRIDCODE, &e);
}

static void submit_setpoint(struct grid *g)
{
	const struct dispatch_result *r = &g->report.result;
	struct io_uring_sqe *sqe;

	if (g->setpoint_op.busy)
		return;
	sqe = loop_sqe(&g->loop);
	if (!sqe)
		return;
	g->setpoint = V2X_INIT(struct v2x_setpoint);
	g->setpoint.p_mw = r->p_mw;
	g->setpoint.q_mvar = r->q_mvar;
	g->setpoint.ramp_mw_per_s = r->ramp_mw_per_s ? r->ramp_mw_per_s : V2X_RAMP_FASTEST;
	g->setpoint.flags = r->mode | (g->report.code.waits ? V2X_SETPOINT_WAIT : 0);
	g->setpoint.cause = r->p_by < SOURCE_COUNT ? GRID_CAUSE(r->p_by) : 0;
	v2x_prep_setpoint(sqe, g->device, &g->setpoint);
	loop_own(sqe, &g->setpoint_op);
	g->report.setpoints++;
}

static bool code_changed(const struct code_report *now, const struct code_report *told)
{
	return now->env.connect != told->env.connect || now->near != told->near ||
	       now->env.p_by != told->env.p_by || now->env.q_by != told->env.q_by ||
	       now->state != told->state || now->cause != told->cause;
}

/* Against what was told last: a change within REPORT_CHANGE_NS of it is told a little later. */
static bool changed(const struct grid *g)
{
	const struct dispatch_result *told = &g->told.result, *r = &g->report.result;

	return r->p_mw != told->p_mw || r->q_mvar != told->q_mvar || r->p_by != told->p_by ||
	       r->q_by != told->q_by || r->steps != told->steps ||
	       code_changed(&g->report.code, &g->told.code);
}

static void maybe_report(struct grid *g, uint64_t now)
{
	uint64_t age = now - g->reported_ns;

	if (age < (changed(g) ? REPORT_CHANGE_NS : REPORT_EVERY_NS))
		return;
	g->reported_ns = now;
	tell(g, g->up ? TO_SESSION_REPORT : TO_SESSION_UP, 0);
	g->up = true;
}

static void decide(struct grid *g, uint64_t dt_ns)
{
	uint64_t now = now_ns();

	g->report.t_ns = now;
	device_envelope(g);
	/* Services see what is asked for, not what the code made of it a cycle ago. */
	dispatch_clear(&g->table, SOURCE_GRIDCODE);
	droop_envelope(g, now, dt_ns);
	code_service(g, now);
	g->decided_ns = now;
	dispatch_run(&g->table, SOURCE_COUNT, now, &g->report.result);
	submit_setpoint(g);
	maybe_report(g, now);
}

/*
 * Somebody wants another power: what nobody above him objects to goes out before the
 * cycle ends. What depends on it waits for that, reactive power too.
 */
static void follow_at_once(struct grid *g)
{
	const struct dispatch_result *told = &g->report.result;
	struct dispatch_result r;

	if (!g->decided_ns || (g->code.setting.enable && !g->report.code.at_once))
		return;
	dispatch_run(&g->table, SOURCE_COUNT, now_ns(), &r);
	if (r.p_mw == told->p_mw || r.q_mvar != told->q_mvar || r.mode != told->mode)
		return;
	g->report.result = r;
	submit_setpoint(g);
}

/* ---- what comes in ---------------------------------------------------------- */

static void read_cycle(struct grid *g)
{
	struct v2x_cycle c;

	if (v2x_last_cycle(&g->cycles, &c) != 1)
		return;
	g->cycle_new = c.seq != g->cycle_seq;
	g->cycle = c;
	if (g->cycle_seq && c.seq > g->cycle_seq)
		g->report.missed += c.seq - g->cycle_seq - 1;
	g->cycle_seq = c.seq;
	g->cycle_t_ns = c.t_ns;
	g->state = c.state;
	g->report.f_mhz = c.f_mhz >= F_MIN_MHZ && c.f_mhz <= F_MAX_MHZ ? c.f_mhz : 0;
	g->report.cycles++;
}

/* No cycle came: the state is on the status page, the frequency gets old. */
static void read_status(struct grid *g)
{
	g->report.timeouts++;
	if (!v2x_status_read(g->status_page, &g->status))
		g->state = g->status.state;
	if (now_ns() - g->cycle_t_ns > FREQUENCY_AGE_NS)
		g->report.f_mhz = 0;
}

static int wait_cycle(struct grid *g)
{
	struct io_uring_sqe *sqe = loop_sqe(&g->loop);

	if (!sqe)
		return -EBUSY;
	g->wait = V2X_INIT(struct v2x_wait);
	g->wait.timeout_ms = CYCLE_TIMEOUT_MS;
	g->wait.after = g->cycle_seq;
	g->wait.flags = g->cycle_seq ? 0 : V2X_WAIT_NEXT;
	v2x_prep_wait_cycle(sqe, g->device, &g->wait);
	loop_own(sqe, &g->cycle_op);
	return 0;
}

static void end(struct grid *g, int error)
{
	tell(g, TO_SESSION_ENDED, error);
	io_uring_submit(&g->loop.ring);
	g->loop.stop = true;
}

static void cycle_done(struct loop_op *op, int32_t res)
{
	struct grid *g = op->owner;
	uint64_t before = g->cycle_t_ns;
	int error;

	if (g->loop.stop)
		return;
	if (res && res != -ETIME && res != -EINTR && res != -ECANCELED) {
		end(g, res);
		return;
	}
	g->cycle_new = false;
	if (!res)
		read_cycle(g);
	else
		read_status(g);
	decide(g, before && g->cycle_t_ns > before ? g->cycle_t_ns - before : 0);
	error = wait_cycle(g);
	if (error)
		end(g, error);
}

static void setpoint_done(struct loop_op *op, int32_t res)
{
	struct grid *g = op->owner;

	if (res == g->setpoint_error || g->loop.stop)
		return;
	g->setpoint_error = res;
	tell(g, TO_SESSION_SETPOINT, res);
}

static void take_droop(struct grid *g, const struct droop_setting *setting)
{
	if (setting->enable && g->droop_setting.enable)
		droop_change(&g->droop, &setting->params);
	else
		droop_init(&g->droop, &setting->params);
	g->droop_setting = *setting;
}

static void inbox_wake(struct loop_op *op, int32_t res)
{
	struct grid *g = op->owner;
	bool wanted = false;
	struct to_grid m;

	(void)res;
	while (spsc_pop(&g->inbox.queue, &m)) {
		switch (m.type) {
		case TO_GRID_PUT:
			dispatch_put(&g->table, m.source, &m.envelope);
			wanted = true;
			g->order_new = g->order_new || m.source == SOURCE_DSO_LIMIT;
			break;
		case TO_GRID_CLEAR:
			dispatch_clear(&g->table, m.source);
			break;
		case TO_GRID_ALLOW:
			g->allow = m.allow;
			memcpy(g->hold, m.reason, sizeof(g->hold));
			break;
		case TO_GRID_DROOP:
			take_droop(g, &m.droop);
			break;
		case TO_GRID_CODE:
			code_set(&g->code, &m.code, g->state == V2X_STATE_RUN);
			break;
		case TO_GRID_INPUT:
			code_hear(&g->code, &m.input);
			break;
		case TO_GRID_QUIT:
			end(g, 0);
			break;
		}
	}
	if (wanted && !g->loop.stop)
		follow_at_once(g);
}

/* ---- the thread -------------------------------------------------------------- */

struct start {
	struct grid *grid;
	sem_t ready;
	int result;
};

static void *grid_main(void *arg)
{
	struct start *start = arg;
	struct grid *g = start->grid;
	struct sched_param param = { .sched_priority = GRID_PRIORITY };
	int result;

	pthread_setname_np(pthread_self(), "v2xd-grid");
	g->report.realtime = -pthread_setschedparam(pthread_self(), SCHED_FIFO, &param);
	result = loop_init(&g->loop, GRID_RING_ENTRIES);
	if (!result) {
		g->inbox.ring_fd = g->loop.ring.ring_fd;
		result = wait_cycle(g);
	}
	start->result = result;
	sem_post(&start->ready);
	/* start is gone from here on. */
	if (result)
		return NULL;
	result = loop_run(&g->loop);
	if (result)
		end(g, result);
	return NULL;
}

int grid_start(struct grid *grid)
{
	struct start start = { .grid = grid };
	pthread_attr_t attr;
	int result;

	grid->cycle_op = (struct loop_op){ .done = cycle_done, .owner = grid };
	grid->setpoint_op = (struct loop_op){ .done = setpoint_done, .owner = grid };
	grid->inbox.wake = (struct loop_op){ .done = inbox_wake, .owner = grid };
	snprintf(grid->hold, sizeof(grid->hold), "no session yet");
	sem_init(&start.ready, 0, 0);
	pthread_attr_init(&attr);
	/* The whole stack is locked into memory: small, so that it is little. */
	pthread_attr_setstacksize(&attr, GRID_STACK);
	result = -pthread_create(&grid->thread, &attr, grid_main, &start);
	pthread_attr_destroy(&attr);
	if (!result) {
		while (sem_wait(&start.ready) && errno == EINTR)
			;
		result = start.result;
		if (result)
			pthread_join(grid->thread, NULL);
	}
	sem_destroy(&start.ready);
	grid->started = !result;
	return result;
}

void grid_stop(struct grid *grid, struct loop *from)
{
	const struct to_grid quit = { .type = TO_GRID_QUIT };

	if (!grid->started)
		return;
	mailbox_post(from, &grid->inbox, &quit);
	io_uring_submit(&from->ring);
	pthread_join(grid->thread, NULL);
	loop_exit(&grid->loop);
	grid->started = false;
}
