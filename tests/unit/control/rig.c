// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "prot_table.h"
#include "rig.h"

void rig_init_with(struct rig *r, const struct plant_cfg *cfg)
{
	memset(r, 0, sizeof(*r));
	r->pcfg = *cfg;
	plant_env_default(&r->pcfg, &r->env);
	plant_describe(&r->pcfg, &r->desc);
	plant_init(&r->plant, &r->pcfg);
	rig_env(r);
	if (v2x_ctl_init(&r->ctl, &r->desc)) {
		fprintf(stderr, "rig: v2x_ctl_init() refuses the virtual stage\n");
		abort();
	}
	v2x_ctl_default(&r->desc, &r->user);
	rig_user(r);
	rig_watch(r);
}

void rig_init(struct rig *r)
{
	struct plant_cfg cfg;

	plant_cfg_default(&cfg);
	rig_init_with(r, &cfg);
}

void rig_env(struct rig *r)
{
	struct plant_set set;

	plant_prepare(&r->pcfg, &r->env, &set);
	plant_apply(&r->plant, &set);
}

void rig_user(struct rig *r)
{
	const char *field = "";

	if (v2x_ctl_check(&r->desc, &r->user, &field)) {
		fprintf(stderr, "rig: setting refused: %s\n", field);
		abort();
	}
	v2x_ctl_prepare(&r->ctl, &r->user, &r->set);
}

static void keep(struct rig *r)
{
	u32 i;

	for (i = 0; i < r->out.event_count && r->events < RIG_EVENTS; i++)
		r->event[r->events++] = r->out.event[i];
	r->trips += r->out.tripped;
	if (r->out.cycle_done) {
		r->cycle = r->out.cycle;
		r->p_lo_mw = min(r->p_lo_mw, r->cycle.p_mw);
		r->p_hi_mw = max(r->p_hi_mw, r->cycle.p_mw);
	}
}

void rig_tick(struct rig *r)
{
	plant_step(&r->plant, &r->out.gate);
	rig_tick_stepped(r);
}

void rig_tick_stepped(struct rig *r)
{
	if (r->missed)
		plant_skip(&r->plant, r->missed);
	plant_sample(&r->plant, &r->in.samples);
	r->tick += 1 + r->missed;
	r->in.missed = r->missed;
	r->in.tick = r->tick;
	r->in.t_ns = r->tick * (1000000000ULL / r->desc.tick_hz);
	r->in.requests = r->req;
	r->in.req_reason = r->req_reason;
	r->in.req_cause = r->req_cause;
	r->req = 0;
	r->missed = 0;
	v2x_ctl_tick(&r->ctl, &r->set, &r->in, &r->out);
	keep(r);
	if (r->each)
		r->each(r);
}

void rig_ms(struct rig *r, u32 ms)
{
	u32 n = ms * (r->desc.tick_hz / 1000);

	while (n--)
		rig_tick(r);
}

int rig_until(struct rig *r, u32 state, u32 ms)
{
	u32 i;

	for (i = 0; i < ms; i++) {
		if (r->ctl.seq.state == state)
			return (int)i;
		rig_ms(r, 1);
	}
	return r->ctl.seq.state == state ? (int)ms : -1;
}

void rig_request(struct rig *r, u32 req, u32 reason)
{
	r->req |= req;
	r->req_reason = reason;
}

void rig_power(struct rig *r, s32 p_mw)
{
	r->user.setpoint.p_mw = p_mw;
	r->user.setpoint.ramp_mw_per_s = V2X_RAMP_FASTEST;
	rig_user(r);
}

void rig_lom_off(struct rig *r)
{
	struct v2x_prot_table *t = &r->user.table;

	v2x_prot_table_default(&r->desc, &r->user.protection, t);
	t->lom_gain_permille = 0;
	t->hash = v2x_prot_table_hash(t);
	rig_user(r);
}

void rig_plug(struct rig *r)
{
	r->env.car.plugged = 1;
	r->env.car.ready = 1;
	rig_env(r);
}

bool rig_run(struct rig *r)
{
	rig_plug(r);
	rig_ms(r, 200);
	rig_request(r, V2X_CTL_REQ_START, V2X_REASON_REQUEST);
	return rig_until(r, V2X_STATE_RUN, 4000) >= 0;
}

void rig_watch(struct rig *r)
{
	r->p_lo_mw = S32_MAX;
	r->p_hi_mw = S32_MIN;
}

const struct v2x_event *rig_has_event(const struct rig *r, u32 type, u32 reason)
{
	unsigned int i;

	for (i = 0; i < r->events; i++)
		if (r->event[i].type == type && r->event[i].reason == reason)
			return &r->event[i];
	return NULL;
}

bool rig_run_model(struct rig *r, const char *model, s32 p_mw, u32 ms)
{
	struct plant_cfg cfg;

	plant_cfg_default(&cfg);
	if (!plant_cfg_model(&cfg, model))
		return false;
	rig_init_with(r, &cfg);
	if (!rig_run(r))
		return false;
	rig_power(r, p_mw);
	rig_ms(r, ms);
	return true;
}
