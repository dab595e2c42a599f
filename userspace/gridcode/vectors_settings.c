// SPDX-License-Identifier: Apache-2.0
#include "vectors_settings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Names of the reference model against the table of parameters. */
static const struct { const char *name, *param; } names[] = {
	{ "OV1_TRIP_V", "trip.ov1_limit" }, { "OV1_TRIP_T", "trip.ov1_time" },
	{ "OV2_TRIP_V", "trip.ov2_limit" }, { "OV2_TRIP_T", "trip.ov2_time" },
	{ "UV1_TRIP_V", "trip.uv1_limit" }, { "UV1_TRIP_T", "trip.uv1_time" },
	{ "UV2_TRIP_V", "trip.uv2_limit" }, { "UV2_TRIP_T", "trip.uv2_time" },
	{ "OF1_TRIP_F", "trip.of1_limit" }, { "OF1_TRIP_T", "trip.of1_time" },
	{ "OF2_TRIP_F", "trip.of2_limit" }, { "OF2_TRIP_T", "trip.of2_time" },
	{ "UF1_TRIP_F", "trip.uf1_limit" }, { "UF1_TRIP_T", "trip.uf1_time" },
	{ "UF2_TRIP_F", "trip.uf2_limit" }, { "UF2_TRIP_T", "trip.uf2_time" },
	{ "ES_V_LOW", "enter_service.v_low" }, { "ES_V_HIGH", "enter_service.v_high" },
	{ "ES_F_LOW", "enter_service.f_low" }, { "ES_F_HIGH", "enter_service.f_high" },
	{ "ES_DELAY", "enter_service.delay" }, { "ES_RAMP_RATE", "enter_service.ramp_time" },
	{ "ES_RANDOMIZED_DELAY", "enter_service.random_delay" },
	{ "AP_LIMIT_ENABLE", "active_limit.enable" }, { "AP_LIMIT", "active_limit.limit" },
	{ "AP_RT", "active_limit.response" }, { "NP_REACT_TIME", "capability.reaction" },
	{ "NP_BESS_P_RAMP_TIME", "rating.battery_ramp" },
	{ "PV_MODE_ENABLE", "volt_watt.enable" }, { "PV_CURVE_V1", "volt_watt.v1" },
	{ "PV_CURVE_V2", "volt_watt.v2" }, { "PV_CURVE_P1", "volt_watt.p1" },
	{ "PV_CURVE_P2", "volt_watt.p2" }, { "PV_OLRT", "volt_watt.response" },
	{ "PF_MODE_ENABLE", "freq_droop.enable" }, { "PF_DBOF", "freq_droop.db_over" },
	{ "PF_DBUF", "freq_droop.db_under" }, { "PF_KOF", "freq_droop.k_over" },
	{ "PF_KUF", "freq_droop.k_under" }, { "PF_OLRT", "freq_droop.response" },
	{ "CONST_PF_MODE_ENABLE", "const_pf.enable" }, { "CONST_PF", "const_pf.pf" },
	{ "CONST_PF_RT", "const_pf.response" }, { "CONST_Q_MODE_ENABLE", "const_q.enable" },
	{ "CONST_Q", "const_q.q" }, { "CONST_Q_RT", "const_q.response" },
	{ "QV_MODE_ENABLE", "volt_var.enable" }, { "QV_OLRT", "volt_var.response" },
	{ "QV_VREF", "volt_var.v_ref" }, { "QV_VREF_AUTO_MODE", "volt_var.autonomous" },
	{ "QV_VREF_TIME", "volt_var.v_ref_time" },
	{ "QV_CURVE_V1", "volt_var.v1" }, { "QV_CURVE_Q1", "volt_var.q1" },
	{ "QV_CURVE_V2", "volt_var.v2" }, { "QV_CURVE_Q2", "volt_var.q2" },
	{ "QV_CURVE_V3", "volt_var.v3" }, { "QV_CURVE_Q3", "volt_var.q3" },
	{ "QV_CURVE_V4", "volt_var.v4" }, { "QV_CURVE_Q4", "volt_var.q4" },
	{ "QP_MODE_ENABLE", "watt_var.enable" }, { "QP_RT", "watt_var.response" },
	{ "QP_CURVE_P1_GEN", "watt_var.p1" }, { "QP_CURVE_Q1_GEN", "watt_var.q1" },
	{ "QP_CURVE_P2_GEN", "watt_var.p2" }, { "QP_CURVE_Q2_GEN", "watt_var.q2" },
	{ "QP_CURVE_P3_GEN", "watt_var.p3" }, { "QP_CURVE_Q3_GEN", "watt_var.q3" },
	{ "QP_CURVE_P1_LOAD", "watt_var.charge_p1" }, { "QP_CURVE_Q1_LOAD", "watt_var.charge_q1" },
	{ "QP_CURVE_P2_LOAD", "watt_var.charge_p2" }, { "QP_CURVE_Q2_LOAD", "watt_var.charge_q2" },
	{ "QP_CURVE_P3_LOAD", "watt_var.charge_p3" }, { "QP_CURVE_Q3_LOAD", "watt_var.charge_q3" },
	{ "NP_CURRENT_PU", "rating.i" }, { "NP_INV_DELAY", "rating.inverter" },
	{ "NP_RT_RAMP_UP_TIME", "ride_through.return_ramp" },
	{ "NP_CTE_RESP_T", "ride_through.cease_time" },
	{ "MC_ENABLE", "cessation.enable" }, { "MC_LVRT_V1", "cessation.v_low" },
	{ "MC_HVRT_V1", "cessation.v_high" }, { "MC_RESP_T", "cessation.time" },
	{ "MC_RETURN_T", "cessation.return_time" },
	{ "DVS_MODE_ENABLE", "voltage_support.enable" }, { "DVS_K", "voltage_support.k" },
};

