// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every fault that can be thrown at a virtual charger: the right reason,
 * gates and contactors off, no power where nobody wanted it, and a charger
 * that works again after it was cleared and acknowledged.
 */
#include "kselftest_harness.h"
#include "session.h"

#define P_MW		5000000
#define CH(adc)		(1 << (adc))

/* Order of the channels of a virtual charger, see struct v2x_stage_desc. */
enum { V_A, V_B, V_C, I_A, I_B, I_C, V_DC, V_EV, I_EV, TEMP, R_ISO, CP_HIGH, CP_LOW,
       V_VEHICLE, RESIDUAL };

FIXTURE(fault)
{
	struct session s;
};

FIXTURE_VARIANT(fault)
{
	const char *attr;
	long value;
	long clear; /* value that takes it back */
	enum { BEFORE_START, AT_POWER, THEN_STOP } when;
	__u32 reason[4]; /* any of these is right */
	long within_ms; /* from the throw to the fault; 0: as long as a start takes */
};

#define RUNNING(_name, _attr, _value, _ms, ...)				\
	FIXTURE_VARIANT_ADD(fault, run_##_name) {			\
		.attr = _attr, .value = _value, .when = AT_POWER,	\
		.within_ms = _ms, .reason = { __VA_ARGS__ },		\
	}
#define STARTING(_name, _attr, _value, ...)				\
	FIXTURE_VARIANT_ADD(fault, start_##_name) {			\
		.attr = _attr, .value = _value,				\
		.reason = { __VA_ARGS__ },				\
	}
#define STOPPING(_name, _attr, _value, ...)				\
	FIXTURE_VARIANT_ADD(fault, stop_##_name) {			\
		.attr = _attr, .value = _value, .when = THEN_STOP,	\
		.within_ms = STOP_MS, .reason = { __VA_ARGS__ },	\
	}
#define GRID(_name, _attr, _value, _clear, _ms, ...)			\
	FIXTURE_VARIANT_ADD(fault, grid_##_name) {			\
		.attr = _attr, .value = _value, .clear = _clear,	\
		.when = AT_POWER, .within_ms = _ms,			\
		.reason = { __VA_ARGS__ },				\
	}

RUNNING(gate_a, "fault/gate_fault", 1, 2, V2X_REASON_GATE_DRIVER);
RUNNING(gate_b, "fault/gate_fault", 2, 2, V2X_REASON_GATE_DRIVER);
RUNNING(gate_c, "fault/gate_fault", 4, 2, V2X_REASON_GATE_DRIVER);
RUNNING(gate_dcdc, "fault/gate_fault", 8, 2, V2X_REASON_GATE_DRIVER);
RUNNING(over_current, "fault/over_current", 1, 2, V2X_REASON_AC_OVER_CURRENT);
RUNNING(dc_link, "fault/dc_link", 1, 2, V2X_REASON_DC_LINK_OVER_VOLTAGE);
RUNNING(residual_current, "fault/residual_current", 1, 2, V2X_REASON_RESIDUAL_CURRENT);
RUNNING(residual_dc, "fault/residual_dc", 60, 300, V2X_REASON_RESIDUAL_DC);
RUNNING(residual_ac, "fault/residual_ac", 60, 150, V2X_REASON_RESIDUAL_AC);
RUNNING(residual_open, "fault/adc_open", CH(RESIDUAL), 50, V2X_REASON_ADC_RANGE);
RUNNING(residual_stuck, "fault/adc_stuck", CH(RESIDUAL), 700, V2X_REASON_ADC_STUCK);
RUNNING(estop, "fault/estop", 1, 2, V2X_REASON_ESTOP);
RUNNING(over_temperature, "fault/over_temperature", 120, 50, V2X_REASON_OVER_TEMPERATURE);
RUNNING(stuck_v_a, "fault/adc_stuck", CH(V_A), 100, V2X_REASON_ADC_STUCK,
	V2X_REASON_GRID_PHASE_LOSS, V2X_REASON_AC_OVER_CURRENT);
