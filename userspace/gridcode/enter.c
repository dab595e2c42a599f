// SPDX-License-Identifier: Apache-2.0
/*
 * Enter service and reconnection: window, observation time, random delay,
 * ramp. IEEE 1547-2018 clause 4.10, EN 50549-1 clause 4.10 (separate values
 * for the first start and after a trip). Reference model steps 3 and 9.
 */
#include "gridcode.h"

#define CEILING_END 1.1

static const struct gc_window_settings *window_now(const struct gc_enter *enter,
						   const struct gc_settings *settings)
{
	return enter->tripped ? &settings->enter.again : &settings->enter.start;
}

bool gc_enter_ready(struct gc_enter *enter, const struct gc_settings *settings,
		    const struct gc_input *in, const struct gc_grid *grid, bool permit, bool out)
{
	const double dt_s = in->dt_s;
	const struct gc_window_settings *w = window_now(enter, settings);
	const bool inside = permit && grid->v_low >= w->v_low && grid->v_high <= w->v_high &&
			    grid->f_hz >= w->f_low_hz && grid->f_hz <= w->f_high_hz;
	double delay_s = w->delay_s;
	bool ready;

	/* The disturbance counts from its beginning, not from the trip. */
	if (!inside)
		enter->away_s += dt_s;
	else if (!out)
		enter->away_s = 0;
	enter->brief = enter->tripped && enter->away_s <= settings->enter.short_s;
	if (enter->brief)
		delay_s = settings->enter.short_delay_s;
	ready = gc_timer_step(&enter->window, inside, delay_s, dt_s);
	/* The random part counts only while waiting in trip. */
	if (enter->random_s > 0 && !enter->brief)
		ready = gc_timer_step(&enter->random, ready && out,
				      enter->random_s + (in->means ? 0 : dt_s), dt_s);
	return ready;
}

void gc_enter_away(struct gc_enter *enter)
{
	enter->tripped = true;
	enter->ceiling = 0;
	/* An island or a phase jump trips within the window: observation begins anew. */
	enter->window.t_s = 0;
	enter->random.t_s = 0;
}

double gc_enter_ramp_s(const struct gc_enter *enter, const struct gc_settings *settings)
{
	return window_now(enter, settings)->ramp_s;
}

bool gc_enter_rise(struct gc_enter *enter, const struct gc_settings *settings, double dt_s,
		   bool first)
{
	const double ramp_s = gc_enter_ramp_s(enter, settings);
	const bool ramped = ramp_s >= dt_s;
	/* Told in the step after the last. A random delay's first step is never the last. */
	const bool done = enter->ceiling >= 1 ||
			  (first && !ramped && !(enter->random_s > 0));

	if (done || !ramped)
		enter->ceiling = CEILING_END;
	else
		enter->ceiling = enter->ceiling + dt_s / ramp_s;
	return done;
}
