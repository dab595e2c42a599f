/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The settings of a grid code, one struct a function.
 *
 * Generator sign, as in the standards they come from: P and Q positive when
 * delivered to the grid, charging negative. Voltages in pu of nominal, active
 * power in pu of rated active power, reactive power in pu of rated apparent
 * power, times in seconds. A limit that is NaN is not there. Which keys,
 * units, ranges and clauses belong to them: the tables in the functions'
 * files, gathered in params.c.
 */
#ifndef GRIDCODE_SETTINGS_H
#define GRIDCODE_SETTINGS_H

#define GC_OV_STAGES 4
#define GC_UV_STAGES 4
#define GC_OF_STAGES 3
#define GC_UF_STAGES 3
#define GC_CURVE_POINTS 4

enum gc_phases { GC_THREE_PHASES, GC_ONE_PHASE };
/* Of a droop: the power before, the rating, or what lies between the two. */
enum gc_reference { GC_REFERENCE_MOMENTARY, GC_REFERENCE_RATED, GC_REFERENCE_TO_RATING };
enum gc_excitation { GC_INJECTING, GC_ABSORBING };
enum gc_priority { GC_PRIORITY_REACTIVE, GC_PRIORITY_ACTIVE };
enum gc_phase_choice { GC_PHASES_MEAN, GC_PHASES_WORST };
/* What the time of a trip ends with: no current, or the protection's order to open. */
enum gc_trip_end { GC_TRIP_CLEARS, GC_TRIP_OPERATES };
enum gc_quantity { GC_QUANTITY_PHASE_AND_LINE, GC_QUANTITY_PHASE, GC_QUANTITY_POSITIVE };

struct gc_nominal {
	double f_hz;
	double v_v;	/* phase to neutral; what "V" in a profile is divided by */
};

/* Of the charger, not of the code. */
struct gc_rating {
	int phases;	/* enum gc_phases */
	double s_kva;	/* rated apparent power; NaN: not known, per-unit values only */
	double p_pu;	/* rated active power, pu of rated apparent power */
	double charge_pu;	/* likewise, charging */
	double q_inject_pu;
	double q_absorb_pu;
	double i_pu;	/* largest phase current */
	double inverter_s;	/* 90 % response of the current */
	double ramp_s;	/* full-scale time of the battery's power, 0: at once */
};

struct gc_stage {
	double limit;	/* pu or Hz; NaN: not there */
	double time_s;
};

struct gc_trip_settings {
	int quantity;	/* enum gc_quantity */
	int end;	/* enum gc_trip_end */
	struct gc_stage ov[GC_OV_STAGES];
	struct gc_stage uv[GC_UV_STAGES];
	struct gc_stage of[GC_OF_STAGES];
	struct gc_stage uf[GC_UF_STAGES];
};

struct gc_ride_settings {
	double v_cease_high;
	double v_permissive_high;
	double v_mandatory_high;
	double v_mandatory_low;
	double v_permissive_low;
	double v_cease_low;
	double f_mandatory_high_hz;
	double f_mandatory_low_hz;	/* at or below */
	double f_undefined_high_hz;
	double f_undefined_low_hz;
	double cease_s;		/* response of cease to energize */
	double return_ramp_s;	/* full-scale time of the current's return */
	int cessation;
	double cessation_high;	/* at or above */
	double cessation_low;	/* at or below */
	double cessation_s;
	double cessation_return_s;
	int support;
	double support_k;	/* pu current a pu voltage */
};

struct gc_window_settings {
	double v_low;
	double v_high;
	double f_low_hz;
	double f_high_hz;
	double delay_s;
	double random_s;	/* the largest random delay; which one is drawn by the caller */
	double ramp_s;		/* time to rated power */
};

struct gc_enter_settings {
	struct gc_window_settings start;
	struct gc_window_settings again;	/* after a trip; NaN: as at the start */
	double short_s;		/* a disturbance at most this long ... */
	double short_delay_s;	/* ... waits only this long */
};

struct gc_limit_settings {
	int enable;
	double limit;
	double charge;	/* largest charging power, pu of the charging rating; 1 */
	double response_s;
};

struct gc_volt_watt_settings {
	int enable;
	double v1, p1, v2, p2;
	int phase;	/* enum gc_phase_choice */
	double response_s;
	int response;	/* enum gc_response */
};

struct gc_droop_settings {
	int enable;
	double db_over_hz;
	double db_under_hz;
	double k_over;	/* pu of frequency a pu of power */
	double k_under;
	double response_s;
};

struct gc_lfsm_settings {
	int enable;
	double start_hz;
	double droop;	/* pu of frequency a pu of power */
	int reference;	/* enum gc_reference */
	double delay_s;	/* intentional */
	double response_s;
	int response;
	int hold;	/* the response may only grow until released */
	double stop_hz;	/* released when back at it; NaN: at the start */
	double stop_s;	/* for this long */
	double return_pu_per_min;	/* back to the demand; NaN: at once */
	int charge;	/* over: on into charging; under: on from charging into discharge */
};

