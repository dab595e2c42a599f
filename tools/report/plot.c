// SPDX-License-Identifier: Apache-2.0
#include "plot.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>

enum { WIDTH = 1000, LEFT = 70, RIGHT = 20, TOP = 46, PANEL = 190, GAP = 34, BOTTOM = 44 };

static const char *const palette[] = { "#1f6fb2", "#d1491b", "#3a8f3a", "#8557a8", "#8a6d1f", "#444" };

struct axis {
	double lo;
	double hi;
	double step;
};

static struct axis axis_of(double lo, double hi)
{
	struct axis a = { lo, hi, 1 };

	if (!(hi - lo > 1e-9 * (fabs(lo) + fabs(hi) + 1e-6))) {
		a.lo = lo - 1;
		a.hi = hi + 1;
	}
	double raw = (a.hi - a.lo) / 5;
	double magnitude = pow(10, floor(log10(raw)));
	double ratio = raw / magnitude;

	a.step = magnitude * (ratio < 1.5 ? 1 : ratio < 3.5 ? 2 : ratio < 7.5 ? 5 : 10);
	a.lo = floor(a.lo / a.step) * a.step;
	a.hi = ceil(a.hi / a.step) * a.step;
	return a;
}

static struct axis panel_axis(const struct plot *p, const struct plot_panel *panel)
{
	double lo = INFINITY;
	double hi = -INFINITY;

	for (size_t c = 0; c < panel->curves; c++)
		for (size_t i = 0; i < p->n; i++) {
			lo = fmin(lo, panel->curve[c].y[i]);
			hi = fmax(hi, panel->curve[c].y[i]);
		}
	return isfinite(lo) ? axis_of(lo, hi) : axis_of(0, 1);
}

static double x_at(const struct plot *p, double x)
{
	double first = p->x[0];
	double last = p->x[p->n - 1];

	return LEFT + (WIDTH - LEFT - RIGHT) * (last > first ? (x - first) / (last - first) : 0);
}

static double y_at(const struct axis *a, int top, double y)
{
	return top + PANEL * (a->hi - y) / (a->hi - a->lo);
}

static void draw_grid(FILE *f, const struct axis *a, int top, const struct plot_panel *panel)
{
	int steps = (int)lround((a->hi - a->lo) / a->step);

	for (int i = 0; i <= steps; i++) {
		double v = a->lo + i * a->step;
		double y = y_at(a, top, v);

		(void)fprintf(f, "<path d='M%d %.1fH%d' stroke='%s'/>", LEFT, y, WIDTH - RIGHT,
			      fabs(v) < a->step / 1e6 ? "#999" : "#e4e4e4");
		(void)fprintf(f, "<text x='%d' y='%.1f' text-anchor='end'>%g</text>\n", LEFT - 6, y + 4,
			      fabs(v) < a->step / 1e6 ? 0 : v);
	}
	(void)fprintf(f, "<text x='%d' y='%d' font-weight='bold'>%s</text>\n", LEFT, top - 7, panel->title);
	(void)fprintf(f, "<text x='%d' y='%d' text-anchor='end'>%s</text>\n", LEFT - 6, top - 7, panel->unit);
}

static void draw_dots(FILE *f, const struct plot *p, const struct axis *a, int top,
		      const struct plot_curve *curve, const char *colour)
{
	for (size_t i = 0; i < p->n; i++)
		if (isfinite(curve->y[i]))
			(void)fprintf(f, "<circle cx='%.1f' cy='%.1f' r='1.3' fill='%s'/>\n", x_at(p, p->x[i]),
				      y_at(a, top, curve->y[i]), colour);
}

