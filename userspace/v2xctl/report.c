// SPDX-License-Identifier: Apache-2.0
/* How commands tell what happened, and what they share. */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

int report_error(const struct cli *cli, int code, const char *format, ...)
{
	char text[768];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	fprintf(stderr, "v2xctl: %s\n", text);
	if (cli && cli->json)
		report_json(json_pack("{s:b,s:s,s:i}", "ok", 0, "error", text, "code", code));
	return code;
}

static int exit_for(int error)
{
	switch (-error) {
	case ENODEV:
		return EX_NO_DEVICE;
	case EACCES:
	case ENOMEM:
	case EIO:
	case EMFILE:
		return EX_SYSTEM;
	default:
		return EX_REFUSED;
	}
}

int report_errno(const struct cli *cli, const char *what, uint32_t cmd, int error)
{
	return report_error(cli, exit_for(error), "%s: %s", what, v2x_error_text(cmd, error));
}

int report_json(json_t *object)
{
	int ret;

	if (!object)
		return EX_SYSTEM;
	ret = json_dumpf(object, stdout, JSON_COMPACT | JSON_REAL_PRECISION(12));
	json_decref(object);
	putchar('\n');
	return ret == 0 && fflush(stdout) == 0 ? EX_OK_ : EX_SYSTEM;
}

int report_open(const struct cli *cli, unsigned int flags, struct v2x_device **dev)
{
	const int ret = v2x_open(cli->device, flags, dev);

	if (ret == 0)
		return 0;
	if (!cli->device && ret == -ENODEV)
		return report_error(cli, EX_NO_DEVICE,
				    "there is no charger; load its driver, or make a virtual one: "
				    "modprobe v2x_virt && v2xctl virt create NAME");
	return report_errno(cli, cli->device ? cli->device : "charger", 0, ret);
}

int report_claim(const struct cli *cli, uint32_t lease_ms, struct v2x_device **dev)
{
	int ret = report_open(cli, V2X_OPEN_WRITE, dev);

	if (ret)
		return ret;
	ret = v2x_claim(*dev, lease_ms);
	if (ret == 0)
		return 0;
	ret = report_errno(cli, v2x_path(*dev), V2X_IOC_CLAIM, ret);
	v2x_close(*dev);
	return ret;
}

int report_number(const struct cli *cli, const char *option, long min, long max, long *number)
{
	const char *text = cli_value(cli, option);
	char *end;
	long n;

	if (!text)
		return 0;
	errno = 0;
	n = strtol(text, &end, 10);
	if (errno || end == text || *end != '\0' || n < min || n > max)
		return report_error(cli, EX_BAD_USE,
				    "--%s \"%s\": expected a whole number from %ld to %ld", option,
				    text, min, max);
	*number = n;
	return 0;
}

static volatile sig_atomic_t stop_flag;

static void on_signal(int number)
{
	(void)number;
	stop_flag = 1;
}

void stop_on_signal(void)
{
	/* Without SA_RESTART, so that sleeping calls come back. */
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

bool stop_requested(void)
{
	return stop_flag != 0;
}
