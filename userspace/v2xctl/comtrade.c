// SPDX-License-Identifier: Apache-2.0
#include "comtrade.h"

#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>
#include <time.h>

#define NS_PER_S 1000000000LL

/* Name on the command line, word in the file, and greatest count (clause 7, 8). */
static const struct format {
	const char *name;
	const char *word;
	int32_t full;
} formats[] = {
	[COMTRADE_ASCII] = { "ascii", "ASCII", 99998 },
	[COMTRADE_BINARY] = { "binary16", "BINARY", 32767 },
	[COMTRADE_BINARY32] = { "binary32", "BINARY32", 2147483647 },
};

struct writer {
	FILE *cfg;
	FILE *dat;
	const struct wave *wave;
	const struct wave_channel **channels;
	const struct format *format;
	size_t count;			     /* analog channels */
	double a[WAVE_CHANNELS_MAX];	     /* multiplier of each, as printed */
};

int comtrade_format_of(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (strcmp(formats[i].name, name) == 0)
			return (int)i;
	}
	return -1;
}

/*
 * Multiplier: the channel's own where counts have 32 bits; else the least one
 * of four digits with which the largest value still fits. It goes through
 * its printed form, so that a reader multiplies with the same number.
 */
static double multiplier(const struct writer *w, const struct wave_channel *c)
{
	double peak = 0;
	double a = c->scale;
	char text[32];

	if (w->format->full < 2147483647) {
		for (size_t i = 0; i < w->wave->count; i++)
			peak = fmax(peak, fabs(wave_value(c, &w->wave->samples[i])));
		if (peak / c->scale > w->format->full)
			a = peak / w->format->full * 1.001;
	}
	snprintf(text, sizeof(text), w->format->full < 2147483647 ? "%.4g" : "%.17g", a);
	return strtod(text, NULL);
}

static void print_moment(FILE *to, int64_t realtime_ns)
{
	const time_t s = (time_t)(realtime_ns / NS_PER_S);
	struct tm t;

	gmtime_r(&s, &t);
	fprintf(to, "%02d/%02d/%04d,%02d:%02d:%02d.%06d\r\n", t.tm_mday, t.tm_mon + 1,
		t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec,
		(int)(realtime_ns % NS_PER_S / 1000));
}

/* Quality of the clock, table of clause 7.4.11: by the kernel's own estimate. */
static char clock_quality(void)
{
	struct timex t = { 0 };
	long within_us = 1;

	if (adjtimex(&t) == TIME_ERROR || (t.status & STA_UNSYNC))
		return 'F';
	for (char code = '4'; code <= '9'; code++, within_us *= 10) {
		if (t.maxerror <= within_us)
			return code;
	}
	return t.maxerror <= 1000000 ? 'A' : 'B';
}

static int64_t trigger_ns(const struct wave *wave)
{
	const double at = wave->has_trigger ? wave_time(wave, wave->trigger) : 0;

	return wave->start_realtime_ns + (int64_t)llround(at * 1e9);
}

static void write_channels(const struct writer *w)
{
	const int32_t full = w->format->full;
	const int32_t low = full == 99998 ? -99999 : -full;

	for (size_t i = 0; i < w->count; i++) {
		const struct wave_channel *c = w->channels[i];

		fprintf(w->cfg, "%zu,%s,%s,,%s,%.17g,0,0,%d,%d,1,1,P\r\n", i + 1, c->name,
			c->phase, c->unit, w->a[i], low, full);
	}
	for (int i = 0; i < V2X_FAULT_LINES; i++)
		fprintf(w->cfg, "%d,fault_%s,,,0\r\n", i + 1, v2x_fault_line_name(1U << i));
}

/* A comma or a line end in a name would begin a new field. */
static void print_name(FILE *to, const char *name)
{
	for (int i = 0; i < 64 && name[i]; i++)
		fputc(name[i] == ',' || (unsigned char)name[i] < ' ' ? '_' : name[i], to);
}

static bool is_even(const struct wave *wave)
{
	return wave->samples[wave->count - 1].tick - wave->samples[0].tick == wave->count - 1;
}

