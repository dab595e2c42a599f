// SPDX-License-Identifier: Apache-2.0
/*
 * The grid of mismatches of IEC 62116 for each arrangement of phases: load at
 * 100, 66 and 33 % of the power, P off by up to 10 %, Q by up to 5 % in steps
 * of one. A run passes when the gates are off within 2 s, the trip is latched
 * with the reason that was found, and nothing is fed again, not even when the
 * grid is back. And what the active method costs the grid that is there.
 */
#include "test.h"

#include "island_lab.h"
#include "prot_table.h"

#define PI 3.14159265358979

static struct rig rig[ISLAND_CHARGERS];
static struct rig ready[ISLAND_CHARGERS];

static void start(const char *model, u32 n, const s32 *p_mw, u32 gain)
{
	struct plant_cfg cfg;

	plant_cfg_default(&cfg);
	assert_true(plant_cfg_model(&cfg, model));
	island_start(rig, n, cfg, p_mw, gain, 100);
	memcpy(ready, rig, sizeof(ready));
}

/* What may have been found: the detector, or a stage by what it measured. */
static bool measured(u32 reason)
{
	return reason == V2X_REASON_LOSS_OF_MAINS || reason == V2X_REASON_GRID_OVER_VOLTAGE ||
	       reason == V2X_REASON_GRID_UNDER_VOLTAGE || reason == V2X_REASON_GRID_ABSENT ||
	       reason == V2X_REASON_GRID_PHASE_LOSS ||
	       reason == V2X_REASON_DC_LINK_UNDER_VOLTAGE;	/* charging at rated power */
}

/* Nothing is fed for @ms, whatever happens. */
static void stays_off(u32 n, u32 ms, const char *what)
{
	while (ms) {
		island_together(rig, n, 5);
		ms -= 5;
		if (island_feeding(rig, n))
			fail_msg("%s: feeds again", what);
	}
}

/* ms until the last one's gates are off; the strict end of a run */
static u32 leaves(u32 n, const char *what)
{
	u32 ms, i;

	for (ms = 0; ms < 3000 && island_feeding(rig, n); ms += 5)
		island_together(rig, n, 5);
	if (ms >= 2000)
		fail_msg("%s: feeds after 2 s", what);
	stays_off(n, 400, what);
	for (i = 0; i < n; i++)
		if (rig[i].ctl.seq.state != V2X_STATE_FAULT || !measured(rig[i].ctl.seq.fault))
			fail_msg("%s: charger %u in state %u, fault %u: no trip is latched", what, i,
				 rig[i].ctl.seq.state, rig[i].ctl.seq.fault);
	island_breaker(rig, n, 0);
	stays_off(n, 100, what);
	return ms;
}

struct arrangement {
	const char *model;
	s32 rated_mw;
};

static const struct arrangement arrangements[] = {
	{ "3p-11kw", 11000000 }, { "1p-7kw", 7000000 }, { "split-9kw", 9000000 },
};

static void each_arrangement_leaves_over_the_whole_grid_of_mismatches(void **state)
{
	static const u32 levels[] = { 100, 66, 33 };
	char what[100];
	size_t a, l;
	int p, q;

	(void)state;
	for (a = 0; a < ARRAY_SIZE(arrangements); a++) {
		u32 worst = 0, detected = 0, runs = 0;

		for (l = 0; l < ARRAY_SIZE(levels); l++) {
			s32 feed = -(s32)((s64)arrangements[a].rated_mw * levels[l] / 100);

			start(arrangements[a].model, 1, &feed, 200);
			for (p = -10; p <= 10; p += 5) {
				for (q = -5; q <= 5; q++) {
					u32 ms;

					snprintf(what, sizeof(what), "%s at %u %%, P %+d %%, Q %+d %%",
						 arrangements[a].model, levels[l], p, q);
					rig[0] = ready[0];
					island_load(&rig[0], feed / 1e3 * (1 + p / 100.0), 1, q / 100.0);
					island_together(rig, 1, 300);
					island_breaker(rig, 1, 1);
					ms = leaves(1, what);
					worst = max(worst, ms);
					runs++;
					detected += rig[0].ctl.seq.fault == V2X_REASON_LOSS_OF_MAINS;
				}
			}
		}
		print_message("%s: %u runs, worst %u ms, %u by the detector\n",
			      arrangements[a].model, runs, worst, detected);
	}
}

static void chargers_in_parallel_leave_in_each_arrangement(void **state)
{
	/* of a tenth of the rating; the second row has one that charges from the others */
	static const s32 share[][3] = { { -10, -3, -6 }, { -10, -5, 4 } };
	char what[100];
	size_t a, k;
	int q;

	(void)state;
	for (a = 0; a < ARRAY_SIZE(arrangements); a++) {
		u32 worst = 0;

		for (k = 0; k < ARRAY_SIZE(share); k++) {
			s32 p[3];
			double sum = 0;
			u32 i;

			for (i = 0; i < 3; i++) {
				p[i] = arrangements[a].rated_mw / 10 * share[k][i];
				sum -= p[i] / 1e3;
			}
			start(arrangements[a].model, 3, p, 200);
			for (q = -4; q <= 4; q += 2) {
				u32 ms;

				snprintf(what, sizeof(what), "three %s, row %zu, Q %+d %%",
					 arrangements[a].model, k, q);
				memcpy(rig, ready, sizeof(rig));
				for (i = 0; i < 3; i++)
					island_load(&rig[i], sum, 1, q / 100.0);
				island_together(rig, 3, 300);
				island_breaker(rig, 3, 1);
				ms = leaves(3, what);
				worst = max(worst, ms);
			}
		}
		print_message("three of %s: worst %u ms\n", arrangements[a].model, worst);
	}
}

