// SPDX-License-Identifier: Apache-2.0
/*
 * The protection table, ride-through and support with one phase and with a split
 * phase: times, reasons, cessation and return, reactive current.
 */
#include <errno.h>

#include "test.h"

#include "prot_table.h"
#include "rig.h"

static struct rig rig;
static struct rig ready;

static const char * const models[] = { "1p-7kw", "1p-7kw-60hz", "split-9kw" };

static void from_running(const char *model, s32 p_mw)
{
	assert_true(rig_run_model(&rig, model, p_mw, 600));
	ready = rig;
}

static s32 of_vn(u32 permille)
{
	return (s32)(rig.desc.v_nominal_mv / 1000 * permille);
}

static s32 of_fn(s32 mhz)
{
	return (s32)rig.desc.f_nominal_mhz + mhz;
}

static bool has(const struct v2x_prot_entry *e, u32 n, const struct v2x_prot_entry *wide)
{
	for (u32 i = 0; i < n; i++)
		if (e[i].quantity == wide->quantity && e[i].side == wide->side &&
		    e[i].action == wide->action)
			return true;
	return false;
}

/* These entries, and wide ones for what they leave out. */
static void load(const struct v2x_prot_entry *e, u32 n, u32 k_permille)
{
	const struct v2x_prot_entry wide[] = {
		{ V2X_PROT_V_PHASE, V2X_PROT_OVER, V2X_PROT_TRIP, 0, of_vn(1450), 5000, 0 },
		{ V2X_PROT_V_PHASE, V2X_PROT_UNDER, V2X_PROT_TRIP, 0, of_vn(50), 21000, 0 },
		{ V2X_PROT_F, V2X_PROT_OVER, V2X_PROT_TRIP, 0, 66000, 1000000, 0 },
		{ V2X_PROT_F, V2X_PROT_UNDER, V2X_PROT_TRIP, 0, 45000, 1000000, 0 },
	};
	struct v2x_prot_table *t = &rig.user.table;

	*t = (struct v2x_prot_table){ .size = sizeof(*t), .name = "phases", .k_permille = k_permille };
	for (u32 i = 0; i < n; i++)
		t->entry[t->count++] = e[i];
	for (u32 w = 0; w < ARRAY_SIZE(wide); w++)
		if (!has(e, n, &wide[w]))
			t->entry[t->count++] = wide[w];
	if (v2x_prot_table_check(&rig.desc, t))
		fail_msg("entry %d, why %u", (int)t->refused, t->why);
	t->hash = v2x_prot_table_hash(t);
	rig_user(&rig);
}

struct step {
	const char *name;
	struct v2x_prot_entry e;	/* threshold: permille of Vn, or mHz off fn */
	u32 voltage_mpu;
	s32 f_mhz;
	u32 reason;
	double early_ms, late_ms;	/* that the trip may be off */
};

#define V(q, side, thr, ms) { V2X_PROT_##q, V2X_PROT_##side, V2X_PROT_TRIP, 0, thr, ms, 0 }

static const struct step steps[] = {
	{ "v_phase over", V(V_PHASE, OVER, 1150, 160), 1250, 0, V2X_REASON_GRID_OVER_VOLTAGE, 20, 20 },
	{ "v_phase under", V(V_PHASE, UNDER, 850, 500), 700, 0, V2X_REASON_GRID_UNDER_VOLTAGE, 20, 20 },
	{ "v_phase_half under", V(V_PHASE_HALF, UNDER, 500, 60), 300, 0,
	  V2X_REASON_GRID_UNDER_VOLTAGE, 10, 20 },
	{ "v_positive over", V(V_POSITIVE, OVER, 1150, 100), 1250, 0, V2X_REASON_GRID_OVER_VOLTAGE, 20, 20 },
	{ "f over", V(F, OVER, 1500, 160), 1000, 2000, V2X_REASON_GRID_OVER_FREQUENCY, 20, 25 },
	{ "f under", V(F, UNDER, -2500, 160), 1000, -3000, V2X_REASON_GRID_UNDER_FREQUENCY, 20, 25 },
};

static void scaled(struct v2x_prot_entry *e)
{
	e->threshold = e->quantity == V2X_PROT_F ? of_fn(e->threshold) : of_vn((u32)e->threshold);
}

