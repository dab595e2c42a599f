/* SPDX-License-Identifier: GPL-2.0-only */
/* A prepared setting: what the supervisor asked for, in the tick's units. */
#ifndef _V2X_CTL_SET_H
#define _V2X_CTL_SET_H

#include <linux/types.h>

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
 * @v_over_mv: protection; its time in samples next to it
 * @v_under_mv: likewise
 * @f_over_mhz: likewise
 * @f_under_mhz: likewise
 * @i_trip_q8: peak, mA Q8
 * @vdc_over_q8: mV Q8
 * @vdc_under_q8: mV Q8
 * @i_ev_trip_q8: mA Q8
 * @r_iso_min_ohm: to start
 * @temp_trip_mc: heat sink
 * @pilot_permille: duty
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
	s32 v_over_mv;
	u32 v_over_ticks;
	s32 v_under_mv;
	u32 v_under_ticks;
	s32 f_over_mhz;
	u32 f_over_ticks;
	s32 f_under_mhz;
	u32 f_under_ticks;
	s32 i_trip_q8;
	s32 vdc_over_q8;
	s32 vdc_under_q8;
	s32 i_ev_trip_q8;
	s32 r_iso_min_ohm;
	s32 temp_trip_mc;
	u32 pilot_permille;
};

#endif /* _V2X_CTL_SET_H */
