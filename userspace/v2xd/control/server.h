/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The control socket: lines in, lines out, a few clients at a time.
 *
 * All I/O goes through the session's ring; what a line means is not known
 * here. A client has one operation under way, so its answers stay in order
 * and one that does not read its answers holds up nobody else. When all places
 * are taken, the client that has neither said nor read anything for the longest
 * time, and for two seconds at least, gives its place to a new one.
 */
#ifndef V2XD_CONTROL_SERVER_H
#define V2XD_CONTROL_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../loop/loop.h"
#include "parse.h"

#define SERVER_CLIENTS 8
#define SERVER_IDLE_NS 2000000000ULL

struct server;

/* Who is at the other end, as the kernel says (SO_PEERCRED). */
struct server_peer {
	uint32_t uid;
	int32_t pid;
};

/**
 * server_answer - called for each line
 * @owner: of the server
 * @peer: who asks
 * @line: without its newline, not terminated
 *
 * Return: the answer with its newline, to be freed; NULL closes the client.
 */
typedef char *server_answer(void *owner, const struct server_peer *peer, const char *line,
			    size_t len);

struct server_client {
	struct loop_op op;
	struct server *server;
	int fd;			/* -1: free */
	uint64_t active_ns;	/* when it last said or read something */
	bool last;		/* nothing is taken after this answer */
	bool draining;		/* it was sent: what still comes is thrown away */
	char in[CONTROL_LINE_MAX + 1];
	size_t in_len;
	char *out;
	size_t out_len;
	size_t out_at;
};

struct server {
	struct loop *loop;
	server_answer *answer;
	void *owner;
	int fd;
	char path[108];
	int next_fd;		/* waits for the place of a client told to go; -1: nobody */
	struct loop_op accept_op;
	struct server_client client[SERVER_CLIENTS];
};

/**
 * server_open - listen
 * @server: all zero
 * @path: of the socket; its directory is made, a dead socket is replaced
 *
 * Return: 0; -EADDRINUSE when somebody answers there; -errno.
 */
int server_open(struct server *server, struct loop *loop, const char *path,
		server_answer *answer, void *owner);

/* Now and then: give a free place away, accept again after it failed for want of descriptors. */
void server_poke(struct server *server);

/* Close everything and remove the socket. */
void server_close(struct server *server);

#endif
