// SPDX-License-Identifier: Apache-2.0
#include "virt_keys.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quantity.h"

/* Short name, in units for people, and the attribute in units of the kernel. */
static const struct short_key {
	const char *group;
	const char *key;
	const char *attribute;
	double factor;
	const char *expected;
} short_keys[] = {
	{ "grid", "f", "grid/frequency_mhz", 1e3, "Hz" },
	{ "grid", "frequency", "grid/frequency_mhz", 1e3, "Hz" },
	{ "grid", "v", "grid/voltage_mpu", 1e3, "pu, 1 is nominal" },
	{ "grid", "voltage", "grid/voltage_mpu", 1e3, "pu, 1 is nominal" },
	{ "grid", "v_a", "grid/voltage_a_mpu", 1e3, "pu, 1 is nominal" },
	{ "grid", "v_b", "grid/voltage_b_mpu", 1e3, "pu, 1 is nominal" },
	{ "grid", "v_c", "grid/voltage_c_mpu", 1e3, "pu, 1 is nominal" },
	{ "grid", "phase", "grid/phase_mdeg", 1e3, "degrees" },
	{ "grid", "h5", "grid/h5_permille", 10, "percent" },
	{ "grid", "h7", "grid/h7_permille", 10, "percent" },
	{ "grid", "unbalance", "grid/unbalance_permille", 10, "percent" },
	{ "grid", "island_load", "grid/island_load_w", 1, "W" },
	{ "grid", "island", "grid/island", 1, "0 or 1" },
	{ "grid", "motor", "grid/motor_w", 1, "W" },
	{ "grid", "transformer", "grid/transformer_va", 1, "VA" },
	{ "grid", "rectifier", "grid/rectifier_va", 1, "VA" },
	{ "bus", "r", "bus/load_r_mohm", 1e3, "ohm" },
	{ "bus", "p", "bus/load_w", 1, "W" },
	{ "car", "soc", "car/soc_permille", 10, "percent" },
	{ "car", "capacity", "car/capacity_wh", 1e3, "kWh" },
	{ "car", "i_max", "car/i_max_ma", 1e3, "A" },
	{ "car", "v_max", "car/v_max_mv", 1e3, "V" },
	{ "car", "v_min", "car/v_min_mv", 1e3, "V" },
	{ "", "soc", "car/soc_permille", 10, "percent" },
	{ "", "capacity", "car/capacity_wh", 1e3, "kWh" },
	{ "", "cells", "battery_cells", 1, "96 or 192" },
	{ "", "tick", "tick_hz", 1, "Hz" },
	{ "", "f_nominal", "f_nominal_mhz", 1e3, "Hz" },
	{ "", "noise", "noise_permille", 10, "percent of the usual noise" },
};

static const struct short_key *find_short(const char *group, const char *key)
{
	for (size_t i = 0; i < sizeof(short_keys) / sizeof(short_keys[0]); i++) {
		if (strcmp(short_keys[i].group, group) == 0 && strcmp(short_keys[i].key, key) == 0)
			return &short_keys[i];
	}
	return NULL;
}

/* An attribute's name may have one slash in it and no way out of the directory. */
static int is_attribute(const char *key)
{
	int slashes = 0;

	for (const char *c = key; *c; c++) {
		if (*c == '/')
			slashes++;
		else if (!isalnum((unsigned char)*c) && *c != '_')
			return 0;
	}
	return key[0] && key[0] != '/' && slashes <= 1;
}

int virt_key(const char *group, const char *word, char *attribute, char *value, char *error,
	     size_t len)
{
	const char *equals = strchr(word, '=');
	const struct short_key *s;
	char key[VIRT_KEY_LEN / 2];
	double number;
	size_t unit;
	size_t n;

	if (!equals || equals == word || equals[1] == '\0' ||
	    (size_t)(equals - word) >= sizeof(key) || strlen(equals + 1) >= VIRT_KEY_LEN) {
		snprintf(error, len, "\"%s\": expected KEY=VALUE", word);
		return -1;
	}
	snprintf(key, sizeof(key), "%.*s", (int)(equals - word), word);
	s = find_short(group, key);
	if (!s) {
		if (!is_attribute(key)) {
			snprintf(error, len, "\"%s\": \"%s\" is no attribute", word, key);
			return -1;
		}
		snprintf(attribute, VIRT_KEY_LEN, "%s%s%s", group, group[0] ? "/" : "", key);
		snprintf(value, VIRT_KEY_LEN, "%s", equals + 1);
		return 0;
	}
	/* The unit may be written behind the number: the first word of what is expected. */
	n = strlen(equals + 1);
	unit = strcspn(s->expected, ", ");
	if (n > unit && strncmp(equals + 1 + n - unit, s->expected, unit) == 0)
		n -= unit;
	else if (n > 1 && equals[n] == '%' && strncmp(s->expected, "percent", 7) == 0)
		n--;
	if (decimal_parse(equals + 1, n, &number) < 0 || fabs(number) > 1e6) {
		snprintf(error, len, "\"%s\": expected a number in %s", word, s->expected);
		return -1;
	}
	snprintf(attribute, VIRT_KEY_LEN, "%s", s->attribute);
	snprintf(value, VIRT_KEY_LEN, "%ld", lround(number * s->factor));
	return 0;
}

