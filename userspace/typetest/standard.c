// SPDX-License-Identifier: Apache-2.0
#include "standard.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

static const struct standard standards[STANDARDS] = {
	[STANDARD_IEEE1547_1] = {
		STANDARD_IEEE1547_1, "IEEE 1547.1-2020",
		"accuracies of IEEE 1547-2018 table 3, band of 1.5 MRA, procedures: verified",
		.v_pu = 0.01, .f_hz = 0.01, .f_trip_hz = 0.1, .p_pu = 0.05, .q_pu = 0.05,
		.band = 1.5, .time_share = 0.01, .cease_s = 0, .early_s = 1e4,
		.response_s = NAN,
	},
	[STANDARD_EN50549_10] = {
		STANDARD_EN50549_10, "EN 50549-10:2022",
		"tolerances: from memory, to be checked in EN 50549-10",
		.v_pu = 0.01, .f_hz = 0.01, .f_trip_hz = 0.1, .p_pu = 0.05, .q_pu = 0.02,
		.band = 1, .time_share = 0.1, .cease_s = 0, .early_s = 0.05,
		.response_s = NAN,
	},
	[STANDARD_VDE0124_100] = {
		STANDARD_VDE0124_100, "DIN VDE V 0124-100:2020",
		"tolerances: from memory, to be checked in VDE V 0124-100",
		.v_pu = 0.01, .f_hz = 0.01, .f_trip_hz = 0.1, .p_pu = 0.05, .q_pu = 0.04,
		.band = 1, .time_share = 0.1, .cease_s = 0, .early_s = 0.05,
		.response_s = NAN,
	},
	[STANDARD_ASNZS4777_2] = {
		STANDARD_ASNZS4777_2, "AS/NZS 4777.2:2020",
		"tolerance of 4 % of rated VA: found in one place; times: from memory",
		.v_pu = 0.01, .f_hz = 0.01, .f_trip_hz = 0.1, .p_pu = 0.04, .q_pu = 0.04,
		.band = 1, .time_share = 0, .cease_s = 0, .early_s = 1e4,
		.response_s = 10,
	},
	[STANDARD_G99] = {
		STANDARD_G99, "ENA EREC G99/1-9 annex A.7",
		"earliest trips: stability points of G59/3 (one place); rest from memory",
		.v_pu = 0.015, .f_hz = 0.02, .f_trip_hz = 0.1, .p_pu = 0.05, .q_pu = 0.05,
		.band = 1, .time_share = 0, .cease_s = 0.1, .early_s = 0.05,
		.response_s = NAN,
	},
	[STANDARD_CEI_0_21] = {
		STANDARD_CEI_0_21, "CEI 0-21 annex A (power functions: EN 50549-10:2022)",
		"interface protection 1 %, 20 mHz, 3 % and 20 ms: from memory; rest of EN 50549-10",
		.v_pu = 0.01, .f_hz = 0.02, .f_trip_hz = 0.1, .p_pu = 0.05, .q_pu = 0.02,
		.band = 1, .time_share = 0.03, .cease_s = 0.02, .early_s = 0.02,
		.response_s = NAN,
	},
	[STANDARD_NONE] = {
		STANDARD_NONE, "EN 50549-10:2022 (this code's own procedures are not at hand)",
		"tolerances: from memory, of EN 50549-10",
		.v_pu = 0.01, .f_hz = 0.01, .f_trip_hz = 0.1, .p_pu = 0.05, .q_pu = 0.02,
		.band = 1, .time_share = 0.1, .cease_s = 0, .early_s = 0.05,
		.response_s = NAN,
	},
};

/* By the beginning of a profile's id; "" ends. */
static const struct {
	const char *prefix;
	enum standard_id id;
} belongs[] = {
	{ "ieee1547", STANDARD_IEEE1547_1 },
	{ "us-", STANDARD_IEEE1547_1 },
	{ "de-", STANDARD_VDE0124_100 },
	{ "au-", STANDARD_ASNZS4777_2 },
	{ "nz-", STANDARD_ASNZS4777_2 },
	{ "uk-", STANDARD_G99 },
	{ "jp-", STANDARD_NONE },
	{ "kr-", STANDARD_NONE },
	{ "it-", STANDARD_CEI_0_21 },
	{ "", STANDARD_EN50549_10 },
};

const struct standard *standard_of(const char *profile_id)
{
	size_t i = 0;

	while (strncmp(profile_id, belongs[i].prefix, strlen(belongs[i].prefix)) != 0)
		i++;
	return &standards[belongs[i].id];
}
