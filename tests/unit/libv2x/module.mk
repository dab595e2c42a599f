# SPDX-License-Identifier: Apache-2.0
# Unit tests of libv2x; the library's sources are compiled in, with sanitizers.
# Source names are spelled out here because userspace/*/module.mk may come later.
LIBV2X_TEST_SOURCES := $(addprefix userspace/libv2x/src/,\
	device.c command.c uring.c status.c ring.c names.c format.c errors.c)
LIBV2X_TEST_CFLAGS := -DV2X_TREE='"$(CURDIR)"' -DV2X_LIB='"$(O)/lib/libv2x.so.0"'

$(foreach t,status ring names device,\
$(eval $(call v2x_unit_test,libv2x-$(t),tests/unit/libv2x/$(t).c $(LIBV2X_TEST_SOURCES),,\
	$(LIBV2X_TEST_CFLAGS),-lpthread)))

$(O)/tests/unit/libv2x-device: $(O)/lib/libv2x.so.0
