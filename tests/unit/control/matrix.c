// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include "matrix.h"
#include "meter.h"

#define REASONS		10
#define GRID_MS		2500	/* beyond the slowest stage of the default table */
#define STAGE_MS	1200	/* beyond the insulation's second */
#define AFTER_MS	20	/* a half cycle of the meter, and contacts that open */

const char *const matrix_models[MATRIX_MODELS] = { "3p-11kw", "1p-7kw", "split-9kw" };

static struct rig rig, ready;
static struct meter meter, ready_meter;
static const char *model_now;
static u32 wrongs;

/**
 * struct row - a fault
 * @reasons: that may come of it
 * @may_pass: in some situations it does not matter
 * @grid: of the grid, not of the stage
 * @random: the power it makes has no direction: its energy is what counts
 * @diodes: what flows is rectified, whatever the gates do
 * @phases: with which it can be, BIT of each; 0: any
 */
struct row {
	const char *name;
	enum plant_fault fault;
	u32 value;
	u32 reasons[REASONS];
	bool may_pass;
	bool grid;
	bool random;
	bool diodes;
	u32 phases;
};

#define FEWER	(BIT(1) | BIT(2))

#define ROW(_name, _fault, _value)							\
	.name = _name, .fault = PLANT_FAULT_##_fault, .value = _value

