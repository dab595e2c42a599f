// SPDX-License-Identifier: GPL-2.0-only
/*
 * From what is soldered and what is set to the coefficients of the model: all
 * divisions are here, in process context.
 */
#include <linux/kernel.h>
#include "plant.h"
#include "plant_fx.h"

#define LINK_SHORT_MAX_Q44	0x10000000000LL	/* a sixteenth a period is short enough */
#define SQRT2_Q30	1518500250LL
#define SUBSTEP_NS	12500
#define R0_CELL_UOHM	800
#define RC_CELL_UOHM	500
#define RC_TAU_NS	30000000000LL
#define HEAT_TAU_NS	100000000000LL
#define CELL_MV		3640
#define R_ISO_OHM	2000000
#define LEAKAGE_UA	500	/* through the filter to earth, at nominal voltage */

void plant_env_default(const struct plant_cfg *cfg, struct plant_env *env)
{
	*env = (struct plant_env){
		.grid = {
			.frequency_mhz = cfg->f_nominal_mhz,
			.voltage_mpu = 1000,
			.phase_mpu = { 1000, 1000, 1000 },
			.rg_uohm = 100000,
			.lg_nh = 50000,
			.island_load_w = 1000,
		},
		.car = {
			.i_max_ma = 200000,
			.v_max_mv = cfg->cells * 4250,
			.v_min_mv = cfg->cells * 2500,
		},
		.ambient_mc = 25000,
	};
}

static s64 q20_milli(s64 milli)
{
	return plant_div(milli * Q20_ONE, 1000);
}

static void battery_consts(struct plant_consts *k, const struct plant_cfg *cfg, s64 t_ns)
{
	s64 r0 = (s64)cfg->cells * R0_CELL_UOHM, x, q;

	k->cells = cfg->cells;
	k->r0_q20 = plant_div(r0 * Q20_ONE, 1000000);
	k->rc_r_q20 = plant_div((s64)cfg->cells * RC_CELL_UOHM * Q20_ONE, 1000000);
	k->rc_k_q50 = plant_div(t_ns << 40, RC_TAU_NS) << 10;
	/* Implicit: share of the gap closed in a period, x / (1 + x), x = T / (C R0). */
	x = plant_div(k->kout_q30 * 1000000, r0);
	k->batt_q30 = (1LL << 30) - plant_div(1LL << 60, (1LL << 30) + x);
	x = plant_div(k->kout_q30 * 96, 20 * cfg->cells);
	k->soft_q30 = (1LL << 30) - plant_div(1LL << 60, (1LL << 30) + x);
	/* Charge of an ampere-period over the battery's charge, Q60, in steps. */
	q = plant_div(t_ns * cfg->cells * CELL_MV * Q20_ONE, (s64)3600 * cfg->capacity_wh);
	q = plant_div(q * Q20_ONE, 1000000);
	k->soc_k_q60 = plant_div(q * Q20_ONE, 1000000);
}

/* Square root, rounded down. */
static s64 root(s64 x)
{
	s64 r = 0, bit;

	for (bit = 1LL << 31; bit; bit >>= 1)
		if ((r + bit) * (r + bit) <= x)
			r += bit;
	return r;
}

/* L + L^2 / (4 Lm): the inductance that counts for the power, process context */
u32 plant_dab_transfer_nh(const struct plant_cfg *cfg)
{
	return cfg->dab_l_nh + (u32)plant_div((s64)cfg->dab_l_nh * cfg->dab_l_nh,
					      4LL * cfg->dab_lm_nh);
}

