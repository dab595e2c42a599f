// SPDX-License-Identifier: Apache-2.0
/*
 * Into the rating: reactive limits and the circle of apparent power, reactive
 * or active power first. IEEE 1547-2018 clauses 4.7 and 5.2, reference model
 * step 12.
 */
#include "gridcode.h"

/* On the circle, whatever rounding a filter has left of 0.6 or 0.8. */
#define CIRCLE (1 - 1e-9)

static double signed_as(double size, double sign)
{
	return sign < 0 ? -size : size;
}

static double other_leg(double leg)
{
	return sqrt(gc_max(1 - leg * leg, 0));
}

static void fit_constant_pf(const struct gc_rating *r, double *p, double *q)
{
	const double p_before = *p, s = sqrt(*p * *p + *q * *q);
	double q_before;

	if (s > 1) {
		*p /= s;
		*q /= s;
	}
	q_before = *q;
	*q = gc_clamp(*q, -r->q_absorb_pu, r->q_inject_pu);
	/* Clamped Q leaves the power factor; P only has to stay in the circle. */
	if (*q != q_before)
		*p = signed_as(gc_min(fabs(p_before), other_leg(*q)), p_before);
}

/*
 * The outermost point of the watt-var curve within the circle: on each
 * straight piece, from the outside in, p^2 + q(p)^2 = 1.
 */
static double crossing(const double *x, const double *y, double scale, double p_max)
{
	double x1 = p_max, y1 = gc_curve(x, y, 3, p_max / scale);

	for (int i = 2; i >= -1; i--) {
		const double x0 = i < 0 ? 0 : x[i] * scale, y0 = i < 0 ? y[0] : y[i];
		double slope, base, a, b, c;

		if (x0 >= x1)
			continue;
		slope = (y1 - y0) / (x1 - x0);
		base = y0 - slope * x0;
		a = 1 + slope * slope;
		b = slope * base;
		c = base * base - 1;
		if (x0 * x0 + y0 * y0 <= 1 && b * b >= a * c)
			return gc_clamp((sqrt(b * b - a * c) - b) / a, x0, x1);
		x1 = x0;
		y1 = y0;
	}
	return 0;
}

static void fit_watt_var(const struct gc_settings *settings, double *p, double *q)
{
	const struct gc_watt_var_settings *s = &settings->watt_var;
	const struct gc_rating *r = &settings->rating;
	double size, end;

	if (*p >= 0)
		size = crossing(s->p_gen, s->q_gen, r->p_pu, *p);
	else
		size = crossing(s->p_load, s->q_load, r->charge_pu, -*p);
	*p = signed_as(size, *p);
	/* What lags behind the curve is not brought forward. */
	end = gc_clamp(gc_watt_var_curve(settings, *p / r->p_pu), -r->q_absorb_pu, r->q_inject_pu);
	if (fabs(*q) > fabs(end))
		*q = end;
}

static void fit_circle(const struct gc_capability_settings *s, double *p, double *q)
{
	double most;

	if (s->priority == GC_PRIORITY_ACTIVE)
		*q = gc_clamp(*q, -s->q_absorb, s->q_inject);
	most = other_leg(*q);
	/* The reference model takes all that is left, even above the demand. */
	if (s->priority != GC_PRIORITY_ACTIVE || !s->as_model)
		most = gc_min(fabs(*p), most);
	*p = signed_as(most, *p);
}

bool gc_capability(const struct gc_settings *settings, double *p_io, double *q_io,
		   enum gc_reason by)
{
	const struct gc_rating *r = &settings->rating;
	double p = *p_io * r->p_pu, q = *q_io;
	const double before = p;

	if (by == GC_BY_CONST_PF || by == GC_BY_COS_PHI) {
		fit_constant_pf(r, &p, &q);
	} else {
		q = gc_clamp(q, -r->q_absorb_pu, r->q_inject_pu);
		if (p * p + q * q >= CIRCLE) {
			if (by == GC_BY_WATT_VAR) {
				fit_watt_var(settings, &p, &q);
			} else {
				fit_circle(&settings->capability, &p, &q);
			}
		}
	}
	*p_io = p;
	*q_io = q;
	return p != before;
}
