// SPDX-License-Identifier: Apache-2.0
/* Reading profiles and overrides, whole or not at all. */
#include "profile.h"

#include <errno.h>
#include <ini.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#define FILE_MAX (256 * 1024)

/* One file while inih reads it. The line is counted here: the packaged inih has none. */
struct source {
	const char *name;
	const char *at;
	const char *end;
	struct gc_profile *profile;
	bool site;
	bool seen[GC_PROFILE_VALUES];	/* overridden by this file */
	int line;
	int result;
	char *error;
};

/* Parts of "value | range | clause | confidence". */
struct parts {
	const char *value;
	const char *range;
	const char *clause;
	const char *confidence;
};

static const char *const confidences[] = { "verified", "single", "unverified" };

const char *gc_confidence_name(enum gc_confidence confidence)
{
	return confidences[confidence];
}

static int say(struct source *src, const char *section, const char *key, const char *clause,
	       const char *what)
{
	char place[160] = "";

	if (src->result)
		return 0;
	src->result = -EINVAL;
	if (*section || *key)
		snprintf(place, sizeof(place), " [%.40s] %.40s%s%.60s%s:", section, key,
			 *clause ? " (" : "", clause, *clause ? ")" : "");
	snprintf(src->error, GC_ERROR_LEN, "%.120s:%d:%s %.200s", src->name, src->line, place, what);
	return 0;
}

/* Length of the UTF-8 sequence at @text; 0: none, or a control character. */
static size_t letter(const unsigned char *text, size_t left)
{
	const unsigned char c = *text;
	const size_t len = c < 0x80 ? 1 : c >= 0xc2 && c < 0xe0 ? 2 : c >= 0xe0 && c < 0xf0 ? 3 :
			   c >= 0xf0 && c < 0xf5 ? 4 : 0;

	if (len > left || (c < 0x20 && !strchr("\t\r\n", c)) || c == 0x7f)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	/* Longer than need be, a surrogate, or beyond the last. */
	if ((c == 0xe0 && text[1] < 0xa0) || (c == 0xed && text[1] > 0x9f) ||
	    (c == 0xf0 && text[1] < 0x90) || (c == 0xf4 && text[1] > 0x8f))
		return 0;
	return len;
}

/* It is shown in terminals and kept in JSON. */
static bool is_text(const char *line, size_t len)
{
	size_t n = 1;

	for (size_t at = 0; at < len && n; at += n)
		n = letter((const unsigned char *)line + at, len - at);
	return n > 0;
}

static char *read_line(char *line, int size, void *user)
{
	struct source *src = user;
	const char *newline;
	size_t len;

	if (src->result || src->at >= src->end)
		return NULL;
	newline = memchr(src->at, '\n', (size_t)(src->end - src->at));
	len = newline ? (size_t)(newline - src->at) + 1 : (size_t)(src->end - src->at);
	src->line++;
	if (len >= (size_t)size || memchr(src->at, '\0', len)) {
		say(src, "", "", "", "line too long, or with a zero byte; expected at most 197 bytes");
		return NULL;
	}
	if (!is_text(src->at, len)) {
		say(src, "", "", "", "no text; expected UTF-8 without control characters");
		return NULL;
	}
	memcpy(line, src->at, len);
	line[len] = '\0';
	src->at += len;
	return line;
}

static char *trim(char *text)
{
	char *end = text + strlen(text);

	while (*text == ' ' || *text == '\t')
		text++;
	while (end > text && (end[-1] == ' ' || end[-1] == '\t'))
		*--end = '\0';
	return text;
}

static bool split(char *text, struct parts *parts)
{
	char *field[4] = { text, NULL, NULL, NULL };

	for (int i = 1; i < 4; i++) {
		char *bar = strchr(field[i - 1], '|');

		if (!bar)
			return false;
		*bar = '\0';
		field[i] = bar + 1;
	}
	if (strchr(field[3], '|'))
		return false;
	parts->value = trim(field[0]);
	parts->range = trim(field[1]);
	parts->clause = trim(field[2]);
	parts->confidence = trim(field[3]);
	return true;
}

static double nominal_of(const struct gc_profile *profile)
{
	return profile->settings.nominal.v_v;
}

/* "lo..hi unit": the unit stands once, after the higher end. */
static const char *parse_range(const struct gc_param *param, const char *text, double nominal_v,
			       struct gc_value *value)
{
	const char *dots = strstr(text, ".."), *unit, *wrong;
	char low[GC_TEXT_LEN];

