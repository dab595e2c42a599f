/* SPDX-License-Identifier: GPL-2.0-only */
/* User-space stand-in. */
#ifndef _V2X_USER_STRING_H
#define _V2X_USER_STRING_H

#include <string.h>

#endif
