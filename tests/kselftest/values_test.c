// SPDX-License-Identifier: GPL-2.0-only
/* What each command takes, refuses and answers, whichever way it is given. */
#include "command.h"

TEST_F(command, info)
{
	struct v2x_info info = { .size = sizeof(info) };

	ASSERT_EQ(0, call(V2X_IOC_INFO, &info));
	EXPECT_EQ(V2X_API_VERSION, info.api_version);
	EXPECT_TRUE(info.features & V2X_FEATURE_URING);
	EXPECT_TRUE(info.features & V2X_FEATURE_RECORDER);
	EXPECT_TRUE(info.features & V2X_FEATURE_VIRTUAL);
	EXPECT_STREQ("uapi", info.name);
	EXPECT_GT(strlen(info.driver), 0);
	EXPECT_EQ(3, info.phases);
	EXPECT_GE(info.tick_hz, 5000);
	EXPECT_GT(info.p_import_max_mw, 0);
	EXPECT_GT(info.p_export_max_mw, 0);
	EXPECT_LT(info.v_ev_min_mv, info.v_ev_max_mv);
	EXPECT_LT(info.v_dc_link_nominal_mv, info.v_dc_link_max_mv);
	EXPECT_GE(info.status_len, sizeof(struct v2x_status));
	EXPECT_EQ(0, info.reserved0);
}

TEST_F(command, channels)
{
	struct v2x_info info = { .size = sizeof(info) };
	unsigned int count[3], kind, i;
	struct v2x_channel ch;

	ASSERT_EQ(0, call(V2X_IOC_INFO, &info));
	count[V2X_CHANNEL_ADC] = info.adc_count;
	count[V2X_CHANNEL_PWM] = info.pwm_count;
	count[V2X_CHANNEL_FAULT] = info.fault_count;
	for (kind = 0; kind < 3; kind++) {
		EXPECT_GT(count[kind], 0);
		for (i = 0; i <= count[kind]; i++) {
			memset(&ch, 0, sizeof(ch));
			ch.size = sizeof(ch);
			ch.kind = kind;
			ch.index = i;
			EXPECT_EQ(i < count[kind] ? 0 : -ENOENT, call(V2X_IOC_CHANNEL, &ch));
			if (i == count[kind])
				continue;
			EXPECT_NE(0, ch.name[0]);
			EXPECT_NE(0, ch.unit[0]);
			EXPECT_NE(0, ch.scale_n);
			EXPECT_LT(ch.raw_min, ch.raw_max);
			EXPECT_GE(ch.raw, ch.raw_min);
			EXPECT_LE(ch.raw, ch.raw_max);
		}
	}
	memset(&ch, 0, sizeof(ch));
	ch.size = sizeof(ch);
	ch.kind = 3;
	EXPECT_EQ(-EINVAL, call(V2X_IOC_CHANNEL, &ch));
	ch.kind = ~0U;
	EXPECT_EQ(-EINVAL, call(V2X_IOC_CHANNEL, &ch));
	ch.kind = 0;
	ch.index = ~0U;
	EXPECT_EQ(-ENOENT, call(V2X_IOC_CHANNEL, &ch));
}

TEST_F(command, setpoint_refused)
{
	struct v2x_setpoint sp = { .size = sizeof(sp), .ramp_mw_per_s = V2X_RAMP_FASTEST };
	struct settings before, after;
	struct v2x_info info;

	ASSERT_EQ(0, dev_info(self->s.fd, &info));
	settings_get(&self->s, &before);
	sp.p_mw = info.p_import_max_mw + 1;
	EXPECT_EQ(-ERANGE, call(V2X_IOC_SETPOINT, &sp));
	sp.p_mw = -(int)info.p_export_max_mw - 1;
	EXPECT_EQ(-ERANGE, call(V2X_IOC_SETPOINT, &sp));
	sp.p_mw = INT32_MIN;
	EXPECT_EQ(-ERANGE, call(V2X_IOC_SETPOINT, &sp));
	sp.p_mw = 1000000;
	sp.q_mvar = info.q_max_mvar + 1;
	EXPECT_EQ(-ERANGE, call(V2X_IOC_SETPOINT, &sp));
	sp.q_mvar = INT32_MIN;
	EXPECT_EQ(-ERANGE, call(V2X_IOC_SETPOINT, &sp));
	sp.q_mvar = 0;
	sp.ramp_mw_per_s = 0;
	EXPECT_EQ(-EINVAL, call(V2X_IOC_SETPOINT, &sp));
	sp.ramp_mw_per_s = V2X_RAMP_FASTEST;
	sp.flags = V2X_SETPOINT_DC; /* without a DC bus */
	EXPECT_EQ(-EINVAL, call(V2X_IOC_SETPOINT, &sp));
	sp.flags = V2X_SETPOINT_DC << 1;
	EXPECT_EQ(-EINVAL, call(V2X_IOC_SETPOINT, &sp));
	sp.flags = 0;
	sp.valid_until_ns = 1;
	EXPECT_EQ(-ETIME, call(V2X_IOC_SETPOINT, &sp));
	settings_get(&self->s, &after);
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(before)));
}

