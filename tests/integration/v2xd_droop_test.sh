#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Frequency droop in both directions: on the line, off in the dead band, fast, and within limits.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

# 0.5 Hz for 11 kW from the edge of the band: 22 W a millihertz.
charger_create
check "starts with the service" v2xd_start <<-'CONF'
	[user]
	p_mw = 2000000
	[site]
	p_export_max_mw = 6000000
	[droop]
	enable = yes
	band = offset
	db_mhz = 20
	droop_permille = 10
	full_mhz = 0
CONF
v2xctl virt plug >/dev/null
wait_for 5 state_is run
check "at nominal frequency the baseline flows" wait_for 1 power_is 2000
check "why: the user decided" wait_for 1 decided_by user-config
v2xctl virt grid f=50.015 >/dev/null
sleep 0.3
check "nothing happens in the dead band" power_is 2000
watch_begin
v2xctl virt grid f=50.12 >/dev/null
check "high frequency: charges more, 2 kW + 100 mHz x 22 W" wait_for 1 power_is 4200
check "why: droop decided" wait_for 1 decided_by droop
v2xctl virt grid f=49.78 >/dev/null
check "low frequency: through zero into feeding back" wait_for 1 power_is -2400
v2xctl virt grid f=49.5 >/dev/null
check "the site's export limit holds" wait_for 1 power_is -6000
check "why: the site decided" wait_for 1 decided_by site-config
v2xctl virt grid f=50 >/dev/null
check "back at nominal frequency the baseline flows" wait_for 1 power_is 2000
watch_end

# From the first cycle that measured the step to 90 % of the change of power.
step_ms() {
	cycles_awk 'f && $c["f_Hz"] <= 49.80 && !t0 { t0 = $c["t_s"]; p0 = $c["p_W"] }
		{ f = 1 }
		t0 && !t1 && $c["p_W"] <= p0 + 0.9 * (-2400 - p0) { t1 = $c["t_s"] }
		END { if (!t1) exit 1; printf "# 90 %% of the change after %.0f ms\n", (t1 - t0) * 1000
			exit !(t1 - t0 <= 0.1) }'
}
check "90 % of a step within 100 ms" step_ms
check "power never left what was asked for" power_stayed -6200 4500

v2xctl limits export=0 --rank dso >/dev/null
v2xctl virt grid f=49.6 >/dev/null
check "an export limit of zero is zero" wait_for 1 setpoint_is 0
sleep 0.3
check "and stays zero" power_is 0
v2xctl stop >/dev/null
wait_for 3 state_is idle
check "the service starts nothing" state_is idle
check "ends cleanly" v2xd_stop
finish
