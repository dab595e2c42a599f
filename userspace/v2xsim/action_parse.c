// SPDX-License-Identifier: Apache-2.0
#include "action_parse.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <v2x.h>

#include "action.h"
#include "forming.h"
#include "load.h"
#include "quantity.h"
#include "record.h"
#include "virt_keys.h"

#define MAX_NS 1600000000ULL /* what charger keeps of the waveform */

static int add(struct scenario *s, struct step *step, size_t at, uint32_t value)
{
	if (step->count == SCENARIO_CHANGES)
		return scenario_refuse(s, "too many words; expected at most %d", SCENARIO_CHANGES);
	step->changes[step->count++] = (struct change){ .at = at, .value = value };
	return 0;
}

static int integer(const char *text, long *number)
{
	char *end;

	errno = 0;
	*number = strtol(text, &end, 0);
	return errno || end == text || *end ? -1 : 0;
}

static int out_of_range(struct scenario *s, const char *word, const struct plant_attr *a)
{
	if (a->least > 1)
		return scenario_refuse(s, "\"%s\": expected %s 0 or from %d to %d", word, a->name,
				       a->least, a->hi);
	return scenario_refuse(s, "\"%s\": expected %s from %d to %d", word, a->name, a->lo, a->hi);
}

/* Words that v2xctl virt takes, one attribute each. */
static int environment(struct scenario *s, struct step *step, const char *group, int argc,
		       char **argv)
{
	for (int i = 0; i < argc; i++) {
		char name[VIRT_KEY_LEN], value[VIRT_KEY_LEN], error[160];
		const struct plant_attr *a;
		long number;

		if (virt_key(group, argv[i], name, value, error, sizeof(error)) < 0)
			return scenario_refuse(s, "%s", error);
		a = plant_attr_find(name);
		if (!a)
			return scenario_refuse(s, "\"%s\": there is no attribute %s that can be "
					       "changed", argv[i], name);
		if (integer(value, &number) < 0)
			return scenario_refuse(s, "\"%s\": expected a whole number for %s", argv[i],
					       name);
		if (!plant_attr_allows(a, number))
			return out_of_range(s, argv[i], a);
		if (add(s, step, a->at, (uint32_t)number) < 0)
			return -1;
		step->replayed |= a->replayed;
	}
	return 0;
}

static int some(struct scenario *s, int argc, const char *expected)
{
	return argc > 0 ? 0 : scenario_refuse(s, "expected %s", expected);
}

int parse_nothing(struct scenario *s, struct step *step, int argc, char **argv)
{
	(void)step;
	return argc ? scenario_refuse(s, "\"%s\": expected nothing here", argv[0]) : 0;
}

int parse_grid(struct scenario *s, struct step *step, int argc, char **argv)
{
	return some(s, argc, "KEY=VALUE, such as f=50.2Hz") < 0 ? -1 :
	       environment(s, step, "grid", argc, argv);
}

static int part(struct scenario *s, struct step *step, const char *name, uint32_t value)
{
	const struct plant_attr *a = plant_attr_find(name);

	if (!plant_attr_allows(a, value))
		return out_of_range(s, "load", a);
	return add(s, step, a->at, value);
}

int parse_load(struct scenario *s, struct step *step, int argc, char **argv)
{
	const struct load_nominal nominal = { s->cfg.phases, s->cfg.v_nominal_mv,
					      s->cfg.f_nominal_mhz };
	struct load load;
	char error[160];

	if (load_words(&nominal, argc, argv, &load, error, sizeof(error)) < 0)
		return scenario_refuse(s, "%s", error);
	if (part(s, step, "grid/load_r_mohm", load.r_mohm) < 0 ||
	    part(s, step, "grid/load_l_uh", load.l_uh) < 0)
		return -1;
	return part(s, step, "grid/load_c_nf", load.c_nf);
}

int parse_bus(struct scenario *s, struct step *step, int argc, char **argv)
{
	return some(s, argc, "KEY=VALUE, such as p=5000W") < 0 ? -1 :
	       environment(s, step, "bus", argc, argv);
}

int parse_car(struct scenario *s, struct step *step, int argc, char **argv)
{
	return some(s, argc, "KEY=VALUE, such as ready=0") < 0 ? -1 :
	       environment(s, step, "car", argc, argv);
}

int parse_plug(struct scenario *s, struct step *step, int argc, char **argv)
{
	if (add(s, step, offsetof(struct plant_env, car.plugged), 1) < 0 ||
	    add(s, step, offsetof(struct plant_env, car.ready), 1) < 0)
		return -1;
	return environment(s, step, "car", argc, argv);
}

