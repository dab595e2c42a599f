// SPDX-License-Identifier: Apache-2.0
#include "energy.h"

#include <math.h>

#include "plant.h"

static double q40(s64 x)
{
	return (double)x * 0x1p-40;
}

static double q20(s64 x)
{
	return (double)x * 0x1p-20;
}

void energy_init(struct energy *e, const struct plant_cfg *cfg)
{
	*e = (struct energy){
		.h = 1.0 / cfg->tick_hz,
		.r1 = cfg->r1_uohm * 1e-6, .rd = cfg->rd_uohm * 1e-6, .r2 = cfg->r2_uohm * 1e-6,
		.l1 = cfg->l1_nh * 1e-9, .l2 = cfg->l2_nh * 1e-9, .c = cfg->c_nf * 1e-9,
		.c_dc = cfg->c_dc_nf * 1e-9, .c_out = cfg->c_out_nf * 1e-9,
		.g_bleed = 1.0 / cfg->r_bleed_ohm, .g_discharge = 1.0 / cfg->r_discharge_ohm,
		.g_out = 1.0 / cfg->r_out_ohm,
	};
}

/* Power, heat and stored energy of the filter's phases. */
static double filter(const struct energy *e, const struct plant *p, double *p_grid, double *heat)
{
	double stored = 0;

	for (int x = 0; x < PLANT_PHASES; x++) {
		const double i1 = q40(p->i1[x]), i2 = q40(p->i2[x]), v = q40(p->vc[x]);

		*p_grid += q20(p->v_pcc[x]) * i2;
		*heat += e->r1 * i1 * i1 + e->r2 * i2 * i2 + e->rd * (i2 - i1) * (i2 - i1);
		stored += e->l1 * i1 * i1 + e->l2 * i2 * i2 + e->c * v * v;
	}
	return stored / 2;
}

void energy_step(struct energy *e, const struct plant *p)
{
	const double v_dc = q40(p->v_dc), v_out = q40(p->v_out);
	const bool joined = p->vehicle_on && (p->contactors & V2X_CONTACTOR_EV);
	double p_grid = 0, heat = 0, p_vehicle, w;

	e->stored = filter(e, p, &p_grid, &heat) + (e->c_dc * v_dc * v_dc + e->c_out * v_out * v_out) / 2;
	heat += v_dc * v_dc * (p->coils ? e->g_bleed : e->g_bleed + e->g_discharge);
	heat += q20(p->i_loss) * v_dc + (double)p->p_loss_q10 * 0x1p-10;
	heat += v_dc * q20(p->i_bus);
	heat += joined ? 0 : v_out * v_out * e->g_out;
	p_vehicle = v_out * q20(p->i_ev);
	/* What flows at the ends of a period is averaged; losses of stages are its own. */
	w = (p_grid + e->p_grid_w) / 2 * e->h;
	e->grid += w;
	*(w >= 0 ? &e->grid_in : &e->grid_out) += fabs(w);
	e->vehicle += (p_vehicle + e->p_vehicle_w) / 2 * e->h;
	e->loss += (heat + e->p_loss_w) / 2 * e->h;
	e->p_grid_w = p_grid;
	e->p_vehicle_w = p_vehicle;
	e->p_loss_w = heat;
}

void energy_mark(struct energy *e)
{
	e->grid = 0;
	e->grid_in = 0;
	e->grid_out = 0;
	e->vehicle = 0;
	e->loss = 0;
	e->stored_mark = e->stored;
}

double energy_residual(const struct energy *e)
{
	return e->grid - e->vehicle - e->loss - (e->stored - e->stored_mark);
}

double energy_balance(const struct energy *e)
{
	const double through = e->grid_in + e->grid_out;

	return through > 0 ? fabs(energy_residual(e)) / through : 0;
}
