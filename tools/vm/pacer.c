// SPDX-License-Identifier: Apache-2.0
/*
 * Keeps the guest's clock from running away while the host is reading a file for it.
 *
 * With counted instructions an idle processor jumps to its next timer. A guest that waits for the host (9p) is
 * idle too, so each request would cost whatever the next timer is away: seconds, while a program loads. This
 * program holds a timer pending. COARSE_NS apart when the host has nothing to do for us, which costs little;
 * FINE_NS apart from the first answer of the host until HOLD_NS after the last, when guest time then passes
 * about as fast as host time. It runs at idle priority: a busy processor never gets to it.
 *
 * usage: pacer FILE...    files with the interrupt counts of the devices (/sys/kernel/irq/N/per_cpu_count)
 */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define COARSE_NS 5000000L
#define FINE_NS	  100000L
#define HOLD_NS	  50000000L
#define FILES_MAX 8
#define COUNT_MAX 128

struct counter {
	int fd;
	ssize_t length;
	char text[COUNT_MAX];
};

/* Whether the device interrupted since the last call. The text is as good as the number in it. */
static int moved(struct counter *c)
{
	char now[COUNT_MAX];
	ssize_t length = pread(c->fd, now, sizeof(now), 0);

	if (length <= 0 || (length == c->length && memcmp(now, c->text, (size_t)length) == 0))
		return 0;
	memcpy(c->text, now, (size_t)length);
	c->length = length;
	return 1;
}

static int open_counters(struct counter *counters, char **paths)
{
	int n = 0;

	for (; *paths && n < FILES_MAX; paths++) {
		counters[n].fd = open(*paths, O_RDONLY | O_CLOEXEC);
		if (counters[n].fd < 0) {
			perror(*paths);
			return -1;
		}
		n++;
	}
	return n;
}

int main(int argc, char **argv)
{
	static struct counter counters[FILES_MAX];
	const struct sched_param idle = { .sched_priority = 0 };
	int n = argc > 1 ? open_counters(counters, argv + 1) : 0;
	long hold_ns = 0;

	/* The default slack of 50 us would swallow the fine steps. */
	if (n < 0 || sched_setscheduler(0, SCHED_IDLE, &idle) || prctl(PR_SET_TIMERSLACK, 1UL)) {
		perror("pacer");
		return 1;
	}
	for (;;) {
		const struct timespec step = { .tv_nsec = hold_ns > 0 ? FINE_NS : COARSE_NS };

		nanosleep(&step, NULL);
		hold_ns -= step.tv_nsec;
		for (int i = 0; i < n; i++)
			if (moved(&counters[i]))
				hold_ns = HOLD_NS;
		if (hold_ns < 0)
			hold_ns = 0;
	}
}
