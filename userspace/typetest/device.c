// SPDX-License-Identifier: Apache-2.0
/*
 * The laboratory on a device: the kernel module with a virtual charger. The grid
 * source is the charger's configfs, time is the machine's, and the analyser has
 * nothing but the charger's own cycle records.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <v2x.h>

#include "follow.h"
#include "lab.h"
#include "source.h"

#define LEASE_MS 2000
#define WAIT_MS 1000
#define START_CYCLES 1500
#define STOP_CYCLES 100
#define QUIET_SHARE 0.05
/* What a supervisor is asked for until the test says more: enough to be in service. */
#define IDLE_PU 0.1

struct device {
	struct v2x_device *dev;
	struct v2x_ring_reader cycles;
	const struct lab_master *master; /* holds the charger; NULL: we do */
	struct follow follow;
	struct source source;
	struct v2x_setpoint setpoint;
	double begin_s;
	double loud_s;	/* end of the last cycle with current */
	double off_s;	/* gates off: trip or cessation */
	double trip_s;
	bool follows;
	bool refused;	/* the supervisor refused a demand; lab->error says why */
};

static int refuse(struct lab *lab, const char *what, int code)
{
	snprintf(lab->error, sizeof(lab->error), "%s: %s%s%s", lab->device.name, what,
		 code < 0 ? ": " : "", code < 0 ? strerror(-code) : "");
	return -1;
}

static double clock_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void put_source(struct lab *lab, const struct lab_source *source)
{
	struct device *d = lab->self;

	source_put(&d->source, source, lab->device.phases);
}

static void put_demand(struct lab *lab, const struct lab_demand *demand)
{
	struct device *d = lab->self;

	d->follow.demand = *demand;
	if (d->master && d->master->demand(d->master->context, demand, lab->error) < 0)
		d->refused = true;
}

static double now(const struct lab *lab)
{
	const struct device *d = lab->self;

	return clock_s() - d->begin_s;
}

static void take_events(struct device *d)
{
	struct v2x_event events[16];
	int n;

	while ((n = v2x_read_events(d->dev, events, 16)) > 0) {
		for (int i = 0; i < n; i++) {
			const double t_s = (double)events[i].t_ns * 1e-9 - d->begin_s;

			if (events[i].type == V2X_EVENT_TRIP)
				d->trip_s = t_s;
			if (events[i].type == V2X_EVENT_TRIP ||
			    (events[i].type == V2X_EVENT_CEASE && events[i].to))
				d->off_s = t_s;
		}
	}
}

static void report_row(struct lab *lab, struct device *d, const struct v2x_cycle *cy)
{
	struct lab_row row = {
		.t_s = (double)cy->t_ns * 1e-9 - d->begin_s, .f_hz = d->source.now.f_hz,
		.p_pu = -cy->p_mw / 1e3 / lab->device.s_rated,
		.q_pu = -cy->q_mvar / 1e3 / lab->device.s_rated,
		.on = cy->state == V2X_STATE_RUN,
	};

	for (unsigned int x = 0; x < lab->device.phases && x < 3; x++) {
		row.v_pu += d->source.now.v_pu[x] / lab->device.phases;
		row.i_phase_pu[x] = (double)cy->i_ma[x] / d->follow.rating.i_rated_ma;
		row.i_pu = fmax(row.i_pu, row.i_phase_pu[x]);
	}
	if (row.i_pu > QUIET_SHARE)
		d->loud_s = row.t_s;
	if (lab->row && d->follows)
		lab->row(lab->context, &row);
}

static int ask(struct device *d, enum follow_request request)
{
	static const uint32_t requests[] = {
		[FOLLOW_START] = V2X_REQUEST_START, [FOLLOW_STOP] = V2X_REQUEST_STOP,
		[FOLLOW_ACK] = V2X_REQUEST_ACK,
	};
	int ret;

	if (request == FOLLOW_NOTHING)
		return 0;
	ret = v2x_request(d->dev, requests[request], 0);
	/* What stands in the way now is asked for again in the next cycle. */
	return ret == -EBUSY ? 0 : ret;
}