static void stages_trip_in_their_time_with_their_reason(void **state)
{
	(void)state;
	for (size_t m = 0; m < ARRAY_SIZE(models); m++) {
		from_running(models[m], 3000000);
		for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
			double lo = 1e9, hi = -1e9;

			for (u32 at = 0; at < 20; at += 3) {
				struct v2x_prot_entry e = steps[i].e;
				u64 begun;
				double off;

				rig = ready;
				scaled(&e);
				load(&e, 1, 0);
				rig_ms(&rig, 100 + at);
				rig.env.grid.voltage_mpu = steps[i].voltage_mpu;
				rig.env.grid.frequency_mhz = (u32)of_fn(steps[i].f_mhz);
				rig_env(&rig);
				begun = rig.tick;
				if (rig_until(&rig, V2X_STATE_FAULT, e.time_ms + 200) < 0)
					fail_msg("%s, %s: no trip", models[m], steps[i].name);
				if (rig.ctl.seq.fault != steps[i].reason)
					fail_msg("%s, %s: fault %u", models[m], steps[i].name,
						 rig.ctl.seq.fault);
				off = (double)(rig.tick - begun) / 20 - e.time_ms;
				lo = fmin(lo, off);
				hi = fmax(hi, off);
			}
			print_message("%s, %s: off by %+.1f .. %+.1f ms\n", models[m], steps[i].name,
				      lo, hi);
			assert_true(lo >= -steps[i].early_ms && hi <= steps[i].late_ms);
		}
	}
}

static void a_value_within_the_threshold_does_not_trip(void **state)
{
	(void)state;
	for (size_t m = 0; m < ARRAY_SIZE(models); m++) {
		struct v2x_prot_entry e[] = {
			V(V_PHASE, OVER, 1150, 160), V(V_PHASE, UNDER, 850, 500),
			V(F, OVER, 1500, 160), V(F, UNDER, -2500, 160),
		};

		from_running(models[m], 3000000);
		for (size_t i = 0; i < ARRAY_SIZE(e); i++)
			scaled(&e[i]);
		load(e, ARRAY_SIZE(e), 0);
		for (u32 v = 865; v <= 1140; v += 275) {
			rig.env.grid.voltage_mpu = v;
			rig.env.grid.frequency_mhz = (u32)of_fn(v > 1000 ? 1450 : -2450);
			rig_env(&rig);
			rig_ms(&rig, 1500);
			if (rig.ctl.seq.state != V2X_STATE_RUN)
				fail_msg("%s at %u: fault %u", models[m], v, rig.ctl.seq.fault);
		}
	}
}

static void jump(s32 mdeg)
{
	rig.env.grid.phase_mdeg = mdeg;
	rig_env(&rig);
}

static void a_vector_shift_trips_beyond_its_angle_only(void **state)
{
	(void)state;
	for (size_t m = 0; m < ARRAY_SIZE(models); m++) {
		const struct v2x_prot_entry e = { V2X_PROT_VECTOR_SHIFT, V2X_PROT_OVER,
						  V2X_PROT_TRIP, 0, 12000, 0, 0 };

		from_running(models[m], 2000000);
		for (s32 deg = -20; deg <= 20; deg += 10) {
			bool trips = deg == 20 || deg == -20;

			rig = ready;
			load(&e, 1, 0);
			rig_ms(&rig, 300);
			jump(deg * 1000);
			rig_ms(&rig, 300);
			if (trips != (rig.ctl.seq.fault == V2X_REASON_GRID_VECTOR_SHIFT))
				fail_msg("%s, %d degrees: fault %u", models[m], deg,
					 rig.ctl.seq.fault);
		}
	}
}

static void a_rate_of_change_trips_above_its_threshold_only(void **state)
{
	(void)state;
	for (size_t m = 0; m < ARRAY_SIZE(models); m++) {
		const struct v2x_prot_entry e = { V2X_PROT_ROCOF, V2X_PROT_OVER, V2X_PROT_TRIP, 0,
						  2000, 200, 200 };

		from_running(models[m], 2000000);
		for (s32 rate = -3000; rate <= 3000; rate += 1500) {
			bool trips = rate == 3000 || rate == -3000;

			rig = ready;
			load(&e, 1, 0);
			rig_ms(&rig, 700);
			for (s32 i = 0; i < 700; i++) {
				rig.env.grid.frequency_mhz = (u32)of_fn(rate * i / 1000);
				rig_env(&rig);
				rig_ms(&rig, 1);
			}
			if (trips != (rig.ctl.seq.fault == V2X_REASON_GRID_ROCOF))
				fail_msg("%s, %d mHz/s: fault %u", models[m], rate,
					 rig.ctl.seq.fault);
		}
	}
}

