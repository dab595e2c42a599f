// SPDX-License-Identifier: Apache-2.0
/*
 * The protection table: clearing times measured from the step of the grid to
 * the gates, at all positions within a cycle; what is refused, and where.
 */
#include "test.h"

#include <errno.h>

#include "prot_table.h"
#include "rig.h"

static struct rig rig;
static struct rig running;	/* in RUN at 2 kW, to begin from */
static bool have_running;

static void from_running(void)
{
	if (!have_running) {
		rig_init(&rig);
		assert_true(rig_run(&rig));
		rig_power(&rig, 2000000);
		rig_ms(&rig, 1000);
		running = rig;
		have_running = true;
	}
	rig = running;
}

/* The widest trips on everything a table must have. */
static void wide(struct v2x_prot_table *t)
{
	*t = (struct v2x_prot_table){ .size = sizeof(*t), .version = 7, .name = "test" };
	t->entry[t->count++] = (struct v2x_prot_entry){
		V2X_PROT_V_PHASE, V2X_PROT_OVER, V2X_PROT_TRIP, 0, 345000, 3600000, 0 };
	t->entry[t->count++] = (struct v2x_prot_entry){
		V2X_PROT_V_PHASE, V2X_PROT_UNDER, V2X_PROT_TRIP, 0, 0, 3600000, 0 };
	t->entry[t->count++] = (struct v2x_prot_entry){
		V2X_PROT_F, V2X_PROT_OVER, V2X_PROT_TRIP, 0, 66000, 3600000, 0 };
	t->entry[t->count++] = (struct v2x_prot_entry){
		V2X_PROT_F, V2X_PROT_UNDER, V2X_PROT_TRIP, 0, 45000, 3600000, 0 };
}

/* In place of the wide one of its kind, or after all. */
static void put(struct v2x_prot_table *t, const struct v2x_prot_entry *e)
{
	u32 i = 0;

	while (i < 4 && (t->entry[i].quantity != e->quantity || t->entry[i].side != e->side ||
			 t->entry[i].time_ms != 3600000))
		i++;
	t->entry[i < 4 ? i : t->count++] = *e;
}

static void load(const struct v2x_prot_entry *e, u32 n)
{
	struct v2x_prot_table *t = &rig.user.table;
	u32 i;

	wide(t);
	for (i = 0; i < n; i++)
		put(t, &e[i]);
	if (v2x_prot_table_check(&rig.desc, t))
		fail_msg("entry %d refused, why %u", (int)t->refused, t->why);
	t->hash = v2x_prot_table_hash(t);
	rig_user(&rig);
	rig_ms(&rig, 30);	/* a pass with the new table */
}

/* Ticks until the gates are off; checks reason and side of the value. */
static long ticks_to_trip(const struct v2x_prot_entry *e, u32 reason, u32 ms)
{
	u64 begun = rig.tick;
	const struct v2x_event *trip;

	while (rig.out.gate.gates && rig.tick - begun < ms * 20ULL)
		rig_tick(&rig);
	trip = rig_has_event(&rig, V2X_EVENT_TRIP, reason);
	if (!trip)
		fail_msg("fault %u instead of %u after %lu ticks", rig.ctl.seq.fault, reason,
			 (unsigned long)(rig.tick - begun));
	assert_int_equal(trip->limit, e->threshold);
	if (e->side == V2X_PROT_OVER)
		assert_true(trip->value > trip->limit - trip->limit / 100);
	else
		assert_true(trip->value < trip->limit + trip->limit / 100);
	return (long)(trip->tick - begun);
}

struct step {
	const char *what;
	struct v2x_prot_entry e;
	u32 reason;
	void (*apply)(struct plant_grid_env *g);
};

static void v_1215(struct plant_grid_env *g) { g->voltage_mpu = 1215; }
static void v_1400(struct plant_grid_env *g) { g->voltage_mpu = 1400; }
static void v_790(struct plant_grid_env *g) { g->voltage_mpu = 790; }
static void v_300(struct plant_grid_env *g) { g->voltage_mpu = 300; }
static void b_720(struct plant_grid_env *g) { g->phase_mpu[1] = 720; }
static void f_51600(struct plant_grid_env *g) { g->frequency_mhz = 51600; }
static void f_54000(struct plant_grid_env *g) { g->frequency_mhz = 54000; }
static void f_47400(struct plant_grid_env *g) { g->frequency_mhz = 47400; }
static void neg_60(struct plant_grid_env *g) { g->unbalance_permille = 60; }

