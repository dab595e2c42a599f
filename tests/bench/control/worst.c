// SPDX-License-Identifier: Apache-2.0
/*
 * The dearest ticks of a scene, counted one by one.
 *
 * They cannot be had from callgrind, which only knows sums. A child is stepped
 * with ptrace through those ticks in which a mains cycle is being worked on, at
 * a frequency at which the cycle's end meets every turn of the schedule, and
 * through some others, a reversal of the power among them.
 *
 * The dearer half of them is counted three times, from the same state: as it is;
 * with a voltage wanted that the link does not have, which takes the modulator's
 * path beyond the hexagon and the anti-windup behind it; and with a sample
 * besides that has to be judged and turns out to be fine.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scene.h"

#define CYCLES		16	/* times 394.5 ticks: ends in every one of 16 turns */
#define TICKS		(CYCLES * 400)
#define PLAIN_EVERY	67	/* ticks without work that are counted all the same */
#define REVERSED_TICKS	32
#define NEAR		24	/* instructions below the dearest of its turn: tried further */

enum kind { AS_IT_IS, AT_THE_LIMIT, JUDGED, KINDS };

/**
 * struct about - what parent and child know of the tick that the latter stops before
 * @kind: what is counted
 * @turn: of V2X_SLOW_TICKS
 * @further: it is worth to be tried in the other ways
 */
struct about {
	unsigned int kind;
	unsigned int turn;
	bool further;
};

static struct about *about;	/* shared with the child */

static void counted(enum kind kind)
{
	about->kind = kind;
	about->turn = (unsigned int)(scene->in->tick % V2X_SLOW_TICKS);
	raise(SIGSTOP);
	bench_counted_tick();
}

/* All is as before afterwards. */
static void count_it(void)
{
	struct v2x_ctl *c = scene->ctl;
	static void *kept;

	if (!kept)
		kept = malloc(scene->size);
	if (!kept)
		_exit(1);
	memcpy(kept, scene->state, scene->size);
	counted(AS_IT_IS);
	for (int kind = AT_THE_LIMIT; kind < KINDS && about->further; kind++) {
		memcpy(scene->state, kept, scene->size);
		scene->push();
		c->prot.pending |= kind == JUDGED;
		counted((enum kind)kind);
	}
	memcpy(scene->state, kept, scene->size);
	bench_counted_tick();
}

/* In the child: stop before each tick worth counting. */
static void child(void)
{
	const struct v2x_ctl *c = scene->ctl;
	int reversed = 0;

	if (!scene->begin())
		_exit(1);
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	for (int i = 0; i < TICKS; i++) {
		if (scene->order && i % (TICKS / 2) == TICKS / 4) {
			scene->order(c->ref.p_q16 < 0);
			reversed = REVERSED_TICKS;
		}
		scene_tick = c->work || c->measure.theta > 0xff000000u || reversed > 0 ||
			     i % PLAIN_EVERY == 0 ? count_it : bench_counted_tick;
		reversed--;
		scene->step();
	}
	_exit(c->seq.state == V2X_STATE_RUN && c->form.on == scene->form ? 0 : 1);
}

static unsigned long pc(pid_t pid, unsigned long *sp)
{
	struct user_regs_struct r;

	ptrace(PTRACE_GETREGS, pid, NULL, &r);
	*sp = r.rsp;
	return r.rip;
}

/* Instructions between entry and return of the next counted tick. */
static long count(pid_t pid)
{
	unsigned long entry = (unsigned long)(uintptr_t)bench_counted_tick;
	unsigned long sp, at, back = 0;
	long n = -1;
	int status;

	for (;;) {
		ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL);
		if (waitpid(pid, &status, 0) < 0 || !WIFSTOPPED(status))
			return -1;
		at = pc(pid, &sp);
		if (n < 0 && at == entry) {
			n = 0;
			back = (unsigned long)ptrace(PTRACE_PEEKDATA, pid, (void *)sp, NULL);
		} else if (n >= 0) {
			n++;
			if (at == back)
				return n;
		}
	}
}

static void by_turn(long most[KINDS][V2X_SLOW_TICKS])
{
	for (unsigned int t = 0; t < V2X_SLOW_TICKS; t++)
		fprintf(stderr, "turn %2u: %5ld %5ld %5ld\n", t, most[AS_IT_IS][t],
			most[AT_THE_LIMIT][t], most[JUDGED][t]);
}

static long dearest(const long *of_turn)
{
	long most = 0;

	for (unsigned int t = 0; t < V2X_SLOW_TICKS; t++)
		most = of_turn[t] > most ? of_turn[t] : most;
	return most;
}

int worst_of(const struct scene *s)
{
	static long most[KINDS][V2X_SLOW_TICKS];
	int ticks = 0, status;
	pid_t pid;
	long n;

	scene = s;
	about = mmap(NULL, sizeof(*about), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		     -1, 0);
	pid = about == MAP_FAILED ? -1 : fork();
	if (pid < 0) {
		perror("ctl_bench: fork");
		return 1;
	}
	if (!pid)
		child();
	while (waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
		n = count(pid);
		if (n < 0)
			break;
		ticks++;
		if (about->kind == AS_IT_IS)
			about->further = n > most[AS_IT_IS][about->turn] - NEAR;
		if (n > most[about->kind][about->turn])
			most[about->kind][about->turn] = n;
		ptrace(PTRACE_CONT, pid, NULL, NULL);
	}
	if (!ticks || !WIFEXITED(status) || WEXITSTATUS(status)) {
		fprintf(stderr, "ctl_bench: no tick of %s could be counted to the end\n", s->name);
		return 1;
	}
	by_turn(most);
	printf("%d %ld %ld %ld\n", ticks, dearest(most[AS_IT_IS]), dearest(most[AT_THE_LIMIT]),
	       dearest(most[JUDGED]));
	return 0;
}
