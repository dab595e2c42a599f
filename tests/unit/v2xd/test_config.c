// SPDX-License-Identifier: Apache-2.0
/* Configuration: every refusal names file, line, key and what was expected. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "../../../userspace/v2xd/config/config.h"

static struct config fresh(void)
{
	struct config c;

	config_defaults(&c);
	return c;
}

static void every_default_is_accepted_by_its_own_row(void **state)
{
	struct config c;
	char error[CONFIG_ERROR_LEN], text[CONFIG_STR_LEN];

	(void)state;
	memset(&c, 0xff, sizeof(c));
	for (size_t i = 0; i < config_key_count; i++) {
		const struct config_key *k = &config_keys[i];

		assert_int_equal(config_set(&c, k->section, k->key, k->fallback, error), 0);
		assert_string_equal(config_format(&c, k, text, sizeof(text)), k->fallback);
		assert_non_null(config_section_help(k->section));
		assert_true(strlen(k->help) > 5);
	}
	c = fresh();
	assert_int_equal(config_check(&c, error), 0);
}

static void keys_are_read_into_their_fields(void **state)
{
	struct config c = fresh();
	char error[CONFIG_ERROR_LEN];

	(void)state;
	assert_int_equal(config_text(&c, "t", "# comment\n[user]\np_mw = -7000000\n"
		"[site]\np_import_max_mw=0 ; none at all\n[droop]\nenable = yes\nband = offset\n"
		"[device]\npath = /dev/v2x7\n", error), 0);
	assert_int_equal(c.user.p_mw, -7000000);
	assert_int_equal(c.site.p_import_max_mw, 0);
	assert_int_equal(c.site.p_export_max_mw, CONFIG_NONE);
	assert_int_equal(c.droop.enable, 1);
	assert_int_equal(c.droop.band, 0);
	assert_string_equal(c.device.path, "/dev/v2x7");
}

static void each_error_names_line_key_and_expectation(void **state)
{
	static const struct { const char *text; int result; const char *error; } rows[] = {
		{ "[user]\np_nw = 1\n", -ENOENT,
		  "t:2: [user] p_nw: unknown key; did you mean [user] p_mw?" },
		{ "[usr]\np_mw = 1\n", -ENOENT,
		  "t:2: [usr] p_mw: unknown section; did you mean [user]?" },
		{ "[user]\n\n\np_mw = fast\n", -EINVAL,
		  "t:4: [user] p_mw: \"fast\" is no whole number; expected "
		  "-350000000..350000000 mW" },
		{ "[user]\np_mw = 7.5\n", -EINVAL, "\"7.5\" is no whole number" },
		{ "[user]\np_mw =\n", -EINVAL, "\"\" is no whole number" },
		{ "[device]\nlease_ms = 19\n", -ERANGE,
		  "t:2: [device] lease_ms: 19 is out of range; expected 20..10000 ms" },
		{ "[device]\nlease_ms = 99999999999999999999\n", -ERANGE, "is out of range" },
		{ "[site]\np_import_max_mw = -1\n", -ERANGE,
		  "expected 0..350000000 mW or \"none\"" },
		{ "[session]\nstart = perhaps\n", -EINVAL,
		  "t:2: [session] start: \"perhaps\" is not known; expected auto|manual" },
		{ "[droop]\nenable = true\n", -EINVAL, "expected yes|no" },
		{ "p_mw = 1\n", -EINVAL, "t:1: p_mw: stands before any [section]" },
		{ "[user]\nnonsense\n", -EINVAL, "t:2: not understood" },
		{ "[user\np_mw = 1\n", -EINVAL, "t:1: not understood" },
		{ "[droop]\ndroop_permille = 50\n", -EINVAL,
		  "t: [droop]: exactly one of droop_permille and full_mhz" },
		{ "[droop]\nfull_mhz = 0\n", -EINVAL, "exactly one of" },
		{ "[droop]\nband = offset\ndb_mhz = 200\n", -EINVAL, "outside the dead band" },
		{ "[device]\npath =\n", -EINVAL, "[device] path: must not be empty" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct config c = fresh(), before = c;
		char error[CONFIG_ERROR_LEN] = "";

		assert_int_equal(config_text(&c, "t", rows[i].text, error), rows[i].result);
		if (!strstr(error, rows[i].error))
			fail_msg("got \"%s\", expected \"%s\"", error, rows[i].error);
		/* Refused whole. */
		assert_memory_equal(&c, &before, sizeof(c));
	}
}

static void good_lines_before_a_bad_one_change_nothing(void **state)
{
	struct config c = fresh(), before = c;
	char error[CONFIG_ERROR_LEN];

	(void)state;
	assert_int_equal(config_text(&c, "t", "[user]\np_mw = 5\nq_mvar = x\n", error), -EINVAL);
	assert_memory_equal(&c, &before, sizeof(c));
}

