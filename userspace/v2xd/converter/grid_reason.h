/* SPDX-License-Identifier: Apache-2.0 */
/* Which trips the grid is to blame for, and nothing of the charger. */
#ifndef V2XD_CONVERTER_GRID_REASON_H
#define V2XD_CONVERTER_GRID_REASON_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/v2x.h>

/**
 * grid_reason - after such a trip a charger may return when the grid is back
 *
 * Not a wrong order of phases, which is the wiring's, and nothing of an
 * island's own switch and load.
 */
static inline bool grid_reason(uint32_t reason)
{
	switch (reason) {
	case V2X_REASON_GRID_OVER_VOLTAGE:
	case V2X_REASON_GRID_UNDER_VOLTAGE:
	case V2X_REASON_GRID_OVER_FREQUENCY:
	case V2X_REASON_GRID_UNDER_FREQUENCY:
	case V2X_REASON_GRID_PHASE_LOSS:
	case V2X_REASON_GRID_ABSENT:
	case V2X_REASON_LOSS_OF_MAINS:
	case V2X_REASON_GRID_ROCOF:
	case V2X_REASON_GRID_VECTOR_SHIFT:
	case V2X_REASON_GRID_UNBALANCE:
	case V2X_REASON_GRID_VOLTAGE_10MIN:
		return true;
	default:
		return false;
	}
}

#endif
