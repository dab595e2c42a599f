// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attribute model: which charger it is. Writing one replaces all that is
 * soldered and puts grid and vehicle back to what goes with it; attributes
 * written afterwards change single values.
 */
#include "virt.h"

static ssize_t virt_model_show(struct config_item *item, char *page)
{
	struct virt_charger *c = virt_group_charger(item);

	return sysfs_emit(page, "%s\n", plant_model_at(READ_ONCE(c->model))->name);
}

static s32 model_find(const char *page)
{
	u32 i;

	for (i = 0; plant_model_at(i); i++)
		if (sysfs_streq(page, plant_model_at(i)->name))
			return (s32)i;
	return -1;
}

static ssize_t virt_model_store(struct config_item *item, const char *page, size_t len)
{
	struct virt_charger *c = virt_group_charger(item);
	s32 model = model_find(page);
	int err = 0;

	if (model < 0)
		return -EINVAL;
	mutex_lock(&c->lock);
	if (c->vs) {
		err = -EBUSY;
	} else {
		plant_cfg_model(&c->cfg, plant_model_at(model)->name);
		plant_env_default(&c->cfg, &c->env);
		WRITE_ONCE(c->model, model);
	}
	mutex_unlock(&c->lock);
	return err ?: len;
}

struct configfs_attribute virt_model_attr = {
	.ca_name = "model",
	.ca_mode = 0644,
	.ca_owner = THIS_MODULE,
	.show = virt_model_show,
	.store = virt_model_store,
};

static ssize_t virt_models_show(struct config_item *item, char *page)
{
	int n = 0;
	u32 i;

	for (i = 0; plant_model_at(i); i++)
		n += sysfs_emit_at(page, n, "%s\t%s\n", plant_model_at(i)->name,
				   plant_model_at(i)->help);
	return n;
}

struct configfs_attribute virt_models_attr = {
	.ca_name = "models",
	.ca_mode = 0444,
	.ca_owner = THIS_MODULE,
	.show = virt_models_show,
};
