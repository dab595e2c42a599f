/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Loads of an island that are no plain resistor: behind the grid's breaker and
 * the island switch, at the terminals, beside those of plant_node.c.
 *
 * Motor. From line to neutral, line to line of a split phase, star of three:
 * leakage, stator and rotor in series, R1 + R2 / s, that draws six times its
 * rated current at rest (0.16 pu, power factor 0.4). It speeds up by what
 * passes the air gap less the load of a pump, with 2 H = 0.3 s: a low voltage
 * makes its start long.
 *
 * Transformer, no load. Its flux is the integral of the voltage and begins at
 * 0.7 of its peak, left over from when it was switched off. To 1.2 it draws 2 %
 * of its rating, beyond what the winding in air lets it, 0.25 pu.
 *
 * Rectifier with capacitor, IEC 62040-3 annex E: Rs = 0.04 U^2/S, Uc = 1.22 U,
 * R1 = Uc^2 / 0.66 S, C = 7.5 / (f R1); and a choke of 1 % or what the model
 * needs. From each line to neutral, six pulses of three lines. Its capacitor is
 * charged when it is switched on: it has a resistor of its own for that.
 */
#ifndef _V2X_PLANT_ISLAND_LOAD_H
#define _V2X_PLANT_ISLAND_LOAD_H

#include <linux/types.h>

struct plant_cfg;
struct plant_grid_env;
struct plant;

#define PLANT_ISLAND_LINES	3

/* Prepared. */
struct plant_island_set {
	bool motor, transformer, rectifier;
	s64 m_hl_q34;		/* h / L */
	s64 m_r1_q20, m_r2_q20;	/* ohm */
	s64 m_pu_q30;		/* 1 / rated peak current */
	s64 m_acc_q40;		/* h / 2 H, over the windings' number and a half */
	s64 t_h_q40;		/* h, s */
	s64 t_r_q20;		/* ohm */
	s64 t_lm_q20, t_air_q20;	/* 1 / H */
	s64 t_knee_q40;		/* V s */
	s64 t_left_q40;
	s64 c_hl_q34, c_rs_q20;
	s64 c_hc_q34;		/* h / C */
	s64 c_hrc_q40;		/* h / (R1 C) */
	s64 c_begin_q40;	/* V */
};

struct plant_island_load {
	bool motor, transformer, rectifier;
	s64 slip_q30;
	s64 im[PLANT_ISLAND_LINES];	/* Q40, motor */
	s64 flux[PLANT_ISLAND_LINES];	/* Q40, V s */
	s64 ic[PLANT_ISLAND_LINES];	/* Q40, behind the rectifier */
	s64 vc[PLANT_ISLAND_LINES];	/* Q40 */
	s32 way[PLANT_ISLAND_LINES];	/* which half of the wave conducts */
};

/* Process context: a checked environment in the model's units. */
void plant_island_prepare(const struct plant_cfg *cfg, const struct plant_grid_env *g,
			  u32 c_node_nf, struct plant_island_set *set);

/* What has just been switched on begins. */
void plant_island_apply(struct plant *p);

/* One sub-step: @i is what they draw from the node's lines, Q20. */
void plant_island_step(struct plant *p, s64 i[PLANT_ISLAND_LINES]);

#endif /* _V2X_PLANT_ISLAND_LOAD_H */
