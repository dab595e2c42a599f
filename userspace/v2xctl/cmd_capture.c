// SPDX-License-Identifier: Apache-2.0
/* capture: waveforms, the fault record or cycle records into files. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd.h"
#include "comtrade.h"
#include "quantity.h"
#include "wave_csv.h"

#define PATH_LEN 512
#define SAMPLES_S_MAX 60
#define SECONDS_MAX 8640000.0

struct capture {
	const struct cli *cli;
	char prefix[PATH_LEN - 8];
	bool csv;
	bool comtrade;
	enum comtrade_format format;
	json_t *files;
};

static FILE *create(const struct capture *c, const char *suffix, const char *mode, char *path)
{
	FILE *file;

	snprintf(path, PATH_LEN, "%s%s", c->prefix, suffix);
	file = fopen(path, mode);
	if (!file)
		report_error(c->cli, EX_SYSTEM, "%s: %m", path);
	return file;
}

/* Closes, and says so when it could not be written. */
static int finish(const struct capture *c, FILE *file, const char *path, int error)
{
	if (fclose(file) != 0 || error < 0)
		return report_error(c->cli, EX_SYSTEM, "%s: writing failed", path);
	json_array_append_new(c->files, json_string(path));
	if (!c->cli->json)
		printf("wrote %s\n", path);
	return EX_OK_;
}

static int write_csv(const struct capture *c, const struct wave *wave,
		     const struct wave_channel **channels)
{
	char path[PATH_LEN];
	FILE *file = create(c, ".csv", "w", path);

	if (!file)
		return EX_SYSTEM;
	return finish(c, file, path, wave_csv_write(file, wave, channels));
}

static int write_comtrade(const struct capture *c, const struct wave *wave,
			  const struct wave_channel **channels)
{
	char cfg_path[PATH_LEN];
	char dat_path[PATH_LEN];
	const char *station = cli_value(c->cli, "station");
	FILE *cfg = create(c, ".cfg", "w", cfg_path);
	FILE *dat;
	int error;
	int ret;

	if (!cfg)
		return EX_SYSTEM;
	dat = create(c, ".dat", "wb", dat_path);
	if (!dat) {
		fclose(cfg);
		return EX_SYSTEM;
	}
	error = comtrade_write(cfg, dat, wave, channels, c->format, station ? station : "v2x");
	ret = finish(c, cfg, cfg_path, error);
	if (ret) {
		fclose(dat);
		return ret;
	}
	return finish(c, dat, dat_path, error);
}

static int write_files(struct capture *c, const struct wave *wave)
{
	const struct wave_channel *channels[WAVE_CHANNELS_MAX + 1];
	char bad[64] = "";
	int ret = EX_OK_;

	if (wave_choose(wave, cli_value(c->cli, "channels"), channels, bad, sizeof(bad)) <= 0)
		return report_error(c->cli, EX_BAD_USE,
				    "\"%s\" is no channel; expected names such as v_a,i_a,v_dc,p",
				    bad);
	if (c->csv)
		ret = write_csv(c, wave, channels);
	if (ret == EX_OK_ && c->comtrade)
		ret = write_comtrade(c, wave, channels);
	return ret;
}

static int tell(const struct capture *c, const struct wave *wave)
{
	if (!c->cli->json) {
		printf("%zu samples, %.3f s, %llu lost%s%s\n", wave->count,
		       wave->count ? wave_time(wave, wave->count - 1) : 0,
		       (unsigned long long)wave->lost, wave->has_trigger ? ", trip " : "",
		       wave->has_trigger ? v2x_reason_name(wave->reason) : "");
		return EX_OK_;
	}
	return report_json(json_pack("{s:b,s:I,s:I,s:s,s:O}", "ok", 1, "samples",
				     (json_int_t)wave->count, "lost", (json_int_t)wave->lost,
				     "reason", v2x_reason_name(wave->reason), "files", c->files));
}

static int capture_wave(struct capture *c, struct v2x_device *dev, double seconds)
{
	const uint64_t ticks = (uint64_t)(seconds * v2x_device_info(dev)->tick_hz);
	const bool trip = cli_has(c->cli, "trip");
	struct wave wave;
	int ret;

	if (!trip && seconds > SAMPLES_S_MAX)
		return report_error(c->cli, EX_BAD_USE,
				    "--seconds: at most %d s of waveforms; --cycles takes longer",
				    SAMPLES_S_MAX);
	ret = trip ? wave_from_record(dev, &wave) : wave_live(dev, ticks, &wave);
	if (ret < 0)
		return report_errno(c->cli, trip ? "fault record" : "waveform ring",
				    V2X_IOC_INFO, ret);
	ret = wave.count == 0 ? report_error(c->cli, EX_REFUSED, "no samples came") :
				write_files(c, &wave);
	if (ret == EX_OK_)
		ret = tell(c, &wave);
	wave_free(&wave);
	return ret;
}

static int take_cycles(const struct cli *cli, struct v2x_device *dev,
		       struct v2x_ring_reader *reader, uint64_t count, FILE *file, uint64_t *lost)
{
	struct v2x_cycle cycle;

