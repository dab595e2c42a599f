/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The functions of a grid code, a file each: their state and their step.
 * Generator sign; active power in pu of rated active power, reactive power
 * and current in pu of rated apparent power. Included by gridcode.h.
 */
#ifndef GRIDCODE_FUNCTIONS_H
#define GRIDCODE_FUNCTIONS_H

/* measure.c */

/** gc_measure - sequence components and the voltages that protection looks at, from v_pu */
void gc_measure(const struct gc_settings *settings, struct gc_grid *grid);

/* guard.c: measurements that cannot be believed */

struct gc_guard {
	double v_pu[3];
	double f_hz;
	double frozen_s;
	double missing_s;
	bool good;	/* ever had a good one */
};

/**
 * gc_guard_step - believe the measurement, bridge it, or give up
 * @v_pu: three phases; replaced by the last good values while bridging
 * @f_hz: likewise
 *
 * Return: false: not to be believed; the safe response is to stop.
 */
bool gc_guard_step(struct gc_guard *guard, const struct gc_settings *settings, double dt_s,
		   double *v_pu, double *f_hz);

/* mean.c: 10-minute mean of the voltage */

#define GC_MEAN_SLOTS 256

struct gc_mean {
	double sum[3];
	double slot_s;
	double slot_span_s;
	double slots[3][GC_MEAN_SLOTS];
	double total[3];
	double highest;	/* of the phases */
	bool high;
	unsigned int slot_count;
	unsigned int at;
	unsigned int filled;
	struct gc_timer timer;
};

/** gc_mean_step - true when the highest phase's sliding rms mean asks for a trip */
bool gc_mean_step(struct gc_mean *mean, const struct gc_mean_settings *settings,
		  const double *v_pu, double dt_s);

/* rocof.c */

struct gc_rocof {
	double ring[GC_DELAY_STEPS];
	double since_s;	/* how much of the ring is filled */
	unsigned int at;
	struct gc_timer timer;
	double hz_per_s;
};

/** gc_rocof_step - true when the rate over the window has been too high for its time */
bool gc_rocof_step(struct gc_rocof *rocof, const struct gc_rocof_settings *settings, double f_hz,
		   double dt_s);

/* trip.c */

#define GC_STAGES_MAX 4

/* The stages of one quantity and direction. */
struct gc_trip_group {
	struct gc_timer timer[GC_STAGES_MAX];
	double nearest;		/* limit */
	bool running;		/* a timer may be other than zero */
};

struct gc_trip {
	struct gc_trip_group ov;
	struct gc_trip_group uv;
	struct gc_trip_group of;
	struct gc_trip_group uf;
	struct gc_mean mean;
	struct gc_rocof rocof;
};

void gc_trip_init(struct gc_trip *trip);

/** gc_trip_settings - look at new limits */
void gc_trip_settings(struct gc_trip *trip, const struct gc_trip_settings *settings);

/** gc_trip_step - which stage asks for a trip, GC_BY_NOTHING if none */
enum gc_reason gc_trip_step(struct gc_trip *trip, const struct gc_settings *settings,
			    const struct gc_grid *grid, const struct gc_input *in, bool permit);

/* ride.c */

struct gc_ride {
	struct gc_timer cease;
	struct gc_timer cessation;
	struct gc_timer back;
	bool blocked;
};

/** gc_ride_mode - operating mode that voltage and frequency demand; GC_CONTINUOUS if none */
enum gc_state gc_ride_mode(const struct gc_ride_settings *settings, const struct gc_grid *grid);

/** gc_ride_blocked - whether the current is to be zero in this state */
bool gc_ride_blocked(struct gc_ride *ride, const struct gc_ride_settings *settings,
		     enum gc_state state, double dt_s);

/* consecutive.c: disturbances one after the other */

struct gc_consecutive {
	double calm_s;	/* since the last one */
	double left_s;	/* of the window */
	unsigned int count;
	bool open;	/* the last one is not followed by the gap yet */
};

/** gc_consecutive_step - true while one goes on that need not be ridden through any more */
bool gc_consecutive_step(struct gc_consecutive *consecutive, const struct gc_settings *settings,
			 const struct gc_grid *grid, double dt_s);

/* external.c: CEI 0-21's external signal */

/* The stage of frequency that the signal switches; the profile must not use it otherwise. */
#define GC_EXTERNAL_STAGE 2

/** gc_external_narrows - whether the narrow window holds, by @signal or the local command */
bool gc_external_narrows(const struct gc_external_settings *settings, bool signal);

/** gc_external_trip - the narrow window's stages into @trip, while it holds */
void gc_external_trip(const struct gc_external_settings *settings, bool signal,
		      struct gc_trip_settings *trip);

/* enter.c */

