// SPDX-License-Identifier: Apache-2.0
#include "follow.h"

#include <stdio.h>
#include <string.h>

#include "charger.h"

static struct gc_charger rating_of(const struct follow *f, const struct v2x_stage_desc *d)
{
	return (struct gc_charger){
		.phases = d->phases, .f_nominal_mhz = d->f_nominal_mhz,
		.v_nominal_mv = d->v_nominal_mv, .i_rated_ma = d->i_rated_ma,
		.s_rated_mva = d->s_rated_mva, .p_import_max_mw = d->p_import_max_mw,
		.p_export_max_mw = d->p_export_max_mw, .q_max_mvar = d->q_max_mvar,
		.switching_us = f->switching_us,
	};
}

int follow_load(struct follow *f, struct charger *c, const struct gc_profile *profile, char *error)
{
	struct v2x_prot_table *t = &c->user.table;
	const char *field = "the table";

	f->rating = rating_of(f, &c->desc);
	if (gc_charger_table(&f->rating, profile, t, error) < 0)
		return -1;
	if (v2x_prot_table_check(&c->desc, t) < 0) {
		snprintf(error, GC_ERROR_LEN,
			 "the charger refuses the protection table: entry %d, why %u",
			 (int)t->refused, t->why);
		return -1;
	}
	t->hash = v2x_prot_table_hash(t);
	if (charger_user(c, &field) == 0)
		return 0;
	snprintf(error, GC_ERROR_LEN, "the charger refuses %s", field);
	return -1;
}

int follow_begin(struct follow *f, const struct gc_profile *profile, bool in_service, char *error)
{
	struct gc_settings s;

	if (gc_charger_settings(&f->rating, profile, &s, error) < 0)
		return -1;
	gridcode_init(&f->engine, &s, in_service);
	memset(&f->out, 0, sizeof(f->out));
	f->demand = (struct lab_demand){ .q_pu = NAN, .order_pu = NAN, .permit = true };
	return 0;
}

int follow_change(struct follow *f, const struct gc_profile *profile, char *error)
{
	struct gc_settings s;

	if (gc_charger_settings(&f->rating, profile, &s, error) < 0)
		return -1;
	gridcode_change(&f->engine, &s);
	return 0;
}

/* A grid fault is acknowledged at once: the code's observation time decides, not a person. */
static bool tripped(struct charger *c)
{
	if (c->ctl.seq.state != V2X_STATE_FAULT)
		return false;
	c->requests |= V2X_CTL_REQ_ACK;
	c->req_reason = V2X_REASON_ACK;
	return true;
}

static void follow_state(const struct follow *f, struct charger *c)
{
	const u32 state = c->ctl.seq.state;

	if (f->out.stay && state == V2X_STATE_IDLE) {
		c->requests |= V2X_CTL_REQ_START;
		c->req_reason = V2X_REASON_REQUEST;
	} else if (!f->out.stay && state != V2X_STATE_IDLE && state != V2X_STATE_FAULT &&
		   state != V2X_STATE_RAMP_DOWN) {
		c->requests |= V2X_CTL_REQ_STOP;
		c->req_reason = V2X_REASON_REQUEST;
	}
}

int follow_cycle(struct follow *f, struct charger *c)
{
	const struct v2x_cycle *cy = &c->cycle;
	const double s = f->rating.s_rated_mva;
	const struct gc_demand demand = {
		.p_mw = (s32)lround(-f->demand.p_pu * s),
		.q_mvar = isnan(f->demand.q_pu) ? 0 : (s32)lround(-f->demand.q_pu * s),
		.q_given = !isnan(f->demand.q_pu), .permit = f->demand.permit,
		.island = tripped(c),
	};
	struct v2x_setpoint *sp = &c->user.setpoint;
	struct gc_envelope env;
	struct gc_input in;
	const char *field;

	gc_charger_input(&f->rating, cy, &demand, (double)cy->ticks / c->cfg.tick_hz, &in);
	in.drm = f->demand.drm;
	in.order_export_pu = f->demand.order_pu;
	gridcode_step(&f->engine, &in, &f->out);
	gc_charger_envelope(&f->rating, &in, &f->out, &env);
	sp->p_mw = env.p_want_mw;
	sp->q_mvar = env.q_want_mvar;
	sp->ramp_mw_per_s = V2X_RAMP_FASTEST;
	if (charger_user(c, &field))
		return -1;
	follow_state(f, c);
	return 0;
}
