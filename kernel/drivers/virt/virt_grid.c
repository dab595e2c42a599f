// SPDX-License-Identifier: GPL-2.0-only
/*
 * configfs directory grid/: what the mains do.
 */
#include "virt.h"

VIRT_ENV_ATTR(grid, frequency_mhz);
VIRT_ENV_ATTR(grid, voltage_mpu);
VIRT_ENV_ATTR(grid, voltage_a_mpu);
VIRT_ENV_ATTR(grid, voltage_b_mpu);
VIRT_ENV_ATTR(grid, voltage_c_mpu);
VIRT_ENV_ATTR(grid, phase_mdeg);
VIRT_ENV_ATTR(grid, h5_permille);
VIRT_ENV_ATTR(grid, h7_permille);
VIRT_ENV_ATTR(grid, unbalance_permille);
VIRT_ENV_ATTR(grid, dc_permille);
VIRT_ENV_ATTR(grid, rg_uohm);
VIRT_ENV_ATTR(grid, lg_nh);
VIRT_ENV_ATTR(grid, island_load_w);
VIRT_ENV_ATTR(grid, island);
VIRT_ENV_ATTR(grid, load_r_mohm);
VIRT_ENV_ATTR(grid, load_l_uh);
VIRT_ENV_ATTR(grid, load_c_nf);
VIRT_ENV_ATTR(grid, load_lines);
VIRT_ENV_ATTR(grid, motor_w);
VIRT_ENV_ATTR(grid, transformer_va);
VIRT_ENV_ATTR(grid, rectifier_va);

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
	&virt_grid_attr_island,
	&virt_grid_attr_load_r_mohm,
	&virt_grid_attr_load_l_uh,
	&virt_grid_attr_load_c_nf,
	&virt_grid_attr_load_lines,
	&virt_grid_attr_motor_w,
	&virt_grid_attr_transformer_va,
	&virt_grid_attr_rectifier_va,
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
