// SPDX-License-Identifier: Apache-2.0
/*
 * A day and a year of service: counters, clocks, registers and running sums that
 * grow are started near where they wrap, and all that is seen stays the same to
 * the bit; and a day of mains cycles goes through the ten-minute mean.
 */
#include "test.h"

#include "rig.h"

#define CYCLES	400
#define DAY_S	86400

static struct rig rig;

/* Where a run begins: all zero is a charger that has just been switched on. */
struct origin {
	const char *what;
	u64 tick;
	s64 e_mj;
	u32 f_sum;
};

struct seen {
	struct v2x_cycle cycle[CYCLES];
	u32 cycles;
	struct v2x_event event[RIG_EVENTS];
	u32 events;
};

static struct seen fresh, aged;
static struct seen *into;
static struct origin from;

/* What is counted from the origin. */
static void note(struct rig *r)
{
	struct v2x_cycle *c = &into->cycle[into->cycles];

	if (!r->out.cycle_done || into->cycles == CYCLES)
		return;
	*c = r->out.cycle;
	c->tick -= from.tick;
	c->t_ns -= from.tick * (1000000000ULL / r->desc.tick_hz);
	c->e_import_mj -= from.e_mj;
	c->e_export_mj -= from.e_mj;
	into->cycles++;
}

static void start(const char *model, const struct origin *o, struct seen *s)
{
	struct plant_cfg cfg;

	plant_cfg_default(&cfg);
	assert_true(plant_cfg_model(&cfg, model));
	rig_init_with(&rig, &cfg);
	from = *o;
	*s = (struct seen){ 0 };
	into = s;
	rig.tick = o->tick;
	for (u32 dir = 0; dir < 2; dir++)
		rig.ctl.measure.e_mj[dir] = o->e_mj;
	for (u32 i = 0; i < ARRAY_SIZE(rig.ctl.prot.halves.f_sum); i++)
		rig.ctl.prot.halves.f_sum[i] = o->f_sum;
	rig.each = note;
}

static void finish(struct seen *s)
{
	s->events = rig.events;
	for (u32 i = 0; i < rig.events; i++) {
		s->event[i] = rig.event[i];
		s->event[i].tick -= from.tick;
		s->event[i].t_ns -= from.tick * (1000000000ULL / rig.desc.tick_hz);
	}
}

/* Power both ways, a phase jump, a trip by frequency, again, and a lease that ends. */
static void serve(const char *model, const struct origin *o, struct seen *s)
{
	start(model, o, s);
	assert_true(rig_run(&rig));
	rig_power(&rig, -6000000);
	rig_ms(&rig, 400);
	assert_near(rig.cycle.p_mw, -6000000, 120000);
	rig.env.grid.phase_mdeg = 15000;
	rig_env(&rig);
	rig_power(&rig, 5000000);
	rig_ms(&rig, 400);
	assert_near(rig.cycle.p_mw, 5000000, 100000);
	rig.env.grid.frequency_mhz += 2500;
	rig_env(&rig);
	assert_true(rig_until(&rig, V2X_STATE_FAULT, 1000) >= 0);
	assert_int_equal(rig.ctl.seq.fault, V2X_REASON_GRID_OVER_FREQUENCY);
	rig.env.grid.frequency_mhz -= 2500;
	rig_env(&rig);
	rig_ms(&rig, 600);
	rig_request(&rig, V2X_CTL_REQ_ACK, 0);
	rig_ms(&rig, 50);
	rig_request(&rig, V2X_CTL_REQ_START, V2X_REASON_REQUEST);
	assert_true(rig_until(&rig, V2X_STATE_RUN, 5000) >= 0);
	rig.user.lease_until_tick = rig.tick + 4000;
	rig_user(&rig);
	rig_ms(&rig, 195);
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_RUN);
	assert_true(rig_until(&rig, V2X_STATE_IDLE, 1000) >= 0);
	assert_int_equal(rig.ctl.seq.reason, V2X_REASON_LEASE);
	finish(s);
}

static void the_same_from(const struct origin *o)
{
	static const char *const models[] = { "3p-11kw", "1p-7kw", "split-9kw" };
	static const struct origin zero = { .what = "zero" };

	for (size_t m = 0; m < ARRAY_SIZE(models); m++) {
		serve(models[m], &zero, &fresh);
		serve(models[m], o, &aged);
		assert_true(fresh.cycles > 100);
		assert_int_equal(aged.cycles, fresh.cycles);
		for (u32 i = 0; i < fresh.cycles; i++)
			assert_memory_equal(&aged.cycle[i], &fresh.cycle[i], sizeof(fresh.cycle[i]));
		assert_int_equal(aged.events, fresh.events);
		for (u32 i = 0; i < fresh.events; i++)
			assert_memory_equal(&aged.event[i], &fresh.event[i], sizeof(fresh.event[i]));
	}
}