int parse_unplug(struct scenario *s, struct step *step, int argc, char **argv)
{
	if (add(s, step, offsetof(struct plant_env, car.plugged), 0) < 0 ||
	    add(s, step, offsetof(struct plant_env, car.ready), 0) < 0)
		return -1;
	return parse_nothing(s, step, argc, argv);
}

static int fault_number(struct scenario *s, const char *word, unsigned long *id,
			unsigned long *number)
{
	char name[VIRT_KEY_LEN], error[256];

	if (virt_fault(word, name, number, error, sizeof(error)) < 0)
		return scenario_refuse(s, "%s", error);
	for (*id = 0; *id < PLANT_FAULT_COUNT; (*id)++) {
		const struct plant_fault_desc *d = &plant_fault_table[*id];

		if (strcmp(d->name, name) != 0)
			continue;
		if (*number <= d->max)
			return 0;
		return scenario_refuse(s, "\"%s\": expected a parameter up to %u: %s", word,
				       d->max, d->help);
	}
	return scenario_refuse(s, "\"%s\": there is no such fault; v2xsim --help lists them", word);
}

int parse_fault(struct scenario *s, struct step *step, int argc, char **argv)
{
	unsigned long id = 0, number = 0;

	if (argc != 1)
		return scenario_refuse(s, "expected one FAULT or FAULT:PARAMETER");
	if (fault_number(s, argv[0], &id, &number) < 0)
		return -1;
	return add(s, step, offsetof(struct plant_env, fault) + id * sizeof(u32),
		   (uint32_t)number);
}

int parse_clear(struct scenario *s, struct step *step, int argc, char **argv)
{
	unsigned long id = 0, number = 0;

	if (argc == 0)
		return 0;
	if (argc != 1)
		return scenario_refuse(s, "expected one FAULT or nothing");
	if (fault_number(s, argv[0], &id, &number) < 0)
		return -1;
	return add(s, step, offsetof(struct plant_env, fault) + id * sizeof(u32), 0);
}

/* Words of the supervisor's settings, in thousandths as the uapi has them. */
static const struct setting {
	const char *action;
	const char *key;
	enum quantity kind;
	size_t at;
} settings[] = {
#define SET(key, kind, field) { "set", key, kind, offsetof(struct v2x_ctl_user, setpoint.field) }
	SET("p", QUANTITY_P, p_mw),
	SET("q", QUANTITY_Q, q_mvar),
	SET("ramp", QUANTITY_RAMP, ramp_mw_per_s),
#define LIM(key, kind, field) { "limits", key, kind, offsetof(struct v2x_ctl_user, limits.field) }
	LIM("import", QUANTITY_P, p_import_max_mw),
	LIM("export", QUANTITY_P, p_export_max_mw),
	LIM("q", QUANTITY_Q, q_max_mvar),
	LIM("i", QUANTITY_I, i_max_ma),
	LIM("ev_charge", QUANTITY_I, i_ev_charge_max_ma),
	LIM("ev_discharge", QUANTITY_I, i_ev_discharge_max_ma),
	LIM("ev_min", QUANTITY_V, v_ev_min_mv),
	LIM("ev_max", QUANTITY_V, v_ev_max_mv),
#define PRO(key, kind, field) \
	{ "protection", key, kind, offsetof(struct v2x_ctl_user, protection.field) }
	PRO("v_over", QUANTITY_V, v_over_mv),
	PRO("v_over_time", QUANTITY_DURATION, v_over_ms),
	PRO("v_under", QUANTITY_V, v_under_mv),
	PRO("v_under_time", QUANTITY_DURATION, v_under_ms),
	PRO("f_over", QUANTITY_F, f_over_mhz),
	PRO("f_over_time", QUANTITY_DURATION, f_over_ms),
	PRO("f_under", QUANTITY_F, f_under_mhz),
	PRO("f_under_time", QUANTITY_DURATION, f_under_ms),
	PRO("i", QUANTITY_I, i_trip_ma),
	PRO("v_dc_over", QUANTITY_V, v_dc_link_over_mv),
	PRO("v_dc_under", QUANTITY_V, v_dc_link_under_mv),
	PRO("i_ev", QUANTITY_I, i_ev_trip_ma),
	PRO("temp", QUANTITY_CELSIUS, temp_trip_mc),
	PRO("derate", QUANTITY_CELSIUS, temp_derate_mc),
	PRO("residual_dc", QUANTITY_I, residual_dc_ma),
	PRO("residual_ac", QUANTITY_I, residual_ac_ma),
};