#define OV(q, mv, ms) { q, V2X_PROT_OVER, V2X_PROT_TRIP, 0, mv, ms, 0 }
#define UV(q, mv, ms) { q, V2X_PROT_UNDER, V2X_PROT_TRIP, 0, mv, ms, 0 }

static const struct step steps[] = {
	{ "RMS over, just", OV(V2X_PROT_V_PHASE, 276000, 160), V2X_REASON_GRID_OVER_VOLTAGE, v_1215 },
	{ "RMS over, far", OV(V2X_PROT_V_PHASE, 276000, 160), V2X_REASON_GRID_OVER_VOLTAGE, v_1400 },
	{ "RMS over, shortest", OV(V2X_PROT_V_PHASE, 276000, 40), V2X_REASON_GRID_OVER_VOLTAGE, v_1215 },
	{ "RMS under, just", UV(V2X_PROT_V_PHASE, 184000, 300), V2X_REASON_GRID_UNDER_VOLTAGE, v_790 },
	{ "RMS under, far", UV(V2X_PROT_V_PHASE, 184000, 300), V2X_REASON_GRID_UNDER_VOLTAGE, v_300 },
	{ "one phase under", UV(V2X_PROT_V_PHASE, 184000, 200), V2X_REASON_GRID_UNDER_VOLTAGE, b_720 },
	{ "half-cycle over", OV(V2X_PROT_V_PHASE_HALF, 276000, 30), V2X_REASON_GRID_OVER_VOLTAGE, v_1215 },
	{ "half-cycle under, far", UV(V2X_PROT_V_PHASE_HALF, 103500, 30), V2X_REASON_GRID_UNDER_VOLTAGE, v_300 },
	{ "line over, just", OV(V2X_PROT_V_LINE, 478000, 160), V2X_REASON_GRID_OVER_VOLTAGE, v_1215 },
	{ "line under, far", UV(V2X_PROT_V_LINE, 318000, 160), V2X_REASON_GRID_UNDER_VOLTAGE, v_300 },
	{ "positive under", UV(V2X_PROT_V_POSITIVE, 184000, 200), V2X_REASON_GRID_UNDER_VOLTAGE, v_790 },
	{ "negative over", OV(V2X_PROT_V_NEGATIVE, 11500, 200), V2X_REASON_GRID_UNBALANCE, neg_60 },
	{ "f over, just", OV(V2X_PROT_F, 51500, 100), V2X_REASON_GRID_OVER_FREQUENCY, f_51600 },
	{ "f over, far", OV(V2X_PROT_F, 51500, 100), V2X_REASON_GRID_OVER_FREQUENCY, f_54000 },
	{ "f over, shortest", OV(V2X_PROT_F, 51500, 40), V2X_REASON_GRID_OVER_FREQUENCY, f_54000 },
	{ "f under, just", UV(V2X_PROT_F, 47500, 160), V2X_REASON_GRID_UNDER_FREQUENCY, f_47400 },
};

static void clearing_times_are_kept_within_a_cycle(void **state)
{
	long lo, hi;
	size_t i;
	u32 at;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		const struct step *s = &steps[i];

		lo = LONG_MAX;
		hi = LONG_MIN;
		for (at = 0; at < 400; at += 37) {
			long off;
			u32 n;

			from_running();
			load(&s->e, 1);
			for (n = 0; n < at; n++)
				rig_tick(&rig);
			s->apply(&rig.env.grid);
			rig_env(&rig);
			off = ticks_to_trip(&s->e, s->reason, s->e.time_ms + 200) -
			      (long)s->e.time_ms * 20;
			lo = min(lo, off);
			hi = max(hi, off);
		}
		print_message("%-24s %4u ms: off by %+.1f .. %+.1f ms\n", s->what, s->e.time_ms,
			      (double)lo / 20, (double)hi / 20);
		assert_true(lo >= -400);
		assert_true(hi <= 400);
	}
}

