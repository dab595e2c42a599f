// SPDX-License-Identifier: GPL-2.0-only
/*
 * configfs directory grid/: what the mains do.
 */
#include "virt.h"

VIRT_ENV_ATTR(grid, frequency_mhz, env.grid.frequency_mhz, 0, 100000);
VIRT_ENV_ATTR(grid, voltage_mpu, env.grid.voltage_mpu, 0, 2000);
VIRT_ENV_ATTR(grid, voltage_a_mpu, env.grid.phase_mpu[0], 0, 2000);
VIRT_ENV_ATTR(grid, voltage_b_mpu, env.grid.phase_mpu[1], 0, 2000);
VIRT_ENV_ATTR(grid, voltage_c_mpu, env.grid.phase_mpu[2], 0, 2000);
VIRT_ENV_ATTR(grid, phase_mdeg, env.grid.phase_mdeg, -360000, 360000);
VIRT_ENV_ATTR(grid, h5_permille, env.grid.h5_permille, 0, 300);
VIRT_ENV_ATTR(grid, h7_permille, env.grid.h7_permille, 0, 300);
VIRT_ENV_ATTR(grid, unbalance_permille, env.grid.unbalance_permille, 0, 1000);
VIRT_ENV_ATTR(grid, dc_permille, env.grid.dc_permille, -200, 200);
VIRT_ENV_ATTR(grid, rg_uohm, env.grid.rg_uohm, 0, 5000000);
VIRT_ENV_ATTR(grid, lg_nh, env.grid.lg_nh, 0, 20000000);
VIRT_ENV_ATTR(grid, island_load_w, env.grid.island_load_w, 0, 50000);

static struct configfs_attribute *virt_grid_attrs[] = {
	&virt_grid_attr_frequency_mhz,
	&virt_grid_attr_voltage_mpu,
	&virt_grid_attr_voltage_a_mpu,
	&virt_grid_attr_voltage_b_mpu,
	&virt_grid_attr_voltage_c_mpu,
	&virt_grid_attr_phase_mdeg,
	&virt_grid_attr_h5_permille,
	&virt_grid_attr_h7_permille,
	&virt_grid_attr_unbalance_permille,
	&virt_grid_attr_dc_permille,
	&virt_grid_attr_rg_uohm,
	&virt_grid_attr_lg_nh,
	&virt_grid_attr_island_load_w,
	&virt_replay_attr,
	NULL
};

static struct configfs_bin_attribute *virt_grid_bin_attrs[] = {
	&virt_replay_data_attr,
	NULL
};

const struct config_item_type virt_grid_type = {
	.ct_owner = THIS_MODULE,
	.ct_attrs = virt_grid_attrs,
	.ct_bin_attrs = virt_grid_bin_attrs,
};
