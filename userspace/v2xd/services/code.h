/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The grid code as a service of rank gridcode: the engine of
 * userspace/gridcode once a mains cycle, its result an envelope.
 *
 * Pure: a cycle record and the demand in, an envelope and a report out. The
 * kernel keeps what must be faster, as a protection table of the same profile.
 */
#ifndef V2XD_SERVICES_CODE_H
#define V2XD_SERVICES_CODE_H

#include <stdbool.h>
#include <stdint.h>

#include "../../gridcode/charger.h"
#include "../dispatch/dispatch.h"
#include "code_input.h"

/**
 * struct code_setting - what is in force
 * @enable: false: no grid code
 * @charger: what it is applied to
 * @settings: of the profile, for this charger
 * @draw: 0 to 1: share of the largest random delay; drawn by the caller
 * @drm: demand-response modes that hold as the engine starts
 * @withheld: likewise, service is not permitted
 * @anew: out of service, it is entered as at a first start: a self-test tripped
 */
struct code_setting {
	struct gc_settings settings;
	double draw;
	struct gc_charger charger;
	uint32_t drm;
	bool withheld;
	bool enable;
	bool anew;
};

/**
 * struct code_seen - one look at the charger and at what is wanted of it
 * @cycle: NULL: none came
 * @status_state: V2X_STATE_* when there is no cycle
 * @fault: latched reason of the device, 0: none
 * @dt_ns: since the step before
 * @demand: what the others would make the set-point
 * @order_p: limits of the operator, for the function [order]; has none if unlimited
 * @ordered: the operator's limits are in force
 * @order_new: it has just said them, or said them again
 */
struct code_seen {
	const struct v2x_cycle *cycle;
	uint64_t dt_ns;
	struct gc_demand demand;
	struct dispatch_band order_p;
	uint32_t state;
	uint32_t fault;
	bool ordered;
	bool order_new;
};

/**
 * struct code_report - for people: the operating point and what limits
 * @env: the envelope, with the functions
 * @wait_s: until service, when out of it
 * @v_pu: @f_hz: as measured, NaN: missing
 * @demand: what was wanted
 * @p_mw: @q_mvar: what flows
 * @state: @cause: of the engine
 * @doubt: bits of enum gc_doubt
 * @tripped_by: V2X_REASON_* of the kernel, when it tripped and the engine did not
 * @drm: @permit: as heard last
 * @near: out of service, but near enough to it to come to READY
 * @waits: the charger is not to be connected: V2X_SETPOINT_WAIT
 * @at_once: another power within @env may be followed before the next cycle
 * @on: a code is in force and has made a step
 */
struct code_report {
	struct gc_envelope env;
	double wait_s;
	double v_pu[3];
	double f_hz;
	struct gc_demand demand;
	int32_t p_mw;
	int32_t q_mvar;
	enum gc_state state;
	enum gc_reason cause;
	unsigned int doubt;
	uint32_t tripped_by;
	uint32_t drm;
	bool permit;
	bool near;
	bool waits;
	bool at_once;
	bool on;
};

/** struct code - the service; large, belongs into its owner */
struct code {
	struct code_setting setting;
	struct gridcode engine;
	struct gc_steady steady;
	struct gc_input in;
	struct gc_output out;
	struct code_input said;		/* what holds; has_site: not seen by a step yet */
	char trip_why[GC_WHY_LEN];	/* as things stood when service ended */
	uint32_t tripped_by;	/* the kernel's reason, while out of service for it */
	uint64_t fault_ns;	/* how long the kernel has been tripped by the grid */
	uint64_t phases_ns;	/* since the phases were said */
	int32_t p_mw;		/* active power of the last cycle */
	bool ordered;		/* the engine has been told of the operator's limits */
};

/**
 * code_set - take a setting; nothing of the state is lost when a code was in force
 * @running: power flows already: service is not entered anew
 */
void code_set(struct code *code, const struct code_setting *setting, bool running);

/** code_hear - demand-response modes, a meter's reading, a permit */
void code_hear(struct code *code, const struct code_input *input);

/**
 * code_step - one mains cycle, or the time that went by without one
 *
 * When the kernel has been tripped by the grid for longer than the engine
 * needs to find the cause itself, the engine leaves service too, so that the
 * observation before reconnection begins.
 */
void code_step(struct code *code, const struct code_seen *seen, struct code_report *report);

/** code_envelope - for the arbiter; false: nothing to say */
bool code_envelope(const struct code_report *report, struct dispatch_envelope *envelope);

#endif