/* Words that stand for numbers. */
static const struct { const char *name, *word, *param; double value; } words[] = {
	{ "NP_PHASE", "SINGLE", "rating.phases", GC_ONE_PHASE },
	{ "NP_PHASE", "THREE", "rating.phases", GC_THREE_PHASES },
	{ "CONST_PF_EXCITATION", "INJ", "const_pf.excitation", GC_INJECTING },
	{ "CONST_PF_EXCITATION", "ABS", "const_pf.excitation", GC_ABSORBING },
	{ "NP_PRIO_OUTSIDE_MIN_Q_REQ", "ACTIVE", "capability.priority", GC_PRIORITY_ACTIVE },
	{ "NP_PRIO_OUTSIDE_MIN_Q_REQ", "REACTIVE", "capability.priority", GC_PRIORITY_REACTIVE },
};

/* IEEE 1547-2018 tables 11 to 18; a column a category I, II, III. */
static const struct { const char *param; double by_category[3]; } by_abnormal[] = {
	{ "trip.ov1_limit", { 1.1, 1.1, 1.1 } },
	{ "trip.ov1_time", { 2, 2, 13 } },
	{ "trip.ov2_limit", { 1.2, 1.2, 1.2 } },
	{ "trip.ov2_time", { 0.16, 0.16, 0.16 } },
	{ "trip.uv1_limit", { 0.7, 0.7, 0.88 } },
	{ "trip.uv1_time", { 2, 10, 21 } },
	{ "trip.uv2_limit", { 0.45, 0.45, 0.5 } },
	{ "trip.uv2_time", { 0.16, 0.16, 2 } },
	{ "ride_through.v_cease_high", { 1.2, 1.2, (double)NAN } },
	{ "ride_through.v_permissive_high", { 1.1, 1.1, (double)NAN } },
	{ "ride_through.v_mandatory_high", { (double)NAN, (double)NAN, 1.1 } },
	{ "ride_through.v_mandatory_low", { 0.88, 0.88, 0.88 } },
	{ "ride_through.v_permissive_low", { 0.7, 0.65, (double)NAN } },
	{ "ride_through.v_cease_low", { 0.5, 0.3, (double)NAN } },
	{ "cessation.enable", { 0, 0, 1 } },
};

static const struct { const char *param; double value; } always[] = {
	{ "nominal.f", 60 }, { "nominal.v", 120 },
	{ "trip.of1_limit", 61.2 }, { "trip.of1_time", 300 },
	{ "trip.of2_limit", 62 }, { "trip.of2_time", 0.16 },
	{ "trip.uf1_limit", 58.5 }, { "trip.uf1_time", 300 },
	{ "trip.uf2_limit", 56.5 }, { "trip.uf2_time", 0.16 },
	{ "ride_through.f_mandatory_high", 61.2 }, { "ride_through.f_mandatory_low", 58.8 },
	{ "ride_through.f_undefined_high", 61.8 }, { "ride_through.f_undefined_low", 57 },
	{ "cessation.v_low", 0.5 }, { "cessation.v_high", 1.1 },
	{ "enter_service.v_low", 0.917 }, { "enter_service.v_high", 1.05 },
	{ "enter_service.f_low", 59.5 }, { "enter_service.f_high", 60.1 },
	{ "enter_service.delay", 300 }, { "enter_service.ramp_time", 300 },
	{ "volt_watt.v1", 1.06 }, { "volt_watt.p1", 1 }, { "volt_watt.v2", 1.1 },
	{ "volt_watt.p2", 0 }, { "volt_watt.response", 10 }, { "freq_droop.enable", 1 },
	{ "capability.as_model", 1 },
};

