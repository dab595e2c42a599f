// SPDX-License-Identifier: Apache-2.0
#include "journal.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

/* The macros of sd-journal would add file and line of this file to everything. */
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#define MESSAGE_LEN 512

static bool to_journal;

void journal_open(void)
{
	to_journal = getenv("JOURNAL_STREAM") != NULL;
}

void journal_field(struct journal_fields *fields, const char *name, const char *value)
{
	if (fields->count < JOURNAL_FIELDS)
		snprintf(fields->text[fields->count++], JOURNAL_FIELD_LEN, "%s=%s", name, value);
}

static int send_entry(char *message, int priority, struct journal_fields *fields)
{
	char level[] = "PRIORITY=0", identifier[] = "SYSLOG_IDENTIFIER=v2xd";
	struct iovec io[3 + JOURNAL_FIELDS];
	int n = 0;

	level[sizeof(level) - 2] = (char)('0' + priority);
	io[n++] = (struct iovec){ message, strlen(message) };
	io[n++] = (struct iovec){ level, strlen(level) };
	io[n++] = (struct iovec){ identifier, strlen(identifier) };
	for (unsigned int i = 0; fields && i < fields->count; i++)
		io[n++] = (struct iovec){ fields->text[i], strlen(fields->text[i]) };
	return sd_journal_sendv(io, n);
}

void journal(int priority, struct journal_fields *fields, const char *format, ...)
{
	static const char head[] = "MESSAGE=";
	char line[MESSAGE_LEN];
	va_list args;

	memcpy(line, head, sizeof(head));
	va_start(args, format);
	vsnprintf(line + sizeof(head) - 1, sizeof(line) - sizeof(head) + 1, format, args);
	va_end(args);
	if (to_journal && send_entry(line, priority, fields) == 0)
		return;
	fprintf(stderr, "v2xd: %s%s\n", priority <= LOG_ERR ? "error: " :
		priority == LOG_WARNING ? "warning: " : "", line + sizeof(head) - 1);
}
