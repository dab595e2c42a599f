// SPDX-License-Identifier: Apache-2.0
#include "plot.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SVG_WIDTH 960
#define SVG_PANEL 220
#define SVG_LEFT 70
#define SVG_TOP 28
#define SVG_POINTS 1920 /* more than two a pixel show nothing more */
#define GLYPHS "abcdefghijklmnop"

static const char *const colours[] = { "#1b6ca8", "#c0392b", "#2e8b57", "#8e44ad",
				       "#d68910", "#34495e", "#16a085", "#7f8c8d" };

/* Channels of one unit share an axis. */
struct panel {
	const char *unit;
	const struct wave_channel *channels[WAVE_CHANNELS_MAX];
	int count;
	double lo;
	double hi;
};

static void widen(struct panel *p, const struct wave *wave, const struct wave_channel *c)
{
	for (size_t i = 0; i < wave->count; i++) {
		const double v = wave_value(c, &wave->samples[i]);

		p->lo = fmin(p->lo, v);
		p->hi = fmax(p->hi, v);
	}
}

static int make_panels(const struct wave *wave, const struct wave_channel **channels,
		       struct panel *panels)
{
	int n = 0;

	for (; *channels; channels++) {
		int i = 0;

		while (i < n && strcmp(panels[i].unit, channels[0]->unit) != 0)
			i++;
		if (i == n)
			panels[n++] = (struct panel){ .unit = channels[0]->unit, .lo = INFINITY,
						      .hi = -INFINITY };
		panels[i].channels[panels[i].count++] = *channels;
		widen(&panels[i], wave, *channels);
	}
	for (int i = 0; i < n; i++) {
		/* A flat line goes through the middle. */
		const double margin = panels[i].hi > panels[i].lo ?
					      0.02 * (panels[i].hi - panels[i].lo) : 1;

		panels[i].lo -= margin;
		panels[i].hi += margin;
	}
	return n;
}

static void ascii_panel(FILE *to, const struct wave *wave, const struct panel *p, int width,
			int height)
{
	char *grid = malloc((size_t)width * (size_t)height);

	if (!grid)
		return;
	memset(grid, ' ', (size_t)width * (size_t)height);
	for (int c = 0; c < p->count; c++) {
		for (size_t i = 0; i < wave->count; i++) {
			const double v = wave_value(p->channels[c], &wave->samples[i]);
			const int x = (int)(i * (size_t)width / wave->count);
			const int y = (int)((p->hi - v) / (p->hi - p->lo) * height);

			grid[(y < height ? y : height - 1) * width + x] = GLYPHS[c];
		}
	}
	for (int c = 0; c < p->count; c++)
		fprintf(to, "%s%c %s", c ? "   " : "            ", GLYPHS[c],
			p->channels[c]->name);
	fprintf(to, "   (%s)\n", p->unit);
	for (int y = 0; y < height; y++) {
		const double v = p->hi - (y + 0.5) / height * (p->hi - p->lo);

		fprintf(to, "%10.2f |%.*s\n", v, width, grid + y * width);
	}
	free(grid);
}

void plot_ascii(FILE *to, const struct wave *wave, const struct wave_channel **channels,
		int width, int height)
{
	struct panel panels[WAVE_CHANNELS_MAX];
	const int n = make_panels(wave, channels, panels);

	for (int i = 0; i < n; i++)
		ascii_panel(to, wave, &panels[i], width, height);
	fprintf(to, "%10s +0 ms%*s%.3f ms\n", "", width - 14, "",
		wave_time(wave, wave->count - 1) * 1e3);
	if (wave->has_trigger)
		fprintf(to, "trip (%s) at %.3f ms\n", v2x_reason_name(wave->reason),
			wave_time(wave, wave->trigger) * 1e3);
}

static void svg_line(FILE *to, const struct wave *wave, const struct panel *p, int c, int top)
{
	const double span = wave_time(wave, wave->count - 1);
	const size_t step = wave->count / SVG_POINTS + 1;

	fprintf(to, "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.2\" points=\"",
		colours[(size_t)c % (sizeof(colours) / sizeof(colours[0]))]);
	for (size_t i = 0; i < wave->count; i += step) {
		const double v = wave_value(p->channels[c], &wave->samples[i]);

		fprintf(to, "%.1f,%.1f ",
			SVG_LEFT + (span > 0 ? wave_time(wave, i) / span : 0) *
					   (SVG_WIDTH - SVG_LEFT - 10),
			top + (p->hi - v) / (p->hi - p->lo) * (SVG_PANEL - SVG_TOP - 24));
	}
	fputs("\"/>\n", to);
}

