// SPDX-License-Identifier: Apache-2.0
#include "reference.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "analyser.h"
#include "charger.h"
#include "steer.h"

/* The model's current limit: its rating is that much less than the charger's. */
#define HEADROOM 1.2
#define SOURCE_S 0.005
/* Across the source: as stiff as the plant can have it, and damped. */
#define BANK_C_NF 50000
#define BANK_R_MOHM 2400
#define TRIP_S 1e-6
#define WARM_S 0.3
#define START_S 10

/* What the charger did in a mains cycle; time of its middle. */
struct done {
	double t_s;
	double p;
	double q;
	int status;
	u32 state;
};

struct reference {
	struct charger charger;
	struct follow follow;
	struct analyser analyser;
	struct gc_profile profile;
	struct vectors_through through;
	struct reference_result *result;
	FILE *out;
	FILE *cycles_out;
	struct vectors_point at;
	struct done *model; /* the engine alone, in steps of the case */
	struct done *done;
	size_t model_count, model_room, done_count, done_room;
	u64 begin_tick;
	double s_w;
	double before_s;
	double step_s; /* of the model */
	double step_at_s;
	bool follows;
	bool lom;
	char id[64];
};

static int give_up(struct reference *r, const char *what)
{
	snprintf(r->through.error, sizeof(r->through.error), "case %.40s: %.200s", r->id, what);
	return -EIO;
}

static double now_s(const struct reference *r)
{
	return ((double)r->charger.tick - (double)r->begin_tick) / r->charger.cfg.tick_hz;
}

static void source(struct reference *r, const struct vectors_point *p)
{
	struct plant_grid_env *g = &r->charger.env.grid;

	g->voltage_mpu = 1000;
	for (u32 x = 0; x < PLANT_PHASES; x++)
		charger_source(&r->charger, x, p->v_pu[r->charger.cfg.phases == 3 ? x : 0]);
	g->frequency_mhz = (u32)lround(p->f_hz * 1e3);
	charger_env(&r->charger);
}

/* A charger is told of a demand when it changes. */
static int demand(struct reference *r, double p_want)
{
	const double p_pu = p_want * r->profile.settings.rating.p_pu;
	const bool changed = p_pu != r->follow.demand.p_pu;
	const char *field;

	r->follow.demand.p_pu = p_pu;
	if (!changed || !r->follows || !follow_demand(&r->follow, &r->charger.user.setpoint))
		return 0;
	return charger_user(&r->charger, &field) ? give_up(r, "refuses a set-point") : 0;
}

static int put(struct reference *r, struct done **list, size_t *count, size_t *room,
	       const struct done *done)
{
	if (*count == *room) {
		const size_t more = *room ? *room * 2 : 4096;
		struct done *grown = realloc(*list, more * sizeof(*grown));

		if (!grown)
			return give_up(r, "no memory");
		*list = grown;
		*room = more;
	}
	(*list)[(*count)++] = *done;
	return 0;
}

static int keep(struct reference *r)
{
	const struct analyser_value a = analyser_read(&r->analyser);
	const double t_s = now_s(r);
	const struct done done = {
		.t_s = (t_s + r->before_s) / 2, .p = -a.p_w / r->s_w, .q = -a.q_var / r->s_w,
		.status = (int)r->follow.out.state, .state = r->charger.ctl.seq.state,
	};

	r->before_s = t_s;
	/* The first cycle had begun before the case. */
	if (done.t_s < 0.75 / r->charger.cfg.f_nominal_mhz * 1e3)
		return 0;
	return put(r, &r->done, &r->done_count, &r->done_room, &done);
}

static int ref_model(void *context, double t_s, double p, double q, int status)
{
	struct reference *r = context;
	const struct done done = { .t_s = t_s, .p = p, .q = q, .status = status };
	struct done before = r->model_count ? r->model[r->model_count - 1] : done;

	r->step_s = t_s - r->step_at_s;
	r->step_at_s = t_s;
	/* A trip is a jump in the step that it happens in, no slope from the step before. */
	if (status == GC_TRIP && before.status != GC_TRIP) {
		before.t_s = t_s - TRIP_S;
		if (put(r, &r->model, &r->model_count, &r->model_room, &before) < 0)
			return -EIO;
	}
	return put(r, &r->model, &r->model_count, &r->model_room, &done);
}

