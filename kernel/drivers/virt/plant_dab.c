// SPDX-License-Identifier: GPL-2.0-only
/*
 * The isolated DC/DC as a dual active bridge, averaged over its switching
 * period, from the pulses of both bridges.
 *
 * With shift s and widths w <= W in half periods, V2' = n V2:
 *	I_out  = n V1 G / (2 f L)	I_link = n V2 G / (2 f L) + losses / V1
 *	G(s) = F(s) + F(1 - s) - F(1)	F(x) = what the pulses have in common up to x
 *	F(x) = w x			x <= a = (W - w) / 2
 *	     = w x - (x - a)^2 / 2	x <= b = (W + w) / 2
 *	     = w b - w^2 / 2		x >= b
 * and, to first order, what the resistance R in series makes of them (the integral
 * of one side's voltage against the current, below), which is right but for
 * (R / 2 f L)^2:
 *	P_out  += R (V1 V2' <T1 T2> - V2'^2 <T2^2>) / (2 f L)^2
 *	P_link += R (V1^2 <T1^2> - V1 V2' <T1 T2>) / (2 f L)^2
 * The leakage current is the sum of what each voltage makes alone, a trapezoid
 *	i(x) = (V1 T1(x) - V2' T2(x - s)) / (2 f L)
 *	T(y) = y up to w/2, w/2 up to 1 - w/2, 1 - y up to 1; T(y + 1) = -T(y)
 * and so are the currents at the edges, which tell whether a leg charges its
 * capacitances in the dead time or switches hard. The magnetizing inductance sits
 * between the halves of the leakage inductance; each bridge carries half of its
 * current. <T^2> is w^2/4 - w^3/6, and d<T1 T2>/ds = -G.
 */
#include <linux/kernel.h>
#include "plant.h"
#include "plant_fx.h"

#define ONE	1073741824LL
#define HALF	536870912LL
#define SIXTH	178956971LL

/* Below this the link does not feed the stage's own needs; bounds the reciprocal. */
#define V_LINK_MIN_Q20	Q20(100)

/* Pulses in Q30: of the link's bridge and of the output's. */
struct pulses {
	s64 s, w[2];
	s64 lo, hi;	/* the narrower and the wider */
	s64 a, b;
};

static s64 mul(s64 x, s64 y)
{
	return (x * y) >> 30;
}

static s64 common(const struct pulses *u, s64 x)
{
	s64 y = mul(u->lo, x);

	if (x <= u->a)
		return y;
	if (x >= u->b)
		return mul(u->lo, u->b) - (mul(u->lo, u->lo) >> 1);
	return y - (mul(x - u->a, x - u->a) >> 1);
}

/* Integral of common() up to x. */
static s64 common_sum(const struct pulses *u, s64 x)
{
	s64 cube = mul(u->lo, mul(u->lo, u->lo)), y;

	if (x <= u->a)
		return mul(u->lo, mul(x, x)) >> 1;
	if (x >= u->b)
		return (mul(u->lo, mul(u->b, u->b)) >> 1) - mul(cube, SIXTH) +
		       mul(x - u->b, common(u, u->b));
	y = x - u->a;
	return (mul(u->lo, mul(x, x)) >> 1) - mul(mul(y, mul(y, y)), SIXTH);
}

/* T of a pulse of width w, for |y| <= 2. */
static s64 trapezoid(s64 y, s64 w)
{
	s64 sign = 1, x;

	if (y < 0) {
		y = -y;
		sign = -1;
	}
	if (y > ONE) {
		y -= ONE;
		sign = -sign;
	}
	x = y < ONE - y ? y : ONE - y;
	return sign * (x < w >> 1 ? x : w >> 1);
}

static struct pulses pulses_of(const struct v2x_dab_pulse *c)
{
	struct pulses u;
	bool narrow;

	u.s = fx_clamp(c->shift_q24 * 64LL, -HALF, HALF);
	u.w[0] = fx_clamp(c->link_q24 * 64LL, 0, ONE);
	u.w[1] = fx_clamp(c->out_q24 * 64LL, 0, ONE);
	narrow = u.w[0] < u.w[1];
	u.lo = u.w[!narrow];
	u.hi = u.w[narrow];
	u.a = (u.hi - u.lo) >> 1;
	u.b = (u.hi + u.lo) >> 1;
	return u;
}

static s64 transfer(const struct pulses *u)
{
	s64 s = fx_abs(u->s);
	s64 g = common(u, s) + common(u, ONE - s) - common(u, ONE);

	return u->s < 0 ? -g : g;
}

