/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One line a change, with its cause: to the journal with structured fields
 * when systemd runs us, else the same line to standard error.
 *
 * For the session thread only: writing may block.
 */
#ifndef V2XD_JOURNAL_H
#define V2XD_JOURNAL_H

#include <syslog.h>

#define JOURNAL_FIELDS	8
#define JOURNAL_FIELD_LEN 96

/* Extra fields of one entry, "NAME=value". */
struct journal_fields {
	unsigned int count;
	char text[JOURNAL_FIELDS][JOURNAL_FIELD_LEN];
};

/* Decide where entries go. */
void journal_open(void);

/* Add a field; those beyond JOURNAL_FIELDS are dropped. */
void journal_field(struct journal_fields *fields, const char *name, const char *value);

/**
 * journal - write an entry
 * @priority: LOG_ERR, LOG_WARNING, LOG_NOTICE, LOG_INFO
 * @fields: may be NULL
 */
__attribute__((format(printf, 3, 4)))
void journal(int priority, struct journal_fields *fields, const char *format, ...);

#endif
