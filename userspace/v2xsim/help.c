// SPDX-License-Identifier: Apache-2.0
#include "help.h"

#include <string.h>

#include "action.h"
#include "measure.h"

struct row {
	const char *name;
	const char *args;
	const char *help;
};

static const struct row options[] = {
	{ "--cycles", "FILE", "write one row a mains cycle as CSV" },
	{ "--waves", "PREFIX", "write the waveforms around trips and \"wave\" lines: PREFIX-TIME.csv, .cfg and .dat" },
	{ "--comtrade", "DATA", "of .dat: ascii, binary16 or binary32 (the default)" },
	{ "--define", "NAME=VALUE", "what $NAME stands for in the scenario; several times" },
	{ "--events", "", "print every event" },
	{ "--check", "", "only read the scenarios" },
	{ "--tap", "", "print one TAP line an expectation instead of the summary" },
	{ "--quiet", "", "print the summary only when an expectation is not met" },
	{ "--help", "", "this text" },
	{ "--man", "", "print the manual page" },
	{ "--version", "", "print the version" },
};

static const struct row lines[] = {
	{ "charger", "KEY=VALUE...", "what is soldered, before anything else: keys of v2xctl virt create, or any field of struct plant_cfg; seed; dead_time=TIME: the bridge switches, instead of being averaged; dab=switches: so does the DC/DC" },
	{ "chargers", "N", "so many alike, up to 4; with a load, all at it. at and expect take @1 ... for one" },
	{ "at", "TIME ACTION", "do something; TIME is from the start, or +TIME from the last at" },
	{ "expect", "NAME=VALUE by TIME", "seen at some time between the last at and TIME" },
	{ "expect", "NAME=VALUE at TIME", "so at TIME" },
	{ "expect", "NAME=VALUE from TIME to TIME", "so all the while" },
	{ "expect", "NAME=VALUE always", "so from the beginning to the end" },
	{ "end", "TIME", "of the run; else shortly after the last time in the file" },
};

static const struct row codes[] = {
	{ "0", "", "all expectations were met" },
	{ "1", "", "one was not" },
	{ "2", "", "a scenario or the command line is wrong, or the control refused a setting" },
};

#define COUNT(t) (sizeof(t) / sizeof((t)[0]))

static const char what[] =
	"Runs scenarios on the control of the kernel and on the plant of the virtual charger,\n"
	"the same sources as in the modules, in simulated time. Power is positive from the\n"
	"grid to the vehicle.\n";

static const char values[] =
	"A VALUE is a number with its unit (-5kW, 50.2Hz), LOW..HIGH, VALUE+-WIDTH, VALUE+-N%\n"
	"or a word (run, grid_over_voltage); besides = there are != < and >. A TIME is 1.5s,\n"
	"250ms, 20us, 2min, +20ms after the last \"at\", or end. # begins a comment; $NAME and\n"
	"${NAME-DEFAULT} stand for what --define says.\n";

static void plain_row(FILE *to, const char *name, const char *args, const char *help)
{
	char head[80];

	snprintf(head, sizeof(head), "%s%s%s", name, args[0] ? " " : "", args);
	if (strlen(head) > 34)
		fprintf(to, "  %s\n  %-34s %s\n", head, "", help);
	else
		fprintf(to, "  %-34s %s\n", head, help);
}

/* A dash and a backslash mean something to roff, a dot where a line begins. */
static void man_text(FILE *to, const char *text)
{
	for (bool first = true; *text; first = *text++ == '\n') {
		if (first && (*text == '.' || *text == '\''))
			fputs("\\&", to);
		if (*text == '-')
			fputs("\\-", to);
		else if (*text == '\\')
			fputs("\\e", to);
		else
			fputc(*text, to);
	}
}

static void man_row(FILE *to, const char *name, const char *args, const char *help)
{
	fputs(".TP\n\\fB", to);
	man_text(to, name);
	fputs("\\fR", to);
	if (args[0]) {
		fputs(" \\fI", to);
		man_text(to, args);
		fputs("\\fR", to);
	}
	fputc('\n', to);
	man_text(to, help);
	fputc('\n', to);
}

typedef void (*print_row)(FILE *to, const char *name, const char *args, const char *help);
typedef void (*print_head)(FILE *to, const char *title);

static void plain_head(FILE *to, const char *title)
{
	fprintf(to, "\n%s:\n", title);
}

static void man_head(FILE *to, const char *title)
{
	fputs(".SH ", to);
	for (; *title; title++)
		fputc(*title >= 'a' && *title <= 'z' ? *title - 32 : *title, to);
	fputc('\n', to);
}

static void tables(FILE *to, print_head head, print_row row)
{
	head(to, "Options");
	for (size_t i = 0; i < COUNT(options); i++)
		row(to, options[i].name, options[i].args, options[i].help);
	head(to, "Lines of a scenario");
	for (size_t i = 0; i < COUNT(lines); i++)
		row(to, lines[i].name, lines[i].args, lines[i].help);
	head(to, "Actions");
	for (const struct action *a = actions; a->name; a++)
		row(to, a->name, a->args, a->help);
	head(to, "What can be expected");
	for (const struct measure *m = measures; m->name; m++)
		row(to, m->name, m->kind == VALUE_NUMBER ? "" : value_unit(m->kind), m->help);
	head(to, "Models of charger");
	for (u32 i = 0; plant_model_at(i); i++)
		row(to, plant_model_at(i)->name, "", plant_model_at(i)->help);
	head(to, "Faults");
	for (size_t i = 0; i < PLANT_FAULT_COUNT; i++)
		row(to, plant_fault_table[i].name, "", plant_fault_table[i].help);
	head(to, "Exit status");
	for (size_t i = 0; i < COUNT(codes); i++)
		row(to, codes[i].name, "", codes[i].help);
}

static void man(FILE *to)
{
	fputs(".\\\" SPDX-License-Identifier: Apache-2.0\n"
	      ".\\\" Made by v2xsim --man from its tables.\n"
	      ".TH V2XSIM 1 \"\" \"v2x " V2X_VERSION "\" \"User Commands\"\n"
	      ".SH NAME\nv2xsim \\- simulate a bidirectional charger\n"
	      ".SH SYNOPSIS\n.B v2xsim\n[\\fIOPTION\\fR...] \\fISCENARIO\\fR...\n"
	      ".SH DESCRIPTION\n", to);
	man_text(to, what);
	man_text(to, values);
	tables(to, man_head, man_row);
	fputs(".SH SEE ALSO\n.BR v2xctl (1)\n", to);
}

bool help_asked(const char *word, FILE *to)
{
	if (strcmp(word, "--help") == 0) {
		fprintf(to, "usage: v2xsim [OPTION...] SCENARIO...\n%s%s", what, values);
		tables(to, plain_head, plain_row);
		return true;
	}
	if (strcmp(word, "--man") == 0) {
		man(to);
		return true;
	}
	if (strcmp(word, "--version") == 0) {
		fputs("v2xsim " V2X_VERSION "\n", to);
		return true;
	}
	return false;
}
