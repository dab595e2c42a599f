#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# vectors.sh CASES.csv LEAST - cases of the replay through the charger: counts a group,
# the misses by name, and an error when fewer than LEAST percent are within the bounds.
set -eu

cases=$1
least=$2

awk -F, -v least="$least" '
NR == 1 { next }
{
	group = $1
	sub(/_p_[0-9]+$/, "", group)
	all[group]++
	total++
	if ($3 == 0) {
		good[group]++
		within++
	} else {
		miss[++misses] = sprintf("%-22s %5d of %6d cycles, %.2f to %.2f s, p %.3f q %.3f pu",
					 $1, $3, $2, $4, $5, $6, $7)
	}
}
END {
	for (group in all)
		printf "%-18s %3d of %3d\n", group, good[group], all[group] | "sort"
	close("sort")
	for (i = 1; i <= misses; i++)
		print miss[i] | "sort"
	close("sort")
	share = total ? 100 * within / total : 0
	printf "%d of %d cases, %.1f %%; at least %.1f %% of 143\n", within, total, share, least
	if (total < 143)
		print "not all of them were run"
	exit total < 143 || share < least
}' "$cases"
