// SPDX-License-Identifier: Apache-2.0
/* Which grid code is in force: drafts, ranges, the key, the audit log, what is kept. */
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

#include "../../../userspace/v2xd/code/store.h"

static struct code_choice choice, kept;
static struct code_request request;
static char error[GC_ERROR_LEN], names[CODE_NAMES_LEN];
static char dir[] = "/tmp/v2xd-choice.XXXXXX";

#define TEXT \
	"[profile]\n" \
	"name = Test\n" \
	"[nominal]\n" \
	"f = 50 Hz | - | C 1 | verified\n" \
	"v = 230 V | - | C 1 | verified\n" \
	"[enter_service]\n" \
	"v_low = 0.85 pu | 0.8..0.9 pu | C 2 | unverified\n" \
	"v_high = 253 V | - | C 2 | single\n" \
	"f_low = 49.5 Hz | - | C 2 | verified\n" \
	"f_high = 50.1 Hz | - | C 2 | verified\n" \
	"delay = 1 min | 10..600 s | C 2 | verified\n"

static int choose(const char *sets)
{
	code_choice_free(&choice);
	memset(&choice, 0, sizeof(choice));
	choice.text = strdup(TEXT);
	snprintf(request.profile, sizeof(request.profile), "test");
	snprintf(request.sets, sizeof(request.sets), "%s", sets);
	return code_choose(&choice, &request, error);
}

static void draft_values_are_named_until_acknowledged(void **state)
{
	(void)state;
	assert_int_equal(choose(""), 0);
	assert_int_equal(code_unacknowledged(&choice.profile, "", names), 2);
	assert_string_equal(names, "enter_service.v_low\nenter_service.v_high\n");
	assert_int_equal(code_unacknowledged(&choice.profile, "enter_service.v_high\n", names), 1);
	assert_string_equal(names, "enter_service.v_low\n");
	assert_int_equal(code_unacknowledged(&choice.profile,
					     "enter_service.v_high\nenter_service.v_low", names), 0);
	/* A value the site has chosen is nobody's draft; half a name is none. */
	assert_int_equal(choose("enter_service.v_low=0.86pu\n"), 0);
	assert_int_equal(code_unacknowledged(&choice.profile, "enter_service.v\n", names), 1);
}

static void values_out_of_range_are_refused(void **state)
{
	char before[GC_HASH_LEN];

	(void)state;
	assert_int_equal(choose(""), 0);
	memcpy(before, choice.effective, sizeof(before));
	assert_int_equal(choose("enter_service.delay=5s\n"), -EINVAL);
	assert_non_null(strstr(error, "outside the adjustable range of the code"));
	assert_int_equal(choose("enter_service.f_low=49Hz\n"), -EINVAL);
	assert_non_null(strstr(error, "the code leaves no choice here"));
	assert_int_equal(choose("enter_service.delay=10s\n"), 0);
	assert_string_not_equal(choice.effective, before);
}

static void the_key_fits_its_hash_only(void **state)
{
	char line[GC_KEY_LINE], key[GC_KEY_MAX + 1];

	(void)state;
	assert_int_equal(gc_key_hash("too short", line), -EINVAL);
	assert_int_equal(gc_key_random(key), 0);
	assert_int_equal(strlen(key), 32);
	assert_int_equal(gc_key_hash(key, line), 0);
	assert_int_equal(strncmp(line, "scrypt 8192 8 1 ", 16), 0);
	assert_int_equal(gc_key_fits(key, line), 1);
	key[31] ^= 1;
	assert_int_equal(gc_key_fits(key, line), 0);
	assert_int_equal(gc_key_fits(key, "scrypt 8192 8 1 00 00\n"), -EINVAL);
	assert_int_equal(gc_key_fits(key, ""), -EINVAL);
	/* 128 * N * r = 8 GiB: not for anybody */
	line[7] = '9';
	memmove(line + 12, line + 11, strlen(line + 11) + 1);
	assert_int_equal(gc_key_fits(key, line) == 1, 0);
}

/*
 * As OpenSSL's command says: openssl kdf -keylen 32 -kdfopt pass:correct-horse
 * -kdfopt hexsalt:000102030405060708090a0b0c0d0e0f -kdfopt n:1024 -kdfopt r:8
 * -kdfopt p:1 SCRYPT
 */
static void the_hash_is_scrypt(void **state)
{
	(void)state;
	assert_int_equal(gc_key_fits("correct-horse",
				     "scrypt 1024 8 1 000102030405060708090a0b0c0d0e0f "
				     "6a708971f1ce1c968a01eae1875b13569e9126a9c225a052982c37c0b5a3696e\n"), 1);
}

static void a_key_file_others_can_read_is_refused(void **state)
{
	char path[64], key[GC_KEY_LINE];
	FILE *file;

	(void)state;
	snprintf(path, sizeof(path), "%s/key", dir);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs("0123456789abcdef\n", file);
	fclose(file);
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(gc_key_read(path, true, key), -EPERM);
	assert_int_equal(gc_key_read(path, false, key), 0);
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(gc_key_read(path, true, key), 0);
	assert_string_equal(key, "0123456789abcdef");
	unlink(path);
	assert_int_equal(gc_key_read(path, true, key), -ENOENT);
}

