// SPDX-License-Identifier: Apache-2.0
#include "spectrum.h"

#include <math.h>
#include <string.h>

#include "switching.h"

#define CYCLES 10

void spectrum_init(struct spectrum *s, const struct plant_cfg *cfg)
{
	memset(s, 0, sizeof(*s));
	s->tick_hz = cfg->tick_hz;
	s->rated_a = cfg->i_rated_ma * 1e-3;
	s->phases = cfg->phases;
}

void spectrum_add(struct spectrum *s, const struct plant *p, const struct switching *sw)
{
	for (u32 x = 0; x < PLANT_PHASES; x++) {
		const float now = (float)((double)p->i2[x] * 0x1p-40);

		s->mean[s->at][x] = sw ? (float)sw->i2_mean[x] : (now + s->before[x]) / 2;
		s->square[s->at][x] = sw ? (float)sw->i2_square[x] :
					   (now * now + now * s->before[x] +
					    s->before[x] * s->before[x]) / 3;
		s->before[x] = now;
	}
	s->at = s->at + 1 < SPECTRUM_TICKS ? s->at + 1 : 0;
	s->count += s->count < SPECTRUM_TICKS;
}

/* Ticks of ten cycles; 0 when there are not that many. */
static u32 window(const struct spectrum *s, double f_hz)
{
	const double n = f_hz > 1 ? round(CYCLES * s->tick_hz / f_hz) : 0;

	return n >= 1 && n <= s->count ? (u32)n : 0;
}

static const float *past(const struct spectrum *s, const float (*ring)[PLANT_PHASES], u32 back)
{
	return ring[(s->at + SPECTRUM_TICKS - 1 - back) % SPECTRUM_TICKS];
}

/* RMS of a frequency: the sum turns a phasor by its angle a tick. */
static double amplitude(const struct spectrum *s, u32 x, double f_hz, u32 n)
{
	const double w = 2 * M_PI * f_hz / s->tick_hz, c = cos(w), d = sin(w);
	double re = 0, im = 0, ur = 1, ui = 0;

	for (u32 i = 0; i < n; i++) {
		const double v = (double)past(s, s->mean, i)[x], next = ur * c - ui * d;

		re += v * ur;
		im += v * ui;
		ui = ui * c + ur * d;
		ur = next;
	}
	return hypot(re, im) * M_SQRT2 / n;
}

double spectrum_thd(const struct spectrum *s, double f_hz)
{
	const u32 n = window(s, f_hz);
	double worst = 0;

	for (u32 x = 0; x < s->phases && n; x++) {
		const double one = amplitude(s, x, f_hz, n);
		double sum = 0;

		for (u32 order = 2; order <= SPECTRUM_ORDERS; order++)
			sum += pow(amplitude(s, x, f_hz * order, n), 2);
		worst = fmax(worst, one > s->rated_a * 1e-3 ? sqrt(sum) / one : 0);
	}
	return worst;
}

double spectrum_distortion(const struct spectrum *s, double f_hz)
{
	const u32 n = window(s, f_hz);
	double worst = 0;

	for (u32 x = 0; x < s->phases && n; x++) {
		const double one = amplitude(s, x, f_hz, n);
		double all = 0;

		for (u32 i = 0; i < n; i++)
			all += (double)past(s, s->square, i)[x] / n;
		if (one > s->rated_a * 1e-3)
			worst = fmax(worst, sqrt(fmax(0, all - one * one)) / one);
	}
	return worst;
}

double spectrum_order(const struct spectrum *s, double f_hz, u32 order)
{
	const u32 n = window(s, f_hz);
	double worst = 0;

	for (u32 x = 0; x < s->phases && n; x++)
		worst = fmax(worst, amplitude(s, x, f_hz * order, n) / s->rated_a);
	return worst;
}

double spectrum_dc(const struct spectrum *s, double f_hz)
{
	const u32 n = window(s, f_hz);
	double worst = 0;

	for (u32 x = 0; x < s->phases && n; x++) {
		double sum = 0;

		for (u32 i = 0; i < n; i++)
			sum += (double)past(s, s->mean, i)[x];
		worst = fmax(worst, fabs(sum / n) / s->rated_a);
	}
	return worst;
}
