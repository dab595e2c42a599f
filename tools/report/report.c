// SPDX-License-Identifier: Apache-2.0
/*
 * v2x-report: from the records of a run to something a person can read.
 *
 *   v2x-report DIR
 *
 * reads DIR/cycles.csv (v2xctl capture --cycles), DIR/timeline.csv (t_s,what)
 * and DIR/droop.conf (key value lines: p0_w, p_max_w, db_hz, slope_w_per_hz,
 * from_s, to_s, step_s), optionally DIR/trip.csv (v2xctl capture --trip), and
 * writes DIR/summary.txt, DIR/run.svg, DIR/droop.svg and DIR/trip.svg.
 * The summary also goes to standard output. Exit status 1 when a file is
 * missing or holds nothing.
 */
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <v2x.h>

#include "plot.h"
#include "table.h"

struct droop {
	double p0_w;
	double p_max_w;
	double db_hz;
	double slope_w_per_hz;
	double f0_hz;
	double from_s;
	double to_s;
};

struct run {
	const char *dir;
	struct table cycles;
	struct plot_mark mark[64];
	char text[64][48];
	size_t marks;
	struct droop droop;
	FILE *summary;
};

static char *path_in(const struct run *run, const char *name)
{
	static char path[4096];

	(void)snprintf(path, sizeof(path), "%s/%s", run->dir, name);
	return path;
}

__attribute__((format(printf, 2, 3))) static void say(const struct run *run, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vprintf(format, args);
	va_end(args);
	va_start(args, format);
	(void)vfprintf(run->summary, format, args);
	va_end(args);
}

static int read_timeline(struct run *run)
{
	FILE *f = fopen(path_in(run, "timeline.csv"), "re");
	char line[256];

	if (!f)
		return -errno;
	while (run->marks < 64 && fgets(line, sizeof(line), f)) {
		char *comma = strchr(line, ',');
		char *end;
		double t = strtod(line, &end);

		if (!comma || end != comma)
			continue;
		comma[1 + strcspn(comma + 1, "\r\n")] = '\0';
		(void)snprintf(run->text[run->marks], sizeof(run->text[0]), "%s", comma + 1);
		run->mark[run->marks] = (struct plot_mark){ t, run->text[run->marks] };
		run->marks++;
	}
	(void)fclose(f);
	return 0;
}

static int read_droop(struct run *run)
{
	const struct {
		const char *key;
		double *value;
	} keys[] = {
		{ "p0_w", &run->droop.p0_w },	    { "p_max_w", &run->droop.p_max_w },
		{ "db_hz", &run->droop.db_hz },	    { "slope_w_per_hz", &run->droop.slope_w_per_hz },
		{ "f0_hz", &run->droop.f0_hz },	    { "from_s", &run->droop.from_s },
		{ "to_s", &run->droop.to_s },
	};
	FILE *f = fopen(path_in(run, "droop.conf"), "re");
	char line[256];

	if (!f)
		return -errno;
	while (fgets(line, sizeof(line), f)) {
		char *value = strchr(line, ' ');

		for (size_t i = 0; value && i < sizeof(keys) / sizeof(keys[0]); i++)
			if (strncmp(line, keys[i].key, (size_t)(value - line)) == 0 &&
			    keys[i].key[value - line] == '\0')
				*keys[i].value = strtod(value, NULL);
	}
	(void)fclose(f);
	return 0;
}

/* The static curve that the droop service should follow: charge more when f is high. */
static double droop_w(const struct droop *d, double f_hz)
{
	double deviation = f_hz - d->f0_hz;
	double outside = fabs(deviation) > d->db_hz ? deviation - copysign(d->db_hz, deviation) : 0;
	double p = d->p0_w + outside * d->slope_w_per_hz;

	return fmax(-d->p_max_w, fmin(d->p_max_w, p));
}

static double *column(const struct table *t, const char *name, double scale)
{
	int c = table_column(t, name);
	double *y = calloc(t->rows, sizeof(*y));

	for (size_t i = 0; y && i < t->rows; i++)
		y[i] = table_at(t, i, c) * scale;
	return y;
}

static void energy(const struct run *run)
{
	const struct table *t = &run->cycles;
	int in = table_column(t, "e_in_Wh");
	int out = table_column(t, "e_out_Wh");
	size_t last = t->rows - 1;

	say(run, "  energy from the grid        %10.1f Wh\n", table_at(t, last, in) - table_at(t, 0, in));
	say(run, "  energy to the grid          %10.1f Wh\n", table_at(t, last, out) - table_at(t, 0, out));
}

