// SPDX-License-Identifier: Apache-2.0
/* The command table. The manual page, --help and the completion come from it. */
#include "cmd.h"
#include "forming.h"

#define END { NULL, NULL, NULL }
#define ANY 64

#define OPTION_RANK { "rank", "RANK", "vehicle, site, dso, tso, tariff or user (the default)" }
#define OPTION_REASON { "reason", "TEXT", "what v2xctl why shows for it" }
#define OPTION_DIRECT { "direct", NULL, "without v2xd: claim the charger for this command" }
#define OPTION_CHANNELS { "channels", "NAMES", "such as v_a,i_a,v_dc,p; see Documentation" }
#define OPTION_TRIP { "trip", NULL, "the frozen fault record instead" }

static const struct cli_option top_options[] = {
	{ "interval", "MS", "between two looks, 20 to 60000, default 500" },
	{ "count", "N", "end after N looks" },
	END,
};

static const struct cli_option set_options[] = {
	OPTION_RANK,
	OPTION_REASON,
	{ "direct", NULL, "without v2xd: claim the charger and hold the power until ctrl-c" },
	{ "start", NULL, "with --direct: start first, when the vehicle is ready" },
	{ "black-start", NULL, "with --direct island=yes: likewise, where there is no voltage" },
	{ "pilot", "PERMILLE", "with --direct --start: pilot duty to offer, 30 to 1000" },
	{ "lease", "MS", "with --direct: lease, 20 to 10000, default 1000" },
	END,
};

static const struct cli_option limits_options[] = {
	OPTION_RANK,
	OPTION_REASON,
	{ "for", "S", "end of validity, in seconds from now" },
	OPTION_DIRECT,
	END,
};

static const struct cli_option direct_options[] = { OPTION_DIRECT, END };
static const struct cli_option rank_options[] = { OPTION_RANK, END };

static const struct cli_option events_options[] = {
	{ "count", "N", "end after N events" },
	{ "for", "TIME", "end after this time, such as 10s" },
	END,
};

static const struct cli_option scope_options[] = {
	OPTION_CHANNELS,
	{ "ms", "MS", "how much of the waveform ring, default 40" },
	OPTION_TRIP,
	{ "svg", "FILE", "write a picture" },
	{ "gnuplot", NULL, "show it with gnuplot" },
	END,
};

static const struct cli_option capture_options[] = {
	{ "seconds", "S", "how long, at most 60 for waveforms; default 1, for cycles until ctrl-c" },
	OPTION_TRIP,
	{ "cycles", NULL, "one row a mains cycle instead of one a control tick; CSV only" },
	{ "out", "PREFIX", "name of the files without their endings, default capture" },
	OPTION_CHANNELS,
	{ "format", "LIST", "csv, comtrade or csv,comtrade (the default)" },
	{ "comtrade", "DATA", "ascii, binary16 or binary32 (the default)" },
	{ "station", "NAME", "station in the COMTRADE file, default v2x" },
	END,
};

static const struct cli_option plug_options[] = {
	{ "not-ready", NULL, "the vehicle stays in pilot state B" },
	END,
};

static const struct cli_option unplug_options[] = {
	{ "torn", NULL, "pull the plug while the vehicle is ready" },
	END,
};

static const struct cli_option replay_options[] = {
	{ "columns", "LIST", "t_s=NAME,f_hz=NAME,v=NAME for other column names" },
	{ "v-base", "V", "the voltage column is in V; this is 1 pu" },
	{ "from", "S", "use rows from this time on" },
	{ "to", "S", "use rows up to this time" },
	{ "bridge", "S", "bridge holes of up to this length by a straight line" },
	{ "speed", "FACTOR", "faster or slower than the record, 0.001 to 100, default 1" },
	{ "wait", NULL, "come back when the record is over" },
	{ "check", NULL, "only say whether the file is good" },
	{ "stop", NULL, "stop a running replay" },
	{ "state", NULL, "say how far a replay is" },
	END,
};

#define OPTION_PROFILES { "profiles", "DIR", "folder of profiles; $V2X_GRIDCODE_DIR, or the installed" }
#define OPTION_SITE { "site", "FILE", "override of the site, [section] key = value" }
#define OPTION_SETTING { "set", "KEY=VALUE", "a setting, such as trip.uv1_time=2s; may stand often" }

static const struct cli_option gridcode_list_options[] = { OPTION_PROFILES, END };
static const struct cli_option gridcode_check_options[] = { OPTION_SITE, END };
static const struct cli_option gridcode_show_options[] = {
	OPTION_PROFILES,
	OPTION_SITE,
	OPTION_SETTING,
	END,
};

