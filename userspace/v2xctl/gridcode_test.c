// SPDX-License-Identifier: Apache-2.0
/* gridcode test: type tests of a charger under a grid code, with a report. */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "cmd.h"
#include "gridcode_replay.h"
#include "lab_master.h"
#include "typetest/report.h"
#include "virtfs.h"

#define PATH_LEN 512

/* One run: what is tested, and where the report goes. */
struct session {
	const struct cli *cli;
	struct report report;
	struct lab lab;
	struct lab_master_v2xd v2xd;
	struct bench bench;
	const char *only; /* this test, whatever --test says; NULL: by --test */
	FILE *text;
	FILE *script;
	FILE *verdicts;
	char *summary; /* what has gone to @verdicts */
	size_t summary_len;
	char pdf[PATH_LEN];
	char script_path[PATH_LEN];
	char date[32];
	char deviations[GC_ERROR_LEN];
	unsigned int passed;
	unsigned int failed;
	double simulated_s;
};

/* The signal that tells it to stop; 0: none. */
static volatile sig_atomic_t told_to_stop;

static void stop_by_signal(int signal)
{
	told_to_stop = signal;
}

/* A device's grid and demand are given back whatever ends the tests. */
static void catch_signals(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };
	const struct sigaction action = { .sa_handler = stop_by_signal };

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &action, NULL);
}

static void end_by_signal(void)
{
	if (!told_to_stop)
		return;
	fflush(stdout);
	signal(told_to_stop, SIG_DFL);
	raise(told_to_stop);
}

static bool wanted(const struct cli *cli, const char *name)
{
	const char *test;
	int at = 0;

	while ((test = cli_next(cli, "test", &at))) {
		if (strcmp(test, name) == 0)
			return true;
	}
	return !cli_value(cli, "test");
}

static int check_names(const struct cli *cli)
{
	const char *test;
	int at = 0;

	while ((test = cli_next(cli, "test", &at))) {
		if (!procedure_find(test))
			return report_error(cli, EX_BAD_USE,
					    "--test %s: no such test; v2xctl gridcode test --list",
					    test);
	}
	return EX_OK_;
}

static int list(const struct cli *cli, const struct gc_profile *profile)
{
	const struct standard *standard = standard_of(profile->id);

	for (const struct procedure *p = procedures; p->name; p++) {
		const char *clause = procedure_clause(p, standard);

		if (!procedure_applies(p, standard, &profile->settings))
			continue;
		if (cli->json)
			report_json(json_pack("{s:s,s:s,s:s,s:s}", "test", p->name, "title", p->title,
					      "standard", standard->name, "clause", clause));
		else
			printf("%-24s %-44s %s %s\n", p->name, p->title, standard->name, clause);
	}
	return EX_OK_;
}

/* "defect.KEY=NUMBERunit", above zero and at most @most; false: not that, *@value as it was */
static bool take_number(const char *set, const char *name, const char *unit, double most,
			double *value)
{
	const size_t len = strlen(name);
	double number;
	char *end;

	if (strncmp(set, name, len) != 0)
		return false;
	number = strtod(set + len, &end);
	if (!(number > 0 && number <= most) || strcmp(end, unit) != 0)
		return false;
	*value = number;
	return true;
}

static bool take_share(const char *set, const char *name, double most_percent, double *share)
{
	double percent;

	if (!take_number(set, name, "%", most_percent, &percent))
		return false;
	*share = percent / 100;
	return true;
}

/* --charger defect.KEY=VALUE: what is broken in it; false: not one of them */
static bool take_defect(struct lab_defect *d, const char *set)
{
	if (!strcmp(set, "defect.phase_lost=yes")) {
		d->phase_lost = true;
	} else if (!strcmp(set, "defect.dc_sensor=yes")) {
		d->dc_sensor = true;
	} else if (!strcmp(set, "defect.lom=no")) {
		d->no_lom = true;
	} else {
		return take_number(set, "defect.dead_time=", "us", 20, &d->dead_time_us) ||
		       take_share(set, "defect.dc_drift=", 5, &d->dc_drift) ||
		       take_share(set, "defect.current_gain=", 50, &d->current_gain);
	}
	return true;
}

static int take_deviation(struct session *s, struct gc_profile *changed, const char *set)
{
	char error[GC_ERROR_LEN];

	if (!strncmp(set, "defect.", 7)) {
		if (take_defect(&s->lab.defect, set))
			return EX_OK_;
		return report_error(s->cli, EX_BAD_USE, "--charger %s: expected defect.dead_time=1us "
				    "to 20us, defect.dc_sensor=yes, defect.dc_drift=0.1%% to 5%%, "
				    "defect.current_gain=1%% to 50%%, defect.phase_lost=yes or "
				    "defect.lom=no", set);
	}
	if (gc_profile_set(changed, set, false, error) < 0)
		return report_error(s->cli, EX_BAD_USE, "--charger %s", error);
	return EX_OK_;
}

