// SPDX-License-Identifier: Apache-2.0
#include "force.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define MODE_RAMP_S 5

/* 0 to 1; zero when the system has no random number to give. */
static double draw(void)
{
	uint32_t number = 0;

	if (getrandom(&number, sizeof(number), GRND_NONBLOCK) != (ssize_t)sizeof(number))
		return 0;
	return number / (double)UINT32_MAX;
}

int code_prepare(const struct code_choice *choice, const struct config *config,
		 const struct v2x_info *info, bool narrow, struct code_setting *setting,
		 struct v2x_prot_table *table, char *error)
{
	int result;

	*setting = (struct code_setting){ .enable = choice->on, .charger = gc_charger_of(info),
					  .drm = choice->drm, .withheld = choice->withheld };
	*table = V2X_INIT(struct v2x_prot_table);
	if (!choice->on)
		return 0;
	setting->charger.narrow = narrow;
	setting->charger.switching_us = (uint32_t)config->gridcode.switching_ms * 1000;
	setting->draw = draw();
	result = gc_charger_settings(&setting->charger, &choice->profile, &setting->settings, error);
	/* Measured values always move a little. */
	if (!result && isnan(setting->settings.guard.frozen_s) && config->gridcode.frozen_s)
		setting->settings.guard.frozen_s = config->gridcode.frozen_s;
	/* IEEE 1547-2018 4.6.3 asks for 5 to 300 s; other codes do not forbid it. */
	if (!result && setting->settings.capability.mode_ramp_s == 0)
		setting->settings.capability.mode_ramp_s = MODE_RAMP_S;
	if (!result)
		result = gc_charger_table(&setting->charger, &choice->profile, table, error);
	return result;
}

int code_load_table(struct device *device, struct v2x_prot_table *table,
		    struct v2x_prot_table *before, char *error)
{
	int result = before ? v2x_get_prot_table(device->handle, before) : 0;

	if (!result)
		result = v2x_set_prot_table(device->handle, table);
	if (!result) {
		struct v2x_prot_table now = V2X_INIT(struct v2x_prot_table);

		if (!v2x_get_prot_table(device->handle, &now))
			table->hash = now.hash;
		return 0;
	}
	if (table->why && table->refused < table->count) {
		const struct v2x_prot_entry *e = &table->entry[table->refused];

		snprintf(error, GC_ERROR_LEN,
			 "the kernel refuses the protection table: %s %s %s %d %s %u ms: %s",
			 v2x_prot_quantity_name(e->quantity), v2x_prot_side_name(e->side),
			 v2x_prot_action_name(e->action), e->threshold,
			 v2x_prot_quantity_unit(e->quantity), e->time_ms,
			 v2x_prot_why_text(table->why));
	} else {
		snprintf(error, GC_ERROR_LEN, "the kernel refuses the protection table: %s",
			 table->why ? v2x_prot_why_text(table->why) :
				      v2x_error_text(V2X_IOC_SET_PROT_TABLE, result));
	}
	return result;
}

/* As a string, and no larger than it is. */
static bool end_text(char **text, size_t len, const char *path, char *error)
{
	char *fits;

	(*text)[len] = '\0';
	if (strlen(*text) != len) {
		snprintf(error, GC_ERROR_LEN, "%.300s: a zero byte in it", path);
		return false;
	}
	fits = realloc(*text, len + 1);
	if (fits)
		*text = fits;
	return true;
}

int code_read_texts(struct code_choice *choice, const char *name, const struct config *config,
		    char *error)
{
	const char *dir = config->gridcode.profiles[0] ? config->gridcode.profiles : NULL;
	char path[PATH_MAX];
	size_t len;
	int result;

	if (!gc_profile_path(name, dir, path, sizeof(path))) {
		snprintf(error, GC_ERROR_LEN, "there is no profile \"%.60s\"%s%.200s", name,
			 dir ? " in " : "; v2xctl gridcode list", dir ? dir : "");
		return -ENOENT;
	}
	choice->text = gc_profile_slurp(path, &len, error, &result);
	if (!choice->text)
		return result;
	if (!end_text(&choice->text, len, path, error))
		return -EINVAL;
	if (!config->gridcode.overrides[0])
		return 0;
	choice->site = gc_profile_slurp(config->gridcode.overrides, &len, error, &result);
	if (!choice->site)
		return result;
	return end_text(&choice->site, len, config->gridcode.overrides, error) ? 0 : -EINVAL;
}
