/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The faults that can be thrown at a virtual charger.
 *
 * Parameter 0 clears. A parameter is a bit mask, a number, or 1; the table in
 * plant.c says which.
 */
#ifndef _V2X_PLANT_FAULTS_H
#define _V2X_PLANT_FAULTS_H

#include <v2x/stage_desc.h>

#define PLANT_CH_MASK	((1U << V2X_ADC_COUNT) - 1)

enum plant_fault {
	PLANT_FAULT_ADC_STUCK,
	PLANT_FAULT_ADC_NOISE,
	PLANT_FAULT_ADC_OFFSET,
	PLANT_FAULT_ADC_OPEN,
	PLANT_FAULT_ADC_SHORT,
	PLANT_FAULT_CONTACTOR_WELDED,
	PLANT_FAULT_CONTACTOR_STUCK_OPEN,
	PLANT_FAULT_PRECHARGE_FAILED,
	PLANT_FAULT_LINK_SHORT,
	PLANT_FAULT_GATE_FAULT,
	PLANT_FAULT_OVER_CURRENT,
	PLANT_FAULT_DC_LINK,
	PLANT_FAULT_RESIDUAL_CURRENT,
	PLANT_FAULT_RESIDUAL_DC,
	PLANT_FAULT_RESIDUAL_AC,
	PLANT_FAULT_ESTOP,
	PLANT_FAULT_OVER_TEMPERATURE,
	PLANT_FAULT_PHASE_LOSS,
	PLANT_FAULT_PHASE_SWAP,
	PLANT_FAULT_GRID_LOSS,
	PLANT_FAULT_INSULATION_FAULT,
	PLANT_FAULT_PILOT_SHORT,
	PLANT_FAULT_PILOT_NO_DIODE,
	PLANT_FAULT_MISSED_TICKS,
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
