#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Type tests of the code that v2xd has in force: its engine, its table, its way back into
# service; the tests have the grid and the demand only. And CEI 0-21's external signal.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

code() { v2xctl --json gridcode status | json "$1"; }
service_is() { [ "$(code connected)" = "$1" ]; }
window_is() { [ "$(code window)" = "$1" ]; }
table_hash() { v2xctl --json protection show | json hash; }
table_is() { [ "$(table_hash)" = "$1" ]; }
said() { grep -q -- "$1" "$work/output"; }
# through PROFILE OPTION...: a test of what v2xd has in force; its report is the output.
through() {
	v2xctl gridcode test --on v2x0 --through v2xd --brief --date 2026-01-01 --profile "$@" \
		>"$work/output" 2>&1
}
# The virtual charger's grid, attribute by attribute.
grid_is() { [ "$(grid_now)" = "$1" ]; }
grid_now() {
	local a
	for a in frequency_mhz voltage_{a,b,c}_mpu voltage_mpu phase_mdeg rg_uohm lg_nh island; do
		printf '%s=%s ' "$a" "$(cat "$virt/t/grid/$a")"
	done
}
trial() { echo "{\"cmd\":\"gridcode-trial\",$1}" | socket_client "$V2X_SOCKET"; }
user_wants() { v2xctl --json why | grep -q '"source":"user",[^}]*"want_mw":'"$1"; }
# stopped_by SIGNAL: in the middle of a test, with the grid moved.
stopped_by() {
	timeout -s "$1" 3 v2xctl gridcode test --on v2x0 --through v2xd --brief \
		--profile eu-en50549-1 "${sets[@]}" --test over-frequency-trip >"$work/output" 2>&1
	[ $? -eq 124 ] && said 'told to stop'
}
fails() { through "$@"; [ $? -eq 1 ] && said 'Verdict   FAIL'; }
show() { grep -E 'pass$|FAIL$|no verdict' "$work/output" | sed 's/^/# /'; }

charger_create
check "starts without a grid code" v2xd_start <<-CONF
	[user]
	p_mw = -1000000
	[gridcode]
	state = $work/state
CONF
v2xctl virt plug >/dev/null

# The short end of what EN 50549-1 lets a site choose: ten seconds back into service.
sets=(--set enter_service.delay=10s --set reconnection.delay=10s --set reconnection.ramp_time=2s)
check "no code in force is no verdict" fails eu-en50549-1 --test over-frequency-trip
check "and is said" said 'no grid code\|none in force'
check "applied" v2xctl gridcode apply eu-en50549-1 "${sets[@]}" --acknowledge-draft
check "another code than the one in force is no verdict" fails de-vde-ar-n-4105 \
	--test over-frequency-trip
check "and is said" said 'v2xd has eu-en50549-1 in force'
check "--charger cannot change it" fails_with 2 v2xctl gridcode test --on v2x0 --through v2xd \
	--profile eu-en50549-1 --charger trip.of1_time=2s
check "in service" wait_for 20 service_is true

# Everything a test moves is as it was found afterwards.
v2xctl virt grid f=49.98 voltage_a_mpu=1010 >/dev/null
v2xctl set p=-2kW >/dev/null
wait_for 1 user_wants -2000000
before=$(grid_now)
# A code that is applied during a charge ends it: what was before does not count.
broken_charges() { grep -c "precharge -> ramp_down" "$work/v2xd.log"; }
broken=$(broken_charges)
for t in cease-on-order over-frequency-trip under-voltage-trip phase-jump; do
	check "$t of the code in force" through eu-en50549-1 "${sets[@]}" --test "$t"
	show
done
check "the grid is as it was found" grid_is "$before"
check "and what the user wanted" wait_for 1 user_wants -2000000
check "no return to service took two charges of the link" test "$(broken_charges)" = "$broken"
for signal in INT TERM; do
	check "SIG$signal ends a test" stopped_by "$signal"
	check "and gives the grid back" grid_is "$before"
	check "and the demand" wait_for 1 user_wants -2000000
done
check "a waiting charger cannot be had" fails eu-en50549-1 "${sets[@]}" --test enter-service
check "and is said" said 'enters service by itself'

# A site's longer time is found by whoever judges by the code's own.
check "applied with a slower stage" v2xctl gridcode apply eu-en50549-1 "${sets[@]}" \
	--set trip.of1_time=2s --acknowledge-draft
check "in service again" wait_for 20 service_is true
check "a trip in ten times its time fails" fails eu-en50549-1 "${sets[@]}" \
	--test over-frequency-trip
show
check "the grid is as it was found after a failure" grid_is "$before"
check "the charger is still v2xd's" eval 'v2xctl why >/dev/null'

# CEI 0-21: 81.S2 47.5 to 51.5 Hz always, 81.S1 49.8 to 50.2 Hz while the signal is on.
check "a signal that the code does not have is refused" fails_with 1 v2xctl gridcode input signal=on
v2xctl virt grid f=50 voltage_a_mpu=1000 >/dev/null
v2xctl clear >/dev/null
# From nothing: a code that takes another's place goes on where that one was.
v2xctl gridcode apply none >/dev/null
v2xctl stop >/dev/null
check "stopped, for a first start under CEI 0-21" wait_for 5 state_is idle
check "CEI 0-21 applied" v2xctl gridcode apply it-cei-0-21 --acknowledge-draft
v2xctl start >/dev/null
check "out of service at first" wait_for 1 service_is false
wide=$(table_hash)
check "the wide window holds" window_is wide
check "the signal is told" v2xctl gridcode input signal=on
check "the narrow window holds" window_is narrow
check "the kernel has another table" eval '! table_is "$wide"'
check "and it is in the journal" logged 'external signal on, frequency window narrow'
check "the signal ends" v2xctl gridcode input signal=off
check "the kernel's table is the one before" table_is "$wide"
check "in service after the 30 s of CEI 0-21" wait_for 45 service_is true
check "and connected" wait_for 5 state_is run
# Ten times what the narrow window gives: each cycle of it in service.
watch_begin
v2xctl virt grid f=50.35 >/dev/null
sleep 1
watch_end
in_service() {
	cycles_awk '$c["f_Hz"] > 50.34 { n++ } $c["state"] != "run" { out++ }
		END { printf "# %d cycles at 50.35 Hz, %d out of service\n", n, out
			exit !(n >= 40 && !out) }'
}
check "50.35 Hz does not trip without the signal" in_service
v2xctl virt grid f=50 >/dev/null
wait_for 1 eval '[ "$(status f_mhz)" -le 50010 ]'
check "a self-test's threshold never trips later than the code" eval \
	'trial "\"key\":\"trip.of1_limit\",\"value\":51.6" | grep -q ERANGE'
check "nor is anything else moved by it" eval \
	'trial "\"key\":\"trip.of1_time\",\"value\":1" | grep -q EINVAL'
check "the self-test of 81>.S1" v2xctl gridcode selftest --on v2x0 --through v2xd --brief \
	--date 2026-01-01 --stage '81>.S1'
check "the kernel has the code's table again" wait_for 1 table_is "$wide"
check "back as at a first start, after 30 s" wait_for 45 service_is true
check "and connected again" wait_for 5 state_is run
v2xctl gridcode input signal=on >/dev/null
v2xctl virt grid f=50.35 >/dev/null
check "with it the kernel trips" wait_for 2 fault_is grid_over_frequency
check "out of service" wait_for 2 service_is false
v2xctl virt grid f=50 >/dev/null
v2xctl gridcode apply none >/dev/null
check "ends cleanly" v2xd_stop
finish