static const struct setting *setting_find(const char *action, const char *word, size_t len)
{
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		if (strcmp(settings[i].action, action) == 0 && strlen(settings[i].key) == len &&
		    strncmp(settings[i].key, word, len) == 0)
			return &settings[i];
	}
	return NULL;
}

static int setting_words(struct scenario *s, struct step *step, int argc, char **argv)
{
	const struct action *a = step->action;

	if (argc == 0)
		return scenario_refuse(s, "%s: expected %s", a->name, a->args);
	for (int i = 0; i < argc; i++) {
		const char *equals = strchr(argv[i], '=');
		const struct setting *set = equals ? setting_find(a->name, argv[i],
								  (size_t)(equals - argv[i])) : NULL;
		int64_t milli;

		if (!set)
			return scenario_refuse(s, "\"%s\": expected KEY=VALUE of: %s", argv[i],
					       strcmp(a->name, "set") ? a->help : a->args);
		if (quantity_parse(set->kind, equals + 1, &milli) < 0 || milli > INT32_MAX ||
		    milli < INT32_MIN || (milli < 0 && set->kind != QUANTITY_P &&
					  set->kind != QUANTITY_Q))
			return scenario_refuse(s, "\"%s\": expected a number with a unit of %s",
					       argv[i], quantity_units(set->kind));
		if (add(s, step, set->at, (uint32_t)milli) < 0)
			return -1;
	}
	return 0;
}

/* Words of a set-point's flags; the others are left in argv. */
static int set_flags(struct scenario *s, struct step *step, int *argc, char **argv)
{
	static const struct {
		const char *word;
		uint32_t flags;
	} words[] = {
		{ "mode=follow", 0 }, { "mode=form", V2X_SETPOINT_FORM },
		{ "mode=vsm", V2X_SETPOINT_VSM },
		{ "mode=dc_follow", V2X_SETPOINT_DC },
		{ "mode=dc_form", V2X_SETPOINT_DC | V2X_SETPOINT_FORM },
		{ "island=0", 0 }, { "island=1", V2X_SETPOINT_ISLAND },
	};
	uint32_t flags = 0;
	int n = 0;

	for (int i = 0; i < *argc; i++) {
		size_t w = 0;

		while (w < sizeof(words) / sizeof(words[0]) && strcmp(words[w].word, argv[i]) != 0)
			w++;
		if (w < sizeof(words) / sizeof(words[0]))
			flags |= words[w].flags;
		else
			argv[n++] = argv[i];
	}
	if (n == *argc)
		return 0;
	*argc = n;
	return add(s, step, offsetof(struct v2x_ctl_user, setpoint.flags), flags);
}

int parse_forming(struct scenario *s, struct step *step, int argc, char **argv)
{
	if (some(s, argc, "KEY=VALUE of: " FORMING_KEYS) < 0)
		return -1;
	for (int i = 0; i < argc; i++) {
		char error[256];
		uint32_t value;
		size_t at;

		if (forming_word(argv[i], &at, &value, error, sizeof(error)) < 0)
			return scenario_refuse(s, "%s", error);
		if (add(s, step, offsetof(struct v2x_ctl_user, forming) + at, value) < 0)
			return -1;
	}
	return 0;
}

int parse_set(struct scenario *s, struct step *step, int argc, char **argv)
{
	const int words = argc;

	/* first, so that a word of the line replaces it */
	if (add(s, step, offsetof(struct v2x_ctl_user, setpoint.ramp_mw_per_s),
		V2X_RAMP_FASTEST) < 0 || set_flags(s, step, &argc, argv) < 0)
		return -1;
	return argc == 0 && words > 0 ? 0 : setting_words(s, step, argc, argv);
}

int parse_limits(struct scenario *s, struct step *step, int argc, char **argv)
{
	return setting_words(s, step, argc, argv);
}

int parse_protection(struct scenario *s, struct step *step, int argc, char **argv)
{
	return setting_words(s, step, argc, argv);
}

