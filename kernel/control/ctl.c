// SPDX-License-Identifier: GPL-2.0-only
/* One control period, in the order in which safety needs it. */
#include "black.h"
#include "bridge.h"
#include "single_bridge.h"

static noinline void changes(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	u32 lines = r->in->samples.fault_lines;
	u32 contactors = r->in->samples.contactors;

	if (lines != c->fault_lines) {
		v2x_emit_change(r, V2X_EVENT_FAULT_LINE, V2X_REASON_NONE, c->fault_lines, lines);
		c->fault_lines = lines;
	}
	if (contactors != c->contactors) {
		v2x_emit_change(r, V2X_EVENT_CONTACTOR, V2X_REASON_NONE, c->contactors, contactors);
		c->contactors = contactors;
	}
}

static void missed(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	u32 n = r->in->missed;

	v2x_tracker_skip(&c->tracker, n);
	if (c->seq.state == V2X_STATE_IDLE)
		return;
	v2x_emit(r, &(struct v2x_event){
		.type = V2X_EVENT_MISSED, .reason = V2X_REASON_MISSED_TICKS, .value = n,
	});
	if (n >= 2 && (c->seq.gates || (c->seq.dc && c->seq.dcdc)))
		v2x_seq_trip(r, &(struct v2x_trip){
			.reason = V2X_REASON_MISSED_TICKS, .value = n, .limit = 2,
		});
}

/*
 * A vehicle that lets go under load leaves the output to its capacitor: the
 * over-voltage is there before the filtered pilot. Ask the pilot why.
 */
static bool vehicle_let_go(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;

	if (!c->k.has_pilot)
		return false;
	v2x_sample_slow(c->scale, r->in->samples.raw, &c->m);
	return !v2x_pilot_ready(v2x_pilot_now(&c->pilot, c->m.cp_high_mv, c->m.cp_low_mv,
					      r->set->pilot_permille));
}

/* The DC/DC carries power into or out of a vehicle; an empty link takes none. */
static __always_inline bool carries(const struct v2x_ctl *c)
{
	return c->seq.dcdc && !c->seq.dcdc_v_mv &&
	       (c->seq.state < V2X_STATE_BLACK_START || c->seq.state == V2X_STATE_DC_RUN);
}

/* A vehicle is connected, and power may flow. */
static __always_inline bool runs(const struct v2x_ctl *c)
{
	return c->seq.state == V2X_STATE_RUN || c->seq.state == V2X_STATE_DC_RUN;
}

/* Is the vehicle still there? */
static void load_dump(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	const struct v2x_meas *m = &c->m;

	if (carries(c) && v2x_dcdc_dumped(&c->k.dcdc, &c->dcdc, m->vev_q8, m->iev_q8))
		v2x_plausible_dump(r);
}

static noinline void judge_fast(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	u32 bad = v2x_sample_bad(c->scale, r->in->samples.raw);
	const struct v2x_prot_in in = {
		.raw = r->in->samples.raw, .m = &c->m, .scale = c->scale, .bad = bad,
		.lines = r->in->samples.fault_lines,
		.gating = c->seq.gates, .ev_on = runs(c),
		.bus = c->seq.state == V2X_STATE_DC_RUN,
	};
	struct v2x_trip trip;

	if (v2x_prot_fast(&c->k.prot, &c->prot, r->set, &in, &trip)) {
		if (trip.reason == V2X_REASON_EV_OVER_VOLTAGE && vehicle_let_go(r))
			trip.reason = V2X_REASON_EV_DISCONNECTED;
		if (trip.reason == V2X_REASON_DC_LINK_UNDER_VOLTAGE && in.bus)
			trip.reason = v2x_bus_low_reason(c);
		v2x_seq_trip(r, &trip);
	}
	if (!bad)
		load_dump(r);
	c->prot.pending |= c->dcdc.gone;
}