static int cycle(struct lab *lab, struct device *d, const struct v2x_cycle *cy)
{
	const double dt_s = (double)cy->ticks / v2x_device_info(d->dev)->tick_hz;
	enum follow_request request = FOLLOW_NOTHING;
	int ret;

	take_events(d);
	report_row(lab, d, cy);
	if (d->master) {
		gc_charger_input(&d->follow.rating, cy, &(struct gc_demand){ .permit = true }, dt_s,
				 &d->follow.in);
		return d->refused ? -1 : 0;
	}
	if (d->follows)
		request = follow_cycle(&d->follow, cy, dt_s, cy->state, &d->setpoint);
	ret = v2x_setpoint(d->dev, &d->setpoint);
	if (ret < 0)
		return refuse(lab, "set-point", ret);
	ret = ask(d, request);
	return ret < 0 ? refuse(lab, "request", ret) : 0;
}

/* The cycles that have ended; waits for one. */
static int take_cycles(struct lab *lab, struct device *d)
{
	struct v2x_cycle last, cy;
	uint64_t lost;
	int ret = v2x_last_cycle(&d->cycles, &last);

	ret = v2x_wait_cycle(d->dev, ret > 0 ? last.seq : 0, WAIT_MS);
	if (lab->stop && *lab->stop)
		return refuse(lab, "told to stop", 0);
	if (ret < 0)
		return refuse(lab, "no mains cycle", ret);
	while (v2x_next_cycle(&d->cycles, &cy, &lost) > 0) {
		if (cycle(lab, d, &cy) < 0)
			return -1;
	}
	return 0;
}

static int advance(struct lab *lab, double time_s)
{
	struct device *d = lab->self;
	const double end_s = now(lab) + time_s;

	while (now(lab) < end_s) {
		if (take_cycles(lab, d) < 0)
			return -1;
	}
	return 0;
}

static uint32_t state_of(const struct device *d)
{
	struct v2x_status status;

	return v2x_get_status(d->dev, &status) < 0 ? V2X_STATE_COUNT : status.state;
}

/* To a state, asking for it again and again. */
static int reach(struct lab *lab, struct device *d, uint32_t state, uint32_t request)
{
	for (int i = 0; i < START_CYCLES; i++) {
		const uint32_t at = state_of(d);
		int ret;

		if (at == state)
			return 0;
		if (at == V2X_STATE_FAULT)
			ret = v2x_request(d->dev, V2X_REQUEST_ACK, 0);
		else if (at == V2X_STATE_IDLE || request == V2X_REQUEST_STOP)
			ret = v2x_request(d->dev, request, 0);
		else
			ret = 0;
		if (ret < 0 && ret != -EBUSY)
			return refuse(lab, "request", ret);
		if (take_cycles(lab, d) < 0)
			return -1;
	}
	return refuse(lab, state == V2X_STATE_RUN ? "does not come to power" : "does not stop", 0);
}

/* From the end of what was before; for rows, events and times. */
static void begin_record(struct device *d)
{
	take_events(d);
	d->begin_s = clock_s();
	d->loud_s = 0;
	d->off_s = NAN;
	d->trip_s = NAN;
	d->follows = true;
	d->refused = false;
}

static int begin(struct lab *lab, const struct gc_profile *profile, bool in_service)
{
	struct device *d = lab->self;
	const struct lab_source nominal = {
		.v_pu = { 1, 1, 1 }, .f_hz = lab->device.f_nominal_hz,
	};
	struct v2x_prot_table table;
	int ret;

	d->follows = false;
	d->setpoint = (struct v2x_setpoint){ .ramp_mw_per_s = V2X_RAMP_FASTEST };
	put_source(lab, &nominal);
	if (reach(lab, d, V2X_STATE_IDLE, V2X_REQUEST_STOP) < 0)
		return -1;
	if (gc_charger_table(&d->follow.rating, profile, &table, lab->error) < 0)
		return -1;
	ret = v2x_set_prot_table(d->dev, &table);
	if (ret < 0)
		return refuse(lab, "protection table", ret);
	if (in_service && reach(lab, d, V2X_STATE_RUN, V2X_REQUEST_START) < 0)
		return -1;
	if (follow_begin(&d->follow, profile, in_service, lab->error) < 0)
		return -1;
	begin_record(d);
	return 0;
}

