// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sensors: one table of channels from which both the description given to the
 * core and the model of each converter are made.
 */
#include <linux/kernel.h>
#include "plant.h"
#include "plant_ac.h"
#include "plant_fx.h"

#define NOISE_STEPS	15
#define RESIDUAL_TEST_UA	10000
#define UTILITY		(7U << V2X_ADC_V_UTIL_A)

/**
 * struct sensor_desc - a channel
 * @name: as in a schematic
 * @unit: of the value
 * @scale_n: nano-units a count
 * @zero: count at zero; unsigned converters get one, so that a broken wire
 *	and a true zero differ
 * @min: lowest count
 * @max: highest count
 * @noise_q8: greatest noise either way, 1/256 counts
 */
struct sensor_desc {
	const char *name;
	enum v2x_unit unit;
	s64 scale_n;
	s32 zero, min, max;
	s32 noise_q8;
};

static const struct sensor_desc sensor_desc[V2X_ADC_COUNT] = {
	/* 14 bit, 0.125 V */
	[V2X_ADC_V_GRID_A] = { "v_grid_a", V2X_UNIT_VOLT, 125000000, 0, -8192, 8191, 512 },
	[V2X_ADC_V_GRID_B] = { "v_grid_b", V2X_UNIT_VOLT, 125000000, 0, -8192, 8191, 512 },
	[V2X_ADC_V_GRID_C] = { "v_grid_c", V2X_UNIT_VOLT, 125000000, 0, -8192, 8191, 512 },
	/* 14 bit, 10 mA */
	[V2X_ADC_I_A] = { "i_a", V2X_UNIT_AMPERE, 10000000, 0, -8192, 8191, 768 },
	[V2X_ADC_I_B] = { "i_b", V2X_UNIT_AMPERE, 10000000, 0, -8192, 8191, 768 },
	[V2X_ADC_I_C] = { "i_c", V2X_UNIT_AMPERE, 10000000, 0, -8192, 8191, 768 },
	/* 14 bit, 62.5 mV, -32 V .. 992 V */
	[V2X_ADC_V_DC_LINK] = { "v_dc_link", V2X_UNIT_VOLT, 62500000, 512, 0, 16383, 512 },
	[V2X_ADC_V_EV] = { "v_ev", V2X_UNIT_VOLT, 62500000, 512, 0, 16383, 512 },
	/* 14 bit, 10 mA */
	[V2X_ADC_I_EV] = { "i_ev", V2X_UNIT_AMPERE, 10000000, 0, -8192, 8191, 768 },
	/* 12 bit, 50 mK, -40 .. 164 degrees */
	[V2X_ADC_TEMP] = { "temp_heatsink", V2X_UNIT_CELSIUS, 50000000, 800, 0, 4095, 512 },
	/* 16 bit, 100 ohm, from -25.6 kohm */
	[V2X_ADC_R_ISO] = { "r_iso", V2X_UNIT_OHM, 100000000000LL, 256, 0, 65535, 1024 },
	/* 12 bit, 10 mV */
	[V2X_ADC_CP_HIGH] = { "cp_high", V2X_UNIT_VOLT, 10000000, 0, -2048, 2047, 768 },
	[V2X_ADC_CP_LOW] = { "cp_low", V2X_UNIT_VOLT, 10000000, 0, -2048, 2047, 768 },
	[V2X_ADC_V_VEHICLE] = { "v_vehicle", V2X_UNIT_VOLT, 62500000, 512, 0, 16383, 512 },
	/* 14 bit, 62.5 uA */
	[V2X_ADC_RESIDUAL] = { "i_residual", V2X_UNIT_AMPERE, 62500, 0, -8192, 8191, 768 },
	/* as v_grid */
	[V2X_ADC_V_UTIL_A] = { "v_util_a", V2X_UNIT_VOLT, 125000000, 0, -8192, 8191, 512 },
	[V2X_ADC_V_UTIL_B] = { "v_util_b", V2X_UNIT_VOLT, 125000000, 0, -8192, 8191, 512 },
	[V2X_ADC_V_UTIL_C] = { "v_util_c", V2X_UNIT_VOLT, 125000000, 0, -8192, 8191, 512 },
};

static const char * const fault_name[V2X_FAULT_LINES] = {
	"gate_a", "gate_b", "gate_c", "gate_dcdc",
	"over_current", "dc_link", "residual", "estop",
};

/* A stage of more current has current sensors of twice the range. */
#define I_FINE_MAX_MA	20000

static s64 scale_of(const struct plant_cfg *cfg, u32 ch)
{
	bool ac = ch >= V2X_ADC_I_A && ch <= V2X_ADC_I_C && cfg->i_rated_ma > I_FINE_MAX_MA;
	bool dc = ch == V2X_ADC_I_EV && cfg->i_ev_max_ma > 2 * I_FINE_MAX_MA;

	return ac || dc ? 2 * sensor_desc[ch].scale_n : sensor_desc[ch].scale_n;
}