/* --charger: what a charger does that is not set as the profile says. */
static int deviate(struct session *s, const struct gc_profile *profile)
{
	struct gc_profile *changed = malloc(sizeof(*changed));
	const char *set;
	int at = 0, ret = EX_OK_;

	if (!changed)
		return report_error(s->cli, EX_SYSTEM, "no memory");
	*changed = *profile;
	while (ret == EX_OK_ && (set = cli_next(s->cli, "charger", &at))) {
		ret = take_deviation(s, changed, set);
		snprintf(s->deviations + strlen(s->deviations),
			 sizeof(s->deviations) - strlen(s->deviations), "%s%s",
			 s->deviations[0] ? ", " : "", set);
	}
	s->bench.charger = *changed;
	free(changed);
	return ret;
}

static FILE *create(const struct session *s, const char *dir, const char *name, char *path)
{
	FILE *f;

	snprintf(path, PATH_LEN, "%s/%s", dir, name);
	f = fopen(path, "we");
	if (!f)
		report_error(s->cli, EX_SYSTEM, "%s: %s", path, strerror(errno));
	return f;
}

static int open_files(struct session *s)
{
	const char *dir = cli_value(s->cli, "out");
	char path[PATH_LEN];

	s->text = stdout;
	s->verdicts = open_memstream(&s->summary, &s->summary_len);
	if (!s->verdicts)
		return report_error(s->cli, EX_SYSTEM, "no memory");
	if (!dir)
		return EX_OK_;
	if (mkdir(dir, 0777) < 0 && errno != EEXIST)
		return report_error(s->cli, EX_SYSTEM, "--out %s: %s", dir, strerror(errno));
	snprintf(s->pdf, sizeof(s->pdf), "%s/report.pdf", dir);
	s->text = create(s, dir, "report.txt", path);
	s->script = s->text ? create(s, dir, "report.gp", s->script_path) : NULL;
	return s->script ? EX_OK_ : EX_SYSTEM;
}

static void head(struct session *s)
{
	char *text = NULL;
	size_t len = 0;
	FILE *page = open_memstream(&text, &len);

	if (!page)
		return;
	report_head(page, &s->report);
	fclose(page);
	if (!s->cli->json || s->text != stdout)
		fputs(text, s->text);
	if (s->script)
		report_gnuplot_head(s->script, s->pdf, text);
	free(text);
}

static void tell(struct session *s, const struct procedure *p, const struct result *r)
{
	const bool pass = result_pass(r);

	*(pass ? &s->passed : &s->failed) += 1;
	s->simulated_s += r->simulated_s;
	report_verdict(s->verdicts, &s->report, p, r);
	if (!s->cli->json || s->text != stdout)
		report_section(s->text, &s->report, p, r);
	if (s->script)
		report_gnuplot_page(s->script, &s->report, p, r);
	if (s->cli->json)
		report_json(json_pack("{s:s,s:s,s:b,s:i,s:f,s:s}", "test", p->name, "clause",
				      procedure_clause(p, s->report.standard), "pass", pass, "steps",
				      (int)r->line_count, "simulated_s", r->simulated_s, "error",
				      r->error));
	else if (s->text != stdout)
		printf("%s %s\n", pass ? "PASS" : "FAIL", p->name);
}

static void run_one(struct session *s, const struct procedure *p)
{
	struct result result;

	result_init(&result);
	s->bench.result = &result;
	s->bench.broken = false;
	s->lab.row = result_row;
	s->lab.context = &result;
	p->run(&s->bench, p);
	tell(s, p, &result);
	result_free(&result);
}

static int run_all(struct session *s)
{
	const struct gc_settings *code = &s->report.profile->settings;

	for (const struct procedure *p = procedures; p->name; p++) {
		const bool chosen = s->only ? !strcmp(s->only, p->name) : wanted(s->cli, p->name);

		if (chosen && !told_to_stop && procedure_applies(p, s->report.standard, code))
			run_one(s, p);
	}
	if (s->passed + s->failed == 0)
		return report_error(s->cli, EX_BAD_USE, "none of these tests applies to %s",
				    s->report.profile->id);
	return EX_OK_;
}

static void tail(struct session *s)
{
	char *text = NULL;
	size_t len = 0;
	FILE *page = open_memstream(&text, &len);

	fflush(s->verdicts);
	if (!page)
		return;
	report_tail(page, s->summary, s->passed, s->failed, s->simulated_s);
	fclose(page);
	if (!s->cli->json || s->text != stdout)
		fputs(text, s->text);
	if (s->script)
		report_gnuplot_text(s->script, text);
	free(text);
}

static int finish(struct session *s)
{
	int ret = EX_OK_;

	if (s->passed + s->failed > 0)
		tail(s);
	if (s->text && s->text != stdout && fclose(s->text) != 0)
		ret = report_error(s->cli, EX_SYSTEM, "report.txt: %s", strerror(errno));
	if (s->script && fclose(s->script) != 0)
		ret = report_error(s->cli, EX_SYSTEM, "%s: %s", s->script_path, strerror(errno));
	if (ret || !s->script)
		return ret;
	if (report_pdf(s->script_path, s->pdf, s->date) < 0)
		return report_error(s->cli, EX_SYSTEM,
				    "%s: gnuplot could not write it; the text is there", s->pdf);
	remove(s->script_path);
	return EX_OK_;
}

