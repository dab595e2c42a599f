# SPDX-License-Identifier: Apache-2.0
# Cost of one step of the grid code engine with every function active.
GRIDCODE_STEP_LIMIT ?= 1500

$(O)/bench/gridcode_bench: tests/bench/gridcode/gridcode_bench.c $(O)/lib/libgridcode.a
	@mkdir -p $(@D)
	$(call say,CC,$(@F))$(CC) $(V2X_CPPFLAGS) $(V2X_WARN) -O2 -g -Iuserspace -o $@ $^ -lm

.PHONY: bench-gridcode
bench-gridcode: $(O)/bench/gridcode_bench ## instructions and time a grid code step costs
	$< $(GRIDCODE_STEP_LIMIT) $(O)/bench/gridcode.json
