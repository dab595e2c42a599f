/* SPDX-License-Identifier: Apache-2.0 */
/* A list of short texts as one text, a line each. */
#ifndef V2XD_CODE_LIST_H
#define V2XD_CODE_LIST_H

#include <stdbool.h>
#include <stddef.h>

/** code_list_next - the next line of a list; NULL at its end; @len its length */
const char *code_list_next(const char **list, size_t *len);

/** code_list_add - one more line; false when there is no room, or it is no line */
bool code_list_add(char *list, size_t room, const char *line);

#endif
