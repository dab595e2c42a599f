// SPDX-License-Identifier: Apache-2.0
/*
 * gridcode plot: the curves of a grid code as SVG, with the operating point of
 * the running supervisor. Signs as the standards draw them: delivered to the
 * grid is positive.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "daemon.h"
#include "gridcode/gridcode.h"
#include "gridcode_replay.h"

#define WIDTH 960
#define PANEL 260
#define LEFT 70
#define RIGHT 30
#define TOP 34
#define BOTTOM 40
#define POINTS 300
#define T_MIN_S 0.01
#define T_MAX_S 1000
#define DECADES 5

enum axis { BY_FREQUENCY, Q_BY_VOLTAGE, P_BY_VOLTAGE, Q_BY_POWER, TRIP_VOLTAGE, TRIP_FREQUENCY,
	    AXES };

/**
 * struct panel - one picture
 * @title: @x: @y: labels
 * @x0 .. @y1: range; that of a frequency is from nominal
 * @log_x: seconds, logarithmic
 */
static const struct panel {
	const char *title;
	const char *x;
	const char *y;
	double x0;
	double x1;
	double y0;
	double y1;
	bool log_x;
} panels[AXES] = {
	[BY_FREQUENCY] = { "active power by frequency", "Hz", "P/Pn", -3, 3, -1.1, 1.1, false },
	[Q_BY_VOLTAGE] = { "reactive power by voltage", "U/Un", "Q/Sn", 0.8, 1.2, -0.7, 0.7, false },
	[P_BY_VOLTAGE] = { "active power by voltage", "U/Un", "P/Pn", 0.8, 1.2, -1.1, 1.1, false },
	[Q_BY_POWER] = { "reactive power by active power", "P/Pn", "Q/Sn", -1.1, 1.1, -0.7, 0.7,
			 false },
	[TRIP_VOLTAGE] = { "trip by voltage", "s", "U/Un", T_MIN_S, T_MAX_S, 0, 1.4, true },
	[TRIP_FREQUENCY] = { "trip by frequency", "s", "Hz", T_MIN_S, T_MAX_S, -6, 6, true },
};

struct picture {
	const struct gc_settings *s;
	FILE *to;
	const struct panel *panel;
	double top;	/* of the panel's frame */
	double shift_x;	/* nominal frequency, where an axis counts from it */
	double shift_y;
	int labels;
};

/* ---- curves ----------------------------------------------------------------------- */

static double charging(const struct gc_settings *s)
{
	return s->rating.charge_pu / s->rating.p_pu;
}

/* EN 50549-1 4.6.1: P = P0 - (f - f1) / (s fn) Pref, from rated export */
static double lfsm_o(const struct gc_settings *s, double f_hz)
{
	const double end = s->lfsm_o.charge ? -charging(s) : 0;
	const double share = (f_hz - s->lfsm_o.start_hz) / (s->lfsm_o.droop * s->nominal.f_hz);

	return fmax(1 - fmax(share, 0) * gc_lfsm_reference(s->lfsm_o.reference, 1, end), end);
}

/* From rated charging. */
static double lfsm_u(const struct gc_settings *s, double f_hz)
{
	const double before = -charging(s), end = s->lfsm_u.charge ? 1 : 0;
	const double share = (s->lfsm_u.start_hz - f_hz) / (s->lfsm_u.droop * s->nominal.f_hz);

	return fmin(before + fmax(share, 0) * gc_lfsm_reference(s->lfsm_u.reference, before, end),
		    end);
}

/* IEEE 1547-2018 6.5.2.7 around no power */
static double droop(const struct gc_settings *s, double f_hz)
{
	const struct gc_droop_settings *d = &s->droop;
	const double off = f_hz - s->nominal.f_hz;
	double p = 0;

	if (off > d->db_over_hz)
		p = -(off - d->db_over_hz) / (s->nominal.f_hz * d->k_over);
	else if (-off > d->db_under_hz)
		p = (-off - d->db_under_hz) / (s->nominal.f_hz * d->k_under);
	return fmax(fmin(p, 1), -s->rating.charge_pu);
}

static double volt_var(const struct gc_settings *s, double v_pu)
{
	return gc_curve(s->volt_var.v, s->volt_var.q, GC_CURVE_POINTS, v_pu - s->volt_var.v_ref + 1);
}

