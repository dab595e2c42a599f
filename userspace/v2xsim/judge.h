/* SPDX-License-Identifier: Apache-2.0 */
/* Holds what a charger does against what is expected. */
#ifndef V2XSIM_JUDGE_H
#define V2XSIM_JUDGE_H

struct run;

void judge_begin(struct run *r);

/** judge_tick() - after each tick; counts in r->failed what can no longer be met */
void judge_tick(struct run *r);

/** judge_end() - after the last one: what is still open has not been met */
void judge_end(struct run *r);

#endif
