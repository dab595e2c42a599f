// SPDX-License-Identifier: Apache-2.0
/* What a refusal means, by command; for people. */
#include <errno.h>
#include <string.h>

#include "internal.h"

struct error_text {
	uint32_t cmd; /* 0: opening; ANY: every command */
	int error;
	const char *text;
};

#define ANY UINT32_MAX

static const struct error_text texts[] = {
	{ 0, ENODEV, "no such charger; v2xctl list shows those there are" },
	{ 0, EACCES, "no permission to open the charger; be root or join its group" },
	{ 0, EBUSY, "the charger does not let itself be opened now" },
	{ 0, EPROTO, "this is not a v2x charger, or its driver is too old for this library" },

	{ V2X_IOC_CLAIM, EBUSY,
	  "another program holds the claim; stop it, or go through v2xd" },
	{ V2X_IOC_CLAIM, EBADF, "the charger was opened for reading only" },
	{ V2X_IOC_CLAIM, ERANGE, "the lease is outside 20..10000 ms" },
	{ V2X_IOC_CLAIM, ESHUTDOWN, "the machine suspends or shuts down" },
	{ V2X_IOC_RELEASE, EPERM, "this program does not hold the claim" },
	{ V2X_IOC_SETPOINT, ERANGE, "the power is beyond the ratings; see v2xctl info" },
	{ V2X_IOC_SETPOINT, ETIME, "the time the set-point is valid until is already over" },
	{ V2X_IOC_SETPOINT, EINVAL,
	  "the ramp must be at least 1 mW/s; an island needs an island switch, forming on a grid a protection table without loss-of-mains detection" },
	{ V2X_IOC_SET_LIMITS, ERANGE,
	  "a limit is beyond the ratings, or the lowest vehicle voltage is not below the highest; nothing was changed" },
	{ V2X_IOC_SET_FORMING, ERANGE,
	  "a value is outside its range; see v2xctl forming and Documentation/control.rst; nothing was changed" },
	{ V2X_IOC_SET_PROTECTION, ERANGE,
	  "a protection value contradicts another or the ratings; nothing was changed" },
	{ V2X_IOC_SET_PROT_TABLE, ERANGE,
	  "the protection table contradicts itself or is beyond what the charger can measure and bear; nothing was changed" },
	{ V2X_IOC_SET_PROT_TABLE, EINVAL,
	  "the protection table has an entry that is not known; nothing was changed" },
	{ V2X_IOC_SET_TUNING, ERANGE, "the value is outside the parameter's range; nothing was changed" },
	{ V2X_IOC_GET_TUNING, EINVAL, "there is no parameter of that number" },
	{ V2X_IOC_REQUEST, EBUSY,
	  "not in this state: start needs idle, acknowledge needs a fault whose cause is gone" },
	{ V2X_IOC_REQUEST, EINVAL,
	  "there is no such request, or a black start without island=1 in the set-point" },
	{ V2X_IOC_REQUEST, EOPNOTSUPP, "this charger has no island switch" },
	{ V2X_IOC_PILOT, EOPNOTSUPP, "this charger has no control pilot" },
	{ V2X_IOC_PILOT, EINVAL, "the pilot duty must be 0, 1000 or 30..970 permille" },
	{ V2X_IOC_CHANNEL, ENOENT, "there is no channel of that number" },
	{ V2X_IOC_WAIT_CYCLE, ETIME, "no mains cycle was completed within the time" },
	{ V2X_IOC_WAIT_EVENT, ETIME, "no event came within the time" },

	{ V2X_IOC_CANCEL, ENOENT, "there is no such wait" },

	{ ANY, EPERM, "this needs the claim, and this program does not hold it" },
	{ ANY, ENODEV, "the charger has gone" },
	{ ANY, EBADF, "the charger was not opened for writing" },
	{ ANY, E2BIG, "the driver is older than this program and lacks what was asked for" },
	{ ANY, EINVAL, "the command is malformed: a value, flag or reserved field" },
	{ ANY, EFAULT, "the memory of the command cannot be read" },
	{ ANY, ENOTTY, "the driver does not know this command" },
	{ ANY, EOPNOTSUPP, "the charger cannot do this" },
	{ ANY, EINTR, "interrupted by a signal" },
	{ ANY, ECANCELED, "cancelled" },
	{ ANY, ENODATA, "nothing has been recorded" },
	{ ANY, EPROTO, "the driver gave something this library does not understand" },
};

const char *v2x_error_text(uint32_t cmd, int error)
{
	const int number = error < 0 ? -error : error;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (texts[i].error == number && (texts[i].cmd == cmd || texts[i].cmd == ANY))
			return texts[i].text;
	}
	return strerror(number);
}
