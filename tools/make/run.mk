# SPDX-License-Identifier: Apache-2.0
# `make run`: see it work. FREQ=file.csv plays another record (columns
# t_s,f_hz[,v_pu]); RECORD="..." are options of `v2xctl virt replay` for a file
# that is made otherwise. OUT=directory takes the results.
FREQ ?= $(O)/run/record.csv
RECORD ?=
OUT ?= out

.PHONY: run run-build
run: ## the main job, with a summary and plots in out/
	@tools/setup
	@$(MAKE) --no-print-directory -j$(shell nproc) all
	@mkdir -p $(OUT) $(O)/run
	@tools/run/make-record >$(O)/run/record.csv
	@rm -f $(OUT)/*.csv $(OUT)/*.svg $(OUT)/summary.txt
	@echo "booting a virtual machine with the distribution's kernel ..."
	@tools/vm/run --timeout 900 --out $(abspath $(OUT)) -- tools/run/scenario $(abspath $(FREQ)) $(RECORD)
	@echo; echo "Summary"
	@$(O)/bin/v2x-report $(OUT)
	@cat $(OUT)/latency.txt
	@echo; echo "in $(OUT)/:"; cd $(OUT) && ls