RUNNING(stuck_i_a, "fault/adc_stuck", CH(I_A), 100, V2X_REASON_ADC_STUCK,
	V2X_REASON_CURRENT_SUM, V2X_REASON_AC_OVER_CURRENT);
RUNNING(open_v_b, "fault/adc_open", CH(V_B), 10, V2X_REASON_ADC_RANGE);
RUNNING(open_i_b, "fault/adc_open", CH(I_B), 10, V2X_REASON_ADC_RANGE);
RUNNING(open_v_dc, "fault/adc_open", CH(V_DC), 10, V2X_REASON_ADC_RANGE,
	V2X_REASON_DC_LINK_OVER_VOLTAGE);
RUNNING(open_v_ev, "fault/adc_open", CH(V_EV), 10, V2X_REASON_ADC_RANGE,
	V2X_REASON_EV_OVER_VOLTAGE);
RUNNING(open_temp, "fault/adc_open", CH(TEMP), 50, V2X_REASON_ADC_RANGE);
RUNNING(offset_i_c, "fault/adc_offset", CH(I_C), 200, V2X_REASON_CURRENT_SUM,
	V2X_REASON_SENSOR_OFFSET);
RUNNING(noise_i_a, "fault/adc_noise", CH(I_A), 500, V2X_REASON_CURRENT_SUM,
	V2X_REASON_AC_OVER_CURRENT, V2X_REASON_ADC_RANGE);
RUNNING(grid_contactor_opens, "fault/contactor_stuck_open", 2, 100,
	V2X_REASON_GRID_CONTACTOR_STUCK_OPEN, V2X_REASON_DC_LINK_UNDER_VOLTAGE,
	V2X_REASON_AC_OVER_CURRENT);
RUNNING(ev_contactor_opens, "fault/contactor_stuck_open", 4, 100,
	V2X_REASON_EV_CONTACTOR_STUCK_OPEN, V2X_REASON_EV_OVER_VOLTAGE,
	V2X_REASON_DC_LINK_OVER_VOLTAGE);
RUNNING(phase_loss, "fault/phase_loss", 1, 500, V2X_REASON_GRID_PHASE_LOSS,
	V2X_REASON_AC_OVER_CURRENT, V2X_REASON_GRID_UNDER_VOLTAGE);
/* What the filter is left with decides whether the voltage falls or surges. */
RUNNING(grid_loss, "fault/grid_loss", 1, 2000, V2X_REASON_GRID_ABSENT,
	V2X_REASON_DC_LINK_UNDER_VOLTAGE, V2X_REASON_GRID_UNDER_VOLTAGE,
	V2X_REASON_GRID_OVER_VOLTAGE);
/* 12.8 kW at 800 V. */
RUNNING(link_short, "fault/link_short", 50, 1000, V2X_REASON_SENSOR_IMPLAUSIBLE,
	V2X_REASON_DC_LINK_UNDER_VOLTAGE, V2X_REASON_WRONG_DIRECTION,
	V2X_REASON_AC_OVER_CURRENT);
RUNNING(pilot_short, "fault/pilot_short", 1, 500, V2X_REASON_PILOT_FAULT);
RUNNING(pilot_no_diode, "fault/pilot_no_diode", 1, 500, V2X_REASON_PILOT_FAULT);
RUNNING(missed_ticks, "fault/missed_ticks", 3, 50, V2X_REASON_MISSED_TICKS);

STARTING(precharge_failed, "fault/precharge_failed", 1, V2X_REASON_PRECHARGE_FAILED);
RUNNING(stuck_v_dc, "fault/adc_stuck", CH(V_DC), 150, V2X_REASON_ADC_STUCK);
RUNNING(offset_v_ev, "fault/adc_offset", CH(V_EV), 200, V2X_REASON_SENSOR_IMPLAUSIBLE);
RUNNING(short_temp, "fault/adc_short", CH(TEMP), 50, V2X_REASON_ADC_RANGE);
RUNNING(insulation, "fault/insulation_fault", 20000, 1200, V2X_REASON_INSULATION);

