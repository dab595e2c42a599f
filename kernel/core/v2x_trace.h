/* SPDX-License-Identifier: GPL-2.0-only */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM v2x

#if !defined(_V2X_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _V2X_TRACE_H

#include <linux/tracepoint.h>
#include <linux/v2x.h>

TRACE_EVENT(v2x_tick_start,
	    TP_PROTO(int id, u64 tick, u64 late_ns, u32 missed),
	    TP_ARGS(id, tick, late_ns, missed),
	    TP_STRUCT__entry(__field(int, id)
			     __field(u32, missed)
			     __field(u64, tick)
			     __field(u64, late_ns)),
	    TP_fast_assign(__entry->id = id;
			   __entry->missed = missed;
			   __entry->tick = tick;
			   __entry->late_ns = late_ns;),
	    TP_printk("v2x%d tick=%llu late_ns=%llu missed=%u",
		      __entry->id, __entry->tick, __entry->late_ns, __entry->missed)
);

TRACE_EVENT(v2x_tick_end,
	    TP_PROTO(int id, u64 tick, u64 duration_ns),
	    TP_ARGS(id, tick, duration_ns),
	    TP_STRUCT__entry(__field(int, id)
			     __field(u64, tick)
			     __field(u64, duration_ns)),
	    TP_fast_assign(__entry->id = id;
			   __entry->tick = tick;
			   __entry->duration_ns = duration_ns;),
	    TP_printk("v2x%d tick=%llu duration_ns=%llu",
		      __entry->id, __entry->tick, __entry->duration_ns)
);

TRACE_EVENT(v2x_state,
	    TP_PROTO(int id, const struct v2x_event *event),
	    TP_ARGS(id, event),
	    TP_STRUCT__entry(__field(int, id)
			     __field(u32, from)
			     __field(u32, to)
			     __field(u32, reason)
			     __field(u32, cause)
			     __field(u64, tick)),
	    TP_fast_assign(__entry->id = id;
			   __entry->from = event->from;
			   __entry->to = event->to;
			   __entry->reason = event->reason;
			   __entry->cause = event->cause;
			   __entry->tick = event->tick;),
	    TP_printk("v2x%d tick=%llu from=%u to=%u reason=%u cause=%u",
		      __entry->id, __entry->tick, __entry->from, __entry->to, __entry->reason,
		      __entry->cause)
);

TRACE_EVENT(v2x_trip,
	    TP_PROTO(int id, const struct v2x_event *event),
	    TP_ARGS(id, event),
	    TP_STRUCT__entry(__field(int, id)
			     __field(u32, reason)
			     __field(u64, tick)
			     __field(s64, value)
			     __field(s64, limit)),
	    TP_fast_assign(__entry->id = id;
			   __entry->reason = event->reason;
			   __entry->tick = event->tick;
			   __entry->value = event->value;
			   __entry->limit = event->limit;),
	    TP_printk("v2x%d tick=%llu reason=%u value=%lld limit=%lld",
		      __entry->id, __entry->tick, __entry->reason, __entry->value,
		      __entry->limit)
);

TRACE_EVENT(v2x_setpoint,
	    TP_PROTO(int id, const struct v2x_setpoint *sp, u64 tick),
	    TP_ARGS(id, sp, tick),
	    TP_STRUCT__entry(__field(int, id)
			     __field(s32, p_mw)
			     __field(s32, q_mvar)
			     __field(u32, ramp_mw_per_s)
			     __field(u32, cause)
			     __field(u64, tick)),
	    TP_fast_assign(__entry->id = id;
			   __entry->p_mw = sp->p_mw;
			   __entry->q_mvar = sp->q_mvar;
			   __entry->ramp_mw_per_s = sp->ramp_mw_per_s;
			   __entry->cause = sp->cause;
			   __entry->tick = tick;),
	    TP_printk("v2x%d after_tick=%llu p_mw=%d q_mvar=%d ramp_mw_per_s=%u cause=%u",
		      __entry->id, __entry->tick, __entry->p_mw, __entry->q_mvar,
		      __entry->ramp_mw_per_s, __entry->cause)
);

TRACE_EVENT(v2x_lease,
	    TP_PROTO(int id, u64 until_tick, u64 tick),
	    TP_ARGS(id, until_tick, tick),
	    TP_STRUCT__entry(__field(int, id)
			     __field(u64, until_tick)
			     __field(u64, tick)),
	    TP_fast_assign(__entry->id = id;
			   __entry->until_tick = until_tick;
			   __entry->tick = tick;),
	    TP_printk("v2x%d tick=%llu until_tick=%llu",
		      __entry->id, __entry->tick, __entry->until_tick)
);

#endif /* _V2X_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE v2x_trace
#include <trace/define_trace.h>
