/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside of the control: the whole state, and how its parts call each other.
 * Only code that embeds struct v2x_ctl by value includes this.
 */
#ifndef _V2X_CTL_PRIV_H
#define _V2X_CTL_PRIV_H

#include "v2x_ctl.h"
#include "ctl_set.h"
#include "current_control.h"
#include "dab.h"
#include "dc_bus.h"
#include "dc_link.h"
#include "dcdc.h"
#include "direction.h"
#include "form.h"
#include "grid_tracker.h"
#include "harmonics.h"
#include "island.h"
#include "lom.h"
#include "measure.h"
#include "modulation.h"
#include "pilot.h"
#include "plausible.h"
#include "precharge.h"
#include "protection.h"
#include "residual.h"
#include "ride.h"
#include "sample.h"
#include "schedule.h"
#include "sequencer.h"
#include "setpoint.h"
#include "single.h"
#include "tune.h"
#include "weld.h"

/**
 * struct v2x_ctl_k - everything derived from the description, constant
 * @scale: channels as described, without learned offsets
 * @tracker: and so on: constants of each part
 * @single: with one or two phases
 * @dead: dead-time compensation
 * @p_to_i: 2^17 * 1000 / phases: power over peak voltage to peak current
 * @phases: 1, 2 (split) or 3
 * @has: BIT(enum v2x_adc) of the channels there are
 * @i_max_q8: bound of the current reference, a vector: 1.1 rated
 * @fade_hi_q8: link voltage above which discharging power fades
 * @fade_q30: 1 / the span in which it does, to none
 * @work_turns: BIT(V2X_TURN_*) in which a mains cycle is worked on
 * @has_pilot: V2X_FEATURE_PILOT
 */
struct v2x_ctl_k {
	struct v2x_scale scale[V2X_ADC_COUNT];
	struct v2x_tracker_k tracker;
	struct v2x_current_k cc;
	struct v2x_clean_k clean;
	struct v2x_link_k link;
	struct v2x_dcdc_k dcdc;
	struct v2x_dab_k dab;
	struct v2x_setpoint_k setpoint;
	struct v2x_measure_k measure;
	struct v2x_prot_k prot;
	struct v2x_seq_k seq;
	struct v2x_single_k single;
	struct v2x_dead dead;
	struct v2x_form_k form;
	struct v2x_residual_k residual;
	struct v2x_island_k island;
	struct v2x_precharge_k precharge;
	struct v2x_plausible_k plausible;
	struct v2x_direction_k direction;
	struct v2x_weld_k weld;
	s32 p_to_i;
	u32 phases;
	u32 has;
	s32 i_max_q8;
	s32 fade_hi_q8;
	s32 fade_q30;
	u32 work_turns;
	bool has_pilot;
};

/**
 * struct v2x_ctl - see v2x_ctl.h
 * @desc: of the stage
 * @k: constants
 * @scale: channels, with the offsets learned at standstill
 * @m: measurements of this tick
 * @tracker: and so on: state of each part
 * @lead: turn from the sample to the middle of the pulse it makes, 1.5 samples
 * @tune_next: what v2x_bridge_tune() renews next
 * @i_ref: current reference, d and q, mA Q8
 * @iab: current measured, stationary frame
 * @held: the current reference was limited
 * @fault_lines: as in the last tick
 * @contactors: proven, as in the last tick
 * @limited_by: of the last event
 * @p_sp_mw: set-point of this tick
 * @q_sp_mvar: likewise
 * @pilot_permille: duty commanded
 * @p_inst_mw: instantaneous power
 * @temp_trip_mc: in force
 * @tick: number
 * @t_ns: time
 * @judge: a cycle record is to be judged by the protection
 * @mean: likewise, it is to go into the mean of ten minutes
 * @work: there is something to be done on a cycle or on half of one
 * @tuned: version of the tuning in @k
 */
struct v2x_ctl {
	const struct v2x_stage_desc *desc;
	struct v2x_ctl_k k;
	struct v2x_scale scale[V2X_ADC_COUNT];
	struct v2x_meas m;
	struct v2x_tracker tracker;
	struct v2x_current cc;
	struct v2x_clean clean;
	struct v2x_link link;
	struct v2x_dcdc dcdc;
	struct v2x_dab dab;
	struct v2x_bus bus;
	struct v2x_ref ref;
	struct v2x_measure measure;
	struct v2x_prot prot;
	struct v2x_seq seq;
	struct v2x_ride ride;
	struct v2x_lom lom;
	struct v2x_pilot_decoder pilot;
	struct v2x_single single;
	struct v2x_form form;
	struct v2x_residual residual;
	struct v2x_island_state island;
	struct v2x_precharge precharge;
	struct v2x_plausible plausible;
	struct v2x_direction direction;
	struct v2x_weld weld;
	struct v2x_rot lead;
	u32 tune_next;
	struct v2x_vec i_ref;
	struct v2x_vec iab;
	bool held;
	u32 fault_lines;
	u32 contactors;
	u32 limited_by;
	s32 p_sp_mw;
	s32 q_sp_mvar;
	u32 pilot_permille;
	s32 p_inst_mw;
	s32 temp_trip_mc;
	u64 tick;
	u64 t_ns;
	bool judge;
	bool mean;
	bool work;
	u32 tuned;
};

/* One tick, as its parts hand it on. */
struct v2x_run {
	struct v2x_ctl *c;
	const struct v2x_ctl_set *set;
	const struct v2x_ctl_in *in;
	struct v2x_ctl_out *out;
};

/* tune.c: the constants of another tuning */
void v2x_tune_take(struct v2x_ctl *c, const struct v2x_tuned *t);

/* events.c: one more event of this tick; more than V2X_CTL_EVENTS_MAX are lost */
void v2x_emit(const struct v2x_run *r, const struct v2x_event *e);
void v2x_emit_change(const struct v2x_run *r, u32 type, u32 reason, u32 from, u32 to);

/**
 * v2x_ctl_fault_stands() - would it be in vain to acknowledge?
 * @c: state after a tick
 *
 * A fault line is latched by the stage until it is told to clear it, so it
 * does not count; heat and a contact that did not open do.
 *
 * Return: true while the cause of a fault is still there.
 * Context: any.
 */
bool v2x_ctl_fault_stands(const struct v2x_ctl *c);

#endif /* _V2X_CTL_PRIV_H */
