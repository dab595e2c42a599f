// SPDX-License-Identifier: Apache-2.0
/*
 * The words after "at": each is parsed into the step whole before anything
 * runs, and run by one of a few functions that need no parsing any more.
 */
#include "action.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "action_parse.h"
#include "forming.h"

#define RECORD_HELP "play a CSV record, columns t_s,f_hz[,v_pu]; the grid follows it until its end"

static const char *run_env(struct charger *c, const struct step *step)
{
	for (size_t i = 0; i < step->count; i++)
		memcpy((char *)&c->env + step->changes[i].at, &step->changes[i].value,
		       sizeof(step->changes[i].value));
	charger_env(c);
	return NULL;
}

/* What is set by hand takes over from a record, as in configfs. */
static const char *run_grid(struct charger *c, const struct step *step)
{
	if (step->replayed)
		plant_replay_stop(&c->plant);
	return run_env(c, step);
}

static const char *run_fault(struct charger *c, const struct step *step)
{
	if (step->changes[0].at == offsetof(struct plant_env, fault[PLANT_FAULT_MISSED_TICKS])) {
		c->missed = step->changes[0].value;
		return NULL;
	}
	return run_env(c, step);
}

static const char *run_clear(struct charger *c, const struct step *step)
{
	if (step->count == 0)
		memset(c->env.fault, 0, sizeof(c->env.fault));
	return run_env(c, step);
}

static const char *run_user(struct charger *c, const struct step *step)
{
	const struct v2x_ctl_user before = c->user;
	const char *field = "the setting";

	for (size_t i = 0; i < step->count; i++)
		memcpy((char *)&c->user + step->changes[i].at, &step->changes[i].value,
		       sizeof(step->changes[i].value));
	if (charger_user(c, &field) == 0)
		return NULL;
	c->user = before;
	return field;
}

/* As the kernel takes it: checked by the charger's ratings, refused with the entry named. */
static const char *run_table(struct charger *c, const struct step *step)
{
	static char why[64];
	const struct v2x_prot_table before = c->user.table;
	const char *field = "the table";

	memset(&c->user.table, 0, sizeof(c->user.table));
	if (step->table) {
		c->user.table = *step->table;
		if (v2x_prot_table_check(&c->desc, &c->user.table) < 0) {
			snprintf(why, sizeof(why), "entry %d", (int)c->user.table.refused);
			c->user.table = before;
			return why;
		}
		c->user.table.hash = v2x_prot_table_hash(&c->user.table);
	}
	if (charger_user(c, &field) == 0)
		return NULL;
	c->user.table = before;
	return field;
}

static const char *run_tune(struct charger *c, const struct step *step)
{
	const char *field = "tune";

	for (size_t i = 0; i < step->count; i++)
		if (v2x_tune_set(&c->desc, &c->user.tune, (u32)step->changes[i].at,
				 (s32)step->changes[i].value))
			return "tune";
	return charger_user(c, &field) ? field : NULL;
}

static const char *run_lease(struct charger *c, const struct step *step)
{
	const char *field = "lease";

	c->user.lease_until_tick = step->number < 0 ? U64_MAX :
				   c->tick + (u64)step->number * c->cfg.tick_hz / 1000;
	return charger_user(c, &field) ? field : NULL;
}

static const char *run_request(struct charger *c, const struct step *step)
{
	c->requests |= (u32)step->number;
	if (step->number == V2X_CTL_REQ_TRIP)
		c->req_reason = V2X_REASON_ESTOP;
	else
		c->req_reason = step->number == V2X_CTL_REQ_ACK ? V2X_REASON_ACK :
								  V2X_REASON_REQUEST;
	return NULL;
}

static const char *run_replay(struct charger *c, const struct step *step)
{
	if (step->rec)
		plant_replay_start(&c->plant, step->rec, step->rec_count, step->speed_permille,
				   c->cfg.tick_hz);
	else
		plant_replay_stop(&c->plant);
	return NULL;
}

