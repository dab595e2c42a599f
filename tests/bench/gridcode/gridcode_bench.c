// SPDX-License-Identifier: Apache-2.0
/*
 * One step of the grid code engine with every function active that does not
 * exclude another: instructions, mean and worst, and time.
 *
 *	gridcode_bench LIMIT JSON
 *
 * A child is stepped with ptrace through single engine steps, in each
 * combination of alternatives and through a course of grids that makes every function work.
 * Exit status 1 when the worst step passes LIMIT instructions or the mean
 * step takes longer than a microsecond.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "gridcode/gridcode.h"
#include "gridcode/params.h"

#define DT_S 0.02
#define COURSE 600
#define TIMED 20000
#define ROUNDS 60
#define TIME_LIMIT_NS 1000.0

static struct gridcode engine;

static void set(struct gc_settings *s, const char *name, double value)
{
	const struct gc_param *param = gc_param_named(name);

	if (!param)
		abort();
	gc_param_put(s, param, value);
}

static void everything_on(struct gc_settings *s)
{
	static const struct { const char *name; double value; } on[] = {
		{ "trip.ov1_limit", 1.30 }, { "trip.ov1_time", 2 }, { "trip.ov2_limit", 1.35 },
		{ "trip.ov2_time", 1 }, { "trip.ov3_limit", 1.4 }, { "trip.ov3_time", 1 },
		{ "trip.ov4_limit", 1.45 }, { "trip.ov4_time", 1 }, { "trip.uv1_limit", 0.45 },
		{ "trip.uv1_time", 100 }, { "trip.uv2_limit", 0.4 }, { "trip.uv2_time", 90 },
		{ "trip.uv3_limit", 0.35 }, { "trip.uv3_time", 80 }, { "trip.uv4_limit", 0.3 },
		{ "trip.uv4_time", 70 }, { "trip.of1_limit", 52 }, { "trip.of1_time", 1 },
		{ "trip.of2_limit", 53 }, { "trip.of2_time", 1 }, { "trip.of3_limit", 54 },
		{ "trip.of3_time", 1 }, { "trip.uf1_limit", 48 }, { "trip.uf1_time", 1 },
		{ "trip.uf2_limit", 47 }, { "trip.uf2_time", 1 }, { "trip.uf3_limit", 46 },
		{ "trip.uf3_time", 1 }, { "voltage_mean.limit", 1.2 }, { "rocof.limit", 10 },
		{ "rocof.time", 0.5 }, { "vector_shift.limit", 60 },
		{ "ride_through.v_mandatory_high", 1.1 }, { "ride_through.v_mandatory_low", 0.88 },
		{ "ride_through.v_permissive_low", 0.7 }, { "ride_through.v_cease_low", 0.5 },
		{ "ride_through.f_mandatory_high", 51 }, { "ride_through.f_mandatory_low", 49 },
		{ "ride_through.return_ramp", 0.4 }, { "cessation.enable", 1 },
		{ "cessation.v_low", 0.6 }, { "cessation.v_high", 1.2 },
		{ "voltage_support.enable", 1 }, { "enter_service.v_low", 0.85 },
		{ "enter_service.v_high", 1.1 }, { "enter_service.f_low", 49.5 },
		{ "enter_service.f_high", 50.2 }, { "enter_service.delay", 60 },
		{ "enter_service.ramp_time", 600 }, { "active_limit.enable", 1 },
		{ "active_limit.limit", 0.95 }, { "ramp.up", 100 }, { "ramp.down", 100 },
		{ "volt_watt.enable", 1 }, { "volt_watt.v1", 1.06 }, { "volt_watt.p1", 1 },
		{ "volt_watt.v2", 1.1 }, { "volt_watt.p2", -0.2 }, { "volt_watt.response", 10 },
		{ "volt_watt_charge.enable", 1 }, { "volt_watt_charge.v1", 0.9 },
		{ "volt_watt_charge.p1", 0.2 }, { "volt_watt_charge.v2", 0.95 },
		{ "volt_watt_charge.p2", 1 }, { "volt_watt_charge.response", 10 },
		{ "lfsm_o.start", 50.2 },
		{ "lfsm_o.droop", 0.05 }, { "lfsm_o.response", 2 }, { "lfsm_o.hold", 1 },
		{ "lfsm_o.stop_time", 2 }, { "lfsm_o.return_ramp", 10 }, 
		{ "lfsm_u.start", 49.8 }, { "lfsm_u.droop", 0.05 }, { "lfsm_u.response", 2 },
		{ "lfsm_u.stop_time", 2 }, { "lfsm_u.return_ramp", 10 },
		{ "volt_var.v1", 0.92 }, { "volt_var.q1", 0.44 }, { "volt_var.v2", 0.98 },
		{ "volt_var.q2", 0 }, { "volt_var.v3", 1.02 }, { "volt_var.q3", 0 },
		{ "volt_var.v4", 1.08 }, { "volt_var.q4", -0.44 }, { "volt_var.autonomous", 1 },
		{ "volt_var.lock_in", 0.2 }, { "volt_var.lock_out", 0.05 },
		{ "capability.reaction", 0.1 }, { "demand_response.enable", 1 },
		{ "export_limit.enable", 1 }, { "export_limit.limit", 0.9 },
		{ "order.enable", 1 }, { "order.up", 0.1 }, { "order.down", 0.5 },
		{ "order.timeout", 60 }, { "measurement.frozen", 5 }, { "measurement.jump", 5 },
	};

	gc_settings_default(s);
	for (size_t i = 0; i < sizeof(on) / sizeof(on[0]); i++)
		set(s, on[i].name, on[i].value);
}

/* What excludes each other: one reactive mode, droop or the two LFSM. */
static const struct { const char *name, *on[3]; } modes[] = {
	{ "volt-var, droop", { "volt_var.enable", "freq_droop.enable" } },
	{ "volt-var, LFSM", { "volt_var.enable", "lfsm_o.enable", "lfsm_u.enable" } },
	{ "watt-var, droop", { "watt_var.enable", "freq_droop.enable" } },
	{ "watt-var, LFSM", { "watt_var.enable", "lfsm_o.enable", "lfsm_u.enable" } },
	{ "constant power factor, LFSM", { "const_pf.enable", "lfsm_o.enable", "lfsm_u.enable" } },
	{ "cos phi (P), LFSM", { "cos_phi_p.enable", "lfsm_o.enable", "lfsm_u.enable" } },
	{ "constant Q, LFSM", { "const_q.enable", "lfsm_o.enable", "lfsm_u.enable" } },
};

