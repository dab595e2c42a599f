/* SPDX-License-Identifier: GPL-2.0-only */
/* User-space stand-in: what the kernel's header of this name pulls in. */
#ifndef _V2X_USER_KERNEL_H
#define _V2X_USER_KERNEL_H

#include <linux/bitops.h>
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/limits.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/types.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#ifndef container_of
#define container_of(p, t, m) ((t *)(void *)((char *)(p) - offsetof(t, m)))
#endif

#endif