/* <T1 T2> */
static s64 likeness(const struct pulses *u)
{
	s64 s = fx_abs(u->s), w = u->lo, v = u->hi;
	/* in the same middle: w^3/12 + w (v^2 - w^2)/8 + w v (1 - v)/4 */
	s64 y = (mul(mul(w, mul(w, w)), SIXTH) >> 1) + (mul(w, mul(v, v) - mul(w, w)) >> 3) +
		(mul(mul(w, v), ONE - v) >> 2);

	return y - (common_sum(u, s) - mul(s, common(u, ONE)) + common_sum(u, ONE) -
		    common_sum(u, ONE - s));
}

/* <T^2> = w^2/4 - w^3/6 */
static s64 square(s64 w)
{
	s64 w2 = mul(w, w);

	return (w2 >> 2) - mul(mul(w2, w), SIXTH);
}

/*
 * What the resistance adds to both powers, as currents; i1, i2: V / (2 f L).
 * Their difference is R times the square of the leakage current.
 */
static void resistance(struct plant *p, const struct pulses *u, s64 i1, s64 i2)
{
	const struct plant_dab_consts *k = &p->k.dab;
	s64 like = likeness(u);
	s64 out = mul(i1, like) - mul(i2, square(u->w[1]));
	s64 link = mul(i1, square(u->w[0])) - mul(i2, like);

	p->i_dcdc += (((out * k->ri_q20) >> 20) * k->n_q20) >> 20;
	p->i_link += (link * k->ri_q20) >> 20;
	p->p_loss_q10 = ((((i1 * link) >> 20) - ((i2 * out) >> 20)) * k->r_q20) >> 30;
}

/*
 * Current of a side at an edge at x, positive in the direction that charges the
 * leg there; @m1, @m2 as i1, i2 of the magnetizing inductance, a quarter.
 */
struct edge_currents {
	s64 i1, i2, m1, m2;
};

static s64 edge(struct plant *p, const struct pulses *u, const struct edge_currents *e, s64 x,
		bool out)
{
	s64 t1 = trapezoid(x, u->w[0]), t2 = trapezoid(x - u->s, u->w[1]);
	s64 leak = mul(e->i1, t1) - mul(e->i2, t2);
	s64 mag = mul(e->m1, t1) + mul(e->m2, t2);

	if (fx_abs(leak) > p->i_leak)
		p->i_leak = fx_abs(leak);
	return out ? mag - leak : mag + leak;
}

static void edges(struct plant *p, const struct pulses *u, s64 v1, s64 v2)
{
	const struct plant_dab_consts *k = &p->k.dab;
	const struct edge_currents e = {
		(v1 * k->i_q20) >> 20, (v2 * k->i_q20) >> 20,
		(v1 * k->i_mag_q20) >> 20, (v2 * k->i_mag_q20) >> 20,
	};
	s64 need[2] = { (v1 * k->need_q30[0]) >> 30, (v2 * k->need_q30[1]) >> 30 };

	p->i_leak = 0;
	p->hard = 0;
	/* up: minus the current must charge; down: the current */
	if (-edge(p, u, &e, -(u->w[0] >> 1), false) < need[0])
		p->hard |= 1;
	if (edge(p, u, &e, u->w[0] >> 1, false) < need[0])
		p->hard |= 2;
	if (-edge(p, u, &e, u->s - (u->w[1] >> 1), true) < need[1])
		p->hard |= 4;
	if (edge(p, u, &e, u->s + (u->w[1] >> 1), true) < need[1])
		p->hard |= 8;
	resistance(p, u, e.i1, e.i2);
}

static s64 hard_loss_q10(const struct plant *p, s64 v_dc, s64 v_out)
{
	s64 legs1 = (p->hard & 1) + (p->hard >> 1 & 1), legs2 = (p->hard >> 2 & 1) + (p->hard >> 3);
	s64 v2 = ((v_dc * v_dc) >> 20) * legs1 + ((v_out * v_out) >> 20) * legs2;

	return (s64)mul_u64_u64_shr((u64)v2, (u64)p->k.dab.hard_q30, 40);
}

void plant_dab_step(struct plant *p, const struct v2x_dab_pulse *cmd, s64 v_dc, s64 v_out)
{
	const struct plant_dab_consts *k = &p->k.dab;
	struct pulses u = pulses_of(cmd);
	s64 g = transfer(&u), other;

	p->i_dcdc = (mul(v_dc, g) * k->g_q30) >> 30;
	p->i_link = (mul(v_out, g) * k->g_q30) >> 30;
	edges(p, &u, v_dc, (v_out * k->n_q20) >> 20);
	other = p->k.loss_idle_q10 + hard_loss_q10(p, v_dc, v_out);
	p->p_loss_q10 += other;
	p->i_link += (other * fx_recip_q60(v_dc < V_LINK_MIN_Q20 ? V_LINK_MIN_Q20 : v_dc)) >> 30;
	if (p->i_leak > k->i_trip_q20 || v_out > p->k.v_ev_max_q20)
		p->lines |= V2X_FAULT_GATE_DCDC;
}
