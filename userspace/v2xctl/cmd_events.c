// SPDX-License-Identifier: Apache-2.0
/* events: what happens from now on, a line each. */
#include <errno.h>
#include <poll.h>
#include <time.h>

#include "cmd.h"
#include "event_json.h"
#include "quantity.h"

#define BATCH 32

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static int show(const struct cli *cli, const struct v2x_event *e)
{
	char text[256];

	if (cli->json)
		return report_json(event_json(e));
	v2x_event_format(e, text, sizeof(text));
	printf("%12.6f  %6llu  %s\n", (double)e->t_ns / 1e9, (unsigned long long)e->seq, text);
	return fflush(stdout) == 0 ? EX_OK_ : EX_SYSTEM;
}

static int report_hole(const struct cli *cli, uint64_t lost)
{
	if (cli->json)
		return report_json(json_pack("{s:s,s:I}", "type", "lost", "count",
					     (json_int_t)lost));
	printf("%12s  %6s  lost: %llu events, this program was too slow\n", "", "",
	       (unsigned long long)lost);
	return EX_OK_;
}

/* Reads and shows what is there; returns how many events, or minus an exit status. */
static int drain(const struct cli *cli, struct v2x_device *dev, uint64_t *last, long room)
{
	struct v2x_event batch[BATCH];
	const size_t max = room > 0 && room < BATCH ? (size_t)room : BATCH;
	const int n = v2x_read_events(dev, batch, max);

	if (n == -EAGAIN || n == -EINTR)
		return 0;
	if (n < 0)
		return -report_errno(cli, v2x_path(dev), V2X_IOC_WAIT_EVENT, n);
	for (int i = 0; i < n; i++) {
		int ret = 0;

		if (*last && batch[i].seq > *last + 1)
			ret = report_hole(cli, batch[i].seq - *last - 1);
		*last = batch[i].seq;
		if (ret == 0)
			ret = show(cli, &batch[i]);
		if (ret)
			return -ret;
	}
	return n;
}

static int follow(const struct cli *cli, struct v2x_device *dev, long count, int64_t for_ms)
{
	const int64_t end = for_ms > 0 ? now_ms() + for_ms : INT64_MAX;
	struct pollfd poller = { .fd = v2x_fd(dev), .events = POLLIN };
	uint64_t last = 0;
	long seen = 0;

	while (!stop_requested() && (count == 0 || seen < count)) {
		const int64_t left = end - now_ms();
		int n;

		if (left <= 0)
			break;
		if (poll(&poller, 1, left < 1000 ? (int)left : 1000) < 0 && errno != EINTR)
			return report_error(cli, EX_SYSTEM, "waiting for events failed");
		if (poller.revents == 0)
			continue;
		n = drain(cli, dev, &last, count ? count - seen : 0);
		if (n < 0)
			return -n;
		seen += n;
	}
	return EX_OK_;
}

int cmd_events(struct cli *cli)
{
	const char *duration = cli_value(cli, "for");
	struct v2x_device *dev;
	int64_t for_ms = 0;
	long count = 0;
	int ret;

	if (duration && (quantity_parse(QUANTITY_DURATION, duration, &for_ms) < 0 || for_ms <= 0))
		return report_error(cli, EX_BAD_USE, "--for \"%s\": expected a time (%s)",
				    duration, quantity_units(QUANTITY_DURATION));
	ret = report_number(cli, "count", 1, 1000000000, &count);
	if (ret == 0)
		ret = report_open(cli, V2X_OPEN_READ | V2X_OPEN_NONBLOCK, &dev);
	if (ret)
		return ret;
	stop_on_signal();
	ret = follow(cli, dev, count, for_ms);
	v2x_close(dev);
	return ret;
}
