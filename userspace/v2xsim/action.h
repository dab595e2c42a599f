/* SPDX-License-Identifier: Apache-2.0 */
/* What can be done to a charger: one table for parser, manual page and run. */
#ifndef V2XSIM_ACTION_H
#define V2XSIM_ACTION_H

#include "charger.h"
#include "scenario.h"

/**
 * struct action - a row of the table
 * @name: first word
 * @args: how the words after it are shown
 * @help: one line
 * @site: of the grid, and so for all chargers
 * @parse: words to step; -1 with the scenario's error
 * @run: does it; NULL, or what is wrong
 */
struct action {
	const char *name;
	const char *args;
	const char *help;
	bool site;
	int (*parse)(struct scenario *s, struct step *step, int argc, char **argv);
	const char *(*run)(struct charger *c, const struct step *step);
};

extern const struct action actions[]; /* ended by a NULL name */

const struct action *action_find(const char *name);

/** action_charger() - words of a "charger" line into the plant's values; 0 or -1 */
int action_charger(struct scenario *s, int argc, char **argv);

#endif
