/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The audit log: who changed the grid code, to what, when. One line a change,
 * each with the SHA-256 over the hash of the line before and its own text, so
 * that a line cannot be changed, taken out or put in without those after it.
 * Lines cut off at the end show against the head kept elsewhere.
 *
 *	NUMBER TAB TIME TAB uid=N pid=N TAB ACTION TAB PROFILE TAB DETAILS TAB HASH
 *
 * Pure: text in, text out.
 */
#ifndef GRIDCODE_AUDIT_H
#define GRIDCODE_AUDIT_H

#include <stdbool.h>
#include <stddef.h>

#define GC_AUDIT_HASH 65
#define GC_AUDIT_LINE 16384

/**
 * struct gc_audit - a log as far as it was read
 * @lines: good ones
 * @head: hash of the last one; that of an empty log is 64 zeros
 */
struct gc_audit {
	unsigned long lines;
	char head[GC_AUDIT_HASH];
};

/** gc_audit_begin - an empty log */
void gc_audit_begin(struct gc_audit *audit);

/**
 * gc_audit_add - the next line
 * @text: its fields from TIME to DETAILS, separated by tabs; other control
 *	characters become spaces
 * @line: GC_AUDIT_LINE bytes: written, with its newline
 *
 * Return: 0; -E2BIG, and nothing changed.
 */
int gc_audit_add(struct gc_audit *audit, const char *text, char *line);

/**
 * gc_audit_take - check one line and go on to it
 * @line: without its newline
 *
 * Return: NULL, or what is wrong with it.
 */
const char *gc_audit_take(struct gc_audit *audit, const char *line, size_t len);

/**
 * gc_audit_read - check a whole log
 * @wrong: set to what is wrong with line @audit->lines + 1, NULL
 *
 * Return: true when every line is good.
 */
bool gc_audit_read(struct gc_audit *audit, const char *text, size_t len, const char **wrong);

#endif
