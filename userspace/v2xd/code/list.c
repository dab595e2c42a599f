// SPDX-License-Identifier: Apache-2.0
#include "list.h"

#include <stdio.h>
#include <string.h>

const char *code_list_next(const char **list, size_t *len)
{
	const char *line = *list;

	if (!*line)
		return NULL;
	*len = strcspn(line, "\n");
	*list = line + *len + (line[*len] == '\n' ? 1 : 0);
	return line;
}

bool code_list_add(char *list, size_t room, const char *line)
{
	const size_t at = strlen(list), len = strlen(line);

	if (!len || strchr(line, '\n') || at + len + 2 > room)
		return false;
	snprintf(list + at, room - at, "%s\n", line);
	return true;
}
