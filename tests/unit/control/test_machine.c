// SPDX-License-Identifier: Apache-2.0
/*
 * Virtual impedance and virtual machine with one phase and with split phase, by
 * the equations of form.h and vsm.h.
 */
#include "test.h"

#include "island_lab.h"
#include "meter.h"

static const char *const models[] = { "1p-7kw", "split-9kw" };

static struct rig rig[2];
static struct meter meter;

/* Per unit: what a stage of this model is rated for. */
static double rated_w(void)
{
	return rig[0].desc.p_import_max_mw / 1e3;
}

static double cycle_ms(void)
{
	return 1e6 / rig[0].desc.f_nominal_mhz;
}

/* Resistors on the lines, all together, at nominal voltage. */
static void load(struct rig *r, double watts)
{
	const double v = r->desc.v_nominal_mv / 1e3;

	r->env.grid.load_r_mohm = (u32)(r->desc.phases * v * v / watts * 1000);
	rig_env(r);
}

/* On a dead bus, with a load, started black. */
static void island(const char *model, double watts, u32 flags, const struct v2x_forming *f)
{
	struct rig *r = &rig[0];
	struct plant_cfg cfg;

	plant_cfg_default(&cfg);
	assert_true(plant_cfg_model(&cfg, model));
	cfg.island_switch = 1;
	rig_init_with(r, &cfg);
	r->env.grid.island = 1;
	load(r, watts);
	rig_plug(r);
	rig_ms(r, 200);
	r->user.forming.ramp_ms = 200;
	r->user.forming.r_virtual_permille = f->r_virtual_permille;
	r->user.forming.x_virtual_permille = f->x_virtual_permille;
	if (f->inertia_ms)
		r->user.forming.inertia_ms = f->inertia_ms;
	r->user.forming.q_droop_permille = 0;
	r->user.setpoint.flags = V2X_SETPOINT_ISLAND | flags;
	rig_user(r);
	rig_request(r, V2X_CTL_REQ_BLACK, V2X_REASON_REQUEST);
	assert_true(rig_until(r, V2X_STATE_RUN, 5000) >= 0);
	rig_ms(r, 1000);
}

/* A resistor's current is along the voltage V: V0^2 = (V + R I)^2 + (X I)^2. */
static void a_virtual_impedance_lowers_the_voltage_by_its_drop(void **state)
{
	static const struct v2x_forming z[] = {
		{ .r_virtual_permille = 50 }, { .x_virtual_permille = 200 },
		{ .r_virtual_permille = 50, .x_virtual_permille = 100 },
		{ .r_virtual_permille = 150, .x_virtual_permille = 150 },
	};

	(void)state;
	for (size_t n = 0; n < ARRAY_SIZE(models) * ARRAY_SIZE(z); n++) {
		const struct v2x_forming *f = &z[n % ARRAY_SIZE(z)];
		const double r = f->r_virtual_permille / 1e3, x = f->x_virtual_permille / 1e3;
		const double share = 0.7;
		double v, want, i;

		island(models[n / ARRAY_SIZE(z)], 2000, V2X_SETPOINT_FORM, f);
		load(&rig[0], share * rated_w());
		rig_ms(&rig[0], 1000);
		i = share * rated_w() /
		    (rig[0].desc.phases * rig[0].desc.v_nominal_mv / 1e6 * rig[0].desc.i_rated_ma);
		/* I = i V */
		want = 1 / hypot(1 + r * i, x * i);
		v = rig[0].cycle.v_mv[0] / (double)rig[0].desc.v_nominal_mv;
		print_message("%-10s Z = %.2f + j %.2f: %.4f of the voltage (%.4f)\n",
			      models[n / ARRAY_SIZE(z)], r, x, v, want);
		assert_near(v, want, 0.005);
		assert_int_equal(rig[0].trips, 0);
	}
}

/*
 * Two of one model at the same terminals, forming on a grid that goes, each behind
 * 0.05 of virtual resistance: P1 + P2 is the load, P1 - P1* is P2 - P2*.
 */
