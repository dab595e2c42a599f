// SPDX-License-Identifier: Apache-2.0
#include "daemon.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define ANSWER_MAX 65536
#define PATIENCE_S 5

static const char *socket_path(const struct cli *cli)
{
	return cli->socket ? cli->socket : DAEMON_SOCKET;
}

static int connect_to(const char *path)
{
	const struct timeval patience = { .tv_sec = PATIENCE_S };
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
		const int error = -errno;

		close(fd);
		return error;
	}
	return fd;
}

static int send_all(int fd, const char *text, size_t len)
{
	while (len > 0) {
		const ssize_t n = send(fd, text, len, MSG_NOSIGNAL);

		if (n < 0)
			return -errno;
		text += n;
		len -= (size_t)n;
	}
	return 0;
}

/* One line, without its end. */
static int receive_line(int fd, char *line, size_t room)
{
	size_t at = 0;

	while (at < room) {
		const ssize_t n = recv(fd, line + at, room - at, 0);
		char *end;

		if (n < 0)
			return errno == EAGAIN ? -ETIMEDOUT : -errno;
		if (n == 0)
			return -ECONNRESET;
		end = memchr(line + at, '\n', (size_t)n);
		if (end) {
			*end = '\0';
			return 0;
		}
		at += (size_t)n;
	}
	return -EMSGSIZE;
}

static int exchange(const char *path, const json_t *request, json_t **answer)
{
	char *line = json_dumps(request, JSON_COMPACT);
	char *text = malloc(ANSWER_MAX);
	int fd = -1;
	int ret = -ENOMEM;

	if (!line || !text)
		goto out;
	ret = fd = connect_to(path);
	if (fd < 0)
		goto out;
	ret = send_all(fd, line, strlen(line));
	if (ret == 0)
		ret = send_all(fd, "\n", 1);
	if (ret == 0)
		ret = receive_line(fd, text, ANSWER_MAX);
	close(fd);
	if (ret < 0)
		goto out;
	*answer = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(*answer)) {
		json_decref(*answer);
		ret = -EBADMSG;
	}
out:
	free(line);
	free(text);
	return ret;
}

/* Somebody ranks higher, or lower, and wants something else: not an error, but to be known. */
static void print_conflicts(const json_t *answer)
{
	static const struct { const char *axis, *label; } axes[] = { { "p", "power" },
								     { "q", "reactive power" } };

	for (size_t i = 0; i < sizeof(axes) / sizeof(axes[0]); i++) {
		const json_t *o = json_object_get(answer, axes[i].axis);
		const char *above = json_string_value(json_object_get(o, "outranked_by"));
		const char *limit = json_string_value(json_object_get(o, "limited_by"));
		const char *below = json_string_value(json_object_get(o, "outranks"));

		if (above)
			printf("%s: %s ranks higher and decides; v2xctl why\n", axes[i].label,
			       above);
		else if (limit)
			printf("%s: %s does not allow all of it; v2xctl why\n", axes[i].label,
			       limit);
		if (below)
			printf("%s: takes the place of what %s wants\n", axes[i].label, below);
	}
}

/* Whose "ok" is not true; the caller drops it. */
static int refused(const struct cli *cli, const json_t *answer)
{
	const char *why = json_string_value(json_object_get(answer, "error"));
	const char *key = json_string_value(json_object_get(answer, "key"));

	return report_error(cli, EX_REFUSED, "v2xd refused: %s%s%s", key ? key : "",
			    key ? ": " : "", why ? why : "without a reason");
}

int daemon_ask(const struct cli *cli, json_t *request, json_t **answer)
{
	int ret = daemon_answer(cli, request, answer);

	if (ret || json_is_true(json_object_get(*answer, "ok")))
		return ret;
	ret = refused(cli, *answer);
	json_decref(*answer);
	*answer = NULL;
	return ret;
}

int daemon_answer(const struct cli *cli, json_t *request, json_t **answer)
{
	int ret;

	if (!request)
		return report_error(cli, EX_SYSTEM, "out of memory");
	ret = exchange(socket_path(cli), request, answer);
	json_decref(request);
	if (ret == -EACCES)
		return report_error(cli, EX_SYSTEM, "%s: no permission; be root or join its group",
				    socket_path(cli));
	if (ret < 0)
		return report_error(cli, EX_NO_DAEMON,
				    "v2xd does not answer on %s: %s; start it, name its socket "
				    "with --socket, or use --direct where there is that option",
				    socket_path(cli), strerror(-ret));
	return EX_OK_;
}

int daemon_tell(const struct cli *cli, json_t *request, const char *done)
{
	static const char *const said[] = { "rank", "reason" };
	json_t *answer = NULL;
	int ret;

	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		const char *value = cli_value(cli, said[i]);

		if (request && value)
			json_object_set_new(request, said[i], json_string(value));
	}
	ret = daemon_ask(cli, request, &answer);
	if (ret)
		return ret;
	if (cli->json)
		return report_json(answer);
	puts(done);
	print_conflicts(answer);
	json_decref(answer);
	return EX_OK_;
}

json_t *daemon_try(const struct cli *cli, const char *cmd)
{
	json_t *request = json_pack("{s:s}", "cmd", cmd);
	json_t *answer = NULL;

	if (request && exchange(socket_path(cli), request, &answer) == 0 &&
	    !json_is_true(json_object_get(answer, "ok"))) {
		json_decref(answer);
		answer = NULL;
	}
	json_decref(request);
	return answer;
}