#define MODES (int)(sizeof(modes) / sizeof(modes[0]))

static void begin(int mode)
{
	struct gc_settings s;

	everything_on(&s);
	for (int i = 0; i < 3 && modes[mode].on[i]; i++)
		set(&s, modes[mode].on[i], 1);
	gridcode_init(&engine, &s, true);
}

/* Normal, high and low frequency, high and low voltage, a dip, unbalanced all along. */
static void at(unsigned int k, struct gc_input *in)
{
	static const double v[] = { 1, 1, 1, 1.09, 0.8, 0.5 };
	static const double f[] = { 50, 50.6, 49.4, 50.3, 49.7, 50 };
	const unsigned int part = k / (COURSE / 6) % 6;
	const double wobble = 0.0001 * (double)(k % 7);

	*in = gc_input_none(DT_S);
	in->v_pu[0] = v[part] + wobble;
	in->v_pu[1] = v[part] - 0.02;
	in->v_pu[2] = v[part] + 0.01;
	in->f_hz = f[part] + wobble;
	in->p_want_pu = k / 50 % 2 ? -0.99 : 0.9;
	in->site_import_pu = -0.8;
	in->drm = GC_DRM(2) | GC_DRM(7);
	in->order_export_pu = 0.9;
	in->order_import_pu = 0.9;
}

static void counted(const struct gc_input *in, struct gc_output *out)
{
	raise(SIGSTOP);
	gridcode_step(&engine, in, out);
	raise(SIGSTOP);
}

