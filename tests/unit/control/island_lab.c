// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include "island_lab.h"
#include "prot_table.h"

#define PI 3.14159265358979

void island_settings(struct rig *r, u32 gain_permille, u32 q_permille)
{
	u32 vn = r->desc.v_nominal_mv;
	const struct v2x_prot_entry e[] = {
		{ V2X_PROT_V_PHASE, V2X_PROT_OVER, V2X_PROT_TRIP, 0, (s32)(vn / 10 * 12), 160, 0 },
		{ V2X_PROT_V_PHASE, V2X_PROT_UNDER, V2X_PROT_TRIP, 0, 0, 21000, 0 },
		{ V2X_PROT_F, V2X_PROT_OVER, V2X_PROT_TRIP, 0, 66000, 1000000, 0 },
		{ V2X_PROT_F, V2X_PROT_UNDER, V2X_PROT_TRIP, 0, 45000, 1000000, 0 },
	};
	struct v2x_prot_table *t = &r->user.table;

	*t = (struct v2x_prot_table){
		.size = sizeof(*t), .name = "1547.1", .lom_gain_permille = gain_permille,
		.lom_q_permille = q_permille, .count = ARRAY_SIZE(e),
	};
	memcpy(t->entry, e, sizeof(e));
	if (v2x_prot_table_check(&r->desc, t))
		fail_msg("entry %d, why %u", (int)t->refused, t->why);
	t->hash = v2x_prot_table_hash(t);
	rig_user(r);
}

void island_start(struct rig *rig, u32 n, struct plant_cfg cfg, const s32 *p_mw, u32 gain_permille,
		  u32 q_permille)
{
	for (u32 i = 0; i < n; i++) {
		cfg.seed = i + 1;
		rig_init_with(&rig[i], &cfg);
		island_settings(&rig[i], gain_permille, q_permille);
		if (!rig_run(&rig[i]))
			fail_msg("charger %u does not run: %u", i, rig[i].ctl.seq.fault);
		rig_power(&rig[i], p_mw[i]);
		rig_ms(&rig[i], 1500);
	}
}

void island_load(struct rig *r, double p_w, double qf, double c_excess)
{
	double v = r->pcfg.v_nominal_mv / 1000.0, f = r->pcfg.f_nominal_mhz / 1000.0;
	double p = fabs(p_w) / r->pcfg.phases;

	r->env.grid.load_r_mohm = (u32)(v * v / p * 1e3);
	r->env.grid.load_l_uh = (u32)(v * v / (2 * PI * f * p * qf) * 1e6);
	r->env.grid.load_c_nf = (u32)(p * qf / (2 * PI * f * v * v) * 1e9 * (1 + c_excess));
	rig_env(r);
}

void island_together(struct rig *rig, u32 n, u32 ms)
{
	struct plant *p[ISLAND_CHARGERS];
	const struct v2x_gate_cmd *cmd[ISLAND_CHARGERS];
	u32 ticks = ms * 20, i;

	for (i = 0; i < n; i++) {
		p[i] = &rig[i].plant;
		cmd[i] = &rig[i].out.gate;
	}
	while (ticks--) {
		plant_step_together(p, cmd, n);
		for (i = 0; i < n; i++)
			rig_tick_stepped(&rig[i]);
	}
}

void island_breaker(struct rig *rig, u32 n, u32 open)
{
	for (u32 i = 0; i < n; i++) {
		rig[i].env.grid.island = open;
		rig_env(&rig[i]);
	}
}

u32 island_feeding(const struct rig *rig, u32 n)
{
	u32 on = 0;

	for (u32 i = 0; i < n; i++)
		on += rig[i].out.gate.gates;
	return on;
}
