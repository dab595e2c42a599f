// SPDX-License-Identifier: GPL-2.0-only
/* Names of states and reasons, as sysfs shows them. */
#include <linux/kernel.h>

#include "core.h"

static const char * const v2x_state_names[V2X_STATE_COUNT] = {
	[V2X_STATE_IDLE] = "idle",
	[V2X_STATE_SELF_TEST] = "self-test",
	[V2X_STATE_INSULATION] = "insulation",
	[V2X_STATE_PRECHARGE] = "precharge",
	[V2X_STATE_CONTACTOR] = "contactor",
	[V2X_STATE_SYNC] = "sync",
	[V2X_STATE_RUN] = "run",
	[V2X_STATE_RAMP_DOWN] = "ramp-down",
	[V2X_STATE_FAULT] = "fault",
	[V2X_STATE_BLACK_START] = "black-start",
	[V2X_STATE_READY] = "ready",
	[V2X_STATE_DC_START] = "dc-start",
	[V2X_STATE_DC_RUN] = "dc-run",
};

static const char * const v2x_reason_names[] = {
	[V2X_REASON_NONE] = "none",
	[V2X_REASON_REQUEST] = "request",
	[V2X_REASON_STEP_DONE] = "step-done",
	[V2X_REASON_CLOSED] = "closed",
	[V2X_REASON_LEASE] = "lease",
	[V2X_REASON_SETPOINT_EXPIRED] = "setpoint-expired",
	[V2X_REASON_ACK] = "ack",
	[V2X_REASON_ESTOP] = "estop",
	[V2X_REASON_GRID_OVER_VOLTAGE] = "grid-over-voltage",
	[V2X_REASON_GRID_UNDER_VOLTAGE] = "grid-under-voltage",
	[V2X_REASON_GRID_OVER_FREQUENCY] = "grid-over-frequency",
	[V2X_REASON_GRID_UNDER_FREQUENCY] = "grid-under-frequency",
	[V2X_REASON_GRID_PHASE_LOSS] = "grid-phase-loss",
	[V2X_REASON_GRID_PHASE_ORDER] = "grid-phase-order",
	[V2X_REASON_GRID_ABSENT] = "grid-absent",
	[V2X_REASON_SYNC_TIMEOUT] = "sync-timeout",
	[V2X_REASON_LOSS_OF_MAINS] = "loss-of-mains",
	[V2X_REASON_GRID_ROCOF] = "grid-rocof",
	[V2X_REASON_GRID_VECTOR_SHIFT] = "grid-vector-shift",
	[V2X_REASON_GRID_UNBALANCE] = "grid-unbalance",
	[V2X_REASON_GRID_VOLTAGE_10MIN] = "grid-voltage-10min",
	[V2X_REASON_GRID_PRESENT] = "grid-present",
	[V2X_REASON_ISLAND_SWITCH_STUCK] = "island-switch-stuck",
	[V2X_REASON_ISLAND_OVERLOAD] = "island-overload",
	[V2X_REASON_AC_OVER_CURRENT] = "ac-over-current",
	[V2X_REASON_DC_LINK_OVER_VOLTAGE] = "dc-link-over-voltage",
	[V2X_REASON_DC_LINK_UNDER_VOLTAGE] = "dc-link-under-voltage",
	[V2X_REASON_GATE_DRIVER] = "gate-driver",
	[V2X_REASON_OVER_TEMPERATURE] = "over-temperature",
	[V2X_REASON_ADC_RANGE] = "adc-range",
	[V2X_REASON_ADC_STUCK] = "adc-stuck",
	[V2X_REASON_CURRENT_SUM] = "current-sum",
	[V2X_REASON_PRECHARGE_FAILED] = "precharge-failed",
	[V2X_REASON_GRID_CONTACTOR_WELDED] = "grid-contactor-welded",
	[V2X_REASON_GRID_CONTACTOR_STUCK_OPEN] = "grid-contactor-stuck-open",
	[V2X_REASON_MISSED_TICKS] = "missed-ticks",
	[V2X_REASON_SENSOR_OFFSET] = "sensor-offset",
	[V2X_REASON_RESIDUAL_CURRENT] = "residual-current",
	[V2X_REASON_RESIDUAL_DC] = "residual-dc",
	[V2X_REASON_RESIDUAL_AC] = "residual-ac",
	[V2X_REASON_SENSOR_IMPLAUSIBLE] = "sensor-implausible",
	[V2X_REASON_PRECHARGE_CONTACTOR_WELDED] = "precharge-contactor-welded",
	[V2X_REASON_WRONG_DIRECTION] = "wrong-direction",
	[V2X_REASON_DC_BUS_OVERLOAD] = "dc-bus-overload",
	[V2X_REASON_DC_BUS_ABSENT] = "dc-bus-absent",
	[V2X_REASON_EV_OVER_VOLTAGE] = "ev-over-voltage",
	[V2X_REASON_EV_UNDER_VOLTAGE] = "ev-under-voltage",
	[V2X_REASON_EV_OVER_CURRENT] = "ev-over-current",
	[V2X_REASON_EV_DISCONNECTED] = "ev-disconnected",
	[V2X_REASON_PILOT_FAULT] = "pilot-fault",
	[V2X_REASON_INSULATION] = "insulation",
	[V2X_REASON_EV_CONTACTOR_WELDED] = "ev-contactor-welded",
	[V2X_REASON_EV_CONTACTOR_STUCK_OPEN] = "ev-contactor-stuck-open",
	[V2X_REASON_EV_NOT_READY] = "ev-not-ready",
	[V2X_REASON_SHUTDOWN] = "shutdown",
	[V2X_REASON_SUSPEND] = "suspend",
	[V2X_REASON_REMOVED] = "removed",
	[V2X_REASON_INTERNAL] = "internal",
};

/**
 * v2x_state_name() - of an enum v2x_state
 * @state: any number
 *
 * Return: a name, "unknown" if it has none.
 */
const char *v2x_state_name(u32 state)
{
	return state < ARRAY_SIZE(v2x_state_names) ? v2x_state_names[state] : "unknown";
}

/**
 * v2x_reason_name() - of an enum v2x_reason
 * @reason: any number
 *
 * Return: a name, "unknown" if it has none.
 */
const char *v2x_reason_name(u32 reason)
{
	if (reason >= ARRAY_SIZE(v2x_reason_names) || !v2x_reason_names[reason])
		return "unknown";
	return v2x_reason_names[reason];
}
