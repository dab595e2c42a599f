# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# For the integration tests, which run inside the virtual machine: TAP output, a
# virtual charger, the supervisor on it, waiting for things. Sourced.
#
#   . "$(dirname "$0")/lib.sh"
#   charger_create
#   v2xd_start <<CONF ... CONF
#   check "what holds" command...
#   finish
set -u
PATH=${V2X_BUILD:?is set by tests/lib/guest}/bin:$PATH:/usr/sbin:/sbin
work=$(mktemp -d /tmp/v2xd-test.XXXXXX)
export PATH V2X_SOCKET=$work/control.sock
virt=/sys/kernel/config/v2x_virt
tests=0
failures=0
v2xd_pid=

# result STATUS NAME: one result; 0 is passed.
result() {
	tests=$((tests + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tests - $2"
	else
		echo "not ok $tests - $2"
		failures=$((failures + 1))
	fi
	return "$1"
}

# check NAME COMMAND...: passed when the command succeeds; a failure shows where things stand.
check() {
	local name=$1
	shift
	if "$@"; then
		result 0 "$name"
	else
		result 1 "$name"
		echo "# failed: $*"
		v2xctl status 2>&1 | sed 's/^/#   /'
		[ ! -f "$work/v2xd.log" ] || tail -n 15 "$work/v2xd.log" | sed 's/^/#   /'
		return 1
	fi
}

# The command fails with this exit status: fails_with STATUS COMMAND...
fails_with() {
	local want=$1 rc
	shift
	"$@" >"$work/output" 2>&1
	rc=$?
	[ $rc -eq "$want" ] || { echo "# exit status $rc, expected $want: $(cat "$work/output")"; return 1; }
}

# wait_for SECONDS COMMAND...: until it succeeds, in time of the guest. A long wait asks less
# often: asking is what costs the host's time, sleeping does not.
wait_for() {
	local begin end
	begin=$(now_ms)
	end=$((begin + $1 * 1000))
	shift
	until "$@"; do
		[ "$(now_ms)" -lt $end ] || return 1
		if [ "$(now_ms)" -lt $((begin + 2000)) ]; then sleep 0.05; else sleep 0.4; fi
	done
}

now_ms() {
	local up
	read -r up _ </proc/uptime
	up=${up/./}
	echo $((10#$up * 10))
}

# json KEY: the value of a key in one line of JSON on standard input, without quotes.
json() { sed -nE "s/.*\"$1\": ?(\"([^\"]*)\"|([^],}]*)).*/\2\3/p"; }

# status KEY: of the charger, by its status page.
status() { v2xctl --json status | json "$1"; }
# session KEY: of the supervisor: session, hold, p_mw, p_by, ...
session() { v2xctl --json why | sed 's/,"charger":.*//; s/"chain":.*//' | json "$1"; }

state_is() { [ "$(status state)" = "$1" ]; }
fault_is() { [ "$(status fault)" = "$1" ]; }
reason_is() { [ "$(status reason)" = "$1" ]; }
session_is() { [ "$(session session)" = "$1" ]; }
decided_by() { [ "$(session p_by)" = "$1" ]; }
hold_is() { [ "$(session hold)" = "$1" ]; }
# Measured power within 1 % of the rating (110 W): power_is W
power_is() {
	local p
	p=$(status p_mw)
	[ -n "$p" ] && [ $((p / 1000 - $1)) -le 110 ] && [ $(($1 - p / 1000)) -le 110 ]
}
setpoint_is() { [ "$(status p_sp_mw)" -eq "$1" ]; }
logged() { grep -q -- "$1" "$work/v2xd.log"; }

# charger_create [KEY=VALUE...]: a virtual charger named t, no car. Nothing that a daemon
# does is faster than a cycle of the mains: 8 kHz take less of the machine than 20.
charger_create() {
	modprobe v2x_virt || { echo "Bail out! the modules do not load"; exit 1; }
	v2xctl virt create t tick=8000 "$@" >/dev/null || { echo "Bail out! no virtual charger"; exit 1; }
	wait_for 2 test -c /dev/v2x0
}

charger_destroy() { [ ! -d $virt/t ] || v2xctl virt destroy --device t >/dev/null; }

# v2xd_start [OPTION...]: with the configuration on standard input; returns when it is ready.
v2xd_start() {
	cat >"$work/v2xd.conf"
	v2xd_again "$@"
}

# The same configuration once more; its log goes on in the same file.
v2xd_again() {
	: >"$work/v2xd.log"
	v2xd --config "$work/v2xd.conf" "$@" >>"$work/v2xd.log" 2>&1 &
	v2xd_pid=$!
	wait_for 5 logged 'ready after' || { echo "# v2xd is not ready"; sed 's/^/#   /' "$work/v2xd.log"; return 1; }
}

# v2xd_stop: a clean stop; returns its exit status.
v2xd_stop() {
	local pid=$v2xd_pid
	v2xd_pid=
	[ -n "$pid" ] || return 0
	kill "$pid"
	wait "$pid"
}

# The cycles from here on are written to $work/cycles.csv, until watch_end.
watch_begin() {
	v2xctl capture --cycles --seconds 600 --out "$work/cycles" >"$work/capture.log" 2>&1 &
	watch_pid=$!
	wait_for 2 test -e "$work/cycles.csv"
	sleep 0.1
}

watch_end() {
	kill "$watch_pid"
	wait "$watch_pid"
}

# cycles_awk PROGRAM [VAR=VALUE...]: awk over cycles.csv; column names are in c, as in $c["p_W"].
cycles_awk() {
	local program=$1
	shift
	awk -F, "${@/#/-v}" 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }'"$program" "$work/cycles.csv"
}

# power_stayed MIN_W MAX_W: in all cycles that were watched.
power_stayed() {
	cycles_awk '{ p = $c["p_W"]; n++; if (p < lo) lo = p; if (p > hi) hi = p }
		END { printf "# %d cycles, power %.0f to %.0f W\n", n, lo, hi
			exit !(n > 20 && lo >= min && hi <= max) }' min="$1" max="$2"
}

# resident_kib_below N: resident memory of v2xd, now and at most so far.
resident_kib_below() {
	local now peak
	now=$(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$v2xd_pid/status")
	peak=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$v2xd_pid/status")
	echo "# $now KiB resident, $peak KiB at most so far"
	[ -n "$now" ] && [ "$now" -le "$1" ] && [ -n "$peak" ] && [ "$peak" -le "$1" ]
}

# skip NAME WHY: a result that was not had.
skip() {
	tests=$((tests + 1))
	echo "ok $tests - $1 # SKIP $2"
}

# finish: the plan; exit status 1 when something failed.
finish() {
	v2xd_stop
	charger_destroy
	echo "1..$tests"
	[ $failures -eq 0 ]
	exit
}

clean_up() {
	[ -z "$v2xd_pid" ] || kill -KILL "$v2xd_pid" 2>/dev/null
	rm -rf "$work"
}
trap clean_up EXIT
