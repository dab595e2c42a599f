// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bits.h>
#include <linux/math64.h>
#include <linux/string.h>
#include "ctl_priv.h"

#define CYCLES_OFF	5

void v2x_plausible_init(struct v2x_plausible_k *k, struct v2x_plausible *p,
			const struct v2x_stage_desc *desc)
{
	u32 rated = max(desc->p_import_max_mw, desc->p_export_max_mw);

	k->move_mw = (s32)(rated / 10);
	k->p_off_mw = (s32)(rated / 10);
	k->told_mw = (s32)(rated / 20);
	k->rests = max(desc->tick_hz / (200 * V2X_SLOW_TICKS), 2U);
	k->v_off_mv = (s32)max(desc->v_ev_max_mv / 50, 10000U);
	k->still = desc->tick_hz / (40 * V2X_SLOW_TICKS);
	k->leaks = desc->tick_hz / V2X_SLOW_TICKS;
	k->v_off = desc->tick_hz / (10 * V2X_SLOW_TICKS);
	memset(p, 0, sizeof(*p));
}

static void trip(const struct v2x_run *r, u32 reason, u32 channel)
{
	v2x_seq_trip(r, &(struct v2x_trip){ .reason = reason, .value = channel });
}

static void link_moves(const struct v2x_run *r, long p_mw)
{
	struct v2x_plausible *p = &r->c->plausible;
	s32 raw = r->in->samples.raw[V2X_ADC_V_DC_LINK];

	p->still = raw == p->raw && v2x_beyond((s32)p_mw, r->c->k.plausible.move_mw) ?
		   p->still + 1 : 0;
	p->raw = raw;
	if (unlikely(p->still >= r->c->k.plausible.still))
		trip(r, V2X_REASON_ADC_STUCK, V2X_ADC_V_DC_LINK);
}

/* The code there is now is what the power that is told now is held against. */
static void current_anew(const struct v2x_run *r)
{
	struct v2x_plausible *p = &r->c->plausible;

	p->iev_raw = r->in->samples.raw[V2X_ADC_I_EV];
	p->iev_told_mw = r->c->dcdc.told_mw[0];
	p->rests = 0;
}

/* Without current it is a vehicle that has let go, see v2x_plausible_dump(). */
static void current_moves(const struct v2x_run *r)
{
	const struct v2x_ctl *c = r->c;
	struct v2x_plausible *p = &r->c->plausible;

	if (!c->seq.dcdc || c->seq.dcdc_v_mv ||
	    r->in->samples.raw[V2X_ADC_I_EV] != p->iev_raw)
		current_anew(r);
	else if (v2x_beyond(c->m.iev_q8, c->k.seq.match_ma << 8) &&
		 v2x_beyond(c->dcdc.told_mw[0] - p->iev_told_mw, c->k.plausible.told_mw))
		p->rests++;
	if (unlikely(p->rests >= c->k.plausible.rests))
		trip(r, V2X_REASON_ADC_STUCK, V2X_ADC_I_EV);
}

static void sides_agree(const struct v2x_run *r)
{
	const struct v2x_plausible_k *k = &r->c->k.plausible;
	struct v2x_plausible *p = &r->c->plausible;
	s32 apart = (r->c->m.vev_q8 >> 8) - r->c->m.v_vehicle_mv;

	p->apart = v2x_beyond(apart, k->v_off_mv) ? p->apart + 1 : 0;
	if (unlikely(p->apart >= k->v_off))
		trip(r, V2X_REASON_SENSOR_IMPLAUSIBLE, V2X_ADC_V_EV);
}

static void balance(const struct v2x_run *r, const struct v2x_cycle *y)
{
	const struct v2x_plausible_k *k = &r->c->k.plausible;
	struct v2x_plausible *p = &r->c->plausible;
	s64 out_mw = v2x_micro_to_milli((s64)y->v_ev_mv * y->i_ev_ma);
	s64 off = v2x_abs((long)(y->p_mw - out_mw));
	s64 room = k->p_off_mw + (max(v2x_abs(y->p_mw), v2x_abs((long)out_mw)) >> 4);

	p->cycle = y->seq;
	p->off = off > room ? p->off + 1 : 0;
	if (unlikely(p->off >= CYCLES_OFF))
		trip(r, V2X_REASON_SENSOR_IMPLAUSIBLE, V2X_ADC_I_EV);
}

static void insulation(const struct v2x_run *r)
{
	struct v2x_plausible *p = &r->c->plausible;
	s32 ohm = r->c->m.r_iso_ohm, least = r->set->r_iso_min_ohm;

	p->leaks = r->c->seq.coils && ohm < least ? p->leaks + 1 : 0;
	if (unlikely(p->leaks >= r->c->k.plausible.leaks))
		v2x_seq_trip(r, &(struct v2x_trip){ V2X_REASON_INSULATION, ohm, least });
}

