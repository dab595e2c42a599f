// SPDX-License-Identifier: Apache-2.0
/* COMTRADE and CSV files, taken apart again field by field. */
#include <endian.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../userspace/v2xctl/comtrade.h"
#include "../../../userspace/v2xctl/wave_csv.h"
#include "test.h"

#define SAMPLES 400
#define FIELDS 16

static struct wave wave;
static const struct wave_channel *channels[WAVE_CHANNELS_MAX + 1];
static int count;
static char *cfg, *dat;
static size_t cfg_len, dat_len;

/* 25 ms of a 50 Hz voltage and current, tripping at sample 300. */
static int make_wave(void **state)
{
	char bad[32];

	(void)state;
	wave = (struct wave){ .has_trigger = true, .trigger = 300,
			      .reason = V2X_REASON_AC_OVER_CURRENT };
	wave.info.phases = 3;
	wave.info.tick_hz = 20000;
	wave.info.f_nominal_mhz = 50000;
	strcpy(wave.info.name, "bay,7");
	/* 2026-03-01 23:59:59.990 UTC: the trip is on the next day. */
	wave.start_realtime_ns = 1772409599990000000;
	for (int i = 0; i < SAMPLES; i++) {
		const double x = 2 * M_PI * 50 * i / 20000.0;
		struct v2x_sample s = { .tick = 1000 + (uint64_t)i };

		for (int p = 0; p < 3; p++) {
			s.v_mv[p] = (int)lround(325269 * cos(x - p * 2 * M_PI / 3));
			s.i_ma[p] = (int)lround(22600 * cos(x - p * 2 * M_PI / 3));
		}
		s.v_dc_link_mv = 750000 + i;
		s.theta = (uint32_t)i * 10737418U;
		s.p_inst_mw = 11000000;
		s.duty[0] = (int16_t)(i - 200);
		s.state = V2X_STATE_RUN;
		s.fault_lines = i >= 300 ? V2X_FAULT_OVER_CURRENT | V2X_FAULT_ESTOP : 0;
		assert_int_equal(wave_add(&wave, &s), 0);
	}
	count = wave_choose(&wave, NULL, channels, bad, sizeof(bad));
	return 0;
}

static int drop_wave(void **state)
{
	(void)state;
	wave_free(&wave);
	free(cfg);
	free(dat);
	cfg = dat = NULL;
	return 0;
}

static void write_as(enum comtrade_format format)
{
	FILE *c;
	FILE *d;

	free(cfg);
	free(dat);
	c = open_memstream(&cfg, &cfg_len);
	d = open_memstream(&dat, &dat_len);
	assert_int_equal(comtrade_write(c, d, &wave, channels, format, "Te,st"), 0);
	fclose(c);
	fclose(d);
}

/* Line @n, from 0, of the .cfg, without its CR LF; fails when the CR is missing. */
static char *line_of(int n)
{
	static char line[256];
	const char *at = cfg;
	const char *end;

	for (; n > 0; n--) {
		at = strchr(at, '\n');
		assert_non_null(at);
		at++;
	}
	end = strchr(at, '\n');
	assert_non_null(end);
	assert_true(end > at && end[-1] == '\r');
	snprintf(line, sizeof(line), "%.*s", (int)(end - at - 1), at);
	return line;
}

static int split(char *line, char **fields)
{
	int n = 1;

	fields[0] = line;
	for (; *line; line++) {
		if (*line != ',')
			continue;
		*line = '\0';
		assert_true(n < FIELDS);
		fields[n++] = line + 1;
	}
	return n;
}

