// SPDX-License-Identifier: Apache-2.0
/*
 * Fuzz entry of the audit log: whatever a file says, it is read to its end or
 * to its first bad line; and a line made of any text reads back, but not with
 * one byte changed.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../userspace/gridcode/audit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int truth)
{
	if (!truth)
		abort();
}

static void made_lines_are_good(const uint8_t *data, size_t size)
{
	static char line[GC_AUDIT_LINE];
	struct gc_audit audit, read;
	const char *wrong;
	char *text = malloc(size + 1);
	size_t at;

	must(text != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	gc_audit_begin(&audit);
	if (gc_audit_add(&audit, text, line) == 0) {
		must(gc_audit_read(&read, line, strlen(line), &wrong) && read.lines == 1);
		must(!strcmp(read.head, audit.head));
		at = size ? data[0] % (strlen(line) - 1) : 0;
		line[at] ^= 1;
		must(!gc_audit_read(&read, line, strlen(line), &wrong) && wrong);
	}
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gc_audit audit;
	const char *wrong;
	const bool good = gc_audit_read(&audit, (const char *)data, size, &wrong);

	must(good == !wrong);
	must(strlen(audit.head) == GC_AUDIT_HASH - 1);
	made_lines_are_good(data, size);
	return 0;
}
