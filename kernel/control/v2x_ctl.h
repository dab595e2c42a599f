/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The control of one charger, as a pure state machine.
 *
 * Samples, commands and a tick number in; gate command, telemetry and events
 * out. No kernel call, no allocation, no floating point, no global. The same
 * files build into the module, into KUnit and into a user-space library.
 *
 * v2x_ctl_tick() contains no division and no loop whose bound is not a
 * constant. Everything that needs a division is done beforehand, in process
 * context, by v2x_ctl_init() and v2x_ctl_prepare().
 */
#ifndef _V2X_CTL_H
#define _V2X_CTL_H

#include <linux/bits.h>
#include <v2x/stage_desc.h>
#include "tune.h"

#define V2X_CTL_EVENTS_MAX	8	/* a tick */

struct v2x_ctl;		/* defined in ctl_priv.h; embed by value */
struct v2x_ctl_set;	/* likewise: a prepared, immutable setting */

/**
 * struct v2x_ctl_user - what the supervisor has asked for, in uapi terms
 * @setpoint: p_mw, q_mvar, ramp, cause as in the uapi
 * @limits: in force
 * @protection: in force
 * @table: in force; count 0: the default, see v2x_prot_table_default()
 * @forming: in force
 * @valid_until_tick: tick after which the set-point is zero; U64_MAX: never
 * @lease_until_tick: tick at which the lease runs out; U64_MAX: none runs
 * @pilot_permille: control pilot duty
 * @tune: parameters of the control, by v2x_tune_set()
 */
struct v2x_ctl_user {
	struct v2x_setpoint setpoint;
	struct v2x_limits limits;
	struct v2x_protection protection;
	struct v2x_prot_table table;
	struct v2x_forming forming;
	u64 valid_until_tick;
	u64 lease_until_tick;
	u32 pilot_permille;
	struct v2x_tune_user tune;
};

/* Requests to the sequencer, consumed once; several may be set together. */
#define V2X_CTL_REQ_START	BIT(0)
#define V2X_CTL_REQ_STOP	BIT(1)	/* reason in v2x_ctl_in.req_reason */
#define V2X_CTL_REQ_ACK		BIT(2)
#define V2X_CTL_REQ_TRIP	BIT(3)	/* fault with req_reason, at once */
#define V2X_CTL_REQ_BLACK	BIT(4)	/* start without a grid */

/**
 * struct v2x_ctl_in - one period's input
 * @samples: from the stage
 * @tick: number of this tick
 * @t_ns: its time
 * @requests: V2X_CTL_REQ_*
 * @req_reason: enum v2x_reason behind STOP or TRIP
 * @req_cause: caller's cause, copied into events
 * @missed: periods skipped before this one
 */
struct v2x_ctl_in {
	struct v2x_samples samples;
	u64 tick;
	u64 t_ns;
	u32 requests;
	u32 req_reason;
	u32 req_cause;
	u32 missed;
};

/**
 * struct v2x_ctl_out - one period's output
 * @gate: for the stage
 * @sample: record of the waveform ring, complete
 * @cycle: record of the cycle ring, valid when @cycle_done
 * @cycle_done: a mains cycle ended (or 20 ms went by without one)
 * @tripped: this tick latched a fault: freeze the recorder
 * @event: events of this tick; seq is left zero
 * @event_count: how many
 */
struct v2x_ctl_out {
	struct v2x_gate_cmd gate;
	struct v2x_sample sample;
	struct v2x_cycle cycle;
	bool cycle_done;
	bool tripped;
	u32 event_count;
	struct v2x_event event[V2X_CTL_EVENTS_MAX];
};

/**
 * v2x_ctl_init() - state at power-on: IDLE, gates off, contactors open
 * @c: to be initialised
 * @desc: of the stage; referenced until the end
 *
 * Return: 0 or -EINVAL when the description cannot be controlled.
 * Context: process.
 */
int v2x_ctl_init(struct v2x_ctl *c, const struct v2x_stage_desc *desc);

/**
 * v2x_ctl_default() - limits and protection a stage starts with
 * @desc: of the stage
 * @user: filled in: no set-point, no lease, limits = ratings, protection
 *	wide enough for EN 50549-1 ride-through
 */
void v2x_ctl_default(const struct v2x_stage_desc *desc, struct v2x_ctl_user *user);

/**
 * v2x_ctl_check() - may this be given to the control?
 * @desc: of the stage
 * @user: all of it is checked but the table, see v2x_prot_table_check()
 * @field: on error: name of the offending field, for the log; may be NULL
 *
 * Return: 0, -EINVAL (malformed), -ERANGE (beyond the ratings).
 */
int v2x_ctl_check(const struct v2x_stage_desc *desc, const struct v2x_ctl_user *user,
		  const char **field);

/**
 * v2x_ctl_prepare() - derive the fixed-point setting of a checked request
 * @c: initialised; only its constant part is read
 * @user: checked
 * @set: filled in; zeroed before its first use. Once handed to a tick it must
 *	not be written until a later tick was given another one.
 *
 * Context: process; divides.
 */
void v2x_ctl_prepare(const struct v2x_ctl *c, const struct v2x_ctl_user *user,
		     struct v2x_ctl_set *set);

/**
 * v2x_ctl_tick() - one control period
 * @c: state
 * @set: prepared setting
 * @in: input
 * @out: written completely (events up to event_count only; cycle only when
 *	cycle_done)
 *
 * Context: any, hard interrupt.
 */
void v2x_ctl_tick(struct v2x_ctl *c, const struct v2x_ctl_set *set,
		  const struct v2x_ctl_in *in, struct v2x_ctl_out *out);

/**
 * v2x_ctl_status() - fill in the control's part of the status page
 * @c: state after v2x_ctl_tick()
 * @st: everything from tick to e_export_mj but claimed, cause, lease_left_ms
 *	and seq, size
 *
 * Context: any, hard interrupt; no division.
 */
void v2x_ctl_status(const struct v2x_ctl *c, struct v2x_status *st);

#endif /* _V2X_CTL_H */
