// SPDX-License-Identifier: Apache-2.0
/* Virtual chargers, with plain directories in the place of configfs. */
#include <ctype.h>
#include <endian.h>
#include <ftw.h>
#include <sys/stat.h>

#include "../../../userspace/v2xctl/record.h"
#include "../../../userspace/v2xctl/virt_keys.h"
#include "run.h"

static char root[] = "/tmp/v2xctl-virt-XXXXXX";

static void put(const char *name, const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", root, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static const char *get(const char *name)
{
	static char text[512];
	char path[256];
	FILE *file;
	size_t n;

	snprintf(path, sizeof(path), "%s/%s", root, name);
	file = fopen(path, "r");
	assert_non_null(file);
	n = fread(text, 1, sizeof(text) - 1, file);
	text[n] = '\0';
	fclose(file);
	return text;
}

static void make(const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", root, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

static int make_root(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(root));
	setenv("V2X_VIRT_ROOT", root, 1);
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static int remove_root(void **state)
{
	(void)state;
	return nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void make_charger(const char *name, const char *dev)
{
	static const char *const files[] = {
		"live", "car/plugged", "car/ready", "car/soc_permille", "grid/frequency_mhz",
		"grid/voltage_mpu", "grid/replay_data", "fault/adc_stuck", "fault/phase_loss",
	};
	char path[128];

	make(name);
	for (const char *const *d = (const char *const[]){ "car", "grid", "fault", NULL }; *d; d++) {
		snprintf(path, sizeof(path), "%s/%s", name, *d);
		make(path);
	}
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", name, files[i]);
		put(path, "0\n");
	}
	snprintf(path, sizeof(path), "%s/dev_name", name);
	put(path, dev);
	snprintf(path, sizeof(path), "%s/grid/replay", name);
	put(path, "state=empty\n");
	snprintf(path, sizeof(path), "%s/fault/list", name);
	put(path, "adc_stuck\t0..8191\tmask of channels\nphase_loss\t0..7\tmask of phases\n");
}

static void a_load_is_sized_by_the_chargers_own_values(void **state)
{
	static const char *const files[] = { "load_r_mohm", "load_l_uh", "load_c_nf", "island" };
	char path[64];

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "one/grid/%s", files[i]);
		put(path, "0\n");
	}
	put("one/phases", "1\n");
	put("one/v_nominal_mv", "240000\n");
	put("one/f_nominal_mhz", "60000\n");
	assert_int_equal(RUN("virt", "grid", "one", "load", "p=7200W", "qf=2"), EX_OK_);
	assert_string_equal(get("one/grid/load_r_mohm"), "8000");
	assert_string_equal(get("one/grid/load_l_uh"), "10610");
	assert_string_equal(get("one/grid/load_c_nf"), "663146");
	assert_int_equal(RUN("virt", "grid", "one", "load", "p=7200A"), EX_BAD_USE);
	assert_string_equal(get("one/grid/load_r_mohm"), "8000");
	assert_int_equal(RUN("virt", "grid", "one", "island=1"), EX_OK_);
	assert_string_equal(get("one/grid/island"), "1");
	assert_int_equal(RUN("virt", "grid", "one", "load", "off"), EX_OK_);
	assert_string_equal(get("one/grid/load_c_nf"), "0");
}

static void the_only_charger_needs_no_name(void **state)
{
	(void)state;
	assert_int_equal(RUN("virt", "plug"), EX_NO_DEVICE);
	make_charger("one", "v2x0\n");
	assert_int_equal(RUN("virt", "plug", "soc=55.5"), EX_OK_);
	assert_string_equal(get("one/car/plugged"), "1");
	assert_string_equal(get("one/car/ready"), "1");
	assert_string_equal(get("one/car/soc_permille"), "555");
	assert_int_equal(RUN("virt", "unplug"), EX_OK_);
	assert_string_equal(get("one/car/plugged"), "0");
	assert_string_equal(get("one/car/ready"), "0");
}

static void of_two_one_must_be_named(void **state)
{
	(void)state;
	make_charger("two", "v2x1\n");
	assert_int_equal(RUN("virt", "plug"), EX_BAD_USE);
	assert_int_equal(RUN("virt", "plug", "--device", "two", "--not-ready"), EX_OK_);
	assert_string_equal(get("two/car/plugged"), "1");
	assert_string_equal(get("two/car/ready"), "0");
	assert_string_equal(get("one/car/plugged"), "0");
	assert_int_equal(RUN("virt", "grid", "--device", "/dev/v2x1", "f=49.8"), EX_OK_);
	assert_string_equal(get("two/grid/frequency_mhz"), "49800");
	assert_int_equal(RUN("virt", "grid", "--device", "v2x7", "f=49.8"), EX_NO_DEVICE);
	setenv("V2X_DEVICE", "one", 1);
}