/* Of a first start's and a reconnection's; what is not said is none. */
static double longest(double start_s, double again_s)
{
	return fmax(fmax(start_s, again_s), 0);
}

/* The supervisor brings the charger back by itself, when its code lets it. */
static int begin_through(struct lab *lab, const struct gc_profile *profile, bool in_service)
{
	const struct gc_enter_settings *e = &profile->settings.enter;
	const struct lab_source nominal = {
		.v_pu = { 1, 1, 1 }, .f_hz = lab->device.f_nominal_hz,
	};
	struct device *d = lab->self;
	const double end_s = clock_s() + longest(e->start.delay_s, e->again.delay_s) +
			     longest(e->start.random_s, e->again.random_s) +
			     longest(e->start.ramp_s, e->again.ramp_s) + START_CYCLES / 50.0;

	if (!in_service)
		return refuse(lab, "v2xd enters service by itself; this test needs one that waits", 0);
	d->follows = false;
	d->begin_s = clock_s();
	put_source(lab, &nominal);
	d->refused = d->master->protect(d->master->context, NULL, lab->error) < 0;
	put_demand(lab, &(struct lab_demand){ .p_pu = IDLE_PU, .q_pu = NAN, .order_pu = NAN,
					       .permit = true });
	while (clock_s() < end_s && !d->refused) {
		const int ready = d->master->ready(d->master->context, lab->error);

		if (ready < 0)
			return -1;
		if (ready >= (lab->ramping ? 1 : 2) && state_of(d) == V2X_STATE_RUN) {
			begin_record(d);
			return 0;
		}
		if (take_cycles(lab, d) < 0)
			return -1;
	}
	return d->refused ? -1 : refuse(lab, "v2xd does not bring it into service", 0);
}

static int change_through(struct lab *lab, const struct gc_profile *profile)
{
	(void)profile;
	return refuse(lab, "v2xd's grid code cannot be changed while it runs", 0);
}

static int change(struct lab *lab, const struct gc_profile *profile)
{
	struct device *d = lab->self;

	return follow_change(&d->follow, profile, lab->error);
}

static int protect(struct lab *lab, const struct gc_profile *profile)
{
	struct device *d = lab->self;
	struct v2x_prot_table table;
	int ret;

	if (gc_charger_table(&d->follow.rating, profile, &table, lab->error) < 0)
		return -1;
	ret = v2x_set_prot_table(d->dev, &table);
	return ret < 0 ? refuse(lab, "protection table", ret) : 0;
}

static int protect_through(struct lab *lab, const struct gc_profile *profile)
{
	struct device *d = lab->self;

	return d->master->protect(d->master->context, profile, lab->error);
}

static int put_load(struct lab *lab, const struct lab_load *load)
{
	const struct lab_parts parts = lab_parts(&lab->device, load);
	const struct device *d = lab->self;

	source_load(&d->source, &parts, load->open);
	return 0;
}

static struct lab_times times(const struct lab *lab)
{
	const struct device *d = lab->self;

	/* A cycle that ended after the gates went off had current in its first part only. */
	return (struct lab_times){
		.current = isnan(d->off_s) ? d->loud_s : fmin(d->loud_s, d->off_s),
		.trip = d->trip_s,
	};
}

static void end_device(struct lab *lab, struct device *d)
{
	source_give_back(&d->source);
	v2x_unmap_ring(&d->cycles);
	v2x_close(d->dev);
	free(d);
	lab->self = NULL;
}

