// SPDX-License-Identifier: Apache-2.0
/*
 * Loss of mains on the circuit of IEC 62116 and IEEE 1547.1: a resonant load
 * of quality 1 at the terminals, tuned to the power that flows, and the
 * breaker opens. Trip limits as IEEE 1547.1 has them for the test, so that
 * only the detector can trip.
 */
#include "test.h"

#include "island_lab.h"

static struct rig rig[ISLAND_CHARGERS];

/* Milliseconds until the last one's gates are off; 5000: never. */
static u32 run_on(u32 n)
{
	u32 ms;

	for (ms = 0; ms < 5000 && island_feeding(rig, n); ms += 5)
		island_together(rig, n, 5);
	return ms;
}

static void start(u32 n, const s32 *p_mw, u32 f_nominal, u32 gain, u32 q)
{
	struct plant_cfg cfg;

	plant_cfg_default(&cfg);
	cfg.f_nominal_mhz = f_nominal;
	island_start(rig, n, cfg, p_mw, gain, q);
}

static struct rig ready;

/* One charger at @p_mw with the load for it, a mismatch of it, and the breaker opens. */
static u32 island(double load_w, double qf, double c_excess)
{
	rig[0] = ready;
	island_load(&rig[0], load_w, qf, c_excess);
	island_together(rig, 1, 300);
	island_breaker(rig, 1, 1);
	return run_on(1);
}

static void a_matched_island_is_left_within_two_seconds_over_the_grid_of_mismatches(void **state)
{
	static const s32 powers[] = { -11000000, -6600000, -3300000 };
	static const u32 nominal[] = { 50000, 60000 };
	u32 k, f, ms, worst = 0;
	int c, p;

	(void)state;
	for (f = 0; f < ARRAY_SIZE(nominal); f++) {
		for (k = 0; k < ARRAY_SIZE(powers); k++) {
			start(1, &powers[k], nominal[f], 200, 100);
			ready = rig[0];
			print_message("%u Hz, %d W: C %%/P %%", nominal[f] / 1000, powers[k] / 1000);
			for (p = -10; p <= 10; p += 5) {
				for (c = -10; c <= 10; c += p ? 5 : 1) {
					ms = island(-powers[k] / 1e3 * (1 + p / 100.0), 1,
						    c / 100.0);
					if (ms > worst || ms >= 2000)
						print_message(" %+d/%+d:%u", c, p, ms);
					worst = max(worst, ms);
				}
			}
			print_message("\n");
		}
	}
	print_message("worst %u ms\n", worst);
	assert_true(worst < 2000);
}

/* What the circuit must do first: stay alive when nobody looks. */
static void without_the_detector_the_matched_island_stays(void **state)
{
	static const s32 p = -11000000;

	(void)state;
	start(1, &p, 50000, 0, 0);
	island_load(&rig[0], 11000, 1, 0);
	island_together(rig, 1, 300);
	island_breaker(rig, 1, 1);
	assert_int_equal(run_on(1), 5000);
	assert_near(rig[0].cycle.f_mhz, 50000, 300);
	assert_near(rig[0].cycle.v_mv[0], 230000, 7000);
}

static void quality_two_is_detected_too(void **state)
{
	static const s32 p = -11000000;
	u32 worst = 0, ms;
	int c;

	(void)state;
	start(1, &p, 50000, 200, 100);
	ready = rig[0];
	for (c = -5; c <= 5; c++) {
		ms = island(11000, 2, c / 100.0);
		worst = max(worst, ms);
	}
	print_message("Qf 2: worst %u ms\n", worst);
	assert_true(worst < 2000);
}

