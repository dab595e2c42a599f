// SPDX-License-Identifier: Apache-2.0
/*
 * Latencies of a running charger in emulated time. Meant for a virtual
 * machine whose clock counts instructions (tools/vm/run), where one nanosecond
 * is one instruction and every figure is the same on every machine.
 *
 *   vm_bench ticks N            wait for N control ticks
 *   vm_bench setpoint N P_W     N set-points of +-P_W, submission to reference
 *   vm_bench readers N SECONDS  N threads read the waveform ring
 *   vm_bench step P_W SECONDS   watch for |power| to reach 90 % of P_W
 *   vm_bench now 0              CLOCK_MONOTONIC in ns, as the figures have it
 *
 * Each but the last prints one JSON object.
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <v2x.h>

static uint64_t now_ns(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000U + (uint64_t)ts.tv_nsec;
}

static void sleep_ms(long ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000 };

	(void)nanosleep(&ts, NULL);
}

static int fail(const char *what, int ret)
{
	(void)fprintf(stderr, "vm_bench: %s: %s\n", what, strerror(-ret));
	return 1;
}

static int bench_ticks(struct v2x_device *dev, uint64_t n)
{
	struct v2x_status first;
	struct v2x_status st;
	int ret = v2x_get_status(dev, &first);

	for (st = first; !ret && st.tick - first.tick < n; ret = v2x_get_status(dev, &st))
		sleep_ms(100);
	if (ret)
		return fail("status", ret);
	printf("{\"ticks\": %llu, \"missed\": %llu, \"start_worst_ns\": %llu, \"duration_worst_ns\": %llu, "
	       "\"fault_to_inhibit_worst_ns\": %llu}\n",
	       (unsigned long long)(st.tick - first.tick), (unsigned long long)(st.ticks_missed - first.ticks_missed),
	       (unsigned long long)st.start_worst_ns, (unsigned long long)st.duration_worst_ns,
	       (unsigned long long)st.fault_to_inhibit_worst_ns);
	return 0;
}

/* Until the reference in the status page has moved: its tick has set the duty. */
static int one_setpoint(struct v2x_device *dev, int32_t p_mw, uint64_t *latency_ns)
{
	struct v2x_setpoint sp = V2X_INIT(struct v2x_setpoint);
	struct v2x_status before;
	struct v2x_status st;
	int ret = v2x_get_status(dev, &before);

	sp.p_mw = p_mw;
	sp.ramp_mw_per_s = V2X_RAMP_FASTEST;
	uint64_t start = now_ns();

	if (!ret)
		ret = v2x_setpoint(dev, &sp);
	do {
		if (!ret)
			ret = v2x_get_status(dev, &st);
		if (!ret && now_ns() - start > 1000000000U)
			ret = -ETIME;
	} while (!ret && st.p_ref_mw == before.p_ref_mw);
	*latency_ns = ret ? 0 : now_ns() - start;
	return ret;
}

/* Holds the lease until power may flow; asks again while the car is not ready. */
static int to_run(struct v2x_device *dev)
{
	struct v2x_setpoint sp = V2X_INIT(struct v2x_setpoint);
	struct v2x_status st = { 0 };
	uint64_t start = now_ns();
	int ret = v2x_claim(dev, 1000);

	sp.ramp_mw_per_s = V2X_RAMP_FASTEST;
	while (!ret && st.state != V2X_STATE_RUN) {
		if (st.state == V2X_STATE_IDLE)
			ret = v2x_request(dev, V2X_REQUEST_START, 0);
		sleep_ms(20);
		if (!ret)
			ret = v2x_setpoint(dev, &sp);
		if (!ret)
			ret = v2x_get_status(dev, &st);
		if (!ret && st.state == V2X_STATE_FAULT)
			ret = -EIO;
		if (!ret && now_ns() - start > 20000000000U)
			ret = -ETIME;
	}
	return ret;
}

static int bench_setpoint(struct v2x_device *dev, unsigned int n, int32_t p_w)
{
	uint64_t worst = 0;
	uint64_t sum = 0;
	int ret = to_run(dev);

	for (unsigned int i = 0; !ret && i < n; i++) {
		uint64_t latency;

		/* A prime step walks the submission over all phases of the tick. */
		sleep_ms(37);
		ret = one_setpoint(dev, i % 2 ? -p_w * 1000 : p_w * 1000, &latency);
		sum += latency;
		worst = latency > worst ? latency : worst;
	}
	if (ret)
		return fail("set-point", ret);
	printf("{\"setpoints\": %u, \"setpoint_to_duty_mean_ns\": %llu, \"setpoint_to_duty_worst_ns\": %llu}\n", n,
	       (unsigned long long)(sum / n), (unsigned long long)worst);
	return 0;
}

