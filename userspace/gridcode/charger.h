/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between the engine and a charger: per-unit in SI integers out, and back.
 *
 * Pure, like the engine: no clock, no file, no allocation. Power is import
 * positive on both sides. The charger's own current limit and response come
 * after the set-point, so the engine is told of none.
 */
#ifndef GRIDCODE_CHARGER_H
#define GRIDCODE_CHARGER_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/v2x.h>

#include "gridcode.h"
#include "profile.h"

#define GC_WHY_LEN 64
#define GC_SWITCHING_US 20000
#define GC_HASTE_PERMILLE 350
/* Below this voltage neither the kernel judges a frequency. */
#define GC_ANGLE_PU 0.15

/**
 * struct gc_charger - what the code has to know of a charger
 * @phases: 1, 2 (split phase) or 3
 * @f_nominal_mhz: rated frequency
 * @v_nominal_mv: phase to neutral; a per-unit voltage is of this
 * @i_rated_ma: of a phase
 * @s_rated_mva: a per-unit power is of this
 * @p_import_max_mw: largest charging power
 * @p_export_max_mw: largest discharging power, as a positive number
 * @q_max_mvar: either way
 * @switching_us: from gates off to no current at the terminals; taken off
 *	every clearing time of a trip
 * @haste_permille: responses to frequency take this part of the time the code
 *	gives them, which is the longest allowed; the rest is left to measuring
 *	and to the converter. Reactive responses are as set: there the time is a
 *	filter that neighbours count on.
 * @narrow: the external signal of CEI 0-21 is on: the narrow frequency window
 *	holds, in the engine and in the table
 */
struct gc_charger {
	uint32_t phases;
	uint32_t f_nominal_mhz;
	uint32_t v_nominal_mv;
	uint32_t i_rated_ma;
	uint32_t s_rated_mva;
	uint32_t p_import_max_mw;
	uint32_t p_export_max_mw;
	uint32_t q_max_mvar;
	uint32_t switching_us;
	uint32_t haste_permille;
	bool narrow;
};

/** gc_charger_of - from what the device says of itself; GC_SWITCHING_US, GC_HASTE_PERMILLE */
struct gc_charger gc_charger_of(const struct v2x_info *info);

/**
 * gc_charger_settings - settings of a profile for this charger
 * @settings: written: those of @profile, [rating] narrowed to the charger's own
 * @error: GC_ERROR_LEN bytes
 *
 * Return: 0; -EINVAL when the code is for another frequency.
 */
int gc_charger_settings(const struct gc_charger *charger, const struct gc_profile *profile,
			struct gc_settings *settings, char *error);

/**
 * struct gc_demand - what is wanted of the charger while nothing limits it
 * @p_mw: active power
 * @q_mvar: reactive power, if @q_given
 * @q_given: somebody asks for reactive power
 * @permit: service is permitted
 * @island: the kernel tripped on loss of mains, or on a stage only it watches
 */
struct gc_demand {
	int32_t p_mw;
	int32_t q_mvar;
	bool q_given;
	bool permit;
	bool island;
};

/* What of a cycle could not be used, a bit each. */
enum gc_doubt {
	GC_DOUBT_CYCLE		= 1 << 0, /* there is none */
	GC_DOUBT_VOLTAGE	= 1 << 1, /* below zero or beyond any sensor */
	GC_DOUBT_FREQUENCY	= 1 << 2, /* no grid has it */
};

/**
 * gc_charger_input - one mains cycle as the engine's input
 * @cycle: NULL: none came; the measurement is missing then
 * @dt_s: since the step before; kept within 1 ms .. 1 s
 * @in: written; what is in doubt is not a number there
 *
 * Below 0.15 of the nominal voltage a frequency is not judged, by the kernel
 * neither: the nominal one stands for it. A split-phase charger has one
 * voltage, the one of its two that is farther off.
 *
 * Return: bits of enum gc_doubt.
 */
unsigned int gc_charger_input(const struct gc_charger *charger, const struct v2x_cycle *cycle,
			      const struct gc_demand *demand, double dt_s, struct gc_input *in);

/** gc_no_angle - no phase has the voltage that a frequency needs */
bool gc_no_angle(const double *v_pu);

/* Cycles by which a frequency is late: a mean over one, and the tracker before it. */
#define GC_FREQUENCY_AGE 2

/**
 * struct gc_steady - when a frequency could be measured last; begins as zero
 * @v_pu: of the cycle before
 * @moved_pu: how far it has gone since it began to move
 * @f_hz: frequency before that; 0: none yet
 * @raw_hz: as measured last
 * @step_hz: change of that in the last cycle
 * @before_hz: and in the one before
 * @held_s: for how long this has stood for what is measured
 * @left: cycles until the tracker has settled
 * @p_pu: power of the last cycles, the newest first
 */
