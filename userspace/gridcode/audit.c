// SPDX-License-Identifier: Apache-2.0
#include "audit.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#define HASH_BYTES 32

void gc_audit_begin(struct gc_audit *audit)
{
	audit->lines = 0;
	memset(audit->head, '0', sizeof(audit->head) - 1);
	audit->head[sizeof(audit->head) - 1] = '\0';
}

/* SHA-256 over the hash before, a newline and the text. */
static bool chain(const char *before, const char *text, size_t len, char *hex)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned char digest[EVP_MAX_MD_SIZE];
	bool good = ctx && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1 &&
		    EVP_DigestUpdate(ctx, before, strlen(before)) == 1 &&
		    EVP_DigestUpdate(ctx, "\n", 1) == 1 && EVP_DigestUpdate(ctx, text, len) == 1 &&
		    EVP_DigestFinal_ex(ctx, digest, NULL) == 1;

	EVP_MD_CTX_free(ctx);
	for (int i = 0; good && i < HASH_BYTES; i++)
		snprintf(hex + (size_t)i * 2, 3, "%02x", digest[i]);
	return good;
}

int gc_audit_add(struct gc_audit *audit, const char *text, char *line)
{
	char hash[GC_AUDIT_HASH];
	int len = snprintf(line, GC_AUDIT_LINE, "%lu\t%s", audit->lines + 1, text);

	if (len < 0 || len + 1 + GC_AUDIT_HASH >= GC_AUDIT_LINE)
		return -E2BIG;
	for (char *c = line; *c; c++)
		if (iscntrl((unsigned char)*c) && *c != '\t')
			*c = ' ';
	if (!chain(audit->head, line, (size_t)len, hash))
		return -EIO;
	snprintf(line + len, (size_t)(GC_AUDIT_LINE - len), "\t%s\n", hash);
	memcpy(audit->head, hash, sizeof(hash));
	audit->lines++;
	return 0;
}

const char *gc_audit_take(struct gc_audit *audit, const char *line, size_t len)
{
	const char *tab = len ? memrchr(line, '\t', len) : NULL;
	char hash[GC_AUDIT_HASH], number[24];
	int digits = snprintf(number, sizeof(number), "%lu\t", audit->lines + 1);

	if (!tab || len - (size_t)(tab + 1 - line) != GC_AUDIT_HASH - 1)
		return "not a line of the log: no hash at its end";
	if (len < (size_t)digits || memcmp(line, number, (size_t)digits) != 0)
		return "its number does not follow the one before: a line is missing or put in";
	if (!chain(audit->head, line, (size_t)(tab - line), hash))
		return "no SHA-256 to be had";
	if (memcmp(tab + 1, hash, GC_AUDIT_HASH - 1) != 0)
		return "its hash does not fit: it or the one before was changed";
	memcpy(audit->head, hash, sizeof(hash));
	audit->lines++;
	return NULL;
}

bool gc_audit_read(struct gc_audit *audit, const char *text, size_t len, const char **wrong)
{
	const char *const end = text + len;

	gc_audit_begin(audit);
	*wrong = NULL;
	while (text < end && !*wrong) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));

		*wrong = newline ? gc_audit_take(audit, text, (size_t)(newline - text)) :
				   "cut off: no end of line";
		if (newline)
			text = newline + 1;
	}
	return !*wrong;
}
