// SPDX-License-Identifier: Apache-2.0
#include "code.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../converter/grid_reason.h"

#define NS_PER_S 1e9
/* A meter of the phases speaks every second or so; what it said longer ago is not known. */
#define PHASES_NS 5000000000ULL
/* The engine names the cause of a trip itself, a little after the kernel's faster stage. */
#define FAULT_NS 500000000ULL

void code_set(struct code *code, const struct code_setting *setting, bool running)
{
	const bool was = code->setting.enable;

	code->setting = *setting;
	if (!setting->enable)
		return;
	if (was && setting->anew && code->engine.state == GC_TRIP) {
		gridcode_init(&code->engine, &setting->settings, false);
		gridcode_draw(&code->engine, setting->draw);
		code->tripped_by = 0;
	} else if (was) {
		gridcode_change(&code->engine, &setting->settings);
	} else {
		gridcode_init(&code->engine, &setting->settings, running);
		gridcode_draw(&code->engine, setting->draw);
		code->steady = (struct gc_steady){ 0 };
		code->fault_ns = 0;
		code->tripped_by = 0;
		code->trip_why[0] = '\0';
		code->said = (struct code_input){ .permit = !setting->withheld,
						  .drm = setting->drm };
		code->ordered = false;
	}
}

void code_hear(struct code *code, const struct code_input *input)
{
	if (input->has_drm)
		code->said.drm = input->drm;
	if (input->has_permit)
		code->said.permit = input->permit;
	if (input->has_site) {
		code->said.site_mw = input->site_mw;
		code->said.has_site = true;
	}
	if (input->has_phases) {
		memcpy(code->said.phase_mw, input->phase_mw, sizeof(code->said.phase_mw));
		code->said.has_phases = true;
		code->phases_ns = 0;
		/* What the others take of the first: less than the meter says by what flows here. */
		code->said.phase_mw[0] -= code->p_mw;
	}
}

/* The kernel tripped and the engine would not have: an island, say. */
static bool island(struct code *code, const struct code_seen *seen)
{
	const uint64_t before = code->fault_ns;

	code->fault_ns = grid_reason(seen->fault) ? before + seen->dt_ns : 0;
	/* Once: the observation is not to begin again with every cycle. */
	return before <= FAULT_NS && code->fault_ns > FAULT_NS && code->engine.state != GC_TRIP;
}

/*
 * Said once: silence after it is what the fail-safe looks for. What has ended, or says
 * nothing of a direction, leaves the rating.
 */
static void take_orders(struct code *code, const struct code_seen *seen)
{
	const double s = code->setting.charger.s_rated_mva;
	const struct gc_rating *rating = &code->setting.settings.rating;
	const bool heard = seen->ordered != code->ordered || seen->order_new;

	code->ordered = seen->ordered;
	if (!code->setting.settings.order.enable || !heard)
		return;
	code->in.order_export_pu = rating->p_pu;
	code->in.order_import_pu = rating->charge_pu;
	if (seen->ordered && seen->order_p.lo != -DISPATCH_UNLIMITED)
		code->in.order_export_pu = fmax(-seen->order_p.lo / s, 0);
	if (seen->ordered && seen->order_p.hi != DISPATCH_UNLIMITED)
		code->in.order_import_pu = fmax(seen->order_p.hi / s, 0);
}

/* For the balance of the phases a reading holds on, because it is compared, not followed. */
static void take_phases(struct code *code, uint64_t dt_ns)
{
	const double s = code->setting.charger.s_rated_mva;

	code->phases_ns += dt_ns;
	if (code->phases_ns > PHASES_NS)
		code->said.has_phases = false;
	for (int k = 0; code->said.has_phases && k < 3; k++)
		code->in.site_phase_pu[k] = code->said.phase_mw[k] / s;
}

