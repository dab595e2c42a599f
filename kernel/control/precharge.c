// SPDX-License-Identifier: GPL-2.0-only
#include <linux/math64.h>
#include "ctl_priv.h"

#define COOL_S		20
#define ENERGY_TIMES	3

void v2x_precharge_init(struct v2x_precharge_k *k, struct v2x_precharge *p,
			const struct v2x_stage_desc *desc)
{
	/* highest voltage that is rectified: phase, both lines, two of three phases; permille */
	static const u32 peak[] = { 0, 1414, 2828, 2449 };
	const struct v2x_plant_values *v = &desc->plant;
	u64 v_mv = div_u64((u64)desc->v_nominal_mv * peak[desc->phases], 1000);
	/* of one phase: the description has that of the loop */
	u32 r_mohm = max(desc->phases == 1 ? v->r_precharge_mohm : v->r_precharge_mohm / 2, 1U);
	/* nF mV^2 / 2 is 1e-15 J; uJ */
	u64 e_uj = div_u64(div_u64(v_mv * v_mv, 1000) * v->c_dc_nf, 2000000);

	k->cool_ticks = COOL_S * desc->tick_hz;
	/* mA^2 mohm s is nJ: mA^2 a step, Q16 */
	e_uj = ENERGY_TIMES * e_uj;
	k->energy_max = (s64)(div_u64(div_u64(e_uj * 1000, r_mohm) * desc->tick_hz,
				      V2X_OUTER_TICKS) << 16);
	*p = (struct v2x_precharge){ 0 };
}

static bool fails(const struct v2x_run *r)
{
	v2x_seq_trip(r, &(struct v2x_trip){
		.reason = V2X_REASON_PRECHARGE_FAILED, .value = r->c->link.v_q8 >> 8,
		.limit = r->c->tracker.vd_q8 >> 8,
	});
	return false;
}

bool v2x_precharge_bears(const struct v2x_run *r, bool first)
{
	const struct v2x_precharge_k *k = &r->c->k.precharge;
	struct v2x_precharge *p = &r->c->precharge;
	const s32 *i = r->c->m.i_q8;
	u64 now = r->in->tick;

	if (first) {
		if (v2x_precharge_hot(k, p, now))
			return fails(r);
		p->cool_tick = max(p->cool_tick, now) + k->cool_ticks;
		p->energy = 0;
	}
	p->energy += (s64)i[0] * i[0] + (s64)i[1] * i[1] + (s64)i[2] * i[2];
	if (p->energy <= k->energy_max)
		return true;
	p->cool_tick = now + 3 * k->cool_ticks;
	return fails(r);
}
