# SPDX-License-Identifier: Apache-2.0
# How user-space programs, libraries and unit tests are built.
#
#   $(eval $(call v2x_program,NAME,SOURCES,PKG-CONFIG NAMES,CFLAGS,LIBS))
#   $(eval $(call v2x_static,NAME,SOURCES,PKG-CONFIG NAMES,CFLAGS))
#   $(eval $(call v2x_san_archive,NAME,SOURCES,PKG-CONFIG NAMES,CFLAGS))
#   $(eval $(call v2x_unit_test,NAME,SOURCES,PKG-CONFIG NAMES,CFLAGS,LIBS))
#
# A program ends up in $(O)/bin/NAME, a static helper archive in
# $(O)/lib/NAME.a, a unit test (built a second time, with ASan and UBSan) in
# $(O)/tests/unit/NAME, what several unit tests share, compiled once for all of
# them, in $(O)/tests/unit/lib/NAME.a. Sources are relative to the top of the
# tree; archives among LIBS are built first.

PKG_CONFIG ?= pkg-config
CC := $(if $(filter default,$(origin CC)),$(CROSS_COMPILE)gcc,$(CC))
AR := $(if $(filter default,$(origin AR)),$(CROSS_COMPILE)ar,$(AR))
CFLAGS ?= -O2 -g
V2X_WARN := -Wall -Wextra -Wconversion -Wshadow \
	-Wstrict-prototypes -Wmissing-prototypes -Wvla -Werror
V2X_CPPFLAGS := -std=gnu17 -D_GNU_SOURCE -Ikernel/include/uapi \
	-Iuserspace/libv2x/include -DV2X_VERSION='"$(VERSION)"'
V2X_HARDEN := -fstack-protector-strong -fPIE
V2X_SAN := -O2 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer

pkgcf = $(if $(strip $(1)),$(shell $(PKG_CONFIG) --cflags $(1) 2>/dev/null))
pkgld = $(if $(strip $(1)),$(shell $(PKG_CONFIG) --libs $(1) 2>/dev/null))

# $(1) object directory, $(2) source, $(3) compile flags
define v2x_object
ifndef v2x_seen_$(1)/$(2)
v2x_seen_$(1)/$(2) := 1
$$(O)/obj/$(1)/$(2).o: $(2)
	@mkdir -p $$(@D)
	$$(call say,CC,$$(@F))$$(CC) $$(V2X_CPPFLAGS) $$(V2X_WARN) $(3) -MMD -MP -c $$< -o $$@
-include $$(wildcard $$(O)/obj/$(1)/$(2).d)
endif
endef

define v2x_program
$(foreach s,$(2),$(eval $(call v2x_object,$(1),$(s),$$(CFLAGS) $$(V2X_HARDEN) $(4) $$(call pkgcf,$(3)))))
$$(O)/bin/$(1): $(foreach s,$(2),$$(O)/obj/$(1)/$(s).o) $(filter %.a %.so,$(5))
	@mkdir -p $$(@D)
	$$(call say,LD,$(1))$$(CC) $$(CFLAGS) -pie $$(LDFLAGS) -o $$@ $$(filter %.o,$$^) $(5) $$(call pkgld,$(3))
PROGRAMS += $$(O)/bin/$(1)
endef

define v2x_static
$(foreach s,$(2),$(eval $(call v2x_object,$(1),$(s),$$(CFLAGS) -fPIC $(4) $$(call pkgcf,$(3)))))
$$(O)/lib/$(1).a: $(foreach s,$(2),$$(O)/obj/$(1)/$(s).o)
	@mkdir -p $$(@D)
	$$(call say,AR,$(1))rm -f $$@ && $$(AR) rcs $$@ $$^
endef

define v2x_san_archive
$(foreach s,$(2),$(eval $(call v2x_object,san-$(1),$(s),$$(V2X_SAN) $(4) $$(call pkgcf,$(3)))))
$$(O)/tests/unit/lib/$(1).a: $(foreach s,$(2),$$(O)/obj/san-$(1)/$(s).o)
	@mkdir -p $$(@D)
	$$(call say,AR,test $(1))rm -f $$@ && $$(AR) rcs $$@ $$^
endef

define v2x_unit_test
$(foreach s,$(2),$(eval $(call v2x_object,san-$(1),$(s),$$(V2X_SAN) $(4) $$(call pkgcf,cmocka $(3)))))
$$(O)/tests/unit/$(1): $(foreach s,$(2),$$(O)/obj/san-$(1)/$(s).o) $(filter %.a,$(5))
	@mkdir -p $$(@D)
	$$(call say,LD,test $(1))$$(CC) $$(V2X_SAN) $$(LDFLAGS) -o $$@ $$(filter %.o,$$^) $(5) $$(call pkgld,cmocka $(3))
UNIT_TESTS += $$(O)/tests/unit/$(1)
endef