/**
 * struct fixed - limits of struct v2x_protection, and steps of the grid beyond one of them
 * @apply: step
 * @reason: of the trip
 */
struct fixed {
	const char *what;
	void (*apply)(struct plant_grid_env *g);
	u32 reason;
};

static const struct fixed fixed[] = {
	{ "over-voltage, just", v_1215, V2X_REASON_GRID_OVER_VOLTAGE },
	{ "over-voltage, far", v_1400, V2X_REASON_GRID_OVER_VOLTAGE },
	{ "under-voltage, just", v_790, V2X_REASON_GRID_UNDER_VOLTAGE },
	{ "under-voltage, far", v_300, V2X_REASON_GRID_UNDER_VOLTAGE },
	{ "over-frequency, just", f_51600, V2X_REASON_GRID_OVER_FREQUENCY },
	{ "over-frequency, far", f_54000, V2X_REASON_GRID_OVER_FREQUENCY },
	{ "under-frequency, just", f_47400, V2X_REASON_GRID_UNDER_FREQUENCY },
};

/* 1.2 and 0.8 of nominal, 47.5 and 51.5 Hz, each for @ms. */
static void limit_all(u32 ms)
{
	struct v2x_protection *p = &rig.user.protection;

	p->v_over_mv = 276000;
	p->v_under_mv = 184000;
	p->f_over_mhz = 51500;
	p->f_under_mhz = 47500;
	p->v_over_ms = ms;
	p->v_under_ms = ms;
	p->f_over_ms = ms;
	p->f_under_ms = ms;
	rig_user(&rig);
	rig_ms(&rig, 30);
}

/* Ticks from the step at @at of a cycle to the gates, less those of @ms. */
static long later_than(const struct fixed *f, u32 ms, u32 at)
{
	const struct v2x_event *trip;
	u64 begun;

	from_running();
	limit_all(ms);
	while (at--)
		rig_tick(&rig);
	f->apply(&rig.env.grid);
	rig_env(&rig);
	begun = rig.tick;
	rig_ms(&rig, ms + 100);
	trip = rig_has_event(&rig, V2X_EVENT_TRIP, f->reason);
	if (!trip)
		fail_msg("%s: fault %u", f->what, rig.ctl.seq.fault);
	return (long)(trip->tick - begun) - (long)ms * 20;
}

/* Two cycles later: one to fill a window, half of one to the next, half for the work on it. */
static void a_fixed_limit_trips_no_sooner_than_its_time_and_within_two_cycles_of_it(void **state)
{
	static const u32 times_ms[] = { 50, 100, 200 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(fixed) * ARRAY_SIZE(times_ms); i++) {
		const struct fixed *f = &fixed[i / ARRAY_SIZE(times_ms)];
		const u32 ms = times_ms[i % ARRAY_SIZE(times_ms)];
		long lo = LONG_MAX, hi = LONG_MIN;

		for (u32 at = 0; at < 400; at += 37) {
			const long off = later_than(f, ms, at);

			lo = min(lo, off);
			hi = max(hi, off);
		}
		print_message("%-22s %3u ms: %+.1f .. %+.1f ms\n", f->what, ms, (double)lo / 20,
			      (double)hi / 20);
		assert_true(lo >= 0 && hi <= 800);
	}
}

/* Steps of the grid that a stage must not see, and those it must. */
static void a_stage_does_not_trip_before_its_time_or_within_its_range(void **state)
{
	static const struct v2x_prot_entry e[] = {
		OV(V2X_PROT_V_PHASE, 276000, 160), UV(V2X_PROT_V_PHASE, 184000, 300),
		OV(V2X_PROT_F, 51500, 100), UV(V2X_PROT_F, 47500, 100),
	};

	u32 at;

	(void)state;
	for (at = 0; at < 20; at += 3) {
		from_running();
		load(e, ARRAY_SIZE(e));
		rig.env.grid.voltage_mpu = 1190;
		rig_env(&rig);
		rig_ms(&rig, 1000 + at);
		/* of 160 ms, less 18 ms that the cycle's window holds it, less 15 */
		rig.env.grid.voltage_mpu = 1300;
		rig_env(&rig);
		rig_ms(&rig, 120);
		rig.env.grid.voltage_mpu = 1000;
		rig_env(&rig);
		rig_ms(&rig, 500);
		rig.env.grid.frequency_mhz = 52000;	/* 70 of 100 ms */
		rig_env(&rig);
		rig_ms(&rig, 70);
		rig.env.grid.frequency_mhz = 51400;
		rig_env(&rig);
		rig_ms(&rig, 500);
		assert_int_equal(rig.ctl.seq.state, V2X_STATE_RUN);
	}
}

