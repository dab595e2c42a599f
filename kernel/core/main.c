// SPDX-License-Identifier: GPL-2.0-only
/* The class, and the registration of power stages with it. */
#define pr_fmt(fmt) "v2x: " fmt

#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "compat.h"
#include "core.h"

#define V2X_TICK_HZ_MIN	1000
#define V2X_TICK_HZ_MAX	100000

static dev_t v2x_devt;
static DEFINE_IDA(v2x_ida);

static void v2x_core_free(struct device *dev)
{
	struct v2x_core *core = container_of(dev, struct v2x_core, dev);

	v2x_regions_free(core);
	ida_free(&v2x_ida, core->id);
	mutex_destroy(&core->cfg_lock);
	kvfree(core);
}

static struct class v2x_class = {
	.name = "v2x",
	.dev_groups = v2x_groups,
	.dev_release = v2x_core_free,
	.pm = pm_sleep_ptr(&v2x_pm_ops),
};

/* A description that would make the core read beyond what is there, or divide by zero. */
static const char *v2x_desc_flaw(const struct v2x_stage_desc *desc)
{
	int i;

	if (!desc->driver || !desc->name || !desc->serial)
		return "driver, name, serial";
	if (!desc->phases || desc->phases > V2X_PHASES_MAX)
		return "phases";
	if (desc->tick_hz < V2X_TICK_HZ_MIN || desc->tick_hz > V2X_TICK_HZ_MAX)
		return "tick_hz";
	if (desc->f_nominal_mhz != 50000 && desc->f_nominal_mhz != 60000)
		return "f_nominal_mhz";
	if (!desc->v_nominal_mv || !desc->i_rated_ma || !desc->s_rated_mva)
		return "v_nominal_mv, i_rated_ma, s_rated_mva";
	if (desc->v_ev_min_mv >= desc->v_ev_max_mv)
		return "v_ev_min_mv, v_ev_max_mv";
	if (desc->v_dc_link_nominal_mv >= desc->v_dc_link_max_mv)
		return "v_dc_link_nominal_mv, v_dc_link_max_mv";
	if (!desc->adc_present || desc->adc_present >= BIT(V2X_ADC_COUNT))
		return "adc_present";
	for (i = 0; i < V2X_ADC_COUNT; i++) {
		const struct v2x_adc_desc *adc = &desc->adc[i];

		if ((desc->adc_present & BIT(i)) &&
		    (!adc->name || adc->unit > V2X_UNIT_OHM || !adc->scale_n ||
		     adc->raw_min >= adc->raw_max))
			return "adc";
	}
	return NULL;
}

static int v2x_stage_check(const struct v2x_stage *stage)
{
	const struct v2x_stage_ops *ops = stage->ops;
	const char *flaw;

	if (!ops || !ops->start || !ops->stop || !ops->sample || !ops->modulate || !ops->inhibit)
		flaw = "ops";
	else if (!stage->desc)
		flaw = "desc";
	else
		flaw = v2x_desc_flaw(stage->desc);
	if (!flaw)
		return 0;
	pr_err("%s: refused, %s: missing or out of range\n",
	       stage->desc && stage->desc->name ? stage->desc->name : "stage", flaw);
	return -EINVAL;
}

static void v2x_info_fill(struct v2x_core *core)
{
	const struct v2x_stage_desc *desc = &core->desc;
	struct v2x_info *info = &core->info;

	info->api_version = V2X_API_VERSION;
	info->features = desc->features | V2X_FEATURE_RECORDER;
	if (IS_ENABLED(CONFIG_IO_URING))
		info->features |= V2X_FEATURE_URING;
	if (IS_ENABLED(CONFIG_IO_URING) && V2X_HAVE_URING_CANCEL)
		info->features |= V2X_FEATURE_URING_CANCEL;
	strscpy(info->driver, desc->driver, sizeof(info->driver));
	strscpy(info->name, desc->name, sizeof(info->name));
	strscpy(info->serial, desc->serial, sizeof(info->serial));
	info->phases = desc->phases;
	info->tick_hz = desc->tick_hz;
	info->f_nominal_mhz = desc->f_nominal_mhz;
	info->v_nominal_mv = desc->v_nominal_mv;
	info->i_rated_ma = desc->i_rated_ma;
	info->s_rated_mva = desc->s_rated_mva;
	info->p_import_max_mw = desc->p_import_max_mw;
	info->p_export_max_mw = desc->p_export_max_mw;
	info->q_max_mvar = desc->q_max_mvar;
	info->v_dc_link_nominal_mv = desc->v_dc_link_nominal_mv;
	info->v_dc_link_max_mv = desc->v_dc_link_max_mv;
	info->v_ev_min_mv = desc->v_ev_min_mv;
	info->v_ev_max_mv = desc->v_ev_max_mv;
	info->i_ev_max_ma = desc->i_ev_max_ma;
	info->adc_count = v2x_channel_count(desc, V2X_CHANNEL_ADC);
	info->pwm_count = v2x_channel_count(desc, V2X_CHANNEL_PWM);
	info->fault_count = v2x_channel_count(desc, V2X_CHANNEL_FAULT);
	v2x_regions_describe(core, info);
}

