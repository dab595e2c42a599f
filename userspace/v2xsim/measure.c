// SPDX-License-Identifier: Apache-2.0
#include "measure.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <v2x.h>

#define CYCLE(name, field, factor)                            \
	static double name(const struct charger *c)           \
	{                                                     \
		return (double)c->cycle.field * (factor);     \
	}

CYCLE(get_p, p_mw, 1e-3)
CYCLE(get_q, q_mvar, 1e-3)
CYCLE(get_s, s_mva, 1e-3)
CYCLE(get_f, f_mhz, 1e-3)
CYCLE(get_rocof, rocof_mhz_per_s, 1e-3)
CYCLE(get_v_a, v_mv[0], 1e-3)
CYCLE(get_v_b, v_mv[1], 1e-3)
CYCLE(get_v_c, v_mv[2], 1e-3)
CYCLE(get_i_a, i_ma[0], 1e-3)
CYCLE(get_i_b, i_ma[1], 1e-3)
CYCLE(get_i_c, i_ma[2], 1e-3)
CYCLE(get_p_ref, p_ref_mw, 1e-3)
CYCLE(get_q_ref, q_ref_mvar, 1e-3)

static double get_p_now(const struct charger *c)
{
	return c->p_now_w;
}

static double get_v_dc(const struct charger *c)
{
	return (double)c->plant.v_dc * 0x1p-40;
}

static double get_v_ev(const struct charger *c)
{
	return (double)c->plant.v_out * 0x1p-40;
}

static double get_i_ev(const struct charger *c)
{
	return (double)c->plant.i_ev * 0x1p-20;
}

static double get_p_ev(const struct charger *c)
{
	return get_v_ev(c) * get_i_ev(c);
}

static double get_i_peak(const struct charger *c)
{
	double peak = 0;

	for (int x = 0; x < PLANT_PHASES; x++)
		peak = fmax(peak, fabs((double)c->plant.i1[x]) * 0x1p-40);
	return peak;
}

/* The vector of the voltages at the terminals, as the RMS of a phase that has it always. */
static double get_v_now(const struct charger *c)
{
	const double a = (double)c->plant.v_pcc[0] * 0x1p-20, b = (double)c->plant.v_pcc[1] * 0x1p-20;
	const double z = (double)c->plant.v_pcc[2] * 0x1p-20;

	if (c->desc.phases == 3)
		return hypot((2 * a - b - z) / 3, (b - z) / sqrt(3)) / M_SQRT2;
	return (double)c->ctl.tracker.vd_q8 / 256e3 / M_SQRT2;
}

static double get_island(const struct charger *c)
{
	return c->ctl.island.phase;
}

/* Of all but the switching model the mean alone is known. */
static double get_dab_i(const struct charger *c)
{
	return (double)c->plant.i_leak * 0x1p-20;
}

static double get_dab_hard(const struct charger *c)
{
	return __builtin_popcount(c->plant.hard);
}

static double get_flux_peak(const struct charger *c)
{
	return c->dab.flux_peak * 100;
}

static double get_flux_bias(const struct charger *c)
{
	return c->dab.flux_bias * 100;
}

static double get_temp(const struct charger *c)
{
	return (double)c->plant.temp * 0x1p-40;
}

static double get_soc(const struct charger *c)
{
	return (double)c->plant.soc * 0x1p-56 * 100;
}

static double get_f_grid(const struct charger *c)
{
	return (double)c->plant.f_uhz * 1e-6;
}

/* Instantaneous power through the grid's breaker, into the load and the charger. */
static double get_p_breaker(const struct charger *c)
{
	const struct plant_node *n = &c->plant.node;
	double p = 0;

	if (!n->on)
		return c->energy.p_grid_w;
	for (u32 x = 0; x < c->cfg.phases; x++)
		p += (double)n->v[x] * 0x1p-40 * ((double)n->ig[x] * 0x1p-40);
	return p;
}

static double get_thd(const struct charger *c)
{
	return spectrum_thd(&c->spectrum, get_f_grid(c)) * 100;
}

static double get_distortion(const struct charger *c)
{
	return spectrum_distortion(&c->spectrum, get_f_grid(c)) * 100;
}

static double get_dc(const struct charger *c)
{
	return spectrum_dc(&c->spectrum, get_f_grid(c)) * 100;
}

static double get_state(const struct charger *c)
{
	return c->ctl.seq.state;
}

