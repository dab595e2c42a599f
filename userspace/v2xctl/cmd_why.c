// SPDX-License-Identifier: Apache-2.0
/* why: who decided the power. The supervisor's chain, then the kernel's own limits. */
#include "cmd.h"
#include "daemon.h"
#include "status_json.h"

static double milli(const json_t *o, const char *key)
{
	return json_number_value(json_object_get(o, key)) / 1e3;
}

static const char *text(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

/* Fields may be missing: an open end of a range is "-". */
static void print_end(const json_t *o, const char *key)
{
	if (json_is_number(json_object_get(o, key)))
		printf(" %10.1f", milli(o, key));
	else
		printf(" %10s", "-");
}

static void print_chain(const json_t *chain)
{
	size_t i;
	json_t *step;

	printf("%-8s %-16s %10s %10s %10s  %s\n", "RANK", "SOURCE", "LOWEST", "HIGHEST", "WANTED",
	       "REASON");
	json_array_foreach (chain, i, step) {
		printf("%-8s %-16s", text(step, "rank"), text(step, "source"));
		print_end(step, "lo_mw");
		print_end(step, "hi_mw");
		print_end(step, "want_mw");
		printf("  %s%s%s\n", text(step, "reason"), text(step, "effect")[0] ? ": " : "",
		       text(step, "effect"));
	}
}

static int print_kernel(const struct v2x_status *s)
{
	printf("charger: %s, set-point %+.1f W, reference %+.1f W, measured %+.1f W\n",
	       v2x_state_name(s->state), s->p_sp_mw / 1e3, s->p_ref_mw / 1e3, s->p_mw / 1e3);
	if (s->state != V2X_STATE_RUN)
		printf("  no power: state %s because of %s: %s\n", v2x_state_name(s->state),
		       v2x_reason_name(s->reason), v2x_reason_text(s->reason));
	for (uint32_t bit = 1; bit != 0; bit <<= 1) {
		if (s->limited_by & bit)
			printf("  held by %s: %s\n", v2x_limited_name(bit), v2x_limited_text(bit));
	}
	if (s->state == V2X_STATE_RUN && s->limited_by == 0)
		puts("  nothing holds power back in the charger");
	return EX_OK_;
}

int cmd_why(struct cli *cli)
{
	struct v2x_device *dev;
	struct v2x_status s;
	json_t *answer;
	int ret = report_open(cli, V2X_OPEN_READ, &dev);

	if (ret)
		return ret;
	ret = v2x_get_status(dev, &s);
	v2x_close(dev);
	if (ret < 0)
		return report_errno(cli, "status page", V2X_IOC_INFO, ret);
	answer = daemon_try(cli, "why");
	if (cli->json)
		return report_json(json_pack("{s:b,s:o,s:o}", "ok", 1, "supervisor",
					     answer ? answer : json_null(), "charger",
					     status_json(&s)));
	if (answer) {
		print_chain(json_object_get(answer, "chain"));
		printf("supervisor: session %s, %s\n", text(answer, "session"),
		       text(answer, "hold_text"));
	} else {
		puts("supervisor: does not answer (v2xd is not running, or --socket is needed)");
	}
	json_decref(answer);
	return print_kernel(&s);
}