int parse_tune(struct scenario *s, struct step *step, int argc, char **argv)
{
	const struct v2x_stage_desc desc = { .phases = s->cfg.phases };
	struct v2x_tune_user user;

	if (some(s, argc, "NAME=NUMBER, such as current_bandwidth=70") < 0)
		return -1;
	v2x_tune_default(&desc, &user);
	for (int i = 0; i < argc; i++) {
		const char *equals = strchr(argv[i], '=');
		struct v2x_tuning t = { 0 };
		long number;

		while (equals && v2x_tune_describe(&desc, &user, &t) == 0 &&
		       (strncmp(t.name, argv[i], (size_t)(equals - argv[i])) != 0 ||
			t.name[equals - argv[i]] != '\0'))
			t.index++;
		if (!equals || t.index >= V2X_TUNE_COUNT)
			return scenario_refuse(s, "\"%s\": expected NAME=NUMBER; v2xctl tune "
					       "lists the names", argv[i]);
		if (integer(equals + 1, &number) < 0 || number < t.min || number > t.max)
			return scenario_refuse(s, "\"%s\": expected %s from %d to %d (%s)", argv[i],
					       t.name, t.min, t.max, t.unit);
		if (add(s, step, t.index, (uint32_t)number) < 0)
			return -1;
	}
	return 0;
}

static int request(struct scenario *s, struct step *step, int argc, char **argv, u32 bit)
{
	step->number = bit;
	return parse_nothing(s, step, argc, argv);
}

int parse_start(struct scenario *s, struct step *step, int argc, char **argv)
{
	return request(s, step, argc, argv, V2X_CTL_REQ_START);
}

int parse_black_start(struct scenario *s, struct step *step, int argc, char **argv)
{
	return request(s, step, argc, argv, V2X_CTL_REQ_BLACK);
}

int parse_stop(struct scenario *s, struct step *step, int argc, char **argv)
{
	return request(s, step, argc, argv, V2X_CTL_REQ_STOP);
}

int parse_ack(struct scenario *s, struct step *step, int argc, char **argv)
{
	return request(s, step, argc, argv, V2X_CTL_REQ_ACK);
}

int parse_estop(struct scenario *s, struct step *step, int argc, char **argv)
{
	return request(s, step, argc, argv, V2X_CTL_REQ_TRIP);
}

/* A file's name is taken relative to the scenario that names it. */
static void path_of(const struct scenario *s, const char *name, char *path, size_t len)
{
	const char *slash = strrchr(s->path, '/');

	if (name[0] == '/' || !slash)
		snprintf(path, len, "%s", name);
	else
		snprintf(path, len, "%.*s/%s", (int)(slash - s->path), s->path, name);
}

int parse_table(struct scenario *s, struct step *step, int argc, char **argv)
{
	char name[4096], error[256];
	const char *bad;
	char *text;
	int ret;

	if (argc == 1 && strcmp(argv[0], "default") == 0)
		return 0;
	if (argc != 1)
		return scenario_refuse(s, "table: expected %s", step->action->args);
	path_of(s, argv[0], name, sizeof(name));
	text = scenario_text(name, &bad);
	if (!text)
		return scenario_refuse(s, "table %s: %s", name, bad);
	step->table = calloc(1, sizeof(*step->table));
	ret = v2x_prot_table_parse(text, strlen(text), step->table, error, sizeof(error));
	free(text);
	return ret < 0 ? scenario_refuse(s, "table %s: %s", name, error) : 0;
}

int parse_lease(struct scenario *s, struct step *step, int argc, char **argv)
{
	double t;

	step->number = -1;
	if (argc == 1 && strcmp(argv[0], "off") == 0)
		return 0;
	if (argc != 1 || value_parse(VALUE_TIME, argv[0], &t) < 0 || t < 0.02 || t > 10)
		return scenario_refuse(s, "expected off, or a time from 20ms to 10s");
	step->number = llround(t * 1e3);
	return 0;
}

int parse_pilot(struct scenario *s, struct step *step, int argc, char **argv)
{
	long duty;

	if (argc != 1 || integer(argv[0], &duty) < 0 || duty < 0 || duty > 1000)
		return scenario_refuse(s, "expected a duty in permille, 0 to 1000");
	return add(s, step, offsetof(struct v2x_ctl_user, pilot_permille), (uint32_t)duty);
}

