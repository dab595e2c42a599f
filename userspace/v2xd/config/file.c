// SPDX-License-Identifier: Apache-2.0
/* Reading the file and its drop-ins, whole or not at all. */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <ini.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>


/* One file while inih reads it. The line number is counted here: the packaged inih has none. */
struct source {
	const char *name;
	FILE *file;
	struct config *config;
	int line;
	int result;
	char *error;	/* CONFIG_ERROR_LEN bytes */
};

static void say(struct source *src, int result, const char *what)
{
	if (src->result)
		return;
	src->result = result;
	snprintf(src->error, CONFIG_ERROR_LEN, "%.160s:%d: %.320s", src->name,
		 src->line, what);
}

static char *read_line(char *line, int size, void *user)
{
	struct source *src = user;
	size_t len;

	if (src->result || !fgets(line, size, src->file))
		return NULL;
	src->line++;
	len = strlen(line);
	if (len && line[len - 1] == '\n')
		return line;
	if (!feof(src->file)) {
		say(src, -EINVAL, "line too long; expected at most 197 bytes, without a zero byte");
		return NULL;
	}
	return line;
}

static int take(void *user, const char *section, const char *name, const char *value)
{
	struct source *src = user;
	char what[CONFIG_ERROR_LEN], where[CONFIG_ERROR_LEN];
	int result;

	if (src->result)
		return 0;
	if (!section[0]) {
		snprintf(where, sizeof(where), "%.60s: stands before any [section]", name);
		say(src, -EINVAL, where);
		return 0;
	}
	result = config_set(src->config, section, name, value, what);
	if (result) {
		snprintf(where, sizeof(where), "[%.40s] %.60s: %.200s", section, name, what);
		say(src, result, where);
		return 0;
	}
	return 1;
}

static int read_stream(struct source *src)
{
	int broken;

	ini_allow_multiline = false;
	broken = ini_parse_stream(read_line, src, take, src);
	/* inih goes on after a line it did not understand: the first complaint counts. */
	if (broken > 0 && (!src->result || broken < src->line)) {
		src->line = broken;
		src->result = 0;
		say(src, -EINVAL, "not understood; expected \"[section]\", \"key = value\" or a comment");
	}
	if (!src->result && ferror(src->file))
		say(src, -EIO, "cannot be read");
	return src->result;
}

static int read_file(struct config *config, const char *path, bool must_exist, char *error)
{
	struct source src = { .name = path, .config = config, .error = error };
	int result;

	src.file = fopen(path, "re");
	if (!src.file) {
		if (errno == ENOENT && !must_exist)
			return 0;
		result = -errno;
		snprintf(error, CONFIG_ERROR_LEN, "%s: cannot be opened: %s", path,
			 strerror(-result));
		return result;
	}
	result = read_stream(&src);
	fclose(src.file);
	return result;
}

static int is_conf(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > 5 && !strcmp(entry->d_name + len - 5, ".conf");
}

static int read_dropins(struct config *config, const char *path, char *error)
{
	char name[PATH_MAX];
	struct dirent **entries = NULL;
	int result = 0, count;

	snprintf(name, sizeof(name), "%s.d", path);
	count = scandir(name, &entries, is_conf, alphasort);
	if (count < 0) {
		if (errno == ENOENT)
			return 0;
		result = -errno;
		snprintf(error, CONFIG_ERROR_LEN, "%.200s: cannot be read: %s", name,
			 strerror(-result));
		return result;
	}
	for (int i = 0; i < count; i++) {
		if (!result) {
			snprintf(name, sizeof(name), "%s.d/%s", path, entries[i]->d_name);
			result = read_file(config, name, true, error);
		}
		free(entries[i]);
	}
	free(entries);
	return result;
}

int config_load(struct config *config, const char *path, bool must_exist, char *error)
{
	struct config next;
	int result;

	config_defaults(&next);
	result = read_file(&next, path, must_exist, error);
	if (!result)
		result = read_dropins(&next, path, error);
	if (!result) {
		char what[CONFIG_ERROR_LEN];

		result = config_check(&next, what);
		if (result)
			snprintf(error, CONFIG_ERROR_LEN, "%.200s: %.300s", path, what);
	}
	if (!result)
		*config = next;
	return result;
}

int config_text(struct config *config, const char *name, const char *text, char *error)
{
	struct config next = *config;
	struct source src = { .name = name, .config = &next, .error = error };
	char what[CONFIG_ERROR_LEN], *copy = strdup(text);
	int result;

	src.file = copy ? fmemopen(copy, strlen(copy), "r") : NULL;
	if (!src.file) {
		free(copy);
		return -ENOMEM;
	}
	result = read_stream(&src);
	fclose(src.file);
	free(copy);
	if (!result) {
		result = config_check(&next, what);
		if (result)
			snprintf(error, CONFIG_ERROR_LEN, "%.200s: %.300s", name, what);
	}
	if (!result)
		*config = next;
	return result;
}
