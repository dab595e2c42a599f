/* SPDX-License-Identifier: GPL-2.0-only */
/* User-space stand-in. */
#ifndef _V2X_USER_BUILD_BUG_H
#define _V2X_USER_BUILD_BUG_H

#include <assert.h>

#define BUILD_BUG_ON(c)		_Static_assert(!(c), #c)

#endif
