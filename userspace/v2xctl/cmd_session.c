// SPDX-License-Identifier: Apache-2.0
/* start, stop, ack, clear, reload; emergency stop; pilot. */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "daemon.h"

static int done(const struct cli *cli, const char *text)
{
	if (cli->json)
		return report_json(json_pack("{s:b}", "ok", 1));
	puts(text);
	return EX_OK_;
}

/* Claims for as long as the one command takes. */
static int with_claim(const struct cli *cli, int (*what)(struct v2x_device *dev, uint32_t arg),
		      uint32_t arg, uint32_t cmd)
{
	struct v2x_device *dev;
	int ret = report_claim(cli, REPORT_LEASE_MS, &dev);

	if (ret)
		return ret;
	ret = what(dev, arg);
	ret = ret < 0 ? report_errno(cli, cli->command->name, cmd, ret) : done(cli, "done");
	v2x_close(dev);
	return ret;
}

static int request(struct v2x_device *dev, uint32_t number)
{
	return v2x_request(dev, number, 0);
}

int cmd_session(struct cli *cli)
{
	const char *name = cli->command->name;

	if (cli_has(cli, "direct"))
		return with_claim(cli, request, (uint32_t)v2x_request_from_name(name),
				  V2X_IOC_REQUEST);
	return daemon_tell(cli, json_pack("{s:s}", "cmd", name), "accepted");
}

int cmd_estop(struct cli *cli)
{
	struct v2x_device *dev;
	int ret = report_open(cli, V2X_OPEN_WRITE, &dev);

	if (ret)
		return ret;
	ret = v2x_request(dev, V2X_REQUEST_ESTOP, 0);
	ret = ret < 0 ? report_errno(cli, "estop", V2X_IOC_REQUEST, ret) :
			done(cli, "stopped; acknowledge with v2xctl ack");
	v2x_close(dev);
	return ret;
}

static int pilot_duty(const char *text, uint32_t *duty)
{
	char *end;
	unsigned long number;

	if (strcmp(text, "off") == 0) {
		*duty = V2X_PILOT_DUTY_OFF;
		return 0;
	}
	if (strcmp(text, "steady") == 0) {
		*duty = V2X_PILOT_DUTY_STEADY;
		return 0;
	}
	number = strtoul(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end != '\0' || number < V2X_PILOT_DUTY_MIN ||
	    number > V2X_PILOT_DUTY_MAX)
		return -1;
	*duty = (uint32_t)number;
	return 0;
}

int cmd_pilot(struct cli *cli)
{
	uint32_t duty;

	if (pilot_duty(cli->argv[0], &duty) < 0)
		return report_error(cli, EX_BAD_USE,
				    "\"%s\": expected off, steady or %d to %d permille",
				    cli->argv[0], V2X_PILOT_DUTY_MIN, V2X_PILOT_DUTY_MAX);
	return with_claim(cli, v2x_pilot, duty, V2X_IOC_PILOT);
}
