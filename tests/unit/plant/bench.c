// SPDX-License-Identifier: Apache-2.0
#include "bench.h"

void bench_new(struct bench *b)
{
	*b = (struct bench){ 0 };
	plant_cfg_default(&b->cfg);
	plant_env_default(&b->cfg, &b->env);
	plant_init(&b->p, &b->cfg);
	plant_describe(&b->cfg, &b->desc);
	b->cmd.pilot_permille = V2X_PILOT_DUTY_STEADY;
}

void bench_env(struct bench *b)
{
	struct plant_set set;

	plant_prepare(&b->cfg, &b->env, &set);
	plant_apply(&b->p, &set);
}

void bench_run(struct bench *b, unsigned int ticks)
{
	while (ticks--) {
		plant_step(&b->p, &b->cmd);
		plant_sample(&b->p, &b->s);
	}
}

double bench_value(const struct bench *b, unsigned int ch)
{
	const struct v2x_adc_desc *d = &b->desc.adc[ch];

	return (b->s.raw[ch] * (double)d->scale_n + (double)d->offset_n) * 1e-9;
}

void bench_close(struct bench *b, double v_dc)
{
	b->cmd.contactors = V2X_CONTACTOR_GRID;
	b->p.v_dc = (s64)(v_dc * 1099511627776.0);
	bench_run(b, b->p.k.close_ticks + 2);
	b->p.v_dc = (s64)(v_dc * 1099511627776.0);
}