static const struct cli_option gridcode_apply_options[] = {
	OPTION_SETTING,
	{ "key", "FILE", "the installer's key, for a locked grid code" },
	{ "acknowledge-draft", NULL, "the values that are not verified were looked up" },
	END,
};

static const struct cli_option gridcode_audit_options[] = {
	{ "log", "FILE", "the log; default that of the running v2xd" },
	END,
};

static const struct cli_option gridcode_plot_options[] = {
	OPTION_PROFILES,
	OPTION_SITE,
	OPTION_SETTING,
	{ "out", "FILE", "SVG file" },
	{ "point", NULL, "with the operating point of the running v2xd" },
	END,
};

static const struct cli_option gridcode_replay_options[] = {
	{ "profile", "P", "name of a profile, or a file (with a slash)" },
	OPTION_SETTING,
	OPTION_SITE,
	OPTION_PROFILES,
	{ "in", "FILE", "CSV: t_s,v1_pu[,v2_pu,v3_pu],f_hz,p_demand_pu[,q_demand_pu]" },
	{ "out", "FILE", "result: the trace's, with p_pu,q_pu,state,reason; or the dynamic cases'" },
	{ "step", "S", "longest step of the engine, default a mains cycle" },
	{ "waiting", NULL, "start out of service, as after power-up" },
	{ "hold", NULL, "a row holds until the next; else a straight line between them" },
	{ "vectors", "DIR", "reference vectors instead of a trace; generator sign, as they have" },
	{ "static-out", "FILE", "with --vectors: result of the static points" },
	{ "cases-out", "FILE", "with --vectors: largest differences of each case" },
	{ "through", "LAB", "with --vectors: through the simulated charger, sim or sim-without-lom" },
	{ "only", "TEXT", "with --through: cases that have this in their name" },
	END,
};

static const struct cli_option gridcode_selftest_options[] = {
	{ "profile", "P", "name of a profile, or a file (with a slash); default it-cei-0-21" },
	{ "brief", NULL, "without the 10-minute voltage, which takes its time" },
	{ "stage", "NAME", "this stage only, as CEI names it: 59.S1, 59.S2, 27.S1, 27.S2, 81>.S1, "
			   "81<.S1, 81>.S2, 81<.S2" },
	{ "through", "SUPERVISOR", "v2xd: the charger is its own, and so is the grid code" },
	{ "on", "LAB", "laboratory: sim (the default), or a virtual charger's device such as v2x0" },
	{ "model", "MODEL", "model of the simulated charger, as of virt create" },
	{ "out", "DIR", "write report.txt and report.pdf there; else the text is printed" },
	{ "date", "DATE", "date in the report, default today" },
	{ "charger", "KEY=VALUE", "set the charger otherwise than the profile says; may stand often" },
	OPTION_SETTING,
	OPTION_SITE,
	OPTION_PROFILES,
	END,
};

static const struct cli_option gridcode_test_options[] = {
	{ "profile", "P", "name of a profile, or a file (with a slash)" },
	{ "test", "NAME", "only this test; may stand often" },
	{ "list", NULL, "say which tests there are for this profile" },
	{ "brief", NULL, "short form: fewer repetitions, no stage longer than half a minute" },
	{ "on", "LAB", "laboratory: sim (the default), or a virtual charger's device such as v2x0" },
	{ "through", "MASTER", "v2xd: the charger of --on stays with the supervisor, whose code is tested" },
	{ "model", "MODEL", "model of the simulated charger, as of virt create" },
	{ "out", "DIR", "write report.txt and report.pdf there; else the text is printed" },
	{ "date", "DATE", "date in the report, default today" },
	{ "charger", "KEY=VALUE", "set the charger otherwise than the profile says, or break it: defect.lom=no; may stand often" },
	OPTION_SETTING,
	OPTION_SITE,
	OPTION_PROFILES,
	END,
};

#define SET_ARGS                                                                               \
	"[p=POWER] [q=POWER] [ramp=RAMP] [for=TIME] [mode=follow|form|vsm|dc_follow|dc_form] [island=no|yes]"
#define SET_WORDS "p= q= ramp= for= mode= island="
#define FORMING_WORDS                                                                          \
	"v= f= p_droop= q_droop= leave_low= leave_high= leave_time= join_low= join_high= "     \
	"join_f_low= join_f_high= join_wait= join_v= join_df= join_angle= ramp= inertia= "     \
	"damping= r_virtual= x_virtual= dc_v= dc_droop="
