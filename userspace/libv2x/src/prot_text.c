// SPDX-License-Identifier: Apache-2.0
/* Protection tables as text: one line a setting or stage, read whole or not at all. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

#define LINE_MAX_LEN 200
#define WORDS_MAX 12

struct unit {
	const char *kind; /* unit of the quantity, as v2x_prot_quantity_unit() has it */
	const char *name;
	int64_t parts; /* millionths of this one that make one of the kind's unit */
};

static const struct unit units[] = {
	{ "mV", "V", 1000 }, { "mV", "mV", 1000000 },
	{ "mHz", "Hz", 1000 }, { "mHz", "mHz", 1000000 },
	{ "mHz/s", "Hz/s", 1000 }, { "mHz/s", "mHz/s", 1000000 },
	{ "mdeg", "deg", 1000 }, { "mdeg", "mdeg", 1000000 },
	{ "uA", "A", 1 }, { "uA", "mA", 1000 },
	{ "uA", "uA", 1000000 }, { "ms", "s", 1000 },
	{ "ms", "ms", 1000000 }, { "permille", "pu", 1000 },
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* A whole setting of the table, in its own unit. */
struct setting {
	const char *word;
	const char *unit;
	size_t offset;
};

#define SETTING(word_, unit_, member)                                                            \
	{                                                                                        \
		.word = (word_), .unit = (unit_), .offset = offsetof(struct v2x_prot_table, member) \
	}

static const struct setting settings[] = {
	SETTING("return", "ms", return_ms),
	SETTING("recover", "ms", recover_ms),
	SETTING("k", "permille", k_permille),
	SETTING("k_band", "permille", k_band_permille),
	SETTING("lom_gain", "permille", lom_gain_permille),
	SETTING("lom_q", "permille", lom_q_permille),
	SETTING("q_first", "permille", q_first_permille),
	SETTING("k_jump", "permille", k_jump_permille),
};

struct reader {
	struct v2x_prot_table *table;
	char *error;
	size_t error_len;
	int line;
};

__attribute__((format(printf, 2, 3))) static int refuse(struct reader *r, const char *format, ...)
{
	va_list args;
	int at = snprintf(r->error, r->error_len, "line %d: ", r->line);

	va_start(args, format);
	if (at > 0 && (size_t)at < r->error_len)
		vsnprintf(r->error + at, r->error_len - (size_t)at, format, args);
	va_end(args);
	return -EINVAL;
}

/* [-]digits[.digits] in millionths; false for anything else. */
static bool millionths(const char *text, int64_t *out)
{
	const bool minus = *text == '-';
	int64_t value = 0;
	int decimals = -1;
	size_t digits = 0;

	for (text += minus; *text; text++) {
		if (*text == '.' && decimals < 0) {
			decimals = 0;
			continue;
		}
		if (*text < '0' || *text > '9' || decimals == 6 || ++digits > 16)
			return false;
		value = value * 10 + (*text - '0');
		decimals += decimals >= 0;
	}
	if (!digits)
		return false;
	for (decimals = decimals < 0 ? 0 : decimals; decimals < 6; decimals++) {
		if (value > INT64_MAX / 10)
			return false;
		value *= 10;
	}
	*out = minus ? -value : value;
	return true;
}

/* A number and its unit as a whole number of @kind. */
static int amount(struct reader *r, const char *number, const char *name, const char *kind,
		  int64_t lo, int64_t *out)
{
	int64_t value;

	if (!millionths(number, &value))
		return refuse(r, "\"%.20s\" is no number", number);
	for (size_t i = 0; i < COUNT(units); i++) {
		if (strcmp(units[i].kind, kind) != 0 || strcmp(units[i].name, name) != 0)
			continue;
		if (value % units[i].parts)
			return refuse(r, "\"%.20s %s\": finer than 1 %s", number, name, kind);
		value /= units[i].parts;
		if (value < lo || value > INT32_MAX)
			return refuse(r, "\"%.20s %s\" is out of range", number, name);
		*out = value;
		return 0;
	}
	return refuse(r, "\"%.20s\" is no unit for it; expected %s or a multiple", name, kind);
}

static int take_number(struct reader *r, const char *what, int number, const char *word)
{
	return number < 0 ? refuse(r, "there is no %s \"%.30s\"", what, word) : 0;
}

/* stage QUANTITY SIDE ACTION NUMBER UNIT NUMBER UNIT [window NUMBER UNIT] */
static int take_stage(struct reader *r, char **word, size_t words)
{
	struct v2x_prot_table *t = r->table;
	struct v2x_prot_entry e = { 0 };
	int64_t threshold = 0;
	int64_t time = 0;
	int64_t window = 0;
	int quantity;
	int side;
	int action;
	int ret;

	if (words != 8 && (words != 11 || strcmp(word[8], "window") != 0))
		return refuse(r, "expected: stage QUANTITY over|under trip|cease|ride THRESHOLD UNIT "
			      "TIME ms|s [window TIME ms|s]");
	if (t->count >= V2X_PROT_ENTRIES)
		return refuse(r, "more than %d stages", V2X_PROT_ENTRIES);
	quantity = v2x_prot_quantity_from_name(word[1]);
	side = v2x_prot_side_from_name(word[2]);
	action = v2x_prot_action_from_name(word[3]);
	ret = take_number(r, "quantity", quantity, word[1]);
	if (!ret)
		ret = take_number(r, "side", side, word[2]);
	if (!ret)
		ret = take_number(r, "action", action, word[3]);
	if (!ret)
		ret = amount(r, word[4], word[5], v2x_prot_quantity_unit((uint32_t)quantity),
			     INT32_MIN, &threshold);
	if (!ret)
		ret = amount(r, word[6], word[7], "ms", 0, &time);
	if (!ret && words == 11)
		ret = amount(r, word[9], word[10], "ms", 0, &window);
	if (ret)
		return ret;
	e.quantity = (uint8_t)quantity;
	e.side = (uint8_t)side;
	e.action = (uint8_t)action;
	e.threshold = (int32_t)threshold;
	e.time_ms = (uint32_t)time;
	e.window_ms = (uint32_t)window;
	t->entry[t->count++] = e;
	return 0;
}

static int take_setting(struct reader *r, char **word, size_t words)
{
	for (size_t i = 0; i < COUNT(settings); i++) {
		const bool pu = strcmp(settings[i].unit, "permille") == 0;
		int64_t value = 0;
		uint32_t number;
		int ret;

		if (strcmp(word[0], settings[i].word) != 0)
			continue;
		if (words != (pu ? 2 : 3))
			return refuse(r, "expected: %s NUMBER%s", word[0], pu ? "" : " ms|s");
		ret = amount(r, word[1], pu ? "pu" : word[2], settings[i].unit, 0, &value);
		if (ret)
			return ret;
		number = (uint32_t)value;
		memcpy((char *)r->table + settings[i].offset, &number, sizeof(number));
		return 0;
	}
	return refuse(r, "\"%.30s\" is not known; expected name, version, return, recover, k, "
		      "k_band, lom_gain, lom_q or stage", word[0]);
}

static int take_name(struct reader *r, const char *line)
{
	const char *name = line + strspn(line, " \t");
	size_t len;

	name += strlen("name");
	name += strspn(name, " \t");
	len = strlen(name);
	while (len && (name[len - 1] == ' ' || name[len - 1] == '\t'))
		len--;
	if (!len || len >= sizeof(r->table->name))
		return refuse(r, "a name has 1 to %zu bytes", sizeof(r->table->name) - 1);
	memset(r->table->name, 0, sizeof(r->table->name));
	memcpy(r->table->name, name, len);
	return 0;
}

static int take_line(struct reader *r, char *line)
{
	char copy[LINE_MAX_LEN + 1];
	char *word[WORDS_MAX];
	char *rest;
	size_t words = 0;
	int64_t version;

	line[strcspn(line, "#\r")] = '\0';
	memcpy(copy, line, strlen(line) + 1);
	for (char *w = strtok_r(line, " \t", &rest); w; w = strtok_r(NULL, " \t", &rest)) {
		if (words == WORDS_MAX)
			return refuse(r, "too many words");
		word[words++] = w;
	}
	if (!words)
		return 0;
	if (strcmp(word[0], "stage") == 0)
		return take_stage(r, word, words);
	if (strcmp(word[0], "name") == 0)
		return take_name(r, copy);
	if (strcmp(word[0], "version") != 0)
		return take_setting(r, word, words);
	if (words != 2 || !millionths(word[1], &version) || version < 0 || version % 1000000 ||
	    version / 1000000 > INT32_MAX)
		return refuse(r, "expected: version NUMBER");
	r->table->version = (uint32_t)(version / 1000000);
	return 0;
}

int v2x_prot_table_parse(const char *text, size_t len, struct v2x_prot_table *table, char *error,
			 size_t error_len)
{
	struct v2x_prot_table next = V2X_INIT(struct v2x_prot_table);
	struct reader r = { .table = &next, .error = error, .error_len = error_len };
	const char *const end = text + len;
	char line[LINE_MAX_LEN + 1];

	for (const char *at = text; at < end;) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const size_t n = (size_t)((newline ? newline : end) - at);
		int ret;

		r.line++;
		if (n > LINE_MAX_LEN || memchr(at, '\0', n))
			return refuse(&r, "longer than %d bytes, or with a zero byte",
				      LINE_MAX_LEN);
		memcpy(line, at, n);
		line[n] = '\0';
		ret = take_line(&r, line);
		if (ret)
			return ret;
		at += n + (newline ? 1 : 0);
	}
	if (!next.count) {
		snprintf(error, error_len, "there is no stage in it");
		return -EINVAL;
	}
	*table = next;
	return 0;
}

