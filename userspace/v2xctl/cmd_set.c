// SPDX-License-Identifier: Apache-2.0
/* set: ask for power, through v2xd or, holding the claim here, directly. */
#include <time.h>

#include "cmd.h"
#include "daemon.h"
#include "keyval.h"
#include "status_json.h"

#define P_MAX_MILLI 350000000
#define FOR_MAX_S 2678400
#define READY_WAIT_MS 10000

/* Keys in the order of the enum below. */
enum { KEY_P, KEY_Q, KEY_RAMP, KEY_FOR, KEY_MODE, KEY_ISLAND };

/* follow the grid's voltage, or form it; the same of the DC bus, without a grid */
static const char *const modes[] = { "follow", "form", "vsm", "dc_follow", "dc_form", NULL };
static const uint32_t mode_flags[] = { 0, V2X_SETPOINT_FORM, V2X_SETPOINT_VSM, V2X_SETPOINT_DC,
				       V2X_SETPOINT_DC | V2X_SETPOINT_FORM };

/* whether a lost grid is no end */
static const char *const yes_no[] = { "no", "yes", NULL };

static const struct keyval set_keys[] = {
	{ .key = "p", .kind = QUANTITY_P, .field = "p_mw", .min = -P_MAX_MILLI,
	  .max = P_MAX_MILLI },
	{ .key = "q", .kind = QUANTITY_Q, .field = "q_mvar", .min = -P_MAX_MILLI,
	  .max = P_MAX_MILLI },
	{ .key = "ramp", .kind = QUANTITY_RAMP, .field = "ramp_mw_per_s", .min = 1,
	  .max = P_MAX_MILLI },
	{ .key = "for", .kind = QUANTITY_DURATION, .field = "for_s", .min = 1000,
	  .max = FOR_MAX_S * 1000LL },
	{ .key = "mode", .field = "mode", .words = modes },
	{ .key = "island", .field = "island", .words = yes_no },
	{ .key = NULL },
};

