// SPDX-License-Identifier: GPL-2.0-only
/*
 * The chargers there are: one row each. Filters are those of the usual designs
 * for 20 kHz: resonance between 4 and 5 kHz, capacitor at most 5 % of the
 * rating, link voltage ripple of a single phase 7 % of 400 V or 4 % of 800 V.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include "plant.h"

struct model_row {
	struct plant_model model;
	struct plant_cfg cfg;
};

/* Values that all share. */
#define COMMON								\
	.tick_hz = 20000,						\
	.r_bleed_ohm = 100000,						\
	.c_out_nf = 50000, .r_out_ohm = 50000,				\
	.close_us = 25000, .open_us = 15000, .island_us = 5000,		\
	.loss_permille = 15, .loss_idle_mw = 20000,			\
	.bridge_loss_ppm = 3000,					\
	.dcdc_lag_ns = 25000,						\
	.dab_f_hz = 100000,						\
	.capacity_wh = 60000, .soc_permille = 500

#define EUROPE	.f_nominal_mhz = 50000, .v_nominal_mv = 230000
#define AMERICA	.f_nominal_mhz = 60000

/* DC output for cars of 400 V, of 800 V, and for both. */
#define OUT_400(_ma)	.v_ev_min_mv = 150000, .v_ev_max_mv = 500000, .cells = 96,	\
			.i_ev_max_ma = (_ma)
#define OUT_800(_ma)	.v_ev_min_mv = 150000, .v_ev_max_mv = 920000, .cells = 192,	\
			.i_ev_max_ma = (_ma)
#define OUT_WIDE(_ma)	.v_ev_min_mv = 150000, .v_ev_max_mv = 940000, .cells = 96,	\
			.i_ev_max_ma = (_ma)

#define LINK_400	.v_dc_mv = 400000, .v_dc_max_mv = 460000, .v_dc_trip_mv = 470000,	\
			.c_dc_nf = 2200000, .r_discharge_ohm = 1000
#define LINK_800(_nf)	.v_dc_mv = 800000, .v_dc_max_mv = 900000, .v_dc_trip_mv = 920000,	\
			.c_dc_nf = (_nf), .r_discharge_ohm = 2200

/*
 * Leakage inductance (seen from the link), turns ratio, magnetizing inductance.
 * The ratio puts the middle of the battery at the link's voltage or, from 800 V
 * to a 400 V class, a full battery; the leakage gives the largest output current
 * at G = 0.19 to 0.21 (s = 0.25 to 0.3); the magnetizing current's share of 4 to 6 A
 * has twice the energy of the transistors' capacitances, I^2 L >= 2 Coss V^2. The
 * dead time is sqrt(2 Coss L): the least such current charges a leg in it, and a
 * longer one would let the current turn round and take the leg back.
 */
#define DAB_800_400(_nh, _lm, _mohm, _ma, _dead)	.dab_n_permille = 2000,			\
			.dab_l_nh = (_nh),						\
			.dab_lm_nh = (_lm), .dab_coss_pf = 120, .dab_r_mohm = (_mohm),		\
			.dab_i_trip_ma = (_ma), .dab_dead_ns = (_dead)
#define DAB_800_800(_nh, _lm, _mohm, _ma, _dead)	.dab_n_permille = 1100,			\
			.dab_l_nh = (_nh),						\
			.dab_lm_nh = (_lm), .dab_coss_pf = 120, .dab_r_mohm = (_mohm),		\
			.dab_i_trip_ma = (_ma), .dab_dead_ns = (_dead)
#define DAB_400_400(_nh, _lm, _mohm, _ma, _dead)	.dab_n_permille = 1100,			\
			.dab_l_nh = (_nh),						\
			.dab_lm_nh = (_lm), .dab_coss_pf = 200, .dab_r_mohm = (_mohm),		\
			.dab_i_trip_ma = (_ma), .dab_dead_ns = (_dead)

#define FILTER_7KW	.l1_nh = 1000000, .r1_uohm = 50000, .c_nf = 4700, .rd_uohm = 300000,	\
			.l2_nh = 300000, .r2_uohm = 20000, .r_precharge_mohm = 50000
#define FILTER_11KW	.l1_nh = 2000000, .r1_uohm = 80000, .c_nf = 3300, .rd_uohm = 300000,	\
			.l2_nh = 500000, .r2_uohm = 30000, .r_precharge_mohm = 50000
#define FILTER_22KW	.l1_nh = 1000000, .r1_uohm = 40000, .c_nf = 6800, .rd_uohm = 200000,	\
			.l2_nh = 250000, .r2_uohm = 15000, .r_precharge_mohm = 40000
#define FILTER_SPLIT	.l1_nh = 600000, .r1_uohm = 25000, .c_nf = 10000, .rd_uohm = 200000,	\
			.l2_nh = 150000, .r2_uohm = 10000, .r_precharge_mohm = 25000

