// SPDX-License-Identifier: Apache-2.0
#include "steer.h"

#include <stdio.h>

#include "charger.h"

static struct gc_charger rating_of(const struct v2x_stage_desc *d, uint32_t switching_us)
{
	return (struct gc_charger){
		.phases = d->phases, .f_nominal_mhz = d->f_nominal_mhz,
		.v_nominal_mv = d->v_nominal_mv, .i_rated_ma = d->i_rated_ma,
		.s_rated_mva = d->s_rated_mva, .p_import_max_mw = d->p_import_max_mw,
		.p_export_max_mw = d->p_export_max_mw, .q_max_mvar = d->q_max_mvar,
		.switching_us = switching_us, .haste_permille = GC_HASTE_PERMILLE,
	};
}

int steer_load(struct follow *f, struct charger *c, const struct gc_profile *profile,
	       uint32_t switching_us, char *error)
{
	f->rating = rating_of(&c->desc, switching_us);
	return steer_table(f, c, profile, error);
}

int steer_table(const struct follow *f, struct charger *c, const struct gc_profile *profile,
		char *error)
{
	struct v2x_prot_table *t = &c->user.table;
	const char *field = "the table";

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

static void ask(struct charger *c, u32 request, u32 reason)
{
	c->requests |= request;
	c->req_reason = reason;
}

int steer_cycle(struct follow *f, struct charger *c)
{
	const double dt_s = (double)c->cycle.ticks / c->cfg.tick_hz;
	const char *field;

	switch (follow_cycle(f, &c->cycle, dt_s, c->ctl.seq.state, &c->user.setpoint)) {
	case FOLLOW_START:
		ask(c, V2X_CTL_REQ_START, V2X_REASON_REQUEST);
		break;
	case FOLLOW_STOP:
		ask(c, V2X_CTL_REQ_STOP, V2X_REASON_REQUEST);
		break;
	case FOLLOW_ACK:
		ask(c, V2X_CTL_REQ_ACK, V2X_REASON_ACK);
		break;
	case FOLLOW_NOTHING:
		break;
	}
	return charger_user(c, &field) ? -1 : 0;
}
