// SPDX-License-Identifier: Apache-2.0
/* The table of configuration keys, and nothing else. */
#include "config.h"

#include <string.h>

#define AT(section, field) #section, #field
/* A member is no expression and takes no parentheses. NOLINTNEXTLINE(bugprone-macro-parentheses) */
#define OFF(section, field) .offset = offsetof(struct config, section.field)
#define PATH_MAX_LEN (CONFIG_STR_LEN - 1)
#define P_MAX 350000000	/* mW: above any single converter this layer drives */

#define INT_KEY(sec, field, u, lo, hi, def, re, text)                                             \
	{ AT(sec, field), .type = CONFIG_INT, .unit = (u), .min = (lo), .max = (hi), .fallback = (def),    \
	  .restart = (re), OFF(sec, field), .help = (text) }
#define LIMIT_KEY(sec, field, u, hi, text)                                                        \
	{ AT(sec, field), .type = CONFIG_LIMIT, .unit = (u), .min = 0, .max = (hi), .fallback = "none",    \
	  OFF(sec, field), .help = (text) }
#define ENUM_KEY(sec, field, words, def, text)                                                    \
	{ AT(sec, field), .type = CONFIG_ENUM, .unit = "", .choices = (words), .fallback = (def),          \
	  OFF(sec, field), .help = (text) }
#define BOOL_KEY(sec, field, def, text)                                                           \
	{ AT(sec, field), .type = CONFIG_BOOL, .unit = "", .choices = "yes|no", .fallback = (def),         \
	  OFF(sec, field), .help = (text) }
#define STR_KEY(sec, field, def, re, text)                                                        \
	{ AT(sec, field), .type = CONFIG_STR, .unit = "", .max = PATH_MAX_LEN, .fallback = (def),          \
	  .restart = (re), OFF(sec, field), .help = (text) }

