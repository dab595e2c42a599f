/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one table of faults that can be thrown at a virtual charger.
 *
 *	X(ID, name, largest parameter, help)
 *
 * Parameter 0 clears. A parameter is a bit mask, a number, or 1.
 */
#ifndef _V2X_PLANT_FAULTS_H
#define _V2X_PLANT_FAULTS_H

#define PLANT_CH_MASK	((1U << V2X_ADC_COUNT) - 1)

#define PLANT_FAULTS(X)							\
	X(ADC_STUCK, adc_stuck, PLANT_CH_MASK,				\
	  "mask of ADC channels whose code no longer changes")		\
	X(ADC_NOISE, adc_noise, PLANT_CH_MASK,				\
	  "mask of ADC channels with noise of 12 % of their range")	\
	X(ADC_OFFSET, adc_offset, PLANT_CH_MASK,			\
	  "mask of ADC channels shifted by 3 % of their range")		\
	X(ADC_OPEN, adc_open, PLANT_CH_MASK,				\
	  "mask of ADC channels with a broken wire (highest code)")	\
	X(CONTACTOR_WELDED, contactor_welded, 7,			\
	  "mask of contactors: 1 precharge, 2 grid, 4 ev; closed for good") \
	X(CONTACTOR_STUCK_OPEN, contactor_stuck_open, 7,		\
	  "mask of contactors: 1 precharge, 2 grid, 4 ev; never closes") \
	X(PRECHARGE_FAILED, precharge_failed, 1,			\
	  "precharge resistor burnt: its contactor closes, no current flows") \
	X(GATE_FAULT, gate_fault, 15,					\
	  "mask of gate drivers: 1 a, 2 b, 4 c, 8 dcdc")		\
	X(OVER_CURRENT, over_current, 1,				\
	  "over-current comparator asserted")				\
	X(DC_LINK, dc_link, 1,						\
	  "DC link over-voltage comparator asserted")			\
	X(RESIDUAL_CURRENT, residual_current, 1,			\
	  "residual current monitor asserted")				\
	X(ESTOP, estop, 1,						\
	  "hard-wired emergency stop pressed (also GPIO line estop)")	\
	X(OVER_TEMPERATURE, over_temperature, 140,			\
	  "heat sink at this many degrees Celsius")			\
	X(PHASE_LOSS, phase_loss, 7,					\
	  "mask of grid phases with a blown fuse: 1 a, 2 b, 4 c")	\
	X(PHASE_SWAP, phase_swap, 1,					\
	  "phases b and c exchanged")					\
	X(GRID_LOSS, grid_loss, 1,					\
	  "upstream breaker open; grid/island_load_w stays connected")	\
	X(INSULATION_FAULT, insulation_fault, 1000000,			\
	  "insulation resistance of the DC output, ohm")		\
	X(PILOT_SHORT, pilot_short, 1,					\
	  "control pilot shorted to earth (80 ohm)")			\
	X(PILOT_NO_DIODE, pilot_no_diode, 1,				\
	  "no diode in the vehicle's pilot circuit")			\
	X(MISSED_TICKS, missed_ticks, 1000,				\
	  "swallow this many ticks, once; counts down to 0")

enum plant_fault {
#define PLANT_FAULT_ENUM(id, name, max, help) PLANT_FAULT_##id,
	PLANT_FAULTS(PLANT_FAULT_ENUM)
#undef PLANT_FAULT_ENUM
	PLANT_FAULT_COUNT
};

/**
 * struct plant_fault_desc - a row of the table
 * @name: as written by users
 * @max: largest parameter
 * @help: what it does and what the parameter means
 */
struct plant_fault_desc {
	const char *name;
	u32 max;
	const char *help;
};

extern const struct plant_fault_desc plant_fault_table[PLANT_FAULT_COUNT];

#endif /* _V2X_PLANT_FAULTS_H */
