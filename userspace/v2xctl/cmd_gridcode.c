// SPDX-License-Identifier: Apache-2.0
/* gridcode: profiles, and the engine on recorded or reference input. */
#include "cmd.h"
#include "gridcode_replay.h"

int cmd_gridcode_replay(struct cli *cli)
{
	const char *vectors = cli_value(cli, "vectors");

	if (vectors)
		return gridcode_replay_vectors(cli, vectors);
	return report_error(cli, EX_BAD_USE, "use: v2xctl gridcode replay --vectors DIR [--out FILE] "
			    "[--static-out FILE]");
}
