// SPDX-License-Identifier: Apache-2.0
/* Commands of the control socket: taken whole or refused with a reason. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <v2x.h>

#include "../../../userspace/v2xd/control/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct control_command parsed(const char *line)
{
	struct control_command c;
	struct control_error e;

	if (control_parse(line, strlen(line), &c, &e))
		fail_msg("refused: %s: %s", e.key, e.text);
	return c;
}

static void every_command_is_understood(void **state)
{
	static const char *const plain[] = { "why", "status", "start", "stop", "ack", "reload",
					     "clear" };
	char line[64];

	(void)state;
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		snprintf(line, sizeof(line), "{\"cmd\":\"%s\"}", plain[i]);
		assert_string_equal(control_verb_name(parsed(line).verb), plain[i]);
	}
}

static void set_carries_what_was_given_and_nothing_else(void **state)
{
	struct control_command c = parsed("{\"cmd\":\"set\",\"p_mw\":-7000000,\"q_mvar\":100,"
		"\"ramp_mw_per_s\":5,\"for_s\":60,\"rank\":\"dso\",\"reason\":\"order 4711\"}");
	struct dispatch_envelope e = control_envelope(&c, 5);

	(void)state;
	assert_int_equal(c.verb, CONTROL_SET);
	assert_int_equal(c.rank, RANK_DSO);
	assert_true(e.active && e.p.has_want && e.q.has_want);
	assert_int_equal(e.p.want, -7000000);
	assert_int_equal(e.q.want, 100);
	assert_int_equal(e.ramp_mw_per_s, 5);
	assert_int_equal(e.until_ns, 60000000005ULL);
	assert_string_equal(e.reason, "order 4711");

	assert_false(e.has_mode);

	c = parsed("{\"cmd\":\"set\",\"p_mw\":1,\"mode\":2,\"island\":1}");
	e = control_envelope(&c, 5);
	assert_true(e.has_mode);
	assert_int_equal(e.mode, V2X_SETPOINT_VSM | V2X_SETPOINT_ISLAND);

	c = parsed("{\"cmd\":\"set\",\"q_mvar\":1}");
	e = control_envelope(&c, 5);
	assert_int_equal(c.rank, RANK_USER);
	assert_false(e.p.has_want);
	assert_int_equal(e.until_ns, 0);
}

static void the_external_signal_is_heard_on_and_off(void **state)
{
	struct control_command c = parsed("{\"cmd\":\"gridcode-input\",\"signal\":true}");

	(void)state;
	assert_true(c.input.has_signal);
	assert_true(c.input.signal);
	assert_false(c.input.has_permit);
	c = parsed("{\"cmd\":\"gridcode-input\",\"signal\":false,\"permit\":true}");
	assert_true(c.input.has_signal);
	assert_false(c.input.signal);
	assert_true(c.input.has_permit);
}

static void a_threshold_of_the_self_test_is_moved_and_let_go(void **state)
{
	struct control_command c = parsed("{\"cmd\":\"gridcode-trial\",\"key\":\"trip.of1_limit\","
					  "\"value\":51.25,\"narrow\":true}");

	(void)state;
	assert_string_equal(c.trial.key, "trip.of1_limit");
	assert_float_equal(c.trial.value, 51.25, 1e-9);
	assert_true(c.trial.narrow);
	c = parsed("{\"cmd\":\"gridcode-trial\"}");
	assert_string_equal(c.trial.key, "");
}

static void limits_become_bounds_without_a_want(void **state)
{
	struct control_command c = parsed("{\"cmd\":\"limits\",\"p_import_max_mw\":0,"
					  "\"q_max_mvar\":9}");
	struct dispatch_envelope e = control_envelope(&c, 5);

	(void)state;
	assert_int_equal(e.p.hi, 0);
	assert_int_equal(e.p.lo, -DISPATCH_UNLIMITED);
	assert_false(e.p.has_want);
	assert_int_equal(e.q.lo, -9);
	assert_int_equal(e.q.hi, 9);
	c = parsed("{\"cmd\":\"limits\",\"p_export_max_mw\":500}");
	e = control_envelope(&c, 5);
	assert_int_equal(e.p.lo, -500);
	assert_int_equal(e.p.hi, DISPATCH_UNLIMITED);
}

static void bad_input_is_refused_with_code_key_and_text(void **state)
{
	static const struct { const char *line; int code; const char *key, *text; } rows[] = {
		{ "", -EBADMSG, "", "no JSON" },
		{ "{", -EBADMSG, "", "no JSON" },
		{ "[]", -EBADMSG, "", "expected a JSON object" },
		{ "{\"cmd\":\"why\"} x", -EBADMSG, "", "no JSON" },
		{ "{}", -EINVAL, "cmd", "missing" },
		{ "{\"cmd\":1}", -EINVAL, "cmd", "missing" },
		{ "{\"cmd\":\"explode\"}", -EOPNOTSUPP, "cmd", "unknown command \"explode\"" },
		{ "{\"cmd\":\"set\"}", -EINVAL, "p_mw", "needs p_mw or q_mvar" },
		{ "{\"cmd\":\"set\",\"p_mw\":1.5}", -EINVAL, "p_mw", "whole number" },
		{ "{\"cmd\":\"set\",\"p_mw\":\"1\"}", -EINVAL, "p_mw", "whole number" },
		{ "{\"cmd\":\"set\",\"p_mw\":350000001}", -ERANGE, "p_mw", "out of range" },
		{ "{\"cmd\":\"set\",\"p_mw\":99999999999999999999}", -EBADMSG, "", "no JSON" },
		{ "{\"cmd\":\"set\",\"p_mw\":1,\"p_mw\":2}", -EBADMSG, "", "no JSON" },
		{ "{\"cmd\":\"set\",\"p_mw\":1,\"ramp_mw_per_s\":0}", -ERANGE, "ramp_mw_per_s", "" },
		{ "{\"cmd\":\"set\",\"p_mw\":1,\"mode\":3}", -ERANGE, "mode", "0..2" },
		{ "{\"cmd\":\"set\",\"p_mw\":1,\"island\":2}", -ERANGE, "island", "0..1" },
		{ "{\"cmd\":\"set\",\"p_mw\":1,\"for_s\":0}", -ERANGE, "for_s", "1..2678400" },
		{ "{\"cmd\":\"set\",\"p_mw\":1,\"rank\":\"king\"}", -EINVAL, "rank", "expected" },
		{ "{\"cmd\":\"set\",\"p_mw\":1,\"rank\":\"device\"}", -EINVAL, "rank", "expected" },
		{ "{\"cmd\":\"set\",\"p_mw\":1,\"rank\":\"gridcode\"}", -EINVAL, "rank", "" },
		{ "{\"cmd\":\"set\",\"p_mw\":1,\"p_import_max_mw\":1}", -EINVAL,
		  "p_import_max_mw", "not a key of \"set\"" },
		{ "{\"cmd\":\"limits\",\"p_import_max_mw\":-1}", -ERANGE, "p_import_max_mw", "" },
		{ "{\"cmd\":\"limits\"}", -EINVAL, "p_import_max_mw", "missing" },
		{ "{\"cmd\":\"gridcode-input\",\"signal\":1}", -EINVAL, "signal", "true or false" },
		{ "{\"cmd\":\"gridcode-input\",\"phases_mw\":[1,2]}", -EINVAL, "phases_mw", "three" },
		{ "{\"cmd\":\"gridcode-input\",\"phases_mw\":[1,2,true]}", -EINVAL, "phases_mw",
		  "whole number" },
		{ "{\"cmd\":\"gridcode-trial\",\"key\":\"\"}", -EINVAL, "key", "threshold" },
		{ "{\"cmd\":\"gridcode-trial\",\"value\":true}", -EINVAL, "value", "number" },
		{ "{\"cmd\":\"gridcode-trial\",\"narrow\":1}", -EINVAL, "narrow", "true or false" },
		{ "{\"cmd\":\"gridcode-trial\",\"signal\":true}", -EINVAL, "signal", "not a key" },
		{ "{\"cmd\":\"stop\",\"p_mw\":1}", -EINVAL, "p_mw", "not a key of \"stop\"" },
		{ "{\"cmd\":\"set\",\"p_mw\":1,\"reason\":\"a\\nb\"}", -EINVAL, "reason",
		  "control character" },
		{ "{\"cmd\":\"set\",\"p_mw\":1,\"reason\":\""
		  "0123456789012345678901234567890123456789012345678901234567890123\"}",
		  -EINVAL, "reason", "at most 63 bytes" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct control_command c = { .p_mw = 77 };
		struct control_error e = { 0 };

		assert_int_equal(control_parse(rows[i].line, strlen(rows[i].line), &c, &e),
				 rows[i].code);
		assert_string_equal(e.key, rows[i].key);
		if (!strstr(e.text, rows[i].text))
			fail_msg("%s: \"%s\"", rows[i].line, e.text);
		assert_int_equal(c.p_mw, 77);
	}
}

static void too_long_is_refused_before_it_is_read(void **state)
{
	static char line[CONTROL_LINE_MAX + 1];
	struct control_command c;
	struct control_error e;

	(void)state;
	memset(line, ' ', sizeof(line));
	memcpy(line, "{\"cmd\":\"why\"}", 13);
	assert_int_equal(control_parse(line, sizeof(line), &c, &e), -E2BIG);
	assert_int_equal(control_parse(line, sizeof(line) - 1, &c, &e), 0);
}

static uint64_t random_next(uint64_t *seed)
{
	*seed ^= *seed >> 12;
	*seed ^= *seed << 25;
	*seed ^= *seed >> 27;
	return *seed * 2685821657736338717ULL;
}

/* The fuzz entry over seeded damage to good commands: every build runs it. */
static void damaged_commands_never_break_the_parser(void **state)
{
	static const char *const good[] = {
		"{\"cmd\":\"set\",\"p_mw\":-7000000,\"q_mvar\":100,\"rank\":\"dso\"}",
		"{\"cmd\":\"limits\",\"p_import_max_mw\":0,\"for_s\":3,\"reason\":\"x\"}",
		"{\"cmd\":\"clear\",\"rank\":\"user\"}",
		"{\"cmd\":\"status\"}",
	};
	static const char marks[] = "{}[]\",:0123456789-e.\\u\n";
	uint64_t seed = 0x1234567887654321ULL;

	(void)state;
	for (int i = 0; i < 40000; i++) {
		char line[128];
		size_t len;

		strcpy(line, good[random_next(&seed) % 4]);
		len = strlen(line);
		for (uint64_t n = 1 + random_next(&seed) % 4; n; n--) {
			uint64_t r = random_next(&seed) >> 20;
			size_t at = (size_t)((r >> 8) % len);

			line[at] = (r & 1) ? marks[(r >> 1) % (sizeof(marks) - 1)] : (char)r;
			if (!(r & 0x30))
				len = 1 + at;
		}
		assert_int_equal(LLVMFuzzerTestOneInput((const uint8_t *)line, len), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_command_is_understood),
		cmocka_unit_test(set_carries_what_was_given_and_nothing_else),
		cmocka_unit_test(the_external_signal_is_heard_on_and_off),
		cmocka_unit_test(a_threshold_of_the_self_test_is_moved_and_let_go),
		cmocka_unit_test(limits_become_bounds_without_a_want),
		cmocka_unit_test(bad_input_is_refused_with_code_key_and_text),
		cmocka_unit_test(too_long_is_refused_before_it_is_read),
		cmocka_unit_test(damaged_commands_never_break_the_parser),
	};

	return cmocka_run_group_tests_name("v2xd control", tests, NULL, NULL);
}