static void dab_consts(struct plant_dab_consts *k, const struct plant_cfg *cfg)
{
	s64 n2 = (s64)cfg->dab_n_permille * cfg->dab_n_permille;
	s64 need, x;

	if (!cfg->dab_l_nh)
		return;
	/* 1 / (2 Hz nH 1e-9) */
	k->i_q20 = plant_div(500000000LL << 20, (s64)cfg->dab_f_hz * cfg->dab_l_nh);
	/* between the halves Lm takes L / 4 Lm of what passes */
	k->g_q30 = plant_div(plant_div(500000LL << 30, cfg->dab_f_hz) * cfg->dab_n_permille,
			     plant_dab_transfer_nh(cfg));
	/* a quarter of the same: half of the voltages' mean, and half for each side */
	k->i_mag_q20 = plant_div(125000000LL << 20, (s64)cfg->dab_f_hz * cfg->dab_lm_nh);
	k->n_q20 = plant_div((s64)cfg->dab_n_permille << 20, 1000);
	k->r_q20 = plant_div((s64)cfg->dab_r_mohm << 20, 1000);
	k->ri_q20 = (k->r_q20 * k->i_q20) >> 20;
	/* enough charge in the dead time, 2 pF / ns = 2e-3 S; enough energy for it */
	need = cfg->dab_dead_ns ? plant_div((2LL << 30) * cfg->dab_coss_pf,
					    1000LL * cfg->dab_dead_ns) : 0;
	need = max_t(s64, need, root(plant_div((2LL << 54) / 1000 * cfg->dab_coss_pf,
					       cfg->dab_l_nh)) * 8);
	k->need_q30[0] = need;
	/* seen from the link both voltage and current: 1 / n^2 */
	k->need_q30[1] = plant_div(need * 1000000, n2);
	/* 2 Hz pF 1e-12 */
	x = plant_div((s64)cfg->dab_f_hz * cfg->dab_coss_pf << 21, 1000000);
	k->hard_q30 = plant_div(x << 10, 1000000);
	k->i_trip_q20 = q20_milli(cfg->dab_i_trip_ma);
}

static void dc_consts(struct plant_consts *k, const struct plant_cfg *cfg, s64 t_ns)
{
	s64 x;

	k->kdc_q30 = plant_div(t_ns << 30, cfg->c_dc_nf);
	k->bleed_q44 = plant_div(t_ns << 44, (s64)cfg->r_bleed_ohm * cfg->c_dc_nf);
	k->discharge_q44 = plant_div(t_ns << 44, (s64)cfg->r_discharge_ohm * cfg->c_dc_nf);
	k->kout_q30 = plant_div(t_ns << 30, cfg->c_out_nf);
	k->out_bleed_q44 = plant_div(t_ns << 44, (s64)cfg->r_out_ohm * cfg->c_out_nf);
	k->cout_q20 = plant_div((s64)cfg->c_out_nf << 20, t_ns);
	k->vmode_q20 = k->cout_q20 / 2;
	/* Implicit first-order lag. */
	x = cfg->dcdc_lag_ns + t_ns;
	k->lag_q20 = plant_div(t_ns << 20, x);
	k->loss_q20 = q20_milli(cfg->loss_permille);
	k->loss_idle_q10 = plant_div((s64)cfg->loss_idle_mw << 10, 1000);
	k->bridge_loss_q20 = plant_div((s64)cfg->bridge_loss_ppm << 20, 1000000);
	k->i_ev_max_q20 = q20_milli(cfg->i_ev_max_ma);
	k->v_ev_max_q20 = q20_milli(cfg->v_ev_max_mv);
	k->v_dc_trip_q20 = q20_milli(cfg->v_dc_trip_mv);
}

/* b = (h/L) / (1 + hR/L) and r = (hR/L) / (1 + hR/L), Q30. */
static void rl_coefficients(s64 t_ns, u32 shift, s64 l_nh, s64 r_uohm, s64 *b, s64 *r)
{
	s64 h_l = plant_div((t_ns << 30) >> shift, l_nh);
	s64 hr_l = plant_div(h_l * r_uohm, 1000000);

	*b = plant_div(h_l << 30, (1LL << 30) + hr_l);
	*r = (1LL << 30) - plant_div(1LL << 60, (1LL << 30) + hr_l);
}

static u32 substeps_shift(u32 tick_hz)
{
	u32 shift = 1;

	while ((1000000000U / tick_hz) >> shift > SUBSTEP_NS)
		shift++;
	return shift;
}

u32 plant_substep_ns(const struct plant_cfg *cfg)
{
	return (1000000000 / cfg->tick_hz) >> substeps_shift(cfg->tick_hz);
}

