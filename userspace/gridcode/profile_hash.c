// SPDX-License-Identifier: Apache-2.0
/* What a profile amounts to after a site's values: its draft values, its hash. */
#include "profile.h"

#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

const struct gc_value *gc_profile_draft(const struct gc_profile *profile,
					const struct gc_value *after)
{
	const struct gc_value *v = after ? after + 1 : profile->values;

	for (; v < profile->values + profile->count; v++)
		if (!v->site && v->confidence != GC_VERIFIED)
			return v;
	return NULL;
}

static int put(EVP_MD_CTX *ctx, const struct gc_value *v)
{
	char text[40], line[128];
	int len = snprintf(line, sizeof(line), "%s.%s=%s\n", v->param->section, v->param->key,
			   gc_param_format(v->param, v->value, text, sizeof(text)));

	return len < (int)sizeof(line) && EVP_DigestUpdate(ctx, line, (size_t)len) == 1;
}

void gc_profile_effective(const struct gc_profile *profile, char hex[GC_HASH_LEN])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned char digest[EVP_MAX_MD_SIZE];
	int good = ctx && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1;

	/* In the order of the table of parameters, whatever the order of the file. */
	for (size_t i = 0; i < gc_param_count && good; i++) {
		const struct gc_value *v = gc_profile_value(profile, &gc_params[i]);

		good = !v || put(ctx, v);
	}
	good = good && EVP_DigestFinal_ex(ctx, digest, NULL) == 1;
	EVP_MD_CTX_free(ctx);
	hex[0] = '\0';
	for (size_t i = 0; good && i < 32; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}