/* Ten minutes at 1.12 after ten at nominal: over 1.10 after 600 s * (1.21 - 1) / (1.2544 - 1). */
static void the_ten_minutes_mean_trips_when_it_must(void **state)
{
	const double due_s = 600 * (1.21 - 1) / (1.12 * 1.12 - 1);

	(void)state;
	for (size_t m = 1; m < ARRAY_SIZE(models); m++) {
		struct v2x_prot_entry e = { V2X_PROT_V_10MIN, V2X_PROT_OVER, V2X_PROT_TRIP, 0,
					    1100, 0, 0 };
		int s;

		from_running(models[m], 0);
		scaled(&e);
		load(&e, 1, 0);
		rig.env.grid.voltage_mpu = 1120;
		rig_env(&rig);
		for (s = 0; s < 520 && rig.ctl.seq.state == V2X_STATE_RUN; s++)
			rig_ms(&rig, 1000);
		print_message("%s: ten minutes' mean after %d s, due %.0f\n", models[m], s, due_s);
		assert_int_equal(rig.ctl.seq.fault, V2X_REASON_GRID_VOLTAGE_10MIN);
		assert_near(s, due_s, 6);
	}
}

static void cessation_stops_and_comes_back_by_itself(void **state)
{
	static const s32 ways[] = { 5000000, -5000000 };

	(void)state;
	for (size_t m = 0; m < ARRAY_SIZE(models); m++) {
		for (size_t w = 0; w < ARRAY_SIZE(ways); w++) {
			struct v2x_prot_entry e = { V2X_PROT_V_PHASE_HALF, V2X_PROT_UNDER,
						    V2X_PROT_CEASE, 0, 500, 60, 0 };

			from_running(models[m], ways[w]);
			scaled(&e);
			load(&e, 1, 0);
			rig_ms(&rig, 100);
			rig.env.grid.voltage_mpu = 300;
			rig_env(&rig);
			rig_ms(&rig, 90);
			assert_false(rig.out.gate.gates);
			assert_int_equal(rig.ctl.seq.state, V2X_STATE_RUN);
			rig_ms(&rig, 400);
			assert_false(rig.out.gate.gates);
			rig.env.grid.voltage_mpu = 1000;
			rig_env(&rig);
			rig_ms(&rig, 600);
			if (rig.ctl.seq.state != V2X_STATE_RUN)
				fail_msg("%s: fault %u", models[m], rig.ctl.seq.fault);
			assert_near(rig.cycle.p_mw, ways[w], 200000);
		}
	}
}

/* iq = k dV/Vn Ir: with k = 2 and 0.85 of the voltage 30 % of the rated current. */
static void reactive_current_supports_by_the_k_factor(void **state)
{
	(void)state;
	for (size_t m = 0; m < ARRAY_SIZE(models); m++) {
		double q, want;

		from_running(models[m], 0);
		load(NULL, 0, 2000);
		rig.env.grid.voltage_mpu = 850;
		rig_env(&rig);
		rig_ms(&rig, 300);
		q = rig.cycle.q_mvar / 1e3;
		/* a capacitor, from the grid's side; the grid's impedance takes off some volts */
		want = -0.3 * 0.85 * rig.desc.phases * rig.desc.v_nominal_mv / 1e3 *
		       rig.desc.i_rated_ma / 1e3;
		print_message("%s: %.0f var of %.0f\n", models[m], q, want);
		assert_near(q, want, 0.1 * fabs(want));
		assert_true(rig.ctl.ref.limited_by & V2X_LIMITED_SUPPORT);
	}
}

/* ---- tables that are refused for the whole, or for the phases there are -------- */

static void good(struct v2x_prot_table *t)
{
	v2x_prot_table_default(&rig.desc, &rig.user.protection, t);
	assert_int_equal(v2x_prot_table_check(&rig.desc, t), 0);
}

