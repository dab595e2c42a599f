# SPDX-License-Identifier: Apache-2.0
# The plant model of the virtual charger, in user space.
plant_tests := $(patsubst tests/unit/plant/test_%.c,%,$(wildcard tests/unit/plant/test_*.c))

$(foreach t,$(plant_tests),$(eval $(call v2x_unit_test,plant-$(t),tests/unit/plant/test_$(t).c \
	tests/unit/plant/bench.c tests/unit/plant/spice.c,,$(CONTROL_CFLAGS),$(CONTROL_TEST_LIB) -lm)))
