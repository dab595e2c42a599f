/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sequence from idle to power and back, as a table of states.
 *
 * IDLE -> SELF_TEST -> INSULATION -> PRECHARGE -> CONTACTOR -> SYNC -> RUN
 * -> RAMP_DOWN -> IDLE. Any of them goes to FAULT in the tick of a trip, and
 * FAULT goes to IDLE when it is acknowledged and its cause is gone.
 */
#ifndef _V2X_SEQUENCER_H
#define _V2X_SEQUENCER_H

#include <linux/v2x.h>
#include "fixed.h"
#include "protection.h"
#include "setpoint.h"

struct v2x_run;

/**
 * struct v2x_seq_k - times in steps of V2X_OUTER_TICKS samples, levels
 * @timeout: of each state, 0: none
 * @contact_ticks: for a contact to follow its coil, proven
 * @ms_q16: steps a millisecond, Q16
 * @offset_max_q8: largest sensor offset at standstill, 5 % of rated peak
 * @dc_max_q8: largest offset seen in the grid voltages, 8 % of nominal peak
 * @match_mv: output and vehicle agree within this
 * @match_ma: current limit while they are made to
 * @link_ok_q8: link this near to its nominal voltage is ready
 */
struct v2x_seq_k {
	u32 timeout[V2X_STATE_COUNT];
	u32 contact_ticks;
	u32 ms_q16;
	s32 offset_max_q8;
	s32 dc_max_q8;
	s32 match_mv;
	s32 match_ma;
	s32 link_ok_q8;
};

/**
 * struct v2x_seq - state
 * @state: enum v2x_state
 * @reason: enum v2x_reason of the last transition
 * @fault: enum v2x_reason latched, or 0
 * @cause: of the request that started the sequence
 * @sub: step within the state
 * @ticks: steps since the state was entered
 * @count: steps a condition has held
 * @coils: contactors to be closed
 * @gates: the AC bridge switches
 * @dcdc: the DC/DC switches
 * @dcdc_v_mv: output matching, see struct v2x_gate_cmd
 * @mode: what the power reference does
 * @black: this start has no grid
 * @waits: this start waits in READY
 * @dc: this start is for the DC bus; until IDLE or FAULT
 * @clear: tell the stage to release its fault lines
 * @ack_ticks: steps since ACK was asked for, 0: none
 * @proven: contacts that were proven closed since their coil is on
 * @lost_ticks: steps in a row in which one of them was not
 * @mark_q8: link voltage 20 ms ago
 * @offset_sum: of the currents at standstill
 */
struct v2x_seq {
	u32 state;
	u32 reason;
	u32 fault;
	u32 cause;
	u32 sub;
	u32 ticks;
	u32 count;
	u32 coils;
	bool gates;
	bool dcdc;
	bool clear;
	bool black;
	bool waits;
	bool dc;
	s32 dcdc_v_mv;
	enum v2x_ref_mode mode;
	u32 ack_ticks;
	u32 proven;
	u32 lost_ticks;
	long mark_q8;
	s64 offset_sum[4];
};

/* Milliseconds in steps of the sequencer. */
static __always_inline u32 v2x_seq_ms(const struct v2x_seq_k *k, u32 ms)
{
	return (u32)(((u64)ms * k->ms_q16) >> 16);
}

/* Another step within the state; @ticks and @count begin anew. */
static __always_inline void v2x_seq_sub(struct v2x_seq *s, u32 sub)
{
	s->sub = sub;
	s->count = 0;
	s->ticks = 0;
}

/* Has the condition held for so many steps in a row? They are counted in @count. */
static __always_inline bool v2x_seq_held(u32 *count, bool condition, u32 steps)
{
	*count = condition ? *count + 1 : 0;
	return *count >= steps;
}

void v2x_seq_init(struct v2x_seq_k *k, struct v2x_seq *s, const struct v2x_stage_desc *desc);

/**
 * v2x_seq_trip() - latch a fault: gates off and contactors open in this tick
 * @r: the tick
 * @t: why
 */
void v2x_seq_trip(const struct v2x_run *r, const struct v2x_trip *t);

/**
 * v2x_seq_fail() - likewise, of a step that has failed
 * @r: the tick
 * @reason: enum v2x_reason
 * @value: measured
 * @limit: expected
 *
 * Return: the state to be in, FAULT.
 */
u32 v2x_seq_fail(const struct v2x_run *r, u32 reason, s64 value, s64 limit);

/**
 * v2x_seq_contact() - close a contact, and see that it follows within contact_ticks
 * @r: the tick
 * @contact: V2X_CONTACTOR_*
 * @reason: of the trip when it does not
 *
 * Return: it has followed.
 */
bool v2x_seq_contact(const struct v2x_run *r, u32 contact, u32 reason);

/**
 * v2x_seq_step() - requests, lease, vehicle, and the step of the state
 *
 * Called every V2X_OUTER_TICKS samples, and at once when there are requests.
 * @r: the tick
 */
void v2x_seq_step(const struct v2x_run *r);

#endif /* _V2X_SEQUENCER_H */
