// SPDX-License-Identifier: GPL-2.0-only
/*
 * Virtual chargers, made by directories in configfs:
 *
 *	mkdir /sys/kernel/config/v2x_virt/one
 *	echo 1 > /sys/kernel/config/v2x_virt/one/live
 *	cat /sys/kernel/config/v2x_virt/one/dev_name
 *
 * A directory holds a reference to the module, so that unloading needs the
 * directories to be gone.
 */
#include <linux/ctype.h>
#include <linux/init.h>
#include <linux/slab.h>
#include "virt.h"

static s32 *number_at(struct virt_charger *c, size_t at)
{
	return (s32 *)((char *)c + at);
}

#define SLOWDOWN_MAX	100

ssize_t virt_env_show(struct virt_charger *c, const char *name, char *page)
{
	const struct plant_attr *a = plant_attr_find(name);

	if (WARN_ON_ONCE(!a))
		return -ENOENT;
	return sysfs_emit(page, "%d\n",
			  READ_ONCE(*number_at(c, offsetof(struct virt_charger, env) + a->at)));
}

ssize_t virt_env_store(struct virt_charger *c, const char *name, const char *page, size_t len)
{
	const struct plant_attr *a = plant_attr_find(name);
	s32 v;
	int err = kstrtoint(page, 0, &v);

	if (WARN_ON_ONCE(!a))
		return -ENOENT;
	if (err)
		return err;
	if (!plant_attr_allows(a, v))
		return -ERANGE;
	mutex_lock(&c->lock);
	if (a->replayed)	/* or the record would go on to hide what is set */
		err = virt_replay_stop(c);
	if (!err) {
		WRITE_ONCE(*number_at(c, offsetof(struct virt_charger, env) + a->at), v);
		virt_stage_update(c);
	}
	mutex_unlock(&c->lock);
	return err ?: len;
}

static int charger_up(struct virt_charger *c)
{
	const char *field = "";
	int err;

	if (!plant_cfg_check(&c->cfg, &field)) {
		pr_err("v2x_virt: %s: %s is out of range\n", c->name, field);
		return -EINVAL;
	}
	c->dev = platform_device_register_simple("v2x-virt", PLATFORM_DEVID_AUTO, NULL, 0);
	if (IS_ERR(c->dev)) {
		err = PTR_ERR(c->dev);
		c->dev = NULL;
		return err;
	}
	c->chip = virt_gpio_create(c);
	if (IS_ERR(c->chip)) {
		err = PTR_ERR(c->chip);
		goto no_chip;
	}
	c->vs = virt_stage_create(c);
	if (IS_ERR(c->vs)) {
		err = PTR_ERR(c->vs);
		goto no_stage;
	}
	return 0;

no_stage:
	c->vs = NULL;
	virt_gpio_destroy(c->chip);	/* and c->dev */
	c->chip = NULL;
	c->dev = NULL;
	return err;
no_chip:
	c->chip = NULL;
	platform_device_unregister(c->dev);
	c->dev = NULL;
	return err;
}

static void charger_down(struct virt_charger *c)
{
	if (!c->vs)
		return;
	/* The battery keeps its charge. */
	c->cfg.soc_permille = (READ_ONCE(c->vs->view.soc_q16) * 1000 + 32768) >> 16;
	virt_stage_destroy(c->vs);
	c->vs = NULL;
	virt_replay_reset(c);
	virt_gpio_destroy(c->chip);	/* and c->dev */
	c->chip = NULL;
	c->dev = NULL;
}

static ssize_t virt_group_live_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%d\n", !!READ_ONCE(virt_group_charger(item)->vs));
}

static ssize_t virt_group_live_store(struct config_item *item, const char *page, size_t len)
{
	struct virt_charger *c = virt_group_charger(item);
	bool live;
	int err = kstrtobool(page, &live);

	if (err)
		return err;
	mutex_lock(&c->lock);
	if (live && !c->vs)
		err = charger_up(c);
	else if (!live)
		charger_down(c);
	mutex_unlock(&c->lock);
	return err ?: len;
}
CONFIGFS_ATTR(virt_group_, live);

static ssize_t virt_group_dev_name_show(struct config_item *item, char *page)
{
	struct virt_charger *c = virt_group_charger(item);
	int n;

	mutex_lock(&c->lock);
	n = sysfs_emit(page, "%s\n", c->vs ? v2x_stage_dev_name(&c->vs->stage) : "");
	mutex_unlock(&c->lock);
	return n;
}
CONFIGFS_ATTR_RO(virt_group_, dev_name);

static ssize_t cfg_show(struct virt_charger *c, size_t at, char *page)
{
	return sysfs_emit(page, "%d\n", READ_ONCE(*number_at(c, at)));
}

