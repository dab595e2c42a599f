// SPDX-License-Identifier: GPL-2.0-only
#include <linux/math64.h>
#include <linux/string.h>
#include "harmonics.h"
#include "schedule.h"

/* order, share of the time constant, angle for grids with inductance: 2^32 a turn */
static const struct {
	u32 order;
	u32 tau_permille;
	s32 ahead;
} orders[V2X_ORDERS] = {
	{ 2, 1000, -238609294 },	/* -20 degrees */
	{ 6, 1000, 536870912 },	/* 45 */
	{ 12, 800, 119304647 },	/* 10 */
};

void v2x_clean_gains(struct v2x_clean_k *k, const struct v2x_stage_desc *desc,
		     const struct v2x_current_k *cc, u32 tau_ms)
{
	u32 w = (u32)div_u64((u64)desc->f_nominal_mhz << 32, desc->tick_hz * 1000);
	u32 i;

	for (i = 0; i < V2X_ORDERS; i++)
		v2x_res_init(&k->order[i], cc, &(struct v2x_res_at){
			.order = orders[i].order, .hold = V2X_ORDERS, .w = w,
			.tau_samples = desc->tick_hz / 1000 * tau_ms / 10 *
				       orders[i].tau_permille / 100,
			.ahead = (u32)orders[i].ahead,
		});
	/* Kp / 1 s a step: ohm Q16 to Q32 */
	k->dc_q32 = (s32)div_u64(((u64)cc->kp_q16 << 16) * V2X_OUTER_TICKS, desc->tick_hz);
	k->on = !cc->slow;
}

void v2x_clean_init(struct v2x_clean_k *k, struct v2x_clean *c, const struct v2x_stage_desc *desc,
		    const struct v2x_current_k *cc)
{
	u32 w = (u32)div_u64((u64)desc->f_nominal_mhz << 32, desc->tick_hz * 1000);
	u32 i;

	v2x_clean_gains(k, desc, cc, V2X_HARMONICS_MS);
	memset(c, 0, sizeof(*c));
	for (i = 0; i < V2X_ORDERS; i++)
		c->tune_q24[i] = v2x_res_tune(&k->order[i], w);
}

void v2x_clean_reset(struct v2x_clean *c)
{
	memset(c->d, 0, sizeof(c->d));
	memset(c->q, 0, sizeof(c->q));
	c->rest = false;
	memset(c->dc, 0, sizeof(c->dc));
}

void v2x_clean_fade(struct v2x_clean *c)
{
	u32 i;

	c->rest = false;
	for (i = 0; i < V2X_ORDERS; i++) {
		v2x_res_fade(&c->d[i]);
		v2x_res_fade(&c->q[i]);
	}
}