static __always_inline void protect(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	u32 lines = r->in->samples.fault_lines;

	/* in all but a few periods there is no line, there was none and no contact moved */
	if (unlikely(lines | c->fault_lines | (r->in->samples.contactors ^ c->contactors))) {
		changes(r);
		if (lines) {
			judge_fast(r);
			return;
		}
	}
	if (unlikely(v2x_prot_suspects(&c->k.prot, &c->prot, r->set, &c->m)))
		judge_fast(r);
}

/* What the quick look of the next samples holds them against. */
static v2x_part void windows(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	struct v2x_output o = {
		.vev_hi = c->k.prot.vev_look.hi,
		.iev_lo = r->set->iev_look.lo, .iev_hi = r->set->iev_look.hi,
	};

	if (!carries(c))
		v2x_dcdc_rest(&c->dcdc, c->m.vev_q8);
	else if (v2x_dcdc_guard(&c->k.dcdc, &c->dcdc, &o, c->m.vev_q8, c->m.iev_q8))
		c->prot.pending = true;
	v2x_prot_windows(&c->k.prot, &c->prot, r->set,
			 c->seq.gates || c->seq.state == V2X_STATE_DC_RUN, runs(c), &o);
}

static void stuck(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	long i_ref = c->seq.gates ? max(v2x_abs(c->i_ref.x), v2x_abs(c->i_ref.y)) : 0;
	struct v2x_trip trip;

	if (v2x_prot_stuck(&c->k.prot, &c->prot, r->in->samples.raw, &c->m, c->tracker.amp_q8,
			   i_ref, &trip))
		v2x_seq_trip(r, &trip);
}

/* Temperature, insulation, pilot, vehicle voltage. */
static v2x_part void channels(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	struct v2x_trip trip;
	u32 bad, was;

	if (unlikely(c->tuned != r->set->tuned.version))
		v2x_tune_take(c, &r->set->tuned);
	c->temp_trip_mc = r->set->temp_trip_mc;
	bad = v2x_sample_slow(c->scale, r->in->samples.raw, &c->m);
	if (v2x_prot_slow(&c->prot, r->set, &c->m, bad, c->k.has & BIT(V2X_ADC_TEMP), &trip))
		v2x_seq_trip(r, &trip);
	v2x_plausible_step(r);
	was = c->pilot.state;
	if (c->k.has_pilot && v2x_pilot_step(&c->pilot, c->m.cp_high_mv, c->m.cp_low_mv,
					     r->set->pilot_permille))
		v2x_emit_change(r, V2X_EVENT_PILOT, V2X_REASON_NONE, was, c->pilot.state);
}

static void slow(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;

	switch (r->in->tick % V2X_SLOW_TICKS) {
	case V2X_TURN_STUCK:
		stuck(r);
		if (r->in->tick & V2X_SLOW_TICKS)
			v2x_setpoint_room(&c->k.setpoint, &c->ref, r->set, c->tracker.vd_q8);
		else if (c->form.on && c->k.phases == 3)
			v2x_form_slow(&c->form);
		break;
	case V2X_TURN_BOUNDS:
		v2x_dab_measure(&c->k.dab, &c->dab, c->link.v_q8, c->link.recip, c->m.vev_q8);
		if (unlikely(c->seq.dc)) {
			v2x_bus_bounds(r);
			break;
		}
		v2x_dcdc_mean(&c->k.dcdc, &c->dcdc,
			      c->k.phases == 3 ? c->p_inst_mw : c->single.power.mean, &c->m);
		v2x_setpoint_target(&c->k.setpoint, &c->ref, r->set, r->in->tick);
		v2x_setpoint_bounds(&c->k.setpoint, &c->ref, r->set, &c->m, &c->dcdc.mean,
				    c->tracker.vd_q8, c->k.has & BIT(V2X_ADC_TEMP));
		break;
	case V2X_TURN_CHANNELS:
		channels(r);
		break;
	}
}

/* Reversed phase order: the backward turning vector is the larger. */
static bool reversed(const struct v2x_tracker *t)
{
	s64 px = t->p.x >> 8, py = t->p.y >> 8;
	s64 nx = t->n.x >> 8, ny = t->n.y >> 8;

	return nx * nx + ny * ny > px * px + py * py;
}

