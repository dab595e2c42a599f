// SPDX-License-Identifier: GPL-2.0-only
/*
 * One period of the plant: switchgear, fault lines, then the energy path from
 * the grid to the battery, then heat.
 */
#include <linux/kernel.h>
#include "plant.h"
#include "plant_ac.h"
#include "plant_fx.h"

#define CONTACTORS	4
#define R_THERMAL_Q10	102	/* 0.1 K/W */
#define TEMP_MAX_Q20	Q20(1000)	/* it melts */

/* The one table: everything that names a fault is made from it. */
const struct plant_fault_desc plant_fault_table[PLANT_FAULT_COUNT] = {
	[PLANT_FAULT_ADC_STUCK] = {
		"adc_stuck", PLANT_CH_MASK,
		"mask of ADC channels whose code no longer changes",
	},
	[PLANT_FAULT_ADC_NOISE] = {
		"adc_noise", PLANT_CH_MASK,
		"mask of ADC channels with noise of 12 % of their range",
	},
	[PLANT_FAULT_ADC_OFFSET] = {
		"adc_offset", PLANT_CH_MASK,
		"mask of ADC channels shifted by 3 % of their range",
	},
	[PLANT_FAULT_ADC_OPEN] = {
		"adc_open", PLANT_CH_MASK,
		"mask of ADC channels with a broken wire (highest code)",
	},
	[PLANT_FAULT_ADC_SHORT] = {
		"adc_short", PLANT_CH_MASK,
		"mask of ADC channels with a short circuit (lowest code)",
	},
	[PLANT_FAULT_CONTACTOR_WELDED] = {
		"contactor_welded", 255,
		"mask of contactors: 1 precharge, 2 grid, 4 ev; closed for good; 8 island: parted; "
		"times 16: likewise, but its auxiliary contact says what its coil does",
	},
	[PLANT_FAULT_CONTACTOR_STUCK_OPEN] = {
		"contactor_stuck_open", 15,
		"mask of contactors: 1 precharge, 2 grid, 4 ev; never closes; 8 island: parts",
	},
	[PLANT_FAULT_PRECHARGE_FAILED] = {
		"precharge_failed", 1,
		"precharge resistor burnt: its contactor closes, no current flows",
	},
	[PLANT_FAULT_LINK_SHORT] = {
		"link_short", 100000,
		"resistance across the DC link, ohm",
	},
	[PLANT_FAULT_GATE_FAULT] = {
		"gate_fault", 15,
		"mask of gate drivers: 1 a, 2 b, 4 c, 8 dcdc",
	},
	[PLANT_FAULT_OVER_CURRENT] = {
		"over_current", 1,
		"over-current comparator asserted",
	},
	[PLANT_FAULT_DC_LINK] = {
		"dc_link", 1,
		"DC link over-voltage comparator asserted",
	},
	[PLANT_FAULT_RESIDUAL_CURRENT] = {
		"residual_current", 1,
		"residual current monitor asserted",
	},
	[PLANT_FAULT_RESIDUAL_DC] = {
		"residual_dc", 1000,
		"direct current from behind the contactor to earth, mA",
	},
	[PLANT_FAULT_RESIDUAL_AC] = {
		"residual_ac", 1000,
		"alternating current of phase a to earth behind the contactor, mA",
	},
	[PLANT_FAULT_ESTOP] = {
		"estop", 1,
		"hard-wired emergency stop pressed (also GPIO line estop)",
	},
	[PLANT_FAULT_OVER_TEMPERATURE] = {
		"over_temperature", 140,
		"heat sink at this many degrees Celsius",
	},
	[PLANT_FAULT_PHASE_LOSS] = {
		"phase_loss", 7,
		"mask of grid phases with a blown fuse: 1 a, 2 b, 4 c",
	},
	[PLANT_FAULT_PHASE_SWAP] = {
		"phase_swap", 1,
		"phases b and c exchanged",
	},
	[PLANT_FAULT_GRID_LOSS] = {
		"grid_loss", 1,
		"upstream breaker open; grid/island_load_w stays connected",
	},
	[PLANT_FAULT_INSULATION_FAULT] = {
		"insulation_fault", 1000000,
		"insulation resistance of the DC output, ohm",
	},
	[PLANT_FAULT_PILOT_SHORT] = {
		"pilot_short", 1,
		"control pilot shorted to earth (80 ohm)",
	},
	[PLANT_FAULT_PILOT_NO_DIODE] = {
		"pilot_no_diode", 1,
		"no diode in the vehicle's pilot circuit",
	},
	[PLANT_FAULT_MISSED_TICKS] = {
		"missed_ticks", 1000,
		"swallow this many ticks, once; counts down to 0",
	},
};

