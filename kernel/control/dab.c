// SPDX-License-Identifier: GPL-2.0-only
#include <linux/math64.h>
#include "dab.h"
#include "schedule.h"

/* (1 - sqrt(1 - 4 u)) / 2 at u = n/256; between them at most 3e-4 too large */
const s32 v2x_dab_table[V2X_DAB_TABLE + 1] = {
	0, 4210817, 8455188, 12733929, 17047887, 21397947,
	25785030, 30210100, 34674159, 39178256, 43723490, 48311008,
	52942012, 57617763, 62339584, 67108864, 71927064, 76795720,
	81716452, 86690967, 91721068, 96808662, 101955766, 107164518,
	112437189, 117776191, 123184091, 128663629, 134217728, 139849518,
	145562354, 151359839, 157245850, 163224571, 169300526, 175478619,
	181764182, 188163026, 194681505, 201326592, 208105964, 215028107,
	222102439, 229339463, 236750948, 244350156, 252152115, 260173977,
	268435456, 276959399, 285772535, 294906462, 304398988, 314295990,
	324654051, 335544320, 347058381, 359317547, 372488438, 386810930,
	402653184, 420634950, 441964646, 469762048, 536870912,
};

void v2x_dab_init(struct v2x_dab_k *k, struct v2x_dab *d, const struct v2x_stage_desc *desc)
{
	const struct v2x_dab_values *v = &desc->dab;

	*k = (struct v2x_dab_k){ 0 };
	*d = (struct v2x_dab){ 0 };
	if (!v->l_nh)
		return;
	k->on = true;
	/* 2 Hz nH 1e-9 / (n / 1000) * 65.536e6 */
	k->kx = (s32)div_u64(div_u64((u64)v->f_hz * v->l_nh * 1024, 1000) * 128, v->n_permille);
	k->n_q20 = (s32)div_u64((u64)v->n_permille << 20, 1000);
	k->n_recip_q20 = (s32)div_u64(1000ULL << 20, v->n_permille);
	k->v_floor_q8 = 20000 << 8;
	/* nF 1e-9 * fs / 6 */
	k->kv_q16 = (s32)div_u64(div_u64((u64)v->c_out_nf * desc->tick_hz << 16, 6), 1000000000);
	/* 2 pi 100 * 2^30 */
	k->fix_q30 = (s32)div_u64(674652027400ULL * V2X_DAB_TICKS, desc->tick_hz);
	d->recip = (long)div_u64(1ULL << 52, (u32)k->v_floor_q8);
	d->w_recip_q30 = V2X_Q30_ONE;
}