static double get_fault(const struct charger *c)
{
	return c->ctl.seq.fault;
}

static double get_reason(const struct charger *c)
{
	return c->ctl.seq.reason;
}

static double get_trip(const struct charger *c)
{
	return c->trip_reason;
}

static double get_trips(const struct charger *c)
{
	return c->trips;
}

static double get_limited(const struct charger *c)
{
	return c->ctl.ref.limited_by;
}

static double get_gates(const struct charger *c)
{
	return c->plant.gates;
}

static double get_contactors(const struct charger *c)
{
	return c->plant.contactors;
}

static double get_balance(const struct charger *c)
{
	return energy_balance(&c->energy);
}

static double get_e_in(const struct charger *c)
{
	return c->energy.grid_in / 3600;
}

static double get_e_out(const struct charger *c)
{
	return c->energy.grid_out / 3600;
}

static int limited_word(const char *word)
{
	if (strcmp(word, "none") == 0)
		return 0;
	for (uint32_t bit = 1; bit && bit <= V2X_LIMITED_DC_LINK; bit <<= 1) {
		const char *name = v2x_limited_name(bit);

		if (name && strcmp(name, word) == 0)
			return (int)bit;
	}
	return -1;
}

static const char *limited_spell(uint32_t bits)
{
	return bits ? v2x_limited_name(bits & (~bits + 1)) : "none";
}

