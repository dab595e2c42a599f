// SPDX-License-Identifier: Apache-2.0
#include "scenario.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "action.h"
#include "measure.h"

#define WORDS_MAX 24
#define LINE_MAX_ 1024
#define AFTER_END_NS 100000000ULL

int scenario_refuse(struct scenario *s, const char *format, ...)
{
	const int at = s->line ? snprintf(s->error, sizeof(s->error), "%.200s:%d: ", s->path, s->line) :
				 snprintf(s->error, sizeof(s->error), "%.200s: ", s->path);
	va_list ap;

	va_start(ap, format);
	vsnprintf(s->error + at, sizeof(s->error) - (size_t)at, format, ap);
	va_end(ap);
	return -1;
}

static int words_of(char *line, char **words)
{
	char *save = NULL;
	int n = 0;

	for (char *w = strtok_r(line, " \t\r", &save); w; w = strtok_r(NULL, " \t\r", &save)) {
		if (w[0] == '#')
			break;
		if (n == WORDS_MAX)
			return -1;
		words[n++] = w;
	}
	return n;
}

/* Value of $NAME: the one of the command line, or that of the file's "default". */
static const char *define_find(char *const *defines, const char *name, size_t len)
{
	for (; defines && *defines; defines++) {
		if (strncmp(*defines, name, len) == 0 && (*defines)[len] == '=')
			return *defines + len + 1;
	}
	return NULL;
}

static size_t name_len(const char *text)
{
	size_t n = 0;

	while (isalnum((unsigned char)text[n]) || text[n] == '_')
		n++;
	return n;
}

/* Puts $NAME and ${NAME-DEFAULT} into @to. */
static int expand(struct scenario *s, char *const *defines, const char *from, char *to)
{
	size_t at = 0;

	while (*from && *from != '#') {
		const bool braces = from[0] == '$' && from[1] == '{';
		const char *name = from + 1 + braces, *value, *end;
		size_t n, len;

		if (*from != '$') {
			to[at++] = *from++;
			continue;
		}
		n = name_len(name);
		end = braces ? strchr(name, '}') : name + n;
		if (n == 0 || !end || (braces && name[n] != '-' && name[n] != '}'))
			return scenario_refuse(s, "expected $NAME or ${NAME-DEFAULT} at \"%.30s\"", from);
		value = define_find(defines, name, n);
		len = value ? strlen(value) : 0;
		if (!value && braces && name[n] == '-') {
			value = name + n + 1;
			len = (size_t)(end - value);
		}
		if (!value)
			return scenario_refuse(s, "$%.*s is not given; expected --define %.*s=VALUE",
					       (int)n, name, (int)n, name);
		if (at + len >= LINE_MAX_)
			return scenario_refuse(s, "the line is too long");
		memcpy(to + at, value, len);
		at += len;
		from = end + braces;
	}
	to[at] = '\0';
	return 0;
}

static int grow(struct scenario *s, void **array, size_t count, size_t size)
{
	if ((count & (count - 1)) == 0) {
		void *more = realloc(*array, (count ? count * 2 : 1) * size);

		if (!more)
			return scenario_refuse(s, "no memory");
		*array = more;
	}
	memset((char *)*array + count * size, 0, size);
	return 0;
}

/* "@2" among the words means the second charger, and is taken out. 0: none named. */
static int take_who(struct scenario *s, int *argc, char **argv, size_t *who)
{
	*who = 0;
	for (int i = 1; i < *argc; i++) {
		if (argv[i][0] != '@')
			continue;
		*who = (size_t)(argv[i][1] - '0');
		if (*who < 1 || *who > s->chargers || argv[i][2])
			return scenario_refuse(s, "\"%s\": expected @1 to @%zu", argv[i], s->chargers);
		(*argc)--;
		memmove(&argv[i], &argv[i + 1], (size_t)(*argc - i) * sizeof(*argv));
		return 0;
	}
	return 0;
}

static int line_at(struct scenario *s, int argc, char **argv)
{
	struct step *step;
	size_t who;
	uint64_t t;

	if (take_who(s, &argc, argv, &who) < 0)
		return -1;

	if (argc < 3 || value_time(argv[1], s->last_ns, &t) < 0)
		return scenario_refuse(s, "expected: at TIME ACTION, TIME such as 1.5s or +20ms");
	if (grow(s, (void **)&s->steps, s->step_count, sizeof(*s->steps)) < 0)
		return -1;
	step = &s->steps[s->step_count++];
	step->t_ns = t;
	step->line = s->line;
	step->who = who;
	step->action = action_find(argv[2]);
	s->last_ns = t;
	if (!step->action)
		return scenario_refuse(s, "\"%s\": there is no such action; v2xsim --help lists them",
				       argv[2]);
	if (who && step->action->site)
		return scenario_refuse(s, "%s is for all chargers; expected no @%zu", argv[2], who);
	return step->action->parse(s, step, argc - 3, argv + 3);
}

