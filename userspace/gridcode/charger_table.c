// SPDX-License-Identifier: Apache-2.0
/* The kernel's protection table from a profile: what must not wait for a supervisor. */
#include "charger.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SQRT3 1.7320508075688772
/* Samples: the amplitude of 1.6 of nominal, as in the kernel's own table. */
#define PEAK_PU 2.2627
#define LOM_GAIN_PERMILLE 200
/* The first power comes 45 ms after the voltage; by the reference vectors the ramp ends this early. */
#define RETURN_SEEN_MS 160
#define LOM_Q_PERMILLE 100
#define BAND_PERMILLE 100	/* of EN 50549-1, when the profile has no mandatory range */

/*
 * How the kernel measures: the shortest time in half cycles, and how late it
 * may be with a nominal frequency of 50 Hz. Documentation/protection.rst,
 * "Quantities".
 */
static const struct {
	const char *name;
	uint32_t least_halves;
	uint32_t late_us;
} kinds[V2X_PROT_QUANTITIES] = {
	[V2X_PROT_V_PHASE] = { "v_phase", 4, 6000 },
	[V2X_PROT_V_PHASE_HALF] = { "v_phase_half", 3, 7000 },
	[V2X_PROT_V_LINE] = { "v_line", 4, 8000 },
	[V2X_PROT_V_POSITIVE] = { "v_positive", 4, 11000 },
	[V2X_PROT_V_10MIN] = { "v_10min", 0, 0 },
	[V2X_PROT_V_PEAK] = { "v_peak", 0, 0 },
	[V2X_PROT_F] = { "f", 4, 13000 },
	[V2X_PROT_ROCOF] = { "rocof", 4, 0 },
	[V2X_PROT_VECTOR_SHIFT] = { "vector_shift", 0, 0 },
};

struct build {
	const struct gc_charger *charger;
	const struct gc_profile *profile;
	struct v2x_prot_table *table;
	char *error;
};

/* A stage as the code says it; @name "section.key" of its limit, for messages. */
struct asked {
	const char *name;
	double threshold;	/* in the unit of the quantity */
	double time_s;
	uint32_t window_ms;
	uint8_t quantity;
	uint8_t side;
	uint8_t action;
	bool shortest;		/* no time is said: as soon as it can be measured */
};

__attribute__((format(printf, 3, 4)))
static int refuse(const struct build *b, const char *name, const char *format, ...)
{
	const struct gc_param *param = gc_param_named(name);
	const struct gc_value *value = param ? gc_profile_value(b->profile, param) : NULL;
	char what[256];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	snprintf(b->error, GC_ERROR_LEN, "%.100s: %s%s%s%s: %s", b->profile->id, name,
		 value ? " (" : "", value ? value->clause : "", value ? ")" : "", what);
	return -ERANGE;
}

/* ---- times --------------------------------------------------------------------- */

static uint32_t least_ms(const struct build *b, uint32_t quantity)
{
	const uint32_t half_us = 500000000U / b->charger->f_nominal_mhz;

	return (kinds[quantity].least_halves * half_us + 999) / 1000;
}

/*
 * Latest measuring, and the switch of a trip; momentary cessation needs none. The
 * time of a relay is neither: it has a tolerance, which measuring late is within. A
 * rate has to stand for its time (G99 10.6.7), so that no jump is one: the kernel
 * takes a cycle off for measuring.
 */
static double spent_s(const struct build *b, const struct asked *a)
{
	const double late_us = kinds[a->quantity].late_us * 50000.0 / b->charger->f_nominal_mhz;

	if (a->quantity == V2X_PROT_ROCOF)
		return -1000.0 / b->charger->f_nominal_mhz;
	if (a->action == V2X_PROT_TRIP && b->profile->settings.trip.end == GC_TRIP_OPERATES)
		return 0;
	return (late_us + (a->action == V2X_PROT_TRIP ? b->charger->switching_us : 0)) / 1e6;
}

static bool fits(const struct build *b, const struct asked *a, uint32_t *time_ms)
{
	const double left_ms = floor((a->time_s - spent_s(b, a)) * 1000 + 1e-6);

	*time_ms = least_ms(b, a->quantity);
	if (a->shortest) {
		/* At once, but a sequence swings when the frequency steps. */
		if (a->action == V2X_PROT_CEASE && a->quantity <= V2X_PROT_V_PHASE_HALF)
			*time_ms = 0;
		return true;
	}
	if (left_ms < *time_ms)
		return false;
	*time_ms = left_ms < 3600000 ? (uint32_t)left_ms : 3600000;
	return true;
}

/* ---- entries ------------------------------------------------------------------- */

static bool as_near(const struct v2x_prot_entry *a, const struct v2x_prot_entry *b)
{
	return a->side == V2X_PROT_OVER ? a->threshold <= b->threshold :
					  a->threshold >= b->threshold;
}