/* What is soldered can only be changed while nothing is live. */
static ssize_t cfg_store(struct virt_charger *c, size_t at, const char *page, size_t len)
{
	s32 *field = number_at(c, at), v, old;
	int err = kstrtoint(page, 0, &v);

	if (err)
		return err;
	mutex_lock(&c->lock);
	old = *field;
	if (c->vs) {
		err = -EBUSY;
	} else {
		*field = v;
		if (!plant_cfg_check(&c->cfg, NULL)) {
			*field = old;
			err = -ERANGE;
		}
	}
	mutex_unlock(&c->lock);
	return err ?: len;
}

#define VIRT_CFG_ATTR(_name, _field)							\
enum { virt_group_##_name##_at = offsetof(struct virt_charger, _field) };		\
static ssize_t virt_group_##_name##_show(struct config_item *item, char *page)		\
{											\
	return cfg_show(virt_group_charger(item), virt_group_##_name##_at, page);	\
}											\
static ssize_t virt_group_##_name##_store(struct config_item *item, const char *page,	\
					  size_t len)					\
{											\
	return cfg_store(virt_group_charger(item), virt_group_##_name##_at, page, len);	\
}											\
CONFIGFS_ATTR(virt_group_, _name)

VIRT_CFG_ATTR(tick_hz, cfg.tick_hz);
VIRT_CFG_ATTR(v_nominal_mv, cfg.v_nominal_mv);
VIRT_CFG_ATTR(noise_permille, cfg.noise_permille);
VIRT_CFG_ATTR(island_switch, cfg.island_switch);
VIRT_CFG_ATTR(dc_bus, cfg.dc_bus);

static ssize_t virt_group_f_nominal_mhz_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%u\n", virt_group_charger(item)->cfg.f_nominal_mhz);
}

static ssize_t virt_group_f_nominal_mhz_store(struct config_item *item, const char *page,
					      size_t len)
{
	struct virt_charger *c = virt_group_charger(item);
	ssize_t ret = cfg_store(c, offsetof(struct virt_charger, cfg.f_nominal_mhz), page, len);

	if (ret > 0)	/* the grid with it, or the charger would see a foreign one */
		WRITE_ONCE(c->env.grid.frequency_mhz, READ_ONCE(c->cfg.f_nominal_mhz));
	return ret;
}
CONFIGFS_ATTR(virt_group_, f_nominal_mhz);

static ssize_t virt_group_phases_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%u\n", READ_ONCE(virt_group_charger(item)->cfg.phases));
}
CONFIGFS_ATTR_RO(virt_group_, phases);

static ssize_t virt_group_battery_cells_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%u\n", virt_group_charger(item)->cfg.cells);
}

static ssize_t virt_group_battery_cells_store(struct config_item *item, const char *page,
					      size_t len)
{
	struct virt_charger *c = virt_group_charger(item);
	ssize_t ret = cfg_store(c, offsetof(struct virt_charger, cfg.cells), page, len);
	struct plant_env env;

	if (ret < 0)
		return ret;
	mutex_lock(&c->lock);
	plant_env_default(&c->cfg, &env);
	c->env.car.v_max_mv = env.car.v_max_mv;
	c->env.car.v_min_mv = env.car.v_min_mv;
	mutex_unlock(&c->lock);
	return ret;
}
CONFIGFS_ATTR(virt_group_, battery_cells);

static ssize_t virt_group_cpu_show(struct config_item *item, char *page)
{
	struct virt_charger *c = virt_group_charger(item);
	int cpu;

	mutex_lock(&c->lock);
	cpu = c->vs ? (int)c->vs->cpu : c->cpu;
	mutex_unlock(&c->lock);
	return sysfs_emit(page, "%d\n", cpu);
}

static ssize_t virt_group_cpu_store(struct config_item *item, const char *page, size_t len)
{
	struct virt_charger *c = virt_group_charger(item);
	int cpu, err = kstrtoint(page, 0, &cpu);

	if (err)
		return err;
	if (cpu < -1 || cpu >= (int)nr_cpu_ids)
		return -ERANGE;
	mutex_lock(&c->lock);
	err = c->vs ? -EBUSY : 0;
	if (!err)
		c->cpu = cpu;
	mutex_unlock(&c->lock);
	return err ?: len;
}
CONFIGFS_ATTR(virt_group_, cpu);

/*
 * For kernels too slow for the tick, such as one with KASAN and lockdep: each
 * tick is the same, but so many times longer apart.
 */
static ssize_t virt_group_slowdown_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%u\n", READ_ONCE(virt_group_charger(item)->slowdown));
}

static ssize_t virt_group_slowdown_store(struct config_item *item, const char *page, size_t len)
{
	struct virt_charger *c = virt_group_charger(item);
	u32 v;
	int err = kstrtou32(page, 0, &v);

	if (err)
		return err;
	if (v < 1 || v > SLOWDOWN_MAX)
		return -ERANGE;
	mutex_lock(&c->lock);
	err = c->vs ? -EBUSY : 0;
	if (!err)
		c->slowdown = v;
	mutex_unlock(&c->lock);
	return err ?: len;
}
CONFIGFS_ATTR(virt_group_, slowdown);

