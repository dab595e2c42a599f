// SPDX-License-Identifier: Apache-2.0
/* The report as pages of gnuplot's pdfcairo terminal: text as labels, curves and records as plots. */
#include <errno.h>
#include <math.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "report.h"

#define LINES_A_PAGE 55
#define PLOT_ROWS 1500
#define DATE_AT "/CreationDate (D:"

/* A label's text between double quotes; in enhanced mode nothing is special with noenhanced. */
static void quoted(FILE *to, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '"' || text[i] == '\\')
			fputc('\\', to);
		fputc(text[i], to);
	}
}

static const char *text_line(FILE *to, const char *text, double y, const char *font)
{
	const size_t len = strcspn(text, "\n");

	fprintf(to, "set label \"");
	quoted(to, text, len);
	fprintf(to, "\" at screen 0.05,%.4f left noenhanced font \"%s\"\n", y, font);
	return text + len + (text[len] ? 1 : 0);
}

static void page_number(FILE *to)
{
	fprintf(to, "page = page + 1\nset label sprintf(\"page %%d\", page) at screen 0.95,0.015 right "
		    "noenhanced\n");
}

void report_gnuplot_text(FILE *to, const char *text)
{
	while (*text) {
		fprintf(to, "reset\nunset label\nset xrange [0:1]\nset yrange [0:1]\nunset border\n"
			    "unset tics\nunset key\n");
		page_number(to);
		for (int i = 0; i < LINES_A_PAGE && *text; i++)
			text = text_line(to, text, 0.96 - i * 0.0165, "DejaVu Sans Mono,6");
		fprintf(to, "plot NaN notitle\n");
	}
}

void report_gnuplot_head(FILE *to, const char *pdf, const char *text)
{
	fprintf(to, "set terminal pdfcairo size 21cm,29.7cm font \"DejaVu Sans,8\" fontscale 1 "
		    "noenhanced\npage = 0\nset output \"");
	quoted(to, pdf, strlen(pdf));
	fprintf(to, "\"\n");
	report_gnuplot_text(to, text);
}

static void number(FILE *to, double value)
{
	if (isnan(value))
		fprintf(to, " NaN");
	else
		fprintf(to, " %.6g", value);
}

static void curve_data(FILE *to, const struct result *r)
{
	fprintf(to, "$curve << EOD\n");
	for (size_t i = 0; i < r->curve_count; i++) {
		number(to, r->curve[i].x);
		number(to, r->curve[i].y);
		number(to, r->curve[i].lo);
		number(to, r->curve[i].hi);
		fprintf(to, "\n");
	}
	fprintf(to, "EOD\n");
	for (int pass = 1; pass >= 0; pass--) {
		fprintf(to, "$%s << EOD\nNaN NaN\n", pass ? "good" : "bad");
		for (size_t i = 0; i < r->line_count; i++) {
			if (r->lines[i].pass != pass || strcmp(r->lines[i].what, r->y_name) != 0)
				continue;
			number(to, r->lines[i].x);
			number(to, r->lines[i].measured);
			fprintf(to, "\n");
		}
		fprintf(to, "EOD\n");
	}
}

static void curve(FILE *to, const struct result *r)
{
	curve_data(to, r);
	fprintf(to, "set xlabel \"%s\"\nset ylabel \"%s\"\nset key top right\n", r->x_name,
		r->y_name);
	fprintf(to, "plot $curve using 1:3:4 with filledcurves fc rgb \"#dde8f4\" title "
		    "\"tolerance\", $curve using 1:2 with lines lc rgb \"#1f4e8c\" title "
		    "\"required\", $good using 1:2 with points pt 7 ps 0.5 lc rgb \"#1a7f37\" "
		    "title \"measured\", $bad using 1:2 with points pt 2 ps 0.8 lc rgb "
		    "\"#c0182b\" title \"measured, outside\"\n");
}

/* An axis from @lo to @hi and @room more either way; never an empty one, which gnuplot warns of. */
static void range(FILE *to, const char *axis, double lo, double hi, double room)
{
	if (!isfinite(lo) || !isfinite(hi))
		fprintf(to, "set %srange [0:1]\n", axis);
	else
		fprintf(to, "set %srange [%.3f:%.3f]\n", axis, lo - room, hi + room);
}

