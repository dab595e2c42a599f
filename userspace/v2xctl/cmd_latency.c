// SPDX-License-Identifier: Apache-2.0
/* latency: how well the control ticks keep their time. */
#include "cmd.h"

#define BAR 40

static json_t *hist_json(const __u64 *bins)
{
	json_t *array = json_array();

	for (int i = 0; i < V2X_HIST_BINS; i++)
		json_array_append_new(array, json_integer((json_int_t)bins[i]));
	return array;
}

static int show_json(const struct v2x_status *s, uint32_t tick_hz)
{
	return report_json(json_pack(
		"{s:b,s:i,s:I,s:I,s:I,s:I,s:I,s:I,s:o,s:o}", "ok", 1, "tick_hz", (int)tick_hz, "ticks",
		(json_int_t)s->tick, "ticks_missed", (json_int_t)s->ticks_missed, "start_worst_ns",
		(json_int_t)s->start_worst_ns, "duration_worst_ns",
		(json_int_t)s->duration_worst_ns, "duration_sum_ns",
		(json_int_t)s->duration_sum_ns, "fault_to_inhibit_worst_ns",
		(json_int_t)s->fault_to_inhibit_worst_ns, "start_hist", hist_json(s->start_hist),
		"duration_hist", hist_json(s->duration_hist)));
}

static void show_hist(const char *title, const __u64 *bins)
{
	__u64 most = 0;
	int first = V2X_HIST_BINS;
	int last = -1;

	for (int i = 0; i < V2X_HIST_BINS; i++) {
		if (bins[i] == 0)
			continue;
		first = i < first ? i : first;
		last = i;
		most = bins[i] > most ? bins[i] : most;
	}
	printf("\n%s\n", title);
	for (int i = first; i <= last; i++) {
		const int bar = (int)((bins[i] * BAR + most - 1) / most);

		printf("%10.3f us .. %10.3f us %12llu %.*s\n", (double)(1ULL << i) / 1e3,
		       (double)(2ULL << i) / 1e3, (unsigned long long)bins[i], bar,
		       "****************************************");
	}
}

int cmd_latency(struct cli *cli)
{
	struct v2x_device *dev;
	struct v2x_status s;
	uint32_t tick_hz;
	int ret = report_open(cli, V2X_OPEN_READ, &dev);

	if (ret)
		return ret;
	tick_hz = v2x_device_info(dev)->tick_hz;
	ret = v2x_get_status(dev, &s);
	v2x_close(dev);
	if (ret < 0)
		return report_errno(cli, "status page", V2X_IOC_INFO, ret);
	if (cli->json)
		return show_json(&s, tick_hz);
	printf("control rate            %u Hz, period %.1f us\n", tick_hz, 1e6 / tick_hz);
	printf("ticks                   %llu\n", (unsigned long long)s.tick);
	printf("missed                  %llu\n", (unsigned long long)s.ticks_missed);
	printf("worst start error       %.3f us\n", (double)s.start_worst_ns / 1e3);
	printf("longest tick            %.3f us\n", (double)s.duration_worst_ns / 1e3);
	/* An older kernel does not keep the sum. */
	if (s.duration_sum_ns && s.tick)
		printf("mean tick               %.3f us\n",
		       (double)s.duration_sum_ns / (double)s.tick / 1e3);
	printf("worst fault to inhibit  %.3f us\n", (double)s.fault_to_inhibit_worst_ns / 1e3);
	show_hist("start error", s.start_hist);
	show_hist("duration", s.duration_hist);
	return EX_OK_;
}
