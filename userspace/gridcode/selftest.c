// SPDX-License-Identifier: Apache-2.0
#include "selftest.h"

const struct gc_selftest_stage gc_selftest_stages[GC_SELFTEST_STAGES] = {
	{ "59.S1", "voltage_mean.limit", "voltage_mean.time", 1, false, false },
	{ "59.S2", "trip.ov1_limit", "trip.ov1_time", 1, false, false },
	{ "27.S1", "trip.uv1_limit", "trip.uv1_time", -1, false, false },
	{ "27.S2", "trip.uv2_limit", "trip.uv2_time", -1, false, false },
	{ "81>.S1", "external_signal.f_high", "external_signal.f_high_time", 1, true, true },
	{ "81<.S1", "external_signal.f_low", "external_signal.f_low_time", -1, true, true },
	{ "81>.S2", "trip.of1_limit", "trip.of1_time", 1, true, false },
	{ "81<.S2", "trip.uf1_limit", "trip.uf1_time", -1, true, false },
};
