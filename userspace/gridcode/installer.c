// SPDX-License-Identifier: Apache-2.0
#include "installer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#define SALT_BYTES 16
#define HASH_BYTES 32
/* 8 MiB: beside what the daemon needs it stays within its memory. */
#define COST_N 8192
#define COST_R 8
#define COST_P 1
#define MEMORY_MAX (64ULL << 20)

static void to_hex(const unsigned char *bytes, size_t count, char *hex)
{
	for (size_t i = 0; i < count; i++)
		snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
}

static bool from_hex(const char *hex, unsigned char *bytes, size_t count)
{
	if (strlen(hex) != 2 * count || strspn(hex, "0123456789abcdef") != 2 * count)
		return false;
	for (size_t i = 0; i < count; i++) {
		const char *digits = "0123456789abcdef";

		bytes[i] = (unsigned char)((strchr(digits, hex[2 * i]) - digits) << 4 |
					   (strchr(digits, hex[2 * i + 1]) - digits));
	}
	return true;
}

static bool scrypt(const char *key, const unsigned char *salt, uint64_t n, uint64_t r, uint64_t p,
		   unsigned char *hash)
{
	return EVP_PBE_scrypt(key, strlen(key), salt, SALT_BYTES, n, r, p, MEMORY_MAX, hash,
			      HASH_BYTES) == 1;
}

int gc_key_hash(const char *key, char *line)
{
	unsigned char salt[SALT_BYTES], hash[HASH_BYTES];
	char salt_hex[2 * SALT_BYTES + 1], hash_hex[2 * HASH_BYTES + 1];

	if (strlen(key) < GC_KEY_MIN || strlen(key) > GC_KEY_MAX)
		return -EINVAL;
	if (RAND_bytes(salt, sizeof(salt)) != 1 ||
	    !scrypt(key, salt, COST_N, COST_R, COST_P, hash))
		return -EIO;
	to_hex(salt, sizeof(salt), salt_hex);
	to_hex(hash, sizeof(hash), hash_hex);
	snprintf(line, GC_KEY_LINE, "scrypt %d %d %d %s %s\n", COST_N, COST_R, COST_P, salt_hex,
		 hash_hex);
	return 0;
}

int gc_key_fits(const char *key, const char *line)
{
	unsigned char salt[SALT_BYTES], kept[HASH_BYTES], hash[HASH_BYTES];
	char salt_hex[2 * SALT_BYTES + 1], hash_hex[2 * HASH_BYTES + 1], rest[2];
	unsigned int n, r, p;

	/* NOLINTNEXTLINE(cert-err34-c): what is out of range fails the checks below */
	if (sscanf(line, "scrypt %7u %3u %3u %32s %64s %1s", &n, &r, &p, salt_hex, hash_hex,
		   rest) != 5 ||
	    !from_hex(salt_hex, salt, sizeof(salt)) || !from_hex(hash_hex, kept, sizeof(kept)))
		return -EINVAL;
	if (!scrypt(key, salt, n, r, p, hash))
		return -EINVAL;
	return CRYPTO_memcmp(hash, kept, sizeof(kept)) == 0;
}

int gc_key_random(char *key)
{
	unsigned char bytes[16];

	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		return -EIO;
	to_hex(bytes, sizeof(bytes), key);
	return 0;
}

void gc_key_forget(void *memory, size_t len)
{
	OPENSSL_cleanse(memory, len);
}

int gc_key_read(const char *path, bool secret, char *key)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;
	ssize_t len;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		close(fd);
		return -EINVAL;
	}
	if (secret && ((st.st_mode & 077) || st.st_uid != geteuid())) {
		close(fd);
		return -EPERM;
	}
	len = read(fd, key, GC_KEY_LINE - 1);
	close(fd);
	if (len <= 0 || memchr(key, '\0', (size_t)len))
		return -EINVAL;
	key[len] = '\0';
	key[strcspn(key, "\r\n")] = '\0';
	return key[0] ? 0 : -EINVAL;
}