/* A reading counts once: silence after it is what the fail-safe looks for. */
static void take_said(struct code *code)
{
	code->in.drm = code->said.drm;
	if (code->said.has_site)
		code->in.site_import_pu = code->said.site_mw /
					  (double)code->setting.charger.s_rated_mva;
	code->said.has_site = false;
}

static void tell(const struct code *code, const struct code_seen *seen, unsigned int doubt,
		 struct code_report *report)
{
	report->wait_s = gridcode_wait_s(&code->engine);
	memcpy(report->v_pu, code->in.v_pu, sizeof(report->v_pu));
	report->f_hz = code->in.f_hz;
	report->demand = seen->demand;
	report->p_mw = seen->cycle ? seen->cycle->p_mw : 0;
	report->q_mvar = seen->cycle ? seen->cycle->q_mvar : 0;
	report->state = code->out.state;
	report->cause = code->out.cause;
	report->doubt = doubt;
	report->tripped_by = code->tripped_by;
	report->drm = code->said.drm;
	report->permit = code->said.permit;
	report->near = code->said.permit && gc_charger_prepares(&code->engine);
	report->waits = gc_charger_waits(&code->engine);
	/* Service that has never begun has not ended by anything. */
	if (code->engine.state == GC_TRIP && code->out.cause != GC_BY_NOTHING && code->trip_why[0])
		memcpy(report->env.p_why, code->trip_why, sizeof(code->trip_why));
	report->on = true;
}

static void left_service(struct code *code, const struct code_report *report)
{
	gridcode_draw(&code->engine, code->setting.draw);
	if (code->tripped_by)
		snprintf(code->trip_why, sizeof(code->trip_why),
			 "out of service, tripped by the kernel");
	else
		memcpy(code->trip_why, report->env.p_why, sizeof(code->trip_why));
}

void code_step(struct code *code, const struct code_seen *seen, struct code_report *report)
{
	struct gc_demand demand = seen->demand;
	const bool was_in = code->engine.state != GC_TRIP;
	unsigned int doubt;

	if (!code->setting.enable) {
		*report = (struct code_report){ 0 };
		return;
	}
	demand.permit = code->said.permit;
	demand.island = island(code, seen);
	if (demand.island)
		code->tripped_by = seen->fault;
	doubt = gc_charger_input(&code->setting.charger, seen->cycle, &demand,
				 (double)seen->dt_ns / NS_PER_S, &code->in);
	gc_steady_step(&code->setting.charger, &code->steady, &code->in);
	take_orders(code, seen);
	take_said(code);
	take_phases(code, seen->dt_ns);
	if (seen->cycle)
		code->p_mw = seen->cycle->p_mw;
	gridcode_step(&code->engine, &code->in, &code->out);
	if (code->engine.state != GC_TRIP)
		code->tripped_by = 0;
	if (seen->state != V2X_STATE_RUN)
		gridcode_hold(&code->engine);
	gc_charger_envelope(&code->setting.charger, &code->in, &code->out, &report->env);
	report->at_once = gc_charger_at_once(&code->engine, &report->env);
	if (was_in && code->engine.state == GC_TRIP)
		left_service(code, report);
	tell(code, seen, doubt, report);
}

bool code_envelope(const struct code_report *report, struct dispatch_envelope *envelope)
{
	const struct gc_envelope *env = &report->env;
	const bool q_only = !env->p_decides && !env->p_bounds && env->q_decides && env->connect;

	if (!report->on)
		return false;
	*envelope = (struct dispatch_envelope){
		.active = true,
		.p = { .lo = env->p_lo_mw, .hi = env->p_hi_mw, .want = env->p_want_mw,
		       .has_want = env->p_decides && env->connect },
		.q = { .lo = env->q_lo_mvar, .hi = env->q_hi_mvar, .want = env->q_want_mvar,
		       .has_want = env->q_decides && env->connect },
	};
	memcpy(envelope->reason, q_only ? env->q_why : env->p_why, sizeof(envelope->reason));
	return true;
}