STARTING(precharge_contactor_welded, "fault/contactor_welded", 1,
	 V2X_REASON_PRECHARGE_CONTACTOR_WELDED);
STARTING(ev_contactor_welded, "fault/contactor_welded", 4, V2X_REASON_EV_CONTACTOR_WELDED);
STARTING(grid_contactor_stuck_open, "fault/contactor_stuck_open", 2,
	 V2X_REASON_GRID_CONTACTOR_STUCK_OPEN);
STARTING(ev_contactor_stuck_open, "fault/contactor_stuck_open", 4,
	 V2X_REASON_EV_CONTACTOR_STUCK_OPEN);
STARTING(insulation, "fault/insulation_fault", 50000, V2X_REASON_INSULATION);
STARTING(residual_monitor, "fault/adc_stuck", CH(RESIDUAL), V2X_REASON_SENSOR_IMPLAUSIBLE);
STARTING(phase_order, "fault/phase_swap", 1, V2X_REASON_GRID_PHASE_ORDER);
STARTING(no_grid, "fault/grid_loss", 1, V2X_REASON_GRID_ABSENT);
STARTING(sensor_offset, "fault/adc_offset", CH(I_A), V2X_REASON_SENSOR_OFFSET,
	 V2X_REASON_CURRENT_SUM);
STARTING(phase_loss, "fault/phase_loss", 4, V2X_REASON_GRID_PHASE_LOSS,
	 V2X_REASON_GRID_UNDER_VOLTAGE, V2X_REASON_GRID_ABSENT);
STARTING(over_temperature, "fault/over_temperature", 120, V2X_REASON_OVER_TEMPERATURE);

STOPPING(grid_contactor_welded, "fault/contactor_welded", 2,
	 V2X_REASON_GRID_CONTACTOR_WELDED);
STOPPING(ev_contactor_welded, "fault/contactor_welded", 4, V2X_REASON_EV_CONTACTOR_WELDED);

GRID(over_voltage, "grid/voltage_mpu", 1300, 1000, 1000, V2X_REASON_GRID_OVER_VOLTAGE);
GRID(under_voltage, "grid/voltage_mpu", 300, 1000, 4000, V2X_REASON_GRID_UNDER_VOLTAGE,
     V2X_REASON_DC_LINK_UNDER_VOLTAGE);
GRID(over_frequency, "grid/frequency_mhz", 53500, 50000, 1000, V2X_REASON_GRID_OVER_FREQUENCY);
GRID(under_frequency, "grid/frequency_mhz", 46000, 50000, 1000,
     V2X_REASON_GRID_UNDER_FREQUENCY);

FIXTURE_SETUP(fault)
{
	ASSERT_EQ(0, session_open(&self->s, "fault"));
	sign_mark(&self->s);
}

FIXTURE_TEARDOWN(fault)
{
	session_close(&self->s);
}

/* Hold the set-point until the fault. Return: ms it took, or -1. */
static long until_fault(struct session *s, long within_ms)
{
	__u64 from = now_ns(), end = from + slow(within_ms) * 1000000ULL, renew = 0;

	while (session_state(s) != V2X_STATE_FAULT) {
		if (now_ns() > end)
			return -1;
		if (now_ns() > renew) {
			dev_setpoint(s->fd, P_MW);
			renew = now_ns() + 20000000;
		}
		sleep_ms(1);
	}
	return (now_ns() - from) / 1000000;
}

static bool right_reason(const FIXTURE_VARIANT(fault) *variant, __u32 reason)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(variant->reason); i++) {
		if (variant->reason[i] && variant->reason[i] == reason)
			return true;
	}
	return false;
}