struct gc_enter {
	struct gc_timer window;
	struct gc_timer random;
	double away_s;		/* outside the window */
	double random_s;	/* drawn */
	double ceiling;		/* pu of rated active power */
	bool tripped;		/* the next connection is a reconnection */
	bool brief;		/* and the disturbance was a short one */
};

/** gc_enter_ready - whether service may begin; runs the observation time */
bool gc_enter_ready(struct gc_enter *enter, const struct gc_settings *settings,
		    const struct gc_input *in, const struct gc_grid *grid, bool permit, bool out);

/** gc_enter_away - note a trip */
void gc_enter_away(struct gc_enter *enter);

/** gc_enter_ramp_s - time of the ramp that holds now */
double gc_enter_ramp_s(const struct gc_enter *enter, const struct gc_settings *settings);

/** gc_enter_rise - one step of the ceiling; true when it had reached its end */
bool gc_enter_rise(struct gc_enter *enter, const struct gc_settings *settings, double dt_s,
		   bool first);

/* limit.c: active power limit */

struct gc_limit {
	struct gc_ramp ramp;
	struct gc_delay delay;
	double now;
};

/** gc_limit_step - the ramped limit, pu of rated active power */
double gc_limit_step(struct gc_limit *limit, const struct gc_settings *settings, bool off,
		     double dt_s);

/* volt_watt.c */

struct gc_volt_watt {
	struct gc_lag lag;
	struct gc_delay delay;
};

/** gc_volt_watt_step - largest generation the voltage allows; negative: least charging */
double gc_volt_watt_step(struct gc_volt_watt *vw, const struct gc_settings *settings,
			 const struct gc_grid *grid, bool off, double dt_s);

/** gc_volt_watt_charge_step - largest charging the voltage allows, as size */
double gc_volt_watt_charge_step(struct gc_volt_watt *vw, const struct gc_settings *settings,
				const struct gc_grid *grid, bool off, double dt_s);

/* droop.c: IEEE 1547-2018 clause 6.5.2.7 */

enum gc_side { GC_SIDE_NONE, GC_SIDE_OVER, GC_SIDE_UNDER };

struct gc_droop {
	struct gc_lag lag;
	struct gc_delay delay;
	enum gc_side side;
	double before;	/* power when the band was left */
	bool over;	/* active: from leaving the band until settled after the return */
	bool under;
	double p;	/* what it asks for while active */
};

/**
 * gc_droop_step - active power by frequency
 * @base: power without droop
 * @last: power at the terminals
 * @ends: over as soon as the frequency is back: nothing is demanded that it would have to
 *	be led to
 * @off: tripped: the filter stands at zero
 */
void gc_droop_step(struct gc_droop *droop, const struct gc_settings *settings, double f_hz,
		   double base, double last, bool ends, bool off, double dt_s);

/* lfsm.c: limited frequency sensitive mode, one for each side */

struct gc_lfsm {
	struct gc_timer wait;
	struct gc_timer release;
	struct gc_lag lag;
	double before;
	double depth;	/* largest response so far */
	double bound;	/* its power bound while returning */
	bool active;
	bool returning;
};

/**
 * gc_lfsm_reference - power that a whole droop moves, pu of rated active power
 * @reference: enum gc_reference
 * @before: power when it began
 * @end: where it ends, the rating in its direction. CEI 0-21 and AS/NZS 4777.2 say at
 *	which frequency storage has come there, whatever it did before
 */
double gc_lfsm_reference(int reference, double before, double end);

/**
 * gc_lfsm_step - narrow the band by frequency
 * @over: LFSM-O; false: LFSM-U
 * @last: power at the terminals
 * @want: power without it
 * @off: tripped: it begins anew
 */
void gc_lfsm_step(struct gc_lfsm *lfsm, const struct gc_lfsm_settings *settings,
		  const struct gc_settings *all, bool over, double f_hz, double last, double want,
		  bool off, double dt_s, struct gc_band *band);

/* drm.c: demand-response modes of AS/NZS 4777.2 */

struct gc_drm {
	struct gc_ramp hi;
	struct gc_ramp lo;
	struct gc_ramp source;	/* 0 to 1: how much of mode 3's reactive power holds */
	struct gc_ramp sink;	/* and of mode 7's */
};

/**
 * gc_drm_reactive_step - reactive power with modes 3 and 7
 * @p: active power, decides when both are asserted
 * @q: what the function in force asks for
 *
 * Return: @q, or more of it in the mode's direction.
 */
double gc_drm_reactive_step(struct gc_drm *drm, const struct gc_settings *settings,
			    unsigned int modes, double p, double q, double dt_s);

/** gc_drm_want - the demand after modes 4 and 8, which ask for more */
double gc_drm_want(const struct gc_settings *settings, unsigned int modes, double want);

void gc_drm_step(struct gc_drm *drm, const struct gc_settings *settings, unsigned int modes,
		 double dt_s, struct gc_band *band);