static int run_ticks(struct reference *r, long ticks)
{
	struct charger *c = &r->charger;

	while (ticks-- > 0) {
		charger_tick(c, 1);
		analyser_add(&r->analyser, &c->plant, charger_ns(c));
		if (!c->out.cycle_done)
			continue;
		if (r->follows && steer_cycle(&r->follow, c) < 0)
			return give_up(r, "the charger refuses a set-point");
		if (r->follows && keep(r) < 0)
			return -EIO;
	}
	return 0;
}

static int run_to(struct reference *r, double t_s)
{
	return run_ticks(r, lround((t_s - now_s(r)) * r->charger.cfg.tick_hz));
}

/*
 * What 1.2 pu and 60 Hz ask of a stage. One phase of 240 V at 1.22 pu has a peak of
 * 414 V, above a link of 400 V. At 277 V the filter of 230 V would have half as
 * much again of the rating in its capacitors, which stay on the grid when the
 * gates are off: scaled with V / I and the frequency, the resonance at 4.9 kHz.
 */
static void fit(struct plant_cfg *cfg)
{
	if (cfg->phases == 1) {
		cfg->v_dc_mv = 430000;
		return;
	}
	cfg->l1_nh = 2400000;
	cfg->l2_nh = 600000;
	cfg->c_nf = 2200;
}

/* As the model's charger: its rating, a stiff source. */
static int build(struct reference *r, const struct gc_settings *s)
{
	const bool one = s->rating.phases == GC_ONE_PHASE;
	struct charger *c = &r->charger;
	struct plant_cfg cfg;

	plant_cfg_default(&cfg);
	plant_cfg_model(&cfg, one ? "1p-7kw-60hz" : "3p-11kw-60hz");
	/* With it comes the resistor through which the link is filled from the vehicle. */
	cfg.island_switch = 1;
	fit(&cfg);
	cfg.p_max_w = cfg.phases * (cfg.v_nominal_mv / 1000) * (cfg.i_rated_ma / 1000);
	if (charger_init(c, &cfg))
		return give_up(r, "no such charger");
	c->env.car.plugged = 1;
	c->env.car.ready = 1;
	/* With it the bank takes off what the line adds: the terminals have what is set. */
	c->env.grid.rg_uohm = 690;
	c->env.grid.lg_nh = 1000;
	/* The plant's node before an island switch wants a line of 4 h^2 / C, here 12 uH. */
	c->env.grid.load_c_nf = BANK_C_NF;
	c->env.grid.load_r_mohm = BANK_R_MOHM;
	charger_env(c);
	r->s_w = c->desc.s_rated_mva / 1e3 / HEADROOM;
	analyser_init(&r->analyser, c->desc.phases, 0.05);
	return 0;
}

/* The rating of the model in the charger's terms. */
static void rate(struct reference *r)
{
	const struct gc_rating *m = &r->profile.settings.rating;
	struct gc_charger *g = &r->follow.rating;

	g->s_rated_mva = (u32)lround(r->s_w * 1e3);
	g->p_export_max_mw = (u32)lround(r->s_w * 1e3 * m->p_pu);
	g->p_import_max_mw = (u32)lround(r->s_w * 1e3 * m->charge_pu);
	g->q_max_mvar = (u32)lround(r->s_w * 1e3 * fmax(m->q_inject_pu, m->q_absorb_pu));
}

static int power_up(struct reference *r, const struct vectors_point *first)
{
	struct charger *c = &r->charger;
	const char *field;
	int ret = run_ticks(r, c->cfg.tick_hz / 5);

	c->requests |= V2X_CTL_REQ_START;
	c->req_reason = V2X_REASON_REQUEST;
	for (u32 i = 0; i < START_S * 10 && !ret && c->ctl.seq.state != V2X_STATE_RUN; i++)
		ret = run_ticks(r, c->cfg.tick_hz / 10);
	if (!ret && c->ctl.seq.state != V2X_STATE_RUN)
		return give_up(r, "does not come to power");
	/* Where the model begins: settled at its first row. */
	source(r, first);
	c->user.setpoint.p_mw = (s32)lround(-first->p * r->s_w * 1e3);
	c->user.setpoint.q_mvar = (s32)lround(-first->q * r->s_w * 1e3);
	c->user.setpoint.ramp_mw_per_s = V2X_RAMP_FASTEST;
	if (charger_user(c, &field))
		return give_up(r, "the charger refuses its first set-point");
	return ret ? ret : run_ticks(r, lround(WARM_S * c->cfg.tick_hz));
}

