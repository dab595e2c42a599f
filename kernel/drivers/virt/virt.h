/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Virtual chargers: one struct virt_charger a configfs directory, one
 * struct virt_stage while it is live.
 */
#ifndef _V2X_VIRT_H
#define _V2X_VIRT_H

#include <linux/configfs.h>
#include <linux/hrtimer.h>
#include <linux/irq_work.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/spinlock.h>
#include <v2x/stage.h>
#include "plant.h"

struct virt_gpio;

/**
 * struct virt_change - what process context hands to the next tick
 * @set: environment, whole
 * @replay: new replay, or one without records to stop
 * @replay_new: @replay is meant
 * @soc: new state of charge, Q56
 * @soc_new: @soc is meant
 * @pending: something is there
 */
struct virt_change {
	struct plant_set set;
	struct plant_replay replay;
	s64 soc;
	bool replay_new;
	bool soc_new;
	bool pending;
};

/**
 * struct virt_view - what the tick shows to process context, a word at a time
 * @soc_q16: state of charge
 * @replay_ms: position
 * @replay_at: record
 * @replay_done: the last record is being held
 * @bms_open: battery management has opened
 * @vehicle_on: battery behind the vehicle contactor
 */
struct virt_view {
	u32 soc_q16;
	u32 replay_ms;
	u32 replay_at;
	bool replay_done;
	bool bms_open;
	bool vehicle_on;
};

/**
 * struct virt_stage - a live charger
 * @stage: towards the core
 * @desc: of it
 * @timer: the tick
 * @period: of it
 * @cpu: it is pinned to
 * @plant: touched by the tick only
 * @cmd: last command of the control, tick only
 * @missed: periods the tick must make up for, tick only
 * @swallowed: of the fault missed_ticks, tick only
 * @skip: ticks still to be swallowed
 * @inhibited: gates and coils are off until a command has confirmed that
 * @lock: of @change; held for the copy of one struct virt_change
 * @change: next environment
 * @scratch: where the next environment is worked out, process context only
 * @view: for attributes
 * @edge_lines: fault lines that have just been asserted
 * @edge_ns: when
 * @edge: raises them in hard-interrupt context, as a board's line would
 */
struct virt_stage {
	struct v2x_stage stage;
	struct v2x_stage_desc desc;
	struct hrtimer timer;
	ktime_t period;
	unsigned int cpu;
	struct plant plant;
	struct v2x_gate_cmd cmd;
	u32 missed;
	u32 swallowed;
	u32 skip;
	u32 inhibited;
	raw_spinlock_t lock;	/* protects change */
	struct virt_change change;
	struct plant_set scratch;
	struct virt_view view;
	atomic_t edge_lines;
	u64 edge_ns;
	struct irq_work edge;
};

/**
 * struct virt_charger - a directory below /sys/kernel/config/v2x_virt
 * @group: itself
 * @grid: directory grid/
 * @car: directory car/
 * @bus: directory bus/
 * @fault: directory fault/
 * @gpio: directory gpio/
 * @lock: of everything below
 * @name: of the directory
 * @serial: made from it
 * @cfg: what is soldered
 * @model: which row of the models it came from
 * @cpu: wanted, -1 for any
 * @slowdown: how much slower than real time everything goes
 * @env: grid, vehicle, faults
 * @dev: parent of the character device and of the GPIO chip, while live
 * @vs: NULL unless live
 * @chip: GPIO chip, NULL unless live
 * @rec: grid record
 * @rec_count: of it
 * @rec_length_ms: of it
 * @rec_refused: index of the point for which the last upload was refused, or -1
 * @replay_speed: permille, 0 while no replay is on
 */
struct virt_charger {
	struct config_group group;
	struct config_group grid;
	struct config_group car;
	struct config_group bus;
	struct config_group fault;
	struct config_group gpio;
	struct mutex lock;	/* protects everything below */
	char name[V2X_NAME_LEN];
	char serial[V2X_NAME_LEN];
	struct plant_cfg cfg;
	u32 model;
	int cpu;
	u32 slowdown;
	struct plant_env env;
	struct platform_device *dev;
	struct virt_stage *vs;
	struct virt_gpio *chip;
	struct plant_replay_rec *rec;
	u32 rec_count;
	u32 rec_length_ms;
	s32 rec_refused;
	u32 replay_speed;
};

extern const struct config_item_type virt_grid_type;
extern const struct config_item_type virt_bus_type;
extern const struct config_item_type virt_car_type;
extern const struct config_item_type virt_fault_type;
extern const struct config_item_type virt_gpio_type;

/* Stage: process context, under virt_charger.lock. */
struct virt_stage *virt_stage_create(struct virt_charger *c);
void virt_stage_destroy(struct virt_stage *vs);
void virt_stage_update(struct virt_charger *c);
void virt_stage_replay(struct virt_stage *vs, const struct plant_replay *r);
void virt_stage_soc(struct virt_stage *vs, u32 soc_permille);
int virt_stage_settle(struct virt_stage *vs);

/* GPIO chip: process context, under virt_charger.lock. */
int virt_gpio_init(void);
void virt_gpio_exit(void);
struct virt_gpio *virt_gpio_create(struct virt_charger *c);
void virt_gpio_destroy(struct virt_gpio *g);
void virt_gpio_estop(struct virt_charger *c);

/* Which charger it is. */
extern struct configfs_attribute virt_model_attr;
extern struct configfs_attribute virt_models_attr;

/* Grid record. */
extern struct configfs_attribute virt_replay_attr;
extern struct configfs_bin_attribute virt_replay_data_attr;
int virt_replay_stop(struct virt_charger *c);
void virt_replay_reset(struct virt_charger *c);
void virt_replay_free(struct virt_charger *c);

/* Attributes that are one number of the environment, by their row of the table. */
ssize_t virt_env_show(struct virt_charger *c, const char *name, char *page);
ssize_t virt_env_store(struct virt_charger *c, const char *name, const char *page, size_t len);

/* GROUP/NAME; plant_attr.c says where it lies and what it may be. */
#define VIRT_ENV_ATTR(_grp, _name)							\
static ssize_t virt_##_grp##_##_name##_show(struct config_item *item, char *page)	\
{											\
	return virt_env_show(virt_##_grp##_charger(item), #_grp "/" #_name, page);	\
}											\
static ssize_t virt_##_grp##_##_name##_store(struct config_item *item,			\
					     const char *page, size_t len)		\
{											\
	return virt_env_store(virt_##_grp##_charger(item), #_grp "/" #_name, page, len);	\
}											\
CONFIGFS_ATTR(virt_##_grp##_, _name)

#define VIRT_GROUP(_grp)								\
static inline struct virt_charger *virt_##_grp##_charger(struct config_item *item)	\
{											\
	return container_of(to_config_group(item), struct virt_charger, _grp);		\
}

VIRT_GROUP(group)

VIRT_GROUP(grid)

VIRT_GROUP(car)

VIRT_GROUP(bus)

VIRT_GROUP(fault)

VIRT_GROUP(gpio)

#endif /* _V2X_VIRT_H */