static void settings_are_checked_before_the_first_is_written(void **state)
{
	(void)state;
	put("one/grid/frequency_mhz", "0\n");
	assert_int_equal(RUN("virt", "grid", "f=50.2", "v=high"), EX_BAD_USE);
	assert_string_equal(get("one/grid/frequency_mhz"), "0\n");
	assert_int_equal(RUN("virt", "grid", "f=50.2", "voltage_mpu=900"), EX_OK_);
	assert_string_equal(get("one/grid/frequency_mhz"), "50200");
	assert_string_equal(get("one/grid/voltage_mpu"), "900");
	assert_int_equal(RUN("virt", "grid", "../car/plugged=1"), EX_BAD_USE);
	assert_int_equal(RUN("virt", "grid", "no_such=1"), EX_REFUSED);
	assert_int_equal(RUN("virt", "grid", "two", "frequency=49.9Hz", "voltage=1.1pu"), EX_OK_);
	assert_string_equal(get("two/grid/frequency_mhz"), "49900");
	assert_string_equal(get("two/grid/voltage_mpu"), "1100");
	assert_int_equal(RUN("virt", "car", "two", "soc=55%"), EX_OK_);
	assert_string_equal(get("two/car/soc_permille"), "550");
	assert_int_equal(RUN("virt", "grid", "f=Hz"), EX_BAD_USE);
	assert_int_equal(RUN("virt", "grid", "f=50kHz"), EX_BAD_USE);
}

static void faults_are_thrown_and_cleared(void **state)
{
	(void)state;
	assert_int_equal(RUN("virt", "fault", "adc_stuck:i_a,i_c"), EX_OK_);
	assert_string_equal(get("one/fault/adc_stuck"), "40");
	assert_int_equal(RUN("virt", "fault", "phase_loss"), EX_OK_);
	assert_string_equal(get("one/fault/phase_loss"), "1");
	assert_int_equal(RUN("virt", "fault", "adc_stuck", "clear"), EX_OK_);
	assert_string_equal(get("one/fault/adc_stuck"), "0");
	assert_int_equal(RUN("virt", "fault", "clear"), EX_OK_);
	assert_string_equal(get("one/fault/phase_loss"), "0");
	assert_int_equal(RUN("virt", "fault", "two", "phase_loss:b"), EX_OK_);
	assert_string_equal(get("two/fault/phase_loss"), "2");
	assert_string_equal(get("one/fault/phase_loss"), "0");
	assert_int_equal(RUN("virt", "fault", "two", "clear"), EX_OK_);
	assert_string_equal(get("two/fault/phase_loss"), "0");
	assert_int_equal(RUN("virt", "fault", "two"), EX_BAD_USE);
	assert_int_equal(RUN("virt", "fault", "gremlins"), EX_BAD_USE);
	assert_int_equal(RUN("virt", "fault", "adc_stuck:left"), EX_BAD_USE);
	assert_int_equal(RUN("virt", "fault", "adc_stuck", "please"), EX_BAD_USE);
	assert_int_equal(RUN("--json", "virt", "faults"), EX_OK_);
	assert_non_null(strstr(run_output, "\"name\":\"phase_loss\""));
}

