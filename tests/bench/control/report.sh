#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Instructions a control tick: a table, and JSON.
#
#   report.sh BENCH PROFILE DIR LIMIT
#
# BENCH is built as the module is, PROFILE with its parts kept apart (their
# calls make it some per cent dearer). Fails when the worst tick passes LIMIT.
set -eu

bench=$1 profile=$2 dir=$3 limit=$4
ticks=8000

grind() {	# PROGRAM NAME MODE FUNCTION: inclusive costs of every function
	valgrind --tool=callgrind --collect-atstart=no --toggle-collect="$4" \
		--callgrind-out-file="$dir/$2.callgrind" "$1" "$3" "$ticks" >"$dir/$2.log" 2>&1 || {
		cat "$dir/$2.log" >&2
		exit 1
	}
	callgrind_annotate --inclusive=yes --threshold=100 "$dir/$2.callgrind" >"$dir/$2.txt"
}

of() {		# NAME FUNCTION: instructions a tick
	awk -v f=":$2" -v n="$ticks" '
		{ at = index($0, f); rest = substr($0, at + length(f), 1) }
		at && rest ~ /^[ .]?$/ { gsub(",", "", $1); if ($1 + 0 > most) most = $1 + 0 }
		END { printf "%.1f\n", most / n }' "$dir/$1.txt"
}

mkdir -p "$dir"
grind "$bench" whole run bench_counted_tick
grind "$profile" parts run bench_counted_tick
grind "$profile" form-parts form bench_counted_tick
grind "$bench" form form bench_counted_tick
grind "$bench" single-whole single bench_counted_single
grind "$profile" single single bench_counted_single
mean=$(of whole v2x_ctl_tick)
worst=$("$bench" worst)
counted=${worst%% *}
worst=${worst##* }

json="$dir/control.json"
{
	printf '{\n  "unit": "instructions a tick",\n  "ticks": %s,\n' "$ticks"
	printf '  "mean": %s,\n  "worst": %s,\n  "worst_of_ticks": %s,\n' "$mean" "$worst" "$counted"
	printf '  "limit": %s,\n  "parts": {\n' "$limit"
} >"$json"
printf '%-34s %10s\n' 'instructions a tick' mean
sep=
while read -r function name; do
	cost=$(of parts "$function")
	printf '  %-32s %10s\n' "$name" "$cost"
	printf '%s    "%s": %s' "$sep" "$name" "$cost" >>"$json"
	sep=',
'
done <<-LIST
	v2x_sample_fast sampling
	v2x_prot_suspects protection
	v2x_prot_stuck stuck_samples
	v2x_tracker_step tracker
	v2x_tracker_slow tracker_slow
	v2x_current_step current_control
	v2x_clean_step harmonics
	windows windows_and_load_dump
	v2x_modulate modulation
	v2x_bridge_references dc_link_and_references
	v2x_dcdc_step dcdc
	setpoint set_point
	v2x_setpoint_bounds bounds
	v2x_setpoint_room reactive_room
	v2x_measure_add measurement
	cycle_work cycle_records
	v2x_seq_step sequencer
	channels slow_channels
LIST
printf '\n  }\n}\n' >>"$json"
printf '%-34s %10s\n' 'whole tick, as built' "$mean"
printf '%-34s %10s   (of %s ticks, every cycle end among them)\n' 'worst tick' "$worst" "$counted"
printf '%-34s %10s\n' 'forming: voltage and limit' "$(of form-parts v2x_form_step)"
printf '%-34s %10s\n' 'forming: whole tick, as built' "$(of form v2x_ctl_tick)"
printf '%-34s %10s\n' 'one phase: tracker' "$(of single v2x_tracker_step_single)"
printf '%-34s %10s\n' 'one phase: current, 7 harmonics' "$(of single-whole v2x_single_drive)"
printf '%-34s %10s\n' 'one phase: whole tick, as built' "$(of single-whole v2x_ctl_tick)"
if [ "$worst" -gt "$limit" ]; then
	echo "worst tick $worst exceeds the limit of $limit instructions" >&2
	exit 1
fi
