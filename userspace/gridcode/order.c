// SPDX-License-Identifier: Apache-2.0
/*
 * Set-points and limits of a distribution operator: EN 50549-1 clauses 4.11
 * and 4.12, IEEE 1547-2018 clause 4.6.2; OCPP 2.1 LimitMaxDischarge, SunSpec
 * 704. Followed on ramps; after silence the fail-safe export limit holds.
 */
#include "gridcode.h"

static double follow(struct gc_ramp *ramp, const struct gc_order_settings *s, double x, double dt_s)
{
	const double per_s = ramp->set && x < ramp->y ? s->down_pu_per_s : s->up_pu_per_s;

	return gc_ramp_step(ramp, x, per_s * dt_s);
}

static void listen(struct gc_order *order, const struct gc_rating *rating,
		   const struct gc_input *in)
{
	order->age_s += in->dt_s;
	if (isfinite(in->order_export_pu)) {
		order->export_limit = in->order_export_pu / rating->p_pu;
		order->age_s = 0;
		order->heard = true;
	}
	if (isfinite(in->order_import_pu)) {
		order->charge_limit = in->order_import_pu / rating->p_pu;
		order->age_s = 0;
		order->heard = true;
	}
	order->q = -in->order_q_pu;
}

void gc_order_step(struct gc_order *order, const struct gc_settings *settings,
		   const struct gc_input *in, struct gc_band *band)
{
	const struct gc_order_settings *s = &settings->order;

	if (!s->enable)
		return;
	if (!order->heard) {
		order->export_limit = 1;
		order->charge_limit = settings->derived.charge;
	}
	listen(order, &settings->rating, in);
	if (order->age_s > s->timeout_s) {
		/* Silence ends every order; the fail-safe limit holds instead, if there is one. */
		order->heard = false;
		gc_band_hi(band, follow(&order->hi, s, s->fail_limit, in->dt_s), GC_BY_FAIL_SAFE);
		return;
	}
	gc_band_hi(band, follow(&order->hi, s, order->export_limit, in->dt_s), GC_BY_ORDER);
	gc_band_lo(band, -follow(&order->lo, s, order->charge_limit, in->dt_s), GC_BY_ORDER);
}
