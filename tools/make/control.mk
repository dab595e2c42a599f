# SPDX-License-Identifier: Apache-2.0
# The control and the virtual plant in user space: kernel sources, built
# against the stand-in headers and converting signs as the kernel does. Once as
# archives for programs and the longest tests, once with sanitizers for the others.
# A test of minutes has its control with them, its plant without: half of the
# time is the plant's, which has its own tests and the shorter ones under them.
include kernel/control/objs.mk
CONTROL_SOURCES := $(addprefix kernel/control/,$(v2x-control-y:.o=.c))
PLANT_SOURCES := $(wildcard kernel/drivers/virt/plant*.c)
CONTROL_CFLAGS := -Ikernel/control/user -Ikernel/include -Ikernel/control \
	-Ikernel/drivers/virt -Wno-sign-conversion
CONTROL_LIB := $(O)/lib/libcontrol.a $(O)/lib/libplant.a
CONTROL_TEST_LIB := $(addprefix $(O)/tests/unit/lib/,control.a plant.a)
CONTROL_LONG_LIB := $(O)/tests/unit/lib/control.a $(O)/lib/libplant.a

$(eval $(call v2x_static,libcontrol,$(CONTROL_SOURCES),,$(CONTROL_CFLAGS)))
$(eval $(call v2x_static,libplant,$(PLANT_SOURCES),,$(CONTROL_CFLAGS)))
$(eval $(call v2x_san_archive,control,$(CONTROL_SOURCES),,$(CONTROL_CFLAGS)))
$(eval $(call v2x_san_archive,plant,$(PLANT_SOURCES),,$(CONTROL_CFLAGS)))
