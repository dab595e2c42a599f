// SPDX-License-Identifier: Apache-2.0
#include "load.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "quantity.h"

#define OMEGA(f_mhz) (2 * M_PI * (f_mhz) * 1e-3)

enum word { WORD_P, WORD_QF, WORD_QL, WORD_QC, WORD_R, WORD_L, WORD_C, WORDS };

/* Each word, its units and what one of them is in the base unit. */
static const struct {
	const char *key;
	struct {
		const char *name;
		double factor;
	} units[4];
	const char *expected;
} words[WORDS] = {
	[WORD_P] = { "p", { { "W", 1 }, { "kW", 1e3 } }, "W or kW" },
	[WORD_QF] = { "qf", { { "", 1 } }, "no unit" },
	[WORD_QL] = { "q_l", { { "var", 1 }, { "kvar", 1e3 }, { "%", -1 } }, "var, kvar or %" },
	[WORD_QC] = { "q_c", { { "var", 1 }, { "kvar", 1e3 }, { "%", -1 } }, "var, kvar or %" },
	[WORD_R] = { "r", { { "ohm", 1 }, { "mohm", 1e-3 } }, "ohm or mohm" },
	[WORD_L] = { "l", { { "H", 1 }, { "mH", 1e-3 }, { "uH", 1e-6 } }, "H, mH or uH" },
	[WORD_C] = { "c", { { "F", 1 }, { "uF", 1e-6 }, { "nF", 1e-9 } }, "F, uF or nF" },
};

/* A number, and whether it was given as a part of the matched value. */
struct given {
	double value;
	bool here;
	bool percent;
};

static int number(enum word w, const char *text, struct given *to)
{
	size_t n = strlen(text);

	while (n > 0 && decimal_parse(text, n, &to->value) < 0)
		n--;
	if (n == 0 || !(to->value >= 0))
		return -1;
	to->here = true;
	if (text[n] == '\0')
		return 0;
	for (int i = 0; i < 4 && words[w].units[i].name; i++) {
		if (strcmp(words[w].units[i].name, text + n) != 0)
			continue;
		to->percent = words[w].units[i].factor < 0;
		to->value *= to->percent ? 0.01 : words[w].units[i].factor;
		return 0;
	}
	return -1;
}

static int take(const char *word, struct given *given, char *error, size_t len)
{
	const char *equals = strchr(word, '=');

	for (int w = 0; equals && w < WORDS; w++) {
		if (strlen(words[w].key) != (size_t)(equals - word) ||
		    strncmp(words[w].key, word, (size_t)(equals - word)) != 0)
			continue;
		if (number((enum word)w, equals + 1, &given[w]) == 0)
			return 0;
		snprintf(error, len, "\"%s\": expected a number not below 0 in %s", word,
			 words[w].expected);
		return -1;
	}
	snprintf(error, len, "\"%s\": expected off, or some of: p=, qf=, q_l=, q_c=, r=, l=, c=",
		 word);
	return -1;
}

static int contradiction(const struct given *g, char *error, size_t len)
{
	const char *what = NULL;

	if (g[WORD_R].here && g[WORD_P].here)
		what = "p and r say the same";
	else if (g[WORD_QF].here && (!g[WORD_P].here || g[WORD_P].value <= 0))
		what = "qf needs p";
	else if ((g[WORD_QL].percent || g[WORD_QC].percent) && !g[WORD_QF].here)
		what = "a percentage of L or C needs qf";
	else if (g[WORD_L].here && (g[WORD_QL].here || g[WORD_QF].here))
		what = "l, q_l and qf say the same";
	else if (g[WORD_C].here && (g[WORD_QC].here || g[WORD_QF].here))
		what = "c, q_c and qf say the same";
	if (!what)
		return 0;
	snprintf(error, len, "load: %s", what);
	return -1;
}

/* Reactive power of one of L and C: its own, or that of the quality factor. */
static double reactive(const struct given *g, enum word w)
{
	const double matched = g[WORD_QF].here ? g[WORD_P].value * g[WORD_QF].value : 0;

	if (!g[w].here)
		return matched;
	return g[w].percent ? g[w].value * matched : g[w].value;
}

static int store(double value, double unit, uint32_t *to)
{
	const double n = round(value / unit);

	*to = n < 1e8 ? (uint32_t)n : 0;
	return value > 0 && (n < 1 || n >= 1e8) ? -1 : 0;
}

int load_words(const struct load_nominal *nominal, int argc, char **argv, struct load *load,
	       char *error, size_t len)
{
	struct given g[WORDS] = { 0 };
	const double v2 = nominal->phases * pow(nominal->v_mv * 1e-3, 2);
	const double w = OMEGA(nominal->f_mhz);
	double r, l, c;

	*load = (struct load){ 0 };
	if (argc == 1 && strcmp(argv[0], "off") == 0)
		return 0;
	if (argc == 0) {
		snprintf(error, len, "load: expected off, or words such as p=11kW qf=1");
		return -1;
	}
	for (int i = 0; i < argc; i++) {
		if (take(argv[i], g, error, len) < 0)
			return -1;
	}
	if (contradiction(g, error, len) < 0)
		return -1;
	r = g[WORD_R].here ? g[WORD_R].value : g[WORD_P].value > 0 ? v2 / g[WORD_P].value : 0;
	l = reactive(g, WORD_QL) > 0 ? v2 / (w * reactive(g, WORD_QL)) : g[WORD_L].value;
	c = g[WORD_C].here ? g[WORD_C].value : reactive(g, WORD_QC) / (w * v2);
	if (store(r, 1e-3, &load->r_mohm) < 0 || store(l, 1e-6, &load->l_uh) < 0 ||
	    store(c, 1e-9, &load->c_nf) < 0 || load->c_nf > 10000000 ||
	    (load->l_uh && load->l_uh < 100)) {
		snprintf(error, len, "load: expected 1 mohm to 100 kohm, 0.1 mH to 100 H, and up to 10 mF");
		return -1;
	}
	return 0;
}
