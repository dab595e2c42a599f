#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Instructions a period of the plant at rated power, from two runs of different
# length under callgrind, and the speed of v2xsim. Table, and JSON in DIR.
#
#   report.sh V2XSIM DIR
#
# Fails beyond PLANT_LIMIT instructions or below SPEED_LIMIT times real time.
set -eu

sim=$1 dir=$2
limit=${PLANT_LIMIT:-2400} slowest=${SPEED_LIMIT:-50}
here=$(dirname "$0")
mkdir -p "$dir"

grind() {	# END: inclusive costs of every function after a run of this length
	valgrind --tool=callgrind --callgrind-out-file="$dir/sim.$1.callgrind" \
		"$sim" --quiet --define "MODEL=$2" --define "P=$3" --define "END=$1" \
		"$here/rated.sim" >"$dir/sim.log" 2>&1 || { cat "$dir/sim.log" >&2; exit 1; }
	callgrind_annotate --inclusive=yes --threshold=100 "$dir/sim.$1.callgrind" >"$dir/sim.$1.txt"
}

of() {		# END FUNCTION: instructions in all
	awk -v f=":$2 " '{ line = $0 " "; if (index(line, f)) { gsub(",", "", $1)
		if ($1 + 0 > most) most = $1 + 0 } } END { printf "%.0f\n", most }' "$dir/sim.$1.txt"
}

worst=0
json="$dir/sim.json"
printf '{\n  "unit": "instructions a period",\n  "limit": %s' "$limit" >"$json"
printf '%-34s %10s\n' 'the plant, a period of 50 us' instructions
while read -r model p; do
	grind 2.5s "$model" "$p"
	grind 3s "$model" "$p"
	cost=0
	for f in plant_step plant_sample; do
		cost=$((cost + ($(of 3s $f) - $(of 2.5s $f)) / 10000))
	done
	printf '  %-32s %10s\n' "$model at $p" "$cost"
	printf ',\n  "%s": %s' "$model" "$cost" >>"$json"
	[ "$cost" -le "$worst" ] || worst=$cost
done <<-LIST
	3p-11kw 11kW
	3p-22kw -22kW
LIST
speed=$("$sim" --define END=62s "$here/rated.sim" | sed -n 's/.*(\([0-9]*\) times real time).*/\1/p')
printf '  %-32s %10s\n' 'v2xsim, times real time, a core' "$speed"
printf ',\n  "times_real_time": %s\n}\n' "$speed" >>"$json"
[ "$worst" -gt 0 ] && [ "$worst" -le "$limit" ] || { echo "the plant costs $worst, more than $limit" >&2; exit 1; }
[ "$speed" -ge "$slowest" ] || { echo "v2xsim is $speed times real time, less than $slowest" >&2; exit 1; }