/* At most PLOT_ROWS of the record, evenly. */
static void record(FILE *to, const struct result *r)
{
	const size_t every = r->row_count / PLOT_ROWS + 1;
	double lo = INFINITY, hi = -INFINITY;

	fprintf(to, "$record << EOD\n");
	for (size_t i = 0; i < r->row_count; i += every) {
		const struct lab_row *row = &r->rows[i];

		fprintf(to, "%.3f %.4f %.4f %.5f %.5f\n", row->t_s, row->v_pu, row->f_hz, row->p_pu,
			row->q_pu);
		lo = fmin(lo, row->f_hz);
		hi = fmax(hi, row->f_hz);
	}
	fprintf(to, "EOD\n");
	range(to, "x", r->rows[0].t_s, r->rows[r->row_count - 1].t_s, 0.05);
	range(to, "y2", lo, hi, 0.2);
	fprintf(to, "set xlabel \"time, s (last sequence)\"\nset ylabel \"P, Q, V in pu\"\n"
		    "set y2label \"frequency, Hz\"\nset ytics nomirror\nset y2tics\n"
		    "set key outside bottom horizontal\n");
	fprintf(to, "plot $record using 1:4 with lines lc rgb \"#1a7f37\" title \"P\", $record using "
		    "1:5 with lines lc rgb \"#b35900\" title \"Q\", $record using 1:2 with lines lc "
		    "rgb \"#1f4e8c\" title \"V\", $record using 1:3 axes x1y2 with lines lc rgb "
		    "\"#777777\" title \"f\"\n");
}

void report_gnuplot_page(FILE *to, const struct report *report, const struct procedure *p,
			 const struct result *r)
{
	char *text = NULL;
	size_t len = 0;
	FILE *section = open_memstream(&text, &len);

	if (!section)
		return;
	report_section(section, report, p, r);
	fclose(section);
	report_gnuplot_text(to, text);
	free(text);
	if (!r->row_count)
		return;
	fprintf(to, "reset\nunset label\nset multiplot layout %d,1 title \"%s: %s\" noenhanced\n"
		    "set grid lc rgb \"#e0e0e0\"\nset tmargin 3\nset bmargin 5\n",
		r->curve_count ? 2 : 1, p->title, result_pass(r) ? "PASS" : "FAIL");
	page_number(to);
	if (r->curve_count)
		curve(to, r);
	record(to, r);
	fprintf(to, "unset multiplot\n");
}

static int run_gnuplot(const char *script)
{
	char *const argv[] = { (char *)"gnuplot", (char *)script, NULL };
	pid_t pid;
	int status;

	if (posix_spawnp(&pid, "gnuplot", NULL, NULL, argv, environ) != 0)
		return -1;
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return -1;
	}
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

/* YYYYMMDD of the first eight digits of @date, the rest zero; same length as what was there. */
static void put_date(char *at, const char *date)
{
	char digits[] = "20000101000000";
	size_t n = 0;

	for (; *date && n < 8; date++) {
		if (*date >= '0' && *date <= '9')
			digits[n++] = *date;
	}
	for (n = 0; digits[n] && *at && *at != ')'; n++)
		*at++ = digits[n];
	/* A zone "+HH'MM" or "-HH'MM" becomes zero. */
	for (; *at && *at != ')'; at++) {
		if (*at >= '0' && *at <= '9')
			*at = '0';
		else if (*at == '-')
			*at = '+';
	}
}

/* The terminal writes the present; the same report shall be the same file. */
static int fix_date(const char *pdf, const char *date)
{
	FILE *f = fopen(pdf, "r+b");
	char *data;
	long len;
	int ret = -1;

	if (!f)
		return -1;
	fseek(f, 0, SEEK_END);
	len = ftell(f);
	rewind(f);
	data = len > 0 ? calloc(1, (size_t)len + 1) : NULL;
	if (data && fread(data, 1, (size_t)len, f) == (size_t)len) {
		char *at = memmem(data, (size_t)len, DATE_AT, strlen(DATE_AT));

		if (at)
			put_date(at + strlen(DATE_AT), date);
		rewind(f);
		ret = fwrite(data, 1, (size_t)len, f) == (size_t)len ? 0 : -1;
	}
	free(data);
	return fclose(f) == 0 ? ret : -1;
}

int report_pdf(const char *script, const char *pdf, const char *date)
{
	if (run_gnuplot(script) < 0)
		return -1;
	return fix_date(pdf, date);
}