/* The grid comes back to a charger that has let go of it. */
static void device_close(struct lab *lab)
{
	struct device *d = lab->self;

	d->follows = false;
	lab->stop = NULL;
	v2x_request(d->dev, V2X_REQUEST_STOP, 0);
	for (int i = 0; i < STOP_CYCLES; i++) {
		const uint32_t at = state_of(d);

		if (at == V2X_STATE_IDLE || at == V2X_STATE_FAULT || take_cycles(lab, d) < 0)
			break;
	}
	end_device(lab, d);
}

/* Still on, the supervisor sees a grid that changes, as it would any other. */
static void through_close(struct lab *lab)
{
	struct device *d = lab->self;

	d->master->release(d->master->context);
	end_device(lab, d);
}

static const struct lab_ops device_ops = {
	.name = "device", .begin = begin, .change = change, .source = put_source,
	.demand = put_demand, .advance = advance, .now = now, .times = times,
	.close = device_close, .protect = protect, .load = put_load,
};

static const struct lab_ops through_ops = {
	.name = "device, through v2xd", .begin = begin_through, .change = change_through,
	.source = put_source, .demand = put_demand, .advance = advance, .now = now,
	.times = times, .close = through_close, .protect = protect_through, .load = put_load,
};

static void describe(struct lab *lab, const struct v2x_info *info)
{
	struct lab_device *ld = &lab->device;

	ld->phases = info->phases;
	ld->f_nominal_hz = info->f_nominal_mhz / 1e3;
	ld->v_nominal = info->v_nominal_mv / 1e3;
	ld->s_rated = info->s_rated_mva / 1e3;
	ld->p_rated = (double)info->p_export_max_mw / info->s_rated_mva;
	ld->q_rated = (double)info->q_max_mvar / info->s_rated_mva;
	snprintf(ld->firmware, sizeof(ld->firmware), "v2x %s, driver %.20s", V2X_VERSION,
		 info->driver);
	snprintf(ld->analyser, sizeof(ld->analyser), "the charger's own cycle records");
}

static int open_device(struct lab *lab, struct device *d, const char *name)
{
	int ret = v2x_open(name, (d->master ? 0 : V2X_OPEN_WRITE) | V2X_OPEN_NONBLOCK, &d->dev);

	if (ret < 0)
		return refuse(lab, "cannot be opened", ret);
	ret = d->master ? 0 : v2x_claim(d->dev, LEASE_MS);
	if (ret < 0)
		return refuse(lab, "cannot be claimed; does v2xd hold it?", ret);
	ret = v2x_map_cycles(d->dev, &d->cycles);
	if (ret < 0)
		return refuse(lab, "cycle ring", ret);
	d->follow.rating = gc_charger_of(v2x_device_info(d->dev));
	describe(lab, v2x_device_info(d->dev));
	source_attribute(&d->source, "car/plugged", 1);
	source_attribute(&d->source, "car/ready", 1);
	source_attribute(&d->source, "grid/voltage_mpu", 1000);
	source_attribute(&d->source, "grid/rg_uohm", 1000);
	source_attribute(&d->source, "grid/lg_nh", 1000);
	return 0;
}

int lab_on_device(struct lab *lab, const char *name, const char *dir)
{
	return lab_through(lab, name, dir, NULL);
}

int lab_through(struct lab *lab, const char *name, const char *dir,
		const struct lab_master *master)
{
	struct device *d = calloc(1, sizeof(*d));

	memset(lab, 0, sizeof(*lab));
	snprintf(lab->device.name, sizeof(lab->device.name), "%s", name);
	if (!d)
		return refuse(lab, "no memory", 0);
	source_borrow(&d->source, dir);
	d->master = master;
	lab->ops = master ? &through_ops : &device_ops;
	lab->self = d;
	lab->follow = &d->follow;
	if (open_device(lab, d, name) == 0)
		return 0;
	if (d->dev)
		v2x_close(d->dev);
	free(d);
	lab->self = NULL;
	return -1;
}
