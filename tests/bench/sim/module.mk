# SPDX-License-Identifier: Apache-2.0
# Cost of the plant, and how much faster than real time a simulation runs.
.PHONY: bench-sim
bench-sim: $(O)/bin/v2xsim ## instructions of the plant, speed of v2xsim
	@mkdir -p $(O)/bench
	tests/bench/sim/report.sh $< $(O)/bench