/* The model has no active method against islands, whose reactive power follows the frequency. */
static int without_lom(struct reference *r)
{
	struct v2x_prot_table *t = &r->charger.user.table;
	const char *field;

	t->lom_gain_permille = 0;
	t->lom_q_permille = 0;
	t->hash = 0;
	t->hash = v2x_prot_table_hash(t);
	return charger_user(&r->charger, &field) ? give_up(r, field) : 0;
}

/* Every setting of a case counts as said by it. */
static void say_all(struct gc_profile *profile)
{
	for (size_t i = 0; i < gc_param_count && profile->count < GC_PROFILE_VALUES; i++) {
		const double value = gc_param_get(&profile->settings, &gc_params[i]);

		/* At once is as soon as the charger can. */
		if (!isnan(value) && (value != 0 || gc_params[i].unit != GC_UNIT_S))
			profile->values[profile->count++] =
				(struct gc_value){ .param = &gc_params[i], .value = value };
	}
}

/* The model's times are those of the current's end: nothing is taken off for a switch. */
static int load(struct reference *r, char *error)
{
	int ret = steer_load(&r->follow, &r->charger, &r->profile, 0, error);

	if (ret)
		return ret;
	rate(r);
	return steer_table(&r->follow, &r->charger, &r->profile, error);
}

static int ref_begin(void *context, const char *id, const struct gc_settings *settings,
		     bool in_service, double random_s, const struct vectors_point *first)
{
	struct reference *r = context;
	char error[GC_ERROR_LEN];
	int ret;

	snprintf(r->id, sizeof(r->id), "%s", id);
	memset(&r->profile, 0, sizeof(r->profile));
	snprintf(r->profile.id, sizeof(r->profile.id), "%s", id);
	r->profile.settings = *settings;
	say_all(&r->profile);
	r->follows = false;
	r->model_count = 0;
	r->done_count = 0;
	ret = build(r, settings);
	if (!ret && load(r, error) < 0)
		ret = give_up(r, error);
	if (!ret && !r->lom)
		ret = without_lom(r);
	if (!ret && in_service)
		ret = power_up(r, first);
	if (ret)
		return ret;
	gridcode_init(&r->follow.engine, settings, in_service);
	memset(&r->follow.steady, 0, sizeof(r->follow.steady));
	r->follow.engine.enter.random_s = random_s;
	r->follow.demand = (struct lab_demand){ .q_pu = NAN, .order_pu = NAN, .permit = true };
	r->follows = true;
	r->begin_tick = r->charger.tick;
	r->before_s = 0;
	r->step_at_s = 0;
	r->at = *first;
	source(r, first);
	analyser_read(&r->analyser);
	return demand(r, first->p_want);
}

static int ref_change(void *context, const struct gc_settings *settings, bool permit)
{
	struct reference *r = context;

	gridcode_change(&r->follow.engine, settings);
	r->follow.demand.permit = permit;
	return 0;
}

static bool same_input(const struct vectors_point *a, const struct vectors_point *b)
{
	return a->v_pu[0] == b->v_pu[0] && a->v_pu[1] == b->v_pu[1] && a->v_pu[2] == b->v_pu[2] &&
	       a->f_hz == b->f_hz && a->p_want == b->p_want;
}

/*
 * A demand that another step of the model finds changed has jumped, halfway: what lies
 * between the two nobody asked for. Voltage and frequency move in that time.
 */
static double demand_between(const struct reference *r, const struct vectors_point *a,
			     const struct vectors_point *b, double share)
{
	if (b->t_s - a->t_s < 1.5 * r->step_s)
		return share < 0.5 ? a->p_want : b->p_want;
	return a->p_want + (b->p_want - a->p_want) * share;
}

