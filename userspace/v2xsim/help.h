/* SPDX-License-Identifier: Apache-2.0 */
/* --help and the manual page, from the tables of the language. */
#ifndef V2XSIM_HELP_H
#define V2XSIM_HELP_H

#include <stdbool.h>
#include <stdio.h>

/** help_asked() - answers --help, --man and --version; true if @word was one */
bool help_asked(const char *word, FILE *to);

#endif
