// SPDX-License-Identifier: GPL-2.0-only
/*
 * A virtual power stage: the plant behind struct v2x_stage_ops, ticked by a
 * pinned timer in hard-interrupt context.
 */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/smp.h>
#include "virt.h"

/*
 * Periods that were missed are simulated up to here, because the grid and
 * the currents went on; a longer gap only turns the grid's angle.
 */
#define CATCH_UP_MAX	4

/* The PWM unit's own watchdog: without an update this long, gates off. */
#define PWM_WATCHDOG_PERIODS	2

static struct virt_stage *to_virt(struct v2x_stage *stage)
{
	return container_of(stage, struct virt_stage, stage);
}

/* Take over what process context has prepared. */
static void take_change(struct virt_stage *vs)
{
	struct virt_change *ch = &vs->change;

	if (!READ_ONCE(ch->pending))
		return;
	raw_spin_lock(&vs->lock);
	plant_apply(&vs->plant, &ch->set);
	if (ch->replay_new)
		vs->plant.replay = ch->replay;
	if (ch->soc_new)
		vs->plant.soc = ch->soc;
	ch->replay_new = false;
	ch->soc_new = false;
	WRITE_ONCE(ch->pending, false);
	raw_spin_unlock(&vs->lock);
}

static void show_view(struct virt_stage *vs)
{
	const struct plant *p = &vs->plant;

	WRITE_ONCE(vs->view.soc_q16, (u32)(p->soc >> 40));
	WRITE_ONCE(vs->view.bms_open, p->bms_open);
	WRITE_ONCE(vs->view.vehicle_on, p->vehicle_on);
	if (!p->replay.rec)
		return;
	/* us Q20 to ms: / 1000 as * 2^32 / 1000 */
	WRITE_ONCE(vs->view.replay_ms, (u32)(((p->replay.t_q20 >> 20) * 4294967ULL) >> 32));
	WRITE_ONCE(vs->view.replay_at, p->replay.at);
	WRITE_ONCE(vs->view.replay_done, p->replay.done);
}

static void catch_up(struct virt_stage *vs, struct v2x_gate_cmd *cmd)
{
	u32 i;

	for (i = 0; i < vs->missed && i < CATCH_UP_MAX; i++) {
		if (i + 1 >= PWM_WATCHDOG_PERIODS) {
			cmd->gates = false;
			cmd->dcdc_gates = false;
		}
		plant_step(&vs->plant, cmd);
	}
	if (vs->missed > i)
		plant_skip(&vs->plant, vs->missed - i);
}

static void virt_sample(struct v2x_stage *stage, struct v2x_samples *s)
{
	struct virt_stage *vs = to_virt(stage);
	struct v2x_gate_cmd cmd = vs->cmd;

	take_change(vs);
	if (READ_ONCE(vs->inhibited)) {
		cmd.gates = false;
		cmd.dcdc_gates = false;
		cmd.contactors = 0;
	}
	if (unlikely(vs->missed))
		catch_up(vs, &cmd);
	plant_step(&vs->plant, &cmd);
	plant_sample(&vs->plant, s);
	show_view(vs);
}

/*
 * An inhibit ends when the control has answered it by commanding everything
 * off: a command that was already on its way with gates on does not undo it.
 */
static void virt_modulate(struct v2x_stage *stage, const struct v2x_gate_cmd *cmd)
{
	struct virt_stage *vs = to_virt(stage);

	vs->cmd = *cmd;
	if (!cmd->gates && !cmd->dcdc_gates && !cmd->contactors)
		WRITE_ONCE(vs->inhibited, 0);
}

static void virt_inhibit(struct v2x_stage *stage)
{
	WRITE_ONCE(to_virt(stage)->inhibited, 1);
}

static enum hrtimer_restart virt_tick(struct hrtimer *timer)
{
	struct virt_stage *vs = container_of(timer, struct virt_stage, timer);
	ktime_t due = hrtimer_get_expires(timer);
	u64 periods = hrtimer_forward_now(timer, vs->period);
	u32 late = periods > 1 ? (u32)(periods - 1) : 0;
	u32 skip = READ_ONCE(vs->skip);

	if (unlikely(skip)) {
		WRITE_ONCE(vs->skip, skip - 1);
		vs->swallowed += late + 1;
		return HRTIMER_RESTART;
	}
	vs->missed = late + vs->swallowed;
	vs->swallowed = 0;
	v2x_stage_tick(&vs->stage, ktime_to_ns(due) + late * ktime_to_ns(vs->period),
		       vs->missed);
	return HRTIMER_RESTART;
}

static void start_here(void *data)
{
	struct virt_stage *vs = data;

	hrtimer_start(&vs->timer, ktime_add(ktime_get(), vs->period),
		      HRTIMER_MODE_ABS_PINNED_HARD);
}

static int virt_start(struct v2x_stage *stage)
{
	struct virt_stage *vs = to_virt(stage);

	WRITE_ONCE(vs->inhibited, 1);
	vs->swallowed = 0;
	memset(&vs->cmd, 0, sizeof(vs->cmd));
	vs->cmd.pilot_permille = V2X_PILOT_DUTY_STEADY;
	return smp_call_function_single(vs->cpu, start_here, vs, 1);
}

static void virt_stop(struct v2x_stage *stage)
{
	struct virt_stage *vs = to_virt(stage);

	hrtimer_cancel(&vs->timer);
	WRITE_ONCE(vs->inhibited, 1);
}