static int lines_in(const char *text)
{
	int n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

static void the_configuration_is_complete(void **state)
{
	static const struct {
		enum comtrade_format format;
		const char *word;
		int low, high;
	} kinds[] = { { COMTRADE_ASCII, "ASCII", -99999, 99998 },
		      { COMTRADE_BINARY, "BINARY", -32767, 32767 },
		      { COMTRADE_BINARY32, "BINARY32", -2147483647, 2147483647 } };
	char text[32];
	char *f[FIELDS];

	(void)state;
	assert_int_equal(count, 15);
	for (size_t k = 0; k < 3; k++) {
		int at = 2;

		write_as(kinds[k].format);
		/* station, counts, channels, frequency, rates (2), moments (2), type, mult, zone (2) */
		assert_int_equal(lines_in(cfg), 2 + 15 + 8 + 1 + 2 + 2 + 1 + 1 + 2);
		assert_string_equal(line_of(0), "Te_st,bay_7,2013");
		assert_string_equal(line_of(1), "23,15A,8D");
		for (int i = 0; i < 15; i++, at++) {
			assert_int_equal(split(line_of(at), f), 13);
			assert_int_equal(atoi(f[0]), i + 1);
			assert_string_equal(f[1], channels[i]->name);
			assert_string_equal(f[2], channels[i]->phase);
			assert_string_equal(f[3], "");
			assert_string_equal(f[4], channels[i]->unit);
			assert_true(strtod(f[5], NULL) > 0);
			assert_string_equal(f[6], "0");
			assert_string_equal(f[7], "0");
			assert_int_equal(atoi(f[8]), kinds[k].low);
			assert_int_equal(atoi(f[9]), kinds[k].high);
			assert_string_equal(f[10], "1");
			assert_string_equal(f[11], "1");
			assert_string_equal(f[12], "P");
		}
		for (int i = 0; i < 8; i++, at++) {
			assert_int_equal(split(line_of(at), f), 5);
			assert_int_equal(atoi(f[0]), i + 1);
			snprintf(text, sizeof(text), "fault_%s", v2x_fault_line_name(1U << i));
			assert_string_equal(f[1], text);
			assert_string_equal(f[4], "0");
		}
		assert_string_equal(line_of(at), "50");
		assert_string_equal(line_of(at + 1), "1");
		assert_string_equal(line_of(at + 2), "20000,400");
		assert_string_equal(line_of(at + 3), "01/03/2026,23:59:59.990000");
		assert_string_equal(line_of(at + 4), "02/03/2026,00:00:00.005000");
		assert_string_equal(line_of(at + 5), kinds[k].word);
		assert_string_equal(line_of(at + 6), "1");
		assert_string_equal(line_of(at + 7), "0,x");
		assert_int_equal(split(line_of(at + 8), f), 2);
		assert_int_equal(strlen(f[0]), 1);
		assert_non_null(strchr("0456789ABF", f[0][0]));
		assert_string_equal(f[1], "3");
	}
}

/* Multiplier of a channel as a reader of the .cfg has it. */
static double multiplier(int channel)
{
	char *f[FIELDS];

	split(line_of(2 + channel), f);
	return strtod(f[5], NULL);
}

/* A value read back may be off by half a count. */
static void check_value(int channel, size_t sample, long raw, double a)
{
	const double value = wave_value(channels[channel], &wave.samples[sample]);

	if (fabs((double)raw * a - value) > a * 0.5001)
		fail_msg("%s[%zu]: %ld * %g is not %g", channels[channel]->name, sample, raw, a,
			 value);
}

static void ascii_data_reads_back(void **state)
{
	char *save = NULL;
	size_t n = 0;
	double a[WAVE_CHANNELS_MAX];

	(void)state;
	write_as(COMTRADE_ASCII);
	for (int c = 0; c < count; c++)
		a[c] = multiplier(c);
	for (char *line = strtok_r(dat, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *at = line;

		assert_int_equal(line[strlen(line) - 1], '\r');
		assert_int_equal(strtol(at, &at, 10), n + 1);
		assert_int_equal(strtol(at + 1, &at, 10), n * 50);
		for (int c = 0; c < count; c++) {
			const long raw = strtol(at + 1, &at, 10);

			assert_true(labs(raw) <= 99998);
			check_value(c, n, raw, a[c]);
		}
		for (int i = 0; i < 8; i++)
			assert_int_equal(strtol(at + 1, &at, 10),
					 wave.samples[n].fault_lines >> i & 1);
		assert_string_equal(at, "\r");
		n++;
	}
	assert_int_equal(n, SAMPLES);
}

static uint32_t u32_at(const char *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return le32toh(v);
}

static uint16_t u16_at(const char *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof(v));
	return le16toh(v);
}

static void binary_data_reads_back(size_t width)
{
	const size_t row = 8 + (size_t)count * width + 2;
	double a[WAVE_CHANNELS_MAX];

	for (int c = 0; c < count; c++)
		a[c] = multiplier(c);
	assert_int_equal(dat_len, row * SAMPLES);
	for (size_t n = 0; n < SAMPLES; n++) {
		const char *at = dat + n * row;

		assert_int_equal(u32_at(at), n + 1);
		assert_int_equal(u32_at(at + 4), n * 50);
		for (int c = 0; c < count; c++) {
			const char *p = at + 8 + (size_t)c * width;

			check_value(c, n, width == 4 ? (int32_t)u32_at(p) : (int16_t)u16_at(p),
				    a[c]);
		}
		assert_int_equal(u16_at(at + row - 2), wave.samples[n].fault_lines);
	}
}

static void binary16_data_reads_back(void **state)
{
	(void)state;
	write_as(COMTRADE_BINARY);
	binary_data_reads_back(2);
}

static void binary32_data_reads_back_exactly(void **state)
{
	(void)state;
	write_as(COMTRADE_BINARY32);
	binary_data_reads_back(4);
	assert_int_equal((int32_t)u32_at(dat + 8), wave.samples[0].v_mv[0]);
	assert_true(multiplier(0) == 1e-3);
}

static void a_hole_makes_the_time_stamps_count(void **state)
{
	(void)state;
	for (size_t i = 200; i < SAMPLES; i++)
		wave.samples[i].tick += 60;
	write_as(COMTRADE_BINARY32);
	assert_string_equal(line_of(26), "0");
	assert_string_equal(line_of(27), "0,400");
	assert_int_equal(u32_at(dat + 200 * (8 + 15 * 4 + 2) + 4), 260 * 50);
}

static void one_phase_has_no_b_and_c(void **state)
{
	char bad[32];

	(void)state;
	wave.info.phases = 1;
	count = wave_choose(&wave, NULL, channels, bad, sizeof(bad));
	assert_int_equal(count, 9);
	write_as(COMTRADE_BINARY32);
	assert_string_equal(line_of(1), "17,9A,8D");
	assert_int_equal(wave_choose(&wave, "v_a,v_b", channels, bad, sizeof(bad)), -1);
	assert_string_equal(bad, "v_b");
	assert_int_equal(wave_choose(&wave, "p,v_a", channels, bad, sizeof(bad)), 2);
	assert_string_equal(channels[0]->name, "p");
}

static void without_samples_there_is_no_file(void **state)
{
	const struct wave empty = { .info = wave.info };
	FILE *c = tmpfile();

	(void)state;
	assert_int_equal(comtrade_write(c, c, &empty, channels, COMTRADE_ASCII, "x"), -EINVAL);
	fclose(c);
}

static void csv_has_time_from_the_trip(void **state)
{
	char bad[32];
	FILE *file;
	char *save = NULL;
	char *line;

	(void)state;
	assert_int_equal(wave_choose(&wave, "v_a,duty_a,state,theta", channels, bad, sizeof(bad)),
			 4);
	file = open_memstream(&dat, &dat_len);
	assert_int_equal(wave_csv_write(file, &wave, channels), 0);
	fclose(file);
	assert_int_equal(lines_in(dat), SAMPLES + 1);
	line = strtok_r(dat, "\n", &save);
	assert_string_equal(line, "t_s,tick,v_a_V,duty_a_pu,state,theta_deg,fault_lines");
	line = strtok_r(NULL, "\n", &save);
	assert_string_equal(line, "-0.015000,1000,325.269,-0.00610,6,0.0000,0");
	for (int i = 0; i < 300; i++)
		line = strtok_r(NULL, "\n", &save);
	assert_string_equal(line, "0.000000,1300,0.000,0.00305,6,-90.0000,144");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_wave, drop_wave)
	const struct CMUnitTest tests[] = {
		TEST(the_configuration_is_complete),
		TEST(ascii_data_reads_back),
		TEST(binary16_data_reads_back),
		TEST(binary32_data_reads_back_exactly),
		TEST(a_hole_makes_the_time_stamps_count),
		TEST(one_phase_has_no_b_and_c),
		TEST(without_samples_there_is_no_file),
		TEST(csv_has_time_from_the_trip),
	};

	return cmocka_run_group_tests_name("v2xctl comtrade", tests, NULL, NULL);
}