/* Was the current told to be another since its code came, and is still that? */
static bool current_rests(const struct v2x_run *r)
{
	const struct v2x_ctl *c = r->c;

	return r->in->samples.raw[V2X_ADC_I_EV] == c->plausible.iev_raw &&
	       v2x_beyond(c->dcdc.told_mw[0] - c->plausible.iev_told_mw,
			  c->k.plausible.told_mw / 2);
}

/*
 * Does the output jump by more than twice what the power told can have moved its
 * capacitor by in two samples, I T / C each? kv is C / 6 T.
 */
static bool unexplained(const struct v2x_ctl *c, s32 off_mv)
{
	s64 ma = v2x_mul_floor(v2x_abs(off_mv), 3 * c->k.dab.kv_q16, 16);
	long told = max(v2x_abs(c->dcdc.told_mw[0]), v2x_abs(c->dcdc.told_mw[1]));

	return v2x_micro_to_milli((c->m.vev_q8 >> 8) * ma) > 2 * told;
}

/* The output stays: within a sixteenth of how far a battery lets it move. */
void v2x_plausible_dump(const struct v2x_run *r)
{
	const struct v2x_ctl *c = r->c;
	s32 off_mv = (c->m.vev_q8 >> 8) - (s32)(c->dcdc.good_q24 >> 24);
	bool stays = !v2x_beyond(off_mv, c->k.dcdc.dump_q8 >> 12);
	bool flows = v2x_beyond(c->m.iev_q8, c->k.seq.match_ma << 8);
	struct v2x_trip t = {
		.reason = V2X_REASON_EV_DISCONNECTED,
		.value = c->m.vev_q8 >> 8, .limit = c->dcdc.good_q24 >> 24,
	};

	if (!(c->contactors & V2X_CONTACTOR_EV))
		t.reason = V2X_REASON_EV_CONTACTOR_STUCK_OPEN;
	else if ((flows || stays) && current_rests(r))
		t = (struct v2x_trip){ V2X_REASON_ADC_STUCK, V2X_ADC_I_EV, 0 };
	else if (flows || unexplained(c, off_mv))
		t = (struct v2x_trip){ V2X_REASON_SENSOR_IMPLAUSIBLE, V2X_ADC_V_EV, 0 };
	v2x_seq_trip(r, &t);
}

static const u32 noisy[2] = { V2X_ADC_V_DC_LINK, V2X_ADC_I_EV };

void v2x_plausible_learn(const struct v2x_run *r, bool first)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(noisy); i++) {
		struct v2x_noise *n = &r->c->plausible.noise[i];
		s32 raw = r->in->samples.raw[noisy[i]], by = raw - n->raw;

		if (first) {
			*n = (struct v2x_noise){ .raw = raw };
			continue;
		}
		n->raw = raw;
		if (!by)
			continue;
		n->turns += (by ^ n->by) < 0;
		n->by = by;
	}
}

/*
 * Direct current has no swing that must show, but a sensor that had noise at standstill
 * has it still. And there is no grid to balance the output with.
 */
static void bus(const struct v2x_run *r)
{
	u32 i, times = r->c->k.plausible.still * 4;

	for (i = 0; i < ARRAY_SIZE(noisy); i++) {
		struct v2x_noise *n = &r->c->plausible.noise[i];
		s32 raw = r->in->samples.raw[noisy[i]];

		n->still = raw == n->raw ? n->still + 1 : 0;
		n->raw = raw;
		if (unlikely(n->still >= times && n->turns > V2X_PLAUSIBLE_LEARN / 4))
			trip(r, V2X_REASON_ADC_STUCK, noisy[i]);
	}
	if (r->c->k.has & BIT(V2X_ADC_V_VEHICLE))
		sides_agree(r);
}

void v2x_plausible_step(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	const struct v2x_cycle *y = v2x_measure_last(&c->measure);
	struct v2x_plausible *p = &c->plausible;

	if (c->k.has & BIT(V2X_ADC_R_ISO))
		insulation(r);
	if (c->seq.state == V2X_STATE_DC_RUN) {
		bus(r);
		return;
	}
	current_moves(r);
	if ((c->seq.state != V2X_STATE_RUN && c->seq.state != V2X_STATE_RAMP_DOWN) ||
	    !c->seq.gates || !c->seq.dcdc) {
		p->still = 0;
		p->apart = 0;
		p->off = 0;
		p->cycle = y->seq + 1;	/* the one that runs is not whole */
		return;
	}
	link_moves(r, y->p_mw);
	if (c->k.has & BIT(V2X_ADC_V_VEHICLE))
		sides_agree(r);
	if (y->seq > p->cycle)
		balance(r, y);
}
