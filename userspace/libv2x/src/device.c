// SPDX-License-Identifier: Apache-2.0
/* Finding, opening and closing chargers. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "internal.h"

#define CLASS_DIR "/sys/class/v2x"
#define NODES_MAX 64

/* The N of "v2xN", or -1. */
static int node_number(const char *name)
{
	char *end;
	long n;

	if (strncmp(name, "v2x", 3) != 0 || !isdigit((unsigned char)name[3]))
		return -1;
	n = strtol(name + 3, &end, 10);
	return *end == '\0' && n <= 1048576 ? (int)n : -1;
}

static int by_number(const void *a, const void *b)
{
	const int x = *(const int *)a;
	const int y = *(const int *)b;

	return (x > y) - (x < y);
}

int v2x_list_in(const char *class_dir, struct v2x_node *nodes, size_t max)
{
	int numbers[NODES_MAX];
	int count = 0;
	struct dirent *entry;
	DIR *dir = opendir(class_dir);

	if (!dir)
		return errno == ENOENT ? 0 : -errno;
	while (count < NODES_MAX && (entry = readdir(dir)) != NULL) {
		const int n = node_number(entry->d_name);

		if (n >= 0)
			numbers[count++] = n;
	}
	closedir(dir);
	qsort(numbers, (size_t)count, sizeof(numbers[0]), by_number);
	for (int i = 0; i < count && (size_t)i < max; i++) {
		snprintf(nodes[i].dev, sizeof(nodes[i].dev), "v2x%d", numbers[i]);
		snprintf(nodes[i].path, sizeof(nodes[i].path), "/dev/v2x%d", numbers[i]);
	}
	return count;
}

int v2x_list(struct v2x_node *nodes, size_t max)
{
	return v2x_list_in(CLASS_DIR, nodes, max);
}

int v2x_command(const struct v2x_device *dev, uint32_t cmd, void *arg)
{
	const int saved = errno;
	int ret = ioctl(dev->fd, cmd, arg);

	if (ret < 0)
		ret = -errno;
	errno = saved;
	return ret;
}

static int open_path(const char *path, unsigned int flags, struct v2x_device **out)
{
	struct v2x_device *dev;
	int mode = O_CLOEXEC | (flags & V2X_OPEN_WRITE ? O_RDWR : O_RDONLY);
	int ret;

	if (strlen(path) >= sizeof(dev->path))
		return -ENAMETOOLONG;
	if (flags & V2X_OPEN_NONBLOCK)
		mode |= O_NONBLOCK;
	dev = calloc(1, sizeof(*dev));
	if (!dev)
		return -ENOMEM;
	dev->fd = open(path, mode);
	if (dev->fd < 0) {
		ret = errno == ENOENT || errno == ENXIO ? -ENODEV : -errno;
		free(dev);
		return ret;
	}
	memcpy(dev->path, path, strlen(path) + 1);
	ret = v2x_get_info(dev, &dev->info);
	if (ret == -ENOTTY || (ret == 0 && dev->info.api_version < V2X_API_VERSION))
		ret = -EPROTO;
	if (ret < 0) {
		v2x_close(dev);
		return ret;
	}
	*out = dev;
	return 0;
}

/* Asks each charger for its own name; opening to read changes nothing. */
static int find_by_name(const char *name, char *path, size_t len)
{
	struct v2x_node nodes[NODES_MAX];
	const int count = v2x_list(nodes, NODES_MAX);
	int ret = count < 0 ? count : -ENODEV;

	for (int i = 0; i < count; i++) {
		struct v2x_device *dev = NULL;
		bool match;
		const int err = open_path(nodes[i].path, V2X_OPEN_READ, &dev);

		if (err < 0 || !dev) {
			ret = err;
			continue;
		}
		match = strncmp(dev->info.name, name, sizeof(dev->info.name)) == 0;
		v2x_close(dev);
		if (match) {
			snprintf(path, len, "%s", nodes[i].path);
			return 0;
		}
	}
	/* -EACCES says more than "none of that name" when none could be asked. */
	return ret == -EACCES ? ret : -ENODEV;
}

static int resolve(const char *name, char *path, size_t len)
{
	struct v2x_node first;
	int count;

	if (!name) {
		count = v2x_list(&first, 1);
		if (count <= 0)
			return count < 0 ? count : -ENODEV;
		snprintf(path, len, "%s", first.path);
		return 0;
	}
	if (name[0] == '\0')
		return -ENODEV;
	if (strchr(name, '/')) {
		if (strlen(name) >= len)
			return -ENAMETOOLONG;
		snprintf(path, len, "%s", name);
		return 0;
	}
	if (strspn(name, "0123456789") == strlen(name) && strlen(name) < 8) {
		snprintf(path, len, "/dev/v2x%s", name);
		return 0;
	}
	if (node_number(name) >= 0) {
		snprintf(path, len, "/dev/v2x%d", node_number(name));
		return 0;
	}
	return find_by_name(name, path, len);
}

int v2x_open(const char *name, unsigned int flags, struct v2x_device **dev)
{
	char path[V2X_NODE_PATH_LEN];
	const int saved = errno;
	int ret;

	if (!dev || (flags & ~(V2X_OPEN_WRITE | V2X_OPEN_NONBLOCK)) != 0)
		return -EINVAL;
	ret = resolve(name, path, sizeof(path));
	if (ret == 0)
		ret = open_path(path, flags, dev);
	errno = saved;
	return ret;
}

void v2x_close(struct v2x_device *dev)
{
	if (!dev)
		return;
	if (dev->status)
		v2x_unmap_status(dev->status);
	close(dev->fd);
	free(dev);
}

int v2x_fd(const struct v2x_device *dev)
{
	return dev->fd;
}

const char *v2x_path(const struct v2x_device *dev)
{
	return dev->path;
}

const struct v2x_info *v2x_device_info(const struct v2x_device *dev)
{
	return &dev->info;
}

const char *v2x_version(void)
{
	return V2X_VERSION;
}