/* 2^32 ticks are 59.7 hours at 20 kHz; multiples of 64 keep the schedule of the work. */
static void ticks_pass_32_bits_unseen(void **state)
{
	static const struct origin o = { .what = "two and a half days", .tick = (1ULL << 32) - 49984 };

	(void)state;
	the_same_from(&o);
}

static void ticks_pass_31_bits_unseen(void **state)
{
	static const struct origin o = { .what = "thirty hours", .tick = (1ULL << 31) - 49984 };

	(void)state;
	the_same_from(&o);
}

/* 2^63 ns after 292 years; 2^53 where a double no longer counts. */
static void nanoseconds_pass_53_bits_unseen(void **state)
{
	static const struct origin o = {
		.what = "104 days", .tick = (1ULL << 53) / 50000 / 64 * 64 - 49984,
	};

	(void)state;
	the_same_from(&o);
}

/* 2^32 mJ are 1.2 kWh, 2^53 a hundred years of 22 kW and more. */
static void energy_registers_pass_32_and_53_bits_unseen(void **state)
{
	static const struct origin at[] = {
		{ .what = "1.2 kWh", .e_mj = (1LL << 32) - 1000000 },
		{ .what = "2.5 GWh", .e_mj = (1LL << 53) - 1000000 },
	};

	(void)state;
	the_same_from(&at[0]);
	the_same_from(&at[1]);
}

/* By half cycles of 50000 mHz it wraps every 859 s. */
static void the_running_sum_of_frequencies_wraps_unseen(void **state)
{
	static const struct origin o = { .what = "859 s", .f_sum = 0xffffffffU - 150 * 50000 };

	(void)state;
	the_same_from(&o);
}

static u64 mean_mv2(const struct v2x_halves *h)
{
	const struct v2x_quant *q = &h->quant[V2X_PROT_V_10MIN];

	return ((u64)q->hi << 8) / q->n;
}

/* 4.3 million cycles: the mean's running sum is still that of its blocks. */
static void a_day_of_cycles_leaves_the_ten_minute_mean_exact(void **state)
{
	const u32 hz = 50, n = 400;
	struct v2x_cycle c = { .ticks = n };
	struct v2x_halves *h = &rig.ctl.prot.halves;
	struct v2x_mean_block sum = { 0 };
	u64 want;

	(void)state;
	rig_init(&rig);
	for (u32 i = 0; i < DAY_S * hz; i++) {
		for (u32 x = 0; x < 3; x++)
			c.v_mv[x] = (s32)(225000 + (i * (x + 7)) % 10007);
		c.ticks = n - 3 + i % 7;
		v2x_halves_cycle(&rig.ctl.k.prot.halves, h, &c);
	}
	for (u32 b = 0; b < V2X_MEAN_BLOCKS; b++) {
		for (u32 x = 0; x < 3 && b != h->at_block; x++)
			sum.v2[x] += h->block[b].v2[x];
		sum.n += b != h->at_block ? h->block[b].n : 0;
	}
	assert_memory_equal(h->sum.v2, sum.v2, sizeof(sum.v2));
	assert_int_equal(h->sum.n, sum.n);
	/* ten minutes of one voltage are that voltage */
	for (u32 i = 0; i < 603 * hz; i++) {
		c = (struct v2x_cycle){ .ticks = n, .v_mv = { 241000, 241000, 241000 } };
		v2x_halves_cycle(&rig.ctl.k.prot.halves, h, &c);
	}
	want = 241000ULL * 241000;
	assert_near(mean_mv2(h), want, 256);
}

/* A minute at constant power: what the registers add up is power times time. */
static void registers_are_power_times_time(void **state)
{
	s64 sum = 0, before;

	(void)state;
	start("3p-11kw", &(struct origin){ .what = "fresh" }, &fresh);
	assert_true(rig_run(&rig));
	rig_power(&rig, 7000000);
	rig_ms(&rig, 500);
	before = rig.ctl.measure.e_mj[0];
	for (u32 i = 0; i < 60 * 20000; i++) {
		rig_tick(&rig);
		if (rig.out.cycle_done)
			sum += (s64)rig.out.cycle.p_mw * rig.out.cycle.ticks;
	}
	/* mW ticks of 50 us: a millijoule is 20000; half a milliwatt is lost by each record */
	assert_near(rig.ctl.measure.e_mj[0] - before, (double)sum / 20000, 60 * 0.5 + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ticks_pass_32_bits_unseen),
		cmocka_unit_test(ticks_pass_31_bits_unseen),
		cmocka_unit_test(nanoseconds_pass_53_bits_unseen),
		cmocka_unit_test(energy_registers_pass_32_and_53_bits_unseen),
		cmocka_unit_test(the_running_sum_of_frequencies_wraps_unseen),
		cmocka_unit_test(a_day_of_cycles_leaves_the_ten_minute_mean_exact),
		cmocka_unit_test(registers_are_power_times_time),
	};

	return cmocka_run_group_tests_name("control-drift", tests, NULL, NULL);
}
