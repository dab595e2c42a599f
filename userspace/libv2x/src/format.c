// SPDX-License-Identifier: Apache-2.0
/* Bit masks and events as text for people. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

#define NAMES_LEN 160

const char *v2x_bits_format(uint32_t mask, const char *(*name)(uint32_t bit), char *buf,
			    size_t len)
{
	size_t at = 0;

	if (len == 0)
		return buf;
	snprintf(buf, len, "%s", mask ? "" : "-");
	for (uint32_t bit = 1; bit != 0 && mask != 0; bit <<= 1) {
		int n;

		if (!(mask & bit))
			continue;
		n = snprintf(buf + at, len - at, "%s%s", at ? ", " : "", name(bit));
		if (n < 0 || (size_t)n >= len - at)
			break;
		at += (size_t)n;
	}
	return buf;
}

/* "276.200 V" of 276200 mV: milli-units are shown in whole ones. */
static void value_text(int64_t value, const char *unit, char *buf, size_t len)
{
	const uint64_t magnitude = value < 0 ? 0U - (uint64_t)value : (uint64_t)value;

	if (unit[0] == 'm' && unit[1] != '\0' && strcmp(unit, "ms") != 0)
		snprintf(buf, len, "%s%" PRIu64 ".%03u %s", value < 0 ? "-" : "",
			 magnitude / 1000, (unsigned int)(magnitude % 1000), unit + 1);
	else
		snprintf(buf, len, "%" PRId64 "%s%s", value, unit[0] ? " " : "", unit);
}

static int trip_text(const struct v2x_event *e, char *buf, size_t len)
{
	const char *unit = v2x_reason_unit(e->reason);
	char value[48];
	char limit[48];

	if (unit[0] == '\0')
		return snprintf(buf, len, "trip: %s", v2x_reason_name(e->reason));
	value_text(e->value, unit, value, sizeof(value));
	value_text(e->limit, unit, limit, sizeof(limit));
	return snprintf(buf, len, "trip: %s, %s, limit %s", v2x_reason_name(e->reason), value,
			limit);
}

static int change_text(const struct v2x_event *e, const char *what,
		       const char *(*name)(uint32_t bit), char *buf, size_t len)
{
	char from[NAMES_LEN];
	char to[NAMES_LEN];

	return snprintf(buf, len, "%s: %s -> %s", what,
			v2x_bits_format(e->from, name, from, sizeof(from)),
			v2x_bits_format(e->to, name, to, sizeof(to)));
}

int v2x_event_format(const struct v2x_event *event, char *buf, size_t len)
{
	const struct v2x_event *e = event;
	const char *reason = v2x_reason_name(e->reason);

	switch (e->type) {
	case V2X_EVENT_STATE:
		return snprintf(buf, len, "state: %s -> %s (%s)", v2x_state_name(e->from),
				v2x_state_name(e->to), reason);
	case V2X_EVENT_TRIP:
		return trip_text(e, buf, len);
	case V2X_EVENT_FAULT_LINE:
		return change_text(e, "fault lines", v2x_fault_line_name, buf, len);
	case V2X_EVENT_PILOT:
		return snprintf(buf, len, "pilot: %s -> %s", v2x_pilot_name(e->from),
				v2x_pilot_name(e->to));
	case V2X_EVENT_CLAIM:
		return snprintf(buf, len, "claim: %s (%s)", e->to ? "taken" : "given back",
				reason);
	case V2X_EVENT_LEASE:
		return snprintf(buf, len, "lease: ran out");
	case V2X_EVENT_LIMITED:
		return change_text(e, "limited by", v2x_limited_name, buf, len);
	case V2X_EVENT_MISSED:
		return snprintf(buf, len, "missed: %" PRId64 " ticks", (int64_t)e->value);
	case V2X_EVENT_RECORD:
		return snprintf(buf, len, "record: number %" PRId64 " frozen (%s)",
				(int64_t)e->value, reason);
	case V2X_EVENT_CONTACTOR:
		return change_text(e, "contactors", v2x_contactor_name, buf, len);
	case V2X_EVENT_ISLAND:
		return snprintf(buf, len, "island: %s -> %s (%s)", v2x_island_name(e->from),
				v2x_island_name(e->to), reason);
	default:
		return snprintf(buf, len, "event type %u (%s)", e->type, reason);
	}
}
