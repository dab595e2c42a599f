// SPDX-License-Identifier: Apache-2.0
/*
 * What a control tick costs, in instructions, on the virtual plant in a closed
 * loop that charges and discharges.
 *
 *	ctl_bench run N		N counted ticks, for callgrind
 *				(--toggle-collect=bench_counted_tick)
 *	ctl_bench form N	likewise, forming an island
 *	ctl_bench single N	likewise, one phase with seven harmonics
 *				(--toggle-collect=bench_counted_single)
 *	ctl_bench worst		counts single ticks by stepping through them and
 *				prints mean and worst of those counted
 *
 * The worst tick cannot be had from callgrind, which only knows sums. A child
 * is stepped with ptrace through those ticks in which a finished mains cycle is
 * being worked on, at a frequency at which the cycle's end meets every turn of
 * the schedule, and through some others. In the last ones the link is too low
 * for the voltage wanted, so that the modulator's path beyond the hexagon and
 * the anti-windup behind it are among those counted, at every turn.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mini.h"
#include "rig.h"

#define GRID_MHZ	50700	/* 394.5 ticks a cycle: no multiple of 16 */
#define WORST_CYCLES	32
#define PLAIN_TICKS	64
#define SHORT_TICKS	16	/* with a link too low for the voltage wanted */

static struct rig rig;

void bench_counted_tick(void);

noinline void bench_counted_tick(void)
{
	v2x_ctl_tick(&rig.ctl, &rig.set, &rig.in, &rig.out);
}

static void prepare(void)
{
	rig_init(&rig);
	rig.env.grid.frequency_mhz = GRID_MHZ;
	rig.env.grid.h5_permille = 20;
	rig_env(&rig);
	if (!rig_run(&rig)) {
		fprintf(stderr, "ctl_bench: the charger did not reach RUN (fault %u)\n",
			rig.ctl.seq.fault);
		exit(1);
	}
	rig_power(&rig, 7000000);
	rig_ms(&rig, 300);
}

static void step_plant(void)
{
	plant_step(&rig.plant, &rig.out.gate);
	plant_sample(&rig.plant, &rig.in.samples);
	rig.in.tick = ++rig.tick;
	rig.in.t_ns = rig.tick * 50000;
	rig.in.requests = 0;
	rig.in.missed = 0;
}

/* Alone with a load, the bridge a voltage source. */
static int form(unsigned long n)
{
	prepare();
	rig.user.setpoint.flags = V2X_SETPOINT_FORM;
	rig_power(&rig, -3000000);
	rig_ms(&rig, 500);
	rig.env.grid.island_load_w = 6000;
	rig.env.fault[PLANT_FAULT_GRID_LOSS] = 1;
	rig_env(&rig);
	rig_ms(&rig, 500);
	for (unsigned long i = 0; i < n; i++) {
		step_plant();
		bench_counted_tick();
	}
	return rig.ctl.form.on && rig.ctl.seq.state == V2X_STATE_RUN ? 0 : 1;
}

static struct mini mini;

void bench_counted_single(void);

noinline void bench_counted_single(void)
{
	v2x_ctl_tick(&mini.ctl, &mini.set, &mini.in, &mini.out);
}

static int single(unsigned long n)
{
	mini_init(&mini, 1, 50, 400);
	if (!mini_run(&mini))
		return 1;
	mini.tick_fn = bench_counted_single;
	mini_power(&mini, 5000, 0);
	for (unsigned long i = 0; i < n; i++)
		mini_tick(&mini);
	return mini.ctl.seq.state == V2X_STATE_RUN ? 0 : 1;
}

static int run(unsigned long n)
{
	prepare();
	for (unsigned long i = 0; i < n; i++) {
		if (i % 2000 == 0)	/* the way a grid thread would, every 100 ms */
			rig_power(&rig, i % 4000 ? -7000000 : 7000000);
		step_plant();
		bench_counted_tick();
	}
	return rig.ctl.seq.state == V2X_STATE_RUN ? 0 : 1;
}

/* In the child: stop before each tick worth counting. */
static void child(void)
{
	u64 last = 0;
	int plain = PLAIN_TICKS;

	prepare();
	last = rig.ctl.measure.seq;
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	while (rig.ctl.measure.seq < last + WORST_CYCLES) {
		const struct v2x_measure *m = &rig.ctl.measure;
		bool end = m->step || rig.ctl.judge || m->theta > 0xff000000u;

		step_plant();
		if (end || plain-- > 0)
			raise(SIGSTOP);
		bench_counted_tick();
	}
	for (int i = 0; i < SHORT_TICKS; i++) {
		step_plant();
		rig.ctl.link.v_q8 = 450000 * 256;
		rig.ctl.link.recip = (1L << 52) / rig.ctl.link.v_q8;
		raise(SIGSTOP);
		bench_counted_tick();
	}
	_exit(rig.ctl.seq.state == V2X_STATE_RUN ? 0 : 1);
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

static int worst(void)
{
	long n, most = 0, sum = 0;
	int ticks = 0, status;
	pid_t pid = fork();

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
		sum += n;
		most = n > most ? n : most;
		ptrace(PTRACE_CONT, pid, NULL, NULL);
	}
	if (!ticks || !WIFEXITED(status) || WEXITSTATUS(status)) {
		fprintf(stderr, "ctl_bench: no tick could be counted\n");
		return 1;
	}
	printf("%d %ld %ld\n", ticks, sum / ticks, most);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "run"))
		return run(strtoul(argv[2], NULL, 10));
	if (argc == 3 && !strcmp(argv[1], "form"))
		return form(strtoul(argv[2], NULL, 10));
	if (argc == 3 && !strcmp(argv[1], "single"))
		return single(strtoul(argv[2], NULL, 10));
	if (argc == 2 && !strcmp(argv[1], "worst"))
		return worst();
	fprintf(stderr, "usage: ctl_bench run|form|single TICKS | ctl_bench worst\n");
	return 2;
}