/* NAME=VALUE, NAME!=VALUE, NAME<VALUE, NAME>VALUE */
static int parse_condition(struct scenario *s, struct expect *e, const char *word)
{
	const size_t n = name_len(word);
	const char *value = word + n + 1;
	char list[400];
	int number;

	e->measure = measure_find(word, n);
	e->invert = word[n] == '!' && word[n + 1] == '=';
	value += e->invert;
	if (!e->measure) {
		measure_list(list, sizeof(list));
		return scenario_refuse(s, "\"%s\": expected one of: %s", word, list);
	}
	if (!strchr("=!<>", word[n]) || !word[n] || (word[n] == '!' && !e->invert))
		return scenario_refuse(s, "\"%s\": expected =, !=, < or > after %s", word,
				       e->measure->name);
	if (e->measure->word) {
		number = e->measure->word(value);
		if (number < 0 || strchr("<>", word[n]))
			return scenario_refuse(s, "\"%s\": \"%s\" is no %s", word, value,
					       e->measure->name);
		e->range = (struct value_range){ number, number };
		return 0;
	}
	if (value_range(e->measure->kind, value, &e->range) < 0)
		return scenario_refuse(s, "\"%s\": expected a number with a unit of %s, a range "
				       "LOW..HIGH, or VALUE+-WIDTH", word,
				       value_units(e->measure->kind));
	if (word[n] == '<')
		e->range.lo = -1e300;
	if (word[n] == '>')
		e->range.hi = 1e300;
	return 0;
}

/* by T | at T | from T to T | always; a moment "end" is the end of the run. */
static int parse_moment(struct scenario *s, const char *word, uint64_t *t)
{
	if (strcmp(word, "end") == 0) {
		*t = UINT64_MAX;
		return 0;
	}
	return value_time(word, s->last_ns, t) == 0 ? 0 :
	       scenario_refuse(s, "\"%s\": expected a time such as 1.5s, +20ms or end", word);
}

static int parse_when(struct scenario *s, struct expect *e, int argc, char **argv)
{
	if (argc == 1 && strcmp(argv[0], "always") == 0) {
		e->when = EXPECT_DURING;
		e->to_ns = UINT64_MAX;
		return 0;
	}
	if (argc == 2 && strcmp(argv[0], "by") == 0) {
		e->when = EXPECT_BY;
		e->from_ns = s->last_ns;
		return parse_moment(s, argv[1], &e->to_ns);
	}
	if (argc == 2 && strcmp(argv[0], "at") == 0) {
		e->when = EXPECT_AT;
		return parse_moment(s, argv[1], &e->to_ns);
	}
	if (argc == 4 && strcmp(argv[0], "from") == 0 && strcmp(argv[2], "to") == 0) {
		e->when = EXPECT_DURING;
		return parse_moment(s, argv[1], &e->from_ns) < 0 ? -1 :
		       parse_moment(s, argv[3], &e->to_ns);
	}
	return scenario_refuse(s, "expected: by TIME, at TIME, from TIME to TIME, or always");
}

/* What names no charger is expected of each. */
static int line_expect(struct scenario *s, const char *text, int argc, char **argv)
{
	struct expect e = { .line = s->line, .text = text };
	size_t who;

	if (take_who(s, &argc, argv, &who) < 0)
		return -1;
	if (argc < 3)
		return scenario_refuse(s, "expected: expect NAME=VALUE by TIME");
	if (parse_condition(s, &e, argv[1]) < 0 || parse_when(s, &e, argc - 2, argv + 2) < 0)
		return -1;
	if (e.to_ns < e.from_ns)
		return scenario_refuse(s, "the time ends before it begins");
	for (e.who = who ? who - 1 : 0; e.who < (who ? who : s->chargers); e.who++) {
		if (grow(s, (void **)&s->expects, s->expect_count, sizeof(*s->expects)) < 0)
			return -1;
		s->expects[s->expect_count++] = e;
	}
	return 0;
}

static int line_chargers(struct scenario *s, int argc, char **argv)
{
	double n;

	if (argc != 2 || s->step_count || s->expect_count ||
	    value_parse(VALUE_NUMBER, argv[1], &n) < 0 || !(n >= 1 && n <= CHARGERS_MAX))
		return scenario_refuse(s, "expected: chargers 1 to %d, before any \"at\"",
				       CHARGERS_MAX);
	s->chargers = (size_t)n;
	return 0;
}

/* The line as written, kept for messages. */
static const char *trimmed(char *line)
{
	char *hash = strchr(line, '#');
	size_t n;

	if (hash)
		*hash = '\0';
	while (isspace((unsigned char)*line))
		line++;
	n = strlen(line);
	while (n > 0 && isspace((unsigned char)line[n - 1]))
		line[--n] = '\0';
	return line;
}