/* ---- writing ---------------------------------------------------------------- */

struct writer {
	char *buf;
	size_t len;
	size_t at;
};

__attribute__((format(printf, 2, 3))) static void put(struct writer *w, const char *format, ...)
{
	const size_t left = w->at < w->len ? w->len - w->at : 0;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(left ? w->buf + w->at : NULL, left, format, args);
	va_end(args);
	w->at += n > 0 ? (size_t)n : 0;
}

/* Thousandths as the base unit, without trailing zeros: 287500 mV is "287.5". */
static void put_milli(struct writer *w, int64_t milli)
{
	const uint64_t whole = (uint64_t)(milli < 0 ? -milli : milli);
	unsigned int part = (unsigned int)(whole % 1000);
	int decimals = 3;

	put(w, "%s%llu", milli < 0 ? "-" : "", (unsigned long long)(whole / 1000));
	if (!part)
		return;
	for (; part % 10 == 0; decimals--)
		part /= 10;
	put(w, ".%0*u", decimals, part);
}

static void put_stage(struct writer *w, const struct v2x_prot_entry *e)
{
	const char *unit = v2x_prot_quantity_unit(e->quantity);

	put(w, "stage %s %s %s ", v2x_prot_quantity_name(e->quantity),
	    v2x_prot_side_name(e->side), v2x_prot_action_name(e->action));
	put_milli(w, e->threshold);
	/* "mV" without its first letter is "V"; a thousandth of a mA is a uA */
	put(w, " %s%s %u ms", unit[0] == 'u' ? "m" : "", unit[0] ? unit + 1 : "", e->time_ms);
	if (e->window_ms)
		put(w, " window %u ms", e->window_ms);
	put(w, "\n");
}

int v2x_prot_table_format(const struct v2x_prot_table *table, char *buf, size_t len)
{
	struct writer w = { .buf = buf, .len = len };

	if (len)
		buf[0] = '\0';
	if (table->name[0])
		put(&w, "name %.*s\n", (int)sizeof(table->name), table->name);
	put(&w, "version %u\n", table->version);
	for (size_t i = 0; i < COUNT(settings); i++) {
		const bool pu = strcmp(settings[i].unit, "permille") == 0;
		uint32_t number;

		memcpy(&number, (const char *)table + settings[i].offset, sizeof(number));
		put(&w, "%s ", settings[i].word);
		if (pu)
			put_milli(&w, number);
		else
			put(&w, "%u ms", number);
		put(&w, "\n");
	}
	for (uint32_t i = 0; i < table->count && i < V2X_PROT_ENTRIES; i++)
		put_stage(&w, &table->entry[i]);
	return (int)w.at;
}
