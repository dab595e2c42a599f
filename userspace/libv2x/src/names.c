// SPDX-License-Identifier: Apache-2.0
/* Every number of <linux/v2x.h> that has a name, in tables. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

struct named {
	uint64_t number;
	const char *name;
	const char *text;
	const char *unit;
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct named states[] = {
	{ V2X_STATE_IDLE, "idle", NULL, NULL },
	{ V2X_STATE_SELF_TEST, "self_test", NULL, NULL },
	{ V2X_STATE_INSULATION, "insulation", NULL, NULL },
	{ V2X_STATE_PRECHARGE, "precharge", NULL, NULL },
	{ V2X_STATE_CONTACTOR, "contactor", NULL, NULL },
	{ V2X_STATE_SYNC, "sync", NULL, NULL },
	{ V2X_STATE_RUN, "run", NULL, NULL },
	{ V2X_STATE_RAMP_DOWN, "ramp_down", NULL, NULL },
	{ V2X_STATE_FAULT, "fault", NULL, NULL },
	{ V2X_STATE_BLACK_START, "black_start", NULL, NULL },
	{ V2X_STATE_READY, "ready", NULL, NULL },
	{ V2X_STATE_DC_START, "dc_start", NULL, NULL },
	{ V2X_STATE_DC_RUN, "dc_run", NULL, NULL },
};

static const struct named reasons[] = {
	{ V2X_REASON_NONE, "none", "Nothing to report.", "" },
	{ V2X_REASON_REQUEST, "request", "The program that holds the claim asked for it.", "" },
	{ V2X_REASON_STEP_DONE, "step_done", "The step of the sequence was completed.", "" },
	{ V2X_REASON_CLOSED, "closed",
	  "The program that held the claim ended or closed the device; start the supervisor again.",
	  "" },
	{ V2X_REASON_LEASE, "lease",
	  "No set-point came within the lease; find out why the supervisor stopped or stalled.",
	  "ms" },
	{ V2X_REASON_SETPOINT_EXPIRED, "setpoint_expired",
	  "The set-point's time of validity went by; send a new one.", "" },
	{ V2X_REASON_ACK, "ack", "The fault was acknowledged.", "" },
	{ V2X_REASON_ESTOP, "estop",
	  "Emergency stop; make the place safe, release the button, then acknowledge.", "" },

	{ V2X_REASON_GRID_OVER_VOLTAGE, "grid_over_voltage",
	  "A phase voltage was above the protection limit for longer than allowed; wait for the grid to recover, then acknowledge.",
	  "mV" },
	{ V2X_REASON_GRID_UNDER_VOLTAGE, "grid_under_voltage",
	  "A phase voltage was below the protection limit for longer than allowed; wait for the grid to recover, then acknowledge.",
	  "mV" },
	{ V2X_REASON_GRID_OVER_FREQUENCY, "grid_over_frequency",
	  "The grid frequency was above the protection limit for longer than allowed; wait for the grid to recover, then acknowledge.",
	  "mHz" },
	{ V2X_REASON_GRID_UNDER_FREQUENCY, "grid_under_frequency",
	  "The grid frequency was below the protection limit for longer than allowed; wait for the grid to recover, then acknowledge.",
	  "mHz" },
	{ V2X_REASON_GRID_PHASE_LOSS, "grid_phase_loss",
	  "A phase of the grid is missing; check fuses and the supply cable.", "mV" },
	{ V2X_REASON_GRID_PHASE_ORDER, "grid_phase_order",
	  "The phases turn the wrong way; swap two of them at the supply terminals.", "" },
	{ V2X_REASON_GRID_ABSENT, "grid_absent",
	  "There is no grid voltage; check the supply, then acknowledge.", "mV" },
	{ V2X_REASON_SYNC_TIMEOUT, "sync_timeout",
	  "The converter could not synchronise in time; check that voltage and frequency are steady.",
	  "" },

	{ V2X_REASON_LOSS_OF_MAINS, "loss_of_mains",
	  "The grid has gone and the charger was left in an island; wait for the grid to return, then acknowledge.",
	  "mHz" },
	{ V2X_REASON_GRID_ROCOF, "grid_rocof",
	  "The grid frequency changed faster than the protection table allows; wait for the grid to recover, then acknowledge.",
	  "mHz/s" },
	{ V2X_REASON_GRID_VECTOR_SHIFT, "grid_vector_shift",
	  "The angle of the grid voltage jumped by more than the protection table allows; wait for the grid to recover, then acknowledge.",
	  "mdeg" },
	{ V2X_REASON_GRID_UNBALANCE, "grid_unbalance",
	  "The grid voltages were unbalanced for longer than the protection table allows; check the supply, then acknowledge.",
	  "mV" },
	{ V2X_REASON_GRID_VOLTAGE_10MIN, "grid_voltage_10min",
	  "The mean grid voltage of ten minutes was too high; wait for it to fall, or tell the network operator, then acknowledge.",
	  "mV" },
	{ V2X_REASON_GRID_PRESENT, "grid_present",
	  "A black start was asked for, but there is a voltage at the terminals; start the ordinary way.",
	  "mV" },
	{ V2X_REASON_ISLAND_SWITCH_STUCK, "island_switch_stuck",
	  "The island switch did not follow its command; check its coil and auxiliary contact.", "" },
	{ V2X_REASON_ISLAND_OVERLOAD, "island_overload",
	  "The island's load was more than the charger can carry, or is shorted; take loads off, then acknowledge.",
	  "mV" },

	{ V2X_REASON_AC_OVER_CURRENT, "ac_over_current",
	  "A phase current passed its trip level; look at the fault record before acknowledging.",
	  "mA" },
	{ V2X_REASON_DC_LINK_OVER_VOLTAGE, "dc_link_over_voltage",
	  "The DC link voltage passed its upper trip level; look at the fault record before acknowledging.",
	  "mV" },
	{ V2X_REASON_DC_LINK_UNDER_VOLTAGE, "dc_link_under_voltage",
	  "The DC link voltage fell below its lower trip level while the gates switched; look at the fault record before acknowledging.",
	  "mV" },
	{ V2X_REASON_GATE_DRIVER, "gate_driver",
	  "A gate driver raised its fault line; check the power module before acknowledging.", "" },
	{ V2X_REASON_OVER_TEMPERATURE, "over_temperature",
	  "The heat sink is too hot; check the fan and let it cool, then acknowledge.", "mdegC" },
	{ V2X_REASON_ADC_RANGE, "adc_range",
	  "A sensor reads outside what it can measure; check its wiring and supply.", "" },
	{ V2X_REASON_ADC_STUCK, "adc_stuck",
	  "A sensor gives the same value for too long; check its wiring and its converter.", "" },
	{ V2X_REASON_CURRENT_SUM, "current_sum",
	  "The phase currents do not add up; check the current sensors and the earthing.", "mA" },
	{ V2X_REASON_PRECHARGE_FAILED, "precharge_failed",
	  "The DC link did not charge in time, or three charges in a minute have heated the resistor; look for a short circuit, check resistor and contactor, and let it cool for a minute.",
	  "mV" },
	{ V2X_REASON_GRID_CONTACTOR_WELDED, "grid_contactor_welded",
	  "The grid contactor did not open when told to; isolate the supply and replace it.", "" },
	{ V2X_REASON_GRID_CONTACTOR_STUCK_OPEN, "grid_contactor_stuck_open",
	  "The grid contactor did not close when told to; check its coil and auxiliary contact.",
	  "" },
	{ V2X_REASON_MISSED_TICKS, "missed_ticks",
	  "The control loop missed two ticks in a row; see v2xctl latency and the isolation of its processor.",
	  "ticks" },
	{ V2X_REASON_SENSOR_OFFSET, "sensor_offset",
	  "A current sensor shows current at standstill; calibrate or replace it.", "mA" },
	{ V2X_REASON_RESIDUAL_CURRENT, "residual_current",
	  "The residual current monitor tripped; look for an earth fault before acknowledging.",
	  "mA" },
	{ V2X_REASON_RESIDUAL_DC, "residual_dc",
	  "Direct current leaks to earth; look for an insulation fault of charger, cable or vehicle before acknowledging.",
	  "uA" },
	{ V2X_REASON_RESIDUAL_AC, "residual_ac",
	  "Alternating current leaks to earth; look for an insulation fault or a wet connector before acknowledging.",
	  "uA" },
	{ V2X_REASON_SENSOR_IMPLAUSIBLE, "sensor_implausible",
	  "A sensor contradicts what others measure, or power is lost between them; the value is the number of its channel: check its wiring, supply and calibration.",
	  "channel" },
	{ V2X_REASON_PRECHARGE_CONTACTOR_WELDED, "precharge_contactor_welded",
	  "The precharge contactor did not open when told to; isolate the supply and replace it.",
	  "" },
	{ V2X_REASON_WRONG_DIRECTION, "wrong_direction",
	  "Power flowed against the set-point; the value is that power: look for a short of the DC link, and at the current sensors and the order of their phases.",
	  "mW" },
	{ V2X_REASON_DC_BUS_OVERLOAD, "dc_bus_overload",
	  "The load of the DC bus was more than the vehicle gives, or is shorted; take loads off, then acknowledge.",
	  "mV" },
	{ V2X_REASON_DC_BUS_ABSENT, "dc_bus_absent",
	  "There is no voltage on the DC bus that could be used, and none may be made; start the charger that holds it, or let this vehicle discharge.",
	  "mV" },

	{ V2X_REASON_EV_OVER_VOLTAGE, "ev_over_voltage",
	  "The output voltage was above its limit; check the vehicle and the limits set.", "mV" },
	{ V2X_REASON_EV_UNDER_VOLTAGE, "ev_under_voltage",
	  "The output voltage was below its limit; check the vehicle and the limits set.", "mV" },
	{ V2X_REASON_EV_OVER_CURRENT, "ev_over_current",
	  "The output current passed its trip level; look at the fault record before acknowledging.",
	  "mA" },
	{ V2X_REASON_EV_DISCONNECTED, "ev_disconnected",
	  "The vehicle left the ready state while power flowed; check the plug, then acknowledge.",
	  "" },
	{ V2X_REASON_PILOT_FAULT, "pilot_fault",
	  "The control pilot is shorted, undefined or has no diode; check the cable and the vehicle.",
	  "" },
	{ V2X_REASON_INSULATION, "insulation",
	  "The insulation resistance of the output is too low; do not use this cable or vehicle until checked.",
	  "ohm" },
	{ V2X_REASON_EV_CONTACTOR_WELDED, "ev_contactor_welded",
	  "The vehicle contactor did not open when told to; isolate the charger and replace it.",
	  "" },
	{ V2X_REASON_EV_CONTACTOR_STUCK_OPEN, "ev_contactor_stuck_open",
	  "The vehicle contactor did not close when told to; check its coil and auxiliary contact.",
	  "" },
	{ V2X_REASON_EV_NOT_READY, "ev_not_ready",
	  "Start was asked for without a vehicle that is ready; plug in and wait for pilot state C.",
	  "" },

	{ V2X_REASON_SHUTDOWN, "shutdown", "The system is shutting down.", "" },
	{ V2X_REASON_SUSPEND, "suspend", "The system was suspended; start again.", "" },
	{ V2X_REASON_REMOVED, "removed", "The driver of the power stage was unbound.", "" },
	{ V2X_REASON_INTERNAL, "internal",
	  "A self-check of the control code failed; keep the fault record and report it.", "" },
};

static const struct named pilots[] = {
	{ V2X_PILOT_NONE, "none", NULL, NULL }, { V2X_PILOT_A, "A", NULL, NULL },
	{ V2X_PILOT_B, "B", NULL, NULL },	{ V2X_PILOT_C, "C", NULL, NULL },
	{ V2X_PILOT_D, "D", NULL, NULL },	{ V2X_PILOT_E, "E", NULL, NULL },
	{ V2X_PILOT_F, "F", NULL, NULL },
};

static const struct named events[] = {
	{ V2X_EVENT_STATE, "state", NULL, NULL },
	{ V2X_EVENT_TRIP, "trip", NULL, NULL },
	{ V2X_EVENT_FAULT_LINE, "fault_line", NULL, NULL },
	{ V2X_EVENT_PILOT, "pilot", NULL, NULL },
	{ V2X_EVENT_CLAIM, "claim", NULL, NULL },
	{ V2X_EVENT_LEASE, "lease", NULL, NULL },
	{ V2X_EVENT_LIMITED, "limited", NULL, NULL },
	{ V2X_EVENT_MISSED, "missed", NULL, NULL },
	{ V2X_EVENT_RECORD, "record", NULL, NULL },
	{ V2X_EVENT_CONTACTOR, "contactor", NULL, NULL },
	{ V2X_EVENT_CEASE, "cease", NULL, NULL },
	{ V2X_EVENT_ISLAND, "island", NULL, NULL },
};

static const struct named requests[] = {
	{ V2X_REQUEST_START, "start", NULL, NULL },
	{ V2X_REQUEST_STOP, "stop", NULL, NULL },
	{ V2X_REQUEST_ACK, "ack", NULL, NULL },
	{ V2X_REQUEST_ESTOP, "estop", NULL, NULL },
	{ V2X_REQUEST_BLACK_START, "black_start", NULL, NULL },
};

static const struct named limiteds[] = {
	{ V2X_LIMITED_RATING, "rating", "The set-point is beyond the ratings of the charger.",
	  NULL },
	{ V2X_LIMITED_P_IMPORT, "p_import", "The import limit holds charging power back.", NULL },
	{ V2X_LIMITED_P_EXPORT, "p_export", "The export limit holds discharging power back.",
	  NULL },
	{ V2X_LIMITED_Q, "q", "The reactive power limit is reached.", NULL },
	{ V2X_LIMITED_I_AC, "i_ac", "The phase current limit is reached.", NULL },
	{ V2X_LIMITED_I_EV, "i_ev", "The vehicle's current limit is reached.", NULL },
	{ V2X_LIMITED_V_EV, "v_ev", "The vehicle's voltage limit is reached.", NULL },
	{ V2X_LIMITED_TEMPERATURE, "temperature", "The heat sink is hot; power is reduced.",
	  NULL },
	{ V2X_LIMITED_RAMP, "ramp", "Power is still ramping to the set-point.", NULL },
	{ V2X_LIMITED_LEASE, "lease", "The lease ran out; power goes to zero.", NULL },
	{ V2X_LIMITED_EXPIRED, "expired", "The set-point is no longer valid; power goes to zero.",
	  NULL },
	{ V2X_LIMITED_DC_LINK, "dc_link", "The DC link's energy balance holds power back.", NULL },
	{ V2X_LIMITED_CEASED, "ceased",
	  "Momentary cessation: the grid is out of range and power waits for it to return.", NULL },
	{ V2X_LIMITED_SUPPORT, "support", "Reactive current supports the grid voltage.", NULL },
};

static const struct named contactors[] = {
	{ V2X_CONTACTOR_PRECHARGE, "precharge", NULL, NULL },
	{ V2X_CONTACTOR_GRID, "grid", NULL, NULL },
	{ V2X_CONTACTOR_EV, "ev", NULL, NULL },
	{ V2X_CONTACTOR_ISLAND, "island", NULL, NULL },
};

static const struct named fault_lines[] = {
	{ V2X_FAULT_GATE_A, "gate_a", NULL, NULL },
	{ V2X_FAULT_GATE_B, "gate_b", NULL, NULL },
	{ V2X_FAULT_GATE_C, "gate_c", NULL, NULL },
	{ V2X_FAULT_GATE_DCDC, "gate_dcdc", NULL, NULL },
	{ V2X_FAULT_OVER_CURRENT, "over_current", NULL, NULL },
	{ V2X_FAULT_DC_LINK, "dc_link", NULL, NULL },
	{ V2X_FAULT_RESIDUAL, "residual", NULL, NULL },
	{ V2X_FAULT_ESTOP, "estop", NULL, NULL },
};

static const struct named features[] = {
	{ V2X_FEATURE_URING, "uring", NULL, NULL },
	{ V2X_FEATURE_URING_CANCEL, "uring_cancel", NULL, NULL },
	{ V2X_FEATURE_RECORDER, "recorder", NULL, NULL },
	{ V2X_FEATURE_PILOT, "pilot", NULL, NULL },
	{ V2X_FEATURE_INSULATION, "insulation", NULL, NULL },
	{ V2X_FEATURE_VIRTUAL, "virtual", NULL, NULL },
	{ V2X_FEATURE_TRIP_HARDWARE, "trip_hardware", NULL, NULL },
	{ V2X_FEATURE_ISLAND_SWITCH, "island_switch", NULL, NULL },
	{ V2X_FEATURE_DC_BUS, "dc_bus", NULL, NULL },
};

static const struct named islands[] = {
	{ V2X_ISLAND_NONE, "none", NULL, NULL },
	{ V2X_ISLAND_PARTING, "parting", NULL, NULL },
	{ V2X_ISLAND_ALONE, "alone", NULL, NULL },
	{ V2X_ISLAND_MATCHING, "matching", NULL, NULL },
	{ V2X_ISLAND_JOINING, "joining", NULL, NULL },
};

static const struct named modes[] = {
	{ V2X_MODE_NONE, "none", NULL, NULL },
	{ V2X_MODE_FOLLOW, "follow", NULL, NULL },
	{ V2X_MODE_FORM, "form", NULL, NULL },
	{ V2X_MODE_VSM, "vsm", NULL, NULL },
	{ V2X_MODE_FORM_ISLAND, "form_island", NULL, NULL },
	{ V2X_MODE_VSM_ISLAND, "vsm_island", NULL, NULL },
	{ V2X_MODE_DC_FOLLOW, "dc_follow", NULL, NULL },
	{ V2X_MODE_DC_FORM, "dc_form", NULL, NULL },
};

static const struct named quantities[] = {
	{ V2X_PROT_V_PHASE, "v_phase", "phase voltage, one-cycle RMS", "mV" },
	{ V2X_PROT_V_PHASE_HALF, "v_phase_half", "phase voltage, half-cycle RMS", "mV" },
	{ V2X_PROT_V_LINE, "v_line", "voltage between phases", "mV" },
	{ V2X_PROT_V_POSITIVE, "v_positive", "positive-sequence voltage", "mV" },
	{ V2X_PROT_V_NEGATIVE, "v_negative", "negative-sequence voltage", "mV" },
	{ V2X_PROT_V_10MIN, "v_10min", "phase voltage, ten-minute mean", "mV" },
	{ V2X_PROT_V_PEAK, "v_peak", "phase voltage, any sample", "mV" },
	{ V2X_PROT_F, "f", "frequency", "mHz" },
	{ V2X_PROT_ROCOF, "rocof", "rate of change of frequency", "mHz/s" },
	{ V2X_PROT_VECTOR_SHIFT, "vector_shift", "jump of the voltage's angle", "mdeg" },
};

static const struct named sides[] = {
	{ V2X_PROT_OVER, "over", NULL, NULL },
	{ V2X_PROT_UNDER, "under", NULL, NULL },
};

static const struct named actions[] = {
	{ V2X_PROT_TRIP, "trip", NULL, NULL },
	{ V2X_PROT_CEASE, "cease", NULL, NULL },
	{ V2X_PROT_RIDE, "ride", NULL, NULL },
};

static const struct named whys[] = {
	{ V2X_PROT_FINE, "fine", "nothing is wrong with it", NULL },
	{ V2X_PROT_BAD_FIELD, "field",
	  "there is no such quantity, side or action, or this quantity does not have it", NULL },
	{ V2X_PROT_BAD_THRESHOLD, "threshold",
	  "the threshold is on the wrong side of the nominal value, or beyond what is measured or the charger is rated for",
	  NULL },
	{ V2X_PROT_BAD_TIME, "time",
	  "the clearing time is shorter than the quantity can be measured in, or longer than an hour",
	  NULL },
	{ V2X_PROT_BAD_WINDOW, "window",
	  "the measuring window is too short or too long, or this quantity has none", NULL },
	{ V2X_PROT_TWICE, "twice", "an earlier entry has the same threshold or time", NULL },
	{ V2X_PROT_NEVER, "never",
	  "of this and an earlier entry one would never act: the farther threshold must be the faster",
	  NULL },
	{ V2X_PROT_CUTS_RIDE, "cuts_ride",
	  "this or an earlier entry acts where a ride-through entry forbids it", NULL },
	{ V2X_PROT_NO_TRIP, "no_trip",
	  "a table needs a trip on over-voltage, under-voltage, over-frequency and under-frequency",
	  NULL },
	{ V2X_PROT_BAD_SETTING, "setting", "a setting outside of the entries is out of range",
	  NULL },
};

static const struct named unknown = { 0, "unknown", "This library does not know the number.",
				      "" };

static const struct named *find(const struct named *table, size_t count, uint64_t number)
{
	for (size_t i = 0; i < count; i++) {
		if (table[i].number == number)
			return &table[i];
	}
	return &unknown;
}

static int number_of(const struct named *table, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(table[i].name, name) == 0)
			return (int)table[i].number;
	}
	return -ENOENT;
}

#define FIND(table, number) find(table, COUNT(table), number)
#define NUMBER_OF(table, name) number_of(table, COUNT(table), name)

const char *v2x_state_name(uint32_t state)
{
	return FIND(states, state)->name;
}

const char *v2x_island_name(uint32_t island)
{
	return FIND(islands, island)->name;
}

int v2x_island_from_name(const char *name)
{
	return NUMBER_OF(islands, name);
}

const char *v2x_mode_name(uint32_t mode)
{
	return FIND(modes, mode)->name;
}

int v2x_mode_from_name(const char *name)
{
	return NUMBER_OF(modes, name);
}

const char *v2x_reason_name(uint32_t reason)
{
	return FIND(reasons, reason)->name;
}

const char *v2x_reason_text(uint32_t reason)
{
	return FIND(reasons, reason)->text;
}

const char *v2x_reason_unit(uint32_t reason)
{
	return FIND(reasons, reason)->unit;
}

const char *v2x_pilot_name(uint32_t pilot)
{
	return FIND(pilots, pilot)->name;
}

const char *v2x_event_name(uint32_t type)
{
	return FIND(events, type)->name;
}

const char *v2x_request_name(uint32_t request)
{
	return FIND(requests, request)->name;
}

const char *v2x_limited_name(uint32_t bit)
{
	return FIND(limiteds, bit)->name;
}

const char *v2x_limited_text(uint32_t bit)
{
	return FIND(limiteds, bit)->text;
}

const char *v2x_contactor_name(uint32_t bit)
{
	return FIND(contactors, bit)->name;
}

const char *v2x_fault_line_name(uint32_t bit)
{
	return FIND(fault_lines, bit)->name;
}

const char *v2x_feature_name(uint64_t bit)
{
	return FIND(features, bit)->name;
}

const char *v2x_prot_quantity_name(uint32_t quantity)
{
	return FIND(quantities, quantity)->name;
}

const char *v2x_prot_quantity_text(uint32_t quantity)
{
	return FIND(quantities, quantity)->text;
}

const char *v2x_prot_quantity_unit(uint32_t quantity)
{
	return FIND(quantities, quantity)->unit;
}

const char *v2x_prot_side_name(uint32_t side)
{
	return FIND(sides, side)->name;
}

const char *v2x_prot_action_name(uint32_t action)
{
	return FIND(actions, action)->name;
}

const char *v2x_prot_why_text(uint32_t why)
{
	return FIND(whys, why)->text;
}

int v2x_prot_quantity_from_name(const char *name)
{
	return NUMBER_OF(quantities, name);
}

int v2x_prot_side_from_name(const char *name)
{
	return NUMBER_OF(sides, name);
}

int v2x_prot_action_from_name(const char *name)
{
	return NUMBER_OF(actions, name);
}

int v2x_state_from_name(const char *name)
{
	return NUMBER_OF(states, name);
}

int v2x_reason_from_name(const char *name)
{
	return NUMBER_OF(reasons, name);
}

int v2x_request_from_name(const char *name)
{
	return NUMBER_OF(requests, name);
}