/*
 * Alone with a load a charger that charges has nobody to take from: it ceases
 * with the voltage and trips as soon as the table does not want more ridden
 * through. Default table: no grid for 300 ms.
 */
static void a_charger_that_charges_ceases_and_latches(void **state)
{
	char what[100];
	size_t a;
	int q;

	(void)state;
	for (a = 0; a < ARRAY_SIZE(arrangements); a++) {
		s32 p = arrangements[a].rated_mw;
		u32 worst = 0;

		start(arrangements[a].model, 1, &p, 200);
		ready[0].user.table = (struct v2x_prot_table){ 0 };
		for (q = -5; q <= 5; q += 5) {
			u32 ms;

			snprintf(what, sizeof(what), "%s charging, Q %+d %%", arrangements[a].model, q);
			rig[0] = ready[0];
			rig_user(&rig[0]);
			island_load(&rig[0], p / 1e3, 1, q / 100.0);
			island_together(rig, 1, 300);
			island_breaker(rig, 1, 1);
			ms = leaves(1, what);
			worst = max(worst, ms);
		}
		print_message("%s charging: worst %u ms, fault %u\n", arrangements[a].model, worst,
			      rig[0].ctl.seq.fault);
	}
}

/* ---- what it costs ----------------------------------------------------------- */

#define CYCLES	10
static double wave[CYCLES * 400];
static u32 waves;

static void keep_wave(struct rig *r)
{
	if (waves < ARRAY_SIZE(wave))
		wave[waves++] = r->out.sample.i_ma[0];
}

/* Share of the harmonics 2 to 40 and of what is beside the fundamental's neighbours. */
static double thd(double f0, double fs)
{
	double one = 0, rest = 0;
	int h;

	for (h = 1; h <= 40; h++) {
		double re = 0, im = 0;

		for (u32 i = 0; i < waves; i++) {
			re += wave[i] * cos(2 * PI * f0 * h * i / fs);
			im += wave[i] * sin(2 * PI * f0 * h * i / fs);
		}
		if (h == 1)
			one = re * re + im * im;
		else
			rest += re * re + im * im;
	}
	return sqrt(rest / one);
}

struct quality {
	double thd;
	double f_rms_mhz;
	double q_rms;	/* of the rating */
};

static struct quality quality_of(const char *model, s32 p_mw, u32 gain, u32 lg_nh)
{
	struct quality r = { 0 };
	double f = 0, f2 = 0, q2 = 0;
	u32 i, n = 100;

	start(model, 1, &p_mw, gain);
	rig[0].env.grid.lg_nh = lg_nh;
	rig_env(&rig[0]);
	rig_ms(&rig[0], 2000);
	waves = 0;
	rig[0].each = keep_wave;
	rig_ms(&rig[0], CYCLES * 20);
	rig[0].each = NULL;
	r.thd = thd(rig[0].desc.f_nominal_mhz / 1e3, rig[0].desc.tick_hz);
	for (i = 0; i < n; i++) {
		double x, q = rig[0].ctl.lom.q_mvar;

		rig_ms(&rig[0], 20);
		x = rig[0].cycle.f_mhz;
		f += x;
		f2 += x * x;
		q2 += q * q;
	}
	r.f_rms_mhz = sqrt(fmax(f2 / n - f / n * f / n, 0));
	r.q_rms = sqrt(q2 / n) / rig[0].desc.s_rated_mva;
	assert_int_equal(rig[0].ctl.seq.state, V2X_STATE_RUN);
	return r;
}

/* Stiff and at a short-circuit ratio of 10. */
static void the_method_costs_no_quality(void **state)
{
	static const u32 lg_nh[] = { 50000, 1500000 };
	size_t a, g;

	(void)state;
	for (a = 0; a < ARRAY_SIZE(arrangements); a++) {
		for (g = 0; g < ARRAY_SIZE(lg_nh); g++) {
			s32 p = -arrangements[a].rated_mw;
			struct quality off = quality_of(arrangements[a].model, p, 0, lg_nh[g]);
			struct quality on = quality_of(arrangements[a].model, p, 200, lg_nh[g]);

			print_message("%s, %.2f mH: THD %.3f %% (off %.3f), f %.2f mHz rms (off %.2f),"
				      " Q %.3f %%\n", arrangements[a].model, lg_nh[g] / 1e6,
				      100 * on.thd, 100 * off.thd, on.f_rms_mhz, off.f_rms_mhz,
				      100 * on.q_rms);
			assert_true(on.thd < off.thd + 0.001);
			assert_true(on.f_rms_mhz < off.f_rms_mhz + 5);
			assert_true(on.q_rms < 0.002);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_arrangement_leaves_over_the_whole_grid_of_mismatches),
		cmocka_unit_test(chargers_in_parallel_leave_in_each_arrangement),
		cmocka_unit_test(a_charger_that_charges_ceases_and_latches),
		cmocka_unit_test(the_method_costs_no_quality),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