static void two_that_form_share_a_load_by_their_droop(void **state)
{
	static const s32 p_mw[][2] = { { -2000000, -2000000 }, { -3000000, -1000000 } };
	static const u32 flags[] = { V2X_SETPOINT_FORM, V2X_SETPOINT_VSM };

	(void)state;
	for (size_t n = 0; n < ARRAY_SIZE(models) * 4; n++) {
		const s32 *p = p_mw[n & 1];
		const double load_w = 6000;
		struct plant_cfg cfg;
		double f, mean;

		plant_cfg_default(&cfg);
		assert_true(plant_cfg_model(&cfg, models[n / 4]));
		for (size_t k = 0; k < 2; k++) {
			cfg.seed = (u32)k + 1;
			rig_init_with(&rig[k], &cfg);
			rig_lom_off(&rig[k]);
			assert_true(rig_run(&rig[k]));
			rig_power(&rig[k], p[k]);
			load(&rig[k], load_w);
		}
		/* each had a grid of its own until now */
		island_together(rig, 2, 1000);
		for (size_t k = 0; k < 2; k++) {
			rig[k].user.setpoint.flags = flags[n / 2 & 1];
			rig[k].user.forming.r_virtual_permille = 50;
			rig_user(&rig[k]);
		}
		island_together(rig, 2, 1000);
		for (size_t k = 0; k < 2; k++)
			if (rig[k].trips || fabs((double)rig[k].cycle.p_mw - p[k]) > 30 * rated_w())
				fail_msg("%zu: fault %u, %d W", k, rig[k].ctl.seq.fault,
					 rig[k].cycle.p_mw / 1000);
		island_breaker(rig, 2, 1);
		island_together(rig, 2, 3000);
		mean = (rig[0].cycle.p_mw + rig[1].cycle.p_mw) / 2e3;
		f = rig[0].desc.f_nominal_mhz / 1e3 *
		    (1 + 0.01 * (mean - (p[0] + p[1]) / 2e3) / rated_w());
		if (rig[0].trips + rig[1].trips)
			fail_msg("fault %u, %u", rig[0].ctl.seq.fault, rig[1].ctl.seq.fault);
		print_message("%-10s %u: %.0f W and %.0f W, %.3f Hz (%.3f)\n", models[n / 4],
			      rig[0].user.setpoint.flags, rig[0].cycle.p_mw / 1e3,
			      rig[1].cycle.p_mw / 1e3, rig[0].cycle.f_mhz / 1e3, f);
		assert_near(2 * mean, -load_w, 0.1 * load_w);	/* behind 0.05 */
		assert_near((rig[0].cycle.p_mw - rig[1].cycle.p_mw) / 1e3, (p[0] - p[1]) / 1e3,
			    0.02 * rated_w());
		assert_near(rig[0].cycle.f_mhz / 1e3, f, 0.01);
	}
}

/* Deviation of the frequency that is formed, per unit. */
static double deviation(void)
{
	return (double)rig[0].ctl.form.w_q12 * rig[0].desc.tick_hz / 0x1p44 /
	       (rig[0].desc.f_nominal_mhz / 1e3) - 1;
}

/* 2 H dw/dt = (P - P*) - w / R over a whole cycle, from 1.5 cycles after a load step on. */
static void a_machine_swings_with_the_inertia_that_was_set(void **state)
{
	static const u32 h_ms[] = { 1000, 4000, 10000 };

	(void)state;
	for (size_t n = 0; n < ARRAY_SIZE(models) * ARRAY_SIZE(h_ms); n++) {
		const struct v2x_forming f = { .inertia_ms = h_ms[n % ARRAY_SIZE(h_ms)] };
		const double h = f.inertia_ms / 1e3, step = 4000;	/* W */
		double w[2], p, left, right, mean = 0;
		u32 ticks;

		island(models[n / ARRAY_SIZE(h_ms)], 1000, V2X_SETPOINT_VSM, &f);
		/* the damping holds against the frequency tracked, which comes later */
		rig[0].user.forming.damping = 0;
		rig_user(&rig[0]);
		rig_ms(&rig[0], f.inertia_ms / 5 + 500);
		meter_attach(&meter, &rig[0]);
		load(&rig[0], 1000 + step);
		ticks = (u32)lround(cycle_ms() * rig[0].desc.tick_hz / 1e3);
		for (u32 i = 0; i < ticks * 3 / 2; i++)
			rig_tick(&rig[0]);
		w[0] = deviation();
		meter_begin(&meter);
		for (u32 i = 0; i < ticks; i++) {
			rig_tick(&rig[0]);
			mean += deviation() / ticks;
		}
		w[1] = deviation();
		p = meter.energy * rig[0].desc.tick_hz / ticks / rated_w();
		left = 2 * h * (w[1] - w[0]) * rig[0].desc.tick_hz / ticks;
		right = p - mean / 0.01;
		print_message("%-10s H %4.1f s: 2 H dw/dt %+.4f (%+.4f), w %+.5f\n",
			      models[n / ARRAY_SIZE(h_ms)], h, left, right, w[1]);
		/* a twentieth of the step */
		assert_near(left, right, step / rated_w() / 20);
		rig_ms(&rig[0], f.inertia_ms / 5 + 500);
		/* 1 % at the rating */
		assert_near(deviation(), 0.01 * rig[0].cycle.p_mw / 1e3 / rated_w(), 0.0002);
	}
}

