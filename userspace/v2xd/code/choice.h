/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which grid code is to be in force: asked for, checked, chosen by whom.
 *
 * Pure: texts in, a checked profile out. Files are store.c's matter.
 */
#ifndef V2XD_CODE_CHOICE_H
#define V2XD_CODE_CHOICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../gridcode/installer.h"
#include "../../gridcode/profile.h"
#include "list.h"

#define CODE_NAME_LEN 64
#define CODE_SETS_LEN 2048
#define CODE_NAMES_LEN 6144
#define CODE_TIME_LEN 32
#define CODE_SOURCE_LEN 16

/* The name that puts no grid code in force. */
#define CODE_NONE "none"

/**
 * struct code_request - what somebody asks for
 * @profile: name, or CODE_NONE
 * @sets: "section.key=value", a line each
 * @acknowledged: "section.key" of values that are not verified, a line each
 * @key: of the installer, "" without
 */
struct code_request {
	char profile[CODE_NAME_LEN];
	char sets[CODE_SETS_LEN];
	char acknowledged[CODE_NAMES_LEN];
	char key[GC_KEY_MAX + 1];
};

/**
 * struct code_choice - a code, and where it comes from
 * @profile: parsed, with the site's values
 * @text: of the profile's file, owned
 * @site: of the site's drop-in, owned; NULL without
 * @effective: hash of all values as they stand
 * @time: UTC, as in 2026-01-31T12:00:00Z
 * @source: "config" or "control"
 * @drm: demand-response modes that hold, GC_DRM(n); kept, like @withheld
 * @withheld: the permit was taken away
 * @on: false: none
 */
struct code_choice {
	struct gc_profile profile;
	char *text;
	char *site;
	char sets[CODE_SETS_LEN];
	char acknowledged[CODE_NAMES_LEN];
	char effective[GC_HASH_LEN];
	char time[CODE_TIME_LEN];
	char source[CODE_SOURCE_LEN];
	uint32_t uid;
	int32_t pid;
	uint32_t drm;
	bool withheld;
	bool on;
};

/**
 * code_choose - read and check what was asked for
 * @choice: @text and @site set, the rest filled in
 * @error: GC_ERROR_LEN bytes
 *
 * Every value has to lie in its adjustable range. Return: 0 or -errno.
 */
int code_choose(struct code_choice *choice, const struct code_request *request, char *error);

/* Give the texts back. */
void code_choice_free(struct code_choice *choice);

/**
 * code_unacknowledged - draft values that are not in a list of names
 * @list: names, a line each
 * @names: CODE_NAMES_LEN bytes: those that are missing, a line each
 *
 * Return: how many.
 */
size_t code_unacknowledged(const struct gc_profile *profile, const char *list, char *names);

#endif
