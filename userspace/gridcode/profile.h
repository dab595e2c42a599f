/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A grid code as a text file: settings, each with its unit, adjustable range,
 * clause and how sure it is.
 *
 *	[profile]
 *	name = VDE-AR-N 4105:2018-11
 *	region = Germany
 *	[trip]
 *	uv1_limit = 0.80 pu | - | VDE-AR-N 4105 6.5.2 | verified
 *	uv1_time = 3.0 s | 0.1..10 s | VDE-AR-N 4105 6.5.2 | verified
 *
 * The range is "-" where the code leaves no choice, "any" where it sets none.
 * A file is taken whole or refused with file, line and clause.
 */
#ifndef GRIDCODE_PROFILE_H
#define GRIDCODE_PROFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "params.h"

#define GC_PROFILE_VALUES 256
#define GC_CLAUSE_LEN 64
#define GC_TEXT_LEN 128
#define GC_HASH_LEN 65
#define GC_ERROR_LEN 512

enum gc_confidence { GC_VERIFIED, GC_SINGLE, GC_UNVERIFIED };

/**
 * struct gc_value - one line of a profile
 * @param: which
 * @value: in canonical unit
 * @unit: as it was written, for people; NULL: the canonical one
 * @min: @max: adjustable range, NaN: not adjustable
 * @line: in the file
 * @site: a site override replaced the code's value
 */
struct gc_value {
	const struct gc_param *param;
	const char *unit;
	double value;
	double min;
	double max;
	char clause[GC_CLAUSE_LEN];
	enum gc_confidence confidence;
	int line;
	bool site;
};

/**
 * struct gc_profile - one file
 * @id: name of the file without its ending
 * @locked: changes need the installer's key
 * @sha256: of the file, as sha256sum prints it
 * @site_sha256: of the override, "" without one
 */
struct gc_profile {
	char id[GC_TEXT_LEN];
	char file[GC_TEXT_LEN];
	char name[GC_TEXT_LEN];
	char region[GC_TEXT_LEN];
	char note[GC_TEXT_LEN];
	bool locked;
	char sha256[GC_HASH_LEN];
	char site_sha256[GC_HASH_LEN];
	struct gc_settings settings;
	struct gc_value values[GC_PROFILE_VALUES];
	size_t count;
};

/**
 * gc_profile_load - read and check a profile
 * @profile: result; whatever was in it is gone, also on error
 * @error: GC_ERROR_LEN bytes
 *
 * Return: 0, or -errno with @error filled in.
 */
int gc_profile_load(struct gc_profile *profile, const char *path, char *error);

/** gc_profile_text - the same from memory; @name stands for the file in messages */
int gc_profile_text(struct gc_profile *profile, const char *name, const char *text, size_t len,
		    char *error);

/**
 * gc_profile_override - a site's drop-in, "[section] key = value unit"
 *
 * Every value has to lie in the range the profile gives; what belongs to the
 * site and its operator and not to the code (rating, measurement, export
 * limit, orders, demand response, unbalance, active limit, constant power
 * factor and Q) may be added, and so may the switch of a function the profile
 * describes.
 *
 * Return: 0, or -errno with @error filled in and @profile unchanged.
 */
int gc_profile_override(struct gc_profile *profile, const char *path, char *error);
int gc_profile_override_text(struct gc_profile *profile, const char *name, const char *text,
			     size_t len, char *error);

/**
 * gc_profile_set - one value, "section.key=value"
 * @range: false: take values outside the adjustable range, for replays
 *
 * Return: 0; 1 taken, but outside the range (@error says so); -EINVAL.
 */
int gc_profile_set(struct gc_profile *profile, const char *text, bool range, char *error);

/**
 * gc_profile_check - do the values go together
 * @file: for the message
 *
 * Return: 0, or -EINVAL with @error filled in.
 */
int gc_profile_check(const struct gc_profile *profile, const char *file, char *error);

/** gc_profile_value - line of a parameter, NULL if the profile does not name it */
const struct gc_value *gc_profile_value(const struct gc_profile *profile,
					const struct gc_param *param);

/**
 * gc_profile_format - @value of @param (or a bound of its range) in the unit the profile has it in
 * Return: @buf.
 */
const char *gc_profile_format(const struct gc_profile *profile, const struct gc_param *param,
			      double value, char *buf, size_t len);

/** gc_profile_count - how many values have this confidence */
size_t gc_profile_count(const struct gc_profile *profile, enum gc_confidence confidence);

/** gc_profile_released - every value verified; else it is a draft */
bool gc_profile_released(const struct gc_profile *profile);

/**
 * gc_profile_draft - values that nobody verified and no site has chosen
 * @after: NULL: the first one; else the one after it
 */
const struct gc_value *gc_profile_draft(const struct gc_profile *profile,
					const struct gc_value *after);

/** gc_profile_effective - SHA-256 over all values as they stand, "section.key=value" a line */
void gc_profile_effective(const struct gc_profile *profile, char hex[GC_HASH_LEN]);

/** gc_profile_slurp - a whole file, at most 256 KiB, to be freed; NULL with @error, @result */
char *gc_profile_slurp(const char *path, size_t *len, char *error, int *result);

const char *gc_confidence_name(enum gc_confidence confidence);

/**
 * gc_profile_path - where a profile is
 * @name: a name, or a path (with a slash)
 * @dir: directory to look in, NULL: $V2X_GRIDCODE_DIR, the source tree of a
 *	build, what is installed beside the program
 *
 * Return: @path, or NULL when there is none.
 */
const char *gc_profile_path(const char *name, const char *dir, char *path, size_t len);

/** gc_profile_dir - the directory that gc_profile_path() looks in; NULL when there is none */
const char *gc_profile_dir(const char *dir, char *path, size_t len);

#endif
