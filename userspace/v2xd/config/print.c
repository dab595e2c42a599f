// SPDX-License-Identifier: Apache-2.0
/* The table as a commented file and as a manual page, v2xd.conf(5). */
#include "config.h"

#include <string.h>

static bool new_section(size_t i)
{
	return i == 0 || strcmp(config_keys[i].section, config_keys[i - 1].section) != 0;
}

/* "0..100 mW or none", "auto|manual", "text" */
static void print_kind(FILE *out, const struct config_key *key)
{
	switch (key->type) {
	case CONFIG_INT:
		fprintf(out, "%d..%d %s", key->min, key->max, key->unit);
		break;
	case CONFIG_LIMIT:
		fprintf(out, "%d..%d %s, or none", key->min, key->max, key->unit);
		break;
	case CONFIG_BOOL:
	case CONFIG_ENUM:
		fputs(key->choices, out);
		break;
	case CONFIG_STR:
		fputs("text", out);
		break;
	}
}

/* Comment lines of at most 78 columns. */
static void print_comment(FILE *out, const char *text)
{
	while (*text) {
		size_t len = strlen(text);

		if (len > 76) {
			len = 76;
			while (len && text[len] != ' ')
				len--;
		}
		fprintf(out, "# %.*s\n", (int)len, text);
		text += len;
		text += strspn(text, " ");
	}
}

void config_print_defaults(FILE *out)
{
	fputs("# Defaults of v2xd; see v2xd.conf(5).\n", out);
	for (size_t i = 0; i < config_key_count; i++) {
		const struct config_key *key = &config_keys[i];

		if (new_section(i)) {
			fputc('\n', out);
			print_comment(out, config_section_help(key->section));
			fprintf(out, "[%s]\n", key->section);
		}
		print_comment(out, key->help);
		fputs("# (", out);
		print_kind(out, key);
		fprintf(out, "%s)\n%s = %s\n", key->restart ? "; needs a restart" : "", key->key,
			key->fallback);
	}
}

/* A minus is a hyphen in groff unless escaped; a leading dot or quote is a request. */
static void print_roff(FILE *out, const char *text)
{
	if (*text == '.' || *text == '\'')
		fputs("\\&", out);
	for (; *text; text++) {
		if (*text == '-' || *text == '\\')
			fputc('\\', out);
		fputc(*text, out);
	}
}

static const char man_head[] =
	".TH V2XD.CONF 5 \"\" \"v2x " V2X_VERSION "\" \"File Formats\"\n"
	".SH NAME\n"
	"v2xd.conf \\- configuration of the charger supervisor v2xd\n"
	".SH SYNOPSIS\n"
	".I /etc/v2x/v2xd.conf\n.br\n"
	".I /etc/v2x/v2xd.conf.d/*.conf\n"
	".SH DESCRIPTION\n"
	"Sections in brackets hold lines of\n.IR key \" = \" value .\n"
	"Lines that begin with # or ; are comments. Files of the directory are read after the file,\n"
	"in order of their names; the last value of a key counts. A key that is not known, a value\n"
	"that is no value of its key, or values that contradict each other refuse the whole\n"
	"configuration: v2xd names file, line, key and what was expected, and does not start; on a\n"
	"reload (SIGHUP, or \\(lqv2xctl reload\\(rq) it keeps the configuration it has.\n"
	".PP\n"
	"Power is positive when energy flows from the grid to the vehicle. A limit of zero is zero.\n"
	".SH KEYS\n";

static const char man_tail[] =
	".SH EXAMPLE\n"
	".nf\n"
	"[user]\n"
	"p_mw = 7000000\n"
	"[site]\n"
	"p_import_max_mw = 11000000\n"
	"[droop]\n"
	"enable = yes\n"
	"full_mhz = 200\n"
	".fi\n"
	".SH SEE ALSO\n"
	".BR v2xctl (1),\n"
	"\\(lqv2xd \\-\\-print\\-defaults\\(rq, \\(lqv2xd \\-\\-check\\(rq\n";

void config_print_man(FILE *out)
{
	fputs(".\\\" SPDX-License-Identifier: Apache-2.0\n", out);
	fputs(man_head, out);
	for (size_t i = 0; i < config_key_count; i++) {
		const struct config_key *key = &config_keys[i];

		if (new_section(i)) {
			fprintf(out, ".SS [%s]\n", key->section);
			print_roff(out, config_section_help(key->section));
			fputc('\n', out);
		}
		fprintf(out, ".TP\n.B %s\n", key->key);
		print_roff(out, key->help);
		fputs("\n.br\nValue: ", out);
		print_kind(out, key);
		fputs(".\nDefault: ", out);
		print_roff(out, key->fallback[0] ? key->fallback : "empty");
		fprintf(out, ".%s\n", key->restart ? "\nA change needs a restart." : "");
	}
	fputs(man_tail, out);
}