#define MASK_WORDS 20

/* Words a fault's mask may be given by; ADC channels in the order of the driver's table. */
static const struct mask_words {
	const char *prefix;
	const char *words[MASK_WORDS];
} mask_words[] = {
	{ "adc_",
	  { "v_grid_a", "v_grid_b", "v_grid_c", "i_a", "i_b", "i_c", "v_dc_link", "v_ev", "i_ev",
	    "temp", "r_iso", "cp_high", "cp_low", "v_vehicle", "residual", "v_util_a", "v_util_b",
	    "v_util_c" } },
	{ "contactor_", { "precharge", "grid", "ev", "island" } },
	{ "gate_fault", { "a", "b", "c", "dcdc" } },
	{ "phase_loss", { "a", "b", "c" } },
};

static const struct usual {
	const char *name;
	unsigned long number;
} usual[] = {
	{ "contactor_welded", 2 },    { "contactor_stuck_open", 2 },
	{ "over_temperature", 140 },  { "insulation_fault", 10000 },
	{ "missed_ticks", 3 },	      { "residual_dc", 10 },
	{ "residual_ac", 50 },	      { "link_short", 10 },
};

static const struct mask_words *words_of(const char *name)
{
	for (size_t i = 0; i < sizeof(mask_words) / sizeof(mask_words[0]); i++) {
		if (strncmp(mask_words[i].prefix, name, strlen(mask_words[i].prefix)) == 0)
			return &mask_words[i];
	}
	return NULL;
}

static int add_word(const struct mask_words *set, const char *word, size_t n,
		    unsigned long *mask)
{
	for (unsigned int bit = 0; bit < MASK_WORDS && set->words[bit]; bit++) {
		if (strlen(set->words[bit]) == n && strncmp(set->words[bit], word, n) == 0) {
			*mask |= 1UL << bit;
			return 0;
		}
	}
	return -1;
}

static int parse_mask(const struct mask_words *set, const char *text, unsigned long *mask)
{
	*mask = 0;
	while (*text) {
		const size_t n = strcspn(text, ",");

		if (add_word(set, text, n, mask) < 0)
			return -1;
		text += n + (text[n] == ',');
	}
	return *mask ? 0 : -1;
}

static void list_words(const struct mask_words *set, char *buf, size_t len)
{
	size_t at = 0;

	buf[0] = '\0';
	for (int i = 0; set && i < MASK_WORDS && set->words[i] && at < len; i++)
		at += (size_t)snprintf(buf + at, len - at, "%s%s", i ? "," : " or some of ",
				       set->words[i]);
}

int virt_fault(const char *word, char *name, unsigned long *number, char *error, size_t len)
{
	const size_t n = strcspn(word, ":");
	const struct mask_words *set;
	char words[160];
	char *end;

	if (n == 0 || n >= VIRT_KEY_LEN || strspn(word, "abcdefghijklmnopqrstuvwxyz_") < n) {
		snprintf(error, len, "\"%s\": expected FAULT or FAULT:PARAMETER; v2xctl virt faults "
			 "lists them", word);
		return -1;
	}
	snprintf(name, VIRT_KEY_LEN, "%.*s", (int)n, word);
	*number = 1;
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
		if (strcmp(usual[i].name, name) == 0)
			*number = usual[i].number;
	}
	if (word[n] == '\0')
		return 0;
	set = words_of(name);
	if (set && parse_mask(set, word + n + 1, number) == 0)
		return 0;
	*number = strtoul(word + n + 1, &end, 0);
	if (isdigit((unsigned char)word[n + 1]) && *end == '\0' && *number <= 0xffffffffUL)
		return 0;
	list_words(set, words, sizeof(words));
	snprintf(error, len, "\"%s\": expected a number%s after the colon", word, words);
	return -1;
}
