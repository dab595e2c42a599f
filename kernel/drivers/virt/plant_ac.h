/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One period of filter and bridge while it is worked out; inside of the model.
 *
 * A loop is a current that is free: one in a single-phase stage, phases a and b
 * in a split-phase and in a three-phase one. The third leg carries what these
 * two do not return: the neutral, or phase c.
 */
#ifndef _V2X_PLANT_AC_H
#define _V2X_PLANT_AC_H

#include "plant.h"

#define PLANT_ALL	7		/* phases */
#define I_MAX_Q20	Q20(600)	/* nothing survives more */
#define VC_MAX_Q20	Q20(1200)	/* surge arrester */
#define DIODE_Q20	Q20(1)		/* forward voltage */

struct plant_ac {
	s64 v_dc;		/* Q20, of the period */
	s64 half;		/* half of it and a diode */
	s64 m[2];		/* reference of each loop: its leg less the return leg, Q24 */
	s64 leg[PLANT_PHASES];	/* bridge voltage of each phase, gates on */
	s64 vn[PLANT_PHASES];	/* filter's middle node */
	s64 src[PLANT_PHASES];	/* sources at the middle of the sub-step */
	s64 dsrc[PLANT_PHASES];	/* what they move in one */
	s64 sum[2];		/* mean of i1; of the sub-steps a sum, until their end */
	s64 diode_sum;		/* of the rectified current, likewise */
	const struct plant_path *path;
	u32 lost;		/* grid phases without a connection */
	bool gates;
};

static inline s64 q20(s64 q40)
{
	return q40 >> 20;
}

void plant_ac_begin(struct plant *p, struct plant_ac *r, bool gates);
bool plant_ac_ordinary(const struct plant *p, const struct plant_ac *r);
void plant_ac_otherwise(struct plant *p, struct plant_ac *r);
void plant_ac_end(struct plant *p, struct plant_ac *r);

/* One sub-step of the general way: any switch, lost phases, diodes, island. */
void plant_sub_begin(const struct plant *p, struct plant_ac *r);
void plant_sub_step(struct plant *p, struct plant_ac *r);
void plant_sub_end(const struct plant *p, struct plant_ac *r);
void plant_node_voltages(const struct plant *p, s64 vn[PLANT_PHASES]);
s64 plant_grid_shift(const struct plant *p, const struct plant_ac *r);

/* The local load behind the grid's breaker; i2 is all that is drawn from it. */
void plant_node_apply(struct plant *p);
void plant_node_sources(const struct plant *node, struct plant_ac *r);
void plant_node_step(struct plant *node, u32 sub, const s64 i2[PLANT_PHASES]);
s64 plant_node_utility(const struct plant *p, u32 x);

#endif /* _V2X_PLANT_AC_H */
