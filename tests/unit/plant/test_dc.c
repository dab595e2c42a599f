// SPDX-License-Identifier: Apache-2.0
/* DC link, DC/DC stage, output, battery, and the balance of energy. */
#include <math.h>
#include "bench.h"

static struct bench b;
#define TICK	50e-6

static double v_dc(void)
{
	return Q40D(b.p.v_dc);
}

static double v_out(void)
{
	return Q40D(b.p.v_out);
}

/* Vehicle plugged and ready, output matched, contactor closed, link held. */
static void connect_vehicle(unsigned int cells, unsigned int soc_permille)
{
	bench_new(&b);
	b.cfg.cells = cells;
	b.cfg.soc_permille = soc_permille;
	b.cfg.dab_l_nh = 0;	/* told a power; test_dab.c has the bridge */
	plant_env_default(&b.cfg, &b.env);
	plant_init(&b.p, &b.cfg);
	b.env.car.plugged = 1;
	b.env.car.ready = 1;
	bench_env(&b);
	bench_run(&b, 1);
	b.p.v_out = b.p.v_batt << 20;
	b.cmd.contactors = V2X_CONTACTOR_EV;
	bench_run(&b, b.p.k.close_ticks + 1);
	b.p.v_dc = 800LL << 40;
}

/* One second of constant power with an ideal link. */
static void run_power(s32 p_mw, unsigned int ticks)
{
	b.cmd.dcdc_gates = true;
	b.cmd.dcdc_p_mw = p_mw;
	while (ticks--) {
		b.p.v_dc = 800LL << 40;
		bench_run(&b, 1);
	}
}

static void open_circuit_voltage_covers_the_pack(void **state)
{
	(void)state;
	connect_vehicle(96, 0);
	assert_true(fabs(v_out() - 260) < 1);
	connect_vehicle(96, 1000);
	assert_true(fabs(v_out() - 403) < 1);
	connect_vehicle(192, 0);
	assert_true(fabs(v_out() - 520) < 1);
	connect_vehicle(192, 1000);
	assert_true(fabs(v_out() - 806) < 1);
}

static void power_command_is_met_both_ways(void **state)
{
	const s32 p_mw[] = { 11000000, 3000000, 100000, -100000, -3000000, -11000000 };

	(void)state;
	for (size_t i = 0; i < sizeof(p_mw) / sizeof(p_mw[0]); i++) {
		connect_vehicle(96, 500);
		run_power(p_mw[i], 2000);
		assert_true(fabs(v_out() * Q20D(b.p.i_ev) / (p_mw[i] * 1e-3) - 1) < 1e-3);
	}
}

static void losses_are_taken_from_the_link(void **state)
{
	(void)state;
	connect_vehicle(192, 500);
	run_power(10000000, 2000);
	assert_true(fabs(800 * Q20D(b.p.i_link) - (10000 * 1.015 + 20)) < 10);
	run_power(-10000000, 2000);
	assert_true(fabs(800 * Q20D(b.p.i_link) - (-10000 * 0.985 + 20)) < 10);
}

static void own_current_limit_holds(void **state)
{
	(void)state;
	connect_vehicle(96, 0);
	run_power(11000000, 2000);	/* 260 V: would be 42 A */
	assert_true(fabs(Q20D(b.p.i_ev) - 40) < 0.1);
	run_power(-2000000000, 2000);
	assert_true(fabs(Q20D(b.p.i_ev) + 40) < 0.1);
}

static void voltage_source_matches_the_output(void **state)
{
	(void)state;
	bench_new(&b);
	b.cfg.dab_l_nh = 0;
	plant_init(&b.p, &b.cfg);
	b.cmd.dcdc_gates = true;
	b.cmd.dcdc_v_mv = 352000;
	b.cmd.dcdc_i_ma = 2000;
	for (int i = 0; i < 1000; i++) {
		b.p.v_dc = 800LL << 40;
		bench_run(&b, 1);
		assert_true(fabs(Q20D(b.p.i_dcdc)) <= 2.001);
	}
	assert_true(fabs(v_out() - 352) < 0.1);
	b.cmd.dcdc_v_mv = 990000;	/* beyond its own limit */
	for (int i = 0; i < 2000; i++) {
		b.p.v_dc = 800LL << 40;
		bench_run(&b, 1);
	}
	assert_true(v_out() < 941);
}

static void closing_on_a_mismatch_shows_as_inrush(void **state)
{
	double worst = 0;

	(void)state;
	connect_vehicle(96, 500);
	b.cmd.contactors = 0;
	bench_run(&b, b.p.k.open_ticks + 1);
	b.p.v_out -= 20LL << 40;
	b.cmd.contactors = V2X_CONTACTOR_EV;
	for (unsigned int i = 0; i < b.p.k.close_ticks + 5; i++) {
		bench_run(&b, 1);
		worst = fmax(worst, fabs(Q20D(b.p.i_ev)));
	}
	assert_true(worst > 5);
}