/* A phase jump of 60 degrees is no frequency: EN 50549 and 1547 want it ridden through. */
static void a_phase_jump_of_60_degrees_trips_no_frequency_stage_of_100_ms(void **state)
{
	static const struct v2x_prot_entry e[] = {
		OV(V2X_PROT_F, 51500, 100), UV(V2X_PROT_F, 47500, 100),
		{ V2X_PROT_ROCOF, V2X_PROT_OVER, V2X_PROT_TRIP, 0, 1000, 500, 500 },
	};
	s32 mdeg;

	(void)state;
	for (mdeg = -60000; mdeg <= 60000; mdeg += 20000) {
		from_running();
		load(e, ARRAY_SIZE(e));
		rig.user.protection.i_trip_ma = 60000;	/* not the current's test */
		rig_user(&rig);
		rig.env.grid.phase_mdeg = mdeg;
		rig_env(&rig);
		rig_ms(&rig, 1500);
		if (rig.ctl.seq.state != V2X_STATE_RUN)
			fail_msg("%d degrees: fault %u", mdeg / 1000, rig.ctl.seq.fault);
	}
}

static void ramp(s32 mhz_per_s, u32 ms)
{
	u32 f0 = rig.env.grid.frequency_mhz;
	u32 i;

	for (i = 1; i <= ms; i++) {
		rig.env.grid.frequency_mhz = (u32)((s32)f0 + mhz_per_s * (s32)i / 1000);
		rig_env(&rig);
		rig_ms(&rig, 1);
	}
}

static void a_rate_of_change_trips_above_its_threshold_only(void **state)
{
	static const struct v2x_prot_entry e = {
		V2X_PROT_ROCOF, V2X_PROT_OVER, V2X_PROT_TRIP, 0, 1000, 500, 200 };
	const struct v2x_event *trip;
	u64 begun;

	(void)state;
	from_running();
	load(&e, 1);
	ramp(-950, 1500);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_RUN);
	from_running();
	load(&e, 1);
	begun = rig.tick;
	ramp(-1100, 1500);
	trip = rig_has_event(&rig, V2X_EVENT_TRIP, V2X_REASON_GRID_ROCOF);
	assert_non_null(trip);
	assert_near(trip->value, 1100, 60);
	/* a ramp is seen whole when the window is full, 182 of its 200 ms */
	assert_near((double)(trip->tick - begun) / 20, 500 + 182, 20);
}

static void a_vector_shift_trips_beyond_its_angle_only(void **state)
{
	static const struct v2x_prot_entry e = {
		V2X_PROT_VECTOR_SHIFT, V2X_PROT_OVER, V2X_PROT_TRIP, 0, 10000, 0, 0 };
	const struct v2x_event *trip;
	u32 at;

	(void)state;
	for (at = 0; at < 400; at += 57) {
		u64 begun;

		from_running();
		load(&e, 1);
		rig_ms(&rig, 20);
		for (u32 n = 0; n < at; n++)
			rig_tick(&rig);
		rig.env.grid.phase_mdeg = -8500;
		rig_env(&rig);
		rig_ms(&rig, 1000);	/* and the slow mean is back */
		assert_int_equal(rig.ctl.seq.state, V2X_STATE_RUN);
		rig.env.grid.phase_mdeg += 12000;
		rig_env(&rig);
		begun = rig.tick;
		rig_ms(&rig, 200);
		trip = rig_has_event(&rig, V2X_EVENT_TRIP, V2X_REASON_GRID_VECTOR_SHIFT);
		assert_non_null(trip);
		assert_in_range(trip->tick - begun, 1, 1000);	/* 2.5 cycles */
		assert_in_range(trip->value, 10000, 12600);
	}
}

