// SPDX-License-Identifier: Apache-2.0
/* Do the values of a profile go together? Tables of what must stand in which order. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "profile.h"

/* The one named first must not be above the other; missing ones are passed over. */
struct order {
	const char *low, *high, *what;
	bool strict;
};

#define THRESHOLDS "thresholds cross"
#define CURVE "curve is not monotonic"
#define WINDOW "window is empty"

static const struct order orders[] = {
	{ "trip.ov1_limit", "trip.ov2_limit", THRESHOLDS, false },
	{ "trip.ov2_limit", "trip.ov3_limit", THRESHOLDS, false },
	{ "trip.ov3_limit", "trip.ov4_limit", THRESHOLDS, false },
	{ "trip.ov2_time", "trip.ov1_time", "the farther stage is the slower one", false },
	{ "trip.ov3_time", "trip.ov2_time", "the farther stage is the slower one", false },
	{ "trip.ov4_time", "trip.ov3_time", "the farther stage is the slower one", false },
	{ "trip.uv2_limit", "trip.uv1_limit", THRESHOLDS, false },
	{ "trip.uv3_limit", "trip.uv2_limit", THRESHOLDS, false },
	{ "trip.uv4_limit", "trip.uv3_limit", THRESHOLDS, false },
	{ "trip.uv2_time", "trip.uv1_time", "the farther stage is the slower one", false },
	{ "trip.uv3_time", "trip.uv2_time", "the farther stage is the slower one", false },
	{ "trip.uv4_time", "trip.uv3_time", "the farther stage is the slower one", false },
	{ "trip.of1_limit", "trip.of2_limit", THRESHOLDS, false },
	{ "trip.of2_limit", "trip.of3_limit", THRESHOLDS, false },
	{ "trip.of2_time", "trip.of1_time", "the farther stage is the slower one", false },
	{ "trip.of3_time", "trip.of2_time", "the farther stage is the slower one", false },
	{ "trip.uf2_limit", "trip.uf1_limit", THRESHOLDS, false },
	{ "trip.uf3_limit", "trip.uf2_limit", THRESHOLDS, false },
	{ "trip.uf2_time", "trip.uf1_time", "the farther stage is the slower one", false },
	{ "trip.uf3_time", "trip.uf2_time", "the farther stage is the slower one", false },
	{ "external_signal.f_low", "external_signal.f_high", WINDOW, true },
	{ "external_signal.f_high", "trip.of1_limit", THRESHOLDS, false },
	{ "trip.uf1_limit", "external_signal.f_low", THRESHOLDS, false },
	{ "nominal.f", "external_signal.f_high", "is on the wrong side of nominal", true },
	{ "external_signal.f_low", "nominal.f", "is on the wrong side of nominal", true },
	{ "trip.uv1_limit", "trip.ov1_limit", THRESHOLDS, true },
	{ "trip.uf1_limit", "trip.of1_limit", THRESHOLDS, true },
	{ "enter_service.v_low", "enter_service.v_high", WINDOW, true },
	{ "enter_service.f_low", "enter_service.f_high", WINDOW, true },
	{ "enter_service.v_high", "trip.ov1_limit", "would enter where it trips", false },
	{ "trip.uv1_limit", "enter_service.v_low", "would enter where it trips", false },
	{ "enter_service.f_high", "trip.of1_limit", "would enter where it trips", false },
	{ "trip.uf1_limit", "enter_service.f_low", "would enter where it trips", false },
	{ "reconnection.v_low", "reconnection.v_high", WINDOW, true },
	{ "reconnection.f_low", "reconnection.f_high", WINDOW, true },
	{ "reconnection.f_high", "trip.of1_limit", "would enter where it trips", false },
	{ "trip.uf1_limit", "reconnection.f_low", "would enter where it trips", false },
	{ "reconnection.v_high", "trip.ov1_limit", "would enter where it trips", false },
	{ "trip.uv1_limit", "reconnection.v_low", "would enter where it trips", false },
	{ "enter_service.f_low", "nominal.f", "would not enter at nominal", false },
	{ "nominal.f", "enter_service.f_high", "would not enter at nominal", false },
	{ "reconnection.f_low", "nominal.f", "would not enter at nominal", false },
	{ "nominal.f", "reconnection.f_high", "would not enter at nominal", false },
	{ "ride_through.v_mandatory_high", "ride_through.v_permissive_high", THRESHOLDS, false },
	{ "ride_through.v_permissive_high", "ride_through.v_cease_high", THRESHOLDS, false },
	{ "ride_through.v_permissive_low", "ride_through.v_mandatory_low", THRESHOLDS, false },
	{ "ride_through.v_cease_low", "ride_through.v_permissive_low", THRESHOLDS, false },
	{ "ride_through.f_mandatory_low", "ride_through.f_mandatory_high", THRESHOLDS, true },
	{ "ride_through.f_mandatory_high", "ride_through.f_undefined_high", THRESHOLDS, false },
	{ "ride_through.f_undefined_low", "ride_through.f_mandatory_low", THRESHOLDS, false },
	{ "ride_through.v_mandatory_high", "ride_through.v_cease_high", THRESHOLDS, false },
	{ "ride_through.v_cease_low", "ride_through.v_mandatory_low", THRESHOLDS, false },
	{ "cessation.v_low", "cessation.v_high", THRESHOLDS, true },
	{ "cessation.v_low", "ride_through.v_mandatory_low", THRESHOLDS, false },
	{ "ride_through.v_mandatory_high", "cessation.v_high", THRESHOLDS, false },
	{ "volt_watt.v1", "volt_watt.v2", CURVE, true },
	{ "volt_watt.p2", "volt_watt.p1", CURVE, false },
	{ "volt_watt_charge.v1", "volt_watt_charge.v2", CURVE, true },
	{ "volt_watt_charge.p1", "volt_watt_charge.p2", CURVE, false },
	{ "volt_var.v1", "volt_var.v2", CURVE, true },
	{ "volt_var.v2", "volt_var.v3", CURVE, false },
	{ "volt_var.v3", "volt_var.v4", CURVE, true },
	{ "volt_var.q2", "volt_var.q1", CURVE, false },
	{ "volt_var.q3", "volt_var.q2", CURVE, false },
	{ "volt_var.q4", "volt_var.q3", CURVE, false },
	{ "volt_var.lock_out", "volt_var.lock_in", THRESHOLDS, false },
	{ "volt_var.v_ref_low", "volt_var.v_ref_high", THRESHOLDS, false },
	{ "watt_var.p1", "watt_var.p2", CURVE, true },
	{ "watt_var.p2", "watt_var.p3", CURVE, true },
	{ "watt_var.charge_p1", "watt_var.charge_p2", CURVE, true },
	{ "watt_var.charge_p2", "watt_var.charge_p3", CURVE, true },
	{ "cos_phi_p.p1", "cos_phi_p.p2", CURVE, true },
	{ "cos_phi_p.p2", "cos_phi_p.p3", CURVE, true },
	{ "cos_phi_p.pf2", "cos_phi_p.pf1", CURVE, false },
	{ "cos_phi_p.pf3", "cos_phi_p.pf2", CURVE, false },
	{ "nominal.f", "lfsm_o.start", "begins on the wrong side of nominal", true },
	{ "lfsm_u.start", "nominal.f", "begins on the wrong side of nominal", true },
	{ "lfsm_o.stop", "lfsm_o.start", THRESHOLDS, false },
	{ "lfsm_u.start", "lfsm_u.stop", THRESHOLDS, false },
	{ "nominal.f", "lfsm_o.stop", "is released on the wrong side of nominal", false },
	{ "lfsm_u.stop", "nominal.f", "is released on the wrong side of nominal", false },
};