static const char *run_mark(struct charger *c, const struct step *step)
{
	(void)step;
	energy_mark(&c->energy);
	c->trips = 0;
	c->trip_reason = V2X_REASON_NONE;
	return NULL;
}

/* The runner keeps a waveform around every step that asks for one. */
static const char *run_wave(struct charger *c, const struct step *step)
{
	(void)c;
	(void)step;
	return NULL;
}

const struct action actions[] = {
	{ "grid", "KEY=VALUE...", "change the grid; keys as of v2xctl virt grid", true, parse_grid,
	  run_grid },
	{ "load", "LOAD... | off", "load behind the grid's breaker: p=, qf=, q_l=, q_c=, or r=, l=, c=",
	  true, parse_load, run_env },
	{ "bus", "KEY=VALUE...", "change the load of this charger on the DC bus: r=, p=; 0: none",
	  false, parse_bus, run_env },
	{ "car", "KEY=VALUE...", "change the car; keys as of v2xctl virt car", false, parse_car, run_env },
	{ "plug", "[KEY=VALUE...]", "plug a car in that is ready", false, parse_plug, run_env },
	{ "unplug", "", "pull the plug", false, parse_unplug, run_env },
	{ "fault", "FAULT[:PARAMETER]", "throw a fault, as v2xctl virt fault does", false, parse_fault,
	  run_fault },
	{ "clear", "[FAULT]", "clear one fault, or all", false, parse_clear, run_clear },
	{ "start", "", "ask for the way to power", false, parse_start, run_request },
	{ "black_start", "", "ask for a voltage where there is none", false, parse_black_start,
	  run_request },
	{ "stop", "", "ramp down and open", false, parse_stop, run_request },
	{ "ack", "", "acknowledge a fault", false, parse_ack, run_request },
	{ "estop", "", "emergency stop by the supervisor", false, parse_estop, run_request },
	{ "set", "[p=POWER] [q=POWER] [ramp=RAMP] [mode=follow|form|vsm|dc_follow|dc_form] [island=0|1]",
	  "set-point, import positive; without ramp as fast as the stage allows; with mode or "
	  "island these two are set anew",
	  false, parse_set, run_user },
	{ "forming", "KEY=VALUE...",
	  "how a voltage is formed and an island left: " FORMING_KEYS, false, parse_forming,
	  run_user },
	{ "limits", "KEY=VALUE...",
	  "import, export, q, i, ev_charge, ev_discharge, ev_min, ev_max", false, parse_limits, run_user },
	{ "protection", "KEY=VALUE...",
	  "v_over, v_under, f_over, f_under, each with _time; i, v_dc_over, v_dc_under, i_ev, temp, "
	  "derate, residual_dc, residual_ac",
	  false, parse_protection, run_user },
	{ "table", "FILE|default", "protection table, as v2xctl protection load takes it; instead of protection",
	  false, parse_table, run_table },
	{ "tune", "NAME=NUMBER...", "parameters of the control, as v2xctl tune", false, parse_tune,
	  run_tune },
	{ "lease", "TIME|off", "the lease runs out after this time unless given again",
	  false, parse_lease, run_lease },
	{ "pilot", "PERMILLE", "duty of the control pilot: 0, 30 to 970, 1000", false, parse_pilot,
	  run_user },
	{ "replay", "FILE [speed=FACTOR] | stop", RECORD_HELP, true, parse_replay, run_replay },
	{ "wave", "[before=TIME] [after=TIME]", "keep the waveforms around this moment",
	  true, parse_wave, run_wave },
	{ "mark", "", "count energies, balance and trips from here on", true, parse_nothing, run_mark },
	{ .name = NULL },
};

const struct action *action_find(const char *name)
{
	for (const struct action *a = actions; a->name; a++) {
		if (strcmp(a->name, name) == 0)
			return a;
	}
	return NULL;
}