static int parse_line(struct scenario *s, char *line, char *const *defines)
{
	char buf[LINE_MAX_ + 1];
	char *words[WORDS_MAX];
	int n;

	if (strlen(line) >= LINE_MAX_ / 2)
		return scenario_refuse(s, "the line is too long");
	if (expand(s, defines, line, buf) < 0)
		return -1;
	n = words_of(buf, words);
	if (n < 0)
		return scenario_refuse(s, "too many words");
	if (n == 0)
		return 0;
	if (strcmp(words[0], "at") == 0)
		return line_at(s, n, words);
	if (strcmp(words[0], "expect") == 0)
		return line_expect(s, trimmed(line), n, words);
	if (strcmp(words[0], "charger") == 0) {
		if (s->step_count || n < 2)
			return scenario_refuse(s, "expected: charger KEY=VALUE..., before any \"at\"");
		return action_charger(s, n - 1, words + 1);
	}
	if (strcmp(words[0], "chargers") == 0)
		return line_chargers(s, n, words);
	if (strcmp(words[0], "end") == 0 && n == 2 &&
	    value_time(words[1], s->last_ns, &s->end_ns) == 0)
		return 0;
	return scenario_refuse(s, "\"%s\": expected at, expect, charger, chargers or end TIME", words[0]);
}

static int by_time(const void *a, const void *b)
{
	const struct step *x = a, *y = b;

	if (x->t_ns != y->t_ns)
		return x->t_ns < y->t_ns ? -1 : 1;
	return x->line - y->line;
}

/* Without an "end", the run ends shortly after the last thing in the file. */
static int settle_end(struct scenario *s)
{
	uint64_t last = 0;

	for (size_t i = 0; i < s->step_count; i++)
		last = s->steps[i].t_ns > last ? s->steps[i].t_ns : last;
	for (size_t i = 0; i < s->expect_count; i++) {
		if (s->expects[i].to_ns != UINT64_MAX && s->expects[i].to_ns > last)
			last = s->expects[i].to_ns;
	}
	s->line = 0;
	if (!s->end_ns)
		s->end_ns = last + AFTER_END_NS;
	if (s->end_ns < last)
		return scenario_refuse(s, "the end at %g s comes before the last line's %g s",
				       (double)s->end_ns / 1e9, (double)last / 1e9);
	for (size_t i = 0; i < s->expect_count; i++) {
		if (s->expects[i].to_ns == UINT64_MAX)
			s->expects[i].to_ns = s->end_ns;
	}
	return s->step_count ? 0 : scenario_refuse(s, "nothing is done; expected lines \"at TIME ACTION\"");
}

int scenario_parse(struct scenario *s, const char *path, char *text, char *const *defines)
{
	*s = (struct scenario){ .path = path, .text = text, .chargers = 1 };
	plant_cfg_default(&s->cfg);
	for (char *line = text; line;) {
		char *next = strchr(line, '\n');

		if (next)
			*next++ = '\0';
		s->line++;
		if (parse_line(s, line, defines) < 0)
			goto refused;
		line = next;
	}
	if (settle_end(s) < 0)
		goto refused;
	qsort(s->steps, s->step_count, sizeof(*s->steps), by_time);
	return 0;
refused:
	scenario_free(s);
	return -1;
}

char *scenario_text(const char *path, const char **bad)
{
	FILE *file = fopen(path, "re");
	char *text = malloc(SCENARIO_FILE_MAX + 1);
	const size_t n = file && text ? fread(text, 1, SCENARIO_FILE_MAX + 1, file) : 0;

	*bad = NULL;
	if (!file || !text)
		*bad = strerror(errno);
	else if (ferror(file) || n > SCENARIO_FILE_MAX || memchr(text, '\0', n))
		*bad = "this is no text file of up to 1 MiB";
	if (file)
		fclose(file);
	if (*bad || !text) {
		free(text);
		return NULL;
	}
	text[n] = '\0';
	return text;
}

int scenario_load(struct scenario *s, const char *path, char *const *defines)
{
	const char *bad;
	char *text = scenario_text(path, &bad);

	if (text)
		return scenario_parse(s, path, text, defines);
	*s = (struct scenario){ .path = path };
	return scenario_refuse(s, "%s", bad);
}

void scenario_free(struct scenario *s)
{
	for (size_t i = 0; i < s->step_count; i++) {
		free(s->steps[i].rec);
		free(s->steps[i].table);
	}
	free(s->steps);
	free(s->expects);
	free(s->text);
	s->steps = NULL;
	s->expects = NULL;
	s->text = NULL;
	s->step_count = 0;
	s->expect_count = 0;
}
