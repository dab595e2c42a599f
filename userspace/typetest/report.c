// SPDX-License-Identifier: Apache-2.0
#include "report.h"

#include <math.h>
#include <string.h>

static const char *number(char *buf, size_t len, double value)
{
	if (isnan(value))
		snprintf(buf, len, "-");
	else
		snprintf(buf, len, "%.*f", fabs(value) >= 100 ? 2 : 4, fabs(value) < 5e-5 ? 0 : value);
	return buf;
}

void report_head(FILE *to, const struct report *r)
{
	const struct gc_profile *p = r->profile;
	const struct lab_device *d = r->device;

	fprintf(to, "TYPE TEST REPORT\n\n");
	fprintf(to, "%-20s %s\n", "Date", r->date);
	fprintf(to, "%-20s %s, %u phase%s, %.0f VA, %.0f V, %.0f Hz\n", "Equipment under test",
		d->name, d->phases, d->phases == 1 ? "" : "s", d->s_rated, d->v_nominal,
		d->f_nominal_hz);
	fprintf(to, "%-20s %s\n", "Firmware", d->firmware);
	fprintf(to, "%-20s %s (%s)\n", "Grid code", p->name, p->id);
	fprintf(to, "%-20s %s\n", "", gc_profile_released(p) ? "released: every value verified" :
		"draft: it has values nobody here has verified");
	fprintf(to, "%-20s sha256 %s\n", "", p->sha256);
	if (p->site_sha256[0])
		fprintf(to, "%-20s site %s\n", "", p->site_sha256);
	fprintf(to, "%-20s %s\n", "Test standard", r->standard->name);
	fprintf(to, "%-20s %s\n", "", r->standard->basis);
	fprintf(to, "%-20s %s; measured by: %s\n", "Laboratory", r->backend, d->analyser);
	fprintf(to, "%-20s %s\n", "Extent", r->brief ? "short form" : "whole");
	if (r->deviations[0])
		fprintf(to, "%-20s %s\n", "CHARGER SET TO", r->deviations);
	fprintf(to, "%-20s P and Q positive when delivered to the grid; charging is negative\n",
		"Signs");
	fprintf(to, "%-20s P, Q of rated apparent power; V of nominal phase voltage\n",
		"Per unit");
}

/* Words of a paragraph in lines of at most 76. */
static void paragraph(FILE *to, const char *label, const char *text)
{
	size_t column = 0;

	fprintf(to, "%-10s", label);
	while (*text) {
		const size_t word = strcspn(text, " ");

		if (column && column + word > 66) {
			fprintf(to, "\n%-10s", "");
			column = 0;
		}
		fprintf(to, "%s%.*s", column ? " " : "", (int)word, text);
		column += word + 1;
		text += word;
		text += strspn(text, " ");
	}
	fprintf(to, "\n");
}

static void line(FILE *to, const struct result_line *l)
{
	char measured[32], expected[32], lo[32], hi[32];

	fprintf(to, "  %-50.50s %-16.16s %9s %9s %9s %9s  %s\n", l->step, l->what,
		number(measured, sizeof(measured), l->measured),
		number(expected, sizeof(expected), l->expected), number(lo, sizeof(lo), l->lo),
		number(hi, sizeof(hi), l->hi), l->pass ? "pass" : "FAIL");
}

void report_section(FILE *to, const struct report *report, const struct procedure *p,
		    const struct result *r)
{
	fprintf(to, "\n%s (%s)\n", p->title, p->name);
	for (size_t i = 0; i < strlen(p->title) + strlen(p->name) + 3; i++)
		fputc('-', to);
	fprintf(to, "\n");
	fprintf(to, "%-10s%s %s (number from memory)\n", "Clause", report->standard->name,
		procedure_clause(p, report->standard));
	paragraph(to, "Procedure", p->what);
	paragraph(to, "Limits", p->limits);
	fprintf(to, "\n  %-50s %-16s %9s %9s %9s %9s\n", "step", "quantity", "measured",
		"expected", "least", "most");
	for (size_t i = 0; i < r->line_count; i++)
		line(to, &r->lines[i]);
	if (r->error[0])
		fprintf(to, "  no verdict: %s\n", r->error);
	fprintf(to, "Verdict   %s\n", result_pass(r) ? "PASS" : "FAIL");
}

void report_verdict(FILE *to, const struct report *report, const struct procedure *p,
		    const struct result *r)
{
	fprintf(to, "  %-44.44s %-24.24s %-16.16s %6zu  %s\n", p->title, p->name,
		procedure_clause(p, report->standard), r->line_count,
		r->error[0] ? "no verdict" : result_pass(r) ? "pass" : "FAIL");
}

void report_tail(FILE *to, const char *verdicts, unsigned int passed, unsigned int failed,
		 double simulated_s)
{
	fprintf(to, "\nSummary\n-------\n  %-44s %-24s %-16s %6s\n%s", "test", "name", "clause", "values",
		verdicts);
	fprintf(to, "\n%u tests: %u passed, %u failed; %.0f s at the charger\n", passed + failed,
		passed, failed, simulated_s);
}
