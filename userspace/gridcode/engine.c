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
static void take_settings(struct gridcode *engine, const struct gc_settings *settings)
{
	struct gc_window_settings *a = &engine->settings.enter.again;
	const struct gc_window_settings *s = &settings->enter.start;

	engine->settings = *settings;
	a->v_low = or_else(a->v_low, s->v_low);
	a->v_high = or_else(a->v_high, s->v_high);
	a->f_low_hz = or_else(a->f_low_hz, s->f_low_hz);
	a->f_high_hz = or_else(a->f_high_hz, s->f_high_hz);
	a->delay_s = or_else(a->delay_s, s->delay_s);
	a->random_s = or_else(a->random_s, s->random_s);
	a->ramp_s = or_else(a->ramp_s, s->ramp_s);
}

void gridcode_init(struct gridcode *engine, const struct gc_settings *settings, bool in_service)
{
	memset(engine, 0, sizeof(*engine));
	take_settings(engine, settings);
	gc_trip_init(&engine->trip);
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

struct gc_input gc_input_none(double dt_s)
{
	return (struct gc_input){
		.dt_s = dt_s, .v_pu = { NAN, NAN, NAN }, .f_hz = NAN, .q_want_pu = NAN,
		.p_now_pu = NAN, .permit = true, .site_import_pu = NAN,
		.site_phase_pu = { NAN, NAN, NAN }, .order_export_pu = NAN,
		.order_import_pu = NAN, .order_q_pu = NAN,
	};
}

/* Reference model step 6. */
static void next_state(struct gridcode *engine, const struct gc_input *in,
		       const struct gc_grid *grid, enum gc_reason trip)
{
	const struct gc_settings *s = &engine->settings;
	struct gc_enter *enter = &engine->enter;
	const bool out = engine->state == GC_TRIP;
	const bool ready = gc_enter_ready(enter, s, grid, in->permit, out, in->dt_s);
	enum gc_state mode;
	bool done;

	if (trip != GC_BY_NOTHING) {
		if (!out) {
			engine->cause = trip;
			gc_enter_away(enter);
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
static void report(const struct gridcode *engine, bool blocked, double p_ask, double q_ask,
		   enum gc_reason p_by, enum gc_reason q_by, struct gc_output *out)
{
	const bool stopped = blocked || engine->state == GC_TRIP;
	const double p_pu = engine->settings.rating.p_pu;
	const struct gc_band *band = &engine->power.band;

	out->state = engine->state;
	out->cause = engine->cause;
	out->stay = engine->state != GC_TRIP;
	out->p_pu = -engine->p_out * p_pu;
	out->q_pu = -engine->q_out;
	out->p_ask_pu = stopped ? 0 : -p_ask;
	out->q_ask_pu = stopped ? 0 : -q_ask;
	out->p_lo_pu = stopped ? 0 : -band->hi * p_pu;
	out->p_hi_pu = stopped ? 0 : -band->lo * p_pu;
	out->p_by = p_by;
	out->q_by = stopped ? p_by : q_by;
}

void gridcode_step(struct gridcode *engine, const struct gc_input *in_raw, struct gc_output *out)
{
	const struct gc_settings *s = &engine->settings;
	struct gc_input in = *in_raw;
	struct gc_grid grid;
	enum gc_reason trip = GC_BY_MEASUREMENT, p_by, q_by;
	const bool seen = gc_guard_step(&engine->guard, s, in.dt_s, in.v_pu, &in.f_hz);
	bool blocked;
	double p, q, p_ask, q_ask;

	if (s->drm.enable && (in.drm & GC_DRM(0)))
		in.permit = false;
	if (!seen) {
		in.v_pu[0] = in.v_pu[1] = in.v_pu[2] = 0;
		in.f_hz = s->nominal.f_hz;
	}
	gc_measure(s, in.v_pu, in.f_hz, &grid);
	if (seen)
		trip = gc_trip_step(&engine->trip, s, &grid, &in);
	next_state(engine, &in, &grid, trip);

	gc_power_step(engine, &in, &grid, -in.p_want_pu / s->rating.p_pu);
	p = engine->power.p;
	gc_reactive_step(engine, &in, &grid, p);
	q = engine->reactive.q;
	p_by = active_reason(engine, false);
	q_by = engine->reactive.by;
	if (gc_capability(s, &p, &q, engine->reactive.by))
		p_by = GC_BY_CAPABILITY;
	p_ask = p;
	q_ask = q;
	if (q != engine->reactive.q)
		q_by = GC_BY_CAPABILITY;

	blocked = gc_ride_blocked(&engine->ride, &s->ride, engine->state, in.dt_s);
	if (blocked)
		p_by = active_reason(engine, true);
	gc_current_step(&engine->current, s, &grid,
			s->ride.support && (engine->state == GC_MANDATORY ||
					    engine->state == GC_PERMISSIVE),
			blocked, in.dt_s, &p, &q);
	engine->p_out = p / s->rating.p_pu;
	engine->q_out = q;
	report(engine, blocked, p_ask, q_ask, p_by, q_by, out);
}
