/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The core's own structures: one charger, one open file, one parked wait.
 *
 * Life of a charger. struct v2x_core lives as long as its struct device: the
 * registration holds one reference, each open file one, each mapping one
 * through its file. The stage belongs to its driver and is reachable only
 * through core->stage, which is NULL, under stage_lock held for writing, from
 * v2x_stage_unregister() on. Commands hold stage_lock for reading, except
 * while they wait: a wait holds no lock, only its file.
 *
 * Who writes what. The tick is the only writer of the control state, of the
 * status page, of the waveform and cycle rings. Process context, serialised by
 * cfg_lock, builds settings and posts requests. The event ring has writers on
 * both sides and so a raw spinlock, held for the copy of one event.
 *
 * Lock order: stage_lock, cfg_lock, wait_lock, event_lock.
 */
#ifndef _V2X_CORE_H
#define _V2X_CORE_H

#include <linux/atomic.h>
#include <linux/cdev.h>
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/irq_work.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <v2x/stage.h>

#include "ctl_priv.h"
#include "v2x_ctl.h"

#define V2X_MINORS		64
#define V2X_EVENTS		1024	/* of the event ring, a power of two */
#define V2X_CYCLES		4096	/* of the cycle ring, a power of two */
#define V2X_RECORD_SAMPLES	8192	/* most the fault recorder holds */
#define V2X_RECORD_CYCLES_PRE	2	/* mains cycles kept before a trip */
#define V2X_RECORD_CYCLES_POST	10	/* and after it */
#define V2X_PARKED_MAX		64	/* waits one file may have parked */
#define V2X_ACK_MS		5	/* for the sequencer to judge an ACK */
#define V2X_QUIESCE_MS		1500	/* for a ramp-down before the stage stops */
#define V2X_STALLED_US		20000	/* without a tick: there will be none */

struct io_uring_cmd;
struct v2x_core;

/**
 * struct v2x_region - memory that user space can map, read-only
 * @mem: from vmalloc_user(); starts with a struct v2x_ring, except the status
 * @len: bytes, whole pages
 * @offset: mmap offset
 */
struct v2x_region {
	void *mem;
	size_t len;
	u64 offset;
};

enum {
	V2X_REGION_STATUS,
	V2X_REGION_WAVE,
	V2X_REGION_CYCLE,
	V2X_REGION_RECORD,
	V2X_REGIONS
};

/**
 * struct v2x_slot - one setting, owned at any time by one side only
 * @set: for v2x_ctl_tick()
 * @lease_until_tick: for the status page
 * @cause: likewise
 */
struct v2x_slot {
	struct v2x_ctl_set set;
	u64 lease_until_tick;
	u32 cause;
};

#define V2X_SLOTS		3
#define V2X_SLOT_MASK		0x3
#define V2X_SLOT_FRESH		0x4

/**
 * struct v2x_file - one open file
 * @core: referenced
 * @writable: opened for writing
 * @next_event: number of the event that the next read() gives
 * @read_lock: serialises readers of one file
 * @parked: waits this file has parked
 */
struct v2x_file {
	struct v2x_core *core;
	bool writable;
	u64 next_event;
	struct mutex read_lock; /* readers of this file */
	atomic_t parked;
};

/**
 * struct v2x_parked - one wait, of either twin
 * @node: in core->parked; who takes it off the list, under wait_lock, ends it
 * @file: whose wait
 * @owner: files of the submitting task, for flush()
 * @cmd: the io_uring command, or NULL for an ioctl
 * @done: an ioctl waits for this
 * @timer: the time-out
 * @event: waits for an event, else for a cycle
 * @after: number that must be exceeded
 * @tag: the caller's
 * @result: 0 or -errno
 * @ended: taken off the list, or never to go on it
 */
struct v2x_parked {
	struct list_head node;
	struct v2x_file *file;
	const void *owner;
	struct io_uring_cmd *cmd;
	struct completion done;
	struct timer_list timer;
	bool event;
	bool ended;
	u64 after;
	u64 tag;
	int result;
};

/* The fault recorder. ARMED -> TRIGGERED in the tick, all else in process context. */
enum v2x_record_state {
	V2X_RECORD_ARMED,
	V2X_RECORD_TRIGGERED,
	V2X_RECORD_FROZEN,
};