static atomic_bool stop_readers;

static void *reader(void *arg)
{
	struct v2x_ring_reader ring = *(const struct v2x_ring_reader *)arg;
	struct v2x_sample sample;
	uint64_t lost;

	while (!atomic_load(&stop_readers))
		if (v2x_next_sample(&ring, &sample, &lost) == 0)
			sched_yield();
	return NULL;
}

static double duration_mean(const struct v2x_status *a, const struct v2x_status *b)
{
	return (double)(b->duration_sum_ns - a->duration_sum_ns) / (double)(b->tick - a->tick);
}

static int bench_readers(struct v2x_device *dev, unsigned int n, unsigned int seconds)
{
	struct v2x_ring_reader ring;
	struct v2x_status a;
	struct v2x_status b;
	pthread_t thread[16];
	unsigned int started = 0;
	int ret = v2x_map_samples(dev, &ring);

	if (ret)
		return fail("waveform ring", ret);
	while (started < n && started < 16 && !pthread_create(&thread[started], NULL, reader, &ring))
		started++;
	ret = v2x_get_status(dev, &a);
	sleep_ms(1000L * seconds);
	if (!ret)
		ret = v2x_get_status(dev, &b);
	atomic_store(&stop_readers, true);
	while (started)
		(void)pthread_join(thread[--started], NULL);
	v2x_unmap_ring(&ring);
	if (ret)
		return fail("status", ret);
	printf("{\"readers\": %u, \"tick_duration_mean_ns\": %.0f, \"ticks_missed\": %llu}\n", n, duration_mean(&a, &b),
	       (unsigned long long)(b.ticks_missed - a.ticks_missed));
	return 0;
}

/* Says "watching" when it is ready, so that the caller can make the step. */
static int bench_step(struct v2x_device *dev, int32_t p_w, unsigned int seconds)
{
	struct v2x_status st;
	uint64_t start = now_ns();
	int ret;

	do {
		ret = v2x_get_status(dev, &st);
	} while (!ret && llabs((long long)st.p_mw) < 900LL * llabs((long long)p_w) &&
		 now_ns() - start < seconds * 1000000000ULL);
	if (ret)
		return fail("status", ret);
	printf("{\"reached\": %s, \"t_ns\": %llu}\n",
	       llabs((long long)st.p_mw) >= 900LL * llabs((long long)p_w) ? "true" : "false",
	       (unsigned long long)st.t_ns);
	return 0;
}

static long number(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (*text == '\0' || *end != '\0') {
		(void)fprintf(stderr, "vm_bench: '%s' is not a whole number\n", text);
		exit(2);
	}
	return value;
}

int main(int argc, char **argv)
{
	struct v2x_device *dev;
	const char *what = argc > 2 ? argv[1] : "";

	if (strcmp(what, "now") == 0) {
		printf("%llu\n", (unsigned long long)now_ns());
		return 0;
	}
	long a = argc > 2 ? number(argv[2]) : 0;
	long b = argc > 3 ? number(argv[3]) : 0;
	int ret = v2x_open(NULL, strcmp(what, "setpoint") == 0 ? V2X_OPEN_WRITE : V2X_OPEN_READ, &dev);

	if (ret)
		return fail("open", ret);
	if (strcmp(what, "ticks") == 0)
		ret = bench_ticks(dev, (uint64_t)a);
	else if (strcmp(what, "setpoint") == 0 && argc == 4)
		ret = bench_setpoint(dev, (unsigned int)a, (int32_t)b);
	else if (strcmp(what, "readers") == 0 && argc == 4)
		ret = bench_readers(dev, (unsigned int)a, (unsigned int)b);
	else if (strcmp(what, "step") == 0 && argc == 4)
		ret = bench_step(dev, (int32_t)a, (unsigned int)b);
	else {
		(void)fputs("usage: vm_bench ticks N | setpoint N P_W | readers N SECONDS | step P_W SECONDS\n", stderr);
		ret = 2;
	}
	v2x_close(dev);
	return ret;
}