TEST_F(command, setpoint_taken)
{
	struct v2x_setpoint sp = {
		.size = sizeof(sp),
		.p_mw = -1234000,
		.q_mvar = 567000,
		.ramp_mw_per_s = 1,
		.cause = 4711,
		.valid_until_ns = UINT64_MAX,
	};
	struct v2x_status st;

	ASSERT_EQ(0, call(V2X_IOC_SETPOINT, &sp));
	ASSERT_EQ(0, dev_wait_cycle(self->s.fd, 200));
	view_status(&self->s.view, &st);
	EXPECT_EQ(-1234000, st.p_sp_mw);
	EXPECT_EQ(567000, st.q_sp_mvar);
	EXPECT_EQ(4711, st.cause);
	EXPECT_EQ(0, st.p_ref_mw); /* nobody has asked to start */
}

TEST_F(command, limits)
{
	struct v2x_limits was = { .size = sizeof(was) }, now, bad;
	struct settings before, after;

	ASSERT_EQ(0, call(V2X_IOC_GET_LIMITS, &was));
	now = was;
	now.p_import_max_mw = 0;
	now.p_export_max_mw = 3000000;
	now.i_max_ma = was.i_max_ma / 2;
	ASSERT_EQ(0, call(V2X_IOC_SET_LIMITS, &now));
	settings_get(&self->s, &before);
	EXPECT_EQ(0, memcmp(&now, &before.limits, sizeof(now)));

	bad = now;
	bad.p_import_max_mw = self->s.view.info.p_import_max_mw + 1;
	EXPECT_EQ(-ERANGE, call(V2X_IOC_SET_LIMITS, &bad));
	bad = now;
	bad.p_export_max_mw = UINT32_MAX;
	EXPECT_EQ(-ERANGE, call(V2X_IOC_SET_LIMITS, &bad));
	bad = now;
	bad.i_max_ma = UINT32_MAX;
	EXPECT_EQ(-ERANGE, call(V2X_IOC_SET_LIMITS, &bad));
	bad = now;
	bad.v_ev_min_mv = bad.v_ev_max_mv;
	EXPECT_EQ(-ERANGE, call(V2X_IOC_SET_LIMITS, &bad));
	settings_get(&self->s, &after);
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(before)));
}

TEST_F(command, protection)
{
	struct v2x_protection was = { .size = sizeof(was) }, now, bad;
	struct settings before, after;

	ASSERT_EQ(0, call(V2X_IOC_GET_PROTECTION, &was));
	now = was;
	now.f_over_mhz = 51000;
	now.f_over_ms = 100;
	ASSERT_EQ(0, call(V2X_IOC_SET_PROTECTION, &now));
	settings_get(&self->s, &before);
	EXPECT_EQ(0, memcmp(&now, &before.protection, sizeof(now)));

	bad = now;
	bad.f_over_mhz = bad.f_under_mhz;
	EXPECT_EQ(-ERANGE, call(V2X_IOC_SET_PROTECTION, &bad));
	bad = now;
	bad.v_under_mv = bad.v_over_mv;
	EXPECT_EQ(-ERANGE, call(V2X_IOC_SET_PROTECTION, &bad));
	bad = now;
	bad.v_dc_link_over_mv = self->s.view.info.v_dc_link_max_mv + 1;
	EXPECT_EQ(-ERANGE, call(V2X_IOC_SET_PROTECTION, &bad));
	settings_get(&self->s, &after);
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(before)));
}

TEST_F(command, request_refused)
{
	struct v2x_request req = { .size = sizeof(req) };

	EXPECT_EQ(-EINVAL, call(V2X_IOC_REQUEST, &req));
	req.request = V2X_REQUEST_BLACK_START; /* without an island switch */
	EXPECT_EQ(-EOPNOTSUPP, call(V2X_IOC_REQUEST, &req));
	req.request = V2X_REQUEST_BLACK_START + 1;
	EXPECT_EQ(-EINVAL, call(V2X_IOC_REQUEST, &req));
	req.request = ~0U;
	EXPECT_EQ(-EINVAL, call(V2X_IOC_REQUEST, &req));
	req.request = V2X_REQUEST_ACK; /* nothing is latched */
	EXPECT_EQ(0, call(V2X_IOC_REQUEST, &req));
	EXPECT_EQ(V2X_STATE_IDLE, session_state(&self->s));
}

TEST_F(command, pilot)
{
	static const unsigned int bad[] = { 1, 29, 971, 999, 1001, ~0U };
	static const unsigned int good[] = { 30, 970, V2X_PILOT_DUTY_OFF, V2X_PILOT_DUTY_STEADY };
	struct v2x_pilot_cmd cmd = { .size = sizeof(cmd) };
	struct v2x_status st;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		cmd.duty_permille = bad[i];
		EXPECT_EQ(-EINVAL, call(V2X_IOC_PILOT, &cmd));
	}
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		cmd.duty_permille = good[i];
		EXPECT_EQ(0, call(V2X_IOC_PILOT, &cmd));
		ASSERT_EQ(0, dev_wait_cycle(self->s.fd, 200));
		view_status(&self->s.view, &st);
		EXPECT_EQ(good[i], st.pilot_duty_permille);
	}
}

TEST_HARNESS_MAIN