	value->min = (double)NAN;
	value->max = (double)NAN;
	if (!strcmp(text, "-"))
		return NULL;
	if (!strcmp(text, "any")) {
		value->min = param->min;
		value->max = param->max;
		return NULL;
	}
	if (!dots || dots == text || strlen(text) > GC_TEXT_LEN / 2)
		return "range: expected \"-\", \"any\" or \"least..greatest unit\"";
	unit = strchr(dots + 2, ' ');
	snprintf(low, sizeof(low), "%.*s%s", (int)(dots - text), text, unit ? unit : "");
	wrong = gc_param_parse(param, low, nominal_v, true, &value->min);
	if (!wrong)
		wrong = gc_param_parse(param, dots + 2, nominal_v, true, &value->max);
	if (!wrong && !(value->min <= value->max))
		wrong = "range: least above greatest";
	return wrong;
}

static const char *parse_confidence(const char *text, enum gc_confidence *confidence)
{
	for (int i = 0; i < 3; i++)
		if (!strcmp(confidences[i], text)) {
			*confidence = (enum gc_confidence)i;
			return NULL;
		}
	return "confidence: expected verified, single or unverified";
}

static struct gc_value *value_of(struct gc_profile *profile, const struct gc_param *param)
{
	for (size_t i = 0; i < profile->count; i++)
		if (profile->values[i].param == param)
			return &profile->values[i];
	return NULL;
}

const struct gc_value *gc_profile_value(const struct gc_profile *profile,
					const struct gc_param *param)
{
	return value_of((struct gc_profile *)profile, param);
}

const char *gc_profile_format(const struct gc_profile *profile, const struct gc_param *param,
			      double value, char *buf, size_t len)
{
	const struct gc_value *v = gc_profile_value(profile, param);

	return gc_param_format_in(param, value, v ? v->unit : NULL, nominal_of(profile), buf, len);
}

static bool inside(const struct gc_value *value)
{
	/* Off lies outside every range. */
	return value->value >= value->min && value->value <= value->max;
}

static const char *take_value(struct source *src, const struct gc_param *param,
			      const struct parts *parts)
{
	struct gc_profile *profile = src->profile;
	struct gc_value *value = &profile->values[profile->count];
	const char *wrong;

	if (value_of(profile, param))
		return "given twice";
	/* What V counts in has to be known before the first V. */
	if (profile->count < 2 && strcmp(param->section, "nominal") != 0)
		return "[nominal] f and v have to stand first";
	if (profile->count == GC_PROFILE_VALUES)
		return "too many values";
	*value = (struct gc_value){ .param = param, .line = src->line,
				    .unit = gc_param_unit(param, parts->value) };
	wrong = gc_param_parse(param, parts->value, nominal_of(profile), true, &value->value);
	if (!wrong)
		wrong = parse_range(param, parts->range, nominal_of(profile), value);
	if (!wrong && !*parts->clause)
		wrong = "no clause; expected value | range | clause | confidence";
	if (!wrong && strlen(parts->clause) >= GC_CLAUSE_LEN)
		wrong = "clause too long";
	if (!wrong)
		wrong = parse_confidence(parts->confidence, &value->confidence);
	/* A code may leave a function off and say between what it can be set. */
	if (!wrong && !isnan(value->min) && !isnan(value->value) && !inside(value))
		wrong = "value outside its adjustable range";
	if (wrong)
		return wrong;
	snprintf(value->clause, sizeof(value->clause), "%s", parts->clause);
	gc_param_put(&profile->settings, param, value->value);
	profile->count++;
	return NULL;
}

static int take_header(struct source *src, const char *key, const char *text)
{
	struct gc_profile *p = src->profile;
	char *to = !strcmp(key, "name") ? p->name : !strcmp(key, "region") ? p->region :
		   !strcmp(key, "note") ? p->note : NULL;

	if (!strcmp(key, "locked") && (!strcmp(text, "yes") || !strcmp(text, "no"))) {
		p->locked = text[0] == 'y';
		return 1;
	}
	if (to && *to)
		return say(src, "profile", key, "", "given twice");
	if (!to)
		return say(src, "profile", key, "", "expected name, region, note or locked = yes|no");
	if (strlen(text) >= GC_TEXT_LEN)
		return say(src, "profile", key, "", "too long");
	snprintf(to, GC_TEXT_LEN, "%s", text);
	return 1;
}

