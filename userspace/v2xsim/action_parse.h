/* SPDX-License-Identifier: Apache-2.0 */
/* Words of an action to a step: 0, or -1 with the scenario's error. */
#ifndef V2XSIM_ACTION_PARSE_H
#define V2XSIM_ACTION_PARSE_H

#include "scenario.h"

int parse_grid(struct scenario *s, struct step *step, int argc, char **argv);
int parse_load(struct scenario *s, struct step *step, int argc, char **argv);
int parse_bus(struct scenario *s, struct step *step, int argc, char **argv);
int parse_car(struct scenario *s, struct step *step, int argc, char **argv);
int parse_plug(struct scenario *s, struct step *step, int argc, char **argv);
int parse_unplug(struct scenario *s, struct step *step, int argc, char **argv);
int parse_fault(struct scenario *s, struct step *step, int argc, char **argv);
int parse_clear(struct scenario *s, struct step *step, int argc, char **argv);
int parse_start(struct scenario *s, struct step *step, int argc, char **argv);
int parse_black_start(struct scenario *s, struct step *step, int argc, char **argv);
int parse_stop(struct scenario *s, struct step *step, int argc, char **argv);
int parse_ack(struct scenario *s, struct step *step, int argc, char **argv);
int parse_estop(struct scenario *s, struct step *step, int argc, char **argv);
int parse_forming(struct scenario *s, struct step *step, int argc, char **argv);
int parse_set(struct scenario *s, struct step *step, int argc, char **argv);
int parse_limits(struct scenario *s, struct step *step, int argc, char **argv);
int parse_protection(struct scenario *s, struct step *step, int argc, char **argv);
int parse_tune(struct scenario *s, struct step *step, int argc, char **argv);
int parse_table(struct scenario *s, struct step *step, int argc, char **argv);
int parse_lease(struct scenario *s, struct step *step, int argc, char **argv);
int parse_pilot(struct scenario *s, struct step *step, int argc, char **argv);
int parse_replay(struct scenario *s, struct step *step, int argc, char **argv);
int parse_wave(struct scenario *s, struct step *step, int argc, char **argv);
int parse_nothing(struct scenario *s, struct step *step, int argc, char **argv);

#endif
