/* SPDX-License-Identifier: Apache-2.0 */
/* v2xd as the master of a laboratory's charger, over its control socket. */
#ifndef V2XCTL_LAB_MASTER_H
#define V2XCTL_LAB_MASTER_H

#include "cli.h"
#include "typetest/lab.h"

/**
 * struct lab_master_v2xd - the running supervisor
 * @master: for lab_through()
 * @profile: that has to be in force
 * @lab: of the tests
 * @status: of its grid code before the first demand; NULL: nothing was asked for
 * @trial: a threshold of it is elsewhere
 * @order: the user's set-point before, a link of "why"; NULL: there was none
 */
struct lab_master_v2xd {
	struct lab_master master;
	const struct cli *cli;
	const struct gc_profile *profile;
	const struct lab *lab;
	json_t *status;
	json_t *order;
	bool trial;
};

/** lab_master_v2xd() - fill it in; the pointers have to outlive it */
void lab_master_v2xd(struct lab_master_v2xd *master, const struct cli *cli,
		     const struct gc_profile *profile, const struct lab *lab);

#endif