/**
 * struct v2x_recorder - freezes the waveform around the first trip
 * @state: enum v2x_record_state
 * @trigger: number of the waveform record of the trip
 * @end: number of the record after the last to keep
 * @reason: of the trip
 * @t_ns: of the trip
 * @seq: records frozen so far
 * @pre: records to keep before the trip
 * @post: and after it
 * @work: copies
 */
struct v2x_recorder {
	int state;
	u64 trigger;
	u64 end;
	u32 reason;
	u64 t_ns;
	u64 seq;
	u32 pre;
	u32 post;
	struct work_struct work;
};

/**
 * struct v2x_core - one charger
 * @dev: class device; its reference count is that of this structure
 * @cdev: /dev/v2xN
 * @id: N
 * @stage_lock: see above
 * @stage: NULL once unregistered
 * @info: built at registration, constant
 * @desc: copy of the stage's description; its strings are the stage's
 * @region: what mmap() gives
 * @status: in region V2X_REGION_STATUS
 * @wave: header of the waveform ring
 * @cycle: header of the cycle ring
 * @record: header of the fault recorder
 *
 * @cfg_lock: serialises everything that changes a setting or the claim
 * @claim: file that holds the claim
 * @claimed: the same for the tick
 * @lease_ms: of the claim
 * @lease_runs: a START was given under this claim
 * @running: the stage ticks
 * @closing: reason why nothing may be started any more, or 0
 * @user: settings in force, in uapi terms
 * @pilot_idle_permille: duty while nobody holds the claim
 * @slot: settings in fixed point
 * @slot_back: index of the slot cfg_lock's holder may write
 * @slot_middle: index of the slot in transit, with V2X_SLOT_FRESH
 * @slot_front: index of the slot the tick uses; the tick's own
 * @request: packed requests, consumed whole by the tick
 * @trip_lines: fault lines seen between ticks
 *
 * @ctl: control state; the tick's own
 * @in: input of the last tick
 * @out: output of the last tick
 * @tick: number of the last tick
 * @state: enum v2x_state after the last tick
 * @ms_per_tick_q24: for the lease in the status page
 * @last_duration_ns: of the last tick, not yet in the histogram
 * @fault_worst_ns: greatest delay from a fault edge to inhibited gates
 * @cycle_seq: last cycle record
 * @kick: wakes waiters outside the tick
 * @kicked_seq: event the readers were last woken for; the kick's own
 *
 * @event_lock: for @event and @event_seq
 * @event: the ring
 * @event_seq: number of the last event
 * @event_wq: readers and pollers
 *
 * @wait_lock: for @parked and @gone
 * @parked: list of struct v2x_parked
 * @gone: unregistered; no more waits
 * @recorder: the fault recorder
 */
struct v2x_core {
	struct device dev;
	struct cdev cdev;
	int id;
	struct rw_semaphore stage_lock;
	struct v2x_stage *stage;
	struct v2x_info info;
	struct v2x_stage_desc desc;
	struct v2x_region region[V2X_REGIONS];
	struct v2x_status *status;
	struct v2x_ring *wave;
	struct v2x_ring *cycle;
	struct v2x_ring *record;

	struct mutex cfg_lock; /* claim, user, slot_back, running, closing */
	struct v2x_file *claim;
	bool claimed;
	u32 lease_ms;
	bool lease_runs;
	bool running;
	u32 closing;
	struct v2x_ctl_user user;
	u32 pilot_idle_permille;
	struct v2x_slot slot[V2X_SLOTS];
	u32 slot_back;
	atomic_t slot_middle;
	u32 slot_front;
	atomic64_t request;
	atomic_t trip_lines;

	struct v2x_ctl ctl;
	struct v2x_ctl_in in;
	struct v2x_ctl_out out;
	atomic64_t tick;
	u32 state;
	u32 ms_per_tick_q24;
	u64 last_duration_ns;
	atomic64_t fault_worst_ns;
	atomic64_t cycle_seq;
	struct irq_work kick;
	u64 kicked_seq;

	raw_spinlock_t event_lock;
	struct v2x_event event[V2X_EVENTS];
	atomic64_t event_seq;
	wait_queue_head_t event_wq;

	spinlock_t wait_lock; /* parked, gone */
	struct list_head parked;
	bool gone;
	struct v2x_recorder recorder;
};

/* chrdev.c */
extern const struct file_operations v2x_fops;

