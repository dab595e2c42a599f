/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The grid code in force over a restart, and its audit log: two files in the
 * state directory, gridcode.json and gridcode.audit.
 *
 * The profile is kept as text: what is in force does not change when the file
 * it came from does.
 */
#ifndef V2XD_CODE_STORE_H
#define V2XD_CODE_STORE_H

#include "../../gridcode/audit.h"
#include "choice.h"

/**
 * code_store_write - replace what is kept, at once and whole
 * @dir: state directory, made if it is missing
 * @audit: the log this belongs to, for finding lines cut off its end
 * @error: GC_ERROR_LEN bytes
 *
 * Return: 0 or -errno, and then nothing has changed.
 */
int code_store_write(const char *dir, const struct code_choice *choice,
		     const struct gc_audit *audit, char *error);

/**
 * code_store_read - what was kept
 * @choice: zero; filled in
 * @kept: the audit log's length and head then
 *
 * Return: 0; -ENOENT: nothing is; -EINVAL: it is damaged, @error says how.
 */
int code_store_read(const char *dir, struct code_choice *choice, struct gc_audit *kept,
		    char *error);

/**
 * code_audit_open - read and check the log
 * @kept: as code_store_read() had it; NULL: not compared
 *
 * Return: 0; -ENOENT: there is none; -EBADMSG: somebody changed it, @error
 * says where; later lines go on from the last good one.
 */
int code_audit_open(const char *dir, const struct gc_audit *kept, struct gc_audit *audit,
		    char *error);

/**
 * code_audit_add - one more line, on the disk when this returns
 * @text: as of gc_audit_add()
 *
 * Return: 0 or -errno.
 */
int code_audit_add(const char *dir, struct gc_audit *audit, const char *text, char *error);

/** code_time - now, as the log has it */
void code_time(char time[CODE_TIME_LEN]);

#endif
