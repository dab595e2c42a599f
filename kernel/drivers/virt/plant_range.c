// SPDX-License-Identifier: GPL-2.0-only
/*
 * What may be soldered: the range of each value, and what values make together
 * that the model cannot follow.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include "plant.h"
#include "plant_fx.h"

#define RANGE(f, l, h) { #f, offsetof(struct plant_cfg, f), l, h }
static const struct plant_cfg_range cfg_range[] = {
	RANGE(tick_hz, 4000, 50000), RANGE(f_nominal_mhz, 50000, 60000),
	RANGE(phases, 1, 3), RANGE(i_rated_ma, 5000, 100000), RANGE(p_max_w, 1000, 100000),
	RANGE(v_dc_mv, 300000, 1000000), RANGE(v_dc_max_mv, 300000, 1100000),
	RANGE(v_nominal_mv, 100000, 300000),
	RANGE(l1_nh, 200000, 20000000), RANGE(r1_uohm, 0, 10000000),
	RANGE(c_nf, 1000, 100000), RANGE(rd_uohm, 0, 10000000),
	RANGE(l2_nh, 100000, 20000000), RANGE(r2_uohm, 0, 10000000),
	RANGE(c_dc_nf, 100000, 10000000),
	RANGE(r_bleed_ohm, 1000, 10000000), RANGE(r_discharge_ohm, 500, 10000000),
	RANGE(r_precharge_mohm, 1000, 1000000),
	RANGE(c_out_nf, 10000, 1000000), RANGE(r_out_ohm, 1000, 10000000),
	RANGE(close_us, 1000, 100000), RANGE(open_us, 1000, 100000),
	RANGE(island_switch, 0, 1), RANGE(island_us, 1000, 100000), RANGE(dc_bus, 0, 1),
	RANGE(loss_permille, 0, 200), RANGE(loss_idle_mw, 0, 1000000),
	RANGE(bridge_loss_ppm, 0, 100000),
	RANGE(dcdc_lag_ns, 0, 10000000),
	RANGE(dab_l_nh, 0, 1000000), RANGE(dab_lm_nh, 10000, 100000000),
	RANGE(dab_n_permille, 250, 4000), RANGE(dab_f_hz, 20000, 500000),
	RANGE(dab_r_mohm, 0, 10000), RANGE(dab_dead_ns, 0, 1000), RANGE(dab_coss_pf, 0, 10000),
	RANGE(dab_i_trip_ma, 1000, 1000000),
	RANGE(i_ev_max_ma, 1000, 200000), RANGE(v_ev_min_mv, 50000, 1000000),
	RANGE(v_ev_max_mv, 100000, 1000000),
	RANGE(i_trip_ma, 1000, 500000), RANGE(v_dc_trip_mv, 100000, 1200000),
	RANGE(cells, 96, 192), RANGE(capacity_wh, 1000, 1000000), RANGE(soc_permille, 0, 1000),
	RANGE(noise_permille, 0, 20000),
};

const struct plant_cfg_range *plant_cfg_range_at(u32 n)
{
	return n < ARRAY_SIZE(cfg_range) ? &cfg_range[n] : NULL;
}

static u32 cfg_field(const struct plant_cfg *cfg, size_t at)
{
	return *(const u32 *)((const char *)cfg + at);
}

/*
 * Sub-steps of the filter are stable for G + 2 D < 4, G = h^2 (1/L1 + 1/L2) / C
 * and D = h Rd (1/L1 + 1/L2), and follow its resonance well below that.
 */
static bool filter_followed(const struct plant_cfg *cfg)
{
	s64 h_ns = plant_substep_ns(cfg);
	/* h (1/L1 + 1/L2), Q20 S */
	s64 y = plant_div(h_ns << 20, cfg->l1_nh) + plant_div(h_ns << 20, cfg->l2_nh);
	s64 g = plant_div(y * h_ns, cfg->c_nf), d = plant_div(y * cfg->rd_uohm, 1000000);

	return g + 2 * d < 3 << 20;
}

/*
 * Whole volts over X = 2 f L are the bridge's currents: an ohm at least. Its
 * resistance counts to first order: X / 2 at most.
 */
static const char *dab_followed(const struct plant_cfg *cfg)
{
	s64 x_no = 2LL * cfg->dab_f_hz * cfg->dab_l_nh;	/* 1e-9 ohm */

	if (!cfg->dab_l_nh)
		return NULL;
	if (x_no < 1000000000)
		return "dab_l_nh";
	return 2000000LL * cfg->dab_r_mohm > x_no ? "dab_r_mohm" : NULL;
}

bool plant_cfg_check(const struct plant_cfg *cfg, const char **field)
{
	const char *bad = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cfg_range) && !bad; i++) {
		u32 v = cfg_field(cfg, cfg_range[i].at);

		if (v < cfg_range[i].lo || v > cfg_range[i].hi)
			bad = cfg_range[i].name;
	}
	/* Only a rate whose period is whole nanoseconds keeps exact time. */
	if (!bad && 1000000000 % cfg->tick_hz)
		bad = "tick_hz";
	if (!bad && cfg->f_nominal_mhz != 50000 && cfg->f_nominal_mhz != 60000)
		bad = "f_nominal_mhz";
	if (!bad && cfg->cells != 96 && cfg->cells != 192)
		bad = "cells";
	if (!bad && cfg->v_dc_max_mv <= cfg->v_dc_mv)
		bad = "v_dc_max_mv";
	if (!bad && cfg->v_ev_max_mv <= cfg->v_ev_min_mv)
		bad = "v_ev_max_mv";
	if (!bad && !filter_followed(cfg))
		bad = "c_nf";
	if (!bad)
		bad = dab_followed(cfg);
	if (!bad && !cfg->seed)
		bad = "seed";
	if (bad && field)
		*field = bad;
	return !bad;
}

bool plant_cfg_set(struct plant_cfg *cfg, const char *name, u32 value)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cfg_range); i++) {
		if (strcmp(cfg_range[i].name, name))
			continue;
		*(u32 *)((char *)cfg + cfg_range[i].at) = value;
		return true;
	}
	return false;
}