static struct configfs_attribute *virt_group_attrs[] = {
	&virt_group_attr_live,
	&virt_group_attr_dev_name,
	&virt_model_attr,
	&virt_models_attr,
	&virt_group_attr_tick_hz,
	&virt_group_attr_f_nominal_mhz,
	&virt_group_attr_v_nominal_mv,
	&virt_group_attr_phases,
	&virt_group_attr_battery_cells,
	&virt_group_attr_noise_permille,
	&virt_group_attr_island_switch,
	&virt_group_attr_dc_bus,
	&virt_group_attr_cpu,
	&virt_group_attr_slowdown,
	NULL
};

static void virt_group_release(struct config_item *item)
{
	struct virt_charger *c = virt_group_charger(item);

	virt_replay_free(c);
	mutex_destroy(&c->lock);
	kfree(c);
}

static struct configfs_item_operations virt_group_item_ops = {
	.release = virt_group_release,
};

static const struct config_item_type virt_group_type = {
	.ct_owner = THIS_MODULE,
	.ct_item_ops = &virt_group_item_ops,
	.ct_attrs = virt_group_attrs,
};

static bool name_ok(const char *name)
{
	if (strlen(name) >= V2X_NAME_LEN)
		return false;
	for (; *name; name++)
		if (!isalnum(*name) && !strchr("-_.", *name))
			return false;
	return true;
}

/* The same name gives the same noise, every time. */
static u64 seed_of(const char *name)
{
	u64 h = 14695981039346656037ULL;	/* FNV-1a */

	for (; *name; name++)
		h = (h ^ (u8)*name) * 1099511628211ULL;
	return h ?: 1;
}

static void add_group(struct virt_charger *c, struct config_group *group, const char *name,
		      const struct config_item_type *type)
{
	config_group_init_type_name(group, name, type);
	configfs_add_default_group(group, &c->group);
}

static struct config_group *virt_make_group(struct config_group *parent, const char *name)
{
	struct virt_charger *c;

	if (!name_ok(name))
		return ERR_PTR(-EINVAL);
	c = kzalloc(sizeof(*c), GFP_KERNEL);
	if (!c)
		return ERR_PTR(-ENOMEM);
	mutex_init(&c->lock);
	strscpy(c->name, name, sizeof(c->name));
	snprintf(c->serial, sizeof(c->serial), "VIRT-%08X", (u32)(seed_of(name) >> 32));
	c->cpu = -1;
	c->slowdown = 1;
	c->rec_refused = -1;
	plant_cfg_default(&c->cfg);
	c->cfg.seed = seed_of(name);
	plant_env_default(&c->cfg, &c->env);
	config_group_init_type_name(&c->group, name, &virt_group_type);
	add_group(c, &c->grid, "grid", &virt_grid_type);
	add_group(c, &c->car, "car", &virt_car_type);
	add_group(c, &c->bus, "bus", &virt_bus_type);
	add_group(c, &c->fault, "fault", &virt_fault_type);
	add_group(c, &c->gpio, "gpio", &virt_gpio_type);
	return &c->group;
}

/* rmdir, live or not: everything is made safe and removed. */
static void virt_drop_item(struct config_group *parent, struct config_item *item)
{
	struct virt_charger *c = virt_group_charger(item);

	mutex_lock(&c->lock);
	charger_down(c);
	mutex_unlock(&c->lock);
	config_item_put(item);
}

static struct configfs_group_operations virt_root_ops = {
	.make_group = virt_make_group,
	.drop_item = virt_drop_item,
};

static const struct config_item_type virt_root_type = {
	.ct_owner = THIS_MODULE,
	.ct_group_ops = &virt_root_ops,
};

static struct configfs_subsystem virt_subsystem = {
	.su_group = {
		.cg_item = {
			.ci_namebuf = "v2x_virt",
			.ci_type = &virt_root_type,
		},
	},
};

static int __init virt_init(void)
{
	int err = virt_gpio_init();

	if (err)
		return err;
	config_group_init(&virt_subsystem.su_group);
	mutex_init(&virt_subsystem.su_mutex);
	err = configfs_register_subsystem(&virt_subsystem);
	if (err)
		virt_gpio_exit();
	return err;
}
module_init(virt_init);

static void __exit virt_exit(void)
{
	configfs_unregister_subsystem(&virt_subsystem);
	virt_gpio_exit();
}
module_exit(virt_exit);

MODULE_DESCRIPTION("Virtual bidirectional EV chargers");
MODULE_LICENSE("GPL");
MODULE_SOFTDEP("pre: v2x");
