// SPDX-License-Identifier: Apache-2.0
#include "server.h"

#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "../journal.h"

/* Group may talk to us, others may not: a set-point is no public matter. */
#define SOCKET_MODE 0660

static void client_close(struct server_client *c)
{
	close(c->fd);
	free(c->out);
	c->fd = -1;
	c->out = NULL;
	c->in_len = 0;
	c->last = false;
	c->draining = false;
}

static void client_receive(struct server_client *c)
{
	struct io_uring_sqe *sqe = loop_sqe(c->server->loop);

	if (!sqe) {
		client_close(c);
		return;
	}
	io_uring_prep_recv(sqe, c->fd, c->in + c->in_len, sizeof(c->in) - c->in_len, 0);
	loop_own(sqe, &c->op);
}

static void client_send(struct server_client *c)
{
	struct io_uring_sqe *sqe = loop_sqe(c->server->loop);

	if (!sqe) {
		client_close(c);
		return;
	}
	io_uring_prep_send(sqe, c->fd, c->out + c->out_at, c->out_len - c->out_at, MSG_NOSIGNAL);
	loop_own(sqe, &c->op);
}

/* Nobody and no process, should the kernel not say. */
static struct server_peer peer_of(int fd)
{
	struct ucred cred = { .uid = UINT32_MAX };
	socklen_t len = sizeof(cred);

	getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len);
	return (struct server_peer){ .uid = cred.uid, .pid = cred.pid };
}

static void client_answer(struct server_client *c, const char *line, size_t len)
{
	const struct server_peer peer = peer_of(c->fd);

	c->out = c->server->answer(c->server->owner, &peer, line, len);
	c->out_len = c->out ? strlen(c->out) : 0;
	c->out_at = 0;
	if (c->out)
		client_send(c);
	else
		client_close(c);
}

/* Answer the first whole line, or go on receiving. */
static void client_next(struct server_client *c)
{
	char line[CONTROL_LINE_MAX + 1];
	char *end = memchr(c->in, '\n', c->in_len);
	size_t len;

	if (!end && c->in_len < sizeof(c->in)) {
		client_receive(c);
		return;
	}
	/* A full buffer without an end: let the parser say so, then close. */
	c->last |= !end;
	len = end ? (size_t)(end - c->in) : c->in_len;
	memcpy(line, c->in, len);
	c->in_len -= end ? len + 1 : len;
	memmove(c->in, c->in + len + (end ? 1 : 0), c->in_len);
	/* It may have held a key. */
	explicit_bzero(c->in + c->in_len, sizeof(c->in) - c->in_len);
	client_answer(c, line, len);
	explicit_bzero(line, sizeof(line));
}

/*
 * Closing at once with input unread would take the answer away from the
 * client: say that no more comes, and wait until it hangs up.
 */
static void client_drain(struct server_client *c)
{
	if (!c->draining)
		shutdown(c->fd, SHUT_WR);
	c->draining = true;
	c->in_len = 0;
	client_receive(c);
}

static void client_begin(struct server_client *c, int fd)
{
	c->fd = fd;
	c->active_ns = now_ns();
	client_receive(c);
}

/* Its place goes to the one who waits for it. */
static void client_leave(struct server_client *c)
{
	client_close(c);
	server_poke(c->server);
}

static void client_done(struct loop_op *op, int32_t res)
{
	struct server_client *c = op->owner;

	if (c->fd < 0)
		return;
	if (res <= 0) {
		client_leave(c);
		return;
	}
	c->active_ns = now_ns();
	if (c->draining) {
		client_drain(c);
		return;
	}
	if (!c->out) {
		c->in_len += (size_t)res;
		client_next(c);
		return;
	}
	c->out_at += (size_t)res;
	if (c->out_at < c->out_len) {
		client_send(c);
		return;
	}
	free(c->out);
	c->out = NULL;
	if (c->last)
		client_drain(c);
	else
		client_next(c);
}

static void server_accept(struct server *s)
{
	struct io_uring_sqe *sqe = loop_sqe(s->loop);

	if (!sqe)
		return;
	io_uring_prep_accept(sqe, s->fd, NULL, NULL, SOCK_CLOEXEC);
	loop_own(sqe, &s->accept_op);
}

static struct server_client *free_place(struct server *s)
{
	for (int i = 0; i < SERVER_CLIENTS; i++)
		if (s->client[i].fd < 0 && !s->client[i].op.busy)
			return &s->client[i];
	return NULL;
}

