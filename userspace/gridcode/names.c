// SPDX-License-Identifier: Apache-2.0
#include "gridcode.h"

static const char *const states[] = {
	[GC_TRIP] = "trip", [GC_ENTERING] = "entering", [GC_CONTINUOUS] = "continuous",
	[GC_MANDATORY] = "mandatory", [GC_PERMISSIVE] = "permissive",
	[GC_CESSATION] = "cessation", [GC_CEASE] = "cease", [GC_UNDEFINED] = "undefined",
};

static const char *const reasons[GC_REASONS] = {
	[GC_BY_NOTHING] = "demand", [GC_BY_RATING] = "rating",
	[GC_BY_OV1] = "ov1", [GC_BY_OV2] = "ov2", [GC_BY_OV3] = "ov3", [GC_BY_OV4] = "ov4",
	[GC_BY_UV1] = "uv1", [GC_BY_UV2] = "uv2", [GC_BY_UV3] = "uv3", [GC_BY_UV4] = "uv4",
	[GC_BY_OF1] = "of1", [GC_BY_OF2] = "of2", [GC_BY_OF3] = "of3",
	[GC_BY_UF1] = "uf1", [GC_BY_UF2] = "uf2", [GC_BY_UF3] = "uf3",
	[GC_BY_PERMIT] = "permit", [GC_BY_ISLAND] = "island", [GC_BY_ROCOF] = "rocof",
	[GC_BY_SHIFT] = "vector-shift", [GC_BY_MEAN] = "10-minute-voltage",
	[GC_BY_MEASUREMENT] = "measurement", [GC_BY_RIDE_THROUGH] = "ride-through",
	[GC_BY_WAITING] = "waiting", [GC_BY_ENTER_RAMP] = "enter-ramp",
	[GC_BY_LIMIT] = "active-limit", [GC_BY_VOLT_WATT] = "volt-watt",
	[GC_BY_DROOP] = "freq-droop", [GC_BY_LFSM_O] = "lfsm-o", [GC_BY_LFSM_U] = "lfsm-u",
	[GC_BY_RAMP] = "ramp", [GC_BY_CONST_PF] = "const-pf", [GC_BY_CONST_Q] = "const-q",
	[GC_BY_VOLT_VAR] = "volt-var", [GC_BY_WATT_VAR] = "watt-var",
	[GC_BY_COS_PHI] = "cos-phi-p", [GC_BY_CAPABILITY] = "capability",
	[GC_BY_DRM] = "drm", [GC_BY_EXPORT] = "export-limit", [GC_BY_UNBALANCE] = "unbalance",
	[GC_BY_ORDER] = "order", [GC_BY_FAIL_SAFE] = "fail-safe",
	[GC_BY_CONSECUTIVE] = "consecutive",
};

const char *gc_state_name(enum gc_state state)
{
	return state <= GC_UNDEFINED ? states[state] : "?";
}

const char *gc_reason_name(enum gc_reason reason)
{
	return reason < GC_REASONS && reasons[reason] ? reasons[reason] : "?";
}
