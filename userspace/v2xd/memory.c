// SPDX-License-Identifier: Apache-2.0
#include "memory.h"

#include <link.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "journal.h"

/* Hashes of profiles and the audit log; the others come with libsystemd. */
static const char *const session_only[] = {
	"/libcrypto.", "/libgcrypt.", "/libgpg-error.", "/libzstd.", "/liblzma.", "/liblz4.",
};

static bool for_session(const struct dl_phdr_info *object)
{
	for (size_t i = 0; i < sizeof(session_only) / sizeof(session_only[0]); i++)
		if (strstr(object->dlpi_name, session_only[i]))
			return true;
	return false;
}

/* Each loaded part of the object. */
static void each_part(const struct dl_phdr_info *object,
		      void (*loaded)(void *at, size_t len, bool writable))
{
	const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);

	for (int i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &object->dlpi_phdr[i];
		const uintptr_t begin = (object->dlpi_addr + part->p_vaddr) & ~(page - 1);
		const uintptr_t end = object->dlpi_addr + part->p_vaddr + part->p_memsz;

		if (part->p_type == PT_LOAD)
			/* NOLINTNEXTLINE(performance-no-int-to-ptr): where the loader put it */
			loaded((void *)begin, end - begin, part->p_flags & PF_W);
	}
}

static void fetch_part(void *at, size_t len, bool writable)
{
	(void)writable;
	(void)!mlock(at, len);
}

/* Code and constants, back to their file; what was written has none. */
static void drop_part(void *at, size_t len, bool writable)
{
	if (!writable && !munlock(at, len))
		madvise(at, len, MADV_DONTNEED);
}

static int fetch(struct dl_phdr_info *object, size_t size, void *unused)
{
	(void)size;
	(void)unused;
	if (!for_session(object))
		each_part(object, fetch_part);
	return 0;
}

static int drop(struct dl_phdr_info *object, size_t size, void *unused)
{
	(void)size;
	(void)unused;
	if (for_session(object))
		each_part(object, drop_part);
	return 0;
}

void memory_let_go(void)
{
	dl_iterate_phdr(drop, NULL);
}

/*
 * A page fault in the grid thread would cost it a cycle. Without the right to
 * lock everything, locking future memory would make allocations fail: leave it.
 */
void memory_lock(void)
{
	struct rlimit limit;

	mallopt(M_ARENA_MAX, 1);
	mallopt(M_TRIM_THRESHOLD, 1 << 20);
	if (!getrlimit(RLIMIT_MEMLOCK, &limit) && limit.rlim_cur != RLIM_INFINITY) {
		limit.rlim_cur = limit.rlim_max = RLIM_INFINITY;
		if (setrlimit(RLIMIT_MEMLOCK, &limit)) {
			journal(LOG_NOTICE, NULL, "memory is not locked: no permission");
			return;
		}
	}
	/* What is there now is locked where it has been touched, and fetched where it will be. */
	if (mlockall(MCL_CURRENT | MCL_ONFAULT) || mlockall(MCL_FUTURE)) {
		journal(LOG_NOTICE, NULL, "memory is not locked: %m");
		return;
	}
	dl_iterate_phdr(fetch, NULL);
	memory_let_go();
}
