/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a power stage is: ratings, channels and plant values, as data.
 *
 * Shared by the stage drivers, the core and the control code, in the kernel
 * and in user space. Signs and units as in uapi/linux/v2x.h.
 */
#ifndef _V2X_STAGE_DESC_H
#define _V2X_STAGE_DESC_H

#include <linux/types.h>
#include <linux/v2x.h>

/*
 * Every stage delivers its samples in this order; a channel it does not have
 * is left out of adc_present. Currents are those of the converter side
 * inductor, positive from the grid into the converter.
 */
enum v2x_adc {
	V2X_ADC_V_GRID_A,	/* phase to neutral, grid side of the contactor */
	V2X_ADC_V_GRID_B,
	V2X_ADC_V_GRID_C,
	V2X_ADC_I_A,
	V2X_ADC_I_B,
	V2X_ADC_I_C,
	V2X_ADC_V_DC_LINK,
	V2X_ADC_V_EV,		/* converter side of the vehicle contactor */
	V2X_ADC_I_EV,		/* into the vehicle positive */
	V2X_ADC_TEMP,		/* heat sink */
	V2X_ADC_R_ISO,		/* insulation resistance of the DC output */
	V2X_ADC_CP_HIGH,	/* control pilot, top of the pulse */
	V2X_ADC_CP_LOW,		/* control pilot, bottom of the pulse */
	V2X_ADC_V_VEHICLE,	/* vehicle side of the vehicle contactor */
	V2X_ADC_RESIDUAL,	/* residual current of the grid side, AC and DC */
	V2X_ADC_V_UTIL_A,	/* phase to neutral, utility side of the island switch */
	V2X_ADC_V_UTIL_B,
	V2X_ADC_V_UTIL_C,
	V2X_ADC_COUNT
};

enum v2x_unit {
	V2X_UNIT_VOLT,
	V2X_UNIT_AMPERE,
	V2X_UNIT_CELSIUS,
	V2X_UNIT_OHM,
};

/**
 * struct v2x_adc_desc - one ADC channel
 * @name: as in the board's schematic
 * @unit: enum v2x_unit
 * @scale_n: nano-units a count
 * @offset_n: nano-units at count zero
 * @raw_min: lowest count
 * @raw_max: highest count; a sample at either end is out of range
 */
struct v2x_adc_desc {
	const char *name;
	enum v2x_unit unit;
	s64 scale_n;
	s64 offset_n;
	s32 raw_min;
	s32 raw_max;
};

/**
 * struct v2x_plant - values the control gains are derived from
 * @l1_nh: converter side inductor
 * @r1_uohm: its resistance
 * @c_nf: filter capacitor
 * @l2_nh: grid side inductor
 * @c_dc_nf: DC link capacitor
 * @r_precharge_mohm: precharge resistor
 * @contactor_ms: longest operate time of a contactor
 * @island_us: of the island switch, either way; V2X_FEATURE_ISLAND_SWITCH
 * @dead_ns: dead time of a leg, what its transistors do not take of it; 0: the
 *	stage compensates itself, or makes what it is told
 * @i_zero_ma: below this current the charge of the transistors decides; the
 *	error of the dead time is proportional there
 * @r_discharge_ohm: across the DC link while no coil is energised; 0: none
 * @r_out_ohm: across the output; 0: none
 */
struct v2x_plant_values {
	u32 l1_nh;
	u32 r1_uohm;
	u32 c_nf;
	u32 l2_nh;
	u32 c_dc_nf;
	u32 r_precharge_mohm;
	u32 contactor_ms;
	u32 island_us;
	u32 dead_ns;
	u32 i_zero_ma;
	u32 r_discharge_ohm;
	u32 r_out_ohm;
};

/**
 * struct v2x_dab_values - the isolated DC/DC, if it is a dual active bridge
 * @l_nh: inductance that counts for the power, seen from the link: of the leakage
 *	L and the magnetizing inductance Lm between its halves L + L^2 / (4 Lm);
 *	0: the stage modulates by itself and is told a power or a voltage
 * @n_permille: turns of the link's winding for 1000 of the output's
 * @f_hz: switching frequency
 * @dead_ns: both switches of a leg off at each edge
 * @c_out_nf: output capacitor, for the voltage loop of an open output
 */
struct v2x_dab_values {
	u32 l_nh;
	u32 n_permille;
	u32 f_hz;
	u32 dead_ns;
	u32 c_out_nf;
};

