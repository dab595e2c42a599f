/* SPDX-License-Identifier: GPL-2.0-only */
/* User-space stand-in. */
#ifndef _V2X_USER_TIME64_H
#define _V2X_USER_TIME64_H

#define MSEC_PER_SEC	1000L
#define USEC_PER_SEC	1000000L
#define NSEC_PER_USEC	1000L
#define NSEC_PER_MSEC	1000000L
#define NSEC_PER_SEC	1000000000L

#endif
