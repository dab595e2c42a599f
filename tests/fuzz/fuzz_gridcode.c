// SPDX-License-Identifier: Apache-2.0
/*
 * Fuzz entry of the grid code profile reader: whatever the file says, a
 * profile is whole, within its ranges and runs, or is refused with a message.
 * What stands after a zero byte is an override of the site.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../userspace/gridcode/charger.h"
#include "../../userspace/gridcode/gridcode.h"
#include "../../userspace/gridcode/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int truth)
{
	if (!truth)
		abort();
}

/* Whatever the profile says: stages in bounds and with times, or a refusal that names one. */
static void check_table(const struct gc_profile *p)
{
	const struct gc_charger charger = {
		.phases = 3, .f_nominal_mhz = 50000, .v_nominal_mv = 230000, .i_rated_ma = 16000,
		.s_rated_mva = 11040000, .p_import_max_mw = 11000000,
		.p_export_max_mw = 11000000, .q_max_mvar = 5520000, .switching_us = 20000, .haste_permille = 400,
	};
	struct v2x_prot_table table;
	char error[GC_ERROR_LEN] = "";

	if (gc_charger_table(&charger, p, &table, error)) {
		must(error[0] != '\0');
		return;
	}
	must(table.count > 0 && table.count <= V2X_PROT_ENTRIES);
	for (uint32_t i = 0; i < table.count; i++)
		must(table.entry[i].quantity > V2X_PROT_NONE &&
		     table.entry[i].quantity < V2X_PROT_QUANTITIES &&
		     table.entry[i].time_ms <= 3600000);
}

static void check(const struct gc_profile *p)
{
	static struct gridcode engine;
	struct gc_input in = gc_input_none(0.02);
	struct gc_output out;

	for (size_t i = 0; i < p->count; i++) {
		const struct gc_value *v = &p->values[i];

		must(isnan(v->value) || (v->value >= v->param->min && v->value <= v->param->max));
		must(isnan(v->min) || (v->value >= v->min && v->value <= v->max));
		must(v->clause[0] != '\0');
	}
	check_table(p);
	gridcode_init(&engine, &p->settings, true);
	in.p_want_pu = 0.5;
	for (int k = 0; k < 50; k++) {
		in.v_pu[0] = in.v_pu[1] = in.v_pu[2] = 0.5 + 0.02 * k;
		in.f_hz = p->settings.nominal.f_hz + 0.1 * (k % 20 - 10);
		gridcode_step(&engine, &in, &out);
		must(isfinite(out.p_pu) && isfinite(out.q_pu) && out.p_lo_pu <= out.p_hi_pu);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct gc_profile profile;
	const char *text = (const char *)data;
	const char *zero = size ? memchr(text, '\0', size) : NULL;
	const size_t len = zero ? (size_t)(zero - text) : size;
	char error[GC_ERROR_LEN] = "";

	if (gc_profile_text(&profile, "fuzz.conf", text, len, error)) {
		must(strstr(error, "fuzz.conf") != NULL);
		return 0;
	}
	check(&profile);
	if (zero && gc_profile_override_text(&profile, "site.conf", zero + 1, size - len - 1, error))
		must(error[0] != '\0');
	check(&profile);
	return 0;
}