/* Does @a act whenever @b would, and not later? */
static bool precedes(const struct v2x_prot_entry *a, const struct v2x_prot_entry *b)
{
	return a->quantity == b->quantity && a->side == b->side && a->action == b->action &&
	       a->window_ms == b->window_ms && as_near(a, b) && a->time_ms <= b->time_ms;
}

static int put(struct build *b, const struct asked *a, const struct v2x_prot_entry *e)
{
	struct v2x_prot_table *t = b->table;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < t->count; i++)
		if (precedes(&t->entry[i], e))
			return 0;
	for (uint32_t i = 0; i < t->count; i++)
		if (!precedes(e, &t->entry[i]))
			t->entry[kept++] = t->entry[i];
	memset(&t->entry[kept], 0, (t->count - kept) * sizeof(t->entry[0]));
	t->count = kept;
	if (t->count == V2X_PROT_ENTRIES)
		return refuse(b, a->name, "more than %d stages", V2X_PROT_ENTRIES);
	t->entry[t->count++] = *e;
	return 0;
}

/* By what a step of the frequency, whose angle the tracker has to find, misleads half a cycle. */
static bool far(const struct build *b, const struct asked *a)
{
	return fabs(a->threshold - b->charger->v_nominal_mv) > 0.2 * b->charger->v_nominal_mv;
}

static int add(struct build *b, const struct asked *asked)
{
	struct asked a = *asked;
	struct v2x_prot_entry e = { .side = a.side, .action = a.action,
				    .window_ms = a.window_ms };

	if (!(fabs(a.threshold) < INT32_MAX))
		return refuse(b, a.name, "too large");
	e.threshold = (int32_t)lround(a.threshold);
	/* Half a cycle is noisier and sees earlier. */
	if (a.quantity == V2X_PROT_V_PHASE &&
	    ((a.shortest && far(b, &a)) || !fits(b, &a, &e.time_ms)))
		a.quantity = V2X_PROT_V_PHASE_HALF;
	if (!fits(b, &a, &e.time_ms))
		return refuse(b, a.name,
			      "%.0f ms cannot be kept: measuring may be late by and switching "
			      "takes %.0f ms, and %s needs %u ms at least", a.time_s * 1000,
			      spent_s(b, &a) * 1000, kinds[a.quantity].name,
			      least_ms(b, a.quantity));
	e.quantity = a.quantity;
	return put(b, &a, &e);
}

/* ---- voltage ------------------------------------------------------------------- */

/* @a: threshold in pu of nominal; every quantity that the code looks at */
static int add_voltage(struct build *b, const struct asked *asked)
{
	const double v_mv = b->charger->v_nominal_mv;
	const int looks_at = b->profile->settings.trip.quantity;
	struct asked a = *asked;
	int ret;

	a.threshold = asked->threshold * v_mv;
	a.quantity = looks_at == GC_QUANTITY_POSITIVE && b->charger->phases == 3 ?
			     V2X_PROT_V_POSITIVE : V2X_PROT_V_PHASE;
	ret = add(b, &a);
	if (ret || looks_at != GC_QUANTITY_PHASE_AND_LINE || b->charger->phases != 3)
		return ret;
	a.quantity = V2X_PROT_V_LINE;
	a.threshold *= SQRT3;
	return add(b, &a);
}

static int add_stages(struct build *b, const struct gc_stage *stage, int count, const char *what,
		      uint8_t side, bool voltage)
{
	char name[32];
	int ret = 0;

	for (int i = 0; i < count && !ret; i++) {
		struct asked a = { .name = name, .threshold = stage[i].limit,
				   .time_s = stage[i].time_s, .side = side,
				   .action = V2X_PROT_TRIP, .quantity = V2X_PROT_F };

		if (isnan(stage[i].limit))
			continue;
		snprintf(name, sizeof(name), "trip.%s%d_limit", what, i + 1);
		if (voltage) {
			ret = add_voltage(b, &a);
		} else {
			a.threshold *= 1000;
			ret = add(b, &a);
		}
	}
	return ret;
}

static bool says(const struct build *b, const char *name)
{
	return gc_profile_value(b->profile, gc_param_named(name)) != NULL;
}

static int add_cessation(struct build *b, const char *limit, const char *time, double v_pu,
			 double time_s, uint8_t side)
{
	const struct asked a = { .name = limit, .threshold = v_pu, .time_s = time_s,
				 .side = side, .action = V2X_PROT_CEASE,
				 .shortest = !says(b, time) };

	return isnan(v_pu) ? 0 : add_voltage(b, &a);
}