/* 1.12 of nominal, from ten good minutes: sqrt mean square passes 1.10 after 494 s. */
static void the_ten_minutes_mean_trips_when_it_must(void **state)
{
	static const struct v2x_prot_entry e =
		{ V2X_PROT_V_10MIN, V2X_PROT_OVER, V2X_PROT_TRIP, 0, 253000, 0, 0 };
	struct v2x_cycle c = { .ticks = 400, .v_mv = { 230000, 257600, 230000 } };
	struct v2x_halves_k k;
	static struct v2x_halves h;
	static struct v2x_stages s;
	struct v2x_trip trip;
	u32 n;

	(void)state;
	from_running();
	load(&e, 1);
	v2x_halves_init(&k, &h, &rig.desc);
	v2x_stages_init(&s);
	for (n = 0; n < 40000; n++) {
		v2x_halves_cycle(&k, &h, &c);
		v2x_stages_begin(&s, &rig.set.table, n * 400);
		while (s.busy)
			v2x_stages_next(&s, &rig.set.table, &h);
		if (v2x_stages_due(&s, &rig.set.table, V2X_PROT_TRIP, n * 400) >= 0)
			break;
	}
	/* (1.21 - 1) / (1.2544 - 1) of 600 s, renewed every 3 s */
	assert_near(n / 50.0, 600 * 0.21 / 0.2544, 3.1);
	v2x_stages_trip(&s, &rig.set.table, &h, 4, &trip);
	assert_int_equal(trip.reason, V2X_REASON_GRID_VOLTAGE_10MIN);
	assert_near(trip.value, 253000, 200);
}

static void a_peak_trips_after_three_samples_while_the_gates_switch(void **state)
{
	static const struct v2x_prot_entry e =
		{ V2X_PROT_V_PEAK, V2X_PROT_OVER, V2X_PROT_TRIP, 0, 420000, 0, 0 };
	const struct v2x_event *trip;

	(void)state;
	from_running();
	load(&e, 1);
	rig.env.grid.voltage_mpu = 1250;	/* 407 V peak */
	rig_env(&rig);
	rig_ms(&rig, 200);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_RUN);
	rig.env.grid.voltage_mpu = 1350;
	rig_env(&rig);
	rig_ms(&rig, 10);
	trip = rig_has_event(&rig, V2X_EVENT_TRIP, V2X_REASON_GRID_OVER_VOLTAGE);
	assert_non_null(trip);
	assert_int_equal(trip->limit, 420000);
}

/* ---- what is refused ------------------------------------------------------------ */

struct bad {
	const char *what;
	struct v2x_prot_entry e;
	int err;
	u32 why;
};

