/* SPDX-License-Identifier: GPL-2.0-only */
/* A prepared setting: what the supervisor asked for, in the tick's units. */
#ifndef _V2X_CTL_SET_H
#define _V2X_CTL_SET_H

#include <linux/types.h>
#include <linux/v2x.h>
#include "tune.h"

/* Of the alternating residual current, each slower and lower than the next. */
#define V2X_RESIDUAL_STAGES	3
#include "fixed.h"

/**
 * struct v2x_span - values from ... to
 * @lo: least
 * @hi: greatest
 */
struct v2x_span {
	s32 lo;
	s32 hi;
};

/**
 * struct v2x_stage_set - one stage of the protection table
 * @limit: threshold in the units in which the quantity is summed up, per unit
 *	of its weight; see struct v2x_quant
 * @back: likewise, to be back in range: hysteresis
 * @ticks: from the end of the window that saw it to the clearing time
 * @recip_q40: V2X_PROT_ROCOF: makes mHz/s of what is compared
 * @threshold: as given
 * @quantity: enum v2x_prot_quantity
 * @action: enum v2x_prot_action
 * @under: below is bad
 * @halves: window in half cycles
 */
struct v2x_stage_set {
	s64 limit;
	s64 back;
	u32 ticks;
	u32 recip_q40;
	s32 threshold;
	u8 quantity;
	u8 action;
	u8 under;
	u8 halves;
};

/**
 * struct v2x_table_set - the protection table
 * @count: stages
 * @hash: of the table
 * @v_peak_q8: of the instantaneous stage, mV Q8
 * @v_peak_ticks: samples in a row, at least 3
 * @ride_ticks: longest that a low voltage must be borne
 * @low_ticks: time that the table bears a phase that is hardly there, and some
 * @return_ticks: back in range before momentary cessation ends
 * @recover_q16: power a step of V2X_OUTER_TICKS after it, mW Q16
 * @support_q16: reactive current for voltage beyond the dead band, A/V Q16
 * @support_max_q8: most of it, rated peak, mA Q8
 * @support_lo_q8: lower end of the dead band, peak, mV Q8
 * @support_hi_q8: upper end
 * @support_jump_q8: added to what is beyond either end
 * @q_first_mvar: reactive power that goes before active power
 * @lom_gain_q16: active loss-of-mains detection, mvar a mHz Q16
 * @lom_q_mvar: most it uses; 0: off
 * @stage: the others
 */
struct v2x_table_set {
	u32 count;
	u64 hash;
	s32 v_peak_q8;
	u32 v_peak_ticks;
	u32 ride_ticks;
	u32 low_ticks;
	u32 return_ticks;
	s64 recover_q16;
	s32 support_q16;
	s32 support_max_q8;
	s32 support_lo_q8;
	s32 support_hi_q8;
	s32 support_jump_q8;
	s32 q_first_mvar;
	s32 lom_gain_q16;
	s32 lom_q_mvar;
	struct v2x_stage_set stage[V2X_PROT_ENTRIES];
};

/**
 * struct v2x_form_set - how a voltage is formed and an island left
 * @w0_q12: frequency without power, 2^44ths of a turn a sample
 * @v0_q8: voltage without reactive power, peak, mV Q8
 * @mp_q20: 2^44ths of a turn a sample for a mW, Q20
 * @nq_q20: mV Q8 for a mvar, Q20
 * @leave_lo2: square of the magnitude at which the utility is left, mV^2
 * @leave_hi2: likewise, above
 * @leave_ticks: time below
 * @join_ticks: time the utility must be in order
 * @join_lo_q8: least peak voltage of the utility, mV Q8
 * @join_hi_q8: most
 * @join_w_lo_q12: least frequency of the utility
 * @join_w_hi_q12: most
 * @join_v_q8: voltage difference to close at, peak
 * @join_w_q12: frequency difference
 * @join_theta: angle difference, 2^32 a turn
 * @ramp_q8: black start: voltage a step of V2X_OUTER_TICKS samples
 * @swing_q20: machine: what a mW adds to its frequency in such a step, Q20
 * @brake_q30: what of its deviation a step takes, for the droop
 * @damp_q30: what of the difference to the terminals' frequency a step takes
 * @zv_q16: resistance and reactance the voltage is formed behind, ohm
 */
