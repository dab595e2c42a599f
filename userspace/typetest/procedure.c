// SPDX-License-Identifier: Apache-2.0
#include "procedure.h"

#include <string.h>

#define IEEE [STANDARD_IEEE1547_1]
#define EN [STANDARD_EN50549_10]
#define VDE [STANDARD_VDE0124_100]
#define ASNZS [STANDARD_ASNZS4777_2]
#define G99 [STANDARD_G99]
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
	return p->clause[standard->id];
}

bool procedure_applies(const struct procedure *p, const struct standard *standard,
		       const struct gc_settings *settings)
{
	return p->clause[standard->id] && (!p->applies || p->applies(settings));
}