#define SWINGS_MS	1500

/* Largest distance from @end on the side of @sign, within 150 ms; moves @ms there. */
static double swing(const double *p, double end, int sign, u32 *ms)
{
	double most = 0;
	u32 at = *ms;

	for (u32 i = *ms; i < *ms + 150 && i < SWINGS_MS; i++) {
		if (sign * (p[i] - end) <= most)
			continue;
		most = sign * (p[i] - end);
		at = i;
	}
	*ms = at;
	return most;
}

/*
 * The grid slows down by 0.2 %: a fifth of the rating more. The logarithmic
 * decrement between two swings gives the damping: 0.2 of critical at the least
 * (Great Britain's Grid Code, GC0137, of grid forming).
 */
static void a_machine_on_a_grid_is_damped(void **state)
{
	static const char *const all[] = { "1p-7kw", "split-9kw", "3p-11kw", "3p-22kw" };
	static double p[SWINGS_MS];

	(void)state;
	for (size_t m = 0; m < ARRAY_SIZE(all); m++) {
		struct rig *r = &rig[0];
		double end, back, first, second, zeta, was;
		struct plant_cfg cfg;
		u32 at = 0;

		plant_cfg_default(&cfg);
		assert_true(plant_cfg_model(&cfg, all[m]));
		rig_init_with(r, &cfg);
		rig_lom_off(r);
		assert_true(rig_run(r));
		r->user.setpoint.flags = V2X_SETPOINT_VSM;
		rig_power(r, -2000000);
		rig_ms(r, 2000);
		was = r->cycle.p_mw / 1e3;
		assert_near(was, -2000, 0.02 * rated_w());
		meter_attach(&meter, r);
		r->env.grid.frequency_mhz -= r->env.grid.frequency_mhz / 500;
		rig_env(r);
		for (u32 ms = 0; ms < SWINGS_MS; ms++) {
			rig_ms(r, 1);
			p[ms] = meter.sum / meter.n;
		}
		end = p[SWINGS_MS - 1];
		assert_near(end, was - 0.2 * rated_w(), 0.02 * rated_w());
		swing(p, end, -1, &at);
		back = swing(p, end, 1, &at);
		first = swing(p, end, -1, &at);
		swing(p, end, 1, &at);
		second = swing(p, end, -1, &at);
		/* what is within 2 % of the rating is no swing */
		zeta = log(first / fmax(second, 1));
		zeta = fmin(back, first) < 0.02 * rated_w() ? 1 : zeta / hypot(2 * M_PI, zeta);
		print_message("%-10s to %.0f W: swings of %.0f W and %.0f W, damping %.2f\n", all[m],
			      end, first, second, zeta);
		assert_true(zeta >= 0.2);
		assert_int_equal(r->trips, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_virtual_impedance_lowers_the_voltage_by_its_drop),
		cmocka_unit_test(two_that_form_share_a_load_by_their_droop),
		cmocka_unit_test(a_machine_swings_with_the_inertia_that_was_set),
		cmocka_unit_test(a_machine_on_a_grid_is_damped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
