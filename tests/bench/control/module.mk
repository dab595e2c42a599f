# SPDX-License-Identifier: Apache-2.0
# Cost of a control tick in instructions: two builds of the same sources.
ctl_bench_src := $(addprefix tests/bench/control/,ctl_bench.c scene.c part.c worst.c) \
	$(addprefix tests/unit/control/,rig.c mini.c) \
	$(CONTROL_SOURCES) $(PLANT_SOURCES)
ctl_bench_cflags := -std=gnu17 -D_GNU_SOURCE -O2 -g -Wno-unused-function \
	-Ikernel/include/uapi -Ikernel/control/user -Ikernel/include -Ikernel/control \
	-Ikernel/drivers/virt -Itests/unit/control
ctl_bench_dep := $(ctl_bench_src) $(wildcard kernel/control/*.h kernel/control/user/linux/*.h \
	kernel/drivers/virt/plant*.h tests/unit/control/*.h tests/bench/control/*.h kernel/include/*/*.h \
	kernel/include/uapi/linux/*.h)
CONTROL_TICK_LIMIT ?= 1300

$(O)/bench/ctl_bench: $(ctl_bench_dep)
	@mkdir -p $(@D)
	$(call say,CC,$(@F))$(CC) $(ctl_bench_cflags) -o $@ $(ctl_bench_src) -lm

$(O)/bench/ctl_bench_parts: $(ctl_bench_dep)
	@mkdir -p $(@D)
	$(call say,CC,$(@F))$(CC) $(ctl_bench_cflags) -DV2X_PROFILE -o $@ $(ctl_bench_src) -lm

.PHONY: bench-control
bench-control: $(O)/bench/ctl_bench $(O)/bench/ctl_bench_parts ## instructions a control tick costs
	tests/bench/control/report.sh $^ $(O)/bench $(CONTROL_TICK_LIMIT)
