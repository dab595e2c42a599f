// SPDX-License-Identifier: Apache-2.0
#include "choice.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool listed(const char *list, const char *name)
{
	const char *line;
	size_t len;

	while ((line = code_list_next(&list, &len)))
		if (strlen(name) == len && !memcmp(line, name, len))
			return true;
	return false;
}

size_t code_unacknowledged(const struct gc_profile *profile, const char *list, char *names)
{
	size_t count = 0;

	names[0] = '\0';
	for (const struct gc_value *v = gc_profile_draft(profile, NULL); v;
	     v = gc_profile_draft(profile, v)) {
		char name[GC_TEXT_LEN];

		snprintf(name, sizeof(name), "%s.%s", v->param->section, v->param->key);
		if (listed(list, name))
			continue;
		code_list_add(names, CODE_NAMES_LEN, name);
		count++;
	}
	return count;
}

static int take_sets(struct gc_profile *profile, const char *sets, char *error)
{
	const char *line;
	size_t len;

	while ((line = code_list_next(&sets, &len))) {
		char set[GC_TEXT_LEN];

		if (len >= sizeof(set)) {
			snprintf(error, GC_ERROR_LEN, "%.40s...: too long", line);
			return -EINVAL;
		}
		snprintf(set, sizeof(set), "%.*s", (int)len, line);
		if (gc_profile_set(profile, set, true, error))
			return -EINVAL;
	}
	return gc_profile_check(profile, profile->id, error);
}

int code_choose(struct code_choice *choice, const struct code_request *request, char *error)
{
	struct gc_profile *profile = &choice->profile;
	char file[CODE_NAME_LEN + 8];
	int ret;

	snprintf(file, sizeof(file), "%s.conf", request->profile);
	ret = gc_profile_text(profile, file, choice->text, strlen(choice->text), error);
	if (!ret && choice->site)
		ret = gc_profile_override_text(profile, "[gridcode] overrides", choice->site,
					       strlen(choice->site), error);
	if (!ret)
		ret = take_sets(profile, request->sets, error);
	if (ret)
		return ret;
	memcpy(choice->sets, request->sets, sizeof(choice->sets));
	memcpy(choice->acknowledged, request->acknowledged, sizeof(choice->acknowledged));
	gc_profile_effective(profile, choice->effective);
	choice->on = true;
	return 0;
}

void code_choice_free(struct code_choice *choice)
{
	free(choice->text);
	free(choice->site);
	choice->text = NULL;
	choice->site = NULL;
	choice->on = false;
}
