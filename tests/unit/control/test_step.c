// SPDX-License-Identifier: Apache-2.0
/*
 * Steps of the set-point at the fastest ramp: 20 ms to 90 % of the way, at most
 * 5 % of the rating beyond it.
 *
 * Three phases: the sum of the instantaneous powers at the terminals. One and
 * split phase: it swings between nothing and twice its mean, so that it is the
 * mean over half a period of the grid, which removes the swing exactly. A ramp
 * leaves such a mean half of its window late, a quarter of a period, which is
 * no property of the charger and is taken off.
 */
#include "test.h"

#include "mini.h"
#include "rig.h"

#define LONGEST_MS	20.0
#define MOST_OVER	0.05
#define AFTER_MS	150

static struct rig rig;
static struct mini mini;

/**
 * struct watched - the way of a power
 * @from_w, @to_w: of the step
 * @rated_w: what an overshoot is held against
 * @at_ms: 90 % of the way was reached, 0: not yet
 * @beyond_w: most beyond @to_w
 */
struct watched {
	double from_w, to_w, rated_w;
	double at_ms;
	double beyond_w;
};

static void look(struct watched *w, double p_w, double t_ms)
{
	double sign = w->to_w > w->from_w ? 1 : -1;

	if (w->at_ms <= 0 && sign * (p_w - w->from_w) >= 0.9 * sign * (w->to_w - w->from_w))
		w->at_ms = t_ms;
	w->beyond_w = fmax(w->beyond_w, sign * (p_w - w->to_w));
}

static void judge(const struct watched *w, const char *what)
{
	print_message("%s, %.0f to %.0f W: 90 %% after %.1f ms, %.1f %% beyond\n", what, w->from_w,
		      w->to_w, w->at_ms, w->beyond_w / w->rated_w * 100);
	assert_true(w->at_ms > 0);
	assert_true(w->at_ms <= LONGEST_MS);
	assert_true(w->beyond_w <= MOST_OVER * w->rated_w);
}

static void three(double from_w, double to_w, double rated_w, const char *what)
{
	struct watched w = { .from_w = from_w, .to_w = to_w, .rated_w = rated_w };
	u64 begun;

	rig_power(&rig, (s32)lround(from_w * 1e3));
	rig_ms(&rig, 500);
	/* the order comes just after the control has looked for one */
	while (rig.tick % V2X_SLOW_TICKS != V2X_TURN_BOUNDS)
		rig_tick(&rig);
	begun = rig.tick;
	rig_power(&rig, (s32)lround(to_w * 1e3));
	while (rig.tick - begun < AFTER_MS * 20) {
		rig_tick(&rig);
		look(&w, rig.ctl.p_inst_mw / 1e3, (double)(rig.tick - begun) / 20);
	}
	assert_int_equal(rig.ctl.seq.state, V2X_STATE_RUN);
	judge(&w, what);
}

static void three_running(u32 f_hz)
{
	struct plant_cfg cfg;

	plant_cfg_default(&cfg);
	cfg.f_nominal_mhz = f_hz * 1000;
	rig_init_with(&rig, &cfg);
	assert_true(rig_run(&rig));
	rig_ms(&rig, 100);
}

static void set_point_step_three_phase_zero_to_rated(void **state)
{
	(void)state;
	for (u32 f = 50; f <= 60; f += 10) {
		three_running(f);
		three(0, 11e3, 11e3, f == 50 ? "three phases, 50 Hz" : "three phases, 60 Hz");
		three(0, -11e3, 11e3, f == 50 ? "three phases, 50 Hz" : "three phases, 60 Hz");
	}
}

static void set_point_step_three_phase_rated_to_minus_rated(void **state)
{
	(void)state;
	for (u32 f = 50; f <= 60; f += 10) {
		three_running(f);
		three(11e3, -11e3, 11e3, f == 50 ? "three phases, 50 Hz" : "three phases, 60 Hz");
		three(-11e3, 11e3, 11e3, f == 50 ? "three phases, 50 Hz" : "three phases, 60 Hz");
	}
}

/* Of a mean over half a period, a sample at a time. */
static void swinging(double from_w, double to_w, const char *what)
{
	struct watched w = { .from_w = from_w, .to_w = to_w };
	u32 fs = mini.desc.tick_hz, n = fs * 1000 / (2 * mini.desc.f_nominal_mhz), at = 0;
	double ring[256] = { 0 }, sum = 0;

	w.rated_w = mini.desc.p_import_max_mw / 1e3;
	assert_true(n <= ARRAY_SIZE(ring));
	mini_power(&mini, from_w, 0);
	mini_ms(&mini, 400);
	for (u32 i = 0; i < n; i++) {
		mini_tick(&mini);
		ring[i] = mini.p_grid;
		sum += ring[i];
	}
	mini_power(&mini, to_w, 0);
	for (u32 i = 1; i < AFTER_MS * fs / 1000; i++) {
		mini_tick(&mini);
		sum += mini.p_grid - ring[at];
		ring[at] = mini.p_grid;
		at = (at + 1) % n;
		look(&w, sum / n, (i - n / 2.0) / fs * 1e3);
	}
	assert_int_equal(mini.ctl.seq.state, V2X_STATE_RUN);
	judge(&w, what);
}

/* From a step that begins at any of @SPOTS places of half a period. */
#define SPOTS	4

static void swinging_steps(u32 phases, double from, double to)
{
	static const char *const names[2][2] = {
		{ "one phase, 50 Hz", "one phase, 60 Hz" },
		{ "split phase, 50 Hz", "split phase, 60 Hz" },
	};

	double rated;

	for (u32 f = 50; f <= 60; f += 10) {
		mini_init(&mini, phases, f, 400);
		assert_true(mini_run(&mini));
		rated = mini.desc.p_import_max_mw / 1e3;
		for (int spot = 0; spot < SPOTS; spot++) {
			for (u32 i = 0; i < mini.desc.tick_hz / f / 2 / SPOTS; i++)
				mini_tick(&mini);
			swinging(from * rated, to * rated, names[phases - 1][f == 60]);
			swinging(-from * rated, -to * rated, names[phases - 1][f == 60]);
		}
	}
}

static void set_point_step_one_phase_zero_to_rated(void **state)
{
	(void)state;
	swinging_steps(1, 0, 1);
}

static void set_point_step_one_phase_rated_to_minus_rated(void **state)
{
	(void)state;
	swinging_steps(1, 1, -1);
}

static void set_point_step_split_phase_zero_to_rated(void **state)
{
	(void)state;
	swinging_steps(2, 0, 1);
}

static void set_point_step_split_phase_rated_to_minus_rated(void **state)
{
	(void)state;
	swinging_steps(2, 1, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(set_point_step_three_phase_zero_to_rated),
		cmocka_unit_test(set_point_step_three_phase_rated_to_minus_rated),
		cmocka_unit_test(set_point_step_one_phase_zero_to_rated),
		cmocka_unit_test(set_point_step_one_phase_rated_to_minus_rated),
		cmocka_unit_test(set_point_step_split_phase_zero_to_rated),
		cmocka_unit_test(set_point_step_split_phase_rated_to_minus_rated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
