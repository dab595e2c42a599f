// SPDX-License-Identifier: Apache-2.0
/*
 * What a test of the control socket needs of socat, which is not everywhere.
 *
 *   socket_client PATH          standard input to the socket, what comes back to
 *                               standard output; until both have ended, at most
 *                               two seconds after the input has
 *   socket_client PATH idle N   N connections that say nothing, until killed;
 *                               "ready" when they are made
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define PATIENCE_MS 2000

static int connect_to(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (fd < 0 || strlen(path) >= sizeof(address.sun_path))
		return -1;
	memcpy(address.sun_path, path, strlen(path));
	return connect(fd, (const struct sockaddr *)&address, sizeof(address)) ? -1 : fd;
}

static int idle(const char *path, int n)
{
	for (int i = 0; i < n; i++) {
		if (connect_to(path) < 0) {
			perror(path);
			return EXIT_FAILURE;
		}
	}
	puts("ready");
	(void)fflush(stdout);
	return pause() ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Return: 0 at the end. */
static ssize_t pass_on(int from, int to)
{
	char bytes[4096];
	ssize_t n = read(from, bytes, sizeof(bytes));

	for (ssize_t at = 0, m; at < n; at += m) {
		m = write(to, bytes + at, (size_t)(n - at));
		if (m <= 0)
			return 0;
	}
	return n > 0 ? n : 0;
}

static int talk(int fd)
{
	struct pollfd fds[] = { { .fd = STDIN_FILENO, .events = POLLIN },
				{ .fd = fd, .events = POLLIN } };

	while (fds[1].fd >= 0 && poll(fds, 2, fds[0].fd < 0 ? PATIENCE_MS : -1) > 0) {
		if (fds[0].fd >= 0 && fds[0].revents && !pass_on(STDIN_FILENO, fd)) {
			fds[0].fd = -1;
			(void)shutdown(fd, SHUT_WR);
		}
		if (fds[1].revents && !pass_on(fd, STDOUT_FILENO))
			fds[1].fd = -1;
	}
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	int fd;

	if (argc == 4 && !strcmp(argv[2], "idle"))
		return idle(argv[1], (int)strtol(argv[3], NULL, 10));
	if (argc != 2) {
		(void)fputs("usage: socket_client PATH [idle N]\n", stderr);
		return 2;
	}
	fd = connect_to(argv[1]);
	if (fd < 0) {
		perror(argv[1]);
		return EXIT_FAILURE;
	}
	return talk(fd);
}