static void charge_is_counted(void **state)
{
	double before, ah;

	(void)state;
	connect_vehicle(96, 500);
	before = (double)b.p.soc / 72057594037927936.0;
	run_power(7000000, 1);
	double charge = 0;

	for (int i = 0; i < 20000; i++) {
		b.p.v_dc = 800LL << 40;
		bench_run(&b, 1);
		charge += Q20D(b.p.i_ev) * TICK;
	}
	ah = 60000 / (96 * 3.64) * 3600;
	double got = ((double)b.p.soc / 72057594037927936.0 - before) * ah;

	assert_true(fabs(got / charge - 1) < 1e-3);
}

static void a_rest_counts_nothing(void **state)
{
	s64 soc;

	(void)state;
	connect_vehicle(96, 500);
	run_power(0, 2000);
	soc = b.p.soc;
	run_power(0, 200000);
	/* 10 s of rest: less than a milliampere of drift */
	assert_true(fabs((double)(b.p.soc - soc) / 72057594037927936.0) * 60000 / 349 < 1e-3 * 10 / 3600);
}

static void battery_management_opens_and_stays_open(void **state)
{
	(void)state;
	connect_vehicle(96, 500);
	b.env.car.i_max_ma = 10000;
	bench_env(&b);
	run_power(7000000, 8000);
	assert_true(b.p.bms_open);
	assert_int_equal(b.p.i_ev, 0);
	b.env.car.i_max_ma = 100000;
	bench_env(&b);
	run_power(0, 8000);
	assert_true(b.p.bms_open);
	b.env.car.plugged = 0;
	bench_env(&b);
	bench_run(&b, 1);
	assert_false(b.p.bms_open);
}

static void discharge_relay_empties_the_link_in_5_s(void **state)
{
	(void)state;
	bench_new(&b);
	b.p.v_dc = 800LL << 40;
	bench_run(&b, 20000);
	assert_true(v_dc() > 300);
	bench_run(&b, 80000);
	assert_true(v_dc() < 60);
	/* a coil holds the relay open: only the bleed is left */
	bench_new(&b);
	b.p.v_dc = 800LL << 40;
	b.cmd.contactors = V2X_CONTACTOR_EV;
	bench_run(&b, 20000);
	assert_true(fabs(v_dc() - 800 * exp(-1 / 80.0)) < 1);
}

/* A controller in floating point, for the balance only: current in phase. */
static void bench_controller(double t, double amplitude)
{
	for (int x = 0; x < 3; x++) {
		double want = amplitude * cos(2 * M_PI * (50 * t - x / 3.0));
		double v = Q20D(b.p.v_pcc[x]) - 4.0 * (want - Q40D(b.p.i1[x]));

		b.cmd.leg_q24[x] = (s32)(v / (v_dc() / 2) * 16777216.0);
	}
}

struct ledger {
	double in, out, lost;
};

/* Energies of one period, resistances by the currents at its end. */
static void book(struct ledger *l, const double i2_before[3])
{
	for (int x = 0; x < 3; x++) {
		double i1 = Q40D(b.p.i1[x]), i2 = Q40D(b.p.i2[x]), ic = i2 - i1;

		l->in += TICK * 0.5 * (Q20D(b.p.v_src_old[x]) * i2_before[x] +
				       Q20D(b.p.v_src[x]) * i2);
		l->lost += TICK * (0.08 * i1 * i1 + 0.13 * i2 * i2 + 0.3 * ic * ic);
	}
	l->out += TICK * v_out() * Q20D(b.p.i_ev);
	l->lost += TICK * ((double)b.p.p_loss_q10 / 1024 + Q20D(b.p.i_loss) * v_dc() +
			   v_dc() * v_dc() / 100e3);
}

static double stored(void)
{
	double e = 0.5 * 0.8e-3 * v_dc() * v_dc() + 0.5 * 50e-6 * v_out() * v_out();

	for (int x = 0; x < 3; x++)
		e += 0.5 * (2e-3 * pow(Q40D(b.p.i1[x]), 2) + 0.55e-3 * pow(Q40D(b.p.i2[x]), 2) +
			    3.3e-6 * pow(Q40D(b.p.vc[x]), 2));
	return e;
}

