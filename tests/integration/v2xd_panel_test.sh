#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Emergency stop, door and status lamp on the GPIO chip the virtual charger brings.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

line() { echo "$2" >"$virt/t/gpio/$1"; }
# lamp_is RGB, as in 011
lamp_is() { [ "$(cat "$virt/t/gpio/lamp_red" "$virt/t/gpio/lamp_green" "$virt/t/gpio/lamp_blue" | tr -d '\n')" = "$1" ]; }

charger_create
line door 0
line estop 0
check "starts with a panel" v2xd_start <<-'CONF'
	[user]
	p_mw = 3000000
	[panel]
	chip = v2x-virt-t
CONF
check "green: free" wait_for 1 lamp_is 010
v2xctl virt plug >/dev/null
wait_for 5 state_is run
check "blue: charging" wait_for 1 lamp_is 001
v2xctl set p=-3kW >/dev/null
check "cyan: feeding back" wait_for 2 lamp_is 011

line door 1
check "an open door stops it" wait_for 2 state_is idle
check "yellow: held" wait_for 1 lamp_is 110
check "start is refused with the door open" fails_with 1 v2xctl start
line door 0
sleep 0.3
check "closing the door starts nothing" state_is idle
v2xctl start >/dev/null
check "start does" wait_for 5 state_is run

line estop 1
check "the emergency stop is latched as a fault" wait_for 1 fault_is estop
check "red: fault" wait_for 2 lamp_is 100
check "and contactors are open" eval '[ -z "$(status contactors | tr -d "[]")" ]'
check "ack is refused while it is pressed" fails_with 1 v2xctl ack
line estop 0
sleep 0.3
check "releasing it acknowledges nothing" fault_is estop
check "ack does" wait_for 1 eval 'v2xctl ack 2>/dev/null'
check "power waits for start" wait_for 1 state_is idle
v2xctl start >/dev/null
check "start goes on" wait_for 5 state_is run
line estop 1
line estop 0
check "a short press is one, too" wait_for 1 fault_is estop
check "ends cleanly, also with a fault latched" v2xd_stop
check "the lamp is off" lamp_is 000
line estop 1
check "starts with the emergency stop pressed" v2xd_again
check "which is latched at once" wait_for 1 fault_is estop
finish