static double between(const struct gc_volt_watt_settings *w, double v_pu)
{
	const double v[2] = { fmin(w->v1, w->v2), fmax(w->v1, w->v2) };
	const double p[2] = { w->v1 < w->v2 ? w->p1 : w->p2, w->v1 < w->v2 ? w->p2 : w->p1 };

	return gc_curve(v, p, 2, v_pu);
}

static double volt_watt(const struct gc_settings *s, double v_pu)
{
	return between(&s->volt_watt, v_pu);
}

static double volt_watt_charge(const struct gc_settings *s, double v_pu)
{
	return -between(&s->volt_watt_charge, v_pu);
}

static double watt_var(const struct gc_settings *s, double p)
{
	return gc_watt_var_curve(s, p);
}

/* Absorbing. */
static double cos_phi(const struct gc_settings *s, double p)
{
	const double pf = gc_curve(s->cos_phi.p, s->cos_phi.pf, 3, fabs(p));

	return -fabs(p) * sqrt(fmax(1 - pf * pf, 0)) / pf;
}

static const struct curve {
	const char *label;
	const char *asks;	/* the setting it cannot be drawn without */
	const char *enable;
	double (*at)(const struct gc_settings *s, double x);
	enum axis axis;
} curves[] = {
	{ "LFSM-O, from rated export", "lfsm_o.start", "lfsm_o.enable", lfsm_o, BY_FREQUENCY },
	{ "LFSM-U, from rated charging", "lfsm_u.start", "lfsm_u.enable", lfsm_u, BY_FREQUENCY },
	{ "droop, from zero", "freq_droop.k_over", "freq_droop.enable", droop, BY_FREQUENCY },
	{ "volt-var", "volt_var.v1", "volt_var.enable", volt_var, Q_BY_VOLTAGE },
	{ "volt-watt", "volt_watt.v1", "volt_watt.enable", volt_watt, P_BY_VOLTAGE },
	{ "volt-watt, charging", "volt_watt_charge.v1", "volt_watt_charge.enable", volt_watt_charge,
	  P_BY_VOLTAGE },
	{ "watt-var", "watt_var.p3", "watt_var.enable", watt_var, Q_BY_POWER },
	{ "cos phi (P)", "cos_phi_p.p3", "cos_phi_p.enable", cos_phi, Q_BY_POWER },
};

static const char *const colours[] = { "#1b6ca8", "#c0392b", "#2e8b57", "#8e44ad" };

#define CURVES (sizeof(curves) / sizeof(curves[0]))
#define COLOURS (sizeof(colours) / sizeof(colours[0]))

static double setting(const struct gc_settings *s, const char *name)
{
	const struct gc_param *param = gc_param_named(name);

	return param ? gc_param_get(s, param) : (double)NAN;
}

static bool drawable(const struct gc_profile *p, const struct curve *c)
{
	return gc_profile_value(p, gc_param_named(c->asks)) != NULL;
}

/* ---- drawing ------------------------------------------------------------------------ */

static double at_x(const struct picture *pic, double x)
{
	const struct panel *p = pic->panel;
	double share = (x - p->x0) / (p->x1 - p->x0);

	if (p->log_x)
		share = log(x / p->x0) / log(p->x1 / p->x0);
	return LEFT + fmax(fmin(share, 1), 0) * (WIDTH - LEFT - RIGHT);
}

static double at_y(const struct picture *pic, double y)
{
	const struct panel *p = pic->panel;
	const double share = (p->y1 - y) / (p->y1 - p->y0);

	return pic->top + fmax(fmin(share, 1), 0) * (PANEL - TOP - BOTTOM);
}

static void write_text(const struct picture *pic, double x, double y, const char *anchor,
		       const char *colour, const char *text)
{
	fprintf(pic->to, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%s</text>\n", x,
		y, anchor, colour, text);
}

static void label(struct picture *pic, const char *colour, const char *text)
{
	write_text(pic, LEFT + 330 + 210 * (pic->labels++), pic->top - 8, "start", colour, text);
}