static void write_cfg(const struct writer *w, const char *station)
{
	const struct wave *wave = w->wave;

	print_name(w->cfg, station);
	fputc(',', w->cfg);
	print_name(w->cfg, wave->info.name);
	fputs(",2013\r\n", w->cfg);
	fprintf(w->cfg, "%zu,%zuA,%dD\r\n", w->count + V2X_FAULT_LINES, w->count,
		V2X_FAULT_LINES);
	write_channels(w);
	fprintf(w->cfg, "%g\r\n", wave->info.f_nominal_mhz / 1e3);
	/* With records lost or ticks missed there is no one rate: the time stamps count. */
	if (!is_even(wave))
		fprintf(w->cfg, "0\r\n0,%zu\r\n", wave->count);
	else
		fprintf(w->cfg, "1\r\n%u,%zu\r\n", wave->info.tick_hz, wave->count);
	print_moment(w->cfg, wave->start_realtime_ns);
	print_moment(w->cfg, trigger_ns(wave));
	/* Time stamps in us; moments in UTC, the site's own zone is not known. */
	fprintf(w->cfg, "%s\r\n1\r\n0,x\r\n%c,3\r\n", w->format->word, clock_quality());
}

static int32_t raw(const struct writer *w, size_t i, const struct v2x_sample *s)
{
	const struct wave_channel *c = w->channels[i];

	if (w->format->full == 2147483647) {
		const int32_t count = wave_count(c, s);

		/* -2^31 is the standard's mark for missing data. */
		return count == INT32_MIN ? INT32_MIN + 1 : count;
	}
	return (int32_t)lround(wave_value(c, s) / w->a[i]);
}

static void write_ascii(const struct writer *w, uint32_t number, uint32_t t_us,
			const struct v2x_sample *s)
{
	fprintf(w->dat, "%" PRIu32 ",%" PRIu32, number, t_us);
	for (size_t i = 0; i < w->count; i++)
		fprintf(w->dat, ",%" PRId32, raw(w, i, s));
	for (int i = 0; i < V2X_FAULT_LINES; i++)
		fprintf(w->dat, ",%d", s->fault_lines >> i & 1);
	fputs("\r\n", w->dat);
}

static void write_binary(const struct writer *w, uint32_t number, uint32_t t_us,
			 const struct v2x_sample *s)
{
	const uint32_t head[2] = { htole32(number), htole32(t_us) };
	const uint16_t lines = htole16(s->fault_lines);

	fwrite(head, sizeof(head), 1, w->dat);
	for (size_t i = 0; i < w->count; i++) {
		const uint32_t wide = htole32((uint32_t)raw(w, i, s));
		const uint16_t narrow = htole16((uint16_t)raw(w, i, s));

		if (w->format->full == 32767)
			fwrite(&narrow, sizeof(narrow), 1, w->dat);
		else
			fwrite(&wide, sizeof(wide), 1, w->dat);
	}
	fwrite(&lines, sizeof(lines), 1, w->dat);
}

int comtrade_write(FILE *cfg, FILE *dat, const struct wave *wave,
		   const struct wave_channel **channels, enum comtrade_format format,
		   const char *station)
{
	struct writer w = { .cfg = cfg, .dat = dat, .wave = wave, .channels = channels,
			    .format = &formats[format] };

	if (wave->count == 0 || wave->count > UINT32_MAX)
		return -EINVAL;
	for (; channels[w.count]; w.count++)
		w.a[w.count] = multiplier(&w, channels[w.count]);
	write_cfg(&w, station);
	for (size_t i = 0; i < wave->count; i++) {
		const uint32_t t_us = (uint32_t)lround(wave_time(wave, i) * 1e6);

		if (format == COMTRADE_ASCII)
			write_ascii(&w, (uint32_t)i + 1, t_us, &wave->samples[i]);
		else
			write_binary(&w, (uint32_t)i + 1, t_us, &wave->samples[i]);
	}
	if (fflush(cfg) != 0 || fflush(dat) != 0 || ferror(cfg) || ferror(dat))
		return -EIO;
	return 0;
}
