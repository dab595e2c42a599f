#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One session from start to clean stop: ready in time, small, serves a car, obeys set-points,
# limits and stop, and never moves power in a direction nobody asked for.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

ready_within_ms() {
	local ms
	ms=$(sed -n 's/.*ready after \([0-9]*\) ms/\1/p' "$work/v2xd.log" | tail -n 1)
	echo "# ready after $ms ms"
	[ -n "$ms" ] && [ "$ms" -le "$1" ]
}

threads_are() { [ "$(find "/proc/$v2xd_pid/task" -mindepth 1 -maxdepth 1 | wc -l)" -eq "$1" ]; }
grid_thread_is_real_time() {
	local t
	for t in "/proc/$v2xd_pid"/task/*; do
		# Field 41 of stat is the policy; 1 is SCHED_FIFO. The name has no blank.
		[ "$(cat "$t/comm")" = v2xd-grid ] && [ "$(cut -d' ' -f41 "$t/stat")" = 1 ] && return 0
	done
	return 1
}

charger_create
check "starts on an idle charger" v2xd_start <<-'CONF'
	[site]
	p_import_max_mw = 9000000
	[user]
	p_mw = 0
CONF
check "is ready within 150 ms" ready_within_ms 150
check "needs at most 10 MiB" resident_kib_below 10240
check "says what it found" logged 'found /dev/v2x0 "t" (virt): state idle, last reason none, fault none, pilot A'
check "refuses to start without a vehicle" fails_with 1 v2xctl start
check "a second supervisor is refused" fails_with 1 env V2X_SOCKET="$work/second.sock" v2xd --config "$work/v2xd.conf"
watch_begin

v2xctl virt plug >/dev/null
check "a car that is plugged in is served" wait_for 5 state_is run
check "and the session says so" wait_for 1 session_is running
check "no power flows unasked" setpoint_is 0
check "two threads, no hidden one" threads_are 2
check "the grid thread has real-time priority" grid_thread_is_real_time

v2xctl set p=4kW >/dev/null
check "charges as asked" wait_for 1 power_is 4000
check "why: the user decided" wait_for 1 decided_by user
v2xctl set p=11kW >/dev/null
check "the site's fuse bounds it" wait_for 1 power_is 9000
check "why: the site decided" wait_for 1 decided_by site-config
v2xctl limits import=0 --rank dso >/dev/null
check "a limit of zero is zero" wait_for 1 setpoint_is 0
check "why: the operator decided" wait_for 1 decided_by dso-limit
v2xctl clear --rank dso >/dev/null
check "the limit goes when it is cleared" wait_for 1 setpoint_is 9000000
v2xctl set p=2kW for=1s --rank tariff >/dev/null
check "a higher rank's want goes before" wait_for 1 setpoint_is 2000000
check "and ends with its time" wait_for 2 setpoint_is 9000000
check "a set-point beyond reason is refused" fails_with 2 v2xctl set p=900GW
check "a set-point beyond the rating plate is refused, and it says how much may be" eval \
	'fails_with 1 v2xctl set p=99kW && v2xctl set p=99kW 2>&1 | grep -q "beyond the rating of this charger, -11"'
check "to form a voltage beside the grid is refused while nothing would find an island" eval \
	'fails_with 1 v2xctl set p=1kW mode=form && v2xctl set p=1kW mode=form 2>&1 | grep -q "add island=yes"'
check "a rank nobody may claim is refused" fails_with 1 v2xctl set p=1kW --rank device

v2xctl stop >/dev/null
check "stop opens the contactors" wait_for 3 state_is idle
check "and stays stopped" hold_is stopped
v2xctl start >/dev/null
check "start goes on" wait_for 5 state_is run
check "with the power still wanted" wait_for 1 setpoint_is 9000000

v2xctl virt fault gate_fault:a >/dev/null
check "a fault is contained" wait_for 1 state_is fault
check "and waits for a person" wait_for 1 session_is fault
check "start is refused while it is latched" fails_with 1 v2xctl start
check "ack is refused while it stands" fails_with 1 v2xctl ack
v2xctl virt fault gate_fault clear >/dev/null
check "then it is acknowledged" wait_for 1 eval 'v2xctl ack 2>/dev/null'
check "power waits for start" wait_for 1 hold_is fault
check "and stays off" wait_for 1 state_is idle
v2xctl start >/dev/null
check "start goes on after the fault" wait_for 5 state_is run

v2xctl virt unplug >/dev/null
check "unplugging under load ends it" wait_for 3 eval '! state_is run && [ -z "$(status contactors | tr -d "[]")" ]'
watch_end
check "power never went the other way" power_stayed -150 9500
check "ends cleanly, with status 0" v2xd_stop
check "and takes its socket away" test ! -e "$V2X_SOCKET"
finish
