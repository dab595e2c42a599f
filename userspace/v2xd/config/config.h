/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Configuration: one table of keys parses, validates, prints the defaults
 * and writes the manual page.
 */
#ifndef V2XD_CONFIG_H
#define V2XD_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define CONFIG_STR_LEN	108	/* as long as the path of a socket may be */
#define CONFIG_ERROR_LEN 512
/* A limit that was not given: the rating of the converter holds. */
#define CONFIG_NONE	INT32_MAX

#define CONFIG_FILE_DEFAULT	"/etc/v2x/v2xd.conf"

enum config_start { START_AUTO, START_MANUAL };
enum config_ack { ACK_MANUAL, ACK_AUTO };
enum config_reconnect { RECONNECT_AUTO, RECONNECT_MANUAL };
enum config_missing { MISSING_EXIT, MISSING_WAIT };
enum config_level { LEVEL_LOW, LEVEL_HIGH };

struct config {
	struct {
		char path[CONFIG_STR_LEN];
		int32_t lease_ms;
		int32_t on_missing;	/* enum config_missing */
	} device;
	struct {
		int32_t start;		/* enum config_start */
		int32_t ack;		/* enum config_ack */
		int32_t ack_delay_s;
		int32_t ack_tries;
		int32_t pilot_duty_permille;
		int32_t stop_timeout_s;
	} session;
	struct {
		char socket[CONFIG_STR_LEN];
	} control;
	struct {
		int32_t p_mw;
		int32_t q_mvar;
		int32_t ramp_mw_per_s;
	} user;
	struct config_limit {
		int32_t p_import_max_mw;
		int32_t p_export_max_mw;
		int32_t q_max_mvar;
	} vehicle, site;
	struct {
		int32_t enable;
		int32_t f_nominal_mhz;
		int32_t db_mhz;
		int32_t band;		/* enum droop_band */
		int32_t droop_permille;
		int32_t full_mhz;
		int32_t p_full_mw;
		int32_t reference;	/* enum droop_reference */
		int32_t p_ref_mw;
		int32_t up_max_mw;
		int32_t down_max_mw;
		int32_t p_min_mw;
		int32_t p_max_mw;
		int32_t tau_ms;
		int32_t ramp_mw_per_s;
	} droop;
	struct {
		char table[CONFIG_STR_LEN];
	} protection;
	struct {
		char profile[CONFIG_STR_LEN];
		char overrides[CONFIG_STR_LEN];
		char acknowledge[CONFIG_STR_LEN];
		char key[CONFIG_STR_LEN];
		char key_hash[CONFIG_STR_LEN];
		char profiles[CONFIG_STR_LEN];
		char state[CONFIG_STR_LEN];
		int32_t locked;
		int32_t reconnect;	/* enum config_reconnect */
		int32_t switching_ms;
		int32_t frozen_s;
	} gridcode;
	struct {
		char chip[CONFIG_STR_LEN];
		char estop[CONFIG_STR_LEN];
		int32_t estop_active;	/* enum config_level */
		char door[CONFIG_STR_LEN];
		int32_t door_active;	/* enum config_level */
		char lamp_red[CONFIG_STR_LEN];
		char lamp_green[CONFIG_STR_LEN];
		char lamp_blue[CONFIG_STR_LEN];
		int32_t debounce_ms;
	} panel;
};

enum config_type {
	CONFIG_INT,	/* int32_t within min..max */
	CONFIG_LIMIT,	/* the same, or "none" */
	CONFIG_BOOL,	/* yes, no; int32_t */
	CONFIG_ENUM,	/* one word of choices; int32_t, its place */
	CONFIG_STR,	/* text; max is the longest length */
};

/**
 * struct config_key - one row of the table
 * @section: without brackets
 * @key: name
 * @unit: of the number, "" if none
 * @choices: "a|b" of CONFIG_ENUM
 * @fallback: default, in the syntax of the file
 * @help: sentences for the manual page
 * @offset: in struct config
 * @type: how the text is read
 * @min: least number
 * @max: greatest number, or longest text
 * @restart: true: cannot change while the daemon runs
 */
struct config_key {
	const char *section;
	const char *key;
	const char *unit;
	const char *choices;
	const char *fallback;
	const char *help;
	size_t offset;
	enum config_type type;
	int32_t min;
	int32_t max;
	bool restart;
};

extern const struct config_key config_keys[];
extern const size_t config_key_count;

/* The section's purpose, for the manual page; NULL for an unknown section. */
const char *config_section_help(const char *section);

/* Fill in the defaults of the table. */
void config_defaults(struct config *config);

/**
 * config_set - parse one value
 * @config: where it goes; unchanged on error
 * @section: @key: @value: as written
 * @error: CONFIG_ERROR_LEN bytes: what was expected, without file and line
 *
 * Return: 0; -ENOENT unknown section or key; -EINVAL not of its type;
 * -ERANGE outside its limits.
 */
int config_set(struct config *config, const char *section, const char *key, const char *value,
	       char *error);

/**
 * config_check - do the values go together
 * Return: 0, or -EINVAL with @error (CONFIG_ERROR_LEN bytes) filled in.
 */
int config_check(const struct config *config, char *error);

/**
 * config_load - defaults, then the file, then its drop-ins
 * @config: result; untouched on error
 * @path: the file; its drop-ins are @path.d/ *.conf in order of name
 * @must_exist: false: a missing @path is an empty one
 * @error: CONFIG_ERROR_LEN bytes: "file:line: [section] key: what was expected"
 *
 * Return: 0 or -errno.
 */
int config_load(struct config *config, const char *path, bool must_exist, char *error);

/**
 * config_text - parse text as one file named @name over what @config holds
 * Return: as config_load().
 */
int config_text(struct config *config, const char *name, const char *text, char *error);

/**
 * config_needs_restart - the first key that differs and cannot change live
 * Return: its row, or NULL.
 */
const struct config_key *config_needs_restart(const struct config *now,
					      const struct config *next);

/* Write the value of a key as the file has it; returns @buf. */
const char *config_format(const struct config *config, const struct config_key *key, char *buf,
			  size_t len);

/* "v2xd --print-defaults" and "v2xd --man". */
void config_print_defaults(FILE *out);
void config_print_man(FILE *out);

#endif