static void v2x_core_init(struct v2x_core *core, struct v2x_stage *stage)
{
	core->stage = stage;
	core->desc = *stage->desc;
	core->ms_per_tick_q24 = div_u64(1000ULL << 24, core->desc.tick_hz);
	init_rwsem(&core->stage_lock);
	mutex_init(&core->cfg_lock);
	raw_spin_lock_init(&core->event_lock);
	spin_lock_init(&core->wait_lock);
	INIT_LIST_HEAD(&core->parked);
	init_waitqueue_head(&core->event_wq);
	init_irq_work(&core->kick, v2x_kick);
}

/* Memory, number and name. From here on put_device() undoes all. */
static struct v2x_core *v2x_core_new(struct v2x_stage *stage)
{
	struct v2x_core *core = kvzalloc(sizeof(*core), GFP_KERNEL);

	if (!core)
		return ERR_PTR(-ENOMEM);
	core->id = ida_alloc_max(&v2x_ida, V2X_MINORS - 1, GFP_KERNEL);
	if (core->id < 0) {
		int ret = core->id;

		kvfree(core);
		return ERR_PTR(ret);
	}
	v2x_core_init(core, stage);
	device_initialize(&core->dev);
	core->dev.class = &v2x_class;
	core->dev.parent = stage->parent;
	core->dev.devt = MKDEV(MAJOR(v2x_devt), core->id);
	return core;
}

static int v2x_core_setup(struct v2x_core *core)
{
	int ret;

	ret = dev_set_name(&core->dev, "v2x%d", core->id);
	if (ret)
		return ret;
	ret = v2x_regions_alloc(core);
	if (ret)
		return ret;
	ret = v2x_ctl_init(&core->ctl, &core->desc);
	if (ret) {
		pr_err("%s: refused, no control for these ratings and plant values\n",
		       core->desc.name);
		return ret;
	}
	ret = v2x_setting_init(core);
	if (ret)
		return ret;
	v2x_recorder_init(core);
	v2x_info_fill(core);
	return 0;
}

/* No tick, no kick, no work after this. */
static void v2x_core_halt(struct v2x_core *core)
{
	v2x_stop(core);
	irq_work_sync(&core->kick);
	cancel_work_sync(&core->recorder.work);
	/* The work's last words. */
	irq_work_sync(&core->kick);
}

int v2x_stage_register(struct v2x_stage *stage)
{
	struct v2x_core *core;
	int ret;

	ret = v2x_stage_check(stage);
	if (ret)
		return ret;
	core = v2x_core_new(stage);
	if (IS_ERR(core))
		return PTR_ERR(core);
	ret = v2x_core_setup(core);
	if (ret)
		goto err_put;
	stage->core = core;
	ret = v2x_start(core);
	if (ret)
		goto err_put;
	v2x_safe_add(core);
	cdev_init(&core->cdev, &v2x_fops);
	core->cdev.owner = THIS_MODULE;
	ret = cdev_device_add(&core->cdev, &core->dev);
	if (ret)
		goto err_halt;
	dev_info(&core->dev, "%s \"%s\", %u phases, %u VA, tick %u Hz\n", core->desc.driver,
		 core->desc.name, core->desc.phases, core->desc.s_rated_mva / 1000,
		 core->desc.tick_hz);
	return 0;

err_halt:
	v2x_safe_remove(core);
	v2x_core_halt(core);
err_put:
	stage->core = NULL;
	put_device(&core->dev);
	return ret;
}
EXPORT_SYMBOL_GPL(v2x_stage_register);

void v2x_stage_unregister(struct v2x_stage *stage)
{
	struct v2x_core *core = stage->core;

	v2x_quiesce(core, V2X_REASON_REMOVED);
	v2x_safe_remove(core);
	cdev_device_del(&core->cdev, &core->dev);
	v2x_core_halt(core);

	down_write(&core->stage_lock);
	mutex_lock(&core->cfg_lock);
	WRITE_ONCE(core->stage, NULL);
	mutex_unlock(&core->cfg_lock);
	up_write(&core->stage_lock);

	v2x_waits_end(core);
	wake_up_poll(&core->event_wq, EPOLLHUP | EPOLLERR);
	stage->core = NULL;
	put_device(&core->dev);
}
EXPORT_SYMBOL_GPL(v2x_stage_unregister);

const char *v2x_stage_dev_name(const struct v2x_stage *stage)
{
	return dev_name(&stage->core->dev);
}
EXPORT_SYMBOL_GPL(v2x_stage_dev_name);

static int __init v2x_init(void)
{
	int ret;

	ret = alloc_chrdev_region(&v2x_devt, 0, V2X_MINORS, "v2x");
	if (ret)
		return ret;
	ret = class_register(&v2x_class);
	if (ret)
		goto err_region;
	ret = v2x_safe_init();
	if (ret)
		goto err_class;
	return 0;

err_class:
	class_unregister(&v2x_class);
err_region:
	unregister_chrdev_region(v2x_devt, V2X_MINORS);
	return ret;
}

static void __exit v2x_exit(void)
{
	v2x_safe_exit();
	class_unregister(&v2x_class);
	unregister_chrdev_region(v2x_devt, V2X_MINORS);
	ida_destroy(&v2x_ida);
}

module_init(v2x_init);
module_exit(v2x_exit);
MODULE_DESCRIPTION("Bidirectional EV charger core");
MODULE_LICENSE("GPL");
