/* SPDX-License-Identifier: Apache-2.0 */
/* Panels of curves over a common horizontal axis, as SVG. */
#ifndef REPORT_PLOT_H
#define REPORT_PLOT_H

#include <stddef.h>

#define PLOT_CURVES_MAX 6

struct plot_curve {
	const char *name;
	const double *y;    /* NaN: a gap */
	const char *colour; /* NULL: the next of the palette */
	int dots;	    /* points instead of a line */
};

struct plot_panel {
	const char *title;
	const char *unit;
	struct plot_curve curve[PLOT_CURVES_MAX];
	size_t curves;
};

struct plot_mark {
	double x;
	const char *text;
};

struct plot {
	const char *title;
	const char *x_name;
	const double *x;
	size_t n;
	const struct plot_panel *panel;
	size_t panels;
	const struct plot_mark *mark;
	size_t marks;
};

/**
 * plot_write() - draw to a file
 *
 * Return: 0 or -errno. Long series are thinned to minimum and maximum per
 * pixel column, so that a spike stays visible.
 */
int plot_write(const struct plot *p, const char *path);

#endif