/* Main contacts as they are. */
static u32 main_contacts(const struct plant *p)
{
	const u32 *fault = p->set.fault;
	u32 welded = fault[PLANT_FAULT_CONTACTOR_WELDED];

	return (p->coil_state | (welded & 15) | welded >> 4) &
	       ~fault[PLANT_FAULT_CONTACTOR_STUCK_OPEN];
}

static u32 operate_ticks(const struct plant_consts *k, u32 bit, bool close)
{
	if (bit == V2X_CONTACTOR_ISLAND)
		return k->island_ticks;
	return close ? k->close_ticks : k->open_ticks;
}

/* Coils act after the operate time, restarted by any change of mind. */
static void contactors_step(struct plant *p, u32 coils)
{
	u32 x;

	p->coils = coils;
	p->contactors = main_contacts(p);
	if (likely(coils == p->coil_state && !p->coil_busy))
		return;
	p->coil_busy = false;
	for (x = 0; x < CONTACTORS; x++) {
		u32 bit = 1U << x;
		bool want = coils & bit;

		if (want == !!(p->coil_state & bit)) {
			p->coil_timer[x] = 0;
			continue;
		}
		p->coil_busy = true;
		if (++p->coil_timer[x] < operate_ticks(&p->k, bit, want))
			continue;
		p->coil_timer[x] = 0;
		p->coil_state ^= bit;
	}
	p->contactors = main_contacts(p);
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

	target = fx_clamp(target, -TEMP_MAX_Q20, TEMP_MAX_Q20);
	p->temp += ((target - (p->temp >> 20)) * p->k.thermal_k_q50) >> 30;
}

/* Switchgear, lines and the grid. Return: bridge gates. */
static bool begin(struct plant *p, const struct v2x_gate_cmd *cmd)
{
	contactors_step(p, cmd->contactors);
	if (cmd->clear_faults)
		p->lines = 0;
	p->lines |= p->set.lines;
	/* The trip input of the gate drivers needs no code. */
	p->gates = p->active.gates && cmd->gates && !p->lines;
	plant_grid_step(p);
	return p->gates;
}

static void end(struct plant *p, const struct v2x_gate_cmd *cmd, bool lines)
{
	plant_dc_step(p, p->active.dcdc_gates && cmd->dcdc_gates && !lines, &p->active);
	p->lines |= comparators(p);
	thermal_step(p);
	p->active = *cmd;
}

void plant_step(struct plant *p, const struct v2x_gate_cmd *cmd)
{
	bool gates = begin(p, cmd);

	plant_ac_step(p, gates);
	end(p, cmd, p->lines);
}

void plant_step_by(struct plant *p, const struct v2x_gate_cmd *cmd,
		   void (*ac)(struct plant *p, bool gates, void *context), void *context)
{
	ac(p, begin(p, cmd), context);
	end(p, cmd, p->lines);
}

/* What all of them draw from the load, from its voltage of now. */
static void together_step(struct plant *const *p, struct plant_ac *r, u32 n, u32 sub)
{
	s64 i2[PLANT_PHASES] = { 0 };
	u32 i, x;

	for (i = 0; i < n; i++) {
		plant_node_sources(p[0], &r[i]);
		plant_sub_step(p[i], &r[i]);
		for (x = 0; x < PLANT_PHASES; x++)
			i2[x] += q20(p[i]->i2[x]);
	}
	plant_node_step(p[0], sub, i2);
}

void plant_step_together(struct plant *const *p, const struct v2x_gate_cmd *const *cmd, u32 n)
{
	struct plant_ac r[PLANT_TOGETHER_MAX];
	u32 i;

	for (i = 0; i < n; i++) {
		plant_ac_begin(p[i], &r[i], begin(p[i], cmd[i]));
		plant_sub_begin(p[i], &r[i]);
	}
	for (i = 0; i < 1U << p[0]->k.sub_shift; i++)
		together_step(p, r, n, i);
	for (i = 0; i < n; i++) {
		p[i]->node = p[0]->node;
		plant_sub_end(p[i], &r[i]);
		plant_ac_end(p[i], &r[i]);
		end(p[i], cmd[i], p[i]->lines);
	}
}

void plant_apply(struct plant *p, const struct plant_set *set)
{
	p->set = *set;
	p->lines |= set->lines;
	plant_node_apply(p);
}
