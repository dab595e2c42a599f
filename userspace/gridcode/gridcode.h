/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The grid code engine: measured voltages and frequency in, allowed and
 * demanded power with the reason out, once a mains cycle or any other step.
 *
 * Pure: no clock, no file, no allocation, no global. At this interface power
 * is positive from the grid to the vehicle (import, charging), in pu of rated
 * apparent power; settings and everything inside have the generator sign of
 * the standards. gridcode_step() is the only place that converts.
 *
 * The equations up to the current are those of the IEEE 1547-2018 reference
 * model (OpenDER); functions of other codes join at the places their
 * standards give them, see engine.c.
 */
#ifndef GRIDCODE_H
#define GRIDCODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lag.h"
#include "settings.h"

/* IEEE 1547-2018 clause 6; the numbers are those of the reference vectors. */
enum gc_state {
	GC_TRIP,
	GC_ENTERING,
	GC_CONTINUOUS,
	GC_MANDATORY,
	GC_PERMISSIVE,
	GC_CESSATION,	/* momentary cessation, zero-current mode */
	GC_CEASE,	/* cease to energize */
	GC_UNDEFINED,	/* frequency beyond every range, not yet tripped */
};

/* What decided a power or a state. */
enum gc_reason {
	GC_BY_NOTHING,	/* the demand holds */
	GC_BY_RATING,
	GC_BY_OV1, GC_BY_OV2, GC_BY_OV3, GC_BY_OV4,
	GC_BY_UV1, GC_BY_UV2, GC_BY_UV3, GC_BY_UV4,
	GC_BY_OF1, GC_BY_OF2, GC_BY_OF3,
	GC_BY_UF1, GC_BY_UF2, GC_BY_UF3,
	GC_BY_PERMIT,
	GC_BY_ISLAND,
	GC_BY_ROCOF,
	GC_BY_SHIFT,
	GC_BY_MEAN,
	GC_BY_MEASUREMENT,
	GC_BY_RIDE_THROUGH,
	GC_BY_WAITING,		/* enter service or reconnection has not been reached */
	GC_BY_ENTER_RAMP,
	GC_BY_LIMIT,
	GC_BY_VOLT_WATT,
	GC_BY_DROOP,
	GC_BY_LFSM_O,
	GC_BY_LFSM_U,
	GC_BY_RAMP,
	GC_BY_CONST_PF,
	GC_BY_CONST_Q,
	GC_BY_VOLT_VAR,
	GC_BY_WATT_VAR,
	GC_BY_COS_PHI,
	GC_BY_CAPABILITY,
	GC_BY_DRM,
	GC_BY_EXPORT,
	GC_BY_UNBALANCE,
	GC_BY_ORDER,
	GC_BY_FAIL_SAFE,	/* what holds since an order or a meter went silent */
	GC_BY_CONSECUTIVE,	/* more disturbances than have to be ridden through */
	GC_REASONS
};

/* Demand-response modes of AS/NZS 4777.2 clause 3.2, a bit each. */
#define GC_DRM(n) (1U << (n))

/**
 * struct gc_input - one step's measurements and wishes
 * @dt_s: since the step before; one engine keeps to nearly one dt
 * @v_pu: rms of each phase, pu of nominal; a charger on one phase uses the first
 * @f_hz: frequency
 * @means: both are means over the step, not of its end: what they say holds from its beginning
 * @p_want_pu: active power wanted, import positive, pu of rated apparent power
 * @q_want_pu: reactive power wanted while no function sets it; NaN: none
 * @p_now_pu: active power at the terminals; NaN: what the engine put out
 * @p_then_pu: likewise at the time @f_hz is about, for the droop's starting power;
 *	NaN: @p_now_pu
 * @p_calm_pu: likewise now, but for what a jump of the grid has just made of it: when a
 *	droop goes over into another, whose power is as late as the frequency; NaN: @p_now_pu
 * @permit: service is permitted
 * @island: loss of mains was detected
 * @shift_deg: largest phase jump since the step before
 * @drm: asserted demand-response modes
 * @site_import_pu: power at the point of connection, NaN: no new value
 * @site_phase_pu: other apparent power of each phase there, NaN: not measured
 * @order_export_pu: largest export an operator allows; NaN: no new order
 * @order_import_pu: largest import likewise
 * @order_q_pu: reactive power an operator asks for, import positive; NaN: none
 */
