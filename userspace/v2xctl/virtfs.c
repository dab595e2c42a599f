// SPDX-License-Identifier: Apache-2.0
#include "virtfs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHARGERS_MAX 64

const char *virtfs_root(void)
{
	const char *root = getenv("V2X_VIRT_ROOT");

	return root ? root : VIRTFS_ROOT;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

int virtfs_names(char names[][V2X_NAME_LEN], int max)
{
	DIR *dir = opendir(virtfs_root());
	const struct dirent *entry;
	int n = 0;

	if (!dir)
		return -errno;
	while (n < max && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.' || strlen(entry->d_name) >= V2X_NAME_LEN)
			continue;
		memcpy(names[n++], entry->d_name, strlen(entry->d_name) + 1);
	}
	closedir(dir);
	qsort(names, (size_t)n, V2X_NAME_LEN, by_name);
	return n;
}

int virtfs_read(const char *dir, const char *attribute, char *value, size_t len)
{
	char path[VIRTFS_PATH_LEN + 64];
	ssize_t n;
	int fd;
	int error;

	snprintf(path, sizeof(path), "%s/%s", dir, attribute);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = read(fd, value, len - 1);
	error = errno;
	close(fd);
	if (n < 0)
		return -error;
	while (n > 0 && value[n - 1] == '\n')
		n--;
	value[n] = '\0';
	return 0;
}

int virtfs_write(const char *dir, const char *attribute, const void *value, size_t len)
{
	char path[VIRTFS_PATH_LEN + 64];
	const char *at = value;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, attribute);
	fd = open(path, O_WRONLY | O_CLOEXEC | O_TRUNC);
	if (fd < 0)
		return -errno;
	while (len > 0) {
		const ssize_t n = write(fd, at, len);

		if (n <= 0) {
			const int error = n < 0 ? errno : EIO;

			close(fd);
			return -error;
		}
		at += n;
		len -= (size_t)n;
	}
	return close(fd) < 0 ? -errno : 0;
}

static const char *refusal(int error)
{
	switch (-error) {
	case EACCES:
	case EPERM:
		return "no permission; be root";
	case ENOENT:
		return "there is no such attribute";
	case ERANGE:
		return "the value is out of range";
	case EINVAL:
		return "this value is not understood";
	case EBUSY:
		return "not while the charger is live, the car is plugged in or a replay runs";
	case ENODEV:
		return "the charger is not live";
	default:
		return strerror(-error);
	}
}

int virtfs_set(const struct cli *cli, const char *dir, const char *attribute, const char *text)
{
	const int ret = virtfs_write(dir, attribute, text, strlen(text));

	if (ret == 0)
		return EX_OK_;
	return report_error(cli, ret == -EACCES ? EX_SYSTEM : EX_REFUSED, "%s/%s = %s: %s", dir,
			    attribute, text, refusal(ret));
}

static bool is_meant(const char *name, const char *device)
{
	char dir[VIRTFS_PATH_LEN];
	char dev[V2X_NAME_LEN] = "";

	if (strcmp(name, device) == 0)
		return true;
	if (strncmp(device, "/dev/", 5) == 0)
		device += 5;
	snprintf(dir, sizeof(dir), "%.280s/%.31s", virtfs_root(), name);
	return virtfs_read(dir, "dev_name", dev, sizeof(dev)) == 0 && strcmp(dev, device) == 0;
}

int virtfs_pick(const struct cli *cli, char *dir)
{
	char names[CHARGERS_MAX][V2X_NAME_LEN];
	const int n = virtfs_names(names, CHARGERS_MAX);

	if (n == -ENOENT)
		return report_error(cli, EX_NO_DEVICE,
				    "%s is not there; load the module: modprobe v2x_virt, and see "
				    "that configfs is mounted", virtfs_root());
	if (n < 0)
		return report_error(cli, EX_SYSTEM, "%s: %s", virtfs_root(), refusal(n));
	if (n == 0)
		return report_error(cli, EX_NO_DEVICE,
				    "there is no virtual charger; make one: v2xctl virt create NAME");
	if (!cli->device && n > 1)
		return report_error(cli, EX_BAD_USE,
				    "there are %d virtual chargers; name the one you mean: %s, "
				    "%s...", n, names[0], names[1]);
	for (int i = 0; i < n; i++) {
		if (cli->device && !is_meant(names[i], cli->device))
			continue;
		snprintf(dir, VIRTFS_PATH_LEN, "%.280s/%.31s", virtfs_root(), names[i]);
		return EX_OK_;
	}
	return report_error(cli, EX_NO_DEVICE,
			    "there is no virtual charger \"%s\"; v2xctl virt list shows them",
			    cli->device);
}

void virtfs_take_name(struct cli *cli)
{
	char names[CHARGERS_MAX][V2X_NAME_LEN];
	const int n = cli->argc > 0 ? virtfs_names(names, CHARGERS_MAX) : 0;

	for (int i = 0; i < n; i++) {
		if (!is_meant(names[i], cli->argv[0]))
			continue;
		cli->device = cli->argv[0];
		cli->argc--;
		cli->argv++;
		return;
	}
}