static void droop_errors(const struct run *run, const double *t, const double *f, const double *p, double *want)
{
	double sum = 0;
	double mean = 0;
	double worst = 0;
	double high = 0;
	double low = 0;
	size_t limited = 0;
	size_t n = 0;
	int state = table_column(&run->cycles, "state");
	int by = table_column(&run->cycles, "limited_by");

	for (size_t i = 0; i < run->cycles.rows; i++) {
		want[i] = NAN;
		if (t[i] < run->droop.from_s || t[i] > run->droop.to_s || !isfinite(f[i]) || !isfinite(p[i]) ||
		    !(table_at(&run->cycles, i, state) == V2X_STATE_RUN))
			continue;
		if (table_at(&run->cycles, i, by) > 0) {
			limited++;
			continue;
		}
		want[i] = droop_w(&run->droop, f[i]) / 1000;
		double error = (p[i] - want[i]) * 1000;

		sum += error * error;
		mean += error;
		worst = fmax(worst, fabs(error));
		high = fmax(high, p[i]);
		low = fmin(low, p[i]);
		n++;
	}
	if (!n) {
		say(run, "  following the frequency: no cycle in its window\n");
		return;
	}
	say(run, "  following the frequency     %10zu cycles, power from %+.2f to %+.2f kW\n", n, low, high);
	say(run, "  error against the curve     %10.1f W rms, %.1f W mean, %.1f W worst\n", sqrt(sum / (double)n),
	    mean / (double)n, worst);
	if (limited)
		say(run, "  at a limit of the charger   %10zu cycles, not counted in the error\n", limited);
}

/*
 * Power beyond the range from zero to what was asked for, while the charger
 * follows set-points: precharge and start draw power for the DC link itself.
 */
static void wrong_direction(const struct run *run, const double *p)
{
	double *ref = column(&run->cycles, "p_ref_W", 1e-3);
	double *sp = column(&run->cycles, "p_set_W", 1e-3);
	double worst = 0;
	int state = table_column(&run->cycles, "state");

	for (size_t i = 1; ref && sp && i < run->cycles.rows; i++) {
		if (table_at(&run->cycles, i, state) != V2X_STATE_RUN ||
		    table_at(&run->cycles, i - 1, state) != V2X_STATE_RUN)
			continue;
		double lo = fmin(fmin(ref[i], ref[i - 1]), fmin(sp[i], 0));
		double hi = fmax(fmax(ref[i], ref[i - 1]), fmax(sp[i], 0));

		worst = fmax(worst, fmax(p[i] - hi, lo - p[i]));
	}
	say(run, "  beyond what was asked for   %10.1f W worst cycle, either direction\n", worst * 1000);
	free(ref);
	free(sp);
}

static int plot_run(const struct run *run, const double *t, const double *f, const double *p, const double *want)
{
	double *v = column(&run->cycles, "v_a_V", 1);
	double *ref = column(&run->cycles, "p_ref_W", 1e-3);
	struct plot_panel panel[3] = {
		{ "Grid frequency", "Hz", { { "measured", f, NULL, 0 } }, 1 },
		{ "Power at the terminals, charging positive", "kW",
		  { { "measured", p, NULL, 0 }, { "reference", ref, NULL, 0 }, { "droop curve", want, "#3a8f3a", 0 } }, 3 },
		{ "Phase voltage", "V", { { "phase a", v, NULL, 0 } }, 1 },
	};
	struct plot plot = { "The run", "seconds", t, run->cycles.rows, panel, 3, run->mark, run->marks };
	int ret = v && ref ? plot_write(&plot, path_in(run, "run.svg")) : -ENOMEM;

	free(v);
	free(ref);
	return ret;
}

struct point {
	double f;
	double p;
};

static int by_frequency(const void *a, const void *b)
{
	const struct point *x = a;
	const struct point *y = b;

	return (x->f > y->f) - (x->f < y->f);
}