struct gc_const_pf_settings {
	int enable;
	double pf;
	int excitation;
	double response_s;
};

struct gc_const_q_settings {
	int enable;
	double q;
	double response_s;
};

struct gc_volt_var_settings {
	int enable;
	double v[GC_CURVE_POINTS];
	double q[GC_CURVE_POINTS];
	double response_s;
	int response;
	double delay_s;
	double v_ref;
	double v_ref_low;
	double v_ref_high;
	int autonomous;
	double v_ref_s;
	double lock_in;		/* pu of rated active power; NaN: always on */
	double lock_out;
};

struct gc_watt_var_settings {
	int enable;
	double p_gen[3], q_gen[3];
	double p_load[3], q_load[3];	/* p as size, rising */
	double response_s;
	int response;
};

struct gc_cos_phi_settings {
	int enable;
	double p[3];
	double pf[3];	/* absorbing (under-excited) */
	double response_s;
	int response;
};

struct gc_capability_settings {
	int priority;
	double q_inject;	/* what active priority leaves to Q */
	double q_absorb;
	int as_model;	/* where the reference model departs from the standard: like it */
	double reaction_s;	/* pure delay in every response */
	double mode_ramp_s;	/* from one reactive mode to another */
};

struct gc_mean_settings {
	double limit;
	double window_s;
	double delay_s;
};

struct gc_rocof_settings {
	double limit_hz_per_s;
	double window_s;
	double time_s;
};

struct gc_shift_settings {
	double limit_deg;
};

struct gc_ramp_settings {
	double up_pu_per_min;	/* of the export side, NaN: at once */
	double down_pu_per_min;
};

struct gc_drm_settings {
	int enable;
	double response_s;
	double q_source;	/* reactive power that mode 3 injects, pu; 0: none */
	double q_sink;		/* and mode 7 absorbs */
};

/* Disturbances one after the other: IEEE 1547-2018 clause 6.4.2.5. */
struct gc_consecutive_settings {
	double sets;		/* ridden through within the window; NaN: all of them */
	double gap_s;		/* calm that ends a set */
	double window_s;
};

/* CEI 0-21: a signal narrows the frequency window of the interface protection. */
struct gc_external_settings {
	double f_high_hz;	/* NaN: there is no such signal */
	double f_high_s;
	double f_low_hz;
	double f_low_s;
	int local;		/* the local command: narrow without a signal */
};

struct gc_export_settings {
	int enable;
	double limit;
	double response_s;
	double timeout_s;
	double fail_limit;
};

struct gc_unbalance_settings {
	double limit;	/* apparent power between phases, pu */
	double s_kva;	/* likewise, absolute; the lesser of the two holds */
};

struct gc_order_settings {
	int enable;
	double up_pu_per_s;
	double down_pu_per_s;
	double timeout_s;	/* NaN: an order holds until replaced */
	double fail_limit;	/* export after the time-out; NaN: no limit */
};

struct gc_guard_settings {
	double v_max;
	double f_low_hz;
	double f_high_hz;
	double frozen_s;	/* the same numbers this long: the measurement stands still */
	double jump_hz;		/* a change of frequency no grid makes in one step */
	double missing_s;	/* bridged with the last good values up to this */
};

/* What follows from the others; gridcode_init() and gridcode_change() fill it in. */
struct gc_derived {
	double charge;	/* charging rating, pu of rated active power */
	double volt_watt_s;	/* twice a time constant each */
	double volt_watt_charge_s;
	double lfsm_o_s;
	double lfsm_u_s;
	double volt_var_s;
	double inverter_s;
	double unbalance;	/* pu of rated apparent power; NaN: no limit */
};

struct gc_settings {
	struct gc_nominal nominal;
	struct gc_rating rating;
	struct gc_trip_settings trip;
	struct gc_mean_settings mean;
	struct gc_rocof_settings rocof;
	struct gc_shift_settings shift;
	struct gc_ride_settings ride;
	struct gc_consecutive_settings consecutive;
	struct gc_external_settings external;
	struct gc_enter_settings enter;
	struct gc_limit_settings limit;
	struct gc_volt_watt_settings volt_watt;
	struct gc_volt_watt_settings volt_watt_charge;
	struct gc_droop_settings droop;
	struct gc_lfsm_settings lfsm_o;
	struct gc_lfsm_settings lfsm_u;
	struct gc_ramp_settings ramp;
	struct gc_const_pf_settings const_pf;
	struct gc_const_q_settings const_q;
	struct gc_volt_var_settings volt_var;
	struct gc_watt_var_settings watt_var;
	struct gc_cos_phi_settings cos_phi;
	struct gc_capability_settings capability;
	struct gc_drm_settings drm;
	struct gc_export_settings export;
	struct gc_unbalance_settings unbalance;
	struct gc_order_settings order;
	struct gc_guard_settings guard;
	struct gc_derived derived;
};

#endif
