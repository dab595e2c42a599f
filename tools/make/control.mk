# SPDX-License-Identifier: Apache-2.0
# The control and the virtual plant in user space: kernel sources, built
# against the stand-in headers and converting signs as the kernel does. Once as
# an archive for programs and long tests, once with sanitizers for the others.
include kernel/control/objs.mk
CONTROL_SOURCES := $(addprefix kernel/control/,$(v2x-control-y:.o=.c))
PLANT_SOURCES := $(wildcard kernel/drivers/virt/plant*.c)
CONTROL_CFLAGS := -Ikernel/control/user -Ikernel/include -Ikernel/control \
	-Ikernel/drivers/virt -Wno-sign-conversion
CONTROL_LIB := $(O)/lib/libcontrol.a
CONTROL_TEST_LIB := $(O)/tests/unit/lib/control.a

$(eval $(call v2x_static,libcontrol,$(CONTROL_SOURCES) $(PLANT_SOURCES),,$(CONTROL_CFLAGS)))
$(eval $(call v2x_san_archive,control,$(CONTROL_SOURCES) $(PLANT_SOURCES),,$(CONTROL_CFLAGS)))