static int in_simulation(struct session *s, const struct gc_profile *profile)
{
	if (lab_sim(&s->lab, cli_value(s->cli, "model"), profile->settings.nominal.f_hz) == 0)
		return EX_OK_;
	return report_error(s->cli, EX_BAD_USE, "%s", s->lab.error);
}

/* The device and the directory in configfs of one virtual charger. */
static int on_device(struct session *s, const char *name, const struct gc_profile *profile)
{
	const char *through = cli_value(s->cli, "through");
	struct cli pick = *s->cli;
	char dir[VIRTFS_PATH_LEN];
	int ret;

	pick.device = name;
	ret = virtfs_pick(&pick, dir);
	if (ret)
		return ret;
	lab_master_v2xd(&s->v2xd, s->cli, profile, &s->lab);
	catch_signals();
	if (lab_through(&s->lab, name, dir, through ? &s->v2xd.master : NULL) == 0) {
		s->lab.stop = &told_to_stop;
		return EX_OK_;
	}
	return report_error(s->cli, EX_NO_DEVICE, "%s", s->lab.error);
}

/* What --through does not go with. */
static int check_through(const struct cli *cli)
{
	const char *through = cli_value(cli, "through"), *on = cli_value(cli, "on");

	if (!through)
		return EX_OK_;
	if (strcmp(through, "v2xd") != 0)
		return report_error(cli, EX_BAD_USE, "--through %s: expected v2xd", through);
	if (!on || !strcmp(on, "sim"))
		return report_error(cli, EX_BAD_USE, "--through v2xd needs a device: --on v2x0");
	if (cli_value(cli, "charger"))
		return report_error(cli, EX_BAD_USE,
				    "--through v2xd: the charger is as v2xd has it; --charger cannot "
				    "change it");
	return EX_OK_;
}

static int open_lab(struct session *s, const struct gc_profile *profile)
{
	const char *on = cli_value(s->cli, "on");
	const char *date = cli_value(s->cli, "date");
	const time_t now = time(NULL);
	struct tm tm;
	int ret;

	ret = on && strcmp(on, "sim") != 0 ? on_device(s, on, profile) : in_simulation(s, profile);
	if (ret)
		return ret;
	if (date)
		snprintf(s->date, sizeof(s->date), "%s", date);
	else if (gmtime_r(&now, &tm))
		strftime(s->date, sizeof(s->date), "%Y-%m-%d", &tm);
	s->bench.lab = &s->lab;
	s->bench.standard = standard_of(profile->id);
	s->bench.code = profile->settings;
	s->bench.stage = cli_value(s->cli, "stage");
	s->bench.brief = cli_value(s->cli, "brief") != NULL;
	s->report = (struct report){
		.profile = profile, .standard = s->bench.standard, .device = &s->lab.device,
		.backend = s->lab.ops->name, .date = s->date, .deviations = s->deviations,
		.brief = s->bench.brief,
	};
	return deviate(s, profile);
}

static int test(struct session *s, const struct gc_profile *profile)
{
	int ret = open_lab(s, profile), finished;

	if (ret == EX_OK_)
		ret = open_files(s);
	if (ret == EX_OK_) {
		head(s);
		ret = run_all(s);
		finished = finish(s);
		ret = ret ? ret : finished;
	}
	if (s->lab.self)
		s->lab.ops->close(&s->lab);
	if (s->verdicts)
		fclose(s->verdicts);
	free(s->summary);
	end_by_signal();
	fflush(stdout); /* the report comes before what is said about it */
	if (ret == EX_OK_ && s->failed)
		return report_error(s->cli, EX_REFUSED, "%u of %u tests failed", s->failed,
				    s->passed + s->failed);
	return ret;
}

static int run(struct cli *cli, const char *name, const char *only)
{
	struct session *session;
	struct gc_profile *profile;
	int ret;

	if (!name)
		return report_error(cli, EX_BAD_USE, "say which grid code: --profile P");
	ret = check_names(cli);
	if (ret == EX_OK_)
		ret = check_through(cli);
	if (ret == EX_OK_)
		ret = gridcode_open(cli, name, &profile);
	if (ret)
		return ret;
	session = calloc(1, sizeof(*session));
	if (!session) {
		ret = report_error(cli, EX_SYSTEM, "no memory");
	} else if (cli_value(cli, "list")) {
		ret = list(cli, profile);
	} else {
		session->cli = cli;
		session->only = only;
		ret = test(session, profile);
	}
	free(session);
	free(profile);
	return ret;
}

int cmd_gridcode_test(struct cli *cli)
{
	return run(cli, cli_value(cli, "profile"), NULL);
}

int cmd_gridcode_selftest(struct cli *cli)
{
	const char *name = cli_value(cli, "profile"), *stage = cli_value(cli, "stage");

	if (stage && !interface_has_stage(stage))
		return report_error(cli, EX_BAD_USE, "--stage %s: expected 59.S1, 59.S2, 27.S1, 27.S2, "
				    "81>.S1, 81<.S1, 81>.S2 or 81<.S2", stage);
	return run(cli, name ? name : "it-cei-0-21", "self-test");
}
