#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Instructions a control tick: a table, and JSON.
#
#   report.sh BENCH PROFILE DIR LIMIT
#
# BENCH is built as the module is, PROFILE with its parts kept apart (their
# calls make it some per cent dearer). Fails when the dearest tick of the three
# scenes passes LIMIT with a mains cycle's work and the bridge at its limit.
set -eu

bench=$1 profile=$2 dir=$3 limit=$4
ticks=8000

grind() {	# PROGRAM NAME SCENE [FUNCTION]: inclusive costs of every function
	valgrind --tool=callgrind --collect-atstart=no --toggle-collect="${4:-bench_counted_tick}" \
		--callgrind-out-file="$dir/$2.callgrind" "$1" "$3" "$ticks" >"$dir/$2.log" 2>&1 || {
		cat "$dir/$2.log" >&2
		exit 1
	}
	callgrind_annotate --inclusive=yes --threshold=100 "$dir/$2.callgrind" \
		>"$dir/$2.txt" 2>"$dir/$2.log"
}

of() {		# NAME FUNCTION...: instructions a tick, added up
	of_name=$1
	shift
	for f in "$@"; do
		awk -v f=":$f" -v n="$ticks" '
			{ at = index($0, f); rest = substr($0, at + length(f), 1) }
			at && rest ~ /^[ .]?$/ { gsub(",", "", $1); if ($1 + 0 > most) most = $1 + 0 }
			END { printf "%.1f\n", most / n }' "$dir/$of_name.txt"
	done | awk '{ sum += $1 } END { printf "%.1f\n", sum }'
}

# Of the dearest ticks of SCENE, see worst.c: how many were counted, and the
# dearest as it was, at the limit, judged. Those of each turn go to SCENE.turns.
dearest() {	# SCENE
	valgrind --tool=callgrind --collect-atstart=no --toggle-collect=bench_counted_tick \
		--callgrind-out-file=/dev/null --log-file="$dir/$1.worst" \
		"$bench" worst "$1" || return 1
	awk -v turns="$dir/$1.turns" '
		$2 == "tick" { kind = $3; turn = $4 }
		$1 == "events-1:" {
			n++
			if ($2 > most[kind, turn]) most[kind, turn] = $2
			if ($2 > all[kind]) all[kind] = $2
		}
		END {
			for (turn = 0; turn < 16; turn++)
				printf "turn %2d: %5d %5d %5d\n", turn, most[0, turn],
					most[1, turn], most[2, turn] >turns
			print n, all[0], all[1], all[2]
		}' "$dir/$1.worst"
}

# The dearest of all calls of FUNCTION, each of which is a dump of its own.
costliest() {	# PROGRAM SCENE FUNCTION
	rm -rf "$dir/calls"
	mkdir "$dir/calls"
	valgrind --tool=callgrind --collect-atstart=no --toggle-collect="$3" --zero-before="$3" \
		--dump-after="$3" --callgrind-out-file="$dir/calls/call" "$1" "$2" 1200 \
		>"$dir/$2.log" 2>&1 || { cat "$dir/$2.log" >&2; return 1; }
	find "$dir/calls" -name 'call.*' -exec cat {} + |
		awk '$1 == "totals:" && $2 > most { most = $2 } END { print most }'
	rm -rf "$dir/calls"
}

row() {		# NAME VALUE [REMARK]: of the table and of the JSON
	printf '%-44s %10s%s\n' "$1" "$2" "${3:+   $3}"
	printf '%s    "%s": %s' "$sep" "$(echo "$1" | tr -cs '[:alnum:]\n' '_')" "$2" >>"$json"
	sep=',
'
}

mkdir -p "$dir"
json="$dir/control.json"
sep=
for scene in follow form single; do
	grind "$bench" "$scene" "$scene"
	grind "$profile" "$scene-parts" "$scene"
done
grind "$bench" follow-alone follow bench_counted_part
grind "$bench" form-alone form bench_counted_part
grind "$bench" single-alone single bench_counted_part
# What the tracker does in turns, one of them a sample.
pieces="v2x_tracker_presence v2x_tracker_pace v2x_tracker_amplitude v2x_tracker_reciprocal
	v2x_tracker_sine v2x_tracker_cosine v2x_tracker_share v2x_tracker_upright"
{
	printf '{\n  "unit": "instructions a tick",\n  "ticks": %s,\n' "$ticks"
	printf '  "limit": %s,\n  "rows": {\n' "$limit"
} >"$json"

printf '%-44s %10s\n' 'three phases, parts' mean
while read -r function name; do
	row "  $name" "$(of follow-parts "$function")"
done <<-LIST
	v2x_sample_fast sampling
	v2x_prot_suspects protection
	v2x_prot_stuck stuck_samples
	track Clarke_and_tracker
	v2x_tracker_step tracker
	v2x_current_step current_control
	v2x_clean_step harmonics
	windows windows_and_load_dump
	v2x_modulate modulation
	v2x_bridge_references dc_link_and_references
	drive Clarke_Park_control_modulation
	v2x_dcdc_step dcdc
	setpoint set_point
	v2x_setpoint_bounds bounds
	v2x_setpoint_room reactive_room
	v2x_measure_add measurement
	cycle_work cycle_records
	v2x_seq_step sequencer
	channels slow_channels
LIST
# shellcheck disable=SC2086
row '  tracker_pieces' "$(of follow-parts $pieces)"
row 'three phases: following, the bridge alone' "$(of follow-alone bench_counted_part)"
row 'three phases: forming, the bridge alone' "$(of form-alone bench_counted_part)"
row 'one phase: tracker' "$(of single-parts v2x_tracker_step_single)"
row 'one phase: the bridge alone, 7 harmonics' "$(of single-alone bench_counted_part)"
piece=$(for f in $pieces; do costliest "$profile" follow "$f"; done | sort -n | tail -n 1)
row 'dearest: three phases, tracker' \
	$(($(costliest "$profile" follow v2x_tracker_step) + piece)) 'with the dearest of its pieces'
row 'dearest: three phases, following, the bridge' "$(costliest "$bench" follow bench_counted_part)"
row 'dearest: three phases, forming, the bridge' "$(costliest "$bench" form bench_counted_part)"
row 'dearest: one phase, tracker' \
	$(($(costliest "$profile" single v2x_tracker_step_single) + piece)) \
	'with the dearest of its pieces'
row 'dearest: one phase, the bridge, 7 harmonics' "$(costliest "$bench" single bench_counted_part)"
row 'whole tick, following' "$(of follow v2x_ctl_tick)"
row 'whole tick, forming' "$(of form v2x_ctl_tick)"
row 'whole tick, one phase' "$(of single v2x_ctl_tick)"

# "TICKS AS-IT-WAS AT-THE-LIMIT JUDGED-BESIDES"
fail=
for scene in follow form single; do
	# shellcheck disable=SC2046
	set -- $(dearest "$scene")
	row "dearest tick, $scene" "$2" "of $1 counted, every cycle's end among them"
	row "dearest tick, $scene, at the limit" "$3" 'beyond the hexagon besides'
	row "dearest tick, $scene, at the limit, judged" "$4" 'and a sample to be judged'
	[ "$3" -le "$limit" ] || fail="$fail $scene ($3)"
done
printf '\n  }\n}\n' >>"$json"
[ -z "$fail" ] || {
	echo "the dearest tick exceeds $limit instructions:$fail" >&2
	exit 1
}