/* export.c: export limit at the point of connection, with fail-safe */

struct gc_export {
	double cap;
	double age_s;
	bool set;
};

void gc_export_step(struct gc_export *state, const struct gc_settings *settings,
		    double site_export, double last, double dt_s, struct gc_band *band);

/* order.c: set-points and limits of an operator */

struct gc_order {
	struct gc_ramp hi;
	struct gc_ramp lo;
	double export_limit;
	double charge_limit;
	double q;
	double age_s;
	bool heard;
};

void gc_order_step(struct gc_order *order, const struct gc_settings *settings,
		   const struct gc_input *in, struct gc_band *band);

/* unbalance.c */

void gc_unbalance_step(const struct gc_settings *settings, const double *site_phase,
		       struct gc_band *band);

/* power.c: active power */

struct gc_power {
	struct gc_ramp battery;
	struct gc_ramp normal;
	struct gc_limit limit;
	struct gc_volt_watt volt_watt;
	struct gc_volt_watt volt_watt_charge;
	struct gc_droop droop;
	struct gc_lfsm lfsm_o;
	struct gc_lfsm lfsm_u;
	struct gc_drm drm;
	struct gc_export export;
	struct gc_order order;
	struct gc_band band;	/* result */
	double p;		/* result */
	enum gc_reason by;
};

struct gridcode;

/** gc_power_step - desired active power and its band */
void gc_power_step(struct gridcode *engine, const struct gc_input *in, const struct gc_grid *grid,
		   double want);

/* volt_var.c, watt_var.c, cos_phi.c, fixed.c: reactive power, pu of apparent power */

struct gc_volt_var {
	struct gc_lag v_ref;
	struct gc_lag lag;
	struct gc_delay delay;
	bool locked_in;
};

struct gc_q_path {
	struct gc_lag lag;
	struct gc_delay delay;
};

double gc_volt_var_step(struct gc_volt_var *vv, const struct gc_settings *settings,
			const struct gc_grid *grid, double p, bool off, double dt_s);
double gc_watt_var_step(struct gc_q_path *path, const struct gc_settings *settings, double p,
			bool off, double dt_s);
double gc_cos_phi_step(struct gc_q_path *path, const struct gc_settings *settings, double p,
		       bool off, double dt_s);
double gc_const_pf_step(struct gc_q_path *path, const struct gc_settings *settings, double p,
			bool off, double dt_s);
double gc_const_q_step(struct gc_q_path *path, const struct gc_settings *settings, double q,
		       double response_s, bool off, double dt_s);

/** gc_watt_var_curve - static curve at p, pu of rated active power; straight across zero */
double gc_watt_var_curve(const struct gc_settings *settings, double p);

/** gc_curve - linear between rising points, flat outside */
double gc_curve(const double *x, const double *y, unsigned int points, double at);

/** gc_q_path_step - a reactive function's lag and reaction time */
double gc_q_path_step(struct gc_q_path *path, const struct gc_settings *settings, double q,
		      enum gc_response response, double response_s, bool off, double dt_s);

/* reactive.c */

struct gc_reactive {
	struct gc_volt_var volt_var;
	struct gc_q_path watt_var;
	struct gc_q_path cos_phi;
	struct gc_q_path const_pf;
	struct gc_q_path const_q;
	double q;	/* result */
	enum gc_reason by;
	enum gc_reason mode;	/* the function below demand response */
	double from;	/* where the ramp from another mode began */
	double ramp_s;	/* how long it has gone on */
	double shown;	/* after it */
};

/** gc_reactive_step - desired reactive power for active power @p */
void gc_reactive_step(struct gridcode *engine, const struct gc_input *in,
		      const struct gc_grid *grid, double p);

/* capability.c */

/**
 * gc_capability - fit into rating and circle
 * @p: active power, pu of rated active power
 * @q: reactive power, pu of apparent power
 * @by: the function that set @q
 *
 * Both come back in pu of apparent power.
 * Return: true when P had to give way.
 */
bool gc_capability(const struct gc_settings *settings, double *p, double *q, enum gc_reason by);

/* current.c */

struct gc_current {
	struct gc_lag d;
	struct gc_lag q;
	double wanted;	/* i_d before block and ramp */
	double rise;	/* and after */
	double p_slow;	/* power that the ramp of the return allows, pu of apparent power */
	bool slowed;	/* it is less than was asked for */
	bool back;	/* on its way back from no current */
	bool set;
};

/**
 * gc_current_step - limit, ramp and response of the current; power at the terminals
 * @p: @q: desired, pu of apparent power; replaced by what comes out
 * @support: dynamic voltage support holds
 * @blocked: no current
 */
void gc_current_step(struct gc_current *current, const struct gc_settings *settings,
		     const struct gc_grid *grid, bool support, bool blocked, double dt_s, double *p,
		     double *q);

#endif
