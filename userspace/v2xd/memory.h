/* SPDX-License-Identifier: Apache-2.0 */
/* What of the daemon stays in memory, so that the grid thread never waits for a disk. */
#ifndef V2XD_MEMORY_H
#define V2XD_MEMORY_H

/**
 * memory_lock - lock what there is and what will be, but for libraries that the
 * grid thread has no use for; logs when that is not allowed
 */
void memory_lock(void);

/**
 * memory_let_go - give the pages of those libraries back
 *
 * After they were used: what was read of their files comes again when it is needed.
 */
void memory_let_go(void);

#endif
