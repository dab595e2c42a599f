/* SPDX-License-Identifier: Apache-2.0 */
/* cmocka with the headers it wants first. */
#ifndef V2XCTL_TEST_H
#define V2XCTL_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#endif