static void consts_init(struct plant_consts *k, const struct plant_cfg *cfg)
{
	s64 t_ns = 1000000000 / cfg->tick_hz;
	s64 d = 1000000LL * cfg->tick_hz;
	s64 a = plant_div(1LL << 62, d);

	k->phases = cfg->phases;
	k->island_switch = cfg->island_switch;
	k->dc_bus = cfg->dc_bus;
	k->sub_shift = substeps_shift(cfg->tick_hz);
	/* 2^68 / (1e6 tick_hz): uHz to 2^48ths of a turn a tick, Q20. */
	k->f_to_inc_q20 = a * 64 + plant_div(((1LL << 62) - a * d) * 64, d);
	rl_coefficients(t_ns, k->sub_shift, cfg->l1_nh, cfg->r1_uohm, &k->b1_q30, &k->r1_q30);
	k->hc_q26 = plant_div((t_ns << 26) >> k->sub_shift, cfg->c_nf);
	k->rd_q20 = plant_div((s64)cfg->rd_uohm << 20, 1000000);
	k->i_trip_q20 = q20_milli(cfg->i_trip_ma);
	k->thermal_k_q50 = plant_div(t_ns << 40, HEAT_TAU_NS) << 10;
	k->close_ticks = (u32)plant_div((s64)cfg->close_us * cfg->tick_hz, 1000000);
	k->open_ticks = (u32)plant_div((s64)cfg->open_us * cfg->tick_hz, 1000000);
	k->island_ticks = (u32)plant_div((s64)cfg->island_us * cfg->tick_hz, 1000000);
	dc_consts(k, cfg, t_ns);
	dab_consts(&k->dab, cfg);
	battery_consts(k, cfg, t_ns);
}

void plant_init(struct plant *p, const struct plant_cfg *cfg)
{
	struct plant_env env;

	*p = (struct plant){ .rng = cfg->seed };
	consts_init(&p->k, cfg);
	plant_sensors_init(p, cfg);
	p->soc = plant_div((s64)cfg->soc_permille * (1LL << 46), 1000) << 10;
	plant_env_default(cfg, &env);
	plant_prepare(cfg, &env, &p->set);
	p->temp = (s64)p->set.ambient_q20 * Q20_ONE;
}

static void prepare_path(const struct plant_cfg *cfg, struct plant_path *path,
			 s64 lg_nh, s64 rg_uohm, s64 extra_uohm)
{
	s64 l = cfg->l2_nh + lg_nh, r = cfg->r2_uohm + rg_uohm + extra_uohm;

	rl_coefficients(1000000000 / cfg->tick_hz, substeps_shift(cfg->tick_hz), l, r,
			&path->b_q30, &path->r_q30);
	path->lg_q20 = plant_div(lg_nh << 20, l);
	/* Rg i + Lg di/dt with L di/dt = v - R i: all but Lg/L v goes with i */
	path->rt_q20 = plant_div(rg_uohm << 20, 1000000) -
		       ((path->lg_q20 * plant_div(r << 20, 1000000)) >> 20);
}

static void prepare_paths(const struct plant_cfg *cfg, struct plant_set *set, s64 lg_nh,
			  s64 rg_uohm)
{
	set->path[PLANT_PATH_OPEN] = (struct plant_path){ 0 };
	prepare_path(cfg, &set->path[PLANT_PATH_CLOSED], lg_nh, rg_uohm, 0);
	prepare_path(cfg, &set->path[PLANT_PATH_PRECHARGE], lg_nh, rg_uohm,
		     1000LL * cfg->r_precharge_mohm);
	plant_exact_prepare(cfg, cfg->l2_nh + lg_nh, (s64)cfg->r2_uohm + rg_uohm, &set->exact);
}

/* Without a load of its own the node behind an island switch has the island's. */
static s64 node_r_mohm(const struct plant_cfg *cfg, const struct plant_grid_env *g)
{
	s64 v2 = (s64)cfg->phases * cfg->v_nominal_mv * cfg->v_nominal_mv;

	if (g->load_r_mohm || g->load_l_uh || g->load_c_nf || !g->island_load_w)
		return g->load_r_mohm;
	return plant_div(v2, 1000LL * g->island_load_w);
}

/* With the load's inductor w h < 1/2 as well: h^2 / (L C) < 1/4. */
static u32 node_c_nf(const struct plant_cfg *cfg, const struct plant_grid_env *g)
{
	s64 c_nf = max_t(s64, g->load_c_nf, PLANT_LOAD_C_MIN_NF);
	s64 h_ns = plant_substep_ns(cfg);

	if (g->load_l_uh)
		c_nf = max_t(s64, c_nf, plant_div(4 * h_ns * h_ns, 1000LL * g->load_l_uh));
	return (u32)c_nf;
}