static void svg_text(FILE *to, double x, double y, const char *anchor, const char *colour,
		     const char *text)
{
	fprintf(to, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%s</text>\n", x, y,
		anchor, colour, text);
}

static void svg_panel(FILE *to, const struct wave *wave, const struct panel *p, int index)
{
	const int top = index * SVG_PANEL + SVG_TOP;
	const int inner = SVG_PANEL - SVG_TOP - 24;
	const double span = wave_time(wave, wave->count - 1);
	char text[64];

	fprintf(to, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" "
		"stroke=\"#999\"/>\n", SVG_LEFT, top, SVG_WIDTH - SVG_LEFT - 10, inner);
	for (int i = 0; i <= 4; i++) {
		snprintf(text, sizeof(text), "%.4g", p->hi - i * (p->hi - p->lo) / 4);
		svg_text(to, SVG_LEFT - 6, top + i * inner / 4.0 + 4, "end", "#333", text);
		snprintf(text, sizeof(text), "%.4g ms", i * span / 4 * 1e3);
		svg_text(to, SVG_LEFT + i * (SVG_WIDTH - SVG_LEFT - 10) / 4.0, top + inner + 16,
			 i == 4 ? "end" : "middle", "#333", text);
	}
	for (int c = 0; c < p->count; c++) {
		snprintf(text, sizeof(text), "%s (%s)", p->channels[c]->name, p->unit);
		svg_text(to, SVG_LEFT + 8 + 110 * c, top - 8, "start",
			 colours[(size_t)c % (sizeof(colours) / sizeof(colours[0]))], text);
		svg_line(to, wave, p, c, top);
	}
	if (wave->has_trigger && span > 0)
		fprintf(to, "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#c00\" "
			"stroke-dasharray=\"4 3\"/>\n",
			SVG_LEFT + wave_time(wave, wave->trigger) / span *
					   (SVG_WIDTH - SVG_LEFT - 10),
			SVG_LEFT + wave_time(wave, wave->trigger) / span *
					   (SVG_WIDTH - SVG_LEFT - 10),
			top, top + inner);
}

int plot_svg(FILE *to, const struct wave *wave, const struct wave_channel **channels)
{
	struct panel panels[WAVE_CHANNELS_MAX];
	const int n = make_panels(wave, channels, panels);

	fprintf(to, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
		"font-family=\"sans-serif\" font-size=\"12\">\n"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
		SVG_WIDTH, n * SVG_PANEL + 8);
	for (int i = 0; i < n; i++)
		svg_panel(to, wave, &panels[i], i);
	fputs("</svg>\n", to);
	return fflush(to) == 0 && !ferror(to) ? 0 : -EIO;
}

static void gnuplot_data(FILE *to, const struct wave *wave, const struct panel *panels, int n)
{
	fputs("$wave << EOD\n", to);
	for (size_t i = 0; i < wave->count; i++) {
		fprintf(to, "%.4f", wave_time(wave, i) * 1e3);
		for (int k = 0; k < n; k++) {
			for (int c = 0; c < panels[k].count; c++)
				fprintf(to, " %.6g",
					wave_value(panels[k].channels[c], &wave->samples[i]));
		}
		fputc('\n', to);
	}
	fputs("EOD\n", to);
}

int plot_gnuplot(FILE *to, const struct wave *wave, const struct wave_channel **channels)
{
	struct panel panels[WAVE_CHANNELS_MAX];
	const int n = make_panels(wave, channels, panels);
	int column = 2;

	gnuplot_data(to, wave, panels, n);
	fprintf(to, "set multiplot layout %d,1\nset grid\n", n);
	for (int i = 0; i < n; i++) {
		fprintf(to, "set ylabel '%s'\n%splot ", panels[i].unit,
			i == n - 1 ? "set xlabel 'ms'\n" : "");
		for (int c = 0; c < panels[i].count; c++)
			fprintf(to, "%s$wave using 1:%d with lines title '%s'", c ? ", " : "",
				column++, panels[i].channels[c]->name);
		fputc('\n', to);
	}
	fputs("unset multiplot\n", to);
	return fflush(to) == 0 && !ferror(to) ? 0 : -EIO;
}
