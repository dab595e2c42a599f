// SPDX-License-Identifier: Apache-2.0
#include "run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <v2x.h>

#include "action.h"
#include "judge.h"
#include "output.h"
#include "wave_csv.h"

#define RESPONSE_NS 200000000ULL

static double cpu_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* A set-point step is over when the next one comes or its time is up. */
static void response_close(struct run *r)
{
	struct run_response *p = &r->response;

	if (!p->on)
		return;
	p->on = false;
	if (charger_ns(p->charger) == p->t_ns)
		return; /* two at once: the last one is followed */
	r->steps++;
	if (!p->t90_ns)
		r->unsettled++;
	else if (p->t90_ns > r->worst.t90_ns)
		r->worst = *p;
	r->overshoot = fmax(r->overshoot, p->overshoot);
}

/* A step that is let go as fast as the stage can, while power may flow. */
static void response_open(struct run *r, const struct charger *c)
{
	const struct v2x_setpoint *sp = &c->user.setpoint;

	response_close(r);
	if (c->ctl.seq.state != V2X_STATE_RUN || sp->ramp_mw_per_s != V2X_RAMP_FASTEST)
		return;
	r->response = (struct run_response){
		.charger = c, .t_ns = charger_ns(c), .from_w = c->p_now_w, .to_w = sp->p_mw / 1e3,
		.on = fabs(sp->p_mw / 1e3 - c->p_now_w) > c->desc.s_rated_mva / 1e3 / 20,
	};
}

static void response_follow(struct run *r)
{
	struct run_response *p = &r->response;
	const double step = p->to_w - p->from_w;
	const double done = (p->charger->p_now_w - p->from_w) / step;
	const uint64_t t = charger_ns(p->charger) - p->t_ns;

	if (!p->t90_ns && done >= 0.9)
		p->t90_ns = t;
	if (done - 1 > p->overshoot)
		p->overshoot = done - 1;
	if (t >= RESPONSE_NS)
		response_close(r);
}

static void keep_wave(struct run *r, const struct charger *c, uint64_t tick, uint64_t before,
		      uint64_t after)
{
	const uint32_t hz = c->cfg.tick_hz;
	struct run_wave *w = &r->waves[r->wave_count];

	if (!r->options->waves || r->wave_count == RUN_WAVES)
		return;
	w->charger = c;
	w->trigger_tick = tick;
	w->from_tick = tick - (tick < before * hz / 1000000000 ? tick : before * hz / 1000000000);
	w->to_tick = tick + after * hz / 1000000000;
	r->wave_count++;
}

static int do_step(struct run *r, const struct step *step, struct charger *c)
{
	struct scenario *s = r->scenario;
	const int32_t before_mw = c->user.setpoint.p_mw;
	const char *refused = step->action->run(c, step);

	if (refused) {
		s->line = step->line;
		scenario_refuse(s, "%s is refused: %s is outside its range or contradicts another",
				step->action->name, refused);
		memcpy(r->refused, s->error, sizeof(r->refused));
		return -1;
	}
	if (before_mw != c->user.setpoint.p_mw)
		response_open(r, c);
	if (step->after_ns)
		keep_wave(r, c, c->tick + 1, step->before_ns, step->after_ns);
	return 0;
}

static int do_steps(struct run *r, uint64_t t_ns)
{
	struct scenario *s = r->scenario;

	while (r->next < s->step_count && s->steps[r->next].t_ns <= t_ns) {
		const struct step *step = &s->steps[r->next++];

		for (size_t i = 0; i < s->chargers; i++) {
			if ((!step->who || step->who == i + 1) &&
			    do_step(r, step, &r->charger[i]) < 0)
				return -1;
		}
	}
	return 0;
}

static void note_trip(struct run *r, size_t who, const struct v2x_event *e)
{
	response_close(r);
	keep_wave(r, &r->charger[who], r->charger[who].tick, 20000000, 40000000);
	if (r->trip_count == RUN_TRIPS)
		return;
	r->trips[r->trip_count++] = (struct run_trip){
		.t_ns = e->t_ns, .who = who, .reason = e->reason, .value = e->value,
		.limit = e->limit,
	};
}

static void note_events(struct run *r, size_t who)
{
	const struct v2x_ctl_out *o = &r->charger[who].out;

	for (uint32_t i = 0; i < o->event_count; i++) {
		if (o->event[i].type == V2X_EVENT_TRIP)
			note_trip(r, who, &o->event[i]);
		if (!r->options->events)
			continue;
		if (r->scenario->chargers > 1)
			printf("@%zu ", who + 1);
		output_event(stdout, &o->event[i]);
	}
}

static int finish_waves(struct run *r, uint64_t now)
{
	for (size_t i = 0; i < r->wave_count; i++) {
		struct run_wave *w = &r->waves[i];

		if (w->to_tick != now)
			continue;
		if (output_wave(r->options, w->charger, w->from_tick, w->trigger_tick, now) < 0) {
			snprintf(r->refused, sizeof(r->refused), "%s: a waveform cannot be written",
				 r->options->waves);
			return -1;
		}
	}
	return 0;
}

static int one_tick(struct run *r)
{
	struct charger *c = r->charger;

	charger_tick(c, r->scenario->chargers);
	for (size_t i = 0; i < r->scenario->chargers; i++) {
		if (c[i].out.event_count)
			note_events(r, i);
	}
	if (c->out.cycle_done && r->options->cycles)
		cycle_csv_row(r->options->cycles, &c->cycle);
	if (r->response.on)
		response_follow(r);
	judge_tick(r);
	return r->wave_count ? finish_waves(r, c->tick) : 0;
}

static const char *init(struct run *r)
{
	const struct scenario *s = r->scenario;
	const char *bad = NULL;

	for (size_t i = 0; i < s->chargers && !bad; i++) {
		struct plant_cfg cfg = s->cfg;

		cfg.seed += i;
		bad = charger_init(&r->charger[i], &cfg);
		if (s->switches)
			charger_switch(&r->charger[i], s->dead_s);
		if (s->dab_switches && !bad && !charger_switch_dab(&r->charger[i]))
			bad = "dab=switches, but dab_l_nh=0: no dual active bridge";
	}
	return bad;
}

int run_scenario(struct run *r, struct scenario *s, const struct run_options *options)
{
	const double start = cpu_s();
	const char *bad;

	memset(r, 0, sizeof(*r));
	r->scenario = s;
	r->options = options;
	bad = init(r);
	if (bad) {
		snprintf(r->refused, sizeof(r->refused), "%.200s: %s", s->path, bad);
		return 2;
	}
	if (options->cycles)
		cycle_csv_header(options->cycles);
	judge_begin(r);
	while (charger_ns(r->charger) < s->end_ns) {
		if (do_steps(r, charger_ns(r->charger)) < 0)
			return 2;
		if (one_tick(r) < 0)
			return 2;
	}
	response_close(r);
	judge_end(r);
	r->cpu_s = cpu_s() - start;
	return r->failed ? 1 : 0;
}