/* sha256 of 64 zeros, newline, "1\ta\tb" */
static void the_audit_log_is_a_chain(void **state)
{
	static char line[GC_AUDIT_LINE], log[3 * GC_AUDIT_LINE];
	struct gc_audit audit, read;
	const char *wrong;
	size_t first;

	(void)state;
	gc_audit_begin(&audit);
	assert_int_equal(gc_audit_add(&audit, "a\tb", line), 0);
	assert_string_equal(line, "1\ta\tb\t35e85bfeb9201992ff13f678db817a1eddd0e693006e10bb5bb2daec0140be31\n");
	strcat(log, line);
	first = strlen(log);
	assert_int_equal(gc_audit_add(&audit, "c\nd", line), 0);
	strcat(log, line);
	assert_true(gc_audit_read(&read, log, strlen(log), &wrong));
	assert_int_equal(read.lines, 2);
	assert_string_equal(read.head, audit.head);
	/* Changed, taken out, cut off. */
	log[2] = 'A';
	assert_false(gc_audit_read(&read, log, strlen(log), &wrong));
	assert_int_equal(read.lines, 0);
	assert_non_null(strstr(wrong, "hash does not fit"));
	assert_false(gc_audit_read(&read, log + first, strlen(log + first), &wrong));
	assert_non_null(strstr(wrong, "does not follow"));
	log[2] = 'a';
	assert_false(gc_audit_read(&read, log, strlen(log) - 1, &wrong));
	assert_int_equal(read.lines, 1);
	assert_non_null(strstr(wrong, "cut off"));
}

static void lines_cut_off_the_log_show_against_what_is_kept(void **state)
{
	struct gc_audit audit, before, next;
	char path[64];

	(void)state;
	gc_audit_begin(&audit);
	snprintf(path, sizeof(path), "%s/gridcode.audit", dir);
	assert_int_equal(code_audit_open(dir, NULL, &next, error), -ENOENT);
	assert_int_equal(code_audit_add(dir, &audit, "t\tapply", error), 0);
	assert_int_equal(code_audit_add(dir, &audit, "t\tapply", error), 0);
	before = audit;
	assert_int_equal(code_audit_open(dir, &before, &next, error), 0);
	assert_int_equal(next.lines, 2);
	assert_int_equal(truncate(path, 0), 0);
	assert_int_equal(code_audit_open(dir, &before, &next, error), -EBADMSG);
	unlink(path);
	assert_int_equal(code_audit_open(dir, &before, &next, error), -EBADMSG);
	assert_non_null(strstr(error, "it had 2 lines"));
}

static void what_is_in_force_is_kept_and_a_change_of_it_found(void **state)
{
	struct gc_audit audit, read;
	char path[64], text[8192];
	FILE *file;
	size_t n;
	char *at;

	(void)state;
	gc_audit_begin(&audit);
	assert_int_equal(code_store_read(dir, &kept, &read, error), -ENOENT);
	assert_int_equal(choose("enter_service.delay=20s\n"), 0);
	choice.uid = 4711;
	choice.drm = 1U << 5;
	choice.withheld = true;
	snprintf(choice.time, sizeof(choice.time), "2026-01-01T00:00:00Z");
	snprintf(choice.source, sizeof(choice.source), "control");
	assert_int_equal(code_store_write(dir, &choice, &audit, error), 0);
	assert_int_equal(code_store_read(dir, &kept, &read, error), 0);
	assert_true(kept.on && kept.uid == 4711);
	assert_true(kept.withheld && kept.drm == 1U << 5);
	assert_string_equal(kept.effective, choice.effective);
	assert_true(kept.profile.settings.enter.start.delay_s == 20);
	code_choice_free(&kept);
	snprintf(path, sizeof(path), "%s/gridcode.json", dir);
	file = fopen(path, "r");
	assert_non_null(file);
	n = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	text[n] = '\0';
	at = strstr(text, "delay=20s");
	assert_non_null(at);
	at[6] = '3';
	file = fopen(path, "w");
	fwrite(text, 1, n, file);
	fclose(file);
	assert_int_equal(code_store_read(dir, &kept, &read, error), -EINVAL);
	assert_non_null(strstr(error, "the hash they were kept with"));
	unlink(path);
}

static int set_up(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int tear_down(void **state)
{
	char path[64];

	(void)state;
	code_choice_free(&choice);
	code_choice_free(&kept);
	snprintf(path, sizeof(path), "%s/gridcode.audit", dir);
	unlink(path);
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(draft_values_are_named_until_acknowledged),
		cmocka_unit_test(values_out_of_range_are_refused),
		cmocka_unit_test(the_key_fits_its_hash_only),
		cmocka_unit_test(the_hash_is_scrypt),
		cmocka_unit_test(a_key_file_others_can_read_is_refused),
		cmocka_unit_test(the_audit_log_is_a_chain),
		cmocka_unit_test(lines_cut_off_the_log_show_against_what_is_kept),
		cmocka_unit_test(what_is_in_force_is_kept_and_a_change_of_it_found),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
