// SPDX-License-Identifier: GPL-2.0-only
/*
 * The safe state: how power stops when the machine suspends, shuts down or
 * panics, or when the stage goes.
 *
 * First as a supervisor would stop it (ramp down, open without current); what
 * has not stopped by then is tripped. A panic has no time for that.
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/panic_notifier.h>
#include <linux/pm.h>
#include <linux/reboot.h>

#include "core.h"

/* By id, for the panic, which takes no lock; the mutex is for the reboot. */
static struct v2x_core *v2x_cores[V2X_MINORS];
static DEFINE_MUTEX(v2x_cores_lock);

/**
 * v2x_safe_add() - watch over a charger
 * @core: registered
 */
void v2x_safe_add(struct v2x_core *core)
{
	mutex_lock(&v2x_cores_lock);
	WRITE_ONCE(v2x_cores[core->id], core);
	mutex_unlock(&v2x_cores_lock);
}

/**
 * v2x_safe_remove() - no longer
 * @core: being unregistered
 */
void v2x_safe_remove(struct v2x_core *core)
{
	mutex_lock(&v2x_cores_lock);
	WRITE_ONCE(v2x_cores[core->id], NULL);
	mutex_unlock(&v2x_cores_lock);
}

/**
 * v2x_settle() - let some ticks go by
 * @core: the charger
 * @ticks: how many
 *
 * Return: 0, -ETIME if there is none for V2X_STALLED_US. Context: process.
 */
int v2x_settle(struct v2x_core *core, u32 ticks)
{
	const u64 end = atomic64_read(&core->tick) + ticks;
	const u32 period_us = DIV_ROUND_UP(USEC_PER_SEC, core->desc.tick_hz);
	u64 now, seen = 0;
	int idle_us;

	for (idle_us = 0; idle_us < V2X_STALLED_US; idle_us += 2 * period_us) {
		now = atomic64_read(&core->tick);
		if (now >= end)
			return 0;
		if (now != seen)
			idle_us = 0;
		seen = now;
		usleep_range(2 * period_us, 4 * period_us);
	}
	return -ETIME;
}

static bool v2x_is_stopped(const struct v2x_core *core)
{
	u32 state = READ_ONCE(core->state);

	return state == V2X_STATE_IDLE || state == V2X_STATE_FAULT;
}

/**
 * v2x_quiesce() - stop power, start none until core->closing is taken back
 * @core: the charger
 * @reason: enum v2x_reason
 *
 * Context: process; sleeps up to V2X_QUIESCE_MS worth of ticks.
 */
void v2x_quiesce(struct v2x_core *core, u32 reason)
{
	const u32 ticks_20ms = core->desc.tick_hz / 50;
	bool running;
	int ms;

	mutex_lock(&core->cfg_lock);
	core->closing = reason;
	running = core->running;
	if (running) {
		v2x_setting_zero(core);
		v2x_request(core, V2X_CTL_REQ_STOP, reason, 0);
	}
	mutex_unlock(&core->cfg_lock);
	if (!running)
		return;
	if (v2x_settle(core, 2) == 0 && v2x_is_stopped(core))
		return;
	for (ms = 0; ms < V2X_QUIESCE_MS; ms += 20) {
		if (v2x_settle(core, ticks_20ms))
			break; /* the stage has stopped ticking */
		if (v2x_is_stopped(core))
			return;
	}
	v2x_request(core, V2X_CTL_REQ_TRIP, reason, 0);
	v2x_inhibit(core);
	v2x_settle(core, 2);
}

/**
 * v2x_stop() - end ticking
 * @core: the charger
 *
 * Context: process.
 */
void v2x_stop(struct v2x_core *core)
{
	mutex_lock(&core->cfg_lock);
	if (core->running) {
		core->running = false;
		core->stage->ops->stop(core->stage);
		core->stage->ops->inhibit(core->stage);
	}
	mutex_unlock(&core->cfg_lock);
}

/**
 * v2x_start() - begin or resume ticking, gates inhibited, in IDLE or FAULT
 * @core: the charger, stopped
 *
 * Return: 0 or what the stage said. Context: process.
 */
int v2x_start(struct v2x_core *core)
{
	int ret = 0;

	mutex_lock(&core->cfg_lock);
	if (!core->running && core->stage) {
		ret = core->stage->ops->start(core->stage);
		core->running = !ret;
		if (!ret)
			core->closing = 0;
	}
	mutex_unlock(&core->cfg_lock);
	return ret;
}

static int v2x_suspend(struct device *dev)
{
	struct v2x_core *core = container_of(dev, struct v2x_core, dev);

	v2x_quiesce(core, V2X_REASON_SUSPEND);
	v2x_stop(core);
	return 0;
}

static int v2x_resume(struct device *dev)
{
	return v2x_start(container_of(dev, struct v2x_core, dev));
}

DEFINE_SIMPLE_DEV_PM_OPS(v2x_pm_ops, v2x_suspend, v2x_resume);

static int v2x_reboot(struct notifier_block *nb, unsigned long action, void *data)
{
	int i;

	mutex_lock(&v2x_cores_lock);
	for (i = 0; i < V2X_MINORS; i++) {
		if (v2x_cores[i]) {
			v2x_quiesce(v2x_cores[i], V2X_REASON_SHUTDOWN);
			v2x_stop(v2x_cores[i]);
		}
	}
	mutex_unlock(&v2x_cores_lock);
	return NOTIFY_DONE;
}

static int v2x_panic(struct notifier_block *nb, unsigned long action, void *data)
{
	struct v2x_core *core;
	struct v2x_stage *stage;
	int i;

	for (i = 0; i < V2X_MINORS; i++) {
		core = READ_ONCE(v2x_cores[i]);
		stage = core ? READ_ONCE(core->stage) : NULL;
		if (stage)
			stage->ops->inhibit(stage);
	}
	return NOTIFY_DONE;
}

/* Before the drivers that a stage may sit on. */
static struct notifier_block v2x_reboot_nb = { .notifier_call = v2x_reboot, .priority = 128 };
/* Before whatever prints or dumps. */
static struct notifier_block v2x_panic_nb = { .notifier_call = v2x_panic, .priority = INT_MAX };

int v2x_safe_init(void)
{
	int ret = register_reboot_notifier(&v2x_reboot_nb);

	if (!ret)
		atomic_notifier_chain_register(&panic_notifier_list, &v2x_panic_nb);
	return ret;
}

void v2x_safe_exit(void)
{
	atomic_notifier_chain_unregister(&panic_notifier_list, &v2x_panic_nb);
	unregister_reboot_notifier(&v2x_reboot_nb);
}
