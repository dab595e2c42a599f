/* SPDX-License-Identifier: Apache-2.0 */
/* What the rows of the command table run. */
#ifndef V2XCTL_CMD_H
#define V2XCTL_CMD_H

#include "cli.h"

int cmd_list(struct cli *cli);
int cmd_info(struct cli *cli);
int cmd_channels(struct cli *cli);
int cmd_status(struct cli *cli);
int cmd_top(struct cli *cli);
int cmd_set(struct cli *cli);
int cmd_limits(struct cli *cli);
int cmd_forming(struct cli *cli);
int cmd_protection(struct cli *cli);
int cmd_tune(struct cli *cli);
int cmd_session(struct cli *cli); /* start, stop, ack, clear, reload */
int cmd_estop(struct cli *cli);
int cmd_pilot(struct cli *cli);
int cmd_events(struct cli *cli);
int cmd_scope(struct cli *cli);
int cmd_capture(struct cli *cli);
int cmd_arm(struct cli *cli);
int cmd_why(struct cli *cli);
int cmd_latency(struct cli *cli);
int cmd_gridcode_list(struct cli *cli);
int cmd_gridcode_show(struct cli *cli);
int cmd_gridcode_diff(struct cli *cli);
int cmd_gridcode_check(struct cli *cli);
int cmd_gridcode_map(struct cli *cli);
int cmd_gridcode_replay(struct cli *cli);
int cmd_gridcode_apply(struct cli *cli);
int cmd_gridcode_status(struct cli *cli);
int cmd_gridcode_audit(struct cli *cli);
int cmd_gridcode_key(struct cli *cli);
int cmd_gridcode_input(struct cli *cli);
int cmd_gridcode_test(struct cli *cli);
int cmd_gridcode_selftest(struct cli *cli);
int cmd_gridcode_plot(struct cli *cli);
int cmd_virt_create(struct cli *cli);
int cmd_virt_destroy(struct cli *cli);
int cmd_virt_list(struct cli *cli);
int cmd_virt_plug(struct cli *cli);
int cmd_virt_unplug(struct cli *cli);
int cmd_virt_grid(struct cli *cli);
int cmd_virt_bus(struct cli *cli);
int cmd_virt_car(struct cli *cli);
int cmd_virt_fault(struct cli *cli);
int cmd_virt_faults(struct cli *cli);
int cmd_virt_replay(struct cli *cli);

#endif
