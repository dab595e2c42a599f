// SPDX-License-Identifier: GPL-2.0-only
/*
 * How settings and requests reach the tick.
 *
 * A setting is prepared whole in process context and taken whole at the start
 * of a tick. There are three slots and three owners: the writer (cfg_lock's
 * holder) owns slot_back, the tick owns slot_front, and slot_middle is in
 * transit. Ownership moves only by exchanging an index with slot_middle, so
 * that no slot ever has two owners: the writer cannot touch what the tick
 * reads, however many settings it makes within one period, and the tick takes
 * the newest without waiting. Each exchange is fully ordered: what the writer
 * put in its slot before the exchange is seen by the tick after its own, and
 * what the tick read before its exchange was read before the writer gets that
 * slot again.
 *
 * Requests are bits in one word together with the reason and the cause behind
 * them, consumed once by an exchange with zero. The tick takes the request
 * before the setting, the writer gives the setting before the request: a tick
 * that sees START sees the lease that came with it.
 */
#define pr_fmt(fmt) "v2x: " fmt

#include <linux/ktime.h>
#include <linux/math64.h>

#include "core.h"
#include "v2x_trace.h"

/**
 * v2x_ticks_from_ns() - duration in ticks, rounded up
 * @core: the charger
 * @ns: duration
 *
 * Return: ticks. Context: process; divides.
 */
u64 v2x_ticks_from_ns(const struct v2x_core *core, u64 ns)
{
	u32 rest;
	u64 s = div_u64_rem(ns, NSEC_PER_SEC, &rest);

	return s * core->desc.tick_hz +
	       DIV_ROUND_UP_ULL((u64)rest * core->desc.tick_hz, NSEC_PER_SEC);
}

/**
 * v2x_lease_end() - tick at which a lease that is renewed now runs out
 * @core: the charger, claimed
 *
 * Return: tick number. Context: process, cfg_lock held.
 */
u64 v2x_lease_end(const struct v2x_core *core)
{
	return atomic64_read(&core->tick) +
	       v2x_ticks_from_ns(core, (u64)core->lease_ms * NSEC_PER_MSEC);
}

static void v2x_slot_fill(struct v2x_core *core, struct v2x_slot *slot,
			  const struct v2x_ctl_user *user)
{
	v2x_ctl_prepare(&core->ctl, user, &slot->set);
	slot->lease_until_tick = user->lease_until_tick;
	slot->cause = user->setpoint.cause;
}

/**
 * v2x_setting_init() - default settings, before the first tick
 * @core: the charger; its control is initialised
 *
 * Return: 0, or -errno if the defaults contradict the ratings.
 */
int v2x_setting_init(struct v2x_core *core)
{
	const char *field = "?";
	int ret;

	v2x_ctl_default(&core->desc, &core->user);
	core->user.limits.size = sizeof(core->user.limits);
	core->user.protection.size = sizeof(core->user.protection);
	ret = v2x_ctl_check(&core->desc, &core->user, &field);
	if (ret) {
		pr_err("%s: the default %s contradicts the ratings of the stage\n",
		       core->desc.name, field);
		return ret;
	}
	core->pilot_idle_permille = core->user.pilot_permille;
	core->slot_front = 0;
	atomic_set(&core->slot_middle, 1);
	core->slot_back = 2;
	v2x_slot_fill(core, &core->slot[core->slot_front], &core->user);
	return 0;
}

/**
 * v2x_setting_apply() - check a setting and give it to the next tick
 * @core: the charger
 * @next: all of it, old and new; becomes core->user
 *
 * Return: 0; -EINVAL or -ERANGE, and then nothing has changed.
 * Context: process, cfg_lock held.
 */
int v2x_setting_apply(struct v2x_core *core, const struct v2x_ctl_user *next)
{
	const char *field = "?";
	int ret;

	lockdep_assert_held(&core->cfg_lock);
	ret = v2x_ctl_check(&core->desc, next, &field);
	if (ret) {
		dev_dbg(&core->dev, "refused: %s\n", field);
		return ret;
	}
	v2x_slot_fill(core, &core->slot[core->slot_back], next);
	if (next->lease_until_tick != core->user.lease_until_tick)
		trace_v2x_lease(core->id, next->lease_until_tick, atomic64_read(&core->tick));
	core->user = *next;
	core->slot_back = atomic_xchg(&core->slot_middle, core->slot_back | V2X_SLOT_FRESH) &
			  V2X_SLOT_MASK;
	trace_v2x_setpoint(core->id, &next->setpoint, atomic64_read(&core->tick));
	return 0;
}

/**
 * v2x_setting_zero() - no power wanted, no lease, pilot at rest
 * @core: the charger
 *
 * Limits and protection stay. Context: process, cfg_lock held.
 */
void v2x_setting_zero(struct v2x_core *core)
{
	struct v2x_ctl_user next = core->user;

	next.setpoint = (struct v2x_setpoint) {
		.size = sizeof(next.setpoint),
		.ramp_mw_per_s = V2X_RAMP_FASTEST,
	};
	next.valid_until_tick = U64_MAX;
	next.lease_until_tick = U64_MAX;
	next.pilot_permille = core->pilot_idle_permille;
	core->lease_runs = false;
	if (WARN_ON_ONCE(v2x_setting_apply(core, &next)))
		v2x_request(core, V2X_CTL_REQ_TRIP, V2X_REASON_INTERNAL, 0);
}

/**
 * v2x_setting_take() - the newest setting
 * @core: the charger
 *
 * Return: the tick's own until it calls this again. Context: the tick.
 */
struct v2x_slot *v2x_setting_take(struct v2x_core *core)
{
	if (atomic_read(&core->slot_middle) & V2X_SLOT_FRESH)
		core->slot_front = atomic_xchg(&core->slot_middle, core->slot_front) &
				   V2X_SLOT_MASK;
	return &core->slot[core->slot_front];
}

/**
 * v2x_request() - ask the sequencer for something, at the next tick
 * @core: the charger
 * @bits: V2X_CTL_REQ_*
 * @reason: enum v2x_reason behind STOP or TRIP
 * @cause: the caller's
 *
 * A reason and cause stand for all bits of a period: those of a trip are kept
 * before those of a stop, and these before any other. Context: any.
 */
void v2x_request(struct v2x_core *core, u32 bits, u32 reason, u32 cause)
{
	s64 old = atomic64_read(&core->request);
	s64 new;

	do {
		u32 had = v2x_request_bits(old);

		if ((had & V2X_CTL_REQ_TRIP) ||
		    ((had & V2X_CTL_REQ_STOP) && !(bits & V2X_CTL_REQ_TRIP)))
			new = old | bits;
		else
			new = v2x_request_pack(had | bits, reason, cause);
	} while (!atomic64_try_cmpxchg(&core->request, &old, new));
}

/**
 * v2x_request_take() - consume what was asked for
 * @core: the charger
 *
 * Return: to be taken apart with v2x_request_bits() and its like.
 * Context: the tick.
 */
u64 v2x_request_take(struct v2x_core *core)
{
	if (likely(!atomic64_read(&core->request)))
		return 0;
	return atomic64_xchg(&core->request, 0);
}
