// SPDX-License-Identifier: Apache-2.0
/* status and top: the snapshot, once and again and again. */
#include <time.h>
#include <unistd.h>

#include "cmd.h"
#include "status_json.h"

static int show(const struct cli *cli, struct v2x_device *dev)
{
	struct v2x_status s;
	json_t *o;
	int ret = v2x_get_status(dev, &s);

	if (ret < 0)
		return report_errno(cli, "status page", V2X_IOC_INFO, ret);
	/* The page stays mapped when the charger has gone: ask it a question it must answer. */
	ret = v2x_get_limits(dev, &(struct v2x_limits){ 0 });
	if (ret < 0)
		return report_errno(cli, v2x_path(dev), V2X_IOC_GET_LIMITS, ret);
	if (!cli->json) {
		status_print(stdout, v2x_device_info(dev), &s);
		return EX_OK_;
	}
	o = status_json(&s);
	json_object_set_new(o, "device", json_string(v2x_path(dev)));
	json_object_set_new(o, "name", json_string(v2x_device_info(dev)->name));
	return report_json(o);
}

int cmd_status(struct cli *cli)
{
	struct v2x_device *dev;
	int ret = report_open(cli, V2X_OPEN_READ, &dev);

	if (ret)
		return ret;
	ret = show(cli, dev);
	v2x_close(dev);
	return ret;
}

int cmd_top(struct cli *cli)
{
	const bool screen = !cli->json && isatty(STDOUT_FILENO);
	struct v2x_device *dev;
	long interval_ms = 500;
	long count = 0;
	int ret = report_number(cli, "interval", 20, 60000, &interval_ms);

	if (ret == 0)
		ret = report_number(cli, "count", 1, 1000000000, &count);
	if (ret == 0)
		ret = report_open(cli, V2X_OPEN_READ, &dev);
	if (ret)
		return ret;
	stop_on_signal();
	for (long i = 0; (count == 0 || i < count) && !stop_requested(); i++) {
		const struct timespec pause = { interval_ms / 1000,
						interval_ms % 1000 * 1000000 };

		if (i > 0)
			nanosleep(&pause, NULL);
		if (screen)
			fputs("\033[H\033[J", stdout);
		ret = show(cli, dev);
		if (ret || fflush(stdout) != 0)
			break;
		if (!cli->json && !screen)
			putchar('\n');
	}
	v2x_close(dev);
	return ret;
}
