// SPDX-License-Identifier: GPL-2.0-only
/*
 * DC link, isolated DC/DC as a power stage, DC output, battery.
 *
 * The DC/DC is averaged: a dual active bridge by its pulses, see plant_dab.c, or
 * one that is told a power: a current into the output that follows its command
 * with a first-order lag, and the power of it, plus losses, drawn from the
 * link. The output capacitor against the battery's resistance is stiff (tau
 * of a few us) and is taken implicitly.
 */
#include <linux/kernel.h>
#include "plant.h"
#include "plant_fx.h"

/* Below this the DC/DC cannot transfer; also bounds the reciprocals. */
#define V_LINK_MIN_Q20	Q20(100)
#define V_OUT_MIN_Q20	Q20(20)
#define V_MAX_Q20	Q20(1500)	/* nothing survives more */
#define P_MAX_Q10	(150000LL << 10)	/* no stage is told more */

/* Open-circuit voltage of a cell at 0, 5, ... 100 % charge, Q20 volts. */
#define MV(x)	((x) * 1048576LL / 1000)
#define OCV_STEPS	20
static const s32 ocv_cell_q20[OCV_STEPS + 1] = {
	MV(2710), MV(3180), MV(3350), MV(3430), MV(3480), MV(3520), MV(3555),
	MV(3585), MV(3612), MV(3640), MV(3670), MV(3705), MV(3745), MV(3790),
	MV(3835), MV(3885), MV(3940), MV(4000), MV(4060), MV(4125), MV(4195),
};

static s64 ocv(const struct plant *p)
{
	s64 pos = (p->soc >> 36) * OCV_STEPS;	/* Q20 of table steps */
	s64 i = fx_clamp(pos >> 20, 0, OCV_STEPS - 1);
	s64 a = ocv_cell_q20[i], b = ocv_cell_q20[i + 1];

	return (a + (((b - a) * (pos - i * Q20_ONE)) >> 20)) * p->k.cells;
}

/* Current the command asks for, within the stage's own limits; Q20. */
static s64 dcdc_command(const struct plant *p, const struct v2x_gate_cmd *cmd, s64 v)
{
	s64 lim = p->k.i_ev_max_q20, head, i;

	if (cmd->dcdc_v_mv) {
		s64 want = ((s64)cmd->dcdc_v_mv * 1073742) >> 10;	/* mV to Q20 V */

		lim = fx_clamp(((s64)cmd->dcdc_i_ma * 1073742) >> 10, 0, lim);
		i = ((want - v) * p->k.vmode_q20) >> 20;
	} else {
		s64 p_q10 = fx_clamp(((s64)cmd->dcdc_p_mw * 67109) >> 16, -P_MAX_Q10, P_MAX_Q10);

		/* 2^60 over Q20 is 1/v in Q40 */
		i = (p_q10 * fx_recip_q60(v < V_OUT_MIN_Q20 ? V_OUT_MIN_Q20 : v)) >> 30;
	}
	i = fx_clamp(i, -lim, lim);
	/* Own voltage limit: no more current than closes the rest of the gap. */
	head = ((p->k.v_ev_max_q20 - v) * p->k.vmode_q20) >> 20;
	if (i > head)
		i = head > -lim ? head : -lim;
	if (v <= 0 && i < 0)
		i = 0;
	return i;
}

/* The DC/DC's output current and what it takes from the link. */
static void dcdc_step(struct plant *p, bool on, const struct v2x_gate_cmd *cmd)
{
	s64 v = p->v_out >> 20, v_dc = p->v_dc >> 20, p_out, p_loss, r;

	if (unlikely(p->dab)) {
		p->dab(p, cmd, on, p->dab_context);
		return;
	}
	if (!on) {
		p->i_dcdc = 0;
		p->i_link = 0;
		p->i_leak = 0;
		p->hard = 0;
		p->p_loss_q10 = 0;
		return;
	}
	if (p->k.dab.g_q30) {
		plant_dab_step(p, &cmd->dab, v_dc, v);
		return;
	}
	p->i_dcdc += ((dcdc_command(p, cmd, v) - p->i_dcdc) * p->k.lag_q20) >> 20;
	if (v_dc < V_LINK_MIN_Q20 && p->i_dcdc > 0)
		p->i_dcdc = 0;
	p_out = (v * p->i_dcdc) >> 30;
	p_loss = ((fx_abs(p_out) * p->k.loss_q20) >> 20) + p->k.loss_idle_q10;
	p->p_loss_q10 = p_loss;
	if (v_dc < V_LINK_MIN_Q20 && p_out <= 0) {
		p_loss = 0;	/* fed from its own auxiliary supply */
		v_dc = V_LINK_MIN_Q20;
	}
	r = fx_recip_q60(v_dc < V_LINK_MIN_Q20 ? V_LINK_MIN_Q20 : v_dc);
	p->i_link = ((p_out + p_loss) * r) >> 30;
}