static struct vectors_point between(const struct vectors_point *a, const struct vectors_point *b,
				    double share)
{
	struct vectors_point p = { .t_s = a->t_s + (b->t_s - a->t_s) * share };

	for (int x = 0; x < 3; x++)
		p.v_pu[x] = a->v_pu[x] + (b->v_pu[x] - a->v_pu[x]) * share;
	p.f_hz = a->f_hz + (b->f_hz - a->f_hz) * share;
	return p;
}

static int ref_to(void *context, const struct vectors_point *to)
{
	struct reference *r = context;
	const double span_s = to->t_s - r->at.t_s;
	const long steps = span_s > SOURCE_S ? (long)ceil(span_s / SOURCE_S) : 1;
	int ret = 0;

	if (same_input(&r->at, to)) {
		ret = run_to(r, to->t_s);
	} else {
		/* The middle of each piece, so that a slope is neither early nor late. */
		for (long i = 0; i < steps && !ret; i++) {
			const double share = ((double)i + 0.5) / (double)steps;
			struct vectors_point p = between(&r->at, to, share);

			source(r, &p);
			ret = demand(r, demand_between(r, &r->at, to, share));
			if (!ret)
				ret = run_to(r, r->at.t_s + span_s * (double)(i + 1) / (double)steps);
		}
		source(r, to);
		ret = ret ? ret : demand(r, to->p_want);
	}
	r->at = *to;
	return ret;
}

/* ---- measurement window ------------------------------------------------------------- */

/*
 * Integral up to @t_s of straight lines between the list's points, from @sum before point
 * @i. Before the first and after the last point nothing changes.
 */
static double area(const struct done *list, size_t i, const double *sum, double t_s, bool q)
{
	const struct done *a = &list[i], *b = a + 1;
	const double y0 = q ? a->q : a->p, y1 = q ? b->q : b->p, dt = t_s - a->t_s;
	const double span = b->t_s - a->t_s;

	if (dt < 0)
		return sum[i] + dt * y0;
	if (dt > span)
		return sum[i] + span * (y0 + y1) / 2 + (dt - span) * y1;
	return sum[i] + dt * (y0 + (y1 - y0) * dt / span / 2);
}

/* Last point at or before @t_s, with one after it. */
static size_t place(const struct done *list, size_t count, size_t from, double t_s)
{
	while (from + 2 < count && list[from + 1].t_s <= t_s)
		from++;
	return from;
}

/* Mean of P or Q over the window around each point. */
static int window(struct done *list, size_t count, double width_s, bool q)
{
	double *sum = calloc(count, sizeof(*sum)), *mean = calloc(count, sizeof(*mean));
	size_t a = 0, b = 0;

	for (size_t i = 1; sum && i < count; i++) {
		const double y0 = q ? list[i - 1].q : list[i - 1].p, y1 = q ? list[i].q : list[i].p;

		sum[i] = sum[i - 1] + (list[i].t_s - list[i - 1].t_s) * (y0 + y1) / 2;
	}
	for (size_t i = 0; sum && mean && i < count && count > 2; i++) {
		const double lo = list[i].t_s - width_s / 2, hi = list[i].t_s + width_s / 2;

		a = place(list, count, a, lo);
		b = place(list, count, b, hi);
		mean[i] = (area(list, b, sum, hi, q) - area(list, a, sum, lo, q)) / width_s;
	}
	for (size_t i = 0; mean && i < count && count > 2; i++)
		*(q ? &list[i].q : &list[i].p) = mean[i];
	free(sum);
	free(mean);
	return sum && mean ? 0 : -1;
}

static int windows(struct reference *r, double width_s)
{
	for (int q = 0; q < 2; q++) {
		if (window(r->done, r->done_count, width_s, q) < 0 ||
		    window(r->model, r->model_count, width_s, q) < 0)
			return give_up(r, "no memory");
	}
	return 0;
}

/* ---- comparison --------------------------------------------------------------------- */

/* All that the model did within the time bound of a moment. */
struct tube {
	double p_lo, p_hi;
	double q_lo, q_hi;
	unsigned int status; /* a bit each */
};

static void widen(struct tube *t, double p, double q, int status)
{
	t->p_lo = fmin(t->p_lo, p);
	t->p_hi = fmax(t->p_hi, p);
	t->q_lo = fmin(t->q_lo, q);
	t->q_hi = fmax(t->q_hi, q);
	t->status |= 1U << status;
}

