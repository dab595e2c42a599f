# SPDX-License-Identifier: Apache-2.0
# libgridcode: the engine and its tables, a static archive for v2xctl, v2xd and
# the tests.
GRIDCODE_SOURCES := $(wildcard userspace/gridcode/*.c)
GRIDCODE_PKGS := zlib inih libcrypto
GRIDCODE_CFLAGS :=

$(eval $(call v2x_static,libgridcode,$(GRIDCODE_SOURCES),$(GRIDCODE_PKGS),$(GRIDCODE_CFLAGS)))
