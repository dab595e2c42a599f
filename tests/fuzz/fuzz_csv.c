// SPDX-License-Identifier: Apache-2.0
/*
 * Fuzz entry of the CSV line splitter of the grid code replays: fields lie
 * within the line, are terminated and are at most as many as there is room
 * for; the line's text is never read beyond its end.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../userspace/gridcode/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *fields[8];
	char *line;
	int n;

	if (size < 1)
		return 0;
	/* Exactly as long as the text, so that a read beyond it is seen. */
	line = malloc(size);
	if (!line)
		return 0;
	memcpy(line, data + 1, size - 1);
	line[size - 1] = '\0';
	n = csv_split(line, fields, 1U + data[0] % 8);
	if (n > 1 + data[0] % 8)
		abort();
	for (int i = 0; i < n; i++)
		if (fields[i] < line || fields[i] + strlen(fields[i]) >= line + size)
			abort();
	free(line);
	return 0;
}