/* On the straight line between two steps. */
static void widen_between(struct tube *t, const struct done *a, const struct done *b, double t_s)
{
	const double share = (t_s - a->t_s) / (b->t_s - a->t_s);

	if (share > 0 && share < 1)
		widen(t, a->p + (b->p - a->p) * share, a->q + (b->q - a->q) * share, b->status);
}

/* @from: first step that may matter, moved on. */
static struct tube tube_at(const struct reference *r, double t_s, size_t *from)
{
	struct tube t = { INFINITY, -INFINITY, INFINITY, -INFINITY, 0 };
	const double lo = t_s - REFERENCE_T_S, hi = t_s + REFERENCE_T_S;

	while (*from + 1 < r->model_count && r->model[*from + 1].t_s < lo)
		*from += 1;
	for (size_t i = *from; i < r->model_count; i++) {
		const struct done *m = &r->model[i];

		if (i > 0) {
			widen_between(&t, m - 1, m, lo);
			widen_between(&t, m - 1, m, hi);
		}
		if (m->t_s > hi)
			break;
		if (m->t_s >= lo)
			widen(&t, m->p, m->q, m->status);
	}
	return t;
}

static double outside(double y, double lo, double hi)
{
	return fmax(fmax(lo - y, y - hi), 0);
}

/* What a case came to. */
struct verdict {
	double first_s;
	double last_s;
	double p;
	double q;
	unsigned int off;
	unsigned int starting;
	unsigned int status_off;
};

static void judge(const struct reference *r, struct verdict *v)
{
	size_t from = 0;

	*v = (struct verdict){ .first_s = NAN, .last_s = NAN };
	for (size_t i = 0; i < r->done_count; i++) {
		const struct done *d = &r->done[i];
		const struct tube t = tube_at(r, d->t_s, &from);
		const double p = outside(d->p, t.p_lo, t.p_hi), q = outside(d->q, t.q_lo, t.q_hi);

		if (!t.status)
			continue;
		v->p = fmax(v->p, p);
		v->q = fmax(v->q, q);
		v->status_off += !(t.status & 1U << d->status);
		if (p <= REFERENCE_P_PU && q <= REFERENCE_P_PU)
			continue;
		if (!v->off++)
			v->first_s = d->t_s;
		v->last_s = d->t_s;
		v->starting += d->state != V2X_STATE_RUN && d->status != GC_TRIP;
	}
}

static void tell_cycles(const struct reference *r)
{
	size_t from = 0;

	for (size_t i = 0; r->cycles_out && i < r->done_count; i++) {
		const struct done *d = &r->done[i];
		const struct tube t = tube_at(r, d->t_s, &from);

		fprintf(r->cycles_out, "%s,%.4f,%.4f,%.4f,%d,%u,%.4f,%.4f,%.4f,%.4f,%#x\n", r->id,
			d->t_s, d->p, d->q, d->status, d->state, t.p_lo, t.p_hi, t.q_lo, t.q_hi,
			t.status);
	}
}

static int ref_end(void *context)
{
	struct reference *r = context;
	struct reference_result *sum = r->result;
	struct verdict v, cycle;

	judge(r, &cycle);
	if (windows(r, REFERENCE_WINDOW_S) < 0)
		return -EIO;
	judge(r, &v);
	tell_cycles(r);
	sum->cases++;
	sum->good_cycles += cycle.off == 0;
	sum->good += v.off == 0;
	sum->rows += (unsigned int)r->done_count;
	sum->rows_off += v.off;
	sum->status_off += v.status_off;
	sum->simulated_s += r->at.t_s;
	if (r->out)
		fprintf(r->out, "%s,%zu,%u,%.3f,%.3f,%.4f,%.4f,%u,%u,%u\n", r->id, r->done_count,
			v.off, v.first_s, v.last_s, v.p, v.q, v.status_off, v.starting, cycle.off);
	return 0;
}

/* ---- processes ---------------------------------------------------------------------- */

/* What a process writes to. */
struct outs {
	FILE *cases;
	FILE *cycles;
	FILE *sums;
};

