/* SPDX-License-Identifier: Apache-2.0 */
/* What stands around the simulated charger besides its source: load bank, harmonic analyser. */
#ifndef TYPETEST_SIM_H
#define TYPETEST_SIM_H

#include "lab.h"

struct charger;

/** sim_charger() - the charger of a simulated laboratory */
struct charger *sim_charger(struct lab *lab);

/** sim_break() - the defects of @lab->defect, in a charger with its table loaded */
void sim_break(struct lab *lab);

/* Operations of the laboratory, see struct lab_ops. */
int sim_protect(struct lab *lab, const struct gc_profile *profile);
int sim_load(struct lab *lab, const struct lab_load *load);
int sim_spectrum(struct lab *lab, struct lab_spectrum *spectrum);

#endif
