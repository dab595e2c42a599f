// SPDX-License-Identifier: Apache-2.0
/* The protection table, from its file to the kernel. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../journal.h"
#include "device.h"

#define TEXT_MAX 16384

static int read_table(const char *path, struct v2x_prot_table *table, char *error)
{
	char text[TEXT_MAX + 1];
	char what[200];
	FILE *file = fopen(path, "re");
	size_t n;
	bool failed;

	if (!file) {
		snprintf(error, CONFIG_ERROR_LEN, "[protection] table: %.160s: %s", path,
			 strerror(errno));
		return -ENOENT;
	}
	n = fread(text, 1, sizeof(text), file);
	failed = ferror(file);
	fclose(file);
	if (failed || n > TEXT_MAX) {
		snprintf(error, CONFIG_ERROR_LEN,
			 "[protection] table: %.160s: cannot be read, or is longer than %d bytes",
			 path, TEXT_MAX);
		return -EFBIG;
	}
	if (v2x_prot_table_parse(text, n, table, what, sizeof(what)) < 0) {
		snprintf(error, CONFIG_ERROR_LEN, "[protection] table: %.160s: %s", path, what);
		return -EINVAL;
	}
	return 0;
}

int device_protection(struct device *device, const struct config *config, char *error)
{
	const char *path = config->protection.table;
	struct v2x_prot_table table;
	int result;

	if (!path[0])
		return 0;
	result = read_table(path, &table, error);
	if (result)
		return result;
	result = v2x_set_prot_table(device->handle, &table);
	if (result && table.why && table.refused < table.count)
		snprintf(error, CONFIG_ERROR_LEN, "[protection] table: %.160s: stage %u: %s", path,
			 table.refused + 1, v2x_prot_why_text(table.why));
	else if (result)
		snprintf(error, CONFIG_ERROR_LEN, "[protection] table: %.160s: %s", path,
			 table.why ? v2x_prot_why_text(table.why) :
				     v2x_error_text(V2X_IOC_SET_PROT_TABLE, result));
	else
		journal(LOG_NOTICE, NULL, "protection table \"%.31s\" version %u, hash %016llx",
			table.name, table.version, (unsigned long long)table.hash);
	return result;
}
