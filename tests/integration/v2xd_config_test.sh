#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Configuration: a bad one does not start or change anything; a good one is taken while running.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

refused_with() {
	local text=$1
	shift
	fails_with 78 "$@" && grep -q -- "$text" "$work/output"
}

configure() { cat >"$work/v2xd.conf"; }

check "the printed defaults are a good configuration" eval \
	'v2xd --print-defaults >"$work/defaults.conf" && v2xd --check --config "$work/defaults.conf" >/dev/null'
check "the manual page is made" eval 'v2xd --man | grep -q "^.TH V2XD.CONF 5"'
printf '[user]\np_nw = 5\n' | configure
check "a bad file: line, key and what was meant" refused_with \
	'v2xd.conf:2: \[user\] p_nw: unknown key; did you mean \[user\] p_mw?' v2xd --check --config "$work/v2xd.conf"
check "does not start" refused_with 'unknown key' v2xd --config "$work/v2xd.conf"
check "a missing file that was named" refused_with 'cannot be opened' v2xd --config "$work/nothing.conf"
check "an unknown option" fails_with 2 v2xd --nonsense

printf '[device]\npath = /dev/v2x9\n' | configure
check "no charger: status 1" fails_with 1 v2xd --config "$work/v2xd.conf"
charger_create
printf '[panel]\nchip = nothing-like-it\n' | configure
check "a missing GPIO chip is an error when configured" fails_with 1 v2xd --config "$work/v2xd.conf"
check "and is named" grep -q 'no GPIO chip "nothing-like-it"' "$work/output"

# What systemd would hear.
told() { grep -qa -- "$1" "$work/notified"; }
if command -v socat >/dev/null; then
	export NOTIFY_SOCKET=$work/notify
	socat -u "UNIX-RECV:$NOTIFY_SOCKET" "CREATE:$work/notified" &
	notify_pid=$!
	wait_for 2 test -S "$NOTIFY_SOCKET"
fi
check "starts" v2xd_start <<-'CONF'
	[user]
	p_mw = 3000000
CONF
v2xctl virt plug >/dev/null
wait_for 5 state_is run
check "charges as configured" wait_for 1 setpoint_is 3000000
printf '[user]\np_mw = 1000000\n[site]\np_import_max_mw = 2000000\n' | configure
kill -HUP "$v2xd_pid"
check "SIGHUP takes a new configuration" wait_for 1 setpoint_is 1000000
check "the kernel has the limit too" eval '[ "$(v2xctl --json limits | json import)" = 2000000 ]'
printf '[user]\np_mw = 1500000\n[site]\np_import_max_mw = lots\n' | configure
check "a bad one is refused" fails_with 1 v2xctl reload
check "with file, line and key" grep -q 'v2xd.conf:4: \[site\] p_import_max_mw: "lots" is no whole number' "$work/output"
sleep 0.2
check "and changes nothing" setpoint_is 1000000
check "it says so" logged 'the old configuration stays'
printf '[user]\np_mw = 1500000\n[device]\nlease_ms = 500\n' | configure
check "what needs a restart is refused whole" fails_with 1 v2xctl reload
check "and named" grep -q '\[device\] lease_ms: cannot change while v2xd runs' "$work/output"
mkdir "$work/v2xd.conf.d"
printf '[user]\np_mw = 1000000\n' | configure
printf '[user]\np_mw = 0\n' >"$work/v2xd.conf.d/50-zero.conf"
check "a drop-in counts" v2xctl reload
check "zero is zero" wait_for 1 setpoint_is 0
rm -r "$work/v2xd.conf.d"

send() { printf '%s\n' "$1" | socket_client "$V2X_SOCKET"; }
check "rubbish on the socket is refused" eval 'send "{rubbish" | grep -q "\"errno\":\"EBADMSG\""'
check "an unknown key is named" eval 'send "{\"cmd\":\"set\",\"p_mw\":1,\"x\":1}" | grep -q "\"key\":\"x\""'
check "a line without end is cut off" eval \
	'head -c 9000 /dev/zero | tr "\0" a | socket_client "$V2X_SOCKET" | grep -q E2BIG'

# Eight places: one client that talks now and then, seven that do not.
coproc talk { exec socket_client "$V2X_SOCKET"; }
# shellcheck disable=SC2154 # coproc sets it
talk_pid=$talk_PID # bash forgets its own when the coprocess has ended
answers() {
	local line
	echo '{"cmd":"status"}' >&"${talk[1]}" && read -r -t 5 line <&"${talk[0]}" &&
		[[ $line == *'"ok":true'* ]]
}
check "a client is answered" answers
socket_client "$V2X_SOCKET" idle 7 >"$work/idle" &
idle_pid=$!
wait_for 2 grep -q ready "$work/idle"
check "nobody has been idle for long: a ninth is refused" eval \
	'! v2xctl gridcode status >/dev/null 2>&1'
sleep 2.1
check "one of the eight talks" answers
check "a ninth is served" eval 'v2xctl gridcode status >/dev/null'
check "in the place of one that was idle" logged 'control socket: all 8 places taken'
check "of one only" test "$(grep -c 'places taken' "$work/v2xd.log")" = 1
check "the one that talks goes on" answers
kill "$idle_pid" "$talk_pid"
wait "$idle_pid" "$talk_pid" 2>/dev/null
check "and the supervisor goes on" state_is run
if command -v socat >/dev/null; then
	check "systemd hears of readiness" told 'READY=1'
	check "of reloading" told 'RELOADING=1'
	check "of both threads being alive" wait_for 1 told 'WATCHDOG=1'
	check "and what goes on" wait_for 2 told 'STATUS=charging'
	kill "$notify_pid"
	unset NOTIFY_SOCKET
else
	skip "rubbish on the socket, notifications" "there is no socat"
fi

charger_destroy
check "the charger goes: it ends with status 1" eval 'pid=$v2xd_pid; v2xd_pid=; wait "$pid"; [ $? -eq 1 ]'
check "and says so" logged 'the charger has gone'
check "configured to wait, it is ready without one" v2xd_start <<-'CONF'
	[device]
	on_missing = wait
CONF
check "commands are refused meanwhile" fails_with 1 v2xctl --device v2x0 set p=1kW
charger_create
check "it takes the charger when it comes" wait_for 3 logged '/dev/v2x0 is here'
charger_destroy
check "loses it" wait_for 2 logged 'the charger has gone'
charger_create
check "and takes it again" wait_for 3 eval '[ "$(status claimed)" = true ]'
check "ends cleanly" v2xd_stop
finish