static void a_record_is_handed_over_and_started(void **state)
{
	static const char csv[] = "t_s,f_hz,v_pu\n5,50,1\n6,49.5,0.9\n";
	struct record_point points[2];
	char path[64];

	(void)state;
	put("record.csv", csv);
	snprintf(path, sizeof(path), "%s/record.csv", root);
	/* The plain file is a charger of its own to the listing, but not a good one. */
	assert_int_equal(RUN("virt", "replay", path, "--speed", "2"), EX_OK_);
	memcpy(points, get("one/grid/replay_data"), sizeof(points));
	assert_int_equal(le32toh(points[0].t_ms), 0);
	assert_int_equal(le32toh((uint32_t)points[0].f_mhz), 50000);
	assert_int_equal(le32toh(points[1].t_ms), 1000);
	assert_int_equal(le32toh((uint32_t)points[1].f_mhz), 49500);
	assert_int_equal(le32toh((uint32_t)points[1].v_mpu), 900);
	assert_string_equal(get("one/grid/replay"), "start 2000");
	assert_int_equal(RUN("virt", "replay", path, "--speed", "0"), EX_BAD_USE);
	assert_int_equal(RUN("virt", "replay"), EX_BAD_USE);
	assert_int_equal(RUN("virt", "replay", "/nonexistent"), EX_BAD_USE);
	put("record.csv", "t_s,f_hz\n0,50\n1,x\n");
	put("one/grid/replay_data", "untouched");
	assert_int_equal(RUN("--json", "virt", "replay", path), EX_BAD_USE);
	assert_non_null(strstr(run_output, "record.csv: line 3, column f_hz"));
	assert_string_equal(get("one/grid/replay_data"), "untouched");
	put("one/grid/replay", "state=running position_ms=500 length_ms=1000\n");
	assert_int_equal(RUN("--json", "virt", "replay", "one", "--state"), EX_OK_);
	assert_non_null(strstr(run_output, "\"state\":\"running\",\"position_ms\":500,"
					   "\"length_ms\":1000"));
	assert_int_equal(RUN("virt", "replay", "--stop"), EX_OK_);
	assert_string_equal(get("one/grid/replay"), "stop");
}

static void creation_refuses_bad_names(void **state)
{
	(void)state;
	assert_int_equal(RUN("virt", "create", "../x"), EX_BAD_USE);
	assert_int_equal(RUN("virt", "create", "soc=50"), EX_BAD_USE);
	assert_int_equal(RUN("virt", "create", "one"), EX_REFUSED);
	/* A plain directory has no attributes: what was begun is taken back. */
	assert_int_equal(RUN("virt", "create", "three", "cells=96"), EX_REFUSED);
	assert_int_equal(RUN("virt", "destroy", "three"), EX_NO_DEVICE);
}

/* The driver's own table of faults: every one must be known to completion. */
static void completion_knows_the_drivers_faults(void **state)
{
	FILE *file = fopen(V2X_TREE "/kernel/drivers/virt/plant_faults.h", "r");
	const struct cli_command *c = cli_commands;
	char spaced[1024];
	char line[256];
	int count = 0;

	(void)state;
	assert_non_null(file);
	while (strcmp(c->name, "virt fault") != 0)
		c++;
	snprintf(spaced, sizeof(spaced), " %s ", c->words);
	while (fgets(line, sizeof(line), file)) {
		char name[64];
		char word[80];

		if (sscanf(line, "\tPLANT_FAULT_%63[A-Z_]", name) != 1 ||
		    strcmp(name, "COUNT") == 0)
			continue;
		for (char *c2 = name; *c2; c2++)
			*c2 = (char)tolower((unsigned char)*c2);
		snprintf(word, sizeof(word), " %s ", name);
		if (!strstr(spaced, word))
			fail_msg("completion does not know the fault %s", name);
		count++;
	}
	fclose(file);
	assert_true(count >= 15);
}

/* The names of ADC channels are bits in the order of enum v2x_adc. */
static void adc_names_are_in_the_drivers_order(void **state)
{
	FILE *file = fopen(V2X_TREE "/kernel/include/v2x/stage_desc.h", "r");
	char line[256];
	unsigned long expected = 1;
	int count = 0;

	(void)state;
	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		char id[64];
		char word[96] = "adc_open:";
		char name[VIRT_KEY_LEN];
		char error[256];
		unsigned long number;

		if (sscanf(line, "\tV2X_ADC_%63[A-Z_]", id) != 1 || strcmp(id, "COUNT") == 0)
			continue;
		for (size_t i = 0, end = strlen(word); id[i]; i++)
			word[end + i] = (char)tolower((unsigned char)id[i]);
		if (virt_fault(word, name, &number, error, sizeof(error)) < 0)
			fail_msg("%s", error);
		assert_int_equal(number, expected);
		expected <<= 1;
		count++;
	}
	fclose(file);
	assert_true(count >= 13);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_only_charger_needs_no_name),
		cmocka_unit_test(a_load_is_sized_by_the_chargers_own_values),
		cmocka_unit_test(of_two_one_must_be_named),
		cmocka_unit_test(settings_are_checked_before_the_first_is_written),
		cmocka_unit_test(faults_are_thrown_and_cleared),
		cmocka_unit_test(a_record_is_handed_over_and_started),
		cmocka_unit_test(creation_refuses_bad_names),
		cmocka_unit_test(completion_knows_the_drivers_faults),
		cmocka_unit_test(adc_names_are_in_the_drivers_order),
	};

	return cmocka_run_group_tests_name("v2xctl virt", tests, make_root, remove_root);
}
