# SPDX-License-Identifier: Apache-2.0
# Fuzzers, with libFuzzer of clang. `make fuzz` runs each for FUZZ_S seconds
# from its corpus in tests/fuzz/corpus/; what it finds on the way stays in
# $(O)/fuzz/.
FUZZ_CC ?= clang
FUZZ_S ?= 60
FUZZ_FLAGS := -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all

FUZZ_record := userspace/v2xctl/record.c userspace/v2xctl/quantity.c
FUZZ_control := $(addprefix userspace/v2xd/,control/parse.c control/parse_gridcode.c code/list.c dispatch/dispatch.c)
FUZZ_gridcode := $(addprefix userspace/gridcode/,profile.c profile_check.c params.c units.c names.c step.c charger.c charger_table.c)
FUZZ_audit := userspace/gridcode/audit.c
FUZZ_LIBS_audit = $(call pkgld,libcrypto)
FUZZ_csv := userspace/gridcode/csv.c
FUZZ_LIBS_gridcode = $(call pkgld,inih libcrypto) -lm
FUZZ_LIBS_csv = $(call pkgld,zlib)
FUZZ_LIBS_record := -lm
FUZZ_LIBS_control = $(call pkgld,jansson)
FUZZERS := record control gridcode csv audit

# $(1) name
define v2x_fuzzer
$$(O)/fuzz/$(1): tests/fuzz/fuzz_$(1).c $$(FUZZ_$(1))
	@mkdir -p $$(@D)
	$$(call say,FUZZ,$(1))$$(FUZZ_CC) $$(V2X_CPPFLAGS) $$(FUZZ_FLAGS) -o $$@ $$(filter %.c,$$^) $$(FUZZ_LIBS_$(1))
.PHONY: fuzz-$(1)
fuzz-$(1): $$(O)/fuzz/$(1)
	@mkdir -p $$(O)/fuzz/corpus-$(1)
	cd $$(O)/fuzz && ./$(1) -max_total_time=$$(FUZZ_S) -max_len=4096 -print_final_stats=0 -verbosity=0 \
		-artifact_prefix=$$(O)/fuzz/$(1)- corpus-$(1) $$(wildcard $$(CURDIR)/tests/fuzz/corpus/$(1))
endef
$(foreach f,$(FUZZERS),$(eval $(call v2x_fuzzer,$(f))))

.PHONY: fuzz
fuzz: $(FUZZERS:%=fuzz-%) ## fuzz every parser, FUZZ_S=60 seconds each
