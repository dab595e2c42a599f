// SPDX-License-Identifier: Apache-2.0
#include "droop.h"

#include <stdlib.h>

#define NS_PER_MS 1000000
/* A step later than this continues as if the time had been this long. */
#define DT_MAX_NS (10000LL * NS_PER_MS)

static int64_t clamp64(int64_t value, int64_t lo, int64_t hi)
{
	return value < lo ? lo : value > hi ? hi : value;
}

/* Rounds half away from zero, so that both directions are treated alike. */
static int64_t div_round(int64_t num, int64_t den)
{
	return num >= 0 ? (num + den / 2) / den : -((-num + den / 2) / den);
}

/* Frequency change for p_full_mw, counted from where the line starts; mHz * 1000. */
static int64_t span_uhz(const struct droop_params *params)
{
	if (params->droop_permille)
		return (int64_t)params->droop_permille * params->f_nominal_mhz;
	if (params->band == DROOP_BAND_OFFSET)
		return ((int64_t)params->full_mhz - params->db_mhz) * 1000;
	return (int64_t)params->full_mhz * 1000;
}

const char *droop_check(const struct droop_params *params)
{
	if (params->f_nominal_mhz < 40000 || params->f_nominal_mhz > 70000)
		return "nominal frequency outside 40..70 Hz";
	if (params->db_mhz < 0)
		return "dead band below zero";
	if (params->droop_permille < 0 || params->full_mhz < 0)
		return "slope below zero";
	if (!params->droop_permille == !params->full_mhz)
		return "exactly one of droop_permille and full_mhz must be given";
	if (span_uhz(params) <= 0)
		return "full_mhz must lie outside the dead band";
	if (params->p_full_mw < 0 || params->up_max_mw < 0 || params->down_max_mw < 0)
		return "a response is a size and cannot be below zero";
	/* Else the service would move power at nominal frequency, which nobody asked for. */
	if (params->p_min_mw > 0 || params->p_max_mw < 0)
		return "p_min_mw..p_max_mw must contain zero";
	if (params->tau_ms < 0)
		return "time constant below zero";
	return NULL;
}

void droop_init(struct droop *droop, const struct droop_params *params)
{
	*droop = (struct droop){ .params = *params };
}

void droop_change(struct droop *droop, const struct droop_params *params)
{
	droop->params = *params;
}

void droop_reset(struct droop *droop)
{
	droop->response_q16 = 0;
	droop->latched = false;
}

/* Clamped to the nominal frequency itself: no product of it can overflow then. */
static int64_t deviation(const struct droop_params *params, int32_t f_mhz)
{
	return clamp64((int64_t)f_mhz - params->f_nominal_mhz, -(int64_t)params->f_nominal_mhz,
		       params->f_nominal_mhz);
}

int32_t droop_response_mw(const struct droop_params *params, int32_t f_mhz)
{
	int64_t deviation_mhz = deviation(params, f_mhz);
	int64_t response_mw;

	if (llabs(deviation_mhz) <= params->db_mhz)
		return 0;
	if (params->band == DROOP_BAND_OFFSET)
		deviation_mhz += deviation_mhz > 0 ? -params->db_mhz : params->db_mhz;
	response_mw = div_round(deviation_mhz * 1000 * params->p_full_mw, span_uhz(params));
	return (int32_t)clamp64(response_mw, -(int64_t)params->up_max_mw, params->down_max_mw);
}

/* First-order lag, backward Euler: y += (x - y) * dt / (tau + dt), stable for any dt. */
static int32_t filter(struct droop *droop, int32_t target_mw, uint64_t dt_ns)
{
	int64_t target_q16 = (int64_t)target_mw * 65536;
	int64_t tau_ns = (int64_t)droop->params.tau_ms * NS_PER_MS;
	int64_t dt = dt_ns > DT_MAX_NS ? DT_MAX_NS : (int64_t)dt_ns;

	if (!tau_ns) {
		droop->response_q16 = target_q16;
	} else {
		/* In parts of 2^20 of the way: the product stays below 2^63. */
		int64_t share_q20 = (dt / 1024 * 1048576) / ((tau_ns + dt) / 1024 + 1);

		droop->response_q16 +=
			div_round((target_q16 - droop->response_q16) / 256 * share_q20, 4096);
	}
	return (int32_t)div_round(droop->response_q16, 65536);
}

static int32_t reference(struct droop *droop, bool outside, int32_t baseline_mw)
{
	switch (droop->params.reference) {
	case DROOP_REF_FIXED:
		return droop->params.p_ref_mw;
	case DROOP_REF_LATCHED:
		if (!outside || !droop->latched)
			droop->p_latched_mw = baseline_mw;
		droop->latched = outside;
		return droop->p_latched_mw;
	case DROOP_REF_BASELINE:
		break;
	}
	return baseline_mw;
}

int32_t droop_step(struct droop *droop, int32_t f_mhz, int32_t baseline_mw, uint64_t dt_ns)
{
	const struct droop_params *params = &droop->params;
	bool outside = llabs(deviation(params, f_mhz)) > params->db_mhz;
	int64_t p_mw = (int64_t)reference(droop, outside, baseline_mw) +
		       filter(droop, droop_response_mw(params, f_mhz), dt_ns);

	return (int32_t)clamp64(p_mw, params->p_min_mw, params->p_max_mw);
}