/* What belongs to the site and its operator, not to the code. */
static bool of_site(const char *section)
{
	static const char *const sections[] = { "rating", "measurement", "export_limit", "order",
						"demand_response", "unbalance", "active_limit",
						"const_pf", "const_q" };

	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
		if (!strcmp(sections[i], section))
			return true;
	return false;
}

static bool has_section(const struct gc_profile *profile, const char *section)
{
	for (size_t i = 0; i < profile->count; i++)
		if (!strcmp(profile->values[i].param->section, section))
			return true;
	return false;
}

/* A function the profile describes may be switched on where it is silent about it. */
static bool may_add(const struct gc_profile *profile, const struct gc_param *param)
{
	return of_site(param->section) ||
	       (!strcmp(param->key, "enable") && has_section(profile, param->section));
}

/* Put a value of the site over the code's; @strict: only within its range; @line: 0: of none. */
static const char *replace_value(struct gc_profile *profile, const struct gc_param *param,
				 double value, bool strict, int line)
{
	struct gc_value *old = value_of(profile, param);
	struct gc_value next;

	if (!old) {
		if (strict && !may_add(profile, param))
			return "not a value of this profile";
		if (profile->count == GC_PROFILE_VALUES)
			return "too many values";
		old = &profile->values[profile->count++];
		*old = (struct gc_value){ .param = param, .min = param->min, .max = param->max };
		snprintf(old->clause, sizeof(old->clause), "site");
	}
	next = *old;
	next.value = value;
	next.site = true;
	next.line = line;
	if (strict && isnan(next.min))
		return "the code leaves no choice here";
	if (strict && !inside(&next))
		return "outside the adjustable range of the code";
	*old = next;
	gc_param_put(&profile->settings, param, value);
	return NULL;
}

static int take_override(struct source *src, const char *section, const char *key,
			 const char *text)
{
	const struct gc_param *param = gc_param_find(section, key);
	const struct gc_value *old = param ? value_of(src->profile, param) : NULL;
	const char *wrong = "unknown key";
	double value;

	if (param)
		wrong = gc_param_parse(param, text, nominal_of(src->profile), true, &value);
	if (old && src->seen[old - src->profile->values])
		wrong = "given twice";
	if (!wrong)
		wrong = replace_value(src->profile, param, value, true, src->line);
	if (!wrong)
		src->seen[value_of(src->profile, param) - src->profile->values] = true;
	return wrong ? say(src, section, key, old ? old->clause : "", wrong) : 1;
}

static int take(void *user, const char *section, const char *key, const char *text)
{
	struct source *src = user;
	const struct gc_param *param;
	struct parts parts;
	char copy[256];
	const char *wrong;

	if (src->result)
		return 0;
	if (src->site)
		return take_override(src, section, key, text);
	if (!strcmp(section, "profile"))
		return take_header(src, key, text);
	param = gc_param_find(section, key);
	if (!param)
		return say(src, section, key, "", "unknown key");
	snprintf(copy, sizeof(copy), "%s", text);
	if (!split(copy, &parts))
		return say(src, section, key, "", "expected value unit | range | clause | confidence");
	wrong = take_value(src, param, &parts);
	return wrong ? say(src, section, key, parts.clause, wrong) : 1;
}

static int read_source(struct source *src)
{
	int broken;

	ini_allow_multiline = false;
	broken = ini_parse_stream(read_line, src, take, src);
	/* inih goes on after a line it did not understand: the first complaint counts. */
	if (broken > 0 && (!src->result || broken < src->line)) {
		src->line = broken;
		src->result = 0;
		say(src, "", "", "", "not understood; expected \"[section]\", \"key = ...\" or a comment");
	}
	return src->result;
}

static void hash(const char *text, size_t len, char *hex)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int n = 0;

	hex[0] = '\0';
	if (EVP_Digest(text, len, digest, &n, EVP_sha256(), NULL) != 1)
		return;
	for (unsigned int i = 0; i < n && i < 32; i++)
		snprintf(hex + (size_t)i * 2, 3, "%02x", digest[i]);
}

static const char *base_name(const char *name)
{
	const char *slash = strrchr(name, '/');

	return slash ? slash + 1 : name;
}