static void chargers_in_parallel_do_not_blind_each_other(void **state)
{
	static const s32 powers[][3] = {
		{ -11000000, -11000000, 0 },
		{ -11000000, -3000000, -7000000 },
		{ -11000000, 4000000, 0 },	/* one charges from the other */
		{ -9000000, 2000000, -2000000 },
	};
	static const u32 counts[] = { 2, 3, 2, 3 };
	static struct rig all[3];
	u32 k, i, ms, worst = 0;
	int c;

	(void)state;
	for (k = 0; k < ARRAY_SIZE(counts); k++) {
		u32 n = counts[k];
		double p = 0;

		start(n, powers[k], 50000, 200, 100);
		memcpy(all, rig, sizeof(all));
		for (i = 0; i < n; i++)
			p -= powers[k][i] / 1e3;
		print_message("%u chargers, %.0f W together:", n, p);
		for (c = -5; c <= 5; c++) {
			memcpy(rig, all, sizeof(rig));
			for (i = 0; i < n; i++)
				island_load(&rig[i], p, 1, c / 100.0);
			island_together(rig, n, 300);
			island_breaker(rig, n, 1);
			ms = run_on(n);
			worst = max(worst, ms);
			print_message(" %u", ms);
		}
		print_message(" ms\n");
	}
	assert_true(worst < 2000);
}

/* Nothing feeds it: the voltage falls, and that is found. */
static void a_charging_charger_leaves_its_island_too(void **state)
{
	static const s32 p = 7000000;
	u32 ms;

	(void)state;
	start(1, &p, 50000, 200, 100);
	v2x_ctl_default(&rig[0].desc, &rig[0].user);
	rig_power(&rig[0], p);
	rig_ms(&rig[0], 500);
	island_load(&rig[0], 7000, 1, 0);
	island_together(rig, 1, 300);
	island_breaker(rig, 1, 1);
	ms = run_on(1);
	print_message("charging: %u ms, fault %u\n", ms, rig[0].ctl.seq.fault);
	assert_true(ms < 2000);
}

/* ---- what is no island ------------------------------------------------------- */

static void quiet(const char *what)
{
	if (rig[0].ctl.seq.state != V2X_STATE_RUN)
		fail_msg("%s: fault %u", what, rig[0].ctl.seq.fault);
}

static void ramp(s32 mhz_per_s, u32 ms)
{
	u32 f0 = rig[0].env.grid.frequency_mhz;
	u32 i;

	for (i = 1; i <= ms; i++) {
		rig[0].env.grid.frequency_mhz = (u32)((s32)f0 + mhz_per_s * (s32)i / 1000);
		rig_env(&rig[0]);
		rig_ms(&rig[0], 1);
	}
}

static void moving_frequencies_are_no_island(void **state)
{
	static const s32 p = -9000000;
	s32 rate;
	u32 i;

	(void)state;
	start(1, &p, 50000, 200, 100);
	ready = rig[0];
	for (rate = -4000; rate <= 4000; rate += 1000) {
		rig[0] = ready;
		ramp(rate, 700);
		rig_ms(&rig[0], 1000);
		quiet("ramp");
		ramp(-rate, 700);
		rig_ms(&rig[0], 1000);
		quiet("ramp back");
	}
	/* zigzag of 4 Hz/s, periods about the proof's */
	for (i = 60; i <= 300; i += 40) {
		u32 n;

		rig[0] = ready;
		for (n = 0; n < 10; n++) {
			ramp(4000, i / 2);
			ramp(-4000, i);
			ramp(4000, i - i / 2);
		}
		quiet("zigzag");
	}
}

static void jumps_and_dips_are_no_island(void **state)
{
	static const s32 powers[] = { -9000000, 9000000 };
	u32 k, v;
	s32 deg;

	(void)state;
	for (k = 0; k < 2; k++) {
		start(1, &powers[k], 50000, 200, 100);
		rig[0].user.protection.i_trip_ma = 60000;	/* not the current's test */
		rig_user(&rig[0]);
		ready = rig[0];
		for (deg = -60; deg <= 60; deg += 20) {
			rig[0] = ready;
			rig[0].env.grid.phase_mdeg = deg * 1000;
			rig_env(&rig[0]);
			rig_ms(&rig[0], 1500);
			quiet("jump");
		}
		for (v = 200; v <= 900; v += 100) {
			rig[0] = ready;
			rig[0].env.grid.voltage_mpu = v;
			rig[0].env.grid.phase_mdeg = 15000;
			rig_env(&rig[0]);
			rig_ms(&rig[0], 200);
			rig[0].env.grid.voltage_mpu = 1000;
			rig[0].env.grid.phase_mdeg = 0;
			rig_env(&rig[0]);
			rig_ms(&rig[0], 1000);
			quiet("dip");
		}
	}
}