/* A record is complete: hand it out now, judge it in the next tick. */
static noinline void finish_cycle(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	struct v2x_cycle *y = &c->measure.record[c->measure.last];

	y->p_ref_mw = (s32)(c->ref.p_q16 >> 16);
	y->q_ref_mvar = (s32)(c->ref.q_q16 >> 16);
	y->p_sp_mw = r->set->p_sp_mw;
	y->state = c->seq.state;
	y->limited_by = c->ref.limited_by;
	r->out->cycle = *y;
	r->out->cycle_done = true;
	c->judge = true;
}

/* Its frequency is known: what the active detection of an island makes of it. */
static void island(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	s32 f = v2x_halves_f_mhz(&c->prot.halves);
	/*
	 * A quarter of the voltage: below it a fault is what is the matter. Not
	 * more: when others leave an island first, its load pulls it down.
	 */
	bool on = c->seq.state == V2X_STATE_RUN && c->ride.phase == V2X_RIDE_ON &&
		  c->tracker.vd_q8 > c->k.prot.v_move_q8 >> 1 && !c->form.on;

	if (v2x_lom_step(&c->lom, &r->set->table, f, on))
		v2x_prot_island(&c->prot, r->in->tick, f, c->lom.f_drift_mhz);
}

/*
 * One piece of the work on a cycle or on half of one; what is urgent first. A
 * light one is a stage of the table, or the end of a half, which is as long as
 * it takes to be marked.
 */
static noinline void cycle_work(const struct v2x_run *r, bool light)
{
	struct v2x_ctl *c = r->c;
	struct v2x_measure *me = &c->measure;
	struct v2x_halves *h = &c->prot.halves;

	if (h->ended) {
		if (me->edge.open)
			v2x_halves_share(h, &c->k.measure, me);
		else
			v2x_halves_mark(h, &c->tracker, r->in->tick);
	} else if (c->prot.stages.busy && !h->step &&
		   (light || !(me->step | c->judge | c->mean))) {
		v2x_prot_half(&c->k.prot, &c->prot, r->set);
	} else if (light) {
		return;
	} else if (unlikely(v2x_residual_ended(&c->k.residual, &c->residual))) {
		v2x_residual_judge(r);
	} else if (h->step) {
		if (h->step > V2X_HALVES_STEPS)
			island(r);
		v2x_prot_half(&c->k.prot, &c->prot, r->set);
	} else if (me->step) {
		if (v2x_measure_work(&c->k.measure, me))
			finish_cycle(r);
	} else if (c->judge) {
		c->judge = false;
		c->mean = true;
		v2x_prot_cycle(&c->k.prot, &c->prot, r->set, v2x_measure_last(me),
			       reversed(&c->tracker), r->in->tick);
	} else {
		c->mean = false;
		v2x_halves_cycle(&c->k.prot.halves, h, v2x_measure_last(me));
	}
	c->work = c->judge | c->mean || me->step || h->ended || h->step || c->prot.stages.busy;
}

/* Has the angle passed zero or half a turn, or not for too long? */
static noinline bool mark(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	struct v2x_measure *me = &c->measure;
	u32 last = me->theta;

	me->theta = c->tracker.theta;
	if (v2x_measure_ended(&c->k.measure, me, last)) {
		v2x_measure_end(me, &c->m, &c->tracker, r->in->tick, r->in->t_ns,
				c->contactors & V2X_CONTACTOR_GRID);
		c->prot.halves.ended = V2X_HALF_WHOLE;
		c->work = true;
		return true;
	}
	if ((s32)(last ^ me->theta) >= 0)
		return false;
	v2x_halves_middle(&c->prot.halves, me, &c->m);
	c->work = true;
	return true;
}