/* Phases and switches a stage does not have, it has no sensors for. */
static u32 present(const struct plant_cfg *cfg)
{
	u32 mask = PLANT_CH_MASK, x;

	for (x = cfg->phases; x < PLANT_PHASES; x++)
		mask &= ~(1U << (V2X_ADC_V_GRID_A + x) | 1U << (V2X_ADC_I_A + x) |
			  1U << (V2X_ADC_V_UTIL_A + x));
	if (!cfg->island_switch)
		mask &= ~UTILITY;
	return mask;
}

void plant_describe(const struct plant_cfg *cfg, struct v2x_stage_desc *d)
{
	u32 i;

	d->driver = "virt";
	d->features = V2X_FEATURE_PILOT | V2X_FEATURE_INSULATION |
		      V2X_FEATURE_VIRTUAL | V2X_FEATURE_TRIP_HARDWARE |
		      (cfg->island_switch ? V2X_FEATURE_ISLAND_SWITCH : 0) |
		      (cfg->dc_bus ? V2X_FEATURE_DC_BUS : 0);
	plant_model_ratings(cfg, d);
	d->adc_present = present(cfg);
	for (i = 0; i < V2X_ADC_COUNT; i++) {
		const struct sensor_desc *s = &sensor_desc[i];

		d->adc[i] = (struct v2x_adc_desc){
			.name = s->name, .unit = s->unit, .scale_n = scale_of(cfg, i),
			.offset_n = -(s64)s->zero * scale_of(cfg, i),
			.raw_min = s->min, .raw_max = s->max,
		};
	}
	d->residual_test_ua = RESIDUAL_TEST_UA;
	for (i = 0; i < V2X_FAULT_LINES; i++)
		d->fault_name[i] = fault_name[i];
	d->plant = (struct v2x_plant_values){
		.l1_nh = cfg->l1_nh, .r1_uohm = cfg->r1_uohm,
		.c_nf = cfg->c_nf, .l2_nh = cfg->l2_nh, .c_dc_nf = cfg->c_dc_nf,
		/* two phases in the loop that charges the link, or one and the neutral */
		.r_precharge_mohm = (cfg->phases == 1 ? 1 : 2) * cfg->r_precharge_mohm,
		.contactor_ms = (cfg->close_us + 999) / 1000,
		.island_us = cfg->island_switch ? cfg->island_us : 0,
		.r_discharge_ohm = cfg->r_discharge_ohm, .r_out_ohm = cfg->r_out_ohm,
	};
	d->dab = (struct v2x_dab_values){ 0 };
	if (cfg->dab_l_nh)
		d->dab = (struct v2x_dab_values){
			.l_nh = plant_dab_transfer_nh(cfg), .n_permille = cfg->dab_n_permille,
			.f_hz = cfg->dab_f_hz, .dead_ns = cfg->dab_dead_ns,
			.c_out_nf = cfg->c_out_nf,
		};
}

void plant_sensors_init(struct plant *p, const struct plant_cfg *cfg)
{
	u32 i;

	for (i = 0; i < V2X_ADC_COUNT; i++) {
		const struct sensor_desc *s = &sensor_desc[i];
		s64 noise = plant_div(((s64)s->noise_q8 << 37) * cfg->noise_permille,
				      1000 * NOISE_STEPS);

		p->sensor[i] = (struct plant_sensor){
			.gain_q24 = plant_div(1000000000LL << 24, scale_of(cfg, i)),
			.zero_q44 = (s->zero * 2 + 1) * (1LL << 43) - NOISE_STEPS * noise / 2,
			.noise_q44 = noise,
			.min = s->min, .max = s->max,
			.held = s->zero,
		};
	}
}

/*
 * Counts in Q44: value * gain, zero, and noise, uniform in 16 steps. Its mean
 * is taken off in zero_q44.
 */
static s32 convert(struct plant_sensor *s, s64 value_q20, u64 random)
{
	s64 raw = (value_q20 * s->gain_q24 + s->zero_q44 +
		   (s64)(random & NOISE_STEPS) * s->noise_q44) >> 44;

	s->held = (s32)fx_clamp(raw, s->min, s->max);
	return s->held;
}

static s32 convert_faulty(struct plant_sensor *s, const u32 *fault, u32 bit,
			  s64 value_q20, u64 random)
{
	s64 range = (s64)s->max - s->min, raw = s->held;
	s32 wild = (s32)(random & 511) - 255;

	if (fault[PLANT_FAULT_ADC_STUCK] & bit)
		return s->held;
	raw = convert(s, value_q20, random);
	if (fault[PLANT_FAULT_ADC_NOISE] & bit)
		raw += (range * wild) >> 11;	/* 12 % of the range */
	if (fault[PLANT_FAULT_ADC_OFFSET] & bit)
		raw += range >> 5;		/* 3 % */
	if (fault[PLANT_FAULT_ADC_OPEN] & bit)
		raw = s->max;
	if (fault[PLANT_FAULT_ADC_SHORT] & bit)
		raw = s->min;
	s->held = (s32)fx_clamp(raw, s->min, s->max);
	return s->held;
}

