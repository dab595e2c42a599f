/* SPDX-License-Identifier: Apache-2.0 */
/* What can be expected of a charger: one table for parser, manual page and run. */
#ifndef V2XSIM_MEASURE_H
#define V2XSIM_MEASURE_H

#include "charger.h"
#include "value.h"

enum measure_rate {
	MEASURE_TICK,  /* changes with every tick */
	MEASURE_CYCLE, /* with every record of a mains cycle */
};

/**
 * struct measure - a row of the table
 * @name: as in "expect NAME=..."
 * @kind: its unit; of words VALUE_NUMBER
 * @rate: when a new value is there
 * @help: what it is
 * @get: the value in the kind's base unit
 * @word: number of a word, or -1; NULL when it is a number
 * @spell: word of a number; with @word
 */
struct measure {
	const char *name;
	enum value_kind kind;
	enum measure_rate rate;
	const char *help;
	double (*get)(const struct charger *c);
	int (*word)(const char *word);
	const char *(*spell)(uint32_t number);
};

extern const struct measure measures[]; /* ended by a NULL name */

const struct measure *measure_find(const char *name, size_t len);

/** measure_list() - all names, for messages */
void measure_list(char *buf, size_t len);

#endif