/* "file:line: [section] key (clause): what" for the parameter of a complaint. */
static int tell(const struct gc_profile *profile, const char *file, const struct gc_param *param,
		const char *what, char *error)
{
	const struct gc_value *value = gc_profile_value(profile, param);
	const char *clause = value ? value->clause : param->clause;
	const char *where = value && !value->site ? profile->file : file;
	char line[16] = "";

	if (value && value->line)
		snprintf(line, sizeof(line), ":%d", value->line);
	snprintf(error, GC_ERROR_LEN, "%.160s%s: [%s] %s%s%.60s%s: %.160s", where, line,
		 param->section, param->key, *clause ? " (" : "", clause, *clause ? ")" : "", what);
	return -EINVAL;
}

/* What is not said of a reconnection is as at the first start. */
static double value_of(const struct gc_profile *profile, const struct gc_param *param)
{
	const double value = gc_param_get(&profile->settings, param);
	const struct gc_param *start = NULL;

	if (isnan(value) && !strcmp(param->section, "reconnection"))
		start = gc_param_find("enter_service", param->key);
	return start ? gc_param_get(&profile->settings, start) : value;
}

static int check_order(const struct gc_profile *profile, const char *file,
		       const struct order *order, char *error)
{
	const struct gc_param *low = gc_param_named(order->low);
	const struct gc_param *high = gc_param_named(order->high);
	const struct gc_value *value, *limit;
	char what[160], a[32], b[32];
	double x, y;

	if (!low || !high)
		return 0;
	x = value_of(profile, low);
	y = value_of(profile, high);
	if (isnan(x) || isnan(y) || x < y || (!order->strict && x == y))
		return 0;
	snprintf(what, sizeof(what), "%s: %s, %s, must not be %s %s, %s", order->what, order->low,
		 gc_profile_format(profile, low, x, a, sizeof(a)), order->strict ? "as high as" : "above",
		 order->high, gc_profile_format(profile, high, y, b, sizeof(b)));
	/* Of the two, the one that the site has moved; nominal is never wrong. */
	value = gc_profile_value(profile, low);
	limit = gc_profile_value(profile, high);
	if ((limit && limit->site && !(value && value->site)) || !strcmp(low->section, "nominal"))
		low = high;
	return tell(profile, file, low, what, error);
}

