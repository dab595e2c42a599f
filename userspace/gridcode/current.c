// SPDX-License-Identifier: Apache-2.0
/*
 * From power to current and back: limit of the phase current, dynamic voltage
 * support, return ramp, response of the inverter. Reference model step 14.
 */
#include "gridcode.h"

/* A voltage below this carries no power worth a division. */
#define V_MIN 1e-6

/* Largest |i_d| of one phase whose current is (d + re) + j (q + im). */
static double room(double i_max, double q, double re, double im, double sign)
{
	const double cross = q + im;
	const double square = i_max * i_max - cross * cross;

	return square > 0 ? sqrt(square) - sign * re : 0;
}

/* i_d is cut first; when i_q alone is too much both are scaled. */
static void limit(double i_max, double re, double im, double *d, double *q)
{
	/* i2 seen from phases a, b, c: turned by 0, -120, 120 degrees. */
	const double h = 0.86602540378443865;
	const double b_re = -re / 2 + h * im, b_im = -im / 2 - h * re;
	const double c_re = -re / 2 - h * im, c_im = -im / 2 + h * re;
	const double sign = *d < 0 ? -1 : 1;
	double most = room(i_max, *q, re, im, sign);

	if (re != 0 || im != 0)
		most = gc_min(most, gc_min(room(i_max, *q, b_re, b_im, sign),
					   room(i_max, *q, c_re, c_im, sign)));
	if (fabs(*d) > most)
		*d = sign * gc_max(most, 0);
	if (fabs(*q) > i_max) {
		*q = *q < 0 ? -i_max : i_max;
		*d = 0;
	}
}

/* More current in the direction of power comes back slowly, less goes at once. */
static double returning(struct gc_current *current, bool as_model, double wanted, double d,
			double step)
{
	const double y = current->rise;
	bool charging = d < 0;

	/* The reference model goes by the direction that was wanted a step before. */
	if (as_model)
		charging = current->wanted < 0;
	if (current->set && charging)
		d = gc_max(d, (as_model ? y : gc_min(y, 0)) - step);
	else if (current->set)
		d = gc_min(d, (as_model ? y : gc_max(y, 0)) + step);
	current->wanted = wanted;
	current->rise = d;
	current->set = true;
	return d;
}

void gc_current_step(struct gc_current *current, const struct gc_settings *settings,
		     const struct gc_grid *grid, bool support, bool blocked, double dt_s,
		     double *p, double *q)
{
	const struct gc_ride_settings *ride = &settings->ride;
	const double v = gc_max(grid->v1, V_MIN);
	const double span_s = settings->derived.inverter_s;
	double d = *p / v, i_q = -*q / v, re = 0, im = 0, wanted, limited;

	if (support) {
		i_q += ride->support_k * (grid->v1 - 1);
		/* i2 = j k v2 */
		re = -ride->support_k * grid->v2_im;
		im = ride->support_k * grid->v2_re;
	}
	limit(settings->rating.i_pu, re, im, &d, &i_q);
	wanted = d;
	if (blocked) {
		d = 0;
		i_q = 0;
	}
	limited = d;
	/* The reference model slows every rise, the code only the return from no current. */
	if (blocked || settings->capability.as_model)
		current->back = true;
	if (current->back)
		d = returning(current, settings->capability.as_model, wanted, d,
			      gc_ramp_size(ride->return_ramp_s, dt_s));
	current->slowed = d != limited;
	if (!blocked && !current->slowed)
		current->back = false;
	current->p_slow = d * grid->v1;
	d = gc_lag_step(&current->d, d, span_s, dt_s);
	i_q = gc_lag_step(&current->q, i_q, span_s, dt_s);
	if (blocked) {
		gc_lag_force(&current->d, 0);
		gc_lag_force(&current->q, 0);
		d = 0;
		i_q = 0;
	}
	*p = d * grid->v1;
	*q = -i_q * grid->v1;
}