static void a_bad_entry_is_refused_by_its_index_and_why(void **state)
{
	static const struct bad bads[] = {
		{ "no quantity", { 0, 1, 1, 0, 300000, 100, 0 }, -EINVAL, V2X_PROT_BAD_FIELD },
		{ "unknown quantity", { 200, 1, 1, 0, 300000, 100, 0 }, -EINVAL, V2X_PROT_BAD_FIELD },
		{ "no side", { 1, 0, 1, 0, 300000, 100, 0 }, -EINVAL, V2X_PROT_BAD_FIELD },
		{ "side 3", { 1, 3, 1, 0, 300000, 100, 0 }, -EINVAL, V2X_PROT_BAD_FIELD },
		{ "no action", { 1, 1, 0, 0, 300000, 100, 0 }, -EINVAL, V2X_PROT_BAD_FIELD },
		{ "action 4", { 1, 1, 4, 0, 300000, 100, 0 }, -EINVAL, V2X_PROT_BAD_FIELD },
		{ "reserved", { 1, 1, 1, 9, 300000, 100, 0 }, -EINVAL, V2X_PROT_BAD_FIELD },
		{ "ROCOF under", { 9, 2, 1, 0, 1000, 500, 500 }, -EINVAL, V2X_PROT_BAD_FIELD },
		{ "cease on a peak", { 7, 1, 2, 0, 450000, 0, 0 }, -EINVAL, V2X_PROT_BAD_FIELD },
		{ "over below nominal", OV(1, 229999, 100), -ERANGE, V2X_PROT_BAD_THRESHOLD },
		{ "under above nominal", UV(1, 230001, 100), -ERANGE, V2X_PROT_BAD_THRESHOLD },
		{ "beyond the ratings", OV(1, 345001, 100), -ERANGE, V2X_PROT_BAD_THRESHOLD },
		{ "negative", UV(1, -1, 100), -ERANGE, V2X_PROT_BAD_THRESHOLD },
		{ "f not tracked", OV(8, 66001, 100), -ERANGE, V2X_PROT_BAD_THRESHOLD },
		{ "f not tracked", UV(8, 44999, 100), -ERANGE, V2X_PROT_BAD_THRESHOLD },
		{ "peak beyond", OV(7, 521000, 0), -ERANGE, V2X_PROT_BAD_THRESHOLD },
		{ "a cycle's RMS in 39 ms", OV(1, 300000, 39), -ERANGE, V2X_PROT_BAD_TIME },
		{ "half a cycle's in 29 ms", OV(2, 300000, 29), -ERANGE, V2X_PROT_BAD_TIME },
		{ "frequency in 39 ms", OV(8, 52000, 39), -ERANGE, V2X_PROT_BAD_TIME },
		{ "over an hour", OV(1, 300000, 3600001), -ERANGE, V2X_PROT_BAD_TIME },
		{ "shift with a time", { 10, 1, 1, 0, 10000, 1, 0 }, -ERANGE, V2X_PROT_BAD_TIME },
		{ "ROCOF without window", { 9, 1, 1, 0, 1000, 500, 0 }, -ERANGE, V2X_PROT_BAD_WINDOW },
		{ "ROCOF window too long", { 9, 1, 1, 0, 1000, 500, 650 }, -ERANGE, V2X_PROT_BAD_WINDOW },
		{ "voltage window", { 1, 1, 1, 0, 300000, 100, 20 }, -ERANGE, V2X_PROT_BAD_WINDOW },
		{ "twice", OV(1, 290000, 100), -ERANGE, V2X_PROT_TWICE },
		{ "farther but not faster", OV(1, 300000, 5000), -ERANGE, V2X_PROT_NEVER },
		{ "nearer and faster", OV(1, 280000, 99), -ERANGE, V2X_PROT_NEVER },
		{ "ride-through cut", { 1, 1, 3, 0, 290000, 101, 0 }, -ERANGE, V2X_PROT_CUTS_RIDE },
	};
	struct v2x_prot_table t;
	size_t i;

	(void)state;
	rig_init(&rig);
	for (i = 0; i < ARRAY_SIZE(bads); i++) {
		wide(&t);
		t.entry[0] = (struct v2x_prot_entry)OV(1, 290000, 100);
		t.entry[t.count++] = (struct v2x_prot_entry)OV(6, 260000, 0);
		t.entry[t.count++] = bads[i].e;
		if (v2x_prot_table_check(&rig.desc, &t) != bads[i].err || t.refused != 5 ||
		    t.why != bads[i].why)
			fail_msg("%s: entry %d, why %u", bads[i].what, (int)t.refused, t.why);
	}
}

static void a_table_without_a_trip_on_each_side_is_refused_whole(void **state)
{
	struct v2x_prot_table t;
	u32 gone;

	(void)state;
	rig_init(&rig);
	for (gone = 0; gone < 4; gone++) {
		wide(&t);
		t.entry[gone].action = V2X_PROT_CEASE;
		assert_int_equal(v2x_prot_table_check(&rig.desc, &t), -ERANGE);
		assert_int_equal(t.why, V2X_PROT_NO_TRIP);
		assert_int_equal(t.refused, V2X_PROT_NO_ENTRY);
	}
	wide(&t);
	assert_int_equal(v2x_prot_table_check(&rig.desc, &t), 0);
	assert_int_equal(t.why, V2X_PROT_FINE);
	t.entry[9].time_ms = 1;		/* beyond count */
	assert_int_equal(v2x_prot_table_check(&rig.desc, &t), -EINVAL);
	assert_int_equal(t.refused, 9);
}

