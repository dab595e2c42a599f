// SPDX-License-Identifier: Apache-2.0
/* The simulated laboratory: time is counted in control ticks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyser.h"
#include "charger.h"
#include "lab.h"
#include "sim.h"
#include "steer.h"

#define START_S 10

struct sim {
	struct charger charger;
	struct follow follow;
	struct analyser analyser;
	struct lab_source source;
	struct plant_cfg cfg;
	double trip_s;
	u64 begin_tick;
	bool follows;
};

static double seconds(const struct sim *s, u64 tick)
{
	return (double)(tick - s->begin_tick) / s->cfg.tick_hz;
}

static int refuse(struct lab *lab, const char *what)
{
	snprintf(lab->error, sizeof(lab->error), "%s: %s", lab->device.name, what);
	return -1;
}

static void put_source(struct lab *lab, const struct lab_source *source)
{
	struct sim *s = lab->self;
	struct plant_grid_env *g = &s->charger.env.grid;

	s->source = *source;
	g->voltage_mpu = 1000;
	/* Split phase and single phase: the first value holds for all. */
	for (u32 x = 0; x < PLANT_PHASES; x++)
		charger_source(&s->charger, x, source->v_pu[s->cfg.phases == 3 ? x : 0]);
	g->frequency_mhz = (u32)lround(source->f_hz * 1e3);
	g->phase_mdeg = (s32)lround(source->phase_deg * 1e3);
	charger_env(&s->charger);
}

static void put_demand(struct lab *lab, const struct lab_demand *demand)
{
	struct sim *s = lab->self;

	s->follow.demand = *demand;
}

static void report_row(struct lab *lab, struct sim *s)
{
	const struct analyser_value a = analyser_read(&s->analyser);
	const struct charger *c = &s->charger;
	const u32 state = c->ctl.seq.state;
	struct lab_row row = {
		.t_s = seconds(s, c->tick), .f_hz = s->source.f_hz,
		.p_pu = -a.p_w / lab->device.s_rated, .q_pu = -a.q_var / lab->device.s_rated,
		.on = state == V2X_STATE_RUN,
	};

	for (u32 x = 0; x < c->desc.phases; x++) {
		row.v_pu += s->source.v_pu[x] / c->desc.phases;
		row.i_phase_pu[x] = a.i[x] * 1e3 / c->cfg.i_rated_ma;
		row.i_pu = fmax(row.i_pu, row.i_phase_pu[x]);
	}
	if (lab->row)
		lab->row(lab->context, &row);
}

static int tick(struct lab *lab, struct sim *s)
{
	struct charger *c = &s->charger;

	charger_tick(c, 1);
	analyser_add(&s->analyser, &c->plant, charger_ns(c));
	if (c->out.tripped)
		s->trip_s = seconds(s, c->tick);
	if (!c->out.cycle_done)
		return 0;
	report_row(lab, s);
	if (s->follows && steer_cycle(&s->follow, c) < 0)
		return refuse(lab, "refuses a set-point of the grid code");
	return 0;
}

static int advance(struct lab *lab, double time_s)
{
	struct sim *s = lab->self;
	long ticks = lround(time_s * s->cfg.tick_hz);

	while (ticks-- > 0) {
		if (tick(lab, s) < 0)
			return -1;
	}
	return 0;
}

/* On the way to power without the grid code, which then takes over a charger in service. */
static int power_up(struct lab *lab, struct sim *s)
{
	struct charger *c = &s->charger;
	const lab_row_fn row = lab->row;
	int ret;

	/* Nothing of this belongs to the record. */
	lab->row = NULL;
	ret = advance(lab, 0.2);
	c->requests |= V2X_CTL_REQ_START;
	c->req_reason = V2X_REASON_REQUEST;
	for (u32 i = 0; i < START_S * 10 && !ret && c->ctl.seq.state != V2X_STATE_RUN; i++)
		ret = advance(lab, 0.1);
	if (!ret)
		ret = advance(lab, 0.5);
	lab->row = row;
	if (!ret && c->ctl.seq.state != V2X_STATE_RUN)
		return refuse(lab, "does not come to power");
	return ret;
}