/* ---- records of real grids, in the directory that REF names ------------------- */

#define POINTS	40000
static struct plant_replay_point point[POINTS];
static struct plant_replay_rec record[POINTS];

/* Columns t_s and one more, frequency (hz) or voltage (pu); every row may be @skip times t_ms. */
static u32 read_record(const char *ref, const char *name, bool hz, double most_s)
{
	char command[400], line[200];
	double t, x;
	u32 n = 0;
	FILE *f;

	snprintf(command, sizeof(command), "gzip -dcf '%s/%s'", ref, name);
	f = popen(command, "r");
	assert_non_null(f);
	while (n < POINTS && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%lf,%lf", &t, &x) != 2 || t > most_s)
			continue;
		point[n].t_ms = (u32)(t * 1000);
		point[n].f_mhz = hz ? (s32)lround(x * 1000) : 50000;
		point[n].v_mpu = hz ? 1000 : (s32)lround(x * 1000);
		n += !n || point[n].t_ms > point[n - 1].t_ms;
	}
	pclose(f);
	assert_true(n > 100);
	return n;
}

static double q_square, q_most;
static u64 q_count;

static void watch_q(struct rig *r)
{
	double q = r->ctl.lom.q_mvar;

	q_square += q * q;
	q_most = max(q_most, fabs(q));
	q_count++;
}

static void real_records_are_no_island_and_cost_little_reactive_power(void **state)
{
	static const struct {
		const char *name;
		bool hz;
		double most_s;
	} records[] = {
		{ "gridcodes/recordings/rec_dk1_frequency.csv.gz", true, 30 },
		{ "data/frequency/cn_mains_10hz_rec001.csv", true, 60 },
		{ "data/frequency/cn_mains_10hz_rec041.csv", true, 60 },
		{ "gridcodes/recordings/rec_dk1_fault1_vrms.csv.gz", false, 30 },
		{ "gridcodes/recordings/rec_dk1_fault2_vrms.csv.gz", false, 30 },
		{ "gridcodes/recordings/rec_slow_recovery_vrms.csv.gz", false, 30 },
	};
	static const s32 p = -9000000;
	const char *ref = getenv("REF");
	size_t i;
	u32 n;

	(void)state;
	if (!ref)
		skip();
	start(1, &p, 50000, 200, 100);
	ready = rig[0];
	for (i = 0; i < ARRAY_SIZE(records); i++) {
		rig[0] = ready;
		n = read_record(ref, records[i].name, records[i].hz, records[i].most_s);
		assert_int_equal(plant_replay_load(point, n, record), -1);
		plant_replay_start(&rig[0].plant, record, n, 1000, rig[0].desc.tick_hz);
		q_square = 0;
		q_most = 0;
		q_count = 0;
		rig[0].each = watch_q;
		rig_ms(&rig[0], point[n - 1].t_ms - point[0].t_ms);
		print_message("%-52s q rms %.2f %%, most %.2f %% of rating\n", records[i].name,
			      100 * sqrt(q_square / (double)q_count) / 11040000,
			      100 * q_most / 11040000);
		quiet(records[i].name);
		if (records[i].hz)
			assert_true(sqrt(q_square / (double)q_count) < 0.01 * 11040000);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_matched_island_is_left_within_two_seconds_over_the_grid_of_mismatches),
		cmocka_unit_test(without_the_detector_the_matched_island_stays),
		cmocka_unit_test(quality_two_is_detected_too),
		cmocka_unit_test(chargers_in_parallel_do_not_blind_each_other),
		cmocka_unit_test(a_charging_charger_leaves_its_island_too),
		cmocka_unit_test(moving_frequencies_are_no_island),
		cmocka_unit_test(jumps_and_dips_are_no_island),
		cmocka_unit_test(real_records_are_no_island_and_cost_little_reactive_power),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