static int add_cessations(struct build *b)
{
	const struct gc_ride_settings *s = &b->profile->settings.ride;
	int ret = 0;

	if (s->cessation) {
		ret = add_cessation(b, "cessation.v_high", "cessation.time", s->cessation_high,
				    s->cessation_s, V2X_PROT_OVER);
		if (!ret)
			ret = add_cessation(b, "cessation.v_low", "cessation.time",
					    s->cessation_low, s->cessation_s, V2X_PROT_UNDER);
	}
	if (!ret)
		ret = add_cessation(b, "ride_through.v_cease_high", "ride_through.cease_time",
				    s->v_cease_high, s->cease_s, V2X_PROT_OVER);
	if (!ret)
		ret = add_cessation(b, "ride_through.v_cease_low", "ride_through.cease_time",
				    s->v_cease_low, s->cease_s, V2X_PROT_UNDER);
	return ret;
}

static int add_mean(struct build *b)
{
	const struct gc_mean_settings *s = &b->profile->settings.mean;
	const double left_ms = (s->delay_s - b->charger->switching_us / 1e6) * 1000;
	struct v2x_prot_entry e = { .quantity = V2X_PROT_V_10MIN, .side = V2X_PROT_OVER,
				    .action = V2X_PROT_TRIP };

	if (isnan(s->limit))
		return 0;
	if (s->window_s != 600)
		return refuse(b, "voltage_mean.window", "%.0f s; the kernel's mean is of 600 s",
			      s->window_s);
	e.threshold = (int32_t)lround(s->limit * b->charger->v_nominal_mv);
	/* Renewed every 3 s anyhow: what is left of the delay is no promise to break. */
	e.time_ms = left_ms > 0 ? (uint32_t)left_ms : 0;
	return put(b, &(struct asked){ .name = "voltage_mean.limit" }, &e);
}

/* ---- loss of mains --------------------------------------------------------------- */

static int add_rocof(struct build *b)
{
	const struct gc_rocof_settings *s = &b->profile->settings.rocof;
	const struct asked a = { .name = "rocof.limit", .threshold = s->limit_hz_per_s * 1000,
				 .time_s = s->time_s, .quantity = V2X_PROT_ROCOF,
				 .side = V2X_PROT_OVER, .action = V2X_PROT_TRIP,
				 .window_ms = (uint32_t)lround(s->window_s * 1000),
				 .shortest = s->time_s == 0 };
	const double half_s = 500.0 / b->charger->f_nominal_mhz;

	if (isnan(s->limit_hz_per_s))
		return 0;
	if (s->window_s < 7.5 * half_s || s->window_s > 63.5 * half_s)
		return refuse(b, "rocof.window", "%.0f ms; expected %.0f..%.0f ms", s->window_s * 1000,
			      8 * half_s * 1000, 63 * half_s * 1000);
	return add(b, &a);
}

static int add_shift(struct build *b)
{
	const double deg = b->profile->settings.shift.limit_deg;
	struct v2x_prot_entry e = { .quantity = V2X_PROT_VECTOR_SHIFT, .side = V2X_PROT_OVER,
				    .action = V2X_PROT_TRIP };

	if (isnan(deg))
		return 0;
	if (deg < 2 || deg > 60)
		return refuse(b, "vector_shift.limit", "%.1f deg; expected 2..60 deg", deg);
	e.threshold = (int32_t)lround(deg * 1000);
	return put(b, &(struct asked){ .name = "vector_shift.limit" }, &e);
}

static int add_trips(struct build *b)
{
	struct gc_trip_settings trip = b->profile->settings.trip;
	const struct gc_trip_settings *t = &trip;
	int ret;

	gc_external_trip(&b->profile->settings.external, b->charger->narrow, &trip);
	ret = add_stages(b, t->ov, GC_OV_STAGES, "ov", V2X_PROT_OVER, true);

	if (!ret)
		ret = add_stages(b, t->uv, GC_UV_STAGES, "uv", V2X_PROT_UNDER, true);
	if (!ret)
		ret = add_stages(b, t->of, GC_OF_STAGES, "of", V2X_PROT_OVER, false);
	if (!ret)
		ret = add_stages(b, t->uf, GC_UF_STAGES, "uf", V2X_PROT_UNDER, false);
	if (!ret)
		ret = add_mean(b);
	if (!ret)
		ret = add_rocof(b);
	if (!ret)
		ret = add_shift(b);
	return ret;
}

/* ---- ride-through ---------------------------------------------------------------- */

/* Voltages that the tick looks at once a cycle, and for whose sake it leaves a lost phase alone. */
static bool rides(const struct v2x_prot_entry *e)
{
	return e->action == V2X_PROT_TRIP &&
	       (e->quantity == V2X_PROT_V_PHASE || e->quantity == V2X_PROT_V_POSITIVE);
}

