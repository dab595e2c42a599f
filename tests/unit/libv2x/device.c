// SPDX-License-Identifier: Apache-2.0
/* Finding and opening, io_uring entries, and what the shared library exports. */
#include <dlfcn.h>
#include <errno.h>
#include <linux/io_uring.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../../userspace/libv2x/src/internal.h"
#include "test.h"

static void chargers_are_listed_by_number(void **state)
{
	static const char *const names[] = { "v2x10", "v2x2", "v2x0", "v2x", "v2xa", "other" };
	char dir[] = "/tmp/v2x-list-XXXXXX";
	struct v2x_node nodes[2];
	char path[64];

	(void)state;
	assert_non_null(mkdtemp(dir));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		assert_int_equal(mkdir(path, 0700), 0);
	}
	assert_int_equal(v2x_list_in(dir, nodes, 2), 3);
	assert_string_equal(nodes[0].dev, "v2x0");
	assert_string_equal(nodes[1].path, "/dev/v2x2");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		rmdir(path);
	}
	assert_int_equal(v2x_list_in(dir, nodes, 2), 0);
	rmdir(dir);
	assert_int_equal(v2x_list_in(dir, nodes, 2), 0);
	assert_int_equal(v2x_list_in("/etc/hostname", nodes, 2), -ENOTDIR);
}

static void opening_what_is_no_charger_is_refused(void **state)
{
	struct v2x_device *dev = NULL;
	char path[128];

	(void)state;
	errno = 4711;
	assert_int_equal(v2x_open("/dev/null", 0, &dev), -EPROTO);
	assert_int_equal(v2x_open("/nonexistent", 0, &dev), -ENODEV);
	assert_int_equal(v2x_open("no-such-charger", 0, &dev), -ENODEV);
	assert_int_equal(v2x_open("", 0, &dev), -ENODEV);
	assert_int_equal(v2x_open("/dev/null", 8, &dev), -EINVAL);
	memset(path, 'x', sizeof(path) - 1);
	path[0] = '/';
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(v2x_open(path, 0, &dev), -ENAMETOOLONG);
	assert_null(dev);
	assert_int_equal(errno, 4711);
	v2x_close(NULL);
}

static void an_entry_carries_the_command(void **state)
{
	struct v2x_device dev = { .fd = 17 };
	struct v2x_setpoint sp = V2X_INIT(struct v2x_setpoint);
	struct v2x_uring_cmd body;
	struct io_uring_sqe sqe;

	(void)state;
	memset(&sqe, 0xee, sizeof(sqe));
	sqe.user_data = 42;
	v2x_prep_setpoint(&sqe, &dev, &sp);
	memcpy(&body, (char *)&sqe + 48, sizeof(body));
	assert_int_equal(sqe.opcode, IORING_OP_URING_CMD);
	assert_int_equal(sqe.fd, 17);
	assert_int_equal(sqe.user_data, 42);
	assert_int_equal(sqe.cmd_op, V2X_IOC_SETPOINT);
	assert_int_equal(sqe.flags, 0);
	assert_int_equal(sqe.len, 0);
	assert_ptr_equal((void *)(uintptr_t)body.addr, &sp);
	assert_int_equal(body.len, sizeof(sp));
	assert_int_equal(body.reserved, 0);
	v2x_prep_recorder_arm(&sqe, &dev);
	memcpy(&body, (char *)&sqe + 48, sizeof(body));
	assert_int_equal(sqe.cmd_op, V2X_IOC_RECORDER_ARM);
	assert_int_equal(body.addr, 0);
	assert_int_equal(body.len, 0);
}

/* Every "v2x_name(" of the public header outside comments and at a prototype. */
static int prototype(const char *line, char *name, size_t len)
{
	const char *at = strstr(line, "v2x_");
	const char *paren = strchr(line, '(');

	if (line[0] == ' ' || line[0] == '\t' || line[0] == '/' || line[0] == '#' || !at || !paren)
		return 0;
	for (const char *next; at && at < paren; at = next) {
		const size_t n = strspn(at, "abcdefghijklmnopqrstuvwxyz0123456789_");

		if (at + n == paren && n < len) {
			memcpy(name, at, n);
			name[n] = '\0';
			return 1;
		}
		next = strstr(at + 1, "v2x_");
	}
	return 0;
}

static void the_shared_library_exports_the_header_and_no_more(void **state)
{
	FILE *header = fopen(V2X_TREE "/userspace/libv2x/include/v2x.h", "r");
	void *lib = dlopen(V2X_LIB, RTLD_NOW | RTLD_LOCAL);
	char line[256];
	char name[64];
	int count = 0;

	(void)state;
	assert_non_null(header);
	assert_non_null(lib);
	while (fgets(line, sizeof(line), header)) {
		if (!prototype(line, name, sizeof(name)))
			continue;
		count++;
		if (!dlvsym(lib, name, "LIBV2X_0.1"))
			fail_msg("%s is not exported", name);
	}
	fclose(header);
	assert_true(count >= 60);
	assert_null(dlvsym(lib, "v2x_list_in", "LIBV2X_0.1"));
	dlclose(lib);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chargers_are_listed_by_number),
		cmocka_unit_test(opening_what_is_no_charger_is_refused),
		cmocka_unit_test(an_entry_carries_the_command),
		cmocka_unit_test(the_shared_library_exports_the_header_and_no_more),
	};

	return cmocka_run_group_tests_name("libv2x device", tests, NULL, NULL);
}