static void prepare_node(const struct plant_cfg *cfg, const struct plant_grid_env *g,
			 struct plant_node_set *n)
{
	u32 shift = substeps_shift(cfg->tick_hz), t_ns = 1000000000 / cfg->tick_hz;
	s64 h_ns = t_ns >> shift, c_nf = node_c_nf(cfg, g);
	s64 lg_nh = max_t(s64, g->lg_nh, plant_div(4 * h_ns * h_ns, c_nf));	/* w h < 1/2 */
	s64 r_mohm = node_r_mohm(cfg, g), x;

	lg_nh = max_t(s64, lg_nh, PLANT_NODE_L_MIN_NH);

	rl_coefficients(t_ns, shift, lg_nh, g->rg_uohm, &n->bg_q30, &n->rg_q30);
	n->lines = g->load_lines ? g->load_lines : 7;
	n->hc_q26 = plant_div(((s64)t_ns << 26) >> shift, c_nf);
	n->hc_bare_q26 = n->hc_q26;
	n->hl_q34 = 0;
	n->yl_q24 = 0;
	n->kr_q30 = 0;
	if (g->load_l_uh) {
		n->hl_q34 = plant_div(((s64)t_ns << 34) >> shift, 1000LL * g->load_l_uh);
		/* 1e9 / (2 pi f_mhz uH), Q24: 2^24 / 2 pi = 2670177 */
		x = plant_div(2670177LL * 1000000000, cfg->f_nominal_mhz);
		n->yl_q24 = plant_div(x, g->load_l_uh);
	}
	if (r_mohm) {
		/* ns / (mohm nF) is 1000 s/s */
		x = plant_div(((s64)t_ns << 36) >> shift, r_mohm * c_nf);
		x = min_t(s64, plant_div(x * 1000, 64), 1LL << 32);
		n->kr_q30 = plant_div(x << 30, (1LL << 30) + x / 2);
		n->hc_q26 = plant_div(n->hc_q26 << 30, (1LL << 30) + x / 2);
	}
}

static void prepare_grid(const struct plant_cfg *cfg, const struct plant_grid_env *g,
			 struct plant_set *set)
{
	s64 peak = plant_div((s64)cfg->v_nominal_mv * SQRT2_Q30, 1000) >> 10;
	s64 load_w = g->island_load_w > 10 ? g->island_load_w : 10;
	s64 load_uohm = plant_div((s64)cfg->phases * cfg->v_nominal_mv * cfg->v_nominal_mv, load_w);
	s64 dc = plant_div(peak * g->dc_permille, 1000);
	u32 x;

	set->f_uhz = (u64)g->frequency_mhz * 1000;
	set->phase = (u32)plant_div((s64)g->phase_mdeg * (1LL << 32), 360000);
	set->voltage_q16 = (u32)plant_div((s64)g->voltage_mpu << 16, 1000);
	set->h5_q16 = (s32)plant_div((s64)g->h5_permille << 16, 1000);
	set->h7_q16 = (s32)plant_div((s64)g->h7_permille << 16, 1000);
	set->unbalance_q16 = (s32)plant_div((s64)g->unbalance_permille << 16, 1000);
	set->harmonics = g->h5_permille || g->h7_permille || g->unbalance_permille;
	for (x = 0; x < PLANT_PHASES; x++) {
		set->v_phase_q20[x] = (s32)plant_div(peak * ((s64)g->phase_mpu[x] * 1000 +
							     g->phase_upu[x]), 1000000);
		set->dc_q20[x] = (s32)(x ? -dc / 2 : dc);
	}
	set->node.on = cfg->island_switch || g->load_r_mohm || g->load_l_uh || g->load_c_nf ||
		       g->motor_w || g->transformer_va || g->rectifier_va;
	plant_island_prepare(cfg, g, node_c_nf(cfg, g), &set->load);
	if (set->node.on)
		prepare_node(cfg, g, &set->node);
	/* The load is at the terminals: the grid's impedance is behind it. */
	prepare_paths(cfg, set, set->node.on ? 0 : g->lg_nh, set->node.on ? 0 : g->rg_uohm);
	prepare_path(cfg, &set->path[PLANT_PATH_ISLAND], 0, load_uohm, 0);
}

/*
 * Control pilot at the charger: 12 V behind 1 kohm, the vehicle's resistor
 * behind a diode of 0.7 V (IEC 61851-1 annex A), or 80 ohm to earth.
 */
