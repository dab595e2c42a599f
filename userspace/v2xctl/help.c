// SPDX-License-Identifier: Apache-2.0
/* --help, the manual page and the completion, from the command table. */
#include <string.h>

#include "cli.h"

static const struct {
	int code;
	const char *text;
} exit_codes[] = {
	{ EX_OK_, "done" },
	{ EX_REFUSED, "the charger or the supervisor refused; the message says why" },
	{ EX_BAD_USE, "the command line or an input file is wrong" },
	{ EX_NO_DEVICE, "there is no such charger, or it went away" },
	{ EX_NO_DAEMON, "the supervisor v2xd does not answer on its control socket" },
	{ EX_SYSTEM, "permission, memory, a file or the disk" },
};

static void print_options(FILE *to, const struct cli_option *options)
{
	for (const struct cli_option *o = options; o && o->name; o++) {
		char head[48];

		snprintf(head, sizeof(head), "--%s%s%s", o->name, o->value ? " " : "",
			 o->value ? o->value : "");
		fprintf(to, "  %-26s %s\n", head, o->help);
	}
}

void help_usage(FILE *to)
{
	fputs("usage: v2xctl [OPTION...] COMMAND [ARGUMENT...]\n\nCommands:\n", to);
	for (const struct cli_command *c = cli_commands; c->name; c++)
		fprintf(to, "  %-15s %s\n", c->name, c->help);
	fputs("\nOptions of every command:\n", to);
	print_options(to, cli_globals);
	fputs("\nExit status:\n", to);
	for (size_t i = 0; i < sizeof(exit_codes) / sizeof(exit_codes[0]); i++)
		fprintf(to, "  %d  %s\n", exit_codes[i].code, exit_codes[i].text);
	fputs("\nPower is positive from the grid to the vehicle (charging).\n", to);
}

void help_command(FILE *to, const struct cli_command *command)
{
	fprintf(to, "usage: v2xctl %s%s%s%s\n%s\n", command->name,
		command->options ? " [OPTION...]" : "", command->args[0] ? " " : "",
		command->args, command->help);
	if (command->options) {
		fputs("\nOptions:\n", to);
		print_options(to, command->options);
	}
}

/* A dash and a leading dot or quote mean something to roff. */
static void man_text(FILE *to, const char *text)
{
	if (*text == '.' || *text == '\'')
		fputs("\\&", to);
	for (; *text; text++) {
		if (*text == '-')
			fputs("\\-", to);
		else if (*text == '\\')
			fputs("\\e", to);
		else
			fputc(*text, to);
	}
}

static void man_options(FILE *to, const struct cli_option *options)
{
	for (const struct cli_option *o = options; o && o->name; o++) {
		fputs(".TP\n\\fB\\-\\-", to);
		man_text(to, o->name);
		fputs("\\fR", to);
		if (o->value) {
			fputs(" \\fI", to);
			man_text(to, o->value);
			fputs("\\fR", to);
		}
		fputc('\n', to);
		man_text(to, o->help);
		fputc('\n', to);
	}
}

static void man_command(FILE *to, const struct cli_command *c)
{
	fputs(".SS \"", to);
	man_text(to, c->name);
	if (c->args[0]) {
		fputc(' ', to);
		man_text(to, c->args);
	}
	fputs("\"\n", to);
	man_text(to, c->help);
	fputs(".\n", to);
	man_options(to, c->options);
}

static void man_end(FILE *to)
{
	fputs(".SH EXIT STATUS\n", to);
	for (size_t i = 0; i < sizeof(exit_codes) / sizeof(exit_codes[0]); i++) {
		fprintf(to, ".TP\n.B %d\n", exit_codes[i].code);
		man_text(to, exit_codes[i].text);
		fputc('\n', to);
	}
	fputs(".SH ENVIRONMENT\n"
	      ".TP\n.B V2X_DEVICE\nthe charger, when \\-\\-device does not name one\n"
	      ".TP\n.B V2X_SOCKET\nthe control socket of v2xd, when \\-\\-socket does not name one\n"
	      ".SH EXAMPLES\n.EX\n"
	      "v2xctl set p=\\-5kW ramp=2kW/s for=10min\n"
	      "v2xctl why\n"
	      "v2xctl virt create garage && v2xctl virt plug\n"
	      "v2xctl virt fault adc_stuck:1\n"
	      "v2xctl capture \\-\\-trip \\-\\-out trip1\n"
	      ".EE\n"
	      ".SH SEE ALSO\n.BR v2xd (8),\n.BR libv2x (3)\n",
	      to);
}

