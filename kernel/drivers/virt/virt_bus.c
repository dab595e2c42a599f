// SPDX-License-Identifier: GPL-2.0-only
/*
 * configfs directory bus/: what is connected to the DC bus.
 */
#include "virt.h"

VIRT_ENV_ATTR(bus, load_r_mohm);
VIRT_ENV_ATTR(bus, load_w);

static struct configfs_attribute *virt_bus_attrs[] = {
	&virt_bus_attr_load_r_mohm,
	&virt_bus_attr_load_w,
	NULL
};

const struct config_item_type virt_bus_type = {
	.ct_owner = THIS_MODULE,
	.ct_attrs = virt_bus_attrs,
};
