// SPDX-License-Identifier: GPL-2.0-only
/*
 * configfs directory car/: the vehicle at the other end of the cable.
 */
#include "virt.h"

VIRT_ENV_ATTR(car, plugged);
VIRT_ENV_ATTR(car, ready);
VIRT_ENV_ATTR(car, ventilation);
VIRT_ENV_ATTR(car, i_max_ma);
VIRT_ENV_ATTR(car, v_max_mv);
VIRT_ENV_ATTR(car, v_min_mv);

/* A battery is soldered to nothing, but its size is not changed while live. */
static ssize_t cold_store(struct virt_charger *c, u32 *field, u32 lo, u32 hi,
			  const char *page, size_t len)
{
	u32 v;
	int err = kstrtou32(page, 0, &v);

	if (err)
		return err;
	if (v < lo || v > hi)
		return -ERANGE;
	mutex_lock(&c->lock);
	err = c->vs ? -EBUSY : 0;
	if (!err)
		*field = v;
	mutex_unlock(&c->lock);
	return err ?: len;
}

static ssize_t virt_car_capacity_wh_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%u\n", virt_car_charger(item)->cfg.capacity_wh);
}

static ssize_t virt_car_capacity_wh_store(struct config_item *item, const char *page, size_t len)
{
	struct virt_charger *c = virt_car_charger(item);

	return cold_store(c, &c->cfg.capacity_wh, 1000, 1000000, page, len);
}
CONFIGFS_ATTR(virt_car_, capacity_wh);

static ssize_t virt_car_soc_permille_show(struct config_item *item, char *page)
{
	struct virt_charger *c = virt_car_charger(item);
	u32 soc;

	mutex_lock(&c->lock);
	soc = c->cfg.soc_permille;
	if (c->vs)
		soc = (READ_ONCE(c->vs->view.soc_q16) * 1000 + 32768) >> 16;
	mutex_unlock(&c->lock);
	return sysfs_emit(page, "%u\n", soc);
}

/* Another car arrives: only while none is there. */
static ssize_t virt_car_soc_permille_store(struct config_item *item, const char *page, size_t len)
{
	struct virt_charger *c = virt_car_charger(item);
	u32 soc;
	int err = kstrtou32(page, 0, &soc);

	if (err)
		return err;
	if (soc > 1000)
		return -ERANGE;
	mutex_lock(&c->lock);
	if (c->vs && c->env.car.plugged) {
		err = -EBUSY;
	} else {
		c->cfg.soc_permille = soc;
		if (c->vs) {
			virt_stage_soc(c->vs, soc);
			err = virt_stage_settle(c->vs);
		}
	}
	mutex_unlock(&c->lock);
	return err ?: len;
}
CONFIGFS_ATTR(virt_car_, soc_permille);

static ssize_t virt_car_state_show(struct config_item *item, char *page)
{
	struct virt_charger *c = virt_car_charger(item);
	const char *state = "unplugged";

	mutex_lock(&c->lock);
	if (c->env.car.plugged)
		state = c->env.car.ready ? "ready" : "plugged";
	if (c->vs && READ_ONCE(c->vs->view.bms_open))
		state = "battery-open";
	mutex_unlock(&c->lock);
	return sysfs_emit(page, "%s\n", state);
}
CONFIGFS_ATTR_RO(virt_car_, state);

static struct configfs_attribute *virt_car_attrs[] = {
	&virt_car_attr_plugged,
	&virt_car_attr_ready,
	&virt_car_attr_ventilation,
	&virt_car_attr_i_max_ma,
	&virt_car_attr_v_max_mv,
	&virt_car_attr_v_min_mv,
	&virt_car_attr_capacity_wh,
	&virt_car_attr_soc_permille,
	&virt_car_attr_state,
	NULL
};

const struct config_item_type virt_car_type = {
	.ct_owner = THIS_MODULE,
	.ct_attrs = virt_car_attrs,
};
