# SPDX-License-Identifier: Apache-2.0
# Type tests of grid codes: procedures, laboratory, report. The simulated
# laboratory is v2xsim's charger: the kernel's control and the virtual plant.
TYPETEST_SIM := $(addprefix userspace/typetest/,sim.c sim_bank.c steer.c analyser.c reference.c) \
	$(addprefix userspace/v2xsim/,charger.c dab_switching.c edges.c energy.c spectrum.c switching.c)
TYPETEST_SOURCES := $(filter-out $(TYPETEST_SIM),$(wildcard userspace/typetest/*.c))
TYPETEST_SIM_CFLAGS := $(CONTROL_CFLAGS) -Iuserspace/v2xsim -Iuserspace

$(foreach s,$(TYPETEST_SIM),$(eval $(call v2x_object,libtypetest,$(s),\
	$$(CFLAGS) -fPIC $(TYPETEST_SIM_CFLAGS))))
$(eval $(call v2x_static,libtypetest,$(TYPETEST_SOURCES) $(TYPETEST_SIM),,-Iuserspace))

.PHONY: type-tests bench-vectors
type-tests: $(O)/bin/v2xctl ## every type test of every grid code, whole
	@tests/lib/typetests --whole $(notdir $(basename $(wildcard userspace/gridcode/profiles/*.conf)))

# Nine hours of the charger's time; REF is the folder of reference data. VECTORS_LEAST is
# what was reached, percent of the cases; v2xctl itself says whether it is the 95 wanted.
VECTORS_LEAST ?= 95

bench-vectors: $(O)/bin/v2xctl ## reference vectors through the simulated charger, REF=DIR
	@mkdir -p $(O)/bench
	-$< gridcode replay --vectors $(REF)/gridcodes --through sim-without-lom \
		--cases-out $(O)/bench/vectors.csv
	tests/bench/gridcode/vectors.sh $(O)/bench/vectors.csv $(VECTORS_LEAST)
