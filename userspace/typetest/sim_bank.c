// SPDX-License-Identifier: Apache-2.0
/* The load bank and the harmonic analyser of the simulated laboratory. */
#include "sim.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "charger.h"
#include "steer.h"

/* As gate drivers have it; the control compensates it. */
#define DEAD_TIME_US 1.0
/* For currents to settle after the bridge has begun to switch, and ten cycles. */
#define SETTLE_S 0.6

/* Out of calibration: what the control cannot know. */
static void drift(struct charger *c, const struct lab_defect *d)
{
	struct plant_sensor *i_a = &c->plant.sensor[V2X_ADC_I_A];
	const double offset_a = d->dc_drift * c->cfg.i_rated_ma / 1e3;

	i_a->zero_q44 += llround(offset_a * (1 << 20)) * i_a->gain_q24;
	i_a->gain_q24 = llround((double)i_a->gain_q24 * (1 + d->current_gain));
}

void sim_break(struct lab *lab)
{
	const struct lab_defect *d = &lab->defect;
	struct charger *c = sim_charger(lab);
	const char *field;

	drift(c, d);

	if (d->phase_lost)
		c->env.fault[PLANT_FAULT_PHASE_LOSS] = 2;
	if (d->dc_sensor)
		c->env.fault[PLANT_FAULT_ADC_OFFSET] = 1U << V2X_ADC_I_A;
	charger_env(c);
	if (!d->no_lom)
		return;
	c->user.table.lom_gain_permille = 0;
	c->user.table.lom_q_permille = 0;
	c->user.table.hash = v2x_prot_table_hash(&c->user.table);
	charger_user(c, &field);
}

int sim_protect(struct lab *lab, const struct gc_profile *profile)
{
	struct charger *c = sim_charger(lab);
	struct follow scratch = { .demand = { .permit = true } };

	return steer_load(&scratch, c, profile, GC_SWITCHING_US, lab->error);
}

int sim_load(struct lab *lab, const struct lab_load *load)
{
	const struct lab_parts parts = lab_parts(&lab->device, load);
	struct charger *c = sim_charger(lab);
	struct plant_grid_env *g = &c->env.grid;

	g->load_r_mohm = parts.r_mohm;
	g->load_l_uh = parts.l_uh;
	g->load_c_nf = parts.c_nf;
	g->lg_nh = LAB_LINE_NH;
	g->rg_uohm = LAB_LINE_UOHM;
	g->island = load->open;
	charger_env(c);
	return 0;
}

int sim_spectrum(struct lab *lab, struct lab_spectrum *spectrum)
{
	struct charger *c = sim_charger(lab);
	const double f_hz = c->env.grid.frequency_mhz / 1e3;
	const double dead_us = lab->defect.dead_time_us > 0 ? lab->defect.dead_time_us :
							      DEAD_TIME_US;

	charger_switch(c, dead_us * 1e-6);
	if (lab->ops->advance(lab, SETTLE_S) < 0)
		return -1;
	for (u32 n = 1; n <= LAB_ORDERS; n++)
		spectrum->order[n] = spectrum_order(&c->spectrum, f_hz, n);
	spectrum->dc = spectrum_dc(&c->spectrum, f_hz);
	return 0;
}
