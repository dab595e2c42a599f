// SPDX-License-Identifier: GPL-2.0-only
#include "lom.h"

#define SETTLE_HALVES	50	/* 0.5 s after a start */
#define REST_HALVES	20	/* 0.2 s after a proof that failed */
#define LIMIT_HALVES	3	/* at the limit before the proof */
#define PROOF_HALVES	10	/* five cycles: longer than a phase jump is seen as frequency */
#define PROOF_MHZ	400	/* a grid at 4 Hz/s moves as far in it, but not both ways */

static void settle(struct v2x_lom *l, s32 f_mhz, u32 halves)
{
	l->phase = V2X_LOM_SETTLE;
	l->count = halves;
	l->q_mvar = 0;
	l->mean_q8 = (s64)f_mhz << 8;
}

static void turn(struct v2x_lom *l, enum v2x_lom_phase phase, s32 f_mhz, s32 q_mvar)
{
	l->phase = phase;
	l->count = 0;
	l->f_begin_mhz = f_mhz;
	l->q_mvar = q_mvar;
}

static void drift(struct v2x_lom *l, const struct v2x_table_set *set, s32 f_mhz)
{
	s64 off = f_mhz - (l->mean_q8 >> 8);

	l->q_mvar = (s32)clamp_t(s64, (off * set->lom_gain_q16) >> 16, -set->lom_q_mvar,
				 set->lom_q_mvar);
	/* 64 half cycles */
	l->mean_q8 += (((s64)f_mhz << 8) - l->mean_q8) >> 6;
	l->count = l->q_mvar == set->lom_q_mvar || l->q_mvar == -set->lom_q_mvar ?
		   l->count + 1 : 0;
	if (l->count < LIMIT_HALVES)
		return;
	l->sign = l->q_mvar > 0 ? 1 : -1;
	l->f_drift_mhz = f_mhz;
	turn(l, V2X_LOM_AGAINST, f_mhz, -l->q_mvar);
}

bool v2x_lom_step(struct v2x_lom *l, const struct v2x_table_set *set, s32 f_mhz, bool on)
{
	s32 moved;

	if (!on || !set->lom_q_mvar || !(f_mhz | l->f_last_mhz)) {
		settle(l, f_mhz, SETTLE_HALVES);
		l->f_last_mhz = 0;
		return false;
	}
	/* out of what can be tracked: it is where it went to */
	if (!f_mhz)
		f_mhz = l->f_last_mhz;
	if (!l->f_last_mhz)
		l->mean_q8 = (s64)f_mhz << 8;
	l->f_last_mhz = f_mhz;
	moved = (f_mhz - l->f_begin_mhz) * l->sign;
	switch (l->phase) {
	case V2X_LOM_SETTLE:
		l->mean_q8 += (((s64)f_mhz << 8) - l->mean_q8) >> 3;
		if (l->count)
			l->count--;
		else
			l->phase = V2X_LOM_DRIFT;
		return false;
	case V2X_LOM_DRIFT:
		drift(l, set, f_mhz);
		return false;
	case V2X_LOM_AGAINST:
		if (++l->count < PROOF_HALVES)
			return false;
		if (moved <= -PROOF_MHZ)
			turn(l, V2X_LOM_ALONG, f_mhz, -l->q_mvar);
		else
			settle(l, f_mhz, REST_HALVES);
		return false;
	case V2X_LOM_ALONG:
		if (++l->count < PROOF_HALVES)
			return false;
		settle(l, f_mhz, REST_HALVES);
		return moved >= PROOF_MHZ;
	}
	return false;
}