struct gc_input {
	double dt_s;
	double v_pu[3];
	double f_hz;
	bool means;
	double p_want_pu;
	double q_want_pu;
	double p_now_pu;
	double p_then_pu;
	double p_calm_pu;
	bool permit;
	bool island;
	double shift_deg;
	unsigned int drm;
	double site_import_pu;
	double site_phase_pu[3];
	double order_export_pu;
	double order_import_pu;
	double order_q_pu;
};

/** gc_input_none - a step with nothing but a permit; voltage and frequency missing */
struct gc_input gc_input_none(double dt_s);

/**
 * struct gc_output - what the code makes of it; import positive, pu of rated apparent power
 * @state: of the service
 * @cause: what tripped, GC_BY_NOTHING when not tripped
 * @p_pu: active power at the terminals, response of the current included
 * @q_pu: likewise reactive
 * @p_ask_pu: active power to ask the converter for
 * @q_ask_pu: likewise reactive
 * @p_lo_pu: the active power allowed; equal to @p_hi_pu when the code demands one
 * @p_hi_pu: likewise
 * @p_lo_by: what sets @p_lo_pu, whether the demand comes near it or not
 * @p_hi_by: likewise
 * @p_by: what decided @p_ask_pu
 * @q_by: what decided @q_ask_pu
 * @stay: connected: false asks for the contactors to open
 */
struct gc_output {
	enum gc_state state;
	enum gc_reason cause;
	double p_pu;
	double q_pu;
	double p_ask_pu;
	double q_ask_pu;
	double p_lo_pu;
	double p_hi_pu;
	enum gc_reason p_lo_by;
	enum gc_reason p_hi_by;
	enum gc_reason p_by;
	enum gc_reason q_by;
	bool stay;
};

/* The grid of one step as the functions see it. */
struct gc_grid {
	double v_pu[3];
	double v_low;
	double v_high;
	double v_mean;
	double v1;	/* positive sequence, the angle's origin */
	double v2_re;	/* negative sequence */
	double v2_im;
	double f_hz;
};

/* Bounds of active power in the making, pu of rated active power. */
struct gc_band {
	double lo;
	double hi;
	enum gc_reason lo_by;
	enum gc_reason hi_by;
};

/*
 * Functions narrow the band in rising order of rank: what contradicts an
 * earlier one takes its place.
 */
static inline void gc_band_hi(struct gc_band *band, double hi, enum gc_reason by)
{
	if (!(hi < band->hi))
		return;
	band->hi = hi;
	band->hi_by = by;
	if (band->lo > hi) {
		band->lo = hi;
		band->lo_by = by;
	}
}

static inline void gc_band_lo(struct gc_band *band, double lo, enum gc_reason by)
{
	if (!(lo > band->lo))
		return;
	band->lo = lo;
	band->lo_by = by;
	if (band->hi < lo) {
		band->hi = lo;
		band->hi_by = by;
	}
}

#include "functions.h"

/**
 * struct gridcode - one engine
 *
 * Large because of its delay lines and averages; it belongs into the owner's
 * struct, not on a stack.
 */
struct gridcode {
	struct gc_settings settings;
	struct gc_guard guard;
	struct gc_trip trip;
	struct gc_ride ride;
	struct gc_consecutive consecutive;
	struct gc_enter enter;
	struct gc_power power;
	struct gc_reactive reactive;
	struct gc_current current;
	enum gc_state state;
	enum gc_reason cause;
	double p_out;	/* pu of rated active power */
	double q_out;
	bool began;
};

/**
 * gridcode_init - take settings and start
 * @in_service: true: already in continuous operation; false: waiting to enter
 */
void gridcode_init(struct gridcode *engine, const struct gc_settings *settings, bool in_service);

/** gridcode_change - new settings from the next step on; filters and timers go on */
void gridcode_change(struct gridcode *engine, const struct gc_settings *settings);

/** gridcode_draw - choose the random delay of the next connection, 0 to 1 of its largest */
void gridcode_draw(struct gridcode *engine, double share);

/**
 * gridcode_hold - no power can flow yet: the ramp of entering service waits
 *
 * For a charger whose contactors are still open; to be called after a step.
 */
void gridcode_hold(struct gridcode *engine);

/** gridcode_wait_s - observation and random delay left before service; 0 in service */
double gridcode_wait_s(const struct gridcode *engine);

/** gridcode_step - one step */
void gridcode_step(struct gridcode *engine, const struct gc_input *in, struct gc_output *out);

/* Names are part of the interface. */
const char *gc_state_name(enum gc_state state);
const char *gc_reason_name(enum gc_reason reason);

#endif