	for (uint64_t n = 0; n < count && !stop_requested();) {
		uint64_t gone;
		int ret = v2x_next_cycle(reader, &cycle, &gone);

		*lost += gone;
		n += gone;
		if (ret == 1) {
			cycle_csv_row(file, &cycle);
			n++;
		} else if (ret == 0) {
			ret = v2x_wait_cycle(dev, UINT64_MAX, 1000);
			if (ret < 0 && ret != -EINTR)
				return report_errno(cli, "cycles", V2X_IOC_WAIT_CYCLE, ret);
		}
	}
	return EX_OK_;
}

static int capture_cycles(struct capture *c, struct v2x_device *dev, double seconds)
{
	const double f_hz = v2x_device_info(dev)->f_nominal_mhz / 1e3;
	struct v2x_ring_reader reader;
	char path[PATH_LEN];
	uint64_t lost = 0;
	FILE *file;
	int ret;

	ret = v2x_map_cycles(dev, &reader);
	if (ret < 0)
		return report_errno(c->cli, "cycle ring", V2X_IOC_INFO, ret);
	file = create(c, ".csv", "w", path);
	if (!file) {
		v2x_unmap_ring(&reader);
		return EX_SYSTEM;
	}
	cycle_csv_header(file);
	ret = take_cycles(c->cli, dev, &reader, (uint64_t)(seconds * f_hz), file, &lost);
	v2x_unmap_ring(&reader);
	if (ret) {
		fclose(file);
		return ret;
	}
	ret = finish(c, file, path, ferror(file) ? -EIO : 0);
	if (ret == EX_OK_ && c->cli->json)
		ret = report_json(json_pack("{s:b,s:I,s:O}", "ok", 1, "lost", (json_int_t)lost,
					    "files", c->files));
	return ret;
}

/* An ending that is one of ours is not doubled. */
static int parse_out(struct capture *c, const char *name)
{
	size_t n = strlen(name);

	if (n > 4 && (strcmp(name + n - 4, ".csv") == 0 || strcmp(name + n - 4, ".cfg") == 0))
		n -= 4;
	if (n + 8 > sizeof(c->prefix))
		return report_error(c->cli, EX_BAD_USE, "--out: the name is too long");
	memcpy(c->prefix, name, n);
	c->prefix[n] = '\0';
	return EX_OK_;
}

static int parse(struct capture *c, double *seconds)
{
	const struct cli *cli = c->cli;
	const char *formats = cli_value(cli, "format");
	const char *data = cli_value(cli, "comtrade");
	const char *text = cli_value(cli, "seconds");
	int format = COMTRADE_BINARY32;
	int ret;

	c->csv = !formats || strstr(formats, "csv");
	c->comtrade = !formats || strstr(formats, "comtrade");
	if (formats && strcmp(formats, "csv") != 0 && strcmp(formats, "comtrade") != 0 &&
	    strcmp(formats, "csv,comtrade") != 0)
		return report_error(cli, EX_BAD_USE,
				    "--format \"%s\": expected csv, comtrade or csv,comtrade",
				    formats);
	if (data)
		format = comtrade_format_of(data);
	if (format < 0)
		return report_error(cli, EX_BAD_USE,
				    "--comtrade \"%s\": expected ascii, binary16 or binary32", data);
	c->format = (enum comtrade_format)format;
	ret = parse_out(c, cli_value(cli, "out") ? cli_value(cli, "out") : "capture");
	if (ret)
		return ret;
	*seconds = cli_has(cli, "cycles") ? SECONDS_MAX : 1;
	if (text && (decimal_parse(text, strlen(text), seconds) < 0 || *seconds <= 0 ||
		     *seconds > SECONDS_MAX))
		return report_error(cli, EX_BAD_USE,
				    "--seconds \"%s\": expected a number above 0, at most %g",
				    text, SECONDS_MAX);
	return EX_OK_;
}

int cmd_capture(struct cli *cli)
{
	struct capture c = { .cli = cli };
	struct v2x_device *dev = NULL;
	double seconds = 1;
	int ret = parse(&c, &seconds);

	if (ret == 0)
		ret = report_open(cli, V2X_OPEN_READ, &dev);
	if (ret)
		return ret;
	c.files = json_array();
	stop_on_signal();
	ret = cli_has(cli, "cycles") ? capture_cycles(&c, dev, seconds) :
				       capture_wave(&c, dev, seconds);
	json_decref(c.files);
	v2x_close(dev);
	return ret;
}

int cmd_arm(struct cli *cli)
{
	struct v2x_device *dev;
	int ret = report_open(cli, V2X_OPEN_WRITE, &dev);

	if (ret)
		return ret;
	ret = v2x_recorder_arm(dev);
	v2x_close(dev);
	if (ret < 0)
		return report_errno(cli, "arm", V2X_IOC_RECORDER_ARM, ret);
	if (cli->json)
		return report_json(json_pack("{s:b}", "ok", 1));
	puts("armed");
	return EX_OK_;
}
