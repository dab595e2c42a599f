/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The installer's key. Kept is its scrypt hash (RFC 7914, by OpenSSL) with a
 * salt, one line of text in a file that only root reads:
 *
 *	scrypt N r p SALT HASH
 */
#ifndef GRIDCODE_INSTALLER_H
#define GRIDCODE_INSTALLER_H

#include <stdbool.h>
#include <stddef.h>

#define GC_KEY_MIN 12
#define GC_KEY_MAX 128
#define GC_KEY_LINE 256

/**
 * gc_key_hash - the line that is kept of a key
 * @key: GC_KEY_MIN to GC_KEY_MAX bytes
 * @line: GC_KEY_LINE bytes, with newline
 *
 * Return: 0; -EINVAL for a key too short or long; -EIO.
 */
int gc_key_hash(const char *key, char *line);

/**
 * gc_key_fits - is this the key of that line?
 *
 * Takes as long for a wrong key as for the right one. Return: 1, 0; -EINVAL
 * when the line is none, or asks for more than 64 MiB.
 */
int gc_key_fits(const char *key, const char *line);

/**
 * gc_key_random - a new key, 32 hexadecimal digits
 * @key: GC_KEY_MAX + 1 bytes
 *
 * Return: 0, -EIO.
 */
int gc_key_random(char *key);

/** gc_key_forget - so that it does not stay in memory */
void gc_key_forget(void *memory, size_t len);

/**
 * gc_key_read - first line of a file
 * @key: GC_KEY_LINE bytes, without newline
 * @secret: refuse a file that others than its owner can read or write
 *
 * Return: 0; -EPERM: others have access; -EINVAL: no whole line; -errno.
 */
int gc_key_read(const char *path, bool secret, char *key);

#endif
