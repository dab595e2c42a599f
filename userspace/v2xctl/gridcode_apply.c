// SPDX-License-Identifier: Apache-2.0
/* gridcode apply, input, status: the grid code in the running supervisor. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "daemon.h"
#include "gridcode/installer.h"
#include "quantity.h"

static const char *text(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "-";
}

static double milli(const json_t *o, const char *key)
{
	return json_number_value(json_object_get(o, key)) / 1e3;
}

/* ---- apply ---------------------------------------------------------------------- */

static int add_key(const struct cli *cli, json_t *request)
{
	const char *path = cli_value(cli, "key");
	char key[GC_KEY_LINE];
	int ret;

	if (!path)
		return EX_OK_;
	ret = gc_key_read(path, true, key);
	if (ret)
		return report_error(cli, EX_BAD_USE, "--key %s: %s", path,
				    ret == -EPERM ? "others have access; chmod 600" : strerror(-ret));
	json_object_set_new(request, "key", json_string(key));
	gc_key_forget(key, sizeof(key));
	return EX_OK_;
}

static json_t *request_of(const struct cli *cli, int *ret)
{
	json_t *request = json_pack("{s:s, s:s}", "cmd", "gridcode-apply", "profile", cli->argv[0]);
	json_t *sets = json_array();
	const char *set;
	int at = 0;

	while ((set = cli_next(cli, "set", &at)))
		json_array_append_new(sets, json_string(set));
	if (json_array_size(sets))
		json_object_set(request, "set", sets);
	json_decref(sets);
	*ret = request ? add_key(cli, request) : report_error(cli, EX_SYSTEM, "no memory");
	return request;
}

#define COLUMNS 78

/* Names in lines, below each other beside the label. */
static void print_names(FILE *to, const char *label, const json_t *names)
{
	const int indent = (int)strlen(label);
	int column = indent;
	size_t i;
	json_t *name;

	if (!json_array_size(names))
		return;
	fprintf(to, "%s", label);
	json_array_foreach (names, i, name) {
		const char *text = json_string_value(name);
		const char *comma = i + 1 < json_array_size(names) ? ", " : "";
		const int len = (int)(strlen(text) + strlen(comma));

		if (column > indent && column + len > COLUMNS) {
			fprintf(to, "\n%*s", indent, "");
			column = indent;
		}
		fprintf(to, "%s%s", text, comma);
		column += len;
	}
	fputc('\n', to);
}

/* What the supervisor calls a draft is acknowledged by its names, which are shown. */
static int acknowledge(const struct cli *cli, json_t *request, json_t **answer)
{
	json_t *names = json_object_get(*answer, "names");
	int ret;

	if (!names || !cli_has(cli, "acknowledge-draft"))
		return EX_OK_;
	print_names(stderr, "acknowledged: ", names);
	json_object_set(request, "acknowledge", names);
	json_decref(*answer);
	*answer = NULL;
	ret = daemon_answer(cli, json_incref(request), answer);
	return ret;
}

static int tell_applied(const struct cli *cli, json_t *answer)
{
	const bool good = json_is_true(json_object_get(answer, "ok"));
	int ret = EX_OK_;

	if (!good) {
		ret = report_error(cli, EX_REFUSED, "v2xd refused: %s: %s", text(answer, "key"),
				   text(answer, "error"));
		print_names(stderr, "not verified: ", json_object_get(answer, "names"));
	} else if (cli->json) {
		return report_json(answer);
	} else {
		printf("%s is in force", text(answer, "profile"));
		if (json_object_get(answer, "effective"))
			printf(": values %.12s, protection table %s", text(answer, "effective"),
			       text(answer, "table_hash"));
		putchar('\n');
	}
	json_decref(answer);
	return ret;
}

int cmd_gridcode_apply(struct cli *cli)
{
	json_t *answer = NULL;
	int ret;
	json_t *request = request_of(cli, &ret);

	if (ret == EX_OK_)
		ret = daemon_answer(cli, json_incref(request), &answer);
	if (ret == EX_OK_)
		ret = acknowledge(cli, request, &answer);
	json_decref(request);
	return ret == EX_OK_ ? tell_applied(cli, answer) : ret;
}

