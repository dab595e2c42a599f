#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# DC output without a grid from /dev/v2x0: a load on the bus, its overload, and what is refused.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

hold() { v2xctl set --direct --start --pilot 267 p=0W "$@" >"$work/hold.log" 2>&1 & hold_pid=$!; }
let_go() { kill -INT "$hold_pid" 2>/dev/null; wait "$hold_pid"; }
mode_is() { [ "$(status mode)" = "$1" ]; }
# The bus between LEAST and MOST volts.
bus_within() {
	local mv
	mv=$(status v_dc_link_mv)
	echo "# bus $mv mV, vehicle $(status v_ev_mv) mV $(status i_ev_ma) mA"
	[ "$mv" -ge $(($1 * 1000)) ] && [ "$mv" -le $(($2 * 1000)) ]
}
discharges() { [ "$(status i_ev_ma)" -le "-$1" ]; }
closed_is() { v2xctl --json status | grep -q "\"contactors\": \?\[\"ev\"\]"; }

charger_create tick=8000
check "a charger without a DC bus says so" fails_with 1 v2xctl set --direct p=0W mode=dc_form
check "in words" grep -q 'no DC bus' "$work/output"
charger_destroy

charger_create tick=8000 dc_bus=1
v2xctl virt grid t v=0 >/dev/null
v2xctl virt bus t r=320 >/dev/null
v2xctl virt plug t >/dev/null
check "no island beside it" fails_with 2 v2xctl set --direct p=0W mode=dc_form island=yes
hold mode=dc_form
check "the vehicle feeds a bus without a grid" wait_for 12 mode_is dc_form
check "its contactor alone is closed" closed_is
check "2 kW at its voltage" bus_within 790 805
check "out of the vehicle" discharges 5000
v2xctl virt bus t p=5000 >/dev/null
sleep 0.2
check "5 kW more within 5 %" bus_within 760 805
check "from the vehicle as well" discharges 18000
let_go
check "let go of, it ramps down and opens" wait_for 3 state_is idle
check "without a fault" fault_is none

v2xctl virt bus t p=0 >/dev/null
hold mode=dc_form
wait_for 12 mode_is dc_form
v2xctl virt bus t r=30 >/dev/null
check "an overload is told by name" wait_for 3 fault_is dc_bus_overload
let_go
finish