static void long_lines_and_texts_are_refused(void **state)
{
	struct config c = fresh();
	char error[CONFIG_ERROR_LEN], text[400];

	(void)state;
	snprintf(text, sizeof(text), "[device]\npath = %0*d\n", 150, 0);
	assert_int_equal(config_text(&c, "t", text, error), -ERANGE);
	assert_non_null(strstr(error, "t:2: [device] path: text too long; expected at most 107"));
	snprintf(text, sizeof(text), "[device]\npath = %0*d\n", 300, 0);
	assert_int_equal(config_text(&c, "t", text, error), -EINVAL);
	assert_non_null(strstr(error, "t:2: line too long"));
}

static void write_file(const char *dir, const char *name, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "we");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void dropins_come_after_in_order_of_name(void **state)
{
	char dir[] = "/tmp/v2xd-config-XXXXXX", path[128], sub[128], cmd[160];
	char error[CONFIG_ERROR_LEN];
	struct config c;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/v2xd.conf", dir);
	snprintf(sub, sizeof(sub), "%s/v2xd.conf.d", dir);
	assert_int_equal(mkdir(sub, 0755), 0);
	write_file(dir, "v2xd.conf", "[user]\np_mw = 1\nq_mvar = 1\nramp_mw_per_s = 1\n");
	write_file(sub, "20-b.conf", "[user]\np_mw = 20\n");
	write_file(sub, "10-a.conf", "[user]\np_mw = 10\nq_mvar = 10\n");
	write_file(sub, "30-c.conf.bak", "[user]\np_mw = 30\n");
	assert_int_equal(config_load(&c, path, true, error), 0);
	assert_int_equal(c.user.p_mw, 20);
	assert_int_equal(c.user.q_mvar, 10);
	assert_int_equal(c.user.ramp_mw_per_s, 1);

	write_file(sub, "20-b.conf", "[user]\nbad = 20\n");
	assert_int_equal(config_load(&c, path, true, error), -ENOENT);
	assert_non_null(strstr(error, "v2xd.conf.d/20-b.conf:2: [user] bad: unknown key"));
	assert_int_equal(c.user.p_mw, 20);
	snprintf(cmd, sizeof(cmd), "rm -r %s", dir);
	assert_int_equal(system(cmd), 0);
}

static void a_missing_file_is_an_error_only_when_named(void **state)
{
	char error[CONFIG_ERROR_LEN];
	struct config c;

	(void)state;
	assert_int_equal(config_load(&c, "/nonexistent/v2xd.conf", true, error), -ENOENT);
	assert_non_null(strstr(error, "/nonexistent/v2xd.conf: cannot be opened"));
	assert_int_equal(config_load(&c, "/nonexistent/v2xd.conf", false, error), 0);
}

static void printed_defaults_are_a_valid_configuration(void **state)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	struct config c, defaults = fresh();
	char error[CONFIG_ERROR_LEN] = "";

	(void)state;
	config_print_defaults(out);
	fclose(out);
	memset(&c, 0, sizeof(c));
	if (config_text(&c, "defaults", text, error))
		fail_msg("%s", error);
	assert_memory_equal(&c, &defaults, sizeof(c));
	free(text);
}

static void manual_page_names_every_key(void **state)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	config_print_man(out);
	fclose(out);
	for (size_t i = 0; i < config_key_count; i++) {
		char row[80];

		snprintf(row, sizeof(row), "\n.B %s\n", config_keys[i].key);
		assert_non_null(strstr(text, row));
	}
	free(text);
}

static void a_change_of_device_needs_a_restart(void **state)
{
	struct config a = fresh(), b = fresh();

	(void)state;
	assert_null(config_needs_restart(&a, &b));
	b.user.p_mw = 1;
	assert_null(config_needs_restart(&a, &b));
	strcpy(b.device.path, "/dev/v2x1");
	assert_string_equal(config_needs_restart(&a, &b)->key, "path");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_default_is_accepted_by_its_own_row),
		cmocka_unit_test(keys_are_read_into_their_fields),
		cmocka_unit_test(each_error_names_line_key_and_expectation),
		cmocka_unit_test(good_lines_before_a_bad_one_change_nothing),
		cmocka_unit_test(long_lines_and_texts_are_refused),
		cmocka_unit_test(dropins_come_after_in_order_of_name),
		cmocka_unit_test(a_missing_file_is_an_error_only_when_named),
		cmocka_unit_test(printed_defaults_are_a_valid_configuration),
		cmocka_unit_test(manual_page_names_every_key),
		cmocka_unit_test(a_change_of_device_needs_a_restart),
	};

	return cmocka_run_group_tests_name("v2xd config", tests, NULL, NULL);
}
