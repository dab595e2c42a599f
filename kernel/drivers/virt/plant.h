/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Model of a bidirectional charger, single-phase, split-phase or three-phase:
 * grid, local load, contactors, LCL filter, bridge, DC link, isolated DC/DC,
 * battery, control pilot, sensors.
 *
 * Pure fixed-point C: no kernel call, no global, no floating point, and no
 * division in plant_step() and plant_sample(). The same files build into the
 * module and into user space.
 *
 *	struct plant p;			large, not for a kernel stack
 *	plant_cfg_default(&cfg);  plant_env_default(&env);
 *	plant_describe(&cfg, &desc);
 *	plant_init(&p, &cfg);
 *	plant_prepare(&cfg, &env, &set);  plant_apply(&p, &set);
 *	each period:
 *		plant_step(&p, &gate);		over the period that ended
 *		plant_sample(&p, &samples);	what the sensors say now
 *		... control: samples -> gate ...
 *
 * Signs: currents positive from the grid into the converter, and from the
 * converter into the vehicle. Legs, contactors and pilot as in
 * struct v2x_gate_cmd. Leg references and the DC/DC command take effect one
 * period after the call they are handed in (a PWM loads its registers at the
 * period's end); gates off takes effect at once.
 *
 * Formats: volts, amperes and degrees are Q20 where a value is multiplied,
 * Q40 in s64 where it is integrated, so that no energy is lost by rounding.
 */
#ifndef _V2X_PLANT_H
#define _V2X_PLANT_H

#include <v2x/stage_desc.h>
#include "plant_faults.h"
#include "plant_island_load.h"

#define PLANT_PHASES	3

/* A node with a choke at either side needs a capacitance of its own. */
#define PLANT_LOAD_C_MIN_NF	2000

/* What a choke there is at least, or a sub-step would take its current too far. */
#define PLANT_NODE_L_MIN_NH	50000

/* Plants that may share one local load. */
#define PLANT_TOGETHER_MAX	4

/**
 * struct plant_cfg - what is soldered; fixed for the life of a plant
 * @tick_hz: control rate, a divisor of 1e9 from 4000 to 50000
 * @f_nominal_mhz: 50000 or 60000
 * @phases: 1 (legs: phase, neutral), 2 (split phase; legs: L1, L2, neutral) or
 *	3 (legs: a, b, c; no neutral)
 * @v_nominal_mv: phase to neutral, RMS
 * @i_rated_ma: of a phase, RMS
 * @p_max_w: either way
 * @v_dc_mv: working voltage of the DC link
 * @v_dc_max_mv: highest
 * @l1_nh: converter side inductor
 * @r1_uohm: its resistance
 * @c_nf: filter capacitor
 * @rd_uohm: in series with it
 * @l2_nh: grid side inductor
 * @r2_uohm: its resistance
 * @c_dc_nf: DC link
 * @r_bleed_ohm: across the DC link
 * @r_discharge_ohm: across the DC link while no contactor coil is energised
 * @r_precharge_mohm: per phase; two of them are in the charging loop
 * @c_out_nf: DC output, converter side of the vehicle contactor
 * @r_out_ohm: bleed of the DC output
 * @close_us: operate time of a contactor
 * @open_us: release time of a contactor
 * @island_switch: 0 or 1: there is an island switch between utility and load,
 *	with sensors on its far side
 * @island_us: its operate time, either way; its vehicle contactor also has a
 *	contact with 20 ohm (192 cells: 40) in series that makes 10 ms before the
 *	other, because a black start begins with an empty output
 * @dc_bus: 0 or 1: the DC link is brought out as a bus, with the load of
 *	struct plant_bus_env; its vehicle contactor has the contact with the resistor
 *	as well
 * @loss_permille: loss of the DC/DC stage, of its power
 * @loss_idle_mw: loss of the DC/DC stage while its gates switch
 * @bridge_loss_ppm: loss of the bridge: part of the phase currents taken from
 *	the DC link besides
 * @dcdc_lag_ns: first-order lag of the DC/DC stage when it is told a power
 * @dab_l_nh: leakage inductance of the dual active bridge, seen from the link;
 *	0: the DC/DC stage is told a power
 * @dab_lm_nh: its magnetizing inductance, likewise
 * @dab_n_permille: turns of the link's winding for 1000 of the output's
 * @dab_f_hz: switching frequency
 * @dab_r_mohm: copper and switches in series with @dab_l_nh
 * @dab_dead_ns: dead time
 * @dab_coss_pf: output capacitance of a transistor
 * @dab_i_trip_ma: comparator of the leakage current
 * @i_ev_max_ma: own current limit of the DC/DC stage
 * @v_ev_min_mv: lowest output voltage
 * @v_ev_max_mv: own voltage limit of the DC/DC stage
 * @i_trip_ma: over-current comparator, peak of a phase
 * @v_dc_trip_mv: DC link comparator
 * @cells: 96 (260-403 V) or 192 (520-806 V)
 * @capacity_wh: of the battery
 * @soc_permille: at the start
 * @noise_permille: sensor noise, 1000: as the table of sensors says
 * @seed: of the noise; the same seed gives the same samples
 */
struct plant_cfg {
	u32 tick_hz;
	u32 f_nominal_mhz;
	u32 phases;
	u32 v_nominal_mv;
	u32 i_rated_ma;
	u32 p_max_w;
	u32 v_dc_mv;
	u32 v_dc_max_mv;
	u32 l1_nh;
	u32 r1_uohm;
	u32 c_nf;
	u32 rd_uohm;
	u32 l2_nh;
	u32 r2_uohm;
	u32 c_dc_nf;
	u32 r_bleed_ohm;
	u32 r_discharge_ohm;
	u32 r_precharge_mohm;
	u32 c_out_nf;
	u32 r_out_ohm;
	u32 close_us;
	u32 open_us;
	u32 island_switch;
	u32 island_us;
	u32 dc_bus;
	u32 loss_permille;
	u32 loss_idle_mw;
	u32 bridge_loss_ppm;
	u32 dcdc_lag_ns;
	u32 dab_l_nh;
	u32 dab_lm_nh;
	u32 dab_n_permille;
	u32 dab_f_hz;
	u32 dab_r_mohm;
	u32 dab_dead_ns;
	u32 dab_coss_pf;
	u32 dab_i_trip_ma;
	u32 i_ev_max_ma;
	u32 v_ev_min_mv;
	u32 v_ev_max_mv;
	u32 i_trip_ma;
	u32 v_dc_trip_mv;
	u32 cells;
	u32 capacity_wh;
	u32 soc_permille;
	u32 noise_permille;
	u64 seed;
};

/**
 * struct plant_grid_env - the grid, changeable at any time
 * @frequency_mhz: 0 .. 100000
 * @voltage_mpu: amplitude, 1000 is nominal, 0 .. 2000
 * @phase_mpu: further factor of each phase
 * @phase_upu: of that what is finer, added: for a laboratory whose source is exact to it
 * @phase_mdeg: angle offset; changing it is a phase jump
 * @h5_permille: fifth harmonic (negative sequence)
 * @h7_permille: seventh harmonic (positive sequence)
 * @unbalance_permille: negative sequence fundamental
 * @dc_permille: of the amplitude, on phase a; half of it, negative, on b, c
 * @rg_uohm: source resistance
 * @lg_nh: source inductance; behind a load at least PLANT_NODE_L_MIN_NH, and
 *	enough to resonate with the load below 6 kHz
 * @island_load_w: resistive load that stays on our side when the grid is lost
 *	and there is no other; with an island switch it is there all the while
 * @island: the grid's breaker is open
 * @load_r_mohm: load at our terminals from each phase to neutral, 0: none
 * @load_l_uh: in parallel to it, from PLANT_NODE_L_MIN_NH
 * @load_c_nf: likewise; with any load at least PLANT_LOAD_C_MIN_NF, and enough
 *	to resonate with @load_l_uh below 6 kHz
 * @load_lines: the lines that have these three, 1 a, 2 b, 4 c; 0: all
 * @motor_w: rated, from 200, at the terminals as well; see plant_island_load.h
 * @transformer_va: likewise
 * @rectifier_va: likewise
 */
struct plant_grid_env {
	u32 frequency_mhz;
	u32 voltage_mpu;
	u32 phase_mpu[PLANT_PHASES];
	u32 phase_upu[PLANT_PHASES];
	s32 phase_mdeg;
	u32 h5_permille;
	u32 h7_permille;
	u32 unbalance_permille;
	s32 dc_permille;
	u32 rg_uohm;
	u32 lg_nh;
	u32 island_load_w;
	u32 island;
	u32 load_r_mohm;
	u32 load_l_uh;
	u32 load_c_nf;
	u32 load_lines;
	u32 motor_w;
	u32 transformer_va;
	u32 rectifier_va;
};

/**
 * struct plant_bus_env - what is connected to the DC bus, @dc_bus of struct plant_cfg
 * @load_r_mohm: a resistor, 0: none
 * @load_w: a load of constant power above 0.7 of the link's working voltage, nothing
 *	below, as power supplies are
 */
struct plant_bus_env {
	u32 load_r_mohm;
	u32 load_w;
};

/**
 * struct plant_car_env - the vehicle
 * @plugged: connector in
 * @ready: S2 closed and battery contactors closed; has no effect unplugged
 * @ventilation: asks for ventilation (state D instead of C)
 * @i_max_ma: battery management opens above this current, either way
 * @v_max_mv: and above this voltage; it stays open until unplugged
 * @v_min_mv: and below this one
 */
struct plant_car_env {
	u32 plugged;
	u32 ready;
	u32 ventilation;
	u32 i_max_ma;
	u32 v_max_mv;
	u32 v_min_mv;
};

/**
 * struct plant_env - everything around the stage, and what is broken in it
 * @grid: the grid
 * @car: the vehicle
 * @bus: DC bus
 * @ambient_mc: temperature
 * @fault: parameter of each fault, 0: none
 */
struct plant_env {
	struct plant_grid_env grid;
	struct plant_car_env car;
	struct plant_bus_env bus;
	s32 ambient_mc;
	u32 fault[PLANT_FAULT_COUNT];
};

/**
 * struct plant_attr - a number of struct plant_env that may be changed
 * @name: "grid/frequency_mhz", as the attribute in configfs
 * @at: its place in struct plant_env
 * @lo: lowest
 * @hi: highest
 * @least: lowest but for zero, which is none
 * @replayed: a replay stands for it
 */
struct plant_attr {
	const char *name;
	size_t at;
	s32 lo;
	s32 hi;
	s32 least;
	bool replayed;
};

/** plant_attr_find() - by name, NULL when there is none */
const struct plant_attr *plant_attr_find(const char *name);

/** plant_attr_allows() - is a value in the range? */
bool plant_attr_allows(const struct plant_attr *a, s64 value);

/** plant_attr_at() - the nth of them, NULL after the last */
const struct plant_attr *plant_attr_at(u32 n);

/* Coefficients of one way a grid phase can be connected; see plant_ac.c. */
struct plant_path {
	s64 b_q30;	/* h / L, resistance taken implicitly */
	s64 r_q30;	/* h R / L, likewise */
	s64 lg_q20;	/* part of L on the grid side of the terminals */
	s64 rt_q20;	/* what a volt at the terminals loses by an ampere, ohm */
};

enum plant_path_id {
	PLANT_PATH_OPEN,
	PLANT_PATH_PRECHARGE,
	PLANT_PATH_CLOSED,
	PLANT_PATH_ISLAND,
	PLANT_PATHS
};

/*
 * A period of the filter with gates on: what is added to i1, i2 and vc, and the
 * mean of i1, from i1, i2, vc, leg, the source before and the source now. Q30,
 * @vc in Q24, because a volt an ampere may be a hundred.
 */
#define PLANT_EXACT_COLS	6
#define PLANT_EXACT_VC		24

struct plant_exact {
	s64 i1[PLANT_EXACT_COLS];
	s64 i2[PLANT_EXACT_COLS];
	s64 vc[PLANT_EXACT_COLS];
	s64 mean[PLANT_EXACT_COLS];
};

/* The local load, see plant_node.c; per phase. */
struct plant_node_set {
	bool on;
	u32 lines;
	s64 hc_bare_q26;	/* of a line without the load */
	s64 bg_q30, rg_q30;	/* of the grid's impedance, as in struct plant_path */
	s64 hl_q34;		/* h / L */
	s64 hc_q26;		/* (h / C) / (1 + x / 2), x = h / (R C) */
	s64 kr_q30;		/* x / (1 + x / 2) */
	s64 yl_q24;		/* 1 / (w L) */
};

struct plant_node {
	bool on;
	s64 v[PLANT_PHASES];	/* Q40 */
	s64 il[PLANT_PHASES];	/* Q40, in the inductor */
	s64 ig[PLANT_PHASES];	/* Q40, from the grid */
};

enum plant_pilot_level { PLANT_CP_PLUS, PLANT_CP_MINUS, PLANT_CP_LEVELS };

/* A prepared struct plant_env: fixed point, divisions done. */
struct plant_set {
	u64 f_uhz;
	u32 phase;
	u32 voltage_q16;
	s32 v_phase_q20[PLANT_PHASES];
	s32 h5_q16, h7_q16, unbalance_q16;
	s32 dc_q20[PLANT_PHASES];
	bool harmonics;
	struct plant_path path[PLANT_PATHS];
	struct plant_exact exact;
	struct plant_node_set node;
	struct plant_island_set load;
	bool breaker_open;
	s32 pilot_q20[2][PLANT_CP_LEVELS];	/* [S2 closed][level] */
	s32 ambient_q20;
	s64 r_iso_q20;				/* ohm */
	s64 link_short_q44;			/* part of the link's charge a period */
	s64 bus_g_q30, bus_p_q10, bus_off_q20;	/* load of the DC bus: S, W, V */
	s64 residual_dc_q20;
	s64 residual_ac_q30;			/* ampere a volt of phase a */
	s32 bms_i_q20, bms_v_max_q20, bms_v_min_q20;
	struct plant_car_env car;
	u32 lines;				/* asserted from outside */
	u32 fault[PLANT_FAULT_COUNT];
};

/**
 * struct plant_replay_point - a point of a grid record
 * @t_ms: from the start of the record, rising
 * @f_mhz: frequency, 0 .. 100000
 * @v_mpu: amplitude, 0 .. 2000
 */
struct plant_replay_point {
	u32 t_ms;
	s32 f_mhz;
	s32 v_mpu;
};

/* A point with its slopes to the next one, so that replay divides nothing. */
struct plant_replay_rec {
	u64 t_us;
	s64 df_q32;	/* uHz a us */
	s64 dv_q32;	/* pu Q16 a us */
	u32 f_uhz;
	u32 v_q16;
};

/* Progress of a replay; @rec is borrowed. */
struct plant_replay {
	const struct plant_replay_rec *rec;
	u32 count;
	u32 at;
	u64 t_q20;	/* us Q20 since the start */
	u64 step_q20;
	bool done;
};

/* The dual active bridge, see plant_dab.c; all zero without one. */
struct plant_dab_consts {
	s64 g_q30;		/* n / (2 f L), S: a side's current by the other's voltage */
	s64 n_q20;
	s64 r_q20;
	s64 ri_q20;		/* R / (2 f L) */
	s64 i_q20;		/* 1 / (2 f L), S: leakage current by voltage */
	s64 i_mag_q20;		/* likewise the magnetizing current, half of its half */
	s64 need_q30[2];	/* 2 Coss / dead time, S: what an edge needs, by side */
	s64 hard_q30;		/* 2 f Coss: W by V^2 of a leg that switches hard */
	s64 i_trip_q20;
};

struct plant_consts {
	u32 phases;
	bool island_switch;
	bool dc_bus;
	u32 sub_shift;	/* 2^n sub-steps a period */
	s64 f_to_inc_q20;
	s64 b1_q30, r1_q30, hc_q26, rd_q20;
	s64 kdc_q30, bleed_q44, discharge_q44;
	s64 kout_q30, out_bleed_q44, cout_q20, batt_q30, vmode_q20;
	s64 lag_q20;
	struct plant_dab_consts dab;
	s64 soft_q30;	/* likewise through a vehicle contactor's resistor */
	s64 r0_q20, rc_r_q20, rc_k_q50, soc_k_q60;
	s64 loss_q20, loss_idle_q10, bridge_loss_q20;
	s64 thermal_k_q50;
	s64 i_ev_max_q20, v_ev_max_q20, i_trip_q20, v_dc_trip_q20;
	u32 close_ticks, open_ticks, island_ticks;
	u32 cells;
};

struct plant_sensor {
	s64 gain_q24;	/* counts a unit */
	s64 zero_q44;	/* counts at zero, half a count for rounding, noise's mean */
	s64 noise_q44;	/* counts for a step of the noise */
	s32 min, max;
	s32 held;	/* last count */
};

struct plant {
	struct plant_consts k;
	struct plant_set set;
	struct plant_replay replay;

	u64 angle_q48;		/* grid phase, 2^48 a turn */
	u64 f_uhz;
	s64 v_src[PLANT_PHASES];	/* Q20, now */
	s64 v_src_old[PLANT_PHASES];
	s64 i1[PLANT_PHASES];	/* Q40, converter side inductor */
	s64 i2[PLANT_PHASES];	/* Q40, grid side */
	s64 vc[PLANT_PHASES];	/* Q40, capacitor */
	s64 v_pcc[PLANT_PHASES];	/* Q20, at the terminals */
	struct plant_node node;	/* local load */
	struct plant_island_load load;
	s64 i_bridge;		/* Q20, into the DC link, mean of the period */
	s64 v_dc;		/* Q40 */
	s64 i_bus;		/* Q20, out of the DC link into the load of the DC bus */
	s64 v_out;		/* Q40 */
	s64 i_dcdc;		/* Q20, out of the DC/DC */
	s64 i_link;		/* Q20, out of the DC link into the DC/DC */
	s64 i_leak;		/* Q20, largest leakage current of the period */
	u32 hard;		/* legs of the DC/DC that switched hard: 1, 2 link, 4, 8 output */
	s64 i_ev;		/* Q20, into the vehicle */
	s64 v_batt;		/* Q20, at the vehicle's terminals */
	s64 v_rc;		/* Q40 */
	s64 soc;		/* Q56 */
	s64 temp;		/* Q40 */
	s64 p_loss_q10;		/* of the DC/DC */
	s64 i_loss;		/* Q20, bridge losses as DC link current */

	/* in place of the averaged bridge of the DC/DC, if not NULL; see dcdc_step() */
	void (*dab)(struct plant *p, const struct v2x_gate_cmd *cmd, bool on, void *context);
	void *dab_context;

	struct v2x_gate_cmd active;	/* in effect in the next period */
	u32 coils;
	u32 coil_timer[4];
	bool coil_busy;		/* a timer runs */
	u32 coil_state;
	u32 contactors;		/* main contacts as they are */
	u32 lines;		/* fault lines, latched */
	u32 bms_ticks;
	bool bms_open;
	bool gates;		/* bridge switched in the last period */
	u32 soft_ticks;		/* the resistor is still in the vehicle's circuit */
	bool vehicle_on;	/* battery behind the vehicle contactor */

	u64 rng;
	u32 turn;		/* of the slow channels */
	struct plant_sensor sensor[V2X_ADC_COUNT];
};

/* Length of a sub-step of what is not ordinary. */
u32 plant_substep_ns(const struct plant_cfg *cfg);

/** plant_cfg_default() - the 11 kW stage, 20 kHz, 96 cells, 60 kWh, half full */
void plant_cfg_default(struct plant_cfg *cfg);

/**
 * struct plant_model - a charger there is, by name
 * @name: "3p-11kw"
 * @help: in one line
 */
struct plant_model {
	const char *name;
	const char *help;
};

/** plant_model_at() - the nth model, NULL after the last */
const struct plant_model *plant_model_at(u32 n);

/**
 * plant_cfg_model() - a model's values in place of plant_cfg_default()'s
 * @cfg: changed but for seed, noise and island switch
 * @name: of the model
 *
 * Return: false when there is no such model.
 */
bool plant_cfg_model(struct plant_cfg *cfg, const char *name);

/**
 * struct plant_cfg_range - what a field of struct plant_cfg may be
 * @name: of the field
 * @at: its place in struct plant_cfg
 * @lo: lowest
 * @hi: highest; other fields or what they make together may ask for less, see
 *	plant_cfg_check()
 */
struct plant_cfg_range {
	const char *name;
	size_t at;
	u32 lo;
	u32 hi;
};

/** plant_cfg_range_at() - the nth field with a range, NULL after the last */
const struct plant_cfg_range *plant_cfg_range_at(u32 n);

/**
 * plant_cfg_check() - may a plant be built so?
 * @cfg: to be checked
 * @field: on error the name of the offending field; may be NULL
 *
 * Return: true if so.
 */
bool plant_cfg_check(const struct plant_cfg *cfg, const char **field);

/**
 * plant_cfg_set() - one value, by the name of its field
 * @cfg: changed; plant_cfg_check() says whether the whole is good
 * @name: as in struct plant_cfg; not @seed
 * @value: of it
 *
 * Return: false when there is no such field.
 */
bool plant_cfg_set(struct plant_cfg *cfg, const char *name, u32 value);

/** plant_env_default() - stiff nominal grid, no vehicle, 25 degrees, no fault */
void plant_env_default(const struct plant_cfg *cfg, struct plant_env *env);

/**
 * plant_describe() - the stage description that goes with a plant
 * @cfg: checked
 * @desc: filled in but for name and serial, which are left alone
 */
void plant_describe(const struct plant_cfg *cfg, struct v2x_stage_desc *desc);

/**
 * plant_init() - everything de-energised, default environment
 * @p: to be initialised
 * @cfg: checked; not referenced afterwards
 *
 * Context: process; divides.
 */
void plant_init(struct plant *p, const struct plant_cfg *cfg);

/**
 * plant_prepare() - fixed-point form of an environment
 * @cfg: of the plant
 * @env: within the ranges given at struct plant_env
 * @set: filled in
 *
 * Context: process; divides.
 */
void plant_prepare(const struct plant_cfg *cfg, const struct plant_env *env,
		   struct plant_set *set);

/** plant_apply() - put a prepared environment in force; between two steps */
void plant_apply(struct plant *p, const struct plant_set *set);

/**
 * plant_step() - advance by one period
 * @p: plant
 * @cmd: command in force from now on (see the top for what is delayed)
 *
 * Context: any, hard interrupt.
 */
void plant_step(struct plant *p, const struct v2x_gate_cmd *cmd);

/**
 * plant_step_by() - one period with another model of filter and bridge
 * @p: plant
 * @cmd: see plant_step()
 * @ac: in place of plant_ac_step()
 * @context: handed to it
 *
 * Context: any that @ac allows.
 */
void plant_step_by(struct plant *p, const struct v2x_gate_cmd *cmd,
		   void (*ac)(struct plant *p, bool gates, void *context), void *context);

/**
 * plant_step_together() - one period of plants at the terminals of one load
 * @p: plants of one tick_hz, all with the same grid and load; the load and
 *	the grid's breaker are those of the first
 * @cmd: of each
 * @n: up to PLANT_TOGETHER_MAX
 *
 * Context: any; some hundred bytes of stack a plant.
 */
void plant_step_together(struct plant *const *p, const struct v2x_gate_cmd *const *cmd, u32 n);

/**
 * plant_bus_join() - their DC buses are one; after each step of all of them
 * @p: plants of one link capacitance
 * @n: how many
 *
 * Each has worked out what its own currents do to its own capacitor. What all of them
 * do to all capacitors is the mean.
 *
 * Context: divides.
 */
void plant_bus_join(struct plant *const *p, u32 n);

/**
 * plant_skip() - the grid went on for periods that were not simulated
 * @p: plant
 * @periods: how many; only the angle moves
 */
void plant_skip(struct plant *p, u32 periods);

/**
 * plant_sample() - what the sensors say now
 * @p: plant
 * @s: filled in
 *
 * Context: any, hard interrupt.
 */
void plant_sample(struct plant *p, struct v2x_samples *s);

/**
 * plant_replay_load() - check a record and work out its slopes
 * @pt: points, times rising
 * @count: at least 2
 * @rec: @count records, filled in
 *
 * Return: -1 if all is well, else the index of the point that is refused.
 * Context: process; divides.
 */
s32 plant_replay_load(const struct plant_replay_point *pt, u32 count,
		      struct plant_replay_rec *rec);

/**
 * plant_replay_prepare() - a replay from its beginning, to be assigned to
 *	&struct plant.replay between two steps
 * @r: filled in
 * @rec: as loaded; must stay until the replay is stopped
 * @count: of it
 * @speed_permille: 1000 is the record's own speed; 1 .. 100000
 * @tick_hz: of the plant
 *
 * Context: process; divides.
 */
void plant_replay_prepare(struct plant_replay *r, const struct plant_replay_rec *rec,
			  u32 count, u32 speed_permille, u32 tick_hz);

/**
 * plant_replay_start() - follow a record instead of grid.frequency_mhz and
 *	grid.voltage_mpu, from the next step; the last point is held
 * @p: plant
 * @rec: see plant_replay_prepare()
 * @count: see there
 * @speed_permille: see there
 * @tick_hz: see there
 */
void plant_replay_start(struct plant *p, const struct plant_replay_rec *rec,
			u32 count, u32 speed_permille, u32 tick_hz);

/** plant_replay_stop() - back to the environment's frequency and voltage */
void plant_replay_stop(struct plant *p);

/* Inside of the model, one file each. */
void plant_grid_step(struct plant *p);
void plant_ac_step(struct plant *p, bool gates);
void plant_exact_prepare(const struct plant_cfg *cfg, s64 l2_nh, s64 r2_uohm,
			 struct plant_exact *e);
void plant_model_ratings(const struct plant_cfg *cfg, struct v2x_stage_desc *d);
u32 plant_dab_transfer_nh(const struct plant_cfg *cfg);
void plant_dab_step(struct plant *p, const struct v2x_dab_pulse *cmd, s64 v_dc, s64 v_out);
void plant_dc_step(struct plant *p, bool dcdc_gates, const struct v2x_gate_cmd *cmd);
void plant_sensors_init(struct plant *p, const struct plant_cfg *cfg);

#endif /* _V2X_PLANT_H */
