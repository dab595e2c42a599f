// SPDX-License-Identifier: Apache-2.0
/* gridcode audit, key: the log of changes, and the installer's key. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd.h"
#include "daemon.h"
#include "gridcode/audit.h"
#include "gridcode/installer.h"

#define DEFAULT_LOG "/var/lib/v2x/gridcode.audit"
#define FIELDS 6

/* ---- audit ------------------------------------------------------------------------ */

/* NUMBER, TIME, WHO, ACTION, PROFILE, DETAILS, without the hash. */
static void print_line(const struct cli *cli, const char *line, const char *hash)
{
	char *copy = strdup(line), *field[FIELDS] = { NULL }, *at = copy;

	for (int i = 0; i < FIELDS && copy; i++)
		field[i] = strsep(&at, i + 1 < FIELDS ? "\t" : "\n");
	if (cli->json)
		report_json(json_pack("{s:s?, s:s?, s:s?, s:s?, s:s?, s:s?, s:s}", "number",
				      field[0], "time", field[1], "who", field[2], "action",
				      field[3], "profile", field[4], "details", field[5], "hash",
				      hash));
	else
		printf("%s %s %s: %s %s\n    %s\n", field[0] ? field[0] : "",
		       field[1] ? field[1] : "", field[2] ? field[2] : "", field[3] ? field[3] : "",
		       field[4] ? field[4] : "", field[5] ? field[5] : "");
	free(copy);
}

/* Good lines are shown, up to the first bad one. */
static const char *read_log(const struct cli *cli, FILE *file, struct gc_audit *audit)
{
	const char *wrong = NULL;
	char *line = NULL;
	size_t room = 0;
	ssize_t len;

	gc_audit_begin(audit);
	while (!wrong && (len = getline(&line, &room, file)) > 0) {
		if (line[len - 1] != '\n') {
			wrong = "cut off: no end of line";
			break;
		}
		line[--len] = '\0';
		wrong = gc_audit_take(audit, line, (size_t)len);
		if (wrong)
			break;
		line[len - (GC_AUDIT_HASH - 1) - 1] = '\0';
		print_line(cli, line, audit->head);
	}
	free(line);
	return wrong;
}

/* Lines cut off the end only show against what the supervisor knows. */
static const char *against(const json_t *known, const struct gc_audit *audit)
{
	const char *head = json_string_value(json_object_get(known, "head"));
	const json_int_t lines = json_integer_value(json_object_get(known, "lines"));

	if (!known || !head)
		return NULL;
	if ((json_int_t)audit->lines < lines)
		return "lines were cut off: v2xd wrote more";
	if ((json_int_t)audit->lines == lines && strcmp(head, audit->head) != 0)
		return "not the log that v2xd wrote";
	return NULL;
}

int cmd_gridcode_audit(struct cli *cli)
{
	const char *path = cli_value(cli, "log"), *wrong;
	json_t *answer = path ? NULL : daemon_try(cli, "gridcode-status");
	const json_t *known = json_object_get(answer, "audit");
	char from_daemon[PATH_MAX];
	struct gc_audit audit;
	FILE *file;
	int ret = EX_OK_;

	if (known)
		snprintf(from_daemon, sizeof(from_daemon), "%s/gridcode.audit",
			 json_string_value(json_object_get(known, "dir")));
	if (!path)
		path = known ? from_daemon : DEFAULT_LOG;
	file = fopen(path, "re");
	if (!file) {
		json_decref(answer);
		return report_error(cli, EX_SYSTEM, "%s: %s", path, strerror(errno));
	}
	wrong = read_log(cli, file, &audit);
	fclose(file);
	if (wrong)
		ret = report_error(cli, EX_REFUSED, "%s: line %lu: %s", path, audit.lines + 1, wrong);
	else if ((wrong = against(known, &audit)))
		ret = report_error(cli, EX_REFUSED, "%s: %s", path, wrong);
	else if (!cli->json)
		printf("%s: %lu changes, each with its hash\n", path, audit.lines);
	json_decref(answer);
	return ret;
}

/* ---- key -------------------------------------------------------------------------- */

static int write_secret(const char *path, const char *line)
{
	const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	const size_t len = strlen(line);
	int ret;

	if (fd < 0)
		return -errno;
	ret = write(fd, line, len) == (ssize_t)len && !fsync(fd) ? 0 : -EIO;
	close(fd);
	return ret;
}

static int make_key(const struct cli *cli, const char *path, char *key)
{
	char line[GC_KEY_LINE];
	int ret = gc_key_random(key);

	if (ret)
		return report_error(cli, EX_SYSTEM, "no random numbers");
	snprintf(line, sizeof(line), "%.*s\n", GC_KEY_MAX, key);
	ret = write_secret(path, line);
	gc_key_forget(line, sizeof(line));
	return ret ? report_error(cli, EX_SYSTEM, "%s: %s", path, strerror(-ret)) : EX_OK_;
}

int cmd_gridcode_key(struct cli *cli)
{
	const char *key_path = cli->argv[0], *hash_path = cli->argv[1];
	char key[GC_KEY_LINE], line[GC_KEY_LINE];
	int ret = gc_key_read(key_path, true, key);

	if (ret == -ENOENT)
		ret = make_key(cli, key_path, key);
	else if (ret)
		ret = report_error(cli, EX_BAD_USE, "%s: %s", key_path,
				   ret == -EPERM ? "others have access; chmod 600" : strerror(-ret));
	if (ret)
		return ret;
	ret = gc_key_hash(key, line);
	gc_key_forget(key, sizeof(key));
	if (ret)
		return report_error(cli, EX_BAD_USE, "%s: a key has %d to %d bytes", key_path,
				    GC_KEY_MIN, GC_KEY_MAX);
	ret = write_secret(hash_path, line);
	if (ret)
		return report_error(cli, EX_SYSTEM, "%s: %s", hash_path,
				    ret == -EEXIST ? "is there; take it away first" : strerror(-ret));
	if (cli->json)
		return report_json(json_pack("{s:b, s:s, s:s}", "ok", 1, "key", key_path, "hash",
					     hash_path));
	printf("key in %s, its hash in %s\n", key_path, hash_path);
	return EX_OK_;
}
