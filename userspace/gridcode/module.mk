# SPDX-License-Identifier: Apache-2.0
# libgridcode: the engine and its tables, a static archive for v2xctl, v2xd and
# the tests. What step.c includes is compiled there and nowhere else.
GRIDCODE_STEP := $(addprefix userspace/gridcode/,$(shell \
	sed -n 's/^.include "\([a-z_]*\.c\)"$$/\1/p' userspace/gridcode/step.c))
GRIDCODE_SOURCES := $(filter-out $(GRIDCODE_STEP),$(wildcard userspace/gridcode/*.c))
GRIDCODE_PKGS := zlib inih libcrypto

# What a step costs is bounded (tests/bench/gridcode).
$(eval $(call v2x_static,libgridcode,$(GRIDCODE_SOURCES),$(GRIDCODE_PKGS),-fno-math-errno -fno-semantic-interposition))