int gc_profile_text(struct gc_profile *profile, const char *name, const char *text, size_t len,
		    char *error)
{
	struct source src = { .name = name, .at = text, .end = text + len, .profile = profile,
			      .error = error };
	const char *base = base_name(name), *dot = strrchr(base, '.');
	int ret;

	memset(profile, 0, sizeof(*profile));
	gc_settings_default(&profile->settings);
	snprintf(profile->file, sizeof(profile->file), "%s", name);
	snprintf(profile->id, sizeof(profile->id), "%.*s",
		 dot ? (int)(dot - base) : (int)strlen(base), base);
	hash(text, len, profile->sha256);
	ret = read_source(&src);
	if (ret == 0 && !profile->name[0]) {
		snprintf(error, GC_ERROR_LEN, "%.200s: [profile] name is missing", name);
		ret = -EINVAL;
	}
	return ret ? ret : gc_profile_check(profile, name, error);
}

int gc_profile_override_text(struct gc_profile *profile, const char *name, const char *text,
			     size_t len, char *error)
{
	struct gc_profile *next = malloc(sizeof(*next));
	struct source src = { .name = name, .at = text, .end = text + len, .profile = next,
			      .site = true, .error = error };
	int ret;

	if (!next) {
		snprintf(error, GC_ERROR_LEN, "no memory");
		return -ENOMEM;
	}
	*next = *profile;
	ret = read_source(&src);
	if (ret == 0)
		ret = gc_profile_check(next, name, error);
	if (ret == 0) {
		hash(text, len, next->site_sha256);
		*profile = *next;
	}
	free(next);
	return ret;
}

char *gc_profile_slurp(const char *path, size_t *len, char *error, int *result)
{
	FILE *file = fopen(path, "re");
	char *text = file ? malloc(FILE_MAX + 1) : NULL;

	*result = file && !text ? -ENOMEM : -errno;
	if (text) {
		*len = fread(text, 1, FILE_MAX + 1, file);
		*result = ferror(file) ? -EIO : *len > FILE_MAX ? -EFBIG : 0;
	}
	if (file)
		fclose(file);
	if (*result) {
		snprintf(error, GC_ERROR_LEN, "%.300s: cannot be read: %s", path,
			 strerror(-*result));
		free(text);
		return NULL;
	}
	return text;
}

int gc_profile_load(struct gc_profile *profile, const char *path, char *error)
{
	size_t len;
	int ret;
	char *text = gc_profile_slurp(path, &len, error, &ret);

	if (text)
		ret = gc_profile_text(profile, path, text, len, error);
	free(text);
	return ret;
}

int gc_profile_override(struct gc_profile *profile, const char *path, char *error)
{
	size_t len;
	int ret;
	char *text = gc_profile_slurp(path, &len, error, &ret);

	if (text)
		ret = gc_profile_override_text(profile, path, text, len, error);
	free(text);
	return ret;
}

int gc_profile_set(struct gc_profile *profile, const char *text, bool range, char *error)
{
	const char *equals = strchr(text, '='), *wrong = "unknown key; v2xctl gridcode show lists them";
	const struct gc_param *param = NULL;
	char name[GC_TEXT_LEN];
	const struct gc_value *old;
	double value;
	bool beyond;

	if (equals && (size_t)(equals - text) < sizeof(name)) {
		snprintf(name, sizeof(name), "%.*s", (int)(equals - text), text);
		param = gc_param_named(name);
	}
	if (param)
		wrong = gc_param_parse(param, equals + 1, nominal_of(profile), false, &value);
	old = param ? value_of(profile, param) : NULL;
	beyond = !wrong && old && !(value >= old->min && value <= old->max);
	if (!wrong)
		wrong = replace_value(profile, param, value, range, 0);
	if (wrong) {
		snprintf(error, GC_ERROR_LEN, "%.120s%s%.60s%s: %s", text, old ? " (" : "",
			 old ? old->clause : "", old ? ")" : "", wrong);
		return -EINVAL;
	}
	if (beyond)
		snprintf(error, GC_ERROR_LEN, "%.120s: outside what %.60s lets a site adjust", text,
			 old->clause);
	return beyond;
}

size_t gc_profile_count(const struct gc_profile *profile, enum gc_confidence confidence)
{
	size_t n = 0;

	for (size_t i = 0; i < profile->count; i++)
		n += !profile->values[i].site && profile->values[i].confidence == confidence;
	return n;
}

bool gc_profile_released(const struct gc_profile *profile)
{
	return gc_profile_count(profile, GC_SINGLE) == 0 &&
	       gc_profile_count(profile, GC_UNVERIFIED) == 0;
}