/**
 * struct v2x_stage_desc - what a stage driver hands to the core
 *
 * The ratings mean what the fields of the same name in struct v2x_info mean.
 * @features: V2X_FEATURE_PILOT, INSULATION, VIRTUAL, TRIP_HARDWARE,
 *	ISLAND_SWITCH (with V2X_ADC_V_UTIL_* of every phase)
 * @adc_present: bit per enum v2x_adc
 * @adc: indexed by enum v2x_adc
 * @residual_test_ua: direct current that @residual_test of struct v2x_gate_cmd
 *	sends through the residual current monitor; 0: it cannot
 * @fault_name: name of each V2X_FAULT_* line, NULL where there is none
 * @plant: for the derivation of gains
 * @dab: how the DC/DC is commanded, and its values
 */
struct v2x_stage_desc {
	const char *driver;
	const char *name;
	const char *serial;
	u64 features;
	u32 phases;
	u32 tick_hz;
	u32 f_nominal_mhz;
	u32 v_nominal_mv;
	u32 i_rated_ma;
	u32 s_rated_mva;
	u32 p_import_max_mw;
	u32 p_export_max_mw;
	u32 q_max_mvar;
	u32 v_dc_link_nominal_mv;
	u32 v_dc_link_max_mv;
	u32 v_ev_min_mv;
	u32 v_ev_max_mv;
	u32 i_ev_max_ma;
	u32 adc_present;
	struct v2x_adc_desc adc[V2X_ADC_COUNT];
	u32 residual_test_ua;
	const char *fault_name[V2X_FAULT_LINES];
	struct v2x_plant_values plant;
	struct v2x_dab_values dab;
};

/**
 * struct v2x_samples - what a stage measures at the start of a tick
 * @raw: counts, indexed by enum v2x_adc
 * @fault_lines: V2X_FAULT_*, the lines as they are now, latched by the stage
 *	until v2x_gate_cmd.clear_faults
 * @contactors: V2X_CONTACTOR_* auxiliary contacts
 */
struct v2x_samples {
	s32 raw[V2X_ADC_COUNT];
	u32 fault_lines;
	u32 contactors;
};

/**
 * struct v2x_dab_pulse - one half period of both bridges of a dual active bridge
 * @shift_q24: middle of the output bridge's pulse after that of the link's, half
 *	periods, -1/2 .. +1/2; positive carries power into the vehicle
 * @link_q24: width of the link bridge's pulse, half periods, 0 .. 1
 * @out_q24: likewise of the output bridge
 */
struct v2x_dab_pulse {
	s32 shift_q24;
	s32 link_q24;
	s32 out_q24;
};

/**
 * struct v2x_gate_cmd - what control asks of the stage for the next period
 * @leg_q24: leg references, -1..+1 in Q24; leg voltage = leg * v_dc_link / 2
 *	against the DC link midpoint
 * @dcdc_p_mw: power of an isolated DC/DC stage without &v2x_stage_desc.dab,
 *	into the vehicle positive; the stage keeps its own current limit
 * @gates: AC bridge may switch; false: all gates off
 * @dcdc_gates: DC/DC may switch
 * @dcdc_v_mv: likewise; if not zero the DC/DC is a voltage source of that value with
 *	the current limit @dcdc_i_ma (output matching before the vehicle
 *	contactor closes); @dcdc_p_mw is then ignored
 * @dcdc_i_ma: see @dcdc_v_mv
 * @dab_first: with &v2x_stage_desc.dab: the first half period of the command,
 *	from the middle of a pulse of the link's to the middle of the next: half
 *	way from the last one, so that leakage current and flux keep no bias
 * @dab: all half periods after it; when the gates are let go or stopped they
 *	are so in the middle of a pulse of the link's, where both are zero
 * @contactors: V2X_CONTACTOR_* coils
 * @pilot_permille: control pilot duty
 * @residual_test: inject the test current into the residual current monitor
 * @clear_faults: one tick true: the stage releases its latched fault lines
 */
struct v2x_gate_cmd {
	s32 leg_q24[V2X_PHASES_MAX];
	s32 dcdc_p_mw;
	s32 dcdc_v_mv;
	s32 dcdc_i_ma;
	struct v2x_dab_pulse dab_first;
	struct v2x_dab_pulse dab;
	u32 contactors;
	u32 pilot_permille;
	bool gates;
	bool dcdc_gates;
	bool clear_faults;
	bool residual_test;
};

#endif /* _V2X_STAGE_DESC_H */
