// SPDX-License-Identifier: Apache-2.0
/*
 * The static points of a folder of reference vectors. The first step of every
 * filter is settled, so one step of a fresh engine is the settled point.
 */
#include "vectors.h"

#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "csv.h"
#include "gridcode.h"
#include "vectors_settings.h"

#define STATIC_BOUND 0.002

/* Columns that are one parameter each; charging power there is negative. */
static const struct { const char *column, *param; double factor; } map[] = {
	{ "vv_v1", "volt_var.v1", 1 }, { "vv_v2", "volt_var.v2", 1 },
	{ "vv_v3", "volt_var.v3", 1 }, { "vv_v4", "volt_var.v4", 1 },
	{ "vv_q1", "volt_var.q1", 1 }, { "vv_q2", "volt_var.q2", 1 },
	{ "vv_q3", "volt_var.q3", 1 }, { "vv_q4", "volt_var.q4", 1 },
	{ "vv_vref", "volt_var.v_ref", 1 },
	{ "wv_p1g", "watt_var.p1", 1 }, { "wv_q1g", "watt_var.q1", 1 },
	{ "wv_p2g", "watt_var.p2", 1 }, { "wv_q2g", "watt_var.q2", 1 },
	{ "wv_p3g", "watt_var.p3", 1 }, { "wv_q3g", "watt_var.q3", 1 },
	{ "wv_p1l", "watt_var.charge_p1", -1 }, { "wv_q1l", "watt_var.charge_q1", 1 },
	{ "wv_p2l", "watt_var.charge_p2", -1 }, { "wv_q2l", "watt_var.charge_q2", 1 },
	{ "wv_p3l", "watt_var.charge_p3", -1 }, { "wv_q3l", "watt_var.charge_q3", 1 },
	{ "pf", "const_pf.pf", 1 }, { "q_set", "const_q.q", 1 },
	{ "vw_en", "volt_watt.enable", 1 }, { "vw_v1", "volt_watt.v1", 1 },
	{ "vw_v2", "volt_watt.v2", 1 }, { "vw_p1", "volt_watt.p1", 1 },
	{ "vw_p2", "volt_watt.p2", 1 },
	{ "fd_en", "freq_droop.enable", 1 }, { "fd_dbof", "freq_droop.db_over", 1 },
	{ "fd_dbuf", "freq_droop.db_under", 1 }, { "fd_kof", "freq_droop.k_over", 1 },
	{ "fd_kuf", "freq_droop.k_under", 1 },
	{ "ap_en", "active_limit.enable", 1 }, { "ap_lim", "active_limit.limit", 1 },
};

#define MAPPED (sizeof(map) / sizeof(map[0]))

enum point_column {
	COL_ROW, COL_PHASES, COL_PRIORITY, COL_MODE, COL_EXCITATION, COL_S, COL_P, COL_CHARGE,
	COL_Q_INJ, COL_Q_ABS, COL_VA, COL_VB, COL_VC, COL_F, COL_DEMAND, COL_P_OUT, COL_Q_OUT,
	COLUMNS
};

static const char *const names[COLUMNS] = {
	"row", "phases", "priority", "q_mode", "pf_exc", "s_max_va", "p_max_w", "p_chg_max_w",
	"q_inj_max_var", "q_abs_max_var", "va_pu", "vb_pu", "vc_pu", "f_hz", "p_dem_pu", "p_pu",
	"q_pu",
};

struct places {
	int own[COLUMNS];
	int mapped[MAPPED];
};

static int find_columns(struct csv *csv, struct places *at)
{
	for (int i = 0; i < COLUMNS; i++) {
		at->own[i] = csv_column(csv, names[i]);
		if (at->own[i] < 0 && i < COL_P_OUT)
			return csv_fail(csv, -EINVAL, "no column %s", names[i]);
	}
	for (size_t i = 0; i < MAPPED; i++) {
		at->mapped[i] = csv_column(csv, map[i].column);
		if (at->mapped[i] < 0)
			return csv_fail(csv, -EINVAL, "no column %s", map[i].column);
	}
	return 0;
}

/* Protection and ride-through have no say in a settled point. */
static void unprotected(struct gc_settings *s)
{
	for (int i = 0; i < GC_OV_STAGES; i++)
		s->trip.ov[i].limit = (double)NAN;
	for (int i = 0; i < GC_UV_STAGES; i++)
		s->trip.uv[i].limit = (double)NAN;
	for (int i = 0; i < GC_OF_STAGES; i++)
		s->trip.of[i].limit = (double)NAN;
	for (int i = 0; i < GC_UF_STAGES; i++)
		s->trip.uf[i].limit = (double)NAN;
	s->ride.v_cease_high = (double)NAN;
	s->ride.v_cease_low = (double)NAN;
	s->ride.cessation = 0;
}

