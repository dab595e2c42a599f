// SPDX-License-Identifier: Apache-2.0
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>

#define STATE_FILE "gridcode.json"
#define AUDIT_FILE "gridcode.audit"
#define AUDIT_MAX (16 << 20)

void code_time(char time_text[CODE_TIME_LEN])
{
	const time_t now = time(NULL);
	struct tm utc;

	if (!gmtime_r(&now, &utc) || !strftime(time_text, CODE_TIME_LEN, "%Y-%m-%dT%H:%M:%SZ", &utc))
		snprintf(time_text, CODE_TIME_LEN, "-");
}

static int failed(char *error, const char *path, int code)
{
	snprintf(error, GC_ERROR_LEN, "%.300s: %s", path, strerror(-code));
	return code;
}

/* ---- what is in force ----------------------------------------------------------- */

static int write_all(int fd, const char *text, size_t len)
{
	while (len) {
		const ssize_t n = write(fd, text, len);

		if (n < 0 && errno != EINTR)
			return -errno;
		text += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
	return fsync(fd) ? -errno : 0;
}

static void sync_dir(const char *dir)
{
	const int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

/* To a file beside it, then over it: a reader sees the old one or the new one. */
static int replace_file(const char *dir, const char *text, char *error)
{
	char path[PATH_MAX], next[PATH_MAX];
	int fd, result;

	if (mkdir(dir, 0750) && errno != EEXIST)
		return failed(error, dir, -errno);
	snprintf(path, sizeof(path), "%s/" STATE_FILE, dir);
	snprintf(next, sizeof(next), "%s/" STATE_FILE ".new", dir);
	fd = open(next, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (fd < 0)
		return failed(error, next, -errno);
	result = write_all(fd, text, strlen(text));
	close(fd);
	if (!result && rename(next, path))
		result = -errno;
	if (result)
		return failed(error, path, result);
	sync_dir(dir);
	return 0;
}

int code_store_write(const char *dir, const struct code_choice *choice,
		     const struct gc_audit *audit, char *error)
{
	json_t *root = json_pack("{s:s, s:s?, s:s?, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:s, s:I, s:b}",
				 "profile", choice->on ? choice->profile.id : CODE_NONE, "text",
				 choice->text, "site", choice->site, "sets", choice->sets,
				 "acknowledged", choice->acknowledged, "effective",
				 choice->effective, "time", choice->time, "source", choice->source,
				 "uid", (json_int_t)choice->uid, "pid", (json_int_t)choice->pid,
				 "audit_lines", (json_int_t)audit->lines, "audit_head", audit->head,
				 "drm", (json_int_t)choice->drm, "withheld", choice->withheld);
	char *text = root ? json_dumps(root, JSON_INDENT(1)) : NULL;
	int result = text ? replace_file(dir, text, error) : failed(error, dir, -ENOMEM);

	json_decref(root);
	free(text);
	return result;
}

/* A text of at most @room - 1 bytes; false: there is none. */
static bool take_text(const json_t *root, const char *key, char *to, size_t room)
{
	const char *text = json_string_value(json_object_get(root, key));

	if (!text || strlen(text) >= room)
		return false;
	snprintf(to, room, "%s", text);
	return true;
}

static char *copy_text(const json_t *root, const char *key)
{
	const char *text = json_string_value(json_object_get(root, key));

	return text ? strdup(text) : NULL;
}

static int take_state(const json_t *root, struct code_choice *choice, struct gc_audit *kept,
		      char *error)
{
	struct code_request request = { .profile = "" };
	char effective[GC_HASH_LEN];

	kept->lines = (unsigned long)json_integer_value(json_object_get(root, "audit_lines"));
	if (!take_text(root, "profile", request.profile, sizeof(request.profile)) ||
	    !take_text(root, "sets", request.sets, sizeof(request.sets)) ||
	    !take_text(root, "acknowledged", request.acknowledged, sizeof(request.acknowledged)) ||
	    !take_text(root, "effective", effective, sizeof(effective)) ||
	    !take_text(root, "time", choice->time, sizeof(choice->time)) ||
	    !take_text(root, "source", choice->source, sizeof(choice->source)) ||
	    !take_text(root, "audit_head", kept->head, sizeof(kept->head))) {
		snprintf(error, GC_ERROR_LEN, "a field is missing");
		return -EINVAL;
	}
	choice->uid = (uint32_t)json_integer_value(json_object_get(root, "uid"));
	choice->pid = (int32_t)json_integer_value(json_object_get(root, "pid"));
	choice->drm = (uint32_t)json_integer_value(json_object_get(root, "drm"));
	choice->withheld = json_is_true(json_object_get(root, "withheld"));
	if (!strcmp(request.profile, CODE_NONE))
		return 0;
	choice->text = copy_text(root, "text");
	choice->site = copy_text(root, "site");
	if (!choice->text) {
		snprintf(error, GC_ERROR_LEN, "the profile's text is missing");
		return -EINVAL;
	}
	if (code_choose(choice, &request, error))
		return -EINVAL;
	if (!strcmp(choice->effective, effective))
		return 0;
	snprintf(error, GC_ERROR_LEN, "the values do not have the hash they were kept with");
	return -EINVAL;
}

int code_store_read(const char *dir, struct code_choice *choice, struct gc_audit *kept, char *error)
{
	char path[PATH_MAX], what[GC_ERROR_LEN];
	json_error_t json_error;
	json_t *root;
	int result;

	snprintf(path, sizeof(path), "%s/" STATE_FILE, dir);
	if (access(path, F_OK))
		return -ENOENT;
	root = json_load_file(path, JSON_REJECT_DUPLICATES, &json_error);
	snprintf(what, sizeof(what), "%.150s", json_error.text);
	result = root ? take_state(root, choice, kept, what) : -EINVAL;
	json_decref(root);
	if (result)
		snprintf(error, GC_ERROR_LEN, "%.200s: damaged: %.200s; apply a grid code again "
			 "after taking it away", path, what);
	if (result)
		code_choice_free(choice);
	return result;
}

/* ---- the audit log ---------------------------------------------------------------- */

/* All memory is locked: no more than the file is long. */
static char *read_log(const char *path, size_t *len, int *result)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st = { .st_size = 0 };
	char *text = NULL;
	ssize_t n = 0;

	*result = fd < 0 || fstat(fd, &st) ? -errno : 0;
	if (!*result && st.st_size > AUDIT_MAX)
		*result = -EFBIG;
	if (!*result)
		text = malloc((size_t)st.st_size + 1);
	for (*len = 0; text && *len < (size_t)st.st_size; *len += (size_t)n) {
		n = read(fd, text + *len, (size_t)st.st_size - *len);
		if (n <= 0)
			break;
	}
	if (!*result && (!text || n < 0))
		*result = text ? -EIO : -ENOMEM;
	if (fd >= 0)
		close(fd);
	return text;
}

int code_audit_open(const char *dir, const struct gc_audit *kept, struct gc_audit *audit,
		    char *error)
{
	char path[PATH_MAX];
	const char *wrong;
	size_t len = 0;
	int result;
	char *text;

	gc_audit_begin(audit);
	snprintf(path, sizeof(path), "%s/" AUDIT_FILE, dir);
	text = read_log(path, &len, &result);
	if (!text || result) {
		free(text);
		if (result == -ENOENT && kept && kept->lines) {
			snprintf(error, GC_ERROR_LEN, "%.200s: gone; it had %lu lines", path,
				 kept->lines);
			return -EBADMSG;
		}
		return failed(error, path, result);
	}
	gc_audit_read(audit, text, len, &wrong);
	free(text);
	if (!wrong && kept && (audit->lines < kept->lines ||
			       (audit->lines == kept->lines && strcmp(audit->head, kept->head) != 0)))
		wrong = "there were more lines, or others";
	if (!wrong)
		return 0;
	snprintf(error, GC_ERROR_LEN, "%.200s: line %lu: %s", path, audit->lines + 1, wrong);
	return -EBADMSG;
}

int code_audit_add(const char *dir, struct gc_audit *audit, const char *text, char *error)
{
	char path[PATH_MAX], *line = malloc(GC_AUDIT_LINE);
	struct gc_audit next = *audit;
	int fd, result = line ? gc_audit_add(&next, text, line) : -ENOMEM;

	snprintf(path, sizeof(path), "%s/" AUDIT_FILE, dir);
	if (!result && mkdir(dir, 0750) && errno != EEXIST)
		result = -errno;
	fd = result ? -1 : open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (!result && fd < 0)
		result = -errno;
	if (!result)
		result = write_all(fd, line, strlen(line));
	if (fd >= 0)
		close(fd);
	free(line);
	if (result)
		return failed(error, path, result);
	*audit = next;
	return 0;
}