const struct config_key config_keys[] = {
	STR_KEY(device, path, "/dev/v2x0", true, "The charger: device node, or its own name."),
	INT_KEY(device, lease_ms, "ms", 20, 10000, "1000", true,
		"Longest time between two set-points. When it runs out the kernel ramps power to "
		"zero and opens the contactors."),
	ENUM_KEY(device, on_missing, "exit|wait", "exit",
		 "When the charger is not there or goes away: end with status 1, or wait for it."),

	ENUM_KEY(session, start, "auto|manual", "auto",
		 "auto: a vehicle that is newly plugged in is served at once. manual: only after "
		 "\"v2xctl start\". A vehicle found plugged in when the daemon starts, or one that was "
		 "stopped by a person, a fault or a lost lease, always needs \"v2xctl start\" or to be "
		 "plugged in anew."),
	ENUM_KEY(session, ack, "manual|auto", "manual",
		 "Who acknowledges a fault: a person with \"v2xctl ack\", or the daemon after "
		 "ack_delay_s, after which the session resumes. An emergency stop is never "
		 "acknowledged by the daemon."),
	INT_KEY(session, ack_delay_s, "s", 1, 3600, "60", false,
		"Wait before an automatic acknowledgement."),
	INT_KEY(session, ack_tries, "1", 1, 100, "3", false,
		"Automatic acknowledgements for one plugged-in vehicle; then a person must."),
	INT_KEY(session, pilot_duty_permille, "permille", 30, 970, "50", false,
		"Control pilot duty offered to a vehicle that may charge (IEC 61851-1 table A.7); "
		"50 is digital communication."),
	INT_KEY(session, stop_timeout_s, "s", 1, 120, "10", false,
		"On a clean stop, wait this long for ramp-down and open contactors."),

	STR_KEY(control, socket, "/run/v2xd/control.sock", true,
		"Socket for v2xctl. The environment variable V2X_SOCKET goes before it."),

	INT_KEY(user, p_mw, "mW", -P_MAX, P_MAX, "0", false,
		"Power wanted until somebody says otherwise; charging is positive."),
	INT_KEY(user, q_mvar, "mvar", -P_MAX, P_MAX, "0", false, "Reactive power wanted."),
	INT_KEY(user, ramp_mw_per_s, "mW/s", 0, P_MAX, "0", false,
		"Slope of set-points by the user; 0: as fast as the converter allows."),

	LIMIT_KEY(vehicle, p_import_max_mw, "mW", P_MAX, "Most charging power; 0 is none at all."),
	LIMIT_KEY(vehicle, p_export_max_mw, "mW", P_MAX,
		  "Most discharging power, as a positive number; 0 is none at all."),
	LIMIT_KEY(vehicle, q_max_mvar, "mvar", P_MAX, "Most reactive power, either way."),

	LIMIT_KEY(site, p_import_max_mw, "mW", P_MAX, "Most power from the grid; 0 is none at all."),
	LIMIT_KEY(site, p_export_max_mw, "mW", P_MAX,
		  "Most power to the grid, as a positive number; 0 is none at all."),
	LIMIT_KEY(site, q_max_mvar, "mvar", P_MAX, "Most reactive power, either way."),

	BOOL_KEY(droop, enable, "no", "Whether power follows the frequency."),
	INT_KEY(droop, f_nominal_mhz, "mHz", 0, 70000, "0", false,
		"Frequency at which nothing is asked for; 0: nominal frequency of the charger."),
	INT_KEY(droop, db_mhz, "mHz", 0, 5000, "10", false, "Half width of the dead band."),
	ENUM_KEY(droop, band, "offset|origin", "origin",
		 "offset: the line starts at the edge of the dead band (IEEE 1547-2018, EN 50549-1). "
		 "origin: it goes through nominal frequency and jumps at the edge (frequency "
		 "containment reserve)."),
	INT_KEY(droop, droop_permille, "permille", 0, 1000, "0", false,
		"Relative change of frequency that asks for p_full_mw; 50 is the 5 % of IEEE 1547. "
		"0: full_mhz says the slope."),
	INT_KEY(droop, full_mhz, "mHz", 0, 10000, "200", false,
		"Distance from nominal at which p_full_mw is asked for; 0: droop_permille says the "
		"slope."),
	LIMIT_KEY(droop, p_full_mw, "mW", P_MAX,
		  "Power the slope refers to; none: the charger's rated apparent power."),
	ENUM_KEY(droop, reference, "baseline|latched|fixed", "baseline",
		 "Power the response is added to: what would flow without it, the same held while "
		 "outside the dead band, or p_ref_mw."),
	INT_KEY(droop, p_ref_mw, "mW", -P_MAX, P_MAX, "0", false, "For reference = fixed."),
	LIMIT_KEY(droop, up_max_mw, "mW", P_MAX,
		  "Most the service may take away from import when the frequency is low."),
	LIMIT_KEY(droop, down_max_mw, "mW", P_MAX,
		  "Most the service may add to import when the frequency is high."),
	INT_KEY(droop, p_min_mw, "mW", -P_MAX, 0, "-350000000", false,
		"Result of the service not below; 0: it never feeds back."),
	INT_KEY(droop, p_max_mw, "mW", 0, P_MAX, "350000000", false,
		"Result of the service not above."),
	INT_KEY(droop, tau_ms, "ms", 0, 60000, "0", false,
		"First-order time constant of the response; open loop response time of IEEE 1547 is "
		"2.3 of it."),
	INT_KEY(droop, ramp_mw_per_s, "mW/s", 0, P_MAX, "0", false,
		"Slope of set-points by the service; 0: as fast as the converter allows."),

	STR_KEY(protection, table, "", false,
		"File with the protection table (v2xctl protection shows the form), put in force "
		"when the charger is claimed and when the configuration is read again. Empty: what "
		"is in force stays."),

	STR_KEY(gridcode, profile, "", false,
		"Grid code to put in force (v2xctl gridcode list). Empty: none, or the one that "
		"v2xctl gridcode apply put in force, which also stays over a restart and goes "
		"before this key."),
	STR_KEY(gridcode, overrides, "", false,
		"Drop-in with the site's own values, held against the code's adjustable ranges."),
	STR_KEY(gridcode, acknowledge, "", false,
		"SHA-256 of the profile, as v2xctl gridcode show prints it: the installer has read "
		"the values of this draft that are not verified. Not needed for a released one."),
	STR_KEY(gridcode, key, "", false,
		"File with the installer's key, for a locked profile; readable by its owner only."),
	STR_KEY(gridcode, key_hash, "/etc/v2x/installer.key", false,
		"File with the hash of the installer's key (v2xctl gridcode key makes it); accessible "
		"to its owner only."),
	BOOL_KEY(gridcode, locked, "no",
		 "Changing the grid code needs the installer's key, whatever the profile says."),
	ENUM_KEY(gridcode, reconnect, "auto|manual", "auto",
		 "After a trip by the grid: acknowledge it and return when the code's window and delay "
		 "are kept, or wait for v2xctl ack and start."),
	INT_KEY(gridcode, switching_ms, "ms", 0, 1000, "20", false,
		"From gates off to no current: taken off every clearing time."),
	INT_KEY(gridcode, frozen_s, "s", 0, 60, "5", false,
		"Voltages and frequency the same to the last digit for this long: they stand still, "
		"and the charger leaves service; 0: not judged. [measurement] frozen of the profile "
		"goes before it."),
	STR_KEY(gridcode, profiles, "", true,
		"Directory of the profiles; empty: those that came with this program."),
	STR_KEY(gridcode, state, "/var/lib/v2x", true,
		"Directory for what is in force and for the audit log."),

	STR_KEY(panel, chip, "", true,
		"GPIO chip of emergency stop, door and lamp: its label (\"v2x-virt-NAME\"), name or "
		"path. Empty: there is no panel."),
	STR_KEY(panel, estop, "estop", true, "Line of the emergency stop; empty: none."),
	ENUM_KEY(panel, estop_active, "low|high", "high",
		 "Level of the line when the emergency stop is pressed."),
	STR_KEY(panel, door, "door", true, "Line of the door contact; empty: none."),
	ENUM_KEY(panel, door_active, "low|high", "high", "Level of the line when the door is open."),
	STR_KEY(panel, lamp_red, "lamp-red", true, "Line of the red lamp; empty: none."),
	STR_KEY(panel, lamp_green, "lamp-green", true, "Line of the green lamp; empty: none."),
	STR_KEY(panel, lamp_blue, "lamp-blue", true, "Line of the blue lamp; empty: none."),
	INT_KEY(panel, debounce_ms, "ms", 0, 1000, "5", true,
		"A level shorter than this is no edge. Not applied to the emergency stop."),
};

const size_t config_key_count = sizeof(config_keys) / sizeof(config_keys[0]);

const char *config_section_help(const char *section)
{
	static const char *const help[][2] = {
		{ "device", "The charger to supervise." },
		{ "session", "When power may begin, and how it ends." },
		{ "control", "The socket v2xctl talks to." },
		{ "user", "Rank user: what is wanted when nobody asks for anything." },
		{ "vehicle", "Rank vehicle: fixed limits of the vehicle side." },
		{ "site", "Rank site: fuse of the site. Also given to the kernel as its own limit." },
		{ "droop", "Rank tso: power follows the grid's frequency, in both directions." },
		{ "protection", "Stages of grid protection; the kernel keeps them if v2xd dies." },
		{ "gridcode", "Rank gridcode: the network's rules, for both directions of power." },
		{ "panel", "Emergency stop, door contact and status lamp on a GPIO chip." },
	};

	for (size_t i = 0; i < sizeof(help) / sizeof(help[0]); i++)
		if (!strcmp(help[i][0], section))
			return help[i][1];
	return NULL;
}
