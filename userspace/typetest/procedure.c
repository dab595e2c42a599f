// SPDX-License-Identifier: Apache-2.0
#include "procedure.h"

#include <string.h>

#define IEEE [STANDARD_IEEE1547_1]
#define EN [STANDARD_EN50549_10]
#define VDE [STANDARD_VDE0124_100]
#define ASNZS [STANDARD_ASNZS4777_2]
#define G99 [STANDARD_G99]
#define CEI [STANDARD_CEI_0_21]
#define NONE [STANDARD_NONE]

#define TRIP_WHAT "Each stage: held inside its limit for longer than its time, then stepped " \
	"beyond it, discharging and charging, at several places of the mains cycle."
#define TRIP_LIMITS "No trip inside; beyond, trip and current gone within the clearing time."
#define LFSM_WHAT "Frequency in steps out and back at rated and half power, the charger " \
	"discharging and charging, each held until the response has settled."
#define LFSM_LIMITS "P within the band around dP = 1/s (f1 - f)/fn Pref; 90 % of a step within " \
	"the response time."

#define CURVE_WHAT "Past every corner and through every segment, discharging and charging; then " \
	"the largest step of the curve."
#define CURVE_LIMITS "Within the least and greatest value of the curve over the accuracy of the " \
	"input, and the accuracy of the output more; the step within the response time."

