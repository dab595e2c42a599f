// SPDX-License-Identifier: Apache-2.0
#include "charger.h"

#include <errno.h>
#include <math.h>
#include <string.h>

const char *charger_init(struct charger *c, const struct plant_cfg *cfg)
{
	memset(c, 0, sizeof(*c));
	c->cfg = *cfg;
	plant_env_default(&c->cfg, &c->env);
	plant_describe(&c->cfg, &c->desc);
	plant_init(&c->plant, &c->cfg);
	charger_env(c);
	c->out.gate.pilot_permille = V2X_PILOT_DUTY_STEADY;
	/* Three phases have a steady power, one has a pulsating one. */
	c->p_window = c->desc.phases == 3 ? c->cfg.tick_hz / 1000 : c->cfg.tick_hz / 100;
	if (c->desc.phases != 3 && c->cfg.f_nominal_mhz == 60000)
		c->p_window = c->cfg.tick_hz / 120;
	energy_init(&c->energy, &c->cfg);
	spectrum_init(&c->spectrum, &c->cfg);
	if (v2x_ctl_init(&c->ctl, &c->desc))
		return "the control cannot control such a stage";
	v2x_ctl_default(&c->desc, &c->user);
	v2x_ctl_prepare(&c->ctl, &c->user, &c->set);
	return NULL;
}

void charger_source(struct charger *c, unsigned int x, double v_pu)
{
	const u32 v_upu = (u32)lround(v_pu * 1e6);

	c->env.grid.phase_mpu[x] = v_upu / 1000;
	c->env.grid.phase_upu[x] = v_upu % 1000;
}

void charger_env(struct charger *c)
{
	struct plant_set set;

	plant_prepare(&c->cfg, &c->env, &set);
	plant_apply(&c->plant, &set);
	switching_grid(&c->switching, &c->cfg, &c->env);
}

void charger_switch(struct charger *c, double dead_s)
{
	c->switches = true;
	c->switching.dead_s = dead_s;
}

bool charger_switch_dab(struct charger *c)
{
	if (!c->cfg.dab_l_nh)
		return false;
	dab_init(&c->dab, &c->cfg);
	c->plant.dab = dab_switches;
	c->plant.dab_context = &c->dab;
	return true;
}

int charger_user(struct charger *c, const char **field)
{
	const int ret = v2x_ctl_check(&c->desc, &c->user, field);

	if (ret == 0)
		v2x_ctl_prepare(&c->ctl, &c->user, &c->set);
	return ret;
}

u64 charger_ns(const struct charger *c)
{
	return c->tick * (1000000000ULL / c->cfg.tick_hz);
}

static void keep(struct charger *c)
{
	const struct v2x_ctl_out *o = &c->out;
	double *past = &c->p_past[c->tick % c->p_window];
	u32 i;

	c->wave[c->tick % CHARGER_WAVE] = o->sample;
	c->p_sum += c->energy.p_grid_w - *past;
	*past = c->energy.p_grid_w;
	c->p_now_w = c->p_sum / c->p_window;
	if (o->cycle_done) {
		c->cycle = o->cycle;
		c->cycle.seq = ++c->cycles;
	}
	if (!o->tripped)
		return;
	c->trips++;
	for (i = 0; i < o->event_count; i++) {
		if (o->event[i].type == V2X_EVENT_TRIP)
			c->trip_reason = o->event[i].reason;
	}
}

/* What the plant is told: without control twice in a row, gates off, as in the stage driver. */
static void command(const struct charger *c, struct v2x_gate_cmd *cmd)
{
	*cmd = c->out.gate;
	if (c->swallowed > 1) {
		cmd->gates = false;
		cmd->dcdc_gates = false;
	}
}

static void step_plants(struct charger *c, size_t n)
{
	struct v2x_gate_cmd cmd[CHARGERS_MAX];
	const struct v2x_gate_cmd *cmds[CHARGERS_MAX];
	struct plant *plants[CHARGERS_MAX];

	for (size_t i = 0; i < n; i++) {
		command(&c[i], &cmd[i]);
		cmds[i] = &cmd[i];
		plants[i] = &c[i].plant;
		if (n > 1 && c[i].plant.set.node.on)
			continue;
		if (c[i].switches)
			plant_step_by(&c[i].plant, &cmd[i], switching_ac, &c[i].switching);
		else
			plant_step(&c[i].plant, &cmd[i]);
	}
	if (n > 1 && c->plant.set.node.on)
		plant_step_together(plants, cmds, (u32)n);
	if (n > 1 && c->cfg.dc_bus)
		plant_bus_join(plants, (u32)n);
}

static void control(struct charger *c)
{
	plant_sample(&c->plant, &c->in.samples);
	c->in.tick = c->tick;
	c->in.t_ns = charger_ns(c);
	c->in.missed = c->swallowed;
	c->in.requests = c->requests;
	c->in.req_reason = c->req_reason;
	c->requests = 0;
	c->swallowed = 0;
	v2x_ctl_tick(&c->ctl, &c->set, &c->in, &c->out);
}

void charger_tick(struct charger *c, size_t n)
{
	step_plants(c, n);
	for (; n > 0; n--, c++) {
		c->tick++;
		energy_step(&c->energy, &c->plant);
		spectrum_add(&c->spectrum, &c->plant, c->switches ? &c->switching : NULL);
		if (c->missed) {
			c->missed--;
			c->swallowed++;
			c->out.event_count = 0;
			c->out.cycle_done = false;
			c->out.tripped = false;
		} else {
			control(c);
		}
		keep(c);
	}
}
