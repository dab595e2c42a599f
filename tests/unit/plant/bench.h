/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plant on the test bench: states as doubles, and a few ways to run it.
 */
#ifndef BENCH_H
#define BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "plant.h"

struct bench {
	struct plant_cfg cfg;
	struct plant_env env;
	struct plant p;
	struct v2x_gate_cmd cmd;
	struct v2x_stage_desc desc;
	struct v2x_samples s;
};

#define Q40D(x)	((double)(x) / 1099511627776.0)
#define Q20D(x)	((double)(x) / 1048576.0)

/** bench_new() - default plant, nothing energised; @b is static, it is large */
void bench_new(struct bench *b);

/** bench_env() - put b->env in force */
void bench_env(struct bench *b);

/** bench_run() - @ticks periods with b->cmd, then sample */
void bench_run(struct bench *b, unsigned int ticks);

/** bench_value() - last sample of a channel in its unit */
double bench_value(const struct bench *b, unsigned int ch);

/** bench_close() - close the grid contactor with the link at @v_dc, gates off */
void bench_close(struct bench *b, double v_dc);

#endif