struct v2x_form_set {
	s64 w0_q12;
	long v0_q8;
	s32 mp_q20;
	s32 nq_q20;
	s64 leave_lo2;
	s64 leave_hi2;
	u32 leave_ticks;
	u32 join_ticks;
	s32 join_lo_q8;
	s32 join_hi_q8;
	s64 join_w_lo_q12;
	s64 join_w_hi_q12;
	s32 join_v_q8;
	s32 join_theta;
	s64 join_w_q12;
	s32 ramp_q8;
	s32 swing_q20;
	s32 brake_q30;
	s32 damp_q30;
	struct v2x_vec zv_q16;
};

/**
 * struct v2x_bus_set - how the voltage of the DC bus is held, see dc_bus.h
 * @e0: squared voltage without power, 2^10 mV^2
 * @lo: likewise, below which nothing charges from it
 * @hi: above which nothing discharges into it
 * @lag: so far behind on the way up is held up
 * @slope: of its way up, a step of V2X_OUTER_TICKS samples
 * @droop_q30: mW per mV^2
 * @fade_q30: likewise, of what a bus out of range leaves
 * @v_mv: voltage without power
 */
struct v2x_bus_set {
	s64 e0;
	s64 lo;
	s64 hi;
	s64 lag;
	s64 slope;
	s32 droop_q30;
	s32 fade_q30;
	s32 v_mv;
};

/**
 * struct v2x_ctl_set - see struct v2x_ctl_user for the meaning of each
 * @valid_until_tick: set-point is zero after it
 * @lease_until_tick: ramp down after it
 * @ramp_q16: mW (mvar) a step of V2X_OUTER_TICKS, Q16
 * @p_sp_mw: set-point
 * @q_sp_mvar: likewise
 * @cause: of the set-point
 * @p_import_max_mw: limit
 * @p_export_max_mw: limit, positive
 * @q_max_mvar: limit
 * @i_peak_ma: limit of the phase current, peak
 * @i_ev_charge_max_ma: limit
 * @i_ev_discharge_max_ma: limit
 * @v_ev_min_mv: limit
 * @v_ev_max_mv: limit
 * @i_trip_q8: peak, mA Q8
 * @vdc_over_q8: mV Q8
 * @vdc_under_q8: mV Q8
 * @i_ev_trip_q8: mA Q8
 * @i_look_q8: phase currents beyond it are judged: the trip or the sensor's range
 * @v_look_q8: grid voltages
 * @vdc_look: link voltages outside it, with the gates on
 * @iev_look: currents of the output
 * @r_iso_min_ohm: to start
 * @temp_trip_mc: heat sink
 * @derate_q16: power a millikelvin between the start of derating and the trip, mW Q16
 * @residual_dc_q24: most direct residual current, mA Q24
 * @residual_ac2: most alternating one of each stage, squared, mA Q8 times samples
 * @pilot_permille: duty
 * @form: the bridge is to form the voltage
 * @vsm: as a synchronous machine
 * @island: a lost grid is no end: go on alone
 * @wait: a start comes to READY and no farther
 * @dc: a start comes to DC_RUN
 * @bus_form: the voltage of the DC bus is to be held
 * @forming: how
 * @table: stages of the grid protection
 * @bus: DC bus
 * @tuned: constants of the control; stays from one setting to the next
 */
struct v2x_ctl_set {
	u64 valid_until_tick;
	u64 lease_until_tick;
	s64 ramp_q16;
	s32 p_sp_mw;
	s32 q_sp_mvar;
	u32 cause;
	s32 p_import_max_mw;
	s32 p_export_max_mw;
	s32 q_max_mvar;
	s32 i_peak_ma;
	s32 i_ev_charge_max_ma;
	s32 i_ev_discharge_max_ma;
	s32 v_ev_min_mv;
	s32 v_ev_max_mv;
	s32 i_trip_q8;
	s32 vdc_over_q8;
	s32 vdc_under_q8;
	s32 i_ev_trip_q8;
	s32 i_look_q8;
	s32 v_look_q8;
	struct v2x_span vdc_look;
	struct v2x_span iev_look;
	s32 r_iso_min_ohm;
	s32 temp_trip_mc;
	s32 derate_q16;
	s32 residual_dc_q24;
	s64 residual_ac2[V2X_RESIDUAL_STAGES];
	u32 pilot_permille;
	bool form;
	bool vsm;
	bool island;
	bool wait;
	bool dc;
	bool bus_form;
	struct v2x_bus_set bus;
	struct v2x_form_set forming;
	struct v2x_table_set table;
	struct v2x_tuned tuned;
};

#endif /* _V2X_CTL_SET_H */