static __always_inline void measure(const struct v2x_run *r, u32 turn)
{
	struct v2x_ctl *c = r->c;
	struct v2x_measure *me = &c->measure;

	v2x_measure_add(&c->k.measure, me, &c->m, &r->out->sample);
	/* uW Q4 to mW: / 16000 = / 2^10 * 0.064 */
	c->p_inst_mw = (s32)(((me->p_uw_q4 >> 10) * 67109) >> 20);
	if (unlikely(v2x_measure_marks(&c->k.measure, me, c->tracker.theta)) && mark(r))
		return;
	me->theta = c->tracker.theta;
	if (unlikely(c->work) && c->k.work_turns >> turn & 1)
		cycle_work(r, turn == V2X_TURN_COMMAND);
}

static void limits_changed(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;
	/* a ramp is a way, not a limit worth an event */
	u32 now = c->ref.limited_by & ~V2X_LIMITED_RAMP;

	if (likely(now == c->limited_by))
		return;
	v2x_emit(r, &(struct v2x_event){
		.type = V2X_EVENT_LIMITED, .from = c->limited_by, .to = now,
		.reason = now & V2X_LIMITED_EXPIRED ? V2X_REASON_SETPOINT_EXPIRED : V2X_REASON_NONE,
		.cause = r->set->cause,
	});
	c->limited_by = now;
}

/* The set-point's way to the reference. */
static v2x_part void setpoint(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;

	c->p_sp_mw = r->set->p_sp_mw;
	c->q_sp_mvar = r->set->q_sp_mvar;
	c->pilot_permille = r->set->pilot_permille;
	v2x_setpoint_step(&c->k.setpoint, &c->ref, r->set, c->seq.mode);
	limits_changed(r);
}

/*
 * A grid that dips takes less than it was given: what the vehicle sends into
 * the link fades before the link trips.
 */
static long bearable(const struct v2x_ctl *c, long p_mw)
{
	long over = c->m.vdc_q8 - c->k.fade_hi_q8;

	if (likely(p_mw >= 0 || over <= 0))
		return p_mw;
	over = (long)min_t(s64, (s64)over * c->k.fade_q30, V2X_Q30_ONE);
	return p_mw - v2x_mul_floor(p_mw, over, 30);
}

/* The DC/DC's power and the bridge's current from the reference. */
static void link(const struct v2x_run *r)
{
	struct v2x_ctl *c = r->c;

	long p_mw = c->p_inst_mw;

	v2x_link_measure(&c->k.link, &c->link, c->m.vdc_q8);
	if (r->in->tick & V2X_OUTER_TICKS)
		windows(r);
	else
		v2x_dab_correct(&c->k.dab, &c->dab, &c->m, c->dcdc.told_mw[0]);
	if (unlikely(c->seq.state >= V2X_STATE_BLACK_START))	/* and READY */
		v2x_black_link(r);
	else if (unlikely(c->ride.phase == V2X_RIDE_CEASED))
		v2x_ride_link(r);
	if (c->k.phases != 3) {
		v2x_single_means(c);
		p_mw = c->single.power.mean;
	}
	if (!c->seq.gates) {
		if (unlikely(c->seq.dc))
			v2x_bus_link(r);
		return;
	}
	if (unlikely(c->form.on | r->set->form || c->island.phase))
		v2x_form_mode(c, v2x_island_forms(r));
	if (unlikely(c->form.on)) {
		v2x_form_droop(c, r->set);
		/* the grid side is given: the DC/DC holds the link */
		p_mw -= v2x_link_step(&c->k.link, &c->link, v2x_bridge_energy(c), false);
		v2x_dcdc_hold(&c->dcdc, r->set, p_mw, c->m.vev_q8 >> 8);
		return;
	}
	v2x_dcdc_step(&c->k.dcdc, &c->dcdc, r->set, bearable(c, (long)(c->ref.p_q16 >> 16)),
		      p_mw, c->m.vev_q8 >> 8);
	v2x_bridge_references(c);
	v2x_dcdc_lag(&c->k.dcdc, &c->dcdc);
}

static void residual(const struct v2x_run *r)
{
	if (r->c->k.has & BIT(V2X_ADC_RESIDUAL))
		r->c->work |= v2x_residual_step(r);
}