/* How far the voltage may go in the time of @e before something faster acts; 0: without end. */
static int32_t reach(const struct v2x_prot_table *t, const struct v2x_prot_entry *e)
{
	int32_t far = 0;

	for (uint32_t i = 0; i < t->count; i++) {
		const struct v2x_prot_entry *x = &t->entry[i];

		if (x->quantity != e->quantity || x->side != e->side ||
		    x->action == V2X_PROT_RIDE || x->time_ms >= e->time_ms)
			continue;
		if (e->side == V2X_PROT_UNDER)
			far = x->threshold + 1 > far ? x->threshold + 1 : far;
		else
			far = !far || x->threshold - 1 < far ? x->threshold - 1 : far;
	}
	return far;
}

/*
 * What no stage of the code ends has to be borne: the times of its trips as
 * ride-through entries. The kernel refuses a table that contradicts them, and
 * waits as long for a phase or a grid that is not there.
 */
static int add_rides(struct build *b)
{
	const uint32_t count = b->table->count;

	for (uint32_t i = 0; i < count; i++) {
		const struct v2x_prot_entry *e = &b->table->entry[i];
		struct v2x_prot_entry ride = *e;
		const bool under = e->side == V2X_PROT_UNDER;

		ride.action = V2X_PROT_RIDE;
		ride.threshold = reach(b->table, e);
		if (!rides(e) || (!under && !ride.threshold) ||
		    (under ? ride.threshold >= e->threshold : ride.threshold <= e->threshold))
			continue;
		if (b->table->count == V2X_PROT_ENTRIES)
			return refuse(b, "trip.quantity", "more than %d stages",
				      V2X_PROT_ENTRIES);
		b->table->entry[b->table->count++] = ride;
	}
	return 0;
}

/* ---- settings ------------------------------------------------------------------ */

static uint32_t bounded(double value, double most)
{
	return value > 0 ? (uint32_t)lround(fmin(value, most)) : 0;
}

static void set_riding(struct build *b)
{
	const struct gc_capability_settings *c = &b->profile->settings.capability;
	const struct gc_ride_settings *s = &b->profile->settings.ride;
	const struct gc_charger *charger = b->charger;
	struct v2x_prot_table *t = b->table;

	t->return_ms = bounded(s->cessation_return_s * 1000, 600000);
	/* The code's time begins with the return of the voltage, the ramp when it was seen. */
	t->recover_ms = bounded(fmax(s->return_ramp_s * 1000 - RETURN_SEEN_MS, 10), 600000);
	t->q_first_permille = c->priority == GC_PRIORITY_REACTIVE ? 1000 :
			      bounded(fmin(c->q_inject, c->q_absorb) * 1000, 1000);
	if (s->support) {
		/* The code's current is of the rated power, the kernel's of the rated current. */
		t->k_permille = bounded(s->support_k * 1000 * charger->s_rated_mva * 1e3 /
					((double)charger->phases * charger->v_nominal_mv *
					 charger->i_rated_ma), 10000);
		t->k_band_permille = isnan(s->v_mandatory_low) ? BAND_PERMILLE :
				     bounded((1 - s->v_mandatory_low) * 1000, 500);
		/* k (V - 1), as gc_current_step() has it. */
		t->k_jump_permille = 1000;
	}
	/* No code is known that forbids to see an island. */
	t->lom_gain_permille = LOM_GAIN_PERMILLE;
	t->lom_q_permille = LOM_Q_PERMILLE;
}

static void add_peak(struct build *b)
{
	const struct v2x_prot_entry e = {
		.quantity = V2X_PROT_V_PEAK, .side = V2X_PROT_OVER, .action = V2X_PROT_TRIP,
		.threshold = (int32_t)(b->charger->v_nominal_mv * PEAK_PU),
	};

	if (b->table->count < V2X_PROT_ENTRIES)
		b->table->entry[b->table->count++] = e;
}

/* The first digits of the file's hash: two editions of a profile differ. */
static uint32_t version_of(const char *sha256)
{
	char digits[9];

	snprintf(digits, sizeof(digits), "%.8s", sha256);
	return (uint32_t)(strtoul(digits, NULL, 16) & INT32_MAX);
}

int gc_charger_table(const struct gc_charger *charger, const struct gc_profile *profile,
		     struct v2x_prot_table *table, char *error)
{
	struct build b = { .charger = charger, .profile = profile, .table = table,
			   .error = error };
	int ret;

	error[0] = '\0';
	*table = (struct v2x_prot_table){ .size = sizeof(*table),
					  .version = version_of(profile->sha256) };
	snprintf(table->name, sizeof(table->name), "%.*s", (int)sizeof(table->name) - 1,
		 profile->id);
	ret = add_trips(&b);
	if (!ret)
		ret = add_cessations(&b);
	if (!ret)
		ret = add_rides(&b);
	if (ret)
		return ret;
	add_peak(&b);
	set_riding(&b);
	return 0;
}