struct gc_steady {
	double v_pu[3];
	double moved_pu;
	double f_hz;
	double raw_hz;
	double step_hz;
	double before_hz;
	double held_s;
	unsigned int left;
	double p_pu[GC_FREQUENCY_AGE];
};

/**
 * gc_steady_step - after gc_charger_input(): no frequency from a jump of the voltage
 * @in: its f_hz is replaced by the last one from before while a voltage moves by more
 *	than 0.006 pu from cycle to cycle and four cycles more, if it is off by
 *	no more than 10 Hz for each pu the voltage has gone; and below 0.15 pu. Its
 *	p_then_pu becomes the power of GC_FREQUENCY_AGE cycles ago, or of before the jump:
 *	a droop starts from what flowed when the frequency left, not from what came of it
 *
 * A jump of 0.45 pu reads as 0.6 Hz for two cycles: enough to leave every dead band, and
 * to start a droop from a power that nobody chose. IEEE 1547-2018 table 3 grants
 * the frequency five cycles. At most 0.2 s: a voltage that moves longer is a slope.
 * Trips by frequency that must not wait are the kernel's.
 */
void gc_steady_step(const struct gc_charger *charger, struct gc_steady *steady,
		    struct gc_input *in);

/**
 * struct gc_envelope - a step's result as whole mW and mvar
 * @p_lo_mw: @p_hi_mw: active power allowed, lo <= hi; bounds are rounded
 *	towards zero, so that a limit of zero is zero and none grows
 * @p_want_mw: what the code makes of the demand
 * @p_decides: it is not the demand: @p_want_mw has to be followed
 * @q_lo_mvar: @q_hi_mvar: @q_want_mvar: @q_decides: likewise reactive power
 * @p_bounds: a function of the code, not the rating, sets a bound of active power
 * @connect: false: cease and open, service has not been entered
 * @p_by: @q_by: the function
 * @p_why: @q_why: for a person, "lfsm-o at 50.700 Hz"; "within enter-ramp": a bound
 *	that the demand keeps to anyhow
 */
struct gc_envelope {
	int32_t p_lo_mw;
	int32_t p_hi_mw;
	int32_t p_want_mw;
	int32_t q_lo_mvar;
	int32_t q_hi_mvar;
	int32_t q_want_mvar;
	enum gc_reason p_by;
	enum gc_reason q_by;
	bool p_decides;
	bool q_decides;
	bool p_bounds;
	bool connect;
	char p_why[GC_WHY_LEN];
	char q_why[GC_WHY_LEN];
};

/** gc_charger_envelope - @in is the input that led to @out */
void gc_charger_envelope(const struct gc_charger *charger, const struct gc_input *in,
			 const struct gc_output *out, struct gc_envelope *env);

/**
 * gc_charger_at_once - a new demand may be followed before the next step
 * @env: of the last one
 *
 * In service, and neither a slope nor a function that sets the power comes between the
 * demand and the converter: what is asked for within @env's bounds, the code will grant.
 */
bool gc_charger_at_once(const struct gridcode *engine, const struct gc_envelope *env);

/**
 * gc_charger_prepares - service is near, or would be at once: start, as far as READY
 * gc_charger_waits - it has not come: V2X_SETPOINT_WAIT
 *
 * The grid contactor closes no sooner than the code permits: V2X_SETPOINT_WAIT goes
 * 40 ms before, and until then two contactors have to follow each other, the
 * first of which connects the filter through the precharge resistors.
 */
bool gc_charger_prepares(const struct gridcode *engine);
bool gc_charger_waits(const struct gridcode *engine);

/**
 * gc_charger_table - the stages that must not wait for a supervisor
 * @table: written: trips by voltage, frequency, rate of change, phase jump and
 *	10-minute voltage, cessation, support, loss of mains; ready to be set
 * @error: GC_ERROR_LEN bytes: the entry, its clause, and what cannot be measured
 *
 * Clearing times are those of the code less the switching time and the latest
 * the kernel may be (Documentation/protection.rst); the times of a relay are
 * taken as they are. A stage that another one
 * of its kind always precedes is left out. What the profile gives no time for
 * gets the shortest that can be measured.
 *
 * Return: 0, or -ERANGE with @error filled in.
 */
int gc_charger_table(const struct gc_charger *charger, const struct gc_profile *profile,
		     struct v2x_prot_table *table, char *error);

#endif
