// SPDX-License-Identifier: Apache-2.0
/* One step of the grid code, function after function. */
#include "gridcode.h"

#include <string.h>

#define CEILING_OPEN 1.1

static double or_else(double value, double fallback)
{
	return isnan(value) ? fallback : value;
}

/* What is not said about a reconnection is as at the first start. */
static void fill_reconnection(struct gc_settings *settings)
{
	struct gc_window_settings *a = &settings->enter.again;
	const struct gc_window_settings *s = &settings->enter.start;

	a->v_low = or_else(a->v_low, s->v_low);
	a->v_high = or_else(a->v_high, s->v_high);
	a->f_low_hz = or_else(a->f_low_hz, s->f_low_hz);
	a->f_high_hz = or_else(a->f_high_hz, s->f_high_hz);
	a->delay_s = or_else(a->delay_s, s->delay_s);
	a->random_s = or_else(a->random_s, s->random_s);
	a->ramp_s = or_else(a->ramp_s, s->ramp_s);
}

/* What is missing becomes what never binds, so that a step need not ask. */
static void fill_missing(struct gc_settings *s)
{
	s->ramp.up_pu_per_min = or_else(s->ramp.up_pu_per_min, INFINITY);
	s->ramp.down_pu_per_min = or_else(s->ramp.down_pu_per_min, INFINITY);
	s->order.up_pu_per_s = or_else(s->order.up_pu_per_s, INFINITY);
	s->order.down_pu_per_s = or_else(s->order.down_pu_per_s, INFINITY);
	s->order.fail_limit = or_else(s->order.fail_limit, 1);
	s->volt_var.lock_in = or_else(s->volt_var.lock_in, 0);
	s->volt_var.lock_out = or_else(s->volt_var.lock_out, 0);
	s->lfsm_o.stop_hz = or_else(s->lfsm_o.stop_hz, s->lfsm_o.start_hz);
	s->lfsm_u.stop_hz = or_else(s->lfsm_u.stop_hz, s->lfsm_u.start_hz);
}

static void derive(struct gc_settings *s)
{
	const double reaction_s = s->capability.reaction_s;
	struct gc_derived *d = &s->derived;

	d->charge = s->rating.charge_pu / s->rating.p_pu;
	d->volt_watt_s = gc_lag_span(s->volt_watt.response, s->volt_watt.response_s - reaction_s);
	d->volt_watt_charge_s = gc_lag_span(s->volt_watt_charge.response,
					    s->volt_watt_charge.response_s - reaction_s);
	d->lfsm_o_s = gc_lag_span(s->lfsm_o.response, s->lfsm_o.response_s);
	d->lfsm_u_s = gc_lag_span(s->lfsm_u.response, s->lfsm_u.response_s);
	d->volt_var_s = gc_lag_span(s->volt_var.response, s->volt_var.response_s - reaction_s);
	d->inverter_s = gc_lag_span(GC_RESPONSE_OPEN_LOOP_90, s->rating.inverter_s);
	d->unbalance = fmin(s->unbalance.limit, s->unbalance.s_kva / s->rating.s_kva);
}

static void take_settings(struct gridcode *engine, const struct gc_settings *settings)
{
	engine->settings = *settings;
	fill_reconnection(&engine->settings);
	fill_missing(&engine->settings);
	derive(&engine->settings);
	gc_trip_settings(&engine->trip, &engine->settings.trip);
}

void gridcode_init(struct gridcode *engine, const struct gc_settings *settings, bool in_service)
{
	memset(engine, 0, sizeof(*engine));
	gc_trip_init(&engine->trip);
	take_settings(engine, settings);
	gc_timer_init(&engine->ride.cease);
	gc_timer_init(&engine->ride.cessation);
	engine->state = in_service ? GC_CONTINUOUS : GC_TRIP;
	engine->enter.ceiling = in_service ? CEILING_OPEN : 0;
	/* Whoever is in service has waited already. */
	if (in_service)
		gc_timer_init(&engine->enter.window);
}

void gridcode_change(struct gridcode *engine, const struct gc_settings *settings)
{
	take_settings(engine, settings);
}

void gridcode_draw(struct gridcode *engine, double share)
{
	const struct gc_enter_settings *s = &engine->settings.enter;

	engine->enter.random_s = share * (engine->enter.tripped ? s->again : s->start).random_s;
}

void gridcode_hold(struct gridcode *engine)
{
	if (engine->state == GC_ENTERING)
		engine->enter.ceiling = 0;
}

double gridcode_wait_s(const struct gridcode *engine)
{
	const struct gc_enter_settings *s = &engine->settings.enter;
	const struct gc_enter *enter = &engine->enter;
	double delay_s = (enter->tripped ? s->again : s->start).delay_s;
	double left_s;

	if (engine->state != GC_TRIP)
		return 0;
	if (enter->brief)
		delay_s = s->short_delay_s;
	left_s = gc_max(delay_s - enter->window.t_s, 0);
	if (enter->random_s > 0 && !enter->brief)
		left_s += gc_max(enter->random_s - enter->random.t_s, 0);
	return left_s;
}

struct gc_input gc_input_none(double dt_s)
{
	return (struct gc_input){
		.dt_s = dt_s, .v_pu = { NAN, NAN, NAN }, .f_hz = NAN, .q_want_pu = NAN,
		.p_now_pu = NAN, .p_then_pu = NAN, .p_calm_pu = NAN, .permit = true,
		.site_import_pu = NAN, .site_phase_pu = { NAN, NAN, NAN },
		.order_export_pu = NAN, .order_import_pu = NAN, .order_q_pu = NAN,
	};
}

