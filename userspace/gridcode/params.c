// SPDX-License-Identifier: Apache-2.0
/* The table of parameters. Ranges here are what the engine can do, not what a code allows. */
#include "params.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define OFF ((double)NAN)
#define AT(field) offsetof(struct gc_settings, field)

/* Fields of initialisers and names of members, where parentheses cannot stand. */
/* NOLINTBEGIN(bugprone-macro-parentheses) */
/* section, key, field, unit, fallback, min, max, with, clause, help */
#define REAL(s, k, f, u, d, lo, hi, w, c, h) \
	{ s, k, GC_REAL, GC_UNIT_##u, d, lo, hi, NULL, w, AT(f), c, h },
#define SWITCH(s, f, c, h) { s, "enable", GC_SWITCH, GC_UNIT_NONE, 0, 0, 1, NULL, NULL, AT(f), c, h },
#define YESNO(s, k, f, d, c, h) { s, k, GC_SWITCH, GC_UNIT_NONE, d, 0, 1, NULL, NULL, AT(f), c, h },
#define CHOICE(s, k, f, n, d, ch, c, h) \
	{ s, k, GC_CHOICE, GC_UNIT_NONE, d, 0, (n) - 1, ch, NULL, AT(f), c, h },
#define RESPONSE(s, f, d, c) \
	CHOICE(s, "response_definition", f, 3, d, "open-loop-90|settling-95|tau", c, \
	       "how the response time counts")

/* A trip stage. */
#define STAGE(k, f, u, lo, hi, c, h) \
	REAL("trip", k "_limit", f.limit, u, OFF, lo, hi, NULL, c, h) \
	REAL("trip", k "_time", f.time_s, S, OFF, 0, 2000, k "_limit", c, h ": clearing time")

#define WINDOW(s, f, w, c) \
	REAL(s, "v_low", f.v_low, VOLTAGE, OFF, 0, 1.5, w, c, "least voltage") \
	REAL(s, "v_high", f.v_high, VOLTAGE, OFF, 0, 1.5, w, c, "greatest voltage") \
	REAL(s, "f_low", f.f_low_hz, HZ, OFF, 40, 70, w, c, "least frequency") \
	REAL(s, "f_high", f.f_high_hz, HZ, OFF, 40, 70, w, c, "greatest frequency") \
	REAL(s, "delay", f.delay_s, S, OFF, 0, 3600, w, c, "time inside before power") \
	REAL(s, "random_delay", f.random_s, S, OFF, 0, 3600, NULL, c, "largest random delay on top") \
	REAL(s, "ramp_time", f.ramp_s, S, OFF, 0, 3600, NULL, c, "time to rated power")

#define LFSM(s, f, c) \
	SWITCH(s, f.enable, c, "function on") \
	REAL(s, "start", f.start_hz, HZ, OFF, 40, 70, "enable", c, "where it begins") \
	REAL(s, "droop", f.droop, DROOP, OFF, 0.001, 1, "enable", c, "relative frequency for reference power") \
	CHOICE(s, "reference", f.reference, 3, 0, "momentary|rated|to-rating", c, \
	       "power the droop refers to") \
	REAL(s, "delay", f.delay_s, S, 0, 0, 60, NULL, c, "intentional delay") \
	REAL(s, "response", f.response_s, S, 0, 0, 120, NULL, c, "response time") \
	RESPONSE(s, f.response, 1, c) \
	YESNO(s, "hold", f.hold, 0, c, "may only deepen until released") \
	REAL(s, "stop", f.stop_hz, HZ, OFF, 40, 70, NULL, c, "released back at this frequency") \
	REAL(s, "stop_time", f.stop_s, S, 0, 0, 3600, NULL, c, "for this long") \
	REAL(s, "return_ramp", f.return_pu_per_min, PER_MIN, OFF, 0.001, 1000, NULL, c, "back to the demand") \
	YESNO(s, "cross_zero", f.charge, 1, c, "goes on into the other direction of power")

#define VOLT_WATT(s, f, c) \
	SWITCH(s, f.enable, c, "function on") \
	REAL(s, "v1", f.v1, VOLTAGE, OFF, 0, 1.5, "enable", c, "first voltage") \
	REAL(s, "p1", f.p1, SHARE, OFF, -1, 1, "enable", c, "power there") \
	REAL(s, "v2", f.v2, VOLTAGE, OFF, 0, 1.5, "enable", c, "second voltage") \
	REAL(s, "p2", f.p2, SHARE, OFF, -1, 1, "enable", c, "power there") \
	CHOICE(s, "voltage", f.phase, 2, 0, "mean|worst", c, "of the phases") \
	REAL(s, "response", f.response_s, S, 0, 0, 120, "enable", c, "response time") \
	RESPONSE(s, f.response, 0, c)
/* NOLINTEND(bugprone-macro-parentheses) */

const struct gc_param gc_params[] = {
	REAL("nominal", "f", nominal.f_hz, HZ, 50, 45, 65, "*", "", "nominal frequency")
	REAL("nominal", "v", nominal.v_v, VOLT, 230, 50, 1000, "*", "", "nominal phase voltage")

	CHOICE("rating", "phases", rating.phases, 2, 0, "three|one", "", "of the charger")
	REAL("rating", "s", rating.s_kva, KVA, OFF, 0.1, 1e5, NULL, "", "apparent power")
	REAL("rating", "p", rating.p_pu, SHARE, 1, 0.01, 1, NULL, "", "active power, of apparent power")
	REAL("rating", "charge", rating.charge_pu, SHARE, 1, 0.01, 2, NULL, "", "charging power, likewise")
	REAL("rating", "q_inject", rating.q_inject_pu, SHARE, 0.44, 0, 1, NULL, "", "reactive power, likewise")
	REAL("rating", "q_absorb", rating.q_absorb_pu, SHARE, 0.44, 0, 1, NULL, "", "reactive power, likewise")
	REAL("rating", "i", rating.i_pu, SHARE, 1.2, 0.1, 10, NULL, "", "largest phase current")
	REAL("rating", "inverter", rating.inverter_s, S, 0.02, 0, 10, NULL, "", "response of the current")
	REAL("rating", "battery_ramp", rating.ramp_s, S, 0, 0, 3600, NULL, "", "full-scale time of the battery")

	CHOICE("trip", "quantity", trip.quantity, 3, 0, "phase-and-line|phase|positive-sequence",
	       "IEEE 1547 4.3", "which voltages are looked at")
	CHOICE("trip", "times", trip.end, 2, 0, "clearing|operate", "IEEE 1547 3.1",
	       "end with no current, or with the order to open")
	STAGE("ov1", trip.ov[0], VOLTAGE, 1, 2, "IEEE 1547 6.4.1", "over-voltage 1")
	STAGE("ov2", trip.ov[1], VOLTAGE, 1, 2, "IEEE 1547 6.4.1", "over-voltage 2")
	STAGE("ov3", trip.ov[2], VOLTAGE, 1, 2, "IEEE 1547 6.4.1", "over-voltage 3")
	STAGE("ov4", trip.ov[3], VOLTAGE, 1, 2, "IEEE 1547 6.4.1", "over-voltage 4")
	STAGE("uv1", trip.uv[0], VOLTAGE, 0, 1, "IEEE 1547 6.4.1", "under-voltage 1")
	STAGE("uv2", trip.uv[1], VOLTAGE, 0, 1, "IEEE 1547 6.4.1", "under-voltage 2")
	STAGE("uv3", trip.uv[2], VOLTAGE, 0, 1, "IEEE 1547 6.4.1", "under-voltage 3")
	STAGE("uv4", trip.uv[3], VOLTAGE, 0, 1, "IEEE 1547 6.4.1", "under-voltage 4")
	STAGE("of1", trip.of[0], HZ, 45, 70, "IEEE 1547 6.5.1", "over-frequency 1")
	STAGE("of2", trip.of[1], HZ, 45, 70, "IEEE 1547 6.5.1", "over-frequency 2")
	STAGE("of3", trip.of[2], HZ, 45, 70, "IEEE 1547 6.5.1", "over-frequency 3")
	STAGE("uf1", trip.uf[0], HZ, 40, 65, "IEEE 1547 6.5.1", "under-frequency 1")
	STAGE("uf2", trip.uf[1], HZ, 40, 65, "IEEE 1547 6.5.1", "under-frequency 2")
	STAGE("uf3", trip.uf[2], HZ, 40, 65, "IEEE 1547 6.5.1", "under-frequency 3")

	REAL("voltage_mean", "limit", mean.limit, VOLTAGE, OFF, 1, 1.5, NULL, "EN 50549-1 4.9.3.2", "10-minute mean")
	REAL("voltage_mean", "window", mean.window_s, S, 600, 3, 768, NULL, "EN 50549-1 4.9.3.2", "length of the mean")
	REAL("voltage_mean", "time", mean.delay_s, S, 0, 0, 60, "limit", "EN 50549-1 4.9.3.2", "delay after crossing")

	REAL("rocof", "limit", rocof.limit_hz_per_s, HZ_PER_S, OFF, 0.05, 20, NULL, "G99 10.6.7", "rate that trips")
	REAL("rocof", "window", rocof.window_s, S, 0.5, 0.02, 2, NULL, "G99 10.6.7", "difference over this time")
	REAL("rocof", "time", rocof.time_s, S, 0, 0, 5, "limit", "G99 10.6.7", "definite time")
	REAL("vector_shift", "limit", shift.limit_deg, DEG, OFF, 1, 90, NULL, "JEAC 9701", "phase jump that trips")

	REAL("ride_through", "v_cease_high", ride.v_cease_high, VOLTAGE, OFF, 1, 2, NULL, "IEEE 1547 6.4.2", "above: cease to energize")
	REAL("ride_through", "v_permissive_high", ride.v_permissive_high, VOLTAGE, OFF, 1, 2, NULL, "IEEE 1547 6.4.2", "above: permissive operation")
	REAL("ride_through", "v_mandatory_high", ride.v_mandatory_high, VOLTAGE, OFF, 1, 2, NULL, "IEEE 1547 6.4.2", "above: mandatory operation")
	REAL("ride_through", "v_mandatory_low", ride.v_mandatory_low, VOLTAGE, OFF, 0, 1, NULL, "IEEE 1547 6.4.2", "below: mandatory operation")
	REAL("ride_through", "v_permissive_low", ride.v_permissive_low, VOLTAGE, OFF, 0, 1, NULL, "IEEE 1547 6.4.2", "below: permissive operation")
	REAL("ride_through", "v_cease_low", ride.v_cease_low, VOLTAGE, OFF, 0, 1, NULL, "IEEE 1547 6.4.2", "below: cease to energize")
	REAL("ride_through", "f_mandatory_high", ride.f_mandatory_high_hz, HZ, OFF, 45, 70, NULL, "IEEE 1547 6.5.2", "above: mandatory operation")
	REAL("ride_through", "f_mandatory_low", ride.f_mandatory_low_hz, HZ, OFF, 40, 65, NULL, "IEEE 1547 6.5.2", "at or below: mandatory operation")
	REAL("ride_through", "f_undefined_high", ride.f_undefined_high_hz, HZ, OFF, 45, 70, NULL, "IEEE 1547 6.5.2", "above: no operation asked for")
	REAL("ride_through", "f_undefined_low", ride.f_undefined_low_hz, HZ, OFF, 40, 65, NULL, "IEEE 1547 6.5.2", "below: no operation asked for")
	REAL("ride_through", "cease_time", ride.cease_s, S, 0.16, 0, 5, NULL, "IEEE 1547 6.4.2", "response of cease to energize")
	REAL("ride_through", "return_ramp", ride.return_ramp_s, S, 0, 0, 60, NULL, "IEEE 1547 6.4.2.7", "full-scale time of the current's return")
	YESNO("cessation", "enable", ride.cessation, 0, "IEEE 1547 6.4.2.3", "momentary cessation, zero-current mode")
	REAL("cessation", "v_high", ride.cessation_high, VOLTAGE, OFF, 1, 2, NULL, "IEEE 1547 6.4.2.3", "at or above")
	REAL("cessation", "v_low", ride.cessation_low, VOLTAGE, OFF, 0, 1, "enable", "IEEE 1547 6.4.2.3", "at or below")
	REAL("cessation", "time", ride.cessation_s, S, 0, 0, 5, NULL, "IEEE 1547 6.4.2.3", "response")
	REAL("cessation", "return_time", ride.cessation_return_s, S, 0, 0, 60, NULL, "IEEE 1547 6.4.2.3", "wait before the return")
	REAL("consecutive", "sets", consecutive.sets, NONE, OFF, 0, 100, NULL, "IEEE 1547 6.4.2.5", "disturbances ridden through within the window; more: trips")
	REAL("consecutive", "gap", consecutive.gap_s, S, 5, 0.1, 600, NULL, "IEEE 1547 6.4.2.5", "calm that separates two of them")
	REAL("consecutive", "window", consecutive.window_s, S, 3600, 1, 86400, "sets", "IEEE 1547 6.4.2.5", "counted anew after it")
	REAL("external_signal", "f_high", external.f_high_hz, HZ, OFF, 45, 70, NULL, "CEI 0-21 8.6.2", "81>.S1: over-frequency while narrow")
	REAL("external_signal", "f_high_time", external.f_high_s, S, OFF, 0, 2000, "f_high", "CEI 0-21 8.6.2", "81>.S1: clearing time")
	REAL("external_signal", "f_low", external.f_low_hz, HZ, OFF, 40, 65, "f_high", "CEI 0-21 8.6.2", "81<.S1: under-frequency while narrow")
	REAL("external_signal", "f_low_time", external.f_low_s, S, OFF, 0, 2000, "f_high", "CEI 0-21 8.6.2", "81<.S1: clearing time")
	YESNO("external_signal", "local", external.local, 0, "CEI 0-21 8.6.2", "local command: narrow without a signal")
	YESNO("voltage_support", "enable", ride.support, 0, "IEEE 1547 6.4.2.6", "dynamic voltage support")
	REAL("voltage_support", "k", ride.support_k, GAIN, 2, 0, 10, "enable", "IEEE 1547 6.4.2.6", "current a voltage")

	WINDOW("enter_service", enter.start, "*", "IEEE 1547 4.10.2")
	WINDOW("reconnection", enter.again, NULL, "EN 50549-1 4.10.2")
	REAL("reconnection", "short_time", enter.short_s, S, OFF, 0, 60, NULL, "VDE-AR-N 4105 8.3", "a disturbance up to this long")
	REAL("reconnection", "short_delay", enter.short_delay_s, S, OFF, 0, 600, "short_time", "VDE-AR-N 4105 8.3", "waits only this long")

	SWITCH("active_limit", limit.enable, "IEEE 1547 4.6.2", "function on")
	REAL("active_limit", "limit", limit.limit, SHARE, 1, -1, 1, NULL, "IEEE 1547 4.6.2", "largest export; negative: least charging")
	REAL("active_limit", "charge", limit.charge, SHARE, 1, 0, 1, NULL, "IEEE 1547 4.6.2", "largest charging")
	REAL("active_limit", "response", limit.response_s, S, 15, 0, 600, NULL, "IEEE 1547 4.6.2", "full-scale time")
	REAL("ramp", "up", ramp.up_pu_per_min, PER_MIN, OFF, 0.001, 6000, NULL, "AS/NZS 4777.2 3.3.4.3", "towards export")
	REAL("ramp", "down", ramp.down_pu_per_min, PER_MIN, OFF, 0.001, 6000, NULL, "AS/NZS 4777.2 3.3.4.3", "towards charging")

	VOLT_WATT("volt_watt", volt_watt, "IEEE 1547 5.4.2")
	VOLT_WATT("volt_watt_charge", volt_watt_charge, "AS/NZS 4777.2 3.3.2.2")

	SWITCH("freq_droop", droop.enable, "IEEE 1547 6.5.2.7", "function on")
	REAL("freq_droop", "db_over", droop.db_over_hz, HZ, 0.036, 0, 5, "enable", "IEEE 1547 6.5.2.7", "dead band above nominal")
	REAL("freq_droop", "db_under", droop.db_under_hz, HZ, 0.036, 0, 5, "enable", "IEEE 1547 6.5.2.7", "dead band below nominal")
	REAL("freq_droop", "k_over", droop.k_over, DROOP, 0.05, 0.001, 1, "enable", "IEEE 1547 6.5.2.7", "droop above")
	REAL("freq_droop", "k_under", droop.k_under, DROOP, 0.05, 0.001, 1, "enable", "IEEE 1547 6.5.2.7", "droop below")
	REAL("freq_droop", "response", droop.response_s, S, 5, 0, 120, "enable", "IEEE 1547 6.5.2.7", "open loop response time")
	LFSM("lfsm_o", lfsm_o, "EN 50549-1 4.6.1")
	LFSM("lfsm_u", lfsm_u, "EN 50549-1 4.6.2")

	SWITCH("const_pf", const_pf.enable, "IEEE 1547 5.3.2", "function on")
	REAL("const_pf", "pf", const_pf.pf, PF, 0.9, 0.01, 1, "enable", "IEEE 1547 5.3.2", "power factor")
	CHOICE("const_pf", "excitation", const_pf.excitation, 2, 0, "injecting|absorbing", "IEEE 1547 5.3.2", "direction of Q")
	REAL("const_pf", "response", const_pf.response_s, S, 5, 0, 120, NULL, "IEEE 1547 5.3.2", "response time")
	SWITCH("const_q", const_q.enable, "IEEE 1547 5.3.5", "function on")
	REAL("const_q", "q", const_q.q, SHARE, 0, -1, 1, "enable", "IEEE 1547 5.3.5", "reactive power, injection positive")
	REAL("const_q", "response", const_q.response_s, S, 5, 0, 120, NULL, "IEEE 1547 5.3.5", "response time")

	SWITCH("volt_var", volt_var.enable, "IEEE 1547 5.3.3", "function on")
	REAL("volt_var", "v1", volt_var.v[0], VOLTAGE, OFF, 0, 1.5, "enable", "IEEE 1547 5.3.3", "curve")
	REAL("volt_var", "q1", volt_var.q[0], SHARE, OFF, -1, 1, "enable", "IEEE 1547 5.3.3", "curve")
	REAL("volt_var", "v2", volt_var.v[1], VOLTAGE, OFF, 0, 1.5, "enable", "IEEE 1547 5.3.3", "curve")
	REAL("volt_var", "q2", volt_var.q[1], SHARE, OFF, -1, 1, "enable", "IEEE 1547 5.3.3", "curve")
	REAL("volt_var", "v3", volt_var.v[2], VOLTAGE, OFF, 0, 1.5, "enable", "IEEE 1547 5.3.3", "curve")
	REAL("volt_var", "q3", volt_var.q[2], SHARE, OFF, -1, 1, "enable", "IEEE 1547 5.3.3", "curve")
	REAL("volt_var", "v4", volt_var.v[3], VOLTAGE, OFF, 0, 1.5, "enable", "IEEE 1547 5.3.3", "curve")
	REAL("volt_var", "q4", volt_var.q[3], SHARE, OFF, -1, 1, "enable", "IEEE 1547 5.3.3", "curve")
	REAL("volt_var", "response", volt_var.response_s, S, 5, 0, 120, "enable", "IEEE 1547 5.3.3", "response time")
	RESPONSE("volt_var", volt_var.response, 0, "IEEE 1547 5.3.3")
	REAL("volt_var", "delay", volt_var.delay_s, S, 0, 0, 10, NULL, "EN 50549-1 4.7.2.3.3", "intentional delay")
	REAL("volt_var", "v_ref", volt_var.v_ref, VOLTAGE, 1, 0.8, 1.2, NULL, "IEEE 1547 5.3.3", "reference voltage")
	REAL("volt_var", "v_ref_low", volt_var.v_ref_low, VOLTAGE, 0.95, 0.8, 1.2, NULL, "IEEE 1547 5.3.3", "least autonomous reference")
	REAL("volt_var", "v_ref_high", volt_var.v_ref_high, VOLTAGE, 1.05, 0.8, 1.2, NULL, "IEEE 1547 5.3.3", "greatest autonomous reference")
	YESNO("volt_var", "autonomous", volt_var.autonomous, 0, "IEEE 1547 5.3.3", "reference follows the voltage")
	REAL("volt_var", "v_ref_time", volt_var.v_ref_s, S, 300, 1, 10000, NULL, "IEEE 1547 5.3.3", "its time constant")
	REAL("volt_var", "lock_in", volt_var.lock_in, SHARE, OFF, 0, 1, NULL, "EN 50549-1 4.7.2.3.3", "active above this power")
	REAL("volt_var", "lock_out", volt_var.lock_out, SHARE, OFF, 0, 1, "lock_in", "EN 50549-1 4.7.2.3.3", "ends below this power")

	SWITCH("watt_var", watt_var.enable, "IEEE 1547 5.3.4", "function on")
	REAL("watt_var", "p1", watt_var.p_gen[0], SHARE, 0.2, 0, 1, "enable", "IEEE 1547 5.3.4", "generating side")
	REAL("watt_var", "q1", watt_var.q_gen[0], SHARE, 0, -1, 1, "enable", "IEEE 1547 5.3.4", "generating side")
	REAL("watt_var", "p2", watt_var.p_gen[1], SHARE, 0.5, 0, 1, "enable", "IEEE 1547 5.3.4", "generating side")
	REAL("watt_var", "q2", watt_var.q_gen[1], SHARE, 0, -1, 1, "enable", "IEEE 1547 5.3.4", "generating side")
	REAL("watt_var", "p3", watt_var.p_gen[2], SHARE, 1, 0, 1, "enable", "IEEE 1547 5.3.4", "generating side")
	REAL("watt_var", "q3", watt_var.q_gen[2], SHARE, -0.44, -1, 1, "enable", "IEEE 1547 5.3.4", "generating side")
	REAL("watt_var", "charge_p1", watt_var.p_load[0], SHARE, 0.2, 0, 1, "enable", "IEEE 1547 5.3.4", "charging side")
	REAL("watt_var", "charge_q1", watt_var.q_load[0], SHARE, 0, -1, 1, "enable", "IEEE 1547 5.3.4", "charging side")
	REAL("watt_var", "charge_p2", watt_var.p_load[1], SHARE, 0.5, 0, 1, "enable", "IEEE 1547 5.3.4", "charging side")
	REAL("watt_var", "charge_q2", watt_var.q_load[1], SHARE, 0, -1, 1, "enable", "IEEE 1547 5.3.4", "charging side")
	REAL("watt_var", "charge_p3", watt_var.p_load[2], SHARE, 1, 0, 1, "enable", "IEEE 1547 5.3.4", "charging side")
	REAL("watt_var", "charge_q3", watt_var.q_load[2], SHARE, 0.44, -1, 1, "enable", "IEEE 1547 5.3.4", "charging side")
	REAL("watt_var", "response", watt_var.response_s, S, 5, 0, 120, "enable", "IEEE 1547 5.3.4", "response time")
	RESPONSE("watt_var", watt_var.response, 0, "IEEE 1547 5.3.4")

	SWITCH("cos_phi_p", cos_phi.enable, "EN 50549-1 4.7.2.3.4", "function on")
	REAL("cos_phi_p", "p1", cos_phi.p[0], SHARE, 0, 0, 1, "enable", "EN 50549-1 4.7.2.3.4", "curve")
	REAL("cos_phi_p", "pf1", cos_phi.pf[0], PF, 1, 0.5, 1, "enable", "EN 50549-1 4.7.2.3.4", "curve, absorbing")
	REAL("cos_phi_p", "p2", cos_phi.p[1], SHARE, 0.5, 0, 1, "enable", "EN 50549-1 4.7.2.3.4", "curve")
	REAL("cos_phi_p", "pf2", cos_phi.pf[1], PF, 1, 0.5, 1, "enable", "EN 50549-1 4.7.2.3.4", "curve, absorbing")
	REAL("cos_phi_p", "p3", cos_phi.p[2], SHARE, 1, 0, 1, "enable", "EN 50549-1 4.7.2.3.4", "curve")
	REAL("cos_phi_p", "pf3", cos_phi.pf[2], PF, 0.95, 0.5, 1, "enable", "EN 50549-1 4.7.2.3.4", "curve, absorbing")
	REAL("cos_phi_p", "response", cos_phi.response_s, S, 10, 0, 120, "enable", "EN 50549-1 4.7.2.3.4", "response time")
	RESPONSE("cos_phi_p", cos_phi.response, 1, "EN 50549-1 4.7.2.3.4")

	CHOICE("capability", "priority", capability.priority, 2, 0, "reactive|active", "IEEE 1547 4.7", "which power gives way")
	REAL("capability", "q_inject", capability.q_inject, SHARE, 0.44, 0, 1, NULL, "IEEE 1547 5.2", "Q kept with active priority")
	REAL("capability", "q_absorb", capability.q_absorb, SHARE, 0.44, 0, 1, NULL, "IEEE 1547 5.2", "Q kept with active priority")
	YESNO("capability", "as_model", capability.as_model, 0, "", "departs from the standard where the reference model does")
	REAL("capability", "mode_ramp", capability.mode_ramp_s, S, 0, 0, 300, NULL, "IEEE 1547 4.6.3", "from one reactive mode to another")
	REAL("capability", "reaction", capability.reaction_s, S, 0, 0, 5, NULL, "", "pure delay in every response")

	SWITCH("demand_response", drm.enable, "AS/NZS 4777.2 3.2", "modes DRM 0 to 8")
	REAL("demand_response", "response", drm.response_s, S, 1, 0, 10, NULL, "AS/NZS 4777.2 3.2", "full-scale time")
	REAL("demand_response", "q_source", drm.q_source, SHARE, 0, 0, 1, NULL, "AS/NZS 4777.2 3.2", "DRM 3: reactive power injected")
	REAL("demand_response", "q_sink", drm.q_sink, SHARE, 0, 0, 1, NULL, "AS/NZS 4777.2 3.2", "DRM 7: reactive power absorbed")
	SWITCH("export_limit", export.enable, "EN 50549-1 4.11", "function on")
	REAL("export_limit", "limit", export.limit, SHARE, 0, 0, 10, "enable", "EN 50549-1 4.11", "at the point of connection")
	REAL("export_limit", "response", export.response_s, S, 5, 0, 120, NULL, "EN 50549-1 4.11", "full-scale time of a rise")
	REAL("export_limit", "timeout", export.timeout_s, S, 5, 0, 600, "enable", "EN 50549-1 4.11", "the meter is silent")
	REAL("export_limit", "fail_limit", export.fail_limit, SHARE, 0, 0, 1, "enable", "EN 50549-1 4.11", "of the charger, then")
	REAL("unbalance", "limit", unbalance.limit, SHARE, OFF, 0, 10, NULL, "VDE-AR-N 4105 5.3.1", "between phases, of the rating")
	REAL("unbalance", "power", unbalance.s_kva, KVA, OFF, 0, 1000, NULL, "VDE-AR-N 4105 5.3.1", "between phases; needs the rating.s of a charger")
	SWITCH("order", order.enable, "EN 50549-1 4.12", "an operator's set-points are followed")
	REAL("order", "up", order.up_pu_per_s, PER_S, OFF, 0.0001, 100, NULL, "EN 50549-1 4.11", "slope of a rising limit")
	REAL("order", "down", order.down_pu_per_s, PER_S, OFF, 0.0001, 100, NULL, "EN 50549-1 4.11", "slope of a falling limit")
	REAL("order", "timeout", order.timeout_s, S, OFF, 1, 1e6, NULL, "EN 50549-1 4.12", "orders end after silence")
	REAL("order", "fail_limit", order.fail_limit, SHARE, OFF, 0, 1, NULL, "EN 50549-1 4.12", "export after it")

	REAL("measurement", "v_max", guard.v_max, VOLTAGE, 3, 1.2, 10, NULL, "", "no grid above this")
	REAL("measurement", "f_low", guard.f_low_hz, HZ, 30, 0, 65, NULL, "", "no grid below this")
	REAL("measurement", "f_high", guard.f_high_hz, HZ, 80, 45, 200, NULL, "", "no grid above this")
	REAL("measurement", "frozen", guard.frozen_s, S, OFF, 0.02, 60, NULL, "", "equal numbers this long")
	REAL("measurement", "jump", guard.jump_hz, HZ, OFF, 0.1, 20, NULL, "", "no grid in one step")
	REAL("measurement", "missing", guard.missing_s, S, 0.1, 0, 5, NULL, "", "bridged up to this")
};

const size_t gc_param_count = sizeof(gc_params) / sizeof(gc_params[0]);

const struct gc_param *gc_param_find(const char *section, const char *key)
{
	for (size_t i = 0; i < gc_param_count; i++)
		if (!strcmp(gc_params[i].section, section) && !strcmp(gc_params[i].key, key))
			return &gc_params[i];
	return NULL;
}

const struct gc_param *gc_param_named(const char *name)
{
	const char *dot = strchr(name, '.');

	for (size_t i = 0; dot && i < gc_param_count; i++)
		if (strlen(gc_params[i].section) == (size_t)(dot - name) &&
		    !strncmp(gc_params[i].section, name, (size_t)(dot - name)) &&
		    !strcmp(gc_params[i].key, dot + 1))
			return &gc_params[i];
	return NULL;
}

double gc_param_get(const struct gc_settings *settings, const struct gc_param *param)
{
	const char *at = (const char *)settings + param->offset;
	double real;
	int whole;

	if (param->type == GC_REAL) {
		memcpy(&real, at, sizeof(real));
		return real;
	}
	memcpy(&whole, at, sizeof(whole));
	return whole;
}

void gc_param_put(struct gc_settings *settings, const struct gc_param *param, double value)
{
	char *at = (char *)settings + param->offset;
	const int whole = param->type == GC_REAL ? 0 : (int)value;

	if (param->type == GC_REAL)
		memcpy(at, &value, sizeof(value));
	else
		memcpy(at, &whole, sizeof(whole));
}

void gc_settings_default(struct gc_settings *settings)
{
	memset(settings, 0, sizeof(*settings));
	for (size_t i = 0; i < gc_param_count; i++)
		gc_param_put(settings, &gc_params[i], gc_params[i].fallback);
}