static void refused(struct v2x_prot_table *t, u32 entry, u32 why, const char *what)
{
	int err = v2x_prot_table_check(&rig.desc, t);

	if (err != (why == V2X_PROT_BAD_FIELD ? -EINVAL : -ERANGE) || t->refused != entry ||
	    t->why != why)
		fail_msg("%s: %d, entry %d, why %u", what, err, (int)t->refused, t->why);
}

static void each_setting_is_held_against_its_range(void **state)
{
	static const struct {
		size_t at;
		u32 most, beyond;
	} settings[] = {
#define S(field, most, beyond) { offsetof(struct v2x_prot_table, field), most, beyond }
		S(return_ms, 600000, 600001), S(recover_ms, 600000, 600001), S(recover_ms, 10, 9),
		S(k_permille, 10000, 10001), S(k_band_permille, 500, 501),
		S(lom_gain_permille, 500, 501), S(lom_q_permille, 200, 201),
#undef S
	};
	struct v2x_prot_table t;

	(void)state;
	rig_init(&rig);
	for (size_t i = 0; i < ARRAY_SIZE(settings); i++) {
		u32 *field = (u32 *)(void *)((char *)&t + settings[i].at);

		good(&t);
		*field = settings[i].most;
		assert_int_equal(v2x_prot_table_check(&rig.desc, &t), 0);
		*field = settings[i].beyond;
		refused(&t, V2X_PROT_NO_ENTRY, V2X_PROT_BAD_SETTING, "setting");
	}
	good(&t);
	t.flags = 1;
	refused(&t, V2X_PROT_NO_ENTRY, V2X_PROT_BAD_FIELD, "flags");
	good(&t);
	t.count = V2X_PROT_ENTRIES + 1;
	refused(&t, V2X_PROT_NO_ENTRY, V2X_PROT_BAD_FIELD, "too many");
	good(&t);
	memset(t.name, 'x', sizeof(t.name));
	refused(&t, V2X_PROT_NO_ENTRY, V2X_PROT_BAD_FIELD, "a name without an end");
}

/* A cessation within a ride-through, and quantities that one phase does not have. */
static void an_entry_that_cannot_be_kept_is_named(void **state)
{
	struct plant_cfg cfg;
	struct v2x_prot_table t;

	(void)state;
	rig_init(&rig);
	good(&t);
	t.entry[t.count++] = (struct v2x_prot_entry){ V2X_PROT_V_PHASE_HALF, V2X_PROT_UNDER,
						      V2X_PROT_RIDE, 0, 115000, 500, 0 };
	assert_int_equal(v2x_prot_table_check(&rig.desc, &t), 0);
	t.entry[t.count++] = (struct v2x_prot_entry){ V2X_PROT_V_PHASE_HALF, V2X_PROT_UNDER,
						      V2X_PROT_CEASE, 0, 115000, 100, 0 };
	refused(&t, t.count - 1, V2X_PROT_CUTS_RIDE, "cessation");

	plant_cfg_default(&cfg);
	plant_cfg_model(&cfg, "1p-7kw");
	rig_init_with(&rig, &cfg);
	for (u8 q = V2X_PROT_V_LINE; q <= V2X_PROT_V_NEGATIVE; q++) {
		good(&t);
		t.entry[t.count++] = (struct v2x_prot_entry){ q, V2X_PROT_OVER, V2X_PROT_TRIP, 0,
							      300000, 500, 0 };
		if (q == V2X_PROT_V_POSITIVE)
			assert_int_equal(v2x_prot_table_check(&rig.desc, &t), 0);
		else
			refused(&t, t.count - 1, V2X_PROT_BAD_FIELD, "one phase");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stages_trip_in_their_time_with_their_reason),
		cmocka_unit_test(a_value_within_the_threshold_does_not_trip),
		cmocka_unit_test(a_vector_shift_trips_beyond_its_angle_only),
		cmocka_unit_test(a_rate_of_change_trips_above_its_threshold_only),
		cmocka_unit_test(the_ten_minutes_mean_trips_when_it_must),
		cmocka_unit_test(cessation_stops_and_comes_back_by_itself),
		cmocka_unit_test(reactive_current_supports_by_the_k_factor),
		cmocka_unit_test(each_setting_is_held_against_its_range),
		cmocka_unit_test(an_entry_that_cannot_be_kept_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