static const struct v2x_stage_ops virt_ops = {
	.start = virt_start,
	.stop = virt_stop,
	.sample = virt_sample,
	.modulate = virt_modulate,
	.inhibit = virt_inhibit,
};

static void virt_edge(struct irq_work *work)
{
	struct virt_stage *vs = container_of(work, struct virt_stage, edge);
	u32 lines = (u32)atomic_xchg(&vs->edge_lines, 0);

	if (lines)
		v2x_stage_trip(&vs->stage, lines, READ_ONCE(vs->edge_ns));
}

static unsigned int choose_cpu(int wanted)
{
	static atomic_t turn = ATOMIC_INIT(-1);
	unsigned int n = (unsigned int)atomic_inc_return(&turn), cpu;

	if (wanted >= 0)
		return (unsigned int)wanted;
	n %= num_online_cpus();
	for_each_online_cpu(cpu)
		if (!n--)
			return cpu;
	return cpumask_first(cpu_online_mask);
}

static void describe(struct virt_stage *vs, struct virt_charger *c)
{
	plant_describe(&c->cfg, &vs->desc);
	vs->desc.name = c->name;
	vs->desc.serial = c->serial;
	vs->stage.ops = &virt_ops;
	vs->stage.desc = &vs->desc;
	vs->stage.parent = &c->dev->dev;
	vs->stage.owner = THIS_MODULE;
}

/**
 * virt_stage_create() - make a charger live: plant, tick and /dev/v2xN
 * @c: configured, with @c->dev
 *
 * Return: the stage, or what v2x_stage_register() said as ERR_PTR.
 */
struct virt_stage *virt_stage_create(struct virt_charger *c)
{
	struct virt_stage *vs = kvzalloc(sizeof(*vs), GFP_KERNEL);
	int err;

	if (!vs)
		return ERR_PTR(-ENOMEM);
	raw_spin_lock_init(&vs->lock);
	hrtimer_init(&vs->timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS_PINNED_HARD);
	vs->timer.function = virt_tick;
	vs->period = ns_to_ktime((u64)c->slowdown * (NSEC_PER_SEC / c->cfg.tick_hz));
	vs->cpu = choose_cpu(c->cpu);
	vs->edge = IRQ_WORK_INIT_HARD(virt_edge);
	plant_init(&vs->plant, &c->cfg);
	plant_prepare(&c->cfg, &c->env, &vs->change.set);
	plant_apply(&vs->plant, &vs->change.set);
	show_view(vs);
	describe(vs, c);
	err = v2x_stage_register(&vs->stage);
	if (err) {
		kvfree(vs);
		return ERR_PTR(err);
	}
	return vs;
}

/**
 * virt_stage_destroy() - stop the tick and remove /dev/v2xN
 * @vs: from virt_stage_create(); gone afterwards
 */
void virt_stage_destroy(struct virt_stage *vs)
{
	irq_work_sync(&vs->edge);
	v2x_stage_unregister(&vs->stage);
	kvfree(vs);
}

/**
 * virt_stage_update() - put the charger's environment in force
 * @c: with a changed @c->env; nothing happens unless live
 *
 * Takes effect whole, at the next tick. Fault lines that are newly asserted
 * are also raised as an interrupt, at once.
 */
void virt_stage_update(struct virt_charger *c)
{
	struct virt_stage *vs = c->vs;
	unsigned long flags;
	u32 rising;

	if (!vs)
		return;
	plant_prepare(&c->cfg, &c->env, &vs->scratch);
	raw_spin_lock_irqsave(&vs->lock, flags);
	rising = vs->scratch.lines & ~vs->change.set.lines;
	vs->change.set = vs->scratch;
	WRITE_ONCE(vs->change.pending, true);
	raw_spin_unlock_irqrestore(&vs->lock, flags);
	if (!rising)
		return;
	WRITE_ONCE(vs->edge_ns, ktime_get_ns());
	atomic_or((int)rising, &vs->edge_lines);
	irq_work_queue(&vs->edge);
}

/**
 * virt_stage_replay() - start or stop following a record at the next tick
 * @vs: live
 * @r: without records: stop
 */
void virt_stage_replay(struct virt_stage *vs, const struct plant_replay *r)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&vs->lock, flags);
	vs->change.replay = *r;
	vs->change.replay_new = true;
	WRITE_ONCE(vs->change.pending, true);
	raw_spin_unlock_irqrestore(&vs->lock, flags);
}

/**
 * virt_stage_soc() - another battery, at the next tick
 * @vs: live, vehicle unplugged
 * @soc_permille: 0 .. 1000
 */
void virt_stage_soc(struct virt_stage *vs, u32 soc_permille)
{
	s64 soc = div_s64((s64)soc_permille << 46, 1000) << 10;
	unsigned long flags;

	raw_spin_lock_irqsave(&vs->lock, flags);
	vs->change.soc = soc;
	vs->change.soc_new = true;
	WRITE_ONCE(vs->change.pending, true);
	raw_spin_unlock_irqrestore(&vs->lock, flags);
}

/**
 * virt_stage_settle() - wait until the tick has taken the last change
 * @vs: live
 *
 * Return: 0, or -ETIMEDOUT when the tick does not run.
 */
int virt_stage_settle(struct virt_stage *vs)
{
	int i;

	for (i = 0; i < 200; i++) {
		if (!READ_ONCE(vs->change.pending)) {
			/* and left the section in which it does */
			raw_spin_lock_irq(&vs->lock);
			raw_spin_unlock_irq(&vs->lock);
			return 0;
		}
		usleep_range(100, 1000);
	}
	return -ETIMEDOUT;
}