static void draw_line(FILE *f, const struct plot *p, const struct axis *a, int top,
		      const struct plot_curve *curve, const char *colour)
{
	size_t stride = p->n / (4 * WIDTH) + 1;
	char move = 'M';

	(void)fprintf(f, "<path fill='none' stroke='%s' stroke-width='1.3' d='", colour);
	for (size_t i = 0; i < p->n; i += stride) {
		size_t low = i;
		size_t high = i;

		for (size_t k = i; k < i + stride && k < p->n; k++) {
			low = curve->y[k] < curve->y[low] ? k : low;
			high = curve->y[k] > curve->y[high] ? k : high;
		}
		if (!isfinite(curve->y[low]) || !isfinite(curve->y[high])) {
			move = 'M';
			continue;
		}
		size_t first = low < high ? low : high;
		size_t second = low < high ? high : low;

		(void)fprintf(f, "%c%.1f %.1f", move, x_at(p, p->x[first]), y_at(a, top, curve->y[first]));
		if (second != first)
			(void)fprintf(f, "L%.1f %.1f", x_at(p, p->x[second]), y_at(a, top, curve->y[second]));
		move = 'L';
	}
	(void)fprintf(f, "'/>\n");
}

static void draw_panel(FILE *f, const struct plot *p, size_t index)
{
	const struct plot_panel *panel = &p->panel[index];
	struct axis a = panel_axis(p, panel);
	int top = TOP + (int)index * (PANEL + GAP);
	int legend = WIDTH - RIGHT;

	draw_grid(f, &a, top, panel);
	for (size_t c = panel->curves; c-- > 0;) {
		const struct plot_curve *curve = &panel->curve[c];
		const char *colour = curve->colour ? curve->colour : palette[c % 6];

		if (curve->dots)
			draw_dots(f, p, &a, top, curve, colour);
		else
			draw_line(f, p, &a, top, curve, colour);
		(void)fprintf(f, "<text x='%d' y='%d' text-anchor='end' fill='%s'>%s</text>\n", legend, top - 7,
			      colour, curve->name);
		legend -= 130;
	}
}

static void draw_x_axis(FILE *f, const struct plot *p, int bottom)
{
	struct axis a = axis_of(p->x[0], p->x[p->n - 1]);

	int steps = (int)lround((a.hi - a.lo) / a.step);

	for (int i = 0; i <= steps; i++) {
		double v = a.lo + i * a.step;

		if (v < p->x[0] - a.step / 1e6 || v > p->x[p->n - 1] + a.step / 1e6)
			continue;
		(void)fprintf(f, "<text x='%.1f' y='%d' text-anchor='middle'>%g</text>\n", x_at(p, v),
			      bottom + 16, fabs(v) < a.step / 1e6 ? 0 : v);
	}
	(void)fprintf(f, "<text x='%d' y='%d' text-anchor='end'>%s</text>\n", WIDTH - RIGHT, bottom + 34, p->x_name);
	double used = -INFINITY;

	for (size_t i = 0; i < p->marks; i++) {
		double x = x_at(p, p->mark[i].x);

		/* Upright text needs a line's height; marks that stand closer share one. */
		if (x < LEFT || x > WIDTH - RIGHT || x - used < 11)
			continue;
		used = x;
		(void)fprintf(f, "<path d='M%.1f %dV%d' stroke='#bbb' stroke-dasharray='3 3'/>", x, TOP, bottom);
		(void)fprintf(f, "<text transform='translate(%.1f %d) rotate(-90)' text-anchor='end' fill='#777' "
				 "font-size='10'>%s</text>\n",
			      x - 2, TOP + 3, p->mark[i].text);
	}
}

int plot_write(const struct plot *p, const char *path)
{
	int bottom = TOP + (int)p->panels * (PANEL + GAP) - GAP;
	FILE *f = p->n ? fopen(path, "we") : NULL;

	if (!f)
		return p->n ? -errno : -ENODATA;
	(void)fprintf(f, "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' width='%d' height='%d' "
			 "font-family='sans-serif' font-size='11' fill='#222'>\n"
			 "<rect width='100%%' height='100%%' fill='#fff'/>\n"
			 "<text x='%d' y='18' font-size='15'>%s</text>\n",
		      WIDTH, bottom + BOTTOM, WIDTH, bottom + BOTTOM, LEFT, p->title);
	draw_x_axis(f, p, bottom);
	for (size_t i = 0; i < p->panels; i++)
		draw_panel(f, p, i);
	(void)fprintf(f, "</svg>\n");
	return fclose(f) ? -errno : 0;
}
