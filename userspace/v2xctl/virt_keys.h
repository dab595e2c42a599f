/* SPDX-License-Identifier: Apache-2.0 */
/* Short names of a virtual charger's settings, and words for fault parameters. */
#ifndef V2XCTL_VIRT_KEYS_H
#define V2XCTL_VIRT_KEYS_H

#include <stddef.h>

#define VIRT_KEY_LEN 48

/**
 * virt_key() - "f=49.8" in group "grid" to attribute and value
 * @group: "grid", "car", or "" for the charger itself
 * @word: KEY=VALUE; a key that is no short name is the attribute itself
 * @attribute: VIRT_KEY_LEN, "grid/frequency_mhz"
 * @value: VIRT_KEY_LEN, "49800"
 * @error: what was expected
 *
 * Return: 0, or -1 with @error.
 */
int virt_key(const char *group, const char *word, char *attribute, char *value, char *error,
	     size_t len);

/**
 * virt_fault() - "adc_stuck:i_a,i_b" to the fault's name and number
 * @name: VIRT_KEY_LEN
 * @number: the parameter; without one, the fault's usual value
 *
 * Return: 0, or -1 with @error.
 */
int virt_fault(const char *word, char *name, unsigned long *number, char *error, size_t len);

#endif