void help_man(FILE *to)
{
	fprintf(to,
		".\\\" SPDX-License-Identifier: Apache-2.0\n"
		".\\\" Made by v2xctl --man from the command table.\n"
		".TH V2XCTL 1 \"\" \"v2x %s\" \"User Commands\"\n"
		".SH NAME\nv2xctl \\- look at and control bidirectional chargers\n"
		".SH SYNOPSIS\n.B v2xctl\n[\\fIOPTION\\fR...] \\fICOMMAND\\fR [\\fIARGUMENT\\fR...]\n"
		".SH DESCRIPTION\n"
		"Reads chargers (/dev/v2xN) directly and moves them through the supervisor v2xd,\n"
		"or directly with \\-\\-direct when no supervisor runs. Power is positive from the\n"
		"grid to the vehicle (charging). Quantities take the units W, kW, MW, var, kvar,\n"
		"A, mA, V, mV, Hz, mHz, ms, s, min and h; without a unit they are in W, var, A, V,\n"
		"Hz or s.\n.SH OPTIONS\n",
		v2x_version());
	man_options(to, cli_globals);
	fputs(".SH COMMANDS\n", to);
	for (const struct cli_command *c = cli_commands; c->name; c++)
		man_command(to, c);
	man_end(to);
}

static void completion_options(FILE *to, const struct cli_option *options)
{
	for (const struct cli_option *o = options; o && o->name; o++)
		fprintf(to, " --%s", o->name);
}

/* Words at the first place, or second words after @first. */
static void completion_names(FILE *to, const char *first)
{
	char last[32] = "";

	for (const struct cli_command *c = cli_commands; c->name; c++) {
		const char *space = strchr(c->name, ' ');
		const size_t n = space ? (size_t)(space - c->name) : strlen(c->name);

		if (first) {
			if (space && strncmp(c->name, first, n) == 0)
				fprintf(to, " %s", space + 1);
		} else if (strlen(last) != n || strncmp(last, c->name, n) != 0) {
			snprintf(last, sizeof(last), "%.*s", (int)n, c->name);
			fprintf(to, " %s", last);
		}
	}
}

void help_completion(FILE *to)
{
	fputs("# SPDX-License-Identifier: Apache-2.0\n"
	      "# bash completion of v2xctl; made by v2xctl --completion, do not edit.\n"
	      "_v2xctl()\n{\n"
	      "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
	      "\tlocal words=() word offer=\n"
	      "\tcase $prev in\n"
	      "\t--device) offer=$(v2xctl list 2>/dev/null | awk 'NR>1 {print $1, $2}') ;;\n"
	      "\t--socket|--out|--svg|--replay) COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n"
	      "\tesac\n"
	      "\tfor word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
	      "\t\t[[ $word == -* ]] || words+=(\"$word\")\n"
	      "\tdone\n"
	      "\t[[ $offer ]] || case \"${words[*]:0:2}\" in\n"
	      "\t'') offer='",
	      to);
	completion_names(to, NULL);
	completion_options(to, cli_globals);
	fputs("' ;;\n\tvirt) offer='", to);
	completion_names(to, "virt");
	fputs("' ;;\n", to);
	for (const struct cli_command *c = cli_commands; c->name; c++) {
		fprintf(to, "\t'%s'%s) offer='%s", c->name, "*", c->words ? c->words : "");
		completion_options(to, c->options);
		fputs(" --json --device --socket --help' ;;\n", to);
	}
	fputs("\tesac\n"
	      "\tCOMPREPLY=($(compgen -W \"$offer\" -- \"$cur\"))\n"
	      "\t[[ $cur == -* || ${#COMPREPLY[@]} -gt 0 ]] || COMPREPLY=($(compgen -f -- \"$cur\"))\n"
	      "}\n"
	      "complete -o nosort -F _v2xctl v2xctl\n",
	      to);
}