static const struct model_row model[] = {
	{ { "3p-11kw", "three-phase 230/400 V 16 A, DC output up to 940 V" },
	  { COMMON, EUROPE, FILTER_11KW, LINK_800(800000), OUT_WIDE(40000),
	    DAB_800_400(37100, 250000, 600, 70000, 95), .phases = 3,
	    .i_rated_ma = 16000, .p_max_w = 11000, .i_trip_ma = 60000 } },
	{ { "3p-11kw-800v", "likewise, for cars of 800 V" },
	  { COMMON, EUROPE, FILTER_11KW, LINK_800(800000), OUT_800(30000),
	    DAB_800_800(30000, 250000, 600, 70000, 85), .phases = 3,
	    .i_rated_ma = 16000, .p_max_w = 11000, .i_trip_ma = 60000 } },
	{ { "3p-22kw", "three-phase 230/400 V 32 A, for cars of 800 V" },
	  { COMMON, EUROPE, FILTER_22KW, LINK_800(1200000), OUT_800(60000),
	    DAB_800_800(15000, 120000, 300, 140000, 60), .phases = 3,
	    .i_rated_ma = 32000, .p_max_w = 22000, .i_trip_ma = 100000 } },
	{ { "3p-22kw-400v", "likewise, for cars of 400 V" },
	  { COMMON, EUROPE, FILTER_22KW, LINK_800(1200000), OUT_400(80000),
	    DAB_800_400(18500, 120000, 300, 140000, 70), .phases = 3,
	    .i_rated_ma = 32000, .p_max_w = 22000, .i_trip_ma = 100000 } },
	{ { "1p-7kw", "single-phase 230 V 32 A, for cars of 400 V" },
	  { COMMON, EUROPE, FILTER_7KW, LINK_400, OUT_400(30000),
	    DAB_400_400(13800, 100000, 200, 90000, 75), .phases = 1,
	    .i_rated_ma = 32000, .p_max_w = 7360, .i_trip_ma = 100000 } },
	{ { "1p-7kw-800v", "likewise, for cars of 800 V" },
	  { COMMON, EUROPE, FILTER_7KW, LINK_800(1000000), OUT_800(20000),
	    DAB_800_800(44000, 250000, 800, 50000, 105), .phases = 1,
	    .i_rated_ma = 32000, .p_max_w = 7360, .i_trip_ma = 100000 } },
	{ { "1p-7kw-60hz", "single-phase 240 V 60 Hz 32 A, for cars of 400 V" },
	  { COMMON, AMERICA, FILTER_7KW, LINK_400, OUT_400(30000),
	    DAB_400_400(13800, 100000, 200, 90000, 75), .phases = 1,
	    .v_nominal_mv = 240000, .i_rated_ma = 32000, .p_max_w = 7680, .i_trip_ma = 100000 } },
	{ { "split-9kw", "split-phase 120/240 V 60 Hz 40 A with neutral leg, for cars of 400 V" },
	  { COMMON, AMERICA, FILTER_SPLIT, LINK_400, OUT_400(40000),
	    DAB_400_400(10000, 80000, 150, 120000, 65), .phases = 2,
	    .v_nominal_mv = 120000, .i_rated_ma = 40000, .p_max_w = 9600, .i_trip_ma = 120000 } },
	{ { "3p-11kw-60hz", "three-phase 277/480 V 60 Hz 16 A, for cars of 800 V" },
	  { COMMON, AMERICA, FILTER_11KW, LINK_800(800000), OUT_800(30000),
	    DAB_800_800(30000, 250000, 600, 70000, 85), .phases = 3,
	    .v_nominal_mv = 277000, .i_rated_ma = 16000, .p_max_w = 13000, .i_trip_ma = 60000 } },
};

const struct plant_model *plant_model_at(u32 n)
{
	return n < ARRAY_SIZE(model) ? &model[n].model : NULL;
}

bool plant_cfg_model(struct plant_cfg *cfg, const char *name)
{
	struct plant_cfg was = *cfg;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(model); i++) {
		if (strcmp(model[i].model.name, name))
			continue;
		*cfg = model[i].cfg;
		cfg->seed = was.seed;
		cfg->noise_permille = was.noise_permille;
		cfg->island_switch = was.island_switch;
		cfg->dc_bus = was.dc_bus;
		return true;
	}
	return false;
}

void plant_cfg_default(struct plant_cfg *cfg)
{
	*cfg = model[0].cfg;
	cfg->noise_permille = 1000;
	cfg->seed = 1;
}

void plant_model_ratings(const struct plant_cfg *cfg, struct v2x_stage_desc *d)
{
	u32 va = cfg->phases * (cfg->v_nominal_mv / 1000) * (cfg->i_rated_ma / 1000);

	d->phases = cfg->phases;
	d->tick_hz = cfg->tick_hz;
	d->f_nominal_mhz = cfg->f_nominal_mhz;
	d->v_nominal_mv = cfg->v_nominal_mv;
	d->i_rated_ma = cfg->i_rated_ma;
	d->s_rated_mva = max(va, cfg->p_max_w) * 1000;
	d->p_import_max_mw = cfg->p_max_w * 1000;
	d->p_export_max_mw = cfg->p_max_w * 1000;
	d->q_max_mvar = cfg->p_max_w * 600;	/* AS/NZS 4777.2 asks for it */
	d->v_dc_link_nominal_mv = cfg->v_dc_mv;
	d->v_dc_link_max_mv = cfg->v_dc_max_mv;
	d->v_ev_min_mv = cfg->v_ev_min_mv;
	d->v_ev_max_mv = min(cfg->v_ev_max_mv, 920000U);
	d->i_ev_max_ma = cfg->i_ev_max_ma;
}