static s64 slow_value(const struct plant *p, u32 ch)
{
	const s32 *cp = p->set.pilot_q20[p->vehicle_on];
	u32 hot = p->set.fault[PLANT_FAULT_OVER_TEMPERATURE];
	u32 duty = p->active.pilot_permille;

	switch (ch) {
	case V2X_ADC_TEMP:
		return hot ? Q20(hot) : p->temp >> 20;
	case V2X_ADC_R_ISO:
		return p->set.r_iso_q20;
	case V2X_ADC_CP_HIGH:
		return cp[duty == V2X_PILOT_DUTY_OFF ? PLANT_CP_MINUS : PLANT_CP_PLUS];
	case V2X_ADC_CP_LOW:
		return cp[duty >= V2X_PILOT_DUTY_STEADY ? PLANT_CP_PLUS : PLANT_CP_MINUS];
	case V2X_ADC_V_UTIL_A:
	case V2X_ADC_V_UTIL_B:
	case V2X_ADC_V_UTIL_C:
		return p->k.island_switch ? plant_node_utility(p, ch - V2X_ADC_V_UTIL_A) : 0;
	default:
		return p->v_batt;
	}
}

static void fast_values(const struct plant *p, s64 v[V2X_ADC_TEMP])
{
	u32 x;

	for (x = 0; x < PLANT_PHASES; x++) {
		v[V2X_ADC_V_GRID_A + x] = p->v_pcc[x];
		v[V2X_ADC_I_A + x] = p->i1[x] >> 20;
	}
	v[V2X_ADC_V_DC_LINK] = p->v_dc >> 20;
	v[V2X_ADC_V_EV] = p->v_out >> 20;
	v[V2X_ADC_I_EV] = p->i_ev;
}

/* Through the monitor: what leaks behind the contactor, and the test winding. */
static s64 residual_value(const struct plant *p)
{
	s64 i = p->active.residual_test ? RESIDUAL_TEST_UA * Q20_ONE / 1000000 : 0;

	if (p->contactors & (V2X_CONTACTOR_PRECHARGE | V2X_CONTACTOR_GRID))
		i += p->set.residual_dc_q20 +
		     ((p->v_pcc[0] * p->set.residual_ac_q30) >> 30);
	return i;
}

static s64 other_value(const struct plant *p, u32 ch)
{
	return ch == V2X_ADC_RESIDUAL ? residual_value(p) : slow_value(p, ch);
}

static noinline void sample_faulty(struct plant *p, struct v2x_samples *s, const s64 *v,
				   u64 random)
{
	u32 ch;

	for (ch = 0; ch < V2X_ADC_COUNT; ch++, random = random >> 4 | random << 60)
		s->raw[ch] = convert_faulty(&p->sensor[ch], p->set.fault, 1U << ch,
					    ch < V2X_ADC_TEMP ? v[ch] : other_value(p, ch), random);
}

/*
 * Four fresh bits of noise a channel. The first channels are converted every
 * period, the slow ones share one converter and take turns.
 */
void plant_sample(struct plant *p, struct v2x_samples *s)
{
	const u32 *fault = p->set.fault;
	u64 random = fx_random(&p->rng);
	u32 lies = fault[PLANT_FAULT_CONTACTOR_WELDED] >> 4;
	s64 v[V2X_ADC_TEMP];
	u32 ch;

	s->fault_lines = p->lines;
	/* an auxiliary contact that lies goes with its coil */
	s->contactors = (p->contactors & ~lies) | (p->coil_state & lies);
	fast_values(p, v);
	if (unlikely(fault[PLANT_FAULT_ADC_STUCK] | fault[PLANT_FAULT_ADC_NOISE] |
		     fault[PLANT_FAULT_ADC_OFFSET] | fault[PLANT_FAULT_ADC_OPEN] |
		     fault[PLANT_FAULT_ADC_SHORT])) {
		sample_faulty(p, s, v, random);
		return;
	}
	for (ch = 0; ch < V2X_ADC_TEMP; ch++, random >>= 4)
		s->raw[ch] = convert(&p->sensor[ch], v[ch], random);
	ch = V2X_ADC_TEMP + p->turn;
	convert(&p->sensor[ch], slow_value(p, ch), random);
	p->turn = p->turn + 1 < V2X_ADC_RESIDUAL - V2X_ADC_TEMP ? p->turn + 1 : 0;
	convert(&p->sensor[V2X_ADC_RESIDUAL], residual_value(p), random >> 4);
	random >>= 4;
	if (p->k.island_switch)
		for (ch = V2X_ADC_V_UTIL_A; ch <= V2X_ADC_V_UTIL_C; ch++) {
			random >>= 4;
			convert(&p->sensor[ch], slow_value(p, ch), random);
		}
	for (ch = V2X_ADC_TEMP; ch < V2X_ADC_COUNT; ch++)
		s->raw[ch] = p->sensor[ch].held;
}