static void the_default_table_is_what_the_protection_says_and_passes_the_check(void **state)
{
	struct v2x_prot_table t;

	(void)state;
	rig_init(&rig);
	rig.user.protection.v_over_mv = 262000;
	rig.user.protection.v_over_ms = 0;	/* at once is as fast as it is measured */
	v2x_prot_table_default(&rig.desc, &rig.user.protection, &t);
	assert_string_equal(t.name, "default");
	assert_int_equal(v2x_prot_table_check(&rig.desc, &t), 0);
	assert_int_equal(t.entry[0].threshold, 262000);
	assert_int_equal(t.entry[0].time_ms, 40);
	/* others are times outside: one cycle until it is seen comes on top */
	assert_int_equal(t.entry[1].time_ms, rig.user.protection.v_under_ms + 20);
	assert_int_equal(t.hash, v2x_prot_table_hash(&t));
	t.entry[2].threshold++;
	assert_int_not_equal(t.hash, v2x_prot_table_hash(&t));
}

/* FNV-1a of a table written down here byte by byte: anybody can compute it. */
static void the_hash_is_fnv1a_of_the_loaded_fields(void **state)
{
	struct v2x_prot_table t;
	u64 want = 0xcbf29ce484222325ULL;
	const u8 *b = (const u8 *)&t;
	size_t i;

	(void)state;
	wide(&t);
	t.k_permille = 2000;
	for (i = 16; i < 48; i++)	/* name */
		want = (want ^ b[i]) * 0x100000001b3ULL;
	for (i = 8; i < 16; i++)	/* version, count */
		want = (want ^ b[i]) * 0x100000001b3ULL;
	for (i = 64; i < 88; i++)	/* settings */
		want = (want ^ b[i]) * 0x100000001b3ULL;
	for (i = 120; i < 120 + 4 * 16; i++)
		want = (want ^ b[i]) * 0x100000001b3ULL;
	assert_int_equal(v2x_prot_table_hash(&t), want);
}

/* Another table begins its times anew; the same one loaded again does not. */
static void loading_the_same_table_again_and_again_does_not_hold_a_trip_back(void **state)
{
	static const struct v2x_prot_entry e = OV(V2X_PROT_V_PHASE, 276000, 500);
	u32 i;

	(void)state;
	from_running();
	load(&e, 1);
	rig.env.grid.voltage_mpu = 1300;
	rig_env(&rig);
	for (i = 0; i < 60 && rig.out.gate.gates; i++) {
		rig_user(&rig);
		rig_ms(&rig, 10);
	}
	assert_near(i * 10, 500, 20);
	assert_int_equal(rig.ctl.seq.fault, V2X_REASON_GRID_OVER_VOLTAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clearing_times_are_kept_within_a_cycle),
		cmocka_unit_test(
			a_fixed_limit_trips_no_sooner_than_its_time_and_within_two_cycles_of_it),
		cmocka_unit_test(a_stage_does_not_trip_before_its_time_or_within_its_range),
		cmocka_unit_test(a_phase_jump_of_60_degrees_trips_no_frequency_stage_of_100_ms),
		cmocka_unit_test(a_rate_of_change_trips_above_its_threshold_only),
		cmocka_unit_test(a_vector_shift_trips_beyond_its_angle_only),
		cmocka_unit_test(the_ten_minutes_mean_trips_when_it_must),
		cmocka_unit_test(a_peak_trips_after_three_samples_while_the_gates_switch),
		cmocka_unit_test(a_bad_entry_is_refused_by_its_index_and_why),
		cmocka_unit_test(a_table_without_a_trip_on_each_side_is_refused_whole),
		cmocka_unit_test(the_default_table_is_what_the_protection_says_and_passes_the_check),
		cmocka_unit_test(the_hash_is_fnv1a_of_the_loaded_fields),
		cmocka_unit_test(loading_the_same_table_again_and_again_does_not_hold_a_trip_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
