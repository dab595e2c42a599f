// SPDX-License-Identifier: Apache-2.0
#include "output.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <v2x.h>

#include "comtrade.h"
#include "measure.h"
#include "run.h"
#include "wave_csv.h"

void output_event(FILE *to, const struct v2x_event *e)
{
	fprintf(to, "%10.6f s  %-10s %s", (double)e->t_ns / 1e9, v2x_event_name(e->type),
		v2x_reason_name(e->reason));
	if (e->type == V2X_EVENT_STATE)
		fprintf(to, ": %s to %s", v2x_state_name(e->from), v2x_state_name(e->to));
	else if (e->from || e->to)
		fprintf(to, ": %u to %u", e->from, e->to);
	if (e->type == V2X_EVENT_TRIP)
		fprintf(to, ": %" PRId64 ", limit %" PRId64, (int64_t)e->value, (int64_t)e->limit);
	fputc('\n', to);
}

static void describe(struct wave *wave, const struct charger *c)
{
	struct v2x_info *info = &wave->info;

	info->phases = c->desc.phases;
	info->tick_hz = c->desc.tick_hz;
	info->f_nominal_mhz = c->desc.f_nominal_mhz;
	snprintf(info->name, sizeof(info->name), "v2xsim");
}

static int write_csv(const char *name, const struct wave *wave, const struct wave_channel **ch)
{
	FILE *to = fopen(name, "we");
	int ret;

	if (!to)
		return -errno;
	ret = wave_csv_write(to, wave, ch);
	return fclose(to) == 0 ? ret : -EIO;
}

static int write_comtrade(const char *cfg_name, const char *dat_name, const struct wave *wave,
			  const struct wave_channel **ch, int format)
{
	FILE *cfg = fopen(cfg_name, "we");
	FILE *dat = fopen(dat_name, "we");
	int ret = cfg && dat ? comtrade_write(cfg, dat, wave, ch, (enum comtrade_format)format,
						   "v2xsim") : -EIO;

	if (cfg && fclose(cfg) != 0)
		ret = -EIO;
	if (dat && fclose(dat) != 0)
		ret = -EIO;
	return ret;
}

int output_wave(const struct run_options *options, const struct charger *c, uint64_t from,
		uint64_t trigger, uint64_t to)
{
	const char *prefix = options->waves;
	const struct wave_channel *ch[WAVE_CHANNELS_MAX + 1];
	struct wave wave = { .has_trigger = true };
	char name[2][4200], bad[32];
	double t = (double)trigger / c->cfg.tick_hz;
	int ret = 0;

	describe(&wave, c);
	for (uint64_t i = from; i <= to && ret == 0; i++) {
		if (c->wave[i % CHARGER_WAVE].tick != i)
			continue; /* swallowed */
		if (i == trigger)
			wave.trigger = wave.count;
		ret = wave_add(&wave, &c->wave[i % CHARGER_WAVE]);
	}
	if (ret == 0 && wave.count && wave_choose(&wave, NULL, ch, bad, sizeof(bad)) > 0) {
		snprintf(name[0], sizeof(name[0]), "%.4000s-%.4fs.csv", prefix, t);
		ret = write_csv(name[0], &wave, ch);
		snprintf(name[0], sizeof(name[0]), "%.4000s-%.4fs.cfg", prefix, t);
		snprintf(name[1], sizeof(name[1]), "%.4000s-%.4fs.dat", prefix, t);
		if (ret == 0)
			ret = write_comtrade(name[0], name[1], &wave, ch, options->comtrade);
	}
	wave_free(&wave);
	return ret;
}

static void print_value(FILE *to, const struct measure *m, double value)
{
	if (m->spell)
		fputs(m->spell((uint32_t)value), to);
	else
		fprintf(to, "%.6g%s%s", value, m->kind == VALUE_NUMBER ? "" : " ",
			m->kind == VALUE_NUMBER ? "" : value_unit(m->kind));
}

static void print_failure(FILE *to, const struct run *r, const struct expect *e,
			  const char *before)
{
	fprintf(to, "%s%s:%d: %s: ", before, r->scenario->path, e->line, e->text);
	if (!e->seen) {
		fputs("there was no value to look at\n", to);
		return;
	}
	if (r->scenario->chargers > 1)
		fprintf(to, "@%zu ", e->who + 1);
	fputs(e->when == EXPECT_BY ? "nearest was " : "was ", to);
	print_value(to, e->measure, e->nearest);
	fprintf(to, " at %.6g s\n", (double)e->met_ns / 1e9);
}

static void print_energy(FILE *to, const struct run *r, size_t i)
{
	const struct energy *e = &r->charger[i].energy;

	fputs("  ", to);
	if (r->scenario->chargers > 1)
		fprintf(to, "@%zu ", i + 1);
	fprintf(to, "energy: %.3f Wh from the grid, %.3f Wh into it, %.3f Wh into the vehicle, "
		"%.3f Wh lost; %.1e of it unaccounted for\n", e->grid_in / 3600,
		e->grid_out / 3600, e->vehicle / 3600, e->loss / 3600, energy_balance(e));
}

static void print_responses(FILE *to, const struct run *r)
{
	if (r->steps == 0)
		return;
	fprintf(to, "  set-point steps: %u", r->steps);
	if (r->worst.t90_ns)
		fprintf(to, ", slowest %.0f W to %.0f W at %.4g s: 90 %% after %.2f ms; largest "
			"overshoot %.1f %%", r->worst.from_w, r->worst.to_w,
			(double)r->worst.t_ns / 1e9, (double)r->worst.t90_ns / 1e6,
			r->overshoot * 100);
	if (r->unsettled)
		fprintf(to, "; %u did not reach 90 %% in time", r->unsettled);
	fputc('\n', to);
}

void output_summary(FILE *to, const struct run *r)
{
	const struct scenario *s = r->scenario;
	const double t = (double)charger_ns(r->charger) / 1e9;

	fprintf(to, "%s: %s, %zu of %zu expectations met, %.4g s in %.3f s (%.0f times real time)\n",
		s->path, r->failed ? "FAILED" : "passed", s->expect_count - r->failed,
		s->expect_count, t, r->cpu_s, t / r->cpu_s);
	for (size_t i = 0; i < s->expect_count; i++) {
		if (!s->expects[i].met)
			print_failure(to, r, &s->expects[i], "  not met: ");
	}
	for (size_t i = 0; i < s->chargers; i++)
		print_energy(to, r, i);
	print_responses(to, r);
	for (size_t i = 0; i < r->trip_count; i++) {
		const struct run_trip *trip = &r->trips[i];

		fputs("  ", to);
		if (s->chargers > 1)
			fprintf(to, "@%zu ", trip->who + 1);
		fprintf(to, "trip at %.6f s: %s, %" PRId64 " %s (limit %" PRId64 ")\n",
			(double)trip->t_ns / 1e9, v2x_reason_name(trip->reason), trip->value,
			v2x_reason_unit(trip->reason), trip->limit);
	}
}

int output_tap(FILE *to, const struct run *r, int n)
{
	const struct scenario *s = r->scenario;

	for (size_t i = 0; i < s->expect_count; i++) {
		const struct expect *e = &s->expects[i];
		const char *slash = strrchr(s->path, '/');

		fprintf(to, "%sok %d %s: %s\n", e->met ? "" : "not ", ++n,
			slash ? slash + 1 : s->path, e->text);
		if (!e->met)
			print_failure(to, r, e, "# ");
	}
	return n;
}
