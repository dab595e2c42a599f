/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of libv2x share; not installed. */
#ifndef LIBV2X_INTERNAL_H
#define LIBV2X_INTERNAL_H

#include <v2x.h>

struct v2x_device {
	int fd;
	char path[V2X_NODE_PATH_LEN];
	struct v2x_info info;
	const struct v2x_status *status; /* mapped by v2x_get_status() */
};

/* Hidden: not in libv2x.map. Tests give a directory of their own. */
int v2x_list_in(const char *class_dir, struct v2x_node *nodes, size_t max);

/* ioctl() with -errno; commands that take no structure give NULL. */
int v2x_command(const struct v2x_device *dev, uint32_t cmd, void *arg);

#endif