static void energy_is_accounted_for(s32 p_mw)
{
	struct ledger l = { 0 };
	double t, before = 0, amplitude = p_mw / 1.5 / 325.27 * 1e-3;

	connect_vehicle(192, 500);
	b.cmd.contactors |= V2X_CONTACTOR_GRID;
	bench_run(&b, b.p.k.close_ticks + 2);
	b.p.v_dc = 800LL << 40;
	b.cmd.gates = true;
	b.cmd.dcdc_gates = true;
	for (unsigned int n = 0; n < 100000; n++) {	/* 5 s */
		double i2[3];

		if (n == 20000) {
			l = (struct ledger){ 0 };
			before = stored();
		}
		t = (double)(b.p.angle_q48 & 0xffffffffffffULL) / 281474976710656.0 / 50 + TICK * 1.5;
		bench_controller(t, amplitude);
		/* the DC/DC takes what keeps the link at 800 V */
		b.cmd.dcdc_p_mw = p_mw + (s32)((v_dc() - 800) * 100000);
		for (int x = 0; x < 3; x++)
			i2[x] = Q40D(b.p.i2[x]);
		bench_run(&b, 1);
		assert_int_equal(b.s.fault_lines, 0);
		book(&l, i2);
	}
	double miss = l.in - l.out - l.lost - (stored() - before);

	print_message("# in %.1f J, out %.1f J, lost %.1f J, unexplained %.2f J\n",
		      l.in, l.out, l.lost, miss);
	assert_true(fabs(l.in) > fabs(p_mw * 1e-3) * 3.5);
	assert_true(fabs(miss) < 1e-4 * fabs(l.in));
}

static void energy_balance_charging(void **state)
{
	(void)state;
	energy_is_accounted_for(10000000);
}

static void energy_balance_discharging(void **state)
{
	(void)state;
	energy_is_accounted_for(-10000000);
}

static void heat_follows_losses(void **state)
{
	double cold;

	(void)state;
	connect_vehicle(192, 500);
	cold = Q40D(b.p.temp);
	run_power(10000000, 400000);	/* 20 s of 170 W at 0.1 K/W, tau 100 s */
	assert_true(fabs(Q40D(b.p.temp) - cold - 17 * (1 - exp(-0.2))) < 0.3);
	b.cmd.dcdc_gates = false;
	bench_run(&b, 400000);
	assert_true(Q40D(b.p.temp) < cold + 17 * (1 - exp(-0.2)) * exp(-0.2) + 0.3);
}

static void joined_buses_have_one_voltage(void **state)
{
	static struct bench other;
	struct plant *const both[] = { &b.p, &other.p };

	(void)state;
	bench_new(&b);
	bench_new(&other);
	b.p.v_dc = 700LL << 40;
	other.p.v_dc = 800LL << 40;
	plant_bus_join(both, 2);
	assert_true(v_dc() == 750 && Q40D(other.p.v_dc) == 750);
}

/* C dv/dt = P / v; below seven tenths of the nominal voltage it is off. */
static void a_load_of_the_bus_draws_its_power(void **state)
{
	double fell, still;

	(void)state;
	bench_new(&b);
	b.cfg.dc_bus = 1;
	plant_env_default(&b.cfg, &b.env);
	plant_init(&b.p, &b.cfg);
	bench_env(&b);
	b.p.v_dc = 800LL << 40;
	bench_run(&b, 1);
	still = 800 - v_dc();
	b.env.bus.load_w = 4000;
	bench_env(&b);
	b.p.v_dc = 800LL << 40;
	bench_run(&b, 1);
	fell = 800 - v_dc() - still;
	assert_true(fabs(fell * 800 * b.cfg.c_dc_nf * 1e-9 / TICK - 4000) < 40);
	b.p.v_dc = 500LL << 40;
	bench_run(&b, 1);
	assert_true(500 - v_dc() <= still);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(open_circuit_voltage_covers_the_pack),
		cmocka_unit_test(power_command_is_met_both_ways),
		cmocka_unit_test(losses_are_taken_from_the_link),
		cmocka_unit_test(own_current_limit_holds),
		cmocka_unit_test(voltage_source_matches_the_output),
		cmocka_unit_test(closing_on_a_mismatch_shows_as_inrush),
		cmocka_unit_test(charge_is_counted),
		cmocka_unit_test(a_rest_counts_nothing),
		cmocka_unit_test(battery_management_opens_and_stays_open),
		cmocka_unit_test(discharge_relay_empties_the_link_in_5_s),
		cmocka_unit_test(energy_balance_charging),
		cmocka_unit_test(energy_balance_discharging),
		cmocka_unit_test(heat_follows_losses),
		cmocka_unit_test(joined_buses_have_one_voltage),
		cmocka_unit_test(a_load_of_the_bus_draws_its_power),
	};

	return cmocka_run_group_tests_name("plant-dc", tests, NULL, NULL);
}
