/* SPDX-License-Identifier: Apache-2.0 */
/* The report: header, one section a test, verdicts; as text and as PDF. */
#ifndef TYPETEST_REPORT_H
#define TYPETEST_REPORT_H

#include <stdio.h>

#include "gridcode/profile.h"
#include "lab.h"
#include "procedure.h"
#include "result.h"

/**
 * struct report - what is reported
 * @profile: judged by
 * @deviations: settings of the charger that are not the profile's, "" for none
 * @date: as it shall stand there
 * @brief: the short form was run
 */
struct report {
	const struct gc_profile *profile;
	const struct standard *standard;
	const struct lab_device *device;
	const char *backend;
	const char *date;
	const char *deviations;
	bool brief;
};

/** report_head() - what was tested by what */
void report_head(FILE *to, const struct report *report);

/** report_section() - one test */
void report_section(FILE *to, const struct report *report, const struct procedure *p,
		    const struct result *result);

/** report_verdict() - a line of the summary */
void report_verdict(FILE *to, const struct report *report, const struct procedure *p,
		    const struct result *result);

/** report_tail() - the verdicts again, @verdicts a line each, and their sum */
void report_tail(FILE *to, const char *verdicts, unsigned int passed, unsigned int failed,
		 double simulated_s);

/**
 * report_gnuplot_head() - begin of a gnuplot script that writes a PDF
 * @pdf: file it writes
 * @text: text report up to the first section, for the first page
 */
void report_gnuplot_head(FILE *to, const char *pdf, const char *text);

/** report_gnuplot_text() - pages of nothing but text */
void report_gnuplot_text(FILE *to, const char *text);

/** report_gnuplot_page() - a page for a test */
void report_gnuplot_page(FILE *to, const struct report *report, const struct procedure *p,
			 const struct result *result);

/** report_pdf() - run the script, and put @date in place of the present in the PDF; 0 or -1 */
int report_pdf(const char *script, const char *pdf, const char *date);

#endif
