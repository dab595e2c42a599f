# SPDX-License-Identifier: Apache-2.0
$(eval $(call v2x_program,vm_bench,tests/bench/vm/vm_bench.c,,-pthread,$(O)/lib/libv2x.a -pthread))
