// SPDX-License-Identifier: Apache-2.0
/* scope: a look at the waveforms, or at the frozen fault record. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd.h"
#include "plot.h"

#define HEIGHT 16
#define DEFAULT_CHANNELS "v_a,v_b,v_c,i_a,i_b,i_c"
#define DEFAULT_CHANNELS_ONE "v_a,i_a"

static int take(const struct cli *cli, struct v2x_device *dev, struct wave *wave)
{
	long ms = 40;
	int ret = report_number(cli, "ms", 1, 60000, &ms);

	if (ret)
		return ret;
	if (cli_has(cli, "trip"))
		ret = wave_from_record(dev, wave);
	else
		ret = wave_from_ring(dev, (uint64_t)ms * v2x_device_info(dev)->tick_hz / 1000,
				     wave);
	if (ret < 0)
		return report_errno(cli, cli_has(cli, "trip") ? "fault record" : "waveform ring",
				    V2X_IOC_INFO, ret);
	if (wave->count > 0)
		return EX_OK_;
	wave_free(wave);
	return report_error(cli, EX_REFUSED, "the waveform ring is empty");
}

static int write_json(const struct wave *wave, const struct wave_channel **channels)
{
	json_t *series = json_object();
	json_t *t = json_array();

	for (size_t i = 0; i < wave->count; i++)
		json_array_append_new(t, json_real(wave_time(wave, i)));
	for (; *channels; channels++) {
		json_t *values = json_array();

		for (size_t i = 0; i < wave->count; i++)
			json_array_append_new(values,
					      json_real(wave_value(*channels, &wave->samples[i])));
		json_object_set_new(series, channels[0]->name, values);
	}
	return report_json(json_pack("{s:b,s:I,s:I,s:o,s:o}", "ok", 1, "tick",
				     (json_int_t)wave->samples[0].tick, "lost",
				     (json_int_t)wave->lost, "t_s", t, "channels", series));
}

/* Through a pipe; without a display gnuplot draws with characters. */
static int run_gnuplot(const struct cli *cli, const struct wave *wave,
		       const struct wave_channel **channels)
{
	FILE *to;
	int status;

	signal(SIGPIPE, SIG_IGN);
	/* The command is a constant. NOLINTNEXTLINE(cert-env33-c) */
	to = popen("gnuplot --persist", "w");
	if (!to)
		return report_error(cli, EX_SYSTEM, "gnuplot cannot be started");
	if (!getenv("DISPLAY") && !getenv("WAYLAND_DISPLAY"))
		fputs("set terminal dumb 100 40\n", to);
	plot_gnuplot(to, wave, channels);
	status = pclose(to);
	if (status == -1 || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return report_error(cli, EX_SYSTEM,
				    "gnuplot failed; is it installed? Without it use scope alone "
				    "or --svg FILE");
	return EX_OK_;
}

static int write_svg(const struct cli *cli, const char *path, const struct wave *wave,
		     const struct wave_channel **channels)
{
	FILE *to = fopen(path, "w");
	int ret;

	if (!to)
		return report_error(cli, EX_SYSTEM, "%s: %m", path);
	ret = plot_svg(to, wave, channels);
	if (fclose(to) != 0 || ret < 0)
		return report_error(cli, EX_SYSTEM, "%s: writing failed", path);
	if (!cli->json)
		printf("wrote %s\n", path);
	return EX_OK_;
}

static int screen_width(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 40)
		return size.ws_col - 13;
	return 88;
}

static int show(const struct cli *cli, const struct wave *wave)
{
	const struct wave_channel *channels[WAVE_CHANNELS_MAX + 1];
	const char *names = cli_value(cli, "channels");
	char bad[64];

	if (!names)
		names = wave->info.phases > 1 ? DEFAULT_CHANNELS : DEFAULT_CHANNELS_ONE;
	if (wave_choose(wave, names, channels, bad, sizeof(bad)) <= 0)
		return report_error(cli, EX_BAD_USE,
				    "\"%s\" is no channel; expected names such as v_a,i_a,v_dc,p",
				    bad);
	if (cli_has(cli, "svg"))
		return write_svg(cli, cli_value(cli, "svg"), wave, channels);
	if (cli_has(cli, "gnuplot"))
		return run_gnuplot(cli, wave, channels);
	if (cli->json)
		return write_json(wave, channels);
	plot_ascii(stdout, wave, channels, screen_width(), HEIGHT);
	return EX_OK_;
}

int cmd_scope(struct cli *cli)
{
	struct v2x_device *dev;
	struct wave wave;
	int ret = report_open(cli, V2X_OPEN_READ, &dev);

	if (ret)
		return ret;
	ret = take(cli, dev, &wave);
	if (ret == 0) {
		ret = show(cli, &wave);
		wave_free(&wave);
	}
	v2x_close(dev);
	return ret;
}