static void frame(const struct picture *pic)
{
	const struct panel *p = pic->panel;
	const double bottom = pic->top + PANEL - TOP - BOTTOM;
	char text[64];

	fprintf(pic->to, "<rect x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%d\" fill=\"none\" "
		"stroke=\"#999\"/>\n", LEFT, pic->top, WIDTH - LEFT - RIGHT, PANEL - TOP - BOTTOM);
	snprintf(text, sizeof(text), "%s: %s over %s", p->title, p->y, p->x);
	write_text(pic, LEFT, pic->top - 8, "start", "#000", text);
	for (int i = 0; i <= 4; i++) {
		const double y = p->y0 + i * (p->y1 - p->y0) / 4;

		snprintf(text, sizeof(text), "%.4g", y + pic->shift_y);
		write_text(pic, LEFT - 6, at_y(pic, y) + 4, "end", "#333", text);
	}
	for (int i = 0; i <= (p->log_x ? DECADES : 4); i++) {
		const double x = p->log_x ? p->x0 * pow(10, i) : p->x0 + i * (p->x1 - p->x0) / 4;

		snprintf(text, sizeof(text), "%.4g", x + pic->shift_x);
		write_text(pic, at_x(pic, x), bottom + 16, "middle", "#333", text);
	}
	if (p->y0 < 0 && p->y1 > 0)
		fprintf(pic->to, "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" "
			"stroke=\"#ccc\"/>\n", LEFT, WIDTH - RIGHT, at_y(pic, 0), at_y(pic, 0));
}

static void draw_curve(struct picture *pic, const struct curve *c, const char *colour)
{
	const struct panel *p = pic->panel;
	const bool on = setting(pic->s, c->enable) != 0;
	char text[64];

	fprintf(pic->to, "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\"%s points=\"",
		colour, on ? "" : " stroke-dasharray=\"5 4\"");
	for (int i = 0; i <= POINTS; i++) {
		const double x = p->x0 + i * (p->x1 - p->x0) / POINTS;

		fprintf(pic->to, "%.1f,%.1f ", at_x(pic, x), at_y(pic, c->at(pic->s, x + pic->shift_x)));
	}
	fputs("\"/>\n", pic->to);
	snprintf(text, sizeof(text), "%s%s", c->label, on ? "" : " (off)");
	label(pic, colour, text);
}

/* A stage trips beyond its limit from its time on: a corner. */
static void draw_stages(struct picture *pic, const struct gc_stage *stage, int count, double edge,
			const char *colour)
{
	for (int i = 0; i < count; i++) {
		const double y = stage[i].limit - pic->shift_y, t_s = fmax(stage[i].time_s, T_MIN_S);

		if (isnan(stage[i].limit))
			continue;
		fprintf(pic->to, "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\" "
			"points=\"%.1f,%.1f %.1f,%.1f %.1f,%.1f\"/>\n", colour, at_x(pic, t_s),
			at_y(pic, edge), at_x(pic, t_s), at_y(pic, y), at_x(pic, T_MAX_S),
			at_y(pic, y));
	}
}

static void draw_trips(struct picture *pic, enum axis axis)
{
	const struct gc_trip_settings *t = &pic->s->trip;

	if (axis == TRIP_VOLTAGE) {
		draw_stages(pic, t->ov, GC_OV_STAGES, pic->panel->y1, colours[1]);
		draw_stages(pic, t->uv, GC_UV_STAGES, pic->panel->y0, colours[0]);
	} else {
		draw_stages(pic, t->of, GC_OF_STAGES, pic->panel->y1, colours[1]);
		draw_stages(pic, t->uf, GC_UF_STAGES, pic->panel->y0, colours[0]);
	}
	label(pic, colours[1], "over");
	label(pic, colours[0], "under");
}

/* ---- operating point ------------------------------------------------------------------ */

struct point {
	double v_pu;
	double f_hz;
	double p;	/* delivered, per unit */
	double q;
	bool there;
};

static void draw_point(const struct picture *pic, const struct point *point, enum axis axis)
{
	const double x[AXES] = { point->f_hz - pic->s->nominal.f_hz, point->v_pu, point->v_pu,
				 point->p, NAN, NAN };
	const double y[AXES] = { point->p, point->q, point->p, point->q, NAN, NAN };

	if (!point->there || !isfinite(x[axis]) || !isfinite(y[axis]))
		return;
	fprintf(pic->to, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"5\" fill=\"#d68910\"/>\n",
		at_x(pic, x[axis]), at_y(pic, y[axis]));
}