static int plot_droop(const struct run *run, const double *f, const double *p, const double *want)
{
	size_t n = 0;
	struct point *point = calloc(run->cycles.rows, sizeof(*point));
	double *x = calloc(run->cycles.rows, sizeof(*x));
	double *y = calloc(run->cycles.rows, sizeof(*y));
	double *curve = calloc(run->cycles.rows, sizeof(*curve));
	int ret = -ENOMEM;

	for (size_t i = 0; point && i < run->cycles.rows; i++)
		if (isfinite(want[i]))
			point[n++] = (struct point){ f[i], p[i] };
	if (n && x && y && curve) {
		qsort(point, n, sizeof(*point), by_frequency);
		for (size_t i = 0; i < n; i++) {
			x[i] = point[i].f;
			y[i] = point[i].p;
			curve[i] = droop_w(&run->droop, point[i].f) / 1000;
		}
		struct plot_panel panel = { "Power over frequency, one point a mains cycle", "kW",
					    { { "measured", y, NULL, 1 }, { "droop curve", curve, NULL, 0 } }, 2 };
		struct plot plot = { "Frequency droop", "Hz", x, n, &panel, 1, NULL, 0 };

		ret = plot_write(&plot, path_in(run, "droop.svg"));
	}
	free(point);
	free(x);
	free(y);
	free(curve);
	return n ? ret : 0;
}

static int plot_trip(const struct run *run)
{
	struct table trip;
	static const char *const names[] = { "v_a_V", "v_b_V", "v_c_V", "i_a_A", "i_b_A", "i_c_A", "v_dc_V" };
	static const char *const labels[] = { "a", "b", "c", "a", "b", "c", "DC link" };
	double *y[7];
	int ret = table_read(path_in(run, "trip.csv"), &trip);

	if (ret)
		return ret;
	double *t = column(&trip, "t_s", 1000);
	struct plot_panel panel[3] = { { "Grid voltage", "V", { { 0 } }, 3 },
				       { "Current", "A", { { 0 } }, 3 },
				       { "DC link", "V", { { 0 } }, 1 } };

	for (size_t i = 0; i < 7; i++) {
		y[i] = column(&trip, names[i], 1);
		panel[i / 3].curve[i % 3] = (struct plot_curve){ labels[i], y[i], NULL, 0 };
	}
	struct plot_mark mark = { 0, "trip" };
	struct plot plot = { "Waveforms around the trip", "milliseconds", t, trip.rows, panel, 3, &mark, 1 };

	ret = plot_write(&plot, path_in(run, "trip.svg"));
	for (size_t i = 0; i < 7; i++)
		free(y[i]);
	free(t);
	table_free(&trip);
	return ret;
}

/* A person counts from the start of the run, not from the boot of the machine. */
static void from_start(struct run *run, double *t)
{
	double start = run->cycles.rows ? t[0] : 0;

	for (size_t i = 0; i < run->cycles.rows; i++)
		t[i] -= start;
	for (size_t i = 0; i < run->marks; i++)
		run->mark[i].x -= start;
}

static int report(struct run *run)
{
	const struct table *cycles = &run->cycles;
	double *t = column(cycles, "t_s", 1);
	double *f = column(cycles, "f_Hz", 1);
	double *p = column(cycles, "p_W", 1e-3);
	double *want = calloc(cycles->rows, sizeof(*want));
	int ret = -ENOMEM;

	if (t && f && p && want) {
		energy(run);
		droop_errors(run, t, f, p, want);
		wrong_direction(run, p);
		from_start(run, t);
		ret = plot_run(run, t, f, p, want);
		if (!ret)
			ret = plot_droop(run, f, p, want);
	}
	free(t);
	free(f);
	free(p);
	free(want);
	return ret;
}

int main(int argc, char **argv)
{
	struct run run = { .droop = { .f0_hz = 50 } };
	int ret;

	if (argc != 2) {
		(void)fputs("usage: v2x-report DIR\n", stderr);
		return 2;
	}
	run.dir = argv[1];
	ret = table_read(path_in(&run, "cycles.csv"), &run.cycles);
	if (ret)
		return 1;
	if (table_column(&run.cycles, "p_W") < 0 || table_column(&run.cycles, "t_s") < 0) {
		(void)fprintf(stderr, "%s: no column t_s or p_W\n", path_in(&run, "cycles.csv"));
		return 1;
	}
	run.summary = fopen(path_in(&run, "summary.txt"), "we");
	ret = run.summary ? read_timeline(&run) : -errno;
	if (!ret)
		ret = read_droop(&run);
	if (!ret)
		ret = report(&run);
	if (!ret)
		ret = plot_trip(&run);
	if (ret)
		(void)fprintf(stderr, "v2x-report: %s: %s\n", run.dir, strerror(-ret));
	table_free(&run.cycles);
	if (run.summary)
		(void)fclose(run.summary);
	return ret ? 1 : 0;
}
