// SPDX-License-Identifier: Apache-2.0
/* One cycle of a charger in, an envelope for its set-point out. */
#include "charger.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>

#define DT_MIN_S 0.001
#define DT_MAX_S 1.0
/* From idle to READY, with room. */
#define PREPARE_S 5.0
/* Of two contactors, at least: the second, which bypasses the resistors, closes when permitted. */
#define CLOSE_S 0.04
#define V_MAX_PU 3.0
#define F_MIN_MHZ 40000
#define F_MAX_MHZ 70000

struct gc_charger gc_charger_of(const struct v2x_info *info)
{
	return (struct gc_charger){
		.phases = info->phases,
		.f_nominal_mhz = info->f_nominal_mhz,
		.v_nominal_mv = info->v_nominal_mv,
		.i_rated_ma = info->i_rated_ma,
		.s_rated_mva = info->s_rated_mva,
		.p_import_max_mw = info->p_import_max_mw,
		.p_export_max_mw = info->p_export_max_mw,
		.q_max_mvar = info->q_max_mvar,
		.switching_us = GC_SWITCHING_US,
		.haste_permille = GC_HASTE_PERMILLE,
	};
}

/* ---- rating ------------------------------------------------------------------- */

/* The charger's own, unless the site gives less. */
static double lesser(const struct gc_profile *profile, const char *name, double given, double own)
{
	return gc_profile_value(profile, gc_param_named(name)) && given < own ? given : own;
}

static void hurry(struct gc_settings *settings, double share)
{
	settings->lfsm_o.response_s *= share;
	settings->lfsm_u.response_s *= share;
	settings->droop.response_s *= share;
}

int gc_charger_settings(const struct gc_charger *charger, const struct gc_profile *profile,
			struct gc_settings *settings, char *error)
{
	const double s = charger->s_rated_mva, f_hz = charger->f_nominal_mhz / 1000.0;
	struct gc_rating *r = &settings->rating;

	*settings = profile->settings;
	if (!(fabs(settings->nominal.f_hz - f_hz) < 0.5)) {
		snprintf(error, GC_ERROR_LEN,
			 "%.100s: a grid code for %.0f Hz; the charger is rated for %.0f Hz",
			 profile->id, settings->nominal.f_hz, f_hz);
		return -EINVAL;
	}
	r->phases = charger->phases == 3 ? GC_THREE_PHASES : GC_ONE_PHASE;
	r->s_kva = s * 1e-6;
	r->p_pu = gc_clamp(lesser(profile, "rating.p", r->p_pu, charger->p_export_max_mw / s),
			   0.01, 1);
	r->charge_pu = gc_clamp(lesser(profile, "rating.charge", r->charge_pu,
				       charger->p_import_max_mw / s), 0.01, 2);
	r->q_inject_pu = gc_clamp(lesser(profile, "rating.q_inject", r->q_inject_pu,
					 charger->q_max_mvar / s), 0, 1);
	r->q_absorb_pu = gc_clamp(lesser(profile, "rating.q_absorb", r->q_absorb_pu,
					 charger->q_max_mvar / s), 0, 1);
	r->i_pu = gc_clamp(charger->i_rated_ma / 1000.0 * charger->v_nominal_mv *
			   charger->phases / s, 0.1, 10);
	r->inverter_s = 0;
	hurry(settings, charger->haste_permille / 1000.0);
	gc_external_trip(&profile->settings.external, charger->narrow, &settings->trip);
	return 0;
}

/* ---- input -------------------------------------------------------------------- */

static double voltage(const struct gc_charger *charger, int32_t v_mv)
{
	const double v_pu = (double)v_mv / charger->v_nominal_mv;

	return v_pu >= 0 && v_pu <= V_MAX_PU ? v_pu : (double)NAN;
}

static unsigned int voltages(const struct gc_charger *charger, const struct v2x_cycle *cycle,
			     double *v_pu)
{
	const unsigned int phases = charger->phases < 3 ? charger->phases : 3;
	bool good = true;

	for (unsigned int k = 0; k < phases; k++) {
		v_pu[k] = voltage(charger, cycle->v_mv[k]);
		good = good && isfinite(v_pu[k]);
	}
	if (phases == 2 && good && fabs(v_pu[1] - 1) > fabs(v_pu[0] - 1))
		v_pu[0] = v_pu[1];
	for (unsigned int k = 1; phases < 3 && k < 3; k++)
		v_pu[k] = v_pu[0];
	return good ? 0 : GC_DOUBT_VOLTAGE;
}

