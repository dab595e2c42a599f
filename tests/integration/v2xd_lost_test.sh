#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The supervisor is killed or stopped: the kernel ramps down by itself, says why, and the next
# supervisor finds that, reports it and does not resume.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

idle_by_itself() { state_is idle && [ -z "$(status contactors | tr -d '[]')" ]; }

charger_create
check "starts" v2xd_start <<-'CONF'
	[device]
	lease_ms = 400
CONF
v2xctl virt plug >/dev/null
wait_for 5 state_is run
v2xctl set p=6kW >/dev/null
check "charges" wait_for 1 power_is 6000
watch_begin

kill -KILL "$v2xd_pid"
wait "$v2xd_pid" 2>/dev/null
v2xd_pid=
check "killed: power ends and the contactors open" wait_for 2 idle_by_itself
check "the reason says so" reason_is closed
check "nothing starts by itself" power_is 0

check "a new supervisor starts over the dead one's socket" v2xd_again
check "it reports what it found" logged 'last reason closed'
check "and why it waits" logged 'held: lease'
sleep 1
check "it does not resume" state_is idle
check "set-points alone do not resume either" v2xctl set p=6kW
sleep 0.5
check "still idle" state_is idle
check "a person may start again" v2xctl start
check "and power comes back" wait_for 5 power_is 6000

kill -STOP "$v2xd_pid"
check "stopped: the lease runs out" wait_for 2 reason_is lease
check "power ends and the contactors open" wait_for 2 idle_by_itself
kill -CONT "$v2xd_pid"
check "woken up again, it says so" wait_for 2 logged 'held: lease'
sleep 0.5
check "it does not resume" state_is idle
check "plugging in anew is a new session" v2xctl virt unplug
wait_for 2 session_is no_vehicle
v2xctl virt plug >/dev/null
check "which is served" wait_for 5 state_is run
watch_end
check "power never went the other way" power_stayed -150 6500
check "ends cleanly" v2xd_stop
check "clean end: the next one starts" v2xd_again
check "and finds no lost supervisor" logged 'held: found_plugged'
finish