/* ---- input ----------------------------------------------------------------------- */

/* "0,5" or "off" */
static bool take_modes(const char *text, json_t *request)
{
	json_t *modes = json_array();
	bool good = true;

	for (const char *at = text; strcmp(text, "off") != 0 && good;) {
		good = at[0] >= '0' && at[0] <= '8' && (at[1] == ',' || !at[1]);
		if (good)
			json_array_append_new(modes, json_integer(at[0] - '0'));
		if (!good || !at[1])
			break;
		at += 2;
	}
	json_object_set_new(request, "drm", modes);
	return good;
}

#define SITE_MAX_MW 350000000
#define SITE_EXPECTED "expected powers with a unit of W, kW or MW, at most 350 kW"

/* "-1.5kW", one or, with slashes between, three of them */
static bool take_powers(const char *text, json_t *powers, size_t count)
{
	char one[32];
	int64_t p_mw;

	for (size_t k = 0; k < count; k++) {
		const size_t len = strcspn(text, "/");

		if (len >= sizeof(one) || (text[len] == '/') != (k + 1 < count))
			return false;
		snprintf(one, sizeof(one), "%.*s", (int)len, text);
		if (quantity_parse(QUANTITY_P, one, &p_mw) || p_mw < -SITE_MAX_MW ||
		    p_mw > SITE_MAX_MW)
			return false;
		json_array_append_new(powers, json_integer(p_mw));
		text += len + 1;
	}
	return true;
}

static int take_meter(const struct cli *cli, const char *word, json_t *request)
{
	const bool phases = word[0] == 'p';
	json_t *powers = json_array();
	int ret = EX_OK_;

	if (!take_powers(strchr(word, '=') + 1, powers, phases ? 3 : 1))
		ret = report_error(cli, EX_BAD_USE, "%s: %s%s", word, SITE_EXPECTED,
				   phases ? ", as in phases=1kW/0.2kW/-3kW" : "");
	else if (phases)
		json_object_set(request, "phases_mw", powers);
	else
		json_object_set(request, "site_mw", json_array_get(powers, 0));
	json_decref(powers);
	return ret;
}

static int take_word(const struct cli *cli, const char *word, json_t *request)
{
	int ret = EX_OK_;

	if (!strncmp(word, "drm=", 4)) {
		if (!take_modes(word + 4, request))
			ret = report_error(cli, EX_BAD_USE, "%s: expected modes 0 to 8, as in "
					   "drm=0,5, or drm=off", word);
	} else if (!strcmp(word, "permit=yes") || !strcmp(word, "permit=no")) {
		json_object_set_new(request, "permit", json_boolean(word[7] == 'y'));
	} else if (!strcmp(word, "signal=on") || !strcmp(word, "signal=off")) {
		json_object_set_new(request, "signal", json_boolean(word[8] == 'n'));
	} else if (!strncmp(word, "site=", 5) || !strncmp(word, "phases=", 7)) {
		ret = take_meter(cli, word, request);
	} else {
		ret = report_error(cli, EX_BAD_USE, "%s: expected drm=MODES|off, site=POWER, "
				   "phases=POWER/POWER/POWER, permit=yes|no or signal=on|off", word);
	}
	return ret;
}

int cmd_gridcode_input(struct cli *cli)
{
	json_t *request = json_pack("{s:s}", "cmd", "gridcode-input");
	int ret = request ? EX_OK_ : report_error(cli, EX_SYSTEM, "no memory");

	for (int i = 0; i < cli->argc && ret == EX_OK_; i++)
		ret = take_word(cli, cli->argv[i], request);
	if (ret == EX_OK_)
		return daemon_tell(cli, request, "told");
	json_decref(request);
	return ret;
}

/* ---- status ---------------------------------------------------------------------- */

