// SPDX-License-Identifier: GPL-2.0-only
#include "ctl_priv.h"

void v2x_emit(const struct v2x_run *r, const struct v2x_event *e)
{
	struct v2x_event *to;

	if (r->out->event_count >= V2X_CTL_EVENTS_MAX)
		return;
	to = &r->out->event[r->out->event_count++];
	*to = *e;
	to->t_ns = r->in->t_ns;
	to->tick = r->in->tick;
	if (!to->cause)
		to->cause = r->c->seq.cause;
}

void v2x_emit_change(const struct v2x_run *r, u32 type, u32 reason, u32 from, u32 to)
{
	v2x_emit(r, &(struct v2x_event){
		.type = type, .reason = reason, .from = from, .to = to,
	});
}