bool gc_no_angle(const double *v_pu)
{
	return fmax(v_pu[0], fmax(v_pu[1], v_pu[2])) < GC_ANGLE_PU;
}

static unsigned int frequency(const struct gc_charger *charger, const struct v2x_cycle *cycle,
			      const double *v_pu, double *f_hz)
{
	if (gc_no_angle(v_pu)) {
		*f_hz = charger->f_nominal_mhz / 1000.0;
		return 0;
	}
	if (cycle->f_mhz < F_MIN_MHZ || cycle->f_mhz > F_MAX_MHZ)
		return GC_DOUBT_FREQUENCY;
	*f_hz = cycle->f_mhz / 1000.0;
	return 0;
}

unsigned int gc_charger_input(const struct gc_charger *charger, const struct v2x_cycle *cycle,
			      const struct gc_demand *demand, double dt_s, struct gc_input *in)
{
	unsigned int doubt = GC_DOUBT_CYCLE;
	const double s = charger->s_rated_mva;

	*in = gc_input_none(dt_s > DT_MIN_S ? fmin(dt_s, DT_MAX_S) : DT_MIN_S);
	in->p_want_pu = demand->p_mw / s;
	if (demand->q_given)
		in->q_want_pu = demand->q_mvar / s;
	in->permit = demand->permit;
	in->island = demand->island;
	if (!cycle)
		return doubt;
	in->means = true;
	doubt = voltages(charger, cycle, in->v_pu);
	doubt |= frequency(charger, cycle, in->v_pu, &in->f_hz);
	/* The power before a droop is the one that flows, whoever limited it. */
	if (cycle->state == V2X_STATE_RUN)
		in->p_now_pu = cycle->p_mw / s;
	return doubt;
}

/* ---- on the way to service ------------------------------------------------------ */

bool gc_charger_at_once(const struct gridcode *engine, const struct gc_envelope *env)
{
	const struct gc_settings *s = &engine->settings;

	return env->connect && !env->p_decides && engine->state == GC_CONTINUOUS &&
	       !(s->rating.ramp_s > 0) && !isfinite(s->ramp.up_pu_per_min) &&
	       !isfinite(s->ramp.down_pu_per_min);
}

bool gc_charger_prepares(const struct gridcode *engine)
{
	return engine->state == GC_TRIP && gridcode_wait_s(engine) <= PREPARE_S;
}

bool gc_charger_waits(const struct gridcode *engine)
{
	/* Without an observation time nobody knows when it will be. */
	const bool runs = engine->enter.window.t_s > 0 || engine->enter.random.t_s > 0;

	return engine->state == GC_TRIP && !(runs && gridcode_wait_s(engine) <= CLOSE_S);
}

/* ---- envelope ----------------------------------------------------------------- */

static int32_t whole(double x)
{
	return x >= INT32_MAX ? INT32_MAX : x <= -INT32_MAX ? -INT32_MAX : (int32_t)x;
}

/* The same sum a demand came from: what passes unchanged comes back to the last mW. */
static int32_t nearest(double x)
{
	return whole(round(x));
}

/* Towards zero; a value that only arithmetic moved off a whole number stays on it. */
static int32_t inwards(double x)
{
	const double near = round(x);

	return fabs(x - near) < 1e-3 ? whole(near) : whole(trunc(x));
}

static bool by_frequency(enum gc_reason by)
{
	return (by >= GC_BY_OF1 && by <= GC_BY_UF3) || by == GC_BY_ROCOF || by == GC_BY_DROOP ||
	       by == GC_BY_LFSM_O || by == GC_BY_LFSM_U;
}

static bool by_voltage(enum gc_reason by)
{
	return (by >= GC_BY_OV1 && by <= GC_BY_UV4) || by == GC_BY_MEAN ||
	       by == GC_BY_RIDE_THROUGH || by == GC_BY_VOLT_WATT || by == GC_BY_VOLT_VAR;
}

/* Of the phases, the one farthest off. */
static double worst(const double *v_pu)
{
	double v = v_pu[0];

	for (int k = 1; k < 3; k++)
		if (fabs(v_pu[k] - 1) > fabs(v - 1))
			v = v_pu[k];
	return v;
}

