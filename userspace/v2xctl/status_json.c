// SPDX-License-Identifier: Apache-2.0
#include "status_json.h"

json_t *bits_json(uint32_t mask, const char *(*name)(uint32_t bit))
{
	json_t *names = json_array();

	for (uint32_t bit = 1; bit != 0; bit <<= 1) {
		if (mask & bit)
			json_array_append_new(names, json_string(name(bit)));
	}
	return names;
}

/* Plain numbers of the snapshot, by their own names. */
static const struct field {
	const char *name;
	size_t offset;
	enum { S32, U32, U64, S64 } type;
} fields[] = {
#define FIELD(name, type) { #name, offsetof(struct v2x_status, name), type }
	FIELD(tick, U64),	       FIELD(t_ns, U64),
	FIELD(pilot_duty_permille, U32), FIELD(lease_left_ms, U32),
	FIELD(cause, U32),	       FIELD(p_sp_mw, S32),
	FIELD(q_sp_mvar, S32),	       FIELD(p_ref_mw, S32),
	FIELD(q_ref_mvar, S32),	       FIELD(p_mw, S32),
	FIELD(q_mvar, S32),	       FIELD(s_mva, S32),
	FIELD(f_mhz, S32),	       FIELD(v_dc_link_mv, S32),
	FIELD(v_ev_mv, S32),	       FIELD(i_ev_ma, S32),
	FIELD(r_iso_ohm, S32),	       FIELD(temp_mc, S32),
	FIELD(e_import_mj, S64),       FIELD(e_export_mj, S64),
	FIELD(cycle_seq, U64),	       FIELD(event_seq, U64),
	FIELD(record_seq, U64),	       FIELD(ticks_missed, U64),
	FIELD(start_worst_ns, U64),    FIELD(duration_worst_ns, U64),
	FIELD(fault_to_inhibit_worst_ns, U64),
#undef FIELD
};

static json_int_t field_value(const struct v2x_status *s, const struct field *f)
{
	const void *at = (const char *)s + f->offset;

	switch (f->type) {
	case S32:
		return *(const int32_t *)at;
	case U32:
		return *(const uint32_t *)at;
	case S64:
		return (json_int_t)*(const __s64 *)at;
	default:
		return (json_int_t)*(const __u64 *)at;
	}
}

static json_t *phases_json(const __s32 *values)
{
	json_t *array = json_array();

	for (int i = 0; i < V2X_PHASES_MAX; i++)
		json_array_append_new(array, json_integer(values[i]));
	return array;
}

json_t *status_json(const struct v2x_status *status)
{
	const struct v2x_status *s = status;
	json_t *o = json_pack(
		"{s:b,s:s,s:s,s:s,s:s,s:b}", "ok", 1, "state", v2x_state_name(s->state), "reason",
		v2x_reason_name(s->reason), "fault", v2x_reason_name(s->fault), "pilot",
		v2x_pilot_name(s->pilot), "claimed", s->claimed);

	json_object_set_new(o, "mode", json_string(v2x_mode_name(s->mode)));
	json_object_set_new(o, "fault_lines", bits_json(s->fault_lines, v2x_fault_line_name));
	json_object_set_new(o, "contactors_cmd",
			    bits_json(s->contactors_cmd, v2x_contactor_name));
	json_object_set_new(o, "contactors", bits_json(s->contactors, v2x_contactor_name));
	json_object_set_new(o, "limited_by", bits_json(s->limited_by, v2x_limited_name));
	json_object_set_new(o, "v_mv", phases_json(s->v_mv));
	json_object_set_new(o, "i_ma", phases_json(s->i_ma));
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		json_object_set_new(o, fields[i].name, json_integer(field_value(s, &fields[i])));
	return o;
}

static void print_phases(FILE *to, const __s32 *values, uint32_t phases, const char *unit)
{
	for (uint32_t i = 0; i < phases && i < V2X_PHASES_MAX; i++)
		fprintf(to, " %7.2f", values[i] / 1e3);
	fprintf(to, " %s", unit);
}

static void print_power(FILE *to, const struct v2x_status *s)
{
	char names[128];

	fprintf(to, "power     P %+9.1f W (set %+.1f, reference %+.1f)", s->p_mw / 1e3,
		s->p_sp_mw / 1e3, s->p_ref_mw / 1e3);
	fprintf(to, "   Q %+9.1f var (set %+.1f)   S %.1f VA\n", s->q_mvar / 1e3,
		s->q_sp_mvar / 1e3, s->s_mva / 1e3);
	if (s->limited_by)
		fprintf(to, "held by   %s\n",
			v2x_bits_format(s->limited_by, v2x_limited_name, names, sizeof(names)));
}

void status_print(FILE *to, const struct v2x_info *info, const struct v2x_status *status)
{
	const struct v2x_status *s = status;
	char names[128];

	fprintf(to, "%s (%s)   %s", info->name, info->driver, v2x_state_name(s->state));
	if (s->reason != V2X_REASON_NONE)
		fprintf(to, ", reason %s", v2x_reason_name(s->reason));
	if (s->mode)
		fprintf(to, ", mode %s", v2x_mode_name(s->mode));
	fputc('\n', to);
	if (s->fault)
		fprintf(to, "FAULT     %s: %s\n", v2x_reason_name(s->fault),
			v2x_reason_text(s->fault));
	fprintf(to, "grid      %.3f Hz ", s->f_mhz / 1e3);
	print_phases(to, s->v_mv, info->phases, "V  ");
	print_phases(to, s->i_ma, info->phases, "A\n");
	print_power(to, s);
	fprintf(to, "DC link   %.1f V   heat sink %.1f degC\n", s->v_dc_link_mv / 1e3,
		s->temp_mc / 1e3);
	fprintf(to, "vehicle   pilot %s, duty %.1f %%   %.1f V %+.2f A\n",
		v2x_pilot_name(s->pilot), s->pilot_duty_permille / 10.0, s->v_ev_mv / 1e3,
		s->i_ev_ma / 1e3);
	fprintf(to, "closed    %s\n",
		v2x_bits_format(s->contactors, v2x_contactor_name, names, sizeof(names)));
	if (s->fault_lines)
		fprintf(to, "lines     %s\n", v2x_bits_format(s->fault_lines, v2x_fault_line_name,
							     names, sizeof(names)));
	fprintf(to, "energy    %.4f kWh in, %.4f kWh out\n", (double)s->e_import_mj / 3.6e9,
		(double)s->e_export_mj / 3.6e9);
	fprintf(to, "claim     %s", s->claimed ? "held" : "free");
	if (s->lease_left_ms)
		fprintf(to, ", lease runs out in %u ms", s->lease_left_ms);
	fprintf(to, "\nticks     %llu, missed %llu, worst start %.1f us, longest %.1f us\n",
		(unsigned long long)s->tick, (unsigned long long)s->ticks_missed,
		(double)s->start_worst_ns / 1e3, (double)s->duration_worst_ns / 1e3);
}
