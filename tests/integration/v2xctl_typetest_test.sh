#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Type tests on the device: the kernel module, its own cycle records, the engine behind them.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

typetest() { v2xctl gridcode test --on v2x0 --brief --date 2026-01-01 --profile "$@" >"$work/output" 2>&1; }
said() { grep -q -- "$1" "$work/output"; }
# fails NAME...: the test is run, and says that it failed.
fails() { typetest "$@"; [ $? -eq 1 ] && said 'Verdict   FAIL'; }

charger_create
check "no test of a code for another frequency" fails_with 1 \
	v2xctl gridcode test --on v2x0 --brief --profile ieee1547-2018-b-iii --test over-voltage-trip
check "over-voltage trips within its time" typetest de-vde-ar-n-4105 --test over-voltage-trip
grep -E 'OV1|current' "$work/output" | sed 's/^/# /'
check "a trip in twice its time fails" fails de-vde-ar-n-4105 --test over-voltage-trip \
	--charger trip.ov1_time=0.2s
check "the terminals answer within half of the code's response time" \
	typetest de-vde-ar-n-4105 --test response-time
grep -E 'code ' "$work/output" | sed 's/^/# /'
finish
