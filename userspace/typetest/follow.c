// SPDX-License-Identifier: Apache-2.0
#include "follow.h"

#include <math.h>
#include <string.h>

int follow_begin(struct follow *f, const struct gc_profile *profile, bool in_service, char *error)
{
	struct gc_settings s;

	if (gc_charger_settings(&f->rating, profile, &s, error) < 0)
		return -1;
	gridcode_init(&f->engine, &s, in_service);
	memset(&f->out, 0, sizeof(f->out));
	memset(&f->env, 0, sizeof(f->env));
	memset(&f->steady, 0, sizeof(f->steady));
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

static enum follow_request request(const struct follow *f, uint32_t state)
{
	/* A grid fault is acknowledged at once: the code's observation time decides, no person. */
	if (state == V2X_STATE_FAULT)
		return FOLLOW_ACK;
	if (f->out.stay || gc_charger_prepares(&f->engine))
		return state == V2X_STATE_IDLE ? FOLLOW_START : FOLLOW_NOTHING;
	return state == V2X_STATE_IDLE || state == V2X_STATE_RAMP_DOWN ? FOLLOW_NOTHING :
									 FOLLOW_STOP;
}

/* Meters of the site, import positive, by what the charger itself measures. */
static void hear_meters(const struct follow *f, const struct v2x_cycle *cycle, struct gc_input *in)
{
	if (f->demand.metered)
		in->site_import_pu = f->demand.site_pu + cycle->p_mw / (double)f->rating.s_rated_mva;
	for (int x = 0; x < 3 && f->demand.phases_metered; x++)
		in->site_phase_pu[x] = f->demand.phase_pu[x];
}

static int32_t demanded(const struct follow *f)
{
	return (int32_t)lround(-f->demand.p_pu * f->rating.s_rated_mva);
}

bool follow_demand(const struct follow *f, struct v2x_setpoint *setpoint)
{
	const int32_t p_mw = demanded(f);

	if (!gc_charger_at_once(&f->engine, &f->env))
		return false;
	setpoint->p_mw = p_mw < f->env.p_lo_mw ? f->env.p_lo_mw :
			 p_mw > f->env.p_hi_mw ? f->env.p_hi_mw : p_mw;
	return true;
}

enum follow_request follow_cycle(struct follow *f, const struct v2x_cycle *cycle, double dt_s,
				 uint32_t state, struct v2x_setpoint *setpoint)
{
	const double s = f->rating.s_rated_mva;
	const struct gc_demand demand = {
		.p_mw = demanded(f),
		.q_mvar = isnan(f->demand.q_pu) ? 0 : (int32_t)lround(-f->demand.q_pu * s),
		.q_given = !isnan(f->demand.q_pu), .permit = f->demand.permit,
		.island = state == V2X_STATE_FAULT,
	};
	struct gc_input in;

	gc_charger_input(&f->rating, cycle, &demand, dt_s, &in);
	gc_steady_step(&f->rating, &f->steady, &in);
	in.drm = f->demand.drm;
	in.order_export_pu = f->demand.order_pu;
	hear_meters(f, cycle, &in);
	f->in = in;
	gridcode_step(&f->engine, &in, &f->out);
	gc_charger_envelope(&f->rating, &in, &f->out, &f->env);
	setpoint->p_mw = f->env.p_want_mw;
	setpoint->q_mvar = f->env.q_want_mvar;
	setpoint->ramp_mw_per_s = V2X_RAMP_FASTEST;
	setpoint->flags = gc_charger_waits(&f->engine) ? V2X_SETPOINT_WAIT : 0;
	return request(f, state);
}
