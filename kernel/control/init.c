// SPDX-License-Identifier: GPL-2.0-only
#include <linux/errno.h>
#include <linux/math64.h>
#include <linux/string.h>
#include "ctl_priv.h"

/* Without these there is nothing to control by. */
#define PHASE	(BIT(V2X_ADC_V_GRID_A) | BIT(V2X_ADC_I_A))
#define DC	(BIT(V2X_ADC_V_DC_LINK) | BIT(V2X_ADC_V_EV) | BIT(V2X_ADC_I_EV))
#define PILOT	(BIT(V2X_ADC_CP_HIGH) | BIT(V2X_ADC_CP_LOW))

static u32 needed(u32 phases, u64 features)
{
	u32 ph, all = (u32)DC;

	for (ph = 0; ph < phases; ph++)
		all |= (u32)PHASE << ph;
	if (features & V2X_FEATURE_ISLAND_SWITCH)
		all |= ((1U << phases) - 1) << V2X_ADC_V_UTIL_A;
	return all;
}

static bool within(u64 x, u64 lo, u64 hi)
{
	return x >= lo && x <= hi;
}

/* None, or one that is: 2 f L / n below 32 ohm, see struct v2x_dab_k. */
static bool dab_fine(const struct v2x_dab_values *d)
{
	return !d->l_nh ||
	       (within(d->l_nh, 500, 1000000) && within(d->n_permille, 250, 4000) &&
		within(d->f_hz, 10000, 1000000) && within(d->c_out_nf, 100, 10000000) &&
		within((u64)d->f_hz * d->l_nh, 100000ULL * d->n_permille,
		       15000000ULL * d->n_permille));
}

/* Ranges in which no constant of the control overflows or loses its meaning. */
static bool controllable(const struct v2x_stage_desc *d)
{
	const struct v2x_plant_values *p = &d->plant;
	u32 ch;

	for (ch = 0; ch < V2X_ADC_COUNT; ch++) {
		const struct v2x_adc_desc *a = &d->adc[ch];

		if (!(d->adc_present & BIT(ch)))
			continue;
		if (!a->scale_n || a->raw_max < a->raw_min ||
		    (u32)a->raw_max - (u32)a->raw_min < 4)
			return false;
	}
	return within(d->phases, 1, 3) &&
	       !(needed(d->phases, d->features) & ~d->adc_present) &&
	       within(d->tick_hz, 4000, 40000) &&
	       (d->f_nominal_mhz == 50000 || d->f_nominal_mhz == 60000) &&
	       within(d->v_nominal_mv, 50000, 500000) &&
	       within(d->i_rated_ma, 1000, 100000) &&
	       within(d->s_rated_mva, 100000, 100000000) &&
	       within(d->p_import_max_mw, 0, d->s_rated_mva) &&
	       within(d->p_export_max_mw, 0, d->s_rated_mva) &&
	       max(d->p_import_max_mw, d->p_export_max_mw) >= 100000 &&
	       within(d->q_max_mvar, 0, d->s_rated_mva) &&
	       within(d->v_dc_link_nominal_mv, 200000, 1500000) &&
	       within(d->v_dc_link_max_mv, d->v_dc_link_nominal_mv, 2000000) &&
	       within(d->v_ev_max_mv, 50000, 1500000) && d->v_ev_min_mv < d->v_ev_max_mv &&
	       within(d->i_ev_max_ma, 1000, 1000000) &&
	       within(p->l1_nh, 50000, 20000000) && p->l2_nh <= 20000000 &&
	       p->c_nf <= 100000 && within(p->c_dc_nf, 50000, 20000000) &&
	       p->dead_ns < 1000000000 / d->tick_hz / 8 && p->i_zero_ma <= d->i_rated_ma &&
	       p->r_precharge_mohm <= 1000000 && within(p->contactor_ms, 1, 1000) &&
	       dab_fine(&d->dab);
}

static void constants(struct v2x_ctl *c, const struct v2x_stage_desc *desc)
{
	struct v2x_ctl_k *k = &c->k;

	v2x_scale_init(desc, k->scale);
	memcpy(c->scale, k->scale, sizeof(c->scale));
	v2x_tracker_init(&k->tracker, &c->tracker, desc->tick_hz, desc->f_nominal_mhz,
			 desc->v_nominal_mv);
	v2x_current_init(&k->cc, desc);
	v2x_clean_init(&k->clean, &c->clean, desc, &k->cc);
	if (desc->phases != 3)
		v2x_tracker_init_single(&k->tracker);
	v2x_single_init(&k->single, &c->single, desc, &k->cc);
	v2x_dead_init(&k->dead, desc);
	v2x_form_init(&k->form, desc, k->cc.kp_q16);
	v2x_residual_init(&k->residual, &c->residual, desc);
	v2x_island_init(&k->island, &c->island, desc);
	v2x_precharge_init(&k->precharge, &c->precharge, desc);
	v2x_plausible_init(&k->plausible, &c->plausible, desc);
	v2x_direction_init(&c->k.direction, &c->direction, desc);
	v2x_weld_init(&c->k.weld, &c->weld, desc);
	k->phases = desc->phases;
	k->p_to_i = (s32)(131072000 / desc->phases);
	v2x_link_init(&k->link, &c->link, desc);
	v2x_dcdc_init(&k->dcdc, desc);
	v2x_dab_init(&k->dab, &c->dab, desc);
	v2x_setpoint_init(&k->setpoint, desc);
	v2x_measure_init(&k->measure, &c->measure, desc);
	v2x_prot_init(&k->prot, &c->prot, desc);
	v2x_seq_init(&k->seq, &c->seq, desc);
	v2x_prot_looks(&k->prot, k->scale, desc, k->seq.offset_max_q8);
	k->has = desc->adc_present;
	k->i_max_q8 = (s32)div_u64((u64)desc->i_rated_ma * 398243, 1000);	/* 1.1 sqrt(2) */
	/* from a quarter to three quarters of the way from nominal to the trip */
	k->fade_hi_q8 = (s32)((desc->v_dc_link_nominal_mv +
			       (desc->v_dc_link_max_mv - desc->v_dc_link_nominal_mv) / 4) << 8);
	k->fade_q30 = (s32)div_u64(1ULL << 30,
				   max((desc->v_dc_link_max_mv - desc->v_dc_link_nominal_mv) << 7,
				       256U));
	k->work_turns = BIT(V2X_TURN_SETPOINT) | BIT(V2X_TURN_SEQUENCER);
	if (desc->tick_hz < V2X_WORK_HZ)
		k->work_turns |= BIT(V2X_TURN_LINK);
	k->has_pilot = (desc->features & V2X_FEATURE_PILOT) &&
		       (desc->adc_present & PILOT) == PILOT;
}

int v2x_ctl_init(struct v2x_ctl *c, const struct v2x_stage_desc *desc)
{
	memset(c, 0, sizeof(*c));
	if (!controllable(desc))
		return -EINVAL;
	c->desc = desc;
	c->tuned = 1;
	constants(c, desc);
	c->lead = v2x_lead(c->tracker.step_angle);
	c->pilot.state = c->k.has_pilot ? V2X_PILOT_A : V2X_PILOT_NONE;
	/* 20 ms of samples, one in V2X_SLOW_TICKS ticks */
	c->pilot.need = desc->tick_hz / (50 * V2X_SLOW_TICKS);
	return 0;
}