/* Volt-var, categories A and B, and what active priority leaves to Q. */
static const struct { const char *param; double by_category[2]; } by_normal[] = {
	{ "volt_var.v1", { 0.9, 0.92 } }, { "volt_var.q1", { 0.25, 0.44 } },
	{ "volt_var.v2", { 1, 0.98 } }, { "volt_var.q2", { 0, 0 } },
	{ "volt_var.v3", { 1, 1.02 } }, { "volt_var.q3", { 0, 0 } },
	{ "volt_var.v4", { 1.1, 1.08 } }, { "volt_var.q4", { -0.25, -0.44 } },
	{ "volt_var.response", { 10, 5 } }, { "capability.q_absorb", { 0.25, 0.44 } },
};

static void put(struct gc_settings *settings, const char *param, double value)
{
	const struct gc_param *row = gc_param_named(param);

	if (row)
		gc_param_put(settings, row, value);
}

#define EACH(table) for (size_t i = 0; i < sizeof(table) / sizeof((table)[0]); i++)

void model_defaults(struct model_settings *model, int abnormal, int normal_b)
{
	*model = (struct model_settings){ .va_max = 1, .p_max = 1, .p_charge_max = 1,
					  .q_inject_max = 0.44, .q_absorb_max = 0.44,
					  .abnormal = abnormal, .normal_b = normal_b,
					  .in_service = true };
	gc_settings_default(&model->settings);
	EACH(always)
		put(&model->settings, always[i].param, always[i].value);
	EACH(by_abnormal)
		put(&model->settings, by_abnormal[i].param,
		    by_abnormal[i].by_category[abnormal - 1]);
	EACH(by_normal)
		put(&model->settings, by_normal[i].param, by_normal[i].by_category[normal_b]);
}

static double *rating(struct model_settings *model, const char *name)
{
	if (!strcmp(name, "NP_VA_MAX"))
		return &model->va_max;
	if (!strcmp(name, "NP_P_MAX"))
		return &model->p_max;
	if (!strcmp(name, "NP_P_MAX_CHARGE"))
		return &model->p_charge_max;
	if (!strcmp(name, "NP_Q_MAX_INJ"))
		return &model->q_inject_max;
	if (!strcmp(name, "NP_Q_MAX_ABS"))
		return &model->q_absorb_max;
	if (!strcmp(name, "ES_RANDOMIZED_DELAY_ACTUAL"))
		return &model->random_s;
	return NULL;
}

static const char *number(const char *text, double *value)
{
	char *end;

	if (!strcmp(text, "True") || !strcmp(text, "False")) {
		*value = text[0] == 'T';
		return NULL;
	}
	*value = strtod(text, &end);
	return end == text || *end || !isfinite(*value) ? "expected a number, True or False" : NULL;
}

/* Categories choose defaults before, voltage and permit belong to others. */
static bool elsewhere(const char *name)
{
	return !strcmp(name, "NP_NORMAL_OP_CAT") || !strcmp(name, "NP_ABNORMAL_OP_CAT") ||
	       !strcmp(name, "NP_AC_V_NOM") || !strcmp(name, "NP_APPARENT_POWER_CHARGE_MAX") ||
	       !strcmp(name, "ES_PERMIT_SERVICE");
}

const char *model_set(struct model_settings *model, const char *name, const char *text)
{
	const char *wrong;
	double value, *np;

	if (elsewhere(name))
		return NULL;
	EACH(words)
		if (!strcmp(words[i].name, name) && !strcmp(words[i].word, text)) {
			put(&model->settings, words[i].param, words[i].value);
			return NULL;
		}
	wrong = number(text, &value);
	if (wrong)
		return wrong;
	np = rating(model, name);
	if (np) {
		*np = value;
		return NULL;
	}
	if (!strcmp(name, "STATUS_INIT")) {
		model->in_service = value != 0;
		return NULL;
	}
	EACH(names)
		if (!strcmp(names[i].name, name)) {
			/* Charging power is negative there, a size here. */
			put(&model->settings, names[i].param,
			    strncmp(name, "QP_CURVE_P", 10) != 0 || value > 0 ? value : -value);
			return NULL;
		}
	return "unknown setting";
}

void model_finish(struct model_settings *model)
{
	struct gc_rating *r = &model->settings.rating;

	r->p_pu = model->p_max / model->va_max;
	r->charge_pu = model->p_charge_max / model->va_max;
	r->q_inject_pu = model->q_inject_max / model->va_max;
	r->q_absorb_pu = model->q_absorb_max / model->va_max;
}