static int begin(struct lab *lab, const struct gc_profile *profile, bool in_service)
{
	struct sim *s = lab->self;
	struct charger *c = &s->charger;
	const struct lab_source nominal = {
		.v_pu = { 1, 1, 1 }, .f_hz = lab->device.f_nominal_hz,
	};
	const char *bad = charger_init(c, &s->cfg);

	if (bad)
		return refuse(lab, bad);
	s->follows = false;
	s->begin_tick = 0;
	/* A test house's source: next to no impedance. */
	c->env.grid.rg_uohm = 1000;
	c->env.grid.lg_nh = 1000;
	c->env.car.plugged = 1;
	c->env.car.ready = 1;
	put_source(lab, &nominal);
	analyser_init(&s->analyser, c->desc.phases, c->cfg.i_rated_ma * M_SQRT2 * 0.05e-3);
	if (steer_load(&s->follow, c, profile, GC_SWITCHING_US, lab->error) < 0)
		return -1;
	if (in_service && power_up(lab, s) < 0)
		return -1;
	sim_break(lab);
	if (follow_begin(&s->follow, profile, in_service, lab->error) < 0)
		return -1;
	s->follows = true;
	s->begin_tick = c->tick;
	s->trip_s = NAN;
	analyser_read(&s->analyser);
	return 0;
}

static int change(struct lab *lab, const struct gc_profile *profile)
{
	struct sim *s = lab->self;

	return follow_change(&s->follow, profile, lab->error);
}

static double now(const struct lab *lab)
{
	const struct sim *s = lab->self;

	return seconds(s, s->charger.tick);
}

static struct lab_times times(const struct lab *lab)
{
	const struct sim *s = lab->self;
	const double begin_s = (double)s->begin_tick / s->cfg.tick_hz;

	return (struct lab_times){
		.current = (double)s->analyser.last_current_ns * 1e-9 - begin_s,
		.trip = s->trip_s,
	};
}

static void sim_close(struct lab *lab)
{
	free(lab->self);
	lab->self = NULL;
}

static const struct lab_ops sim_ops = {
	.name = "sim", .begin = begin, .change = change, .source = put_source, .demand = put_demand,
	.advance = advance, .now = now, .times = times, .close = sim_close,
	.protect = sim_protect, .load = sim_load, .spectrum = sim_spectrum,
};

struct charger *sim_charger(struct lab *lab)
{
	return &((struct sim *)lab->self)->charger;
}

static void describe(struct lab *lab, const struct sim *s)
{
	struct v2x_stage_desc desc;

	plant_describe(&s->cfg, &desc);
	lab->device.phases = desc.phases;
	lab->device.f_nominal_hz = desc.f_nominal_mhz / 1e3;
	lab->device.v_nominal = desc.v_nominal_mv / 1e3;
	lab->device.s_rated = desc.s_rated_mva / 1e3;
	lab->device.p_rated = (double)desc.p_export_max_mw / desc.s_rated_mva;
	lab->device.q_rated = (double)desc.q_max_mvar / desc.s_rated_mva;
	snprintf(lab->device.firmware, sizeof(lab->device.firmware), "v2x %s, simulated",
		 V2X_VERSION);
	snprintf(lab->device.analyser, sizeof(lab->device.analyser), "true values of the plant");
}

int lab_sim(struct lab *lab, const char *model, double f_nominal_hz)
{
	struct sim *s = calloc(1, sizeof(*s));

	memset(lab, 0, sizeof(*lab));
	if (!model)
		model = f_nominal_hz > 55 ? "3p-11kw-60hz" : "3p-11kw";
	snprintf(lab->device.name, sizeof(lab->device.name), "%s", model);
	if (!s)
		return refuse(lab, "no memory");
	plant_cfg_default(&s->cfg);
	if (!plant_cfg_model(&s->cfg, model)) {
		free(s);
		return refuse(lab, "there is no such model");
	}
	if (fabs(s->cfg.f_nominal_mhz / 1e3 - f_nominal_hz) > 0.5) {
		free(s);
		return refuse(lab, "is not for the nominal frequency of this grid code");
	}
	lab->ops = &sim_ops;
	lab->self = s;
	lab->follow = &s->follow;
	describe(lab, s);
	return 0;
}