#define LIMIT_WORDS "import= export= q= i= ev_charge= ev_discharge= ev_min= ev_max="
#define GRID_WORDS "f= v= v_a= v_b= v_c= phase= h5= h7= unbalance= island_load= island= load"
#define CAR_WORDS "soc= capacity= i_max= v_max= v_min="
#define BUS_WORDS "r= p="
#define CREATE_WORDS "model= soc= capacity= cells= tick= f_nominal= noise="
#define FAULT_WORDS                                                                            \
	"adc_stuck adc_noise adc_offset adc_open contactor_welded contactor_stuck_open "       \
	"precharge_failed gate_fault over_current dc_link residual_current residual_dc "       \
	"residual_ac adc_short link_short estop "                                                                   \
	"over_temperature phase_loss phase_swap grid_loss insulation_fault pilot_short "       \
	"pilot_no_diode missed_ticks clear"

const struct cli_command cli_commands[] = {
	{ "list", "", 0, 0, "chargers of this machine", NULL, NULL, cmd_list },
	{ "info", "", 0, 0, "identity and ratings", NULL, NULL, cmd_info },
	{ "channels", "", 0, 0, "ADC channels, PWM outputs and fault lines with their last count",
	  NULL, NULL, cmd_channels },
	{ "status", "", 0, 0, "state, power, voltages and currents now", NULL, NULL, cmd_status },
	{ "top", "", 0, 0, "status again and again", top_options, NULL, cmd_top },
	{ "set", SET_ARGS, 1, 6, "ask for power; positive charges the vehicle", set_options,
	  SET_WORDS, cmd_set },
	{ "limits", "[KEY=VALUE...]", 0, 8,
	  "show or set limits: import, export, q; with --direct also i, ev_charge, ev_discharge, "
	  "ev_min, ev_max", limits_options, LIMIT_WORDS, cmd_limits },
	{ "forming", "[KEY=VALUE...]", 0, 22,
	  "show or set how a voltage is formed and an island left: " FORMING_KEYS "; claims the "
	  "charger to set them", NULL, FORMING_WORDS, cmd_forming },
	{ "clear", "", 0, 0, "take back what set and limits asked for", rank_options, NULL,
	  cmd_session },
	{ "protection", "[show|load FILE|default|set KEY=VALUE...]", 0, 10,
	  "show the protection table, load one from a file, put the charger's own back, or set the "
	  "limits i, v_dc_over, v_dc_under, i_ev, temp, derate, residual_dc, residual_ac; claims the "
	  "charger for it (v2xd loads the table its configuration names)", NULL,
	  "show load default set", cmd_protection },
	{ "tune", "[NAME=NUMBER|NAME=default]...", 0, 32,
	  "show the parameters of the control, or change some while it runs; the gains that follow "
	  "are taken whole, and none outside its range", NULL, NULL, cmd_tune },
	{ "start", "", 0, 0, "ask v2xd to start", NULL, NULL, cmd_session },
	{ "stop", "", 0, 0, "ramp power down and open the contactors", direct_options, NULL,
	  cmd_session },
	{ "ack", "", 0, 0, "acknowledge a latched fault", direct_options, NULL, cmd_session },
	{ "estop", "", 0, 0, "emergency stop: gates off and open, at once", NULL, NULL,
	  cmd_estop },
	{ "reload", "", 0, 0, "make v2xd read its configuration again", NULL, NULL, cmd_session },
	{ "pilot", "off|steady|PERMILLE", 1, 1,
	  "set the control pilot's duty, claiming the charger for it", NULL, "off steady 50",
	  cmd_pilot },
	{ "events", "", 0, 0, "what happens from now on", events_options, NULL, cmd_events },
	{ "scope", "", 0, 0, "show waveforms", scope_options, NULL, cmd_scope },
	{ "capture", "", 0, 0, "write waveforms, the fault record or cycles to CSV and COMTRADE",
	  capture_options, NULL, cmd_capture },
	{ "arm", "", 0, 0, "drop the fault record and wait for the next trip", NULL, NULL,
	  cmd_arm },
	{ "why", "", 0, 0, "who decided the present power", NULL, NULL, cmd_why },
	{ "latency", "", 0, 0, "how well the control ticks keep their time", NULL, NULL,
	  cmd_latency },
	{ "gridcode list", "", 0, 0, "grid codes there are, and which are drafts",
	  gridcode_list_options, NULL, cmd_gridcode_list },
	{ "gridcode show", "PROFILE", 1, 1, "values, adjustable ranges and clauses of a grid code",
	  gridcode_show_options, NULL, cmd_gridcode_show },
	{ "gridcode diff", "PROFILE PROFILE", 2, 2, "what two grid codes differ in",
	  gridcode_list_options, NULL, cmd_gridcode_diff },
	{ "gridcode check", "FILE", 1, 1, "whether a profile is good", gridcode_check_options, NULL,
	  cmd_gridcode_check },
	{ "gridcode map", "", 0, 0, "settings in OCPP 2.1, SunSpec and ISO 15118-20", NULL, NULL,
	  cmd_gridcode_map },
	{ "gridcode replay", "", 0, 0, "run the grid code engine on a trace or on reference vectors",
	  gridcode_replay_options, NULL, cmd_gridcode_replay },
	{ "gridcode apply", "PROFILE|none", 1, 1,
	  "put a grid code in force: v2xd, the kernel's protection table, over restarts",
	  gridcode_apply_options, NULL, cmd_gridcode_apply },
	{ "gridcode status", "", 0, 0,
	  "the grid code in force, who applied it, what limits now, the operating point", NULL,
	  NULL, cmd_gridcode_status },
	{ "gridcode input", "[drm=MODES|off] [site=POWER] [phases=POWER/POWER/POWER] "
	  "[permit=yes|no] [signal=on|off]", 1, 5,
	  "tell the grid code in force: demand-response modes such as 0,5, the meter's power at the "
	  "point of connection and of its phases, the charger's first, a permit, the external "
	  "signal of CEI 0-21", NULL, "drm= site= phases= permit= signal=", cmd_gridcode_input },
	{ "gridcode audit", "", 0, 0, "changes of the grid code; checks the chain of their hashes",
	  gridcode_audit_options, NULL, cmd_gridcode_audit },
	{ "gridcode key", "KEYFILE HASHFILE", 2, 2,
	  "hash the installer's key for v2xd, making a new one when KEYFILE is not there", NULL,
	  NULL, cmd_gridcode_key },
	{ "gridcode test", "", 0, 0, "type tests of a charger under a grid code, with a report",
	  gridcode_test_options, NULL, cmd_gridcode_test },
	{ "gridcode selftest", "", 0, 0,
	  "the installer's self-test of CEI 0-21: each threshold is moved until its stage trips",
	  gridcode_selftest_options, NULL, cmd_gridcode_selftest },
	{ "gridcode plot", "PROFILE", 1, 1, "the curves of a grid code as SVG",
	  gridcode_plot_options, NULL, cmd_gridcode_plot },
	{ "virt create", "NAME [KEY=VALUE...]", 1, ANY,
	  "make a virtual charger: model (first), soc, capacity, cells, tick, f_nominal, noise, or any attribute",
	  NULL, CREATE_WORDS, cmd_virt_create },
	{ "virt destroy", "[NAME]", 0, 1, "remove a virtual charger", NULL, NULL,
	  cmd_virt_destroy },
	{ "virt list", "", 0, 0, "virtual chargers, their cars and grids", NULL, NULL,
	  cmd_virt_list },
	{ "virt plug", "[NAME] [KEY=VALUE...]", 0, ANY, "plug a car in, with settings as for virt car",
	  plug_options, CAR_WORDS, cmd_virt_plug },
	{ "virt unplug", "[NAME]", 0, 1, "unplug the car", unplug_options, NULL, cmd_virt_unplug },
	{ "virt grid", "[NAME] [KEY=VALUE...] | [NAME] load LOAD...", 0, ANY,
	  "show or set the grid: f, v, v_a, v_b, v_c, phase, h5, h7, unbalance, island_load, "
	  "island, or any attribute; load: p=, qf=, q_l=, q_c=, or r=, l=, c=, or off", NULL, GRID_WORDS, cmd_virt_grid },
	{ "virt car", "[NAME] [KEY=VALUE...]", 0, ANY,
	  "show or set the car: soc, capacity, i_max, v_max, v_min, or any attribute", NULL,
	  CAR_WORDS, cmd_virt_car },
	{ "virt bus", "[NAME] [KEY=VALUE...]", 0, ANY,
	  "show or set the load of the DC bus: r (a resistor, ohm), p (constant power, W); 0: none",
	  NULL, BUS_WORDS, cmd_virt_bus },
	{ "virt fault", "[NAME] FAULT[:PARAMETER] [clear]", 1, 3,
	  "throw or clear a fault; the parameter is a number or names such as adc_stuck:i_a,i_b",
	  NULL, FAULT_WORDS, cmd_virt_fault },
	{ "virt faults", "[NAME]", 0, 1, "the faults there are", NULL, NULL, cmd_virt_faults },
	{ "virt replay", "[NAME] [FILE]", 0, 2,
	  "play a CSV record with columns t_s,f_hz[,v_pu] on the grid", replay_options, NULL,
	  cmd_virt_replay },
	{ .name = NULL },
};
