// SPDX-License-Identifier: GPL-2.0-only
/*
 * The matrices with which a period of the filter is solved in one step.
 *
 * Each column is a solution: begin with 1 A or 1 V in one of the states or
 * inputs and nothing in the others, and go through the period in 32 pieces,
 * each by ten terms of the exponential series. Process context: thousands of
 * multiplications and some divisions.
 */
#include <linux/math64.h>
#include "plant.h"
#include "plant_fx.h"

#define PIECES_SHIFT	5
#define TERMS		10

/* Rates of a piece: h / L and so on, Q40; numbers are Q40 throughout. */
struct rates {
	s64 l1, l2, c;	/* h / L1, h / L2, h / C */
	s64 r1, rd, r2;	/* ohm */
	s64 ramp;	/* part of a period */
};

/* States, inputs and the integral of i1, in the order of a row. */
struct point {
	s64 i1, i2, vc;
	s64 leg, src, slope;
	s64 q;
};

static s64 mul(s64 a, s64 b)
{
	u64 x = mul_u64_u64_shr((u64)fx_abs(a), (u64)fx_abs(b), 40);

	return (a < 0) != (b < 0) ? -(s64)x : (s64)x;
}

/* Derivative over one piece; the source moves by slope in a period. */
static struct point rate(const struct rates *k, const struct point *x)
{
	s64 vn = x->vc + mul(k->rd, x->i2 - x->i1);

	return (struct point){
		.i1 = mul(k->l1, vn - x->leg - mul(k->r1, x->i1)),
		.i2 = mul(k->l2, x->src - vn - mul(k->r2, x->i2)),
		.vc = mul(k->c, x->i2 - x->i1),
		.src = mul(k->ramp, x->slope),
		.q = mul(k->ramp, x->i1),
	};
}

static void piece(const struct rates *k, struct point *x)
{
	struct point term = *x;
	u32 n;

	for (n = 1; n <= TERMS; n++) {
		struct point d = rate(k, &term);

		term = (struct point){
			.i1 = plant_div(d.i1, n), .i2 = plant_div(d.i2, n),
			.vc = plant_div(d.vc, n), .src = plant_div(d.src, n),
			.q = plant_div(d.q, n),
		};
		x->i1 += term.i1;
		x->i2 += term.i2;
		x->vc += term.vc;
		x->src += term.src;
		x->q += term.q;
	}
}

static s64 rounded(s64 q40, u32 drop)
{
	return (q40 + (1LL << (drop - 1))) >> drop;
}

void plant_exact_prepare(const struct plant_cfg *cfg, s64 l2_nh, s64 r2_uohm,
			 struct plant_exact *e)
{
	const s64 one = 1LL << 40, t_ns = 1000000000 / cfg->tick_hz;
	const struct rates k = {
		.l1 = plant_div(t_ns << (40 - PIECES_SHIFT), cfg->l1_nh),
		.l2 = plant_div(t_ns << (40 - PIECES_SHIFT), l2_nh),
		.c = plant_div(t_ns << (40 - PIECES_SHIFT), cfg->c_nf),
		.r1 = plant_div((s64)cfg->r1_uohm << 36, 1000000) << 4,
		.rd = plant_div((s64)cfg->rd_uohm << 36, 1000000) << 4,
		.r2 = plant_div(r2_uohm << 36, 1000000) << 4,
		.ramp = one >> PIECES_SHIFT,
	};
	/* The source before falls to nothing over the period, the one now rises to all. */
	const struct point begin[PLANT_EXACT_COLS] = {
		{ .i1 = one }, { .i2 = one }, { .vc = one }, { .leg = one },
		{ .src = one, .slope = -one }, { .slope = one },
	};
	u32 col, n;

	for (col = 0; col < PLANT_EXACT_COLS; col++) {
		struct point x = begin[col];

		for (n = 0; n < 1U << PIECES_SHIFT; n++)
			piece(&k, &x);
		e->i1[col] = rounded(x.i1 - begin[col].i1, 10);
		e->i2[col] = rounded(x.i2 - begin[col].i2, 10);
		e->vc[col] = rounded(x.vc - begin[col].vc, 40 - PLANT_EXACT_VC);
		e->mean[col] = rounded(x.q, 10);
	}
}