static bool given(const struct gc_profile *profile, const struct gc_param *param)
{
	const double value = gc_param_get(&profile->settings, param);

	return param->type == GC_SWITCH ? value != 0 : !isnan(value);
}

/* A value another one makes obligatory. */
static int check_missing(const struct gc_profile *profile, const char *file,
			 const struct gc_param *param, char *error)
{
	const bool there = gc_profile_value(profile, param) != NULL;
	const char *how = there ? "off" : "missing";
	const struct gc_param *with;
	char what[160];

	/* A stage whose time is off would never trip, a curve without a point has no value. */
	if (!param->with || (there && !isnan(gc_param_get(&profile->settings, param))))
		return 0;
	with = gc_param_find(param->section, param->with);
	if (!strcmp(param->with, "*"))
		snprintf(what, sizeof(what), "%s; every profile has it", how);
	else if (with && given(profile, with))
		snprintf(what, sizeof(what), "%s; %s asks for it", how, param->with);
	else
		return 0;
	return tell(profile, file, param, what, error);
}

/* Sections of which one may be on at a time. */
static const struct exclusive {
	const char *sections[6];
	const char *what;
} exclusives[] = {
	{ { "const_pf", "volt_var", "watt_var", "cos_phi_p", "const_q" },
	  "a second reactive mode is on; expected one" },
	{ { "freq_droop", "lfsm_o" }, "a second response to frequency is on; expected one" },
	{ { "freq_droop", "lfsm_u" }, "a second response to frequency is on; expected one" },
};

static int check_exclusive(const struct gc_profile *profile, const char *file,
			   const struct exclusive *exclusive, char *error)
{
	bool on = false;

	for (size_t i = 0; exclusive->sections[i]; i++) {
		const struct gc_param *param = gc_param_find(exclusive->sections[i], "enable");

		if (!param || !given(profile, param))
			continue;
		if (on)
			return tell(profile, file, param, exclusive->what, error);
		on = true;
	}
	return 0;
}

/* The external signal switches the third stage of frequency. */
static int check_external(const struct gc_profile *profile, const char *file, char *error)
{
	static const char *const names[] = { "trip.of3_limit", "trip.uf3_limit" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct gc_param *param = gc_param_named(names[i]);

		if (!isnan(profile->settings.external.f_high_hz) &&
		    !isnan(gc_param_get(&profile->settings, param)))
			return tell(profile, file, param,
				    "[external_signal] needs this stage; expected it to be off",
				    error);
	}
	return 0;
}

int gc_profile_check(const struct gc_profile *profile, const char *file, char *error)
{
	for (size_t i = 0; i < gc_param_count; i++)
		if (check_missing(profile, file, &gc_params[i], error))
			return -EINVAL;
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++)
		if (check_order(profile, file, &orders[i], error))
			return -EINVAL;
	for (size_t i = 0; i < sizeof(exclusives) / sizeof(exclusives[0]); i++)
		if (check_exclusive(profile, file, &exclusives[i], error))
			return -EINVAL;
	return check_external(profile, file, error);
}
