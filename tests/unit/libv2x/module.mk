# SPDX-License-Identifier: Apache-2.0
# Unit tests of libv2x; its sources are compiled once, with sanitizers, into an
# archive that the tests share.
LIBV2X_TEST_SOURCES := $(wildcard userspace/libv2x/src/*.c)
LIBV2X_TEST_LIB := $(O)/tests/unit/lib/libv2x.a
$(eval $(call v2x_san_archive,libv2x,$(LIBV2X_TEST_SOURCES)))

$(foreach t,status ring names prot_text device,\
$(eval $(call v2x_unit_test,libv2x-$(t),tests/unit/libv2x/$(t).c,,\
	-DV2X_TREE='"$(CURDIR)"' -DV2X_LIB='"$(O)/lib/libv2x.so.0"',$(LIBV2X_TEST_LIB) -lpthread)))

$(O)/tests/unit/libv2x-device: $(O)/lib/libv2x.so.0