static void battery_step(struct plant *p, s64 i)
{
	s64 rc = ((i * p->k.rc_r_q20) >> 20) - (p->v_rc >> 20);

	p->v_rc += (rc * p->k.rc_k_q50) >> 30;
	p->soc += fx_mul_shr(i, p->k.soc_k_q60, 24);
	p->soc = fx_clamp(p->soc, 0, 1LL << 56);
}

/* Output capacitor, with or without the battery; sets the vehicle current. */
static void output_step(struct plant *p, bool joined, s64 e)
{
	s64 v = p->v_out >> 20, dv;

	if (joined) {
		dv = (e + ((p->k.r0_q20 * p->i_dcdc) >> 20) - v) *
		     (p->soft_ticks ? p->k.soft_q30 : p->k.batt_q30);
		p->v_out = fx_clamp(p->v_out + (dv >> 10), 0, V_MAX_Q20 * Q20_ONE);
		p->i_ev = p->i_dcdc - (((dv >> 30) * p->k.cout_q20) >> 20);
		return;
	}
	p->i_ev = 0;
	p->v_out += fx_mul_shr(p->i_dcdc, p->k.kout_q30, 10);
	p->v_out -= fx_mul_shr(v, p->k.out_bleed_q44, 24);
	p->v_out = fx_clamp(p->v_out, 0, V_MAX_Q20 * Q20_ONE);
}

/* The vehicle's battery management opens its contactors, until unplugged. */
static void bms_step(struct plant *p, s64 v)
{
	const struct plant_set *set = &p->set;
	bool bad = fx_abs(p->i_ev) > set->bms_i_q20 || v > set->bms_v_max_q20 ||
		   v < set->bms_v_min_q20;

	if (!set->car.plugged) {
		p->bms_open = false;
		p->bms_ticks = 0;
	} else if (!p->vehicle_on || !bad) {
		p->bms_ticks = 0;
	} else if (++p->bms_ticks > p->k.close_ticks * 8) {
		p->bms_open = true;	/* some 200 ms */
	}
}

/* What is connected to the DC bus draws. */
static s64 bus_current(const struct plant *p, s64 v)
{
	s64 i = fx_mul_shr(v, p->set.bus_g_q30, 30);

	if (p->set.bus_p_q10 && v > p->set.bus_off_q20)
		i += (p->set.bus_p_q10 * fx_recip_q60(v)) >> 30;
	return i;
}

void plant_bus_join(struct plant *const *p, u32 n)
{
	s64 sum = 0, mean;
	u32 i;

	for (i = 0; i < n; i++)
		sum += p[i]->v_dc;
	mean = plant_div(sum, n);
	for (i = 0; i < n; i++)
		p[i]->v_dc = mean;
}

static void link_step(struct plant *p)
{
	s64 v = p->v_dc >> 20;
	s64 drain = p->coils ? p->k.bleed_q44 : p->k.bleed_q44 + p->k.discharge_q44;

	if (unlikely(p->k.dc_bus))
		p->i_bus = bus_current(p, v);
	p->v_dc += fx_mul_shr(p->i_bridge - p->i_link - p->i_bus, p->k.kdc_q30, 10);
	p->v_dc -= fx_mul_shr(v, drain, 24);
	/* a short is thousands of times more: in Q36, or it would not fit */
	p->v_dc -= ((p->set.link_short_q44 >> 8) * v) >> 16;
	p->v_dc = fx_clamp(p->v_dc, 0, V_MAX_Q20 * Q20_ONE);
}

void plant_dc_step(struct plant *p, bool dcdc_gates, const struct v2x_gate_cmd *cmd)
{
	const struct plant_car_env *car = &p->set.car;
	s64 e = ocv(p) + (p->v_rc >> 20);
	bool joined;

	p->vehicle_on = car->plugged && car->ready && !p->bms_open;
	joined = p->vehicle_on && (p->contactors & V2X_CONTACTOR_EV);
	if (!joined)
		p->soft_ticks = p->k.island_switch || p->k.dc_bus ?
				p->k.close_ticks * 2 / 5 : 0;
	else if (p->soft_ticks)
		p->soft_ticks--;
	dcdc_step(p, dcdc_gates, cmd);
	link_step(p);
	output_step(p, joined, e);
	battery_step(p, p->i_ev);
	p->v_batt = 0;
	if (joined)
		p->v_batt = p->v_out >> 20;
	else if (p->vehicle_on)
		p->v_batt = e;
	bms_step(p, e + ((p->k.r0_q20 * p->i_ev) >> 20));
}
