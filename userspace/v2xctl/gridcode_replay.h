/* SPDX-License-Identifier: Apache-2.0 */
/* The two replays of the grid code engine. */
#ifndef V2XCTL_GRIDCODE_REPLAY_H
#define V2XCTL_GRIDCODE_REPLAY_H

#include "cli.h"

/** gridcode_replay_vectors() - a folder of reference vectors; an exit status, told */
int gridcode_replay_vectors(const struct cli *cli, const char *dir);

#endif
