// SPDX-License-Identifier: Apache-2.0
/* From the configuration to everybody who lives by it; all or nothing. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "journal.h"
#include "notify.h"
#include "session.h"

struct policy_config session_policy_config(const struct session *s, const struct config *config)
{
	return (struct policy_config){
		.start_auto = config->session.start == START_AUTO,
		.ack_auto = config->session.ack == ACK_AUTO,
		.ack_delay_s = (uint32_t)config->session.ack_delay_s,
		.ack_tries = (uint32_t)config->session.ack_tries,
		.pilot_duty_permille = (uint32_t)config->session.pilot_duty_permille,
		.stop_timeout_s = (uint32_t)config->session.stop_timeout_s,
		.reconnect_auto = s->code.choice.on &&
				  config->gridcode.reconnect == RECONNECT_AUTO,
	};
}

/* A limit that was not given bounds nothing here: the rating does, as rank device. */
static struct to_grid limit_message(enum dispatch_source source, const struct config_limit *limit,
				    const char *reason)
{
	struct to_grid m = { .type = TO_GRID_PUT, .source = source };
	struct dispatch_envelope *e = &m.envelope;

	if (limit->p_import_max_mw == CONFIG_NONE && limit->p_export_max_mw == CONFIG_NONE &&
	    limit->q_max_mvar == CONFIG_NONE) {
		m.type = TO_GRID_CLEAR;
		return m;
	}
	/* CONFIG_NONE and DISPATCH_UNLIMITED are the same number. */
	*e = (struct dispatch_envelope){
		.active = true,
		.p = dispatch_limit(-limit->p_export_max_mw, limit->p_import_max_mw),
		.q = dispatch_limit(-limit->q_max_mvar, limit->q_max_mvar),
	};
	snprintf(e->reason, sizeof(e->reason), "%s", reason);
	return m;
}

static struct to_grid user_message(const struct config *config)
{
	struct to_grid m = { .type = TO_GRID_PUT, .source = SOURCE_USER_CONFIG };

	m.envelope = (struct dispatch_envelope){
		.active = true,
		.p = dispatch_want(config->user.p_mw),
		.q = dispatch_want(config->user.q_mvar),
		.ramp_mw_per_s = (uint32_t)config->user.ramp_mw_per_s,
		.reason = "configured in [user]",
	};
	return m;
}

static int32_t or_rating(int32_t value, uint32_t rating)
{
	return value == CONFIG_NONE ? (int32_t)rating : value;
}

static struct to_grid droop_message(const struct config *config, const struct v2x_info *info)
{
	struct to_grid m = { .type = TO_GRID_DROOP };

	m.droop.enable = config->droop.enable;
	m.droop.ramp_mw_per_s = (uint32_t)config->droop.ramp_mw_per_s;
	m.droop.params = (struct droop_params){
		.f_nominal_mhz = config->droop.f_nominal_mhz ? config->droop.f_nominal_mhz :
							       (int32_t)info->f_nominal_mhz,
		.db_mhz = config->droop.db_mhz,
		.band = (enum droop_band)config->droop.band,
		.droop_permille = config->droop.droop_permille,
		.full_mhz = config->droop.full_mhz,
		.p_full_mw = or_rating(config->droop.p_full_mw, info->s_rated_mva),
		.reference = (enum droop_reference)config->droop.reference,
		.p_ref_mw = config->droop.p_ref_mw,
		.up_max_mw = config->droop.up_max_mw,
		.down_max_mw = config->droop.down_max_mw,
		.p_min_mw = config->droop.p_min_mw,
		.p_max_mw = config->droop.p_max_mw,
		.tau_ms = config->droop.tau_ms,
	};
	return m;
}

int session_push_config(struct session *s, const struct config *config, char *error)
{
	const struct to_grid messages[] = {
		limit_message(SOURCE_VEHICLE_CONFIG, &config->vehicle, "configured in [vehicle]"),
		limit_message(SOURCE_SITE_CONFIG, &config->site, "configured in [site]"),
		user_message(config),
		droop_message(config, &s->device.info),
	};
	const struct droop_params *droop = &messages[3].droop.params;
	const char *wrong = config->droop.enable ? droop_check(droop) : NULL;
	int result;

	if (wrong) {
		snprintf(error, CONFIG_ERROR_LEN, "[droop]: with this charger: %s", wrong);
		return -EINVAL;
	}
	/* What another can refuse goes first. */
	result = device_protection(&s->device, config, error);
	if (result)
		return result;
	result = device_limits(&s->device, config);
	if (result) {
		snprintf(error, CONFIG_ERROR_LEN, "limits refused by the charger: %s",
			 v2x_error_text(V2X_IOC_SET_LIMITS, result));
		return result;
	}
	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++)
		if (session_tell_grid(s, &messages[i])) {
			snprintf(error, CONFIG_ERROR_LEN, "the grid thread does not take orders");
			return -EAGAIN;
		}
	return 0;
}

static int load_next(struct session *s, struct config *next, char *error)
{
	const struct config_key *fixed;
	int result = config_load(next, s->config_path, s->config_named, error);

	if (result)
		return result;
	fixed = config_needs_restart(&s->config, next);
	if (fixed) {
		snprintf(error, CONFIG_ERROR_LEN, "[%s] %s: cannot change while v2xd runs; restart it",
			 fixed->section, fixed->key);
		return -EBUSY;
	}
	return s->device.handle ? session_push_config(s, next, error) : 0;
}

int session_reload(struct session *s, char *error)
{
	struct config next, before;
	struct policy_config policy;
	int result;

	notify_reloading();
	result = load_next(s, &next, error);
	before = s->config;
	if (!result)
		s->config = next;
	if (!result && s->device.handle)
		result = session_code_reload(s, error);
	if (result) {
		char ignored[CONFIG_ERROR_LEN];

		s->config = before;
		if (s->device.handle)
			session_push_config(s, &before, ignored);
		journal(LOG_ERR, NULL, "reload refused, the old configuration stays: %s", error);
	} else {
		policy = session_policy_config(s, &next);
		policy_configure(&s->policy, &policy);
		journal(LOG_NOTICE, NULL, "configuration reloaded from %s", s->config_path);
	}
	notify_ready();
	return result;
}