static int set_by_daemon(const struct cli *cli, const struct keyval *keys)
{
	json_t *request = json_pack("{s:s}", "cmd", "set");

	for (const struct keyval *k = keys; k->key; k++) {
		/* Seconds are the one unit of the protocol that is no thousandth. */
		const int64_t n = k->kind == QUANTITY_DURATION ? (k->milli + 999) / 1000 : k->milli;

		if (k->given)
			json_object_set_new(request, k->field, json_integer(n));
	}
	return daemon_tell(cli, request, "accepted; v2xctl why shows what comes of it");
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static int show_line(const struct cli *cli, const struct v2x_status *s)
{
	char names[128];

	if (cli->json)
		return report_json(status_json(s));
	if (s->mode == V2X_MODE_DC_FOLLOW || s->mode == V2X_MODE_DC_FORM) {
		printf("%-10s DC bus %.1f V  vehicle %+9.1f W  limited by %s\n",
		       v2x_state_name(s->state), s->v_dc_link_mv / 1e3,
		       (double)s->v_ev_mv * s->i_ev_ma / 1e6,
		       v2x_bits_format(s->limited_by, v2x_limited_name, names, sizeof(names)));
		return fflush(stdout) == 0 ? EX_OK_ : EX_SYSTEM;
	}
	printf("%-10s P %+9.1f W  Q %+9.1f var  %.3f Hz  limited by %s\n",
	       v2x_state_name(s->state), s->p_mw / 1e3, s->q_mvar / 1e3, s->f_mhz / 1e3,
	       v2x_bits_format(s->limited_by, v2x_limited_name, names, sizeof(names)));
	return fflush(stdout) == 0 ? EX_OK_ : EX_SYSTEM;
}

/* Renews the set-point four times a lease until the time is over or a signal comes. */
static int hold(const struct cli *cli, struct v2x_device *dev, const struct v2x_setpoint *sp,
		long lease_ms, int64_t for_ms)
{
	const struct timespec pause = { lease_ms / 4000, lease_ms / 4 % 1000 * 1000000 };
	const int64_t end = for_ms > 0 ? now_ms() + for_ms : INT64_MAX;
	int64_t next_line = 0;

	while (!stop_requested() && now_ms() < end) {
		struct v2x_status s;
		int ret = v2x_setpoint(dev, sp);

		if (ret < 0)
			return report_errno(cli, "set-point", V2X_IOC_SETPOINT, ret);
		ret = v2x_get_status(dev, &s);
		if (ret < 0)
			return report_errno(cli, "status page", V2X_IOC_INFO, ret);
		if (s.fault)
			return report_error(cli, EX_REFUSED, "fault %s: %s",
					    v2x_reason_name(s.fault), v2x_reason_text(s.fault));
		if (now_ms() >= next_line) {
			ret = show_line(cli, &s);
			if (ret)
				return ret;
			next_line = now_ms() + 1000;
		}
		nanosleep(&pause, NULL);
	}
	return EX_OK_;
}

/* What this charger cannot do is told in words, not by the kernel's number. */
static int bus_refused(const struct cli *cli, struct v2x_device *dev, uint32_t flags)
{
	struct v2x_info info;

	if (!(flags & V2X_SETPOINT_DC))
		return EX_OK_;
	if (flags & V2X_SETPOINT_ISLAND)
		return report_error(cli, EX_BAD_USE, "island=yes does not go with a DC bus");
	if (v2x_get_info(dev, &info) == 0 && !(info.features & V2X_FEATURE_DC_BUS))
		return report_error(cli, EX_REFUSED, "this charger has no DC bus");
	return EX_OK_;
}

/* Pilot duty if asked for, a vehicle that is ready, the set-point, then the request. */
static int start_directly(const struct cli *cli, struct v2x_device *dev,
			  const struct v2x_setpoint *sp)
{
	const bool black = cli_has(cli, "black-start");
	const struct timespec pause = { 0, 50000000 };
	const int64_t end = now_ms() + READY_WAIT_MS;
	struct v2x_status s;
	long duty = 0;
	int ret = report_number(cli, "pilot", 30, 1000, &duty);

	if (ret)
		return ret;
	if (duty > 0) {
		ret = v2x_pilot(dev, (uint32_t)duty);
		if (ret < 0)
			return report_errno(cli, "pilot", V2X_IOC_PILOT, ret);
	}
	while (v2x_get_status(dev, &s) == 0 && !stop_requested() && now_ms() < end &&
	       (s.pilot == V2X_PILOT_A || s.pilot == V2X_PILOT_B || s.pilot == V2X_PILOT_F))
		nanosleep(&pause, NULL);
	ret = v2x_setpoint(dev, sp);
	if (ret < 0)
		return report_errno(cli, "set-point", V2X_IOC_SETPOINT, ret);
	ret = v2x_request(dev, black ? V2X_REQUEST_BLACK_START : V2X_REQUEST_START, 0);
	return ret < 0 ? report_errno(cli, "start", V2X_IOC_REQUEST, ret) : EX_OK_;
}

static int set_directly(const struct cli *cli, const struct keyval *keys)
{
	struct v2x_setpoint sp = V2X_INIT(struct v2x_setpoint);
	struct v2x_device *dev;
	long lease_ms = 1000;
	int ret = report_number(cli, "lease", V2X_LEASE_MIN_MS, V2X_LEASE_MAX_MS, &lease_ms);

	if (ret)
		return ret;
	stop_on_signal();
	ret = report_claim(cli, (uint32_t)lease_ms, &dev);
	if (ret)
		return ret;
	sp.p_mw = (int32_t)keys[KEY_P].milli;
	sp.q_mvar = (int32_t)keys[KEY_Q].milli;
	sp.ramp_mw_per_s = keys[KEY_RAMP].given ? (uint32_t)keys[KEY_RAMP].milli :
						  V2X_RAMP_FASTEST;
	sp.flags = mode_flags[keys[KEY_MODE].milli];
	if (keys[KEY_ISLAND].milli)
		sp.flags |= V2X_SETPOINT_ISLAND;
	ret = bus_refused(cli, dev, sp.flags);
	if (ret == EX_OK_ && (cli_has(cli, "start") || cli_has(cli, "black-start")))
		ret = start_directly(cli, dev, &sp);
	if (ret == EX_OK_)
		ret = hold(cli, dev, &sp, lease_ms,
			   keys[KEY_FOR].given ? keys[KEY_FOR].milli : 0);
	/* Gives the claim back: power ramps down and the contactors open. */
	v2x_close(dev);
	return ret;
}

int cmd_set(struct cli *cli)
{
	struct keyval keys[sizeof(set_keys) / sizeof(set_keys[0])];
	char error[256];

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		keys[i] = set_keys[i];
	if (keyval_parse(keys, cli->argc, cli->argv, error, sizeof(error)) < 0)
		return report_error(cli, EX_BAD_USE, "%s", error);
	if (!keys[KEY_P].given && !keys[KEY_Q].given)
		return report_error(cli, EX_BAD_USE, "set needs p=POWER or q=POWER");
	if (cli_has(cli, "direct"))
		return set_directly(cli, keys);
	if (cli_has(cli, "start") || cli_has(cli, "black-start") || cli_has(cli, "lease") ||
	    cli_has(cli, "pilot"))
		return report_error(cli, EX_BAD_USE,
				    "--start, --black-start, --lease and --pilot go with --direct");
	if (mode_flags[keys[KEY_MODE].milli] & V2X_SETPOINT_DC)
		return report_error(cli, EX_BAD_USE, "mode=dc_follow and dc_form go with --direct");
	return set_by_daemon(cli, keys);
}