static const struct row rows[] = {
	{ ROW("gate fault", GATE_FAULT, 4),
	  .reasons = { V2X_REASON_GATE_DRIVER } },
	{ ROW("over-current line", OVER_CURRENT, 1),
	  .reasons = { V2X_REASON_AC_OVER_CURRENT } },
	{ ROW("DC link line", DC_LINK, 1),
	  .reasons = { V2X_REASON_DC_LINK_OVER_VOLTAGE } },
	{ ROW("residual current", RESIDUAL_CURRENT, 1),
	  .reasons = { V2X_REASON_RESIDUAL_CURRENT } },
	{ ROW("DC to earth", RESIDUAL_DC, 60), .may_pass = true,
	  .reasons = { V2X_REASON_RESIDUAL_DC } },
	{ ROW("AC to earth", RESIDUAL_AC, 60), .may_pass = true,
	  .reasons = { V2X_REASON_RESIDUAL_AC } },
	{ ROW("emergency stop", ESTOP, 1),
	  .reasons = { V2X_REASON_ESTOP } },
	{ ROW("hot", OVER_TEMPERATURE, 120),
	  .reasons = { V2X_REASON_OVER_TEMPERATURE } },
	{ ROW("phase loss", PHASE_LOSS, 1), .grid = true, .phases = BIT(3),
	  .reasons = { V2X_REASON_GRID_PHASE_LOSS, V2X_REASON_PRECHARGE_FAILED,
		        V2X_REASON_SENSOR_OFFSET } },
	/* with one or two phases it is the grid, or half of it */
	{ ROW("phase loss", PHASE_LOSS, 1), .may_pass = true, .grid = true, .phases = FEWER,
	  .reasons = { V2X_REASON_GRID_ABSENT, V2X_REASON_GRID_OVER_VOLTAGE,
		        V2X_REASON_GRID_PHASE_LOSS, V2X_REASON_DC_LINK_UNDER_VOLTAGE,
		        V2X_REASON_GRID_UNDER_VOLTAGE, V2X_REASON_PRECHARGE_FAILED,
		        V2X_REASON_SENSOR_OFFSET, V2X_REASON_ADC_STUCK, V2X_REASON_SYNC_TIMEOUT } },
	{ ROW("phase swap", PHASE_SWAP, 1), .grid = true, .phases = BIT(3),
	  .reasons = { V2X_REASON_GRID_PHASE_ORDER, V2X_REASON_AC_OVER_CURRENT,
		        V2X_REASON_SYNC_TIMEOUT, V2X_REASON_DC_LINK_OVER_VOLTAGE,
		        V2X_REASON_GRID_ABSENT } },
	{ ROW("grid loss", GRID_LOSS, 1), .grid = true,
	  .reasons = { V2X_REASON_GRID_ABSENT, V2X_REASON_GRID_UNDER_VOLTAGE,
		        V2X_REASON_GRID_OVER_VOLTAGE, V2X_REASON_DC_LINK_UNDER_VOLTAGE,
		        V2X_REASON_LOSS_OF_MAINS, V2X_REASON_PRECHARGE_FAILED,
		        V2X_REASON_GRID_UNDER_FREQUENCY, V2X_REASON_ADC_STUCK } },
	{ ROW("grid current open", ADC_OPEN, 1U << V2X_ADC_I_A),
	  .reasons = { V2X_REASON_ADC_RANGE } },
	{ ROW("link sensor open", ADC_OPEN, 1U << V2X_ADC_V_DC_LINK),
	  .reasons = { V2X_REASON_ADC_RANGE } },
	{ ROW("insulation", INSULATION_FAULT, 10000),
	  .reasons = { V2X_REASON_INSULATION } },
	/* from the vehicle an empty link is filled by what its sensor says */
	{ ROW("link sensor stuck", ADC_STUCK, 1U << V2X_ADC_V_DC_LINK), .may_pass = true,
	  .reasons = { V2X_REASON_ADC_STUCK, V2X_REASON_PRECHARGE_FAILED,
		       V2X_REASON_SYNC_TIMEOUT, V2X_REASON_DC_LINK_OVER_VOLTAGE,
		       V2X_REASON_EV_OVER_CURRENT } },
	{ ROW("vehicle's current stuck", ADC_STUCK, 1U << V2X_ADC_I_EV), .may_pass = true,
	  .reasons = { V2X_REASON_ADC_STUCK, V2X_REASON_SENSOR_IMPLAUSIBLE } },
	{ ROW("output sensor shifted", ADC_OFFSET, 1U << V2X_ADC_V_EV), .may_pass = true,
	  .reasons = { V2X_REASON_SENSOR_IMPLAUSIBLE, V2X_REASON_SYNC_TIMEOUT } },
	/* noise has no detector of its own: what it makes is found */
	{ ROW("grid voltage noisy", ADC_NOISE, 1U << V2X_ADC_V_GRID_A), .may_pass = true,
	  .random = true,
	  .reasons = { V2X_REASON_GRID_OVER_VOLTAGE, V2X_REASON_AC_OVER_CURRENT,
		       V2X_REASON_ADC_RANGE, V2X_REASON_GRID_PHASE_LOSS,
		       V2X_REASON_GRID_UNDER_VOLTAGE, V2X_REASON_DC_LINK_OVER_VOLTAGE,
		       V2X_REASON_ISLAND_OVERLOAD, V2X_REASON_WRONG_DIRECTION } },
	{ ROW("heat sensor shorted", ADC_SHORT, 1U << V2X_ADC_TEMP),
	  .reasons = { V2X_REASON_ADC_RANGE } },
	{ ROW("monitor stuck", ADC_STUCK, 1U << V2X_ADC_RESIDUAL), .may_pass = true,
	  .reasons = { V2X_REASON_ADC_STUCK, V2X_REASON_SENSOR_IMPLAUSIBLE } },
	{ ROW("link shorted", LINK_SHORT, 2), .may_pass = true, .diodes = true,
	  .reasons = { V2X_REASON_PRECHARGE_FAILED, V2X_REASON_DC_LINK_UNDER_VOLTAGE,
		        V2X_REASON_AC_OVER_CURRENT, V2X_REASON_SYNC_TIMEOUT,
		        V2X_REASON_SENSOR_IMPLAUSIBLE } },
	{ ROW("precharge", PRECHARGE_FAILED, 1), .may_pass = true,
	  .reasons = { V2X_REASON_PRECHARGE_FAILED } },
	{ ROW("EV contact stuck open", CONTACTOR_STUCK_OPEN, V2X_CONTACTOR_EV), .may_pass = true,
	  .reasons = { V2X_REASON_EV_CONTACTOR_STUCK_OPEN } },
	{ ROW("grid contact stuck open", CONTACTOR_STUCK_OPEN, V2X_CONTACTOR_GRID), .may_pass = true,
	  .reasons = { V2X_REASON_GRID_CONTACTOR_STUCK_OPEN, V2X_REASON_GRID_OVER_VOLTAGE,
		        V2X_REASON_DC_LINK_UNDER_VOLTAGE, V2X_REASON_DC_LINK_OVER_VOLTAGE,
		        V2X_REASON_SYNC_TIMEOUT } },
	{ ROW("EV contact welded", CONTACTOR_WELDED, V2X_CONTACTOR_EV), .may_pass = true,
	  .reasons = { V2X_REASON_EV_CONTACTOR_WELDED } },
	{ ROW("grid contact welded", CONTACTOR_WELDED, V2X_CONTACTOR_GRID), .may_pass = true,
	  .diodes = true,
	  .reasons = { V2X_REASON_GRID_CONTACTOR_WELDED, V2X_REASON_AC_OVER_CURRENT } },
	{ ROW("pilot shorted", PILOT_SHORT, 1), .may_pass = true,
	  .reasons = { V2X_REASON_PILOT_FAULT } },
	{ ROW("pilot without diode", PILOT_NO_DIODE, 1), .may_pass = true,
	  .reasons = { V2X_REASON_PILOT_FAULT } },
	{ ROW("missed ticks", MISSED_TICKS, 3), .may_pass = true,
	  .reasons = { V2X_REASON_MISSED_TICKS } },
};

