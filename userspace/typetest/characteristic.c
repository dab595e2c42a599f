// SPDX-License-Identifier: Apache-2.0
/*
 * The further characteristics of IEEE 1547.1-2020 clauses 5.14 and 5.15: the same
 * test with the settings at the far ends of what IEEE 1547-2018 lets be adjusted.
 * From two independent sets of public test scripts. Volt-watt 3 (1.09 to 1.10 pu)
 * lies where these chargers have ceased or tripped.
 */
#include "characteristic.h"

#include <string.h>

#include "procedure.h"

typedef void (*set_fn)(struct gc_settings *s, const struct gc_capability_settings *c, int category);

/* Voltages are absolute there; a curve of the settings moves with its reference. */
static void curve(struct gc_volt_var_settings *v, double v_ref, const double *volts, const double *q)
{
	for (int i = 0; i < GC_CURVE_POINTS; i++) {
		v->v[i] = volts[i] - (v_ref - 1);
		v->q[i] = q[i];
	}
	v->v_ref = v_ref;
}

static void volt_var_2(struct gc_settings *s, const struct gc_capability_settings *c, int category)
{
	const double q[] = { c->q_inject, c->q_inject / 2, c->q_inject / 2, -c->q_absorb };

	(void)category;
	curve(&s->volt_var, 1.05, (const double[]){ 0.88, 1.04, 1.07, 1.10 }, q);
	s->volt_var.response_s = 1;
}

static void volt_var_3(struct gc_settings *s, const struct gc_capability_settings *c, int category)
{
	const double q[] = { c->q_inject, -c->q_inject / 2, -c->q_inject / 2, -c->q_absorb };

	(void)category;
	curve(&s->volt_var, 0.95, (const double[]){ 0.90, 0.93, 0.96, 1.10 }, q);
	s->volt_var.response_s = 90;
}

static void volt_watt_2(struct gc_settings *s, const struct gc_capability_settings *c, int category)
{
	(void)c;
	(void)category;
	s->volt_watt.v1 = 1.05;
	s->volt_watt.p1 = 1;
	s->volt_watt.v2 = 1.10;
	s->volt_watt.p2 = -1;
	s->volt_watt.response_s = 60;
}

static void watt_var(struct gc_settings *s, const double *gen, const double *load)
{
	for (int i = 0; i < 3; i++) {
		s->watt_var.q_gen[i] = gen[i];
		s->watt_var.q_load[i] = load[i];
	}
}

static void watt_var_2(struct gc_settings *s, const struct gc_capability_settings *c, int category)
{
	const double gen[] = { -c->q_absorb / 2, -c->q_absorb / 2, -c->q_absorb };
	const double load[] = { c->q_inject / 2, c->q_inject / 2, c->q_inject };

	(void)category;
	watt_var(s, gen, load);
}

static void watt_var_3(struct gc_settings *s, const struct gc_capability_settings *c, int category)
{
	const double gen[] = { 0, -c->q_absorb, -c->q_absorb };
	const double load[] = { 0, c->q_inject, c->q_inject };

	(void)category;
	watt_var(s, gen, load);
}

static void droop_2(struct gc_settings *s, const struct gc_capability_settings *c, int category)
{
	(void)c;
	s->droop.db_over_hz = s->droop.db_under_hz = 0.017;
	s->droop.k_over = s->droop.k_under = category == 3 ? 0.02 : 0.03;
	s->droop.response_s = category == 3 ? 0.2 : 1;
}

static const struct {
	const char *procedure;
	int number;
	set_fn set;
} table[] = {
	{ "volt-var", 2, volt_var_2 },	 { "volt-var", 3, volt_var_3 },
	{ "volt-watt", 2, volt_watt_2 }, { "watt-var", 2, watt_var_2 },
	{ "watt-var", 3, watt_var_3 },	 { "frequency-droop", 2, droop_2 },
};

void characteristic_run(struct bench *b, const struct procedure *p, characteristic_fn run)
{
	const struct gc_settings code = b->code, charger = b->charger.settings;
	const int category = ride_category(&code);

	run(b);
	if (b->brief || b->standard->id != STANDARD_IEEE1547_1)
		return;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (strcmp(table[i].procedure, p->name) != 0)
			continue;
		b->characteristic = table[i].number;
		table[i].set(&b->code, &code.capability, category);
		table[i].set(&b->charger.settings, &code.capability, category);
		run(b);
		b->code = code;
		b->charger.settings = charger;
	}
	b->characteristic = 0;
}

const char *characteristic_what(const struct bench *b, bool q)
{
	static const char *const p[] = { "P, pu", "P, pu", "P (2), pu", "P (3), pu" };
	static const char *const r[] = { "Q, pu", "Q, pu", "Q (2), pu", "Q (3), pu" };

	return q ? r[b->characteristic] : p[b->characteristic];
}