/* The one that has been idle for the longest time; NULL: none for long enough. */
static struct server_client *longest_idle(struct server *s, uint64_t now)
{
	struct server_client *idle = NULL;

	for (int i = 0; i < SERVER_CLIENTS; i++) {
		struct server_client *c = &s->client[i];

		if (c->fd >= 0 && now - c->active_ns >= SERVER_IDLE_NS &&
		    (!idle || c->active_ns < idle->active_ns))
			idle = c;
	}
	return idle;
}

/* Its operation ends with that, and then its place is free. */
static void send_away(struct server_client *c, uint64_t now)
{
	const struct server_peer peer = peer_of(c->fd);

	journal(LOG_NOTICE, NULL,
		"control socket: all %d places taken; process %d of uid %u, idle for %llu s, has lost "
		"its own", SERVER_CLIENTS, peer.pid, peer.uid,
		(unsigned long long)((now - c->active_ns) / 1000000000));
	shutdown(c->fd, SHUT_RDWR);
}

static void refuse(int fd)
{
	static const char full[] =
		"{\"ok\":false,\"errno\":\"EBUSY\",\"error\":\"too many clients\"}\n";

	/* Best effort: it fits into an empty socket buffer. */
	(void)!send(fd, full, sizeof(full) - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
	close(fd);
}

static void accept_done(struct loop_op *op, int32_t res)
{
	struct server *s = op->owner;
	struct server_client *c;

	/* A failure is tried again by server_poke(): at once it would only fail as fast as it can. */
	if (s->fd < 0 || res < 0)
		return;
	c = free_place(s);
	if (c) {
		client_begin(c, res);
	} else {
		const uint64_t now = now_ns();

		c = longest_idle(s, now);
		if (c) {
			send_away(c, now);
			s->next_fd = res;
			return;
		}
		refuse(res);
	}
	server_accept(s);
}

void server_poke(struct server *server)
{
	struct server_client *c;

	if (server->fd < 0)
		return;
	if (server->next_fd >= 0) {
		const int fd = server->next_fd;

		c = free_place(server);
		if (!c)
			return;
		server->next_fd = -1;
		client_begin(c, fd);
	}
	if (!server->accept_op.busy)
		server_accept(server);
}

/* Somebody may have died here: only a socket that nobody answers on is removed. */
static int remove_dead(const struct sockaddr_un *address)
{
	struct stat st;
	int fd, result = 0;

	if (lstat(address->sun_path, &st))
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(st.st_mode))
		return -EEXIST;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (!connect(fd, (const struct sockaddr *)address, sizeof(*address)))
		result = -EADDRINUSE;
	else if (unlink(address->sun_path))
		result = -errno;
	close(fd);
	return result;
}

static int listen_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char dir[sizeof(address.sun_path)];
	int fd, result;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, strlen(path));
	memcpy(dir, address.sun_path, sizeof(dir));
	if (mkdir(dirname(dir), 0755) && errno != EEXIST)
		return -errno;
	result = remove_dead(&address);
	if (result)
		return result;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) ||
	    chmod(path, SOCKET_MODE) || listen(fd, SERVER_CLIENTS)) {
		result = -errno;
		close(fd);
		return result;
	}
	return fd;
}

int server_open(struct server *server, struct loop *loop, const char *path,
		server_answer *answer, void *owner)
{
	int fd = listen_at(path);

	server->fd = fd < 0 ? -1 : fd;
	server->loop = loop;
	server->answer = answer;
	server->owner = owner;
	server->next_fd = -1;
	server->accept_op = (struct loop_op){ .done = accept_done, .owner = server };
	for (int i = 0; i < SERVER_CLIENTS; i++) {
		struct server_client *c = &server->client[i];

		c->server = server;
		c->fd = -1;
		c->op = (struct loop_op){ .done = client_done, .owner = c };
	}
	if (fd < 0)
		return fd;
	snprintf(server->path, sizeof(server->path), "%s", path);
	server_accept(server);
	return 0;
}

void server_close(struct server *server)
{
	if (server->fd < 0)
		return;
	for (int i = 0; i < SERVER_CLIENTS; i++)
		if (server->client[i].fd >= 0)
			client_close(&server->client[i]);
	if (server->next_fd >= 0)
		close(server->next_fd);
	unlink(server->path);
	close(server->fd);
	server->fd = -1;
}
