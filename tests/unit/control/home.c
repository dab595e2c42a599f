// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include "home.h"

static void look(struct rig *r)
{
	struct home *h = r->arg;
	double worst = 9;

	for (u32 x = 0; x < h->lines; x++) {
		const double v = r->ctl.m.v_q8[x] / 256e3 / h->vn, i = r->ctl.m.i_q8[x] / 256e3;
		double u;

		h->sum[x] += v * v - h->square[x][h->at];
		h->square[x][h->at] = v * v;
		u = home_volts(h, x);
		worst = fmin(worst, u);
		h->i_most = fmax(h->i_most, fabs(i));
		if (h->ticks > r->desc.tick_hz / 50)
			h->most = fmax(h->most, u);
	}
	h->at = (h->at + 1) % h->half;
	h->below_ms += worst < 0.9 ? 1e3 / r->desc.tick_hz : 0;
	if (h->ticks++ > r->desc.tick_hz / 50)
		h->least = fmin(h->least, worst);
}

void home_watch(struct home *h)
{
	h->below_ms = 0;
	h->least = 9;
	h->most = 0;
	h->i_most = 0;
	h->ticks = 0;
}

double home_volts(const struct home *h, u32 line)
{
	return sqrt(fmax(h->sum[line], 0) / h->half);
}

void home_load(struct home *h, double load_w)
{
	h->rig.env.grid.load_r_mohm = load_w > 0 ?
		(u32)(h->lines * h->vn * h->vn / load_w * 1000) : 0;
	rig_env(&h->rig);
}

void home_utility(struct home *h, u32 mpu, u32 open)
{
	h->rig.env.grid.voltage_mpu = mpu;
	h->rig.env.grid.island = open;
	rig_env(&h->rig);
}

void home_init(struct home *h, const char *model, double load_w)
{
	struct plant_cfg cfg;

	memset(h, 0, sizeof(*h));
	plant_cfg_default(&cfg);
	assert_true(plant_cfg_model(&cfg, model));
	cfg.island_switch = 1;
	rig_init_with(&h->rig, &cfg);
	h->lines = cfg.phases;
	h->vn = cfg.v_nominal_mv / 1e3;
	/* of 60 Hz 166.7 ticks: 167 */
	h->half = (cfg.tick_hz * 500 + cfg.f_nominal_mhz / 2) / cfg.f_nominal_mhz;
	h->rig.arg = h;
	h->rig.each = look;
	h->rig.user.forming.join_wait_ms = 500;
	rig_user(&h->rig);
	home_load(h, load_w);
	home_watch(h);
}

void home_run(struct home *h, const char *model, s32 p_w, double load_w, u32 flags)
{
	home_init(h, model, load_w);
	assert_true(rig_run(&h->rig));
	h->rig.user.setpoint.flags = flags;
	rig_power(&h->rig, p_w * 1000);
	rig_ms(&h->rig, 400);
	home_watch(h);
}

int home_until(struct home *h, u32 phase, u32 ms)
{
	for (u32 i = 0; i < ms; i++) {
		if (h->rig.ctl.island.phase == phase)
			return (int)i;
		rig_ms(&h->rig, 1);
	}
	return -1;
}

double home_limit(const struct home *h)
{
	return (h->lines == 3 ? 1.1 : 1.6) * M_SQRT2 * h->rig.desc.i_rated_ma / 1e3;
}

double home_thd(struct home *h, u32 line, u32 cycles)
{
	enum { ORDERS = 41 };
	const double w = 2 * M_PI * h->rig.cycle.f_mhz / 1e3 / h->rig.desc.tick_hz;
	const u32 n = (u32)lround(cycles * 2 * M_PI / w);
	double re[ORDERS] = { 0 }, im[ORDERS] = { 0 }, rest = 0;

	for (u32 i = 0; i < n; i++) {
		rig_tick(&h->rig);
		for (u32 o = 1; o < ORDERS; o++) {
			const double v = (double)h->rig.plant.v_pcc[line] / 1048576;

			re[o] += v * cos(o * w * i);
			im[o] -= v * sin(o * w * i);
		}
	}
	for (u32 o = 2; o < ORDERS; o++)
		rest += re[o] * re[o] + im[o] * im[o];
	return sqrt(rest) / hypot(re[1], im[1]);
}
