# SPDX-License-Identifier: Apache-2.0
# Unit tests of v2xctl. Its sources but main, and the library's, are compiled
# once with sanitizers into an archive that the tests share.
V2XCTL_TEST_SOURCES := $(filter-out %/main.c,$(wildcard userspace/v2xctl/*.c)) \
	$(wildcard userspace/libv2x/src/*.c) $(GRIDCODE_SOURCES)
V2XCTL_TEST_LIB := $(O)/tests/unit/lib/v2xctl.a
$(eval $(call v2x_san_archive,v2xctl,$(V2XCTL_TEST_SOURCES),jansson $(GRIDCODE_PKGS),-Iuserspace))

$(foreach t,record comtrade output cli daemon virt load gridcode,\
$(eval $(call v2x_unit_test,v2xctl-$(t),tests/unit/v2xctl/$(t).c,jansson $(GRIDCODE_PKGS),\
	-DV2X_TREE='"$(CURDIR)"',$(V2XCTL_TEST_LIB) $(TYPETEST_TEST_LIB) \
	$(V2XCTL_TEST_LIB) $(CONTROL_TEST_LIB) -lm -lpthread)))