const struct procedure procedures[] = {
	{ "over-voltage-trip", "Over-voltage trip",
	  { IEEE = "5.4.2", EN = "5.8.3", VDE = "5.5.2", ASNZS = "Appendix H", G99 = "A.7.1.2.2",
	    NONE = "-" }, TRIP_WHAT, TRIP_LIMITS, trip_applies_ov, trip_run, TRIP_OV },
	{ "under-voltage-trip", "Under-voltage trip",
	  { IEEE = "5.4.3", EN = "5.8.3", VDE = "5.5.2", ASNZS = "Appendix H", G99 = "A.7.1.2.2",
	    NONE = "-" }, TRIP_WHAT, TRIP_LIMITS, trip_applies_uv, trip_run, TRIP_UV },
	{ "over-frequency-trip", "Over-frequency trip",
	  { IEEE = "5.5.2", EN = "5.8.3", VDE = "5.5.2", ASNZS = "Appendix H", G99 = "A.7.1.2.3",
	    NONE = "-" }, TRIP_WHAT, TRIP_LIMITS, trip_applies_of, trip_run, TRIP_OF },
	{ "under-frequency-trip", "Under-frequency trip",
	  { IEEE = "5.5.3", EN = "5.8.3", VDE = "5.5.2", ASNZS = "Appendix H", G99 = "A.7.1.2.3",
	    NONE = "-" }, TRIP_WHAT, TRIP_LIMITS, trip_applies_uf, trip_run, TRIP_UF },
	{ "lfsm-o", "Power response to over-frequency",
	  { EN = "5.5.1", VDE = "5.4.7", ASNZS = "Appendix J", G99 = "A.7.1.3", NONE = "-" },
	  LFSM_WHAT, LFSM_LIMITS, lfsm_applies_o, lfsm_run, TRIP_OF },
	{ "lfsm-u", "Power response to under-frequency",
	  { EN = "5.5.2", VDE = "5.4.7", ASNZS = "Appendix J", G99 = "A.7.1.3", NONE = "-" },
	  LFSM_WHAT, LFSM_LIMITS, lfsm_applies_u, lfsm_run, TRIP_UF },
	{ "frequency-droop", "Frequency droop",
	  { IEEE = "5.15.2, 5.15.3" },
	  "Frequency in steps out and back, above and below, discharging and charging.",
	  "P within the band around Ppre - Prated (f - fn - db)/(fn k); 90 % of a step within the "
	  "open loop response time.", droop_applies, droop_run, 0 },
	{ "volt-var", "Voltage and reactive power",
	  { IEEE = "5.14.4", EN = "5.7.2.4", VDE = "5.4.8.3", ASNZS = "Appendix E", NONE = "-" },
	  CURVE_WHAT, CURVE_LIMITS, curve_applies_volt_var, curve_run_volt_var, 0 },
	{ "volt-watt", "Voltage and active power",
	  { IEEE = "5.14.9", EN = "5.7.3", VDE = "5.4.8", ASNZS = "Appendix E", NONE = "-" },
	  CURVE_WHAT, CURVE_LIMITS, curve_applies_volt_watt, curve_run_volt_watt, 0 },
	{ "watt-var", "Active power and reactive power", { IEEE = "5.14.7" },
	  CURVE_WHAT, CURVE_LIMITS, curve_applies_watt_var, curve_run_watt_var, 0 },
	{ "cos-phi-p", "Power factor by active power",
	  { EN = "5.7.2.5", VDE = "5.4.8.2", G99 = "A.7.1.4", NONE = "-" },
	  CURVE_WHAT, CURVE_LIMITS, curve_applies_cos_phi, curve_run_cos_phi, 0 },
	{ "enter-service", "Enter service",
	  { IEEE = "5.6", EN = "5.9.2", VDE = "5.6.1", ASNZS = "Appendix H", G99 = "A.7.1.2.5",
	    NONE = "-" },
	  "Each side of the window: outside, then inside; on one side with a short excursion "
	  "in the middle of the delay, and the ramp to the end.",
	  "No power outside, none before 98.5 % of the delay; never above the ramp.", NULL,
	  enter_run, 0 },
	{ "reconnection", "Reconnection after a trip",
	  { IEEE = "5.6", EN = "5.9.1", VDE = "5.6.1", ASNZS = "Appendix H", G99 = "A.7.1.2.5",
	    NONE = "-" },
	  "Under-voltage until it trips, then nominal voltage.",
	  "As for enter service, by the values for reconnection.", NULL, enter_run_again, 0 },
	{ "voltage-ride-through", "Voltage ride-through",
	  { IEEE = "5.4.4, 5.4.7", EN = "5.6.2", VDE = "5.4.9", G99 = "A.7.1.2.6", NONE = "-" },
	  "Voltages off nominal for not quite as long as may trip, then nominal ones. IEEE 1547.1: "
	  "as the category, with the voltage trips as slow as it allows.",
	  "No trip; 80 % of power within 0.4 s (IEEE 1547), 1 s (else) of the return.", NULL,
	  ride_run_voltage, 0 },
	{ "voltage-sequences", "Sequences of voltages, ride-through", { IEEE = "5.4.4, 5.4.7" },
	  "The conditions of the category one after the other, two or three times, at 95 and 40 % of "
	  "power and charging.", "No trip; power as before at the end.", ride_applies_sequence,
	  ride_run_sequence, 0 },
	{ "frequency-ride-through", "Frequency ride-through",
	  { IEEE = "5.5.4", EN = "5.4.1", VDE = "5.4.9", ASNZS = "Appendix H", G99 = "A.7.1.2.6",
	    NONE = "-" },
	  "57.0 and 61.8 Hz for 299 s, three times, trips as slow as they go (IEEE 1547.1); else 1.5 Hz "
	  "above and 2.5 Hz below nominal for half an hour; 0.1 Hz inside of any faster trip.",
	  "No trip; power as before.", NULL, ride_run_frequency, 0 },
	{ "frequency-rate", "Rate of change of frequency, ride-through",
	  { IEEE = "5.5.5", EN = "5.4.2", VDE = "5.4.9", ASNZS = "Appendix H", G99 = "A.7.1.2.6",
	    NONE = "-" },
	  "Frequency to near its limits and back at the rate the code rides through.",
	  "No trip; power as before.", NULL, ride_run_rate, 0 },
	{ "phase-jump", "Phase jump ride-through",
	  { IEEE = "5.5.6", EN = "5.4.3", VDE = "5.4.9", ASNZS = "Appendix H", G99 = "A.7.1.2.6" },
	  "All phases jump by the angle the code rides through, either way.",
	  "No trip; power as before within 0.5 s.", ride_applies_jump, ride_run_jump, 0 },
	{ "rocof-trip", "Loss of mains by rate of change of frequency",
	  { EN = "5.8.5", G99 = "A.7.1.2.4", NONE = "-" },
	  "Frequency at 1.25 times the limit, either way.",
	  "Trip not before the definite time, and within window and definite time.",
	  ride_applies_rocof_trip, ride_run_rocof_trip, 0 },
	{ "mean-voltage", "10-minute mean of voltage",
	  { EN = "5.8.3", VDE = "5.5.2", ASNZS = "Appendix H", NONE = "-" },
	  "Below the limit for 700 s (not in the short form); from nominal voltage to above the limit.",
	  "No trip below; above when the mean of ten minutes crosses.",
	  ride_applies_mean, ride_run_mean, 0 },
	{ "constant-power-factor", "Constant power factor", { IEEE = "5.14.3" },
	  "Power from -100 to 100 % at a power factor of 0.92, injecting and absorbing.",
	  "Q within the accuracy of the factor at the power that is there.", fixed_applies_pf,
	  fixed_run_pf, 0 },
	{ "constant-reactive-power", "Constant reactive power", { IEEE = "5.14.5" },
	  "Full and half reactive power either way, discharging and charging.",
	  "Q within its accuracy.", NULL, fixed_run_q, 0 },
	{ "active-power-limit", "Limit of active power", { IEEE = "5.13" },
	  "Limits of 66, 33 and 0 % at full demand.",
	  "P within its accuracy, 90 % of each step within the response time.",
	  fixed_applies_limit, fixed_run_limit, 0 },
	{ "cease-on-order", "Permit service withdrawn, logic interface",
	  { IEEE = "5.6.3", EN = "5.10.2", VDE = "5.4.5", ASNZS = "Appendix I", NONE = "-" },
	  "The permit is withdrawn at full power, discharging and charging.",
	  "Current gone within 2 s (IEEE 1547, AS/NZS 4777.2), 5 s (else).", NULL,
	  fixed_run_permit, 0 },
	{ "power-ramp", "Ramp rate of a demand", { ASNZS = "Appendix E", EN = "-", NONE = "-" },
	  "Demand from nothing to full power.", "Slope within 90 and 105 % of the code's.",
	  fixed_applies_ramp, fixed_run_ramp, 0 },
	{ "priority", "Priority of responses", { IEEE = "5.16.1" },
	  "Limit 50 %, volt-watt, volt-var and frequency droop at once, in eight steps.",
	  "P and Q of the standard's table within their accuracy.", fixed_applies_priority,
	  fixed_run_priority, 0 },
	{ "response-time", "Response time of the charger itself",
	  { IEEE = "4.2.3", EN = "5.5, 5.7", VDE = "5.4.7, 5.4.8", ASNZS = "Appendix E, J",
	    G99 = "A.7.1.3", NONE = "-" },
	  "Each function with the lag that its code describes at its least: a step of the grid.",
	  "90 % of the step at the terminals within half of the code's response time.",
	  response_applies, response_run, 0 },
	{ "consecutive-disturbances", "Consecutive voltage disturbances", { IEEE = "5.4.7" },
	  "As many sets as the category has to ride through, as close as it allows.",
	  "No trip; power as before after the last one. Numbers and times from memory.",
	  consecutive_applies, consecutive_run, 0 },
	{ "demand-response", "Demand-response modes", { ASNZS = "Appendix I" },
	  "Each mode asserted while the charger does what it is against; several at once.",
	  "The mode's power and, for 3 and 7, reactive power within 2 s and 4 % of rated VA; mode 0: "
	  "current gone within 2 s. The standard names no amount of reactive power: the profile's.",
	  drm_applies, drm_run, 0 },
	{ "response-sampling", "Commencement and completion of responses",
	  { ASNZS = "Appendix E" },
	  "Each sloping segment in five equal steps up and down, then at once.",
	  "At 10.2 s within twice 4 % of rated VA (volt-watt: not above it); of a large step as "
	  "much of it by 1.2 s.", sampling_applies, sampling_run, 0 },
	{ "export-limit", "Export limit and loss of its meter",
	  { EN = "5.10", VDE = "5.4.5", ASNZS = "Appendix I", G99 = "EREC G100", NONE = "-" },
	  "Demand of rated power, the load at the site changes, the meter is lost and comes back, "
	  "there is none from the start. A code without such a limit is tested with no export.",
	  "Export at most the limit within 5 s; without the meter at most the fail-safe limit "
	  "within the code's time.", NULL, site_run_export, 0 },
	{ "phase-unbalance", "Unbalance of the phases",
	  { EN = "-", VDE = "5.1.1", ASNZS = "Appendix C", NONE = "-" },
	  "Three phases: full power, and one phase of the grid off nominal. One phase (--model): "
	  "demands while meters say what the other phases take.",
	  "Currents within 5 % of the rated one or 0.5 A; one phase: never more between phases than "
	  "the code's limit, or than there is without the charger.",
	  site_applies_unbalance, site_run_unbalance, 0 },
	{ "harmonics", "Harmonics of the current",
	  { IEEE = "5.11.1", EN = "IEC 61000-3-12", VDE = "5.2.3", ASNZS = "Appendix D",
	    G99 = "A.7.1.5", NONE = "IEC 61000-3-12" },
	  "Power both ways and in parts, the bridge switching with dead time, ten cycles.",
	  "Distortion and each order 2 to 50 within the standard's table (IEEE 1547 tables 26 and 27, "
	  "AS/NZS 4777.2, else IEC 61000-3-12 with Rsce 33), values from memory.", NULL,
	  quality_run_harmonics, 0 },
	{ "dc-injection", "Direct current",
	  { IEEE = "5.11.2", EN = "-", VDE = "5.2.6", ASNZS = "Appendix D", G99 = "A.7.1.6",
	    NONE = "-" },
	  "Power both ways and in parts, the bridge switching with dead time, ten cycles.",
	  "0.5 % of the rated current (AS/NZS or 5 mA; EN, VDE or 20 mA), G99 0.25 %.", NULL,
	  quality_run_dc, 0 },
	{ "islanding", "Unintentional islanding",
	  { IEEE = "5.10.2", EN = "IEC 62116", VDE = "5.5.7", ASNZS = "IEC 62116",
	    G99 = "IEC 62116", NONE = "IEC 62116" },
	  "A resonant load takes what is fed but for the mismatches of IEC 62116 at full, 60 and 30 % "
	  "power (quality factor 1; VDE 2, 100, 50 and 25 %); the breaker opens. IEEE 1547.1: ten cases, "
	  "limits as wide as they go, the capacitor from 95 to 105 %, the three longest twice more.",
	  "Current gone within 2 s; IEEE 1547.1: P and Q through the breaker at most 0.02 pu before.",
	  NULL, island_run, 0 },
	{ "external-signal", "External signal of the interface protection", { CEI = "A.4" },
	  "Frequency between the narrow and the wide window, the signal off and on.",
	  "No trip without the signal; with it the current gone within the time of 81.S1.",
	  interface_applies, interface_run_signal, 0 },
	{ "self-test", "Self-test of the interface protection", { CEI = "A.4.4" },
	  "Each threshold moved towards the charger's own measurement at 0.05 Hz/s or 0.05 Vn/s until "
	  "its stage trips. 59.S1 takes ten minutes and is not in the short form.",
	  "Value within 1 % or 20 mHz of the measurement, time within 3 % and 20 ms of the stage's.",
	  interface_applies, interface_run_self_test, 0 },
	{ .name = NULL },
};

const struct procedure *procedure_find(const char *name)
{
	for (const struct procedure *p = procedures; p->name; p++) {
		if (strcmp(p->name, name) == 0)
			return p;
	}
	return NULL;
}

const char *procedure_clause(const struct procedure *p, const struct standard *standard)
{
	const char *clause = p->clause[standard->id];

	return !clause && standard->id == STANDARD_CEI_0_21 ? p->clause[STANDARD_NONE] : clause;
}

bool procedure_applies(const struct procedure *p, const struct standard *standard,
		       const struct gc_settings *settings)
{
	return procedure_clause(p, standard) && (!p->applies || p->applies(settings));
}
