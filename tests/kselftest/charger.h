/* SPDX-License-Identifier: GPL-2.0-only */
/* Virtual chargers: made, changed and removed through configfs. */
#ifndef V2X_CHARGER_H
#define V2X_CHARGER_H

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define VIRT_DIR	"/sys/kernel/config/v2x_virt"

struct charger {
	char dir[160];
	char dev[64];
};

/*
 * V2X_SLOWDOWN of the environment: for kernels too slow for the tick, such as
 * one with KASAN and lockdep. All times here are those of the charger.
 */
static inline long slow(long time)
{
	static long factor;

	if (!factor)
		factor = getenv("V2X_SLOWDOWN") ? atol(getenv("V2X_SLOWDOWN")) : 1;
	return time * factor;
}

static inline void sleep_ms(long charger_ms)
{
	long ms = slow(charger_ms);
	struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	while (nanosleep(&t, &t) && errno == EINTR)
		;
}

static inline unsigned long long now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

/* Return: 0 or -errno. */
static inline int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int ret = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

/* The text without its newline. Return: 0 or -errno. */
static inline int read_file(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len;

	if (fd < 0)
		return -errno;
	len = read(fd, text, size - 1);
	if (len < 0)
		len = -errno;
	close(fd);
	if (len < 0)
		return len;
	text[len] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return 0;
}

/* Write a number to an attribute, for instance "fault/grid_loss". */
static inline int charger_set(const struct charger *c, const char *attr, long value)
{
	char path[512], text[32];

	snprintf(path, sizeof(path), "%s/%s", c->dir, attr);
	snprintf(text, sizeof(text), "%ld", value);
	return write_file(path, text);
}

static inline int charger_get(const struct charger *c, const char *attr, char *text, size_t size)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", c->dir, attr);
	return read_file(path, text, size);
}

static inline int charger_load(void)
{
	if (!access(VIRT_DIR, F_OK))
		return 0;
	return system("modprobe v2x_virt") ? -ENOENT : 0;
}

static inline void charger_remove(struct charger *c)
{
	charger_set(c, "live", 0);
	rmdir(c->dir);
}

/* Live, with a ready car plugged in. Return: 0 or -errno. */
static inline int charger_create(struct charger *c, const char *name)
{
	const char *tick_hz = getenv("V2X_TICK_HZ"); /* where the rate is not the subject */
	char node[32];
	int ret = charger_load();

	if (ret)
		return ret;
	snprintf(c->dir, sizeof(c->dir), VIRT_DIR "/%s", name);
	charger_remove(c); /* of an earlier test that died */
	if (mkdir(c->dir, 0755))
		return -errno;
	if (slow(1) != 1)
		ret = charger_set(c, "slowdown", slow(1));
	if (!ret && tick_hz)
		ret = charger_set(c, "tick_hz", atol(tick_hz));
	if (!ret)
		ret = charger_set(c, "live", 1);
	if (!ret)
		ret = charger_get(c, "dev_name", node, sizeof(node));
	if (!ret)
		ret = charger_set(c, "car/plugged", 1);
	if (!ret)
		ret = charger_set(c, "car/ready", 1);
	if (ret) {
		charger_remove(c);
		return ret;
	}
	snprintf(c->dev, sizeof(c->dev), "/dev/%s", node);
	return 0;
}

#endif /* V2X_CHARGER_H */
