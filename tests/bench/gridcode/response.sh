#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# From a step of the grid to the terminals of the kernel module's charger, by grid
# code: the figures of Documentation/gridcode.rst. For the virtual machine, whose
# clock counts instructions: tools/vm/run -- tests/bench/gridcode/response.sh
# Fails when less than half of a code's time is left.
set -u
profiles="de-vde-ar-n-4105 eu-en50549-1 uk-g99 au-4777-a it-cei-0-21"
american="ieee1547-2018-b-iii us-heco-srd2"
status=0

measure() {
	v2xctl virt create lab "model=$1" tick=8000 >/dev/null || exit 1
	for p in "${@:2}"; do
		out=$(v2xctl gridcode test --on lab --profile "$p" --test response-time --brief 2>&1) ||
			status=1
		grep -E ' code .* (pass|FAIL)$' <<<"$out" | sed "s/^ */$p: /"
	done
	v2xctl virt destroy lab >/dev/null
}

modprobe v2x_virt || exit 1
# shellcheck disable=SC2086
measure 3p-11kw $profiles
# shellcheck disable=SC2086
measure 3p-11kw-60hz $american
exit $status
