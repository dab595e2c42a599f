# SPDX-License-Identifier: Apache-2.0
# The plant model of the virtual charger, in user space.
plant_src := $(wildcard kernel/drivers/virt/plant*.c)
plant_cflags := -Ikernel/control/user -Ikernel/include -Ikernel/drivers/virt

$(foreach t,math grid ac dc fault sensor,$(eval $(call v2x_unit_test,plant-$(t),\
	tests/unit/plant/test_$(t).c tests/unit/plant/bench.c $$(plant_src),,$$(plant_cflags),-lm)))
