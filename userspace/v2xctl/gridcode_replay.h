/* SPDX-License-Identifier: Apache-2.0 */
/* What the gridcode commands share. */
#ifndef V2XCTL_GRIDCODE_REPLAY_H
#define V2XCTL_GRIDCODE_REPLAY_H

#include "cli.h"
#include "gridcode/profile.h"

/** gridcode_replay_vectors() - a folder of reference vectors; an exit status, told */
int gridcode_replay_vectors(const struct cli *cli, const char *dir);

/** gridcode_replay_trace() - a recorded grid through a profile; an exit status, told */
int gridcode_replay_trace(const struct cli *cli);

/**
 * gridcode_open() - load a profile by name or path, with --site and --set
 * @profile: result, to be freed with free(); NULL on error
 *
 * Return: an exit status, told.
 */
int gridcode_open(const struct cli *cli, const char *name, struct gc_profile **profile);

#endif
