/* SPDX-License-Identifier: GPL-2.0-only */
/* User-space stand-in. */
#ifndef _V2X_USER_STRING_H
#define _V2X_USER_STRING_H

#include <string.h>

/* What fits, ended by a zero; the length is nobody's business here. */
static inline void strscpy(char *to, const char *from, size_t room)
{
	size_t n = strnlen(from, room - 1);

	memcpy(to, from, n);
	to[n] = '\0';
}

#endif