static s32 pilot_level(s64 source_mv, s64 r_ohm, s64 diode_mv)
{
	s64 v;

	if (!r_ohm || (diode_mv && source_mv < 0))
		return (s32)q20_milli(source_mv);
	v = plant_div((source_mv - diode_mv) * r_ohm, 1000 + r_ohm) + diode_mv;
	return (s32)q20_milli(v);
}

static void prepare_pilot(const struct plant_env *env, struct plant_set *set)
{
	/* R2 alone; R2 with R3 for C; R2 with R3 for D: ohm */
	const s64 r_load[2] = { 2740, env->car.ventilation ? 246 : 882 };
	u32 s2;

	for (s2 = 0; s2 < 2; s2++) {
		s64 r = env->car.plugged ? r_load[s2] : 0;
		s64 diode = env->fault[PLANT_FAULT_PILOT_NO_DIODE] ? 0 : 700;

		if (env->fault[PLANT_FAULT_PILOT_SHORT]) {
			r = 80;
			diode = 0;
		}
		set->pilot_q20[s2][PLANT_CP_PLUS] = pilot_level(12000, r, diode);
		set->pilot_q20[s2][PLANT_CP_MINUS] = pilot_level(-12000, r, diode);
	}
}

static u32 prepare_lines(const u32 *fault)
{
	u32 lines = fault[PLANT_FAULT_GATE_FAULT] & 15;	/* V2X_FAULT_GATE_A and up */

	if (fault[PLANT_FAULT_OVER_CURRENT])
		lines |= V2X_FAULT_OVER_CURRENT;
	if (fault[PLANT_FAULT_DC_LINK])
		lines |= V2X_FAULT_DC_LINK;
	if (fault[PLANT_FAULT_RESIDUAL_CURRENT])
		lines |= V2X_FAULT_RESIDUAL;
	if (fault[PLANT_FAULT_ESTOP])
		lines |= V2X_FAULT_ESTOP;
	return lines;
}

static void prepare_bus(const struct plant_cfg *cfg, const struct plant_bus_env *b,
			struct plant_set *set)
{
	set->bus_g_q30 = 0;
	set->bus_p_q10 = 0;
	set->bus_off_q20 = plant_div(q20_milli(cfg->v_dc_mv) * 7, 10);
	if (!cfg->dc_bus)
		return;
	/* no more than empties the link by half in a period: C / 2 T, nF * Hz is nS */
	if (b->load_r_mohm)
		set->bus_g_q30 = min(plant_div(1000LL << 30, b->load_r_mohm),
				     plant_div((s64)cfg->c_dc_nf * cfg->tick_hz << 19,
					       1000000000) << 10);
	set->bus_p_q10 = (s64)b->load_w << 10;
}

void plant_prepare(const struct plant_cfg *cfg, const struct plant_env *env,
		   struct plant_set *set)
{
	u32 iso = env->fault[PLANT_FAULT_INSULATION_FAULT], i;

	prepare_grid(cfg, &env->grid, set);
	prepare_pilot(env, set);
	prepare_bus(cfg, &env->bus, set);
	set->breaker_open = env->grid.island || env->fault[PLANT_FAULT_GRID_LOSS];
	set->lines = prepare_lines(env->fault);
	set->ambient_q20 = (s32)q20_milli(env->ambient_mc);
	set->r_iso_q20 = Q20(iso ? iso : R_ISO_OHM);
	set->link_short_q44 = 0;
	if (env->fault[PLANT_FAULT_LINK_SHORT])
		set->link_short_q44 = min(plant_div((1000000000LL / cfg->tick_hz) << 44,
						    (s64)env->fault[PLANT_FAULT_LINK_SHORT] *
						    cfg->c_dc_nf), LINK_SHORT_MAX_Q44);
	set->residual_dc_q20 = q20_milli(env->fault[PLANT_FAULT_RESIDUAL_DC]);
	set->residual_ac_q30 = plant_div((1000LL * env->fault[PLANT_FAULT_RESIDUAL_AC] +
					  LEAKAGE_UA) << 30, 1000LL * cfg->v_nominal_mv);
	set->car = env->car;
	set->bms_i_q20 = (s32)q20_milli(env->car.i_max_ma);
	set->bms_v_max_q20 = (s32)q20_milli(env->car.v_max_mv);
	set->bms_v_min_q20 = (s32)q20_milli(env->car.v_min_mv);
	for (i = 0; i < PLANT_FAULT_COUNT; i++)
		set->fault[i] = env->fault[i];
}