/* safe.c */
int v2x_settle(struct v2x_core *core, u32 ticks);
void v2x_safe_add(struct v2x_core *core);
void v2x_safe_remove(struct v2x_core *core);
void v2x_quiesce(struct v2x_core *core, u32 reason);
void v2x_stop(struct v2x_core *core);
int v2x_start(struct v2x_core *core);
int v2x_safe_init(void);
void v2x_safe_exit(void);
extern const struct dev_pm_ops v2x_pm_ops;

/* region.c */
int v2x_regions_alloc(struct v2x_core *core);
void v2x_regions_free(struct v2x_core *core);
void v2x_regions_describe(const struct v2x_core *core, struct v2x_info *info);
int v2x_region_mmap(struct v2x_core *core, struct vm_area_struct *vma);

/* setting.c */
int v2x_setting_init(struct v2x_core *core);
int v2x_setting_apply(struct v2x_core *core, const struct v2x_ctl_user *next);
void v2x_setting_zero(struct v2x_core *core);
void v2x_request(struct v2x_core *core, u32 bits, u32 reason, u32 cause);
u64 v2x_ticks_from_ns(const struct v2x_core *core, u64 ns);
u64 v2x_lease_end(const struct v2x_core *core);
struct v2x_slot *v2x_setting_take(struct v2x_core *core);
u64 v2x_request_take(struct v2x_core *core);

/* A request, packed so that one exchange takes all of it. */
static inline u64 v2x_request_pack(u32 bits, u32 reason, u32 cause)
{
	return (u64)cause << 32 | (reason & 0xffff) << 8 | (bits & 0xff);
}

static inline u32 v2x_request_bits(u64 request)
{
	return request & 0xff;
}

static inline u32 v2x_request_reason(u64 request)
{
	return (request >> 8) & 0xffff;
}

static inline u32 v2x_request_cause(u64 request)
{
	return request >> 32;
}

/* tick.c */
void v2x_inhibit(struct v2x_core *core);
void v2x_kick(struct irq_work *work);

/* claim.c */
int v2x_claim_take(struct v2x_file *file, const struct v2x_claim *arg);
void v2x_claim_drop(struct v2x_file *file, u32 reason);

/* command.c */
struct v2x_call;
long v2x_command(struct v2x_call *call, unsigned int op, void __user *arg, size_t len);

/**
 * struct v2x_call - how a command came in
 * @file: through which file
 * @nonblock: it must not sleep for long; -EAGAIN and it comes again
 * @cmd: the io_uring command, or NULL for an ioctl
 * @issue_flags: of io_uring
 */
struct v2x_call {
	struct v2x_file *file;
	bool nonblock;
	struct io_uring_cmd *cmd;
	unsigned int issue_flags;
};

/* uring.c */
int v2x_uring_cmd(struct io_uring_cmd *cmd, unsigned int issue_flags);

/* wait.c */
int v2x_wait(struct v2x_call *call, const struct v2x_wait *arg, bool event);
int v2x_wait_cancel(struct v2x_file *file, const struct v2x_cancel *arg);
void v2x_waits_run(struct v2x_core *core);
void v2x_waits_flush(struct v2x_file *file, const void *owner);
void v2x_waits_end(struct v2x_core *core);
void v2x_wait_uring_cancel(struct io_uring_cmd *cmd, unsigned int issue_flags);

/* event.c */
void v2x_event_push(struct v2x_core *core, struct v2x_event *event);
void v2x_event_raise(struct v2x_core *core, u32 type, u32 reason, u32 to, s64 value);
bool v2x_event_get(struct v2x_core *core, u64 *next, struct v2x_event *event);

/* recorder.c */
void v2x_recorder_init(struct v2x_core *core);
void v2x_recorder_tick(struct v2x_core *core, u64 head);
bool v2x_recorder_ready(struct v2x_core *core);
int v2x_recorder_arm(struct v2x_core *core);

/* sysfs.c */
extern const struct attribute_group *v2x_groups[];

/* channel.c */
int v2x_channel_get(struct v2x_core *core, struct v2x_channel *arg);
u32 v2x_channel_count(const struct v2x_stage_desc *desc, u32 kind);

/* name.c */
const char *v2x_state_name(u32 state);
const char *v2x_reason_name(u32 reason);

#endif /* _V2X_CORE_H */
