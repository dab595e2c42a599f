/* SPDX-License-Identifier: Apache-2.0 */
/* The test procedures: one table, from which lists, runs and reports are made. */
#ifndef TYPETEST_PROCEDURE_H
#define TYPETEST_PROCEDURE_H

#include <stdbool.h>

#include "bench.h"

enum trip_kind { TRIP_OV, TRIP_UV, TRIP_OF, TRIP_UF };

/**
 * struct procedure - a row
 * @name: as in --test
 * @title: as a report has it
 * @clause: by standard; NULL: it has no such test. From memory unless the
 *	clause says otherwise.
 * @what: what is done
 * @limits: what is good
 * @applies: to these settings; NULL: always
 * @run: does it
 * @number: what @run is to look at, of those that several rows share
 */
struct procedure {
	const char *name;
	const char *title;
	const char *clause[STANDARDS];
	const char *what;
	const char *limits;
	bool (*applies)(const struct gc_settings *settings);
	void (*run)(struct bench *b, const struct procedure *p);
	int number;
};

extern const struct procedure procedures[]; /* ended by a NULL name */

/** procedure_find() - by name, NULL when there is none */
const struct procedure *procedure_find(const char *name);

/** procedure_clause() - of a standard, NULL when it has no such test */
const char *procedure_clause(const struct procedure *p, const struct standard *standard);

/** procedure_applies() - to a code under its standard */
bool procedure_applies(const struct procedure *p, const struct standard *standard,
		       const struct gc_settings *settings);

/* trip.c */
bool trip_applies_ov(const struct gc_settings *s);
bool trip_applies_uv(const struct gc_settings *s);
bool trip_applies_of(const struct gc_settings *s);
bool trip_applies_uf(const struct gc_settings *s);
void trip_run(struct bench *b, const struct procedure *p);

/* lfsm.c */
bool lfsm_applies_o(const struct gc_settings *s);
bool lfsm_applies_u(const struct gc_settings *s);
void lfsm_run(struct bench *b, const struct procedure *p);

/* curve.c */
bool curve_applies_volt_var(const struct gc_settings *s);
bool curve_applies_volt_watt(const struct gc_settings *s);
bool curve_applies_watt_var(const struct gc_settings *s);
bool curve_applies_cos_phi(const struct gc_settings *s);
void curve_run_volt_var(struct bench *b, const struct procedure *p);
void curve_run_volt_watt(struct bench *b, const struct procedure *p);
void curve_run_watt_var(struct bench *b, const struct procedure *p);
void curve_run_cos_phi(struct bench *b, const struct procedure *p);

/* droop.c */
bool droop_applies(const struct gc_settings *s);
void droop_run(struct bench *b, const struct procedure *p);

/* enter.c */
void enter_run(struct bench *b, const struct procedure *p);
void enter_run_again(struct bench *b, const struct procedure *p);

/* ride.c */

/** ride_category() - abnormal operating category of IEEE 1547-2018, 1 to 3 */
int ride_category(const struct gc_settings *s);

/** ride_settings() - of the charger, its power functions off, voltage trips as slow as they go */
struct gc_settings ride_settings(const struct bench *b);

bool ride_applies_jump(const struct gc_settings *s);
bool ride_applies_rocof_trip(const struct gc_settings *s);
bool ride_applies_mean(const struct gc_settings *s);
void ride_run_voltage(struct bench *b, const struct procedure *p);
void ride_run_rate(struct bench *b, const struct procedure *p);
void ride_run_jump(struct bench *b, const struct procedure *p);
void ride_run_rocof_trip(struct bench *b, const struct procedure *p);
void ride_run_mean(struct bench *b, const struct procedure *p);

/* ride_sequence.c */
bool ride_applies_sequence(const struct gc_settings *s);
void ride_run_sequence(struct bench *b, const struct procedure *p);
void ride_run_frequency(struct bench *b, const struct procedure *p);

/* fixed.c */
bool fixed_applies_pf(const struct gc_settings *s);
bool fixed_applies_limit(const struct gc_settings *s);
bool fixed_applies_ramp(const struct gc_settings *s);
bool fixed_applies_priority(const struct gc_settings *s);
void fixed_run_pf(struct bench *b, const struct procedure *p);
void fixed_run_q(struct bench *b, const struct procedure *p);
void fixed_run_limit(struct bench *b, const struct procedure *p);
void fixed_run_permit(struct bench *b, const struct procedure *p);
void fixed_run_ramp(struct bench *b, const struct procedure *p);
void fixed_run_priority(struct bench *b, const struct procedure *p);

/* consecutive.c */
bool consecutive_applies(const struct gc_settings *s);
void consecutive_run(struct bench *b, const struct procedure *p);

/* drm.c */
bool drm_applies(const struct gc_settings *s);
void drm_run(struct bench *b, const struct procedure *p);

/* sampling.c */
bool sampling_applies(const struct gc_settings *s);
void sampling_run(struct bench *b, const struct procedure *p);

/* site.c */
bool site_applies_unbalance(const struct gc_settings *s);
void site_run_export(struct bench *b, const struct procedure *p);
void site_run_unbalance(struct bench *b, const struct procedure *p);

/* quality.c */
void quality_run_harmonics(struct bench *b, const struct procedure *p);
void quality_run_dc(struct bench *b, const struct procedure *p);

/* island.c */
void island_run(struct bench *b, const struct procedure *p);

/* interface.c: CEI 0-21's interface protection */
bool interface_applies(const struct gc_settings *s);

/** interface_has_stage() - "81>.S1" is one of the self-test */
bool interface_has_stage(const char *name);
void interface_run_signal(struct bench *b, const struct procedure *p);
void interface_run_self_test(struct bench *b, const struct procedure *p);

/* response.c */
bool response_applies(const struct gc_settings *s);
void response_run(struct bench *b, const struct procedure *p);

#endif