static int run_part(const struct reference_job *job, unsigned int part, const struct outs *outs,
		    struct reference_result *result)
{
	struct reference *r = calloc(1, sizeof(*r));
	struct vectors_result vectors = { 0 };
	int ret;

	if (!r)
		return -1;
	r->result = result;
	r->out = outs->cases;
	r->cycles_out = outs->cycles;
	r->lom = job->lom;
	r->through = (struct vectors_through){
		.context = r, .begin = ref_begin, .change = ref_change, .model = ref_model, .to = ref_to,
		.end = ref_end,
	};
	ret = vectors_run_through(job->dir, job->only, part, job->jobs, &r->through, &vectors);
	if (ret < 0)
		memcpy(result->error, vectors.error, sizeof(result->error));
	free(r->model);
	free(r->done);
	free(r);
	return ret < 0 ? -1 : 0;
}

/* A child: its rows into files of its own, its sums after them. */
static void child(const struct reference_job *job, unsigned int part, const struct outs *outs)
{
	struct reference_result result = { 0 };

	run_part(job, part, outs, &result);
	fwrite(&result, sizeof(result), 1, outs->sums);
	fflush(outs->cases);
	if (outs->cycles)
		fflush(outs->cycles);
	fflush(outs->sums);
	_exit(0);
}

static void copy(FILE *from, FILE *to)
{
	char buf[4096];
	size_t n;

	rewind(from);
	while (to && (n = fread(buf, 1, sizeof(buf), from)) > 0)
		fwrite(buf, 1, n, to);
}

static int add_up(FILE *sums, struct reference_result *result)
{
	struct reference_result part;

	rewind(sums);
	if (fread(&part, sizeof(part), 1, sums) != 1) {
		snprintf(result->error, sizeof(result->error), "a process did not come to its end");
		return -1;
	}
	result->cases += part.cases;
	result->good += part.good;
	result->good_cycles += part.good_cycles;
	result->rows += part.rows;
	result->rows_off += part.rows_off;
	result->status_off += part.status_off;
	result->simulated_s += part.simulated_s;
	if (!part.error[0])
		return 0;
	memcpy(result->error, part.error, sizeof(result->error));
	return -1;
}

#define JOBS_MAX 16

static pid_t begin_part(const struct reference_job *job, unsigned int part, struct outs *outs)
{
	pid_t pid;

	outs->cases = tmpfile();
	outs->sums = tmpfile();
	if (job->cycles_out)
		outs->cycles = tmpfile();
	if (!outs->cases || !outs->sums || (job->cycles_out && !outs->cycles))
		return -1;
	pid = fork();
	if (pid == 0)
		child(job, part, outs);
	return pid;
}

static void end_file(FILE *file, FILE *to)
{
	if (!file)
		return;
	copy(file, to);
	fclose(file);
}

int reference_run(const struct reference_job *given, struct reference_result *result)
{
	struct reference_job job = *given;
	struct outs outs[JOBS_MAX] = { 0 };
	pid_t pids[JOBS_MAX] = { 0 };
	int ret = 0;

	memset(result, 0, sizeof(*result));
	job.jobs = job.jobs < 1 ? 1 : job.jobs > JOBS_MAX ? JOBS_MAX : job.jobs;
	if (job.cases_out)
		fprintf(job.cases_out, "case_id,cycles,cycles_off,first_off_s,last_off_s,"
				       "worst_p_pu,worst_q_pu,status_off,starting,"
				       "single_cycles_off\n");
	if (job.cycles_out)
		fprintf(job.cycles_out, "case_id,t_s,p_pu,q_pu,status_code,state,p_least_pu,"
					"p_most_pu,q_least_pu,q_most_pu,status_bits\n");
	fflush(NULL);
	for (unsigned int i = 0; i < job.jobs; i++)
		pids[i] = begin_part(&job, i, &outs[i]);
	for (unsigned int i = 0; i < job.jobs; i++) {
		if (pids[i] > 0)
			waitpid(pids[i], NULL, 0);
		if (pids[i] <= 0 || add_up(outs[i].sums, result) < 0)
			ret = -1;
		end_file(outs[i].cases, job.cases_out);
		end_file(outs[i].cycles, job.cycles_out);
		end_file(outs[i].sums, NULL);
	}
	return ret;
}
