// SPDX-License-Identifier: Apache-2.0
#include "wave_csv.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>

static void header(FILE *to, const struct wave_channel **channels)
{
	fputs("t_s,tick", to);
	for (; *channels; channels++) {
		const char *unit = channels[0]->unit;

		fprintf(to, ",%s", channels[0]->name);
		if (isalpha((unsigned char)unit[0]))
			fprintf(to, "_%s", unit);
	}
	fputs(",fault_lines\n", to);
}

int wave_csv_write(FILE *to, const struct wave *wave, const struct wave_channel **channels)
{
	const double zero = wave->has_trigger ? wave_time(wave, wave->trigger) : 0;

	header(to, channels);
	for (size_t i = 0; i < wave->count; i++) {
		const struct v2x_sample *s = &wave->samples[i];

		fprintf(to, "%.6f,%" PRIu64, wave_time(wave, i) - zero, (uint64_t)s->tick);
		for (const struct wave_channel **c = channels; *c; c++)
			fprintf(to, ",%.*f", c[0]->decimals, wave_value(*c, s));
		fprintf(to, ",%u\n", s->fault_lines);
	}
	return fflush(to) == 0 && !ferror(to) ? 0 : -EIO;
}

void cycle_csv_header(FILE *to)
{
	fputs("t_s,seq,f_Hz,v_a_V,v_b_V,v_c_V,i_a_A,i_b_A,i_c_A,p_W,q_var,s_VA,p_ref_W,q_ref_var,"
	      "p_set_W,v_dc_V,v_ev_V,i_ev_A,state,limited_by,rocof_Hz_per_s,e_in_Wh,e_out_Wh\n",
	      to);
}

void cycle_csv_row(FILE *to, const struct v2x_cycle *c)
{
	fprintf(to, "%.6f,%" PRIu64 ",%.3f", (double)c->t_ns / 1e9, (uint64_t)c->seq,
		c->f_mhz / 1e3);
	for (int i = 0; i < V2X_PHASES_MAX; i++)
		fprintf(to, ",%.3f", c->v_mv[i] / 1e3);
	for (int i = 0; i < V2X_PHASES_MAX; i++)
		fprintf(to, ",%.3f", c->i_ma[i] / 1e3);
	fprintf(to, ",%.3f,%.3f,%.3f,%.3f,%.3f,%.3f,%.3f,%.3f,%.3f", c->p_mw / 1e3,
		c->q_mvar / 1e3, c->s_mva / 1e3, c->p_ref_mw / 1e3, c->q_ref_mvar / 1e3,
		c->p_sp_mw / 1e3, c->v_dc_link_mv / 1e3, c->v_ev_mv / 1e3, c->i_ev_ma / 1e3);
	fprintf(to, ",%s,%u,%.3f,%.4f,%.4f\n", v2x_state_name(c->state), c->limited_by,
		c->rocof_mhz_per_s / 1e3, (double)c->e_import_mj / 3.6e6,
		(double)c->e_export_mj / 3.6e6);
}