static __always_inline void beside_setpoint(const struct v2x_run *r)
{
	u32 turn = (u32)r->in->tick % V2X_ROUND_TICKS;

	switch (turn % V2X_SLOW_TICKS) {
	case V2X_TURN_RESIDUAL:
		residual(r);
		break;
	case V2X_TURN_TUNE:
		residual(r);
		if (r->c->k.phases == 3)
			v2x_bridge_tune(r->c);
		else
			v2x_single_tune(r->c);
		break;
	default:
		v2x_tracker_slow(&r->c->k.tracker, &r->c->tracker, turn);
		break;
	}
}

/* What takes turns: one of these a tick, see schedule.h. */
static __always_inline void turns(const struct v2x_run *r, u32 turn, struct v2x_vec v)
{
	switch (turn) {
	case V2X_TURN_SLOW:
		v2x_measure_add_slow(&r->c->measure, &r->c->m, &r->c->tracker, r->c->cc.idq.y);
		slow(r);
		break;
	case V2X_TURN_SETPOINT:
		setpoint(r);
		v2x_direction_step(r, v);
		if (r->c->k.phases != 3)
			v2x_single_project(r->c);
		beside_setpoint(r);
		break;
	case V2X_TURN_LINK:
		link(r);
		break;
	default:
		v2x_seq_step(r);
		v2x_tracker_slow(&r->c->k.tracker, &r->c->tracker,
				 (u32)r->in->tick % V2X_SLOW_TICKS);
		return;
	}
	if (unlikely(r->in->requests))
		v2x_seq_step(r);
}

/* What the stage is told; every field is written every tick. */
static __always_inline void command(const struct v2x_run *r, u32 turn)
{
	struct v2x_ctl *c = r->c;
	struct v2x_gate_cmd *g = &r->out->gate;
	s32 v_mv = c->seq.dcdc_v_mv;

	g->gates = c->seq.gates;
	g->dcdc_gates = c->seq.dcdc;
	g->clear_faults = c->seq.clear;
	c->seq.clear = false;
	g->residual_test = unlikely(c->residual.inject) && c->seq.state == V2X_STATE_SELF_TEST;
	g->contactors = c->seq.coils;
	g->pilot_permille = r->set->pilot_permille;
	if (turn == V2X_TURN_COMMAND)
		v2x_dcdc_tell(&c->dcdc, c->seq.dcdc && !v_mv ? v2x_dcdc_power(&c->dcdc) : 0);
	if (likely(turn != V2X_TURN_COMMAND && !(v_mv && turn & 1) &&
		   v2x_dab_goes_on(&c->k.dab, &c->dab, g)))
		return;
	v2x_dab_command(&c->k.dab, &c->dab, &c->m,
			c->seq.dcdc && likely(!v_mv) ? c->dcdc.told_mw[0] : 0, v_mv,
			c->k.seq.match_ma, g);
}

/* Voltage and angle of the grid; the vector of the one. */
static v2x_part struct v2x_vec track(struct v2x_ctl *c)
{
	struct v2x_vec v = v2x_clarke(c->m.v_q8);

	v2x_tracker_step(&c->k.tracker, &c->tracker, v);
	return v;
}

/* Bridge and DC/DC of this period; the legs rest in the middle without gates. */
static v2x_part void drive(const struct v2x_run *r, struct v2x_vec v)
{
	struct v2x_ctl *c = r->c;
	s32 *leg = r->out->gate.leg_q24;

	c->iab = v2x_clarke(c->m.i_q8);
	if (likely(c->seq.gates)) {
		v2x_bridge_step(c, v, leg);
		return;
	}
	c->cc.idq = v2x_turn_back(c->iab, c->tracker.rot);
	leg[0] = 0;
	leg[1] = 0;
	leg[2] = 0;
}

