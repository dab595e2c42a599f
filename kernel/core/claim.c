// SPDX-License-Identifier: GPL-2.0-only
/* Who may ask for power: the claim, and the lease that goes with it. */
#include "core.h"

/**
 * v2x_claim_take() - become the one supervisor
 * @file: will hold the claim; if it does already its lease time changes
 * @arg: checked for reserved fields
 *
 * Whatever an earlier holder asked for is gone: the set-point is zero and
 * nothing starts until it is asked for again.
 *
 * Return: 0, -ERANGE, -EBUSY, -ESHUTDOWN. Context: process, cfg_lock held.
 */
int v2x_claim_take(struct v2x_file *file, const struct v2x_claim *arg)
{
	struct v2x_core *core = file->core;

	lockdep_assert_held(&core->cfg_lock);
	if (arg->lease_ms < V2X_LEASE_MIN_MS || arg->lease_ms > V2X_LEASE_MAX_MS)
		return -ERANGE;
	if (core->claim && core->claim != file)
		return -EBUSY;
	if (core->closing)
		return -ESHUTDOWN;
	core->lease_ms = arg->lease_ms;
	if (core->claim == file)
		return 0;
	core->claim = file;
	WRITE_ONCE(core->claimed, true);
	v2x_setting_zero(core);
	v2x_event_raise(core, V2X_EVENT_CLAIM, V2X_REASON_REQUEST, 1, 0);
	return 0;
}

/**
 * v2x_claim_drop() - the supervisor goes: ramp down and open
 * @file: holds the claim
 * @reason: V2X_REASON_REQUEST when released, V2X_REASON_CLOSED when closed
 *
 * Context: process, cfg_lock held.
 */
void v2x_claim_drop(struct v2x_file *file, u32 reason)
{
	struct v2x_core *core = file->core;

	lockdep_assert_held(&core->cfg_lock);
	v2x_setting_zero(core);
	v2x_request(core, V2X_CTL_REQ_STOP, reason, 0);
	core->claim = NULL;
	WRITE_ONCE(core->claimed, false);
	v2x_event_raise(core, V2X_EVENT_CLAIM, reason, 0, 0);
}
