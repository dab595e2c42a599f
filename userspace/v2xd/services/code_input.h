/* SPDX-License-Identifier: Apache-2.0 */
/* What the grid code hears from outside the charger. */
#ifndef V2XD_SERVICES_CODE_INPUT_H
#define V2XD_SERVICES_CODE_INPUT_H

#include <stdbool.h>
#include <stdint.h>

#define CODE_SITE_MAX_MW 350000000

/**
 * struct code_input - what is said, each by itself
 * @drm: asserted demand-response modes, GC_DRM(n), AS/NZS 4777.2 clause 3.2
 * @site_mw: power at the point of connection, import positive; one reading
 * @phase_mw: likewise of each phase, the one the charger is on first
 * @permit: service is permitted
 * @signal: external signal of CEI 0-21: the narrow frequency window holds
 * @has_drm: @has_site: @has_phases: @has_permit: @has_signal: which of them are said; the
 *	others stay
 */
struct code_input {
	uint32_t drm;
	int32_t site_mw;
	int32_t phase_mw[3];
	bool permit;
	bool signal;
	bool has_drm;
	bool has_site;
	bool has_phases;
	bool has_permit;
	bool has_signal;
};

#define CODE_TRIAL_KEY 32

/**
 * struct code_trial - a threshold of the self-test of CEI 0-21, as it stands now
 * @key: "trip.of1_limit"; "": the self-test has ended
 * @value: in the unit of the parameter
 * @narrow: the narrow frequency window holds meanwhile
 */
struct code_trial {
	char key[CODE_TRIAL_KEY];
	double value;
	bool narrow;
};

#endif