const struct measure measures[] = {
	{ "state", VALUE_NUMBER, MEASURE_TICK, "state of the sequence: idle, run, fault, ...",
	  get_state, v2x_state_from_name, v2x_state_name },
	{ "fault", VALUE_NUMBER, MEASURE_TICK, "reason that is latched, or none", get_fault,
	  v2x_reason_from_name, v2x_reason_name },
	{ "reason", VALUE_NUMBER, MEASURE_TICK, "reason of the last change of state", get_reason,
	  v2x_reason_from_name, v2x_reason_name },
	{ "trip", VALUE_NUMBER, MEASURE_TICK, "reason of the last trip, or none", get_trip,
	  v2x_reason_from_name, v2x_reason_name },
	{ "trips", VALUE_NUMBER, MEASURE_TICK, "number of trips so far", get_trips, NULL, NULL },
	{ "limited", VALUE_NUMBER, MEASURE_TICK, "what limits the power, or none", get_limited,
	  limited_word, limited_spell },
	{ "gates", VALUE_NUMBER, MEASURE_TICK, "1 while the bridge switches", get_gates, NULL,
	  NULL },
	{ "contactors", VALUE_NUMBER, MEASURE_TICK, "closed: 1 precharge, 2 grid, 4 ev; parted: 8 island",
	  get_contactors, NULL, NULL },
	{ "island", VALUE_NUMBER, MEASURE_TICK,
	  "none, parting, alone, matching or joining: what is done about an island", get_island,
	  v2x_island_from_name, v2x_island_name },
	{ "p", VALUE_POWER, MEASURE_CYCLE, "active power, as metered over a mains cycle", get_p,
	  NULL, NULL },
	{ "q", VALUE_POWER, MEASURE_CYCLE, "reactive power, likewise", get_q, NULL, NULL },
	{ "s", VALUE_POWER, MEASURE_CYCLE, "apparent power, likewise", get_s, NULL, NULL },
	{ "p_now", VALUE_POWER, MEASURE_TICK,
	  "true active power at the terminals, mean over 1 ms (single phase: half a cycle)",
	  get_p_now, NULL, NULL },
	{ "p_ref", VALUE_POWER, MEASURE_CYCLE, "power asked for, after limits and ramp", get_p_ref,
	  NULL, NULL },
	{ "q_ref", VALUE_POWER, MEASURE_CYCLE, "reactive power, likewise", get_q_ref, NULL, NULL },
	{ "f", VALUE_FREQUENCY, MEASURE_CYCLE, "frequency, as metered", get_f, NULL, NULL },
	{ "f_grid", VALUE_FREQUENCY, MEASURE_TICK, "true frequency of the grid's source",
	  get_f_grid, NULL, NULL },
	{ "p_breaker", VALUE_POWER, MEASURE_TICK,
	  "true instantaneous power through the grid's breaker, of charger and load",
	  get_p_breaker, NULL, NULL },
	{ "rocof", VALUE_ROCOF, MEASURE_CYCLE, "rate of change of frequency, as metered",
	  get_rocof, NULL, NULL },
	{ "v_a", VALUE_VOLTAGE, MEASURE_CYCLE, "RMS voltage of phase a, as metered", get_v_a, NULL,
	  NULL },
	{ "v_b", VALUE_VOLTAGE, MEASURE_CYCLE, "of phase b", get_v_b, NULL, NULL },
	{ "v_c", VALUE_VOLTAGE, MEASURE_CYCLE, "of phase c", get_v_c, NULL, NULL },
	{ "v_now", VALUE_VOLTAGE, MEASURE_TICK,
	  "true voltage at the terminals now: magnitude of the vector, as RMS (one and two phases: of the fundamental, as tracked)",
	  get_v_now, NULL, NULL },
	{ "i_a", VALUE_CURRENT, MEASURE_CYCLE, "RMS current of phase a, as metered", get_i_a, NULL,
	  NULL },
	{ "i_b", VALUE_CURRENT, MEASURE_CYCLE, "of phase b", get_i_b, NULL, NULL },
	{ "i_c", VALUE_CURRENT, MEASURE_CYCLE, "of phase c", get_i_c, NULL, NULL },
	{ "i_peak", VALUE_CURRENT, MEASURE_TICK, "true largest phase current now", get_i_peak,
	  NULL, NULL },
	{ "thd", VALUE_SHARE, MEASURE_CYCLE,
	  "harmonics 2 to 50 of the grid current over ten cycles, of its fundamental, worst phase",
	  get_thd, NULL, NULL },
	{ "distortion", VALUE_SHARE, MEASURE_CYCLE,
	  "all but the fundamental, with the ripple of the switching, likewise", get_distortion,
	  NULL, NULL },
	{ "dc", VALUE_SHARE, MEASURE_CYCLE,
	  "direct current over ten cycles, of the rated current, worst phase", get_dc, NULL, NULL },
	{ "v_dc", VALUE_VOLTAGE, MEASURE_TICK, "true DC link voltage", get_v_dc, NULL, NULL },
	{ "v_ev", VALUE_VOLTAGE, MEASURE_TICK, "true output voltage", get_v_ev, NULL, NULL },
	{ "i_ev", VALUE_CURRENT, MEASURE_TICK, "true current into the vehicle", get_i_ev, NULL,
	  NULL },
	{ "p_ev", VALUE_POWER, MEASURE_TICK, "true power into the vehicle", get_p_ev, NULL, NULL },
	{ "dab_i", VALUE_CURRENT, MEASURE_TICK, "true largest leakage current of the DC/DC now",
	  get_dab_i, NULL, NULL },
	{ "dab_hard", VALUE_NUMBER, MEASURE_TICK,
	  "legs of the DC/DC, of four, that switch hard now", get_dab_hard, NULL, NULL },
	{ "flux_peak", VALUE_SHARE, MEASURE_TICK,
	  "largest flux of the DC/DC now, of that of full pulses; with dab=switches",
	  get_flux_peak, NULL, NULL },
	{ "flux_bias", VALUE_SHARE, MEASURE_TICK,
	  "mean flux of the DC/DC over a switching period, likewise", get_flux_bias, NULL, NULL },
	{ "temp", VALUE_TEMPERATURE, MEASURE_TICK, "true heat sink temperature", get_temp, NULL,
	  NULL },
	{ "soc", VALUE_SHARE, MEASURE_TICK, "true state of charge", get_soc, NULL, NULL },
	{ "e_in", VALUE_ENERGY, MEASURE_TICK, "true energy from the grid since the last mark",
	  get_e_in, NULL, NULL },
	{ "e_out", VALUE_ENERGY, MEASURE_TICK, "true energy into the grid, likewise", get_e_out,
	  NULL, NULL },
	{ "balance", VALUE_NUMBER, MEASURE_TICK,
	  "energy unaccounted for since the last mark, as a part of what went through",
	  get_balance, NULL, NULL },
	{ .name = NULL },
};

const struct measure *measure_find(const char *name, size_t len)
{
	for (const struct measure *m = measures; m->name; m++) {
		if (strlen(m->name) == len && strncmp(m->name, name, len) == 0)
			return m;
	}
	return NULL;
}

void measure_list(char *buf, size_t len)
{
	size_t at = 0;

	buf[0] = '\0';
	for (const struct measure *m = measures; m->name && at < len; m++)
		at += (size_t)snprintf(buf + at, len - at, "%s%s", at ? ", " : "", m->name);
}
