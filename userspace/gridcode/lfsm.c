// SPDX-License-Identifier: Apache-2.0
/*
 * Limited frequency sensitive mode, P(f): EN 50549-1 clauses 4.6.1 and 4.6.2,
 * VDE-AR-N 4105 clause 5.7.4.2, AS/NZS 4777.2 clause 3.3.4.
 *
 * Over-frequency narrows the band from above: less export, more charging.
 * Under-frequency narrows it from below: less charging, then export.
 */
#include "gridcode.h"

/* How much of the reference the frequency asks for, at least 0. */
static double depth(const struct gc_lfsm_settings *s, double f_nominal_hz, bool over, double f_hz)
{
	const double beyond_hz = over ? f_hz - s->start_hz : s->start_hz - f_hz;

	return beyond_hz > 0 ? beyond_hz / (f_nominal_hz * s->droop) : 0;
}

/* Back within the release threshold? */
static bool released(const struct gc_lfsm_settings *s, bool over, double f_hz)
{
	return over ? f_hz <= s->stop_hz : f_hz >= s->stop_hz;
}

double gc_lfsm_reference(int reference, double before, double end)
{
	switch (reference) {
	case GC_REFERENCE_RATED:
		return 1;
	case GC_REFERENCE_TO_RATING:
		return fabs(end - before);
	default:
		return fabs(before);
	}
}

/* The bound on power; EN 50549-1 4.6.1: dP = 1/s * (f1 - f) / fn * Pref. */
static double bound(const struct gc_lfsm *lfsm, const struct gc_lfsm_settings *s,
		    const struct gc_settings *all, bool over, double share)
{
	const double least = s->charge ? -all->derived.charge : 0;
	const double most = s->charge ? 1 : 0;
	/* Charging is never lowered by over-frequency, export never by under-frequency. */
	const double before = lfsm->before;
	const double end = over ? gc_min(least, before) : gc_max(most, before);
	const double way = share * gc_lfsm_reference(s->reference, before, end);

	return over ? gc_max(before - way, end) : gc_min(before + way, end);
}

static void leave(struct gc_lfsm *lfsm, const struct gc_lfsm_settings *s)
{
	lfsm->active = false;
	lfsm->depth = 0;
	lfsm->returning = s->return_pu_per_min > 0;
}

/* Towards the demand at the limited slope; over when it no longer binds. */
static void come_back(struct gc_lfsm *lfsm, const struct gc_lfsm_settings *s, bool over,
		      double want, double dt_s)
{
	const double step = s->return_pu_per_min * dt_s / 60;

	lfsm->bound += over ? step : -step;
	lfsm->returning = over ? lfsm->bound < want : lfsm->bound > want;
}

static void narrow(struct gc_band *band, bool over, double p)
{
	if (over)
		gc_band_hi(band, p, GC_BY_LFSM_O);
	else
		gc_band_lo(band, p, GC_BY_LFSM_U);
}

void gc_lfsm_step(struct gc_lfsm *lfsm, const struct gc_lfsm_settings *s,
		  const struct gc_settings *all, bool over, double f_hz, double last, double want,
		  bool off, double dt_s, struct gc_band *band)
{
	const bool out = over ? f_hz > s->start_hz : f_hz < s->start_hz;
	double share, p;

	/* Out of service nothing responds; what was before says nothing of the service after. */
	if (off) {
		*lfsm = (struct gc_lfsm){ 0 };
		return;
	}
	if (!out && !lfsm->active && !lfsm->returning) {
		lfsm->wait.t_s = 0;
		return;
	}
	share = depth(s, all->nominal.f_hz, over, f_hz);
	if (!lfsm->active && gc_timer_step(&lfsm->wait, out, s->delay_s, dt_s)) {
		lfsm->before = lfsm->returning ? lfsm->bound : last;
		lfsm->active = true;
		lfsm->returning = false;
		gc_lag_force(&lfsm->lag, lfsm->before);
	}
	if (lfsm->active) {
		if (s->hold)
			share = gc_max(share, lfsm->depth);
		lfsm->depth = share;
		p = bound(lfsm, s, all, over, share);
		/* Back, and not released yet: a limit of the way back, which asks for no power. */
		if (!out && !s->hold)
			p = over ? gc_max(p, 0) : gc_min(p, 0);
		lfsm->bound = gc_lag_step(&lfsm->lag, p,
					  over ? all->derived.lfsm_o_s : all->derived.lfsm_u_s,
					  dt_s);
		if (gc_timer_step(&lfsm->release, !out && released(s, over, f_hz), s->stop_s, dt_s))
			leave(lfsm, s);
		narrow(band, over, lfsm->bound);
	} else if (lfsm->returning) {
		come_back(lfsm, s, over, want, dt_s);
		if (lfsm->returning)
			narrow(band, over, lfsm->bound);
	}
}
