// SPDX-License-Identifier: Apache-2.0
#include "event_json.h"

#include "status_json.h"

static json_t *side(uint32_t type, uint32_t number)
{
	switch (type) {
	case V2X_EVENT_STATE:
		return json_string(v2x_state_name(number));
	case V2X_EVENT_PILOT:
		return json_string(v2x_pilot_name(number));
	case V2X_EVENT_FAULT_LINE:
		return bits_json(number, v2x_fault_line_name);
	case V2X_EVENT_LIMITED:
		return bits_json(number, v2x_limited_name);
	case V2X_EVENT_CONTACTOR:
		return bits_json(number, v2x_contactor_name);
	case V2X_EVENT_ISLAND:
		return json_string(v2x_island_name(number));
	default:
		return json_integer(number);
	}
}

json_t *event_json(const struct v2x_event *event)
{
	char text[256];

	v2x_event_format(event, text, sizeof(text));
	return json_pack("{s:I,s:I,s:I,s:s,s:s,s:o,s:o,s:I,s:I,s:s,s:I,s:s}", "seq",
			 (json_int_t)event->seq, "t_ns", (json_int_t)event->t_ns, "tick",
			 (json_int_t)event->tick, "type", v2x_event_name(event->type), "reason",
			 v2x_reason_name(event->reason), "from", side(event->type, event->from),
			 "to", side(event->type, event->to), "value", (json_int_t)event->value,
			 "limit", (json_int_t)event->limit, "unit",
			 v2x_reason_unit(event->reason), "cause", (json_int_t)event->cause,
			 "text", text);
}
