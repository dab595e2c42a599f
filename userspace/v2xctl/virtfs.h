/* SPDX-License-Identifier: Apache-2.0 */
/* The directories of virtual chargers in configfs. */
#ifndef V2XCTL_VIRTFS_H
#define V2XCTL_VIRTFS_H

#include "cli.h"

#define VIRTFS_ROOT "/sys/kernel/config/v2x_virt"
#define VIRTFS_PATH_LEN 320
#define VIRTFS_VALUE_LEN 4096

/** virtfs_root() - VIRTFS_ROOT, or $V2X_VIRT_ROOT */
const char *virtfs_root(void);

/**
 * virtfs_pick() - the directory of the charger the command line means
 * @dir: VIRTFS_PATH_LEN
 *
 * --device names it by its directory or its device; without, the only one
 * there is. Return: 0, or an exit status after telling.
 */
int virtfs_pick(const struct cli *cli, char *dir);

/**
 * virtfs_take_name() - a charger's name as the first of the words
 *
 * Takes it away from the words and does as --device would, if there is a
 * charger of that name.
 */
void virtfs_take_name(struct cli *cli);

/** virtfs_names() - names of all chargers, in order; their number or -errno */
int virtfs_names(char names[][V2X_NAME_LEN], int max);

/** virtfs_read() - an attribute without its newline; 0 or -errno */
int virtfs_read(const char *dir, const char *attribute, char *value, size_t len);

/** virtfs_write() - 0 or -errno */
int virtfs_write(const char *dir, const char *attribute, const void *value, size_t len);

/** virtfs_set() - write text and tell when it is refused; 0 or an exit status */
int virtfs_set(const struct cli *cli, const char *dir, const char *attribute, const char *text);

#endif