static void explain(const struct gc_input *in, const struct gc_output *out, enum gc_reason by,
		    char *why)
{
	const char *before = out->stay || by == GC_BY_WAITING ? "" : "out of service by ";

	if (by == GC_BY_NOTHING)
		snprintf(why, GC_WHY_LEN, "nothing limits");
	else if (by_frequency(by) && isfinite(in->f_hz))
		snprintf(why, GC_WHY_LEN, "%s%s at %.3f Hz", before, gc_reason_name(by),
			 in->f_hz);
	else if (by_voltage(by) && isfinite(worst(in->v_pu)))
		snprintf(why, GC_WHY_LEN, "%s%s at %.3f pu", before, gc_reason_name(by),
			 worst(in->v_pu));
	else
		snprintf(why, GC_WHY_LEN, "%s%s", before, gc_reason_name(by));
}

static bool of_code(enum gc_reason by)
{
	return by != GC_BY_NOTHING && by != GC_BY_RATING;
}

/* The function that leaves least room, on either side; GC_BY_NOTHING: the rating does. */
static enum gc_reason bound_by(const struct gc_output *out)
{
	const bool lo = of_code(out->p_lo_by), hi = of_code(out->p_hi_by);

	if (lo && (!hi || -out->p_lo_pu <= out->p_hi_pu))
		return out->p_lo_by;
	return hi ? out->p_hi_by : GC_BY_NOTHING;
}

/* Functions that set Q whatever anybody else asks for. */
static bool sets_q(enum gc_reason by)
{
	return by >= GC_BY_CONST_PF && by <= GC_BY_COS_PHI;
}

static void active(const struct gc_input *in, const struct gc_output *out, double s,
		   struct gc_envelope *env)
{
	const double want = isfinite(in->p_want_pu) ? in->p_want_pu : 0;

	env->p_want_mw = nearest(out->p_ask_pu * s);
	env->p_lo_mw = inwards(out->p_lo_pu * s);
	env->p_hi_mw = inwards(out->p_hi_pu * s);
	if (env->p_lo_mw > env->p_hi_mw)
		env->p_lo_mw = env->p_hi_mw;
	env->p_decides = env->p_want_mw != nearest(want * s);
	env->p_by = out->p_by;
	/* The one function the engine does not name: the slope of the demand. */
	if (env->p_decides && out->p_by == GC_BY_NOTHING)
		env->p_by = GC_BY_RAMP;
}

static void reactive(const struct gc_charger *charger, const struct gc_input *in,
		     const struct gc_output *out, double s, struct gc_envelope *env)
{
	const double want = isfinite(in->q_want_pu) ? in->q_want_pu : 0;

	env->q_want_mvar = nearest(out->q_ask_pu * s);
	env->q_by = out->q_by;
	env->q_decides = sets_q(out->q_by) || out->q_by == GC_BY_ORDER ||
			 env->q_want_mvar != nearest(want * s);
	/* Neither in service nor feeding: no reactive power either. */
	if (!out->stay || out->p_by == GC_BY_RIDE_THROUGH)
		return;
	env->q_lo_mvar = -whole(charger->q_max_mvar);
	env->q_hi_mvar = whole(charger->q_max_mvar);
}

void gc_charger_envelope(const struct gc_charger *charger, const struct gc_input *in,
			 const struct gc_output *out, struct gc_envelope *env)
{
	const enum gc_reason bound = bound_by(out);
	const double s = charger->s_rated_mva;

	*env = (struct gc_envelope){ .connect = out->stay };
	active(in, out, s, env);
	reactive(charger, in, out, s, env);
	if (!out->stay) {
		env->p_lo_mw = env->p_hi_mw = env->p_want_mw = env->q_want_mvar = 0;
		env->q_by = env->p_by;
	}
	explain(in, out, env->p_by, env->p_why);
	explain(in, out, env->q_by, env->q_why);
	env->p_bounds = out->stay && bound != GC_BY_NOTHING;
	if (env->p_bounds && env->p_by == GC_BY_NOTHING) {
		char by[GC_WHY_LEN];

		explain(in, out, bound, by);
		snprintf(env->p_why, GC_WHY_LEN, "within %.*s", GC_WHY_LEN - 8, by);
	}
}