static int take_settings(struct csv *csv, const struct places *at, const double *x,
			 struct model_settings *model)
{
	struct gc_settings *s = &model->settings;

	model_defaults(model, 3, 1);
	unprotected(s);
	for (size_t i = 0; i < MAPPED; i++) {
		const struct gc_param *param = gc_param_named(map[i].param);
		double value;

		if (csv_number(csv, at->mapped[i], &value))
			return -EINVAL;
		if (param)
			gc_param_put(s, param, value * map[i].factor);
	}
	s->rating.phases = x[COL_PHASES] > 1 ? GC_THREE_PHASES : GC_ONE_PHASE;
	s->capability.priority = strcmp(csv->fields[at->own[COL_PRIORITY]], "active") != 0 ?
		GC_PRIORITY_REACTIVE : GC_PRIORITY_ACTIVE;
	s->const_pf.excitation = strcmp(csv->fields[at->own[COL_EXCITATION]], "inj") != 0 ?
		GC_ABSORBING : GC_INJECTING;
	s->const_pf.enable = x[COL_MODE] == 1;
	s->const_q.enable = x[COL_MODE] == 2;
	s->volt_var.enable = x[COL_MODE] == 3;
	s->watt_var.enable = x[COL_MODE] == 4;
	model->va_max = x[COL_S];
	model->p_max = x[COL_P];
	model->p_charge_max = x[COL_CHARGE];
	model->q_inject_max = x[COL_Q_INJ];
	model->q_absorb_max = x[COL_Q_ABS];
	model_finish(model);
	return 0;
}

static void solve(struct gridcode *engine, const struct model_settings *model, const double *x,
		  double *p, double *q)
{
	struct gc_input in = gc_input_none(1);
	struct gc_output out;

	gridcode_init(engine, &model->settings, true);
	for (int i = 0; i < 3; i++)
		in.v_pu[i] = x[COL_VA + i];
	in.f_hz = x[COL_F];
	in.p_want_pu = -x[COL_DEMAND] * model->settings.rating.p_pu;
	gridcode_step(engine, &in, &out);
	*p = -out.p_pu;
	*q = -out.q_pu;
}

static bool is_text(int column)
{
	return column == COL_ROW || column == COL_PRIORITY || column == COL_EXCITATION;
}

static int run_points(struct csv *csv, struct gridcode *engine, FILE *out,
		      struct vectors_result *result)
{
	struct places at = { 0 };
	int ret = find_columns(csv, &at);

	if (ret == 0 && out)
		fputs("row,p_pu,q_pu\n", out);
	while (ret == 0 && (ret = csv_next(csv)) > 0) {
		struct model_settings model;
		double x[COLUMNS] = { 0 }, p, q, p_off, q_off;

		ret = 0;
		for (int i = 0; ret == 0 && i < COLUMNS; i++)
			ret = is_text(i) || at.own[i] < 0 ? 0 : csv_number(csv, at.own[i], &x[i]);
		if (ret == 0)
			ret = take_settings(csv, &at, x, &model);
		if (ret)
			return ret;
		solve(engine, &model, x, &p, &q);
		p_off = at.own[COL_P_OUT] < 0 ? 0 : fabs(p - x[COL_P_OUT]);
		q_off = at.own[COL_Q_OUT] < 0 ? 0 : fabs(q - x[COL_Q_OUT]);
		result->points++;
		if (fmax(p_off, q_off) > STATIC_BOUND)
			result->points_off++;
		result->static_p = fmax(result->static_p, p_off);
		result->static_q = fmax(result->static_q, q_off);
		if (out)
			fprintf(out, "%s,%.6f,%.6f\n", csv->fields[at.own[COL_ROW]], p, q);
	}
	return ret;
}

int vectors_static(const char *dir, FILE *out, struct vectors_result *result)
{
	char pattern[PATH_MAX];
	struct csv *csv = malloc(sizeof(*csv));
	struct gridcode *engine = malloc(sizeof(*engine));
	glob_t found = { 0 };
	int ret = -ENOMEM;

	snprintf(result->error, sizeof(result->error), "no memory");
	snprintf(pattern, sizeof(pattern), "%s/vectors_*_static.csv*", dir);
	if (csv && engine) {
		if (glob(pattern, 0, NULL, &found) || found.gl_pathc != 1) {
			snprintf(result->error, sizeof(result->error),
				 "%.200s: expected one file vectors_*_static.csv or .csv.gz in it", dir);
			ret = -ENOENT;
		} else {
			ret = csv_open(csv, found.gl_pathv[0]);
			if (ret == 0)
				ret = run_points(csv, engine, out, result);
			csv_close(csv);
			snprintf(result->error, sizeof(result->error), "%s", csv->error);
		}
		globfree(&found);
	}
	free(engine);
	free(csv);
	return ret;
}