static double at(const json_t *o, const char *key)
{
	const json_t *value = json_object_get(o, key);

	return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

/* The charger's rating is not in the answer: its own device says it. */
static int ask_point(const struct cli *cli, struct point *point)
{
	json_t *answer = NULL;
	const json_t *here, *v;
	struct v2x_device *dev = NULL;
	double s_mva;
	int ret = daemon_ask(cli, json_pack("{s:s}", "cmd", "gridcode-status"), &answer);

	if (ret)
		return ret;
	here = json_object_get(answer, "point");
	v = json_object_get(here, "v_pu");
	ret = here ? report_open(cli, 0, &dev) :
		     report_error(cli, EX_REFUSED, "no grid code is in force");
	if (ret == EX_OK_ && dev) {
		s_mva = v2x_device_info(dev)->s_rated_mva;
		v2x_close(dev);
		*point = (struct point){
			.v_pu = (json_number_value(json_array_get(v, 0)) +
				 json_number_value(json_array_get(v, 1)) +
				 json_number_value(json_array_get(v, 2))) / 3,
			.f_hz = at(here, "f_hz"), .p = -at(here, "p_mw") / s_mva,
			.q = -at(here, "q_mvar") / s_mva, .there = true,
		};
	}
	json_decref(answer);
	return ret;
}

/* ---- the command ------------------------------------------------------------------------ */

static bool has_any(const struct gc_profile *profile, enum axis axis)
{
	for (size_t i = 0; i < CURVES; i++)
		if (curves[i].axis == axis && drawable(profile, &curves[i]))
			return true;
	return axis == TRIP_VOLTAGE || axis == TRIP_FREQUENCY;
}

static void draw_panel(struct picture *pic, const struct gc_profile *profile, enum axis axis,
		       const struct point *point)
{
	unsigned int colour = 0;

	pic->panel = &panels[axis];
	pic->labels = 0;
	pic->shift_x = axis == BY_FREQUENCY ? pic->s->nominal.f_hz : 0;
	pic->shift_y = axis == TRIP_FREQUENCY ? pic->s->nominal.f_hz : 0;
	frame(pic);
	for (size_t i = 0; i < CURVES; i++)
		if (curves[i].axis == axis && drawable(profile, &curves[i]))
			draw_curve(pic, &curves[i], colours[colour++ % COLOURS]);
	if (axis == TRIP_VOLTAGE || axis == TRIP_FREQUENCY)
		draw_trips(pic, axis);
	draw_point(pic, point, axis);
}

static int draw(FILE *to, const struct gc_profile *profile, const struct point *point)
{
	struct picture pic = { .s = &profile->settings, .to = to };
	int n = 0;

	for (int axis = 0; axis < AXES; axis++)
		n += has_any(profile, (enum axis)axis);
	fprintf(to, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
		"font-family=\"sans-serif\" font-size=\"12\">\n"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n", WIDTH, n * PANEL + 30);
	pic.top = 18;
	write_text(&pic, LEFT, 18, "start", "#000", profile->id);
	write_text(&pic, WIDTH - RIGHT, 18, "end", "#555", profile->sha256);
	n = 0;
	for (int axis = 0; axis < AXES; axis++) {
		if (!has_any(profile, (enum axis)axis))
			continue;
		pic.top = 30 + n++ * PANEL + TOP;
		draw_panel(&pic, profile, (enum axis)axis, point);
	}
	fputs("</svg>\n", to);
	return fflush(to) == 0 && !ferror(to) ? 0 : -EIO;
}

int cmd_gridcode_plot(struct cli *cli)
{
	const char *out = cli_value(cli, "out");
	struct gc_profile *profile;
	struct point point = { .there = false };
	FILE *to = stdout;
	int ret = cli_has(cli, "point") ? ask_point(cli, &point) : EX_OK_;

	if (ret == EX_OK_)
		ret = gridcode_open(cli, cli->argv[0], &profile);
	if (ret)
		return ret;
	if (out)
		to = fopen(out, "we");
	if (!to || draw(to, profile, &point))
		ret = report_error(cli, EX_SYSTEM, "%s: %s", out ? out : "standard output",
				   strerror(errno));
	if (to && to != stdout)
		fclose(to);
	free(profile);
	return ret;
}