/* The waveforms of this period; measure() has written those of the phases. */
static __always_inline void publish(const struct v2x_run *r)
{
	const struct v2x_ctl *c = r->c;
	const struct v2x_meas *m = &c->m;
	const s32 *leg = r->out->gate.leg_q24;
	struct v2x_sample *s = &r->out->sample;

	s->tick = r->in->tick;
	s->v_dc_link_mv = m->vdc_q8 >> 8;
	s->v_ev_mv = m->vev_q8 >> 8;
	s->i_ev_ma = m->iev_q8 >> 8;
	s->theta = c->tracker.theta;
	s->p_inst_mw = c->p_inst_mw;
	s->duty[0] = (s16)(leg[0] >> 9);
	s->duty[1] = (s16)(leg[1] >> 9);
	s->duty[2] = (s16)(leg[2] >> 9);
	s->state = (u8)c->seq.state;
	s->fault_lines = (u8)r->in->samples.fault_lines;
	s->reserved0 = 0;
}

void v2x_ctl_tick(struct v2x_ctl *c, const struct v2x_ctl_set *set,
		  const struct v2x_ctl_in *in, struct v2x_ctl_out *out)
{
	const struct v2x_run r = { .c = c, .set = set, .in = in, .out = out };
	const u32 turn = (u32)in->tick % V2X_OUTER_TICKS;
	struct v2x_vec v;

	out->event_count = 0;
	out->cycle_done = false;
	out->tripped = false;
	c->tick = in->tick;
	c->t_ns = in->t_ns;

	v2x_sample_fast(c->scale, in->samples.raw, &c->m);
	if (unlikely(in->missed))
		missed(&r);
	protect(&r);

	if (likely(c->k.phases == 3)) {
		v = track(c);
	} else {
		v.x = v2x_single_voltage(c->k.phases, c->m.v_q8);
		v2x_tracker_step_single(&c->k.tracker, &c->tracker, v.x);
		v.y = 0;
	}
	if (unlikely(set->island || c->island.phase))
		v2x_island_tick(&r, v);
	turns(&r, turn, v);
	command(&r, turn);
	if (likely(c->k.phases == 3))
		drive(&r, v);
	else
		v2x_single_drive(c, v.x, out->gate.leg_q24);

	measure(&r, turn);
	publish(&r);
}

void v2x_ctl_status(const struct v2x_ctl *c, struct v2x_status *st)
{
	const struct v2x_cycle *y = v2x_measure_last(&c->measure);
	u32 i;

	st->tick = c->tick;
	st->t_ns = c->t_ns;
	st->state = c->seq.state;
	st->reason = c->seq.reason;
	st->fault = c->seq.fault;
	st->fault_lines = c->fault_lines;
	st->pilot = c->pilot.state;
	st->pilot_duty_permille = c->pilot_permille;
	st->contactors_cmd = c->seq.coils;
	st->contactors = c->contactors;
	st->limited_by = c->ref.limited_by;
	st->p_sp_mw = c->p_sp_mw;
	st->q_sp_mvar = c->q_sp_mvar;
	st->p_ref_mw = (s32)(c->ref.p_q16 >> 16);
	st->q_ref_mvar = (s32)(c->ref.q_q16 >> 16);
	st->p_mw = y->p_mw;
	st->q_mvar = y->q_mvar;
	st->s_mva = y->s_mva;
	st->f_mhz = y->f_mhz;
	for (i = 0; i < 3; i++) {
		st->v_mv[i] = y->v_mv[i];
		st->i_ma[i] = y->i_ma[i];
	}
	st->v_dc_link_mv = c->m.vdc_q8 >> 8;
	st->v_ev_mv = c->m.vev_q8 >> 8;
	st->i_ev_ma = c->m.iev_q8 >> 8;
	st->r_iso_ohm = c->k.has & BIT(V2X_ADC_R_ISO) ? c->m.r_iso_ohm : 0;
	st->temp_mc = c->m.temp_mc;
	st->mode = v2x_form_mode_now(c);
	st->e_import_mj = c->measure.e_mj[0];
	st->e_export_mj = c->measure.e_mj[1];
}
