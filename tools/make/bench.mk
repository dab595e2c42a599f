# SPDX-License-Identifier: Apache-2.0
# What it costs: instructions of a tick, and latencies in emulated time.
.PHONY: bench bench-vm
bench: all ## the table of costs; JSON in $(O)/bench
	@$(MAKE) --no-print-directory bench-control
	@$(MAKE) --no-print-directory bench-sim
	@$(MAKE) --no-print-directory bench-gridcode
	@$(MAKE) --no-print-directory bench-vm
	@tests/bench/table $(O)/bench

bench-vm: all
	@mkdir -p $(O)/bench
	@tools/vm/run --timeout 1800 --out $(O)/bench -- tests/bench/vm/guest