static void print_choice(const json_t *a)
{
	const size_t drafts = json_array_size(json_object_get(a, "acknowledged"));
	const json_t *by = json_object_get(a, "by");

	printf("grid code:  %s", text(a, "profile"));
	if (json_object_get(a, "name"))
		printf(", %s (%s%s)", text(a, "name"), text(a, "state"),
		       json_is_true(json_object_get(a, "locked")) ? ", locked" : "");
	putchar('\n');
	if (by)
		printf("applied by: %s, uid %lld, pid %lld, %s\n", text(by, "source"),
		       (long long)json_integer_value(json_object_get(by, "uid")),
		       (long long)json_integer_value(json_object_get(by, "pid")), text(by, "time"));
	if (json_object_get(a, "sha256")) {
		printf("sha256:     %s\n", text(a, "sha256"));
		printf("values:     %s\n", text(a, "effective"));
		printf("table:      %s\n", text(a, "table_hash"));
		if (json_object_get(a, "window"))
			printf("frequency:  %s window\n", text(a, "window"));
	}
	print_names(stdout, "set:        ", json_object_get(a, "set"));
	if (drafts)
		printf("draft:      %zu values that nobody verified, acknowledged; v2xctl gridcode audit\n",
		       drafts);
}

static void print_function(const char *label, const json_t *f, const char *unit, const char *lo,
			   const char *hi, const char *want)
{
	const char *by = text(f, "by"), *why = text(f, "why");

	/* "lfsm-o at 50.700 Hz" says by whom. */
	printf("%s %s%s%s; %.1f..%.1f %s, asks for %.1f %s\n", label, strstr(why, by) ? "" : by,
	       strstr(why, by) ? "" : ": ", why, milli(f, lo), milli(f, hi), unit, milli(f, want),
	       unit);
}

static void print_point(const json_t *point)
{
	const json_t *v = json_object_get(point, "v_pu");

	printf("point:      ");
	for (size_t k = 0; k < json_array_size(v); k++) {
		const json_t *phase = json_array_get(v, k);

		if (json_is_number(phase))
			printf("%s%.4f", k ? "/" : "", json_number_value(phase));
		else
			printf("%s-", k ? "/" : "");
	}
	if (json_is_number(json_object_get(point, "f_hz")))
		printf(" pu, %.3f Hz", json_number_value(json_object_get(point, "f_hz")));
	else
		printf(" pu, no frequency");
	printf(", %+.1f W %+.1f var; wanted %+.1f W %+.1f var\n", milli(point, "p_mw"),
	       milli(point, "q_mvar"), milli(point, "p_demand_mw"), milli(point, "q_demand_mvar"));
}

static void print_service(const json_t *a)
{
	if (!json_object_get(a, "service"))
		return;
	printf("service:    %s", text(a, "service"));
	if (!json_is_true(json_object_get(a, "connected")))
		printf(", cause %s, %.0f s to wait", text(a, "cause"),
		       json_number_value(json_object_get(a, "wait_s")));
	putchar('\n');
	print_function("power:     ", json_object_get(a, "p"), "W", "lo_mw", "hi_mw", "want_mw");
	print_function("reactive:  ", json_object_get(a, "q"), "var", "lo_mvar", "hi_mvar",
		       "want_mvar");
	print_point(json_object_get(a, "point"));
	printf("decided:    %+.1f W by %s, %+.1f var by %s\n", milli(a, "p_mw"), text(a, "p_by"),
	       milli(a, "q_mvar"), text(a, "q_by"));
}

int cmd_gridcode_status(struct cli *cli)
{
	json_t *answer = NULL;
	const json_t *audit;
	int ret = daemon_ask(cli, json_pack("{s:s}", "cmd", "gridcode-status"), &answer);

	if (ret)
		return ret;
	if (cli->json)
		return report_json(answer);
	print_choice(answer);
	print_service(answer);
	audit = json_object_get(answer, "audit");
	printf("audit:      %lld changes in %s%s\n",
	       (long long)json_integer_value(json_object_get(audit, "lines")), text(audit, "dir"),
	       json_is_true(json_object_get(audit, "broken")) ? ", TAMPERED WITH" : "");
	json_decref(answer);
	return EX_OK_;
}
