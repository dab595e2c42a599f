/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interface between the v2x core and a power-stage driver.
 *
 * The stage owns the tick: on a board the ADC or PWM interrupt is the clock.
 * In each period the stage calls v2x_stage_tick(), which calls back sample()
 * and modulate() once each. Everything marked "hard" runs in hard-interrupt
 * context, also on PREEMPT_RT: no sleeping lock, no allocation, bounded time.
 */
#ifndef _V2X_STAGE_H
#define _V2X_STAGE_H

#include <linux/device.h>
#include <v2x/stage_desc.h>

struct v2x_stage;
struct v2x_core;

/**
 * struct v2x_stage_ops - a power stage
 * @start: begin to tick; may sleep; 0 or -errno. Gates stay inhibited.
 * @stop: end ticking; may sleep; no tick runs after it returned. The stage
 *	inhibits gates and opens contactors.
 * @sample: hard; fill in the samples of this period
 * @modulate: hard; take effect from the next period
 * @inhibit: any context, also NMI-like ones such as panic; gates off and
 *	contactor coils off at once, no lock may be waited for. Ends when
 *	modulate() commands everything off: gates, DC/DC and coils.
 */
struct v2x_stage_ops {
	int (*start)(struct v2x_stage *stage);
	void (*stop)(struct v2x_stage *stage);
	void (*sample)(struct v2x_stage *stage, struct v2x_samples *s);
	void (*modulate)(struct v2x_stage *stage, const struct v2x_gate_cmd *cmd);
	void (*inhibit)(struct v2x_stage *stage);
};

/**
 * struct v2x_stage - embedded in the driver's own structure
 * @ops: set by the driver
 * @desc: set by the driver; must stay until v2x_stage_unregister() returned
 * @parent: set by the driver; parent of the class device, may be NULL
 * @owner: THIS_MODULE
 * @core: private to the core
 */
struct v2x_stage {
	const struct v2x_stage_ops *ops;
	const struct v2x_stage_desc *desc;
	struct device *parent;
	struct module *owner;
	struct v2x_core *core;
};

/**
 * v2x_stage_register() - create /dev/v2xN for a stage and start its tick
 * @stage: filled in by the driver
 *
 * Context: may sleep. Return: 0, -EINVAL for a description that contradicts
 * itself (the log names the field), -ENOMEM, or what start() returned.
 */
int v2x_stage_register(struct v2x_stage *stage);

/**
 * v2x_stage_unregister() - stop the tick, make gates safe, remove /dev/v2xN
 * @stage: registered before
 *
 * Open files get -ENODEV from then on; parked waits complete with it. The
 * stage is not touched after this returns. Context: may sleep.
 */
void v2x_stage_unregister(struct v2x_stage *stage);

/**
 * v2x_stage_tick() - one control period
 * @stage: a started stage
 * @due_ns: when this tick should have begun, CLOCK_MONOTONIC
 * @missed: whole periods skipped since the last call
 *
 * Context: hard interrupt, always the same CPU.
 */
void v2x_stage_tick(struct v2x_stage *stage, u64 due_ns, u32 missed);

/**
 * v2x_stage_trip() - a hardware fault line fired between ticks
 * @stage: a started stage
 * @lines: V2X_FAULT_*
 * @edge_ns: time of the edge, CLOCK_MONOTONIC
 *
 * Inhibits the stage at once; the next tick latches the reason.
 * Context: any, hard interrupt included.
 */
void v2x_stage_trip(struct v2x_stage *stage, u32 lines, u64 edge_ns);

/**
 * v2x_stage_devt_name() - name of the character device, "v2x0"
 * @stage: registered
 */
const char *v2x_stage_dev_name(const struct v2x_stage *stage);

#endif /* _V2X_STAGE_H */
