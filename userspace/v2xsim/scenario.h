/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A scenario: what is done to a charger and when, and what is expected of it.
 *
 * The file is read whole and refused whole; an error names file, line and what
 * was expected there.
 */
#ifndef V2XSIM_SCENARIO_H
#define V2XSIM_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plant.h"
#include "value.h"

#define SCENARIO_CHANGES 12
#define SCENARIO_ERROR 512
#define SCENARIO_FILE_MAX (1U << 20)

struct action;
struct measure;
struct v2x_ctl_user;
struct v2x_prot_table;

/* A number written to its place, in struct plant_env, plant_cfg or v2x_ctl_user. */
struct change {
	size_t at;
	uint32_t value;
};

/**
 * struct step - an action at its time
 * @changes: of the environment or of the setting, as @action says
 * @replayed: changes what a replay stands for
 * @number: of actions that take one: duty, request, lease in ms
 * @before_ns, @after_ns: waveform around the step
 * @table: of protection
 * @rec: of a replay
 */
struct step {
	uint64_t t_ns;
	int line;
	size_t who; /* charger, from 1; 0: all */
	const struct action *action;
	struct change changes[SCENARIO_CHANGES];
	size_t count;
	bool replayed;
	int64_t number;
	uint64_t before_ns;
	uint64_t after_ns;
	struct v2x_prot_table *table;
	struct plant_replay_rec *rec;
	uint32_t rec_count;
	uint32_t speed_permille;
};

enum expect_when {
	EXPECT_BY,     /* at some time in from .. to */
	EXPECT_AT,     /* at to */
	EXPECT_DURING, /* always in from .. to */
};

/**
 * struct expect - a value held against the charger
 * @range: good values; of a word its number at both ends
 * @invert: good is what lies outside
 * @text: as written, for messages
 * @met: EXPECT_BY: has been seen
 * @judged: its verdict has been given
 * @nearest: the value nearest to the range that was seen
 */
struct expect {
	const struct measure *measure;
	size_t who; /* charger, from 0 */
	struct value_range range;
	bool invert;
	enum expect_when when;
	uint64_t from_ns;
	uint64_t to_ns;
	int line;
	const char *text;
	bool met;
	bool judged;
	bool seen;
	double nearest;
	uint64_t met_ns;
};

/**
 * struct scenario - a file that has been read
 * @switches: the bridge switches, with @dead_s of dead time
 * @dab_switches: the DC/DC switches
 * @chargers: how many there are, all alike but for the noise
 * @steps: in order of time, those of one time in the file's order
 * @end_ns: of the simulation
 */
struct scenario {
	const char *path;
	struct plant_cfg cfg;
	size_t chargers;
	bool switches;
	bool dab_switches;
	double dead_s;
	struct step *steps;
	size_t step_count;
	struct expect *expects;
	size_t expect_count;
	uint64_t end_ns;
	/* private: while reading */
	int line;
	uint64_t last_ns;
	char *text;
	char error[SCENARIO_ERROR];
};

/**
 * scenario_load() - read a file
 * @s: filled in; on error only @s->error
 * @path: kept
 * @defines: "NAME=VALUE" words for $NAME in the file, ended by NULL
 *
 * Return: 0, or -1 with @s->error.
 */
int scenario_load(struct scenario *s, const char *path, char *const *defines);

/** scenario_parse() - likewise, from @text, which is taken over and freed */
int scenario_parse(struct scenario *s, const char *path, char *text, char *const *defines);

/** scenario_text() - a whole file, to be freed; NULL with @bad */
char *scenario_text(const char *path, const char **bad);

void scenario_free(struct scenario *s);

/** scenario_refuse() - fill in the error: file, line, and what was expected; returns -1 */
int scenario_refuse(struct scenario *s, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