static bool belongs(const struct row *row, const struct matrix_at *at, u32 reason)
{
	for (u32 i = 0; i < REASONS; i++)
		if (row->reasons[i] == reason)
			return true;
	for (u32 i = 0; i < MATRIX_ALSO; i++)
		if (at->also[i] == reason)
			return true;
	return false;
}

/* All that is wrong, not only the first. */
__attribute__((format(printf, 3, 4))) static void wrong(const struct row *row,
							const struct matrix_at *at,
							const char *format, ...)
{
	char text[200];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	print_error("%s, %s, %s: %s\n", model_now, at->name, row->name, text);
	wrongs++;
}

void matrix_begin(struct rig *r, const char *model, const struct matrix_at *at)
{
	struct plant_cfg cfg;

	plant_cfg_default(&cfg);
	assert_true(plant_cfg_model(&cfg, model));
	cfg.island_switch = at->island_switch;
	rig_init_with(r, &cfg);
	if (at->flags & (V2X_SETPOINT_FORM | V2X_SETPOINT_VSM) && !at->island_switch)
		rig_lom_off(r);
	r->user.setpoint.p_mw = at->p_mw;
	r->user.setpoint.flags = at->flags;
	r->user.forming.join_wait_ms = 200;
	r->user.forming.ramp_ms = 200;
	r->user.pilot_permille = 500;	/* pulses, so that a diode shows */
	rig_user(r);
	rig_plug(r);
	meter_attach(&meter, r);
	rig_ms(r, 200);
}

void matrix_tick_until(struct rig *r, bool (*there)(const struct rig *r, u32 arg), u32 arg, u32 ms)
{
	for (u32 n = ms * r->desc.tick_hz / 1000; n && !there(r, arg); n--)
		rig_tick(r);
	if (!there(r, arg))
		fail_msg("%s: state %u.%u, island %u, fault %u", model_now, r->ctl.seq.state,
			 r->ctl.seq.sub, r->ctl.island.phase, r->ctl.seq.fault);
}

/*
 * Power against the set-point, mean over half a cycle, from the plant. What the
 * diodes draw into a short of the link, or into an empty one through a contact that
 * welds, is not the bridge's; what a voltage that is formed gives to what is left
 * of a grid is its own affair; test_direction.c has what a lost grid and swapped
 * phases have had before the gates are off.
 */
static void right_way(const struct row *row, const struct matrix_at *at)
{
	double rated = rig.desc.p_import_max_mw / 1e3, bound = fmax(rated / 50, at->most_w);
	double energy = at->p_mw > 0 ? -meter.energy : meter.energy;

	if (row->diodes || !at->p_mw || (at->own_voltage && row->grid))
		return;
	if (row->grid)
		bound = fmax(bound, rated / 10);
	if (row->random) {
		if (energy > bound)	/* of a second */
			wrong(row, at, "%.0f J against %d W", energy, at->p_mw / 1000);
		return;
	}
	if (meter_wrong(&meter, at->p_mw) > bound)
		wrong(row, at, "%.0f W against %d W", meter_wrong(&meter, at->p_mw),
		      at->p_mw / 1000);
}