_Noreturn static void child(int mode)
{
	struct gc_input in;
	struct gc_output out;

	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
		_exit(1);
	begin(mode);
	for (unsigned int k = 0; k < COURSE; k++) {
		at(k, &in);
		/* Every fifth counted: single steps are slow. */
		if (k % 5 == 0)
			counted(&in, &out);
		else
			gridcode_step(&engine, &in, &out);
	}
	_exit(0);
}

/* Instructions from one stop to the next; those of raise() are taken off. */
static long count(pid_t pid, long overhead)
{
	int status;
	long n = 0;

	for (;;) {
		if (ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL) < 0 ||
		    waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
			return -1;
		if (WSTOPSIG(status) == SIGSTOP)
			return n - overhead;
		n++;
	}
}

/* What two raise() in a row cost by themselves. */
static long measure_overhead(void)
{
	const pid_t pid = fork();
	int status;
	long n = -1;

	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		raise(SIGSTOP);
		_exit(0);
	}
	if (pid > 0 && waitpid(pid, &status, 0) == pid && WIFSTOPPED(status))
		n = count(pid, 0);
	if (pid > 0) {
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
	}
	return n;
}

static int worst_of(int mode, long overhead, long *sum, long *counted_steps, long *most)
{
	const pid_t pid = fork();
	int status;

	if (pid == 0)
		child(mode);
	while (pid > 0 && waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
		const long n = count(pid, overhead);

		if (n < 0)
			return -1;
		*sum += n;
		*most = n > *most ? n : *most;
		(*counted_steps)++;
		ptrace(PTRACE_CONT, pid, NULL, NULL);
	}
	return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

static double time_ns(void)
{
	static struct gc_input course[COURSE];
	struct gc_output out;
	struct timespec a, b;
	double best = 1e9;

	for (unsigned int k = 0; k < COURSE; k++)
		at(k, &course[k]);
	/* The best of many: the machine is shared. */
	for (int round = 0; round < ROUNDS; round++) {
		begin(0);
		clock_gettime(CLOCK_MONOTONIC, &a);
		for (unsigned int k = 0; k < TIMED; k++)
			gridcode_step(&engine, &course[k % COURSE], &out);
		clock_gettime(CLOCK_MONOTONIC, &b);
		best = gc_min(best, ((double)(b.tv_sec - a.tv_sec) * 1e9 +
				     (double)(b.tv_nsec - a.tv_nsec)) / TIMED);
	}
	return best;
}

static int write_json(const char *path, double mean, long worst, double ns, long limit)
{
	FILE *file = fopen(path, "we");

	if (!file) {
		perror(path);
		return -1;
	}
	fprintf(file, "{\n  \"unit\": \"instructions a step\",\n  \"mean\": %.1f,\n"
		"  \"worst\": %ld,\n  \"limit\": %ld,\n  \"time_ns\": %.1f\n}\n", mean, worst,
		limit, ns);
	return fclose(file);
}

int main(int argc, char **argv)
{
	const long limit = argc == 3 ? strtol(argv[1], NULL, 10) : 0;
	const long overhead = measure_overhead();
	long sum = 0, steps = 0, worst = 0;
	double ns;

	if (limit <= 0 || overhead < 0) {
		fprintf(stderr, "usage: gridcode_bench LIMIT JSON\n");
		return 2;
	}
	for (int mode = 0; mode < MODES; mode++) {
		long most = 0;

		if (worst_of(mode, overhead, &sum, &steps, &most)) {
			fprintf(stderr, "gridcode_bench: no step could be counted\n");
			return 1;
		}
		printf("%-34s %10ld\n", modes[mode].name, most);
		worst = most > worst ? most : worst;
	}
	ns = time_ns();
	printf("%-34s %10.1f   (of %ld steps)\n", "grid code step, instructions",
	       (double)sum / (double)steps, steps);
	printf("%-34s %10ld   at most %ld\n%-34s %10.1f   at most %.0f\n", "worst", worst, limit,
	       "time, ns", ns, TIME_LIMIT_NS);
	if (write_json(argv[2], (double)sum / (double)steps, worst, ns, limit))
		return 1;
	return worst > limit || ns > TIME_LIMIT_NS;
}
