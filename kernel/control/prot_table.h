/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Protection tables before they reach the tick: default, check, hash, and the
 * tick's form. Process context; divides.
 */
#ifndef _V2X_PROT_TABLE_H
#define _V2X_PROT_TABLE_H

#include <linux/v2x.h>
#include <v2x/stage_desc.h>
#include "ctl_set.h"

/* What the tick keeps of frequency: 64 half cycles, 533 ms at 60 Hz. */
#define V2X_F_HALVES	64

/**
 * v2x_prot_table_default() - the table in force while none was loaded
 * @desc: of the stage
 * @p: its limits of voltage and frequency are the table's
 * @t: written completely
 */
void v2x_prot_table_default(const struct v2x_stage_desc *desc, const struct v2x_protection *p,
			    struct v2x_prot_table *t);

/**
 * v2x_prot_table_check() - may this table be put in force?
 * @desc: of the stage
 * @t: @t->refused and @t->why are written
 *
 * Return: 0, -EINVAL (malformed), -ERANGE (contradictory, or beyond what the
 * stage can measure and bear).
 */
int v2x_prot_table_check(const struct v2x_stage_desc *desc, struct v2x_prot_table *t);

/**
 * v2x_prot_table_hash() - FNV-1a over what was loaded
 * @t: table
 *
 * Return: 64 bit, of name, version, count, settings and entries.
 */
u64 v2x_prot_table_hash(const struct v2x_prot_table *t);

/**
 * v2x_prot_table_prepare() - the tick's form
 * @desc: of the stage
 * @t: checked; its hash tells one table from another
 * @set: filled in
 */
void v2x_prot_table_prepare(const struct v2x_stage_desc *desc, const struct v2x_prot_table *t,
			    struct v2x_table_set *set);

#endif /* _V2X_PROT_TABLE_H */