/* Reference model step 6. */
static void next_state(struct gridcode *engine, const struct gc_input *in,
		       const struct gc_grid *grid, bool permit, enum gc_reason trip)
{
	const struct gc_settings *s = &engine->settings;
	struct gc_enter *enter = &engine->enter;
	const bool out = engine->state == GC_TRIP;
	const bool ready = gc_enter_ready(enter, s, in, grid, permit, out);
	enum gc_state mode;
	bool done;

	if (trip != GC_BY_NOTHING) {
		if (!out) {
			engine->cause = trip;
			gc_enter_away(enter);
		} else if (trip == GC_BY_PERMIT && engine->cause == GC_BY_NOTHING) {
			/* It never came: that is not for time to mend. */
			engine->cause = trip;
		}
		engine->state = GC_TRIP;
		return;
	}
	if (out) {
		if (!ready)
			return;
		engine->cause = GC_BY_NOTHING;
		engine->state = GC_ENTERING;
	}
	mode = gc_ride_mode(&s->ride, grid);
	/* The ramp goes on while riding through. */
	done = gc_enter_rise(enter, s, in->dt_s, out);
	engine->state = done || mode != GC_CONTINUOUS ? mode : GC_ENTERING;
}

static enum gc_reason active_reason(const struct gridcode *engine, bool blocked)
{
	if (engine->state == GC_TRIP)
		return engine->cause == GC_BY_NOTHING ? GC_BY_WAITING : engine->cause;
	return blocked ? GC_BY_RIDE_THROUGH : engine->power.by;
}

/* The one place where the generator sign becomes import positive. */
static void report(const struct gridcode *engine, const struct gc_band *band, double p_ask,
		   double q_ask, struct gc_output *out)
{
	const double p_pu = engine->settings.rating.p_pu;

	out->state = engine->state;
	out->cause = engine->cause;
	out->stay = engine->state != GC_TRIP;
	out->p_pu = -engine->p_out * p_pu;
	out->q_pu = -engine->q_out;
	out->p_ask_pu = -p_ask;
	out->q_ask_pu = -q_ask;
	out->p_lo_pu = -band->hi * p_pu;
	out->p_hi_pu = -band->lo * p_pu;
	out->p_lo_by = band->hi_by;
	out->p_hi_by = band->lo_by;
}

/* Measurement, protection and state; reference model steps 1 to 6. */
static void observe(struct gridcode *engine, const struct gc_input *in, struct gc_grid *grid)
{
	const struct gc_settings *s = &engine->settings;
	const bool permit = in->permit && !(s->drm.enable && (in->drm & GC_DRM(0)));
	const bool one = s->rating.phases == GC_ONE_PHASE;
	enum gc_reason trip = GC_BY_MEASUREMENT;

	/* Phases that are not connected are as the one that is, whatever they say. */
	grid->v_pu[0] = in->v_pu[0];
	grid->v_pu[1] = one ? in->v_pu[0] : in->v_pu[1];
	grid->v_pu[2] = one ? in->v_pu[0] : in->v_pu[2];
	grid->f_hz = in->f_hz;
	if (gc_guard_step(&engine->guard, s, in->dt_s, grid->v_pu, &grid->f_hz)) {
		gc_measure(s, grid);
		trip = gc_trip_step(&engine->trip, s, grid, in, permit);
		if (gc_consecutive_step(&engine->consecutive, s, grid, in->dt_s) &&
		    trip == GC_BY_NOTHING)
			trip = GC_BY_CONSECUTIVE;
	} else {
		*grid = (struct gc_grid){ .f_hz = s->nominal.f_hz };
	}
	next_state(engine, in, grid, permit, trip);
}

/* Flattened: its forty callees are small and called from nowhere else. */
__attribute__((flatten))
void gridcode_step(struct gridcode *engine, const struct gc_input *in, struct gc_output *out)
{
	const struct gc_settings *s = &engine->settings;
	struct gc_grid grid;
	static const struct gc_band nothing;
	enum gc_reason p_by, q_by;
	bool blocked, support;
	double p, q, p_ask, q_ask;

	observe(engine, in, &grid);
	/* A demand that is not a number asks for nothing. */
	gc_power_step(engine, in, &grid,
		      isfinite(in->p_want_pu) ? -in->p_want_pu / s->rating.p_pu : 0);
	p = engine->power.p;
	gc_reactive_step(engine, in, &grid, p);
	q = engine->reactive.q;
	blocked = gc_ride_blocked(&engine->ride, &s->ride, engine->state, in->dt_s);
	p_by = active_reason(engine, blocked);
	q_by = engine->reactive.by;
	if (gc_capability(s, &p, &q, q_by) && !blocked)
		p_by = GC_BY_CAPABILITY;
	if (q != engine->reactive.q)
		q_by = GC_BY_CAPABILITY;
	p_ask = p;
	q_ask = q;
	support = s->ride.support &&
		  (engine->state == GC_MANDATORY || engine->state == GC_PERMISSIVE);
	gc_current_step(&engine->current, s, &grid, support, blocked, in->dt_s, &p, &q);
	engine->p_out = p / s->rating.p_pu;
	engine->q_out = q;
	/* The limit of the current is the charger's own; when it may come back is the code's. */
	if (engine->current.slowed && !blocked) {
		p_ask = engine->current.p_slow;
		p_by = GC_BY_RAMP;
	}
	if (blocked)
		report(engine, &nothing, 0, 0, out);
	else
		report(engine, &engine->power.band, p_ask, q_ask, out);
	out->p_by = p_by;
	out->q_by = blocked ? p_by : q_by;
}