static void contained(const struct row *row, const struct matrix_at *at)
{
	if (rig.ctl.seq.state != V2X_STATE_FAULT) {
		if (!row->may_pass && !at->idle && !(at->own_voltage && row->grid))
			wrong(row, at, "state %u, not found", rig.ctl.seq.state);
		return;
	}
	if (!belongs(row, at, rig.ctl.seq.fault))
		wrong(row, at, "fault %u", rig.ctl.seq.fault);
	if (rig.out.gate.gates || rig.out.gate.dcdc_gates || rig.out.gate.contactors ||
	    rig.ctl.island.phase)
		wrong(row, at, "gates %d %d, coils %x, island %u", rig.out.gate.gates,
		      rig.out.gate.dcdc_gates, rig.out.gate.contactors, rig.ctl.island.phase);
}

/* Repaired, the grid back, acknowledged: it runs again, beside the grid. */
static void runs_again(const struct row *row, const struct matrix_at *at)
{
	memset(rig.env.fault, 0, sizeof(rig.env.fault));
	rig.env.grid.voltage_mpu = 1000;
	rig.env.grid.island = 0;
	rig.env.grid.phase_mdeg = 0;
	rig_env(&rig);
	rig.user.setpoint.flags &= ~(u32)V2X_SETPOINT_WAIT;
	if (at->island_switch)
		rig.user.setpoint.flags = 0;
	rig_user(&rig);
	rig_ms(&rig, 200);
	rig.ctl.precharge.cool_tick = 0;	/* a minute */
	rig_request(&rig, V2X_CTL_REQ_STOP, V2X_REASON_REQUEST);
	rig_until(&rig, V2X_STATE_IDLE, 600);
	rig_request(&rig, V2X_CTL_REQ_ACK, V2X_REASON_ACK);
	rig_ms(&rig, 20);
	rig_request(&rig, V2X_CTL_REQ_START, V2X_REASON_REQUEST);
	if (rig_until(&rig, V2X_STATE_RUN, 6000) < 0)
		wrong(row, at, "does not run again: state %u, fault %u, reason %u",
		      rig.ctl.seq.state, rig.ctl.seq.fault, rig.ctl.seq.reason);
}

/* Repaired, it may have no need to begin anew. */
static bool goes_on(void)
{
	const u32 state = rig.ctl.seq.state;

	if (state != V2X_STATE_RUN || !rig.out.gate.gates)
		return false;
	memset(rig.env.fault, 0, sizeof(rig.env.fault));
	rig_env(&rig);
	rig_ms(&rig, 100);
	return rig.ctl.seq.state == state && rig.out.gate.gates;
}

static void one(const struct row *row, const struct matrix_at *at)
{
	rig = ready;
	meter = ready_meter;
	meter_begin(&meter);
	if (row->fault == PLANT_FAULT_MISSED_TICKS)
		rig.missed = row->value;
	else
		rig.env.fault[row->fault] = row->value;
	rig_env(&rig);
	rig_ms(&rig, at->turns_ms);
	if (at->turns_ms)
		meter_begin(&meter);
	rig_until(&rig, V2X_STATE_FAULT, row->grid ? GRID_MS : STAGE_MS);
	rig_ms(&rig, AFTER_MS);
	contained(row, at);
	right_way(row, at);
	if (!goes_on())
		runs_again(row, at);
}

u32 matrix_all(const char *model, const struct matrix_at *at)
{
	wrongs = 0;
	model_now = model;
	matrix_begin(&rig, model, at);
	at->come(&rig, at);
	ready = rig;
	ready_meter = meter;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (!rows[i].phases || rows[i].phases & BIT(rig.desc.phases))
			one(&rows[i], at);
	return wrongs;
}

void matrix_each(const struct matrix_at *at, size_t n)
{
	u32 all = 0;

	for (size_t m = 0; m < MATRIX_MODELS; m++)
		for (size_t i = 0; i < n; i++)
			all += matrix_all(matrix_models[m], &at[i]);
	assert_int_equal(all, 0);
}