static void expect_contained(struct __test_metadata *_metadata, struct session *s)
{
	struct v2x_sample sample;
	struct v2x_status st;

	sleep_ms(150);
	view_status(&s->view, &st);
	EXPECT_EQ(V2X_STATE_FAULT, st.state);
	EXPECT_EQ(0, st.contactors_cmd);
	EXPECT_EQ(0, st.p_ref_mw);
	EXPECT_LT(abs(st.p_mw), STRAY_MW);
	ASSERT_EQ(0, ring_get(s->view.wave, load64(&s->view.wave->head) - 1, &sample));
	EXPECT_EQ(0, sample.duty[0] | sample.duty[1] | sample.duty[2]);
	EXPECT_EQ(-EBUSY, dev_request(s->fd, V2X_REQUEST_START));
}

/* What read() says about it. */
static void expect_trip_event(struct __test_metadata *_metadata, struct session *s, __u32 fault)
{
	struct v2x_event ev;
	bool found = false;

	ASSERT_EQ(0, fcntl(s->fd, F_SETFL, O_NONBLOCK));
	while (read(s->fd, &ev, sizeof(ev)) == sizeof(ev)) {
		if (ev.type == V2X_EVENT_TRIP && ev.reason == fault)
			found = true;
	}
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_TRUE(found);
}

/*
 * Power is what the sensors say it is: not to be asked while one of them
 * lies. A short of the link takes what it takes, from the grid.
 */
static void expect_sign(struct __test_metadata *_metadata, struct session *s, const char *attr)
{
	if (!strncmp(attr, "fault/adc_", 10))
		return;
	EXPECT_SIGN(s, 0, strcmp(attr, "fault/link_short") ? P_MW : 4 * P_MW);
}

static void expect_usable(struct __test_metadata *_metadata, struct session *s)
{
	__u64 end = now_ns() + slow(5000) * 1000000ULL;
	int ret;

	do {
		sleep_ms(50);
		ret = dev_request(s->fd, V2X_REQUEST_ACK);
	} while (ret == -EBUSY && now_ns() < end);
	ASSERT_EQ(0, ret);
	ASSERT_EQ(0, session_watch(s, V2X_STATE_IDLE, 100));
	sleep_ms(1000); /* the link discharges, the grid settles */
	ASSERT_EQ(0, session_run(s, P_MW)) TH_LOG("state %u reason %u fault %u",
		s->view.status->state, s->view.status->reason, s->view.status->fault);
	ASSERT_EQ(0, session_hold(s, P_MW, 300));
	EXPECT_GT(session_power(s), P_MW * 9LL / 10);
}

TEST_F(fault, contained)
{
	struct session *s = &self->s;
	long took;
	__u32 fault;

	if (variant->when != BEFORE_START) {
		ASSERT_EQ(0, session_run(s, P_MW));
		ASSERT_EQ(0, session_hold(s, P_MW, 300));
		ASSERT_EQ(0, charger_set(&s->charger, variant->attr, variant->value));
		if (variant->when == THEN_STOP)
			ASSERT_EQ(0, dev_request(s->fd, V2X_REQUEST_STOP));
	} else {
		ASSERT_EQ(0, charger_set(&s->charger, variant->attr, variant->value));
		ASSERT_EQ(0, dev_claim(s->fd, LEASE_MS));
		ASSERT_EQ(0, dev_setpoint(s->fd, P_MW));
		sleep_ms(100);
		if (session_state(s) != V2X_STATE_FAULT)
			ASSERT_EQ(0, dev_request(s->fd, V2X_REQUEST_START));
	}
	took = until_fault(s, variant->within_ms ? variant->within_ms : START_MS);
	ASSERT_GE(took, 0) TH_LOG("no fault; state %u, reason %u", session_state(s),
				  session_reason(s));
	fault = s->view.status->fault;
	EXPECT_TRUE(right_reason(variant, fault)) TH_LOG("reason %u", fault);
	expect_contained(_metadata, s);
	expect_trip_event(_metadata, s, fault);
	expect_sign(_metadata, s, variant->attr);
	ASSERT_EQ(0, charger_set(&s->charger, variant->attr, variant->clear));
	sign_mark(s);
	expect_usable(_metadata, s);
	EXPECT_SIGN(s, 0, P_MW);
}

TEST_HARNESS_MAIN
