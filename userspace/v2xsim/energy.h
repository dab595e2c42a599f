/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the energy goes, from the plant's true values: what came in at the
 * grid terminals is in the battery, has become heat, or is stored.
 */
#ifndef V2XSIM_ENERGY_H
#define V2XSIM_ENERGY_H

#include <linux/types.h>

struct plant;
struct plant_cfg;

/**
 * struct energy - sums in J since energy_mark()
 * @p_grid_w: power at the grid terminals now, into the charger positive
 * @grid: of it
 * @grid_in: of its positive part
 * @grid_out: of its negative part, as a positive number
 * @vehicle: at the vehicle's terminals, into it positive
 * @loss: heat of chokes, damping, bridge, DC/DC, bleed resistors
 * @stored: in chokes and capacitors at the last step
 * @stored_mark: likewise at energy_mark()
 */
struct energy {
	double p_grid_w;
	double grid, grid_in, grid_out;
	double vehicle;
	double loss;
	double stored;
	double stored_mark;
	/* private */
	double h, r1, rd, r2, l1, l2, c, c_dc, c_out, g_bleed, g_discharge, g_out;
	double p_vehicle_w, p_loss_w;
};

void energy_init(struct energy *e, const struct plant_cfg *cfg);

/** energy_step() - after each plant_step() */
void energy_step(struct energy *e, const struct plant *p);

/** energy_mark() - begin again at zero */
void energy_mark(struct energy *e);

/** energy_residual() - J that are unaccounted for */
double energy_residual(const struct energy *e);

/** energy_balance() - the same, as a part of all that went through the terminals */
double energy_balance(const struct energy *e);

#endif
