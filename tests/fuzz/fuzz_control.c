// SPDX-License-Identifier: Apache-2.0
/*
 * Fuzz entry of the control socket's parser: whatever comes in is a whole
 * command within its limits or a refusal with a text, and changes nothing else.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../userspace/v2xd/control/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int truth)
{
	if (!truth)
		abort();
}

static void check_command(const struct control_command *command)
{
	struct dispatch_table table = { 0 };
	struct dispatch_envelope envelope;
	enum dispatch_source source;

	must(command->verb < CONTROL_VERB_COUNT);
	must(memchr(command->reason, '\0', sizeof(command->reason)) != NULL);
	must(memchr(command->gridcode.profile, '\0', sizeof(command->gridcode.profile)) != NULL);
	must(memchr(command->gridcode.sets, '\0', sizeof(command->gridcode.sets)) != NULL);
	must(memchr(command->gridcode.key, '\0', sizeof(command->gridcode.key)) != NULL);
	/* A name, never a way to another directory. */
	if (command->verb == CONTROL_GRIDCODE_APPLY)
		must(command->gridcode.profile[0] && !strchr(command->gridcode.profile, '/'));
	if (command->verb != CONTROL_SET && command->verb != CONTROL_LIMITS)
		return;
	source = dispatch_order_source(command->rank, command->verb == CONTROL_LIMITS);
	envelope = control_envelope(command, 1);
	must(source < SOURCE_COUNT);
	must(dispatch_put(&table, source, &envelope) == 0);
	/* Limits can only take away, never ask for power. */
	if (command->verb == CONTROL_LIMITS)
		must(!envelope.p.has_want && envelope.p.lo <= 0 && envelope.p.hi >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct control_command command, before;
	struct control_error error = { 0 };
	int result;

	memset(&command, 0x5a, sizeof(command));
	before = command;
	result = control_parse((const char *)data, size, &command, &error);
	if (result == 0) {
		check_command(&command);
	} else {
		must(result == error.code && result < 0);
		must(error.text[0] != '\0');
		must(!memcmp(&before, &command, sizeof(command)));
	}
	return 0;
}