static int load_record(struct scenario *s, struct step *step, const char *name)
{
	const struct record_options options = { 0 };
	char path[4096], error[RECORD_ERROR_LEN];
	struct record record;
	struct plant_replay_point *pt;
	s32 bad;

	path_of(s, name, path, sizeof(path));
	if (record_load(path, &options, &record, error) < 0)
		return scenario_refuse(s, "replay %s: %s", path, error);
	step->rec_count = (uint32_t)record.count;
	step->rec = calloc(record.count, sizeof(*step->rec));
	pt = calloc(record.count, sizeof(*pt));
	for (size_t i = 0; pt && i < record.count; i++)
		pt[i] = (struct plant_replay_point){ .t_ms = record.points[i].t_ms,
						     .f_mhz = record.points[i].f_mhz,
						     .v_mpu = record.points[i].v_mpu };
	bad = pt && step->rec ? plant_replay_load(pt, step->rec_count, step->rec) : 0;
	free(pt);
	record_free(&record);
	return bad >= 0 ? scenario_refuse(s, "replay %s: point %d is refused", path, bad) : 0;
}

int parse_replay(struct scenario *s, struct step *step, int argc, char **argv)
{
	double speed = 1;

	if (argc == 1 && strcmp(argv[0], "stop") == 0)
		return 0;
	if (argc == 2 && (strncmp(argv[1], "speed=", 6) != 0 ||
			  value_parse(VALUE_NUMBER, argv[1] + 6, &speed) < 0 ||
			  !(speed >= 0.001 && speed <= 100)))
		return scenario_refuse(s, "\"%s\": expected speed=FACTOR from 0.001 to 100", argv[1]);
	if (argc < 1 || argc > 2)
		return scenario_refuse(s, "replay: expected %s", step->action->args);
	step->speed_permille = (uint32_t)lround(speed * 1000);
	return load_record(s, step, argv[0]);
}

int parse_wave(struct scenario *s, struct step *step, int argc, char **argv)
{
	step->before_ns = 20000000;
	step->after_ns = 40000000;
	for (int i = 0; i < argc; i++) {
		uint64_t *to = strncmp(argv[i], "before=", 7) == 0 ? &step->before_ns :
			       strncmp(argv[i], "after=", 6) == 0 ? &step->after_ns : NULL;
		double t;

		if (!to || value_parse(VALUE_TIME, strchr(argv[i], '=') + 1, &t) < 0 || t < 0)
			return scenario_refuse(s, "\"%s\": expected before=TIME or after=TIME",
					       argv[i]);
		*to = (uint64_t)llround(t * 1e9);
	}
	if (step->before_ns + step->after_ns > MAX_NS / 2)
		return scenario_refuse(s, "wave: expected at most 800ms in all");
	return 0;
}

/* A value of the battery or the plant, by its attribute or its own name. */
static int soldered(struct scenario *s, const char *word)
{
	char name[VIRT_KEY_LEN], value[VIRT_KEY_LEN], error[160];
	const char *field = name;
	long number;

	if (strncmp(word, "dead_time=", 10) == 0) {
		s->switches = true;
		if (value_parse(VALUE_TIME, word + 10, &s->dead_s) == 0 && s->dead_s >= 0 &&
		    s->dead_s <= 10e-6)
			return 0;
		return scenario_refuse(s, "\"%s\": expected a time from 0 to 10us", word);
	}
	if (strcmp(word, "dab=switches") == 0 || strcmp(word, "dab=mean") == 0) {
		s->dab_switches = strcmp(word, "dab=mean") != 0;
		return 0;
	}
	if (strncmp(word, "model=", 6) == 0) {
		if (plant_cfg_model(&s->cfg, word + 6))
			return 0;
		return scenario_refuse(s, "\"%s\": there is no such model; v2xsim --help lists them",
				       word);
	}
	if (virt_key("", word, name, value, error, sizeof(error)) < 0)
		return scenario_refuse(s, "%s", error);
	if (strncmp(name, "car/", 4) == 0)
		field = name + 4;
	if (strcmp(name, "battery_cells") == 0)
		field = "cells";
	if (integer(value, &number) < 0 || number < 0 || number > INT32_MAX)
		return scenario_refuse(s, "\"%s\": expected a whole number", word);
	if (strcmp(field, "seed") == 0)
		s->cfg.seed = (u64)number;
	else if (!plant_cfg_set(&s->cfg, field, (u32)number))
		return scenario_refuse(s, "\"%s\": a charger has no %s", word, field);
	return 0;
}

int action_charger(struct scenario *s, int argc, char **argv)
{
	const char *field = "";

	for (int i = 0; i < argc; i++) {
		if (soldered(s, argv[i]) < 0)
			return -1;
	}
	if (!plant_cfg_check(&s->cfg, &field))
		return scenario_refuse(s, "charger: %s is out of range", field);
	return 0;
}
