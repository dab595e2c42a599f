// SPDX-License-Identifier: GPL-2.0-only
/*
 * One period of the plant: switchgear, fault lines, then the energy path from
 * the grid to the battery, then heat.
 */
#include "plant.h"
#include "plant_fx.h"

#define CONTACTORS	3
#define R_THERMAL_Q10	102	/* 0.1 K/W */

const struct plant_fault_desc plant_fault_table[PLANT_FAULT_COUNT] = {
#define PLANT_FAULT_ROW(id, name, max, help) { #name, max, help },
	PLANT_FAULTS(PLANT_FAULT_ROW)
};

/* Coils act after the operate time, restarted by any change of mind. */
static void contactors_step(struct plant *p, u32 coils)
{
	const u32 *fault = p->set.fault;
	u32 x;

	p->coils = coils;
	for (x = 0; x < CONTACTORS; x++) {
		u32 bit = 1U << x;
		bool want = coils & bit;

		if (want == !!(p->coil_state & bit)) {
			p->coil_timer[x] = 0;
			continue;
		}
		if (++p->coil_timer[x] < (want ? p->k.close_ticks : p->k.open_ticks))
			continue;
		p->coil_timer[x] = 0;
		p->coil_state ^= bit;
	}
	p->contactors = (p->coil_state | fault[PLANT_FAULT_CONTACTOR_WELDED]) &
			~fault[PLANT_FAULT_CONTACTOR_STUCK_OPEN];
}

/* Comparators watch the power stage itself, not what the ADC says. */
static u32 comparators(const struct plant *p)
{
	u32 lines = 0, x;

	for (x = 0; x < PLANT_PHASES; x++)
		if (fx_abs(p->i1[x] >> 20) > p->k.i_trip_q20)
			lines |= V2X_FAULT_OVER_CURRENT;
	if ((p->v_dc >> 20) > p->k.v_dc_trip_q20)
		lines |= V2X_FAULT_DC_LINK;
	return lines;
}

static void thermal_step(struct plant *p)
{
	s64 p_q10 = p->p_loss_q10 + ((p->i_loss * (p->v_dc >> 20)) >> 30);
	s64 target = p->set.ambient_q20 + p_q10 * R_THERMAL_Q10;

	p->temp += ((target - (p->temp >> 20)) * p->k.thermal_k_q50) >> 30;
}

void plant_step(struct plant *p, const struct v2x_gate_cmd *cmd)
{
	bool gates, dcdc;

	contactors_step(p, cmd->contactors);
	if (cmd->clear_faults)
		p->lines = 0;
	p->lines |= p->set.lines;
	/* The trip input of the gate drivers needs no code. */
	gates = p->active.gates && cmd->gates && !p->lines;
	dcdc = p->active.dcdc_gates && cmd->dcdc_gates && !p->lines;
	p->gates = gates;

	plant_grid_step(p);
	plant_ac_step(p, gates, p->set.fault[PLANT_FAULT_PHASE_LOSS]);
	plant_dc_step(p, dcdc, &p->active);
	p->lines |= comparators(p);
	thermal_step(p);
	p->active = *cmd;
}

void plant_apply(struct plant *p, const struct plant_set *set)
{
	p->set = *set;
	p->lines |= set->lines;
}
